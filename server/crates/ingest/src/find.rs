//! From a path to the files of messages under it: folders are walked, archives opened, packed files seen through.
//!
//! What is no file of messages by its very kind (links, devices, encrypted parts, archives too deep or too many) is handed over
//! as passed over, with the reason.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zip::{CompressionMethod, ZipArchive};

use crate::IngestError;
use crate::error::is_want_of_room;
use crate::source::{Base, Entry, FREE_BYTES, MAX_RATIO, Packing, Source};
use crate::zip_end::stated_entries;

/// Archives in archives, packed files in packed files.
const MAX_DEPTH: usize = 3;
/// Parts of one archive.
const MAX_ENTRIES: u64 = 200_000;
/// Enough of the beginning to know an archive by.
const START_BYTES: u64 = 4096;

/// What stands under a path.
#[derive(Debug)]
pub enum Found {
    /// Something that may hold messages.
    Source(Source),
    /// Something that is not read.
    PassedOver {
        /// What it is called.
        name: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// Everything under a path that may hold messages, in order of name. Links are not followed, but for the path itself.
///
/// # Errors
/// The path itself cannot be read, or there is no room to unpack what has to be.
pub fn find(path: &Path) -> Result<Vec<Found>, IngestError> {
    let cannot_open = |source| IngestError::Open { path: path.to_path_buf(), source };
    let mut found = Vec::new();
    if !std::fs::metadata(path).map_err(cannot_open)?.is_dir() {
        look_into(Source::on_disk(path), 0, &mut found)?;
        return Ok(found);
    }
    std::fs::read_dir(path).map_err(cannot_open)?;
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                found.push(Found::PassedOver { name: folder, reason: error.to_string() });
                continue;
            }
        };
        entries.sort_by_key(std::fs::DirEntry::path);
        let mut inner = Vec::new();
        for entry in entries {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => inner.push(entry.path()),
                Ok(kind) if kind.is_file() => look_into(Source::on_disk(&entry.path()), 0, &mut found)?,
                Ok(kind) if kind.is_symlink() => passed(&mut found, entry.path(), "a link, which is not followed"),
                Ok(_) => passed(&mut found, entry.path(), "no ordinary file"),
                Err(error) => found.push(Found::PassedOver { name: entry.path(), reason: error.to_string() }),
            }
        }
        // The stack hands over the last first.
        folders.extend(inner.into_iter().rev());
    }
    Ok(found)
}

fn passed(found: &mut Vec<Found>, name: PathBuf, reason: &str) {
    found.push(Found::PassedOver { name, reason: reason.to_owned() });
}

/// Sees through packing, and takes archives apart.
///
/// # Errors
/// There is no room to unpack something: it may hold messages, so it is not passed over.
fn look_into(mut source: Source, depth: usize, found: &mut Vec<Found>) -> Result<(), IngestError> {
    loop {
        // Where it cannot be read, opening it will say what is wrong.
        let Ok(start) = start_of(&source) else {
            found.push(Found::Source(source));
            return Ok(());
        };
        if let Some(packing) = Packing::detect(&start) {
            if source.packing.len() + depth >= MAX_DEPTH {
                passed(found, source.name, "packed too many times over");
                return Ok(());
            }
            source.packing.push(packing);
            continue;
        }
        if start.get(257..262) == Some(b"ustar") {
            passed(found, source.name, "a tar archive; unpack it into a folder first");
        } else if !start.starts_with(b"PK\x03\x04") && !start.starts_with(b"PK\x05\x06") {
            found.push(Found::Source(source));
        } else if depth >= MAX_DEPTH {
            passed(found, source.name, "an archive within too many others");
        } else {
            return take_apart(source, depth, found);
        }
        return Ok(());
    }
}

fn start_of(source: &Source) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.bytes(&Arc::default())?.take(START_BYTES).read_to_end(&mut start)?;
    Ok(start)
}

/// The parts of a ZIP archive, each a source of its own; a workbook stays whole.
fn take_apart(source: Source, depth: usize, found: &mut Vec<Found>) -> Result<(), IngestError> {
    let name = source.name.clone();
    let base = match source.spooled() {
        Ok(base) => base,
        Err(error) if is_want_of_room(&error) => return Err(IngestError::Open { path: name, source: error }),
        Err(error) => {
            found.push(Found::PassedOver { name, reason: error.to_string() });
            return Ok(());
        }
    };
    match archive(&base) {
        Err(reason) => found.push(Found::PassedOver { name, reason }),
        Ok(archive) if archive.index_for_name("[Content_Types].xml").is_none() => {
            return take_parts(&source, &base, archive, depth, found);
        }
        Ok(archive) if archive.index_for_name("xl/workbook.xml").is_some() => {
            found.push(Found::Source(Source { base, entry: None, packing: Vec::new(), ..source }));
        }
        Ok(_) => passed(found, name, "an Office document that is no workbook"),
    }
    Ok(())
}

/// The archive in this file, or why it is not opened.
fn archive(base: &Base) -> Result<ZipArchive<File>, String> {
    let mut file = File::open(base.path()).map_err(|error| error.to_string())?;
    let stated = stated_entries(&mut file).map_err(|error| error.to_string())?;
    if stated.is_some_and(|count| count > MAX_ENTRIES) {
        return Err("an archive with more than 200,000 parts".to_owned());
    }
    ZipArchive::new(file).map_err(|_| "a broken archive: its list of parts cannot be read".to_owned())
}

fn take_parts(
    source: &Source,
    base: &Base,
    mut archive: ZipArchive<File>,
    depth: usize,
    found: &mut Vec<Found>,
) -> Result<(), IngestError> {
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        match part(&mut archive, index, source, base) {
            Part::Folder => {}
            Part::Source(part) => parts.push(*part),
            Part::Not(name, reason) => passed(found, name, reason),
        }
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    let report = parts.iter().position(is_report);
    if let Some(report) = report {
        // The rest of such an archive is the files that the report was decoded from: they would say everything twice.
        for (at, part) in parts.into_iter().enumerate() {
            if at == report {
                found.push(Found::Source(part));
            } else {
                passed(found, part.name, "a file behind the report beside it, which holds its messages");
            }
        }
        return Ok(());
    }
    parts.into_iter().try_for_each(|part| look_into(part, depth + 1, found))
}

enum Part {
    Folder,
    Source(Box<Source>),
    Not(PathBuf, &'static str),
}

fn part(archive: &mut ZipArchive<File>, index: usize, outer: &Source, base: &Base) -> Part {
    let Ok(entry) = archive.by_index_raw(index) else {
        return Part::Not(outer.name.clone(), "a part of the archive that cannot be read");
    };
    let label: String = entry.name().map_or_else(|_| format!("part {index}"), std::borrow::Cow::into_owned);
    // A label, not a path: control characters, roots and ways upwards have no place in it.
    let label: String = label.chars().map(|c| if c.is_control() || c == '\\' { '_' } else { c }).collect();
    let steps = label.split('/').filter(|step| !matches!(*step, "" | "." | ".."));
    let name = steps.fold(outer.name.clone(), |name, step| name.join(step));
    if entry.is_dir() {
        return Part::Folder;
    }
    drop(entry);
    let entry = match entry_of(archive, index) {
        Ok(entry) => entry,
        Err(reason) => return Part::Not(name, reason),
    };
    let source = Source {
        file: outer.file.clone(),
        name,
        base: base.clone(),
        entry: Some(entry),
        packing: Vec::new(),
        end: None,
    };
    Part::Source(Box::new(source))
}

/// Where a part of an archive stands and how it is packed, or why it cannot be read.
pub(crate) fn entry_of(archive: &mut ZipArchive<File>, index: usize) -> Result<Entry, &'static str> {
    let entry = archive.by_index_raw(index).map_err(|_| "a part of the archive that cannot be read")?;
    if entry.encrypted() {
        return Err("encrypted; unpack it with its password first");
    }
    let is_deflated = match entry.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        _ => return Err("packed in a way that is not known here"),
    };
    let start = entry.data_start().ok_or("a part of the archive that cannot be found")?;
    // What is unpacked is counted, too: an archive may state anything.
    if is_deflated && entry.size() > FREE_BYTES.max(entry.compressed_size().saturating_mul(MAX_RATIO)) {
        return Err("it would unpack to more than 300 times its size");
    }
    Ok(Entry { start, packed_bytes: entry.compressed_size(), is_deflated, crc32: entry.crc32() })
}

/// Whether this is the report of a `.ufdr` archive.
fn is_report(part: &Source) -> bool {
    let is_named_so = part.name.file_name().is_some_and(|name| name.eq_ignore_ascii_case("report.xml"));
    is_named_so
        && start_of(part).is_ok_and(|start| memchr::memmem::find(&start, b"http://pa.cellebrite.com/report/").is_some())
}
