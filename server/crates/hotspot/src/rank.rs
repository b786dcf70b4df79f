//! From counted places to the ranked list.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::TimeMs;
use model::api::{CountBy, Counts, Emerging, Hotspot, HotspotClass};
use rayon::prelude::*;

use crate::expectation::{Expectation, Prior};
use crate::false_discovery::corrected_of;
use crate::figures::{Figures, Marks};
use crate::local::Local;
use crate::sentence::{Told, sentence};
use crate::trend::Trend;

/// Share of false ones that is accepted among what is called new, rising or falling.
pub const SIGNIFICANCE: f64 = 0.05;
/// Least share of what is read now that must have been read before: with less, a few messages at the edge of the data would stand for a whole
/// period, and everything would seem to rise or fall.
const LEAST_PAST: f64 = 0.1;
/// A point has no area: density counts at least the area of a circle of this radius, in metres.
const LEAST_RADIUS_M: f64 = 100.0;

/// What a place, region or cell is judged by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Candidate<'a> {
    /// Its id.
    pub id: Cow<'a, str>,
    /// Counts in the period.
    pub counts: Counts,
    /// Counts in the equally long period before.
    pub before: Counts,
    /// Messages of the conversation that carries most of them.
    pub largest_conversation: u64,
    /// Sum of the probabilities of its mentions in the period, and in the one before.
    pub weights: (f64, f64),
    /// Counts and sum of probabilities in the period whatever the words; `None` when no words are asked for.
    pub whatever_words: Option<(Counts, f64)>,
    /// Inhabitants, where known.
    pub population: Option<u64>,
}

/// What is told of a line of the list beside what it is judged by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Place kind, region kind, `cell` or `square`.
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
    /// Of a unit of a grid: its corners as lon, lat, the first one again at the end.
    pub outline: Vec<[f64; 2]>,
    /// Messages over the period in equal steps.
    pub sparkline: Vec<u32>,
    /// First message of the period.
    pub first_seen_ms: TimeMs,
    /// Last message of the period.
    pub last_seen_ms: TimeMs,
    /// Counts and sum of probabilities in the same period a year before.
    pub year_before: (Counts, f64),
    /// Counts in the period without its loudest conversation; only asked of what rises.
    pub without_loudest: Counts,
    /// Counts in the period before, of conversations that have messages in the period, too; only asked of what falls.
    pub before_with_data: Counts,
    /// Of a unit of a grid: what is counted at larger places and spread over it.
    pub spread: Option<f64>,
    /// What its neighbourhood says.
    pub neighbourhood: Neighbourhood,
}

/// What is said of the neighbourhood of a candidate, in space and time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Neighbourhood {
    /// Getis–Ord Gi*.
    pub gi_star: Option<Local>,
    /// Local Moran's I.
    pub moran: Option<Local>,
    /// How it came about.
    pub emerging: Option<Emerging>,
    /// Trend of Gi* over time.
    pub trend: Option<Trend>,
    /// When its last stretch of one rate began, where that is higher than the one before.
    pub since_ms: Option<TimeMs>,
}

/// How a list is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The period.
    pub period: Period,
    /// What is counted.
    pub count: CountBy,
    /// Lines of the list.
    pub limit: usize,
    /// What is counted per inhabitant over the whole study area; `None` when that is not known.
    pub per_inhabitant: Option<f64>,
    /// The zone in which weeks are told.
    pub zone: TimeZone,
}

/// The period counted, and how much was read in it and before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// All messages read in the period, placed or not.
    pub read: u64,
    /// All messages read in the equally long period before; 0 means that there are no data, not that it was calm.
    pub read_before: u64,
    /// All messages read in the same period a year before; 0 means that there are no data.
    pub read_year_before: u64,
}

impl Period {
    /// Whether enough was read before to compare with.
    pub fn has_past(self) -> bool {
        self.is_enough(self.read_before)
    }

    /// Whether so many messages read are enough to compare the period with.
    pub(crate) fn is_enough(self, read: u64) -> bool {
        // Where nothing is read now, nothing can be more or less than before.
        self.read > 0 && read > 0 && read as f64 >= LEAST_PAST * self.read as f64
    }
}

impl Candidate<'_> {
    /// Whether one conversation carries more than half of the messages.
    fn is_one_conversation(&self) -> bool {
        2 * self.largest_conversation > self.counts.messages
    }
}

/// What is counted of a part of these counts; probabilities are taken to be spread evenly over the mentions.
fn part_of(whole: &Counts, weight: f64, part: &Counts, count: CountBy) -> u64 {
    let mean = if whole.mentions == 0 { 0.0 } else { weight / whole.mentions as f64 };
    count.of(part, mean * part.mentions as f64)
}

/// What the test says of a candidate.
struct Judged<'a> {
    /// Its position among all.
    at: usize,
    candidate: &'a Candidate<'a>,
    /// What is counted, now and before.
    counted: [u64; 2],
    expectation: Expectation,
    /// Of so many or more, and after correction; for what is falling, of so few or fewer.
    p_value: Option<f64>,
    p_corrected: Option<f64>,
    p_told: Option<f64>,
    class: HotspotClass,
}

/// All candidates judged, by their positions.
struct Judgement<'a> {
    judged: Vec<Judged<'a>>,
    /// The largest p-values that the correction would still have accepted with so many discoveries: of rises and of falls.
    critical: [f64; 2],
    prior: Prior,
    exposure: f64,
}

/// The list, best first, cut at the limit; `line` tells of the candidate at a position, and is told its class.
///
/// First come places of which significantly more is counted than expected, most surprising first; then everything else by breadth:
/// conversations, senders, messages. So a build-up in a hamlet stands above a city that is always spoken of, and without a past to compare
/// with the list is one of breadth. What one conversation carries stays in the second part, whatever is counted: one chatterbox, or one chat
/// group, is no hotspot.
pub fn ranked(
    candidates: &[Candidate<'_>],
    setting: &Setting,
    line: impl Fn(usize, HotspotClass) -> Line + Sync,
) -> Vec<Hotspot> {
    let figures = Figures::new(candidates, setting);
    let judgement = Judgement::new(candidates, setting);
    let judged = &judgement.judged;
    let mut listed: Vec<usize> = (0..judged.len()).collect();
    if listed.len() > setting.limit {
        // Most places are alike: their ids are compared only where the list ends among such.
        let by_standing = |a: &usize, b: &usize| standing(&judged[*a], &judged[*b]);
        let last = *listed.select_nth_unstable_by(setting.limit, by_standing).1;
        listed.retain(|at| by_standing(at, &last) != Ordering::Greater);
    }
    listed.sort_unstable_by(|a, b| order(&judged[*a], &judged[*b]));
    listed.truncate(setting.limit);
    let told = |(before, at): (usize, &usize)| {
        let one = &judged[*at];
        judgement.told(one, before as u32 + 1, line(one.at, one.class), setting, &figures)
    };
    listed.par_iter().enumerate().map(told).collect()
}

/// The line that the list has for the candidate at a position, however long the list is.
///
/// # Panics
/// When there is no such candidate.
pub fn ranked_one(
    candidates: &[Candidate<'_>],
    setting: &Setting,
    at: usize,
    line: impl Fn(usize, HotspotClass) -> Line,
) -> Hotspot {
    let figures = Figures::new(candidates, setting);
    let judgement = Judgement::new(candidates, setting);
    let one = &judgement.judged[at];
    let rank = 1 + judgement.judged.iter().filter(|other| order(other, one) == Ordering::Less).count();
    judgement.told(one, rank as u32, line(at, one.class), setting, &figures)
}

impl<'a> Judgement<'a> {
    fn new(candidates: &'a [Candidate<'a>], setting: &Setting) -> Self {
        let Setting { period, count, .. } = setting;
        let counted: Vec<[u64; 2]> = candidates
            .par_iter()
            .map(|c| [count.of(&c.counts, c.weights.0), count.of(&c.before, c.weights.1)])
            .collect();
        let prior = Prior::estimated(&counted.iter().map(|[_, before]| *before).collect::<Vec<_>>());
        let has_past = period.has_past();
        let exposure = if has_past { period.read as f64 / period.read_before as f64 } else { 1.0 };
        let expectations: Vec<_> = counted.iter().map(|[_, before]| prior.expectation(*before, exposure)).collect();
        // Of most places little is said: few pairs of counts differ.
        let mut times: HashMap<[u64; 2], u64, RandomState> = HashMap::default();
        for pair in &counted {
            *times.entry(*pair).or_default() += 1;
        }
        let pairs: Vec<([u64; 2], u64)> = times.into_iter().collect();
        let upper_tail = |pair: &[u64; 2]| prior.expectation(pair[1], exposure).at_least(pair[0]);
        let lower_tail = |pair: &[u64; 2]| prior.expectation(pair[1], exposure).at_most(pair[0]);
        let upper: Vec<(f64, u64)> = pairs.par_iter().map(|(pair, times)| (upper_tail(pair), *times)).collect();
        let lower: Vec<(f64, u64)> = pairs.par_iter().map(|(pair, times)| (lower_tail(pair), *times)).collect();
        let (upper_corrected, lower_corrected) = (corrected_of(&upper), corrected_of(&lower));
        let called = |corrected: &f64| *corrected < SIGNIFICANCE;
        let critical = |tails: &[(f64, u64)], corrected: &[f64]| {
            let discoveries =
                tails.iter().zip(corrected).filter(|(_, corrected)| called(corrected)).map(|((_, times), _)| times);
            SIGNIFICANCE * discoveries.sum::<u64>() as f64 / counted.len().max(1) as f64
        };
        let critical = [critical(&upper, &upper_corrected), critical(&lower, &lower_corrected)];
        let at: HashMap<[u64; 2], usize, RandomState> = pairs.iter().map(|(pair, _)| *pair).zip(0..).collect();
        let judged = candidates.par_iter().enumerate().map(|(position, candidate)| {
            let at = at[&counted[position]];
            let class = if !has_past {
                HotspotClass::Unknown
            } else if called(&upper_corrected[at]) {
                if counted[position][1] == 0 { HotspotClass::New } else { HotspotClass::Rising }
            } else if called(&lower_corrected[at]) {
                HotspotClass::Falling
            } else {
                HotspotClass::Steady
            };
            let told = if class == HotspotClass::Falling { lower_corrected[at] } else { upper_corrected[at] };
            Judged {
                at: position,
                candidate,
                counted: counted[position],
                expectation: expectations[position],
                p_value: has_past.then_some(upper[at].0),
                p_corrected: has_past.then_some(upper_corrected[at]),
                p_told: has_past.then_some(told),
                class,
            }
        });
        let judged = judged.collect();
        Self { judged, critical, prior, exposure }
    }

    /// The line of the list.
    fn told(&self, judged: &Judged<'_>, rank: u32, line: Line, setting: &Setting, figures: &Figures) -> Hotspot {
        let Judged { at, candidate, counted, expectation, p_value, p_corrected, p_told, class } = *judged;
        let Candidate { counts, before, weights, .. } = *candidate;
        let without_loudest = part_of(&counts, weights.0, &line.without_loudest, setting.count);
        let with_data = part_of(&before, weights.1, &line.before_with_data, setting.count);
        let fall = || self.prior.expectation(with_data, self.exposure).at_most(counted[0]);
        let marks = Marks {
            rests_on_one: judged.rises() && expectation.at_least(without_loudest) > self.critical[0],
            may_lack_data: class == HotspotClass::Falling && fall() > self.critical[1],
        };
        let statistics = figures.of(at, candidate, &line, counted, marks, setting);
        let one_conversation = candidate.is_one_conversation();
        let radius_km = f64::from(line.radius_m).max(LEAST_RADIUS_M) / 1000.0;
        let has_past = setting.period.has_past();
        let told = Told {
            name: &line.name,
            area: line.municipality.as_deref().or(line.province.as_deref()),
            count: setting.count,
            counts,
            counted,
            expected: expectation.mean,
            p: p_told,
            week: week(line.first_seen_ms, &setting.zone),
            class,
            one_conversation,
            marks,
        };
        Hotspot {
            rank,
            sentence: sentence(&told),
            density_per_km2: counts.messages as f64 / (std::f64::consts::PI * radius_km * radius_km),
            expected: expectation.mean,
            z_score: has_past.then(|| expectation.z_score(counted[0])),
            p_value,
            p_corrected,
            change: (has_past && before.messages > 0).then(|| counts.messages as f64 / before.messages as f64 - 1.0),
            class,
            one_conversation,
            first_seen: rfc3339(line.first_seen_ms),
            last_seen: rfc3339(line.last_seen_ms),
            id: candidate.id.to_string(),
            name: line.name,
            kind: line.kind,
            lon: line.lon,
            lat: line.lat,
            radius_m: line.radius_m,
            municipality: line.municipality,
            province: line.province,
            police_unit: line.police_unit,
            counts,
            before,
            topics: Vec::new(),
            sparkline: line.sparkline,
            statistics,
            outline: line.outline,
            words: Vec::new(),
        }
    }
}

impl Judged<'_> {
    fn rises(&self) -> bool {
        matches!(self.class, HotspotClass::New | HotspotClass::Rising)
    }
}

/// A total order: two different places are never equal.
fn order(a: &Judged<'_>, b: &Judged<'_>) -> Ordering {
    standing(a, b).then_with(|| a.candidate.id.cmp(&b.candidate.id))
}

/// The same order, in which places of which the same is counted are equal.
fn standing(a: &Judged<'_>, b: &Judged<'_>) -> Ordering {
    let rises = |judged: &Judged<'_>| judged.rises() && !judged.candidate.is_one_conversation();
    let surprise =
        |judged: &Judged<'_>| if rises(judged) { judged.expectation.surprise(judged.counted[0]) } else { 0.0 };
    let breadth = |judged: &Judged<'_>| {
        let counts = judged.candidate.counts;
        (counts.conversations, counts.senders, counts.messages)
    };
    rises(b).cmp(&rises(a)).then_with(|| surprise(b).total_cmp(&surprise(a))).then_with(|| breadth(b).cmp(&breadth(a)))
}

/// Week of the year (ISO 8601).
fn week(at_ms: TimeMs, zone: &TimeZone) -> Option<i8> {
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    Some(at.to_zoned_datetime(zone.clone()).date().iso_week_date().week())
}

/// Times outside the calendar of jiff (years −9999 to 9999) are held at its edge.
pub(crate) fn rfc3339(at_ms: TimeMs) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or(if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX }).to_string()
}
