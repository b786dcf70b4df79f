//! When a rate changed: the best division of a series of counts into stretches of one rate each.

/// A stretch of one rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// First bin.
    pub from: usize,
    /// One past the last bin.
    pub to: usize,
    /// Count per unit of exposure.
    pub rate: f64,
}

/// Stretches of equal rate, in order; together they cover the series.
///
/// # Parameters
/// `exposure`: how much was read in each bin; a bin without any says nothing, whatever its count.
///
/// # Returns
/// One stretch when no change is worth its penalty; none for an empty series.
///
/// # Algorithm
/// PELT: dynamic programming over the last change, where starts that can never again be best are dropped, so that the cost is linear when
/// changes are spread over the series. The cost of a stretch is twice its negative Poisson log-likelihood, the penalty of a change
/// `2 ln n` (Schwarz's criterion: each change adds a rate and a position).
///
/// # References
/// Killick, Fearnhead & Eckley 2012, "Optimal detection of changepoints with a linear computational cost", JASA 107(500). Schwarz 1978,
/// "Estimating the dimension of a model", Annals of Statistics 6(2).
pub fn stretches(counts: &[u64], exposure: &[f64]) -> Vec<Stretch> {
    let n = counts.len().min(exposure.len());
    let (mut sums, mut reads) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    for at in 0..n {
        let read = if exposure[at].is_finite() { exposure[at].max(0.0) } else { 0.0 };
        sums[at + 1] = sums[at] + if read > 0.0 { counts[at] as f64 } else { 0.0 };
        reads[at + 1] = reads[at] + read;
    }
    let cost = |from: usize, to: usize| {
        let (sum, read) = (sums[to] - sums[from], reads[to] - reads[from]);
        // −2 (S ln(S/E) − S); the sum of −S over all stretches is the same for every division.
        if sum > 0.0 && read > 0.0 { -2.0 * sum * (sum / read).ln() } else { 0.0 }
    };
    let penalty = 2.0 * (n.max(1) as f64).ln();
    let mut best = vec![-penalty; n + 1];
    let mut previous = vec![0_usize; n + 1];
    let mut starts = vec![0_usize];
    for to in 1..=n {
        best[to] = f64::INFINITY;
        for start in &starts {
            let total = best[*start] + cost(*start, to) + penalty;
            if total < best[to] {
                (best[to], previous[to]) = (total, *start);
            }
        }
        starts.retain(|start| best[*start] + cost(*start, to) <= best[to]);
        starts.push(to);
    }
    let mut found = Vec::new();
    let mut to = n;
    while to > 0 {
        let from = previous[to];
        let read = reads[to] - reads[from];
        found.push(Stretch { from, to, rate: if read > 0.0 { (sums[to] - sums[from]) / read } else { 0.0 } });
        to = from;
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_jump_is_found_where_it_is() {
        let counts: Vec<u64> = (0..40).map(|at| if at < 25 { 2 + at % 2 } else { 14 + at % 3 }).collect();
        let found = stretches(&counts, &[1.0; 40]);
        assert_eq!(found.iter().map(|s| (s.from, s.to)).collect::<Vec<_>>(), [(0, 25), (25, 40)]);
    }

    #[test]
    fn twice_the_reading_is_no_change_and_nothing_is_no_stretch() {
        let counts: Vec<u64> = (0..40).map(|at| if at < 20 { 5 } else { 50 }).collect();
        let read: Vec<f64> = (0..40).map(|at| if at < 20 { 100.0 } else { 1000.0 }).collect();
        assert_eq!(stretches(&counts, &read).len(), 1);
        assert!(stretches(&[], &[]).is_empty());
        assert_eq!(stretches(&[0; 5], &[0.0; 5]), [Stretch { from: 0, to: 5, rate: 0.0 }]);
    }

    proptest! {
        #[test]
        fn they_cover_the_series_and_are_finite(bins in prop::collection::vec((0_u64..1_000, 0.0_f64..100.0), 0..60)) {
            let (counts, exposure): (Vec<_>, Vec<_>) = bins.into_iter().unzip();
            let found = stretches(&counts, &exposure);
            prop_assert_eq!(found.iter().map(|s| s.to - s.from).sum::<usize>(), counts.len());
            prop_assert!(found.iter().all(|s| s.rate.is_finite() && s.rate >= 0.0));
        }
    }
}
