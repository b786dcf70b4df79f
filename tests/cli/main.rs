//! The command line, driven as people drive it: the built binary, real files, exit statuses.

mod bad_input;
mod geoparse;
mod import;
mod synth;
