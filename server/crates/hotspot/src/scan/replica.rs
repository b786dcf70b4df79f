//! Cases drawn anew: all of them fall on cells by what is usual there.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution};

/// Cases a cell from which a binomial draw a cell costs less than a draw a case.
const MANY: u64 = 8;

/// Cells by weight, ready to be drawn from.
pub(super) struct Cells {
    /// For draws one by one: what a cell keeps, and who gets the rest.
    keep: Vec<f64>,
    other: Vec<u32>,
    /// The share of each cell in what it and all cells behind it weigh.
    of_the_rest: Vec<f64>,
}

impl Cells {
    /// # References
    /// Walker 1977, "An efficient method for generating discrete random variables with general distributions", ACM TOMS 3(3); Vose 1991.
    pub(super) fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let n = weights.len();
        let mut keep: Vec<f64> = weights.iter().map(|weight| weight * n as f64 / total).collect();
        let mut other: Vec<u32> = (0..n as u32).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|at| keep[*at] < 1.0);
        while let (Some(less), Some(more)) = (small.pop(), large.last().copied()) {
            other[less] = more as u32;
            keep[more] -= 1.0 - keep[less];
            if keep[more] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        // What is left is one but for rounding; a cell of no weight is never left, since it was small from the start.
        for at in large.into_iter().chain(small) {
            if weights[at] > 0.0 {
                keep[at] = 1.0;
            }
        }
        let mut rest = 0.0;
        let mut of_the_rest: Vec<f64> = weights
            .iter()
            .rev()
            .map(|weight| {
                rest += weight;
                if *weight > 0.0 { weight / rest } else { 0.0 }
            })
            .collect();
        of_the_rest.reverse();
        Self { keep, other, of_the_rest }
    }

    /// So many cases by cell: multinomial.
    ///
    /// # Algorithm
    /// Few cases are drawn one by one by the alias method. Many are drawn a cell at a time: what falls on it of what is left is binomial
    /// (Devroye 1986, "Non-Uniform Random Variate Generation", chapter XI, 1.4).
    pub(super) fn replica(&self, total: u64, rng: &mut ChaCha8Rng) -> Vec<u32> {
        let mut cases = vec![0_u32; self.keep.len()];
        if total < MANY * cases.len() as u64 {
            for _ in 0..total {
                cases[self.draw(rng)] += 1;
            }
            return cases;
        }
        let mut left = total;
        for (cases, share) in cases.iter_mut().zip(&self.of_the_rest) {
            let drawn = match Binomial::new(left, *share) {
                Ok(binomial) if *share < 1.0 => binomial.sample(rng),
                // The last cell of any weight.
                _ => left,
            };
            *cases = drawn.min(u32::MAX.into()) as u32;
            left -= drawn;
            if left == 0 {
                break;
            }
        }
        cases
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> usize {
        let bits: u64 = rng.random();
        // The high half chooses the cell, the low half whether it is kept.
        let at = (((bits >> 32) * self.keep.len() as u64) >> 32) as usize;
        let fraction = (bits & 0xFFFF_FFFF) as f64 / 4_294_967_296.0;
        if fraction < self.keep[at] { at } else { self.other[at] as usize }
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn few_and_many_cases_follow_the_weights_and_none_is_lost() {
        let shares = [0.1, 0.0, 0.3, 0.6, 0.0];
        let cells = Cells::new(&shares.map(|share| share * 7.0));
        for (total, replicas) in [(10_u64, 20_000), (1_000, 2_000)] {
            let (mut sums, mut squares) = ([0.0; 5], [0.0; 5]);
            for seed in 0..replicas {
                let cases = cells.replica(total, &mut ChaCha8Rng::seed_from_u64(seed));
                assert_eq!(cases.iter().map(|cases| u64::from(*cases)).sum::<u64>(), total);
                for (at, cases) in cases.iter().enumerate() {
                    let off = f64::from(*cases) - total as f64 * shares[at];
                    sums[at] += off;
                    squares[at] += off * off;
                }
            }
            for (at, share) in shares.iter().enumerate() {
                // Mean and variance of a multinomial.
                let variance = total as f64 * share * (1.0 - share);
                let n = replicas as f64;
                assert!((sums[at] / n).abs() <= 4.0 * (variance / n).sqrt(), "{total} {at}: {}", sums[at] / n);
                assert!((squares[at] / n - variance).abs() <= 0.1 * variance, "{total} {at}: {}", squares[at] / n);
            }
        }
    }
}
