//! The date and time that a line begins with.

use super::is_mark;
use crate::written_time::DateOrder;

/// What a dated line begins with; which number is the day is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Three numbers as written, the year first or last.
    date: [u32; 3],
    is_year_first: bool,
    has_slashes: bool,
    hour: u32,
    minute: u32,
    second: u32,
    is_of_twelve: bool,
    /// Everything behind.
    pub(super) rest: String,
}

/// Reads the beginning of a line; `None` when it does not begin as a message does.
pub(super) fn head(line: &str) -> Option<Head> {
    let line = line.trim_start_matches(is_mark);
    let (is_bracketed, line) = line.strip_prefix('[').map_or((false, line), |rest| (true, rest));
    let (first, rest) = number(line, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = number(&rest[1..], 2)?;
    let (third, rest) = number(rest.strip_prefix(separator)?, 4)?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let rest = spaces(rest.strip_prefix(',').unwrap_or(rest))?;
    let (hour, rest) = number(rest, 2)?;
    let (minute, mut rest) = number(rest.strip_prefix([':', '.'])?, 2)?;
    let mut seconds = 0;
    if let Some((value, behind)) = rest.strip_prefix([':', '.']).and_then(|rest| number(rest, 2)) {
        (seconds, rest) = (value, behind);
    }
    let (half, rest) = half_of_day(rest);
    let rest = if is_bracketed { rest.strip_prefix(']')?.strip_prefix(' ')? } else { rest.strip_prefix(" - ")? };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(is_afternoon) => hour % 12 + if is_afternoon { 12 } else { 0 },
    };
    Some(Head {
        date: [first, second, third],
        is_year_first: first > 31,
        has_slashes: separator == '/',
        hour,
        minute,
        second: seconds,
        is_of_twelve: half.is_some(),
        rest: rest.trim_end().to_owned(),
    })
}

/// Up to so many digits.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text.get(..digits)?.parse().ok()?, &text[digits..]))
}

/// One space of any kind, or more; at least one.
fn spaces(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches([' ', '\u{A0}', '\u{202F}']);
    (rest.len() < text.len()).then_some(rest)
}

/// `AM`, `p.m.`, `pm`: whether it is the second half of the day.
fn half_of_day(text: &str) -> (Option<bool>, &str) {
    const MARKS: [(&str, bool); 6] =
        [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true), ("a. m.", false), ("p. m.", true)];
    let rest = spaces(text).unwrap_or(text);
    for (mark, is_afternoon) in MARKS {
        if rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)) {
            return (Some(is_afternoon), &rest[mark.len()..]);
        }
    }
    (None, text)
}

impl Head {
    /// The date and time in the order that is always understood; `None` when they are none in this order.
    pub(super) fn written(&self, order: DateOrder) -> Option<String> {
        let [year, month, day] = self.parts(order);
        let is_possible = (1..=12).contains(&month) && (1..=31).contains(&day) && self.hour < 24;
        is_possible
            .then(|| format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", self.hour, self.minute, self.second))
    }

    fn parts(&self, order: DateOrder) -> [u32; 3] {
        let [a, b, c] = self.date;
        if self.is_year_first {
            return [a, b, c];
        }
        // WhatsApp is from 2009: two digits are of this century.
        let year = if c < 100 { c + 2000 } else { c };
        match order {
            DateOrder::DayFirst => [year, b, a],
            DateOrder::MonthFirst => [year, a, b],
        }
    }
}

/// The order under which most lines have a date that exists and does not lie before the one above; the Dutch order where
/// both do as well, but for hours of twelve with slashes, which is how phones set to American English write.
pub(super) fn guess_order(heads: &[Head]) -> DateOrder {
    let faults = |order: DateOrder| {
        let mut last = String::new();
        let mut faults = 0;
        for head in heads {
            match head.written(order) {
                None => faults += 10,
                Some(at) => {
                    faults += usize::from(at[..10] < last[..last.len().min(10)]);
                    last = at;
                }
            }
        }
        faults
    };
    let (day_first, month_first) = (faults(DateOrder::DayFirst), faults(DateOrder::MonthFirst));
    let is_american = !heads.is_empty() && heads.iter().all(|head| head.is_of_twelve && head.has_slashes);
    if month_first < day_first || (month_first == day_first && is_american) {
        DateOrder::MonthFirst
    } else {
        DateOrder::DayFirst
    }
}
