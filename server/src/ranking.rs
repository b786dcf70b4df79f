//! The ranked list: counts from the index, judged by the hotspot functions.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use activity::{Group, Grouping, StudyArea};
use hotspot::change_points::stretches;
use hotspot::emerging::{Cube, LEAST_STEPS, Scores};
use hotspot::local::{Local, Moran, gi_star, local_moran};
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
    let around = Around::new(live, filter, ranking, &table.groups);
    let setting = Setting { period, count, limit, per_inhabitant: around.per_inhabitant, zone: ranking.zone.clone() };
    let outcome = Outcome {
        found: of,
        too_coarse: table.too_coarse,
        has_past: period.has_past(),
        has_scores: table.groups.iter().any(|group| around.has_score(&group.id)),
    };
    let candidates = table.groups.into_iter().map(|group| candidate(group, Neighbourhood::default())).collect();
    let mut basis = around.basis();
    basis.min_confidence = filter.min_confidence.unwrap_or(ACCEPTANCE_THRESHOLD);
    basis.sentence = basis_sentence(&basis, outcome);
    let mut hotspots = hotspot::ranked_among(candidates, &setting, |candidate| around.of(&candidate.id));
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

/// A study area with what follows from it alone.
struct Surroundings {
    area: StudyArea,
    near: Neighbours,
    position: HashMap<String, usize>,
}

/// Study areas of one state of the data. They depend neither on the period nor on words: dragging the window asks for one of them
/// again and again.
#[derive(Default)]
pub(crate) struct Areas(Mutex<Vec<(Grouping, Filter, Arc<Surroundings>)>>);

/// Study areas that are kept: those asked for last.
const MOST_AREAS: usize = 8;

impl Areas {
    fn of(&self, live: &Live, filter: &Filter, grouping: Grouping) -> Arc<Surroundings> {
        let ever = Filter { time: TimeRange::default(), message_nos: None, ..filter.clone() };
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut kept = kept();
            if let Some(at) = kept.iter().position(|(by, filter, _)| *by == grouping && *filter == ever) {
                let last = kept.remove(at);
                let found = Arc::clone(&last.2);
                kept.push(last);
                return found;
            }
        }
        let area = live.index.study_area(&ever, grouping);
        let near = neighbours(&area);
        let position = area.units.iter().map(|unit| unit.id.clone()).zip(0..).collect();
        let made = Arc::new(Surroundings { area, near, position });
        let mut kept = kept();
        kept.push((grouping, ever, Arc::clone(&made)));
        if kept.len() > MOST_AREAS {
            kept.remove(0);
        }
        made
    }
}

/// What the units around say of each, and what that rests on.
struct Around {
    surroundings: Arc<Surroundings>,
    count: CountBy,
    gi_star: Vec<Option<Local>>,
    moran: Vec<Option<Moran>>,
    per_inhabitant: Option<f64>,
    edges: Vec<TimeMs>,
    step_days: u32,
    /// What is counted of each unit in each step, and how much was read in it.
    series: Vec<Vec<u64>>,
    read: Vec<f64>,
    scores: Option<Scores>,
}

impl Around {
    fn new(live: &Live, filter: &Filter, ranking: &Ranking, groups: &[Group]) -> Self {
        let count = ranking.count;
        let surroundings = live.areas.of(live, filter, ranking.grouping);
        let Surroundings { area, near, position } = &*surroundings;
        let mut now = vec![0.0; area.units.len()];
        for group in groups {
            if let Some(at) = position.get(&group.id) {
                now[*at] = count.of(&group.counts, group.weights.0) as f64;
            }
        }
        let (edges, step_days) = steps(live, ranking.to_ms);
        let series = live.index.series_of(area, filter, &edges, count);
        let floats: Vec<Vec<f64>> =
            series.iter().map(|bins| bins.iter().map(|count| *count as f64).collect()).collect();
        Self {
            count,
            gi_star: gi_star(&now, near),
            moran: local_moran(&now, near),
            per_inhabitant: per_inhabitant(area, &now),
            scores: Scores::new(&Cube::new(edges.len().saturating_sub(1), &floats), near),
            read: live.index.query(filter).read(&edges).into_iter().map(|read| read as f64).collect(),
            series,
            edges,
            step_days,
            surroundings,
        }
    }

    fn has_score(&self, id: &str) -> bool {
        self.surroundings.position.get(id).is_some_and(|at| self.gi_star[*at].is_some())
    }

    /// What is said of one unit; nothing of what is no unit of the area.
    fn of(&self, id: &str) -> Neighbourhood {
        let Some(at) = self.surroundings.position.get(id).copied() else { return Neighbourhood::default() };
        let emerged = self.scores.as_ref().map(|scores| scores.class_of(at));
        Neighbourhood {
            gi_star: self.gi_star[at],
            moran: self.moran[at].map(|moran| moran.local),
            emerging: emerged.as_ref().map(|emerged| emerged.class),
            trend: emerged.and_then(|emerged| emerged.trend),
            since_ms: since(&self.series[at], &self.read, &self.edges),
        }
    }

    fn basis(&self) -> Basis {
        let area = &self.surroundings.area;
        Basis {
            count: self.count,
            units: area.units.len() as u64,
            neighbours: if area.borders.is_some() { "contiguity" } else { "distance_band" }.to_owned(),
            band_m: area.borders.is_none().then_some(BAND_M),
            steps: self.edges.len().saturating_sub(1) as u32,
            step_days: self.step_days,
            ..Basis::default()
        }
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
fn since(series: &[u64], read: &[f64], edges: &[TimeMs]) -> Option<TimeMs> {
    let found = stretches(series, read);
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
