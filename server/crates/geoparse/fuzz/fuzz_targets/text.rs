//! Any bytes as a text. Run with `cargo +nightly fuzz run text` in this crate's folder.

#![no_main]

#[path = "../../tests/invariants/mod.rs"]
mod invariants;
#[path = "../../tests/shipped/mod.rs"]
mod shipped;

use std::sync::LazyLock;

use geoparse::Geoparser;
use libfuzzer_sys::fuzz_target;

static GEOPARSER: LazyLock<Geoparser> = LazyLock::new(shipped::geoparser);

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    invariants::check(&text, &GEOPARSER.mentions(&text));
});
