//! Densities over a grid: the surface, what lies above its levels, and the ratio of two.

use std::f64::consts::PI;
use std::ops::Range;

use model::api::Kernel;
use rayon::prelude::*;

use super::{Spot, widened};
use crate::plane::Metres;

/// A Gaussian is cut at so many bandwidths: beyond lies 0.03 % of its mass (exp(−4² / 2)).
const GAUSSIAN_REACH: f64 = 4.0;
/// Rows of a grid that are worked at together: they stay close at hand while all spots pass.
const ROWS: usize = 8;

/// A grid of square cells; rows from south to north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// South-west corner of the first cell.
    pub origin: Metres,
    /// Side of a cell in metres.
    pub step_m: f64,
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from south to north.
    pub rows: usize,
}

impl Grid {
    /// A grid over the box, `longest` cells along its longer side.
    pub fn over(south_west: Metres, north_east: Metres, longest: usize) -> Self {
        let (width, height) = ((north_east.x - south_west.x).max(1.0), (north_east.y - south_west.y).max(1.0));
        let step_m = width.max(height) / longest.max(1) as f64;
        let cells = |length: f64| ((length / step_m).ceil() as usize).max(1);
        Self { origin: south_west, step_m, columns: cells(width), rows: cells(height) }
    }

    /// Middle of a cell.
    pub fn middle(&self, column: usize, row: usize) -> Metres {
        Metres {
            x: self.origin.x + (column as f64 + 0.5) * self.step_m,
            y: self.origin.y + (row as f64 + 0.5) * self.step_m,
        }
    }

    fn cell_km2(&self) -> f64 {
        self.step_m * self.step_m / 1e6
    }
}

/// A density over a grid, row by row from the south.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The grid.
    pub grid: Grid,
    /// Mentions per km² in the middle of each cell.
    pub per_km2: Vec<f64>,
}

/// The surface over a grid.
///
/// # Parameters
/// `inside`: with it, each spot's mass is held within the cells that are inside (edge correction), and cells outside are zero.
///
/// # Algorithm
/// Sum of kernels (Silverman 1986, "Density Estimation for Statistics and Data Analysis", section 4.2; quartic: equation 4.5, K₂), in
/// mentions per km², at the middles of the cells. The correction divides a spot's kernel by its mass inside (Diggle 1985, "A kernel method for smoothing
/// point process data", Applied Statistics 34(2)), here the sum over cells.
pub fn surface(spots: &[Spot], kernel: Kernel, bandwidth_m: f64, grid: Grid, inside: Option<&[bool]>) -> Surface {
    let splats: Vec<Splat> = spots
        .par_iter()
        .filter(|spot| spot.weight > 0.0)
        .filter_map(|spot| Splat::new(spot, kernel, bandwidth_m, &grid, inside))
        .collect();
    let mut per_km2 = vec![0.0; grid.columns * grid.rows];
    // Rows of the grid are shared by all cores; each cell adds up the spots in their order, whoever does it.
    per_km2.par_chunks_mut(grid.columns * ROWS).enumerate().for_each(|(block, cells)| {
        for splat in &splats {
            for (at, row) in cells.chunks_exact_mut(grid.columns).enumerate() {
                splat.add(block * ROWS + at, row, &grid);
            }
        }
    });
    if let Some(inside) = inside {
        for (value, inside) in per_km2.iter_mut().zip(inside) {
            *value = if *inside { *value } else { 0.0 };
        }
    }
    Surface { grid, per_km2 }
}

fn reach(kernel: Kernel, width_m: f64) -> f64 {
    match kernel {
        Kernel::Quartic => width_m,
        Kernel::Gaussian => GAUSSIAN_REACH * width_m,
    }
}

/// A spot's kernel over the cells that it reaches.
struct Splat {
    at: Metres,
    width_m: f64,
    scale: f64,
    rows: Range<usize>,
    columns: Range<usize>,
    /// The Gaussian is a product: one exponential a column and a row, not a cell. Of the quartic the square of the distance.
    by_column: Vec<f64>,
    kernel: Kernel,
}

impl Splat {
    /// `None` where none of its mass is inside.
    fn new(spot: &Spot, kernel: Kernel, bandwidth_m: f64, grid: &Grid, inside: Option<&[bool]>) -> Option<Self> {
        let width_m = widened(kernel, bandwidth_m, spot.radius_m);
        let (rows, columns) = cells_within(spot.at, reach(kernel, width_m), grid);
        let along = |column| {
            let squared = (grid.middle(column, 0).x - spot.at.x).powi(2) / (width_m * width_m);
            match kernel {
                Kernel::Gaussian => (-squared / 2.0).exp(),
                Kernel::Quartic => squared,
            }
        };
        let by_column = columns.clone().map(along).collect();
        let whole = match kernel {
            Kernel::Quartic => 3.0 / (PI * width_m * width_m),
            Kernel::Gaussian => 1.0 / (2.0 * PI * width_m * width_m),
        };
        let mut splat = Self { at: spot.at, width_m, scale: whole, rows, columns, by_column, kernel };
        let mass = inside.map_or(1.0, |inside| splat.mass(grid, inside));
        // A bandwidth far below a cell can put more than the whole mass on one middle; the correction may not shrink a kernel.
        splat.scale *= spot.weight / mass.min(1.0) * 1e6;
        (mass > 0.0).then_some(splat)
    }

    /// What of it lies in the cells that are inside.
    fn mass(&self, grid: &Grid, inside: &[bool]) -> f64 {
        let mut own = vec![0.0; grid.columns];
        let cells = self.rows.clone().zip(inside.chunks_exact(grid.columns).skip(self.rows.start));
        let rows = cells.map(|(row, inside)| {
            own[self.columns.clone()].fill(0.0);
            self.add(row, &mut own, grid);
            self.columns.clone().filter(|column| inside[*column]).map(|column| own[column]).sum::<f64>()
        });
        rows.sum::<f64>() * grid.step_m * grid.step_m
    }

    /// Adds what lies in a row of cells.
    fn add(&self, row: usize, cells: &mut [f64], grid: &Grid) {
        if !self.rows.contains(&row) {
            return;
        }
        let squared = (grid.middle(0, row).y - self.at.y).powi(2) / (self.width_m * self.width_m);
        let cells = cells[self.columns.clone()].iter_mut().zip(&self.by_column);
        match self.kernel {
            Kernel::Gaussian => {
                let height = self.scale * (-squared / 2.0).exp();
                cells.for_each(|(cell, along)| *cell += height * along);
            }
            Kernel::Quartic => {
                let left = 1.0 - squared;
                cells.for_each(|(cell, along)| {
                    let left = (left - along).max(0.0);
                    *cell += self.scale * left * left;
                });
            }
        }
    }
}

/// Rows and columns of the cells whose middles lie within the reach.
fn cells_within(at: Metres, reach_m: f64, grid: &Grid) -> (Range<usize>, Range<usize>) {
    let range = |middle: f64, origin: f64, cells: usize| {
        let from = ((middle - reach_m - origin) / grid.step_m - 0.5).ceil().clamp(0.0, cells as f64);
        let to = ((middle + reach_m - origin) / grid.step_m - 0.5).floor() + 1.0;
        from as usize..(to.clamp(from, cells as f64) as usize)
    };
    (range(at.y, grid.origin.y, grid.rows), range(at.x, grid.origin.x, grid.columns))
}

/// A level of density and what lies above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Share of all activity that lies where the density is at least `per_km2`.
    pub share: f64,
    /// The density, in mentions per km².
    pub per_km2: f64,
    /// The area where it is reached, in km².
    pub area_km2: f64,
}

/// For each share the smallest area that holds so much of the activity, and the density at its border: percent volume contours.
///
/// # Returns
/// Nothing when the surface is zero everywhere.
pub fn volume_levels(surface: &Surface, shares: &[f64]) -> Vec<Level> {
    let mut sorted: Vec<f64> = surface.per_km2.iter().copied().filter(|value| *value > 0.0).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let total: f64 = sorted.iter().sum();
    let mut found = Vec::new();
    for share in shares {
        let mut passed = 0.0;
        let held = sorted.iter().position(|value| {
            passed += value;
            passed >= share * total
        });
        if let Some(at) = held.or(sorted.len().checked_sub(1)) {
            let area_km2 = (at + 1) as f64 * surface.grid.cell_km2();
            found.push(Level { share: *share, per_km2: sorted[at], area_km2 });
        }
    }
    found
}

/// Relative risk: the ratio of two densities, each scaled to a mass of one.
///
/// # Returns
/// A value a cell; `None` where the comparison density is below `floor` times its largest value: a ratio there would be made of nothing.
///
/// # References
/// Bithell 1990, "An application of density estimation to geographical epidemiology", Statistics in Medicine 9; Kelsall & Diggle 1995,
/// "Kernel estimation of relative risk", Bernoulli 1.
pub fn relative_risk(cases: &Surface, controls: &Surface, floor: f64) -> Vec<Option<f64>> {
    let sum = |surface: &Surface| surface.per_km2.iter().sum::<f64>();
    let (case_mass, control_mass) = (sum(cases), sum(controls));
    let least = floor * controls.per_km2.iter().copied().fold(0.0, f64::max);
    if case_mass <= 0.0 || control_mass <= 0.0 || cases.per_km2.len() != controls.per_km2.len() {
        return vec![None; cases.per_km2.len()];
    }
    let ratio = |(case, control): (&f64, &f64)| {
        (*control > 0.0 && *control >= least).then(|| (case / case_mass) / (control / control_mass))
    };
    cases.per_km2.iter().zip(&controls.per_km2).map(ratio).collect()
}

#[cfg(test)]
mod tests {
    use super::super::density_at;
    use super::*;

    fn spot(x: f64, y: f64, weight: f64, radius_m: f64) -> Spot {
        Spot { at: Metres { x, y }, weight, radius_m }
    }

    fn grid() -> Grid {
        Grid::over(Metres { x: -20_000.0, y: -20_000.0 }, Metres { x: 20_000.0, y: 20_000.0 }, 200)
    }

    fn mass(surface: &Surface) -> f64 {
        surface.per_km2.iter().sum::<f64>() * surface.grid.cell_km2()
    }

    #[test]
    fn the_mass_of_a_surface_is_what_was_put_in() {
        for kernel in [Kernel::Quartic, Kernel::Gaussian] {
            for radius_m in [0.0, 2_000.0] {
                let found = surface(
                    &[spot(130.0, -70.0, 3.0, radius_m), spot(0.0, 0.0, 2.0, 0.0)],
                    kernel,
                    1_500.0,
                    grid(),
                    None,
                );
                assert!((mass(&found) - 5.0).abs() < 0.01, "{kernel:?} {}", mass(&found));
            }
        }
    }

    #[test]
    fn the_surface_is_the_formula_at_the_middles() {
        let spots = [spot(130.0, -70.0, 3.0, 900.0), spot(-4_000.0, 2_500.0, 2.0, 0.0)];
        for kernel in [Kernel::Quartic, Kernel::Gaussian] {
            let found = surface(&spots, kernel, 1_500.0, grid(), None);
            for (column, row) in [(100, 100), (80, 112), (101, 97), (3, 190)] {
                let exact = density_at(&spots, kernel, 1_500.0, grid().middle(column, row));
                let value = found.per_km2[row * 200 + column];
                assert!((value - exact).abs() <= 1e-12 + 1e-3 * exact.abs().min(0.1), "{kernel:?} {value} {exact}");
            }
        }
    }

    #[test]
    fn with_an_edge_correction_nothing_leaves_the_land() {
        let inside: Vec<bool> = (0..200 * 200).map(|cell| cell % 200 >= 100).collect();
        let spots = [spot(100.0, 0.0, 4.0, 0.0)];
        let (open, held) = (
            surface(&spots, Kernel::Quartic, 3_000.0, grid(), None),
            surface(&spots, Kernel::Quartic, 3_000.0, grid(), Some(&inside)),
        );
        assert!((mass(&held) - 4.0).abs() < 0.01 && (mass(&open) - 4.0).abs() < 0.01);
        assert!(held.per_km2.iter().zip(&inside).all(|(value, inside)| *inside || *value == 0.0));
    }

    #[test]
    fn levels_nest_and_an_empty_surface_has_none() {
        let found = surface(&[spot(0.0, 0.0, 1.0, 0.0)], Kernel::Quartic, 4_000.0, grid(), None);
        let levels = volume_levels(&found, &[0.5, 0.75, 0.9]);
        assert!(levels.windows(2).all(|two| two[0].per_km2 > two[1].per_km2 && two[0].area_km2 < two[1].area_km2));
        // A quartic kernel holds the share 1 − (1 − u)³ within u = d² / h²: half within u = 1 − 0.5^(1/3).
        let exact = PI * 16.0 * (1.0 - 0.5_f64.powf(1.0 / 3.0));
        assert!((levels[0].area_km2 / exact - 1.0).abs() < 0.02, "{} {exact}", levels[0].area_km2);
        assert!(volume_levels(&surface(&[], Kernel::Quartic, 1.0, grid(), None), &[0.5]).is_empty());
    }

    #[test]
    fn the_risk_of_the_same_density_is_one_and_of_nothing_unknown() {
        let found = surface(&[spot(0.0, 0.0, 7.0, 0.0)], Kernel::Quartic, 4_000.0, grid(), None);
        let twice = surface(&[spot(0.0, 0.0, 14.0, 0.0)], Kernel::Quartic, 4_000.0, grid(), None);
        let risk = relative_risk(&found, &twice, 0.01);
        assert!(risk.iter().flatten().all(|risk| (risk - 1.0).abs() < 1e-9) && risk[0].is_none());
        let empty = surface(&[], Kernel::Quartic, 4_000.0, grid(), None);
        assert!(relative_risk(&found, &empty, 0.01).iter().all(Option::is_none));
    }
}
