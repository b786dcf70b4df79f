//! Whether what is near in space is near in time too: the Knox test of near repeats.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::plane::Metres;

/// A cell of the table: pairs within a band of distance and a band of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knox {
    /// Pairs there are.
    pub pairs: u64,
    /// Pairs there would be on average were the times dealt out at random.
    pub expected: f64,
    /// Share of permutations with as many pairs or more, the data themselves counted as one.
    pub p: f64,
}

/// The Knox table: rows are bands of distance, columns bands of time.
///
/// # Parameters
/// `distances_m`, `intervals_ms`: ascending upper bounds, the last one inclusive as all are; a pair beyond the last bound is in no band.
/// `go_on`: called after each permutation with those done; when it says `false` the test ends.
///
/// # Returns
/// A row for each distance, a cell for each interval; `None` when it was cancelled. Fewer than two points give zero pairs and p = 1.
///
/// # Algorithm
/// All pairs within the largest distance, once; then the times are permuted and only their differences are read again. The p-value is
/// `(1 + permutations with at least as many) / (1 + permutations)`.
///
/// # References
/// Knox 1964, "The detection of space-time interactions", Applied Statistics 13(1); Johnson et al. 2007, "Space–time patterns of risk: a
/// cross national assessment of residential burglary victimization", Journal of Quantitative Criminology 23 (permutation).
pub fn knox(
    points: &[(Metres, i64)],
    distances_m: &[f64],
    intervals_ms: &[i64],
    permutations: usize,
    seed: u64,
    go_on: &dyn Fn(usize) -> bool,
) -> Option<Vec<Vec<Knox>>> {
    let near = near_pairs(points, distances_m);
    let mut times: Vec<i64> = points.iter().map(|(_, at_ms)| *at_ms).collect();
    let columns = intervals_ms.len();
    let count = |times: &[i64]| {
        let mut table = vec![0_u64; distances_m.len() * columns];
        for (a, b, row) in &near {
            let between = times[*a as usize].abs_diff(times[*b as usize]);
            let column = intervals_ms.partition_point(|bound| bound.unsigned_abs() < between);
            if column < columns {
                table[*row as usize * columns + column] += 1;
            }
        }
        table
    };
    let observed = count(&times);
    let mut sums = vec![0_u64; observed.len()];
    let mut as_many = vec![1_u64; observed.len()];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for done in 1..=permutations {
        for at in (1..times.len()).rev() {
            times.swap(at, rng.random_range(0..=at));
        }
        for (at, pairs) in count(&times).into_iter().enumerate() {
            sums[at] += pairs;
            as_many[at] += u64::from(pairs >= observed[at]);
        }
        if !go_on(done) {
            return None;
        }
    }
    let cell = |at: usize| Knox {
        pairs: observed[at],
        expected: if permutations == 0 { 0.0 } else { sums[at] as f64 / permutations as f64 },
        p: as_many[at] as f64 / (permutations + 1) as f64,
    };
    Some((0..distances_m.len()).map(|row| (0..columns).map(|column| cell(row * columns + column)).collect()).collect())
}

/// At most so many of the points, chosen by chance, in their order. Pairs grow with the square of points; a sample keeps the ratio of pairs
/// to expected pairs, and finds less.
pub fn thinned<T: Copy>(points: &[T], most: usize, seed: u64) -> Vec<T> {
    if points.len() <= most {
        return points.to_vec();
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..points.len()).collect();
    for at in 0..most {
        let other = rng.random_range(at..order.len());
        order.swap(at, other);
    }
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|at| points[at]).collect()
}

/// Pairs within the largest distance, with their band; found by sweeping from west to east.
fn near_pairs(points: &[(Metres, i64)], distances_m: &[f64]) -> Vec<(u32, u32, u32)> {
    let reach = distances_m.last().copied().unwrap_or(0.0);
    let mut order: Vec<u32> = (0..points.len() as u32).collect();
    order.sort_unstable_by(|a, b| points[*a as usize].0.x.total_cmp(&points[*b as usize].0.x));
    let mut near = Vec::new();
    for (at, a) in order.iter().enumerate() {
        for b in &order[at + 1..] {
            let (from, to) = (points[*a as usize].0, points[*b as usize].0);
            if to.x - from.x > reach {
                break;
            }
            let distance = from.distance(to);
            let row = distances_m.partition_point(|bound| *bound < distance);
            if row < distances_m.len() {
                near.push((*a, *b, row as u32));
            }
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_near_in_both_stand_out() {
        // Thirty pairs: each a hundred metres and an hour apart, far from all others.
        let points: Vec<_> = (0..60_i64)
            .map(|at| {
                let x = (at / 2) as f64 * 50_000.0 + (at % 2) as f64 * 100.0;
                (Metres { x, y: 0.0 }, (at / 2) * 86_400_000 * 7 + (at % 2) * 3_600_000)
            })
            .collect();
        let table = knox(&points, &[200.0, 60_000.0], &[86_400_000, 30 * 86_400_000], 99, 1, &|_| true).unwrap();
        assert_eq!(table[0][0].pairs, 30);
        assert!(table[0][0].p <= 0.01 && table[0][0].expected < 5.0, "{table:?}");
    }

    #[test]
    fn nothing_and_one_point_have_no_pairs() {
        for points in [&[][..], &[(Metres { x: 1.0, y: 2.0 }, 3)]] {
            let table = knox(points, &[100.0], &[1_000], 9, 1, &|_| true).unwrap();
            assert_eq!(table, [[Knox { pairs: 0, expected: 0.0, p: 1.0 }]]);
        }
    }

    #[test]
    fn it_can_be_stopped_and_a_sample_is_always_the_same() {
        let points: Vec<_> = (0..40_i64).map(|at| (Metres { x: at as f64, y: 0.0 }, at * 1_000)).collect();
        assert_eq!(knox(&points, &[5.0], &[5_000], 99, 1, &|done| done < 3), None);
        let some = thinned(&points, 7, 4);
        assert_eq!((some.len(), &some), (7, &thinned(&points, 7, 4)));
        assert!(some.windows(2).all(|two| two[0].1 < two[1].1) && some != thinned(&points, 7, 5));
        assert_eq!(thinned(&points, 40, 1), points);
    }
}
