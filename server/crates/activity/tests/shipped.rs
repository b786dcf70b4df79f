//! The regions as shipped: complete, valid, without overlaps, and in agreement with places on record.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use activity::Regions;
use flate2::read::GzDecoder;
use geo::{Area, BooleanOps, BoundingRect, Intersects, Validation};
use model::{LonLat, RegionKind};

fn shipped() -> Regions {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data/regions/regions.geojson.gz");
    Regions::from_geojson(GzDecoder::new(File::open(path).unwrap())).unwrap()
}

#[test]
fn there_are_twelve_provinces_342_municipalities_and_ten_police_units() {
    let regions = shipped();
    let count = |kind| regions.by_kind(kind).count();
    assert_eq!(
        (count(RegionKind::Province), count(RegionKind::Municipality), count(RegionKind::PoliceUnit)),
        (12, 342, 10)
    );
    assert_eq!(regions.len(), 364 + count(RegionKind::Custom));
}

#[test]
fn areas_without_borders_are_made_of_municipalities() {
    let regions = shipped();
    let areas: Vec<_> = regions.by_kind(RegionKind::Custom).collect();
    assert!(areas.len() >= 40, "{}", areas.len());
    for area in areas {
        let parts: Vec<_> =
            area.members.iter().map(|name| regions.find(&format!("gemeente {name}")).unwrap()).collect();
        let sum_km2: f64 = parts.iter().map(|part| part.area_km2).sum();
        assert!((sum_km2 - area.area_km2).abs() < 0.02 * sum_km2, "{}: {sum_km2} and {}", area.id, area.area_km2);
    }
    assert_eq!(regions.find("de Veluwe").unwrap().id, "custom/veluwe");
    assert_eq!(regions.find("Tukkerland").unwrap().id, "custom/twente");
}

#[test]
fn every_outline_is_a_valid_polygon() {
    for kind in RegionKind::ALL {
        for region in shipped().by_kind(kind) {
            assert!(region.geometry.is_valid(), "{}: {:?}", region.id, region.geometry.validation_errors());
            assert!(region.geometry.unsigned_area() > 0.0, "{}", region.id);
            assert!(region.area_km2 > 0.0, "{}", region.id);
        }
    }
}

#[test]
fn neighbours_do_not_overlap() {
    // Square degrees; some 80 m²: what rounding to five decimals leaves.
    const ROUNDING: f64 = 1e-8;
    let regions = shipped();
    for kind in RegionKind::ALL.into_iter().filter(|kind| *kind != RegionKind::Custom) {
        let all: Vec<_> =
            regions.by_kind(kind).map(|region| (region, region.geometry.bounding_rect().unwrap())).collect();
        for (n, (a, box_a)) in all.iter().enumerate() {
            for (b, box_b) in &all[n + 1..] {
                if box_a.intersects(box_b) {
                    let overlap = a.geometry.intersection(&b.geometry).unsigned_area();
                    assert!(overlap < ROUNDING, "{} and {} overlap by {overlap}", a.id, b.id);
                }
            }
        }
    }
}

#[test]
fn names_are_found_however_they_are_written() {
    let regions = shipped();
    for (asked, id) in [
        ("Drenthe", "province/drenthe"),
        ("drenthe", "province/drenthe"),
        ("province/drenthe", "province/drenthe"),
        ("provincie Utrecht", "province/utrecht"),
        ("Friesland", "province/friesland"),
        ("Fryslân", "province/friesland"),
    ] {
        assert_eq!(regions.find(asked).map(|region| region.id.as_str()), Some(id), "{asked}");
    }
    for (asked, name) in [
        ("gemeente Utrecht", "Utrecht"),
        ("De Wolden", "De Wolden"),
        ("sudwest fryslan", "Súdwest-Fryslân"),
        ("gemeente Den Haag", "'s-Gravenhage"),
        ("Hengelo", "Hengelo (O.)"),
        ("Voorne aan Zee", "Voorne aan Zee"),
        ("Baarle-Nassau", "Baarle-Nassau"),
    ] {
        let found = regions.find(asked).unwrap_or_else(|| panic!("{asked}"));
        assert_eq!((found.kind, found.name.as_str()), (RegionKind::Municipality, name), "{asked}");
    }
    assert_eq!(regions.find("Noord-Nederland").unwrap().kind, RegionKind::PoliceUnit);
    assert!(regions.find("Drente-Zuid").is_none());
    assert!(regions.suggest("Drente").contains(&"Drenthe".to_owned()), "{:?}", regions.suggest("Drente"));
}

#[test]
fn kerkenveld_lies_in_de_wolden_drenthe_noord_nederland() {
    let regions = shipped();
    let located = regions.locate(LonLat { lon: 6.50, lat: 52.67 });
    assert_eq!(located.municipality.unwrap().name, "De Wolden");
    assert_eq!(located.province.unwrap().name, "Drenthe");
    assert_eq!(located.police_unit.unwrap().name, "Noord-Nederland");
    assert!(regions.locate(LonLat { lon: 13.4, lat: 52.5 }).municipality.is_none(), "Berlin is in none");
}

#[test]
fn places_that_name_a_municipality_fall_into_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/gazetteer/nl_places_built_from_registries.csv");
    let Ok(mut rows) = csv::Reader::from_path(&path) else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: places that name a municipality: {} is absent", path.display());
        return;
    };
    let regions = shipped();
    let mut misses: BTreeMap<String, u32> = BTreeMap::new();
    let (mut inside, mut total) = (0_u32, 0_u32);
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let Some(municipality) = regions.find(&format!("gemeente {}", row["gemeente"])) else { continue };
        let point = LonLat { lon: row["lon"].parse().unwrap(), lat: row["lat"].parse().unwrap() };
        total += 1;
        if regions.locate(point).municipality.is_some_and(|found| found.id == municipality.id) {
            inside += 1;
        } else {
            *misses.entry(row["gemeente"].clone()).or_default() += 1;
        }
    }
    let share = f64::from(inside) / f64::from(total);
    eprintln!("{inside} of {total} places fall into their municipality: {:.2} %; misses: {misses:?}", share * 100.0);
    assert!(total > 2_500, "{total}");
    assert!(share >= 0.99, "{share}");
}
