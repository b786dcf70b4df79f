//! Journeys of an analyst through a real browser, against a real server with demo messages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod analyses;
mod drawing;
mod home;
mod import;
mod lines;
mod review;
mod road;
mod screens;
mod statistics;
mod topics;

use std::path::{Path, PathBuf};
use std::time::Duration;

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

/// Longitude, latitude and zoom in the address, once the map has come to rest.
async fn camera(browser: &Browser) -> [f64; 3] {
    let camera = browser.value("new URLSearchParams(location.search).get('map')").await;
    let numbers: Vec<f64> = camera.as_str().unwrap().split(',').map(|number| number.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// Where a position lies on the page.
async fn on_page(browser: &Browser, lon: f64, lat: f64) -> (i64, i64) {
    let [middle_lon, middle_lat, zoom] = camera(browser).await;
    let rect = browser.value("(r => [r.left + r.width / 2, r.top + r.height / 2])(document.querySelector('.map-canvas').getBoundingClientRect())").await;
    let mercator = |lat: f64| (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln().to_degrees();
    let per_degree = 512.0 * zoom.exp2() / 360.0;
    let x = rect[0].as_f64().unwrap() + (lon - middle_lon) * per_degree;
    let y = rect[1].as_f64().unwrap() - (mercator(lat) - mercator(middle_lat)) * per_degree;
    (x.round() as i64, y.round() as i64)
}

/// The only finished file with this extension that the browser saved, once it is there.
async fn saved(folder: &Path, extension: &str) -> PathBuf {
    for _ in 0..400 {
        let mut paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        if let Some(path) = paths.find(|path| path.extension().is_some_and(|ending| ending == extension)) {
            return path;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no .{extension} was saved");
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

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.origin)).header("cookie", &self.cookie).json(body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }
}
