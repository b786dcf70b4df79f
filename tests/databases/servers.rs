//! Servers on one database.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use tests::Server;

use crate::Shared;

/// How soon a server shows what another process stored.
const SOON: Duration = Duration::from_secs(5);

struct Signed {
    server: Server,
    client: Client,
}

impl Signed {
    async fn get(&self, path: &str) -> Value {
        let response = self.client.get(format!("{}{path}", self.server.origin())).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let response = self.client.post(format!("{}{path}", self.server.origin())).json(body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    /// Waits until an answer is as expected, which must be soon.
    async fn sees(&self, path: &str, pointer: &str, expected: &Value) {
        let begun = Instant::now();
        loop {
            let answer = self.get(path).await;
            if answer.pointer(pointer) == Some(expected) {
                return;
            }
            assert!(begun.elapsed() < SOON, "{path}{pointer} is not {expected} within {SOON:?}: {answer}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Two servers with a directory of their own each, as on two machines.
async fn two_servers(shared: &Shared) -> [Signed; 2] {
    let link = |server: &Server| {
        let mut command = shared.command(&["user", "link", "--url", &server.origin()]);
        tests::stdout(&command.output().unwrap()).trim().to_owned()
    };
    let url = shared.database.as_deref().unwrap();
    let signed = async || {
        let server = Server::start(&["--database", url]);
        let client = server.stranger();
        client.get(link(&server)).send().await.unwrap();
        Signed { server, client }
    };
    [signed().await, signed().await]
}

#[tokio::test]
async fn what_one_process_does_all_servers_on_the_database_show_within_seconds() {
    let Some(shared) = Shared::postgres() else { return };
    let [one, other] = two_servers(&shared).await;
    let file = shared.data.path().join("chat.jsonl");
    let line = |text: &str, day: u32, conversation: &str| json!({ "text": text, "time": format!("2020-05-{day:02}T10:00:00+02:00"), "sender": conversation, "conversation": conversation });
    let lines = [
        line("we staan bij de Grote Schuur in Kerkenvèld", 2, "c1"),
        line("kom naar nes", 3, "c2"),
        line("morgen kom ik naar nes", 4, "c3"),
        line("zoveel vaten naar Hoogeveen", 5, "c3"),
    ];
    std::fs::write(&file, lines.map(|line| line.to_string()).join("\n")).unwrap();
    let report = shared.import(&[file.to_str().unwrap(), "--case", "proef"]);
    assert_eq!(report["imported"], 4);
    for server in [&one, &other] {
        server.sees("/api/v1/meta", "/messages", &json!(4)).await;
        let activity = server.get("/api/v1/activity?region=Drenthe").await;
        assert_eq!(activity["total"], 2, "{activity}");
        for (words, found) in [("\"grote schuur\" kerkenveld", 1), ("VAT*", 1), ("schuur nes", 0)] {
            let page = server.post("/api/v1/messages", &json!({ "words": words, "limit": 10 })).await;
            assert_eq!(page["messages"].as_array().unwrap().len(), found, "{words}: {page}");
        }
    }
    let queue = one.get("/api/v1/review").await;
    let before = other.get("/api/v1/activity?min_confidence=0").await["total"].clone();
    let page = one.get("/api/v1/messages?min_confidence=0&limit=100").await;
    let mentions =
        page["messages"].as_array().unwrap().iter().flat_map(|message| message["mentions"].as_array().unwrap());
    let nes = mentions.filter(|mention| mention["text"] == "nes").map(|mention| mention["number"].clone()).next();
    let nes = nes.unwrap_or_else(|| panic!("nothing to decide in {page}; {queue}"));
    let decision = one.post("/api/v1/decisions", &json!({ "action": "never", "mention": nes })).await;
    other.sees("/api/v1/decisions", "/0/number", &decision["number"]).await;
    other.sees("/api/v1/activity?min_confidence=0", "/total", &json!(before.as_u64().unwrap() - 2)).await;
    for signed in [&one, &other] {
        signed.server.assert_clean_log(&["schuur", "vaten"]);
    }
}
