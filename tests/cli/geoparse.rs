//! `speurkaart geoparse`: the contract that others measure with.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tests::binary;

fn geoparse(arguments: &[&str], input: &[u8]) -> Vec<Value> {
    let mut child = Command::new(binary())
        .arg("--data")
        .arg(Path::new("/nonexistent"))
        .arg("geoparse")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_mention_has_its_bytes_its_place_and_its_reasons() {
    let text = "🚚 busje staat in Kerkenveld bij die loods";
    let answers = geoparse(&[], format!("{text}\n").as_bytes());
    assert_eq!(answers[0]["line"], 1);
    let mention = &answers[0]["mentions"][0];
    let (start, end) = (mention["start"].as_u64().unwrap() as usize, mention["end"].as_u64().unwrap() as usize);
    assert_eq!(&text[start..end], "Kerkenveld");
    assert_eq!(mention["text"], "Kerkenveld");
    assert_eq!(mention["kind"], "locality");
    let place = &mention["place"];
    assert_eq!(
        [&place["municipality"], &place["province"], &place["police_unit"], &place["country"]],
        ["De Wolden", "Drenthe", "Noord-Nederland", "NL"]
    );
    assert!(mention["confidence"].as_f64().unwrap() > 0.8);
    assert!(mention["reasons"].as_array().unwrap().iter().any(|reason| reason == "preposition:in"), "{mention}");
}

#[test]
fn lines_come_back_in_order_with_their_ids_and_a_broken_one_keeps_its_place() {
    let input = b"{\"id\":\"a\",\"text\":\"naar Assen\"}\nno json\n{\"id\":7,\"text\":\"niks\"}\n";
    let answers = geoparse(&["--input", "jsonl"], input);
    assert_eq!(answers.len(), 3);
    assert_eq!((&answers[0]["id"], &answers[0]["mentions"][0]["text"]), (&Value::from("a"), &Value::from("Assen")));
    assert!(answers[1]["error"].is_string());
    assert_eq!((&answers[2]["line"], &answers[2]["id"]), (&Value::from(3), &Value::from(7)));
}

#[test]
fn topics_stand_beside_the_mentions_with_their_words() {
    let text = "Apaan en vaten naar Assen";
    let answers = geoparse(&[], format!("{text}\nnaar Assen\n").as_bytes());
    let topics = answers[0]["topics"].as_array().unwrap();
    assert_eq!((topics.len(), &topics[0]["topic"]), (1, &Value::from("drugs")));
    let words: Vec<_> = topics[0]["words"].as_array().unwrap().iter().map(|word| &word["text"]).collect();
    assert_eq!(words, ["Apaan", "vaten"]);
    assert_eq!(answers[0]["mentions"].as_array().unwrap().len(), 1);
    assert!(answers[1].get("topics").is_none(), "a line about nothing is told as before");
}

#[test]
fn ordinary_words_in_lower_case_are_no_places() {
    let input = "een echt goed plan\nhij is de best in wat hij goes doet\nik heb made in china\n";
    for answer in geoparse(&[], input.as_bytes()) {
        let found: Vec<_> =
            answer["mentions"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
        assert!(!found.iter().any(|text| ["een", "echt", "best", "goes", "made"].contains(text)), "{found:?}");
    }
}

#[test]
fn points_are_placed_in_their_municipality() {
    let answers = geoparse(&[], b"kom naar 52.66833, 6.50000 vanavond\n");
    let mention = &answers[0]["mentions"][0];
    assert_eq!(mention["kind"], "coordinate");
    assert_eq!(mention["place"]["municipality"], "De Wolden");
}

#[test]
fn all_shows_what_was_not_accepted() {
    let answers = geoparse(&["--all"], b"we gaan naar een feest in best\n");
    let mentions = answers[0]["mentions"].as_array().unwrap();
    assert!(mentions.iter().all(|mention| mention["accepted"].is_boolean()), "{mentions:?}");
}

#[test]
fn explained_a_mention_has_its_place_its_reasons_and_its_runner_up() {
    let run = |arguments: &[&str]| {
        let mut child = Command::new(binary())
            .args(["--data", "/nonexistent", "geoparse"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"zit in Elst\n").unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    };
    let dutch = run(&["--explain"]);
    for part in ["1: zit in Elst", "[Elst] → Elst (Overbetuwe, Gelderland", "Er staat ‘in’ voor.", "of Elst (Rhenen)"]
    {
        assert!(dutch.contains(part), "{part} is not in {dutch}");
    }
    assert!(run(&["--explain", "en"]).contains("It follows ‘in’."));
}

#[test]
fn the_nicknames_of_a_team_count_and_risky_ones_are_said() {
    let data = tempfile::tempdir().unwrap();
    std::fs::create_dir(data.path().join("lexicon")).unwrap();
    let rows = "form\tplace\tkind\nzandgat\tnl/emmen/emmen\tnickname\nfeest\tnl/emmen/emmen\tnickname\nkwijt\tnl/nergens/nergens\tnickname\nx\ty\n";
    std::fs::write(data.path().join("lexicon/team.tsv"), rows).unwrap();
    let mut child = Command::new(binary())
        .arg("--data")
        .arg(data.path())
        .arg("geoparse")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"zie je in zandgat\nrij naar feest\nwat een feest zeg\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let mentions = |line: &[u8]| serde_json::from_slice::<Value>(line).unwrap()["mentions"].as_array().unwrap().clone();
    let answers: Vec<_> = output.stdout.trim_ascii().split(|byte| *byte == b'\n').map(mentions).collect();
    assert_eq!(answers[0][0]["place"]["id"], "nl/emmen/emmen");
    assert!(answers[1].iter().any(|mention| mention["accepted"] == true), "a word where a place is to be expected");
    assert!(answers[2].iter().all(|mention| mention["accepted"] == false), "a word as a word");
    let said = String::from_utf8(output.stderr).unwrap();
    // Of a million words, 91 are "feest" (wordfreq).
    for part in ["nl/nergens/nergens", "ordinary word", "per_million", "91.0", "left out"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}
