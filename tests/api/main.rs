//! The API of a running server, over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod activity;
mod analyses;
mod conversations;
mod errors;
mod exports;
mod home;
mod imports;
mod intake;
mod live;
mod reference;
mod review;
mod statistics;
mod topics;

use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tests::Server;

/// Enough messages for every planted hotspot, few enough to be read in seconds.
const DEMO: [&str; 3] = ["--demo", "--demo-messages", "6000"];

/// A server with demo data, and a client that is signed in.
async fn demo() -> (Server, Client) {
    let server = Server::start(&DEMO);
    let client = server.signed_in().await;
    (server, client)
}

async fn get(server: &Server, client: &Client, path: &str) -> Response {
    client.get(format!("{}{path}", server.origin())).send().await.unwrap()
}

/// The JSON of an answer that must be good.
async fn json(server: &Server, client: &Client, path: &str) -> Value {
    let response = get(server, client, path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.json().await.unwrap()
}

async fn post(server: &Server, client: &Client, path: &str, body: &Value) -> Response {
    client.post(format!("{}{path}", server.origin())).json(body).send().await.unwrap()
}
