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
