//! Topics: a filter that agrees everywhere, shares of a hotspot, and the words behind them.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::{Value, json as body};

use crate::{demo, get, json, post};

fn ids(told: &Value) -> BTreeSet<&str> {
    told.as_array().unwrap().iter().map(|topic| topic["topic"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_topic_narrows_counts_and_messages_alike_and_words_stand_behind_it() {
    let (server, client) = demo().await;
    let all = json(&server, &client, "/api/v1/activity").await;
    let mut of_topics = 0;
    for topic in ["drugs", "waste"] {
        let activity = json(&server, &client, &format!("/api/v1/activity?topics={topic}")).await;
        let page = json(&server, &client, &format!("/api/v1/messages?topics={topic}&limit=1000")).await;
        assert_eq!(page["total"], activity["total"], "{topic}");
        assert!(activity["total"].as_u64() > Some(0) && activity["total"].as_u64() < all["total"].as_u64(), "{topic}");
        of_topics += activity["total"].as_u64().unwrap();
        for message in page["messages"].as_array().unwrap() {
            let text = message["text"].as_str().unwrap();
            let told = message["topics"].as_array().unwrap().iter().find(|told| told["topic"] == topic);
            let words = told.unwrap()["words"].as_array().unwrap();
            assert!(!words.is_empty(), "nothing says why: {message}");
            for word in words {
                let (start, end) = (word["start"].as_u64().unwrap() as usize, word["end"].as_u64().unwrap() as usize);
                assert_eq!(&text[start..end], word["text"].as_str().unwrap());
            }
        }
    }
    // Any of them, by id or by name, in a URL or in a body.
    let either = json(&server, &client, "/api/v1/activity?topics=drugs,Afvaldumping").await;
    assert_eq!(either, json(&server, &client, "/api/v1/activity?topic=waste,drug%20production").await);
    let posted = post(&server, &client, "/api/v1/activity", &body!({ "topics": "drugs,waste" })).await;
    assert_eq!(posted.json::<Value>().await.unwrap(), either);
    let both = either["total"].as_u64().unwrap();
    assert!(both < of_topics, "messages about both count once: {both} of {of_topics}");
    let words = post(&server, &client, "/api/v1/messages", &body!({ "topics": "weapons", "words": "glock" })).await;
    let glocks = words.json::<Value>().await.unwrap()["total"].as_u64().unwrap();
    assert!(glocks > 0);
    // A topic that is known and that nobody speaks of is no error.
    let none = json(&server, &client, "/api/v1/activity?topics=violence&from=2020-01-01&to=2020-01-02").await;
    assert_eq!(none["total"], 0);
}

#[tokio::test]
async fn a_hotspot_tells_the_shares_of_its_topics_whatever_the_filter_asks_for() {
    let (server, client) = demo().await;
    for by in ["place", "municipality", "cell"] {
        let period = format!("from=2020-05-01&to=2020-06-15&by={by}&count=messages&limit=1000");
        let list = json(&server, &client, &format!("/api/v1/hotspots?{period}")).await;
        let drugs = json(&server, &client, &format!("/api/v1/hotspots?{period}&topics=drugs")).await;
        let all = list["hotspots"].as_array().unwrap();
        let (mut told, mut checked) = (0, 0);
        for hotspot in all {
            told += hotspot["topics"].as_array().unwrap().len();
            for topic in hotspot["topics"].as_array().unwrap() {
                let share = topic["count"].as_f64().unwrap() / hotspot["messages"].as_f64().unwrap();
                assert!((topic["share"].as_f64().unwrap() - share).abs() < 1e-9 && share > 0.0 && share <= 1.0);
            }
        }
        for hotspot in drugs["hotspots"].as_array().unwrap() {
            let same = all.iter().find(|other| other["id"] == hotspot["id"]).unwrap();
            assert_eq!(hotspot["topics"], same["topics"]);
            assert!(ids(&hotspot["topics"]).contains("drugs"));
            let drugs = hotspot["topics"].as_array().unwrap().iter().find(|told| told["topic"] == "drugs").unwrap();
            assert_eq!(drugs["count"], hotspot["messages"]);
            checked += 1;
        }
        assert!(told > 10 && checked > 3, "{by}: {told} told, {checked} checked");
    }
    let csv = get(&server, &client, "/api/v1/hotspots.csv?topics=drugs").await.text().await.unwrap();
    assert!(
        csv.lines().next().unwrap().contains(",topics,") && csv.lines().skip(1).all(|line| line.contains("drugs ")),
        "{csv}"
    );
}

#[tokio::test]
async fn topics_are_listed_with_their_words_and_an_unknown_one_is_told() {
    let (server, client) = demo().await;
    let meta = json(&server, &client, "/api/v1/meta").await;
    let names: Vec<_> = meta["topics"].as_array().unwrap().iter().map(|topic| topic["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["drugs", "waste", "weapons", "money", "transport", "violence"]);
    assert_eq!(
        (&meta["topics"][0]["nl"], &meta["topics"][0]["en"]),
        (&body!("Drugsproductie"), &body!("Drug production"))
    );
    let topics = json(&server, &client, "/api/v1/topics").await;
    let terms = topics[0]["terms"].as_array().unwrap();
    let apaan = terms.iter().find(|term| term["term"] == "apaan").unwrap();
    assert_eq!((&apaan["kind"], &apaan["strength"]), (&body!("word"), &body!("strong")));
    let unknown = get(&server, &client, "/api/v1/hotspots?topics=drugs,voetbal").await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    let problem: Value = unknown.json().await.unwrap();
    assert_eq!(problem["code"], "unknown_topic");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("voetbal") && detail.contains("drugs, waste, weapons"), "{detail}");
    let stranger = reqwest::Client::new().get(format!("{}/api/v1/topics", server.origin())).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn words_that_a_team_adds_count_without_a_restart_for_messages_to_come() {
    let (server, client) = demo().await;
    let folder = server.data().join("lexicon/topics");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("fietsen.tsv"), "Fietsendiefstal\tname_nl\nbakfiets\tword\tstrong\n").unwrap();
    let line = body!({ "text": "bakfiets staat in Kerkenveld", "time": "2020-06-01T12:00:00Z", "sender": "a" });
    let url = format!("{}/api/v1/messages?source=live", server.origin());
    let sent = client.post(url).header("content-type", "application/x-ndjson").body(line.to_string());
    assert_eq!(sent.send().await.unwrap().status(), StatusCode::OK);
    for _ in 0..200 {
        let page = get(&server, &client, "/api/v1/messages?topics=Fietsendiefstal").await;
        if page.status() == StatusCode::OK {
            let page: Value = page.json().await.unwrap();
            if page["total"] == 1 {
                assert_eq!(page["messages"][0]["topics"][0]["words"][0]["text"], "bakfiets");
                return;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the message about a topic of the team is not found by it");
}
