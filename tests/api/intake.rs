//! Live messages over the API.

use std::time::{Duration, Instant};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json as value};
use tests::Server;

use crate::{get, json, post};

async fn send(server: &Server, client: &Client, query: &str, body: impl Into<reqwest::Body>) -> Response {
    let url = format!("{}/api/v1/messages{query}", server.origin());
    client.post(url).header("content-type", "application/x-ndjson").body(body).send().await.unwrap()
}

async fn counts(response: Response) -> [u64; 5] {
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Value = response.json().await.unwrap();
    ["read", "imported", "duplicates", "rejected", "mentions"].map(|key| answer[key].as_u64().unwrap())
}

#[tokio::test]
async fn live_messages_are_on_the_map_within_seconds_and_in_once() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let late = concat!(
        r#"{"text":"we staan in Kerkenveld","time":"2026-05-02T10:00:00+02:00","sender":"a","conversation":"c1"}"#,
        "\n",
        "geheime onzin\n",
        r#"{"text":"eerder al in Hoogeveen","time":"2020-05-02T10:00:00+02:00","sender":"b","conversation":"c1"}"#,
        "\n",
    );
    let begun = Instant::now();
    assert_eq!(counts(send(&server, &client, "?case=zaak&source=tap", late).await).await, [3, 2, 0, 1, 2]);
    server.wait_for_messages(&client, 2).await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(counts(send(&server, &client, "?case=zaak&source=tap", late).await).await, [3, 0, 2, 1, 0]);
    let rejected = json(&server, &client, "/api/v1/rejected?source=tap").await;
    assert_eq!(rejected.as_array().unwrap().len(), 1, "the same line sent again is kept once: {rejected}");
    assert_eq!((&rejected[0]["line"], &rejected[0]["code"]), (&2.into(), &"broken_json".into()));
    let jobs = json(&server, &client, "/api/v1/imports").await;
    assert_eq!((&jobs["jobs"][0]["state"], &jobs["jobs"][0]["read"]), (&"done".into(), &6.into()), "{jobs}");
    assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1);
    // A question in JSON is still a question.
    let page: Value =
        post(&server, &client, "/api/v1/messages", &value!({ "words": "kerkenveld" })).await.json().await.unwrap();
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
    server.assert_clean_log(&["geheime", "Kerkenveld", "Hoogeveen"]);
}

#[tokio::test]
async fn a_batch_that_makes_no_sense_is_refused_and_an_empty_one_is_nothing() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    assert_eq!(counts(send(&server, &client, "", "").await).await, [0; 5]);
    let problem: Value = send(&server, &client, "", "{\"a\":1}\n").await.json().await.unwrap();
    assert_eq!(problem["code"], "no_text_or_time", "{problem}");
    let unknown = send(&server, &client, "?zaak=x", "").await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert_eq!(send(&server, &server.stranger(), "", "{}").await.status(), StatusCode::UNAUTHORIZED);
    let large = send(&server, &client, "", vec![b'\n'; (64 << 20) + 1]).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(get(&server, &client, "/health/live").await.status(), StatusCode::OK);
    assert_eq!(std::fs::read_dir(server.data().join("uploads")).unwrap().count(), 0, "nothing stays of a batch");
}
