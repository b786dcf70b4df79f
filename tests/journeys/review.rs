//! Review in the browser: what is decided is on the map at once, is undone in one click, and outlives re-geoparsing.

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::Value;
use tests::{Browser, speurkaart, stdout};

use crate::{Api, signed_in};

/// Names in the ranked list, in order.
async fn listed(browser: &Browser) -> Vec<String> {
    let names = browser.value("[...document.querySelectorAll('.row-name')].map(e => e.textContent)").await;
    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

async fn placed(api: &Api, id: &str) -> u64 {
    let activity = api.json("/api/v1/activity").await;
    let places = activity["places"].as_array().unwrap();
    places.iter().find(|place| place["id"] == id).map_or(0, |place| place["mentions"].as_u64().unwrap())
}

#[tokio::test]
async fn a_word_that_is_never_a_place_leaves_the_list_at_once_and_comes_back_when_undone() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let before = listed(&browser).await;
    let top = before[0].clone();
    browser.click("hotspot-row-1").await;
    browser.click("mention").await;
    browser.find("mention-detail").await;
    let more = browser.find("decide-more").await;
    more.find(Locator::Css("summary")).await.unwrap().click().await.unwrap();
    browser.click("decide-never-team").await;
    assert!(browser.text("toast").await.contains("nooit een plaats"));
    browser.wait_until_ready().await;
    let without = listed(&browser).await;
    assert_ne!(without[0], top, "{without:?}");
    let decisions = api.json("/api/v1/decisions").await;
    assert_eq!(decisions[0]["scope"], "team");
    assert!(decisions[0]["mentions"].as_u64().unwrap() > 0);

    browser.click("toast-undo").await;
    browser.wait_for_script("document.querySelector('[data-testid=toast]').textContent.includes('ongedaan')").await;
    browser.wait_until_ready().await;
    assert_eq!(listed(&browser).await, before);
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn the_queue_is_judged_by_keyboard_and_a_chosen_place_outlives_regeoparsing() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let queue = api.json("/api/v1/review?limit=30").await;
    let waiting = queue["total"].as_u64().unwrap();
    assert_eq!(browser.text("review-count").await, waiting.to_string());
    browser.click("review-open").await;
    browser.wait_until_ready().await;
    let first = browser.text("review-card").await;
    let group = &queue["groups"][0];
    assert!(first.contains(group["text"].as_str().unwrap()), "{first}");
    assert_eq!(browser.text("review-hangs").await.split(' ').next().unwrap(), group["messages"].to_string());

    // Rejected by a key; the next card has the focus and takes the next decision.
    browser.find("review-card").await.send_keys("2").await.unwrap();
    browser.find("toast").await;
    browser.wait_until_ready().await;
    let focused = "document.activeElement.dataset.testid";
    assert_eq!(browser.value(focused).await, "review-card");
    assert_eq!(browser.text("review-count").await, (waiting - 1).to_string());
    let second = browser.value("document.activeElement.getAttribute('aria-label')").await;
    let second_group = &queue["groups"][1];
    assert!(second.as_str().unwrap().starts_with(second_group["text"].as_str().unwrap()), "{second}");

    // Another place: the search has the focus, the arrow and Enter choose.
    browser.find("review-card").await.send_keys("3").await.unwrap();
    let search = browser.find("place-search").await;
    search.clear().await.unwrap();
    search.send_keys("Vlieland").await.unwrap();
    browser
        .wait_for_script("document.querySelector('.place-list [role=option]')?.textContent.includes('Vlieland')")
        .await;
    browser.wait_until_ready().await;
    let chosen = browser.value("document.querySelector('.place-list [role=option]').dataset.testid").await;
    let chosen = chosen.as_str().unwrap().trim_start_matches("place-option-").to_owned();
    let before = placed(&api, &chosen).await;
    browser.find("place-search").await.send_keys(&Key::Enter.to_string()).await.unwrap();
    browser.wait_for_script("document.querySelector('[data-testid=toast]').textContent.includes('Vlieland')").await;
    browser.wait_until_ready().await;
    let mentions = second_group["mentions"].as_u64().unwrap();
    assert!(placed(&api, &chosen).await >= before + mentions);
    let placed_now = placed(&api, &chosen).await;

    // Everything is read again; the decisions stay, and the list of them says for how much they speak.
    let said = stdout(&speurkaart(server.data(), &["regeoparse", "--report", "json"]));
    let report: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(report["decisions"], 2);
    assert_eq!(report["moved"], 0);
    browser.client.refresh().await.unwrap();
    browser.wait_until_ready().await;
    assert_eq!(placed(&api, &chosen).await, placed_now);
    browser.click("review-tab-decided").await;
    browser.find("decided-row").await;
    let rows = browser.value("document.querySelectorAll('[data-testid=decided-row]').length").await;
    assert_eq!(rows, 2);

    // Undone where it is listed: the words are no longer there.
    let number = api.json("/api/v1/decisions").await[0]["number"].as_u64().unwrap();
    browser.click(&format!("undo-{number}")).await;
    browser.wait_for_script("document.querySelector('.decided-undone') !== null").await;
    browser.wait_until_ready().await;
    assert_eq!(placed(&api, &chosen).await, before);
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn a_narrow_window_holds_the_queue() {
    let (_server, browser, _downloads) = signed_in(390, 844).await;
    browser.click("review-open").await;
    browser.find("review-card").await;
    browser.wait_until_ready().await;
    let wide = browser.value("document.documentElement.scrollWidth").await.as_u64().unwrap();
    assert!(wide <= 390, "the page is {wide} px wide");
    // Once the panel has slid in.
    browser
        .wait_for_script("[...document.querySelectorAll('.review button, .review summary')].map(b => b.getBoundingClientRect()).every(b => b.right <= 390 && b.left >= 0)")
        .await;
    browser.assert_clean_console().await;
}
