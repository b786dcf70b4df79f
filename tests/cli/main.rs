//! The command line, driven as people drive it: the built binary, real files, exit statuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod addresses;
mod analyses;
mod bad_input;
#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod disk_full;
mod exports;
mod geoparse;
mod import;
mod narrowed;
mod regeoparse;
mod stored;
mod synth;
mod topics;
mod watch;
mod written;
