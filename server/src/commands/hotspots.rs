//! `speurkaart hotspots`: the ranked list, as the API gives it.

use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::bail;
use model::api::{FilterBody, Hotspots};
use tokio::runtime::Handle;

use super::opened::{Opened, give, plain};
use crate::cli::{HotspotsArgs, Language, ListFormat};
use crate::clock::{Clock, SystemClock};
use crate::config::Data;
use crate::exporting::{Export, Exporter, Format, PackOrder};
use crate::knowledge::Knowledge;

pub(crate) async fn run(data: &Data, args: HotspotsArgs) -> anyhow::Result<()> {
    let opened = Opened::new(data, &args.filter.timezone).await?;
    let asked = args.by.put(FilterBody { limit: Some(args.limit), ..args.filter.body() });
    let asker = opened.asker();
    let Some(format) = form(args.format) else {
        let list = asker.hotspots(&asked).await.map_err(plain)?;
        let text = match args.format {
            ListFormat::Json => format!("{}\n", serde_json::to_string_pretty(&list)?),
            _ => table(&list),
        };
        return give(args.out.as_deref(), |out| Ok(out.write_all(text.as_bytes())?));
    };
    refuse_screen(format, args.out.as_deref())?;
    let exporter = Exporter {
        user: "command line".into(),
        now_ms: SystemClock.now_ms(),
        language: match args.language {
            Language::Nl => export::Language::Nl,
            Language::En => export::Language::En,
        },
        gazetteer: Knowledge::version(&Knowledge::gazetteer(&data.directory)?, &Knowledge::addresses(&data.directory)?),
    };
    let export = Export::new(&asker, &asked, exporter).await.map_err(plain)?;
    if format == Format::Pack {
        let order = PackOrder::new(&asker, &asked, export).await.map_err(plain)?;
        order.export.log(format, Some(order.messages()));
        let (out, runtime) = (args.out, Handle::current());
        let write = move || {
            let mut pack = None;
            give(out.as_deref(), |file| {
                pack = Some(order.write(file, &runtime)?);
                Ok(())
            })?;
            anyhow::Ok(pack)
        };
        if let Some(pack) = tokio::task::spawn_blocking(write).await?? {
            eprintln!("{} messages; SHA-256 of the manifest: {}", pack.messages, pack.manifest_sha256);
        }
        return Ok(());
    }
    export.log(format, None);
    let bytes = export.bytes(format).await?;
    give(args.out.as_deref(), |out| Ok(out.write_all(&bytes)?))
}

/// The form of an export; `None` for what is printed to be read here.
fn form(format: ListFormat) -> Option<Format> {
    Some(match format {
        ListFormat::Table | ListFormat::Json => return None,
        ListFormat::Csv => Format::Csv,
        ListFormat::Xlsx => Format::Xlsx,
        ListFormat::Geojson => Format::Geojson,
        ListFormat::Kml => Format::Kml,
        ListFormat::Kmz => Format::Kmz,
        ListFormat::Gpx => Format::Gpx,
        ListFormat::Gpkg => Format::Gpkg,
        ListFormat::Html => Format::Html,
        ListFormat::Pdf => Format::Pdf,
        ListFormat::Pack => Format::Pack,
    })
}

/// A terminal that is sent binary data shows rubbish and may obey it.
fn refuse_screen(format: Format, out: Option<&Path>) -> anyhow::Result<()> {
    if out.is_none() && !format.is_text() && std::io::stdout().is_terminal() {
        bail!("{} is no text: say where it goes with --out FILE.{}", format.name(), format.extension());
    }
    Ok(())
}

/// Columns for reading.
fn table(list: &Hotspots) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} to {}; {} of {} shown; {} mentions too coarse",
        list.from,
        list.to,
        list.hotspots.len(),
        list.of,
        list.too_coarse
    );
    let _ = writeln!(out, "{}", list.basis.sentence.en);
    if list.hotspots.is_empty() {
        let _ = writeln!(out, "nothing found: widen the period or the region, or lower --min-confidence");
        return out;
    }
    let _ = writeln!(
        out,
        "{:>4}  {:<28} {:<22} {:>5} {:>6} {:>6} {:>8}  {:<8} {:>7} {:>6}  emerging",
        "#", "place", "in", "conv.", "send.", "mess.", "change", "class", "p", "Gi*"
    );
    for hotspot in &list.hotspots {
        let change = hotspot.change.map_or("–".into(), |change| format!("{:+.0} %", change * 100.0));
        let p = hotspot.p_corrected.map_or("–".into(), |p| format!("{p:.4}"));
        let class = format!("{:?}", hotspot.class).to_lowercase();
        let gi = hotspot.statistics.gi_star.map_or("–".into(), |gi| format!("{:.2}", gi.z));
        let emerging = hotspot.statistics.emerging.map_or("–".into(), |class| format!("{class:?}"));
        let lacking = if hotspot.statistics.may_lack_data { " (data may be missing)" } else { "" };
        let lone = if hotspot.statistics.rests_on_one_conversation { " (rests on one conversation)" } else { "" };
        let area = hotspot.municipality.as_deref().or(hotspot.province.as_deref()).unwrap_or("");
        let _ = writeln!(
            out,
            "{:>4}  {:<28} {:<22} {:>5} {:>6} {:>6} {:>8}  {:<8} {p:>7} {gi:>6}  {emerging}{lacking}{lone}",
            hotspot.rank,
            hotspot.name,
            area,
            hotspot.counts.conversations,
            hotspot.counts.senders,
            hotspot.counts.messages,
            change,
            class
        );
    }
    out
}
