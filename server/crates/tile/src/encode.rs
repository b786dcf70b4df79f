//! Points into the bytes of a tile.

use std::collections::HashMap;

use model::{BBox, LonLat};
use prost::Message;

use crate::mercator::{MAX_LAT, TileId};
use crate::message;

/// Units along the side of a tile.
const EXTENT: u32 = 4096;
/// Points so far outside are kept, so that symbols are not cut at the edge.
const BUFFER: i64 = 256;
/// "Move to", once: the command of a point (specification 4.3.1).
const MOVE_TO_ONCE: u32 = (1 << 3) | 1;

/// A property's value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(u64),
}

/// A point with its properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Where it lies.
    pub point: LonLat,
    /// What is said of it.
    pub properties: Vec<(&'static str, Value)>,
}

/// The tile with one layer, which holds every point that lies in it or just outside. Without points it is empty: no bytes.
pub fn encode(tile: TileId, layer: &str, features: impl IntoIterator<Item = Feature>) -> Vec<u8> {
    let mut writer = LayerWriter::default();
    let mut written = Vec::new();
    for (number, feature) in (1..).zip(features) {
        if tile.keeps(feature.point) {
            let (x, y) = tile.position(feature.point, EXTENT);
            written.push(message::Feature {
                id: Some(number),
                tags: writer.tags(feature.properties),
                kind: Some(message::GeometryKind::Point.into()),
                geometry: vec![MOVE_TO_ONCE, zigzag(x), zigzag(y)],
            });
        }
    }
    if written.is_empty() {
        return Vec::new();
    }
    let layer = message::Layer {
        version: 2,
        name: layer.to_owned(),
        features: written,
        keys: writer.keys.iter().map(|key| (*key).to_owned()).collect(),
        values: writer.values,
        extent: Some(EXTENT),
    };
    message::Tile { layers: vec![layer] }.encode_to_vec()
}

impl TileId {
    /// Whether [`encode`] keeps a point: it lies in the tile or close by.
    pub fn keeps(self, point: LonLat) -> bool {
        let (x, y) = self.position(point, EXTENT);
        let kept = -BUFFER..=i64::from(EXTENT) + BUFFER;
        kept.contains(&x) && kept.contains(&y)
    }

    /// A box that holds every point that [`encode`] keeps.
    pub fn reach(self) -> BBox {
        // Positions are rounded.
        let bbox = self.bbox((BUFFER + 1) as f64 / f64::from(EXTENT));
        // Latitudes beyond Web Mercator count as its edge.
        let south = if bbox.south <= -MAX_LAT { -90.0 } else { bbox.south };
        let north = if bbox.north >= MAX_LAT { 90.0 } else { bbox.north };
        BBox { south, north, ..bbox }
    }
}

/// Signed numbers as the specification packs them: small ones stay small.
fn zigzag(number: i64) -> u32 {
    let number = number as i32;
    ((number << 1) ^ (number >> 31)) as u32
}

/// Keys and values of a layer, each written once.
#[derive(Default)]
struct LayerWriter {
    keys: Vec<&'static str>,
    values: Vec<message::Value>,
    at: HashMap<Value, u32>,
}

impl LayerWriter {
    fn tags(&mut self, properties: Vec<(&'static str, Value)>) -> Vec<u32> {
        let mut tags = Vec::with_capacity(2 * properties.len());
        for (key, value) in properties {
            tags.push(self.key(key));
            tags.push(self.value(value));
        }
        tags
    }

    fn key(&mut self, key: &'static str) -> u32 {
        let at = self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        at as u32
    }

    fn value(&mut self, value: Value) -> u32 {
        if let Some(at) = self.at.get(&value) {
            return *at;
        }
        let at = self.values.len() as u32;
        self.values.push(match &value {
            Value::Text(text) => message::Value { text: Some(text.clone()), number: None },
            Value::Number(number) => message::Value { text: None, number: Some(*number) },
        });
        self.at.insert(value, at);
        at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(lon: f64, lat: f64, name: &str) -> Feature {
        let properties = vec![("name", Value::Text(name.to_owned())), ("messages", Value::Number(3))];
        Feature { point: LonLat { lon, lat }, properties }
    }

    fn decoded(bytes: &[u8]) -> message::Layer {
        message::Tile::decode(bytes).unwrap().layers.remove(0)
    }

    fn unzigzag(number: u32) -> i64 {
        i64::from((number >> 1) as i32 ^ -((number & 1) as i32))
    }

    #[test]
    fn points_outside_the_tile_are_left_out() {
        let tile = TileId::of(LonLat { lon: 6.5, lat: 52.67 }, 10).unwrap();
        let layer =
            decoded(&encode(tile, "activity", [point(6.5, 52.67, "Kerkenveld"), point(4.9, 52.37, "Amsterdam")]));
        assert_eq!((layer.name.as_str(), layer.version, layer.extent), ("activity", 2, Some(4096)));
        assert_eq!(layer.features.len(), 1);
        assert_eq!(layer.keys, ["name", "messages"]);
        assert_eq!(layer.values[0].text.as_deref(), Some("Kerkenveld"));
        assert_eq!(layer.features[0].tags, [0, 0, 1, 1]);
    }

    #[test]
    fn the_same_value_is_written_once() {
        let tile = TileId::new(0, 0, 0).unwrap();
        let layer = decoded(&encode(tile, "activity", [point(6.5, 52.67, "A"), point(4.9, 52.37, "B")]));
        assert_eq!(layer.values.len(), 3, "A, 3, B");
    }

    #[test]
    fn a_tile_without_points_is_empty() {
        assert!(encode(TileId::new(0, 0, 0).unwrap(), "activity", []).is_empty());
    }

    proptest! {
        #[test]
        fn a_point_comes_back_within_a_unit(lon in -179.9f64..179.9, lat in -85.0f64..85.0, z in 0_u8..=18) {
            let tile = TileId::of(LonLat { lon, lat }, z).unwrap();
            let layer = decoded(&encode(tile, "activity", [point(lon, lat, "x")]));
            let geometry = &layer.features[0].geometry;
            prop_assert_eq!(geometry[0], 9);
            let bbox = tile.bbox(0.0);
            let units_lon = unzigzag(geometry[1]) as f64 / 4096.0 * (bbox.east - bbox.west);
            prop_assert!((bbox.west + units_lon - lon).abs() <= (bbox.east - bbox.west) / 4096.0);
            let south = unzigzag(geometry[2]);
            prop_assert!((0..=4096).contains(&south));
        }

        #[test]
        fn the_reach_holds_what_is_kept(
            tile in (-180.0f64..180.0, -90.0f64..=90.0, 0_u8..=22), off in (-0.6f64..0.6, -0.6f64..0.6), lat in -90.0f64..=90.0,
        ) {
            let (west, south, zoom) = tile;
            let tile = TileId::of(LonLat { lon: west, lat: south }, zoom).unwrap();
            let bbox = tile.bbox(0.0);
            let (wide, high) = (bbox.east - bbox.west, bbox.north - bbox.south);
            let around = LonLat { lon: f64::midpoint(bbox.west, bbox.east) + off.0 * wide, lat: f64::midpoint(bbox.south, bbox.north) + off.1 * high };
            for point in [around, LonLat { lon: west, lat: south }, LonLat { lon: west, lat }] {
                let is_on_the_globe = LonLat::new(point.lon, point.lat).is_some();
                prop_assert!(!is_on_the_globe || !tile.keeps(point) || tile.reach().contains(point));
            }
        }

        #[test]
        fn zigzag_is_undone(number in -100_000i64..100_000) {
            prop_assert_eq!(unzigzag(zigzag(number)), number);
        }
    }
}
