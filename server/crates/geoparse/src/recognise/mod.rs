//! Recognisers of what is no name: postcodes, coordinates, codes, map links. Each looks at bytes first and allocates only on a find.

pub(crate) mod coordinate;
pub(crate) mod geohash;
pub(crate) mod grid_code;
pub(crate) mod map_link;
pub(crate) mod plus_code;
pub(crate) mod postcode;
pub(crate) mod road;

/// A point found in the text, with what it was written as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
    pub(crate) radius_m: u32,
    /// The reason's code.
    pub(crate) code: &'static str,
    pub(crate) confidence: f32,
}

/// Least radius of a point: no telephone knows better where it is.
const LEAST_RADIUS_M: f64 = 10.0;
/// Metres of a degree of latitude (mean, GRS 80).
pub(crate) const DEGREE_M: f64 = 111_132.9;

/// Half of the last digit written, in metres, and never less than [`LEAST_RADIUS_M`].
pub(crate) fn radius_of_decimals(decimals: u32) -> u32 {
    (DEGREE_M * 0.5 * 10_f64.powi(-(decimals.min(12) as i32))).max(LEAST_RADIUS_M).ceil() as u32
}

/// A piece of text read from left to right by the recognisers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: usize,
}

/// A number as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) decimals: u32,
    pub(crate) comma: bool,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub(crate) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn spaces(&mut self) {
        while let Some(c) = self.rest().chars().next().filter(|c| matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}')) {
            self.at += c.len_utf8();
        }
    }

    /// Takes one of the characters, when it comes next.
    pub(crate) fn take(&mut self, any: &[char]) -> Option<char> {
        let c = self.rest().chars().next().filter(|c| any.contains(c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes an optional sign, digits, and decimals after a point or comma. At most three digits before the point when
    /// `short`; numbers longer than a coordinate can be are not numbers here.
    pub(crate) fn number(&mut self, most_digits: usize) -> Option<Number> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let negative = match bytes.get(at) {
            Some(b'-') => true,
            Some(b'+') => false,
            _ => bytes.get(at..at + 3) == Some("−".as_bytes()),
        };
        if negative || bytes.get(at) == Some(&b'+') {
            at += if bytes[at].is_ascii() { 1 } else { 3 };
        }
        let whole = digits(bytes, at, most_digits + 1);
        if whole == 0 || whole > most_digits {
            return None;
        }
        let first = at;
        at += whole;
        let mut decimals = 0;
        let mut comma = false;
        if let Some(&point @ (b'.' | b',')) = bytes.get(at) {
            let count = digits(bytes, at + 1, 16);
            if count > 0 {
                decimals = count as u32;
                comma = point == b',';
                at += 1 + count;
            }
        }
        let written = self.text.get(first..at)?;
        let value: f64 = if comma { written.replace(',', ".").parse() } else { written.parse() }.ok()?;
        self.at = at;
        Some(Number { value: if negative { -value } else { value }, decimals, comma })
    }
}

/// How many digits stand here, counted up to a bound.
pub(crate) fn digits(bytes: &[u8], at: usize, most: usize) -> usize {
    bytes[at.min(bytes.len())..].iter().take(most).take_while(|b| b.is_ascii_digit()).count()
}

/// Where runs of digits start, outside the masked ranges.
pub(crate) fn digit_runs<'t>(text: &'t str, masked: &'t [(usize, usize)]) -> impl Iterator<Item = (usize, usize)> + 't {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut masks = masked.iter().peekable();
    std::iter::from_fn(move || {
        while at < bytes.len() {
            if let Some(&&(start, end)) = masks.peek()
                && at >= start
            {
                masks.next();
                at = at.max(end);
                continue;
            }
            if bytes[at].is_ascii_digit() {
                let start = at;
                while at < bytes.len() && bytes[at].is_ascii_digit() {
                    at += 1;
                }
                return Some((start, at));
            }
            at += 1;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_radius_follows_the_digits_written() {
        assert_eq!(radius_of_decimals(2), 556);
        assert_eq!(radius_of_decimals(3), 56);
        assert_eq!(radius_of_decimals(5), 10);
    }

    #[test]
    fn digit_runs_skip_what_is_masked() {
        let text = "a 12 b345 6";
        assert_eq!(digit_runs(text, &[(5, 9)]).collect::<Vec<_>>(), [(2, 4), (10, 11)]);
    }
}
