//! Review of uncertain mentions: the queue, decisions that hold at once for all like mentions, and undoing them.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tests::{Server, speurkaart, stdout};

use crate::{demo, get, json, post};

/// A word that is a place and an ordinary word, an ambiguous name, and a sure place, in two cases.
const CHAT: [(&str, &str, &str); 8] = [
    ("een", "c1", "kom naar nes"),
    ("een", "c2", "morgen kom ik naar nes"),
    ("een", "c3", "kom naar nes met de bus"),
    ("een", "c3", "morgen naar Hoogeveen"),
    ("een", "c4", "ik ben in Best geweest"),
    ("twee", "d1", "kom naar nes"),
    ("twee", "d2", "ik ben in Best geweest"),
    ("twee", "d2", "morgen naar Hoogeveen"),
];

/// A server whose store holds the chat.
async fn with_chat() -> (Server, Client) {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    for case in ["een", "twee"] {
        let lines: Vec<String> = CHAT
            .iter()
            .enumerate()
            .filter(|(_, line)| line.0 == case)
            .map(|(i, (_, conversation, text))| {
                let message = json!({ "text": text, "time": 1_590_000_000 + 86_400 * i, "conversation": conversation, "sender": conversation });
                message.to_string()
            })
            .collect();
        let file = server.data().join(format!("{case}.jsonl"));
        std::fs::write(&file, lines.join("\n")).unwrap();
        stdout(&speurkaart(server.data(), &["import", file.to_str().unwrap(), "--case", case]));
    }
    server.wait_for_messages(&client, 8).await;
    (server, client)
}

/// Mentions placed at each place, by id.
async fn placed(server: &Server, client: &Client) -> Vec<(String, u64)> {
    let activity = json(server, client, "/api/v1/activity").await;
    let mut places: Vec<_> = activity["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (place["id"].as_str().unwrap().to_owned(), place["mentions"].as_u64().unwrap()))
        .collect();
    places.sort();
    places
}

async fn decide(server: &Server, client: &Client, body: Value) -> Value {
    let response = post(server, client, "/api/v1/decisions", &body).await;
    assert!(response.status().is_success(), "{body}: {}", response.text().await.unwrap());
    response.json().await.unwrap()
}

async fn undo(server: &Server, client: &Client, number: &Value) -> Value {
    let response = client.delete(format!("{}/api/v1/decisions/{number}", server.origin())).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

/// The first mention of some words in a case, from the messages of their place.
async fn mention(server: &Server, client: &Client, case: &str, text: &str) -> Value {
    let page = json(server, client, &format!("/api/v1/messages?case={case}&min_confidence=0&limit=100")).await;
    let found = page["messages"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|message| message["mentions"].as_array().unwrap())
        .find(|mention| mention["text"] == text);
    found.unwrap_or_else(|| panic!("no mention of {text} in {page}")).clone()
}

#[tokio::test]
async fn the_queue_holds_groups_of_like_mentions_and_what_hangs_on_them() {
    let (server, client) = with_chat().await;
    let queue = json(&server, &client, "/api/v1/review").await;
    let groups = queue["groups"].as_array().unwrap();
    assert_eq!(queue["total"], groups.len());
    let of =
        |text: &str, case: &str| groups.iter().filter(|g| g["text"] == text && g["case"] == case).collect::<Vec<_>>();
    let nes = of("nes", "een");
    assert!(!nes.is_empty(), "{queue}");
    assert_eq!(nes.iter().map(|g| g["mentions"].as_u64().unwrap()).sum::<u64>(), 3);
    assert!(of("Hoogeveen", "een").is_empty(), "what is sure needs no review");
    for group in groups {
        assert!(group["confidence"].as_f64().unwrap() < 0.7, "{group}");
        let example = &group["examples"][0];
        let mention =
            example["mentions"].as_array().unwrap().iter().find(|m| m["number"] == example["mention"]).unwrap();
        let (start, end) = (mention["start"].as_u64().unwrap() as usize, mention["end"].as_u64().unwrap() as usize);
        assert_eq!(&example["text"].as_str().unwrap()[start..end], group["text"].as_str().unwrap());
        assert_eq!(mention["uncertain"], true);
    }
    let consequences: Vec<f64> = groups.iter().map(|g| g["consequence"].as_f64().unwrap()).collect();
    assert!(consequences.is_sorted_by(|a, b| a >= b), "{consequences:?}");
    // The filter is the same as everywhere.
    let one = json(&server, &client, "/api/v1/review?case=twee&limit=1").await;
    assert_eq!((one["groups"].as_array().unwrap().len(), one["groups"][0]["case"].as_str()), (1, Some("twee")));
    let elsewhere = json(&server, &client, "/api/v1/review?region=Zeeland").await;
    assert_eq!(elsewhere["total"], 0);
    let words: Value = post(&server, &client, "/api/v1/review", &json!({ "words": "bus" })).await.json().await.unwrap();
    assert_eq!(words["mentions"], 1, "{words}");
}

#[tokio::test]
async fn a_rejected_place_leaves_map_and_queue_at_once_and_comes_back_when_undone() {
    let (server, client) = with_chat().await;
    let before = placed(&server, &client).await;
    let queue = json(&server, &client, "/api/v1/review").await;
    let hoogeveen = mention(&server, &client, "een", "Hoogeveen").await;
    let place = hoogeveen["place"]["id"].as_str().unwrap().to_owned();
    let decision = decide(&server, &client, json!({ "action": "reject", "mention": hoogeveen["number"] })).await;
    assert_eq!(
        (decision["scope"].as_str(), decision["case"].as_str(), decision["mentions"].as_u64()),
        (Some("case"), Some("een"), Some(1))
    );
    let after = placed(&server, &client).await;
    let at = |places: &[(String, u64)]| places.iter().find(|(id, _)| *id == place).map_or(0, |(_, mentions)| *mentions);
    assert_eq!((at(&before), at(&after)), (2, 1), "the other case keeps it");
    let meta = json(&server, &client, "/api/v1/meta").await;
    assert_eq!(meta["mentions"].as_u64().unwrap(), before.iter().map(|(_, mentions)| mentions).sum::<u64>() - 1);

    // The same again changes nothing.
    let response =
        post(&server, &client, "/api/v1/decisions", &json!({ "action": "reject", "mention": hoogeveen["number"] }))
            .await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.json::<Value>().await.unwrap()["number"], decision["number"]);

    let undone = undo(&server, &client, &decision["number"]).await;
    assert!(undone["undone_at"].is_string());
    assert_eq!(undo(&server, &client, &decision["number"]).await["undone_at"], undone["undone_at"]);
    assert_eq!(placed(&server, &client).await, before);
    assert_eq!(json(&server, &client, "/api/v1/review").await["total"], queue["total"]);
    let all = json(&server, &client, "/api/v1/decisions").await;
    assert_eq!((all.as_array().unwrap().len(), all[0]["mentions"].as_u64()), (1, Some(0)));
}

#[tokio::test]
async fn another_place_holds_for_like_mentions_and_the_message_says_who_chose_it() {
    let (server, client) = with_chat().await;
    let places = json(&server, &client, "/api/v1/places?q=nes&limit=5").await;
    let group = json(&server, &client, "/api/v1/review?case=een").await["groups"][0].clone();
    let read = group["place"]["id"].clone();
    let other = places.as_array().unwrap().iter().find(|place| place["id"] != read).unwrap();
    let body =
        json!({ "action": "choose", "mention": group["mention"], "place": other["id"], "note": "de groep woont daar" });
    let decision = decide(&server, &client, body).await;
    assert_eq!(decision["mentions"], group["mentions"]);
    assert_eq!((&decision["read_place"], &decision["place"]["id"]), (&read, &other["id"]));
    let queue = json(&server, &client, "/api/v1/review?case=een").await;
    assert!(queue["groups"].as_array().unwrap().iter().all(|g| g["mention"] != group["mention"]));
    // What the index counts is what the messages show.
    let id = other["id"].as_str().unwrap();
    let page = json(&server, &client, &format!("/api/v1/messages?place={id}")).await;
    assert_eq!(page["total"], group["messages"]);
    for message in page["messages"].as_array().unwrap() {
        let mention = &message["mentions"][0];
        assert_eq!(
            (&mention["place"]["id"], mention["confidence"].as_f64(), mention["accepted"].as_bool()),
            (&other["id"], Some(1.0), Some(true))
        );
        assert!(mention["reasons"].as_array().unwrap().contains(&json!("decided_chosen")));
        assert_eq!(
            (&mention["decided"]["read_place"]["id"], &mention["decided"]["decision"]),
            (&read, &decision["number"])
        );
        assert_eq!(mention["decided"]["made_by"], "admin");
    }
}

#[tokio::test]
async fn never_and_always_hold_for_the_word_in_a_case_or_for_the_team_and_for_messages_to_come() {
    let (server, client) = with_chat().await;
    let before = placed(&server, &client).await;
    let never = decide(&server, &client, json!({ "action": "never", "words": "HOOGEVEEN", "scope": "team" })).await;
    assert_eq!((never["words"].as_str(), never["mentions"].as_u64()), (Some("hoogeveen"), Some(2)));
    assert!(placed(&server, &client).await.iter().all(|(id, _)| !id.ends_with("/hoogeveen")));
    let place = json(&server, &client, "/api/v1/places?q=assen").await[0]["id"].clone();
    let always =
        decide(&server, &client, json!({ "action": "always", "words": "Hoogeveen", "case": "een", "place": place }))
            .await;
    assert_eq!(always["mentions"], 1, "the case comes before the team");

    // What is imported later, by another process, is decided already.
    let file = server.data().join("later.jsonl");
    let line = |i: u64, text: &str| {
        json!({ "text": text, "time": 1_600_000_000 + i, "conversation": "c9", "sender": "c9" }).to_string()
    };
    std::fs::write(&file, format!("{}\n{}\n", line(0, "we staan in Hoogeveen"), line(1, "we gaan naar hoogeveen toe")))
        .unwrap();
    stdout(&speurkaart(server.data(), &["import", file.to_str().unwrap(), "--case", "een"]));
    server.wait_for_messages(&client, 10).await;
    let now = placed(&server, &client).await;
    assert!(now.contains(&(place.as_str().unwrap().to_owned(), 3)), "{now:?}");
    assert!(now.iter().all(|(id, _)| !id.ends_with("/hoogeveen")), "{now:?}");
    let out = stdout(&speurkaart(server.data(), &["hotspots", "--format", "json", "--limit", "100"]));
    let list: Value = serde_json::from_str(&out).unwrap();
    let from_list: u64 = list["hotspots"].as_array().unwrap().iter().map(|h| h["mentions"].as_u64().unwrap()).sum();
    assert_eq!(from_list, now.iter().map(|(_, mentions)| mentions).sum::<u64>(), "the command line counts the same");

    undo(&server, &client, &always["number"]).await;
    undo(&server, &client, &never["number"]).await;
    let back = placed(&server, &client).await;
    let hoogeveen =
        |places: &[(String, u64)]| places.iter().find(|(id, _)| id.ends_with("/hoogeveen")).map(|(_, n)| *n);
    assert_eq!(hoogeveen(&back), hoogeveen(&before).map(|n| n + 2));
}

#[tokio::test]
async fn every_mistake_names_its_parameter() {
    let (server, client) = with_chat().await;
    let number = mention(&server, &client, "een", "Hoogeveen").await["number"].clone();
    for (body, code, parameter) in [
        (json!({ "action": "reject" }), "missing_mention", "`mention`"),
        (json!({ "action": "reject", "words": "best" }), "missing_mention", "`mention`"),
        (json!({ "action": "reject", "mention": 999_999 }), "unknown_mention", "`mention`"),
        (json!({ "action": "never", "mention": number, "words": "best" }), "two_subjects", "`words`"),
        (json!({ "action": "never", "words": "!!", "scope": "team" }), "bad_words", "`words`"),
        (json!({ "action": "never", "words": "best" }), "missing_case", "`case`"),
        (json!({ "action": "never", "words": "best", "case": "drie" }), "unknown_case", "case"),
        (json!({ "action": "never", "words": "best", "case": "een", "scope": "team" }), "bad_scope", "`scope`"),
        (json!({ "action": "choose", "mention": number }), "missing_place", "`place`"),
        (json!({ "action": "choose", "mention": number, "place": "nl/nergens" }), "unknown_place", "`place`"),
        (json!({ "action": "confirm", "mention": number, "place": "nl/nergens" }), "bad_place", "`place`"),
        (json!({ "action": "reject", "mention": number, "note": "x".repeat(1001) }), "bad_note", "`note`"),
        (json!({ "action": "forget", "mention": number }), "bad_body", "`action`"),
        (json!({ "mention": number }), "bad_body", "`action`"),
        (json!({ "action": "reject", "mention": number, "place_id": "x" }), "bad_body", "`place`"),
    ] {
        let response = post(&server, &client, "/api/v1/decisions", &body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], code, "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(parameter), "{problem}");
    }
    for (path, code) in [
        ("/api/v1/review?limit=0", "bad_limit"),
        ("/api/v1/review?case=drie", "unknown_case"),
        ("/api/v1/review?words=best", "private_in_url"),
        ("/api/v1/places", "missing_q"),
        ("/api/v1/places?q=%20", "missing_q"),
        ("/api/v1/places?q=a&limit=101", "bad_limit"),
        ("/api/v1/places?q=a&limit=x", "bad_query"),
    ] {
        let problem: Value = get(&server, &client, path).await.json().await.unwrap();
        assert_eq!(problem["code"], code, "{path}");
    }
    let url = |number: &str| format!("{}/api/v1/decisions/{number}", server.origin());
    for (number, status) in [("77", StatusCode::NOT_FOUND), ("x", StatusCode::BAD_REQUEST)] {
        assert_eq!(client.delete(url(number)).send().await.unwrap().status(), status);
    }
    assert_eq!(json(&server, &client, "/api/v1/decisions").await, json!([]));
    server.assert_clean_log(&["Hoogeveen", "HOOGEVEEN"]);
}

#[tokio::test]
async fn two_decide_at_once_and_nothing_is_lost() {
    let (server, client) = demo().await;
    let groups = json(&server, &client, "/api/v1/review?limit=8").await["groups"].as_array().unwrap().clone();
    assert!(groups.len() >= 4, "the demo leaves something to review");
    let reject = |group: &Value| json!({ "action": "reject", "mention": group["mention"] });
    let mut mentions = 0;
    for pair in groups.chunks_exact(2) {
        let (one, other) =
            tokio::join!(decide(&server, &client, reject(&pair[0])), decide(&server, &client, reject(&pair[1])));
        assert_ne!(one["number"], other["number"]);
        mentions += pair.iter().map(|group| group["mentions"].as_u64().unwrap()).sum::<u64>();
    }
    let decided = json(&server, &client, "/api/v1/decisions").await;
    let speaks_for: u64 =
        decided.as_array().unwrap().iter().map(|decision| decision["mentions"].as_u64().unwrap()).sum();
    // At least what waited: a reading may hold sure mentions beside unsure ones.
    assert!(speaks_for >= mentions, "{speaks_for} of {mentions}");
    let left = json(&server, &client, "/api/v1/review?limit=200").await;
    let still: Vec<_> = left["groups"].as_array().unwrap().iter().map(|group| &group["mention"]).collect();
    assert!(groups.iter().all(|group| !still.contains(&&group["mention"])));
}
