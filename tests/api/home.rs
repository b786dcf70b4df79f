//! The home region as a setting: all messages are read again with it in the background, and again without it.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json as value};
use tests::{Postgres, Server, database_of, speurkaart, stdout};

use crate::{get, json};

/// Two villages of this name; without a home the one in Drenthe is no likelier than its inhabitants make it.
const NAMESAKE: &str = "Zuidwolde";

fn chat(data: &Path) -> String {
    let lines: Vec<String> = ["we zijn in Zuidwolde", "morgen naar Zuidwolde", "ik ben in Emmen", "niets hier"]
        .iter()
        .enumerate()
        .map(|(i, text)| {
            value!({ "text": text, "time": 1_590_000_000 + 90_000 * i, "conversation": format!("c{i}"), "sender": "a" })
                .to_string()
        })
        .collect();
    let file = data.join("chat.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    file.to_str().unwrap().to_owned()
}

async fn put(server: &Server, client: &Client, region: &Value) -> reqwest::Response {
    let url = format!("{}/api/v1/home", server.origin());
    client.put(url).json(&value!({ "region": region })).send().await.unwrap()
}

/// The answer of `GET /home` once nobody reads any more.
async fn settled(server: &Server, client: &Client) -> Value {
    let begun = Instant::now();
    loop {
        let home = json(server, client, "/api/v1/home").await;
        if home["rereading"].is_null() {
            return home;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "still reading: {home}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Provinces of the places that the namesake is read as, on the map.
async fn provinces(server: &Server, client: &Client) -> Vec<String> {
    let page = json(server, client, "/api/v1/messages?min_confidence=0").await;
    let mentions = page["messages"].as_array().unwrap().iter().flat_map(|m| m["mentions"].as_array().unwrap());
    let mut found: Vec<_> = mentions
        .filter(|mention| mention["text"] == NAMESAKE)
        .map(|mention| mention["place"]["province"].as_str().unwrap().to_owned())
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn another_home_moves_namesakes_and_none_moves_them_back() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let none = json(&server, &client, "/api/v1/home").await;
    assert_eq!(none, value!({ "region": null, "name": null, "complete": true, "rereading": null, "changed": null }));
    let file = chat(server.data());
    stdout(&speurkaart(server.data(), &["import", &file]));
    server.wait_for_messages(&client, 4).await;
    let before = provinces(&server, &client).await;
    assert_eq!(before.len(), 2);
    let other = if before[0] == "Drenthe" { "Groningen" } else { "Drenthe" };
    let region = format!("province/{}", other.to_lowercase());

    let response = put(&server, &client, &value!(region)).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let accepted: Value = response.json().await.unwrap();
    assert_eq!((&accepted["region"], &accepted["name"]), (&value!(region), &value!(other)));
    // Another wish meanwhile is refused with a sentence; it may be done already.
    let second = put(&server, &client, &value!(region)).await;
    if second.status() == StatusCode::CONFLICT {
        let problem: Value = second.json().await.unwrap();
        assert_eq!((&problem["code"], &problem["status"]), (&value!("rereading"), &value!(409)));
    }
    let done = settled(&server, &client).await;
    assert_eq!((&done["complete"], &done["changed"]["read"]), (&value!(true), &value!(4)), "{done}");
    assert_eq!(done["changed"]["moved"], 2, "{done}");
    assert_eq!(
        done["changed"]["top_words"],
        value!([{ "words": "zuidwolde", "changes": 2 }]),
        "Emmen only has another reason"
    );
    assert_eq!(provinces(&server, &client).await, [other, other], "the map follows before it is said to be done");

    assert_eq!(put(&server, &client, &Value::Null).await.status(), StatusCode::ACCEPTED);
    let back = settled(&server, &client).await;
    assert_eq!(
        (&back["region"], &back["complete"], &back["changed"]["moved"]),
        (&Value::Null, &value!(true), &value!(2))
    );
    assert_eq!(provinces(&server, &client).await, before);
    server.assert_clean_log(&[NAMESAKE, "zuidwolde"]);
}

#[tokio::test]
async fn what_is_no_region_is_refused_and_changes_nothing() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    for region in ["province/nergens", ""] {
        let response = put(&server, &client, &value!(region)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "unknown_region");
    }
    let url = format!("{}/api/v1/home", server.origin());
    for body in ["{}", "{\"region\": 1}", "[]", ""] {
        let request = client.put(&url).header("content-type", "application/json").body(body);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(json(&server, &client, "/api/v1/home").await["complete"], true);
    assert_eq!(get(&server, &server.stranger(), "/api/v1/home").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(put(&server, &server.stranger(), &Value::Null).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn runs_of_the_command_line_use_the_home_that_is_set_unless_told_otherwise() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let data = server.data();
    let file = chat(data);
    let read = async |arguments: &[&str]| {
        let out = speurkaart(data, arguments);
        let said = String::from_utf8(out.stderr.clone()).unwrap();
        stdout(&out);
        said
    };
    for (messages, region, name) in [(4, "province/drenthe", "Drenthe"), (8, "province/groningen", "Groningen")] {
        assert_eq!(put(&server, &client, &value!(region)).await.status(), StatusCode::ACCEPTED);
        settled(&server, &client).await;
        let said = read(&["import", &file, "--case", region]).await;
        assert!(said.contains(region), "{said}");
        server.wait_for_messages(&client, messages).await;
        assert_eq!(provinces(&server, &client).await, vec![name; messages as usize / 2]);
    }
    let said = read(&["import", &file, "--case", "drie", "--home", "Drenthe"]).await;
    assert!(!said.contains("province/"), "the flag wins: {said}");
    server.wait_for_messages(&client, 12).await;
    assert_eq!(provinces(&server, &client).await.iter().filter(|name| *name == "Drenthe").count(), 2);
    assert!(read(&["regeoparse"]).await.contains("province/groningen"));
    let all_in = async |province: &str| {
        let begun = Instant::now();
        while provinces(&server, &client).await != vec![province; 6] {
            assert!(begun.elapsed() < Duration::from_secs(20), "not all in {province}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    all_in("Groningen").await;
    read(&["regeoparse", "--home", "none", "--case", "drie"]).await;
    read(&["regeoparse", "--home", "Drenthe"]).await;
    all_in("Drenthe").await;
    assert_eq!(json(&server, &client, "/api/v1/home").await["region"], "province/groningen");
}

#[tokio::test]
async fn what_a_server_did_not_finish_the_next_one_does() {
    let directory = tempfile::tempdir().unwrap();
    let file = chat(directory.path());
    stdout(&speurkaart(directory.path(), &["import", &file]));
    // As a server leaves it that is killed after the wish and before the end.
    let wish = "INSERT INTO settings (key, value) VALUES ('home', 'province/groningen'), ('home_read', 'mixed')";
    if let Some(url) = database_of(directory.path()) {
        Postgres::shared().unwrap().ask(&url, wish);
    } else {
        let database = format!("sqlite://{}", directory.path().join("speurkaart.sqlite").display());
        let pool = sqlx::SqlitePool::connect(&database).await.unwrap();
        sqlx::query(wish).execute(&pool).await.unwrap();
        pool.close().await;
    }
    let server = Server::start_in(directory, &[]);
    let client = server.signed_in().await;
    let done = settled(&server, &client).await;
    assert_eq!((&done["complete"], &done["changed"]["read"]), (&value!(true), &value!(4)), "{done}");
    assert_eq!(provinces(&server, &client).await, ["Groningen", "Groningen"]);
}
