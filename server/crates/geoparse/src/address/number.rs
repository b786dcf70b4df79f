//! House numbers as people write them, and numbers that are none: times, amounts, ages, telephone numbers.

use crate::recognise::digits;

/// Digits of the longest house number.
const MOST_DIGITS: usize = 5;
/// Bytes of the longest number with all that is attached to it.
const LONGEST_NUMBER: usize = 14;

/// Words behind a number that count or measure something.
const UNITS: [&str; 101] = [
    "u",
    "uur",
    "uurtje",
    "uren",
    "h",
    "min",
    "mins",
    "minuut",
    "minuten",
    "sec",
    "seconden",
    "jaar",
    "jr",
    "jarige",
    "jaren",
    "dag",
    "dagen",
    "week",
    "weken",
    "wkn",
    "maand",
    "maanden",
    "mnd",
    "euro",
    "eur",
    "eu",
    "euries",
    "euro's",
    "cent",
    "ct",
    "piek",
    "pond",
    "mille",
    "duizend",
    "ruggen",
    "mln",
    "miljoen",
    "k",
    "stuks",
    "stuk",
    "stk",
    "x",
    "keer",
    "maal",
    "kg",
    "kilo",
    "kilos",
    "gram",
    "gr",
    "g",
    "mg",
    "ton",
    "km",
    "kilometer",
    "m",
    "meter",
    "mtr",
    "cm",
    "mm",
    "m2",
    "m3",
    "procent",
    "pct",
    "graden",
    "liter",
    "ltr",
    "l",
    "ml",
    "cl",
    "man",
    "mensen",
    "personen",
    "pers",
    "kinderen",
    "pillen",
    "zakken",
    "dozen",
    "blokken",
    "plakken",
    "blikjes",
    "huizen",
    "woningen",
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
    "jan",
    "feb",
    "mrt",
    "apr",
    "aug",
    "okt",
    "dec",
];

/// Words between street and number that announce the number.
const ANNOUNCING: [&str; 7] = ["nr", "nr.", "nummer", "no", "no.", "huisnummer", "num"];

/// A number where it stands, as a house number would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HouseNumber {
    pub(crate) start: usize,
    /// Behind the digits.
    pub(crate) end: usize,
    pub(crate) number: u32,
    /// Letters or addition in small letters, and where they end. Only the file can say whether they are meant so.
    pub(crate) suffix: Option<(String, usize)>,
    /// Whether the digits could stand alone; false for `12e`, `12uur`: without its letters it is no number.
    pub(crate) alone: bool,
}

impl HouseNumber {
    /// Where the number ends with everything that may belong to it.
    pub(crate) fn reach(&self) -> usize {
        self.suffix.as_ref().map_or(self.end, |(_, end)| *end)
    }
}

/// The house number that follows a street or postcode ending at `from`.
pub(crate) fn after(text: &str, from: usize) -> Option<HouseNumber> {
    let bytes = text.as_bytes();
    let mut at = from;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
    }
    at = skip(bytes, at, b",");
    at = spaces(bytes, at);
    if !bytes.get(at)?.is_ascii_digit() {
        let rest = text.get(at..)?;
        let length = rest.bytes().take(12).take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'.').count();
        if bytes[at] == b'#' || bytes[at] == b'-' {
            at += 1;
        } else {
            let word = rest.get(..length)?;
            ANNOUNCING.iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(())?;
            at += length;
        }
        at = spaces(bytes, skip(bytes, at, b":"));
    }
    at_digits(text, at)
}

/// The house number that stands before a street beginning at `to`: "12 dorpsstraat".
pub(crate) fn before(text: &str, to: usize) -> Option<HouseNumber> {
    let bytes = text.as_bytes();
    let mut end = to;
    while end > 0 && to - end < 3 && matches!(bytes[end - 1], b' ' | b',') {
        end -= 1;
    }
    if end == to {
        return None;
    }
    // Something else than a space before it makes it a part of something else: an amount, a date, a time.
    let floor = end.saturating_sub(LONGEST_NUMBER);
    let start =
        floor + bytes[floor..end].iter().rposition(|byte| matches!(byte, b' ' | b'(' | b'\n')).map_or(0, |at| at + 1);
    if start == floor && floor > 0 {
        return None;
    }
    let word_before = text[..start].trim_end().rsplit(' ').next().unwrap_or_default();
    if ["om", "tot", "rond", "sinds", "tegen", "voor", "na", "vanaf", "plus", "min", "is"]
        .iter()
        .any(|word| word_before.eq_ignore_ascii_case(word))
    {
        return None;
    }
    let mut found = at_digits(text, start)?;
    // A single letter behind it may be the street's own: "12 J. Kramerweg".
    found.suffix = found.suffix.filter(|(_, reach)| *reach <= end);
    (found.alone && found.reach() == end).then_some(found)
}

/// Reads digits with what is attached to them.
fn at_digits(text: &str, start: usize) -> Option<HouseNumber> {
    let bytes = text.as_bytes();
    let count = digits(bytes, start, MOST_DIGITS + 1);
    if count == 0 || count > MOST_DIGITS || bytes[start] == b'0' {
        return None;
    }
    let end = start + count;
    let number = text[start..end].parse().ok()?;
    let rest = &text[end..];
    let next = rest.chars().next();
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut found = HouseNumber { start, end, number, suffix: None, alone: true };
    match next {
        Some('%' | '€' | '$' | '°' | '\'' | '"' | '+' | '*' | '=' | '²') => return None,
        Some(':' | '.' | ',') if digit_at(end + 1) => return None,
        Some('-' | '/') => {
            let length = alphanumerics(rest, 1);
            let close = rest[1 + length..].chars().next();
            // A date, a telephone number, "2-onder-1-kap".
            if length > 5 || matches!(close, Some('-' | '/')) {
                return None;
            }
            if length > 0 {
                let part = rest[1..=length].to_lowercase();
                let suffix = if part.starts_with(|c: char| c.is_ascii_digit()) { format!("-{part}") } else { part };
                found.suffix = Some((suffix, end + 1 + length));
            }
        }
        Some(c) if c.is_alphanumeric() => {
            let length = alphanumerics(rest, 0);
            let part = rest[..length].to_lowercase();
            if length > 5 || is_unit(&part) && part.len() > 1 {
                return None;
            }
            found.alone = part.len() == 1 && !matches!(part.as_str(), "e" | "x" | "u" | "k" | "m");
            let more = &rest[length..];
            let tail = if more.starts_with(['-', '/']) { alphanumerics(more, 1) } else { 0 };
            found.suffix = Some(if (1..=4).contains(&tail) {
                (format!("{part}-{}", more[1..=tail].to_lowercase()), end + length + 1 + tail)
            } else {
                (part, end + length)
            });
        }
        _ => {
            let word = rest.strip_prefix([' ', '\u{a0}']).unwrap_or_default();
            let length = alphanumerics(word, 0);
            let lower = word[..length].to_lowercase();
            if rest.starts_with(" €") || is_unit(&lower) || (lower.is_empty() && word.starts_with('%')) {
                return None;
            }
            let is_addition = length == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic())
                || matches!(lower.as_str(), "bis" | "hs" | "huis" | "ii" | "iii" | "iv" | "zw" | "rood" | "rd");
            if is_addition {
                let gap = rest.len() - word.len();
                found.suffix = Some((lower, end + gap + length));
            }
        }
    }
    Some(found)
}

fn is_unit(word: &str) -> bool {
    UNITS.contains(&word)
}

/// Bytes of letters and digits from `from` on; looked at up to a bound that no suffix has.
fn alphanumerics(text: &str, from: usize) -> usize {
    text[from.min(text.len())..].chars().take(12).take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum()
}

fn skip(bytes: &[u8], at: usize, any: &[u8]) -> usize {
    at + usize::from(bytes.get(at).is_some_and(|byte| any.contains(byte)))
}

fn spaces(bytes: &[u8], at: usize) -> usize {
    at + bytes[at.min(bytes.len())..].iter().take(2).take_while(|byte| **byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u32, Option<String>, bool)> {
        let from = text.find('|').unwrap();
        let text = text.replace('|', "");
        after(&text, from).map(|found| (found.number, found.suffix.map(|(suffix, _)| suffix), found.alone))
    }

    #[test]
    fn house_numbers_are_read_with_their_letters() {
        for (text, number, suffix, alone) in [
            ("weg| 12", 12, None, true),
            ("weg|, 12.", 12, None, true),
            ("weg|. 12!", 12, None, true),
            ("weg| nr. 12", 12, None, true),
            ("weg| nummer: 7", 7, None, true),
            ("weg| 12a", 12, Some("a"), true),
            ("weg| 12A-2 in", 12, Some("a-2"), true),
            ("weg| 12-2", 12, Some("-2"), true),
            ("weg| 12-a", 12, Some("a"), true),
            ("weg| 12 bis", 12, Some("bis"), true),
            ("weg| 12 b bij", 12, Some("b"), true),
            ("weg| 12e", 12, Some("e"), false),
            ("weg| 12, dorp", 12, None, true),
        ] {
            assert_eq!(read(text), Some((number, suffix.map(str::to_owned), alone)), "{text}");
        }
    }

    #[test]
    fn times_amounts_and_ages_are_no_house_numbers() {
        for text in [
            "weg| om 12",
            "weg| 12 uur",
            "weg| 12u30",
            "weg| 12:30",
            "weg| 12.50",
            "weg| 12 euro",
            "weg| 12 jaar",
            "weg| 12 stuks",
            "weg| 3x",
            "weg| 12%",
            "weg| 12 mei",
            "weg| 12-05-2020",
            "weg| 0612345678",
            "weg| 012",
            "weg| 123456",
            "weg| 50km",
            "weg| 500 gram",
            "weg|   12",
            "weg|",
        ] {
            let found = read(text).filter(|(_, _, alone)| *alone);
            assert_eq!(found, None, "{text}");
        }
    }

    #[test]
    fn a_number_may_stand_before_the_street() {
        let number = |text: &str| before(text, text.find('W').unwrap()).map(|found| found.number);
        assert_eq!(number("bij 12 Weg"), Some(12));
        assert_eq!(number("12a, Weg"), Some(12));
        assert_eq!(number("12a-2 Weg"), Some(12));
        assert_eq!(number("naar 3-005 Weg"), Some(3));
        for text in ["om 12 Weg", "€12 Weg", "A28 Weg", "12 euro Weg", "Weg", "1-2-3 Weg", "12e Weg", "0612345678 Weg"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
