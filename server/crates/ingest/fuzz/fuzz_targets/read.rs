//! Any bytes, read as whatever format they look like: no panic, and an end. The seeds of each format are in `corpus/FORMAT`; a
//! file of bytes is a file of any format, so one target serves them all.

#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("a temporary file can be written");
    let options = ingest::Options { max_line_bytes: 4096, ..ingest::Options::default() };
    for found in ingest::find(file.path()).into_iter().flatten() {
        if let ingest::Found::Source(source) = found
            && let Ok(reader) = ingest::open_source(&source, &options)
        {
            reader.for_each(drop);
        }
    }
});
