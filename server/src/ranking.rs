//! The ranked list: counts from the index, judged by the hotspot functions.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use activity::{Group, Grouping, Index, Selection, StudyArea, Table, TopicCounts};
use hotspot::change_points::stretches;
use hotspot::emerging::{Cube, LEAST_STEPS, Scores};
use hotspot::local::{Local, Moran, gi_star, local_moran};
use hotspot::{Candidate, Line, Neighbourhood, Neighbours, Outcome, Period, Setting, basis_sentence};
use jiff::tz::TimeZone;
use model::api::{Basis, CountBy, Counts, Hotspot, Hotspots, TopicShare};
use model::{ACCEPTANCE_THRESHOLD, Filter, TimeMs, TimeRange};
use rayon::prelude::*;

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

/// Which lines of a list are wanted.
enum Wanted<'a> {
    /// As many as the ranking says, from the first on.
    First,
    /// The one of this id, wherever it stands.
    One(&'a str),
}

/// The list for everything that passes the filter; the period stands in the ranking.
pub(crate) fn ranked(live: &Live, filter: &Filter, ranking: &Ranking) -> Hotspots {
    listed(live, filter, ranking, &Wanted::First)
}

/// The same with the line of this id alone, wherever it stands; without it when nothing was counted there.
pub(crate) fn ranked_one(live: &Live, filter: &Filter, ranking: &Ranking, id: &str) -> Hotspots {
    listed(live, filter, ranking, &Wanted::One(id))
}

fn listed(live: &Live, filter: &Filter, ranking: &Ranking, wanted: &Wanted<'_>) -> Hotspots {
    let Ranking { from_ms, to_ms, .. } = *ranking;
    let selection = live.index.query(filter);
    let table = selection.table(ranking.grouping, from_ms, to_ms);
    let around = Around::new(live, filter, ranking, &selection, &table.groups);
    let setting = ranking.setting(&table, around.per_inhabitant);
    let outcome = Outcome {
        found: table.groups.len() as u64,
        too_coarse: table.too_coarse,
        has_past: setting.period.has_past(),
        has_scores: table.groups.iter().any(|group| around.has_score(group)),
    };
    let mut basis = around.basis();
    basis.min_confidence = filter.min_confidence.unwrap_or(ACCEPTANCE_THRESHOLD);
    basis.sentence = basis_sentence(&basis, outcome);
    let candidates: Vec<Candidate<'_>> = table.groups.iter().map(candidate).collect();
    let line = |at: usize, rises: bool| {
        let group = &table.groups[at];
        Line { neighbourhood: around.of(group), ..line(&table, group, rises, ranking.sparkline_steps) }
    };
    let mut hotspots = match wanted {
        Wanted::First => hotspot::ranked(&candidates, &setting, line),
        Wanted::One(id) => {
            let at = candidates.iter().position(|candidate| candidate.id == *id);
            at.map(|at| hotspot::ranked_one(&candidates, &setting, at, line)).into_iter().collect()
        }
    };
    tell_topics(live, &table, ranking.count, &mut hotspots);
    Hotspots {
        from: times::rfc3339(from_ms),
        to: times::rfc3339(to_ms),
        hotspots,
        of: outcome.found,
        too_coarse: table.too_coarse,
        basis,
        data_version: live.data_version,
    }
}

/// Says of each line what is talked about there, whatever topics the filter asks for: their shares are of everything.
fn tell_topics(live: &Live, table: &Table<'_>, count: CountBy, hotspots: &mut [Hotspot]) {
    let lines: HashSet<&str> = hotspots.iter().map(|hotspot| hotspot.id.as_str()).collect();
    let groups = table.groups.par_iter().filter(|group| lines.contains(&*group.id));
    let mut by_id: HashMap<String, TopicCounts> =
        groups.map(|group| (group.id.to_string(), table.topics(group))).collect();
    for hotspot in hotspots {
        let Some(counts) = by_id.remove(&hotspot.id) else { continue };
        let all = count.of(&counts.all.0, counts.all.1);
        let share = |(number, about, weight): &(u8, Counts, f64)| {
            let topic = live.topics.iter().find(|row| row.topic_no == *number)?.id.clone();
            let count = count.of(about, *weight);
            (all > 0).then(|| TopicShare { topic, count, share: count as f64 / all as f64 })
        };
        hotspot.topics = counts.topics.iter().filter_map(share).collect();
        hotspot.topics.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.topic.cmp(&b.topic)));
    }
}

/// The lines of a list by themselves, without what their neighbourhoods say: for a replay, which makes many.
pub(crate) fn list_only(index: &Index, filter: &Filter, ranking: &Ranking) -> Vec<Hotspot> {
    let table = index.query(filter).table(ranking.grouping, ranking.from_ms, ranking.to_ms);
    let candidates: Vec<Candidate<'_>> = table.groups.iter().map(candidate).collect();
    let line = |at: usize, rises: bool| line(&table, &table.groups[at], rises, ranking.sparkline_steps);
    hotspot::ranked(&candidates, &ranking.setting(&table, None), line)
}

impl Ranking {
    /// How a list is made of a table.
    pub(crate) fn setting(&self, table: &Table<'_>, per_inhabitant: Option<f64>) -> Setting {
        let Table { read, read_before, read_year_before, .. } = *table;
        let period = Period { read, read_before, read_year_before };
        Setting { period, count: self.count, limit: self.limit, per_inhabitant, zone: self.zone.clone() }
    }
}

/// A study area with what follows from it alone.
struct Surroundings {
    area: StudyArea,
    near: Neighbours,
}

/// Study areas of one state of the data. They depend neither on the period nor on words: dragging the window asks for one of them
/// again and again.
#[derive(Default)]
pub(crate) struct Areas(Mutex<Vec<(Grouping, Filter, Arc<Surroundings>)>>);

/// Study areas that are kept: those asked for last.
const MOST_AREAS: usize = 8;

impl Areas {
    fn of(&self, selection: &Selection<'_>, filter: &Filter, grouping: Grouping) -> Arc<Surroundings> {
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
        let area = selection.study_area(grouping);
        let near = neighbours(&area);
        let made = Arc::new(Surroundings { area, near });
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
    fn new(live: &Live, filter: &Filter, ranking: &Ranking, selection: &Selection<'_>, groups: &[Group<'_>]) -> Self {
        let count = ranking.count;
        let surroundings = live.areas.of(selection, filter, ranking.grouping);
        let Surroundings { area, near } = &*surroundings;
        let mut now = vec![0.0; area.units.len()];
        for group in groups {
            if let Some(at) = area.position(group) {
                now[at] = count.of(&group.counts, group.weights.0) as f64;
            }
        }
        let (edges, step_days) = steps(live, ranking.to_ms);
        let series = selection.counted_by_unit(area, &edges, count);
        let floats: Vec<Vec<f64>> =
            series.iter().map(|bins| bins.iter().map(|count| *count as f64).collect()).collect();
        Self {
            count,
            gi_star: gi_star(&now, near),
            moran: local_moran(&now, near),
            per_inhabitant: per_inhabitant(area, &now),
            scores: Scores::new(&Cube::new(edges.len().saturating_sub(1), &floats), near),
            read: selection.read(&edges).into_iter().map(|read| read as f64).collect(),
            series,
            edges,
            step_days,
            surroundings,
        }
    }

    fn has_score(&self, group: &Group<'_>) -> bool {
        self.surroundings.area.position(group).is_some_and(|at| self.gi_star[at].is_some())
    }

    /// What is said of one unit; nothing of what is no unit of the area.
    fn of(&self, group: &Group<'_>) -> Neighbourhood {
        let Some(at) = self.surroundings.area.position(group) else { return Neighbourhood::default() };
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

/// What the index counted, as it is judged by.
pub(crate) fn candidate<'a>(group: &'a Group<'_>) -> Candidate<'a> {
    Candidate {
        id: (&*group.id).into(),
        counts: group.counts,
        before: group.before,
        largest_conversation: group.largest_conversation,
        weights: group.weights,
        whatever_words: group.whatever_words,
        population: group.population,
    }
}

/// What is told of a group beside that; its neighbourhood aside.
pub(crate) fn line(table: &Table<'_>, group: &Group<'_>, rises: bool, sparkline_steps: usize) -> Line {
    let portrait = table.portrait(group);
    Line {
        name: portrait.name,
        kind: portrait.kind.to_owned(),
        lon: portrait.lon,
        lat: portrait.lat,
        radius_m: portrait.radius_m,
        municipality: portrait.municipality,
        province: portrait.province,
        police_unit: portrait.police_unit,
        outline: portrait.outline,
        sparkline: table.sparkline(group, sparkline_steps),
        first_seen_ms: group.first_seen_ms,
        last_seen_ms: group.last_seen_ms,
        year_before: table.year_before(group),
        without_loudest: if rises { table.without_loudest(group) } else { Counts::default() },
        neighbourhood: Neighbourhood::default(),
    }
}
