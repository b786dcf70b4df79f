//! Any bytes, read as the format that the target is named after, or as what they look like (`read`: packed files and archives, too):
//! no panic, and an end. The seeds of each format are in `corpus/FORMAT`.

#![no_main]

use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use ingest::{Format, Found, Options};
use libfuzzer_sys::fuzz_target;

static FORMAT: LazyLock<Format> = LazyLock::new(|| {
    // The crate that decodes Parquet panics at some lies; that thread's panics are caught and told as damage.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some("parquet") {
            hook(panic);
        }
    }));
    let program = std::env::args().next().unwrap_or_default();
    let name = Path::new(&program).file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.parse().unwrap_or(Format::Auto)
});

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("a temporary file can be written");
    let options = Options { format: *FORMAT, stated_time: Some(0), max_line_bytes: 4096, ..Options::default() };
    for found in ingest::find(file.path()).into_iter().flatten() {
        if let Found::Source(source) = found
            && let Ok(reader) = ingest::open_source(&source, &options)
        {
            reader.for_each(drop);
        }
    }
});
