//! Bringing files in over the API: uploads, previews, jobs, rejected input.

use std::time::{Duration, Instant};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json as value};
use tests::{Server, speurkaart, stdout};

use crate::{get, json, post};

const CHAT: &str = concat!(
    r#"{"text":"busje staat in Kerkenveld","time":"2020-05-02T10:00:00+02:00","sender":"a","conversation":"c1"}"#,
    "\n",
    "geheime onzin\n",
    r#"{"text":"morgen naar Hoogeveen","time":"2020-05-03T10:00:00+02:00","sender":"b","conversation":"c1"}"#,
    "\n",
);

async fn send(server: &Server, client: &Client, name: &str, body: impl Into<reqwest::Body>) -> Response {
    let url = format!("{}/api/v1/uploads", server.origin());
    client.post(url).query(&[("name", name)]).body(body).send().await.unwrap()
}

/// The id of a file that must be taken.
async fn upload(server: &Server, client: &Client, name: &str, body: impl Into<reqwest::Body>) -> String {
    let response = send(server, client, name, body).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let upload: Value = response.json().await.unwrap();
    upload["upload"].as_str().unwrap().to_owned()
}

/// Puts an upload on the list; numbers of its jobs.
async fn import(server: &Server, client: &Client, body: Value) -> Vec<u64> {
    let response = post(server, client, "/api/v1/imports", &body).await;
    let status = response.status();
    let jobs: Value = response.json().await.unwrap();
    assert_eq!(status, StatusCode::ACCEPTED, "{jobs}");
    jobs["jobs"].as_array().unwrap().iter().map(|job| job["number"].as_u64().unwrap()).collect()
}

async fn job(server: &Server, client: &Client, number: u64) -> Value {
    let jobs = json(server, client, "/api/v1/imports").await;
    jobs["jobs"].as_array().unwrap().iter().find(|job| job["number"] == number).unwrap().clone()
}

/// The job once it is in one of these states.
async fn once(server: &Server, client: &Client, number: u64, states: &[&str]) -> Value {
    let begun = Instant::now();
    loop {
        let job = job(server, client, number).await;
        if states.contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{job}\n{}", server.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// So many made-up messages, told apart by `seed`.
fn synth(server: &Server, messages: &str, seed: &str) -> String {
    stdout(&speurkaart(server.data(), &["synth", "--messages", messages, "--seed", seed]))
}

#[tokio::test]
async fn a_file_is_uploaded_imported_and_counted() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let id = upload(&server, &client, "../../etc/chat.jsonl", CHAT).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(server.data().join("uploads").join(&id)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "only the owner reads it");
    }
    let numbers = import(&server, &client, value!({ "upload": id, "case": "zaak-7" })).await;
    let done = once(&server, &client, numbers[0], &["done", "failed"]).await;
    for (key, expected) in [
        ("state", value!("done")),
        ("case", value!("zaak-7")),
        ("source", value!("chat.jsonl")),
        ("file", value!("chat.jsonl")),
        ("format", value!("jsonl")),
        ("read", value!(3)),
        ("imported", value!(2)),
        ("rejected", value!(1)),
        ("mentions", value!(2)),
        ("bytes_done", value!(CHAT.len())),
        ("can_cancel", value!(false)),
        ("can_retry", value!(true)),
    ] {
        assert_eq!(done[key], expected, "{key}: {done}");
    }
    assert!(done["by"].is_string() && done["finished"].is_string(), "{done}");
    server.wait_for_messages(&client, 2).await;
    // Again: everything is a duplicate.
    let numbers = import(&server, &client, value!({ "upload": id, "case": "zaak-7" })).await;
    let again = once(&server, &client, numbers[0], &["done", "failed"]).await;
    assert_eq!((&again["imported"], &again["duplicates"]), (&0.into(), &2.into()));
    server.assert_clean_log(&["geheime", "Kerkenveld", "busje"]);
}

#[tokio::test]
async fn what_is_too_large_cut_off_or_no_upload_leaves_nothing_behind() {
    let server = Server::start(&["--upload-limit", "1000"]);
    let client = server.signed_in().await;
    let large = send(&server, &client, "a", vec![b'x'; 1001]).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let problem: Value = large.json().await.unwrap();
    assert_eq!(problem["code"], "too_large");
    assert_eq!(send(&server, &client, "a", vec![b'x'; 1000]).await.status(), StatusCode::CREATED);
    // Says that there is more than there comes.
    let address = server.origin().trim_start_matches("http://").to_owned();
    let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
    let cookie = sign_in_cookie(&server).await;
    let head = format!(
        "POST /api/v1/uploads?name=b HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\ncontent-length: 900\r\n\r\nhalf"
    );
    tokio::io::AsyncWriteExt::write_all(&mut socket, head.as_bytes()).await.unwrap();
    let part = || {
        std::fs::read_dir(server.data().join("uploads"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "part"))
    };
    wait_until(|| part().count() == 1).await;
    drop(socket);
    wait_until(|| part().count() == 0).await;
    for id in ["..%2Fspeurkaart.sqlite", "0123456789abcdef0123456789abcdef", "x"] {
        let url = format!("{}/api/v1/uploads/{id}", server.origin());
        assert_eq!(client.delete(&url).send().await.unwrap().status(), StatusCode::NOT_FOUND, "{id}");
        let preview = post(&server, &client, &format!("/api/v1/uploads/{id}/preview"), &value!({})).await;
        assert_eq!(preview.status(), StatusCode::NOT_FOUND, "{id}");
    }
    let unknown =
        post(&server, &client, "/api/v1/imports", &value!({ "upload": "../speurkaart.sqlite", "case": "x" })).await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    server.assert_clean_log(&[]);
}

async fn wait_until(condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A session of its own, as a header.
async fn sign_in_cookie(server: &Server) -> String {
    let link = stdout(&speurkaart(server.data(), &["user", "link"]));
    let token = link.trim().rsplit("token=").next().unwrap().to_owned();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = client.get(format!("{}/sign-in?token={token}", server.origin())).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn strangers_and_other_sites_bring_nothing_in() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let stranger = server.stranger();
    assert_eq!(send(&server, &stranger, "a", CHAT).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get(&server, &stranger, "/api/v1/imports").await.status(), StatusCode::UNAUTHORIZED);
    for path in ["/imports", "/imports/1/cancel", "/imports/1/retry", "/uploads/x/preview"] {
        let path = format!("/api/v1{path}");
        assert_eq!(post(&server, &stranger, &path, &value!({})).await.status(), StatusCode::UNAUTHORIZED, "{path}");
        let url = format!("{}{path}", server.origin());
        let foreign =
            client.post(url).header("origin", "https://elders.example").json(&value!({})).send().await.unwrap();
        assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let url = format!("{}/api/v1/uploads?name=a", server.origin());
    let foreign = client.post(url).header("origin", "https://elders.example").body(CHAT).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert!(!server.data().join("uploads").exists());
}

#[tokio::test]
async fn a_preview_says_what_the_command_line_says_and_finds_places_too() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let csv = "wanneer;wat\n2020-05-02 10:00;ben in Emmen\n2020-13-02 10:00;geen tijd\n";
    let id = upload(&server, &client, "tips.csv", csv).await;
    let path = format!("/api/v1/uploads/{id}/preview");
    let first: Value = post(&server, &client, &path, &value!({})).await.json().await.unwrap();
    assert_eq!(first["files"][0]["columns"], value!(["wanneer", "wat"]), "{first}");
    assert_eq!(first["files"][0]["missing"], "text");
    let body = value!({ "map": { "text": "wat", "time": "wanneer" } });
    let mut preview: Value = post(&server, &client, &path, &body).await.json().await.unwrap();
    let file = &mut preview["files"][0];
    assert_eq!(file["messages"][0]["mentions"][0]["place"]["name"], "Emmen", "{file}");
    assert_eq!(file["rejected_examples"][0]["line"], 3);
    // Otherwise it is that of the command line.
    file["messages"][0].as_object_mut().unwrap().remove("mentions");
    file.as_object_mut().unwrap().remove("zone_guessed");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tips.csv"), csv).unwrap();
    let arguments = ["import", "--preview", "--report", "json", "--map", "text=wat,time=wanneer"];
    let cli = std::process::Command::new(tests::binary())
        .args(arguments)
        .arg("tips.csv")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(preview, serde_json::from_str::<Value>(&stdout(&cli)).unwrap());
}

#[tokio::test]
async fn a_job_is_cancelled_midway_and_two_run_at_once() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    // All of them are there before the first is read, which takes no longer than bringing the others.
    let mut uploads = Vec::new();
    for seed in ["1", "2", "3"] {
        uploads.push(upload(&server, &client, "chat.jsonl", synth(&server, "40000", seed)).await);
    }
    let mut numbers = Vec::new();
    for id in uploads {
        let source = format!("bron {}", numbers.len() + 1);
        numbers.extend(import(&server, &client, value!({ "upload": id, "case": "x", "source": source })).await);
    }
    let begun = Instant::now();
    loop {
        let jobs = json(&server, &client, "/api/v1/imports").await;
        let running = jobs["jobs"].as_array().unwrap().iter().filter(|job| job["state"] == "running").count();
        assert!(running <= 2, "{jobs}");
        if running == 2 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{jobs}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // One that runs, one that waits; both at once, for the first may be done before the second is gone.
    for number in [numbers[0], numbers[2]] {
        let response = post(&server, &client, &format!("/api/v1/imports/{number}/cancel"), &value!({})).await;
        assert_eq!(response.status(), StatusCode::OK);
    }
    for number in [numbers[0], numbers[2]] {
        let stopped = once(&server, &client, number, &["cancelled", "done"]).await;
        assert_eq!(stopped["state"], "cancelled", "{stopped}");
        assert!(stopped["imported"].as_u64().unwrap() < 40_000, "{stopped}");
    }
    let other = once(&server, &client, numbers[1], &["done", "failed"]).await;
    assert_eq!((&other["state"], &other["read"]), (&"done".into(), &40_000.into()));
    let mut stored = 0;
    for number in numbers {
        stored += job(&server, &client, number).await["imported"].as_u64().unwrap();
    }
    server.wait_for_messages(&client, stored).await;
    let unknown = post(&server, &client, "/api/v1/imports/999/cancel", &value!({})).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn a_server_that_was_killed_goes_on_with_its_imports_at_the_next_start() {
    let mut server = Server::start(&[]);
    let client = server.signed_in().await;
    let id = upload(&server, &client, "chat.jsonl", synth(&server, "60000", "1")).await;
    let number = import(&server, &client, value!({ "upload": id, "case": "x" })).await[0];
    once(&server, &client, number, &["running"]).await;
    server.restart_after_kill();
    let client = server.client_with(&sign_in_cookie(&server).await);
    let done = once(&server, &client, number, &["done", "failed"]).await;
    assert_eq!(
        (&done["state"], &done["read"], &done["imported"]),
        (&"done".into(), &60_000.into(), &60_000.into()),
        "{done}"
    );
}

#[tokio::test]
async fn rejected_input_is_exported_and_cured_by_another_mapping() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let csv =
        "tijd;bericht;notitie\n2020-05-02 10:00;ben in Emmen;\n2020-05-02 11:00;;=naar Assen\n2020-05-02 12:00;;\n";
    // With the upload, and from the pieces alone.
    for (source, is_kept) in [("met", true), ("zonder", false)] {
        let id = upload(&server, &client, "tips.csv", csv).await;
        let number = import(&server, &client, value!({ "upload": id, "case": source, "source": source })).await[0];
        let done = once(&server, &client, number, &["done", "failed"]).await;
        assert_eq!((&done["imported"], &done["rejected"]), (&1.into(), &2.into()), "{done}");
        let export = get(&server, &client, &format!("/api/v1/rejected?job={number}&format=jsonl")).await;
        assert!(export.headers()["content-disposition"].to_str().unwrap().contains("attachment"));
        let lines = export.text().await.unwrap();
        let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        assert_eq!((&last["line"], &last["code"], lines.lines().count()), (&3.into(), &"no_text".into(), 2));
        assert!(!last["raw"].as_str().unwrap().is_empty());
        let table =
            get(&server, &client, &format!("/api/v1/rejected?job={number}&format=csv")).await.text().await.unwrap();
        assert_eq!(table.lines().count(), 3, "{table}");
        if !is_kept {
            let url = format!("{}/api/v1/uploads/{id}", server.origin());
            assert_eq!(client.delete(url).send().await.unwrap().status(), StatusCode::NO_CONTENT);
        }
        let path = format!("/api/v1/imports/{number}/retry");
        let answer: Value = post(&server, &client, &path, &value!({ "map": { "text": "notitie", "time": "tijd" } }))
            .await
            .json()
            .await
            .unwrap();
        for (key, expected) in [("tried", 2), ("cured", 1), ("imported", 1), ("still_rejected", 1)] {
            assert_eq!(answer[key], expected, "{key}: {answer}");
        }
        assert_eq!((&answer["job"]["imported"], &answer["job"]["rejected"]), (&2.into(), &1.into()));
        let left = json(&server, &client, &format!("/api/v1/rejected?job={number}")).await;
        assert_eq!((left.as_array().unwrap().len(), &left[0]["line"]), (1, &4.into()), "{left}");
        let nonsense = post(&server, &client, &path, &value!({ "map": { "text": "niets" } })).await;
        assert_eq!(nonsense.status(), StatusCode::BAD_REQUEST);
    }
    server.wait_for_messages(&client, 4).await;
    server.assert_clean_log(&["Assen", "Emmen", "notitie"]);
}

#[tokio::test]
async fn every_file_of_an_archive_is_a_job_and_imports_of_the_command_line_are_on_the_list() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("a/een.jsonl", CHAT), ("../twee.jsonl", CHAT), ("foto.jpg", "\u{ff}")] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, if name == "foto.jpg" { b"\xFF\xD8\xFF\xE0" } else { text.as_bytes() })
            .unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let id = upload(&server, &client, "beslag.zip", bytes).await;
    let body = value!({ "upload": id, "case": "x" });
    let numbers = import(&server, &client, body).await;
    let mut files = Vec::new();
    for number in &numbers {
        files.push(once(&server, &client, *number, &["done", "failed"]).await["file"].as_str().unwrap().to_owned());
    }
    files.sort();
    assert_eq!(files, ["beslag.zip/a/een.jsonl", "beslag.zip/twee.jsonl"]);

    let file = server.data().join("cli.jsonl");
    std::fs::write(&file, CHAT).unwrap();
    stdout(&speurkaart(server.data(), &["import", file.to_str().unwrap(), "--case", "y"]));
    let jobs = json(&server, &client, "/api/v1/imports?limit=1").await;
    assert_eq!(jobs["jobs"][0]["case"], "y", "newest first: {jobs}");
    assert!(jobs["jobs"][0].get("by").is_none());
    let picture = upload(&server, &client, "foto.jpg", &b"\xFF\xD8\xFF\xE0"[..]).await;
    let refused = post(&server, &client, "/api/v1/imports", &value!({ "upload": picture, "case": "x" })).await;
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["code"], "no_messages", "{problem}");
}
