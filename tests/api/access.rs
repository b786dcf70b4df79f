//! Who may see what: one-time links, sessions, foreign pages, headers.

use reqwest::{Client, StatusCode};
use serde_json::Value;
use tests::{Server, speurkaart, stdout};

use crate::{demo, get, json};

/// Every route that shows anything of messages.
const PRIVATE: [&str; 20] = [
    "/api/v1/meta",
    "/api/v1/home",
    "/api/v1/regions?kind=province",
    "/api/v1/activity",
    "/api/v1/hotspots",
    "/api/v1/hotspots.csv",
    "/api/v1/hotspots.geojson",
    "/api/v1/hotspots/nl%2Fassen%2Fassen",
    "/api/v1/density",
    "/api/v1/trend",
    "/api/v1/scan",
    "/api/v1/clusters",
    "/api/v1/near-repeat",
    "/api/v1/messages",
    "/api/v1/rejected",
    "/api/v1/review",
    "/api/v1/decisions",
    "/api/v1/places?q=assen",
    "/tiles/activity/6/33/20.mvt",
    "/basemap/custom.pmtiles",
];

#[tokio::test]
async fn without_a_session_the_api_answers_401_as_problem_json() {
    let server = Server::start(&[]);
    let stranger = server.stranger();
    for path in PRIVATE {
        let response = get(&server, &stranger, path).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], "not_signed_in", "{path}");
    }
    for path in PRIVATE.iter().filter(|path| {
        path.starts_with("/api/v1/") && !["meta", "/re", "places"].iter().any(|read_only| path.contains(read_only))
    }) {
        let response =
            stranger.post(format!("{}{path}", server.origin())).json(&serde_json::json!({})).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "POST {path}");
    }
    let forged = get(&server, &with_cookie("speurkaart_session=0000"), "/api/v1/meta").await;
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
}

fn with_cookie(cookie: &str) -> Client {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("cookie", cookie.parse().unwrap());
    Client::builder().default_headers(headers).build().unwrap()
}

#[tokio::test]
async fn a_link_signs_in_once_and_its_cookie_is_closed_to_scripts_and_other_sites() {
    let server = Server::start(&[]);
    let no_redirect = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = no_redirect.get(&server.link).send().await.unwrap();
    assert!(response.status().is_redirection());
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let session = cookie.split(';').next().unwrap();
    assert_eq!(get(&server, &with_cookie(session), "/api/v1/meta").await.status(), StatusCode::OK);

    let again = no_redirect.get(&server.link).send().await.unwrap();
    assert!(again.headers().get("set-cookie").is_none(), "the link worked twice");
    assert!(again.headers()["location"].to_str().unwrap().contains("signed-out"));
}

#[tokio::test]
async fn a_link_is_not_used_up_by_a_preview() {
    let server = Server::start(&[]);
    let preview = server.stranger().get(&server.link).header("sec-purpose", "prefetch").send().await.unwrap();
    assert_eq!(preview.status(), StatusCode::NO_CONTENT);
    let client = server.signed_in().await;
    assert_eq!(get(&server, &client, "/api/v1/meta").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn user_link_prints_another_link_and_signing_out_ends_the_session() {
    let server = Server::start(&[]);
    let out = stdout(&speurkaart(server.data(), &["user", "link", "--url", &server.origin()]));
    let link = out.split_whitespace().last().unwrap();
    let client = server.stranger();
    client.get(link).send().await.unwrap();
    assert_eq!(get(&server, &client, "/api/v1/meta").await.status(), StatusCode::OK);

    let out = client.delete(format!("{}/api/v1/session", server.origin())).send().await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert_eq!(get(&server, &client, "/api/v1/meta").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_of_another_site_is_refused() {
    let (server, client) = demo().await;
    let url = format!("{}/api/v1/hotspots", server.origin());
    let foreign =
        client.post(&url).header("origin", "https://elders.example").json(&serde_json::json!({})).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let own = client.post(&url).header("origin", server.origin()).json(&serde_json::json!({})).send().await.unwrap();
    assert_eq!(own.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_strict_security_headers() {
    let server = Server::start(&[]);
    for path in ["/", "/api/v1/meta", "/health/live", "/nowhere", "/basemap/land.geojson"] {
        let response = get(&server, &server.stranger(), path).await;
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{path}: {policy}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
    }
}

#[tokio::test]
async fn what_is_confidential_is_never_cached() {
    let (server, client) = demo().await;
    for path in ["/api/v1/messages", "/api/v1/hotspots.csv", "/api/v1/activity"] {
        let response = get(&server, &client, path).await;
        assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
    }
}

#[test]
fn listening_on_a_network_without_protection_is_refused_with_an_explanation() {
    let data = tempfile::tempdir().unwrap();
    let out = speurkaart(data.path(), &["serve", "--listen", "0.0.0.0:0"]);
    assert!(!out.status.success());
    let error = String::from_utf8_lossy(&out.stderr);
    for way_out in ["--tls-cert", "--behind-proxy", "127.0.0.1"] {
        assert!(error.contains(way_out), "{error}");
    }
}

#[tokio::test]
async fn logs_and_metrics_hold_no_message_text_and_no_names() {
    let (server, client) = demo().await;
    let page = json(&server, &client, "/api/v1/messages?limit=50").await;
    crate::post(&server, &client, "/api/v1/messages", &serde_json::json!({ "words": "geheimwoord" })).await;
    let metrics = get(&server, &client, "/metrics").await.text().await.unwrap();
    assert!(metrics.contains("speurkaart_http_requests_total"), "{metrics}");
    let messages = page["messages"].as_array().unwrap();
    assert!(!messages.is_empty());
    let mut private: Vec<&str> =
        messages.iter().map(|message| message["text"].as_str().unwrap()).filter(|text| text.len() > 15).collect();
    private
        .extend(messages.iter().map(|message| message["sender"].as_str().unwrap()).filter(|sender| sender.len() > 4));
    private.push("geheimwoord");
    server.assert_clean_log(&private);
    for word in private {
        assert!(!metrics.contains(word), "metrics hold {word:?}");
    }
}
