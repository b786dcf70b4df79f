//! A running server follows what other processes write.

use reqwest::StatusCode;
use tests::{Server, speurkaart, stdout};

use crate::{get, json};

#[tokio::test]
async fn what_another_process_imports_is_on_the_map_within_seconds() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    assert_eq!(json(&server, &client, "/api/v1/activity").await["total"], 0);

    let file = server.data().join("chat.jsonl");
    std::fs::write(
        &file,
        concat!(
            r#"{"text":"we staan bij de schuur in Kerkenveld","time":"2020-05-02T10:00:00+02:00","sender":"a","conversation":"c1"}"#, "\n",
            "dit is geen json\n",
            r#"{"text":"morgen naar Hoogeveen","time":"2020-05-03T10:00:00+02:00","sender":"b","conversation":"c1"}"#, "\n",
        ),
    )
    .unwrap();
    stdout(&speurkaart(server.data(), &["import", file.to_str().unwrap(), "--case", "proef", "--source", "chat"]));
    server.wait_for_messages(&client, 2).await;

    let activity = json(&server, &client, "/api/v1/activity?region=Drenthe").await;
    assert_eq!(activity["total"], 2);
    let rejected = json(&server, &client, "/api/v1/rejected").await;
    assert_eq!(rejected[0]["line"], 2, "{rejected}");
    assert!(!rejected.to_string().contains("geen json"), "the reason never holds the text");
    let meta = json(&server, &client, "/api/v1/meta").await;
    assert_eq!(meta["synthetic"], false);
    assert_eq!(meta["sources"][0]["rejected"], 1);
}

/// Two phones of one conversation: its messages are there once and belong to both.
#[tokio::test]
async fn a_message_of_two_phones_is_found_by_either_and_names_both() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let file = |name: &str, lines: &[&str]| {
        let file = server.data().join(name);
        std::fs::write(&file, lines.join("\n")).unwrap();
        file
    };
    let shared = r#"{"id":"a1","text":"busje staat in Kerkenveld","time":"2020-05-02T10:00:00.250Z","sender":"a","conversation":"c"}"#;
    let shared_there = r#"{"id":"z9","text":"busje staat in Kerkenveld","time":"2020-05-02T10:00:00.900Z","sender":"a","conversation":"c"}"#;
    let alone = r#"{"text":"morgen naar Hoogeveen","time":"2020-05-03T10:00:00Z","sender":"b","conversation":"c"}"#;
    let import = |file: &std::path::Path, source| {
        stdout(&speurkaart(server.data(), &["import", file.to_str().unwrap(), "--source", source]));
    };
    import(&file("een.jsonl", &[shared, alone]), "telefoon een");
    server.wait_for_messages(&client, 2).await;
    import(&file("twee.jsonl", &[shared_there]), "telefoon twee");
    let begun = std::time::Instant::now();
    let found = loop {
        let answer = get(&server, &client, "/api/v1/messages?source=telefoon%20twee").await;
        if answer.status() == StatusCode::OK {
            let page: serde_json::Value = answer.json().await.unwrap();
            if page["total"] == 1 {
                break page;
            }
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "the second source is not seen");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(found["messages"][0]["sources"], serde_json::json!(["telefoon een", "telefoon twee"]));
    assert_eq!(found["messages"][0]["source"], "telefoon een");
    let first = json(&server, &client, "/api/v1/messages?source=telefoon%20een").await;
    assert_eq!(first["total"], 2);
    assert_eq!(first["messages"][0]["sources"], serde_json::json!(["telefoon een"]));
    // Where both are read, it counts once; days of the second are no days without data.
    let all = json(&server, &client, "/api/v1/activity").await;
    assert_eq!((&all["total"], &all["histogram"][0]["read"]), (&2.into(), &1.into()));
    let second = json(&server, &client, "/api/v1/activity?source=telefoon%20twee").await;
    assert_eq!((&second["total"], &second["histogram"][0]["read"]), (&1.into(), &1.into()));
    let meta = json(&server, &client, "/api/v1/meta").await;
    let counts: Vec<_> = meta["sources"].as_array().unwrap().iter().map(|source| &source["messages"]).collect();
    assert_eq!((counts, &meta["messages"]), (vec![&2.into(), &1.into()], &2.into()));
    let pack = get(&server, &client, "/api/v1/hotspots?format=pack&source=telefoon%20twee").await;
    let mut pack = zip::ZipArchive::new(std::io::Cursor::new(pack.bytes().await.unwrap())).unwrap();
    let line: serde_json::Value = serde_json::from_reader(pack.by_name("messages.jsonl").unwrap()).unwrap();
    assert_eq!(line["sources"], serde_json::json!(["telefoon een", "telefoon twee"]));
    let files: Vec<_> = line["source_files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert!(files.len() == 2 && files[0].ends_with("een.jsonl") && files[1].ends_with("twee.jsonl"), "{files:?}");
}

#[tokio::test]
async fn health_tells_live_from_ready() {
    let server = Server::start(&[]);
    let stranger = server.stranger();
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(get(&server, &stranger, path).await.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_pmtiles_file_of_the_user_is_served_by_ranges_to_those_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kaart.pmtiles");
    let mut bytes = b"PMTiles\x03".to_vec();
    bytes.extend((0..=255_u8).cycle().take(1000));
    std::fs::write(&file, &bytes).unwrap();
    let server = Server::start(&["--basemap", file.to_str().unwrap()]);
    let client = server.signed_in().await;
    assert_eq!(json(&server, &client, "/api/v1/meta").await["basemap"], "pmtiles");
    let url = format!("{}/basemap/custom.pmtiles", server.origin());
    let part = client.get(&url).header("range", "bytes=0-126").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes().await.unwrap(), &bytes[..127]);
}

#[test]
fn a_basemap_that_is_no_pmtiles_archive_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kaart.txt");
    std::fs::write(&file, "dit is een tekst").unwrap();
    let out = speurkaart(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--basemap", file.to_str().unwrap()]);
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("no PMTiles archive"));
}

#[test]
fn real_messages_and_demo_messages_never_share_a_directory() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("chat.csv");
    std::fs::write(&file, "time,sender,conversation,text\n2020-05-02 10:00,a,c,hallo\n").unwrap();
    stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap()]));
    let out = speurkaart(data.path(), &["serve", "--listen", "127.0.0.1:0", "--demo"]);
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("--data"));
}
