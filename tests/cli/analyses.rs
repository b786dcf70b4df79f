//! `speurkaart scan`, `clusters`, `near-repeat` and `hotspot`: as the API answers, for reading, as a table.

use serde_json::Value;
use tests::{speurkaart, stdout};

const MAY: [&str; 4] = ["--from", "2020-05-01", "--to", "2020-06-15"];

/// A data directory with synthetic messages.
fn imported(messages: u64) -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("gesprekken.jsonl");
    std::fs::write(&file, stdout(&speurkaart(data.path(), &["synth", "--messages", &messages.to_string()]))).unwrap();
    stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap()]));
    data
}

fn run(data: &tempfile::TempDir, command: &[&str]) -> String {
    stdout(&speurkaart(data.path(), &[command, &MAY].concat()))
}

fn json(data: &tempfile::TempDir, command: &[&str]) -> Value {
    serde_json::from_str(&run(data, &[command, &["--format", "json"]].concat())).unwrap()
}

/// Rows of a table by the names of its columns.
fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .into_records()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn each_analysis_is_printed_as_text_json_and_table() {
    let data = imported(6000);

    let scan = ["scan", "--replicas", "99"];
    let found = json(&data, &scan);
    assert_eq!((&found["replicas"], &found["by"]), (&99.into(), &"municipality".into()));
    let clusters = found["clusters"].as_array().unwrap();
    let text = run(&data, &[&scan[..], &["--language", "nl"]].concat());
    assert!(text.contains(found["sentence"]["nl"].as_str().unwrap()) && text.contains("De Wolden"), "{text}");
    let table = rows(&run(&data, &[&scan[..], &["--format", "csv"]].concat()));
    assert_eq!((table.len(), &table[0][12]), (clusters.len() + 1, "p_value"));
    let p_value: f64 = table[1][12].parse().unwrap();
    assert!((p_value - clusters[0]["p_value"].as_f64().unwrap()).abs() < 1e-12, "{p_value}");
    let drenthe =
        json(&data, &["scan", "--replicas", "9", "--region", "Drenthe", "--over", "space", "--against", "population"]);
    assert_eq!((&drenthe["steps"], &drenthe["against"]), (&1.into(), &"population".into()));

    let clustered = ["clusters", "--reach", "4000", "--min-points", "8"];
    let found = json(&data, &clustered);
    let features = found["features"].as_array().unwrap();
    assert_eq!((&found["type"], features.is_empty()), (&"FeatureCollection".into(), false));
    let text = run(&data, &clustered);
    assert!(
        text.contains(found["sentence"]["en"].as_str().unwrap()) && text.lines().count() == features.len() + 2,
        "{text}"
    );
    let table = rows(&run(&data, &[&clustered[..], &["--format", "csv"]].concat()));
    assert!(table.len() == features.len() + 1 && table[1][12].starts_with("POLYGON(("));

    let near =
        ["near-repeat", "--region", "Drenthe", "--replicas", "99", "--distances", "1000,20000", "--days", "7,28"];
    let found = json(&data, &near);
    assert_eq!(found["table"].as_array().unwrap().len(), 2);
    assert!(run(&data, &near).contains("≤ 28 d"));
    let table = rows(&run(&data, &[&near[..], &["--format", "csv"]].concat()));
    assert_eq!((table.len(), &table[4][0], &table[4][3]), (5, "1000", "28"));

    let detail = json(&data, &["hotspot", "kerkenveld"]);
    assert_eq!((&detail["hotspot"]["name"], &detail["step_days"]), (&"Kerkenveld".into(), &1.into()));
    let text = run(&data, &["hotspot", "Kerkenveld", "--language", "nl"]);
    for said in [&detail["hotspot"]["sentence"], &detail["without"][0]["sentence"], &detail["words"]["sentence"]] {
        assert!(text.contains(said["nl"].as_str().unwrap()), "{text}");
    }
    let out = data.path().join("kerkenveld.json");
    run(&data, &["hotspot", "Kerkenveld", "--format", "json", "--out", out.to_str().unwrap()]);
    assert_eq!(serde_json::from_slice::<Value>(&std::fs::read(out).unwrap()).unwrap()["id"], detail["id"]);
}

#[test]
fn words_that_tell_a_place_from_the_rest_are_told_and_those_of_one_sender_are_not() {
    let data = tempfile::tempdir().unwrap();
    let line = |n: u32, place: &str, words: &str, sender: u32| {
        let (text, time) = (format!("{words} in {place} nummer {n}"), format!("2020-05-{:02}T12:00:00Z", 1 + n % 30));
        serde_json::json!({"text": text, "time": time, "sender": format!("afzender {sender}"), "conversation": "groep"})
            .to_string()
    };
    let lines: Vec<String> = (0..60)
        .map(|n| line(n, "Kerkenveld", "we zijn bij de loods", n % 9))
        .chain((60..90).map(|n| line(n, "Kerkenveld", "we zijn er tralala", 77)))
        .chain((90..300).map(|n| line(n, ["Assen", "Emmen", "Zwolle"][n as usize % 3], "we zijn bij de markt", n % 40)))
        .collect();
    let file = data.path().join("gesprekken.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap()]));
    let detail: Value =
        serde_json::from_str(&stdout(&speurkaart(data.path(), &["hotspot", "Kerkenveld", "--format", "json"])))
            .unwrap();
    let words = &detail["words"];
    let told: Vec<&str> =
        words["words"].as_array().unwrap().iter().map(|word| word["word"].as_str().unwrap()).collect();
    assert_eq!(
        (told.first(), told.contains(&"tralala"), told.contains(&"markt")),
        (Some(&"loods"), false, false),
        "{told:?}"
    );
    assert_eq!((&words["here"], &words["read_here"], &words["read_elsewhere"]), (&90.into(), &90.into(), &210.into()));
    assert_eq!((&words["words"][0]["here"], &words["words"][0]["elsewhere"]), (&60.into(), &0.into()));
}

#[test]
fn what_cannot_be_is_refused_and_what_cannot_be_said_is_said() {
    let data = imported(300);
    for (command, code, says) in [
        (&["hotspot", "Nergenshuizen"][..], 1, "is in the list"),
        (&["hotspot", "Assen", "--format", "csv"], 1, "no table"),
        (&["scan", "--region", "Drente"], 1, "Drenthe"),
        (&["scan", "--replicas", "1"], 2, "9..=9999"),
        (&["clusters", "--reach", "1"], 1, "reach_m"),
        (&["near-repeat", "--distances", "5,1"], 1, "ascending"),
    ] {
        let refused = speurkaart(data.path(), command);
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(code), "{command:?}: {error}");
        assert!(error.contains(says), "{command:?}: {error}");
    }
    let empty = tempfile::tempdir().unwrap();
    for command in [&["scan", "--replicas", "9"][..], &["clusters"], &["near-repeat", "--replicas", "9"]] {
        let found: Value =
            serde_json::from_str(&stdout(&speurkaart(empty.path(), &[command, &["--format", "json"]].concat())))
                .unwrap();
        assert!(found["reason"].is_string(), "{command:?}: {found}");
        assert!(!stdout(&speurkaart(empty.path(), command)).is_empty());
    }
}
