//! `speurkaart hotspots`: the ranked list, as the API gives it.

use std::path::Path;
use std::sync::Arc;

use export::Provenance;
use model::Scope;
use model::api::{FilterBody, Hotspots};
use store::Store;
use store::sqlite::SqliteStore;

use crate::asking::Asker;
use crate::cli::{HotspotsArgs, ListFormat};
use crate::clock::{Clock, SystemClock};
use crate::error::ApiError;
use crate::knowledge::Knowledge;
use crate::{config, live, times};

pub(crate) async fn run(data: &Path, args: HotspotsArgs) -> anyhow::Result<()> {
    let zone = config::timezone(&args.timezone)?;
    let regions = Arc::new(Knowledge::regions()?);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data).await?);
    let live = live::load(&store, &regions).await?;
    let asked = FilterBody {
        from: args.from,
        to: args.to,
        region: args.region,
        case: args.case,
        source: args.source,
        min_confidence: args.min_confidence,
        by: Some(args.by),
        count: Some(args.count),
        limit: Some(args.limit),
        ..FilterBody::default()
    };
    // Whoever can read the data directory sees every case in it.
    let asker = Asker { store: &store, regions: &regions, live: &live, zone: &zone, scope: Scope::All };
    let list = asker.hotspots(&asked).await.map_err(plain)?;
    match args.format {
        ListFormat::Table => print!("{}", table(&list)),
        ListFormat::Json => println!("{}", serde_json::to_string_pretty(&list)?),
        ListFormat::Csv => print!("{}", String::from_utf8(export::csv(&list, &provenance(&asked, data)?)?)?),
        ListFormat::Geojson => println!("{}", export::geojson(&list, &provenance(&asked, data)?)?),
    }
    Ok(())
}

/// What a list from the command line says of its making.
fn provenance(asked: &FilterBody, data: &Path) -> anyhow::Result<Provenance> {
    Ok(Provenance {
        filter: crate::asking::filter_pairs(asked),
        product: format!("speurkaart {}", env!("CARGO_PKG_VERSION")),
        gazetteer: Knowledge::gazetteer(data)?.version(),
        user: "command line".into(),
        generated_at: times::rfc3339(SystemClock.now_ms()),
    })
}

fn plain(error: ApiError) -> anyhow::Error {
    match error {
        ApiError::BadRequest { detail, .. } => anyhow::anyhow!(detail),
        ApiError::Internal(cause) => cause,
        other => anyhow::anyhow!(other.to_string()),
    }
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
        let lone = if hotspot.statistics.rests_on_one_conversation { " (rests on one conversation)" } else { "" };
        let area = hotspot.municipality.as_deref().or(hotspot.province.as_deref()).unwrap_or("");
        let _ = writeln!(
            out,
            "{:>4}  {:<28} {:<22} {:>5} {:>6} {:>6} {:>8}  {:<8} {p:>7} {gi:>6}  {emerging}{lone}",
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
