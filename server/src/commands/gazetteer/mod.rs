//! `speurkaart gazetteer`: look into it, add to it, pack it.

mod csv;
mod geojson;
mod geopackage;
mod import;
mod outline;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use geoparse::Gazetteer;
use model::Place;

use crate::cli::GazetteerCommand;
use crate::knowledge::Knowledge;

pub(crate) async fn run(data: &Path, command: GazetteerCommand) -> anyhow::Result<()> {
    match command {
        GazetteerCommand::Build { out } => build(data, &out),
        GazetteerCommand::Import { files, map, kind } => {
            for file in &files {
                import::import(data, file, &map.clone().unwrap_or_default(), kind).await?;
            }
            Ok(())
        }
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

fn lookup(data: &Path, name: &str) -> anyhow::Result<()> {
    let gazetteer = Knowledge::gazetteer(data)?;
    let addresses = Knowledge::addresses(data)?;
    let mut found: Vec<Place> = gazetteer.lookup(name).into_iter().cloned().collect();
    found.extend(addresses.lookup(name, &gazetteer));
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
    let addresses = Knowledge::addresses(data)?;
    println!("version {}", Knowledge::version(&gazetteer, &addresses));
    for (kind, places) in &stats.places {
        println!("{kind:<14} {places:>8}");
    }
    println!("{:<14} {:>8}", "total", stats.total);
    println!("{} names, {} of them borne by more than one place", stats.names, stats.ambiguous_names);
    for file in addresses.files() {
        println!(
            "{}: {} addresses, {} streets, {} postcodes, {:.1} MB",
            file.source(),
            file.addresses(),
            file.streets(),
            file.postcodes(),
            file.size() as f64 / 1e6
        );
    }
    Ok(())
}
