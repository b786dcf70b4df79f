//! `speurkaart import`: everything once, whatever happens in between.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tests::{binary, shared, speurkaart, stdout};

fn import(data: &Path, file: &Path) -> Value {
    let out = stdout(&speurkaart(data, &["import", file.to_str().unwrap(), "--report", "json"]));
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

fn synth(data: &Path, messages: &str) -> std::path::PathBuf {
    let file = data.join("chat.jsonl");
    std::fs::write(&file, stdout(&speurkaart(data, &["synth", "--messages", messages]))).unwrap();
    file
}

/// The ranked list: the same list means the same messages and mentions.
fn hotspots(data: &Path) -> String {
    stdout(&speurkaart(data, &["hotspots", "--format", "json", "--limit", "1000"]))
}

#[test]
fn again_on_the_same_file_everything_is_a_duplicate() {
    let data = tempfile::tempdir().unwrap();
    let file = synth(data.path(), "3000");
    let first = import(data.path(), &file);
    let before = hotspots(data.path());
    let again = import(data.path(), &file);
    assert_eq!(again["imported"], 0);
    assert_eq!(again["duplicates"], first["read"]);
    assert_eq!(again["mentions"], 0);
    let without_version =
        |text: &str| text.lines().filter(|line| !line.contains("data_version")).collect::<Vec<_>>().join("\n");
    assert_eq!(without_version(&before), without_version(&hotspots(data.path())));
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_the_next_run_ends_with_every_message_once() {
    let clean = tempfile::tempdir().unwrap();
    let file = synth(clean.path(), "60000");
    import(clean.path(), &file);
    let killed = tempfile::tempdir().unwrap();
    for round in 0..8 {
        let mut child = Command::new(binary())
            .arg("--data")
            .arg(killed.path())
            .args(["import", file.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + 130 * round));
        let _ = child.kill();
        child.wait().unwrap();
    }
    import(killed.path(), &file);
    let strip =
        |text: String| text.lines().filter(|line| !line.contains("data_version")).collect::<Vec<_>>().join("\n");
    assert_eq!(strip(hotspots(clean.path())), strip(hotspots(killed.path())));
}

#[test]
fn real_tweets_are_read_to_the_last_line_and_mostly_placed_where_they_were_written() {
    let Some(tweets) = shared("corpora/geotweets.jsonl") else { return };
    let data = tempfile::tempdir().unwrap();
    let report = import(data.path(), &tweets);
    assert_eq!(report["rejected"], 0);
    assert_eq!(report["read"], 31_075);
    let out = stdout(&speurkaart(
        data.path(),
        &["hotspots", "--region", "Drenthe", "--from", "2015-03-25", "--to", "2015-05-08", "--format", "json"],
    ));
    let list: Value = serde_json::from_str(&out).unwrap();
    let names: Vec<_> = list["hotspots"].as_array().unwrap().iter().map(|h| h["name"].as_str().unwrap()).collect();
    for large in ["Assen", "Emmen", "Hoogeveen"] {
        assert!(names.contains(&large), "{large} is not among {names:?}");
    }
}

#[test]
fn the_own_region_decides_between_namesakes() {
    for (home, municipality) in [("Drenthe", "De Wolden"), ("Groningen", "Het Hogeland")] {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("chat.jsonl");
        std::fs::write(&file, "{\"text\":\"ben in Zuidwolde\",\"time\":1590000000,\"from\":\"a\"}\n").unwrap();
        stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap(), "--home", home]));
        let list = stdout(&speurkaart(data.path(), &["hotspots", "--format", "json"]));
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(list["hotspots"][0]["municipality"], municipality);
    }
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("chat.jsonl");
    std::fs::write(&file, "{\"text\":\"x\",\"time\":1590000000}\n").unwrap();
    let output = speurkaart(data.path(), &["import", file.to_str().unwrap(), "--home", "Drente-Zuid"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no region is called"));
}
