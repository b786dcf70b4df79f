//! `speurkaart gazetteer`: look into it, add to it, pack it.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use geoparse::{Gazetteer, RowError, geonames};
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::cli::GazetteerCommand;
use crate::knowledge::{IMPORTED, Knowledge};

/// Broken rows that are named on the terminal.
const NAMED_ROWS: usize = 10;

pub(crate) fn run(data: &Path, command: GazetteerCommand) -> anyhow::Result<()> {
    match command {
        GazetteerCommand::Build { out } => build(data, &out),
        GazetteerCommand::Import { file } => import(data, &file),
        GazetteerCommand::Lookup { name } => lookup(data, &name),
        GazetteerCommand::Stats => stats(data),
    }
}

fn build(data: &Path, out: &Path) -> anyhow::Result<()> {
    let gazetteer = Knowledge::gazetteer(data)?;
    write(&gazetteer, out)?;
    println!("{}: {} places, version {}", out.display(), gazetteer.entries().len(), gazetteer.version());
    Ok(())
}

fn write(gazetteer: &Gazetteer, out: &Path) -> anyhow::Result<()> {
    let failed = || format!("{}: cannot be written", out.display());
    let mut packed = GzEncoder::new(BufWriter::new(File::create(out).with_context(failed)?), Compression::best());
    gazetteer.to_tsv(&mut packed).with_context(failed)?;
    packed.finish().and_then(|mut file| file.flush()).with_context(failed)
}

/// Reads a file of any known form and keeps what it adds in the data directory.
fn import(data: &Path, file: &Path) -> anyhow::Result<()> {
    let name = file.display();
    let known = Knowledge::gazetteer(data)?;
    let mut head = [0; 2];
    let mut opened = BufReader::new(File::open(file).with_context(|| format!("{name}: cannot be read"))?);
    opened.read_exact(&mut head).with_context(|| format!("{name}: is empty"))?;
    opened.rewind()?;
    let added = match &head {
        b"PK" => read_dump(
            zipped_table(&mut ZipArchive::new(opened).with_context(|| format!("{name}: is no whole zip file"))?)?,
            file,
            &known,
        )?,
        [0x1f, 0x8b] => read_own(GzDecoder::new(opened), file)?,
        b"id" => read_own(opened, file)?,
        _ => read_dump(opened, file, &known)?,
    };
    let folder = data.join(IMPORTED);
    std::fs::create_dir_all(&folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    let stem = file.file_name().map(|name| name.to_string_lossy().replace(['.', ' '], "-")).unwrap_or_default();
    write(&added, &folder.join(format!("{stem}.tsv.gz")))?;
    println!("{} places added; messages read from now on use them", added.entries().len());
    Ok(())
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
    name_rows(file, &report.rejected);
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
    name_rows(file, &errors);
    Ok(gazetteer)
}

/// Names the first rows that could not be read, and counts the others.
fn name_rows(file: &Path, errors: &[RowError]) {
    for error in errors.iter().take(NAMED_ROWS) {
        eprintln!("{}: {error}", file.display());
    }
    if errors.len() > NAMED_ROWS {
        eprintln!("{}: {} more broken rows", file.display(), errors.len() - NAMED_ROWS);
    }
}

fn lookup(data: &Path, name: &str) -> anyhow::Result<()> {
    let gazetteer = Knowledge::gazetteer(data)?;
    let found = gazetteer.lookup(name);
    if found.is_empty() {
        bail!("no place is called {name:?}");
    }
    for place in found {
        let area = [place.municipality.as_deref(), place.province.as_deref(), place.country.as_deref()];
        let area: Vec<_> = area.into_iter().flatten().collect();
        println!(
            "{}\t{}\t{}\t{:.5},{:.5}\t{} m\t{}",
            place.id,
            place.name,
            place.kind,
            place.lon,
            place.lat,
            place.radius_m,
            area.join(", ")
        );
    }
    Ok(())
}

fn stats(data: &Path) -> anyhow::Result<()> {
    let gazetteer = Knowledge::gazetteer(data)?;
    let stats = gazetteer.stats();
    println!("version {}", gazetteer.version());
    for (kind, places) in &stats.places {
        println!("{kind:<14} {places:>8}");
    }
    println!("{:<14} {:>8}", "total", stats.total);
    println!("{} names, {} of them borne by more than one place", stats.names, stats.ambiguous_names);
    Ok(())
}
