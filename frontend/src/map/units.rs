//! The units of a grid on the map: hexagons and squares of the list, filled by what is counted in them.

use model::api::Hotspot;
use serde_json::{Value, json};

use super::layers::{Scene, visibility};
use super::palette::Palette;
use crate::url::Layer;

/// The source of the list's units.
pub(super) const SOURCE: &str = "units";

/// The source of the chosen one, which need not be among them.
pub(super) const CHOSEN: &str = "unit-chosen";

/// The layer that a click or a pointer can mean.
pub(super) const FILL: &str = "units-fill";

/// Where the classes begin, in what is counted. They are the same in every answer, so that a colour keeps its meaning whatever is in view,
/// chosen or dragged.
pub(crate) const CLASSES: [u64; 11] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/// The colour of a class.
pub(crate) fn colour(palette: &Palette, class: usize) -> String {
    palette.along(class as f64 / (CLASSES.len() - 1) as f64)
}

/// The last class that a list reaches.
pub(crate) fn highest_class(hotspots: &[Hotspot]) -> usize {
    let most = hotspots.iter().map(|line| line.statistics.counted).max().unwrap_or(0);
    CLASSES.iter().rposition(|least| *least <= most).unwrap_or(0)
}

/// The outlines of the lines that have one, as GeoJSON.
pub(super) fn geojson(hotspots: &[Hotspot]) -> String {
    let features: Vec<Value> = hotspots
        .iter()
        .filter(|line| !line.outline.is_empty())
        .map(|line| {
            json!({ "type": "Feature", "properties": { "id": line.id, "counted": line.statistics.counted },
                "geometry": { "type": "Polygon", "coordinates": [line.outline] } })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// Fill and edges, in the layer of their own alone: heat or density beneath would mix its colours with theirs.
pub(super) fn filled(scene: &Scene, palette: &Palette) -> [Value; 2] {
    let layout = json!({ "visibility": visibility(scene.layer == Layer::Units), });
    let mut color = vec![json!("step"), json!(["get", "counted"]), json!(colour(palette, 0))];
    for (class, least) in CLASSES.iter().enumerate().skip(1) {
        color.extend([json!(least), json!(colour(palette, class))]);
    }
    [
        json!({ "id": FILL, "type": "fill", "source": SOURCE, "layout": layout,
            "paint": { "fill-color": color, "fill-opacity": 0.88, "fill-antialias": false } }),
        json!({ "id": "units-edge", "type": "line", "source": SOURCE, "layout": layout,
            "paint": { "line-color": palette.label_faint, "line-width": 0.7, "line-opacity": 0.75 } }),
    ]
}

/// The outline of the one under the pointer and of the chosen one, over any layer.
pub(super) fn outlined(scene: &Scene, palette: &Palette) -> [Value; 3] {
    let line = |id: &str, source: &str, color: &str, width: f64| {
        json!({ "id": id, "type": "line", "source": source, "layout": { "line-join": "round" },
            "paint": { "line-color": color, "line-width": width } })
    };
    let mut hovered = line("units-hovered", SOURCE, palette.marker_text, 2.0);
    hovered["filter"] = json!(["==", ["get", "id"], scene.hovered.clone().unwrap_or_default()]);
    // A light edge around the line: it stands out from every colour of the ramp.
    [
        hovered,
        line("unit-chosen-edge", CHOSEN, palette.marker, 5.5),
        line("unit-chosen-line", CHOSEN, palette.accent, 3.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::layers::tests::scene;
    use crate::panels::detail::facts::tests::line;
    use crate::state::Theme;
    use model::api::{HotspotClass, Statistics};

    fn unit(counted: u64) -> Hotspot {
        let statistics = Statistics { counted, ..Statistics::default() };
        let corners = vec![[6.0, 52.0], [6.1, 52.0], [6.1, 52.1], [6.0, 52.0]];
        Hotspot { outline: corners, ..line(HotspotClass::Steady, statistics) }
    }

    #[test]
    fn a_count_has_the_colour_that_the_legend_gives_it() {
        let palette = Palette::of(Theme::Dark);
        let fill = &filled(&scene(), palette)[0];
        let color = fill["paint"]["fill-color"].as_array().cloned().unwrap_or_default();
        assert_eq!(color[2], colour(palette, 0));
        for (class, pair) in color[3..].chunks(2).enumerate() {
            assert_eq!(pair, [json!(CLASSES[class + 1]), json!(colour(palette, class + 1))]);
        }
        assert_eq!([0, 1, 2, 4, 5, 99, 9999].map(|n| highest_class(&[unit(n)])), [0, 0, 1, 1, 2, 5, 10]);
        assert_eq!(highest_class(&[]), 0);
    }

    #[test]
    fn only_lines_with_an_outline_are_drawn() {
        let place = line(HotspotClass::Steady, Statistics::default());
        let drawn: Value = serde_json::from_str(&geojson(&[unit(4), place])).unwrap_or_default();
        let features = drawn["features"].as_array().cloned().unwrap_or_default();
        assert_eq!((features.len(), &features[0]["properties"]["counted"]), (1, &json!(4)));
        assert_eq!(features[0]["geometry"]["coordinates"][0].as_array().map(Vec::len), Some(4));
    }
}
