//! Points into the bytes of a tile.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::{BBox, LonLat};
use prost::Message;

use crate::mercator::{MAX_LAT, TileId};
use crate::message;

/// Units along the side of a tile.
const EXTENT: u32 = 4096;
/// Units around it that a tile shows, too.
const BUFFER: f64 = 256.0;
/// "Move to", once: the command of a point (specification 4.3.1).
const MOVE_TO_ONCE: u32 = (1 << 3) | 1;

/// A property's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Number(u64),
}

/// A point with its properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature<'a> {
    /// Where it lies.
    pub point: LonLat,
    /// What is said of it.
    pub properties: Vec<(&'static str, Value<'a>)>,
}

/// The tile with these layers, each of which holds its points within [`TileId::reach`]. Layers without points are left out; without any the
/// tile is empty: no bytes.
pub fn encode<'a>(tile: TileId, layers: impl IntoIterator<Item = (&'a str, Vec<Feature<'a>>)>) -> Vec<u8> {
    let reach = tile.reach();
    let layers = layers.into_iter().filter_map(|(name, features)| {
        let kept: Vec<Feature<'_>> = features.into_iter().filter(|feature| reach.contains(feature.point)).collect();
        (!kept.is_empty()).then(|| layer(tile, name, kept))
    });
    message::Tile { layers: layers.collect() }.encode_to_vec()
}

fn layer(tile: TileId, name: &str, features: Vec<Feature<'_>>) -> message::Layer {
    let mut writer = LayerWriter::default();
    let mut written = Vec::with_capacity(features.len());
    for (number, feature) in (1..).zip(features) {
        let (x, y) = tile.position(feature.point, EXTENT);
        written.push(message::Feature {
            id: Some(number),
            tags: writer.tags(feature.properties),
            kind: Some(message::GeometryKind::Point.into()),
            geometry: vec![MOVE_TO_ONCE, zigzag(x), zigzag(y)],
        });
    }
    message::Layer {
        version: 2,
        name: name.to_owned(),
        features: written,
        keys: writer.keys.iter().map(|key| (*key).to_owned()).collect(),
        values: writer.values,
        extent: Some(EXTENT),
    }
}

impl TileId {
    /// The box of what a tile shows: itself and a little around, so that symbols are not cut at its edge.
    pub fn reach(self) -> BBox {
        let bbox = self.bbox(BUFFER / f64::from(EXTENT));
        // Latitudes beyond Web Mercator count as its edge.
        let south = if bbox.south <= -MAX_LAT { -90.0 } else { bbox.south };
        let north = if bbox.north >= MAX_LAT { 90.0 } else { bbox.north };
        BBox { south, north, ..bbox }
    }

    /// The middle of the tile.
    pub fn middle(self) -> LonLat {
        let bbox = self.bbox(0.0);
        LonLat { lon: f64::midpoint(bbox.west, bbox.east), lat: f64::midpoint(bbox.south, bbox.north) }
    }
}

/// Signed numbers as the specification packs them: small ones stay small.
fn zigzag(number: i64) -> u32 {
    let number = number as i32;
    ((number << 1) ^ (number >> 31)) as u32
}

/// Keys and values of a layer, each written once.
#[derive(Default)]
struct LayerWriter<'a> {
    keys: Vec<&'static str>,
    values: Vec<message::Value>,
    at: HashMap<Value<'a>, u32, RandomState>,
}

impl<'a> LayerWriter<'a> {
    fn tags(&mut self, properties: Vec<(&'static str, Value<'a>)>) -> Vec<u32> {
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

    fn value(&mut self, value: Value<'a>) -> u32 {
        *self.at.entry(value).or_insert_with(|| {
            self.values.push(match value {
                Value::Text(text) => message::Value { text: Some(text.to_owned()), number: None },
                Value::Number(number) => message::Value { text: None, number: Some(number) },
            });
            self.values.len() as u32 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(lon: f64, lat: f64, name: &str) -> Feature<'_> {
        let properties = vec![("name", Value::Text(name)), ("messages", Value::Number(3))];
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
        let layer = decoded(&encode(
            tile,
            [("activity", vec![point(6.5, 52.67, "Kerkenveld"), point(4.9, 52.37, "Amsterdam")])],
        ));
        assert_eq!((layer.name.as_str(), layer.version, layer.extent), ("activity", 2, Some(4096)));
        assert_eq!(layer.features.len(), 1);
        assert_eq!(layer.keys, ["name", "messages"]);
        assert_eq!(layer.values[0].text.as_deref(), Some("Kerkenveld"));
        assert_eq!(layer.features[0].tags, [0, 0, 1, 1]);
    }

    #[test]
    fn the_same_value_is_written_once() {
        let tile = TileId::new(0, 0, 0).unwrap();
        let layer = decoded(&encode(tile, [("activity", vec![point(6.5, 52.67, "A"), point(4.9, 52.37, "B")])]));
        assert_eq!(layer.values.len(), 3, "A, 3, B");
    }

    #[test]
    fn a_layer_without_points_is_left_out_and_a_tile_without_layers_is_empty() {
        let tile = TileId::new(0, 0, 0).unwrap();
        assert!(encode(tile, [("activity", vec![])]).is_empty());
        let bytes = encode(tile, [("activity", vec![]), ("left_out", vec![point(6.5, 52.67, "x")])]);
        assert_eq!(message::Tile::decode(&bytes[..]).unwrap().layers.len(), 1);
        assert!(tile.reach().contains(tile.middle()));
    }

    proptest! {
        #[test]
        fn a_point_comes_back_within_a_unit(lon in -179.9f64..179.9, lat in -85.0f64..85.0, z in 0_u8..=18) {
            let tile = TileId::of(LonLat { lon, lat }, z).unwrap();
            let layer = decoded(&encode(tile, [("activity", vec![point(lon, lat, "x")])]));
            let geometry = &layer.features[0].geometry;
            prop_assert_eq!(geometry[0], 9);
            let bbox = tile.bbox(0.0);
            let units_lon = unzigzag(geometry[1]) as f64 / 4096.0 * (bbox.east - bbox.west);
            prop_assert!((bbox.west + units_lon - lon).abs() <= (bbox.east - bbox.west) / 4096.0);
            let south = unzigzag(geometry[2]);
            prop_assert!((0..=4096).contains(&south));
        }

        #[test]
        fn what_is_within_reach_lies_in_the_tile_or_close_by(
            tile in (-180.0f64..180.0, -85.0f64..=85.0, 0_u8..=22), off in (-0.6f64..0.6, -0.6f64..0.6),
        ) {
            let (west, south, zoom) = tile;
            let tile = TileId::of(LonLat { lon: west, lat: south }, zoom).unwrap();
            let bbox = tile.bbox(0.0);
            let (wide, high) = (bbox.east - bbox.west, bbox.north - bbox.south);
            let middle = tile.middle();
            let point = LonLat { lon: middle.lon + off.0 * wide, lat: middle.lat + off.1 * high };
            let (x, y) = tile.position(point, EXTENT);
            let inside = |at: i64, margin: i64| (-margin..=4096 + margin).contains(&at);
            if tile.reach().contains(point) {
                prop_assert!(inside(x, 257) && inside(y, 257), "{x} {y}");
            } else if LonLat::new(point.lon, point.lat).is_some() {
                prop_assert!(!(inside(x, 255) && inside(y, 255)), "{x} {y}");
            }
        }

        #[test]
        fn zigzag_is_undone(number in -100_000i64..100_000) {
            prop_assert_eq!(unzigzag(zigzag(number)), number);
        }
    }
}
