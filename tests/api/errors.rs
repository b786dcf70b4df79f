//! Requests that make no sense get a problem that says what would.

use reqwest::StatusCode;
use serde_json::{Value, json as body};

use crate::{demo, get, post};

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_named() {
    let (server, client) = demo().await;
    for (query, code, says) in [
        ("from=gisteren", "bad_time", "from"),
        ("to=2020-02-31", "bad_time", "to"),
        ("from=2020-06-01&to=2020-05-01", "empty_period", "before"),
        ("region=Drente-Zuid", "unknown_region", "Drente-Zuid"),
        ("region=Drente", "unknown_region", "Drenthe"),
        ("bbox=1,2,3", "bad_bbox", "west,south,east,north"),
        ("bbox=7,53,6,nan", "bad_bbox", "west,south,east,north"),
        ("case=geheim", "unknown_case", "geheim"),
        ("source=nergens", "unknown_source", "nergens"),
        ("min_confidence=1.5", "bad_confidence", "0 to 1"),
        ("min_confidence=veel", "bad_query", "min_confidence"),
        ("layer=waterschap", "bad_query", "layer"),
        ("words=kilo", "private_in_url", "POST"),
        ("nonsense=1", "bad_query", "nonsense"),
    ] {
        for path in [
            "/api/v1/activity",
            "/api/v1/hotspots",
            "/api/v1/hotspots.csv",
            "/api/v1/hotspots.geojson",
            "/api/v1/hotspots/nergens",
            "/api/v1/density",
            "/api/v1/trend",
            "/api/v1/scan",
            "/api/v1/clusters",
            "/api/v1/near-repeat",
            "/api/v1/messages",
        ] {
            let response = get(&server, &client, &format!("{path}?{query}")).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}?{query}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            let problem: Value = response.json().await.unwrap();
            assert_eq!(problem["code"], code, "{path}?{query}: {problem}");
            assert!(problem["detail"].as_str().unwrap().contains(says), "{path}?{query}: {problem}");
        }
    }
}

#[tokio::test]
async fn limits_and_cursors_out_of_range_are_named() {
    let (server, client) = demo().await;
    for (path, code) in [
        ("/api/v1/hotspots?limit=0", "bad_limit"),
        ("/api/v1/messages?limit=1001", "bad_limit"),
        ("/api/v1/messages?after=morgen", "bad_after"),
        ("/api/v1/hotspots?by=street", "bad_by"),
        ("/api/v1/regions?kind=continent", "unknown_kind"),
    ] {
        let response = get(&server, &client, path).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code, "{path}");
    }
}

#[tokio::test]
async fn a_broken_body_is_refused_without_quoting_it() {
    let (server, client) = demo().await;
    let url = format!("{}/api/v1/hotspots", server.origin());
    for broken in
        [r#"{"words": "geheimwoord""#, r#"{"words": ["geheimwoord"]}"#, "geheimwoord", r#"{"geheimwoord": 1}"#]
    {
        let response = client.post(&url).header("content-type", "application/json").body(broken).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{broken}");
        let text = response.text().await.unwrap();
        assert!(text.contains("bad_body") && !text.contains("geheimwoord"), "{text}");
    }
    let two_points = body!({ "polygon": [{"lon": 6.0, "lat": 52.0}, {"lon": 6.1, "lat": 52.0}] });
    let response = post(&server, &client, "/api/v1/hotspots", &two_points).await;
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "bad_polygon");
    let huge = "x".repeat(2 << 20);
    let response = client.post(&url).header("content-type", "application/json").body(huge).send().await.unwrap();
    assert!(response.status().is_client_error());
    server.assert_clean_log(&["geheimwoord"]);
}

#[tokio::test]
async fn an_unknown_address_is_404() {
    let (server, client) = demo().await;
    for path in ["/api/v1/nothing", "/api/v2/meta", "/basemap/moon.geojson", "/../Cargo.toml", "/index.html/.."] {
        let response = get(&server, &client, path).await;
        assert!([StatusCode::NOT_FOUND, StatusCode::OK].contains(&response.status()), "{path}: {}", response.status());
        assert!(!response.text().await.unwrap().contains("[workspace]"), "{path}");
    }
    assert_eq!(get(&server, &client, "/api/v1/nothing").await.status(), StatusCode::NOT_FOUND);
}
