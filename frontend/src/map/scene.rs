//! From the answers of the server to what the map draws: GeoJSON of places, values of regions, class breaks.

use std::collections::HashMap;

use model::api::{Activity, Hotspot, PlaceActivity, RegionActivity};
use serde_json::{Value, json};

use crate::api::RegionInfo;
use crate::scale;
use crate::url::Metric;

/// Numbered markers on the map; more would hide it.
const MARKERS: usize = 15;

/// Pixels between two markers so that neither covers the other.
const MARKER_PIXELS: f64 = 21.0;

/// Colours of the map's ramp.
const CLASSES: usize = 6;

/// Places around which the greatest density is looked for: the heaviest ones.
const PEAK_CANDIDATES: usize = 60;

/// A place is precise enough for a zoom when its extent is below this many pixels: no larger than the marks on it.
const FINE_PIXELS: f64 = 32.0;

/// The greatest extent in metres that may stand as a point at a zoom and bandwidth.
pub(crate) fn finest_m(zoom: f64, bandwidth_m: f64) -> f64 {
    let half_zoom = (zoom * 2.0).round() / 2.0;
    (FINE_PIXELS * scale::metres_per_pixel(half_zoom, scale::REFERENCE_LAT)).max(3.0 * bandwidth_m).min(COARSEST_M)
}

/// Nothing larger than this is ever a point: a city is, a province or a country is not.
const COARSEST_M: f64 = 20_000.0;

/// Mentions of places too large for the map's points.
pub(crate) fn too_coarse(activity: &Activity, finest_m: f64) -> u64 {
    activity.places.iter().filter(|p| f64::from(p.radius_m) > finest_m).map(|p| p.counts.mentions).sum()
}

/// Densities where the colours of the heatmap stand.
pub(crate) fn heat_breaks(activity: &Activity, finest_m: f64, bandwidth_m: f64) -> Vec<f64> {
    let points: Vec<_> = fine(activity, finest_m).map(|p| (p.lon, p.lat, p.counts.conversations as f64)).collect();
    scale::class_breaks(scale::peak_density(&points, bandwidth_m, PEAK_CANDIDATES), CLASSES)
}

/// Most conversations at a place that is drawn.
pub(crate) fn most_conversations(activity: &Activity, finest_m: f64) -> u64 {
    fine(activity, finest_m).map(|p| p.counts.conversations).max().unwrap_or(0)
}

/// The value of every region with activity. Regions whose area or population is not known have none.
pub(crate) fn region_values(active: &[RegionActivity], known: &[RegionInfo], metric: Metric) -> Vec<(String, f64)> {
    let known: HashMap<&str, &RegionInfo> = known.iter().map(|region| (region.id.as_str(), region)).collect();
    active
        .iter()
        .filter_map(|region| {
            let info = known.get(region.id.as_str())?;
            let value = rate(region.counts.messages, info, metric)?;
            Some((region.id.clone(), value))
        })
        .collect()
}

/// Messages per km² or per 10,000 inhabitants.
pub(crate) fn rate(messages: u64, region: &RegionInfo, metric: Metric) -> Option<f64> {
    let by = match metric {
        Metric::PerArea => region.area_km2?,
        Metric::PerInhabitants => region.population? / 10_000.0,
    };
    (by > 0.0).then(|| messages as f64 / by)
}

/// Class breaks of the regions' values: at most one fewer than there are colours.
pub(crate) fn region_breaks(values: &[(String, f64)]) -> Vec<f64> {
    scale::class_breaks(values.iter().map(|(_, value)| *value).fold(0.0, f64::max), CLASSES - 1)
}

/// Places as GeoJSON points.
pub(crate) fn places_geojson(activity: &Activity) -> String {
    let features = activity.places.iter().map(|place| {
        let px0 = f64::from(place.radius_m) / scale::metres_per_pixel(0.0, place.lat);
        feature(
            place.lon,
            place.lat,
            &json!({ "id": place.id, "name": place.name, "radius_m": place.radius_m,
            "px0": px0, "conversations": place.counts.conversations }),
        )
    });
    collection(features)
}

/// The head of the ranked list as GeoJSON points, without those that would lie on a better one at this zoom.
pub(crate) fn hotspots_geojson(hotspots: &[Hotspot], zoom: f64) -> String {
    let head = &hotspots[..hotspots.len().min(MARKERS)];
    let points: Vec<_> = head.iter().map(|h| (h.lon, h.lat)).collect();
    let shown = with_room(&points, zoom);
    let features = shown.into_iter().map(|at| &head[at]).map(|hotspot| {
        let properties = json!({ "id": hotspot.id, "rank": hotspot.rank, "name": hotspot.name });
        feature(hotspot.lon, hotspot.lat, &properties)
    });
    collection(features)
}

/// Which of the points (longitude and latitude, best first) are a marker's width from every better one that is kept.
fn with_room(points: &[(f64, f64)], zoom: f64) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for (at, (lon, lat)) in points.iter().enumerate() {
        let pixels_per_degree = 512.0 * zoom.exp2() / 360.0;
        let far = |other: &usize| {
            let (other_lon, other_lat) = points[*other];
            let dx = (other_lon - lon) * pixels_per_degree;
            // Mercator stretches degrees of latitude by 1 / cos φ.
            let dy = (other_lat - lat) * pixels_per_degree / lat.to_radians().cos();
            dx.hypot(dy) >= MARKER_PIXELS
        };
        if kept.iter().all(far) {
            kept.push(at);
        }
    }
    kept
}

/// A disc as a signed distance field: RGBA bytes of a square, in the encoding of MapLibre's icons (edge at 3/4, one unit
/// over 8 pixels).
pub(crate) fn disc_sdf(size: u32, radius: f64) -> Vec<u8> {
    let middle = (f64::from(size) - 1.0) / 2.0;
    let mut rgba = Vec::with_capacity((size * size * 4) as usize);
    for y in 0..size {
        for x in 0..size {
            let outside = (f64::from(x) - middle).hypot(f64::from(y) - middle) - radius;
            let alpha = ((0.75 - outside / 8.0) * 255.0).clamp(0.0, 255.0);
            rgba.extend([0, 0, 0, alpha.round() as u8]);
        }
    }
    rgba
}

fn fine(activity: &Activity, finest_m: f64) -> impl Iterator<Item = &PlaceActivity> {
    activity.places.iter().filter(move |p| f64::from(p.radius_m) <= finest_m)
}

fn feature(lon: f64, lat: f64, properties: &Value) -> Value {
    json!({ "type": "Feature", "properties": properties, "geometry": { "type": "Point", "coordinates": [lon, lat] } })
}

fn collection(features: impl Iterator<Item = Value>) -> String {
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RegionKind;

    fn drenthe() -> RegionInfo {
        RegionInfo {
            id: "province/drenthe".into(),
            name: "Drenthe".into(),
            names: vec![],
            kind: RegionKind::Province,
            province: None,
            population: Some(500_000.0),
            area_km2: Some(2_500.0),
            bbox: None,
        }
    }

    #[test]
    fn a_rate_is_by_area_or_by_ten_thousand_inhabitants() {
        assert_eq!(rate(100, &drenthe(), Metric::PerArea), Some(0.04));
        assert_eq!(rate(100, &drenthe(), Metric::PerInhabitants), Some(2.0));
        let unknown = RegionInfo { population: None, ..drenthe() };
        assert_eq!(rate(100, &unknown, Metric::PerInhabitants), None);
    }

    #[test]
    fn a_province_is_never_a_point_and_a_hamlet_always_is() {
        for zoom in [4.0, 7.0, 10.0, 16.0] {
            let finest = finest_m(zoom, 3000.0);
            assert!((9000.0..30_000.0).contains(&finest), "zoom {zoom}: {finest}");
        }
    }

    #[test]
    fn a_marker_gives_way_to_a_better_one_until_the_map_is_close_enough() {
        let the_hague_delft_assen = [(4.31, 52.08), (4.36, 52.01), (6.56, 53.0)];
        assert_eq!(with_room(&the_hague_delft_assen, 6.5), [0, 2]);
        assert_eq!(with_room(&the_hague_delft_assen, 10.0), [0, 1, 2]);
    }

    #[test]
    fn the_disc_is_opaque_inside_and_clear_at_its_corners() {
        let rgba = disc_sdf(48, 18.0);
        assert_eq!(rgba.len(), 48 * 48 * 4);
        assert_eq!(rgba[3], 0);
        assert_eq!(rgba[((24 * 48 + 24) * 4 + 3) as usize], 255);
    }
}
