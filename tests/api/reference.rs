//! What changes seldom: regions, basemap, the OpenAPI document, the screen's files.

use reqwest::StatusCode;
use serde_json::Value;
use tests::Server;

use crate::{get, json};

#[tokio::test]
async fn regions_come_by_layer_and_are_kept_by_etag() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    for (kind, count) in [("province", 12), ("municipality", 342), ("police_unit", 10)] {
        let path = format!("/api/v1/regions?kind={kind}");
        let response = get(&server, &client, &path).await;
        let etag = response.headers()["etag"].clone();
        let collection: Value = response.json().await.unwrap();
        assert_eq!(collection["features"].as_array().unwrap().len(), count, "{kind}");
        let again =
            client.get(format!("{}{path}", server.origin())).header("if-none-match", etag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{kind}");
    }
}

#[tokio::test]
async fn the_basemap_is_complete_and_kept_by_etag() {
    let server = Server::start(&[]);
    for layer in ["world-lowres", "land", "water", "rivers", "borders", "labels"] {
        let url = format!("{}/basemap/{layer}.geojson", server.origin());
        let response = server.stranger().get(&url).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{layer}");
        assert_eq!(response.headers()["content-encoding"], "gzip", "{layer}");
        let again = server
            .stranger()
            .get(&url)
            .header("if-none-match", response.headers()["etag"].clone())
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{layer}");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let url = format!("{}/api/v1/regions?kind=municipality", server.origin());
    let plain = client.get(&url).send().await.unwrap().bytes().await.unwrap();
    let packed = client.get(&url).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert!(packed.bytes().await.unwrap().len() * 2 < plain.len());
}

#[tokio::test]
async fn the_openapi_document_describes_every_route_and_answers_with_what_it_says() {
    let server = Server::start(&["--demo", "--demo-messages", "2000"]);
    let client = server.signed_in().await;
    let document = json(&server, &client, "/api/openapi.json").await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/api/v1/meta",
        "/api/v1/regions",
        "/api/v1/activity",
        "/api/v1/hotspots",
        "/api/v1/hotspots/{place}",
        "/api/v1/scan",
        "/api/v1/clusters",
        "/api/v1/near-repeat",
        "/api/v1/density",
        "/api/v1/trend",
        "/api/v1/messages",
        "/api/v1/uploads",
        "/api/v1/uploads/{id}",
        "/api/v1/uploads/{id}/preview",
        "/api/v1/imports",
        "/api/v1/imports/{number}/cancel",
        "/api/v1/imports/{number}/retry",
        "/api/v1/rejected",
        "/api/v1/review",
        "/api/v1/decisions",
        "/api/v1/decisions/{number}",
        "/api/v1/places",
        "/api/v1/home",
        "/api/v1/session",
        "/tiles/activity/{z}/{x}/{y}",
    ] {
        assert!(paths.keys().any(|key| key.starts_with(path)), "{path} is not described: {:?}", paths.keys());
    }
    // Every field that the answer carries is described, and every required field is there.
    for (path, schema) in [
        ("/api/v1/hotspots", "Hotspots"),
        ("/api/v1/activity", "Activity"),
        ("/api/v1/density", "Density"),
        ("/api/v1/trend", "Trend"),
        ("/api/v1/scan?replicas=9", "Scan"),
        ("/api/v1/clusters", "Clusters"),
        ("/api/v1/near-repeat?replicas=9", "NearRepeat"),
        ("/api/v1/hotspots/nergens", "HotspotDetail"),
        ("/api/v1/messages", "MessagePage"),
        ("/api/v1/meta", "Meta"),
        ("/api/v1/review", "ReviewQueue"),
        ("/api/v1/home", "Home"),
        ("/api/v1/imports", "Jobs"),
    ] {
        let answer = json(&server, &client, path).await;
        let described = &document["components"]["schemas"][schema];
        for required in described["required"].as_array().unwrap() {
            assert!(answer.get(required.as_str().unwrap()).is_some(), "{schema} lacks {required}");
        }
        for field in answer.as_object().unwrap().keys() {
            assert!(described["properties"].get(field).is_some(), "{schema}.{field} is not described");
        }
    }
}
