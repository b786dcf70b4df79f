//! Points and boxes on the globe.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth in metres: 6371008.8 m (IUGG mean radius R₁ = (2a + b) / 3 of GRS 80, to 0.1 m).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in degrees, longitude first (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LonLat {
    /// Longitude in degrees, −180 to 180.
    pub lon: f64,
    /// Latitude in degrees, −90 to 90.
    pub lat: f64,
}

impl LonLat {
    /// A point, or `None` when a number is not finite or out of range.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        let valid = lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0;
        valid.then_some(Self { lon, lat })
    }

    /// Great-circle distance in metres by the haversine formula on a sphere of [`EARTH_RADIUS_M`].
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat_b - lat_a) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

/// An axis-aligned box in degrees. `west > east` means it crosses the date line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BBox {
    /// Western longitude.
    pub west: f64,
    /// Southern latitude.
    pub south: f64,
    /// Eastern longitude.
    pub east: f64,
    /// Northern latitude.
    pub north: f64,
}

impl BBox {
    /// Whether the point lies in the box or on its edge.
    pub fn contains(&self, p: LonLat) -> bool {
        let lon_inside = if self.west <= self.east {
            (self.west..=self.east).contains(&p.lon)
        } else {
            p.lon >= self.west || p.lon <= self.east
        };
        lon_inside && (self.south..=self.north).contains(&p.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_from_assen_to_kerkenveld_is_about_37_km() {
        let assen = LonLat::new(6.5625, 52.9967).unwrap();
        let kerkenveld = LonLat::new(6.50, 52.67).unwrap();
        let km = assen.distance_m(kerkenveld) / 1000.0;
        assert!((36.0..38.0).contains(&km), "{km}");
    }

    #[test]
    fn a_point_outside_the_globe_is_refused() {
        assert!(LonLat::new(181.0, 0.0).is_none());
        assert!(LonLat::new(0.0, f64::NAN).is_none());
    }

    #[test]
    fn a_box_over_the_date_line_holds_both_sides() {
        let fiji = BBox { west: 177.0, south: -20.0, east: -178.0, north: -15.0 };
        assert!(fiji.contains(LonLat { lon: 179.0, lat: -17.0 }));
        assert!(fiji.contains(LonLat { lon: -179.0, lat: -17.0 }));
        assert!(!fiji.contains(LonLat { lon: 0.0, lat: -17.0 }));
    }
}
