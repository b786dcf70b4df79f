//! Memory stays bounded whatever the file: the peak of this process is looked at while it reads files far larger than its limit.
//!
//! One test, in a process of its own, so that no other test raises the peak. Linux tells the peak in /proc; elsewhere it skips.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufWriter, Write};

use ingest::{Found, Item, Options, find, open_source};
use tempfile::NamedTempFile;

/// Bytes of each file.
const FILE_BYTES: usize = 120_000_000;
/// What the process may have at most: the windows, the limits on values, and what the allocator keeps.
const MOST_KIB: u64 = 90_000;

fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// A file of `head`, then `piece` over and over, then `tail`.
fn file(head: &str, piece: &str, tail: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let mut writer = BufWriter::new(file.as_file());
    writer.write_all(head.as_bytes()).unwrap();
    for _ in 0..FILE_BYTES / piece.len() {
        writer.write_all(piece.as_bytes()).unwrap();
    }
    writer.write_all(tail.as_bytes()).unwrap();
    writer.flush().unwrap();
    drop(writer);
    file
}

#[test]
fn files_of_any_size_and_shape_are_read_in_bounded_memory() {
    if peak_kib().is_none() {
        eprintln!("SKIPPED: this system does not tell the peak of memory");
        return;
    }
    let x = "x".repeat(1000);
    let telegram = r#"{"id":2,"type":"message","date_unixtime":"1590614100","from":"a","text":"busje in kerkenveld"},"#;
    let ufed = "<model type=\"InstantMessage\"><field name=\"TimeStamp\"><value>2020-05-27T21:15:00Z</value></field>\
        <field name=\"Body\"><value>busje</value></field></model>";
    let whole: [(&str, NamedTempFile); 9] = [
        ("a line without end", file("time,text\n1590614100,een\n", &x, "")),
        ("a value without end", file("[{\"time\":1590614100,\"text\":\"een\"},{\"text\":\"", &x, "\"}]")),
        ("brackets without end", file("[{\"time\":1590614100,\"text\":\"een\"},", &"[".repeat(1000), "")),
        ("a Telegram chat", file(r#"{"name":"x","type":"private_group","id":7,"messages":["#, telegram, "{}]}")),
        (
            "a WhatsApp message without end",
            file("27-08-2020 11:17 - Piet: x\n27-08-2020 11:17 - Piet: y\n", "regel zonder datum\n", ""),
        ),
        (
            "a report",
            file(
                "<project xmlns=\"http://pa.cellebrite.com/report/2.0\"><decodedData>",
                ufed,
                "</decodedData></project>",
            ),
        ),
        (
            "a text in XML without end",
            file("<project xmlns=\"http://pa.cellebrite.com/report/2.0\"><x>", &x, &format!("</x>{ufed}</project>")),
        ),
        (
            "a model without end",
            file(
                "<project xmlns=\"http://pa.cellebrite.com/report/2.0\"><model type=\"InstantMessage\">",
                "<field name=\"A\"><value>b</value></field>",
                "",
            ),
        ),
        (
            "a mail without end",
            file(
                "From: a@example.org\nTo: b@example.org\nDate: Wed, 27 May 2020 23:15:00 +0200\nSubject: x\n\n",
                "een regel\n",
                "",
            ),
        ),
    ];
    for (name, file) in &whole {
        let (mut items, mut last) = (0_u64, None);
        for found in find(file.path()).unwrap() {
            let Found::Source(source) = found else { panic!("{name}: {found:?}") };
            for item in open_source(&source, &Options::default()).unwrap() {
                items += 1;
                last = Some(item.unwrap());
            }
        }
        assert!(items > 0, "{name}");
        if let Some(Item::Rejected(piece)) = last {
            assert!(piece.raw.len() <= ingest::MAX_RAW_BYTES, "{name}");
        }
        let peak = peak_kib().unwrap();
        assert!(peak < MOST_KIB, "{name}: {peak} KiB");
    } // Every size and count that a workbook or a table states, and all else in it, as large as a byte makes it.
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for seed in ["parquet/tabel.parquet", "xlsx/werkmap.xlsx", "xlsx/los.xlsx"] {
        let honest = std::fs::read(corpus.join(seed)).unwrap();
        for (at, lie) in (0..honest.len()).flat_map(|at| [(at, 0x7F), (at, 0xFF)]) {
            let mut lying = honest.clone();
            lying[at] = lie;
            let file = NamedTempFile::new().unwrap();
            file.as_file().write_all(&lying).unwrap();
            let found = find(file.path()).unwrap().into_iter();
            let sources = found.filter_map(|found| if let Found::Source(source) = found { Some(source) } else { None });
            let items: usize =
                sources.filter_map(|source| open_source(&source, &Options::default()).ok()).map(Iterator::count).sum();
            assert!(items < 1000, "{seed}, byte {at}: {items} items");
        }
        let peak = peak_kib().unwrap();
        assert!(peak < MOST_KIB, "{seed}: {peak} KiB");
    }
}
