//! Grid codes: UTM and MGRS in the zones 31U and 32U, which cover the Netherlands and its neighbours.
//!
//! UTM to WGS 84 by Krüger's series to the third order, good to a millimetre within a zone (Karney 2011, "Transverse Mercator with an
//! accuracy of a few nanometers", J. Geodesy 85, equations 11, 15 and 36).

use model::LonLat;

use super::{Cursor, LEAST_RADIUS_M, Point, digits};

/// WGS 84: equatorial radius in metres, flattening.
const EQUATOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// UTM: scale on the central meridian, false easting in metres.
const SCALE: f64 = 0.9996;
const FALSE_EASTING_M: f64 = 500_000.0;
/// Where a zone is used: eastings, and northings of band U (48° to 56° north).
const EASTINGS_M: std::ops::RangeInclusive<f64> = 160_000.0..=840_000.0;
const NORTHINGS_M: std::ops::RangeInclusive<f64> = 5_316_000.0..=6_230_000.0;
/// Letters of hundred-kilometre squares; rows go round.
const COLUMNS: [&[u8; 8]; 3] = [b"ABCDEFGH", b"JKLMNPQR", b"STUVWXYZ"];
const ROWS: &[u8; 20] = b"ABCDEFGHJKLMNPQRSTUV";

/// A code that starts at these digits.
pub(crate) fn recognise(text: &str, digits_at: usize) -> Option<Point> {
    if text[..digits_at].ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    zone(text, digits_at)
}

/// `31U 628982 5803926`, `32U LD 31056 38131`, `32ULD3105638131`.
fn zone(text: &str, start: usize) -> Option<Point> {
    let rest = text.get(start..)?;
    let zone = match rest.get(..3)? {
        "31U" | "31u" => 31,
        "32U" | "32u" => 32,
        _ => return None,
    };
    let mut cursor = Cursor::new(text, start + 3);
    cursor.spaces();
    let (easting_m, northing_m, size_m, code) = if let Some((west_m, south_m)) = square(&mut cursor, zone) {
        let (x_m, y_m, size_m) = within_square(&mut cursor)?;
        (west_m + x_m, south_m + y_m, size_m, "coordinate:mgrs")
    } else {
        (metres(&mut cursor, "mE")?, metres(&mut cursor, "mN")?, 1.0, "coordinate:utm")
    };
    if cursor.rest().starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let middle = size_m / 2.0;
    let point = from_utm(zone, easting_m + middle, northing_m + middle)?;
    let radius_m = middle.max(LEAST_RADIUS_M).ceil() as u32;
    Some(Point { start, end: cursor.at, lon: point.lon, lat: point.lat, radius_m, code, confidence: 0.97 })
}

/// The south-western corner of a hundred-kilometre square from its two letters.
fn square(cursor: &mut Cursor<'_>, zone: usize) -> Option<(f64, f64)> {
    let letters = cursor.rest().as_bytes().get(..2)?;
    let column = COLUMNS[(zone - 1) % 3].iter().position(|letter| *letter == letters[0].to_ascii_uppercase())?;
    let row = ROWS.iter().position(|letter| *letter == letters[1].to_ascii_uppercase())?;
    // In even zones the rows begin with F.
    let row = if zone.is_multiple_of(2) { (row + 15) % 20 } else { row };
    let south_m = row as f64 * 100_000.0;
    // Rows repeat every 2,000 km; band U holds the end of the third round and the beginning of the fourth.
    let south_m = south_m + if south_m >= 1_000_000.0 { 4_000_000.0 } else { 6_000_000.0 };
    cursor.at += 2;
    cursor.spaces();
    Some(((column + 1) as f64 * 100_000.0, south_m))
}

/// As many digits east as north, together or apart: metres, and the size of what they name.
fn within_square(cursor: &mut Cursor<'_>) -> Option<(f64, f64, f64)> {
    let bytes = cursor.text.as_bytes();
    let first = digits(bytes, cursor.at, 11);
    let (east, north) = if bytes.get(cursor.at + first) == Some(&b' ') && first <= 5 {
        let at = cursor.at + first + 1;
        (cursor.text.get(cursor.at..cursor.at + first)?, cursor.text.get(at..at + digits(bytes, at, 6))?)
    } else {
        let half = cursor.at + first / 2;
        (cursor.text.get(cursor.at..half)?, cursor.text.get(half..cursor.at + first)?)
    };
    if !(2..=5).contains(&east.len()) || east.len() != north.len() {
        return None;
    }
    let space = usize::from(first <= 5 && bytes.get(cursor.at + first) == Some(&b' '));
    cursor.at += 2 * east.len() + space;
    let size_m = 10_f64.powi(5 - east.len() as i32);
    Some((east.parse::<f64>().ok()? * size_m, north.parse::<f64>().ok()? * size_m, size_m))
}

/// Six or seven digits with their unit behind them or not, and what parts them from the next.
fn metres(cursor: &mut Cursor<'_>, unit: &str) -> Option<f64> {
    let number = cursor.number(7)?;
    if cursor.rest().starts_with(unit) {
        cursor.at += unit.len();
    }
    if unit == "mE" {
        cursor.spaces();
        cursor.take(&[',', ';', '/']);
        cursor.spaces();
    }
    Some(number.value)
}

/// From UTM metres to the globe, within the bounds of the zones read here.
fn from_utm(zone: usize, easting_m: f64, northing_m: f64) -> Option<LonLat> {
    if !EASTINGS_M.contains(&easting_m) || !NORTHINGS_M.contains(&northing_m) {
        return None;
    }
    let n = FLATTENING / (2.0 - FLATTENING);
    let radius_m = EQUATOR_M / (1.0 + n) * (1.0 + n * n / 4.0 + n.powi(4) / 64.0);
    let beta = [
        n / 2.0 - 2.0 * n * n / 3.0 + 37.0 * n.powi(3) / 96.0,
        n * n / 48.0 + n.powi(3) / 15.0,
        17.0 * n.powi(3) / 480.0,
    ];
    let delta = [
        2.0 * n - 2.0 * n * n / 3.0 - 2.0 * n.powi(3),
        7.0 * n * n / 3.0 - 8.0 * n.powi(3) / 5.0,
        56.0 * n.powi(3) / 15.0,
    ];
    let xi = northing_m / (SCALE * radius_m);
    let eta = (easting_m - FALSE_EASTING_M) / (SCALE * radius_m);
    let (mut xi_1, mut eta_1) = (xi, eta);
    for (twice, beta) in [2.0, 4.0, 6.0].into_iter().zip(beta) {
        xi_1 -= beta * (twice * xi).sin() * (twice * eta).cosh();
        eta_1 -= beta * (twice * xi).cos() * (twice * eta).sinh();
    }
    let chi = (xi_1.sin() / eta_1.cosh()).asin();
    let lat =
        chi + [2.0, 4.0, 6.0].into_iter().zip(delta).map(|(twice, delta)| delta * (twice * chi).sin()).sum::<f64>();
    let central = zone as f64 * 6.0 - 183.0;
    LonLat::new(central + (eta_1.sinh() / xi_1.cos()).atan().to_degrees(), lat.to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of 6.5° east, 52.67° north and 4.8952° east, 52.3702° north by PROJ 9 (pyproj) and the package mgrs
    /// 1.5.
    #[test]
    fn codes_are_where_other_libraries_have_them() {
        for (text, lon, lat, radius_m) in [
            ("32U 330962 5838495", 6.5, 52.67, 10),
            ("bij 32U 330962mE, 5838495mN daar", 6.5, 52.67, 10),
            ("32U LD 30961 38494", 6.5, 52.67, 10),
            ("32ULD3096138494", 6.5, 52.67, 10),
            ("31U FU 29024 03904", 4.8952, 52.3702, 10),
            ("32U LD 309 384", 6.5, 52.67, 50),
        ] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            let point = recognise(text, at).unwrap_or_else(|| panic!("{text}"));
            let off_m = LonLat { lon: point.lon, lat: point.lat }.distance_m(LonLat { lon, lat });
            assert!(off_m < f64::from(radius_m) * 2.0 + 5.0, "{text}: {point:?} is {off_m} m off");
            assert_eq!(point.radius_m, radius_m, "{text}");
        }
    }

    #[test]
    fn other_numbers_and_letters_are_no_codes() {
        for text in ["31U", "31 uur", "32U LD 123 45", "31u 12 13", "32U 99 5838177", "132U LD 309 381"] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(recognise(text, at), None, "{text}");
        }
    }
}
