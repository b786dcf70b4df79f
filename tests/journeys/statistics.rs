//! What the statistics say on the screen: density with its legend, the detail of a line, what is ranked and counted, every export.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::Browser;

use crate::{Api, signed_in};

/// The box that the screen asks a density for when no region is chosen.
const BOX: &str = "2.4,49.4,7.4,53.7";
const SPRING: &str = "from=2020-05-01&to=2020-06-15";

/// A whole number as Dutch writes it.
fn dutch(number: &Value) -> String {
    let digits = format!("{:.0}", number.as_f64().unwrap());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// The colour of each value of the legend, those whose figure there is no room for, too.
async fn colours(browser: &Browser) -> Vec<(String, String)> {
    let pairs = browser
        .value("[...document.querySelectorAll('.density-legend .classes li')].map(li => [li.textContent, getComputedStyle(li.firstChild).backgroundColor])")
        .await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    pairs.as_array().unwrap().iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
}

#[tokio::test]
async fn the_density_says_unit_kernel_bandwidth_and_what_it_leaves_out() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    browser.click("layer-density").await;
    browser.find("density-settings").await;
    browser.wait_until_ready().await;
    let asked = format!("/api/v1/density?bbox={BOX}");
    let density = api.json(&asked).await;
    browser.wait_for_script("document.querySelector('.density-how') !== null").await;
    let legend = browser.text("density-legend").await;
    let metres = format!("{} m", dutch(&density["bandwidth_m"]));
    for part in ["Vermeldingen per km²", "Quartisch", &metres, "Silverman", "50% van de activiteit ligt op"] {
        assert!(legend.contains(part), "no {part} in {legend}");
    }
    let coarse = density["too_coarse"].as_u64().unwrap();
    assert!(coarse > 0 && browser.text("density-left-out").await.contains(&dutch(&density["too_coarse"])), "{legend}");
    let bands = density["bands"]["features"].as_array().unwrap();
    let before = colours(&browser).await;
    assert_eq!(before.len(), bands.len());

    // Another kernel and a bandwidth by hand.
    browser.find("density-settings").await.click().await.unwrap();
    browser.click("kernel-gaussian").await;
    browser.click("bandwidth-hand").await;
    let field = browser.find("bandwidth-km").await;
    browser.value("document.querySelector('[data-testid=bandwidth-km]').select()").await;
    field.send_keys("5\u{e007}").await.unwrap();
    browser
        .wait_for_script("location.search.includes('smooth=5000') && location.search.includes('kernel=gaussian')")
        .await;
    browser.wait_until_ready().await;
    let legend = browser.text("density-legend").await;
    assert!(legend.contains("Gaussisch") && legend.contains("5.000 m") && legend.contains("zelf gekozen"), "{legend}");
    let given = api.json(&format!("{asked}&kernel=gaussian&bandwidth_m=5000")).await;
    assert_eq!(colours(&browser).await.len(), given["bands"]["features"].as_array().unwrap().len());

    // Kept inside the border: in the link, and told by the legend.
    assert_eq!(browser.value("document.querySelector('[data-testid=edges-told]')").await, Value::Null);
    browser.click("edges").await;
    browser.wait_for_script("location.search.includes('edges=corrected')").await;
    assert!(browser.text("edges-told").await.contains("niets over de grens"));

    // A value has its colour, whatever the period holds.
    browser.click("bandwidth-rule").await;
    browser.client.goto(&format!("{}/?layer=density&{SPRING}", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.wait_for_script("document.querySelector('.density-how') !== null").await;
    let after = colours(&browser).await;
    let shared = after.iter().filter(|(value, colour)| {
        let same = before.iter().find(|(other, _)| other == value);
        assert!(same.is_none_or(|(_, other)| other == colour), "{value}: {colour}, before {before:?}");
        same.is_some()
    });
    assert!(shared.count() > 0, "{before:?} {after:?}");
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn the_density_is_compared_with_all_messages_where_there_are_others_and_its_rule_can_be_chosen() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    browser.client.goto(&format!("{}/?layer=density&{SPRING}", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    assert!(browser.find("as-ratio").await.attr("disabled").await.unwrap().is_some());
    assert!(browser.text("no-ratio").await.contains("onderwerp, woorden of een bron"));

    browser.client.goto(&format!("{}/?layer=density&{SPRING}&topics=drugs", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("as-ratio").await;
    browser.find("ratio-sentence").await;
    browser.wait_until_ready().await;
    browser.wait_for_script("location.search.includes('relative=all')").await;
    let asked = format!("/api/v1/density?bbox={BOX}&{SPRING}&topics=drugs&relative_to=all");
    let density = api.json(&asked).await;
    assert_eq!(browser.text("ratio-sentence").await, density["relative"]["sentence"]["nl"].as_str().unwrap());
    let legend = browser.text("density-legend").await;
    assert!(legend.contains("Keer zo dicht als alle berichten") && legend.contains("vermeldingen per km²"), "{legend}");
    // As many colours on both sides of one, each its own.
    let colours: BTreeSet<String> = colours(&browser).await.into_iter().map(|(_, colour)| colour).collect();
    assert_eq!(colours.len(), 11);

    browser.find("density-settings").await.click().await.unwrap();
    browser.click("bandwidth-validated").await;
    browser.wait_for_script("location.search.includes('rule=cross_validated')").await;
    browser.wait_until_ready().await;
    let validated = api.json(&format!("{asked}&bandwidth_rule=cross_validated")).await;
    assert_eq!(validated["bandwidth_by"], "cross_validated");
    let legend = browser.text("density-legend").await;
    assert!(legend.contains("kruisvalidatie") && legend.contains(&dutch(&validated["bandwidth_m"])), "{legend}");
    // Without a topic there is nothing to compare with: the density itself is back.
    browser.client.goto(&format!("{}/?layer=density&{SPRING}&relative=all", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    assert!(browser.text("density-legend").await.contains("van de activiteit ligt op"));
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn a_dragged_window_asks_for_one_density_at_a_time() {
    let (_server, browser, _downloads) = signed_in(1440, 900).await;
    browser.click("layer-density").await;
    browser.wait_until_ready().await;
    browser.drag("handle-from", 300.0).await;
    browser.wait_until_ready().await;
    let spans = browser
        .value("performance.getEntriesByType('resource').filter(e => e.name.includes('/api/v1/density')).map(e => [e.startTime, e.responseEnd])")
        .await;
    let spans: Vec<(f64, f64)> = serde_json::from_value(spans).unwrap();
    assert!(spans.len() >= 2, "{spans:?}");
    assert!(spans.windows(2).all(|two| two[1].0 >= two[0].1), "two at once: {spans:?}");
}

#[tokio::test]
async fn the_detail_of_a_line_says_what_the_api_says() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    browser.client.goto(&format!("{}/?{SPRING}", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    let list = api.json(&format!("/api/v1/hotspots?{SPRING}&limit=100")).await;
    let top = &list["hotspots"][0];
    let row = browser.text("hotspot-row-1").await;
    if top["statistics"]["rests_on_one_conversation"] == true {
        assert!(row.contains("rust op één gesprek"), "{row}");
    }
    // As many lines carry the mark of their surroundings as have one that stands.
    let marked = browser.value("document.querySelectorAll('[data-testid=gi-star]').length").await;
    let hotspots = list["hotspots"].as_array().unwrap();
    let stands = |line: &&Value| line["statistics"]["gi_star"]["p_corrected"].as_f64().is_some_and(|p| p < 0.05);
    assert_eq!(marked, hotspots.iter().filter(stands).count());
    let classed = browser.value("document.querySelectorAll('[data-testid=emerging]').length").await;
    let has_class = |line: &&Value| line["statistics"]["emerging"].as_str().is_some_and(|class| class != "none");
    assert_eq!(classed, hotspots.iter().filter(has_class).count());

    browser.click("hotspot-row-1").await;
    browser.find("course").await;
    browser.wait_until_ready().await;
    let facts = browser.text("facts").await;
    let counted = top["statistics"]["counted"].as_u64().unwrap();
    let expected = format!("{:.1}", top["expected"].as_f64().unwrap()).replace('.', ",");
    assert!(facts.contains(&format!("{counted} afzenders; verwacht {expected}")), "{facts}");
    for part in ["95%", "p = ", "gecorrigeerd", "Gi*", "Moran", "Niet te zeggen"] {
        assert!(facts.contains(part) || (part == "p = " && facts.contains("p < ")), "no {part} in {facts}");
    }
    let place = top["id"].as_str().unwrap();
    let detail = api.json(&format!("/api/v1/hotspots/{}?{SPRING}", place.replace('/', "%2F"))).await;
    let trend = &detail["trend"];
    let chart = browser.find("course").await;
    assert_eq!(chart.attr("role").await.unwrap().as_deref(), Some("img"));
    let words = chart.attr("aria-label").await.unwrap().unwrap();
    assert!(words.starts_with(trend["sentence"]["nl"].as_str().unwrap()), "{words}");
    let changes = browser.value("document.querySelectorAll('[data-testid=changes] li').length").await;
    let stretches = trend["stretches"].as_array().unwrap().len();
    assert!(stretches >= 2, "nothing planted: {trend}");
    assert_eq!(changes, stretches - 1);
    assert_eq!(browser.value("document.querySelectorAll('.course-change').length").await, stretches - 1);
    assert_eq!(browser.value("document.querySelectorAll('.rhythm i').length").await, 7 * 24);
    let busiest = browser.find("rhythm").await.attr("aria-label").await.unwrap().unwrap();
    let most = detail["rhythm"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|n| n.as_u64().unwrap());
    assert!(busiest.contains(&format!(", {} van ", most.max().unwrap())), "{busiest}");
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn what_is_ranked_and_counted_can_be_chosen_and_travels_in_the_link() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    for (list, option) in [("unit", "municipality"), ("count", "conversations")] {
        browser.find(list).await.select_by_value(option).await.unwrap();
    }
    browser
        .wait_for_script(
            "location.search.includes('by=municipality') && location.search.includes('count=conversations')",
        )
        .await;
    browser.wait_until_ready().await;
    let found = api.json("/api/v1/hotspots?by=municipality&count=conversations&limit=100").await;
    let top = &found["hotspots"][0];
    let row = browser.text("hotspot-row-1").await;
    assert!(row.contains(top["name"].as_str().unwrap()), "{row} is not {top}");
    // The map follows, and the messages are those that the line counts.
    assert_eq!(browser.find("layer-municipality").await.attr("aria-pressed").await.unwrap().as_deref(), Some("true"));
    browser.click("hotspot-row-1").await;
    browser.find("message").await;
    browser.wait_until_ready().await;
    let total = browser.value("document.querySelector('.drawer-total').innerText").await;
    assert!(total.as_str().unwrap().starts_with(&dutch(&top["messages"])), "{total} is not {}", top["messages"]);
    let counted = dutch(&top["statistics"]["counted"]);
    assert!(browser.text("facts").await.contains(&format!("{counted} gesprekken")));
    for unit in ["police_unit", "province", "place"] {
        browser.find("unit").await.select_by_value(unit).await.unwrap();
        browser.wait_until_ready().await;
        let found = api.json(&format!("/api/v1/hotspots?by={unit}&count=conversations&limit=100")).await;
        let first = found["hotspots"][0]["name"].as_str().unwrap();
        browser
            .wait_for_script(&format!(
                "document.querySelector('[data-testid=hotspot-row-1] .row-name')?.innerText === {first:?}"
            ))
            .await;
    }
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn every_form_of_the_server_is_in_the_menu_with_what_it_is_for() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    // The server names its forms to whoever asks for one that it does not have.
    let request = api.client.get(format!("{}/api/v1/hotspots?format=stone", api.origin)).header("cookie", &api.cookie);
    let problem: Value = request.send().await.unwrap().json().await.unwrap();
    let known = problem["detail"].as_str().unwrap().split_once("json, ").unwrap().1;
    let known: BTreeSet<String> = known.split(", ").map(str::to_owned).collect();
    assert!(known.len() >= 10, "{problem}");
    browser.click("export").await;
    let entries = browser
        .value("[...document.querySelectorAll('.export-list [role=menuitem]')].map(e => [e.dataset.testid.replace('export-', ''), e.querySelector('small').innerText])")
        .await;
    let entries: Vec<(String, String)> = serde_json::from_value(entries).unwrap();
    assert_eq!(entries.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>(), known);
    assert!(entries.iter().all(|(_, purpose)| purpose.len() > 5), "{entries:?}");
}

#[tokio::test]
async fn what_the_server_refuses_is_told_in_the_language_of_the_screen() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    browser.client.goto(&format!("{}/?region=province/atlantis", server.origin())).await.unwrap();
    assert!(browser.text("error").await.contains("Dit gebied bestaat niet."));
    browser.click("lang-toggle").await;
    browser
        .wait_for_script("document.querySelector('[data-testid=error]')?.innerText.includes('no region is called')")
        .await;
}
