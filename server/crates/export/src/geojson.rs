//! The list as GeoJSON (RFC 7946): a point each, of units of a grid their outline; lon before lat, with the fields of the API as properties.

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
    // What the geometry says is not said twice.
    let geometry = if hotspot.outline.is_empty() {
        properties.remove("lon");
        properties.remove("lat");
        GeometryValue::new_point([hotspot.lon, hotspot.lat])
    } else {
        properties.remove("outline");
        GeometryValue::new_polygon([hotspot.outline.iter().copied()])
    };
    Ok(Feature {
        bbox: None,
        geometry: Some(Geometry::new(geometry)),
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
    fn points_outlines_and_properties_are_read_back_as_the_list() {
        let mut list = testing::hostile();
        list.hotspots.extend(testing::squares().hotspots);
        let collection: FeatureCollection = geojson(&list, &testing::provenance()).unwrap().parse().unwrap();
        for (feature, hotspot) in collection.features.iter().zip(&list.hotspots) {
            let mut fields = feature.properties.clone().unwrap();
            match feature.geometry.as_ref().map(|g| &g.value) {
                Some(GeometryValue::Point { coordinates }) => {
                    fields.insert("lon".into(), coordinates[0].into());
                    fields.insert("lat".into(), coordinates[1].into());
                }
                Some(GeometryValue::Polygon { coordinates }) => {
                    let ring: Vec<Value> = coordinates[0].iter().map(|at| Value::from(vec![at[0], at[1]])).collect();
                    fields.insert("outline".into(), ring.into());
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(&serde_json::from_value::<Hotspot>(Value::Object(fields)).unwrap(), hotspot);
        }
    }
}
