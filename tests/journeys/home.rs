//! The home region in the browser: chosen from the list of regions, and what it changes is told and shown.

use serde_json::Value;

use crate::{Api, signed_in};

#[tokio::test]
async fn a_home_region_is_chosen_its_effect_is_told_and_it_is_taken_away_again() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let before = api.json("/api/v1/activity").await;
    browser.click("home-open").await;
    browser.find("home-search").await.send_keys("gron").await.unwrap();
    browser.click("home-option-province/groningen").await;
    let told = browser.text("home-changed").await;
    assert!(told.contains("anders geplaatst"), "{told}");
    assert!(browser.text("home-status").await.contains("zuidwolde ("));
    assert!(browser.text("home-open").await.contains("Groningen"));
    browser.wait_until_ready().await;
    assert_ne!(api.json("/api/v1/activity").await["places"], before["places"]);
    // What is drawn is of the data as they are now.
    let home = api.json("/api/v1/home").await;
    assert_eq!((&home["complete"], &home["rereading"]), (&Value::Bool(true), &Value::Null), "{home}");

    browser.click("home-none").await;
    browser
        .wait_for_script("document.querySelector('[data-testid=home-open]').textContent.includes('Eigen gebied')")
        .await;
    browser.find("home-changed").await;
    browser.wait_until_ready().await;
    assert_eq!(api.json("/api/v1/activity").await["places"], before["places"]);
    browser.assert_clean_console().await;
    server.assert_clean_log(&["zuidwolde"]);
}
