//! Open Location Codes ("plus codes"): full ones, and short ones beside the name of a place.
//!
//! Open Location Code, specification 1.0: pairs of digits to the base 20 for latitude and longitude, a plus after the eighth, and
//! beyond ten digits a finer grid of five rows and four columns. A short code leaves out the first four and is near its reference.

use model::LonLat;

use super::{DEGREE_M, LEAST_RADIUS_M, Point};

/// Digits of a code, in order.
const DIGITS: &[u8; 20] = b"23456789CFGHJMPQRVWX";
/// Digits before the plus.
const BEFORE_PLUS: usize = 8;
/// Most digits behind the plus: a cell of a few centimetres.
const MOST_AFTER: usize = 6;
/// Digits that a short code leaves out, and how many degrees the cell is wide that it then repeats in.
const LEFT_OUT: usize = 4;
const REPEATS_DEG: f64 = 1.0;
const CONFIDENCE: f32 = 0.97;
const CODE: &str = "coordinate:open_location_code";

/// The cell of a code: south-western corner and size in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    lon: f64,
    lat: f64,
    wide: f64,
    high: f64,
}

/// `9F48MGC2+22`: a full code that starts here.
pub(crate) fn recognise(text: &str, start: usize) -> Option<Point> {
    if text[..start].ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let bytes = text.as_bytes().get(start..)?;
    if bytes.get(BEFORE_PLUS) != Some(&b'+') {
        return None;
    }
    let (after, end) = after_plus(text, start + BEFORE_PLUS)?;
    let cell = cell(bytes[..BEFORE_PLUS].iter().chain(after))?;
    LonLat::new(cell.lon, cell.lat)?;
    Some(point(start, end, cell))
}

/// A short code where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Short {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// `MGC2+22`: short codes outside the masked ranges, to be placed by a place beside them.
pub(crate) fn short_codes<'t>(text: &'t str, masked: &'t [(usize, usize)]) -> impl Iterator<Item = Short> + 't {
    memchr::memchr_iter(b'+', text.as_bytes()).filter_map(move |plus| {
        let start = plus.checked_sub(BEFORE_PLUS - LEFT_OUT)?;
        let digits = text.get(start..plus)?;
        let alone = !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '+');
        let next = masked.partition_point(|&(_, to)| to <= plus);
        let clear = masked.get(next).is_none_or(|&(from, _)| plus < from);
        // Digits alone are a sum.
        let lettered = digits.bytes().any(|b| b.is_ascii_alphabetic());
        if !(alone && clear && lettered && digits.bytes().all(|b| value(b).is_some())) {
            return None;
        }
        let (_, end) = after_plus(text, plus)?;
        Some(Short { start, end })
    })
}

/// The point of a short code: of all cells that end so, the one nearest to the reference.
pub(crate) fn near(text: &str, short: Short, reference: LonLat) -> Option<Point> {
    let digits: Vec<u8> = text[short.start..short.end].bytes().filter(|b| *b != b'+').collect();
    let prefix = prefix(reference);
    let mut cell = cell(prefix.iter().chain(&digits))?;
    for (low, middle, target) in
        [(&mut cell.lon, cell.wide / 2.0, reference.lon), (&mut cell.lat, cell.high / 2.0, reference.lat)]
    {
        *low += ((target - (*low + middle)) / REPEATS_DEG).round() * REPEATS_DEG;
    }
    LonLat::new(cell.lon, cell.lat)?;
    Some(point(short.start, short.end, cell))
}

/// The digits behind the plus, and where they end.
fn after_plus(text: &str, plus: usize) -> Option<(&[u8], usize)> {
    let bytes = &text.as_bytes()[plus + 1..];
    let count = bytes.iter().take(MOST_AFTER + 1).take_while(|byte| value(**byte).is_some()).count();
    let end = plus + 1 + count;
    let whole =
        (2..=MOST_AFTER).contains(&count) && !text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '+');
    whole.then_some((&bytes[..count], end))
}

fn value(byte: u8) -> Option<usize> {
    DIGITS.iter().position(|digit| *digit == byte.to_ascii_uppercase())
}

/// The first four digits of the code of a point.
fn prefix(at: LonLat) -> [u8; LEFT_OUT] {
    let (lat, lon) = (at.lat + 90.0, at.lon + 180.0);
    let digit = |value: f64| DIGITS[(value as usize).min(19)];
    [digit(lat / 20.0), digit(lon / 20.0), digit(lat % 20.0), digit(lon % 20.0)]
}

fn cell<'d>(digits: impl Iterator<Item = &'d u8>) -> Option<Cell> {
    let code: Vec<usize> = digits.copied().map(value).collect::<Option<_>>()?;
    let mut cell = Cell { lon: -180.0, lat: -90.0, wide: 400.0, high: 400.0 };
    let pairs = code.len().min(10);
    for pair in code[..pairs].chunks_exact(2) {
        (cell.high, cell.wide) = (cell.high / 20.0, cell.wide / 20.0);
        cell.lat += pair[0] as f64 * cell.high;
        cell.lon += pair[1] as f64 * cell.wide;
    }
    for digit in &code[pairs..] {
        (cell.high, cell.wide) = (cell.high / 5.0, cell.wide / 4.0);
        cell.lat += (digit / 4) as f64 * cell.high;
        cell.lon += (digit % 4) as f64 * cell.wide;
    }
    Some(cell)
}

fn point(start: usize, end: usize, cell: Cell) -> Point {
    Point {
        start,
        end,
        lon: cell.lon + cell.wide / 2.0,
        lat: cell.lat + cell.high / 2.0,
        radius_m: (cell.high / 2.0 * DEGREE_M).max(LEAST_RADIUS_M).ceil() as u32,
        code: CODE,
        confidence: CONFIDENCE,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    fn off_m(point: Point, lon: f64, lat: f64) -> f64 {
        LonLat { lon: point.lon, lat: point.lat }.distance_m(LonLat { lon, lat })
    }

    /// The code of 6.5° east, 52.67° north by openlocationcode 1.0.
    #[test]
    fn a_full_code_is_where_another_library_has_it() {
        let point = recognise("9F48MGC2+22", 0).unwrap();
        assert!(off_m(point, 6.5, 52.67) < 25.0, "{point:?}");
        for text in ["12345678+90", "9F48MGC2+", "9F48MGC2+22a"] {
            assert_eq!(recognise(text, 0), None, "{text}");
        }
    }

    #[test]
    fn a_short_code_is_the_cell_nearest_to_the_place_beside_it() {
        let text = "loods MGC2+22 Kerkenveld";
        let short = short_codes(text, &[]).next().unwrap();
        assert_eq!(&text[short.start..short.end], "MGC2+22");
        // Also when the reference lies beyond the edge of the cell that repeats.
        for reference in
            [LonLat { lon: 6.5, lat: 52.67 }, LonLat { lon: 6.9, lat: 53.05 }, LonLat { lon: 6.05, lat: 52.3 }]
        {
            let point = near(text, short, reference).unwrap();
            assert!(off_m(point, 6.5, 52.67) < 25.0, "{reference:?} {point:?}");
        }
    }

    #[test]
    fn sums_and_numbers_are_no_short_codes() {
        for text in ["2345+67", "6789+22", "ABCD+22", "MGC2+2", "XMGC2+22", "MGC2+22+3", "+31612345678", "c++"] {
            assert_eq!(short_codes(text, &[]).next(), None, "{text}");
        }
    }
}
