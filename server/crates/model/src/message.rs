//! What readers hand over: messages, and what could not become one.

use crate::LonLat;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type TimeMs = i64;

/// One message as read from a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The source's own id, where it has one.
    pub external_id: Option<String>,
    /// The conversation it belongs to; the sender when the source does not say.
    pub conversation: String,
    /// Who sent it, as the source writes it; empty when the source does not say.
    pub sender: String,
    /// When it was sent.
    pub sent_at_ms: TimeMs,
    /// The words, unchanged; empty only where there is a location.
    pub text: String,
    /// Where the sender said to be, or was, by what the message carries beside its words.
    pub location: Option<SharedLocation>,
}

/// A point that came with a message: a pin that was shared, or the position the device noted.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedLocation {
    /// The point.
    pub point: LonLat,
    /// How far off it may be, in metres, where the source says.
    pub radius_m: Option<u32>,
    /// What the source calls the place.
    pub label: Option<String>,
}

/// The code of a rejected piece that an application wrote by itself: somebody joined, a call was missed.
pub const SYSTEM_NOTICE: &str = "system_notice";

/// A piece of input that could not become a message. Kept, counted, shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// Byte offset in the file where the piece starts.
    pub offset: u64,
    /// Stable code: `not_utf8`, `broken_json`, `no_time`, `bad_time`, `nonexistent_time`, `no_text`, `line_too_long`, `columns`, `system_notice`…
    pub code: &'static str,
    /// A sentence that says what was wrong. Never holds message text.
    pub reason: String,
    /// The raw bytes, cut at a bound.
    pub raw: Vec<u8>,
}
