//! `speurkaart scan`, `clusters`, `near-repeat` and `hotspot`: as the API answers, for reading, or as a table.

mod text;

use anyhow::bail;
use export::harmless;
use model::api::{ClusterFigures, Clusters, FilterBody, HotspotDetail, NearRepeat, Scan, Sentence};
use serde::Serialize;
use tokio::task::JoinHandle;

use super::import::bar;
use super::opened::{Opened, give, plain};
use crate::cli::{AnalysisFormat, AskedArgs, ClustersArgs, HotspotArgs, Language, NearRepeatArgs, ScanArgs, TestArgs};
use crate::config::Data;
use crate::heavy::Progress;

pub(crate) async fn scan(data: &Data, args: ScanArgs) -> anyhow::Result<()> {
    let opened = Opened::new(data, &args.asked.filter.timezone).await?;
    let body = FilterBody {
        by: Some(args.by),
        over: Some(args.over),
        against: args.against,
        limit: Some(args.limit),
        ..with_test(args.asked.filter.body(), &args.test)
    };
    let (progress, shown) = shown(&args.test);
    let scan = opened.asker().scan(&body, progress).await.map_err(plain)?;
    shown.await?;
    write(&args.asked, &scan, text::scan, scan_rows)
}

pub(crate) async fn clusters(data: &Data, args: ClustersArgs) -> anyhow::Result<()> {
    let opened = Opened::new(data, &args.asked.filter.timezone).await?;
    let body = FilterBody {
        method: Some(args.method),
        reach_m: Some(args.reach),
        min_points: Some(args.min_points),
        hull: Some(args.hull),
        limit: Some(args.limit),
        ..args.asked.filter.body()
    };
    let clusters = opened.asker().clusters(&body).await.map_err(plain)?;
    write(&args.asked, &clusters, text::clusters, cluster_rows)
}

pub(crate) async fn near_repeat(data: &Data, args: NearRepeatArgs) -> anyhow::Result<()> {
    let opened = Opened::new(data, &args.asked.filter.timezone).await?;
    let body = FilterBody {
        distances_m: Some(args.distances),
        days: Some(args.days),
        ..with_test(args.asked.filter.body(), &args.test)
    };
    let (progress, shown) = shown(&args.test);
    let found = opened.asker().near_repeat(&body, progress).await.map_err(plain)?;
    shown.await?;
    write(&args.asked, &found, text::near_repeat, near_repeat_rows)
}

pub(crate) async fn hotspot(data: &Data, args: HotspotArgs) -> anyhow::Result<()> {
    if args.asked.format == AnalysisFormat::Csv {
        bail!(
            "a hotspot in full is no table: --format text or json; `speurkaart hotspots --format csv` writes the list"
        );
    }
    let opened = Opened::new(data, &args.asked.filter.timezone).await?;
    let asker = opened.asker();
    let body = args.by.put(args.asked.filter.body());
    let called = asker.lines_called(&args.name, &body).await.map_err(plain)?;
    let id = match &called[..] {
        [] => bail!("nothing called {:?} is in the list: see `speurkaart hotspots` with the same filter", args.name),
        [(id, _)] => id,
        several => {
            let several: Vec<_> = several.iter().map(|(id, label)| format!("{id}  {label}")).collect();
            bail!("{:?} can be several; give one of these ids:\n{}", args.name, several.join("\n"))
        }
    };
    let detail = asker.hotspot(id, &body).await.map_err(plain)?;
    write(&args.asked, &detail, text::hotspot, |_: &HotspotDetail| Vec::new())
}

fn with_test(body: FilterBody, test: &TestArgs) -> FilterBody {
    FilterBody { replicas: Some(test.replicas), seed: Some(test.seed), ..body }
}

/// A bar that shows how many replicas are done, on a terminal.
fn shown(test: &TestArgs) -> (Progress, JoinHandle<()>) {
    let (progress, mut seen) = Progress::seen();
    let bar = bar();
    bar.set_length(test.replicas.into());
    let task = tokio::spawn(async move {
        while seen.changed().await.is_ok() {
            bar.set_position(*seen.borrow() as u64);
        }
        bar.finish_and_clear();
    });
    (progress, task)
}

type Rows = Vec<Vec<String>>;

fn write<T: Serialize>(
    asked: &AskedArgs,
    answer: &T,
    text: impl Fn(&T, Language) -> String,
    rows: impl Fn(&T) -> Rows,
) -> anyhow::Result<()> {
    let bytes = match asked.format {
        AnalysisFormat::Json => format!("{}\n", serde_json::to_string_pretty(answer)?).into_bytes(),
        AnalysisFormat::Text => text(answer, asked.language).into_bytes(),
        AnalysisFormat::Csv => {
            let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            for row in rows(answer) {
                table.write_record(row)?;
            }
            table.into_inner()?
        }
    };
    give(asked.out.as_deref(), |out| Ok(out.write_all(&bytes)?))
}

fn said(sentence: &Sentence, language: Language) -> &str {
    match language {
        Language::Nl => &sentence.nl,
        Language::En => &sentence.en,
    }
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn optional(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn scan_rows(scan: &Scan) -> Rows {
    let names = [
        "rank",
        "units",
        "names",
        "lon",
        "lat",
        "radius_m",
        "from",
        "to",
        "counted",
        "expected",
        "relative_risk",
        "likelihood_ratio",
        "p_value",
        "sentence_nl",
        "sentence_en",
    ];
    let row = |cluster: &model::api::ScanCluster| {
        let joined = |of: fn(&model::api::ScanUnit) -> &str| {
            harmless(&cluster.units.iter().map(of).collect::<Vec<_>>().join("; ")).into_owned()
        };
        vec![
            cluster.rank.to_string(),
            joined(|unit| &unit.id),
            joined(|unit| &unit.name),
            cluster.lon.to_string(),
            cluster.lat.to_string(),
            cluster.radius_m.to_string(),
            cluster.from.clone(),
            scan.to.clone(),
            cluster.counted.to_string(),
            cluster.expected.to_string(),
            optional(cluster.relative_risk),
            cluster.likelihood_ratio.to_string(),
            cluster.p_value.to_string(),
            harmless(&cluster.sentence.nl).into_owned(),
            harmless(&cluster.sentence.en).into_owned(),
        ]
    };
    std::iter::once(header(&names)).chain(scan.clusters.iter().map(row)).collect()
}

fn cluster_rows(clusters: &Clusters) -> Rows {
    let names = [
        "rank",
        "name",
        "municipality",
        "places",
        "mentions",
        "messages",
        "conversations",
        "senders",
        "area_km2",
        "per_km2",
        "first_seen",
        "last_seen",
        "outline",
    ];
    let rows = clusters.features.iter().map(|feature| {
        let ClusterFigures { rank, name, municipality, places, counts, area_km2, per_km2, first_seen, last_seen } =
            &feature.properties;
        let ring = feature.geometry.coordinates.first().map(Vec::as_slice).unwrap_or_default();
        let corners: Vec<String> = ring.iter().map(|[lon, lat]| format!("{lon} {lat}")).collect();
        vec![
            rank.to_string(),
            harmless(name).into_owned(),
            harmless(municipality.as_deref().unwrap_or_default()).into_owned(),
            places.to_string(),
            counts.mentions.to_string(),
            counts.messages.to_string(),
            counts.conversations.to_string(),
            counts.senders.to_string(),
            area_km2.to_string(),
            per_km2.to_string(),
            first_seen.clone(),
            last_seen.clone(),
            format!("POLYGON(({}))", corners.join(", ")),
        ]
    });
    std::iter::once(header(&names)).chain(rows).collect()
}

fn near_repeat_rows(found: &NearRepeat) -> Rows {
    let names = ["over_m", "upto_m", "over_days", "upto_days", "pairs", "expected", "ratio", "p_value", "p_corrected"];
    let mut rows = vec![header(&names)];
    let mut over_m = 0.0;
    for (upto_m, cells) in found.distances_m.iter().zip(&found.table) {
        let mut over_days = 0;
        for (upto_days, cell) in found.days.iter().zip(cells) {
            rows.push(vec![
                over_m.to_string(),
                upto_m.to_string(),
                over_days.to_string(),
                upto_days.to_string(),
                cell.pairs.to_string(),
                cell.expected.to_string(),
                optional(cell.ratio),
                cell.p_value.to_string(),
                cell.p_corrected.to_string(),
            ]);
            over_days = *upto_days;
        }
        over_m = *upto_m;
    }
    rows
}
