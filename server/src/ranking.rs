//! The ranked list: counts from the index, judged by the hotspot functions.

mod areas;
mod around;

use std::collections::{HashMap, HashSet};

use activity::{Group, Grouping, Index, Table, TopicCounts};
use hotspot::{Candidate, Line, Neighbourhood, Outcome, Period, Setting, basis_sentence};
use jiff::tz::TimeZone;
use model::api::{CountBy, Counts, Hotspot, HotspotClass, Hotspots, TopicShare};
use model::{ACCEPTANCE_THRESHOLD, Filter, TimeMs};
use rayon::prelude::*;

pub(crate) use self::areas::Areas;
use self::around::Around;
pub(crate) use self::around::steps;
use crate::state::Live;
use crate::times;

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
        spread: table.spread,
        has_past: setting.period.has_past(),
        has_scores: table.groups.iter().any(|group| around.has_score(group)),
    };
    let mut basis = around.basis();
    basis.min_confidence = filter.min_confidence.unwrap_or(ACCEPTANCE_THRESHOLD);
    basis.sentence = basis_sentence(&basis, outcome);
    let candidates: Vec<Candidate<'_>> = table.groups.par_iter().map(candidate).collect();
    let spread = table.spread(|counts, weight| ranking.count.of(counts, weight));
    let line = |at: usize, class: HotspotClass| {
        let group = &table.groups[at];
        Line {
            neighbourhood: around.of(group),
            spread: spread.over(group),
            ..line(&table, group, class, ranking.sparkline_steps)
        }
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
        spread: table.spread,
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
    let candidates: Vec<Candidate<'_>> = table.groups.par_iter().map(candidate).collect();
    let line = |at: usize, class: HotspotClass| line(&table, &table.groups[at], class, ranking.sparkline_steps);
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
pub(crate) fn line(table: &Table<'_>, group: &Group<'_>, class: HotspotClass, sparkline_steps: usize) -> Line {
    let rises = matches!(class, HotspotClass::New | HotspotClass::Rising);
    let falls = class == HotspotClass::Falling;
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
        before_with_data: if falls { table.before_with_data(group) } else { Counts::default() },
        spread: None,
        neighbourhood: Neighbourhood::default(),
    }
}
