//! Workers that share a list of files.

use std::process::{Child, Stdio};
use std::time::Duration;

use crate::Shared;

/// Files on the list.
const FILES: usize = 6;

fn worker(shared: &Shared) -> Child {
    let data = shared.data.path().join("worker");
    std::fs::create_dir_all(&data).unwrap();
    let mut command = shared.command_in(&data, &["import", "--worker", "--until-empty", "--report", "json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn workers_read_every_listed_file_once_though_one_is_killed() {
    for shared in Shared::each() {
        let files: Vec<String> = (0..FILES)
            .map(|i| shared.synth(&format!("chat{i}.jsonl"), &["--messages", "12000", "--seed", &i.to_string()]))
            .collect();
        let names: Vec<&str> = files.iter().map(String::as_str).collect();
        let plain = Shared::sqlite();
        let expected = plain.import(&names);
        tests::stdout(&shared.run(&[&["import", "--enqueue"], &names[..]].concat()));

        let mut killed = worker(&shared);
        let living = worker(&shared);
        std::thread::sleep(Duration::from_millis(1_500));
        // SIGKILL: nothing is laid down, nothing is said.
        killed.kill().unwrap();
        killed.wait().unwrap();
        let out = living.wait_with_output().unwrap();
        tests::stdout(&out);

        assert_eq!(shared.hotspots(), plain.hotspots(), "every message once");
        let again = shared.import(&names);
        assert_eq!((&again["imported"], &again["duplicates"]), (&serde_json::json!(0), &expected["read"]));
    }
}

#[test]
fn an_import_into_a_database_gives_what_one_into_a_directory_gives() {
    let Some(shared) = Shared::postgres() else { return };
    let plain = Shared::sqlite();
    let file = plain.synth("chat.jsonl", &["--messages", "20000"]);
    let (there, here) = (shared.import(&[&file]), plain.import(&[&file]));
    for count in ["read", "imported", "duplicates", "rejected", "mentions"] {
        assert_eq!(there[count], here[count], "{count}");
    }
    assert_eq!(shared.hotspots(), plain.hotspots());
    let again = shared.import(&[&file]);
    assert_eq!((&again["imported"], &again["duplicates"]), (&serde_json::json!(0), &here["read"]));
}

#[test]
fn an_import_into_a_database_killed_at_any_moment_ends_with_every_message_once() {
    let Some(shared) = Shared::postgres() else { return };
    let plain = Shared::sqlite();
    let file = plain.synth("chat.jsonl", &["--messages", "60000"]);
    plain.import(&[&file]);
    for round in 0..8 {
        let mut import = shared.command(&["import", &file]);
        let mut child = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150 + 150 * round));
        let _ = child.kill();
        child.wait().unwrap();
    }
    shared.import(&[&file]);
    assert_eq!(shared.hotspots(), plain.hotspots());
}
