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

#[test]
fn the_planted_truth_is_replayed_against_two_baselines() {
    let data = tempfile::tempdir().unwrap();
    let (chat, truth) = (data.path().join("chat.jsonl"), data.path().join("truth.json"));
    let messages = ["synth", "--messages", "6000", "--truth", truth.to_str().unwrap()];
    std::fs::write(&chat, stdout(&speurkaart(data.path(), &messages))).unwrap();
    stdout(&speurkaart(data.path(), &["import", chat.to_str().unwrap()]));
    let asked = ["evaluate", "--events", truth.to_str().unwrap(), "--by", "cell", "--report", "json"];
    let report: serde_json::Value = serde_json::from_str(&stdout(&speurkaart(data.path(), &asked))).unwrap();
    assert_eq!((&report["rejected"], &report["outside"]), (&0.into(), &0.into()), "{report:#}");
    assert!(report["events"].as_u64().unwrap() >= 5);
    for method in ["hotspots", "plain_counts", "last_week"] {
        let measures = &report["methods"][method];
        let (rate, pei) = (measures["hit_rate"].as_f64().unwrap(), measures["pei_star"].as_f64().unwrap());
        assert!((0.0..=1.0).contains(&rate) && (0.0..=1.0).contains(&pei), "{report:#}");
    }
    assert!(report["methods"]["hotspots"]["pai"].as_f64().unwrap() > 5.0, "far better than chance: {report:#}");
    let bad = speurkaart(data.path(), &["evaluate", "--events", chat.to_str().unwrap(), "--area", "2"]);
    assert_eq!(bad.status.code(), Some(1));
}
