//! A running server with a data directory of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::{command, command_under};

/// Stopped when dropped.
pub struct Server {
    child: Child,
    directory: tempfile::TempDir,
    /// The line that it printed.
    pub link: String,
    log: PathBuf,
}

impl Server {
    /// Starts `speurkaart serve` on a free port, with more arguments if wanted, and waits for the link.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), arguments)
    }

    /// The same on a data directory that exists.
    pub fn start_in(directory: tempfile::TempDir, arguments: &[&str]) -> Self {
        Self::start_under(&[], directory, arguments)
    }

    /// The same, started by another program that becomes it: `sh -c 'ulimit …; exec "$@"' sh`.
    pub fn start_under(program: &[&str], directory: tempfile::TempDir, arguments: &[&str]) -> Self {
        let log = directory.path().join("server.log");
        let mut child = command_under(program, directory.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let link = line.split_whitespace().last().unwrap_or_default().to_owned();
        let log_text = || std::fs::read_to_string(&log).unwrap_or_default();
        assert!(link.starts_with("http://127.0.0.1:"), "no link in {line:?}; {}", log_text());
        Self { child, directory, link, log }
    }

    /// Kills it and starts another on the same data and address, without signing in again.
    pub fn restart_after_kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let address = self.origin().trim_start_matches("http://").to_owned();
        let mut child = command(self.directory.path())
            .args(["serve", "--listen", &address])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::options().append(true).open(&self.log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains(&address), "it does not listen again: {line:?}; {}", self.log());
        self.child = child;
    }

    /// A client that sends this cookie.
    pub fn client_with(&self, cookie: &str) -> reqwest::Client {
        let headers = [(reqwest::header::COOKIE, cookie.parse().unwrap())].into_iter().collect();
        reqwest::Client::builder().default_headers(headers).build().unwrap()
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Time of processors that it took so far, in ticks.
    #[cfg(target_os = "linux")]
    pub fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        self.link.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        self.directory.path()
    }

    /// A client without a session.
    pub fn stranger(&self) -> reqwest::Client {
        reqwest::Client::builder().cookie_store(true).build().unwrap()
    }

    /// A client that opened the link.
    pub async fn signed_in(&self) -> reqwest::Client {
        let client = self.stranger();
        let response = client.get(&self.link).send().await.unwrap();
        assert!(response.status().is_success() || response.status() == 404, "signing in: {}", response.status());
        client
    }

    /// Waits until `/api/v1/meta` counts so many messages.
    pub async fn wait_for_messages(&self, client: &reqwest::Client, messages: u64) {
        let begun = Instant::now();
        loop {
            let meta: serde_json::Value =
                client.get(format!("{}/api/v1/meta", self.origin())).send().await.unwrap().json().await.unwrap();
            if meta["messages"] == messages {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the server does not see the new messages: {meta}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// What it logged must hold no error and none of these words.
    pub fn assert_clean_log(&self, private: &[&str]) {
        let mut text = String::new();
        std::fs::File::open(&self.log).unwrap().read_to_string(&mut text).unwrap();
        assert!(!text.contains("ERROR") && !text.contains("panicked"), "{text}");
        for word in private {
            assert!(!text.contains(word), "the log holds {word:?}");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
