//! The space–time scan statistic: which circle, over which last stretch of time, holds most more than expected.

mod replica;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use crate::plane::Metres;
use replica::Cells;

/// Replicas counted side by side: expectations are read once for all of them.
const BATCH: usize = 8;
/// Batches that each core makes between two looks at whether somebody still waits.
const ROUND: usize = 4;

/// What is scanned.
#[derive(Debug, Clone, Copy)]
pub struct Study<'a> {
    /// Where each unit lies.
    pub points: &'a [Metres],
    /// Cases by unit and bin.
    pub cases: &'a [Vec<u32>],
    /// What is usual by unit and bin, on any scale: population, or the past times what was read. A cell without any gets no cases in
    /// a replica.
    pub usual: &'a [Vec<f64>],
}

/// How it is scanned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Largest share of what is usual that a circle may hold; half, as in `SaTScan`.
    pub most_share: f64,
    /// Largest radius of a circle in metres.
    pub most_radius_m: f64,
    /// Longest stretch in bins; all stretches end with the last bin.
    pub most_bins: usize,
    /// Replicas of the Monte Carlo test.
    pub replicas: usize,
    /// The same seed gives the same p-values.
    pub seed: u64,
    /// How many clusters are told, none overlapping a stronger one.
    pub clusters: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            most_share: 0.5,
            most_radius_m: f64::INFINITY,
            most_bins: usize::MAX,
            replicas: 999,
            seed: 1,
            clusters: 10,
        }
    }
}

/// A circle over a last stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// Units in it, the centre first, then by distance.
    pub units: Vec<u32>,
    /// Distance from the centre to the last unit.
    pub radius_m: f64,
    /// First bin; the last one is the last of the study.
    pub from_bin: usize,
    /// Cases in it.
    pub cases: u64,
    /// Cases expected in it.
    pub expected: f64,
    /// Rate inside over rate outside; `None` when everything is inside.
    pub relative_risk: Option<f64>,
    /// Log-likelihood ratio.
    pub likelihood_ratio: f64,
    /// Share of data sets, replicas and the real one, whose best is at least as good.
    pub p: f64,
}

/// The strongest clusters, best first.
///
/// # Parameters
/// `go_on`: called now and then with the replicas done; when it says `false` the scan ends.
///
/// # Returns
/// `None` when it was cancelled. Nothing when there are no cases, fewer than two units, or nothing usual to compare with.
///
/// # Algorithm
/// Circles around each unit through each other unit, up to `most_share` of what is usual; stretches that end with the last bin. The
/// statistic is Poisson: `c ln(c/e) + (C − c) ln((C − c)/(C − e))` where c > e. Under the null all C cases fall on cells by what is usual;
/// each replica draws them anew and gives its best. `(c − e)² C / (e (C − e))` is never below the ratio (by ln x ≤ x − 1)
/// and needs no logarithm: only windows where it passes the best so far are computed exactly.
///
/// # References
/// Kulldorff 1997, "A spatial scan statistic", Communications in Statistics 26(6); Kulldorff 2001, "Prospective time periodic geographical
/// disease surveillance using a scan statistic", JRSS A 164; Dwass 1957 (Monte Carlo test).
pub fn scan(study: &Study<'_>, options: &Options, go_on: &dyn Fn(usize) -> bool) -> Option<Vec<Scanned>> {
    let Some(windows) = Windows::new(study, options) else { return Some(Vec::new()) };
    let found = windows.strongest(study.cases, options.clusters);
    if found.is_empty() {
        return Some(Vec::new());
    }
    let cells = Cells::new(&study.usual.iter().flatten().map(|usual| usual.max(0.0)).collect::<Vec<_>>());
    let bins = study.usual[0].len();
    // Each replica has a seed of its own: what comes out does not depend on batches and cores.
    let replica =
        |at: usize| cells.replica(windows.total, &mut ChaCha8Rng::seed_from_u64(options.seed.wrapping_add(at as u64)));
    let mut best = Vec::with_capacity(options.replicas);
    while best.len() < options.replicas {
        let until = options.replicas.min(best.len() + BATCH * ROUND * rayon::current_num_threads());
        let batches: Vec<std::ops::Range<usize>> =
            (best.len()..until).step_by(BATCH).map(|from| from..until.min(from + BATCH)).collect();
        best.par_extend(
            batches.into_par_iter().flat_map_iter(|batch| windows.best(&batch.map(replica).collect::<Vec<_>>(), bins)),
        );
        if !go_on(best.len()) {
            return None;
        }
    }
    let p = |ratio: f64| (1 + best.iter().filter(|best| **best >= ratio).count()) as f64 / (best.len() + 1) as f64;
    Some(found.into_iter().map(|found| Scanned { p: p(found.likelihood_ratio), ..found }).collect())
}

/// All windows with their expectations.
struct Windows {
    /// Cases in all.
    total: u64,
    /// Lengths of stretches.
    lengths: usize,
    bins: usize,
    /// For each unit the circle's members by distance, as far as circles reach.
    rings: Vec<Vec<(u32, f64)>>,
    /// For each unit, member and length: the expectation and the factor of the bound.
    expected: Vec<Vec<[f32; 2]>>,
    /// Exact expectation of the last bins of each unit, by length.
    suffix: Vec<Vec<f64>>,
}

impl Windows {
    fn new(study: &Study<'_>, options: &Options) -> Option<Self> {
        let units = study.points.len();
        let bins = study.usual.first()?.len();
        let total: u64 = study.cases.iter().flatten().map(|cases| u64::from(*cases)).sum();
        let usual: f64 = study.usual.iter().flatten().map(|usual| usual.max(0.0)).sum();
        let shaped = study.cases.len() == units
            && study.usual.len() == units
            && study.cases.iter().all(|one| one.len() == bins)
            && study.usual.iter().all(|one| one.len() == bins);
        if units < 2 || bins == 0 || total == 0 || usual.is_nan() || usual <= 0.0 || usual.is_infinite() || !shaped {
            return None;
        }
        let lengths = options.most_bins.clamp(1, bins);
        let scale = total as f64 / usual;
        let suffix: Vec<Vec<f64>> =
            study.usual.iter().map(|usual| suffixes(usual, lengths, |usual| usual.max(0.0) * scale)).collect();
        let whole: Vec<f64> = study.usual.iter().map(|usual| usual.iter().map(|usual| usual.max(0.0)).sum()).collect();
        let rings = (0..units).map(|centre| ring(study.points, &whole, centre, usual, options)).collect::<Vec<_>>();
        let all = total as f64;
        let expected = rings
            .iter()
            .map(|members| {
                let mut sums = vec![0.0; lengths];
                let mut flat = Vec::with_capacity(members.len() * lengths);
                for (member, _) in members {
                    for (sum, more) in sums.iter_mut().zip(&suffix[*member as usize]) {
                        *sum += more;
                        // A window that expects nothing, or everything, is no window.
                        let open = *sum > 0.0 && *sum < all;
                        let factor = if open { all / (*sum * (all - *sum)) } else { 0.0 };
                        flat.push([*sum as f32, factor as f32]);
                    }
                }
                flat
            })
            .collect();
        Some(Self { total, lengths, bins, rings, expected, suffix })
    }

    /// Best log-likelihood ratio of each replica.
    fn best(&self, replicas: &[Vec<u32>], bins: usize) -> Vec<f64> {
        let (lengths, count) = (self.lengths, replicas.len());
        // By unit, length and replica: neighbours in memory are counted side by side.
        let mut suffix = vec![0.0_f32; self.rings.len() * lengths * count];
        for (at, cases) in replicas.iter().enumerate() {
            for (unit, own) in cases.chunks_exact(bins).enumerate() {
                for (length, sum) in suffixes(own, lengths, |cases| f64::from(*cases)).into_iter().enumerate() {
                    suffix[(unit * lengths + length) * count + at] = sum as f32;
                }
            }
        }
        let mut best = vec![0.0_f64; count];
        let mut bound = vec![0.0_f32; count];
        let mut sums = vec![0.0_f32; lengths * count];
        for (members, expected) in self.rings.iter().zip(&self.expected) {
            sums.fill(0.0);
            for (at, (member, _)) in members.iter().enumerate() {
                let from = *member as usize * lengths * count;
                for (sum, more) in sums.iter_mut().zip(&suffix[from..from + lengths * count]) {
                    *sum += more;
                }
                let expected = &expected[at * lengths..(at + 1) * lengths];
                for ([expected, factor], sums) in expected.iter().zip(sums.chunks_exact(count)) {
                    // The largest excess, without a branch: replicas side by side fill a vector register.
                    let excess = sums.iter().zip(&bound).fold(f32::NEG_INFINITY, |most, (sum, bound)| {
                        let more = (sum - expected).max(0.0);
                        most.max(more * more * factor - bound)
                    });
                    if excess > 0.0 {
                        for (at, sum) in sums.iter().enumerate() {
                            let ratio = likelihood_ratio(f64::from(*sum), f64::from(*expected), self.total as f64);
                            if ratio > best[at] {
                                (best[at], bound[at]) = (ratio, ratio as f32);
                            }
                        }
                    }
                }
            }
        }
        best
    }

    /// The strongest windows of the data, of which no two share a unit.
    fn strongest(&self, cases: &[Vec<u32>], limit: usize) -> Vec<Scanned> {
        let all = self.total as f64;
        let cases: Vec<Vec<f64>> =
            cases.iter().map(|own| suffixes(own, self.lengths, |cases| f64::from(*cases))).collect();
        let mut found = Vec::new();
        for members in &self.rings {
            let (mut sums, mut expected) = (vec![0.0; self.lengths], vec![0.0; self.lengths]);
            let mut best: Option<(f64, usize, usize, f64, f64)> = None;
            for (at, (member, _)) in members.iter().enumerate() {
                for length in 0..self.lengths {
                    sums[length] += cases[*member as usize][length];
                    expected[length] += self.suffix[*member as usize][length];
                    let ratio = likelihood_ratio(sums[length], expected[length], all);
                    if ratio > best.map_or(0.0, |best| best.0) {
                        best = Some((ratio, at, length, sums[length], expected[length]));
                    }
                }
            }
            if let Some((ratio, last, length, inside, expected)) = best {
                let outside = (all - inside) / (all - expected).max(f64::MIN_POSITIVE);
                found.push(Scanned {
                    units: members[..=last].iter().map(|(unit, _)| *unit).collect(),
                    radius_m: members[last].1,
                    from_bin: self.bins - 1 - length,
                    cases: inside as u64,
                    expected,
                    relative_risk: (inside < all).then(|| inside / expected / outside),
                    likelihood_ratio: ratio,
                    p: 1.0,
                });
            }
        }
        found.sort_by(|a, b| b.likelihood_ratio.total_cmp(&a.likelihood_ratio).then_with(|| a.units.cmp(&b.units)));
        let mut kept: Vec<Scanned> = Vec::new();
        for one in found {
            if kept.len() == limit {
                break;
            }
            if kept.iter().all(|kept| kept.units.iter().all(|unit| !one.units.contains(unit))) {
                kept.push(one);
            }
        }
        kept
    }
}

/// Units by distance from the centre, as far as the options let a circle reach.
fn ring(points: &[Metres], whole: &[f64], centre: usize, usual: f64, options: &Options) -> Vec<(u32, f64)> {
    let mut by_distance: Vec<(u32, f64)> =
        points.iter().enumerate().map(|(unit, point)| (unit as u32, points[centre].distance(*point))).collect();
    by_distance.sort_by(|a, b| {
        a.1.total_cmp(&b.1).then_with(|| (a.0 as usize != centre).cmp(&(b.0 as usize != centre))).then(a.0.cmp(&b.0))
    });
    let mut held = 0.0;
    by_distance
        .into_iter()
        .enumerate()
        .take_while(|(at, (unit, distance))| {
            held += whole[*unit as usize];
            *at == 0 || (held <= options.most_share * usual && *distance <= options.most_radius_m)
        })
        .map(|(_, one)| one)
        .collect()
}

/// Sums over the last one, two, three… bins.
fn suffixes<T>(series: &[T], lengths: usize, value: impl Fn(&T) -> f64) -> Vec<f64> {
    let mut sum = 0.0;
    series
        .iter()
        .rev()
        .take(lengths)
        .map(|one| {
            sum += value(one);
            sum
        })
        .collect()
}

/// Poisson log-likelihood ratio of `c` cases where `e` of `all` are expected; 0 where there are no more than expected.
pub fn likelihood_ratio(c: f64, e: f64, all: f64) -> f64 {
    if c <= e || e <= 0.0 || e >= all {
        return 0.0;
    }
    let outside = if all > c { (all - c) * ((all - c) / (all - e)).ln() } else { 0.0 };
    c * (c / e).ln() + outside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(units: usize) -> Vec<Metres> {
        (0..units).map(|at| Metres { x: at as f64 * 1_000.0, y: (at % 3) as f64 * 100.0 }).collect()
    }

    fn scanned(cases: &[Vec<u32>], usual: &[Vec<f64>], options: Options) -> Vec<Scanned> {
        scan(&Study { points: &row(cases.len()), cases, usual }, &options, &|_| true).unwrap()
    }

    #[test]
    fn what_was_planted_is_found_and_what_is_chance_is_not() {
        let usual = vec![vec![3.0; 10]; 30];
        let mut cases: Vec<Vec<u32>> =
            (0..30).map(|unit| (0..10).map(|bin| (unit * 3 + bin * 5) % 7).collect()).collect();
        let calm = scanned(&cases, &usual, Options { replicas: 99, ..Options::default() });
        assert!(calm[0].p > 0.05, "{calm:?}");
        for own in &mut cases[12..15] {
            own[8..].fill(14);
        }
        let found = scanned(&cases, &usual, Options { replicas: 99, ..Options::default() });
        let mut units = found[0].units.clone();
        units.sort_unstable();
        assert_eq!((units, found[0].from_bin, found[0].cases), (vec![12, 13, 14], 8, 84));
        assert!((found[0].p - 0.01).abs() < 1e-12 && found[0].relative_risk.unwrap() > 4.0);
    }

    #[test]
    fn the_bound_loses_nothing() {
        let usual: Vec<Vec<f64>> =
            (0..12).map(|unit| (0..6).map(|bin| f64::from(1 + (unit * bin) % 4)).collect()).collect();
        let points = row(12);
        let cases: Vec<Vec<u32>> = (0..12).map(|unit| (0..6).map(|bin| (unit * 5 + bin * bin) % 6).collect()).collect();
        let windows =
            Windows::new(&Study { points: &points, cases: &cases, usual: &usual }, &Options::default()).unwrap();
        let flat: Vec<u32> = cases.iter().flatten().copied().collect();
        let exact = windows.strongest(&cases, 1)[0].likelihood_ratio;
        assert!((windows.best(&[flat.clone(), flat], 6)[1] - exact).abs() < 1e-4 * exact);
    }

    #[test]
    fn the_same_seed_says_the_same_and_a_scan_can_be_stopped() {
        let usual = vec![vec![3.0; 10]; 30];
        let cases: Vec<Vec<u32>> = (0..30).map(|unit| (0..10).map(|bin| (unit * 3 + bin * 5) % 7).collect()).collect();
        let options = Options { replicas: 50, ..Options::default() };
        assert_eq!(scanned(&cases, &usual, options), scanned(&cases, &usual, options));
        let points = row(30);
        assert_eq!(scan(&Study { points: &points, cases: &cases, usual: &usual }, &options, &|done| done < 16), None);
    }

    #[test]
    fn without_cases_units_or_anything_usual_there_is_no_cluster() {
        assert!(scanned(&[], &[], Options::default()).is_empty());
        assert!(scanned(&[vec![3]], &[vec![1.0]], Options::default()).is_empty());
        assert!(scanned(&[vec![0], vec![0]], &[vec![1.0], vec![1.0]], Options::default()).is_empty());
        assert!(scanned(&[vec![4], vec![1]], &[vec![0.0], vec![0.0]], Options::default()).is_empty());
        assert!(scanned(&[vec![4], vec![1]], &[vec![f64::NAN], vec![f64::INFINITY]], Options::default()).is_empty());
    }
}
