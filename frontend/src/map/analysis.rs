//! The answer of an analysis on the map: circles with the units they are made of, or hulls; hovered, chosen, and gone to.

use std::sync::Arc;

use leptos::prelude::*;
use model::RegionKind;
use model::api::{ClusterFeature, Clusters, Scan, ScanCluster};
use serde_json::{Value, json};

use super::layers::region_source;
use super::maplibre::Map;
use super::palette::Palette;
use super::view::{MapCell, with_map};
use crate::analysing::{CLEAR_P, Fit, Question, fit};
use crate::dom;
use crate::state::App;
use crate::units::REGIONS;

/// Sources of its own.
pub(super) const SOURCES: [&str; 2] = ["analysis-areas", "analysis-marks"];
/// Its layers that a pointer can mean; the `id` of a feature is the rank.
pub(super) const ANSWERING: [&str; 2] = ["analysis-marks", "analysis-areas"];
/// Corners of the polygon that is drawn for a circle.
const CORNERS: u32 = 96;
/// Mean radius of the earth in metres (IUGG).
const EARTH_M: f64 = 6_371_008.8;
/// A circle of one unit has no radius; what is gone to is at least so wide, in metres.
const LEAST_VIEW_M: f64 = 3_000.0;

/// What of an answer the look of the map depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Overlay {
    /// Whether there are numbers on the map: those of the list give way.
    pub(super) is_shown: bool,
    /// Whether the answer belongs to another question than the filter asks now.
    is_other: bool,
    /// Layer of the units.
    by: Option<RegionKind>,
    /// Ids of the units of circles that stand out.
    units: Vec<String>,
    /// Ids of the units under the pointer or gone to.
    lit_units: Vec<String>,
    /// Ranks under the pointer or gone to.
    lit: Vec<String>,
}

/// What the map shows of the open question's answer. Tracked.
pub(super) fn overlay(app: App) -> Overlay {
    let analysing = app.analysing();
    let lit: Vec<u32> = [analysing.hovered.get(), analysing.chosen.get()].into_iter().flatten().collect();
    let ranks = lit.iter().map(u32::to_string).collect();
    match app.view.with(|view| view.analyses) {
        Some(Question::Scan) => analysing.scan.told.with(|told| {
            let Some(scan) = told.as_ref().map(|told| &told.answer).filter(|scan| !scan.clusters.is_empty()) else {
                return Overlay::default();
            };
            let units = |is_in: &dyn Fn(&ScanCluster) -> bool| -> Vec<String> {
                let clusters = scan.clusters.iter().filter(|cluster| is_in(cluster));
                clusters.flat_map(|cluster| &cluster.units).map(|unit| unit.id.clone()).collect()
            };
            Overlay {
                is_shown: true,
                is_other: fit(app, analysing.scan) != Some(Fit::Current),
                by: REGIONS.into_iter().find(|kind| kind.as_str() == scan.by),
                units: units(&|cluster| cluster.p_value < CLEAR_P),
                lit_units: units(&|cluster| lit.contains(&cluster.rank)),
                lit: ranks,
            }
        }),
        Some(Question::Clusters) => Overlay {
            is_shown: analysing
                .clusters
                .told
                .with(|told| told.as_ref().is_some_and(|told| !told.answer.features.is_empty())),
            is_other: fit(app, analysing.clusters).is_some_and(|fit| fit != Fit::Current),
            lit: ranks,
            ..Overlay::default()
        },
        Some(Question::NearRepeat) | None => Overlay::default(),
    }
}

/// Areas and units, under the places. What may be chance is drawn while it is meant only.
pub(super) fn areas(overlay: &Overlay, palette: &Palette) -> Vec<Value> {
    let colour = if overlay.is_other { palette.label_faint } else { palette.analysis };
    let shown = if overlay.is_shown { "visible" } else { "none" };
    let lit = json!(["in", ["get", "id"], ["literal", overlay.lit]]);
    let clear_or_lit = json!(["any", ["get", "is_clear"], lit]);
    let units = REGIONS.into_iter().flat_map(|kind| {
        let is_drawn = overlay.by == Some(kind);
        let ids: Vec<&String> = overlay.units.iter().chain(&overlay.lit_units).filter(|_| is_drawn).collect();
        let filter = json!(["in", ["get", "id"], ["literal", ids]]);
        let is_lit = json!(["in", ["get", "id"], ["literal", overlay.lit_units]]);
        let name = |part: &str| format!("analysis-{}-{part}", kind.as_str());
        [
            json!({ "id": name("fill"), "type": "fill", "source": region_source(kind), "filter": filter, "layout": { "visibility": shown },
                "paint": { "fill-color": colour, "fill-opacity": ["case", is_lit, 0.26, 0.12] } }),
            json!({ "id": name("line"), "type": "line", "source": region_source(kind), "filter": filter,
                "layout": { "visibility": shown, "line-join": "round" },
                "paint": { "line-color": colour, "line-width": ["case", is_lit, 2.0, 1.0] } }),
        ]
    });
    let line = |id: &str, kind: &str, dashes: Value| {
        json!({ "id": id, "type": "line", "source": "analysis-areas",
            "filter": ["all", ["==", ["get", "kind"], kind], clear_or_lit], "layout": { "visibility": shown, "line-join": "round" },
            "paint": { "line-color": colour, "line-width": ["case", lit, 2.4, 1.5], "line-dasharray": dashes } })
    };
    units
        .chain([
            json!({ "id": "analysis-areas", "type": "fill", "source": "analysis-areas", "filter": clear_or_lit, "layout": { "visibility": shown },
                "paint": { "fill-color": colour,
                    "fill-opacity": ["case", ["==", ["get", "kind"], "circle"], 0.02, ["case", lit, 0.32, 0.16]] } }),
            line("analysis-circles", "circle", json!([3, 2])),
            line("analysis-hulls", "hull", json!([1, 0])),
        ])
        .collect()
}

/// Numbers, over everything.
pub(super) fn marks(overlay: &Overlay, palette: &Palette) -> Value {
    let colour = if overlay.is_other { palette.label_faint } else { palette.analysis };
    let lit = json!(["in", ["get", "id"], ["literal", overlay.lit]]);
    json!({ "id": "analysis-marks", "type": "symbol", "source": "analysis-marks", "filter": ["any", ["get", "is_clear"], lit],
        "layout": {
            "visibility": if overlay.is_shown { "visible" } else { "none" },
            "symbol-sort-key": ["get", "rank"], "icon-image": "disc", "icon-padding": 0, "icon-size": 0.95,
            "text-field": ["to-string", ["get", "rank"]], "text-font": ["Inter Semibold"], "text-size": 10.5, "text-padding": 0 },
        "paint": {
            "icon-color": ["case", lit, palette.marker, colour], "icon-halo-color": ["case", lit, colour, palette.marker], "icon-halo-width": 1.1,
            "text-color": ["case", lit, palette.marker_text, palette.marker] } })
}

/// From the answers to the sources, and from what was chosen to the camera.
pub(super) fn keep_analysis(app: App, map: MapCell, styled: RwSignal<bool>) {
    let analysing = app.analysing();
    let question = app.part(|view| view.analyses);
    Effect::new(move |_| {
        if !styled.get() {
            return;
        }
        let (areas, marks): (Vec<Value>, Vec<Value>) = match question.get() {
            Some(Question::Scan) => {
                analysing.scan.told.with(|told| told.iter().flat_map(|told| circles(&told.answer)).unzip())
            }
            Some(Question::Clusters) => {
                analysing.clusters.told.with(|told| told.iter().flat_map(|told| hulls(&told.answer)).unzip())
            }
            Some(Question::NearRepeat) | None => (Vec::new(), Vec::new()),
        };
        with_map(map, |map| {
            for (source, features) in SOURCES.iter().zip([areas, marks]) {
                map.set_data(source, &json!({ "type": "FeatureCollection", "features": features }).to_string());
            }
        });
    });
    // A new answer is shown whole; one that is opened again leaves the map where it is.
    Effect::new(move |before: Option<(Option<Question>, Option<usize>)>| {
        let question = question.get();
        let (answer, bbox) = match question {
            Some(Question::Scan) => analysing
                .scan
                .told
                .with(|told| (address(told.as_ref()), told.as_ref().and_then(|told| whole_scan(app, &told.answer)))),
            Some(Question::Clusters) => analysing
                .clusters
                .told
                .with(|told| (address(told.as_ref()), told.as_ref().and_then(|told| whole_clusters(&told.answer)))),
            Some(Question::NearRepeat) | None => (None, None),
        };
        let is_new = before.is_some_and(|before| before.0 == question && before.1 != answer);
        if let (true, true, Some(bbox)) = (is_new, styled.get_untracked(), bbox) {
            with_map(map, |map| go_to(map, bbox));
        }
        (question, answer)
    });
    Effect::new(move |_| {
        let Some(rank) = analysing.chosen.get() else { return };
        let bbox = match app.view.with_untracked(|view| view.analyses) {
            Some(Question::Scan) => analysing.scan.told.with_untracked(|told| {
                told.as_ref()?
                    .answer
                    .clusters
                    .iter()
                    .find(|cluster| cluster.rank == rank)
                    .map(|cluster| extent(app, cluster))
            }),
            Some(Question::Clusters) => analysing.clusters.told.with_untracked(|told| {
                let features = &told.as_ref()?.answer.features;
                let feature = features.iter().find(|feature| feature.properties.rank == rank)?;
                Some(around(points(feature)))
            }),
            Some(Question::NearRepeat) | None => None,
        };
        if let (true, Some(bbox)) = (styled.get_untracked(), bbox) {
            with_map(map, |map| go_to(map, bbox));
        }
    });
}

/// Fits a box into what the panel leaves of the map.
fn go_to(map: &Map, bbox: [f64; 4]) {
    // The legend lies over the lower part of the map, and the panel beside it; on a narrow screen below it.
    let (right, bottom) = if dom::is_narrow() { (44.0, 136.0) } else { (464.0, 170.0) };
    map.fit(bbox, &json!({ "padding": { "left": 40.0, "top": 56.0, "bottom": bottom, "right": right }, "maxZoom": 12.5, "duration": 700 }));
}

/// Tells answers apart.
fn address<T>(told: Option<&Arc<T>>) -> Option<usize> {
    told.map(|told| Arc::as_ptr(told) as usize)
}

/// West, south, east, north of all circles that stand out; `None` without any.
fn whole_scan(app: App, scan: &Scan) -> Option<[f64; 4]> {
    let clear = scan.clusters.iter().filter(|cluster| cluster.p_value < CLEAR_P);
    clear.map(|cluster| extent(app, cluster)).reduce(joined)
}

/// West, south, east, north of all hulls; `None` without any.
fn whole_clusters(clusters: &Clusters) -> Option<[f64; 4]> {
    clusters.features.iter().map(|feature| around(points(feature))).reduce(joined)
}

fn points(feature: &ClusterFeature) -> impl Iterator<Item = [f64; 2]> {
    feature.geometry.coordinates.iter().flatten().copied()
}

fn joined(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    around([a, b].into_iter().flat_map(|[west, south, east, north]| [[west, south], [east, north]]))
}

/// A circle and its number for each cluster.
fn circles(scan: &Scan) -> Vec<(Value, Value)> {
    let one = |cluster: &ScanCluster| {
        let is_clear = cluster.p_value < CLEAR_P;
        let ring = circle(cluster.lon, cluster.lat, cluster.radius_m);
        features(cluster.rank, "circle", is_clear, &[ring], [cluster.lon, cluster.lat])
    };
    scan.clusters.iter().map(one).collect()
}

/// A hull and its number for each cluster.
fn hulls(clusters: &Clusters) -> Vec<(Value, Value)> {
    let one = |feature: &ClusterFeature| {
        let rings = &feature.geometry.coordinates;
        let [west, south, east, north] = around(points(feature));
        features(feature.properties.rank, "hull", true, rings, [west.midpoint(east), south.midpoint(north)])
    };
    clusters.features.iter().map(one).collect()
}

fn features(rank: u32, kind: &str, is_clear: bool, rings: &[Vec<[f64; 2]>], middle: [f64; 2]) -> (Value, Value) {
    let properties = json!({ "id": rank.to_string(), "rank": rank, "kind": kind, "is_clear": is_clear });
    let feature = |geometry: Value| json!({ "type": "Feature", "properties": properties, "geometry": geometry });
    (
        feature(json!({ "type": "Polygon", "coordinates": rings })),
        feature(json!({ "type": "Point", "coordinates": middle })),
    )
}

/// The points so many metres from a middle, as a closed ring against the clock (on a sphere).
fn circle(lon: f64, lat: f64, radius_m: f64) -> Vec<[f64; 2]> {
    let (lat, angle) = (lat.to_radians(), radius_m / EARTH_M);
    let mut ring: Vec<[f64; 2]> = (0..CORNERS)
        .map(|corner| {
            let bearing = -std::f64::consts::TAU * f64::from(corner) / f64::from(CORNERS);
            let there = (lat.sin() * angle.cos() + lat.cos() * angle.sin() * bearing.cos()).asin();
            let east = (bearing.sin() * angle.sin() * lat.cos()).atan2(angle.cos() - lat.sin() * there.sin());
            [lon + east.to_degrees(), there.to_degrees()]
        })
        .collect();
    ring.extend(ring.first().copied());
    ring
}

/// West, south, east, north of a circle with all of its units.
fn extent(app: App, cluster: &ScanCluster) -> [f64; 4] {
    let ring = circle(cluster.lon, cluster.lat, cluster.radius_m.max(LEAST_VIEW_M));
    let units = untrack(|| cluster.units.iter().filter_map(|unit| app.region(&unit.id)?.bbox).collect::<Vec<_>>());
    around(
        ring.into_iter().chain(units.into_iter().flat_map(|[west, south, east, north]| [[west, south], [east, north]])),
    )
}

/// West, south, east, north of points.
fn around(points: impl Iterator<Item = [f64; 2]>) -> [f64; 4] {
    points.fold(
        [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY],
        |[west, south, east, north], [lon, lat]| [west.min(lon), south.min(lat), east.max(lon), north.max(lat)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Theme;

    #[test]
    fn a_circle_is_as_wide_as_its_radius_says() {
        let ring = circle(6.5, 52.7, 10_000.0);
        assert_eq!((ring.len(), ring.first()), (97, ring.last()));
        let [west, south, east, north] = around(ring.iter().copied());
        let degrees = (10_000.0 / EARTH_M).to_degrees();
        assert!((north - south - 2.0 * degrees).abs() < 1e-9);
        assert!(((east - west) * 52.7_f64.to_radians().cos() - 2.0 * degrees).abs() < 1e-4);
        let doubled: f64 = ring.windows(2).map(|two| two[0][0] * two[1][1] - two[1][0] * two[0][1]).sum();
        assert!(doubled > 0.0, "the outer ring goes against the clock");
    }

    #[test]
    fn nothing_of_an_analysis_is_seen_while_there_is_none_and_another_question_is_grey() {
        let palette = Palette::of(Theme::Light);
        let none = Overlay::default();
        assert!(
            areas(&none, palette).iter().chain([&marks(&none, palette)]).all(|l| l["layout"]["visibility"] == "none")
        );
        let other = Overlay { is_shown: true, is_other: true, ..Overlay::default() };
        assert_eq!(marks(&other, palette)["paint"]["icon-color"][3], palette.label_faint);
        let current = Overlay { is_other: false, ..other };
        assert_eq!(marks(&current, palette)["paint"]["icon-color"][3], palette.analysis);
    }
}
