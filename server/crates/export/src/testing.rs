//! What the tests of this crate export: made up.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Read as _;
use std::path::Path;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use jiff::tz::TimeZone;
use model::api::{Basis, Counts, Hotspot, HotspotClass, Hotspots, Sentence, Statistics, TopicShare};

use crate::{Language, Provenance, ShapeSources, Shapes, Typefaces};

pub(crate) fn hotspot(rank: u32, name: &str, lon: f64, lat: f64, class: HotspotClass) -> Hotspot {
    let counts = |n| Counts { mentions: n + 2, messages: n + 1, conversations: n, senders: n };
    Hotspot {
        rank,
        id: format!("place/{rank}"),
        name: name.to_owned(),
        kind: "locality".into(),
        lon,
        lat,
        radius_m: 900,
        municipality: Some("De Wolden".into()),
        province: Some("Drenthe".into()),
        police_unit: None,
        counts: counts(12 / u64::from(rank)),
        density_per_km2: 5.1,
        expected: 2.25,
        z_score: Some(4.5),
        p_value: Some(0.000_01),
        p_corrected: (rank < 3).then_some(0.0004),
        before: counts(3),
        change: Some(-0.5),
        class,
        one_conversation: rank == 2,
        sentence: Sentence { nl: format!("{name} is vaker genoemd."), en: format!("{name} was named more often.") },
        topics: [("drugs", 4, 0.5), ("waste", 1, 0.125)]
            .map(|(topic, count, share)| TopicShare { topic: topic.into(), count, share })
            .to_vec(),
        sparkline: vec![0, 1, 0, 3, 8, 2],
        first_seen: "2020-05-03T10:00:00Z".into(),
        last_seen: "2020-06-10T21:30:00Z".into(),
        statistics: Statistics { counted: 12, weighted_mentions: 10.5, ..Statistics::default() },
        outline: Vec::new(),
        words: if rank == 1 { vec!["loods".into(), "vaten".into()] } else { Vec::new() },
    }
}

pub(crate) fn list() -> Hotspots {
    Hotspots {
        from: "2020-04-30T22:00:00Z".into(),
        to: "2020-06-15T22:00:00Z".into(),
        hotspots: vec![
            hotspot(1, "Kerkenveld", 6.51, 52.67, HotspotClass::New),
            hotspot(2, "Zuidwolde", 6.43, 52.67, HotspotClass::Rising),
            hotspot(3, "Assen", 6.56, 52.99, HotspotClass::Steady),
        ],
        of: 40,
        too_coarse: 7,
        spread: 0,
        data_version: 3,
        basis: Basis::default(),
    }
}

/// Names and sentences that would break what does not escape.
pub(crate) const HOSTILE: [&str; 10] = [
    "=HYPERLINK(\"http://example.invalid\",\"x\")",
    "<script>alert(1)</script>",
    "a\" onload=\"x' & ]]> --> </style></svg>",
    "+31 6 12345678",
    "@SUM(A1)\t\r\n",
    "\u{0}\u{1}\u{b}\u{1f}\u{fffe}",
    "'; DROP TABLE hotspots; --",
    "ع\u{202e}רמ 漢字 😀",
    "-",
    "",
];

pub(crate) fn hostile() -> Hotspots {
    let mut list = list();
    list.hotspots = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let mut one = hotspot(at as u32 + 1, name, 6.0 + at as f64 / 10.0, 52.5, HotspotClass::Rising);
            one.id = (*name).to_owned();
            one.municipality = Some((*name).to_owned());
            one
        })
        .collect();
    list
}

/// Squares of a kilometre instead of places.
pub(crate) fn squares() -> Hotspots {
    let mut list = list();
    for one in &mut list.hotspots {
        let (east, north) = (one.lon + 0.015, one.lat + 0.009);
        one.kind = "square".to_owned();
        one.outline = vec![[one.lon, one.lat], [east, one.lat], [east, north], [one.lon, north], [one.lon, one.lat]];
    }
    list
}

pub(crate) fn provenance() -> Provenance {
    Provenance {
        filter: vec![("region".into(), "Drenthe".into()), ("from".into(), "2020-05-01".into())],
        product: "speurkaart 0.1.0".into(),
        gazetteer: "test-1".into(),
        user: "analist <1> & \"co\"".into(),
        generated_at: "2026-11-24T12:00:00Z".into(),
        synthetic: true,
        region: Some("Drenthe".into()),
        zone: TimeZone::get("Europe/Amsterdam").unwrap(),
        language: Language::Nl,
    }
}

fn shipped(path: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data").join(path);
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

pub(crate) static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
    let text = |path| String::from_utf8(shipped(path)).unwrap();
    let regions = text("regions/regions.geojson.gz");
    let of_kind = |kind: &str| {
        let mut collection: serde_json::Value = serde_json::from_str(&regions).unwrap();
        collection["features"].as_array_mut().unwrap().retain(|feature| feature["properties"]["kind"] == kind);
        collection.to_string()
    };
    Shapes::read(ShapeSources {
        land: &[&text("basemap/world-lowres.geojson.gz"), &text("basemap/land.geojson.gz")],
        water: &text("basemap/water.geojson.gz"),
        rivers: &text("basemap/rivers.geojson.gz"),
        borders: &text("basemap/borders.geojson.gz"),
        towns: &text("basemap/labels.geojson.gz"),
        provinces: &of_kind("province"),
        municipalities: &of_kind("municipality"),
    })
    .unwrap()
});

pub(crate) static FACES: LazyLock<Typefaces> = LazyLock::new(|| {
    Typefaces::new(shipped("fonts/inter-regular.ttf.gz"), shipped("fonts/inter-semibold.ttf.gz")).unwrap()
});

mod formats;
