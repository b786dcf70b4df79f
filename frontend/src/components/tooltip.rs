//! What the pointer is over on the map, with its figures.

use leptos::prelude::*;
use model::api::{ClusterFigures, Counts, Scan, ScanCluster};

use crate::analysing::Question;
use crate::format;
use crate::i18n::{analyses, statistics};
use crate::map::scene;
use crate::panels::hotspots::{area, counts_line};
use crate::state::{App, use_app};
use crate::url::Metric;

/// What the pointer is over, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tip {
    /// What it is.
    pub(crate) over: Over,
    /// Pixels from the left and the top of the map.
    pub(crate) at: (f64, f64),
}

/// Something on the map that has a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Over {
    /// A place or a unit of a grid, by its id.
    Place(String),
    /// A region, by its id; a province is a place, too.
    Region(String),
    /// A circle or outline of the open analysis, by its rank.
    Cluster(u32),
}

impl Tip {
    /// Id of the region, where it is one.
    pub(crate) fn region(&self) -> Option<String> {
        if let Over::Region(id) = &self.over { Some(id.clone()) } else { None }
    }
}

/// Name and counts of what the pointer is over.
#[component]
pub(crate) fn Tooltip(tip: RwSignal<Option<Tip>>) -> impl IntoView {
    let app = use_app();
    let over = Memo::new(move |_| tip.with(|t| t.as_ref().map(|t| t.over.clone())));
    let content = move || match over.get()? {
        Over::Place(id) => place(app, &id),
        Over::Region(id) => region(app, &id),
        Over::Cluster(rank) => cluster(app, rank),
    };
    let at = move |pick: fn((f64, f64)) -> f64| tip.with(|t| t.as_ref().map_or(0.0, |t| pick(t.at)));
    // Kept within the map at its left and right edges.
    let left = move || format!("clamp(160px, {}px, calc(100% - 160px))", at(|(x, _)| x));
    let top = move || format!("{}px", at(|(_, y)| y));
    view! {
        <div class="tooltip" role="status" hidden=move || over.with(Option::is_none) style:left=left style:top=top>
            {content}
        </div>
    }
}

fn place(app: App, id: &str) -> Option<AnyView> {
    let activity = app.activity.value.get()?;
    if let Some(place) = activity.places.iter().find(|place| place.id == id) {
        let around: Vec<String> = [place.municipality.clone(), place.province.clone()].into_iter().flatten().collect();
        return Some(told(app, place.name.clone(), around.join(", "), place.counts));
    }
    // A unit of a grid, or a marker of a place that the map does not draw.
    let line = app.hotspot(id)?;
    let around = area(&line);
    Some(told(app, line.name, around, line.counts))
}

fn region(app: App, id: &str) -> Option<AnyView> {
    let region = app.region(id)?;
    let activity = app.activity.value.get()?;
    let counts = activity.regions.iter().find(|active| active.id == id).map(|active| active.counts).unwrap_or_default();
    let metric = app.view.with(|v| v.metric);
    let unit = match metric {
        Metric::PerArea => app.t().per_area,
        Metric::PerInhabitants => app.t().per_inhabitants,
    };
    let rate = scene::rate(counts.messages, &region, metric).unwrap_or(0.0);
    let rate = format!("{} {} {unit}", format::measure(app.lang.get(), rate), app.t().messages);
    Some(told(app, region.name, rate, counts))
}

/// A circle or outline of the answer of the open analysis: the same figures as its line in the panel.
fn cluster(app: App, rank: u32) -> Option<AnyView> {
    let analysing = app.analysing();
    match app.view.with(|view| view.analyses)? {
        Question::Scan => {
            let told = analysing.scan.told.get()?;
            let cluster = told.answer.clusters.iter().find(|cluster| cluster.rank == rank)?;
            Some(circle(app, &told.answer, cluster))
        }
        Question::Clusters => {
            let told = analysing.clusters.told.get()?;
            let feature = told.answer.features.iter().find(|feature| feature.properties.rank == rank)?;
            Some(hull(app, &feature.properties))
        }
        Question::NearRepeat => None,
    }
}

fn circle(app: App, scan: &Scan, cluster: &ScanCluster) -> AnyView {
    let lang = app.lang.get();
    let first = cluster.units.first().map_or("", |unit| unit.name.as_str());
    let name = analyses::with_neighbours(lang, first, cluster.units.len().saturating_sub(1));
    let risk = cluster.relative_risk.map(|ratio| format!(" · {}", analyses::risk(lang, ratio)));
    let counted = statistics::some(lang, scan.count, cluster.counted);
    view! {
        <b>{numbered(cluster.rank, &name)}</b>
        <span class="faint">{analyses::Texts::of(lang).circle} " · " {format::probability(lang, cluster.p_value)} {risk}</span>
        <span><b>{counted}</b> ", " {analyses::expected(lang, cluster.expected)}</span>
    }
    .into_any()
}

fn hull(app: App, figures: &ClusterFigures) -> AnyView {
    let lang = app.lang.get();
    let around = figures.municipality.as_ref().filter(|name| **name != figures.name).map(|name| format!(" · {name}"));
    let extent = analyses::extent(lang, figures.places, figures.area_km2, figures.per_km2);
    view! {
        <b>{numbered(figures.rank, &figures.name)}</b>
        <span class="faint">{analyses::Texts::of(lang).cluster} {around}</span>
        <span>{extent}</span>
        <span class="row-counts">{counts_line(lang, figures.counts)}</span>
    }
    .into_any()
}

/// The number that stands on the map, too.
fn numbered(rank: u32, name: &str) -> String {
    format!("{rank}. {name}")
}

fn told(app: App, name: String, detail: String, counts: Counts) -> AnyView {
    let lang = app.lang.get();
    view! {
        <b>{name}</b>
        <span class="faint">{detail}</span>
        <span>
            <b>{format::count(lang, counts.conversations)}</b> " " {app.t().conversations} " · "
            {format::count(lang, counts.messages)} " " {app.t().messages} " · "
            {format::count(lang, counts.senders)} " " {app.t().senders}
        </span>
    }
    .into_any()
}
