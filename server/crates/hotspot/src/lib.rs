//! What is much for a place: pure functions over counts.
//!
//! Here live the expectation from a place's own past, the test against it, the correction for many tests, the class, the sentence and the
//! order of the list. Never here: a clock, IO, geometry, or anything that looks ahead. A hotspot says what was said; it predicts nothing.

mod expectation;
mod false_discovery;
mod rank;
mod sentence;

pub use rank::{Candidate, Period, SIGNIFICANCE, ranked};
