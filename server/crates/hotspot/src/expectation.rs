//! How much should be counted at a place, by its own past and that of the others; what is counted is for the caller to say.

use statrs::distribution::{DiscreteCDF, NegativeBinomial};

/// Shape of the prior when there are too few places to estimate it: as spread out as an exponential distribution.
const WEAK_SHAPE: f64 = 1.0;
/// Bounds of the estimated shape. Below, a place's past would count for everything; above, for nothing.
const SHAPE_BOUNDS: (f64, f64) = (0.5, 50.0);
/// From so many places on the spread between them is estimated.
const ENOUGH_PLACES: usize = 20;
/// Least prior mean: a period in which nobody spoke of any place does not make one conversation a miracle.
const LEAST_MEAN: f64 = 0.5;

/// What is usual for a place: a gamma distribution over its count in the period before.
///
/// # Algorithm
/// Empirical Bayes with a Gamma–Poisson model; shape and mean by the method of moments over all places (Marshall 1991, "Mapping disease
/// and mortality rates using empirical Bayes estimators", Applied Statistics 40(2)). A place with a count of `b` before has the
/// posterior mean `(shape + b) · mean / (shape + mean)`: small counts are drawn towards what is usual, large ones stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Prior {
    shape: f64,
    mean: f64,
}

/// What is expected of one place now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Expectation {
    /// The count expected.
    pub(crate) mean: f64,
    shape: f64,
}

/// What is expected of each place by its own past and that of the others, when `exposure` times as many messages are read as then.
///
/// Above zero for every place, also for one that was never spoken of.
pub fn expected(before: &[u64], exposure: f64) -> Vec<f64> {
    let prior = Prior::estimated(before);
    before.iter().map(|before| prior.expectation(*before, exposure).mean).collect()
}

impl Prior {
    /// The prior from every place's count in the period before.
    pub(crate) fn estimated(before: &[u64]) -> Self {
        // Sums of integers are exact: the order of the places does not matter.
        let sum: u128 = before.iter().map(|count| u128::from(*count)).sum();
        let squares: u128 = before.iter().map(|count| u128::from(*count) * u128::from(*count)).sum();
        let n = before.len().max(1) as f64;
        let mean = sum as f64 / n;
        let variance = squares as f64 / n - mean * mean;
        // Poisson noise alone gives a variance equal to the mean; what is above it is the spread between places.
        let spread = variance - mean;
        let shape = if before.len() < ENOUGH_PLACES {
            WEAK_SHAPE
        } else if spread > 0.0 {
            (mean * mean / spread).clamp(SHAPE_BOUNDS.0, SHAPE_BOUNDS.1)
        } else {
            SHAPE_BOUNDS.1
        };
        Self { shape, mean: mean.max(LEAST_MEAN) }
    }

    /// What is expected now of a place with a count of `before` then, when `exposure` times as many messages were read.
    pub(crate) fn expectation(&self, before: u64, exposure: f64) -> Expectation {
        let shape = self.shape + before as f64;
        Expectation { mean: exposure * shape * self.mean / (self.shape + self.mean), shape }
    }
}

impl Expectation {
    /// Probability of so many or more.
    ///
    /// # Algorithm
    /// Upper tail of the posterior predictive distribution, which is negative binomial: the Poisson noise of now and what is not known of
    /// the place's rate then.
    pub(crate) fn at_least(&self, count: u64) -> f64 {
        match (count.checked_sub(1), self.distribution()) {
            (Some(below), Some(distribution)) => distribution.sf(below).clamp(0.0, 1.0),
            _ => 1.0,
        }
    }

    /// Probability of so many or fewer.
    pub(crate) fn at_most(&self, count: u64) -> f64 {
        self.distribution().map_or(1.0, |distribution| distribution.cdf(count).clamp(0.0, 1.0))
    }

    /// Standard score of so many.
    pub(crate) fn z_score(&self, count: u64) -> f64 {
        let variance = self.mean + self.mean * self.mean / self.shape;
        (count as f64 - self.mean) / variance.sqrt()
    }

    /// How far a count above the mean lies from it, in nats: the log-likelihood ratio of a Poisson count against its expectation, as scan
    /// statistics use it (Kulldorff 1997, "A spatial scan statistic"). 0 at or below the mean; grows with the count.
    pub(crate) fn surprise(&self, count: u64) -> f64 {
        let observed = count as f64;
        if observed <= self.mean { 0.0 } else { observed * (observed / self.mean).ln() - (observed - self.mean) }
    }

    fn distribution(&self) -> Option<NegativeBinomial> {
        NegativeBinomial::new(self.shape, self.shape / (self.shape + self.mean)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_expected_to_be_spoken_of() {
        let found = expected(&[0, 3, 12], 2.0);
        assert!(found[0] > 0.0 && found.windows(2).all(|two| two[0] < two[1]), "{found:?}");
        assert!(expected(&[], 1.0).is_empty());
    }

    #[test]
    fn with_few_places_the_past_is_drawn_towards_what_is_usual() {
        // Mean of 0, 0, 3 is 1, weak shape 1: (1 + 3) · 1 / (1 + 1) = 2 and (1 + 0) · 1 / 2 = 0.5.
        let prior = Prior::estimated(&[0, 0, 3]);
        assert!((prior.expectation(3, 1.0).mean - 2.0).abs() < 1e-12);
        assert!((prior.expectation(0, 1.0).mean - 0.5).abs() < 1e-12);
        assert!((prior.expectation(0, 4.0).mean - 2.0).abs() < 1e-12, "four times the messages, four times the count");
    }

    #[test]
    fn the_tails_are_those_of_a_negative_binomial() {
        // Shape 1 is the geometric distribution: with mean 0.5, P(X ≥ k) = (1/3)^k.
        let expectation = Expectation { mean: 0.5, shape: 1.0 };
        for k in 0..6 {
            let exact = (1.0_f64 / 3.0).powi(k);
            assert!((expectation.at_least(k.unsigned_abs().into()) - exact).abs() < 1e-12, "{k}");
            assert!((expectation.at_most(k.unsigned_abs().into()) - (1.0 - exact / 3.0)).abs() < 1e-12, "{k}");
        }
        assert!((expectation.z_score(2) - 1.5 / 0.75_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn surprise_is_nothing_at_the_mean_and_grows_above_it() {
        let expectation = Expectation { mean: 2.0, shape: 3.0 };
        assert_eq!((expectation.surprise(0), expectation.surprise(2)), (0.0, 0.0));
        // 4 ln 2 − 2
        assert!((expectation.surprise(4) - (4.0 * 2.0_f64.ln() - 2.0)).abs() < 1e-12);
        assert!(expectation.surprise(5) > expectation.surprise(4));
    }

    #[test]
    fn places_that_differ_more_are_drawn_together_less() {
        let alike = Prior::estimated(&[5; 40]);
        let mixed: Vec<u64> = (0..40).map(|n| if n % 2 == 0 { 0 } else { 10 }).collect();
        let mixed = Prior::estimated(&mixed);
        assert!(alike.expectation(10, 1.0).mean < mixed.expectation(10, 1.0).mean);
    }
}
