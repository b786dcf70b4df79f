//! Figures of a line of the list beside the test against its own past: base rate, inhabitants, change.

use model::api::{Against, Change, CountBy, LocalScore, Statistics, TrendTest};

use crate::false_discovery::corrected;
use crate::local::Local;
use crate::poisson::{at_least, ratio_interval};
use crate::rank::{Candidate, Setting, rfc3339};
use crate::trend::Trend;

/// Tests that need all candidates: their corrected p-values by id.
pub(crate) struct Figures {
    base_rate: Vec<(String, Against)>,
    population: Vec<(String, Against)>,
}

impl Figures {
    pub(crate) fn new(candidates: &[Candidate], setting: &Setting) -> Self {
        let count = setting.count;
        // Share of all that passes the filter, over all candidates: the base rate of the words.
        let all: Option<u64> = candidates.iter().map(|candidate| whatever_words(candidate, count)).sum();
        let hits: u64 = candidates.iter().map(|candidate| now(candidate, count)).sum();
        let rate = all.filter(|all| *all > 0).map(|all| hits as f64 / all as f64);
        let by_base = |candidate: &Candidate| Some(rate? * whatever_words(candidate, count)? as f64);
        let by_population = |candidate: &Candidate| Some(setting.per_inhabitant? * candidate.population? as f64);
        Self { base_rate: tested(candidates, count, by_base), population: tested(candidates, count, by_population) }
    }

    pub(crate) fn of(
        &self,
        candidate: &Candidate,
        counted: [u64; 2],
        rests_on_one: bool,
        setting: &Setting,
    ) -> Statistics {
        let find = |tests: &[(String, Against)]| {
            tests.binary_search_by(|(id, _)| id.as_str().cmp(&candidate.id)).ok().map(|at| tests[at].1)
        };
        let period = setting.period;
        let year_before = setting.count.of(&candidate.year_before.0, candidate.year_before.1);
        let change = |before: u64, read_before: u64| {
            if period.is_enough(read_before) {
                change(counted[0], before, period.read as f64 / read_before as f64)
            } else {
                None
            }
        };
        Statistics {
            counted: counted[0],
            weighted_mentions: candidate.weights.0,
            gi_star: candidate.neighbourhood.gi_star.map(local_score),
            moran: candidate.neighbourhood.moran.map(local_score),
            base_rate: find(&self.base_rate),
            population: find(&self.population),
            change: change(counted[1], period.read_before),
            year_change: change(year_before, period.read_year_before),
            emerging: candidate.neighbourhood.emerging,
            trend: candidate.neighbourhood.trend.map(trend_test),
            rests_on_one_conversation: rests_on_one,
            since: candidate.neighbourhood.since_ms.map(rfc3339),
        }
    }
}

fn now(candidate: &Candidate, count: CountBy) -> u64 {
    count.of(&candidate.counts, candidate.weights.0)
}

fn whatever_words(candidate: &Candidate, count: CountBy) -> Option<u64> {
    candidate.whatever_words.map(|(counts, weight)| count.of(&counts, weight))
}

/// Exact Poisson tests of all candidates that have an expectation, by id.
fn tested(
    candidates: &[Candidate],
    count: CountBy,
    expected: impl Fn(&Candidate) -> Option<f64>,
) -> Vec<(String, Against)> {
    let with: Vec<(&Candidate, f64)> = candidates
        .iter()
        .filter_map(|candidate| expected(candidate).filter(|e| *e > 0.0 && e.is_finite()).map(|e| (candidate, e)))
        .collect();
    let p: Vec<f64> = with.iter().map(|(candidate, expected)| at_least(now(candidate, count), *expected)).collect();
    let mut found: Vec<(String, Against)> = with
        .iter()
        .zip(p.iter().zip(corrected(&p)))
        .map(|((candidate, expected), (p_value, p_corrected))| {
            let ratio = now(candidate, count) as f64 / expected;
            (candidate.id.clone(), Against { expected: *expected, ratio, p_value: *p_value, p_corrected })
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn change(now: u64, before: u64, exposure: f64) -> Option<Change> {
    let (low, high) = ratio_interval(now, before, exposure)?;
    let ratio = (before > 0).then(|| now as f64 / (before as f64 * exposure));
    Some(Change { counted: before, ratio, low, high })
}

fn local_score(local: Local) -> LocalScore {
    LocalScore { z: local.z, p_value: local.p, p_corrected: local.p_corrected }
}

/// A trend as the API tells it.
pub fn trend_test(trend: Trend) -> TrendTest {
    TrendTest { tau: trend.tau, z: trend.z, p_value: trend.p, slope: trend.slope }
}
