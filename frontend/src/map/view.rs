//! The map as a component: keeps MapLibre in step with the state, and the state with what the pointer does.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::api::Meta;
use serde_json::{Value, json};

use super::analysis;
use super::basemap::{self, Background};
use super::camera::{HOME, keep_camera};
use super::drawing::{self, Pen, keep_drawing};
use super::layers::{self, Scene};
use super::maplibre::{self, Map, Pointed};
use super::scene;
use super::units;
use crate::components::drawn_area::{DrawButton, DrawHint};
use crate::components::map_tools::{Legend, MapTools};
use crate::components::tooltip::{Over, Tip, Tooltip};
use crate::dom;
use crate::state::{App, use_app};
use crate::url::{Camera, Layer};

/// Kernel bandwidth in metres when none is chosen.
pub(crate) const DEFAULT_BANDWIDTH_M: u32 = 3000;

/// A source without anything in it.
const EMPTY: &str = r#"{"type":"FeatureCollection","features":[]}"#;

/// The map, once it is made.
pub(super) type MapCell = StoredValue<Option<Map>, LocalStorage>;

/// Does something with the map, when there is one.
pub(super) fn with_map(cell: MapCell, act: impl FnOnce(&Map)) {
    cell.with_value(|map| {
        if let Some(map) = map {
            act(map);
        }
    });
}

/// The map with its switch, legend and tooltip.
#[component]
pub(crate) fn MapView() -> impl IntoView {
    let app = use_app();
    let container = NodeRef::<Div>::new();
    let map: MapCell = StoredValue::new_local(None);
    let styled = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let settled = RwSignal::new(false);
    let tip = RwSignal::new(None::<Tip>);
    let pen = Pen::new();
    let zoom = app.zoom;

    let look = look(app, zoom);
    let background = RwSignal::new(Background::Builtin);
    let applied = StoredValue::new_local(Vec::new());
    let hovered_region = Memo::new(move |_| tip.with(|t| t.as_ref().and_then(Tip::region)));
    let scene_now =
        Memo::new(move |_| Scene { hovered_region: hovered_region.get(), ..scene(app, background.get(), &look.get()) });

    Effect::new(move |made: Option<bool>| {
        let (Some(element), Some(meta)) = (container.get(), app.meta.get()) else {
            return false;
        };
        if made == Some(true) {
            return true;
        }
        background.set(background_of(&meta));
        spawn_local(async move {
            if background.get_untracked() == Background::Pmtiles {
                dom::load_script("/vendor/pmtiles/pmtiles.js").await;
                maplibre::add_pmtiles_protocol();
            }
            let first = untrack(|| layers::layers(&scene(app, background.get(), &look.get())));
            match Map::new(&element, &options(app, background.get_untracked(), &first)) {
                Some(made) => {
                    made.once_idle(move || settled.set(true));
                    map.set_value(Some(made));
                    applied.set_value(first);
                    listen(app, map, styled, tip, pen);
                }
                None => failed.set(true),
            }
        });
        true
    });
    keep_style(map, styled, scene_now, applied);
    keep_data(app, map, styled, failed, zoom);
    keep_camera(app, map, styled);
    analysis::keep_analysis(app, map, styled);
    keep_drawing(app, map, styled, pen);
    on_cleanup(move || {
        if let Some(map) = map.try_update_value(Option::take).flatten() {
            map.remove();
        }
    });

    let draws = Memo::new(move |_| app.drawing().draft.with(Option::is_some));
    // Nothing under the pointer is meant while it draws.
    Effect::new(move |_| {
        if draws.get() {
            tip.set(None);
            app.hovered.set(None);
            app.analysing().hovered.set(None);
        }
    });
    let zoom_by = move |steps: f64| with_map(map, |m| m.zoom_by(steps));
    let home = move |()| with_map(map, |m| m.fit(HOME, &json!({ "padding": 16 })));
    view! {
        <section class="map" aria-label=move || app.t().map>
            <div class="map-canvas" class:settled=move || settled.get() class:drawing=move || draws.get() node_ref=container></div>
            <Show when=move || failed.get() fallback=|| view! { <DrawButton /><DrawHint /> }>
                <p class="map-failed" role="alert">{move || app.t().no_webgl}</p>
            </Show>
            <MapTools zoom_by=Callback::new(zoom_by) home=Callback::new(home) />
            <Legend scale=look />
            <Tooltip tip />
        </section>
    }
}

/// The parts of the scene that the legend tells too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Look {
    /// What is shown.
    pub(crate) layer: Layer,
    /// Kernel bandwidth in metres.
    pub(crate) bandwidth_m: u32,
    /// Greatest extent that stands as a point.
    pub(crate) finest_m: f64,
    /// Densities of the heatmap's colours.
    pub(crate) heat_breaks: Vec<f64>,
    /// Values of the regions.
    pub(crate) values: Vec<(String, f64)>,
    /// Breaks of the regions' classes.
    pub(crate) breaks: Vec<f64>,
    /// Most conversations at a place.
    pub(crate) most: u64,
    /// Mentions that no point may stand for.
    pub(crate) too_coarse: u64,
}

fn look(app: App, zoom: RwSignal<f64>) -> Memo<Look> {
    let chosen = app.part(|v| (v.layer, v.metric, v.bandwidth_m.unwrap_or(DEFAULT_BANDWIDTH_M)));
    Memo::new(move |_| {
        let (layer, metric, bandwidth_m) = chosen.get();
        let finest_m = scene::finest_m(zoom.get(), f64::from(bandwidth_m));
        let activity = app.activity.value.get();
        let activity = activity.as_deref();
        let values = match (layer.region_kind(), activity) {
            (Some(kind), Some(activity)) => app.regions.with(|all| {
                all.iter()
                    .find(|l| l.kind == kind)
                    .map(|l| scene::region_values(&activity.regions, &l.regions, metric))
                    .unwrap_or_default()
            }),
            _ => Vec::new(),
        };
        Look {
            layer,
            bandwidth_m,
            finest_m,
            heat_breaks: activity.map(|a| scene::heat_breaks(a, finest_m, f64::from(bandwidth_m))).unwrap_or_default(),
            breaks: scene::region_breaks(&values),
            values,
            most: activity.map_or(0, |a| scene::most_conversations(a, finest_m)),
            too_coarse: activity.map_or(0, |a| scene::too_coarse(a, finest_m)),
        }
    })
}

fn scene(app: App, background: Background, look: &Look) -> Scene {
    let (region, place) = app.view.with(|v| (v.region.clone(), v.place.clone()));
    Scene {
        background,
        theme: app.theme.get(),
        layer: look.layer,
        bandwidth_m: f64::from(look.bandwidth_m),
        heat_breaks: look.heat_breaks.clone(),
        finest_m: look.finest_m,
        most: look.most,
        breaks: look.breaks.clone(),
        values: look.values.clone(),
        region,
        place,
        hovered: app.hovered.get(),
        discs: look.layer != Layer::Units || app.unit.get().least_zoom() <= app.zoom.get(),
        hovered_region: None,
        overlay: analysis::overlay(app),
    }
}

fn background_of(meta: &Meta) -> Background {
    if meta.basemap == "pmtiles" { Background::Pmtiles } else { Background::Builtin }
}

/// The options of a new map.
fn options(app: App, background: Background, layers: &[Value]) -> Value {
    let mut sources = serde_json::Map::new();
    for (name, source) in basemap::sources(background, &dom::origin()) {
        sources.insert(name.to_owned(), source);
    }
    let empty = json!({ "type": "FeatureCollection", "features": [] });
    for kind in model::RegionKind::ALL {
        let source = json!({ "type": "geojson", "data": empty, "attribution": "<a href=\"https://www.geoboundaries.org\" target=\"_blank\" rel=\"noreferrer\">geoBoundaries</a> (CC BY)" });
        sources.insert(layers::region_source(kind).to_owned(), source);
    }
    let own = ["places", "hotspots", "density", "density-levels", units::SOURCE, units::CHOSEN];
    for name in own.iter().chain(&analysis::SOURCES).chain(&drawing::SOURCES) {
        sources.insert((*name).to_owned(), json!({ "type": "geojson", "data": empty }));
    }
    let mut options = json!({
        "style": { "version": 8, "sources": sources, "layers": layers },
        "minZoom": 3, "maxZoom": 17, "dragRotate": false, "pitchWithRotate": false, "touchPitch": false,
        "renderWorldCopies": false, "fadeDuration": 120, "attributionControl": { "compact": false },
        "locale": { "Map.Title": app.t().map },
    });
    if let Some(camera) = app.view.with_untracked(|v| v.camera) {
        options["center"] = json!([camera.lon, camera.lat]);
        options["zoom"] = json!(camera.zoom);
    } else {
        let [west, south, east, north] = HOME;
        options["bounds"] = json!([[west, south], [east, north]]);
        options["fitBoundsOptions"] = json!({ "padding": 16 });
    }
    options
}

/// From the map to the state.
fn listen(app: App, cell: MapCell, styled: RwSignal<bool>, tip: RwSignal<Option<Tip>>, pen: Pen) {
    let zoom = app.zoom;
    let ranked = |feature: &(String, String)| feature.1.parse().ok().filter(|_| feature.0.starts_with("analysis-"));
    let point = move |pointed: Pointed| {
        if pen.moves(app, Some(&pointed)) {
            return;
        }
        let at = pointed.at;
        let rank = pointed.feature.as_ref().and_then(ranked);
        let hovered = app.analysing().hovered;
        if hovered.get_untracked() != rank {
            hovered.set(rank);
        }
        let over = pointed.feature.map(|(layer, id)| match rank {
            Some(rank) => Over::Cluster(rank),
            None if layer.starts_with("regions-") => Over::Region(id),
            None => Over::Place(id),
        });
        let place = if let Some(Over::Place(id)) = &over { Some(id.clone()) } else { None };
        if app.hovered.with_untracked(|h| *h != place) {
            app.hovered.set(place);
        }
        tip.set(over.map(|over| Tip { over, at }));
    };
    let choose = move |pointed: Pointed| {
        if pen.clicks(app, &pointed) {
            return;
        }
        if let Some(rank) = pointed.feature.as_ref().and_then(ranked) {
            app.analysing().chosen.set(Some(rank));
            return;
        }
        let Some((layer, id)) = pointed.feature else {
            return;
        };
        app.change(|v| {
            if layer.starts_with("regions-") {
                v.region = if v.region.as_deref() == Some(id.as_str()) { None } else { Some(id) };
            } else {
                v.place = Some(id);
            }
        });
    };
    cell.update_value(|map| {
        let Some(map) = map else { return };
        map.on("style.load", move || {
            with_map(cell, |m| {
                m.add_icon("disc", 52, 2, &scene::disc_sdf(52, 19.0));
                zoom.set(m.camera().2);
            });
            styled.set(true);
        });
        map.on("moveend", move || {
            let Some((lon, lat, z)) = cell.with_value(|m| m.as_ref().map(Map::camera)) else {
                return;
            };
            zoom.set(z);
            app.change(|v| v.camera = Some(Camera { lon, lat, zoom: z }));
        });
        map.on("mouseout", move || {
            pen.moves(app, None);
            tip.set(None);
            app.hovered.set(None);
            app.analysing().hovered.set(None);
        });
        map.on_pointer("mousemove", layers::answering_layers(), point);
        map.on_pointer("click", layers::answering_layers(), choose);
    });
}

/// From the scene to the layers: only what differs is set.
fn keep_style(
    map: MapCell,
    styled: RwSignal<bool>,
    scene: Memo<Scene>,
    applied: StoredValue<Vec<Value>, LocalStorage>,
) {
    Effect::new(move |_| {
        let wanted = layers::layers(&scene.get());
        if !styled.get() {
            return;
        }
        with_map(map, |map| {
            applied.with_value(|old| {
                for (old, new) in old.iter().zip(&wanted) {
                    apply(map, old, new);
                }
            });
        });
        applied.set_value(wanted);
    });
}

fn apply(map: &Map, old: &Value, new: &Value) {
    let id = new["id"].as_str().unwrap_or_default();
    let changed = |group: &str| -> Vec<(String, Value)> {
        let values = new[group].as_object().into_iter().flatten();
        values.filter(|(key, value)| old[group].get(key) != Some(value)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    if old["filter"] != new["filter"] {
        map.set_filter(id, &new["filter"]);
    }
    for (property, value) in changed("layout") {
        map.set_layout(id, &property, &value);
    }
    for (property, value) in changed("paint") {
        map.set_paint(id, &property, &value);
    }
}

/// From the answers to the sources; tells when the first data is on the screen.
fn keep_data(app: App, map: MapCell, styled: RwSignal<bool>, failed: RwSignal<bool>, zoom: RwSignal<f64>) {
    Effect::new(move |sent: Option<usize>| {
        if !styled.get() {
            return 0;
        }
        app.regions.with(|layers| {
            for layer in layers.iter().skip(sent.unwrap_or(0)) {
                with_map(map, |m| {
                    m.set_data(layers::region_source(layer.kind), &layer.geojson);
                });
            }
            layers.len()
        })
    });
    Effect::new(move |_| {
        if let (true, Some(activity)) = (styled.get(), app.activity.value.get()) {
            let geojson = scene::places_geojson(&activity);
            with_map(map, |m| m.set_data("places", &geojson));
        }
    });
    Effect::new(move |_| {
        if let (true, Some(density)) = (styled.get(), app.density.value.get()) {
            // Of a ratio the levels of the density itself would say nothing.
            let texts = match &density.relative {
                Some(ratio) => [serde_json::to_string(&ratio.bands), Ok(EMPTY.to_owned())],
                None => [serde_json::to_string(&density.bands), serde_json::to_string(&density.contours)],
            };
            for (source, geojson) in ["density", "density-levels"].iter().zip(texts.iter().flatten()) {
                with_map(map, |m| m.set_data(source, geojson));
            }
        }
    });
    Effect::new(move |_| {
        if let (true, Some(list)) = (styled.get(), app.hotspots.value.get()) {
            let geojson = scene::hotspots_geojson(&list.hotspots, zoom.get());
            with_map(map, |m| m.set_data("hotspots", &geojson));
        }
    });
    Effect::new(move |_| {
        if let (true, Some(list)) = (styled.get(), app.hotspots.value.get()) {
            let geojson = units::geojson(&list.hotspots);
            with_map(map, |m| m.set_data(units::SOURCE, &geojson));
        }
    });
    let place = app.part(|v| v.place.clone());
    let chosen = Memo::new(move |_| place.get().and_then(|id| app.line(&id)).filter(|line| !line.outline.is_empty()));
    Effect::new(move |_| {
        let geojson = units::geojson(chosen.get().as_slice());
        if styled.get() {
            with_map(map, |m| m.set_data(units::CHOSEN, &geojson));
        }
    });
    Effect::new(move |_| {
        let activity_in = app.activity.value.with(Option::is_some) || app.activity.error.with(Option::is_some);
        let hotspots_in = app.hotspots.value.with(Option::is_some) || app.hotspots.error.with(Option::is_some);
        let all_in = activity_in && hotspots_in;
        if !all_in || app.drawn.get() {
            return;
        }
        if failed.get() {
            app.drawn.set(true);
        } else if styled.get() {
            with_map(map, |m| m.once_idle(move || app.drawn.set(true)));
        }
    });
}
