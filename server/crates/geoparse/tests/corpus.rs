//! The table of cases, through the geoparser as shipped. One row: a text, and exactly the mentions it must give.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shipped;

use geoparse::{Context, Geoparser, Options};
use serde_json::Value;
use std::io::Write as _;

fn told(geoparser: &Geoparser, text: &str) -> String {
    geoparser
        .mentions(text)
        .iter()
        .map(|m| {
            let others: Vec<_> = m.alternatives.iter().map(|a| format!("{} {:.2}", a.id, a.confidence)).collect();
            format!("{:?} {} {:.2} {:?} or {others:?}", m.text, m.place.id, m.confidence, m.reasons)
        })
        .collect::<Vec<_>>()
        .join("\n      ")
}

/// Whether the accepted mentions are the row's, in order: words, place by id or name, kind where given.
fn matches(geoparser: &Geoparser, row: &Value) -> bool {
    let text = row["text"].as_str().unwrap();
    let ours: Vec<_> = geoparser.mentions(text).into_iter().filter(|m| m.accepted).collect();
    let gold = row["mentions"].as_array().unwrap();
    ours.len() == gold.len()
        && ours.iter().zip(gold).all(|(m, gold)| {
            let place = gold["place"].as_str().unwrap();
            gold["text"] == m.text.as_str()
                && (place == m.place.id || place == m.place.name)
                && gold["kind"].as_str().is_none_or(|kind| kind == m.kind.as_str())
        })
}

#[test]
fn every_row_of_the_table_gives_exactly_its_mentions() {
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/cases.jsonl")).unwrap();
    let rows: Vec<Value> = table.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 120, "{} rows", rows.len());
    let plain = shipped::geoparser();
    let drenthe = shipped::with(&Options { home: Some("Drenthe".to_owned()) });
    let mut wrong = Vec::new();
    for row in &rows {
        let geoparser = if row["home"].is_null() { &plain } else { &drenthe };
        if !matches(geoparser, row) {
            let text = row["text"].as_str().unwrap();
            wrong.push(format!(
                "{text:?} ({})\n      {}",
                row["note"].as_str().unwrap_or_default(),
                told(geoparser, text)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Words that are places elsewhere. Some cannot be told without knowing the people ("Sydney komt met haar zus"); few may be taken.
#[test]
fn ordinary_words_and_persons_are_seldom_taken_for_places() {
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/ordinary_words.jsonl")).unwrap();
    let rows: Vec<Value> = table.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let geoparser = shipped::geoparser();
    let is_trap = |row: &&Value| row["mentions"].as_array().unwrap().is_empty();
    let taken: Vec<&str> = rows
        .iter()
        .filter(is_trap)
        .filter_map(|row| row["text"].as_str())
        .filter(|text| geoparser.mentions(text).iter().any(|mention| mention.accepted))
        .collect();
    let traps = rows.iter().filter(is_trap).count();
    assert!(traps >= 165 && taken.len() * 16 <= traps, "{} of {traps}:\n{}", taken.len(), taken.join("\n"));
}

/// Sentences as newspapers write them of drug labs: exactly the names of places, roads aside.
#[test]
fn news_is_read_as_newspapers_write_it() {
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/news.jsonl")).unwrap();
    let rows: Vec<Value> = table.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let geoparser = shipped::geoparser();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let text = row["text"].as_str().unwrap();
            let found = geoparser.mentions(text);
            let ours = found.iter().filter(|m| m.accepted && m.kind != model::PlaceKind::Road).map(|m| m.text.as_str());
            let gold = row["mentions"].as_array().unwrap().iter().filter_map(|gold| gold["text"].as_str());
            (!ours.eq(gold)).then(|| format!("{text}\n      {}", told(&geoparser, text)))
        })
        .collect();
    assert!(rows.len() >= 40 && wrong.len() * 20 <= rows.len(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_nickname_stands_for_a_place_of_the_gazetteer() {
    let gazetteer = shipped::gazetteer();
    let lexicon = shipped::lexicon();
    let lost: Vec<_> = lexicon.nickname_places().filter(|id| gazetteer.by_id(id).is_none()).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(lexicon.nickname_places().count() >= 60);
}

#[test]
fn a_place_of_the_conversation_decides_between_namesakes() {
    let geoparser = shipped::geoparser();
    for (before, id) in [("in Ruinen", "nl/de-wolden/zuidwolde"), ("in Bedum", "nl/het-hogeland/zuidwolde")] {
        let mut context = Context::default();
        context.remember_mentions(&geoparser.mentions(before));
        let mentions = geoparser.mentions_with("ben nu in zuidwolde", &context);
        assert_eq!(mentions[0].place.id, id);
        assert!(mentions[0].reasons.contains(&"conversation".to_owned()), "{:?}", mentions[0].reasons);
    }
}

#[test]
fn the_home_region_is_a_reason() {
    for home in ["Drenthe", "province/drenthe"] {
        let geoparser = shipped::with(&Options { home: Some(home.to_owned()) });
        let mentions = geoparser.mentions("in Zuidwolde");
        assert_eq!(mentions[0].place.id, "nl/de-wolden/zuidwolde");
        assert!(mentions[0].reasons.contains(&"home".to_owned()));
    }
}

#[test]
fn a_home_that_says_its_kind_is_no_namesake_of_another_kind() {
    let reasons = |home: &str| {
        let geoparser = shipped::with(&Options { home: Some(home.to_owned()) });
        geoparser.mentions("in Amersfoort")[0].reasons.contains(&"home".to_owned())
    };
    assert_eq!(
        ["Utrecht", "province/Utrecht", "municipality/Utrecht", "municipality/Amersfoort"].map(reasons),
        [true, true, false, true]
    );
}

#[test]
fn several_regions_may_be_the_home() {
    let geoparser = shipped::with(&Options { home: Some("municipality/Berkelland|municipality/Lochem".to_owned()) });
    let mentions = geoparser.mentions("in Laren");
    assert_eq!(mentions[0].place.id, "nl/lochem/laren");
    assert!(mentions[0].reasons.contains(&"home".to_owned()));
}

#[test]
fn alternatives_are_told_apart() {
    let mentions = shipped::geoparser().mentions("in Elst");
    assert_eq!(mentions[0].place.id, "nl/overbetuwe/elst");
    assert_eq!(mentions[0].alternatives[0].name, "Elst (Rhenen)");
    assert!(mentions[0].alternatives[0].confidence < mentions[0].confidence);
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    let geoparser = shipped::geoparser();
    for text in [
        "in Elst, Utrecht",
        "7934 PA Kerkenveld",
        "52.67012, 6.50034",
        "#Best",
        "A'dam",
        "van Ruinen naar Zuidwolde",
        "geo:52.1,6.2",
    ] {
        for reason in geoparser.mentions(text).iter().flat_map(|m| &m.reasons) {
            let sentence = model::explain(reason);
            assert!(&sentence.nl != reason && &sentence.en != reason && !sentence.nl.contains("{}"), "{reason}");
        }
    }
}

#[test]
fn an_official_dump_brings_hamlets_and_waters_with_their_municipality() {
    let file = shipped::root().join("../shared/data/gazetteer/geonames_nl_all_features_2019.txt");
    let Ok(dump) = std::fs::File::open(&file) else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: no GeoNames dump beside the workspace; nothing was tested");
        return;
    };
    let known = shipped::gazetteer();
    let (added, report) = geoparse::geonames::read(dump, &known).unwrap();
    assert_eq!(report.rows, 22_462);
    assert_eq!(
        report.rows,
        report.added + report.merged + report.skipped.values().sum::<u64>() + report.rejected.len() as u64,
        "every row is accounted for"
    );
    assert!(report.added > 5_000 && report.merged > 2_000 && report.rejected.is_empty(), "{report:?}");
    let dutch = added.entries().iter().filter(|e| e.place.country.as_deref() == Some("NL"));
    assert!(dutch.clone().count() > 5_000);
    assert_eq!(dutch.filter(|e| e.place.municipality.is_none() || e.place.province.is_none()).count(), 0);
    let mut merged = known;
    merged.merge(added);
    let geoparser = Geoparser::new(std::sync::Arc::new(merged), shipped::lexicon(), &Options::default());
    let mentions = geoparser.mentions("we zaten bij Drijberse Veld in Drenthe");
    assert_eq!(mentions[0].place.id, "gn/2743465");
    assert_eq!(mentions[0].place.province.as_deref(), Some("Drenthe"));
}
