//! Dates in the order of another country and hours of twelve, put into the form that is always understood.
//!
//! Never here: guessing the order; the formats know it, or know how to find it.

/// In which order day and month stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

impl DateOrder {
    /// For people.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::DayFirst => "day, month, year",
            Self::MonthFirst => "month, day, year",
        }
    }
}

/// `27/05/2020 21:15:00` or `5/27/2020 9:15:00 PM` as `2020-05-27 21:15:00`; `None` when it is not of this form, or no date.
///
/// Without an order, hours of twelve stand for the American one, and a first number above twelve is a day.
pub(crate) fn iso(written: &str, order: Option<DateOrder>) -> Option<String> {
    let mut numbers = [0_u32; 6];
    let mut rest = written.trim();
    for (at, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
        if digits == 0 && at == 5 {
            break;
        }
        *number = rest.get(..digits)?.parse().ok()?;
        let behind = &rest[digits..];
        rest = match at {
            0 | 1 => behind.strip_prefix(['/', '-', '.'])?,
            2 => behind.trim_start_matches([' ', ',', '\u{202F}']),
            3 => behind.strip_prefix(':')?,
            4 => behind.strip_prefix(':').unwrap_or(behind),
            _ => behind,
        };
    }
    // Fractions of a second do not matter here.
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit())).trim();
    let half = match rest.to_ascii_lowercase().replace('.', "").as_str() {
        "" => None,
        "am" => Some(0),
        "pm" => Some(12),
        _ => return None,
    };
    let [first, second, year, hour, minute, second_of_minute] = numbers;
    if first > 31 {
        return None;
    }
    let order =
        order.unwrap_or(if half.is_some() && first <= 12 { DateOrder::MonthFirst } else { DateOrder::DayFirst });
    let (day, month) = if order == DateOrder::DayFirst { (first, second) } else { (second, first) };
    let year = if year < 100 { year + 2000 } else { year };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(more) => hour % 12 + more,
    };
    let is_possible = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24;
    is_possible.then(|| format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second_of_minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_and_both_clocks_are_read() {
        let cases = [
            ("27/05/2020 21:15:00", None, Some("2020-05-27 21:15:00")),
            ("5/27/2020 9:15:00 PM", None, Some("2020-05-27 21:15:00")),
            ("5/4/2020 12:15 am", None, Some("2020-05-04 00:15:00")),
            ("05/04/2020 12:15:00.123", Some(DateOrder::MonthFirst), Some("2020-05-04 12:15:00")),
            ("05/04/2020 12:15", None, Some("2020-04-05 12:15:00")),
            ("2020-05-27 21:15:00", None, None),
            ("27/05/2020 21:15:00 CET", None, None),
            ("27/15/2020 21:15:00", None, None),
            ("", None, None),
        ];
        for (written, order, expected) in cases {
            assert_eq!(iso(written, order).as_deref(), expected, "{written}");
        }
    }
}
