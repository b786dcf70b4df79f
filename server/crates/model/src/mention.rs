//! A place found in a text.

use serde::{Deserialize, Serialize};

use crate::{Place, PlaceKind};

/// Mentions at or above this confidence are placed on the map; the rest are kept for review.
pub const ACCEPTANCE_THRESHOLD: f32 = 0.5;

/// A span of text that means a place, how sure we are, why, and what else it could be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mention {
    /// First byte of the span in the original text.
    pub start: u32,
    /// One past the last byte of the span.
    pub end: u32,
    /// The words of the span.
    pub text: String,
    /// What was recognised.
    pub kind: PlaceKind,
    /// Probability that the span means this place, 0 to 1.
    pub confidence: f32,
    /// Whether the confidence reaches the acceptance threshold.
    pub accepted: bool,
    /// The place chosen.
    pub place: Place,
    /// Other places the span could mean, most likely first.
    pub alternatives: Vec<Alternative>,
    /// Stable codes of the evidence: `name`, `preposition:in`, `population`…
    pub reasons: Vec<String>,
}

/// A place that was considered and not chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alternative {
    /// Place id.
    pub id: String,
    /// Its name, with the area that tells it from its namesakes.
    pub name: String,
    /// Its probability.
    pub confidence: f32,
}
