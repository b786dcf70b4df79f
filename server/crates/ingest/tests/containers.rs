//! Packed files, archives and folders: what is found in them, what is not read and why, and carrying on. All data is made up.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ingest::{Found, IngestError, Item, Options, find, open, open_source};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CHAT: &str = "time,text\n1590614100,een in Emmen\n1590614101,twee\n1590614102,drie\n";

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// Names under a folder: what is read with its number of messages, what is passed over with the reason.
fn seen(folder: &Path) -> Vec<String> {
    let shown = |name: &Path| name.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    find(folder)
        .unwrap()
        .into_iter()
        .map(|found| match found {
            Found::Source(source) => {
                let count = open_source(&source, &Options::default())
                    .map_or(0, |reader| reader.filter(|item| matches!(item, Ok(Item::Message(_)))).count());
                format!("{} {count}", shown(source.name()))
            }
            Found::PassedOver { name, reason } => format!("{}: {reason}", shown(&name)),
        })
        .collect()
}

#[test]
fn packed_files_are_seen_through() {
    let packed = gzip(CHAT.as_bytes());
    for content in [packed.clone(), zstd::encode_all(CHAT.as_bytes(), 3).unwrap(), gzip(&packed)] {
        let folder = folder(&[("chat", &content)]);
        let reader = open(&folder.path().join("chat"), &Options::default()).unwrap();
        assert_eq!(reader.filter(|item| matches!(item, Ok(Item::Message(_)))).count(), 3);
    }
}

#[test]
fn folders_and_archives_are_walked_in_order_of_name() {
    let inner = zip(&[("diep.csv", CHAT.as_bytes())]);
    let outer = zip(&[("b/chat.csv", CHAT.as_bytes()), ("a.zip", &inner), ("../../op.csv", CHAT.as_bytes())]);
    let folder = folder(&[
        ("z.csv", CHAT.as_bytes()),
        ("m/x.csv.gz", &gzip(CHAT.as_bytes())),
        ("m/archief.zip", &outer),
        ("foto.jpg", b"\xFF\xD8\xFF\xE0"),
    ]);
    let expected = [
        "foto.jpg 0",
        "z.csv 3",
        "m/archief.zip/a.zip/diep.csv 3",
        "m/archief.zip/b/chat.csv 3",
        "m/archief.zip/op.csv 3",
        "m/x.csv.gz 3",
    ];
    assert_eq!(seen(folder.path()), expected);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = folder(&[("z.csv", CHAT.as_bytes())]);
    std::os::unix::fs::symlink("/", folder.path().join("a")).unwrap();
    assert_eq!(seen(folder.path()), ["a: a link, which is not followed", "z.csv 3"]);
}

#[test]
fn bombs_are_stopped_and_archives_in_archives_end() {
    let zeros = vec![b' '; 400 * 1024 * 1024];
    let bomb = gzip(&[CHAT.as_bytes(), &zeros].concat());
    let mut nested = zip(&[("chat.csv", CHAT.as_bytes())]);
    for _ in 0..5 {
        nested = zip(&[("dieper.zip", &nested)]);
    }
    let folder = folder(&[("bom.gz", &bomb), ("diep.zip", &nested)]);
    let found = seen(folder.path());
    assert!(found[1].ends_with(": an archive within too many others"), "{found:?}");
    let items: Vec<Item> =
        open(&folder.path().join("bom.gz"), &Options::default()).unwrap().map(Result::unwrap).collect();
    let Some(Item::Rejected(last)) = items.last() else { panic!("the bomb was read") };
    assert_eq!((items.len(), last.code), (4, "damaged_archive"));
    assert!(last.reason.contains("300 times"), "{}", last.reason);
}

#[test]
fn an_archive_that_would_unpack_to_too_much_is_not_unpacked_and_one_that_lies_about_it_is_stopped() {
    let spaces = vec![b' '; 120 * 1024 * 1024];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("bom.csv", SimpleFileOptions::default()).unwrap();
    writer.write_all(CHAT.as_bytes()).unwrap();
    writer.write_all(&spaces).unwrap();
    writer.start_file("chat.csv", SimpleFileOptions::default()).unwrap();
    writer.write_all(CHAT.as_bytes()).unwrap();
    let honest = writer.finish().unwrap().into_inner();
    // The size in the list of parts says little; the bytes stay.
    let mut lying = honest.clone();
    let entry = memchr::memmem::find(&lying, b"PK\x01\x02").unwrap();
    lying[entry + 24..entry + 28].copy_from_slice(&1000_u32.to_le_bytes());
    let zstd = zstd::encode_all(&[CHAT.as_bytes(), &spaces].concat()[..], 3).unwrap();
    let folder = folder(&[("eerlijk.zip", &honest), ("liegt.zip", &lying), ("zst", &zstd)]);
    let expected = [
        "eerlijk.zip/bom.csv: it would unpack to more than 300 times its size",
        "eerlijk.zip/chat.csv 3",
        "liegt.zip/bom.csv 3",
        "liegt.zip/chat.csv 3",
        "zst 3",
    ];
    assert_eq!(seen(folder.path()), expected);
    for name in ["liegt.zip", "zst"] {
        let Some(Found::Source(source)) = find(&folder.path().join(name)).unwrap().into_iter().next() else { panic!() };
        let last = open_source(&source, &Options::default()).unwrap().last().unwrap().unwrap();
        assert!(matches!(last, Item::Rejected(piece) if piece.reason.contains("300 times")), "{name}");
    }
}

#[test]
fn names_in_archives_lead_nowhere() {
    let names = ["/etc/a.csv", "..\\..\\b.csv", "C:\\c.csv", "x/../../d.csv", "./e\n.csv", "f\0.csv"];
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, CHAT.as_bytes())).collect();
    let folder = folder(&[("x.zip", &zip(&parts))]);
    let found = seen(folder.path());
    assert_eq!(found.len(), names.len());
    for line in &found {
        assert!(line.starts_with("x.zip/") && line.ends_with(" 3"), "{line:?}");
        assert!(!line.contains("..\\") && !line.contains("/../") && !line.contains('\n'), "{line:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is written beside the archive");
}

#[test]
fn a_damaged_archive_gives_what_can_be_read_and_says_what_is_wrong() {
    let mut many = b"time,text\n".to_vec();
    for number in 0..20_000 {
        writeln!(many, "1590614100,bericht {} nummer {number}", number * 7919).unwrap();
    }
    let packed = gzip(&many);
    let folder =
        folder(&[("half.gz", &packed[..packed.len() / 2]), ("leeg.zip", &zip(&[])), ("kapot.zip", b"PK\x03\x04zzz")]);
    let items: Vec<Item> =
        open(&folder.path().join("half.gz"), &Options::default()).unwrap().map(Result::unwrap).collect();
    let Some(Item::Rejected(last)) = items.last() else { panic!("nothing is wrong") };
    assert!(items.len() > 1000 && last.code == "damaged_archive", "{} {last:?}", items.len());
    assert!(matches!(
        open(&folder.path().join("leeg.zip"), &Options::default()),
        Err(IngestError::Unsupported { .. } | IngestError::Empty(_))
    ));
    let found = seen(folder.path());
    assert!(found.iter().any(|line| line.starts_with("kapot.zip: a broken archive")), "{found:?}");
}

#[test]
fn an_archive_that_states_too_many_parts_is_not_opened() {
    let mut archive = zip(&[("a.csv", CHAT.as_bytes())]);
    let end = archive.len() - 22;
    // ZIP64: the end record points to one that states four thousand million parts.
    let mut end_64 = b"PK\x06\x06".to_vec();
    end_64.extend([0; 28]);
    end_64.extend(4_000_000_000_u64.to_le_bytes());
    archive.splice(end..end, end_64.iter().copied());
    let end = archive.len() - 22;
    archive[end + 10..end + 12].copy_from_slice(&[0xFF, 0xFF]);
    let folder = folder(&[("veel.zip", &archive)]);
    assert_eq!(seen(folder.path()), ["veel.zip: an archive with more than 200,000 parts"]);
}

#[test]
fn reading_carries_on_within_what_is_packed() {
    let folder = folder(&[("chat.zip", &zip(&[("chat.csv", CHAT.as_bytes())])), ("chat.gz", &gzip(CHAT.as_bytes()))]);
    for found in find(folder.path()).unwrap() {
        let Found::Source(source) = found else { panic!("{found:?}") };
        let whole: Vec<Item> = open_source(&source, &Options::default()).unwrap().map(Result::unwrap).collect();
        for taken in 0..=whole.len() {
            let mut first = open_source(&source, &Options::default()).unwrap();
            let mut items: Vec<Item> = first.by_ref().take(taken).map(Result::unwrap).collect();
            let resumed = Options { resume: Some(first.position()), ..Options::default() };
            items.extend(open_source(&source, &resumed).unwrap().map(Result::unwrap));
            assert_eq!(items, whole, "after {taken}");
        }
    }
}
