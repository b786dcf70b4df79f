//! What each command does. The only place, beside `main`, that prints.

#![allow(clippy::print_stdout, reason = "commands talk to people and pipes")]

pub(crate) mod analyses;
pub(crate) mod bench;
pub(crate) mod coverage;
pub(crate) mod evaluate;
pub(crate) mod export;
pub(crate) mod gazetteer;
pub(crate) mod geoparse;
pub(crate) mod hotspots;
pub(crate) mod import;
mod listed;
mod opened;
mod preview;
pub(crate) mod regeoparse;
pub(crate) mod serve;
pub(crate) mod synth;
pub(crate) mod user;
mod watch;
