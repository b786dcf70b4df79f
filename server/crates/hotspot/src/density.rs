//! Kernel density: a surface of mentions per square kilometre, levels that hold a share of it, and the ratio of two surfaces.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use model::api::Kernel;

use crate::plane::Metres;

/// A Gaussian is cut at so many bandwidths: beyond lies 0.03 % of its mass (exp(−4² / 2)).
const GAUSSIAN_REACH: f64 = 4.0;
/// Canonical bandwidth of the quartic kernel relative to the Gaussian's in two dimensions: `460.8^(1/6)`, from
/// `(R(K) / μ₂(K)²)^(1/6)` with R = 9 / (5π) and μ₂ = 1/8 against R = 1 / (4π) and μ₂ = 1 (Marron & Nolan 1988, "Canonical kernels for
/// density estimation", Statistics & Probability Letters 7).
const QUARTIC_TO_GAUSSIAN: f64 = 2.779_193;
/// Least bandwidth by a rule, in metres: where all points lie together the rule gives zero.
pub const LEAST_BANDWIDTH_M: f64 = 250.0;

/// A weighted point with the radius within which it truly lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Where.
    pub at: Metres,
    /// How much of it there is.
    pub weight: f64,
    /// Its imprecision in metres: the mention is somewhere in a disc of this radius.
    pub radius_m: f64,
}

/// Parts of a bandwidth that spots may lie apart and be taken together.
const TOGETHER: f64 = 8.0;

/// Spots that lie together within an eighth of the bandwidth as one each: thousands of addresses in one town cost no more than the town.
///
/// # Algorithm
/// Squares of that side, and of like imprecision: what lies in one gets its weight, its mean and, as the radius, its variance (own imprecision
/// and scatter), so that a surface differs only in moments above the second: by about a thousandth of its highest value.
pub fn together(spots: &[Spot], bandwidth_m: f64) -> Vec<Spot> {
    let side_m = bandwidth_m / TOGETHER;
    let square = |spot: &Spot| [spot.at.x, spot.at.y, spot.radius_m].map(|metres| (metres / side_m).floor() as i64);
    let mut by_square: BTreeMap<[i64; 3], Vec<&Spot>> = BTreeMap::new();
    for spot in spots.iter().filter(|spot| spot.weight > 0.0) {
        by_square.entry(square(spot)).or_default().push(spot);
    }
    let one = |spots: Vec<&Spot>| {
        let weight: f64 = spots.iter().map(|spot| spot.weight).sum();
        let mean = |of: &dyn Fn(&Spot) -> f64| spots.iter().map(|spot| spot.weight * of(spot)).sum::<f64>() / weight;
        let at = Metres { x: mean(&|spot| spot.at.x), y: mean(&|spot| spot.at.y) };
        let scatter = mean(&|spot| (spot.at.x - at.x).powi(2) + (spot.at.y - at.y).powi(2));
        // A disc of radius R has a variance of R² / 4 along each of both axes.
        Spot { at, weight, radius_m: (mean(&|spot| spot.radius_m * spot.radius_m) + 2.0 * scatter).sqrt() }
    };
    by_square.into_values().map(one).collect()
}

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

/// Density at a distance from a spot, per square metre and unit of weight.
///
/// An imprecise spot is spread by widening its kernel: a uniform disc of radius R has a variance of R² / 4 along each axis, and variances
/// add when kernels are convolved. For a Gaussian kernel and imprecision this is the convolution itself; for the quartic it is a
/// quartic of the same variance, h² / 8 + R² / 4.
fn widened(kernel: Kernel, bandwidth_m: f64, radius_m: f64) -> f64 {
    let own = match kernel {
        Kernel::Quartic => 2.0,
        Kernel::Gaussian => 0.25,
    };
    (bandwidth_m * bandwidth_m + own * radius_m * radius_m).sqrt()
}

fn reach(kernel: Kernel, width_m: f64) -> f64 {
    match kernel {
        Kernel::Quartic => width_m,
        Kernel::Gaussian => GAUSSIAN_REACH * width_m,
    }
}

/// The kernel itself, with its mass one over the plane: quartic `3 / (π h²) (1 − d² / h²)²`, Gaussian `1 / (2 π h²) exp(−d² / 2 h²)`.
fn kernel_at(kernel: Kernel, width_m: f64, squared: f64) -> f64 {
    let u = squared / (width_m * width_m);
    match kernel {
        Kernel::Quartic if u >= 1.0 => 0.0,
        Kernel::Quartic => 3.0 / (PI * width_m * width_m) * (1.0 - u) * (1.0 - u),
        Kernel::Gaussian => (-u / 2.0).exp() / (2.0 * PI * width_m * width_m),
    }
}

/// Density at one point, by the formula: every spot is read.
pub fn density_at(spots: &[Spot], kernel: Kernel, bandwidth_m: f64, at: Metres) -> f64 {
    let one = |spot: &Spot| {
        let (dx, dy) = (spot.at.x - at.x, spot.at.y - at.y);
        spot.weight * kernel_at(kernel, widened(kernel, bandwidth_m, spot.radius_m), dx * dx + dy * dy)
    };
    spots.iter().map(one).sum::<f64>() * 1e6
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
    let mut per_km2 = vec![0.0; grid.columns * grid.rows];
    for spot in spots.iter().filter(|spot| spot.weight > 0.0) {
        let width = widened(kernel, bandwidth_m, spot.radius_m);
        let (rows, columns) = cells_within(spot.at, reach(kernel, width), &grid);
        let mass: f64 = match inside {
            None => 1.0,
            Some(inside) => {
                let mut mass = 0.0;
                splat(spot.at, kernel, width, &grid, (rows.clone(), columns.clone()), |cell, value| {
                    mass += if inside.get(cell) == Some(&true) { value * grid.step_m * grid.step_m } else { 0.0 };
                });
                mass
            }
        };
        if mass > 0.0 {
            // A bandwidth far below a cell can put more than the whole mass on one middle; the correction may not shrink a kernel.
            let scale = spot.weight / mass.min(1.0) * 1e6;
            splat(spot.at, kernel, width, &grid, (rows, columns), |cell, value| {
                if inside.is_none_or(|inside| inside.get(cell) == Some(&true)) {
                    per_km2[cell] += scale * value;
                }
            });
        }
    }
    Surface { grid, per_km2 }
}

type Ranges = (std::ops::Range<usize>, std::ops::Range<usize>);

fn cells_within(at: Metres, reach_m: f64, grid: &Grid) -> Ranges {
    let range = |middle: f64, origin: f64, cells: usize| {
        let from = ((middle - reach_m - origin) / grid.step_m - 0.5).ceil().clamp(0.0, cells as f64);
        let to = ((middle + reach_m - origin) / grid.step_m - 0.5).floor() + 1.0;
        from as usize..(to.clamp(from, cells as f64) as usize)
    };
    (range(at.y, grid.origin.y, grid.rows), range(at.x, grid.origin.x, grid.columns))
}

fn splat(
    at: Metres,
    kernel: Kernel,
    width: f64,
    grid: &Grid,
    (rows, columns): Ranges,
    mut put: impl FnMut(usize, f64),
) {
    match kernel {
        // The Gaussian is a product: one exponential a column and a row, not a cell.
        Kernel::Gaussian => {
            let along = |middle: f64| (-(middle * middle) / (2.0 * width * width)).exp();
            let by_column: Vec<f64> = columns.clone().map(|column| along(grid.middle(column, 0).x - at.x)).collect();
            for row in rows {
                let height = along(grid.middle(0, row).y - at.y) / (2.0 * PI * width * width);
                for (column, value) in columns.clone().zip(&by_column) {
                    put(row * grid.columns + column, height * value);
                }
            }
        }
        Kernel::Quartic => {
            let (scale, inverse) = (3.0 / (PI * width * width), 1.0 / (width * width));
            for row in rows {
                let dy = grid.middle(0, row).y - at.y;
                for column in columns.clone() {
                    let dx = grid.middle(column, 0).x - at.x;
                    let left = (1.0 - (dx * dx + dy * dy) * inverse).max(0.0);
                    put(row * grid.columns + column, scale * left * left);
                }
            }
        }
    }
}

/// Bandwidth by Silverman's rule of thumb in two dimensions, in metres; in two dimensions Scott's rule is the same.
///
/// # Algorithm
/// `h = σ n^(−1/6)` for the Gaussian kernel, with σ² the mean of the variances along both axes and n the effective number of points
/// `(Σ w)² / Σ w²`; times the ratio of canonical bandwidths for the quartic. At least [`LEAST_BANDWIDTH_M`], so one point, or all in one
/// place, have a bandwidth too.
///
/// # References
/// Silverman 1986, equation 4.14 with d = 2; Scott 1992, "Multivariate Density Estimation", equation 6.42; Kish 1965 (effective number).
pub fn rule_of_thumb(spots: &[Spot], kernel: Kernel) -> f64 {
    let total: f64 = spots.iter().map(|spot| spot.weight).sum();
    let squares: f64 = spots.iter().map(|spot| spot.weight * spot.weight).sum();
    if total <= 0.0 || squares <= 0.0 {
        return LEAST_BANDWIDTH_M;
    }
    let mean = |of: fn(&Spot) -> f64| spots.iter().map(|spot| spot.weight * of(spot)).sum::<f64>() / total;
    let (x, y) = (mean(|spot| spot.at.x), mean(|spot| spot.at.y));
    let variance =
        spots.iter().map(|spot| spot.weight * ((spot.at.x - x).powi(2) + (spot.at.y - y).powi(2))).sum::<f64>()
            / (2.0 * total);
    let effective = total * total / squares;
    let gaussian = variance.sqrt() * effective.powf(-1.0 / 6.0);
    let bandwidth = match kernel {
        Kernel::Quartic => gaussian * QUARTIC_TO_GAUSSIAN,
        Kernel::Gaussian => gaussian,
    };
    if bandwidth.is_finite() { bandwidth.max(LEAST_BANDWIDTH_M) } else { LEAST_BANDWIDTH_M }
}

/// The bandwidth among `candidates_m` under which the other spots foretell each spot best.
///
/// # Returns
/// `None` without candidates, with fewer than two spots, or when no candidate reaches from every spot to another.
///
/// # Algorithm
/// Likelihood cross-validation: largest `Σ w_i ln f₋ᵢ(x_i)` (Silverman 1986, section 3.4.4). Time is quadratic in the spots.
pub fn cross_validated(spots: &[Spot], kernel: Kernel, candidates_m: &[f64]) -> Option<f64> {
    if spots.len() < 2 {
        return None;
    }
    let total: f64 = spots.iter().map(|spot| spot.weight).sum();
    let likelihood = |bandwidth: f64| -> f64 {
        spots
            .iter()
            .map(|spot| {
                let own = spot.weight * kernel_at(kernel, widened(kernel, bandwidth, spot.radius_m), 0.0) * 1e6;
                let others = (density_at(spots, kernel, bandwidth, spot.at) - own).max(0.0);
                spot.weight * (others / (total - spot.weight)).ln()
            })
            .sum()
    };
    candidates_m
        .iter()
        .map(|candidate| (*candidate, likelihood(*candidate)))
        .filter(|(_, likelihood)| likelihood.is_finite())
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(candidate, _)| candidate)
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
    fn spots_together_make_nearly_the_surface_that_they_make_each_by_itself() {
        // A linear congruential generator (Knuth, MMIX).
        let mut state = 7_u64;
        let mut below = |bound: f64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31) * bound
        };
        let spots: Vec<Spot> = (0..3_000)
            .map(|_| spot(below(10_000.0) - 5_000.0, below(6_000.0) - 3_000.0, 1.0 + below(4.0), below(600.0)))
            .collect();
        for kernel in [Kernel::Quartic, Kernel::Gaussian] {
            let few = together(&spots, 3_000.0);
            assert!(few.len() < spots.len() / 2, "{}", few.len());
            let weight = |spots: &[Spot]| spots.iter().map(|spot| spot.weight).sum::<f64>();
            assert!((weight(&few) - weight(&spots)).abs() < 1e-6);
            let [exact, near] = [&spots, &few].map(|spots| surface(spots, kernel, 3_000.0, grid(), None).per_km2);
            let most = exact.iter().copied().fold(0.0, f64::max);
            let off = exact.iter().zip(&near).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off < 2e-3 * most, "{kernel:?}: {off} of {most}");
        }
        let far = [spot(0.0, 0.0, 2.0, 10.0), spot(9_000.0, 0.0, 1.0, 900.0)];
        assert_eq!(together(&far, 3_000.0), far);
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
    fn a_rule_always_gives_a_width() {
        for spots in [&[][..], &[spot(1.0, 1.0, 5.0, 0.0)], &[spot(1.0, 1.0, 5.0, 0.0); 9], &[spot(0.0, 0.0, 0.0, 0.0)]]
        {
            assert!((rule_of_thumb(spots, Kernel::Quartic) - LEAST_BANDWIDTH_M).abs() < 1e-9);
        }
        let exact = (9.0_f64 * 64.0 * 4.0 / 5.0).powf(1.0 / 6.0);
        assert!((QUARTIC_TO_GAUSSIAN - exact).abs() < 1e-6, "{exact}");
    }

    #[test]
    fn cross_validation_prefers_the_width_that_fits() {
        let spots: Vec<_> =
            (0..60).map(|at| spot(f64::from(at % 8) * 1_000.0, f64::from(at / 8) * 1_000.0, 1.0, 0.0)).collect();
        let chosen = cross_validated(&spots, Kernel::Gaussian, &[10.0, 1_500.0, 200_000.0]);
        assert_eq!(chosen, Some(1_500.0));
        assert_eq!(cross_validated(&spots[..1], Kernel::Gaussian, &[100.0]), None);
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
