//! The analyses on the screen: asked by hand, told how far they are, cut off, marked when they belong to another filter, on list and map.

use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::Value;
use tests::Browser;

use crate::{Api, on_page, signed_in};

const SPRING: &str = "from=2020-05-01&to=2020-06-15";

/// How often the page asked this resource.
async fn times_asked(browser: &Browser, resource: &str) -> Value {
    browser
        .value(&format!(
            "performance.getEntriesByType('resource').filter(e => e.name.endsWith('/api/v1/{resource}')).length"
        ))
        .await
}

#[tokio::test]
async fn a_scan_is_asked_by_hand_and_its_circles_answer_on_list_and_map() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    browser.client.goto(&format!("{}/?{SPRING}", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("analyses-open").await;
    browser
        .wait_for_script("document.querySelector('.question h3')?.textContent === 'Waar en sinds wanneer is het drukker dan elders?'")
        .await;
    browser.wait_for_script("location.search.includes('analyses=scan')").await;
    assert_eq!(times_asked(&browser, "scan").await, 0, "nothing is asked before somebody says so");
    browser.click("ask").await;
    browser.find("cluster-1").await;
    browser.wait_until_ready().await;

    let scan = api.json(&format!("/api/v1/scan?{SPRING}&by=municipality&replicas=999")).await;
    let first = &scan["clusters"][0];
    assert_eq!(browser.text("answer-sentence").await, scan["sentence"]["nl"].as_str().unwrap());
    let row = browser.text("cluster-1").await;
    for part in [
        first["units"][0]["name"].as_str().unwrap(),
        first["sentence"]["nl"].as_str().unwrap(),
        "× zo vaak als elders",
        "p = ",
    ] {
        assert!(row.contains(part), "no {part} in {row}");
    }
    let clear =
        scan["clusters"].as_array().unwrap().iter().filter(|one| one["p_value"].as_f64().unwrap() < 0.05).count();
    let shown = browser.value("document.querySelectorAll('.answer > .clusters .cluster').length").await;
    assert_eq!(shown, clear, "what may be chance stands apart");

    // A click goes there; on the map the circle's number means its line.
    let [lon, lat] = ["lon", "lat"].map(|name| first[name].as_f64().unwrap());
    browser.click("cluster-1").await;
    browser
        .wait_for_script("(m => m && Number(m.split(',')[2]) > 7.5)(new URLSearchParams(location.search).get('map'))")
        .await;
    browser.wait_until_ready().await;
    let (x, y) = on_page(&browser, lon, lat).await;
    assert!((384..1016).contains(&x) && (48..780).contains(&y), "the circle lies at {x}, {y}");
    let move_to = |x, y| MouseActions::new("mouse".into()).then(PointerAction::MoveTo { duration: None, x, y });
    browser.client.perform_actions(move_to(100.0, 20.0)).await.unwrap();
    browser.click("analyses-tab-clusters").await;
    browser.click("analyses-tab-scan").await;
    browser.find("cluster-1").await;
    assert_eq!(browser.value("document.querySelectorAll('.cluster-lit').length").await, 0);
    browser.client.perform_actions(move_to(x as f64, y as f64)).await.unwrap();
    browser.wait_for_script("document.querySelector('.cluster-lit')?.dataset.testid === 'cluster-1'").await;

    let tip = browser.value("document.querySelector('.tooltip').innerText").await;
    let name = first["units"][0]["name"].as_str().unwrap();
    assert!(tip.as_str().unwrap().starts_with(&format!("1. {name}")), "{tip}");
    assert!(tip.as_str().unwrap().contains("Cirkel · p "), "{tip}");

    // Another filter: the answer says that it is not its own, and nothing is asked by itself.
    browser.drag("handle-from", 60.0).await;
    let other = browser.text("other-question").await;
    assert!(other.contains("ander filter") && other.contains("1 mei – 14 jun 2020"), "{other}");
    browser.wait_until_ready().await;
    assert_eq!(times_asked(&browser, "scan").await, 1);
    browser.click("ask").await;
    browser.wait_for_script("document.querySelector('[data-testid=other-question]') === null").await;
    browser.wait_until_ready().await;
    assert_eq!(times_asked(&browser, "scan").await, 2);

    // So does another choice of the form; the link carries it, and a link opens the question without asking it.
    browser.value("(s => { s.value = 'province'; s.dispatchEvent(new Event('change', { bubbles: true })) })(document.querySelector('[data-testid=scan-by]'))").await;
    assert!(browser.text("other-question").await.contains("andere instelling"));
    browser.wait_for_script("location.search.includes('scan-by=province')").await;
    browser.client.refresh().await.unwrap();
    browser.find("ask").await;
    browser.wait_until_ready().await;
    assert_eq!(browser.find("scan-by").await.prop("value").await.unwrap().as_deref(), Some("province"));
    assert_eq!(times_asked(&browser, "scan").await, 0);
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_scan_that_is_cut_off_stops_on_the_server() {
    use std::time::{Duration, Instant};

    let (server, browser, _downloads) = signed_in(1440, 900).await;
    browser.client.goto(&format!("{}/?analyses=scan&replicas=9999", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("ask").await;
    browser
        .wait_for_script("document.querySelector('[data-testid=far]')?.textContent.includes('van 9.999 keer')")
        .await;
    browser.find("analyses-far").await;
    browser.click("cut-off").await;
    assert!(browser.text("asking-said").await.contains("Afgebroken"));
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let before = server.ticks();
        tokio::time::sleep(Duration::from_millis(300)).await;
        if server.ticks() - before <= 3 {
            break;
        }
        assert!(Instant::now() < deadline, "it goes on though nobody waits");
    }
    // Whoever asks again gets an answer.
    browser.value("(s => { s.value = '99'; s.dispatchEvent(new Event('change', { bubbles: true })) })(document.querySelector('[data-testid=replicas]'))").await;
    browser.click("ask").await;
    browser.find("answer-sentence").await;
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn clusters_are_listed_with_their_figures_and_what_cannot_be_said_is_a_sentence() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let address = |more: &str| format!("{}/?{SPRING}&analyses=clusters&{more}", server.origin());
    browser.client.goto(&address("reach=4000&least=8")).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("ask").await;
    browser.find("cluster-1").await;
    browser.wait_until_ready().await;
    let clusters = api.json(&format!("/api/v1/clusters?{SPRING}&reach_m=4000&min_points=8")).await;
    assert_eq!(browser.text("answer-sentence").await, clusters["sentence"]["nl"].as_str().unwrap());
    let features = clusters["features"].as_array().unwrap();
    let rows = browser.value("document.querySelectorAll('.cluster').length").await;
    assert_eq!(rows, features.len());
    let row = browser.text("cluster-1").await;
    for part in [features[0]["properties"]["name"].as_str().unwrap(), "km²", "berichten per km²"] {
        assert!(row.contains(part), "no {part} in {row}");
    }
    browser.click("cluster-2").await;
    browser
        .wait_for_script("(m => m && Number(m.split(',')[2]) > 8)(new URLSearchParams(location.search).get('map'))")
        .await;

    // A line of the list takes the place of the panel; its answer is kept.
    browser.click("hotspot-row-1").await;
    browser.wait_for_script("document.querySelector('[data-testid=analyses]') === null").await;
    browser.find("message").await;
    browser.click("analyses-open").await;
    browser.find("cluster-1").await;
    assert_eq!(times_asked(&browser, "clusters").await, 1);

    // What cannot be said is the server's sentence.
    browser.client.goto(&address("least=1000")).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("ask").await;
    let said = browser.text("answer-sentence").await;
    let few = api.json(&format!("/api/v1/clusters?{SPRING}&min_points=1000")).await;
    assert_eq!((&few["reason"], said.as_str()), (&"too_few".into(), few["sentence"]["nl"].as_str().unwrap()));
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn near_repeats_are_a_table_with_a_mark_where_it_is_clear() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    browser.client.goto(&format!("{}/?{SPRING}&analyses=near-repeat&lang=en", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("ask").await;
    browser.find("knox").await;
    browser.wait_until_ready().await;
    let found = api.json(&format!("/api/v1/near-repeat?{SPRING}&replicas=999")).await;
    assert_eq!(browser.text("answer-sentence").await, found["sentence"]["en"].as_str().unwrap());
    let table = found["table"].as_array().unwrap();
    let size = browser
        .value(
            "[document.querySelectorAll('.knox tbody tr').length, document.querySelectorAll('.knox tbody td').length]",
        )
        .await;
    assert_eq!(size, serde_json::json!([table.len(), table.len() * table[0].as_array().unwrap().len()]));
    let cells = table.iter().flat_map(|row| row.as_array().unwrap());
    let clear = cells.filter(|cell| cell["p_corrected"].as_f64().unwrap() < 0.05).count();
    let marked = browser.value("document.querySelectorAll('.knox td .knox-mark').length").await;
    assert_eq!(marked, clear);

    // Bounds that make no sense are said and not taken.
    browser.value("document.querySelector('[data-testid=distances]').select()").await;
    browser.find("distances").await.send_keys("500, 250\u{e007}").await.unwrap();
    assert!(browser.text("distances-wrong").await.contains("Ascending whole numbers"));
    browser.value("document.querySelector('[data-testid=distances]').select()").await;
    browser.find("distances").await.send_keys("250, 500\u{e007}").await.unwrap();
    browser.wait_for_script("location.search.includes('distances=250,500')").await;
    assert!(browser.text("other-question").await.contains("other choices"));
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn a_narrow_window_shows_an_answer_under_its_map() {
    let (server, browser, _downloads) = signed_in(390, 844).await;
    browser.client.goto(&format!("{}/?{SPRING}&analyses=scan&replicas=99", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("ask").await;
    browser.find("cluster-1").await;
    let wide = browser.value("document.documentElement.scrollWidth").await.as_u64().unwrap();
    assert!(wide <= 390, "the page is {wide} px wide");
    browser
        .wait_for_script("[...document.querySelectorAll('.analyses button, .analyses select, header button')].map(b => b.getBoundingClientRect()).every(b => b.right <= 390 && b.left >= 0)")
        .await;
    let below = browser.value("document.querySelector('.analyses').getBoundingClientRect().top >= document.querySelector('.map').getBoundingClientRect().bottom").await;
    assert_eq!(below, true, "the map stays in sight");
    browser.assert_clean_console().await;
}
