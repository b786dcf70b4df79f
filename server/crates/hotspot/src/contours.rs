//! Outlines of what lies above a density.

use contour::ContourBuilder;
use geo::{BooleanOps as _, Coord};

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
    // The builder refuses only a grid whose size is not that of its values.
    let Ok(made) = builder(surface).contours(&surface.per_km2, per_km2) else {
        return vec![Vec::new(); per_km2.len()];
    };
    made.iter().map(|contour| polygons(contour.geometry())).collect()
}

/// For each threshold the polygons where the density is at least so much and less than the next; the last one has no upper end.
///
/// # Parameters
/// `per_km2`: thresholds, ascending.
///
/// # Algorithm
/// That of [`contours`]; the outlines of the next threshold are the holes.
pub fn bands(surface: &Surface, per_km2: &[f64]) -> Vec<Polygons> {
    isobands(surface, per_km2).iter().map(polygons).collect()
}

/// The bands of a surface as far as another one over the same grid is at least so much.
///
/// # Algorithm
/// That of [`bands`], cut along the other's outline: were the surface set to nothing beyond it, every band would run along its edge.
pub fn bands_where(surface: &Surface, values: &[f64], other: &Surface, least: f64) -> Vec<Polygons> {
    let within = builder(other).contours(&other.per_km2, &[least]).unwrap_or_default();
    let Some(within) = within.first() else { return vec![Vec::new(); values.len()] };
    isobands(surface, values).iter().map(|band| polygons(&band.intersection(within.geometry()))).collect()
}

fn isobands(surface: &Surface, values: &[f64]) -> Vec<geo::MultiPolygon<f64>> {
    let most = surface.per_km2.iter().copied().fold(0.0, f64::max);
    let Some(last) = values.last() else { return Vec::new() };
    // An upper end that nothing reaches.
    let ends: Vec<f64> = values.iter().copied().chain([2.0 * most.max(*last)]).collect();
    let Ok(made) = builder(surface).isobands(&surface.per_km2, &ends) else {
        return vec![geo::MultiPolygon::new(Vec::new()); values.len()];
    };
    made.into_iter().map(|band| band.into_inner().0).collect()
}

fn builder(surface: &Surface) -> ContourBuilder {
    let grid = surface.grid;
    ContourBuilder::new(grid.columns, grid.rows, true)
        .x_origin(grid.origin.x)
        .y_origin(grid.origin.y)
        .x_step(grid.step_m)
        .y_step(grid.step_m)
}

fn polygons(found: &geo::MultiPolygon<f64>) -> Polygons {
    let ring = |line: &geo::LineString<f64>| line.0.iter().map(|Coord { x, y }| Metres { x: *x, y: *y }).collect();
    let polygon = |polygon: &geo::Polygon<f64>| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
    };
    found.0.iter().map(polygon).collect()
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
    fn bands_lie_beside_each_other_and_cover_what_their_first_outline_covers() {
        let grid = Grid::over(Metres { x: -6_000.0, y: -5_000.0 }, Metres { x: 6_000.0, y: 5_000.0 }, 240);
        let spot = |x: f64| Spot { at: Metres { x, y: 0.0 }, weight: 50.0, radius_m: 0.0 };
        let surface = surface(&[spot(-2_000.0), spot(2_000.0)], Kernel::Quartic, 2_500.0, grid, None);
        let values = [0.1, 1.0, 5.0];
        let (found, outlines) = (bands(&surface, &values), contours(&surface, &values));
        assert_eq!(found.len(), 3);
        // Outer rings count for what they hold, holes against it.
        let net = |polygons: &Polygons| -> f64 {
            let one = |rings: &Vec<Vec<Metres>>| {
                area_m2(&rings[0]).abs() - rings[1..].iter().map(|ring| area_m2(ring).abs()).sum::<f64>()
            };
            polygons.iter().map(one).sum()
        };
        let whole: f64 = found.iter().map(net).sum();
        assert!((whole / net(&outlines[0]) - 1.0).abs() < 1e-9, "{whole}");
        assert!((net(&found[2]) / net(&outlines[2]) - 1.0).abs() < 1e-9);
        // Where the two spots stand apart the band around them has two holes.
        assert!(found.iter().flatten().any(|rings| rings.len() == 3), "{found:?}");
        assert!(bands(&surface, &[]).is_empty());
    }

    #[test]
    fn bands_end_where_the_other_surface_does_and_no_band_runs_along_that_edge() {
        let grid = Grid::over(Metres { x: 0.0, y: 0.0 }, Metres { x: 100.0, y: 100.0 }, 100);
        let of = |value: fn(f64) -> f64| Surface {
            grid,
            per_km2: (0..grid.rows)
                .flat_map(|row| (0..grid.columns).map(move |column| value(grid.middle(column, row).x)))
                .collect(),
        };
        // Three on the left, a half on the right; known up to x = 70.
        let (ratios, known) = (of(|x| if x < 50.0 { 3.0 } else { 0.5 }), of(|x| 100.0 - x));
        let found = bands_where(&ratios, &[0.0, 1.0, 2.0], &known, 30.0);
        let spans: Vec<(f64, f64)> = found
            .iter()
            .map(|polygons| {
                let xs = || polygons.iter().flatten().flatten().map(|at| at.x);
                (xs().fold(f64::INFINITY, f64::min), xs().fold(f64::NEG_INFINITY, f64::max))
            })
            .collect();
        let near = |a: f64, b: f64| (a - b).abs() < 1.5;
        assert!(near(spans[0].0, 50.0) && near(spans[0].1, 70.0), "{spans:?}");
        assert!(near(spans[1].0, 50.0) && near(spans[1].1, 50.0), "a step is a narrow band: {spans:?}");
        assert!(near(spans[2].0, 0.0) && near(spans[2].1, 50.0), "{spans:?}");
        assert!(bands_where(&ratios, &[0.0], &known, 1e9)[0].is_empty());
    }

    #[test]
    fn a_surface_of_nothing_has_no_outline() {
        let grid = Grid::over(Metres { x: 0.0, y: 0.0 }, Metres { x: 1.0, y: 1.0 }, 3);
        assert!(contours(&surface(&[], Kernel::Quartic, 10.0, grid, None), &[0.5])[0].is_empty());
        assert!(contours(&surface(&[], Kernel::Quartic, 10.0, grid, None), &[]).is_empty());
    }
}
