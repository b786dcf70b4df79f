//! Journeys of an analyst through a real browser, against a real server with demo messages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod analyses;
mod home;
mod import;
mod lines;
mod review;
mod road;
mod screens;
mod statistics;
mod topics;

use serde_json::Value;
use tests::{Browser, Server};

/// Enough messages for the planted build-up to stand out, few enough to be read in seconds.
const DEMO: [&str; 3] = ["--demo", "--demo-messages", "12000"];

/// A server with demo data, and a browser that opened its link.
async fn signed_in(width: u32, height: u32) -> (Server, Browser, tempfile::TempDir) {
    let server = Server::start(&DEMO);
    let downloads = tempfile::tempdir().unwrap();
    let browser = Browser::open(width, height, downloads.path()).await;
    browser.client.goto(&server.link).await.unwrap();
    browser.wait_until_ready().await;
    (server, browser, downloads)
}

/// The API as the browser's own session sees it.
struct Api {
    client: reqwest::Client,
    origin: String,
    cookie: String,
}

impl Api {
    async fn of(server: &Server, browser: &Browser) -> Self {
        let cookies = browser.client.get_all_cookies().await.unwrap();
        let cookie =
            cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect::<Vec<_>>().join("; ");
        Self { client: server.stranger(), origin: server.origin(), cookie }
    }

    async fn text(&self, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.origin)).header("cookie", &self.cookie);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.text().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }
}
