//! `speurkaart import`: everything once, whatever happens in between.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tests::{command, database_of, shared, speurkaart, stdout};

#[test]
fn an_import_that_is_told_to_stop_lays_its_work_down_and_goes_on_later() {
    let data = tempfile::tempdir().unwrap();
    let file = synth(data.path(), "60000");
    let child = command(data.path())
        .args(["import", file.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = std::time::Instant::now();
    // A database has no folder that tells; by then it has begun there.
    let has_begun = || match database_of(data.path()) {
        Some(_) => begun.elapsed() > Duration::from_secs(1),
        None => data.path().join("workers").is_dir(),
    };
    while !has_begun() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("the same command goes on"), "{stderr}");
    let rest = import(data.path(), &file);
    assert_eq!(rest["duplicates"], 0);
    let all = stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap(), "--report", "json"]));
    assert!(all.contains("\"imported\":0"), "{all}");
}

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
        let mut child = command(killed.path())
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
    // The last is an area without borders of its own: its municipalities are the home.
    for (home, municipality) in [("Drenthe", "De Wolden"), ("Groningen", "Het Hogeland"), ("Hogeland", "Het Hogeland")]
    {
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

/// Made-up files of several kinds in one folder, one of them no messages.
fn seizure(folder: &Path) -> std::path::PathBuf {
    let folder = folder.join("beslag");
    std::fs::create_dir_all(folder.join("telefoon")).unwrap();
    let whatsapp = "27-08-2020 11:16 - Piet is toegevoegd\n27-08-2020 11:17 - Piet: busje staat in Kerkenveld\n";
    let telegram = r#"{"name":"Loods","type":"private_group","id":7,"messages":[{"id":1,"type":"message",
        "date_unixtime":"1598519820","from":"Klaas","text":"","location_information":{"latitude":52.7,"longitude":6.5}}]}"#;
    std::fs::write(folder.join("telefoon/WhatsApp-chat met Loods.txt"), whatsapp).unwrap();
    std::fs::write(folder.join("telefoon/result.json"), telegram).unwrap();
    std::fs::write(folder.join("foto.jpg"), b"\xFF\xD8\xFF\xE0").unwrap();
    folder
}

#[test]
fn a_folder_of_several_kinds_is_imported_and_a_shared_location_is_placed() {
    let data = tempfile::tempdir().unwrap();
    let folder = seizure(data.path());
    for (imported, duplicates) in [(2, 0), (0, 2)] {
        let report = import(data.path(), &folder);
        let counts = ["read", "imported", "duplicates", "rejected", "notices", "passed_over"]
            .map(|key| report[key].as_u64().unwrap());
        assert_eq!(counts, [3, imported, duplicates, 1, 1, 1]);
    }
    let list: Value = serde_json::from_str(&hotspots(data.path())).unwrap();
    let names: Vec<_> = list["hotspots"].as_array().unwrap().iter().map(|h| h["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"Kerkenveld") && names.iter().any(|name| name.starts_with("52.7")), "{names:?}");
}

#[test]
fn a_preview_shows_what_would_be_read_and_stores_nothing() {
    let data = tempfile::tempdir().unwrap();
    let folder = seizure(data.path());
    let store = data.path().join("nieuw");
    let out = stdout(&speurkaart(&store, &["import", "--preview", folder.to_str().unwrap(), "--report", "json"]));
    let preview: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    let formats: Vec<_> =
        preview["files"].as_array().unwrap().iter().map(|file| file["format"].as_str().unwrap()).collect();
    assert_eq!(formats, ["whatsapp", "telegram"]);
    assert_eq!(preview["files"][0]["rejected_examples"][0]["reason_code"], "system_notice");
    assert_eq!((&preview["files"][0]["rejected"], &preview["files"][0]["notices"]), (&1.into(), &1.into()));
    assert_eq!(preview["files"][0]["messages"][0]["conversation"], "Loods");
    assert_eq!(preview["files"][1]["messages"][0]["location"]["lon"], 6.5);
    assert_eq!(preview["passed_over"][0]["reason"], "a picture");
    assert!(!store.exists());
    let text = stdout(&speurkaart(&store, &["import", "--preview", folder.to_str().unwrap()]));
    assert!(text.contains("busje staat in Kerkenveld") && text.contains("1 × system_notice"), "{text}");
}

#[test]
fn a_mapping_is_remembered_for_its_source() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("x.csv");
    std::fs::write(&file, "wanneer,wat\n2020-05-27T21:15:00Z,ben in Emmen\n").unwrap();
    let run = |more: &[&str]| {
        let mut args = vec!["import", file.to_str().unwrap(), "--source", "tip"];
        args.extend(more);
        speurkaart(data.path(), &args)
    };
    assert_eq!(run(&[]).status.code(), Some(1));
    assert!(run(&["--map", "text=wat,time=wanneer"]).status.success());
    assert!(stdout(&run(&[])).contains("1 there already"));
    let elsewhere = speurkaart(data.path(), &["import", file.to_str().unwrap(), "--source", "andere"]);
    assert_eq!(elsewhere.status.code(), Some(1));
}
