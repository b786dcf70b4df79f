//! What the units around say of each: of the period, and over time.

use std::sync::Arc;

use activity::{Group, Selection, StudyArea};
use hotspot::Neighbourhood;
use hotspot::change_points::stretches;
use hotspot::emerging::{Cube, LEAST_STEPS, Scores};
use hotspot::local::{Local, Moran, gi_star, local_moran};
use model::api::{Basis, CountBy};
use model::{Filter, TimeMs};

use super::Ranking;
use super::areas::{BAND_M, Surroundings};
use crate::state::Live;

/// Most steps of the cube: a year of weeks.
const MOST_STEPS: i64 = 52;
const DAY_MS: TimeMs = 86_400_000;

/// What the units around say of each, and what that rests on.
pub(super) struct Around {
    surroundings: Arc<Surroundings>,
    count: CountBy,
    gi_star: Vec<Option<Local>>,
    moran: Vec<Option<Moran>>,
    pub(super) per_inhabitant: Option<f64>,
    edges: Vec<TimeMs>,
    step_days: u32,
    /// What is counted of each unit in each step, and how much was read in it.
    series: Vec<Vec<u64>>,
    read: Vec<f64>,
    scores: Option<Scores>,
}

impl Around {
    pub(super) fn new(
        live: &Live,
        filter: &Filter,
        ranking: &Ranking,
        selection: &Selection<'_>,
        groups: &[Group<'_>],
    ) -> Self {
        let count = ranking.count;
        let surroundings = live.areas.of(selection, filter, ranking.grouping);
        let Surroundings { area, near, .. } = &*surroundings;
        let mut now = vec![0.0; area.units.len()];
        for group in groups {
            if let Some(at) = area.position(group) {
                now[at] = count.of(&group.counts, group.weights.0) as f64;
            }
        }
        let (edges, step_days) = steps(live, ranking.to_ms);
        let series = surroundings.course(selection, filter, live, &edges, count);
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

    pub(super) fn has_score(&self, group: &Group<'_>) -> bool {
        self.surroundings.area.position(group).is_some_and(|at| self.gi_star[at].is_some())
    }

    /// What is said of one unit; nothing of what is no unit of the area.
    pub(super) fn of(&self, group: &Group<'_>) -> Neighbourhood {
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

    pub(super) fn basis(&self) -> Basis {
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
