//! Counts, the ranked list, and the messages behind them agree with each other.

use std::collections::BTreeSet;

use serde_json::{Value, json as body};

use crate::{demo, get, json, post};

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[tokio::test]
async fn the_count_of_a_place_is_the_number_of_messages_behind_it() {
    let (server, client) = demo().await;
    let activity = json(&server, &client, "/api/v1/activity?region=Drenthe").await;
    let places = activity["places"].as_array().unwrap();
    assert!(places.len() > 5);
    for place in places.iter().take(5) {
        let id = place["id"].as_str().unwrap();
        let page = json(&server, &client, &format!("/api/v1/messages?region=Drenthe&limit=1000&place={id}")).await;
        assert_eq!(page["total"], place["messages"], "{id}");
        let messages = page["messages"].as_array().unwrap();
        assert_eq!(messages.len() as u64, number(&place["messages"]), "{id}");
        let conversations: BTreeSet<_> =
            messages.iter().map(|message| message["conversation"].as_str().unwrap()).collect();
        assert_eq!(conversations.len() as u64, number(&place["conversations"]), "{id}");
        for message in messages {
            let text = message["text"].as_str().unwrap();
            let mention =
                message["mentions"].as_array().unwrap().iter().find(|mention| mention["place"]["id"] == id).unwrap();
            let (start, end) = (number(&mention["start"]) as usize, number(&mention["end"]) as usize);
            assert_eq!(&text[start..end], mention["text"].as_str().unwrap(), "the span leads back to the words");
            assert!(mention["confidence"].as_f64().unwrap() >= 0.5);
            assert!(!mention["reasons"].as_array().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_region_counts_its_places_and_nothing_else() {
    let (server, client) = demo().await;
    let all = json(&server, &client, "/api/v1/activity?layer=province").await;
    let drenthe = json(&server, &client, "/api/v1/activity?region=province/drenthe&layer=municipality").await;
    let region = all["regions"].as_array().unwrap().iter().find(|region| region["id"] == "province/drenthe").unwrap();
    assert_eq!(drenthe["totals"]["messages"], region["messages"]);
    assert_eq!(drenthe["total"], drenthe["totals"]["messages"]);
    assert!(number(&drenthe["total"]) < number(&all["total"]));
    assert!(drenthe["places"].as_array().unwrap().iter().all(|place| place["province"] == "Drenthe"));
    let inside: u64 = drenthe["regions"].as_array().unwrap().iter().map(|region| number(&region["mentions"])).sum();
    assert!(inside > 0 && inside <= number(&drenthe["totals"]["mentions"]));
    // The demo has fewer places than are listed; whatever is left out is told.
    let listed: u64 = all["places"].as_array().unwrap().iter().map(|place| number(&place["mentions"])).sum();
    assert_eq!(listed + number(&all["mentions_left_out"]), number(&all["totals"]["mentions"]));
    assert_eq!(all["places_left_out"], 0);
}

#[tokio::test]
async fn the_histogram_shows_what_lies_around_the_window() {
    let (server, client) = demo().await;
    let all = json(&server, &client, "/api/v1/activity").await;
    let may = json(&server, &client, "/api/v1/activity?from=2020-05-01&to=2020-06-01").await;
    assert_eq!(all["histogram"], may["histogram"]);
    let bars = all["histogram"].as_array().unwrap();
    let sum: u64 = bars.iter().map(|bar| number(&bar["messages"])).sum();
    assert_eq!(sum, number(&all["total"]), "every message lies in one bar");
    assert!(number(&may["total"]) < number(&all["total"]));
    assert!(bars.iter().any(|bar| number(&bar["read"]) > number(&bar["messages"])), "most messages name no place");
}

#[tokio::test]
async fn the_planted_build_up_is_the_top_hotspot_and_the_chatterbox_is_none() {
    let (server, client) = demo().await;
    let list = json(&server, &client, "/api/v1/hotspots?region=Drenthe&from=2020-05-01&to=2020-06-15").await;
    let top = &list["hotspots"][0];
    assert_eq!(top["name"], "Kerkenveld", "{list:#}");
    assert_eq!(top["municipality"], "De Wolden");
    assert!(top["class"] == "rising" || top["class"] == "new", "{}", top["class"]);
    assert!(top["p_corrected"].as_f64().unwrap() < 0.05);
    assert!(top["sentence"]["nl"].as_str().unwrap().contains("Kerkenveld"));
    assert!(top["sentence"]["en"].as_str().unwrap().contains("Kerkenveld"));
    let year = json(&server, &client, "/api/v1/hotspots?region=Drenthe&limit=1000").await;
    let roden = year["hotspots"].as_array().unwrap().iter().find(|hotspot| hotspot["name"] == "Roden").unwrap();
    assert_eq!(roden["one_conversation"], true, "one talker is said to be one");
    assert!(number(&roden["rank"]) > 5, "and ranks low: {}", roden["rank"]);
}

#[tokio::test]
async fn pages_of_messages_hold_each_message_once_newest_first() {
    let (server, client) = demo().await;
    let (mut ids, mut times, mut after) = (BTreeSet::new(), Vec::new(), String::new());
    let mut total = 0;
    for _ in 0..1000 {
        let page = json(&server, &client, &format!("/api/v1/messages?region=Drenthe&limit=40{after}")).await;
        total = number(&page["total"]);
        for message in page["messages"].as_array().unwrap() {
            assert!(ids.insert(number(&message["id"])), "twice on the pages");
            times.push(message["sent_at"].as_str().unwrap().to_owned());
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert!(total > 80, "{total}");
    assert_eq!(ids.len() as u64, total);
    assert!(times.is_sorted_by(|a, b| a >= b));
}

#[tokio::test]
async fn words_and_a_drawn_ring_travel_in_the_body_and_select() {
    let (server, client) = demo().await;
    let around_kerkenveld = body!([{"lon": 6.4, "lat": 52.6}, {"lon": 6.6, "lat": 52.6}, {"lon": 6.6, "lat": 52.72}, {"lon": 6.4, "lat": 52.72}]);
    let drawn: Value = post(&server, &client, "/api/v1/activity", &body!({ "polygon": around_kerkenveld }))
        .await
        .json()
        .await
        .unwrap();
    let boxed = json(&server, &client, "/api/v1/activity?bbox=6.4,52.6,6.6,52.72").await;
    assert_eq!(drawn["totals"], boxed["totals"]);
    assert!(number(&drawn["total"]) > 0);

    let answer: Value = post(&server, &client, "/api/v1/messages", &body!({ "words": "Kerkenveld", "limit": 5 }))
        .await
        .json()
        .await
        .unwrap();
    assert!(number(&answer["total"]) > 0);
    for message in answer["messages"].as_array().unwrap() {
        assert!(message["text"].as_str().unwrap().to_lowercase().contains("kerkenveld"));
    }
    let none: Value = post(&server, &client, "/api/v1/messages", &body!({ "words": "zoietsbestaatniet" }))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(none["total"], 0);
}

#[tokio::test]
async fn a_tile_holds_the_places_of_the_filter() {
    let (server, client) = demo().await;
    // Zoom 6, column 33, row 20 holds Drenthe: lon 5.6 to 11.3, lat 52.5 to 55.8.
    let full = get(&server, &client, "/tiles/activity/6/33/20.mvt?region=Drenthe").await;
    assert_eq!(full.headers()["content-type"], "application/vnd.mapbox-vector-tile");
    let full = full.bytes().await.unwrap();
    assert!(full.windows(10).any(|bytes| bytes == b"Kerkenveld"), "{} bytes", full.len());
    let other = get(&server, &client, "/tiles/activity/6/33/20.mvt?region=Limburg").await.bytes().await.unwrap();
    assert!(other.len() < full.len());
    assert_eq!(get(&server, &client, "/tiles/activity/6/64/0.mvt").await.status(), 400, "no such column at zoom 6");
}
