//! The background: our own layers, or a user's `PMTiles` file in the schema of Protomaps. Calm, so that data stands out.

use serde_json::{Value, json};

use super::palette::Palette;

/// Where the background comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Background {
    /// Our own GeoJSON layers.
    Builtin,
    /// A user's file.
    Pmtiles,
}

/// Its sources, as absolute addresses: the map's workers have no base of their own.
pub(super) fn sources(background: Background, origin: &str) -> Vec<(&'static str, Value)> {
    match background {
        Background::Builtin => [
            ("land", "GSHHG"),
            ("water", "© <a href=\"https://www.openstreetmap.org/copyright\" target=\"_blank\" rel=\"noreferrer\">OpenStreetMap contributors</a> (ODbL)"),
            ("rivers", ""),
            ("borders", ""),
            ("labels", "<a href=\"https://www.geonames.org\" target=\"_blank\" rel=\"noreferrer\">GeoNames</a> (CC BY)"),
            ("world-lowres", ""),
        ]
        .map(|(name, attribution)| {
            let data = format!("{origin}/basemap/{name}.geojson");
            (
                name,
                json!({ "type": "geojson", "data": data, "attribution": attribution, "maxzoom": 12, "tolerance": 0.3 }),
            )
        })
        .to_vec(),
        Background::Pmtiles => {
            let url = format!("pmtiles://{origin}/basemap/custom.pmtiles");
            let attribution = "© <a href=\"https://www.openstreetmap.org/copyright\" target=\"_blank\" rel=\"noreferrer\">OpenStreetMap</a> contributors";
            vec![("custom", json!({ "type": "vector", "url": url, "attribution": attribution }))]
        }
    }
}

/// What lies under the data.
pub(super) fn ground(background: Background, palette: &Palette) -> Vec<Value> {
    let mut layers =
        vec![json!({ "id": "ground", "type": "background", "paint": { "background-color": palette.water } })];
    let fill = |id: &str, source: &str, color: &str| json!({ "id": id, "type": "fill", "source": source, "paint": { "fill-color": color, "fill-antialias": true } });
    match background {
        Background::Builtin => layers.extend([
            fill("world", "world-lowres", palette.land),
            fill("land", "land", palette.land),
            fill("water", "water", palette.water),
            json!({ "id": "rivers", "type": "line", "source": "rivers", "minzoom": 6.5,
                "paint": { "line-color": palette.water, "line-width": ["interpolate", ["linear"], ["zoom"], 6.5, 0.6, 11, 2.0] } }),
        ]),
        Background::Pmtiles => {
            let from = |mut layer: Value, source_layer: &str| {
                layer["source"] = json!("custom");
                layer["source-layer"] = json!(source_layer);
                layer
            };
            let width = |kind: &str, low: f64, high: f64| {
                from(
                    json!({ "id": format!("road-{kind}"), "type": "line", "filter": ["==", ["get", "kind"], kind],
                        "paint": { "line-color": palette.road, "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 6, low, 16, high] } }),
                    "roads",
                )
            };
            layers.extend([
                from(json!({ "id": "land", "type": "fill", "paint": { "fill-color": palette.land } }), "earth"),
                from(json!({ "id": "water", "type": "fill", "paint": { "fill-color": palette.water } }), "water"),
                width("minor_road", 0.0, 6.0),
                width("major_road", 0.2, 9.0),
                width("highway", 0.6, 12.0),
            ]);
        }
    }
    layers
}

/// Borders, between the filled regions and the points.
pub(super) fn borders(background: Background, palette: &Palette) -> Vec<Value> {
    let line = |id: &str, filter: Value, color: &str, width: f64| {
        let mut layer = json!({ "id": id, "type": "line", "source": "borders", "filter": filter,
            "layout": { "line-join": "round" }, "paint": { "line-color": color, "line-width": width } });
        if background == Background::Pmtiles {
            layer["source"] = json!("custom");
            layer["source-layer"] = json!("boundaries");
        }
        layer
    };
    match background {
        Background::Builtin => vec![
            line("border-province", json!(["==", ["get", "level"], 4]), palette.hairline, 0.8),
            line("border-country", json!(["==", ["get", "level"], 2]), palette.border, 1.1),
        ],
        Background::Pmtiles => vec![
            line("border-province", json!(["==", ["get", "kind"], "region"]), palette.hairline, 0.8),
            line("border-country", json!(["==", ["get", "kind"], "country"]), palette.border, 1.1),
        ],
    }
}

/// Names, over everything: the greater the place, the earlier its name.
pub(super) fn names(background: Background, palette: &Palette) -> Vec<Value> {
    // The zoom from which names of a rank appear: great cities first, hamlets last.
    const RANKS: [(u8, f64, f64); 6] =
        [(1, 4.0, 12.5), (2, 6.0, 12.0), (3, 7.4, 11.5), (4, 8.6, 11.0), (5, 9.6, 11.0), (6, 10.6, 10.5)];
    let paint = |color: &str| json!({ "text-color": color, "text-halo-color": palette.land, "text-halo-width": 1.3, "text-halo-blur": 0.4 });
    if background == Background::Pmtiles {
        return vec![json!({ "id": "names", "type": "symbol", "source": "custom", "source-layer": "places",
            "filter": ["in", ["get", "kind"], ["literal", ["locality", "neighbourhood"]]],
            "layout": { "text-field": ["coalesce", ["get", "name:nl"], ["get", "name"]], "text-font": ["Inter"], "text-size": 11.5, "text-padding": 6 },
            "paint": paint(palette.label) })];
    }
    let mut layers: Vec<Value> = RANKS
        .iter()
        .rev()
        .map(|(rank, minzoom, size)| {
            let color = if *rank <= 3 { palette.label } else { palette.label_faint };
            let font = if *rank <= 2 { "Inter Medium" } else { "Inter" };
            json!({ "id": format!("names-{rank}"), "type": "symbol", "source": "labels", "minzoom": minzoom,
                "filter": ["all", ["==", ["get", "rank"], rank], ["!=", ["get", "kind"], "province"]],
                "layout": { "text-field": ["get", "name"], "text-font": [font], "text-size": size, "text-padding": 5,
                    "text-max-width": 8, "symbol-sort-key": ["-", 0, ["get", "pop"]] },
                "paint": paint(color) })
        })
        .collect();
    layers.push(json!({ "id": "names-province", "type": "symbol", "source": "labels", "minzoom": 6.2, "maxzoom": 8.4,
        "filter": ["==", ["get", "kind"], "province"],
        "layout": { "text-field": ["upcase", ["get", "name"]], "text-font": ["Inter Medium"], "text-size": 9.5, "text-letter-spacing": 0.14,
            "text-padding": 8, "text-max-width": 7 },
        "paint": paint(palette.label_faint) }));
    layers
}
