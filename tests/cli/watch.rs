//! `speurkaart import --watch`: what comes into a folder is imported once, also across restarts.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tests::{binary, speurkaart, stdout};

/// A watching process, killed when dropped.
struct Watcher {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Watcher {
    fn start(data: &Path, folder: &Path) -> Self {
        let mut child = Command::new(binary())
            .arg("--data")
            .arg(data)
            .args(["import", "--watch", folder.to_str().unwrap(), "--report", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// What it says next.
    fn next(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(number: usize) -> String {
    json!({ "text": format!("bericht {number}: ben in Emmen"), "time": 1_590_000_000 + number, "sender": "a" })
        .to_string()
}

fn counts(told: &Value) -> [u64; 3] {
    ["read", "imported", "duplicates"].map(|key| told[key].as_u64().unwrap_or_else(|| panic!("{told}")))
}

fn append(file: &Path, text: &str) {
    std::fs::OpenOptions::new().append(true).open(file).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn files_are_read_once_grow_and_are_remembered() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = folder.path().join("tap.jsonl");
    std::fs::write(&file, format!("{}\n{}\n{{\"text\":\"half", line(1), line(2))).unwrap();
    std::fs::write(folder.path().join("a-broken.csv"), "kolom,ander\n1,2\n").unwrap();
    let mut watcher = Watcher::start(data.path(), folder.path());
    let broken = watcher.next();
    assert!(broken["file"].as_str().unwrap().ends_with("a-broken.csv") && broken["error"].is_string(), "{broken}");
    assert_eq!(counts(&watcher.next()), [2, 2, 0], "the line that is still being written waits");
    append(&file, &format!(" a line\",\"time\":1590000003}}\n{}\n", line(4)));
    assert_eq!(counts(&watcher.next()), [2, 2, 0], "only what was added is read");
    drop(watcher);

    // While nobody watches: one file moves, one grows, one comes.
    std::fs::rename(&file, folder.path().join("moved.jsonl")).unwrap();
    std::fs::write(folder.path().join("new.jsonl"), format!("{}\n{}\n", line(1), line(9))).unwrap();
    let mut watcher = Watcher::start(data.path(), folder.path());
    assert!(watcher.next()["error"].is_string(), "a broken file is tried again after a restart");
    let told = watcher.next();
    assert!(told["file"].as_str().unwrap().ends_with("new.jsonl"), "the moved file is known by its content: {told}");
    assert_eq!(counts(&told), [2, 1, 1]);
    append(&folder.path().join("new.jsonl"), &format!("{}\n", line(10)));
    assert_eq!(counts(&watcher.next()), [1, 1, 0]);
    drop(watcher);

    append(&folder.path().join("new.jsonl"), &format!("{}\n", line(11)));
    let mut watcher = Watcher::start(data.path(), folder.path());
    assert!(watcher.next()["error"].is_string());
    assert_eq!(counts(&watcher.next()), [1, 1, 0], "goes on where it was across a restart");
    drop(watcher);
    let list: Value =
        serde_json::from_str(&stdout(&speurkaart(data.path(), &["hotspots", "--format", "json"]))).unwrap();
    assert_eq!(list["hotspots"][0]["name"], "Emmen");
}

#[test]
fn what_is_no_folder_is_not_watched() {
    let data = tempfile::tempdir().unwrap();
    let output = speurkaart(data.path(), &["import", "--watch", data.path().join("niets").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no folder"));
}
