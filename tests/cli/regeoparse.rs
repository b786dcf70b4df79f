//! `speurkaart regeoparse`: what changed is said, decisions stay, and twice is as good as once.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Server, command, speurkaart, stdout};

fn regeoparse(data: &Path, arguments: &[&str]) -> Value {
    let out = stdout(&speurkaart(data, &[&["regeoparse", "--report", "json"], arguments].concat()));
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

fn import(data: &Path, name: &str, case: &str, texts: &[&str]) {
    let lines: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            json!({ "text": text, "time": 1_590_000_000 + 90_000 * i, "conversation": format!("{name}{i}"), "sender": "a" }).to_string()
        })
        .collect();
    let file = data.join(format!("{name}.jsonl"));
    std::fs::write(&file, lines.join("\n")).unwrap();
    stdout(&speurkaart(data, &["import", file.to_str().unwrap(), "--case", case]));
}

/// Adds a nickname of Hoogeveen to the team's own.
fn add_nickname(data: &Path) {
    let places = stdout(&speurkaart(data, &["gazetteer", "lookup", "Hoogeveen"]));
    assert!(places.contains("nl/hoogeveen/hoogeveen"), "{places}");
    std::fs::create_dir_all(data.join("lexicon")).unwrap();
    let shipped =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/lexicon/nicknames.tsv")).unwrap();
    let header = shipped.lines().next().unwrap();
    std::fs::write(data.join("lexicon/eigen.tsv"), format!("{header}\nhooghvn\tnl/hoogeveen/hoogeveen\tnickname\n"))
        .unwrap();
}

fn totals(data: &Path) -> u64 {
    let list = stdout(&speurkaart(data, &["hotspots", "--format", "json", "--limit", "1000"]));
    let list: Value = serde_json::from_str(&list).unwrap();
    list["hotspots"].as_array().unwrap().iter().map(|h| h["mentions"].as_u64().unwrap()).sum()
}

#[test]
fn a_new_nickname_is_found_in_what_was_stored_and_the_rest_stays() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    import(data, "een", "een", &["we staan in hooghvn", "morgen naar Assen", "niets hier"]);
    import(data, "twee", "twee", &["ook in hooghvn", "en in Emmen"]);
    let nothing = regeoparse(data, &[]);
    let said = |report: &Value| {
        ["read", "unchanged", "added", "removed", "moved", "accepted", "unaccepted"]
            .map(|key| report[key].as_u64().unwrap())
    };
    assert_eq!(said(&nothing), [5, 2, 0, 0, 0, 0, 0]);
    add_nickname(data);
    let one_case = regeoparse(data, &["--case", "twee"]);
    assert_eq!(said(&one_case), [2, 1, 1, 0, 0, 1, 0]);
    let all = regeoparse(data, &[]);
    assert_eq!(said(&all), [5, 3, 1, 0, 0, 1, 0]);
    assert_eq!(totals(data), 4);
    assert_eq!(said(&regeoparse(data, &[])), [5, 4, 0, 0, 0, 0, 0]);
    std::fs::remove_file(data.join("lexicon/eigen.tsv")).unwrap();
    let words = stdout(&speurkaart(data, &["regeoparse"]));
    assert!(words.contains("2 gone") && words.contains("2  hooghvn"), "{words}");
    assert_eq!(totals(data), 2);

    let unknown = speurkaart(data, &["regeoparse", "--case", "drie"]);
    assert_eq!(unknown.status.code(), Some(1));
    let error = String::from_utf8(unknown.stderr).unwrap();
    assert!(error.contains("--case") && error.contains("een, twee"), "{error}");
}

#[tokio::test]
async fn decisions_outlive_regeoparsing_and_the_server_beside_follows() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    import(server.data(), "een", "een", &["we staan in hooghvn", "morgen naar Assen", "ik ben in Emmen"]);
    server.wait_for_messages(&client, 3).await;
    let get = async |path: &str| -> Value {
        client.get(format!("{}{path}", server.origin())).send().await.unwrap().json().await.unwrap()
    };
    let url = format!("{}/api/v1/decisions", server.origin());
    // One about like mentions, one about a word, one about a word that nothing is found for yet.
    let page = get("/api/v1/messages").await;
    let mention = |text: &str| {
        let messages = page["messages"].as_array().unwrap();
        messages.iter().flat_map(|m| m["mentions"].as_array().unwrap()).find(|m| m["text"] == text).unwrap()["number"]
            .clone()
    };
    for body in [
        json!({ "action": "reject", "mention": mention("Assen") }),
        json!({ "action": "always", "mention": mention("Emmen"), "place": "nl/hoogeveen/hoogeveen" }),
        json!({ "action": "never", "words": "hooghvn", "scope": "team" }),
    ] {
        assert_eq!(client.post(&url).json(&body).send().await.unwrap().status(), 201, "{body}");
    }
    let before = get("/api/v1/activity").await;
    assert_eq!(before["places"].as_array().unwrap().len(), 1, "{before}");
    add_nickname(server.data());
    let report = regeoparse(server.data(), &[]);
    assert_eq!(
        (report["added"].as_u64(), report["accepted"].as_u64(), report["decisions"].as_u64()),
        (Some(1), Some(0), Some(3))
    );
    // The server has read everything anew when the new mention counts among those of its decision.
    let mut decisions = Value::Null;
    for _ in 0..200 {
        decisions = get("/api/v1/decisions").await;
        if decisions[0]["mentions"] == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mentions: Vec<_> = decisions.as_array().unwrap().iter().map(|d| d["mentions"].as_u64().unwrap()).collect();
    assert_eq!(mentions, [1, 1, 1], "{decisions}");
    assert_eq!(get("/api/v1/activity").await["places"], before["places"]);
    server.assert_clean_log(&["hooghvn"]);
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_the_next_run_ends_the_same() {
    let (clean, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = clean.path().join("chat.jsonl");
    // Every Kerkenveld becomes a nickname that nothing knows yet.
    let chat =
        stdout(&speurkaart(clean.path(), &["synth", "--messages", "40000"])).replace("erkenveld", "erkenvooghvn");
    let chat = chat.replace("Kerkenvooghvn", "hooghvn").replace("kerkenvooghvn", "hooghvn");
    std::fs::write(&file, chat).unwrap();
    for data in [clean.path(), killed.path()] {
        stdout(&speurkaart(data, &["import", file.to_str().unwrap()]));
        add_nickname(data);
    }
    let report = regeoparse(clean.path(), &[]);
    assert!(report["added"].as_u64().unwrap() > 10, "{report}");
    for round in 0..5 {
        let mut child =
            command(killed.path()).arg("regeoparse").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(400 + 400 * round));
        let _ = child.kill();
        child.wait().unwrap();
    }
    regeoparse(killed.path(), &[]);
    let again = regeoparse(killed.path(), &[]);
    assert_eq!(again["unchanged"], regeoparse(clean.path(), &[])["unchanged"]);
    assert_eq!(
        (again["added"].as_u64(), again["removed"].as_u64(), again["moved"].as_u64()),
        (Some(0), Some(0), Some(0))
    );
    assert_eq!(totals(clean.path()), totals(killed.path()));
}
