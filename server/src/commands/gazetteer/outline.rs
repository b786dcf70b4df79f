//! What an outline tells of a place: a point within it, and how far it reaches.

use geo::{Area, InteriorPoint, LineString, MultiPolygon, Polygon};
use geoparse::address::columns::point;
use model::{EARTH_RADIUS_M, LonLat};

/// Places of a smaller extent are as good as points.
const LEAST_RADIUS_M: f64 = 50.0;

/// Where a row lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) point: LonLat,
    /// Radius of the circle of the same area, where there is an outline.
    pub(super) radius_m: Option<u32>,
}

impl From<LonLat> for Spot {
    fn from(point: LonLat) -> Self {
        Self { point, radius_m: None }
    }
}

/// Rings of coordinates as they are written: those of a polygon, its outline first.
pub(super) type Rings = Vec<Vec<(f64, f64)>>;

/// What polygons tell; in degrees, or metres of the Dutch grid.
///
/// # Errors
/// A sentence that says what is wrong.
pub(super) fn of_polygons(polygons: Vec<Rings>) -> Result<Spot, String> {
    let ring = |ring: Vec<(f64, f64)>| -> Result<LineString, String> {
        ring.into_iter().map(|(x, y)| point(x, y).map(|point| (point.lon, point.lat))).collect()
    };
    let polygon = |rings: Rings| -> Result<Polygon, String> {
        let mut rings = rings.into_iter().map(ring);
        let outline = rings.next().ok_or("its outline is empty")??;
        Ok(Polygon::new(outline, rings.collect::<Result<_, _>>()?))
    };
    let outline: MultiPolygon = polygons.into_iter().map(polygon).collect::<Result<_, _>>()?;
    let inside = outline.interior_point().ok_or("its outline is empty")?;
    let metres = EARTH_RADIUS_M.to_radians();
    let area_m2 = outline.unsigned_area() * metres * metres * inside.y().to_radians().cos();
    let radius_m = (area_m2 / std::f64::consts::PI).sqrt().max(LEAST_RADIUS_M);
    let point = LonLat::new(inside.x(), inside.y()).ok_or("its outline is no area of the earth")?;
    Ok(Spot { point, radius_m: Some(radius_m as u32) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_tells_a_point_within_it_and_its_extent() {
        // A square kilometre on the Dutch grid with a hole in its middle.
        let square = |from: f64, side: f64| {
            let (x, y) = (230_000.0 + from, 540_000.0 + from);
            vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
        };
        let spot = of_polygons(vec![vec![square(0.0, 1_000.0)]]).unwrap();
        assert!((555..=575).contains(&spot.radius_m.unwrap()), "{spot:?}");
        let holed = of_polygons(vec![vec![square(0.0, 1_000.0), square(100.0, 800.0)]]).unwrap();
        assert!(holed.radius_m < spot.radius_m);
        let hole_middle = point(230_500.0, 540_500.0).unwrap();
        assert!(holed.point.distance_m(hole_middle) > 390.0, "{holed:?}");
        assert!(of_polygons(Vec::new()).is_err() && of_polygons(vec![vec![vec![(500.0, 500.0)]]]).is_err());
    }
}
