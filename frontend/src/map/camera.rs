//! The camera in step with the view: where the map looks when a region or a line of the list is chosen.

use leptos::prelude::*;
use serde_json::json;

use super::maplibre::Map;
use super::view::{MapCell, with_map};
use crate::dom;
use crate::state::App;
use crate::units::Unit;

/// The Netherlands: west, south, east, north.
pub(super) const HOME: [f64; 4] = [3.3, 50.73, 7.25, 53.56];

/// A chosen place is shown from at least this zoom.
const PLACE_ZOOM: f64 = 10.2;

/// From the view to the camera: a chosen region fills the map, a chosen place comes into it, "back" goes back.
pub(super) fn keep_camera(app: App, map: MapCell, styled: RwSignal<bool>) {
    let region = app.part(|v| v.region.clone());
    let place = app.part(|v| v.place.clone());
    let camera = app.part(|v| v.camera);
    let elsewhere = move || {
        let wanted = app.view.with_untracked(|v| v.camera);
        let there = map.with_value(|m| m.as_ref().map(Map::camera));
        wanted.zip(there).filter(|(w, (lon, lat, zoom))| {
            (w.lon - lon).abs() > 1e-3 || (w.lat - lat).abs() > 1e-3 || (w.zoom - zoom).abs() > 0.02
        })
    };
    Effect::new(move |_| {
        camera.track();
        if let (true, Some((to, _))) = (styled.get(), elsewhere()) {
            let camera = json!({ "center": [to.lon, to.lat], "zoom": to.zoom });
            with_map(map, |m| m.ease_to(&camera));
        }
    });
    Effect::new(move |shown: Option<Option<Option<String>>>| {
        let wanted = region.get();
        let from_link = shown.is_none() && app.view.with_untracked(|v| v.camera.is_some());
        let shown = shown.flatten();
        if from_link || shown.as_ref() == Some(&wanted) || elsewhere().is_some() {
            return Some(wanted);
        }
        let bbox = match &wanted {
            None if shown.is_none() => return Some(None),
            None => Some(HOME),
            Some(id) => {
                app.regions.track();
                app.region(id).and_then(|r| r.bbox)
            }
        };
        let (true, Some(bbox)) = (styled.get(), bbox) else {
            return shown;
        };
        with_map(map, |m| {
            m.fit(bbox, &json!({ "padding": 36, "maxZoom": 12 }));
        });
        Some(wanted)
    });
    Effect::new(move |shown: Option<Option<String>>| {
        let wanted = place.get();
        let (Some(id), Some(shown)) = (&wanted, shown) else {
            return wanted;
        };
        if shown.as_ref() == Some(id) || elsewhere().is_some() {
            return wanted;
        }
        let drawer = if dom::is_narrow() { 0.0 } else { -210.0 };
        let unit = app.view.with_untracked(|v| v.by).of_line(id);
        let is_region = matches!(unit, Unit::Regions(_));
        if let Some(bbox) = untrack(|| app.region(id)).filter(|_| is_region).and_then(|region| region.bbox) {
            with_map(map, |m| m.fit(bbox, &json!({ "padding": 60, "maxZoom": 11, "offset": [drawer, 0] })));
        } else if let Some(hotspot) = untrack(|| app.hotspot(id)) {
            map.with_value(|m| {
                let Some(m) = m else { return };
                // No closer than to see it: where the size of hexagons follows the map, it would be another one.
                let least = if unit.is_of_grid() { unit.least_zoom() } else { PLACE_ZOOM };
                let zoom = m.camera().2.max(least);
                m.ease_to(&json!({ "center": [hotspot.lon, hotspot.lat], "zoom": zoom, "offset": [drawer, 0], "duration": 700 }));
            });
        }
        wanted
    });
}
