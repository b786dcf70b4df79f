//! JSON shapes of the API under `/api/v1`, shared by server and screen.
//!
//! Times are RFC 3339 strings in UTC; numbers are finite.

use serde::{Deserialize, Serialize};

use crate::{DecisionAction, LonLat, Mention, Place, PlaceKind, RegionKind};

mod analyses;
mod bands;
mod density;
mod statistics;
mod topics;

pub use crate::imports::RejectedView;
pub use analyses::*;
pub use bands::*;
pub use density::*;
pub use statistics::*;
pub use topics::*;

/// How much activity: always the same four counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Mentions of places.
    pub mentions: u64,
    /// Distinct messages with a mention.
    pub messages: u64,
    /// Distinct conversations.
    pub conversations: u64,
    /// Distinct senders.
    pub senders: u64,
}

/// Activity at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceActivity {
    /// Place id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Extent in metres: draw nothing finer than this.
    pub radius_m: u32,
    /// Municipality, to tell namesakes apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Activity in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionActivity {
    /// Region id, as in `/regions`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The counts of places in it that are no larger than it.
    #[serde(flatten)]
    pub counts: Counts,
}

/// One bar of the time histogram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bin {
    /// Start, inclusive (RFC 3339).
    pub from: String,
    /// End, exclusive (RFC 3339).
    pub to: String,
    /// Distinct messages with a mention that passes the filter.
    pub messages: u64,
    /// All messages read for this time in the chosen cases and sources, placed or not: 0 means no data, not calm.
    pub read: u64,
}

/// Answer of `/activity`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activity {
    /// Distinct messages that pass the filter; the same as `totals.messages`.
    pub total: u64,
    /// All four counts over the whole selection.
    pub totals: Counts,
    /// The places with activity, most conversations first: the first 5,000 of them.
    pub places: Vec<PlaceActivity>,
    /// How many more places have activity. All counts beside `places` hold them, too, and so do vector tiles.
    #[serde(default)]
    pub places_left_out: u64,
    /// How many mentions of those places pass the filter.
    #[serde(default)]
    pub mentions_left_out: u64,
    /// Every region of the asked layer with activity (parameter `layer`).
    pub regions: Vec<RegionActivity>,
    /// Activity over time. The time window of the filter does not cut it: it shows what lies around the window.
    pub histogram: Vec<Bin>,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// How a place or region changed against the period before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HotspotClass {
    /// Significantly more of what is counted than expected, and none in the equally long period before.
    New,
    /// Significantly more than expected.
    Rising,
    /// No significant change.
    Steady,
    /// Significantly fewer than expected.
    Falling,
    /// There are no data, or too few, for the period before: nothing can be said.
    Unknown,
}

/// The same sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sentence {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

/// A line of the ranked list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hotspot {
    /// Position in the list, from 1.
    pub rank: u32,
    /// Place or region id.
    pub id: String,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// Police unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub police_unit: Option<String>,
    /// Counts in the chosen period.
    #[serde(flatten)]
    pub counts: Counts,
    /// Messages per km² of its extent.
    pub density_per_km2: f64,
    /// What is counted (see `count` of the list), as expected from the place's own past and that of the others.
    pub expected: f64,
    /// Standard score of the count against `expected`; `None` where it cannot be said.
    pub z_score: Option<f64>,
    /// Probability of so many or more when nothing changed.
    pub p_value: Option<f64>,
    /// The p-value after Benjamini–Hochberg.
    pub p_corrected: Option<f64>,
    /// Counts in the equally long period before.
    pub before: Counts,
    /// `messages / before.messages − 1`; `None` when there is nothing to compare with.
    pub change: Option<f64>,
    /// New, rising, steady, falling.
    pub class: HotspotClass,
    /// Whether one conversation carries more than half of the messages.
    pub one_conversation: bool,
    /// What is to be said, in words.
    pub sentence: Sentence,
    /// What is talked about there, most first: see `TopicShare`.
    #[serde(default)]
    pub topics: Vec<TopicShare>,
    /// Messages over the chosen period in equal steps.
    pub sparkline: Vec<u32>,
    /// First message in the period (RFC 3339).
    pub first_seen: String,
    /// Last message in the period (RFC 3339).
    pub last_seen: String,
    /// Neighbourhood, base rate, inhabitants, change and how it came about.
    #[serde(default)]
    pub statistics: Statistics,
    /// Of a unit of a grid: its corners as lon, lat, the first one again at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<[f64; 2]>,
    /// Words that tell its messages from all others, most telling first. Only exports have them, of the first lines: they come from texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// Answer of `/hotspots`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hotspots {
    /// The period counted, from (RFC 3339).
    pub from: String,
    /// The period counted, to (RFC 3339).
    pub to: String,
    /// The list, best first.
    pub hotspots: Vec<Hotspot>,
    /// How many there were before the limit.
    pub of: u64,
    /// Mentions left out because they are too coarse for the question (a province for a list of places).
    pub too_coarse: u64,
    /// Of a list of a grid: mentions that name something larger than a unit. They are spread over its extent (`statistics.spread`).
    pub spread: u64,
    /// What is counted, and what the statistics rest on.
    #[serde(default)]
    pub basis: Basis,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// A message as the screen shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// Number of the message in this store.
    pub id: u64,
    /// When it was sent (RFC 3339, UTC).
    pub sent_at: String,
    /// Conversation.
    pub conversation: String,
    /// Sender.
    pub sender: String,
    /// Source that it was first read from.
    pub source: String,
    /// All sources that hold it, that one first: two phones of one conversation, two exports of one phone.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Case it belongs to.
    pub case: String,
    /// Its words.
    pub text: String,
    /// Places found in it, accepted or not, as decided where somebody decided.
    pub mentions: Vec<MentionView>,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<MessageTopic>,
}

/// A mention as the screen shows it: what the geoparser read, with a person's decision laid over it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MentionView {
    /// Number of the mention in this store: what a decision is made by.
    pub number: u64,
    /// The mention as it counts.
    #[serde(flatten)]
    pub mention: Mention,
    /// Whether it belongs into the queue for review when nobody decided.
    pub uncertain: bool,
    /// The decision that speaks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

/// Which decision speaks for a mention, and what was read before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decided {
    /// Number of the decision.
    pub decision: u64,
    /// What was decided.
    pub action: DecisionAction,
    /// Who decided.
    pub made_by: String,
    /// When (RFC 3339).
    pub made_at: String,
    /// The place that the geoparser read.
    pub read_place: Place,
    /// How sure the geoparser was.
    pub read_confidence: f32,
}

/// Answer of `/messages`: newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// Messages that pass the filter.
    pub total: u64,
    /// This page.
    pub messages: Vec<MessageView>,
    /// Give it as `after` to get the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A source of messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceInfo {
    /// Its name, unique within its case.
    pub name: String,
    /// Its case.
    pub case: String,
    /// Messages in it.
    pub messages: u64,
    /// Lines that could not be read.
    pub rejected: u64,
    /// Whether its messages are made up.
    pub synthetic: bool,
    /// First message (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last message (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Stretches of days with messages, in order of time: between two lies a pause of more than seven days, in which data may be missing.
    #[serde(default)]
    pub spans: Vec<DaySpan>,
}

/// A stretch of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DaySpan {
    /// First day (UTC, `2020-03-27`).
    pub first: String,
    /// Last day.
    pub last: String,
    /// Messages in it.
    pub messages: u64,
}

/// Answer of `/meta`: what the screen needs to begin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Version of the product.
    pub version: String,
    /// Version of the gazetteer in use.
    pub gazetteer: String,
    /// Grows with every change of data.
    pub data_version: u64,
    /// Messages read.
    pub messages: u64,
    /// Mentions placed.
    pub mentions: u64,
    /// Whether any source is made up: the screen says so.
    pub synthetic: bool,
    /// First message (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last message (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Sources.
    pub sources: Vec<SourceInfo>,
    /// Topics to filter by; their words are in `/topics`.
    #[serde(default)]
    pub topics: Vec<TopicInfo>,
    /// Mentions at or above this are placed.
    pub acceptance_threshold: f32,
    /// Time zone in which dates without one are read.
    pub timezone: String,
    /// `builtin`, or `pmtiles` when the user gave a basemap (then at `/basemap/custom.pmtiles`).
    pub basemap: String,
    /// Largest file that can be sent, in bytes: the screen says so before it sends one.
    pub upload_limit: u64,
    /// Who is signed in.
    pub user: String,
}

/// The body of a POST to whatever takes a filter: every one of them, with words and a drawn polygon too.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct FilterBody {
    /// From (RFC 3339 or date), inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To (RFC 3339 or date), exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Region id or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// `lon,lat,lon,lat`: west, south, east, north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<String>,
    /// Place id; also that of a hexagon or square of `/hotspots`: the places counted there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Case name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Source name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Topics as in `/topics`, with commas between: messages about any of them.
    #[serde(skip_serializing_if = "Option::is_none", alias = "topic")]
    pub topics: Option<String>,
    /// Least confidence, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<f32>,
    /// Words the message must hold. Only in a body, never in a URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// A drawn ring of points. Only in a body, never in a URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polygon: Option<Vec<LonLat>>,
    /// `/activity`: the layer of regions to count (`province`, `municipality`, `police_unit`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<RegionKind>,
    /// `/hotspots`: `place` (default), `municipality`, `police_unit`, `province`, `cell` (hexagons of H3) or `square` (of the Dutch national
    /// grid). `/scan`: `municipality` (default), `police_unit` or `province`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// `/hotspots` by `cell`: resolution of H3, 4 to 9 (6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<u8>,
    /// `/hotspots` by `square`: length of a side in metres, 125 to 10,000 (1000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side_m: Option<u32>,
    /// All but `/activity` and `/messages`: what is counted: `senders` (default; `/density`: `mentions`), `conversations`, `messages`,
    /// `mentions`, or `weighted` (mentions by their probability).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
    /// `/density`: `quartic` (default) or `gaussian`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// `/density`: bandwidth in metres; by `bandwidth_rule` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bandwidth_m: Option<f64>,
    /// `/density`: `silverman` (default), `scott` (the same in two dimensions) or `cross_validated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bandwidth_rule: Option<String>,
    /// `/density`: `open` (default), or `corrected`: what would be smoothed over the border of the asked region, polygon or country
    /// stays inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges: Option<String>,
    /// `/density`: also the ratio to another density: `all` (whatever words, topics and sources, same period) or `always` (the same at any
    /// time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_to: Option<String>,
    /// `/scan`: `space_time` (default) or `space`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// `/scan`: what is taken to be usual: `past`, `population` or `all`. By default `all` where words or topics are asked for, else `past` where
    /// enough was read before, else `population`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// `/scan`, `/near-repeat`: replicas of the Monte Carlo test, 9 to 9999 (999).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    /// `/scan`, `/near-repeat`: the same seed gives the same p-values (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// `/clusters`: `dbscan` (default) or `hdbscan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// `/clusters`: `concave` (default) or `convex`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hull: Option<String>,
    /// `/clusters`: what lies no further apart is joined, in metres, 10 to 50,000 (1000); coarser mentions are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach_m: Option<f64>,
    /// `/clusters`: so much of what is counted makes a cluster, 2 to 1000 (5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_points: Option<u32>,
    /// `/near-repeat`: ascending upper bounds of distance in metres, `1000,2500,5000,10000` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distances_m: Option<String>,
    /// `/near-repeat`: ascending upper bounds of time in days, `1,3,7,14,28` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<String>,
    /// Lists: at most this many (1 to 1000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `/messages`: the `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Like mentions that wait for somebody's decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewGroup {
    /// A mention of the group: what a decision about it is made by.
    pub mention: u64,
    /// The words as they stand in the first example.
    pub text: String,
    /// The case they are in; a decision for the case speaks for the whole group.
    pub case: String,
    /// The place read.
    pub place: Place,
    /// Mean confidence of the mentions.
    pub confidence: f32,
    /// Other places considered, most likely first, as in the first example.
    pub alternatives: Vec<crate::Alternative>,
    /// Codes of the evidence in the first example.
    pub reasons: Vec<String>,
    /// What hangs on it.
    #[serde(flatten)]
    pub counts: Counts,
    /// What the queue is sorted by: conversations × uncertainty, where the uncertainty of a mention is 1 − |2p − 1|.
    pub consequence: f64,
    /// Messages that show it, newest first, of different conversations where there are.
    pub examples: Vec<ReviewExample>,
}

/// A message that shows a group of like mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewExample {
    /// Number of the mention that belongs to the group.
    pub mention: u64,
    /// The message.
    #[serde(flatten)]
    pub message: MessageView,
}

/// Answer of `/review`: most consequential first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewQueue {
    /// Groups that pass the filter, before the limit.
    pub total: u64,
    /// Mentions in all of them.
    pub mentions: u64,
    /// The first of them.
    pub groups: Vec<ReviewGroup>,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// How far a decision reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecisionScope {
    /// One case.
    #[default]
    Case,
    /// Every case of the team.
    Team,
}

/// The body of a POST to `/decisions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// What is decided.
    pub action: DecisionAction,
    /// Number of the mention decided on. `never` and `always` may give `words` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<u64>,
    /// The words, for `never` and `always`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// One case, or all of them.
    #[serde(default)]
    pub scope: DecisionScope,
    /// Name of the case; that of the mention when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Id of the place, for `choose` and `always`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A decision as the screen shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// Its number.
    pub number: u64,
    /// What was decided.
    pub action: DecisionAction,
    /// The words it is about, in small letters without marks.
    pub words: String,
    /// One case, or all of them.
    pub scope: DecisionScope,
    /// The case, when it is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Id of the place read, when it is about like mentions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_place: Option<String>,
    /// The place chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Who made it.
    pub made_by: String,
    /// When (RFC 3339).
    pub made_at: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was undone (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<String>,
    /// Mentions that it speaks for now.
    pub mentions: u64,
}

/// What is sent to `PUT /home`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HomeBody {
    /// Id of the region; null for none. Leaving it out is an error, so that nothing is taken away by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub region: Option<String>,
}

/// The team's own region, and how far reading all messages with it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Home {
    /// Id of the region; null when there is none.
    pub region: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// All messages have been read with it.
    pub complete: bool,
    /// How far reading them again is; null when nobody does.
    pub rereading: Option<HomeProgress>,
    /// What the last time changed, since the server started.
    pub changed: Option<HomeChanges>,
}

/// How far reading all messages again is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HomeProgress {
    /// Messages read.
    pub read: u64,
    /// Messages there are; 0 until they are counted.
    pub total: u64,
}

/// What another home region changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HomeChanges {
    /// Messages read.
    pub read: u64,
    /// Mentions that are read as another place now.
    pub moved: u64,
    /// Mentions that are on the map now and were not.
    pub accepted: u64,
    /// Mentions that were on the map and are no more.
    pub unaccepted: u64,
    /// Mentions not found before.
    pub added: u64,
    /// Mentions found no more.
    pub removed: u64,
    /// The words of most of these mentions.
    pub top_words: Vec<WordChanges>,
    /// How long it took.
    pub seconds: f64,
}

/// How many mentions of some words changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WordChanges {
    /// The words, in small letters without marks.
    pub words: String,
    /// Mentions.
    pub changes: u64,
}

/// An error as RFC 9457 problem details (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Short title.
    pub title: String,
    /// Stable code, e.g. `unknown_region`.
    pub code: String,
    /// What was wrong and how to mend it.
    pub detail: String,
    /// Id to give to whoever runs the server (500 only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}
