//! Kernel density: a surface of mentions per square kilometre, levels that hold a share of it, and the ratio of two surfaces.

mod surface;

use std::collections::BTreeMap;
use std::f64::consts::PI;

use model::api::Kernel;

use crate::plane::Metres;
pub use surface::{Grid, Level, Surface, relative_risk, surface, volume_levels};

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

/// Parts of a quartic's bandwidth, and of a Gaussian's that is as wide, that spots may lie apart and be taken together.
const TOGETHER: f64 = 8.0;

/// Spots that lie together within an eighth of the bandwidth (of the quartic; a third of the Gaussian's, which is as wide) as one each:
/// thousands of addresses in one town cost no more than the town.
///
/// # Algorithm
/// Squares of that side, and of like imprecision: what lies in one gets its weight, its mean and, as the radius, its variance (own imprecision
/// and scatter), so that a surface differs only in moments above the second: by about a thousandth of its highest value.
pub fn together(spots: &[Spot], kernel: Kernel, bandwidth_m: f64) -> Vec<Spot> {
    let side_m = match kernel {
        Kernel::Quartic => bandwidth_m / TOGETHER,
        Kernel::Gaussian => bandwidth_m * QUARTIC_TO_GAUSSIAN / TOGETHER,
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(x: f64, y: f64, weight: f64, radius_m: f64) -> Spot {
        Spot { at: Metres { x, y }, weight, radius_m }
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
        let grid = Grid::over(Metres { x: -20_000.0, y: -20_000.0 }, Metres { x: 20_000.0, y: 20_000.0 }, 200);
        for kernel in [Kernel::Quartic, Kernel::Gaussian] {
            let few = together(&spots, kernel, 3_000.0);
            assert!(few.len() < spots.len() / 2, "{}", few.len());
            let weight = |spots: &[Spot]| spots.iter().map(|spot| spot.weight).sum::<f64>();
            assert!((weight(&few) - weight(&spots)).abs() < 1e-6);
            let [exact, near] = [&spots, &few].map(|spots| surface(spots, kernel, 3_000.0, grid, None).per_km2);
            let most = exact.iter().copied().fold(0.0, f64::max);
            let off = exact.iter().zip(&near).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off < 2e-3 * most, "{kernel:?}: {off} of {most}");
        }
        let far = [spot(0.0, 0.0, 2.0, 10.0), spot(9_000.0, 0.0, 1.0, 900.0)];
        assert_eq!(together(&far, Kernel::Quartic, 3_000.0), far);
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
}
