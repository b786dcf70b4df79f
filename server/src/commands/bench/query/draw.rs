//! What clients ask: requests as the screen makes them, with filters that few ask twice.

use anyhow::Context;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Map, Value, json};

use super::client::Asked;

/// Words that stand in about one of a hundred synthetic messages each.
const WORDS: [&str; 12] = [
    "ophalen", "lossen", "spreken", "later", "bezig", "blijven", "lucht", "eigenaar", "kijken", "huur", "trein",
    "nieuw",
];
/// Zooms and middles of tiles: the country, a province, a town.
const TILES: [(u32, f64); 4] = [(6, 0.5), (8, 1.0), (10, 1.2), (12, 1.2)];

/// Kinds of requests, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Map,
    Hotspots,
    Words,
    Tile,
    Messages,
    First,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Map => "map and histogram",
            Self::Hotspots => "hotspots, all figures",
            Self::Words => "map of free words",
            Self::Tile => "vector tile",
            Self::Messages => "messages",
            Self::First => "map without a filter",
        }
    }
}

/// Draws requests; the same seed draws the same ones.
#[derive(Debug, Clone)]
pub(super) struct Drawer {
    state: u64,
    regions: Vec<String>,
    first: Date,
    days: u64,
}

impl Drawer {
    /// From what the server says of its data and its regions.
    pub(super) fn new(meta: &Value, regions: &[Value]) -> anyhow::Result<Self> {
        let time = |key: &str| {
            meta[key].as_str().context("the server holds no messages")?.parse::<Timestamp>().context("time")
        };
        let (first, last) = (time("first")?, time("last")?);
        let features = regions.iter().filter_map(|layer| layer["features"].as_array()).flatten();
        let regions: Vec<String> =
            features.filter_map(|region| Some(region["properties"]["id"].as_str()?.to_owned())).collect();
        let days = (last.duration_since(first).as_hours().unsigned_abs() / 24).max(1);
        Ok(Self { state: 1, regions, first: first.to_zoned_datetime(TimeZone::UTC).date(), days })
    }

    pub(super) fn seeded(&self, seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, ..self.clone() }
    }

    /// Below `bound`: a linear congruential generator (Knuth, MMIX), of which the high bits are good.
    fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % bound.max(1)
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.below(1 << 20) as f64 / f64::from(1 << 20)
    }

    /// Of a hundred requests 40 move the map, 20 make the list, 20 are tiles, 8 look for words, 8 read, 4 begin.
    pub(super) fn draw(&mut self) -> (Kind, Asked) {
        let post = |path: &str, filter: Map<String, Value>| Asked { path: path.into(), body: Some(filter.into()) };
        match self.below(100) {
            0..40 => (Kind::Map, post("/api/v1/activity", self.filter())),
            40..60 => {
                let mut filter = self.filter();
                let by = ["place", "place", "municipality", "cell"][self.below(4) as usize];
                filter.insert("by".into(), json!(by));
                (Kind::Hotspots, post("/api/v1/hotspots", filter))
            }
            60..80 => (Kind::Tile, self.tile()),
            80..88 => {
                let mut filter = self.filter();
                filter.insert("words".into(), json!(WORDS[self.below(WORDS.len() as u64) as usize]));
                (Kind::Words, post("/api/v1/activity", filter))
            }
            88..96 => (Kind::Messages, post("/api/v1/messages", self.filter())),
            _ => (Kind::First, Asked { path: "/api/v1/activity".into(), body: None }),
        }
    }

    /// A window of whole days always, as the screen has them; a region, a box, a polygon, a confidence sometimes.
    fn filter(&mut self) -> Map<String, Value> {
        let mut filter = Map::new();
        let days = [1, 7, 14, 28, 90][self.below(5) as usize].min(self.days);
        let from = self.below(self.days - days + 1);
        let at = |day: u64| self.first.checked_add(Span::new().days(day as i64)).unwrap_or(self.first).to_string();
        filter.insert("from".into(), json!(at(from)));
        filter.insert("to".into(), json!(at(from + days)));
        let (lon, lat) = (self.between(4.5, 7.0), self.between(51.5, 53.2));
        match self.below(100) {
            0..30 if !self.regions.is_empty() => {
                let at = self.below(self.regions.len() as u64) as usize;
                filter.insert("region".into(), json!(self.regions[at]));
            }
            30..45 => {
                let half = self.between(0.05, 0.6);
                let bbox = [lon - half, lat - half, lon + half, lat + half].map(|degrees| format!("{degrees:.4}"));
                filter.insert("bbox".into(), json!(bbox.join(",")));
            }
            45..60 => {
                let radius = self.between(0.05, 0.5);
                let ring: Vec<Value> = (0..12)
                    .map(|at| f64::from(at) * std::f64::consts::TAU / 12.0)
                    .map(|angle| json!({ "lon": lon + radius * angle.cos(), "lat": lat + 0.6 * radius * angle.sin() }))
                    .collect();
                filter.insert("polygon".into(), ring.into());
            }
            _ => {}
        }
        if self.below(4) == 0 {
            filter.insert("min_confidence".into(), json!(0.5 + self.below(45) as f64 / 100.0));
        }
        filter
    }

    fn tile(&mut self) -> Asked {
        let (zoom, spread) = TILES[self.below(TILES.len() as u64) as usize];
        let (lon, lat) =
            (self.between(6.0 - spread, 6.0 + spread), self.between(52.4 - spread / 2.0, 52.4 + spread / 2.0));
        let tiles = f64::from(1_u32 << zoom);
        let x = ((lon + 180.0) / 360.0 * tiles) as u32;
        let y = ((1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * tiles) as u32;
        let filter = self.filter();
        let time = |key: &str| filter[key].as_str().unwrap_or_default().to_owned();
        Asked {
            path: format!("/tiles/activity/{zoom}/{x}/{y}.mvt?from={}&to={}", time("from"), time("to")),
            body: None,
        }
    }
}
