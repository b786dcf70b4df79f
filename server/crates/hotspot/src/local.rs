//! Statistics of a neighbourhood: Getis–Ord Gi* and local Moran's I.

use statrs::function::erf::erfc;

use crate::false_discovery::corrected;
use crate::neighbours::Neighbours;

/// How hot the neighbourhood of a unit is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// Standard score: high where high values lie together (Gi*), or where a unit is like its neighbours (Moran).
    pub z: f64,
    /// Two-sided p-value under the normal approximation.
    pub p: f64,
    /// The p-value after Benjamini–Hochberg over all units that have one.
    pub p_corrected: f64,
}

/// In which way a unit is like or unlike its neighbours (Anselin's quadrants).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// High among high.
    HighHigh,
    /// Low among high.
    LowHigh,
    /// Low among low.
    LowLow,
    /// High among low: an outlier.
    HighLow,
}

/// Local Moran's I of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moran {
    /// The statistic.
    pub i: f64,
    /// Its standard score and p-values.
    pub local: Local,
    /// Where the unit lies in Moran's scatter plot.
    pub quadrant: Quadrant,
}

/// Two-sided p-value of a standard score.
pub fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2).clamp(0.0, 1.0)
}

/// Getis–Ord Gi* of every unit, with its own value counted among those of its neighbours.
///
/// # Parameters
/// `values`: one a unit, zeros included. `near`: binary weights; of the same length.
///
/// # Returns
/// For each unit its standard score with p-values; `None` for all when there are fewer than two units or all values are equal, and for a
/// unit whose neighbourhood is everything: there is nothing to compare with.
///
/// # Algorithm
/// `z = (Σ w x − x̄ Σ w) / (s √((n Σ w² − (Σ w)²) / (n − 1)))` with `s² = Σ x² / n − x̄²`; p two-sided from the normal distribution.
///
/// # References
/// Ord & Getis 1995, "Local spatial autocorrelation statistics", Geographical Analysis 27(4), equation 5.
pub fn gi_star(values: &[f64], near: &Neighbours) -> Vec<Option<Local>> {
    let Some((mean, deviation)) = spread(values) else { return vec![None; values.len()] };
    let n = values.len() as f64;
    let scores: Vec<Option<f64>> = values
        .iter()
        .enumerate()
        .map(|(unit, own)| {
            let others = near.of(unit);
            let sum = own + others.iter().map(|other| values[*other as usize]).sum::<f64>();
            score(sum, 1.0 + others.len() as f64, mean, deviation, n)
        })
        .collect();
    judged(&scores)
}

/// Standard score of a sum over `weight` of `n` values.
pub(crate) fn score(sum: f64, weight: f64, mean: f64, deviation: f64, n: f64) -> Option<f64> {
    let left = n * weight - weight * weight;
    (left > 0.0).then(|| (sum - mean * weight) / (deviation * (left / (n - 1.0)).sqrt()))
}

/// Mean and population deviation; `None` when nothing varies.
pub(crate) fn spread(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    // Rounding alone gives equal values a variance of some 1e-32 of their square.
    (values.len() >= 2 && variance.is_finite() && variance > 1e-24 * (1.0 + mean * mean))
        .then(|| (mean, variance.sqrt()))
}

/// P-values for the scores that there are.
pub(crate) fn judged(scores: &[Option<f64>]) -> Vec<Option<Local>> {
    let p: Vec<f64> = scores.iter().flatten().map(|z| two_sided(*z)).collect();
    let mut corrected = p.iter().copied().zip(corrected(&p));
    scores
        .iter()
        .map(|z| z.and_then(|z| corrected.next().map(|(p, p_corrected)| Local { z, p, p_corrected })))
        .collect()
}

/// Local Moran's I of every unit, with weights that sum to one for each.
///
/// # Returns
/// `None` for all when fewer than three units or no variance; `None` for a unit without neighbours.
///
/// # Algorithm
/// `I = z_i Σ w z` with z the standardised values. Expectation and variance under conditional randomisation: the value of the unit itself
/// stays, all others change places (Sokal, Oden & Thomson 1998, equations A7 and A8).
///
/// # References
/// Anselin 1995, "Local indicators of spatial association—LISA", Geographical Analysis 27(2). Sokal, Oden & Thomson 1998, "Local spatial
/// autocorrelation in a biological model", Geographical Analysis 30(4).
pub fn local_moran(values: &[f64], near: &Neighbours) -> Vec<Option<Moran>> {
    let Some((mean, deviation)) = spread(values).filter(|_| values.len() >= 3) else { return vec![None; values.len()] };
    let n = values.len() as f64;
    let z: Vec<f64> = values.iter().map(|value| (value - mean) / deviation).collect();
    let found: Vec<Option<(f64, f64, Quadrant)>> = (0..values.len())
        .map(|unit| {
            let others = near.of(unit);
            if others.is_empty() {
                return None;
            }
            let weight = 1.0 / others.len() as f64;
            let lag = weight * others.iter().map(|other| z[*other as usize]).sum::<f64>();
            let (i, own) = (z[unit] * lag, z[unit] * z[unit]);
            let expected = -own / (n - 1.0);
            let variance = own * (n / (n - 2.0)) * (weight - 1.0 / (n - 1.0)) * (1.0 - own / (n - 1.0));
            let quadrant = match (z[unit] > 0.0, lag > 0.0) {
                (true, true) => Quadrant::HighHigh,
                (false, true) => Quadrant::LowHigh,
                (false, false) => Quadrant::LowLow,
                (true, false) => Quadrant::HighLow,
            };
            (variance > 1e-24).then(|| (i, (i - expected) / variance.sqrt(), quadrant))
        })
        .collect();
    let scores: Vec<_> = found.iter().map(|found| found.map(|(_, z, _)| z)).collect();
    found
        .into_iter()
        .zip(judged(&scores))
        .map(|(found, local)| found.zip(local).map(|((i, _, quadrant), local)| Moran { i, local, quadrant }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(units: u32) -> Neighbours {
        Neighbours::from_pairs(units as usize, (1..units).map(|unit| (unit - 1, unit)))
    }

    #[test]
    fn where_nothing_varies_nothing_is_said() {
        assert_eq!(gi_star(&[], &row(0)), []);
        assert_eq!(gi_star(&[4.0], &row(1)), [None]);
        assert_eq!(gi_star(&[0.1; 30], &row(30)), vec![None; 30]);
        assert!(local_moran(&[0.1; 30], &row(30)).iter().all(Option::is_none));
        assert!(local_moran(&[1.0, 2.0], &row(2)).iter().all(Option::is_none));
    }

    #[test]
    fn a_neighbourhood_of_everything_has_no_score() {
        let all = Neighbours::from_pairs(3, [(0, 1), (1, 2), (0, 2)]);
        assert_eq!(gi_star(&[1.0, 2.0, 9.0], &all), [None, None, None]);
    }

    #[test]
    fn high_values_together_are_hot_and_an_island_has_no_moran() {
        let mut values = vec![0.0; 40];
        values[10..13].fill(9.0);
        let gi = gi_star(&values, &row(40));
        assert!(gi[11].unwrap().z > 5.0 && gi[30].unwrap().z < 0.0);
        let mut pairs: Vec<_> = (1..39).map(|unit| (unit - 1, unit)).collect();
        pairs.retain(|(a, b)| *a != 11 && *b != 11);
        let moran = local_moran(&values, &Neighbours::from_pairs(40, pairs));
        assert!(moran[11].is_none() && moran[20].unwrap().quadrant == Quadrant::LowLow);
    }
}
