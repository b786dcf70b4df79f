//! Drawing on the map: what the pointer does while an area is being drawn, and how the draft and the area in force look.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use model::LonLat;
use serde_json::{Value, json};

use super::maplibre::Pointed;
use super::palette::Palette;
use super::view::{MapCell, with_map};
use crate::dom;
use crate::drawing::{Draft, ring};
use crate::state::{App, Theme};

/// Sources of its own: the area in force, and the draft.
pub(super) const SOURCES: [&str; 2] = ["drawn", "draft"];
/// A click so near to the first corner means it, in pixels: for a mouse, and for a finger.
const REACH_PX: [f64; 2] = [12.0, 22.0];
/// Width of what may lie over the map on its right (the same number is in `style/tokens.css`).
const DRAWER_PX: f64 = 424.0;
/// So long after the end the map takes no click: the second one of a double click is still part of drawing.
const REST: Duration = Duration::from_millis(400);
/// The world as a ring, up to where Mercator ends.
const WORLD: [[f64; 2]; 5] = [[-180.0, -85.0], [180.0, -85.0], [180.0, 85.0], [-180.0, 85.0], [-180.0, -85.0]];

/// The pointer while it draws.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    /// Where it is.
    at: RwSignal<Option<LonLat>>,
    /// Whether it draws, or has drawn just now.
    is_down: StoredValue<bool>,
}

impl Pen {
    pub(super) fn new() -> Self {
        Self { at: RwSignal::new(None), is_down: StoredValue::new(false) }
    }

    /// Takes a movement; `false` where it is not drawing and the movement means something else.
    pub(super) fn moves(self, app: App, to: Option<&Pointed>) -> bool {
        if app.drawing().is_on() {
            self.at.set(to.and_then(|to| LonLat::new(to.lon_lat.0, to.lon_lat.1)));
        }
        self.is_down.get_value()
    }

    /// Takes a click; `false` where it is not drawing and the click means something else.
    pub(super) fn clicks(self, app: App, at: &Pointed) -> bool {
        if let Some(corner) = LonLat::new(at.lon_lat.0, at.lon_lat.1) {
            let (zoom, reach) = (app.zoom.get_untracked(), REACH_PX[usize::from(dom::is_touched())]);
            app.drawing().draw(|draft| draft.click(corner, zoom, reach));
        }
        self.is_down.get_value()
    }
}

/// From drawing to the map: sources, keys, and the way to the area.
pub(super) fn keep_drawing(app: App, map: MapCell, styled: RwSignal<bool>, pen: Pen) {
    let drawing = app.drawing();
    let is_on = Memo::new(move |_| drawing.draft.with(Option::is_some));
    Effect::new(move |was_on: Option<bool>| {
        let is_on = is_on.get();
        if is_on {
            pen.is_down.set_value(true);
            with_map(map, |m| {
                m.zoom_on_double_click(false);
                m.focus();
            });
        } else if was_on == Some(true) {
            pen.at.set(None);
            set_timeout(
                move || {
                    if !drawing.is_on() {
                        pen.is_down.set_value(false);
                        with_map(map, |m| m.zoom_on_double_click(true));
                    }
                },
                REST,
            );
        }
        is_on
    });
    Effect::new(move |_| {
        let features = drawing.draft.with(|draft| draft.as_ref().map(|draft| drafted(draft, pen.at.get())));
        set_features(map, styled, "draft", &features.unwrap_or_default());
    });
    Effect::new(move |_| {
        let features = drawing.area.with(|area| area.as_deref().map(drawn).unwrap_or_default());
        set_features(map, styled, "drawn", &features);
    });
    Effect::new(move |_| {
        if drawing.wanted.get() > 0
            && let Some(bbox) = drawing.area.with_untracked(|area| area.as_deref().map(ring::bounds))
        {
            let has_drawer = app.view.with_untracked(|v| v.place.is_some() || v.analyses.is_some());
            let right = if has_drawer && !dom::is_narrow() { 48.0 + DRAWER_PX } else { 48.0 };
            let padding = json!({ "left": 48.0, "top": 56.0, "bottom": 48.0, "right": right });
            with_map(map, |m| m.fit(bbox, &json!({ "padding": padding, "maxZoom": 15 })));
        }
    });
    let keys = window_event_listener(ev::keydown, move |event| {
        // Elsewhere on the screen keys mean what they always do.
        let on_map = dom::comes_from(&event, "body, .map-canvas, .map-canvas *");
        if !drawing.is_on() || !(on_map || dom::comes_from(&event, ".draw *, .draw-hint *")) {
            return;
        }
        match event.key().as_str() {
            "Enter" if on_map => drawing.draw(Draft::close),
            "Backspace" => drawing.draw(|draft| {
                draft.back();
                None
            }),
            "Escape" => drawing.stop(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
}

fn set_features(map: MapCell, styled: RwSignal<bool>, source: &str, features: &[Value]) {
    if styled.get() {
        let collection = json!({ "type": "FeatureCollection", "features": features }).to_string();
        with_map(map, |m| m.set_data(source, &collection));
    }
}

/// The area in force: its outline, and everything outside.
fn drawn(ring: &[LonLat]) -> Vec<Value> {
    let outline = ring::outline(ring);
    let hole: Vec<_> = outline.iter().rev().collect();
    vec![
        feature("outside", &json!({ "type": "Polygon", "coordinates": [WORLD, hole] }), &json!({})),
        feature("outline", &json!({ "type": "LineString", "coordinates": outline }), &json!({})),
    ]
}

/// The draft: its corners, the lines between them, and those to the pointer.
fn drafted(draft: &Draft, pen: Option<LonLat>) -> Vec<Value> {
    let corners = &draft.corners;
    let line = |kind: &str, corners: &[LonLat], properties: &Value| {
        feature(kind, &json!({ "type": "LineString", "coordinates": ring::line(corners) }), properties)
    };
    let mut features = Vec::new();
    let ahead: Vec<LonLat> = corners.iter().copied().chain(pen).collect();
    if ahead.len() > 2 {
        features.push(feature(
            "inside",
            &json!({ "type": "Polygon", "coordinates": [ring::outline(&ahead)] }),
            &json!({}),
        ));
    }
    if corners.len() > 1 {
        features.push(line("side", corners, &json!({})));
    }
    if let (Some(last), Some(pen)) = (corners.last(), pen) {
        features.push(line("next", &[*last, pen], &json!({ "meets": ring::crosses(corners, pen) })));
    }
    features.extend(corners.iter().enumerate().map(|(at, corner)| {
        let closes = at == 0 && corners.len() > 2;
        feature(
            "corner",
            &json!({ "type": "Point", "coordinates": [corner.lon, corner.lat] }),
            &json!({ "closes": closes }),
        )
    }));
    features
}

fn feature(kind: &str, geometry: &Value, properties: &Value) -> Value {
    let mut properties = properties.clone();
    properties["kind"] = json!(kind);
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

/// The area in force: what is outside in shade, under the names; its outline in dashes, for a chosen region has a line without.
pub(super) fn area(theme: Theme, palette: &Palette) -> [Value; 3] {
    let shade = if theme == Theme::Dark { 0.38 } else { 0.16 };
    let line = |id: &str, paint: Value| {
        json!({ "id": id, "type": "line", "source": "drawn", "filter": ["==", ["get", "kind"], "outline"],
            "layout": { "line-join": "round" }, "paint": paint })
    };
    [
        json!({ "id": "drawn-outside", "type": "fill", "source": "drawn", "filter": ["==", ["get", "kind"], "outside"],
            "paint": { "fill-color": "#0b0e13", "fill-opacity": shade, "fill-antialias": false } }),
        line("drawn-edge", json!({ "line-color": palette.marker, "line-width": 4.5, "line-opacity": 0.8 })),
        line("drawn-outline", json!({ "line-color": palette.accent, "line-width": 2.5, "line-dasharray": [3, 1.6] })),
    ]
}

/// The draft, over everything.
pub(super) fn draft(palette: &Palette) -> [Value; 4] {
    let of = |kind: &str| json!(["==", ["get", "kind"], kind]);
    let closes = json!(["get", "closes"]);
    [
        json!({ "id": "draft-inside", "type": "fill", "source": "draft", "filter": of("inside"),
            "paint": { "fill-color": palette.accent, "fill-opacity": 0.1, "fill-antialias": false } }),
        json!({ "id": "draft-sides", "type": "line", "source": "draft", "filter": of("side"), "layout": { "line-join": "round" },
            "paint": { "line-color": palette.accent, "line-width": 2.5 } }),
        json!({ "id": "draft-next", "type": "line", "source": "draft", "filter": of("next"),
            "paint": { "line-color": ["case", ["get", "meets"], palette.point, palette.accent], "line-width": 2.0, "line-dasharray": [2, 1.5] } }),
        json!({ "id": "draft-corners", "type": "circle", "source": "draft", "filter": of("corner"),
            "paint": { "circle-radius": ["case", closes, 7.0, 4.5], "circle-color": ["case", closes, palette.accent, palette.marker],
                "circle-stroke-color": ["case", closes, palette.marker, palette.accent], "circle-stroke-width": 2.0 } }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat { lon, lat }
    }

    fn kinds(features: &[Value]) -> Vec<&str> {
        features.iter().filter_map(|feature| feature["properties"]["kind"].as_str()).collect()
    }

    #[test]
    fn a_draft_shows_its_corners_and_the_line_to_the_pointer() {
        let mut draft = Draft::default();
        assert!(drafted(&draft, Some(at(6.0, 52.0))).is_empty());
        draft.corners = vec![at(6.0, 52.0), at(7.0, 52.0)];
        let features = drafted(&draft, Some(at(7.0, 53.0)));
        assert_eq!(kinds(&features), ["inside", "side", "next", "corner", "corner"]);
        assert_eq!(features[2]["properties"]["meets"], false);
        draft.corners.push(at(7.0, 53.0));
        let features = drafted(&draft, Some(at(6.5, 51.0)));
        assert_eq!(kinds(&features), ["inside", "side", "next", "corner", "corner", "corner"]);
        assert_eq!(features[2]["properties"]["meets"], true);
        let closes: Vec<_> = features[3..].iter().map(|corner| corner["properties"]["closes"] == true).collect();
        assert_eq!(closes, [true, false, false]);
        assert_eq!(kinds(&drafted(&draft, None)), ["inside", "side", "corner", "corner", "corner"]);
    }

    #[test]
    fn what_is_outside_has_the_area_for_a_hole() {
        let features = drawn(&[at(6.0, 52.0), at(7.0, 52.0), at(7.0, 53.0)]);
        assert_eq!(kinds(&features), ["outside", "outline"]);
        let rings = features[0]["geometry"]["coordinates"].as_array().cloned().unwrap_or_default();
        assert_eq!(rings.len(), 2);
        assert_eq!(rings[1].as_array().and_then(|hole| hole.first()), rings[1].as_array().and_then(|hole| hole.last()));
    }
}
