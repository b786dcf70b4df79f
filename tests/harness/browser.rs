//! Headless Chromium by ChromeDriver.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// A browser window; closed when dropped.
pub struct Browser {
    driver: Child,
    _profile: tempfile::TempDir,
    /// The window.
    pub client: Client,
}

impl Browser {
    /// Opens a window of this size that saves downloads into a folder.
    pub async fn open(width: u32, height: u32, downloads: &Path) -> Self {
        let (driver, port) = (0..5).find_map(|_| start_driver()).expect("chromedriver does not start");
        let profile = tempfile::tempdir().unwrap();
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader",
            "--disable-quic",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=1",
            "--hide-scrollbars",
            "--lang=nl",
        ];
        let mut arguments: Vec<String> = flags.iter().map(ToString::to_string).collect();
        // A window no smaller than the page, or what lies outside it is not drawn.
        arguments.push(format!("--window-size={},{}", width.max(800), height + 200));
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let mut capabilities = serde_json::Map::new();
        capabilities.insert(
            "goog:chromeOptions".into(),
            json!({
                "args": arguments,
                // The size of the page itself, without the frame of a window, and narrower than a window can be.
                "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false, "mobile": width < 500 } },
                "prefs": { "intl.accept_languages": "nl", "download.default_directory": downloads, "download.prompt_for_download": false },
            }),
        );
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Self { driver, _profile: profile, client }
    }

    /// The element with this `data-testid`, waited for.
    pub async fn find(&self, test_id: &str) -> fantoccini::elements::Element {
        let css = format!("[data-testid=\"{test_id}\"]");
        match self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(&css)).await {
            Ok(element) => element,
            Err(error) => panic!("no {test_id} on the screen: {error}"),
        }
    }

    /// What the element with this `data-testid` shows, once it shows anything: while it fades in it counts as unseen.
    pub async fn text(&self, test_id: &str) -> String {
        for _ in 0..100 {
            let text = self.find(test_id).await.text().await.unwrap();
            if !text.is_empty() {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{test_id} shows nothing");
    }

    /// Clicks the element with this `data-testid`.
    pub async fn click(&self, test_id: &str) {
        self.find(test_id).await.click().await.unwrap_or_else(|error| panic!("clicking {test_id}: {error}"));
    }

    /// Presses on an element, moves it sideways in steps, lets go.
    pub async fn drag(&self, test_id: &str, by_px: f64) {
        let element = self.find(test_id).await;
        let steps = 8;
        let mut mouse = MouseActions::new("mouse".into())
            .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
        for _ in 0..steps {
            mouse = mouse.then(PointerAction::MoveBy {
                duration: Some(Duration::from_millis(20)),
                x: by_px / f64::from(steps),
                y: 0.0,
            });
        }
        let mouse = mouse.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await.unwrap();
    }

    /// What an expression is in the page.
    pub async fn value(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), vec![]).await.unwrap()
    }

    /// Fails on what the console said of errors (among them whatever the content security policy refused), other
    /// than failed requests, and on anything that the page asked of another machine.
    pub async fn assert_clean_console(&self) {
        let entries = self.client.issue_cmd(ConsoleLog).await.unwrap();
        let errors: Vec<_> = entries
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["level"] == "SEVERE" && entry["source"] != "network")
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let elsewhere = self
            .value("performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('blob:'))")
            .await;
        assert_eq!(elsewhere, json!([]), "the page fetched from elsewhere");
    }

    /// Waits until the map and the data are drawn and no request is under way.
    pub async fn wait_until_ready(&self) {
        self.wait_for_script(
            "document.documentElement.dataset.ready === 'true' && document.documentElement.dataset.busy !== 'true'",
        )
        .await;
    }

    /// Waits until an expression is true in the page.
    pub async fn wait_for_script(&self, expression: &str) {
        for _ in 0..400 {
            let value = self.client.execute(&format!("return Boolean({expression})"), vec![]).await.unwrap();
            if value == Value::Bool(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never true in the page: {expression}");
    }
}

/// Chromium's own command: what the console holds since the last time it was asked.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &reqwest::Url, session: Option<&str>) -> Result<reqwest::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &reqwest::Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Starts ChromeDriver on a port that it chooses; `None` when it chose one that another took meanwhile.
fn start_driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("chromedriver is missing: `make test` installs it");
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| line.split("started successfully on port ").nth(1)?.trim_end_matches('.').parse().ok());
    if port.is_none() {
        let _ = driver.kill();
        let _ = driver.wait();
    }
    Some((driver, port?))
}

impl Drop for Browser {
    fn drop(&mut self) {
        // With its browsers, which would outlive it: they are in its process group.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.driver.id())]).status();
        let _ = self.driver.wait();
    }
}
