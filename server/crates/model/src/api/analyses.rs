//! Answers of the analyses beside the list: scan statistic, clusters, near repeats, and all that is known of one hotspot.
//!
//! Lengths are metres, areas km², positions lon, lat (WGS 84). A figure that cannot be said is `None`, and `reason` says why.

use serde::{Deserialize, Serialize};

use super::{Basis, CountBy, Counts, Hotspot, HotspotClass, Sentence, SeriesBin, Trend};

/// Why an analysis has nothing to tell. The sentence beside it says the same for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unsaid {
    /// Nothing passes the filter.
    NothingCounted,
    /// What passes says where too coarsely for the question.
    NothingPrecise,
    /// There are fewer units or events than the question needs.
    TooFew,
    /// There are more than can be compared with each other: narrow the filter.
    TooMany,
    /// All lie at one point, or all at one moment: nothing can be told apart.
    AllTheSame,
    /// There is nothing to compare with.
    NothingToCompare,
    /// What is asked for is compared with itself.
    SameAsAll,
}

/// Answer of `/scan`: circles of units in which more is counted than elsewhere, strongest first, none overlapping a stronger one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scan {
    /// Start of what was scanned (RFC 3339).
    pub from: String,
    /// Its end, exclusive.
    pub to: String,
    /// What is counted; a sender of two steps counts in both.
    pub count: CountBy,
    /// Units: `municipality`, `police_unit` or `province`.
    pub by: String,
    /// `space_time` (circles over a last stretch of time) or `space` (circles over all of it).
    pub over: String,
    /// What is taken to be usual: `past` (what was counted there in the equally long period before), `population` (inhabitants) or `all`
    /// (all messages, whatever their words, topics and sources), each times what was read in the step.
    pub against: String,
    /// Steps of time.
    pub steps: u32,
    /// Length of a step in days; `None` where the whole period is one.
    pub step_days: Option<u32>,
    /// Units of the study area.
    pub units: u64,
    /// What is counted, over all units and steps.
    pub counted: u64,
    /// Mentions left out because they say where too coarsely.
    pub too_coarse: u64,
    /// Replicas of the Monte Carlo test: the least p-value is 1 / (replicas + 1).
    pub replicas: u32,
    /// Seed of the replicas: the same seed gives the same p-values.
    pub seed: u32,
    /// The clusters.
    pub clusters: Vec<ScanCluster>,
    /// Why there are none.
    pub reason: Option<Unsaid>,
    /// What was found, or why nothing can be said.
    pub sentence: Sentence,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// A circle of units over a last stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScanCluster {
    /// Position in the list, from 1.
    pub rank: u32,
    /// Units in it, the one in the middle first.
    pub units: Vec<ScanUnit>,
    /// Longitude of the middle in degrees.
    pub lon: f64,
    /// Latitude of the middle in degrees.
    pub lat: f64,
    /// From the middle to the label of the last unit, in metres.
    pub radius_m: f64,
    /// Since when (RFC 3339), up to the end of the scan.
    pub from: String,
    /// What is counted in it.
    pub counted: u64,
    /// What would be, were it as usual.
    pub expected: f64,
    /// Rate inside over rate outside; `None` when everything is inside.
    pub relative_risk: Option<f64>,
    /// Log-likelihood ratio.
    pub likelihood_ratio: f64,
    /// Share of data sets, replicas and this one, whose strongest cluster is at least as strong.
    pub p_value: f64,
    /// What is to be said of it.
    pub sentence: Sentence,
}

/// A unit of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScanUnit {
    /// Region id, as in `/regions`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Answer of `/clusters`: a GeoJSON feature collection (RFC 7946) of hulls, with what they rest on beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clusters {
    /// `FeatureCollection`.
    pub r#type: String,
    /// A feature a cluster, most counted first.
    pub features: Vec<ClusterFeature>,
    /// `dbscan` or `hdbscan`.
    pub method: String,
    /// DBSCAN: what lies no further apart is joined, in metres. Both: mentions that say where less precisely are left out.
    pub reach_m: f64,
    /// So much of what is counted makes a cluster.
    pub min_points: u32,
    /// `convex` or `concave`.
    pub hull: String,
    /// What is counted.
    pub count: CountBy,
    /// Places that take part.
    pub places: u64,
    /// Those of them that belong to no cluster.
    pub noise: u64,
    /// Mentions left out because they say where too coarsely.
    pub too_coarse: u64,
    /// Clusters found, before the limit.
    pub of: u64,
    /// Why there are none.
    pub reason: Option<Unsaid>,
    /// What was found, or why nothing can be said.
    pub sentence: Sentence,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// A cluster as a GeoJSON feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClusterFeature {
    /// `Feature`.
    pub r#type: String,
    /// Its hull: around the extents of its places, so that it has an area even where it is one place.
    pub geometry: PolygonGeometry,
    /// Its figures.
    pub properties: ClusterFigures,
}

/// A GeoJSON polygon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolygonGeometry {
    /// `Polygon`.
    pub r#type: String,
    /// Rings of positions: lon, lat.
    pub coordinates: Vec<Vec<[f64; 2]>>,
}

/// Figures of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClusterFigures {
    /// Position in the list, from 1.
    pub rank: u32,
    /// Name of its most mentioned place.
    pub name: String,
    /// Municipality of that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Places in it.
    pub places: u64,
    /// What was counted in it: distinct over the whole cluster.
    #[serde(flatten)]
    pub counts: Counts,
    /// Area of the hull in km².
    pub area_km2: f64,
    /// Messages per km² of the hull.
    pub per_km2: f64,
    /// First message (RFC 3339).
    pub first_seen: String,
    /// Last message (RFC 3339).
    pub last_seen: String,
}

/// Answer of `/near-repeat`: whether what is near in space is near in time, too (Knox).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearRepeat {
    /// What is counted: an event is a conversation or sender that speaks of a place on a day (UTC), or a message that does.
    pub count: CountBy,
    /// Upper bounds of the bands of distance in metres, inclusive. A mention that says where less precisely than the first is left out.
    pub distances_m: Vec<f64>,
    /// Upper bounds of the bands of time in days, inclusive.
    pub days: Vec<u32>,
    /// Events that pass the filter and are precise enough.
    pub events: u64,
    /// Events that were compared; fewer than `events` when a sample was drawn.
    pub compared: u64,
    /// Mentions left out because they say where too coarsely.
    pub too_coarse: u64,
    /// Permutations of the Monte Carlo test: the least p-value is 1 / (replicas + 1).
    pub replicas: u32,
    /// Seed of the permutations and of the sample.
    pub seed: u32,
    /// The table: a row a band of distance, a cell a band of time.
    pub table: Vec<Vec<KnoxCell>>,
    /// Why nothing can be said.
    pub reason: Option<Unsaid>,
    /// What was found, or why nothing can be said.
    pub sentence: Sentence,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// Pairs of events within a band of distance and a band of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnoxCell {
    /// Pairs there are.
    pub pairs: u64,
    /// Pairs there would be on average were the times dealt out at random.
    pub expected: f64,
    /// Pairs over expectation; `None` when none are expected.
    pub ratio: Option<f64>,
    /// Share of permutations, the data counted as one, with so many pairs or more.
    pub p_value: f64,
    /// The p-value after Benjamini–Hochberg over the table.
    pub p_corrected: f64,
}

/// Answer of `/hotspots/{place}`: all that is known of one line of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HotspotDetail {
    /// Id of the place, region or cell.
    pub id: String,
    /// Start of the period (RFC 3339).
    pub from: String,
    /// Its end, exclusive.
    pub to: String,
    /// Its line, with its position in the whole list; `None` when nothing was counted there.
    pub hotspot: Option<Hotspot>,
    /// Lines of the whole list.
    pub of: u64,
    /// What the list rests on.
    pub basis: Basis,
    /// What is counted over the period, by day, or by week where it is longer than 62 days.
    pub series: Vec<SeriesBin>,
    /// Length of such a bin in days.
    pub step_days: u32,
    /// Messages of the period by day of the week (Monday first) and hour, in the server's time zone.
    pub rhythm: Vec<Vec<u64>>,
    /// Its course up to the end of the period, with trend and changes of rate.
    pub trend: Trend,
    /// What is left of it without the loudest conversation, and without the loudest sender.
    pub without: Vec<LeftOut>,
    /// Words of its messages that tell them from all others.
    pub words: TellingWords,
    /// Who speaks of it, and whether there are data of those who do not.
    pub conversations: Conversations,
    /// Why there is no line.
    pub reason: Option<Unsaid>,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// The conversations that speak of a hotspot, in the period or in the equally long one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversations {
    /// All of them.
    pub of: u64,
    /// Those that speak of it in the period.
    pub now: u64,
    /// Those that did in the period before.
    pub before: u64,
    /// Of those before: have no message at all in the period, so that their silence says nothing.
    pub without_data: u64,
    /// Of those now: have no message at all in the period before.
    pub begun: u64,
    /// The ten that speak of it most in the period, then those that did before.
    pub listed: Vec<SpeakingConversation>,
    /// The same in words.
    pub sentence: Sentence,
}

/// A conversation that speaks of a hotspot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpeakingConversation {
    /// Its name.
    pub name: String,
    /// Its case.
    pub case: String,
    /// Its messages here in the period.
    pub messages: u64,
    /// Its messages here in the period before.
    pub before: u64,
    /// Its first message at all (RFC 3339); `None` while that is not known, as during a load.
    pub first: Option<String>,
    /// Its last message at all.
    pub last: Option<String>,
    /// All of its messages, with a place or without.
    pub read: Option<u64>,
    /// Whether its messages reach into the period.
    pub has_data: bool,
    /// Whether they reach into the period before.
    pub had_data: bool,
}

/// What is left of a hotspot without the loudest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOut {
    /// `conversation` or `sender`.
    pub what: String,
    /// Its name.
    pub name: String,
    /// Messages that it holds.
    pub held: u64,
    /// Counts without it.
    #[serde(flatten)]
    pub counts: Counts,
    /// What is counted, without it.
    pub counted: u64,
    /// Probability of so many or more when nothing changed, after Benjamini–Hochberg over the list; `None` where it cannot be said.
    pub p_corrected: Option<f64>,
    /// What the list would say.
    pub class: HotspotClass,
    /// Whether a rise is still one; `None` when it was none.
    pub stays: Option<bool>,
    /// The same for people.
    pub sentence: Sentence,
}

/// Words that tell one selection from the rest: log-odds with an informative Dirichlet prior, corrected for the number of words
/// (Benjamini–Hochberg, 5 %).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TellingWords {
    /// The words, most telling first.
    pub words: Vec<TellingWord>,
    /// Messages there are here.
    pub here: u64,
    /// Those of them that were read: all, or a random sample.
    pub read_here: u64,
    /// Messages elsewhere, in the same period and filter.
    pub elsewhere: u64,
    /// Those of them that were read.
    pub read_elsewhere: u64,
    /// Why there are no words.
    pub reason: Option<Unsaid>,
    /// What was read, and what that means.
    pub sentence: Sentence,
}

/// A telling word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TellingWord {
    /// The word, in small letters without marks.
    pub word: String,
    /// Messages read here that hold it, the same text counted once.
    pub here: u64,
    /// Messages read elsewhere that hold it.
    pub elsewhere: u64,
    /// How much more often it is used here: difference of log-odds.
    pub log_odds: f64,
    /// The same as a standard score; the order of the list.
    pub z: f64,
}
