//! Whether a series rises or falls: Mann–Kendall, also where its values depend on those before.

use crate::local::two_sided;

/// Level at which an autocorrelation counts as there (Hamed & Rao 1998).
const AUTOCORRELATION_Z: f64 = 1.959_963_984_540_054;

/// Outcome of a Mann–Kendall test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Kendall's score: pairs that rise minus pairs that fall.
    pub s: f64,
    /// Score as a share of all pairs, −1 to 1.
    pub tau: f64,
    /// Standard score with continuity correction.
    pub z: f64,
    /// Two-sided p-value.
    pub p: f64,
    /// Median slope a step (Sen 1968).
    pub slope: f64,
}

/// Mann–Kendall test for a monotone trend, with the variance corrected for ties.
///
/// # Returns
/// `None` for fewer than four values, or when all are equal.
///
/// # References
/// Mann 1945, "Nonparametric tests against trend", Econometrica 13(3); Kendall 1975, "Rank Correlation Methods"; Sen 1968, "Estimates of
/// the regression coefficient based on Kendall's tau", JASA 63.
pub fn mann_kendall(values: &[f64]) -> Option<Trend> {
    let (s, variance) = score_and_variance(values)?;
    Some(trend(values, s, variance, sen_slope(values)))
}

/// Mann–Kendall test whose variance allows for serial correlation.
///
/// # Algorithm
/// Hamed & Rao 1998: the series without its Sen slope is ranked; autocorrelations of the ranks beyond ±1.96/√n enlarge or shrink the
/// variance by `1 + 2 / (n (n−1) (n−2)) Σ (n−i) (n−i−1) (n−i−2) ρ(i)` over all lags.
///
/// # Returns
/// As [`mann_kendall`]; where the corrected variance is not positive (strong alternation) the uncorrected one stands.
///
/// # References
/// Hamed & Rao 1998, "A modified Mann-Kendall trend test for autocorrelated data", Journal of Hydrology 204.
pub fn hamed_rao(values: &[f64]) -> Option<Trend> {
    let (s, variance) = score_and_variance(values)?;
    let n = values.len() as f64;
    let slope = sen_slope(values);
    let detrended: Vec<f64> = values.iter().enumerate().map(|(at, value)| value - (at + 1) as f64 * slope).collect();
    let ranks = ranks(&detrended);
    let bound = AUTOCORRELATION_Z / n.sqrt();
    let sum: f64 = autocorrelations(&ranks)
        .into_iter()
        .enumerate()
        .skip(1)
        .filter(|(_, rho)| rho.abs() > bound)
        .map(|(lag, rho)| {
            let left = n - lag as f64;
            left * (left - 1.0) * (left - 2.0) * rho
        })
        .sum();
    let factor = 1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * sum;
    Some(trend(values, s, if factor > 0.0 { variance * factor } else { variance }, slope))
}

fn trend(values: &[f64], s: f64, variance: f64, slope: f64) -> Trend {
    let n = values.len() as f64;
    let z = if s == 0.0 { 0.0 } else { (s - s.signum()) / variance.sqrt() };
    Trend { s, tau: s / (n * (n - 1.0) / 2.0), z, p: two_sided(z), slope }
}

fn score_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 4 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut s = 0_i64;
    for (at, value) in values.iter().enumerate() {
        for later in &values[at + 1..] {
            s += i64::from(later > value) - i64::from(later < value);
        }
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let ties: f64 = sorted.chunk_by(|a, b| a.total_cmp(b).is_eq()).map(|tied| term(tied.len() as f64)).sum();
    let variance = (term(values.len() as f64) - ties) / 18.0;
    (variance > 0.0).then_some((s as f64, variance))
}

fn sen_slope(values: &[f64]) -> f64 {
    let mut slopes = Vec::with_capacity(values.len() * values.len().saturating_sub(1) / 2);
    for (at, value) in values.iter().enumerate() {
        slopes.extend(values[at + 1..].iter().enumerate().map(|(steps, later)| (later - value) / (steps + 1) as f64));
    }
    median(&mut slopes)
}

fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let is_even = values.len().is_multiple_of(2);
    let (below, middle, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(before) if is_even => before.midpoint(*middle),
        _ => *middle,
    }
}

/// Ranks from 1; tied values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        let rank = before as f64 + f64::midpoint(tied.len() as f64, 1.0);
        for at in tied {
            ranks[*at] = rank;
        }
        before += tied.len();
    }
    ranks
}

fn autocorrelations(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let at_lag = |lag: usize| centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let own = at_lag(0);
    (0..values.len()).map(|lag| if own > 0.0 { at_lag(lag) / own } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_short_or_all_equal_has_no_trend() {
        for values in [&[][..], &[1.0, 2.0, 3.0], &[5.0; 12], &[1.0, f64::NAN, 2.0, 3.0]] {
            assert_eq!(mann_kendall(values), None, "{values:?}");
            assert_eq!(hamed_rao(values), None, "{values:?}");
        }
    }

    #[test]
    fn a_straight_line_is_a_sure_trend() {
        let line: Vec<f64> = (0..20).map(f64::from).collect();
        let trend = hamed_rao(&line).unwrap();
        assert!((trend.slope - 1.0).abs() < 1e-12 && (trend.tau - 1.0).abs() < 1e-12 && trend.p < 1e-6);
    }
}
