//! Topics in the browser: a button narrows the list, the link keeps it, and the words are marked in the messages.

use serde_json::json;
use tests::Browser;

use crate::{Api, signed_in};

async fn totals(browser: &Browser) -> String {
    browser
        .value("[...document.querySelectorAll('.totals dd')].map(e => e.textContent).join(' ')")
        .await
        .as_str()
        .unwrap()
        .to_owned()
}

async fn pressed(browser: &Browser) -> serde_json::Value {
    browser.value("[...document.querySelectorAll('.topic[aria-pressed=true]')].map(e => e.textContent)").await
}

#[tokio::test]
async fn a_topic_is_chosen_and_the_list_changes_and_the_link_keeps_it() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let everything = totals(&browser).await;
    browser.click("topic-drugs").await;
    browser.wait_for_script("location.search.includes('topics=drugs')").await;
    browser.wait_until_ready().await;
    assert_eq!(pressed(&browser).await, json!(["Drugsproductie"]));
    let drugs = totals(&browser).await;
    assert_ne!(drugs, everything);
    let told = api.json("/api/v1/activity?topics=drugs").await["totals"]["conversations"].to_string();
    assert_eq!(drugs.split(' ').next().unwrap().replace('.', ""), told);

    let shared = browser.value("location.href").await.as_str().unwrap().to_owned();
    browser.client.goto("about:blank").await.unwrap();
    browser.client.goto(&shared).await.unwrap();
    browser.wait_until_ready().await;
    assert_eq!((pressed(&browser).await, totals(&browser).await), (json!(["Drugsproductie"]), drugs.clone()));

    browser.click("hotspot-row-1").await;
    browser.find("message").await;
    browser.wait_until_ready().await;
    let unmarked =
        "[...document.querySelectorAll('[data-testid=message]')].filter(m => !m.querySelector('.topic-mark')).length";
    assert_eq!(browser.value(unmarked).await, 0, "every message shows the words that make it count");
    browser.wait_for_script("document.querySelector('.message-topics').textContent.includes('Drugsproductie')").await;
    browser.click("lang-toggle").await;
    browser.wait_for_script("document.querySelector('.message-topics').textContent.includes('Drug production')").await;

    browser.click("topic-drugs").await;
    browser.wait_for_script("!location.search.includes('topics=')").await;
    browser.wait_until_ready().await;
    let number = |text: &str| text.replace(['.', ','], "");
    assert_eq!(number(&totals(&browser).await), number(&everything));
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn a_row_tells_the_topics_that_are_a_good_part_of_it() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let list = api.json("/api/v1/hotspots?limit=100").await;
    let expected: Vec<Vec<String>> = list["hotspots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hotspot| {
            let told =
                hotspot["topics"].as_array().unwrap().iter().filter(|told| told["share"].as_f64().unwrap() >= 0.1);
            told.map(|told| format!("{:.0}%", (told["share"].as_f64().unwrap() * 100.0).round())).collect()
        })
        .collect();
    assert!(expected.iter().any(|told| !told.is_empty()));
    let shown = browser
        .value("[...document.querySelectorAll('.rows .row')].map(r => [...r.querySelectorAll('.row-topics b')].map(b => b.textContent))")
        .await;
    assert_eq!(shown, json!(expected));
    browser.assert_clean_console().await;
}
