//! `speurkaart synth`.

use tests::{speurkaart, stdout};

#[test]
fn the_same_seed_gives_the_same_messages_and_another_does_not() {
    let data = tempfile::tempdir().unwrap();
    let run = |seed| stdout(&speurkaart(data.path(), &["synth", "--messages", "300", "--seed", seed]));
    assert_eq!(run("7"), run("7"));
    assert_ne!(run("7"), run("8"));
}

#[test]
fn every_message_says_that_it_is_synthetic_and_the_truth_says_what_was_planted() {
    let data = tempfile::tempdir().unwrap();
    let truth = data.path().join("truth.json");
    let text = stdout(&speurkaart(data.path(), &["synth", "--messages", "2000", "--truth", truth.to_str().unwrap()]));
    for line in text.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(message["synthetic"], true);
    }
    assert!(std::fs::read_to_string(truth).unwrap().contains("Kerkenveld"));
}

#[test]
fn csv_and_json_lines_import_to_the_same_counts() {
    let counts = |format: &str| {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("chat");
        std::fs::write(&file, stdout(&speurkaart(data.path(), &["synth", "--messages", "500", "--format", format])))
            .unwrap();
        let out = stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap(), "--report", "json"]));
        let report: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        (
            report["imported"].as_u64().unwrap(),
            report["mentions"].as_u64().unwrap(),
            report["rejected"].as_u64().unwrap(),
        )
    };
    let jsonl = counts("jsonl");
    assert!(jsonl.0 > 480 && jsonl.1 > 20 && jsonl.2 == 0, "{jsonl:?}");
    assert_eq!(jsonl, counts("csv"));
}
