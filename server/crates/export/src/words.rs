//! The two languages of exports, and how each writes numbers and days.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// The language in which an export speaks to people. Names of columns and properties stay those of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Language {
    /// As in `lang` attributes.
    pub(crate) fn code(self) -> &'static str {
        self.of(["nl", "en"])
    }

    /// One of the two, Dutch first.
    pub(crate) fn of<T: Copy>(self, both: [T; 2]) -> T {
        both[usize::from(self == Self::En)]
    }

    /// A whole number with its thousands set apart.
    pub(crate) fn whole(self, number: u64) -> String {
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(self.of([".", ","]));
            }
            out.push(digit);
        }
        out
    }

    /// A number with so many decimals.
    pub(crate) fn decimal(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        if self == Self::Nl { text.replace('.', ",") } else { text }
    }

    /// A probability: small ones by their bound.
    pub(crate) fn probability(self, p: f64) -> String {
        if p < 0.001 { format!("< {}", self.decimal(0.001, 3)) } else { self.decimal(p, 3) }
    }

    /// A day in words: `1 mei 2020`, `1 May 2020`.
    pub(crate) fn day(self, at: &ZonedDateTime) -> String {
        const NL: [&str; 12] = [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ];
        const EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = usize::from(at.month().unsigned_abs()).saturating_sub(1).min(11);
        format!("{} {} {}", at.day(), self.of([NL, EN])[month], at.year())
    }

    /// A day with the time of day.
    pub(crate) fn moment(self, rfc3339: &str, zone: &TimeZone) -> String {
        zoned(rfc3339, zone)
            .map_or_else(|| rfc3339.to_owned(), |at| format!("{}, {:02}:{:02}", self.day(&at), at.hour(), at.minute()))
    }

    /// A half-open period: in whole days where it is one of whole days ("1 May to 15 June 2020", the last day included).
    pub(crate) fn period(self, from: &str, to: &str, zone: &TimeZone) -> String {
        let (Some(first), Some(end)) = (zoned(from, zone), zoned(to, zone)) else { return format!("{from} – {to}") };
        let midnight = |at: &ZonedDateTime| at.hour() == 0 && at.minute() == 0 && at.second() == 0;
        let last = end.yesterday().ok().filter(|_| midnight(&first) && midnight(&end));
        match last {
            Some(last) if last.date() == first.date() => self.day(&first),
            Some(last) => format!("{} {} {}", self.day(&first), self.of(["t/m", "through"]), self.day(&last)),
            None => format!("{} – {}", self.moment(from, zone), self.moment(to, zone)),
        }
    }
}

fn zoned(rfc3339: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    rfc3339.parse::<Timestamp>().ok().map(|at| at.to_zoned_datetime(zone.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        assert_eq!(Language::Nl.whole(1_234_567), "1.234.567");
        assert_eq!(Language::En.whole(999), "999");
        assert_eq!(Language::Nl.decimal(1.25, 1), "1,2");
        assert_eq!(Language::En.probability(0.000_01), "< 0.001");
    }

    #[test]
    fn a_period_of_whole_days_names_its_last_day() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let period = |from, to| Language::Nl.period(from, to, &zone);
        assert_eq!(period("2020-04-30T22:00:00Z", "2020-06-15T22:00:00Z"), "1 mei 2020 t/m 15 juni 2020");
        assert_eq!(period("2020-04-30T22:00:00Z", "2020-05-01T22:00:00Z"), "1 mei 2020");
        assert_eq!(period("2020-04-30T22:00:00Z", "2020-05-01T10:30:00Z"), "1 mei 2020, 00:00 – 1 mei 2020, 12:30");
    }
}
