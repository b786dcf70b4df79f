//! What is drawn over the background, as MapLibre layers: pure functions of the scene.

use model::RegionKind;
use model::api::RATIO_SCALE;
use serde_json::{Value, json};

use super::analysis::{self, Overlay};
use super::basemap::{self, Background};
use super::drawing;
use super::palette::Palette;
use super::units;
use crate::scale::{self, REFERENCE_LAT};
use crate::url::Layer;

/// Circles of places appear from this zoom: below it the heatmap tells the story.
const CIRCLES_FROM_ZOOM: f64 = 8.6;

/// Places carry their own names from this zoom: a whole one, for layout is evaluated by tile.
const NAMES_FROM_ZOOM: f64 = 9.0;

/// The steps of the scale of densities that have a colour of their own, per km²: all that the server tells fall on one of them.
const DENSITY_STEPS: [f64; 11] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];

/// Everything that the look of the map depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    /// Where the background comes from.
    pub(super) background: Background,
    /// Light or dark.
    pub(super) theme: crate::state::Theme,
    /// What is shown.
    pub(super) layer: Layer,
    /// Standard deviation of the heat kernel in metres.
    pub(super) bandwidth_m: f64,
    /// Densities in conversations per km² where the colours of the heatmap stand, ascending.
    pub(super) heat_breaks: Vec<f64>,
    /// Greatest extent in metres that is drawn as a point.
    pub(super) finest_m: f64,
    /// Most conversations at a place: the largest circle.
    pub(super) most: u64,
    /// Class breaks of the regions' values.
    pub(super) breaks: Vec<f64>,
    /// Region id → value.
    pub(super) values: Vec<(String, f64)>,
    /// Chosen region.
    pub(super) region: Option<String>,
    /// Chosen place.
    pub(super) place: Option<String>,
    /// Place under the pointer.
    pub(super) hovered: Option<String>,
    /// Whether numbers stand on discs: not where they would hide what they number.
    pub(super) discs: bool,
    /// Region under the pointer.
    pub(super) hovered_region: Option<String>,
    /// The answer of an analysis.
    pub(super) overlay: Overlay,
}

/// The source of a kind of regions.
pub(super) fn region_source(kind: RegionKind) -> &'static str {
    match kind {
        RegionKind::Province => "regions-province",
        RegionKind::PoliceUnit => "regions-police_unit",
        RegionKind::Municipality => "regions-municipality",
        RegionKind::Custom => "regions-custom",
    }
}

/// Layers that a click or a pointer can mean.
pub(super) fn answering_layers() -> Vec<String> {
    let mut layers = vec!["ranks".to_owned(), "places".to_owned()];
    layers.push(units::FILL.to_owned());
    layers.extend(analysis::ANSWERING.map(str::to_owned));
    layers.extend(RegionKind::ALL.map(|kind| format!("{}-fill", region_source(kind))));
    layers
}

/// All layers from bottom to top.
pub(super) fn layers(scene: &Scene) -> Vec<Value> {
    let palette = Palette::of(scene.theme);
    let mut layers = basemap::ground(scene.background, palette);
    layers.extend(RegionKind::ALL.map(|kind| region_fill(scene, palette, kind)));
    layers.push(density_fill(scene, palette));
    layers.extend(units::filled(scene, palette));
    layers.extend(basemap::borders(scene.background, palette));
    layers.push(density_levels(scene, palette));
    layers.push(heat(scene, palette));
    layers.extend(RegionKind::ALL.map(|kind| region_line(scene, palette, kind)));
    layers.extend(RegionKind::ALL.map(|kind| region_outline(scene, palette, kind)));
    layers.extend(units::outlined(scene, palette));
    layers.extend(analysis::areas(&scene.overlay, palette));
    layers.extend(drawing::area(scene.theme, palette));
    layers.extend(basemap::names(scene.background, palette));
    layers.extend(places(scene, palette));
    layers.push(rank_names(scene, palette));
    layers.push(ranks(scene, palette));
    layers.push(analysis::marks(&scene.overlay, palette));
    layers.extend(drawing::draft(palette));
    layers
}

/// Classes of the choropleth: pale where there is nothing, then one colour a class.
fn region_fill(scene: &Scene, palette: &Palette, kind: RegionKind) -> Value {
    let shown = scene.layer == Layer::Regions(kind);
    let nothing = "rgba(0,0,0,0)";
    let color = if !shown || scene.values.is_empty() {
        json!(nothing)
    } else {
        let mut cases = vec![json!("match"), json!(["get", "id"])];
        for (id, value) in &scene.values {
            let class = scale::class_of(*value, &scene.breaks).min(palette.ramp.len() - 1);
            cases.extend([json!(id), json!(palette.ramp[class])]);
        }
        cases.push(json!(nothing));
        Value::Array(cases)
    };
    json!({ "id": format!("{}-fill", region_source(kind)), "type": "fill", "source": region_source(kind),
        "layout": { "visibility": visibility(shown) },
        "paint": { "fill-color": color, "fill-opacity": 0.82, "fill-antialias": true } })
}

/// The density in bands, or its ratio to another one, each in the colour of its value.
fn density_fill(scene: &Scene, palette: &Palette) -> Value {
    // A band begins at the step itself, however its number was written down.
    let begins = |step: f64| json!(step * (1.0 - 1e-9));
    let mut density = vec![json!("step"), json!(["get", "from_per_km2"]), json!(palette.density(0.0))];
    for step in DENSITY_STEPS {
        density.extend([begins(step), json!(palette.density(step))]);
    }
    let mut ratio = vec![json!("step"), json!(["get", "from_ratio"]), json!(palette.ratios[0])];
    for (step, color) in RATIO_SCALE.into_iter().zip(palette.ratios).skip(1) {
        ratio.extend([begins(step), json!(color)]);
    }
    let color = json!(["case", ["has", "from_ratio"], ratio, density]);
    json!({ "id": "density-fill", "type": "fill", "source": "density",
        "layout": { "visibility": visibility(scene.layer == Layer::Density) },
        "paint": { "fill-color": color, "fill-opacity": 0.82, "fill-antialias": true } })
}

/// Outlines of the areas that hold half of the activity, three quarters and nine tenths: the more it holds, the finer.
fn density_levels(scene: &Scene, palette: &Palette) -> Value {
    let by_share =
        |half: f64, most: f64, nearly_all: f64| json!(["step", ["get", "share"], half, 0.6, most, 0.8, nearly_all]);
    json!({ "id": "density-levels", "type": "line", "source": "density-levels",
        "layout": { "visibility": visibility(scene.layer == Layer::Density), "line-join": "round" },
        "paint": { "line-color": palette.marker_text, "line-width": by_share(2.0, 1.1, 0.7), "line-opacity": by_share(0.85, 0.55, 0.45) } })
}

fn region_line(scene: &Scene, palette: &Palette, kind: RegionKind) -> Value {
    let hovered = scene.hovered_region.clone().unwrap_or_default();
    json!({ "id": format!("{}-line", region_source(kind)), "type": "line", "source": region_source(kind),
        "layout": { "visibility": visibility(scene.layer == Layer::Regions(kind)), "line-join": "round" },
        "paint": {
            "line-color": ["case", ["==", ["get", "id"], hovered], palette.label, palette.hairline],
            "line-width": ["case", ["==", ["get", "id"], hovered], 1.8, 0.7] } })
}

fn region_outline(scene: &Scene, palette: &Palette, kind: RegionKind) -> Value {
    json!({ "id": format!("{}-chosen", region_source(kind)), "type": "line", "source": region_source(kind),
        "filter": ["in", ["get", "id"], ["literal", [scene.region.clone().unwrap_or_default(), scene.place.clone().unwrap_or_default()]]],
        "layout": { "line-join": "round" },
        "paint": { "line-color": palette.accent, "line-width": 2.0, "line-opacity": 0.9 } })
}

/// Kernel density of conversations: a Gaussian of fixed size in metres, so that its colours mean the same at every zoom.
fn heat(scene: &Scene, palette: &Palette) -> Value {
    // MapLibre's kernel reaches three standard deviations at the radius.
    let radius_m = 3.0 * scene.bandwidth_m;
    let pixels = |zoom: f64| radius_m / scale::metres_per_pixel(zoom, REFERENCE_LAT);
    let full = scene.heat_breaks.last().copied().unwrap_or(1.0);
    // Below the first break the first colour fades out: no grey edge, no hard one.
    let mut ramp = vec![
        json!("interpolate"),
        json!(["linear"]),
        json!(["heatmap-density"]),
        json!(0.0),
        json!(format!("{}00", palette.ramp[0])),
    ];
    let stops = if scene.heat_breaks.is_empty() { &[1.0][..] } else { &scene.heat_breaks };
    for (stop, color) in stops.iter().zip(palette.ramp) {
        ramp.extend([json!(stop / full), json!(color)]);
    }
    json!({ "id": "heat", "type": "heatmap", "source": "places",
        "filter": ["<=", ["get", "radius_m"], scene.finest_m],
        "layout": { "visibility": visibility(scene.layer == Layer::Heat) },
        "paint": {
            "heatmap-radius": ["interpolate", ["exponential", 2], ["zoom"], 0, pixels(0.0), 22, pixels(22.0)],
            "heatmap-weight": ["get", "conversations"],
            "heatmap-intensity": scale::intensity_for(full, scene.bandwidth_m),
            "heatmap-opacity": ["interpolate", ["linear"], ["zoom"], 9, 0.85, 12, 0.55],
            "heatmap-color": ramp } })
}

/// Places as circles: their area tells the conversations; the chosen one shows its extent in metres.
fn places(scene: &Scene, palette: &Palette) -> Vec<Value> {
    let shown = visibility(scene.layer == Layer::Heat);
    let chosen = scene.place.clone().or_else(|| scene.hovered.clone()).unwrap_or_default();
    // Radius in pixels of the place with most conversations; area is proportional to conversations.
    let (largest, most) = (18.0, scene.most.max(1));
    let radius = json!(["max", 3.5, ["*", largest, ["sqrt", ["/", ["get", "conversations"], most]]]]);
    let fine = json!(["<=", ["get", "radius_m"], scene.finest_m]);
    let is_chosen = json!(["==", ["get", "id"], chosen]);
    vec![
        json!({ "id": "extent", "type": "circle", "source": "places", "filter": is_chosen,
            "paint": {
                "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 0, ["get", "px0"], 22, ["*", ["get", "px0"], 4_194_304]],
                "circle-color": palette.accent, "circle-opacity": 0.1,
                "circle-stroke-color": palette.accent, "circle-stroke-width": 1.2, "circle-stroke-opacity": 0.75,
                "circle-pitch-alignment": "map" } }),
        json!({ "id": "places", "type": "circle", "source": "places", "minzoom": CIRCLES_FROM_ZOOM, "filter": fine,
            "layout": { "visibility": shown, "circle-sort-key": ["-", 0, ["get", "conversations"]] },
            "paint": {
                "circle-radius": radius, "circle-color": palette.point,
                "circle-opacity": ["interpolate", ["linear"], ["zoom"], CIRCLES_FROM_ZOOM, 0.0, CIRCLES_FROM_ZOOM + 0.6, 0.78],
                "circle-stroke-color": palette.marker, "circle-stroke-width": 1.2,
                "circle-stroke-opacity": ["interpolate", ["linear"], ["zoom"], CIRCLES_FROM_ZOOM, 0.0, CIRCLES_FROM_ZOOM + 0.6, 0.9] } }),
        json!({ "id": "place-names", "type": "symbol", "source": "places", "minzoom": NAMES_FROM_ZOOM, "filter": fine,
            "layout": { "visibility": shown, "symbol-sort-key": ["-", 0, ["get", "conversations"]],
                "text-field": ["format", ["get", "name"], { "text-font": ["literal", ["Inter Semibold"]] }, "  ", {},
                    ["to-string", ["get", "conversations"]], { "text-font": ["literal", ["Inter"]] }],
                "text-font": ["Inter Semibold"], "text-size": 11.5,
                "text-variable-anchor": ["top", "bottom", "left", "right"],  "text-radial-offset": ["+", 0.55, ["/", radius, 11.5]], "text-padding": 4 },
            "paint": { "text-color": palette.marker_text, "text-halo-color": palette.land, "text-halo-width": 1.6 } }),
    ]
}

/// Numbers of the ranked list; [`super::scene`] has left out those without room.
fn ranks(scene: &Scene, palette: &Palette) -> Value {
    let chosen = json!([
        "any",
        ["==", ["get", "id"], scene.place.clone().unwrap_or_default()],
        ["==", ["get", "id"], scene.hovered.clone().unwrap_or_default()]
    ]);
    json!({ "id": "ranks", "type": "symbol", "source": "hotspots",
        "layout": {
            // Two lists of numbers would be read as one.
            "visibility": visibility(scene.discs && !scene.overlay.is_shown),
            "symbol-sort-key": ["get", "rank"], "icon-image": "disc", "icon-padding": 0, "icon-size": 0.95,
            "text-field": ["to-string", ["get", "rank"]], "text-font": ["Inter Semibold"], "text-size": 10.5,
            "icon-allow-overlap": true, "text-allow-overlap": true, "text-padding": 0 },
        "paint": {
            "icon-color": ["case", chosen, palette.accent, palette.marker],
            "icon-halo-color": ["case", chosen, palette.marker, palette.label], "icon-halo-width": 1.1,
            "text-color": ["case", chosen, palette.marker, palette.marker_text] } })
}

/// Names beside the numbers, or with them where there are no discs, as far as there is room and the places themselves do not carry theirs.
fn rank_names(scene: &Scene, palette: &Palette) -> Value {
    let with_number = json!(["concat", ["get", "rank"], "  ", ["get", "name"]]);
    let name = if scene.discs { json!(["get", "name"]) } else { with_number };
    let close_up = if scene.layer == Layer::Heat { json!("") } else { name.clone() };
    json!({ "id": "rank-names", "type": "symbol", "source": "hotspots",
        "layout": {
            "visibility": visibility(!scene.overlay.is_shown),
            "symbol-sort-key": ["get", "rank"], "text-field": ["step", ["zoom"], name, NAMES_FROM_ZOOM, close_up], "text-font": ["Inter Semibold"], "text-size": 11.5,
            "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1.15, "text-justify": "auto", "text-padding": 2 },
        "paint": { "text-color": palette.marker_text, "text-halo-color": palette.land, "text-halo-width": 1.5 } })
}

pub(super) fn visibility(shown: bool) -> &'static str {
    if shown { "visible" } else { "none" }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::state::Theme;

    pub(in crate::map) fn scene() -> Scene {
        Scene {
            background: Background::Builtin,
            theme: Theme::Light,
            layer: Layer::Regions(RegionKind::Province),
            bandwidth_m: 3000.0,
            heat_breaks: vec![0.02, 0.05, 0.1, 0.2, 0.5, 1.0],
            finest_m: 9000.0,
            most: 10,
            breaks: vec![1.0, 2.0],
            values: vec![("province/drenthe".into(), 2.5), ("province/zeeland".into(), 0.5)],
            region: None,
            place: None,
            hovered: None,
            discs: true,
            hovered_region: None,
            overlay: Overlay::default(),
        }
    }

    #[test]
    fn every_layer_has_its_own_id_and_answering_layers_exist() {
        let ids: Vec<String> =
            layers(&scene()).iter().map(|l| l["id"].as_str().unwrap_or_default().to_owned()).collect();
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
        assert!(answering_layers().iter().all(|layer| ids.contains(layer)));
    }

    #[test]
    fn a_region_takes_the_colour_of_its_class() {
        let layer = region_fill(&scene(), Palette::of(Theme::Light), RegionKind::Province);
        let color = layer["paint"]["fill-color"].as_array().cloned().unwrap_or_default();
        let at = color.iter().position(|v| v == "province/drenthe").expect("listed");
        assert_eq!(color[at + 1], Palette::of(Theme::Light).ramp[2]);
    }

    #[test]
    fn a_density_has_the_colour_that_the_legend_gives_it() {
        let palette = Palette::of(Theme::Light);
        let layer = density_fill(&scene(), palette);
        let cases = &layer["paint"]["fill-color"];
        let of = |value: f64, steps: &Value| {
            let color = steps.as_array().cloned().unwrap_or_default();
            let mut found = color[2].clone();
            for pair in color[3..].chunks(2).filter(|pair| pair[0].as_f64().unwrap() <= value) {
                found = pair[1].clone();
            }
            found
        };
        for value in [0.001, 0.03, 1.0, 300.0] {
            assert_eq!(of(value, &cases[3]), palette.density(value).as_str(), "{value}");
        }
        for (value, color) in RATIO_SCALE.into_iter().zip(palette.ratios) {
            assert_eq!(of(value, &cases[2]), color, "{value}");
        }
    }

    #[test]
    fn the_heat_radius_is_the_same_in_metres_at_every_zoom() {
        let heat = heat(&scene(), Palette::of(Theme::Light));
        let stops = &heat["paint"]["heatmap-radius"];
        let (low, high) = (stops[4].as_f64().unwrap(), stops[6].as_f64().unwrap());
        assert!((high / low - 22f64.exp2()).abs() < 1e-3);
        assert!((low * scale::metres_per_pixel(0.0, REFERENCE_LAT) - 9000.0).abs() < 1e-6);
    }
}
