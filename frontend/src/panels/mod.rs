//! The parts of the screen: analyses, filters, topics, ranked list, timeline, messages, review, bringing messages in.

pub(crate) mod analyses;
pub(crate) mod choices;
pub(crate) mod detail;
pub(crate) mod filters;
pub(crate) mod hotspots;
pub(crate) mod import;
pub(crate) mod mention;
pub(crate) mod messages;
pub(crate) mod review;
pub(crate) mod timeline;
mod timeline_bars;
pub(crate) mod topics;
