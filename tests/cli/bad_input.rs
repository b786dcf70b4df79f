//! Whatever comes: a clear error or a counted rejection, never a panic, nothing else lost.

use std::path::Path;

use serde_json::Value;
use tests::speurkaart;

/// Imports these bytes: exit status, report, standard error.
fn import(bytes: &[u8], more: &[&str]) -> (Option<i32>, Option<Value>, String) {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("input");
    std::fs::write(&file, bytes).unwrap();
    run(data.path(), &file, more)
}

fn run(data: &Path, file: &Path, more: &[&str]) -> (Option<i32>, Option<Value>, String) {
    let mut arguments = vec!["import", file.to_str().unwrap(), "--report", "json"];
    arguments.extend(more);
    let output = speurkaart(data, &arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
    let report =
        String::from_utf8(output.stdout).unwrap().lines().last().and_then(|line| serde_json::from_str(line).ok());
    (output.status.code(), report, stderr)
}

#[test]
fn a_missing_file_an_empty_one_and_a_folder_are_named() {
    let data = tempfile::tempdir().unwrap();
    let missing = data.path().join("niet-hier.csv");
    let (status, _, stderr) = run(data.path(), &missing, &[]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("niet-hier.csv"), "{stderr}");
    let (status, _, stderr) = run(data.path(), data.path(), &[]);
    assert_eq!(status, Some(1), "{stderr}");
    let (status, _, stderr) = import(b"", &[]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("empty"), "{stderr}");
}

#[test]
fn a_broken_line_in_the_middle_costs_that_line_only() {
    let input = b"{\"text\":\"a\",\"time\":1590000000}\n{broken\n{\"text\":\"b\",\"time\":\"31-02-2020 10:00\"}\n{\"text\":\"c\",\"time\":1590000001}\n";
    let (status, report, stderr) = import(input, &[]);
    let report = report.unwrap();
    assert_eq!(status, Some(0));
    assert_eq!((&report["read"], &report["imported"], &report["rejected"]), (&4.into(), &2.into(), &2.into()));
    assert!(stderr.contains("input:2:") && stderr.contains("input:3:"), "{stderr}");
    assert!(!stderr.contains("broken\""), "a message text on the terminal");
}

#[test]
fn a_line_of_a_hundred_megabytes_is_rejected_and_the_rest_goes_on() {
    let mut input = b"{\"text\":\"voor\",\"time\":1590000000}\n{\"text\":\"".to_vec();
    input.extend(std::iter::repeat_n(b'x', 100_000_000));
    input.extend(b"\",\"time\":1590000001}\n{\"text\":\"na\",\"time\":1590000002}\n");
    let (status, report, _) = import(&input, &[]);
    let report = report.unwrap();
    assert_eq!(status, Some(0));
    assert_eq!((&report["imported"], &report["rejected"]), (&2.into(), &1.into()));
}

#[test]
fn times_far_off_are_kept_and_impossible_ones_rejected() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("input");
    let line = |time: &str| format!("{{\"text\":\"in Kerkenveld\",\"time\":\"{time}\",\"from\":\"a\"}}\n");
    let times = [
        "1901-02-03T04:05:06Z",
        "2150-01-01T00:00:00Z",
        "2020-05-02T10:00:00Z",
        "1850-01-01T00:00:00Z",
        "2300-01-01T00:00:00Z",
    ];
    std::fs::write(&file, times.map(line).concat()).unwrap();
    let (status, report, stderr) = run(data.path(), &file, &[]);
    let report = report.unwrap();
    assert_eq!((status, &report["imported"], &report["rejected"]), (Some(0), &3.into(), &2.into()), "{stderr}");
    // Two and a half centuries are counted and ranked like any other span.
    let output = speurkaart(data.path(), &["hotspots", "--format", "json"]);
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(list["hotspots"][0]["name"], "Kerkenveld");
    assert_eq!(list["hotspots"][0]["messages"], 3, "{list}");
}

/// An id is what a source says; what makes a message is in its words.
#[test]
fn one_id_with_two_texts_is_two_messages_and_two_ids_with_one_text_are_one() {
    let line =
        |id: u32, text: &str| format!("{{\"id\":{id},\"text\":\"{text}\",\"time\":1590000000,\"from\":\"a\"}}\n");
    let (status, report, _) = import([line(1, "een"), line(1, "twee"), line(2, "een")].concat().as_bytes(), &[]);
    let report = report.unwrap();
    assert_eq!((status, &report["imported"], &report["duplicates"]), (Some(0), &2.into(), &1.into()));
}

#[test]
fn an_unknown_column_is_answered_with_the_columns_there_are() {
    let (status, _, stderr) = import(b"tekst,tijd\nhoi,2020-01-01 10:00\n", &["--map", "text=inhoud"]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("inhoud") && stderr.contains("tekst") && stderr.contains("tijd"), "{stderr}");
}

#[test]
fn utf_16_and_windows_1252_are_read() {
    let text = "tekst,tijd\r\nnaar Súdwest,2020-01-01 10:00\r\n";
    let utf_16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows_1252: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for bytes in [utf_16, windows_1252] {
        let (status, report, stderr) = import(&bytes, &[]);
        assert_eq!(status, Some(0), "{stderr}");
        assert_eq!(report.unwrap()["imported"], 1);
    }
}

#[test]
fn listening_to_a_network_without_protection_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let output = speurkaart(data.path(), &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--tls-cert"));
}

#[test]
fn wrong_usage_exits_with_2() {
    let data = tempfile::tempdir().unwrap();
    for arguments in [&["import"][..], &["nonsense"], &["hotspots", "--by", "street"], &["synth"]] {
        assert_eq!(speurkaart(data.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_filter_that_makes_no_sense_is_explained() {
    let data = tempfile::tempdir().unwrap();
    for (arguments, word) in [
        (&["hotspots", "--region", "Drente-Zuid"][..], "region"),
        (&["hotspots", "--from", "gisteren"], "2020-06-01"),
        (&["hotspots", "--from", "2020-02-01", "--to", "2020-01-01"], "before"),
        (&["hotspots", "--min-confidence", "7"], "0 to 1"),
    ] {
        let output = speurkaart(data.path(), arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(stderr.contains(word), "{stderr}");
    }
}
