//! Dutch national grid (Rijksdriehoek, EPSG:28992) to WGS 84 and back.
//!
//! The polynomial approximations of F. H. Schreutelkamp and G. L. Strang van Hees, "Benaderingsformules voor de transformatie
//! tussen RD- en WGS84-kaartcoördinaten", Geodesia 2001, good to about 0.25 m within the Netherlands.

use crate::geo::LonLat;

/// Where the grid is valid, in metres: easting.
pub const X_RANGE_M: std::ops::RangeInclusive<f64> = -7_000.0..=300_000.0;
/// Where the grid is valid, in metres: northing.
pub const Y_RANGE_M: std::ops::RangeInclusive<f64> = 289_000.0..=629_000.0;

/// Amersfoort, the origin, in the grid (metres) and on the globe (degrees).
const ORIGIN_M: (f64, f64) = (155_000.0, 463_000.0);
const ORIGIN: LonLat = LonLat { lon: 5.387_206_21, lat: 52.155_174_40 };

/// Powers of easting and northing with their coefficient in seconds of latitude.
const LAT: [(i32, i32, f64); 11] = [
    (0, 1, 3_235.653_89),
    (2, 0, -32.582_97),
    (0, 2, -0.247_50),
    (2, 1, -0.849_78),
    (0, 3, -0.065_50),
    (2, 2, -0.017_09),
    (1, 0, -0.007_38),
    (4, 0, 0.005_30),
    (2, 3, -0.000_39),
    (4, 1, 0.000_33),
    (1, 1, -0.000_12),
];

/// The same for seconds of longitude.
const LON: [(i32, i32, f64); 12] = [
    (1, 0, 5_260.529_16),
    (1, 1, 105.946_84),
    (1, 2, 2.456_56),
    (3, 0, -0.818_85),
    (1, 3, 0.055_94),
    (3, 1, -0.056_07),
    (0, 1, 0.011_99),
    (3, 2, -0.002_56),
    (1, 4, 0.001_28),
    (0, 2, 0.000_22),
    (2, 0, -0.000_22),
    (5, 0, 0.000_26),
];

/// Powers of differences in latitude and longitude with their coefficient in metres of easting.
const X: [(i32, i32, f64); 9] = [
    (0, 1, 190_094.945),
    (1, 1, -11_832.228),
    (2, 1, -114.221),
    (0, 3, -32.391),
    (1, 0, -0.705),
    (3, 1, -2.340),
    (1, 3, -0.608),
    (0, 2, -0.008),
    (2, 3, 0.148),
];

/// The same for metres of northing.
const Y: [(i32, i32, f64); 10] = [
    (1, 0, 309_056.544),
    (0, 2, 3_638.893),
    (2, 0, 73.077),
    (1, 2, -157.984),
    (3, 0, 59.788),
    (0, 1, 0.433),
    (2, 2, -6.439),
    (1, 1, -0.032),
    (0, 4, 0.092),
    (1, 4, -0.054),
];

/// The point on the globe, or `None` outside the grid's area.
pub fn to_lonlat(x_m: f64, y_m: f64) -> Option<LonLat> {
    if !X_RANGE_M.contains(&x_m) || !Y_RANGE_M.contains(&y_m) {
        return None;
    }
    let (dx, dy) = ((x_m - ORIGIN_M.0) * 1e-5, (y_m - ORIGIN_M.1) * 1e-5);
    let seconds =
        |terms: &[(i32, i32, f64)]| -> f64 { terms.iter().map(|&(p, q, k)| k * dx.powi(p) * dy.powi(q)).sum() };
    LonLat::new(ORIGIN.lon + seconds(&LON) / 3600.0, ORIGIN.lat + seconds(&LAT) / 3600.0)
}

/// Easting and northing in metres, or `None` outside the grid's area.
pub fn from_lonlat(point: LonLat) -> Option<(f64, f64)> {
    let (dlat, dlon) = (0.36 * (point.lat - ORIGIN.lat), 0.36 * (point.lon - ORIGIN.lon));
    // Far away the polynomials mean nothing.
    if dlat.abs() > 1.0 || dlon.abs() > 1.5 {
        return None;
    }
    let metres =
        |terms: &[(i32, i32, f64)]| -> f64 { terms.iter().map(|&(p, q, k)| k * dlat.powi(p) * dlon.powi(q)).sum() };
    let (x_m, y_m) = (ORIGIN_M.0 + metres(&X), ORIGIN_M.1 + metres(&Y));
    (X_RANGE_M.contains(&x_m) && Y_RANGE_M.contains(&y_m)).then_some((x_m, y_m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amersfoort_is_the_origin() {
        let amersfoort = to_lonlat(155_000.0, 463_000.0).unwrap();
        assert!((amersfoort.lat - 52.155_174_40).abs() < 1e-9 && (amersfoort.lon - 5.387_206_21).abs() < 1e-9);
    }

    #[test]
    fn there_and_back_is_the_same_point_to_a_metre() {
        for (x, y) in [(121_687.0, 487_484.0), (233_883.0, 582_065.0), (24_000.0, 391_000.0), (200_000.0, 320_000.0)] {
            let (x_again, y_again) = from_lonlat(to_lonlat(x, y).unwrap()).unwrap();
            assert!((x - x_again).abs() < 1.0 && (y - y_again).abs() < 1.0, "{x} {y} → {x_again} {y_again}");
        }
    }

    #[test]
    fn what_lies_outside_the_grid_is_no_point() {
        assert!(to_lonlat(155_000.0, 100_000.0).is_none());
        assert!(to_lonlat(463_000.0, 463_000.0).is_none());
        for (lon, lat) in [(13.4, 52.5), (2.35, 48.86), (-179.0, 80.0), (5.4, 54.9), (f64::NAN, 52.0)] {
            assert!(from_lonlat(LonLat { lon, lat }).is_none(), "{lon} {lat}");
        }
    }
}
