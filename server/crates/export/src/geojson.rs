//! The list as GeoJSON (RFC 7946): a point each, lon before lat, with the fields of the API as properties.

use std::fmt::Write as _;

use ::geojson::feature::Id;
use ::geojson::{Feature, FeatureCollection, Geometry, GeometryValue};
use model::api::{Hotspot, Hotspots};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::provenance::{ExportError, Provenance};

/// The list as a feature collection.
///
/// The member `provenance` says where it came from, and holds the SHA-256 of the array `features` as written here (compact JSON): whoever
/// gets the file can tell whether a figure was changed on the way by accident. It is no signature.
///
/// # Errors
/// When a property cannot be written.
pub fn geojson(list: &Hotspots, provenance: &Provenance) -> Result<String, ExportError> {
    let features = list.hotspots.iter().map(feature).collect::<Result<Vec<_>, _>>()?;
    let mut said = provenance.json();
    said.insert("period_from".to_owned(), list.from.as_str().into());
    said.insert("period_to".to_owned(), list.to.as_str().into());
    said.insert("of".to_owned(), list.of.into());
    said.insert("too_coarse".to_owned(), list.too_coarse.into());
    let digest = Sha256::digest(serde_json::to_vec(&features)?);
    said.insert("features_sha256".to_owned(), hex(&digest).into());
    let foreign_members = Map::from_iter([("provenance".to_owned(), Value::Object(said))]);
    Ok(serde_json::to_string(&FeatureCollection { bbox: None, features, foreign_members: Some(foreign_members) })?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn feature(hotspot: &Hotspot) -> Result<Feature, ExportError> {
    let mut properties = match serde_json::to_value(hotspot)? {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    // Said by the geometry.
    properties.remove("lon");
    properties.remove("lat");
    Ok(Feature {
        bbox: None,
        geometry: Some(Geometry::new(GeometryValue::new_point([hotspot.lon, hotspot.lat]))),
        id: Some(Id::String(hotspot.id.clone())),
        properties: Some(properties),
        foreign_members: None,
    })
}
