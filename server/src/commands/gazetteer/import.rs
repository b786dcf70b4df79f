//! `gazetteer import`: a file of any known form, by what it begins with; what it adds is kept in the data directory.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use geoparse::address::columns::{Cells, Columns, Mapping};
use geoparse::address::{AddressBuilder, ImportReport};
use geoparse::{Gazetteer, RowError, geonames};
use model::PlaceKind;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::outline::Spot;
use super::{csv, geojson, geopackage, write};
use crate::knowledge::{ADDRESSES, IMPORTED, Knowledge, WORDS};
use crate::shipped;

/// Broken rows that are named on the terminal.
const NAMED_ROWS: usize = 10;
/// Bytes looked at to tell what a file is; also the longest header of a table.
const HEAD: u64 = 64 * 1024;
/// Names that are ordinary words, too: so many are named.
const NAMED_WORDS: usize = 8;
/// What may stand before a word that is a name: "De Top".
const ARTICLES: [&str; 4] = ["de ", "het ", "t ", "den "];
/// Columns of a GeoNames dump.
const DUMP_COLUMNS: usize = 19;

/// Where rows of foreign tables go: those with a street become addresses, the others places.
pub(super) struct Rows<'g> {
    pub(super) addresses: AddressBuilder,
    places: geonames::OwnPlaces<'g>,
    /// What the places are where no cell says it, as said by hand.
    said: Option<PlaceKind>,
    /// What a row is in this source: `line`, `feature`, `row`.
    pub(super) unit: &'static str,
}

impl<'g> Rows<'g> {
    fn new(known: &'g Gazetteer, unit: &'static str, said: Option<PlaceKind>) -> Self {
        Self { addresses: AddressBuilder::new(), places: geonames::OwnPlaces::new(known), said, unit }
    }

    /// Takes a row without a street.
    pub(super) fn place(&mut self, number: u64, columns: &Columns, cells: &Cells<'_>, spot: Result<Spot, String>) {
        let kind = self.said.or(columns.kind()).unwrap_or(PlaceKind::Locality);
        let added = spot.and_then(|spot| self.places.add(cells, kind, spot.point, spot.radius_m));
        self.places.count(number, added);
    }
}

/// Reads a file and keeps what it adds.
pub(super) async fn import(data: &Path, file: &Path, mapping: &Mapping, kind: Option<PlaceKind>) -> anyhow::Result<()> {
    let name = file.display();
    let known = Knowledge::gazetteer(data)?;
    let mut opened = BufReader::new(File::open(file).with_context(|| format!("{name}: cannot be read"))?);
    let magic = head(&mut opened, 16)?;
    opened.rewind()?;
    if magic.is_empty() {
        bail!("{name}: is empty");
    }
    if magic.starts_with(b"PK") {
        let mut archive = ZipArchive::new(opened).with_context(|| format!("{name}: is no whole zip file"))?;
        return keep_places(data, file, &read_dump(zipped_table(&mut archive)?, file, &known)?);
    }
    if magic.starts_with(b"SQLite format 3\0") {
        let mut rows = Rows::new(&known, "row", kind);
        geopackage::read(file, mapping, &mut rows).await.with_context(|| format!("{name}: as a GeoPackage"))?;
        return keep(data, file, rows);
    }
    let mut unpacked: Box<dyn Read + Send> = if magic.starts_with(&[0x1f, 0x8b]) {
        Box::new(GzDecoder::new(opened))
    } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::Decoder::with_buffer(opened).with_context(|| format!("{name}: is no whole zstd file"))?)
    } else {
        Box::new(opened)
    };
    let head = head(&mut unpacked, HEAD).with_context(|| format!("{name}: reading"))?;
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_own = first.starts_with(b"id\tname\t");
    let is_dump =
        first.split(|byte| *byte == b'\t').count() == DUMP_COLUMNS && first.first().is_some_and(u8::is_ascii_digit);
    let is_json = first.trim_ascii_start().starts_with(b"{");
    let whole = Cursor::new(head).chain(unpacked);
    if is_own {
        return keep_places(data, file, &read_own(whole, file)?);
    }
    if is_dump {
        return keep_places(data, file, &read_dump(whole, file, &known)?);
    }
    let mut rows = Rows::new(&known, if is_json { "feature" } else { "line" }, kind);
    if is_json {
        geojson::read(whole, mapping, &mut rows).with_context(|| format!("{name}: as GeoJSON"))?;
    } else {
        csv::read(whole, mapping, &mut rows).with_context(|| format!("{name}: as a table"))?;
    }
    keep(data, file, rows)
}

/// The first bytes of a source, up to a bound.
fn head(source: &mut impl Read, most: u64) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    source.take(most).read_to_end(&mut head)?;
    Ok(head)
}

/// Keeps the addresses and places of a foreign table.
fn keep(data: &Path, file: &Path, rows: Rows<'_>) -> anyhow::Result<()> {
    let name = file.display();
    let (places, of_places) = rows.places.finish();
    let mut report = rows.addresses.report().clone();
    report.merge(of_places);
    name_rows(file, rows.unit, &report);
    if report.rows == report.rejected {
        bail!("{name}: none of its {} {}s can be used", report.rows, rows.unit);
    }
    println!("{name}: {} {}s read, {} broken", report.rows, rows.unit, report.rejected);
    let has_addresses = rows.addresses.report().rows > rows.addresses.report().rejected;
    if has_addresses {
        keep_addresses(data, file, rows.addresses)?;
    }
    if !places.is_empty() {
        keep_places(data, file, &places)?;
    }
    Ok(())
}

/// Writes the addresses beside what is there and puts them into place in one step, so that whoever reads sees all or nothing.
fn keep_addresses(data: &Path, file: &Path, addresses: AddressBuilder) -> anyhow::Result<()> {
    let begun = Instant::now();
    let target = kept_as(data, file, ADDRESSES)?;
    let beside = target.with_extension("addresses.part");
    let failed = || format!("{}: cannot be written", target.display());
    let mut out = File::create(&beside).with_context(failed)?;
    let built = addresses.write(&mut out).with_context(failed)?;
    out.flush().and_then(|()| out.sync_all()).with_context(failed)?;
    drop(out);
    std::fs::rename(&beside, &target).with_context(failed)?;
    if let Some(folder) = target.parent().filter(|_| cfg!(unix)) {
        File::open(folder).and_then(|folder| folder.sync_all()).with_context(failed)?;
    }
    tracing::debug!(seconds = begun.elapsed().as_secs_f64(), "addresses sorted and written");
    println!(
        "{} addresses in {} streets and {} postcodes added ({} said twice), {:.1} bytes each; messages read from now on use them",
        built.addresses,
        built.streets,
        built.postcodes,
        built.duplicates,
        built.bytes as f64 / built.addresses.max(1) as f64
    );
    Ok(())
}

fn keep_places(data: &Path, file: &Path, added: &Gazetteer) -> anyhow::Result<()> {
    let words = ordinary(added)?;
    let beside = kept_as(data, file, WORDS)?;
    let rows: String = words.iter().flat_map(|word| [word, "\t1\t0\n"]).collect();
    std::fs::write(&beside, format!("word\tnl\ten\n{rows}"))
        .with_context(|| format!("{}: cannot be written", beside.display()))?;
    write(added, &kept_as(data, file, ".tsv.gz")?)?;
    println!("{} places added; messages read from now on use them", added.entries().len());
    if let Some(some) = words.get(..NAMED_WORDS.min(words.len())).filter(|some| !some.is_empty()) {
        println!(
            "{} of their names are ordinary words, too ({}{}); they count where the context speaks for a place",
            words.len(),
            some.join(", "),
            if words.len() > some.len() { ", …" } else { "" }
        );
    }
    Ok(())
}

/// Folded names that, but for an article, are ordinary words.
fn ordinary(places: &Gazetteer) -> anyhow::Result<Vec<String>> {
    let text = shipped::gunzip(shipped::ORDINARY_WORDS)?;
    let known: HashSet<&str> = text.lines().collect();
    let is_ordinary = |name: &str| {
        let word = ARTICLES.iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
        known.contains(word)
    };
    let names = places.entries().iter().flat_map(|entry| std::iter::once(&entry.place.name).chain(&entry.names));
    let words: BTreeSet<String> =
        names.map(|name| geoparse::fold_name(name)).filter(|name| is_ordinary(name)).collect();
    Ok(words.into_iter().collect())
}

/// Where what a file adds is kept: under the file's name, so that importing it again replaces it.
fn kept_as(data: &Path, file: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    let folder = data.join(IMPORTED);
    std::fs::create_dir_all(&folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    let stem = file.file_name().map(|name| name.to_string_lossy().replace(['.', ' '], "-")).unwrap_or_default();
    Ok(folder.join(format!("{stem}{ending}")))
}

/// The table within a zip file of GeoNames: the text file that is not its `readme.txt`.
fn zipped_table<R: Read + Seek>(archive: &mut ZipArchive<R>) -> anyhow::Result<ZipFile<'_, R>> {
    let is_table = |name: &String| {
        let extension = Path::new(name).extension();
        extension.is_some_and(|e| e.eq_ignore_ascii_case("txt")) && !name.eq_ignore_ascii_case("readme.txt")
    };
    let mut names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let table = names.find(is_table).context("the zip file holds no table such as NL.txt")?;
    drop(names);
    archive.by_name(&table).context("the zip file cannot be unpacked")
}

fn read_dump(source: impl Read, file: &Path, known: &Gazetteer) -> anyhow::Result<Gazetteer> {
    let name = file.display();
    let (added, report) = geonames::read(source, known).with_context(|| format!("{name}: reading"))?;
    name_rows(file, "line", &of_errors(report.rejected));
    if report.added + report.merged == 0 {
        bail!(
            "{name}: holds no row of a GeoNames dump (19 columns, tab-separated) that can be used; {} read",
            report.rows
        );
    }
    println!("{name}: {} rows read, {} new places, {} known already", report.rows, report.added, report.merged);
    for (reason, count) in &report.skipped {
        println!("  left out, {reason}: {count}");
    }
    Ok(added)
}

fn read_own(source: impl Read, file: &Path) -> anyhow::Result<Gazetteer> {
    let (gazetteer, errors) = Gazetteer::from_tsv(source).with_context(|| format!("{}: reading", file.display()))?;
    name_rows(file, "line", &of_errors(errors));
    Ok(gazetteer)
}

fn of_errors(named: Vec<RowError>) -> ImportReport {
    ImportReport { rows: 0, rejected: named.len() as u64, named }
}

/// Names the first rows that could not be read, and counts the others.
fn name_rows(file: &Path, unit: &str, report: &ImportReport) {
    for error in report.named.iter().take(NAMED_ROWS) {
        eprintln!("{}: {unit} {}: {}", file.display(), error.line, error.reason);
    }
    if report.rejected > NAMED_ROWS as u64 {
        eprintln!("{}: {} more broken rows", file.display(), report.rejected - NAMED_ROWS as u64);
    }
}

/// Says what a file lacks to be of use.
pub(super) fn check(columns: &Columns, has_point: bool) -> anyhow::Result<()> {
    use geoparse::address::columns::Field;
    if !has_point && !columns.has_point() {
        bail!("there are no columns of longitude and latitude: name them by --map lon=…,lat=…");
    }
    if !columns.has(Field::Street) && !columns.has(Field::Name) && !columns.has(Field::Place) {
        bail!("there is no column of streets and none of names: say which it is by --map street=… or --map name=…");
    }
    Ok(())
}
