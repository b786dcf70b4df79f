//! Who speaks of a place, and whether a fall is more than data that are not there.

use std::fmt::Write as _;

use serde_json::json as value;
use tests::{Server, speurkaart, stdout};

use crate::{demo, json};

const DAY_S: i64 = 86_400;
/// 2020-05-01T00:00:00Z.
const MAY_S: i64 = 1_588_291_200;

/// In April forty conversations speak of Emmen and forty of Assen. In May one of each still does; of the others, those of Assen go on
/// without it, and those of Emmen end. Forty more come up in May, so that as much is read as before.
fn chats() -> String {
    let mut lines = String::new();
    let mut say = |conversation: &str, at_s: i64, text: &str| {
        let line = value!({ "text": text, "time": at_s, "conversation": conversation, "sender": conversation });
        writeln!(lines, "{line}").unwrap();
    };
    for number in 0..40 {
        let april_s = MAY_S - (number % 25 + 2) * DAY_S + number;
        let may_s = MAY_S + (number % 25 + 2) * DAY_S + number;
        say(&format!("e{number}"), april_s, "we zijn in Emmen");
        say(&format!("a{number}"), april_s, "we zijn in Assen");
        say(&format!("a{number}"), may_s, "niets bijzonders");
        say(&format!("n{number}"), may_s, "ook hier niets");
    }
    say("e0", MAY_S + DAY_S, "weer in Emmen");
    say("a0", MAY_S + DAY_S, "weer in Assen");
    lines
}

#[tokio::test]
async fn a_fall_that_is_only_missing_data_says_so() {
    let server = Server::start(&[]);
    let client = server.signed_in().await;
    let file = server.data().join("chat.jsonl");
    std::fs::write(&file, chats()).unwrap();
    stdout(&speurkaart(server.data(), &["import", file.to_str().unwrap()]));
    server.wait_for_messages(&client, 162).await;

    let period = "from=2020-05-01T00:00:00Z&to=2020-05-31T00:00:00Z";
    let list = json(&server, &client, &format!("/api/v1/hotspots?{period}")).await;
    let lines = list["hotspots"].as_array().unwrap();
    for (name, lacks, without_data) in [("Emmen", true, 39), ("Assen", false, 0)] {
        let line = lines.iter().find(|line| line["name"] == name).unwrap();
        assert_eq!(
            (&line["class"], &line["statistics"]["may_lack_data"]),
            (&"falling".into(), &lacks.into()),
            "{name}"
        );
        assert_eq!(line["sentence"]["nl"].as_str().unwrap().contains("gegevens kunnen ontbreken"), lacks, "{name}");
        let id = line["id"].as_str().unwrap().replace('/', "%2F");
        let detail = json(&server, &client, &format!("/api/v1/hotspots/{id}?{period}")).await;
        let told = &detail["conversations"];
        assert_eq!(
            [&told["of"], &told["now"], &told["before"], &told["without_data"], &told["begun"]],
            [&value!(40), &value!(1), &value!(40), &value!(without_data), &value!(0)],
            "{name}"
        );
        let listed = told["listed"].as_array().unwrap();
        assert_eq!(listed.len(), 10);
        assert_eq!(
            (&listed[0]["messages"], &listed[0]["before"], &listed[0]["read"]),
            (&1.into(), &1.into(), &(if lacks { 2 } else { 3 }).into())
        );
        assert!(listed[1..].iter().all(|one| one["has_data"] == !lacks && one["had_data"] == true), "{listed:?}");
        assert!(listed[1]["first"].as_str().unwrap() <= listed[1]["last"].as_str().unwrap());
    }
    let table = stdout(&speurkaart(server.data(), &["hotspots", "--from", "2020-05-01", "--to", "2020-05-31"]));
    assert_eq!(table.matches("data may be missing").count(), 1, "{table}");
}

#[tokio::test]
async fn a_hotspot_names_the_conversations_that_speak_of_it() {
    let (server, client) = demo().await;
    let period = "from=2020-05-01&to=2020-06-15&region=Drenthe";
    let list = json(&server, &client, &format!("/api/v1/hotspots?{period}")).await;
    let line = &list["hotspots"][0];
    let id = line["id"].as_str().unwrap().replace('/', "%2F");
    let detail = json(&server, &client, &format!("/api/v1/hotspots/{id}?{period}")).await;
    let told = &detail["conversations"];
    assert_eq!([&told["now"], &told["before"]], [&line["conversations"], &line["before"]["conversations"]]);
    let listed = told["listed"].as_array().unwrap();
    let messages: u64 = listed.iter().map(|one| one["messages"].as_u64().unwrap()).sum();
    assert!((1..=10).contains(&listed.len()) && messages <= line["messages"].as_u64().unwrap());
    assert!(listed.windows(2).all(|two| two[0]["messages"].as_u64() >= two[1]["messages"].as_u64()));
    for one in listed {
        let here = one["messages"].as_u64().unwrap() + one["before"].as_u64().unwrap();
        assert!(!one["name"].as_str().unwrap().is_empty() && one["read"].as_u64().unwrap() >= here, "{one}");
    }
    assert_eq!(listed[0]["name"], detail["without"][0]["name"], "the first is the loudest");
}
