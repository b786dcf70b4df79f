//! The ranked list: counts from the index, judged by the hotspot functions.

use std::collections::{BTreeSet, HashMap};

use activity::{Group, Grouping, StudyArea};
use hotspot::change_points::stretches;
use hotspot::emerging::{Cube, LEAST_STEPS, emerging};
use hotspot::local::{gi_star, local_moran};
use hotspot::{Candidate, Neighbourhood, Neighbours, Outcome, Period, Setting, basis_sentence};
use jiff::tz::TimeZone;
use model::api::{Basis, CountBy, Counts, Hotspot, Hotspots, TopicShare};
use model::{ACCEPTANCE_THRESHOLD, Filter, TimeMs, TimeRange};

use crate::state::Live;
use crate::times;

/// Places no further apart are neighbours: about as far as the next village but one. Chosen, not taken from elsewhere.
const BAND_M: f64 = 10_000.0;
/// Most steps of the cube: a year of weeks.
const MOST_STEPS: i64 = 52;
const DAY_MS: TimeMs = 86_400_000;

/// What is ranked, over which period, and how much of it is told.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    pub(crate) grouping: Grouping,
    pub(crate) count: CountBy,
    pub(crate) from_ms: TimeMs,
    pub(crate) to_ms: TimeMs,
    pub(crate) sparkline_steps: usize,
    pub(crate) limit: usize,
    pub(crate) zone: TimeZone,
}

/// The list for everything that passes the filter; the period stands in the ranking.
pub(crate) fn ranked(live: &Live, filter: &Filter, ranking: &Ranking) -> Hotspots {
    let Ranking { grouping, count, from_ms, to_ms, sparkline_steps, limit, .. } = *ranking;
    let table = live.index.table(filter, grouping, from_ms, to_ms, sparkline_steps);
    let of = table.groups.len() as u64;
    let period = Period { read: table.read, read_before: table.read_before, read_year_before: table.read_year_before };
    let mut around = Around::new(live, filter, ranking);
    let setting = Setting { period, count, limit, per_inhabitant: around.per_inhabitant, zone: ranking.zone.clone() };
    let candidates: Vec<Candidate> = table
        .groups
        .into_iter()
        .map(|group| {
            let neighbourhood = around.by_id.remove(&group.id).unwrap_or_default();
            candidate(group, neighbourhood)
        })
        .collect();
    let outcome = Outcome {
        found: of,
        too_coarse: table.too_coarse,
        has_past: period.has_past(),
        has_scores: candidates.iter().any(|candidate| candidate.neighbourhood.gi_star.is_some()),
    };
    let mut basis = around.basis;
    basis.sentence = basis_sentence(&basis, outcome);
    let mut hotspots = hotspot::ranked(candidates, &setting);
    tell_topics(live, filter, ranking, &mut hotspots);
    Hotspots {
        from: times::rfc3339(from_ms),
        to: times::rfc3339(to_ms),
        hotspots,
        of,
        too_coarse: table.too_coarse,
        basis,
        data_version: live.data_version,
    }
}

/// Says of each line what is talked about there, whatever topics the filter asks for: their shares are of everything.
fn tell_topics(live: &Live, filter: &Filter, ranking: &Ranking, hotspots: &mut [Hotspot]) {
    let time = TimeRange { from_ms: Some(ranking.from_ms), to_ms: Some(ranking.to_ms) };
    let filter = Filter { topics: None, time, ..filter.clone() };
    let ids: BTreeSet<&str> = hotspots.iter().map(|hotspot| hotspot.id.as_str()).collect();
    let mut by_id = live.index.topic_counts(&filter, ranking.grouping, &ids);
    for hotspot in hotspots {
        let Some(counts) = by_id.remove(&hotspot.id) else { continue };
        let all = ranking.count.of(&counts.all.0, counts.all.1);
        let share = |(number, about, weight): &(u8, Counts, f64)| {
            let topic = live.topics.iter().find(|row| row.topic_no == *number)?.id.clone();
            let count = ranking.count.of(about, *weight);
            (all > 0).then(|| TopicShare { topic, count, share: count as f64 / all as f64 })
        };
        hotspot.topics = counts.topics.iter().filter_map(share).collect();
        hotspot.topics.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.topic.cmp(&b.topic)));
    }
}

/// The lines of a list by themselves, without what their neighbourhoods say: for a replay, which makes many.
pub(crate) fn list_only(live: &Live, filter: &Filter, ranking: &Ranking) -> Vec<Hotspot> {
    let Ranking { grouping, count, from_ms, to_ms, sparkline_steps, limit, .. } = *ranking;
    let table = live.index.table(filter, grouping, from_ms, to_ms, sparkline_steps);
    let period = Period { read: table.read, read_before: table.read_before, read_year_before: table.read_year_before };
    let setting = Setting { period, count, limit, per_inhabitant: None, zone: ranking.zone.clone() };
    let candidates = table.groups.into_iter().map(|group| candidate(group, Neighbourhood::default())).collect();
    hotspot::ranked(candidates, &setting)
}

/// What the units around say of each, and what that rests on.
struct Around {
    by_id: HashMap<String, Neighbourhood>,
    per_inhabitant: Option<f64>,
    basis: Basis,
}

impl Around {
    fn new(live: &Live, filter: &Filter, ranking: &Ranking) -> Self {
        let count = ranking.count;
        let area = live.index.study_area(filter, ranking.grouping);
        let near = neighbours(&area);
        let counted = |edges: &[TimeMs]| -> Vec<Vec<f64>> {
            let series = live.index.series(&area, filter, edges).into_iter();
            series.map(|bins| bins.iter().map(|(counts, weight)| count.of(counts, *weight) as f64).collect()).collect()
        };
        let now: Vec<f64> = counted(&[ranking.from_ms, ranking.to_ms]).into_iter().map(|bins| bins[0]).collect();
        let (gi, moran) = (gi_star(&now, &near), local_moran(&now, &near));
        let (edges, step_days) = steps(live, ranking.to_ms);
        let series = counted(&edges);
        let classes = emerging(&Cube::new(edges.len().saturating_sub(1), &series), &near);
        let read: Vec<f64> = live.index.query(filter).read(&edges).into_iter().map(|read| read as f64).collect();
        let by_id = area
            .units
            .iter()
            .enumerate()
            .map(|(at, unit)| {
                let emerged = classes[at].as_ref();
                let neighbourhood = Neighbourhood {
                    gi_star: gi[at],
                    moran: moran[at].map(|moran| moran.local),
                    emerging: emerged.map(|emerged| emerged.class),
                    trend: emerged.and_then(|emerged| emerged.trend),
                    since_ms: since(&series[at], &read, &edges),
                };
                (unit.id.clone(), neighbourhood)
            })
            .collect();
        let basis = Basis {
            count,
            min_confidence: filter.min_confidence.unwrap_or(ACCEPTANCE_THRESHOLD),
            units: area.units.len() as u64,
            neighbours: if area.borders.is_some() { "contiguity" } else { "distance_band" }.to_owned(),
            band_m: area.borders.is_none().then_some(BAND_M),
            steps: edges.len().saturating_sub(1) as u32,
            step_days,
            ..Basis::default()
        };
        Self { by_id, per_inhabitant: per_inhabitant(&area, &now), basis }
    }
}

/// Which units are neighbours: those that share a border; places, which have none, by distance.
pub(crate) fn neighbours(area: &StudyArea) -> Neighbours {
    match &area.borders {
        Some(borders) => Neighbours::from_pairs(area.units.len(), borders.iter().copied()),
        None => Neighbours::within(&area.units.iter().map(|unit| unit.at).collect::<Vec<_>>(), BAND_M),
    }
}

/// What is counted per inhabitant, over the units whose inhabitants are known; `None` when nothing is counted there, or nobody lives there.
fn per_inhabitant(area: &StudyArea, now: &[f64]) -> Option<f64> {
    let known = || area.units.iter().zip(now).filter_map(|(unit, now)| unit.population.map(|people| (people, *now)));
    let people: u64 = known().map(|(people, _)| people).sum();
    let counted: f64 = known().map(|(_, now)| now).sum();
    (people > 0 && counted > 0.0).then(|| counted / people as f64)
}

/// Edges of the steps up to the end of the period: weeks, or days where there are too few weeks of data; none where there are too few days.
/// Also the length of a step in days.
pub(crate) fn steps(live: &Live, to_ms: TimeMs) -> (Vec<TimeMs>, u32) {
    let Some((first_ms, last_ms)) = live.totals.first_ms.zip(live.totals.last_ms) else { return (Vec::new(), 7) };
    // Beyond the last message there is no calm to be counted; the day it falls on is counted whole.
    let to_ms = to_ms.min(last_ms.saturating_add(DAY_MS));
    for days in [7, 1] {
        let step_ms = days * DAY_MS;
        let count = (to_ms.saturating_sub(first_ms) / step_ms).min(MOST_STEPS);
        if count >= LEAST_STEPS as i64 {
            return ((0..=count).map(|step| to_ms - (count - step) * step_ms).collect(), days as u32);
        }
    }
    (Vec::new(), 7)
}

/// When the last stretch of one rate began, where that is a rise.
fn since(series: &[f64], read: &[f64], edges: &[TimeMs]) -> Option<TimeMs> {
    let counts: Vec<u64> = series.iter().map(|count| *count as u64).collect();
    let found = stretches(&counts, read);
    let [.., before, last] = found[..] else { return None };
    (last.rate > before.rate).then(|| edges[last.from])
}

/// What the index counted, as the hotspot functions take it.
pub(crate) fn candidate(group: Group, neighbourhood: Neighbourhood) -> Candidate {
    Candidate {
        id: group.id,
        name: group.name,
        kind: group.kind.to_owned(),
        lon: group.lon,
        lat: group.lat,
        radius_m: group.radius_m,
        municipality: group.municipality,
        province: group.province,
        police_unit: group.police_unit,
        counts: group.counts,
        before: group.before,
        largest_conversation: group.largest_conversation,
        sparkline: group.sparkline,
        first_seen_ms: group.first_seen_ms,
        last_seen_ms: group.last_seen_ms,
        weights: group.weights,
        without_loudest: group.without_loudest,
        year_before: group.year_before,
        whatever_words: group.whatever_words,
        population: group.population,
        neighbourhood,
    }
}
