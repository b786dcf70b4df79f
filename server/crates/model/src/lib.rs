//! The words that Speurkaart's crates share.
//!
//! Here live the plain types that travel between crates and over the API:
//! messages, mentions, places, regions, filters and the JSON shapes. Never
//! here: I/O, clocks, random numbers, SQL, HTTP or anything that does not
//! compile to `wasm32-unknown-unknown`.
//!
//! Coordinates are always **longitude, latitude** (WGS 84, degrees). Spans are
//! half-open byte ranges into the original UTF-8 text. Times are milliseconds
//! since 1970-01-01T00:00:00Z unless a name says otherwise.

pub mod api;
mod decision;
mod filter;
mod geo;
pub mod imports;
mod mention;
mod message;
mod place;
pub mod rd;
mod reason;

pub use decision::{Decision, DecisionAction, Decisions, Likeness, folded_words, is_uncertain, signs};
pub use filter::{Filter, Scope, TimeRange};
pub use geo::{BBox, EARTH_RADIUS_M, LonLat};
pub use mention::{ACCEPTANCE_THRESHOLD, Alternative, Mention};
pub use message::{Message, Rejected, SYSTEM_NOTICE, SharedLocation, TimeMs};
pub use place::{Place, PlaceKind, RegionKind};
pub use reason::explain;
