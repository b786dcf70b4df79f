//! Geohashes, as they stand in geo URIs and links: `geo:u1k2xd`, `geohash.org/u1k2xd`.

use model::LonLat;

use super::{DEGREE_M, LEAST_RADIUS_M};

/// Digits to the base 32 (Niemeyer 2008, geohash.org).
const DIGITS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";

/// The middle of a geohash's cell and half its longer side in metres, from five digits (5 km) to twelve.
pub(crate) fn decode(hash: &str) -> Option<(LonLat, u32)> {
    if !(5..=12).contains(&hash.len()) || !hash.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (mut west, mut east, mut south, mut north) = (-180.0_f64, 180.0_f64, -90.0_f64, 90.0_f64);
    let mut of_lon = true;
    for byte in hash.bytes() {
        let value = DIGITS.iter().position(|digit| *digit == byte)?;
        for bit in (0..5).rev() {
            let (low, high) = if of_lon { (&mut west, &mut east) } else { (&mut south, &mut north) };
            let middle = f64::midpoint(*low, *high);
            *(if value >> bit & 1 == 1 { low } else { high }) = middle;
            of_lon = !of_lon;
        }
    }
    let point = LonLat::new(f64::midpoint(west, east), f64::midpoint(south, north))?;
    let wide_m = (east - west) * DEGREE_M * point.lat.to_radians().cos();
    let radius_m = ((north - south) * DEGREE_M).max(wide_m) / 2.0;
    Some((point, radius_m.max(LEAST_RADIUS_M).ceil() as u32))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    /// The example of the format's description: ezs42 is 42.605 N, 5.603 W.
    #[test]
    fn the_middle_of_the_cell_is_the_point() {
        let (point, radius_m) = decode("ezs42").unwrap();
        assert!((point.lat - 42.605).abs() < 0.001 && (point.lon + 5.603).abs() < 0.001, "{point:?}");
        assert!((2_000..3_000).contains(&radius_m));
        for hash in ["ezs4", "abcde", "ezs4a", "ezs42ezs42ezs", "zwolle"] {
            assert_eq!(decode(hash), None, "{hash}");
        }
    }
}
