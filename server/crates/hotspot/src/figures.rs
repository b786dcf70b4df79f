//! Figures of a line of the list beside the test against its own past: base rate, inhabitants, change.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::api::{Against, Change, CountBy, LocalScore, Statistics, TrendTest};

use crate::false_discovery::corrected;
use crate::local::Local;
use crate::poisson::{at_least, ratio_interval};
use crate::rank::{Candidate, Line, Setting, rfc3339};
use crate::trend::Trend;

/// Tests that need all candidates, by their positions.
pub(crate) struct Figures {
    base_rate: HashMap<usize, Against, RandomState>,
    population: HashMap<usize, Against, RandomState>,
}

impl Figures {
    pub(crate) fn new(candidates: &[Candidate<'_>], setting: &Setting) -> Self {
        let count = setting.count;
        // Share of all that passes the filter, over all candidates: the base rate of the words.
        let all: Option<u64> = candidates.iter().map(|candidate| whatever_words(candidate, count)).sum();
        let hits: u64 = candidates.iter().map(|candidate| now(candidate, count)).sum();
        let rate = all.filter(|all| *all > 0).map(|all| hits as f64 / all as f64);
        let by_base = |candidate: &Candidate<'_>| Some(rate? * whatever_words(candidate, count)? as f64);
        let by_population = |candidate: &Candidate<'_>| Some(setting.per_inhabitant? * candidate.population? as f64);
        Self { base_rate: tested(candidates, count, by_base), population: tested(candidates, count, by_population) }
    }

    pub(crate) fn of(
        &self,
        at: usize,
        candidate: &Candidate<'_>,
        line: &Line,
        counted: [u64; 2],
        marks: Marks,
        setting: &Setting,
    ) -> Statistics {
        let period = setting.period;
        let year_before = setting.count.of(&line.year_before.0, line.year_before.1);
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
            spread: line.spread,
            gi_star: line.neighbourhood.gi_star.map(local_score),
            moran: line.neighbourhood.moran.map(local_score),
            base_rate: self.base_rate.get(&at).copied(),
            population: self.population.get(&at).copied(),
            change: change(counted[1], period.read_before),
            year_change: change(year_before, period.read_year_before),
            emerging: line.neighbourhood.emerging,
            trend: line.neighbourhood.trend.map(trend_test),
            rests_on_one_conversation: marks.rests_on_one,
            may_lack_data: marks.may_lack_data,
            since: line.neighbourhood.since_ms.map(rfc3339),
        }
    }
}

/// What a class is to be taken with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks {
    /// A rise that is none any more without the loudest conversation.
    pub(crate) rests_on_one: bool,
    /// A fall that is none any more without the conversations that have no messages in the period.
    pub(crate) may_lack_data: bool,
}

fn now(candidate: &Candidate<'_>, count: CountBy) -> u64 {
    count.of(&candidate.counts, candidate.weights.0)
}

fn whatever_words(candidate: &Candidate<'_>, count: CountBy) -> Option<u64> {
    candidate.whatever_words.map(|(counts, weight)| count.of(&counts, weight))
}

/// Exact Poisson tests of all candidates that have an expectation, by their positions.
fn tested(
    candidates: &[Candidate<'_>],
    count: CountBy,
    expected: impl Fn(&Candidate<'_>) -> Option<f64>,
) -> HashMap<usize, Against, RandomState> {
    let expected = |candidate: &Candidate<'_>| expected(candidate).filter(|e| *e > 0.0 && e.is_finite());
    let with = candidates.iter().enumerate();
    let with: Vec<(usize, u64, f64)> =
        with.filter_map(|(at, candidate)| Some((at, now(candidate, count), expected(candidate)?))).collect();
    let p: Vec<f64> = with.iter().map(|(_, now, expected)| at_least(*now, *expected)).collect();
    let of = |((at, now, expected), (p_value, p_corrected)): (&(usize, u64, f64), (&f64, f64))| {
        let ratio = *now as f64 / expected;
        (*at, Against { expected: *expected, ratio, p_value: *p_value, p_corrected })
    };
    with.iter().zip(p.iter().zip(corrected(&p))).map(of).collect()
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
