//! An area drawn on the map: everything shown obeys it, and no address ever holds it.

use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::{Value, json};
use tests::Browser;

use crate::{Api, on_page, saved, signed_in};

const SPRING: &str = "from=2020-05-01&to=2020-06-15";

/// Makes the page keep the bodies of what it posts, by their address.
const KEEP_BODIES: &str = "window.posted = {}; const send = window.fetch; window.fetch = (asked, ...more) => {
    if (asked instanceof Request && asked.method === 'POST')
        asked.clone().text().then(body => window.posted[new URL(asked.url).pathname] = body);
    return send.call(window, asked, ...more) }";

/// Clicks so many times at a point of the page.
async fn click_at(browser: &Browser, (x, y): (i64, i64), times: u32) {
    let to = PointerAction::MoveTo { duration: Some(Duration::from_millis(30)), x: x as f64, y: y as f64 };
    let mut mouse = MouseActions::new("mouse".into()).then(to);
    for _ in 0..times {
        mouse = mouse
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    }
    browser.client.perform_actions(mouse).await.unwrap();
    // A second click at once would be a double click.
    tokio::time::sleep(Duration::from_millis(350)).await;
}

/// The latest filter that was posted to a path, once it holds an area.
async fn posted(browser: &Browser, path: &str) -> Value {
    browser.wait_for_script(&format!("window.posted['/api/v1/{path}']?.includes('polygon')")).await;
    let body = browser.value(&format!("window.posted['/api/v1/{path}']")).await;
    serde_json::from_str(body.as_str().unwrap()).unwrap()
}

/// The four counts over the list.
async fn totals(browser: &Browser) -> Value {
    browser
        .value("[...document.querySelectorAll('.totals dd')].map(e => Number(e.innerText.replaceAll('.', '')))")
        .await
}

/// The same of an answer of `/activity`.
fn counts(activity: &Value) -> Value {
    json!(["conversations", "messages", "senders", "mentions"].map(|what| &activity["totals"][what]))
}

/// Fails where an address of the page, or one that it asked, holds a filter that should have been in a body.
async fn assert_in_no_address(browser: &Browser) {
    let addresses = browser
        .value("[location.href, ...performance.getEntriesByType('resource').map(e => e.name)].filter(n => n.includes('polygon') || n.includes('%22lon%22'))")
        .await;
    assert_eq!(addresses, json!([]), "a drawn area stands in an address");
}

#[tokio::test]
async fn an_area_drawn_around_a_place_narrows_everything_and_stays_out_of_the_link() {
    let (server, browser, downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let list = api.json(&format!("/api/v1/hotspots?{SPRING}&limit=1")).await;
    let top = &list["hotspots"][0];
    let [lon, lat] = ["lon", "lat"].map(|key| top[key].as_f64().unwrap());
    let link = format!("{}/?{SPRING}&map={lon:.4},{lat:.4},10", server.origin());
    browser.client.goto(&link).await.unwrap();
    browser.wait_until_ready().await;
    browser.client.execute(KEEP_BODIES, vec![]).await.unwrap();
    let before = totals(&browser).await;
    let (x, y) = on_page(&browser, lon, lat).await;

    // While it draws, a click on a place opens nothing, and what would cross is refused.
    browser.click("draw").await;
    assert!(browser.text("draw-hint").await.contains("Klik hoekpunten"));
    assert_eq!(browser.find("draw").await.attr("aria-pressed").await.unwrap().as_deref(), Some("true"));
    click_at(&browser, (x, y), 1).await;
    browser.wait_for_script("!document.querySelector('[data-testid=draw-back]').disabled").await;
    browser.client.active_element().await.unwrap().send_keys("\u{e003}").await.unwrap();
    browser.wait_for_script("document.querySelector('[data-testid=draw-back]').disabled").await;
    let corners = [(x - 90, y - 80), (x + 110, y - 60), (x + 70, y + 90), (x - 100, y + 60)];
    for corner in &corners[..3] {
        click_at(&browser, *corner, 1).await;
    }
    click_at(&browser, (x, y - 150), 1).await;
    assert!(browser.text("draw-hint").await.contains("mag zichzelf niet kruisen"));
    click_at(&browser, corners[3], 1).await;
    browser.wait_for_script("document.querySelector('[data-testid=draw-size]').innerText.endsWith(' km²')").await;
    assert_eq!(totals(&browser).await, before, "nothing is narrowed before it closes");
    click_at(&browser, corners[0], 1).await;
    browser.find("drawn-area").await;
    browser.wait_until_ready().await;

    // The corners are where the clicks were, and the numbers those of the API asked with them.
    let asked = posted(&browser, "activity").await;
    let ring = asked["polygon"].as_array().unwrap();
    assert_eq!(ring.len(), corners.len());
    for (corner, at) in ring.iter().zip(corners) {
        let (x, y) = on_page(&browser, corner["lon"].as_f64().unwrap(), corner["lat"].as_f64().unwrap()).await;
        assert!((x - at.0).abs() <= 1 && (y - at.1).abs() <= 1, "{corner} is at {x}, {y}, not {at:?}");
    }
    let activity = api.post("/api/v1/activity", &asked).await;
    assert_eq!(totals(&browser).await, counts(&activity));
    assert!(activity["totals"]["messages"].as_u64() < before[1].as_u64() && activity["totals"]["messages"] != 0);
    let listed = api.post("/api/v1/hotspots", &posted(&browser, "hotspots").await).await;
    let names = browser.value("[...document.querySelectorAll('.row-name')].map(e => e.innerText.trim())").await;
    let expected: Vec<&str> =
        listed["hotspots"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap()).collect();
    assert_eq!(names.as_array().unwrap().len(), expected.len(), "{names} is not {expected:?}");
    assert!(names[0].as_str().unwrap().contains(expected[0]), "{names} is not {expected:?}");
    assert!(browser.text("drawn-area").await.contains("Getekend gebied · "));

    // Messages, the density and a file, too.
    browser.click("hotspot-row-1").await;
    browser.find("message").await;
    browser.wait_until_ready().await;
    let page = api.post("/api/v1/messages", &posted(&browser, "messages").await).await;
    let total = browser.value("document.querySelector('.drawer-total').innerText").await;
    assert!(total.as_str().unwrap().replace('.', "").starts_with(&page["total"].to_string()), "{total}");
    browser.click("layer-density").await;
    browser.find("density-settings").await;
    browser.wait_until_ready().await;
    assert_eq!(posted(&browser, "density").await["bbox"], Value::Null, "the area is the study area");
    browser.click("export").await;
    browser.click("export-csv").await;
    browser.wait_until_ready().await;
    let path = saved(downloads.path(), "csv").await;
    let file = path.file_name().unwrap().to_string_lossy();
    assert!(file.contains("getekend-gebied"), "{file} does not say what it holds");
    let csv = std::fs::read_to_string(&path).unwrap();
    let rows = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes()).records().count();
    assert_eq!(rows, expected.len());

    // A region holds beside it, and says so; without the area everything is back.
    browser.find("region-search").await.send_keys("drent").await.unwrap();
    browser.click("region-option-province/drenthe").await;
    browser
        .wait_for_script("document.querySelector('[data-testid=drawn-area]').innerText.includes('in Drenthe')")
        .await;
    browser.wait_until_ready().await;
    assert_in_no_address(&browser).await;
    browser.click("drawn-clear").await;
    browser.wait_for_script("document.querySelector('[data-testid=drawn-area]') === null").await;
    browser.wait_until_ready().await;
    let drenthe = api.json(&format!("/api/v1/activity?{SPRING}&region=province/drenthe")).await;
    assert_eq!(totals(&browser).await, counts(&drenthe));
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn a_double_click_closes_without_zooming_and_an_answer_asked_before_belongs_to_another_filter() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let address = format!("{}/?{SPRING}&analyses=clusters&reach=4000&least=8&map=6.5,52.7,8", server.origin());
    browser.client.goto(&address).await.unwrap();
    browser.wait_until_ready().await;
    browser.click("ask").await;
    browser.find("cluster-1").await;
    browser.wait_until_ready().await;
    // The map goes to the clusters, and the address is told when it is there.
    let camera = "new URLSearchParams(location.search).get('map')";
    browser.wait_for_script(&format!("{camera} !== '6.5,52.7,8'")).await;
    let looked = browser.value(camera).await;

    browser.click("draw").await;
    for corner in [(500, 250), (800, 260)] {
        click_at(&browser, corner, 1).await;
    }
    // Two corners do not close, neither by Enter.
    browser.client.active_element().await.unwrap().send_keys("\u{e007}").await.unwrap();
    browser
        .wait_for_script("document.querySelector('[data-testid=draw-hint]').innerText.includes('ten minste drie')")
        .await;
    click_at(&browser, (700, 600), 2).await;
    browser.find("drawn-area").await;
    browser.wait_until_ready().await;
    let other = browser.text("other-question").await;
    assert!(other.contains("ander filter"), "{other}");
    // Longer than a zoom takes.
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(browser.value(camera).await, looked, "the map moved");
    browser.click("ask").await;
    browser.wait_for_script("document.querySelector('[data-testid=other-question]') === null").await;
    browser.wait_until_ready().await;

    // Esc leaves the area in force; a link does not carry it.
    browser.click("draw").await;
    click_at(&browser, (500, 250), 1).await;
    browser.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();
    browser.wait_for_script("document.querySelector('[data-testid=draw-hint]') === null").await;
    browser.find("drawn-area").await;
    browser.click("drawn-see").await;
    browser.wait_for_script(&format!("{camera} !== {looked}")).await;
    browser.wait_until_ready().await;
    assert_in_no_address(&browser).await;
    browser.client.refresh().await.unwrap();
    browser.wait_until_ready().await;
    assert_eq!(browser.value("document.querySelector('[data-testid=drawn-area]')").await, Value::Null);
    browser.assert_clean_console().await;
}
