//! The list as GeoJSON (RFC 7946): a point each, lon before lat, with the fields of the API as properties.

use ::geojson::feature::Id;
use ::geojson::{Feature, FeatureCollection, Geometry, GeometryValue};
use model::api::{Hotspot, Hotspots};
use serde_json::{Map, Value};

use crate::error::ExportError;
use crate::provenance::{Provenance, sha256};

/// The list as a feature collection.
///
/// The member `provenance` says where it came from. Beside `rows_sha256` it holds `features_sha256`, the SHA-256 of the array `features` as
/// written here (compact JSON).
///
/// # Errors
/// When a property cannot be written.
pub fn geojson(list: &Hotspots, provenance: &Provenance) -> Result<String, ExportError> {
    let features = list.hotspots.iter().map(feature).collect::<Result<Vec<_>, _>>()?;
    let mut said = provenance.json(list)?;
    said.insert("features_sha256".to_owned(), sha256(&serde_json::to_vec(&features)?).into());
    let foreign_members = Map::from_iter([("provenance".to_owned(), Value::Object(said))]);
    Ok(serde_json::to_string(&FeatureCollection { bbox: None, features, foreign_members: Some(foreign_members) })?)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn points_and_properties_are_read_back_as_the_list() {
        let list = testing::hostile();
        let collection: FeatureCollection = geojson(&list, &testing::provenance()).unwrap().parse().unwrap();
        for (feature, hotspot) in collection.features.iter().zip(&list.hotspots) {
            let mut fields = feature.properties.clone().unwrap();
            let Some(GeometryValue::Point { coordinates }) = feature.geometry.as_ref().map(|g| &g.value) else {
                panic!("no point")
            };
            fields.insert("lon".into(), coordinates[0].into());
            fields.insert("lat".into(), coordinates[1].into());
            assert_eq!(&serde_json::from_value::<Hotspot>(Value::Object(fields)).unwrap(), hotspot);
        }
    }
}
