//! From counted places to the ranked list.

use std::cmp::Ordering;

use jiff::Timestamp;
use model::TimeMs;
use model::api::{Counts, Hotspot, HotspotClass};

use crate::expectation::{Expectation, Prior};
use crate::false_discovery::corrected;
use crate::sentence::{Told, sentence};

/// Share of false ones that is accepted among what is called new, rising or falling.
pub const SIGNIFICANCE: f64 = 0.05;
/// Least share of what is read now that must have been read before: with less, a few messages at the edge of the data would stand for a whole
/// period, and everything would seem to rise or fall.
const LEAST_PAST: f64 = 0.1;
/// A point has no area: density counts at least the area of a circle of this radius, in metres.
const LEAST_RADIUS_M: f64 = 100.0;

/// A place, region or cell as counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Place kind, region kind, or `cell`.
    pub kind: String,
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Extent in metres.
    pub radius_m: u32,
    /// Municipality.
    pub municipality: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// Police unit.
    pub police_unit: Option<String>,
    /// Counts in the period.
    pub counts: Counts,
    /// Counts in the equally long period before.
    pub before: Counts,
    /// Messages of the conversation that carries most of them.
    pub largest_conversation: u64,
    /// Messages over the period in equal steps.
    pub sparkline: Vec<u32>,
    /// First message of the period.
    pub first_seen_ms: TimeMs,
    /// Last message of the period.
    pub last_seen_ms: TimeMs,
}

/// The period counted, and how much was read in it and before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// All messages read in the period, placed or not.
    pub read: u64,
    /// All messages read in the equally long period before; 0 means that there are no data, not that it was calm.
    pub read_before: u64,
}

impl Period {
    /// Whether enough was read before to compare with.
    fn has_past(self) -> bool {
        self.read_before > 0 && self.read_before as f64 >= LEAST_PAST * self.read as f64
    }
}

impl Candidate {
    /// Whether one conversation carries more than half of the messages.
    fn is_one_conversation(&self) -> bool {
        2 * self.largest_conversation > self.counts.messages
    }
}

/// A candidate with what the test says of it.
struct Judged {
    candidate: Candidate,
    expectation: Expectation,
    p_value: Option<f64>,
    p_corrected: Option<f64>,
    class: HotspotClass,
}

/// The list, best first, cut at `limit`.
///
/// First come places of which significantly more people speak than expected, most surprising first; then everything else by breadth:
/// conversations, senders, messages. So a build-up in a hamlet stands above a city that is always spoken of, and without a past to compare
/// with the list is one of breadth. Senders are tested, not messages, and what one conversation carries stays in the second part: one
/// chatterbox, or one chat group, is no hotspot.
pub fn ranked(candidates: Vec<Candidate>, period: Period, limit: usize) -> Vec<Hotspot> {
    let mut judged = judged(candidates, period);
    judged.sort_by(order);
    judged.truncate(limit);
    judged.into_iter().zip(1..).map(|(judged, rank)| hotspot(judged, rank, period)).collect()
}

fn judged(candidates: Vec<Candidate>, period: Period) -> Vec<Judged> {
    let before: Vec<u64> = candidates.iter().map(|candidate| candidate.before.senders).collect();
    let prior = Prior::estimated(&before);
    let has_past = period.has_past();
    let exposure = if has_past { period.read as f64 / period.read_before as f64 } else { 1.0 };
    let expectations: Vec<_> = before.iter().map(|count| prior.expectation(*count, exposure)).collect();
    let tail = |tail: fn(&Expectation, u64) -> f64| -> Vec<f64> {
        expectations.iter().zip(&candidates).map(|(expectation, c)| tail(expectation, c.counts.senders)).collect()
    };
    let (upper, lower) = (tail(Expectation::at_least), tail(Expectation::at_most));
    let (upper_corrected, lower_corrected) = (corrected(&upper), corrected(&lower));
    candidates
        .into_iter()
        .enumerate()
        .map(|(at, candidate)| {
            let class = if !has_past {
                HotspotClass::Unknown
            } else if upper_corrected[at] < SIGNIFICANCE {
                if candidate.before.senders == 0 { HotspotClass::New } else { HotspotClass::Rising }
            } else if lower_corrected[at] < SIGNIFICANCE {
                HotspotClass::Falling
            } else {
                HotspotClass::Steady
            };
            Judged {
                candidate,
                expectation: expectations[at],
                p_value: has_past.then_some(upper[at]),
                p_corrected: has_past.then_some(upper_corrected[at]),
                class,
            }
        })
        .collect()
}

/// A total order: two different places are never equal.
fn order(a: &Judged, b: &Judged) -> Ordering {
    let rises = |judged: &Judged| {
        matches!(judged.class, HotspotClass::New | HotspotClass::Rising) && !judged.candidate.is_one_conversation()
    };
    let surprise = |judged: &Judged| {
        if rises(judged) { judged.expectation.surprise(judged.candidate.counts.senders) } else { 0.0 }
    };
    let breadth = |judged: &Judged| {
        let counts = judged.candidate.counts;
        (counts.conversations, counts.senders, counts.messages)
    };
    rises(b)
        .cmp(&rises(a))
        .then_with(|| surprise(b).total_cmp(&surprise(a)))
        .then_with(|| breadth(b).cmp(&breadth(a)))
        .then_with(|| a.candidate.id.cmp(&b.candidate.id))
}

fn hotspot(judged: Judged, rank: u32, period: Period) -> Hotspot {
    let Judged { candidate, expectation, p_value, p_corrected, class } = judged;
    let Candidate { counts, before, .. } = candidate;
    let one_conversation = candidate.is_one_conversation();
    let radius_km = f64::from(candidate.radius_m).max(LEAST_RADIUS_M) / 1000.0;
    let has_past = period.has_past();
    let told = Told {
        name: &candidate.name,
        area: candidate.municipality.as_deref().or(candidate.province.as_deref()),
        counts,
        before,
        expected: expectation.mean,
        class,
        one_conversation,
    };
    Hotspot {
        rank,
        sentence: sentence(&told),
        density_per_km2: counts.messages as f64 / (std::f64::consts::PI * radius_km * radius_km),
        expected: expectation.mean,
        z_score: has_past.then(|| expectation.z_score(counts.senders)),
        p_value,
        p_corrected,
        change: (has_past && before.messages > 0).then(|| counts.messages as f64 / before.messages as f64 - 1.0),
        class,
        one_conversation,
        first_seen: rfc3339(candidate.first_seen_ms),
        last_seen: rfc3339(candidate.last_seen_ms),
        id: candidate.id,
        name: candidate.name,
        kind: candidate.kind,
        lon: candidate.lon,
        lat: candidate.lat,
        radius_m: candidate.radius_m,
        municipality: candidate.municipality,
        province: candidate.province,
        police_unit: candidate.police_unit,
        counts,
        before,
        sparkline: candidate.sparkline,
    }
}

/// Times outside the calendar of jiff (years −9999 to 9999) are held at its edge.
fn rfc3339(at_ms: TimeMs) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or(if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX }).to_string()
}
