//! What is much for a place: pure functions over counts and points.
//!
//! Here live the statistics that the list and the map rest on. `rank` composes the list from the `expectation` of a place's own past, exact
//! tests (`poisson`), the correction for many tests and the `sentence`. `local` (Gi*, Moran) and `emerging` look at neighbourhoods, in
//! space and over time; `trend` and `change_points` at one series; `density` and `cluster` at points on a `plane`; `near_repeat` and `scan`
//! at both space and time. `number` writes numbers.
//! `words` compares two bags of words, `evaluate` measures a ranking against what came after. Never here: a clock,
//! IO, message text, or anything that looks ahead. A hotspot says what was said; it predicts nothing.

mod basis;
pub mod change_points;
pub mod cluster;
pub mod contours;
pub mod density;
pub mod emerging;
pub mod evaluate;
mod expectation;
mod false_discovery;
mod figures;
pub mod local;
pub mod near_repeat;
mod neighbours;
pub mod number;
mod plane;
pub mod poisson;
mod rank;
pub mod scan;
mod sentence;
pub mod trend;
pub mod words;

pub use basis::{Outcome, basis_sentence};
pub use expectation::expected;
pub use false_discovery::corrected;
pub use figures::trend_test;
pub use neighbours::Neighbours;
pub use plane::{Metres, Plane};
pub use rank::{Candidate, Line, Neighbourhood, Period, SIGNIFICANCE, Setting, ranked, ranked_one};
