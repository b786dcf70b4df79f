//! Toponym resolution: from a name in its context to a probability that it means a place, and which.
//!
//! Evidence is named ([`weights::Cue`]) and summed as log-odds; namesakes compete by softmax. Never here: finding names.

pub(crate) mod context;
pub(crate) mod home;
mod person;
pub(crate) mod prior;
pub(crate) mod score;
mod vocabulary;
pub(crate) mod weights;
