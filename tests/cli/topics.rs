//! Topics on the command line: told by `geoparse`, asked for by `hotspots`, read again by `regeoparse` with the team's words.

use std::path::Path;

use serde_json::{Value, json};
use tests::{speurkaart, stdout};

fn import(data: &Path, texts: &[&str]) {
    let line = |(i, text): (usize, &&str)| {
        json!({ "text": text, "time": 1_590_000_000 + 90_000 * i, "conversation": format!("c{i}"), "sender": "a" })
            .to_string()
    };
    let lines: Vec<String> = texts.iter().enumerate().map(line).collect();
    let file = data.join("chat.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    stdout(&speurkaart(data, &["import", file.to_str().unwrap()]));
}

/// Places in the list for topics, with how many messages name them.
fn listed(data: &Path, topics: &[&str]) -> Vec<(String, u64)> {
    let asked = topics.iter().flat_map(|topic| ["--topic", topic]);
    let arguments: Vec<&str> = ["hotspots", "--format", "json"].into_iter().chain(asked).collect();
    let list: Value = serde_json::from_str(&stdout(&speurkaart(data, &arguments))).unwrap();
    let line = |hotspot: &Value| (hotspot["name"].as_str().unwrap().to_owned(), hotspot["messages"].as_u64().unwrap());
    let mut lines: Vec<_> = list["hotspots"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

fn regeoparse(data: &Path) -> u64 {
    let out = stdout(&speurkaart(data, &["regeoparse", "--report", "json"]));
    serde_json::from_str::<Value>(out.lines().last().unwrap()).unwrap()["retold"].as_u64().unwrap()
}

#[test]
fn a_list_is_about_the_topics_asked_for_and_an_unknown_one_is_an_error() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    import(data, &["apaan naar Assen", "glock ligt in Emmen", "gewoon naar Meppel", "pmk en een uzi in Hoogeveen"]);
    let one = |name: &str| (name.to_owned(), 1);
    assert_eq!(listed(data, &["drugs"]), [one("Assen"), one("Hoogeveen")]);
    assert_eq!(listed(data, &["Wapens"]), [one("Emmen"), one("Hoogeveen")]);
    assert_eq!(listed(data, &["drugs", "weapons"]).len(), 3);
    assert_eq!(listed(data, &[]).len(), 4);
    assert_eq!(listed(data, &["violence"]), []);
    let unknown = speurkaart(data, &["hotspots", "--topic", "voetbal"]);
    assert_eq!(unknown.status.code(), Some(1));
    let error = String::from_utf8(unknown.stderr).unwrap();
    assert!(error.contains("voetbal") && error.contains("drugs, waste"), "{error}");
}

#[test]
fn the_words_of_a_team_reach_what_is_stored_when_it_is_read_again() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    import(data, &["bakfiets in Assen", "apaan naar Emmen", "niets in Meppel"]);
    assert_eq!(regeoparse(data), 0);
    std::fs::create_dir_all(data.join("lexicon/topics")).unwrap();
    let table = |name: &str| data.join("lexicon/topics").join(name);
    std::fs::write(table("fietsen.tsv"), "Fietsen\tname_nl\nbakfiets\tword\tstrong\n").unwrap();
    std::fs::write(table("drugs.tsv"), "apaan\tword\toff\nmeppelspul\tword\n").unwrap();
    let out = speurkaart(data, &["regeoparse", "--report", "json"]);
    let log = String::from_utf8(out.stderr.clone()).unwrap();
    assert!(log.contains("line 2") && log.contains("drugs.tsv"), "the broken row is told: {log}");
    let report: Value = serde_json::from_str(stdout(&out).lines().last().unwrap()).unwrap();
    assert_eq!((&report["retold"], &report["unchanged"]), (&json!(2), &json!(3)));
    assert_eq!(listed(data, &["fietsen"]), [("Assen".to_owned(), 1)]);
    assert_eq!(listed(data, &["drugs"]), []);
    assert_eq!(regeoparse(data), 0, "twice is as good as once");
    std::fs::remove_dir_all(data.join("lexicon")).unwrap();
    let words = stdout(&speurkaart(data, &["regeoparse"]));
    assert!(words.contains("topics: 2 messages"), "{words}");
    assert_eq!(listed(data, &["drugs"]), [("Emmen".to_owned(), 1)]);
    // Taken out of the lexicon, still a topic of the store: nothing is about it any more.
    assert_eq!(listed(data, &["fietsen"]), []);
}

#[test]
fn a_strong_word_that_is_ordinary_and_a_file_of_no_name_are_told_at_the_start() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    std::fs::create_dir_all(data.join("lexicon/topics")).unwrap();
    let table = |name: &str| data.join("lexicon/topics").join(name);
    std::fs::write(table("eigen.tsv"), "best\tword\tstrong\nbest wel\tphrase\tstrong\n").unwrap();
    let out = speurkaart(data, &["regeoparse"]);
    let log = String::from_utf8(out.stderr).unwrap();
    assert!(log.contains("best") && log.contains("260.0") && !log.contains("best wel"), "{log}");
    std::fs::rename(table("eigen.tsv"), table("eigen lijst!.tsv")).unwrap();
    let out = speurkaart(data, &["regeoparse"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8(out.stderr).unwrap().contains("eigen lijst!.tsv"));
}
