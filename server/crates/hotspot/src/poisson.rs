//! Exact tests of counts: against an expectation, and of one count against another.

use statrs::function::beta::{beta_reg, ln_beta};
use statrs::function::gamma::{gamma_lr, gamma_ur};

/// Probability of `count` or more where `mean` is expected, Poisson distributed. 1 for a count of 0; where nothing is expected, 0 for any.
///
/// # Algorithm
/// The upper tail is the regularised lower incomplete gamma function P(count, mean) (Abramowitz & Stegun 26.4.21).
pub fn at_least(count: u64, mean: f64) -> f64 {
    match count {
        0 => 1.0,
        _ if mean <= 0.0 => 0.0,
        _ => gamma_lr(count as f64, mean).clamp(0.0, 1.0),
    }
}

/// Probability of `count` or fewer.
pub fn at_most(count: u64, mean: f64) -> f64 {
    if mean <= 0.0 { 1.0 } else { gamma_ur(count as f64 + 1.0, mean).clamp(0.0, 1.0) }
}

/// Interval of the rate of `now` over that of `before`, when `exposure` times as much was read now; 95 %. The upper end is `None` when
/// nothing was counted before: then there is no bound. `None` when nothing was counted at all.
///
/// # Algorithm
/// Given their sum, `now` is binomial with share `ρ·e / (1 + ρ·e)`; the exact interval of that share (Clopper & Pearson 1934) is carried
/// over to the ratio (Przyborowski & Wilenski 1940, "Homogeneity of results in testing samples from Poisson series", Biometrika 31).
pub fn ratio_interval(now: u64, before: u64, exposure: f64) -> Option<(f64, Option<f64>)> {
    if now + before == 0 || exposure <= 0.0 || !exposure.is_finite() {
        return None;
    }
    let (a, b) = (now as f64, before as f64);
    let ratio = |share: f64| share / (1.0 - share) / exposure;
    let low = if now == 0 { 0.0 } else { ratio(beta_quantile(a, b + 1.0, TAIL)) };
    let high = (before > 0).then(|| ratio(beta_quantile(a + 1.0, b, 1.0 - TAIL)));
    Some((low, high))
}

/// What lies outside a two-sided interval of 95 % on one side.
const TAIL: f64 = 0.025;

/// Quantile of a beta distribution, as exact as its distribution function: Newton's steps, and a half of what is left where one leads out of it.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let scale = ln_beta(a, b);
    let (mut low, mut high, mut at) = (0.0_f64, 1.0_f64, a / (a + b));
    for _ in 0..200 {
        let off = beta_reg(a, b, at) - p;
        if off < 0.0 {
            low = at;
        } else {
            high = at;
        }
        let density = ((a - 1.0) * at.ln() + (b - 1.0) * (-at).ln_1p() - scale).exp();
        let step = at - off / density;
        let next = if low < step && step < high { step } else { low.midpoint(high) };
        if (next - at).abs() <= 4.0 * f64::EPSILON * at || next <= low || next >= high {
            return next;
        }
        at = next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_at_the_edges_are_what_they_must_be() {
        assert_eq!((at_least(0, 0.0), at_least(3, 0.0), at_most(0, 0.0)), (1.0, 0.0, 1.0));
        assert!((at_least(1, 2.0) - (1.0 - (-2.0_f64).exp())).abs() < 1e-14);
        assert!((at_most(0, 2.0) - (-2.0_f64).exp()).abs() < 1e-14);
    }

    #[test]
    fn a_quantile_is_where_its_distribution_function_says() {
        for (a, b) in
            [(1.0, 1.0), (1.0, 30_000.0), (2.0, 2.0), (0.5, 5.0), (40.0, 1.0), (5_000.0, 7_000.0), (90_000.0, 3.0)]
        {
            for p in [1e-6, TAIL, 0.5, 1.0 - TAIL] {
                let x = beta_quantile(a, b, p);
                assert!((beta_reg(a, b, x) - p).abs() < 1e-11, "{a} {b} {p}: {x}");
            }
        }
    }

    #[test]
    fn without_a_past_a_ratio_has_no_upper_end_and_without_counts_none_at_all() {
        assert_eq!(ratio_interval(0, 0, 1.0), None);
        assert_eq!(ratio_interval(3, 1, 0.0), None);
        assert_eq!(ratio_interval(5, 0, 1.0).unwrap().1, None);
        let (low, high) = ratio_interval(20, 10, 1.0).unwrap();
        assert!(low < 2.0 && high.unwrap() > 2.0 && low > 0.8);
    }
}
