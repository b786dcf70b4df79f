//! Numbers, dates and distances in the reader's language.

use crate::i18n;
use crate::time::{Day, Moment, parse_rfc3339};
use crate::url::Lang;
use crate::window::Window;

/// A count with its thousands apart: 12.345 in Dutch, 12,345 in English.
pub(crate) fn count(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(match lang {
                Lang::Nl => '.',
                Lang::En => ',',
            });
        }
        grouped.push(digit);
    }
    grouped
}

/// A measure with about two significant digits: 0,02 · 1,5 · 20 · 1.200.
pub(crate) fn measure(lang: Lang, value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 9.95 || magnitude == 0.0 {
        return count(lang, value.round().max(0.0) as u64);
    }
    let decimals = if magnitude >= 0.95 { 1 } else { (1.0 - magnitude.log10().floor()).clamp(1.0, 8.0) as usize };
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match lang {
        Lang::Nl => text.replace('.', ","),
        Lang::En => text.to_owned(),
    }
}

/// A number with so many decimals: 0,42 · −1,5.
pub(crate) fn decimal(lang: Lang, value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}").replacen('-', "−", 1);
    match lang {
        Lang::Nl => text.replace('.', ","),
        Lang::En => text,
    }
}

/// A probability: p = 0,0004; below a ten thousandth only that it is.
pub(crate) fn probability(lang: Lang, p: f64) -> String {
    if p < 0.0001 { format!("p < {}", decimal(lang, 0.0001, 4)) } else { format!("p = {}", decimal(lang, p, 4)) }
}

/// A relative change: ▲ 120 %, ▼ 40 %, = 0 %. Changes of tenfold and more are told as a factor.
pub(crate) fn change(lang: Lang, change: f64) -> String {
    let percent = (change * 100.0).round();
    if change >= 9.0 {
        return format!("▲ {}×", measure(lang, change + 1.0));
    }
    let sign = if percent > 0.0 {
        '▲'
    } else if percent < 0.0 {
        '▼'
    } else {
        '='
    };
    format!("{sign} {}%", count(lang, percent.abs() as u64))
}

/// A share as whole percents.
pub(crate) fn percent(share: f32) -> String {
    format!("{}%", (share * 100.0).round().clamp(0.0, 100.0))
}

/// Metres below a kilometre, kilometres above.
pub(crate) fn distance(lang: Lang, metres: f64) -> String {
    if metres < 1000.0 {
        format!("{} m", count(lang, metres.round().max(0.0) as u64))
    } else {
        format!("{} km", measure(lang, metres / 1000.0))
    }
}

/// Whole metres: 8.430 m.
pub(crate) fn metres(lang: Lang, metres: f64) -> String {
    format!("{} m", count(lang, metres.round().max(0.0) as u64))
}

/// A size: 512 B, 1,5 MB, 20 GB (units of a thousand).
pub(crate) fn bytes(lang: Lang, bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    // What rounds to a thousand is one of the next unit.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{} {}", measure(lang, value), UNITS[unit])
}

/// A length of time as people wait for it: 8 s, 3 min, 1 h 20 min (in Dutch 1 u 20 min).
pub(crate) fn wait(lang: Lang, seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    let hour = if lang == Lang::Nl { "u" } else { "h" };
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => {
            let minutes = seconds.div_ceil(60);
            format!("{} {hour} {} min", minutes / 60, minutes % 60)
        }
    }
}

/// 31 mei 2020.
pub(crate) fn day(lang: Lang, day: Day) -> String {
    let (year, month, date) = day.civil();
    format!("{date} {} {year}", i18n::month(lang, month))
}

/// The Dutch day of a time: 31 mei 2020; the text itself when it is no time.
pub(crate) fn day_of(lang: Lang, rfc3339: &str) -> String {
    let moment = parse_rfc3339(rfc3339).map(Moment::from_utc_ms);
    moment.map_or_else(|| rfc3339.to_owned(), |moment| day(lang, moment.day))
}

/// The last Dutch day before a time, which a period that ends with it still holds; the text itself when it is no time.
pub(crate) fn last_day_before(lang: Lang, rfc3339: &str) -> String {
    let moment = parse_rfc3339(rfc3339).map(|utc_ms| Moment::from_utc_ms(utc_ms - 1));
    moment.map_or_else(|| rfc3339.to_owned(), |moment| day(lang, moment.day))
}

/// 1 mei – 31 mei 2020; the year once when both ends share it.
pub(crate) fn period(lang: Lang, window: Window) -> String {
    let last = window.to.plus(-1);
    if window.from == last {
        return day(lang, last);
    }
    let (year, month, date) = window.from.civil();
    if year == last.civil().0 {
        format!("{date} {} – {}", i18n::month(lang, month), day(lang, last))
    } else {
        format!("{} – {}", day(lang, window.from), day(lang, last))
    }
}

/// The Dutch days from one time to another, both of them in it.
pub(crate) fn days(lang: Lang, first: &str, last: &str) -> String {
    days_of(lang, [first, last], 0)
}

/// The Dutch days of a period whose end is not in it.
pub(crate) fn days_until(lang: Lang, from: &str, to: &str) -> String {
    days_of(lang, [from, to], 1)
}

fn days_of(lang: Lang, [from, to]: [&str; 2], less_ms: i64) -> String {
    let day = |text, less_ms| parse_rfc3339(text).map(|at_ms| Moment::from_utc_ms(at_ms - less_ms).day);
    let window = day(from, 0).zip(day(to, less_ms)).map(|(from, last)| Window { from, to: last.plus(1) });
    window.map_or_else(|| format!("{from} – {to}"), |window| period(lang, window))
}

/// ma 1 jun 2020 14:32, on a Dutch clock; the text itself when it is no time.
pub(crate) fn moment(lang: Lang, rfc3339: &str) -> String {
    let Some(moment) = parse_rfc3339(rfc3339).map(Moment::from_utc_ms) else {
        return rfc3339.to_owned();
    };
    let weekday = i18n::weekday(lang, moment.day.weekday());
    format!("{weekday} {} {:02}:{:02}", day(lang, moment.day), moment.minute / 60, moment.minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_in_the_way_of_the_language() {
        assert_eq!(count(Lang::Nl, 1_234_567), "1.234.567");
        assert_eq!(count(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(count(Lang::Nl, 999), "999");
        assert_eq!(count(Lang::Nl, 0), "0");
    }

    #[test]
    fn measures_keep_about_two_significant_digits() {
        let nl = |value| measure(Lang::Nl, value);
        assert_eq!([0.02, 0.5, 1.5, 2.0, 20.0, 1200.0].map(nl), ["0,02", "0,5", "1,5", "2", "20", "1.200"]);
        assert_eq!(measure(Lang::En, 0.000_2), "0.0002");
    }

    #[test]
    fn figures_keep_their_decimals_and_small_chances_their_bound() {
        assert_eq!(decimal(Lang::Nl, -1.25, 1), "−1,2");
        assert_eq!(decimal(Lang::En, 4.0, 2), "4.00");
        assert_eq!(probability(Lang::Nl, 0.0004), "p = 0,0004");
        assert_eq!(probability(Lang::En, 1e-9), "p < 0.0001");
    }

    #[test]
    fn a_change_tells_direction_and_size() {
        assert_eq!(change(Lang::Nl, 1.2), "▲ 120%");
        assert_eq!(change(Lang::Nl, -0.4), "▼ 40%");
        assert_eq!(change(Lang::Nl, 0.0), "= 0%");
        assert_eq!(change(Lang::Nl, 11.0), "▲ 12×");
    }

    #[test]
    fn a_period_ends_on_its_last_day() {
        let window = Window { from: Day::from_civil(2020, 5, 1), to: Day::from_civil(2020, 6, 1) };
        assert_eq!(period(Lang::Nl, window), "1 mei – 31 mei 2020");
        let over = Window { from: Day::from_civil(2019, 12, 31), to: Day::from_civil(2020, 1, 2) };
        assert_eq!(period(Lang::En, over), "31 Dec 2019 – 1 Jan 2020");
    }

    #[test]
    fn sizes_and_waits_are_told_in_the_unit_that_fits() {
        let sizes = [0, 999, 1500, 20_000_000, 999_999, 8_589_934_592].map(|size| bytes(Lang::Nl, size));
        assert_eq!(sizes, ["0 B", "999 B", "1,5 kB", "20 MB", "1 MB", "8,6 GB"]);
        let waits = [0.4, 59.4, 61.0, 4800.0].map(|seconds| wait(Lang::Nl, seconds));
        assert_eq!(waits, ["0 s", "59 s", "2 min", "1 u 20 min"]);
    }

    #[test]
    fn a_time_is_shown_on_a_dutch_clock() {
        assert_eq!(moment(Lang::Nl, "2020-06-01T12:32:00Z"), "ma 1 jun 2020 14:32");
        assert_eq!(moment(Lang::Nl, "later"), "later");
        // A period up to midnight does not hold the day that begins then.
        assert_eq!(last_day_before(Lang::Nl, "2020-06-14T22:00:00Z"), "14 jun 2020");
        assert_eq!(days(Lang::Nl, "2020-04-30T22:00:00Z", "2020-06-14T12:00:00Z"), "1 mei – 14 jun 2020");
        assert_eq!(days(Lang::Nl, "2020-05-01T10:00:00Z", "2020-05-01T12:00:00Z"), "1 mei 2020");
        assert_eq!(days_until(Lang::Nl, "2020-04-30T22:00:00Z", "2020-06-14T22:00:00Z"), "1 mei – 14 jun 2020");
    }
}
