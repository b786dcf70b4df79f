//! Outlines of what lies above a density.

use contour::ContourBuilder;
use geo::Coord;

use crate::density::Surface;
use crate::plane::Metres;

/// Rings of polygons, the outer one first.
pub type Polygons = Vec<Vec<Vec<Metres>>>;

/// For each threshold the polygons where the density is at least so much.
///
/// # Algorithm
/// Marching squares with linear interpolation between the middles of cells (Maple 2003, "Geometric design and space planning using the
/// marching squares and marching cube algorithms"); where the surface meets the edge of the grid the outline follows the edge.
pub fn contours(surface: &Surface, per_km2: &[f64]) -> Vec<Polygons> {
    let grid = surface.grid;
    let made = ContourBuilder::new(grid.columns, grid.rows, true)
        .x_origin(grid.origin.x)
        .y_origin(grid.origin.y)
        .x_step(grid.step_m)
        .y_step(grid.step_m)
        .contours(&surface.per_km2, per_km2);
    // The builder refuses only a grid whose size is not that of its values.
    let Ok(made) = made else { return vec![Vec::new(); per_km2.len()] };
    let ring = |line: &geo::LineString<f64>| line.0.iter().map(|Coord { x, y }| Metres { x: *x, y: *y }).collect();
    made.iter()
        .map(|contour| {
            let polygon = |polygon: &geo::Polygon<f64>| {
                std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
            };
            contour.geometry().0.iter().map(polygon).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use model::api::Kernel;

    use super::*;
    use crate::density::{Grid, Spot, surface, volume_levels};

    fn area_m2(ring: &[Metres]) -> f64 {
        ring.windows(2).map(|two| two[0].x * two[1].y - two[1].x * two[0].y).sum::<f64>() / 2.0
    }

    #[test]
    fn an_outline_is_as_large_as_its_level_and_lies_where_the_spot_lies() {
        let grid = Grid::over(Metres { x: -6_000.0, y: -5_000.0 }, Metres { x: 6_000.0, y: 5_000.0 }, 240);
        let spot = Spot { at: Metres { x: 1_000.0, y: -500.0 }, weight: 5.0, radius_m: 0.0 };
        let surface = surface(&[spot], Kernel::Quartic, 3_000.0, grid, None);
        let level = volume_levels(&surface, &[0.5])[0];
        let outlines = contours(&surface, &[level.per_km2]);
        assert_eq!((outlines.len(), outlines[0].len(), outlines[0][0].len()), (1, 1, 1));
        let ring = &outlines[0][0][0];
        assert_eq!(ring.first(), ring.last());
        assert!((area_m2(ring).abs() / 1e6 / level.area_km2 - 1.0).abs() < 0.02);
        let mean = |of: fn(&Metres) -> f64| ring.iter().skip(1).map(of).sum::<f64>() / (ring.len() - 1) as f64;
        assert!((mean(|at| at.x) - 1_000.0).abs() < 30.0 && (mean(|at| at.y) + 500.0).abs() < 30.0);
    }

    #[test]
    fn a_surface_of_nothing_has_no_outline() {
        let grid = Grid::over(Metres { x: 0.0, y: 0.0 }, Metres { x: 1.0, y: 1.0 }, 3);
        assert!(contours(&surface(&[], Kernel::Quartic, 10.0, grid, None), &[0.5])[0].is_empty());
        assert!(contours(&surface(&[], Kernel::Quartic, 10.0, grid, None), &[]).is_empty());
    }
}
