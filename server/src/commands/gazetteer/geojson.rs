//! GeoJSON: points and outlines with properties, a feature at a time, so that a file of any size takes little memory.

use std::fmt;
use std::io::{BufReader, Read};

use anyhow::bail;
use geoparse::address::columns::{Columns, Field, Mapping, point};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::import::Rows;
use super::outline::{self, Rings, Spot};

/// Reads a `FeatureCollection`, or features one after another.
pub(super) fn read(source: impl Read, mapping: &Mapping, rows: &mut Rows<'_>) -> anyhow::Result<()> {
    let mut features = Features { rows, mapping, number: 0, known: (Vec::new(), Columns::default()) };
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 18, source));
    while json.end().is_err() {
        let read = Object(&mut features).deserialize(&mut json);
        read.map_err(|error| anyhow::anyhow!("it is broken at line {}, column {}", error.line(), error.column()))?;
    }
    if features.number == 0 {
        bail!("it holds no features");
    }
    Ok(())
}

struct Features<'r, 'g> {
    rows: &'r mut Rows<'g>,
    mapping: &'r Mapping,
    number: u64,
    /// Names of the last feature's properties with what they mean: neighbours have the same.
    known: (Vec<String>, Columns),
}

impl Features<'_, '_> {
    fn feature(&mut self, feature: &Map<String, Value>) {
        self.number += 1;
        let number = self.number;
        if let Err(reason) = self.take(feature) {
            self.rows.addresses.reject(number, reason);
        }
    }

    fn take(&mut self, feature: &Map<String, Value>) -> Result<(), String> {
        let spot = spot_of(feature.get("geometry"))?;
        let Some(Value::Object(properties)) = feature.get("properties") else {
            return Err("it has no properties".to_owned());
        };
        if !properties.keys().eq(self.known.0.iter()) {
            let columns = Columns::find(&properties.keys().map(String::as_str), &self.present(properties))?;
            self.known = (properties.keys().cloned().collect(), columns);
        }
        let columns = self.known.1;
        let values: Vec<String> = properties.values().map(text).collect();
        let cells = columns.cells(|at| values.get(at).map_or("", String::as_str));
        if columns.has(Field::Street) && !cells[Field::Street as usize].is_empty() {
            self.rows.addresses.add(self.number, &cells, Some(spot.point));
        } else {
            self.rows.place(self.number, &columns, &cells, Ok(spot));
        }
        Ok(())
    }

    /// What was said by hand of the properties that this feature has: GeoJSON leaves out what is empty.
    fn present(&self, properties: &Map<String, Value>) -> Mapping {
        self.mapping.iter().filter(|(_, column)| properties.contains_key(column)).cloned().collect()
    }
}

/// A property as a cell.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn spot_of(geometry: Option<&Value>) -> Result<Spot, String> {
    let geometry = geometry.unwrap_or(&Value::Null);
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str() {
        Some("Point") => {
            let (lon, lat) = pair(coordinates).ok_or("its point has no two numbers")?;
            point(lon, lat).map(Spot::from)
        }
        Some("Polygon") => outline::of_polygons(vec![rings(coordinates)?]),
        Some("MultiPolygon") => {
            let polygons = coordinates.as_array().map(Vec::as_slice).unwrap_or_default();
            outline::of_polygons(polygons.iter().map(rings).collect::<Result<_, _>>()?)
        }
        _ => Err("its geometry is neither a point nor an area".to_owned()),
    }
}

fn rings(polygon: &Value) -> Result<Rings, String> {
    let ring = |ring: &Value| ring.as_array()?.iter().map(pair).collect();
    let rings = polygon.as_array().and_then(|rings| rings.iter().map(ring).collect());
    rings.ok_or_else(|| "its outline is broken".to_owned())
}

fn pair(position: &Value) -> Option<(f64, f64)> {
    position[0].as_f64().zip(position[1].as_f64())
}

/// An object at the top: a collection, whose features are taken one by one, or a feature.
struct Object<'f, 'r, 'g>(&'f mut Features<'r, 'g>);

impl<'d> DeserializeSeed<'d> for Object<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'d> Visitor<'d> for Object<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        let mut feature = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => map.next_value_seed(List(self.0))?,
                "geometry" | "properties" => {
                    feature.insert(key, map.next_value()?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !feature.is_empty() {
            self.0.feature(&feature);
        }
        Ok(())
    }
}

/// The list of a collection's features.
struct List<'f, 'r, 'g>(&'f mut Features<'r, 'g>);

impl<'d> DeserializeSeed<'d> for List<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'d> Visitor<'d> for List<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(feature) = seq.next_element::<Value>()? {
            match feature {
                Value::Object(feature) => self.0.feature(&feature),
                _ => self.0.feature(&Map::new()),
            }
        }
        Ok(())
    }
}
