//! What was put in, to compare with what is found.

use jiff::civil::Date;
use serde::Serialize;

/// Everything planted in a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Truth {
    /// The seed of the run.
    pub seed: u64,
    /// How many messages it has.
    pub messages: u64,
    /// First day.
    pub from: Date,
    /// First day after the last.
    pub to: Date,
    /// What was planted.
    pub hotspots: Vec<PlantedHotspot>,
}

/// A place that comes up more than chance would have it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlantedHotspot {
    /// Stable id; steps of one moving hotspot share all but the last number.
    pub id: &'static str,
    /// What sort of pattern it is.
    pub kind: PlantedKind,
    /// Whether a good ranking shows it as a hotspot.
    pub is_hotspot: bool,
    /// Name of the place.
    pub place: &'static str,
    /// Its municipality.
    pub municipality: &'static str,
    /// Its province.
    pub province: &'static str,
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// First day of the pattern.
    pub from: Date,
    /// First day after it.
    pub to: Date,
    /// Messages that mention the place for it; no other message of the run mentions it.
    pub messages: u64,
}

/// How the mentions of a planted place lie in time and over people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantedKind {
    /// Grows for weeks over more and more conversations, then ends.
    Buildup,
    /// One step of a pattern that goes from place to place.
    Moving,
    /// A short flare.
    Burst,
    /// Much mentioned, always alike: no hotspot.
    Steady,
    /// One sender in one conversation, over and over: no hotspot.
    Chatterbox,
}

/// Where a message names a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TruthSpan {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// How the place is named.
    pub kind: SpanKind,
    /// Name of the place as the gazetteer has it.
    pub place_name: &'static str,
    /// Its municipality.
    pub municipality: &'static str,
    /// Its province.
    pub province: &'static str,
}

/// How a span names its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// By its name, in any case.
    Name,
    /// By its name with a slip of the thumb.
    Misspelt,
    /// By a point near it, as numbers or as a map link.
    Coordinate,
}
