//! Checking an export that came back: do its sums still agree with what is in it?

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::columns::COLUMNS;
use crate::csv::{BYTE_ORDER_MARK, writer};
use crate::error::ExportError;
use crate::pack::{FORMAT, MANIFEST, MESSAGES, SUMS};
use crate::provenance::{hex, sha256};

/// A manifest, table or map file larger than this is none of ours.
const MAX_BYTES: u64 = 256 << 20;

/// What was checked, and what does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Things that agree.
    pub agree: Vec<String>,
    /// Things that do not; empty when all is well.
    pub problems: Vec<String>,
    /// SHA-256 of a pack's manifest.
    pub manifest_sha256: Option<String>,
}

impl Verified {
    fn check(&mut self, what: impl Into<String>, right: bool, problem: impl FnOnce() -> String) {
        if right { self.agree.push(what.into()) } else { self.problems.push(problem()) }
    }
}

/// Checks a pack, or the rows of a CSV or GeoJSON export, told apart by content.
///
/// # Errors
/// When the file cannot be read, or is no export that holds a sum to check.
pub fn verify(mut file: impl Read + Seek) -> Result<Verified, ExportError> {
    let mut head = [0; 4];
    let got = read_some(&mut file, &mut head)?;
    file.seek(SeekFrom::Start(0))?;
    if head[..got].starts_with(b"PK") {
        return pack(file);
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    let mut verified = Verified::default();
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        rows(&mut verified, "the rows of the GeoJSON", &geojson_sums(&bytes)?);
    } else {
        rows(&mut verified, "the rows of the CSV", &csv_sums(&bytes)?);
    }
    Ok(verified)
}

/// Said and computed.
type Sums = Option<(String, String)>;

fn rows(verified: &mut Verified, what: &str, sums: &Sums) {
    match sums {
        Some((said, computed)) => {
            verified.check(what, said == computed, || format!("{what} sum up to {computed}, but {said} is said"));
        }
        None => verified.agree.push(format!("{what} (there are none)")),
    }
}

fn csv_sums(bytes: &[u8]) -> Result<Sums, ExportError> {
    let mut reader = ::csv::Reader::from_reader(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes));
    let names = reader.headers()?.clone();
    let ours = names.iter().take(COLUMNS.len()).eq(COLUMNS.iter().map(|column| column.name));
    let said_at = names.iter().position(|name| name == "rows_sha256").filter(|_| ours);
    let Some(said_at) = said_at else {
        return Err(ExportError::NotChecked(
            "this is no export of a hotspot list with a sum: its columns are others".to_owned(),
        ));
    };
    let mut again = writer(Vec::new());
    again.write_record(names.iter().take(COLUMNS.len()))?;
    let mut said = None;
    for record in reader.records() {
        let record = record?;
        again.write_record(record.iter().take(COLUMNS.len()))?;
        said = record.get(said_at).map(str::to_owned);
    }
    let again = again.into_inner().map_err(|error| ExportError::Io(error.into_error()))?;
    Ok(said.map(|said| (said, sha256(&again))))
}

/// Of the bytes of the array `features`: its numbers are not read, since not every reader gives back the last digit.
fn geojson_sums(bytes: &[u8]) -> Result<Sums, ExportError> {
    #[derive(Deserialize)]
    struct Collection {
        provenance: Said,
    }
    #[derive(Deserialize)]
    struct Said {
        features_sha256: String,
    }
    const MEMBER: &[u8] = b"\"features\":";
    let none =
        || ExportError::NotChecked("this JSON says no features_sha256: it is no export of a hotspot list".to_owned());
    let said = serde_json::from_slice::<Collection>(bytes).map_err(|_| none())?.provenance.features_sha256;
    let start = bytes.windows(MEMBER.len()).position(|some| some == MEMBER).ok_or_else(none)? + MEMBER.len();
    let mut array = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<IgnoredAny>();
    array.next().ok_or_else(none)??;
    Ok(Some((said, sha256(&bytes[start..start + array.byte_offset()]))))
}

#[derive(Deserialize)]
struct Manifest {
    format: String,
    provenance: Value,
    counts: Counts,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct Counts {
    messages: u64,
}

#[derive(Deserialize)]
struct File {
    name: String,
    bytes: u64,
    sha256: String,
}

fn pack(file: impl Read + Seek) -> Result<Verified, ExportError> {
    let mut zip = ZipArchive::new(file)?;
    let mut verified = Verified::default();
    let Some(manifest) = whole(&mut zip, MANIFEST)? else {
        return Err(ExportError::NotChecked(format!(
            "this zip archive holds no {MANIFEST}: it is no pack (sums of workbooks and KMZ files are checked within their pack)"
        )));
    };
    let manifest_sum = sha256(&manifest);
    let manifest: Manifest = serde_json::from_slice(&manifest)?;
    verified.check(MANIFEST, manifest.format == FORMAT, || {
        format!("the manifest is of another form, not {FORMAT}: use the version of Speurkaart that made the pack")
    });
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    let mut lines = None;
    for file in &manifest.files {
        let Some(summed) = sum_up(&mut zip, &file.name, file.bytes)? else {
            verified.problems.push(format!("{} is missing", file.name));
            continue;
        };
        if file.name == MESSAGES {
            lines = Some(summed.lines);
        }
        verified.check(file.name.as_str(), summed.sum == file.sha256, || {
            format!("{} was changed: its SHA-256 is not that of the manifest", file.name)
        });
        found.insert(&file.name, summed.sum);
    }
    let expected = |name: &str| name == MANIFEST || name == SUMS || manifest.files.iter().any(|file| file.name == name);
    let mut seen = BTreeSet::new();
    for name in zip.file_names() {
        let name = name?;
        if expected(&name) && seen.insert(name.to_string()) {
            continue;
        }
        verified.problems.push(format!("{name:?} does not belong to the pack: the manifest does not name it"));
    }
    sums_file(&mut zip, &mut verified, &found, &manifest_sum)?;
    if let Some(lines) = lines {
        let said = manifest.counts.messages;
        verified.check(format!("{said} messages"), lines == said, || {
            format!("{MESSAGES} holds {lines} messages, but the manifest says {said}")
        });
    }
    let said = manifest.provenance["rows_sha256"].as_str().unwrap_or_default().to_owned();
    if let Some(table) = whole(&mut zip, "hotspots.csv")? {
        match csv_sums(&table) {
            Ok(Some((_, computed))) => {
                verified.check("rows of hotspots.csv", computed == said, || {
                    "the rows of hotspots.csv are not those that the manifest says (rows_sha256)".to_owned()
                });
            }
            Ok(None) => {}
            Err(_) => verified.problems.push("hotspots.csv cannot be read".to_owned()),
        }
    }
    verified.manifest_sha256 = Some(manifest_sum);
    Ok(verified)
}

/// Whether `SHA256SUMS` says what the manifest says.
fn sums_file<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    verified: &mut Verified,
    found: &BTreeMap<&str, String>,
    manifest_sum: &str,
) -> Result<(), ExportError> {
    let Some(bytes) = whole(zip, SUMS)? else {
        verified.problems.push(format!("{SUMS} is missing"));
        return Ok(());
    };
    let text = String::from_utf8_lossy(&bytes);
    let right = text.lines().count() == found.len() + 1
        && text.lines().all(|line| {
            line.split_once("  ").is_some_and(|(sum, name)| {
                if name == MANIFEST { sum == manifest_sum } else { found.get(name).is_some_and(|known| known == sum) }
            })
        });
    verified.check(SUMS, right, || format!("{SUMS} does not agree with the files in the pack"));
    Ok(())
}

/// A file of the archive, if it is there.
fn whole<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str) -> Result<Option<Vec<u8>>, ExportError> {
    let file = match zip.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = Vec::new();
    // One that does not unpack (its checksum is wrong) is told as changed by whoever sums it up.
    if file.take(MAX_BYTES).read_to_end(&mut bytes).is_err() {
        bytes.clear();
    }
    Ok(Some(bytes))
}

struct Summed {
    sum: String,
    lines: u64,
}

/// Sums up a file without holding it; no more of it is read than it should have and one byte.
fn sum_up<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str, bytes: u64) -> Result<Option<Summed>, ExportError> {
    let file = match zip.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut reader = BufReader::with_capacity(1 << 16, file.take(bytes.saturating_add(1)));
    let (mut sum, mut lines) = (Sha256::new(), 0);
    loop {
        let Ok(some) = reader.fill_buf() else {
            return Ok(Some(Summed { sum: String::new(), lines }));
        };
        if some.is_empty() {
            break;
        }
        lines += some.split(|byte| *byte == b'\n').count() as u64 - 1;
        sum.update(some);
        let length = some.len();
        reader.consume(length);
    }
    Ok(Some(Summed { sum: hex(&sum.finalize()), lines }))
}

fn read_some(file: &mut impl Read, into: &mut [u8]) -> Result<usize, ExportError> {
    let mut got = 0;
    while got < into.len() {
        match file.read(&mut into[got..])? {
            0 => break,
            some => got += some,
        }
    }
    Ok(got)
}
