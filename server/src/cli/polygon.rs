//! An area of one's own as a filter: the outline in a GeoJSON file.

use std::path::Path;

use geojson::{GeoJson, GeometryValue};
use model::LonLat;

/// An outline, open: without its first corner again at the end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Polygon(pub(crate) Vec<LonLat>);

impl Polygon {
    /// The outline in the file.
    ///
    /// # Errors
    /// A sentence that names the file and what is wrong with it.
    pub(super) fn read(path: &str) -> Result<Self, String> {
        let named = |reason: String| format!("{path}: {reason}");
        let text = std::fs::read_to_string(Path::new(path)).map_err(|error| named(error.to_string()))?;
        outline(&text).map(Self).map_err(named)
    }
}

fn outline(text: &str) -> Result<Vec<LonLat>, String> {
    let document: GeoJson = text.parse().map_err(|error| format!("no GeoJSON: {error}"))?;
    let geometries: Vec<GeometryValue> = match document {
        GeoJson::Geometry(geometry) => vec![geometry.value],
        GeoJson::Feature(feature) => feature.geometry.into_iter().map(|geometry| geometry.value).collect(),
        GeoJson::FeatureCollection(all) => {
            all.features.into_iter().filter_map(|feature| feature.geometry).map(|geometry| geometry.value).collect()
        }
    };
    let rings = match <[GeometryValue; 1]>::try_from(geometries) {
        Ok([GeometryValue::Polygon { coordinates }]) => coordinates,
        Ok([GeometryValue::MultiPolygon { coordinates }]) if coordinates.len() == 1 => {
            coordinates.into_iter().flatten().collect()
        }
        Ok(_) => return Err("its geometry is not one polygon".into()),
        Err(several) => return Err(format!("it holds {} geometries; one polygon is wanted", several.len())),
    };
    let Ok([ring]) = <[_; 1]>::try_from(rings) else {
        return Err("its polygon has holes, or no outline".into());
    };
    let corner = |position: geojson::Position| match position.as_slice() {
        [lon, lat, ..] => LonLat::new(*lon, *lat).ok_or_else(|| format!("{lon}, {lat} is no lon, lat in degrees")),
        _ => Err("a corner has no lon and lat".to_owned()),
    };
    let mut corners: Vec<LonLat> = ring.into_iter().map(corner).collect::<Result<_, _>>()?;
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    Ok(corners)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIANGLE: &str = r#"{"type":"Polygon","coordinates":[[[6.4,52.6],[6.6,52.6],[6.5,52.8],[6.4,52.6]]]}"#;

    #[test]
    fn an_outline_is_found_by_itself_in_a_feature_and_in_a_collection_of_one() {
        let feature = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{TRIANGLE}}}"#);
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
        for text in [TRIANGLE, &feature, &collection] {
            let corners = outline(text).unwrap();
            assert_eq!((corners.len(), corners[0]), (3, LonLat { lon: 6.4, lat: 52.6 }));
        }
    }

    #[test]
    fn what_is_no_single_outline_is_refused_with_its_reason() {
        for (text, reason) in [
            ("nonsense", "no GeoJSON"),
            (r#"{"type":"Point","coordinates":[6.4,52.6]}"#, "not one polygon"),
            (r#"{"type":"FeatureCollection","features":[]}"#, "0 geometries"),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}"#, "holes"),
            (r#"{"type":"Polygon","coordinates":[[[230000,540000],[9,0],[9,9],[0,0]]]}"#, "in degrees"),
        ] {
            let error = outline(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
