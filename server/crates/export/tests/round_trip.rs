//! What is written can be read by others, and says the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use export::{Language, Provenance, csv, geojson};
use jiff::tz::TimeZone;
use model::api::{Basis, Counts, Hotspot, HotspotClass, Hotspots, Sentence, Statistics};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn hotspot(name: &str, lon: f64, lat: f64) -> Hotspot {
    let counts = Counts { mentions: 7, messages: 6, conversations: 5, senders: 4 };
    Hotspot {
        rank: 1,
        id: format!("nl/{name}"),
        name: name.to_owned(),
        kind: "locality".into(),
        lon,
        lat,
        radius_m: 900,
        municipality: Some("De Wolden".into()),
        province: None,
        police_unit: Some("Noord-Nederland".into()),
        counts,
        density_per_km2: 2.5,
        expected: 1.25,
        z_score: Some(-1.5),
        p_value: Some(0.01),
        p_corrected: None,
        before: Counts::default(),
        change: Some(-0.5),
        class: HotspotClass::Rising,
        one_conversation: false,
        sentence: Sentence { nl: format!("{name}: zin"), en: format!("{name}: sentence") },
        topics: vec![],
        sparkline: vec![1, 2, 3],
        first_seen: "2020-05-01T00:00:00Z".into(),
        last_seen: "2020-05-31T00:00:00Z".into(),
        statistics: Statistics::default(),
        outline: Vec::new(),
        words: Vec::new(),
    }
}

fn list(hotspots: Vec<Hotspot>) -> Hotspots {
    Hotspots {
        from: "2020-05-01".into(),
        to: "2020-06-01".into(),
        of: hotspots.len() as u64,
        hotspots,
        too_coarse: 3,
        spread: 0,
        basis: Basis::default(),
        data_version: 9,
    }
}

fn provenance() -> Provenance {
    Provenance {
        filter: vec![("region".into(), "Drenthe".into()), ("from".into(), "2020-05-01".into())],
        product: "speurkaart 0.1.0".into(),
        gazetteer: "abc".into(),
        user: "=cmd".into(),
        generated_at: "2026-01-01T00:00:00Z".into(),
        synthetic: false,
        region: None,
        zone: TimeZone::UTC,
        language: Language::En,
    }
}

/// Header and rows, as any reader of CSV sees them.
fn table(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = ::csv::Reader::from_reader(bytes);
    let cells = |record: &::csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = cells(reader.headers().unwrap());
    (header, reader.records().map(|record| cells(&record.unwrap())).collect())
}

fn cell<'a>(table: &'a (Vec<String>, Vec<Vec<String>>), row: usize, column: &str) -> &'a str {
    let at = table.0.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
    &table.1[row][at]
}

#[test]
fn numbers_stay_numbers_and_what_is_not_known_is_empty() {
    let table = table(&csv(&list(vec![hotspot("Kerkenveld", -6.5, 52.67)]), &provenance()).unwrap());
    for (column, text) in [
        ("lon", "-6.5"),
        ("lat", "52.67"),
        ("messages", "6"),
        ("conversations", "5"),
        ("senders", "4"),
        ("z_score", "-1.5"),
        ("p_corrected", ""),
        ("province", ""),
        ("change", "-0.5"),
        ("before_messages", "0"),
        ("class", "rising"),
        ("filter", "region=Drenthe&from=2020-05-01"),
        ("user", "'=cmd"),
        ("period_from", "2020-05-01"),
    ] {
        assert_eq!(cell(&table, 0, column), text, "{column}");
    }
}

#[test]
fn an_empty_list_has_a_header_alone() {
    let (header, rows) = table(&csv(&list(vec![]), &provenance()).unwrap());
    assert_eq!((header[0].as_str(), rows.len()), ("rank", 0));
}

#[test]
fn the_checksum_is_that_of_the_features() {
    let text = geojson(&list(vec![hotspot("Kerkenveld", 6.5, 52.67)]), &provenance()).unwrap();
    let start = text.find("\"features\":").unwrap() + "\"features\":".len();
    let mut documents = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>();
    documents.next().unwrap().unwrap();
    let features = &text[start..start + documents.byte_offset()];
    let hex = Sha256::digest(features).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["provenance"]["features_sha256"], hex);
    assert_eq!(read["provenance"]["filter"]["region"], "Drenthe");
    assert_eq!(read["provenance"]["too_coarse"], 3);
}

proptest! {
    #[test]
    fn any_name_survives_both_forms(name in "\\PC{0,40}|[=+@,;\"\r\n\t' -]{1,10}", lon in -180.0f64..180.0, lat in -90.0f64..90.0) {
        let list = list(vec![hotspot(&name, lon, lat), hotspot("Assen", 6.56, 53.0)]);
        let table = table(&csv(&list, &provenance()).unwrap());
        prop_assert_eq!(table.1.len(), 2);
        let written = cell(&table, 0, "name");
        prop_assert_eq!(written.strip_prefix('\'').filter(|rest| *rest == name).unwrap_or(written), name.as_str());
        prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
        // The shortest text of a number reads back as the very same number.
        prop_assert_eq!(cell(&table, 0, "lon").parse::<f64>().unwrap().to_bits(), lon.to_bits());

        let read: ::geojson::FeatureCollection = geojson(&list, &provenance()).unwrap().parse().unwrap();
        let feature = &read.features[0];
        prop_assert_eq!(feature.property("name").and_then(|value| value.as_str()), Some(name.as_str()));
        prop_assert_eq!(feature.property("conversations").and_then(serde_json::Value::as_u64), Some(5));
        let json = serde_json::to_value(feature.geometry.as_ref().unwrap()).unwrap();
        prop_assert_eq!(json["type"].as_str(), Some("Point"));
        prop_assert!((json["coordinates"][0].as_f64().unwrap() - lon).abs() < 1e-9);
        prop_assert!((json["coordinates"][1].as_f64().unwrap() - lat).abs() < 1e-9);
    }
}
