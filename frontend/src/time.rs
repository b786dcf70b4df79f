//! Days and clock times as people in the Netherlands read them.
//!
//! Here lives calendar arithmetic, without a browser, so that it is tested natively. Never here: the current time.

use std::fmt;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A calendar day in the Netherlands, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) i32);

impl Day {
    /// Parses `2020-05-31`; `None` for anything else, impossible days included.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let year: i32 = parts.next().filter(|p| p.len() == 4)?.parse().ok()?;
        let month: u32 = parts.next().filter(|p| p.len() == 2)?.parse().ok()?;
        let day: u32 = parts.next().filter(|p| p.len() == 2)?.parse().ok()?;
        let found = Self::from_civil(year, month, day);
        ((1..=12).contains(&month) && found.civil() == (year, month, day)).then_some(found)
    }

    /// Year, month (1–12) and day of the month.
    ///
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub(crate) fn civil(self) -> (i32, u32, u32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }

    /// The inverse of [`Day::civil`] (Hinnant's `days_from_civil`).
    pub(crate) fn from_civil(year: i32, month: u32, day: u32) -> Self {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted_month = if month > 2 { month as i32 - 3 } else { month as i32 + 9 };
        let day_of_year = (153 * shifted_month + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Day of the week, 0 = Monday.
    pub(crate) fn weekday(self) -> usize {
        (self.0 + 3).rem_euclid(7) as usize
    }

    /// The day `days` later.
    pub(crate) fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A moment on a Dutch clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The day.
    pub(crate) day: Day,
    /// Minute of the day.
    pub(crate) minute: u32,
}

impl Moment {
    /// The moment on a Dutch clock for milliseconds since 1970 in UTC.
    pub(crate) fn from_utc_ms(utc_ms: i64) -> Self {
        let local = utc_ms + amsterdam_offset_ms(utc_ms);
        Self { day: Day(local.div_euclid(DAY_MS) as i32), minute: (local.rem_euclid(DAY_MS) / 60_000) as u32 }
    }
}

/// Milliseconds since 1970 in UTC of an RFC 3339 time; `None` when it is not one.
pub(crate) fn parse_rfc3339(text: &str) -> Option<i64> {
    let day = Day::parse(text.get(..10)?)?;
    let time = text.get(11..)?;
    let number = |range: std::ops::Range<usize>| -> Option<i64> { time.get(range)?.parse().ok() };
    let (hour, minute, second) = (number(0..2)?, number(3..5)?, number(6..8)?);
    let rest = time.get(8..)?;
    let (millis, zone) = match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            let padded = format!("{:0<3}", &fraction[..digits]);
            (padded.get(..3)?.parse().ok()?, fraction.get(digits..)?)
        }
        None => (0, rest),
    };
    let offset_minutes = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            sign * (zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?)
        }
    };
    Some(i64::from(day.0) * DAY_MS + ((hour * 60 + minute - offset_minutes) * 60 + second) * 1000 + millis)
}

/// What a clock in Amsterdam is ahead of UTC. Summer time by the rule of the European Union (since 1996): from 01:00 UTC
/// on the last Sunday of March to 01:00 UTC on the last Sunday of October.
fn amsterdam_offset_ms(utc_ms: i64) -> i64 {
    let (year, _, _) = Day(utc_ms.div_euclid(DAY_MS) as i32).civil();
    let switch_ms = |month| {
        let last = Day::from_civil(year, month, 31);
        let sunday = last.plus(-((last.weekday() as i32 + 1) % 7));
        i64::from(sunday.0) * DAY_MS + 3_600_000
    };
    let summer = (switch_ms(3)..switch_ms(10)).contains(&utc_ms);
    if summer { 7_200_000 } else { 3_600_000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_four_centuries() {
        for days in -80_000..80_000 {
            let (year, month, day) = Day(days).civil();
            assert_eq!(Day::from_civil(year, month, day), Day(days));
        }
        assert_eq!(Day::parse("1970-01-01"), Some(Day(0)));
        assert_eq!(Day::parse("2020-02-29").map(|d| d.to_string()).as_deref(), Some("2020-02-29"));
        assert_eq!(Day(0).weekday(), 3);
    }

    #[test]
    fn an_impossible_date_is_refused() {
        for text in ["2020-02-30", "2020-13-01", "2020-00-10", "20-01-01", "2020-1-1", "", "nonsense"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_with_every_kind_of_zone_are_read() {
        let noon = parse_rfc3339("2020-06-01T12:00:00Z");
        assert_eq!(noon, Some(1_591_012_800_000));
        assert_eq!(parse_rfc3339("2020-06-01T14:00:00+02:00"), noon);
        assert_eq!(parse_rfc3339("2020-06-01T12:00:00.250Z"), noon.map(|ms| ms + 250));
        assert_eq!(parse_rfc3339("2020-06-01"), None);
    }

    #[test]
    fn a_dutch_clock_changes_on_the_last_sundays_of_march_and_october() {
        let clock = |text| {
            let moment = parse_rfc3339(text).map(Moment::from_utc_ms).expect("a time");
            format!("{} {:02}:{:02}", moment.day, moment.minute / 60, moment.minute % 60)
        };
        assert_eq!(clock("2020-03-29T00:59:00Z"), "2020-03-29 01:59");
        assert_eq!(clock("2020-03-29T01:00:00Z"), "2020-03-29 03:00");
        assert_eq!(clock("2020-10-25T00:59:00Z"), "2020-10-25 02:59");
        assert_eq!(clock("2020-10-25T01:00:00Z"), "2020-10-25 02:00");
        assert_eq!(clock("2020-12-31T23:30:00Z"), "2021-01-01 00:30");
    }
}
