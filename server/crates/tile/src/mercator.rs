//! Tile numbers, and where a point lies in a tile.

use std::f64::consts::PI;

use model::{BBox, LonLat};

/// Deepest zoom: a tile is some ten metres wide there, finer than any place.
pub const MAX_ZOOM: u8 = 22;
/// Web Mercator ends here, at atan(sinh π) in degrees, where the map is square.
pub(crate) const MAX_LAT: f64 = 85.051_128_779_806_6;

/// Why there is no such tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Too deep.
    #[error("zoom goes from 0 to {MAX_ZOOM}")]
    Zoom,
    /// Beside the map.
    #[error("column and row go from 0 to 2^zoom − 1")]
    Position,
}

/// A tile of the usual scheme: column `x` from west, row `y` from north.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileId {
    z: u8,
    x: u32,
    y: u32,
}

impl TileId {
    /// The tile, if there is one.
    ///
    /// # Errors
    /// When the zoom is too deep, or column or row lie beside the map.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, TileError> {
        if z > MAX_ZOOM {
            return Err(TileError::Zoom);
        }
        if x >= 1 << z || y >= 1 << z {
            return Err(TileError::Position);
        }
        Ok(Self { z, x, y })
    }

    /// The tile that holds the point. Latitudes beyond Web Mercator (±85.05°) count as its edge.
    ///
    /// # Errors
    /// When the zoom is too deep.
    pub fn of(point: LonLat, z: u8) -> Result<Self, TileError> {
        if z > MAX_ZOOM {
            return Err(TileError::Zoom);
        }
        let tiles = f64::from(1_u32 << z);
        let (x, y) = world(point);
        let number = |fraction: f64| (fraction * tiles).floor().clamp(0.0, tiles - 1.0) as u32;
        Self::new(z, number(x), number(y))
    }

    /// The box of the tile in degrees, widened on each side by a share of its width.
    pub fn bbox(self, margin: f64) -> BBox {
        let tiles = f64::from(1_u32 << self.z);
        let lon = |column: f64| (column / tiles * 360.0 - 180.0).clamp(-180.0, 180.0);
        let lat = |row: f64| (PI * (1.0 - 2.0 * row / tiles)).sinh().atan().to_degrees().clamp(-MAX_LAT, MAX_LAT);
        BBox {
            west: lon(f64::from(self.x) - margin),
            south: lat(f64::from(self.y) + 1.0 + margin),
            east: lon(f64::from(self.x) + 1.0 + margin),
            north: lat(f64::from(self.y) - margin),
        }
    }

    /// Where the point lies, in tile units from the north-western corner; outside the tile below 0 or above `extent`.
    pub(crate) fn position(self, point: LonLat, extent: u32) -> (i64, i64) {
        let tiles = f64::from(1_u32 << self.z);
        let (x, y) = world(point);
        let unit =
            |fraction: f64, number: u32| ((fraction * tiles - f64::from(number)) * f64::from(extent)).round() as i64;
        (unit(x, self.x), unit(y, self.y))
    }
}

/// The point on the square of the world, 0 to 1 from west and from north.
///
/// # Algorithm
/// Spherical Mercator: x = λ/2π + ½, y = ½ − artanh(sin φ)/2π.
fn world(point: LonLat) -> (f64, f64) {
    let sine = point.lat.clamp(-MAX_LAT, MAX_LAT).to_radians().sin();
    (point.lon / 360.0 + 0.5, 0.5 - sine.atanh() / (2.0 * PI))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn assen_lies_in_the_tile_that_others_say() {
        // By the formula of the OpenStreetMap wiki ("Slippy map tilenames"), worked out apart from this code.
        let assen = LonLat { lon: 6.5625, lat: 52.9967 };
        assert_eq!(TileId::of(assen, 0), TileId::new(0, 0, 0));
        assert_eq!(TileId::of(assen, 6), TileId::new(6, 33, 20));
        assert_eq!(TileId::of(assen, 10), TileId::new(10, 530, 333));
    }

    #[test]
    fn a_tile_beside_the_map_does_not_exist() {
        assert_eq!(TileId::new(23, 0, 0), Err(TileError::Zoom));
        assert_eq!(TileId::new(1, 2, 0), Err(TileError::Position));
        assert_eq!(TileId::new(0, 0, 1), Err(TileError::Position));
        assert!(TileId::new(22, (1 << 22) - 1, 0).is_ok());
    }

    #[test]
    fn the_poles_and_the_date_line_lie_in_edge_tiles() {
        assert_eq!(TileId::of(LonLat { lon: -180.0, lat: 90.0 }, 3), TileId::new(3, 0, 0));
        assert_eq!(TileId::of(LonLat { lon: 180.0, lat: -90.0 }, 3), TileId::new(3, 7, 7));
    }

    proptest! {
        #[test]
        fn a_point_lies_in_the_box_of_its_tile(lon in -180.0f64..180.0, lat in -85.0f64..85.0, z in 0_u8..=22) {
            let point = LonLat { lon, lat };
            let tile = TileId::of(point, z).unwrap();
            // A point on an edge may round to either side of it.
            prop_assert!(tile.bbox(1e-6).contains(point));
            let (x, y) = tile.position(point, 4096);
            prop_assert!((0..=4096).contains(&x) && (0..=4096).contains(&y));
        }
    }
}
