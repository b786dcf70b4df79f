//! The ranked list: counts from the index, judged by the hotspot functions.

use activity::{Group, Grouping};
use hotspot::{Candidate, Period};
use model::api::Hotspots;
use model::{Filter, TimeMs};

use crate::state::Live;
use crate::times;

/// What is ranked, over which period, and how much of it is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranking {
    pub(crate) grouping: Grouping,
    pub(crate) from_ms: TimeMs,
    pub(crate) to_ms: TimeMs,
    pub(crate) sparkline_steps: usize,
    pub(crate) limit: usize,
}

/// The list for everything that passes the filter; the period stands in the ranking.
pub(crate) fn ranked(live: &Live, filter: &Filter, ranking: Ranking) -> Hotspots {
    let Ranking { grouping, from_ms, to_ms, sparkline_steps, limit } = ranking;
    let table = live.index.table(filter, grouping, from_ms, to_ms, sparkline_steps);
    let of = table.groups.len() as u64;
    let period = Period { read: table.read, read_before: table.read_before };
    Hotspots {
        from: times::rfc3339(from_ms),
        to: times::rfc3339(to_ms),
        hotspots: hotspot::ranked(table.groups.into_iter().map(candidate).collect(), period, limit),
        of,
        too_coarse: table.too_coarse,
        data_version: live.data_version,
    }
}

fn candidate(group: Group) -> Candidate {
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
    }
}
