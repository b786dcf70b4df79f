//! From the globe to a plane in metres and back, so that areas and densities are true.

use model::{BBox, EARTH_RADIUS_M, LonLat};

/// A point on the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metres {
    /// To the east of the centre.
    pub x: f64,
    /// To the north of it.
    pub y: f64,
}

impl Metres {
    /// Distance to another point.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// Lambert's azimuthal equal-area projection on a sphere around a centre.
///
/// Chosen over RD New and a local equirectangular grid because it is exact in area, has a closed inverse, and serves places abroad too.
///
/// # Error
/// Areas are exact on the sphere. A length at distance d from the centre is off by at most d² / (8 R²): 0.01 % at 180 km, as far as the
/// Netherlands reach from their middle. The sphere of [`EARTH_RADIUS_M`] itself is off from the ellipsoid by up to 0.3 % in lengths at 52° N.
///
/// # References
/// Snyder 1987, "Map Projections: A Working Manual", USGS Professional Paper 1395, equations 22-4, 24-2 and 20-14 to 20-18.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    centre: LonLat,
}

impl Plane {
    /// A plane that touches the globe at the centre.
    pub fn around(centre: LonLat) -> Self {
        Self { centre }
    }

    /// A plane around the middle of a box.
    pub fn of(bbox: BBox) -> Self {
        let east = if bbox.east < bbox.west { bbox.east + 360.0 } else { bbox.east };
        let lon = (bbox.west.midpoint(east) + 540.0).rem_euclid(360.0) - 180.0;
        Self::around(LonLat { lon, lat: bbox.south.midpoint(bbox.north) })
    }

    /// The point on the plane. The antipode of the centre has none; it is taken to the edge.
    pub fn project(&self, point: LonLat) -> Metres {
        let (lat, lat0) = (point.lat.to_radians(), self.centre.lat.to_radians());
        let d_lon = (point.lon - self.centre.lon).to_radians();
        let cosine = lat0.sin() * lat.sin() + lat0.cos() * lat.cos() * d_lon.cos();
        let k = (2.0 / (1.0 + cosine).max(1e-12)).sqrt() * EARTH_RADIUS_M;
        Metres {
            x: k * lat.cos() * d_lon.sin(),
            y: k * (lat0.cos() * lat.sin() - lat0.sin() * lat.cos() * d_lon.cos()),
        }
    }

    /// The point on the globe; what lies beyond the edge of the plane is taken to it.
    pub fn unproject(&self, at: Metres) -> LonLat {
        let rho = at.x.hypot(at.y);
        if rho == 0.0 {
            return self.centre;
        }
        let lat0 = self.centre.lat.to_radians();
        let c = 2.0 * (rho / (2.0 * EARTH_RADIUS_M)).min(1.0).asin();
        let lat = (c.cos() * lat0.sin() + at.y * c.sin() * lat0.cos() / rho).clamp(-1.0, 1.0).asin();
        let d_lon = (at.x * c.sin()).atan2(rho * lat0.cos() * c.cos() - at.y * lat0.sin() * c.sin());
        let lon = (self.centre.lon + d_lon.to_degrees() + 540.0).rem_euclid(360.0) - 180.0;
        LonLat { lon, lat: lat.to_degrees() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AMERSFOORT: LonLat = LonLat { lon: 5.3872, lat: 52.1552 };

    proptest! {
        #[test]
        fn there_and_back_is_the_same_point(lon in -170.0_f64..180.0, lat in -80.0_f64..80.0) {
            let plane = Plane::around(AMERSFOORT);
            let back = plane.unproject(plane.project(LonLat { lon, lat }));
            prop_assert!((back.lat - lat).abs() < 1e-6 && (back.lon - lon).abs() < 1e-6, "{back:?}");
        }

        #[test]
        fn lengths_within_the_netherlands_are_true_to_a_tenth_of_a_thousandth(
            lon in 3.4_f64..7.2, lat in 50.8_f64..53.5, d_lon in -0.05_f64..0.05, d_lat in 0.01_f64..0.05,
        ) {
            let plane = Plane::around(AMERSFOORT);
            let (a, b) = (LonLat { lon, lat }, LonLat { lon: lon + d_lon, lat: lat + d_lat });
            let ratio = plane.project(a).distance(plane.project(b)) / a.distance_m(b);
            prop_assert!((ratio - 1.0).abs() < 1.5e-4, "{ratio}");
        }
    }

    #[test]
    fn a_degree_cell_has_the_area_of_the_sphere() {
        let plane = Plane::around(AMERSFOORT);
        // A fine ring around the cell, by the shoelace formula.
        let (west, south, east, north) = (6.0, 52.0, 6.5, 52.5);
        let mut ring = Vec::new();
        for (a, b) in [
            ((west, south), (east, south)),
            ((east, south), (east, north)),
            ((east, north), (west, north)),
            ((west, north), (west, south)),
        ] {
            ring.extend((0..500).map(|step| {
                let t = f64::from(step) / 500.0;
                plane.project(LonLat { lon: a.0 + (b.0 - a.0) * t, lat: a.1 + (b.1 - a.1) * t })
            }));
        }
        let next = ring.iter().cycle().skip(1);
        let area = ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0;
        let exact = EARTH_RADIUS_M
            * EARTH_RADIUS_M
            * (east - west).to_radians()
            * (f64::to_radians(north).sin() - f64::to_radians(south).sin());
        assert!((area / exact - 1.0).abs() < 1e-6, "{area} {exact}");
    }

    #[test]
    fn the_middle_of_a_box_over_the_date_line_lies_on_it() {
        let plane = Plane::of(BBox { west: 170.0, south: -10.0, east: -170.0, north: 10.0 });
        assert!((plane.centre.lon.abs() - 180.0).abs() < 1e-9);
    }
}
