//! Lines of hexagons and squares on list and map, and what the detail of a line knows beyond the list.

use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::Value;
use tests::Browser;

use crate::{Api, signed_in};

/// What `/hotspots` was asked with so far, the latest last.
async fn asked(browser: &Browser) -> Vec<String> {
    let names = browser
        .value("performance.getEntriesByType('resource').map(e => e.name).filter(n => n.includes('/hotspots?'))")
        .await;
    serde_json::from_value(names).unwrap()
}

/// The address of one line, asked for as the screen does.
fn detail_of(id: &str, rest: &str) -> String {
    format!("/api/v1/hotspots/{}?{rest}", id.replace('/', "%2F"))
}

#[tokio::test]
async fn hexagons_follow_the_map_in_steps_and_a_fixed_size_travels_in_the_link() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    browser.find("unit").await.select_by_value("cell").await.unwrap();
    browser.wait_for_script("location.search.includes('by=cell') && location.search.includes('layer=units')").await;
    browser.wait_until_ready().await;
    let latest = asked(&browser).await.pop().unwrap();
    assert!(latest.contains("by=cell") && latest.contains("resolution="), "{latest}");

    // A step of the zoom asks for finer ones, a little zoom before it for nothing.
    let link = format!("{}/?by=cell&layer=units&map=6.5,52.7,7.9", server.origin());
    browser.client.goto(&link).await.unwrap();
    browser.wait_until_ready().await;
    let closer = browser.client.find(Locator::Css(".zoom button")).await.unwrap();
    let address = "new URLSearchParams(location.search).get('map')";
    for zoom in ["8.90", "9.90"] {
        closer.click().await.unwrap();
        browser.wait_for_script(&format!("{address}.endsWith(',{zoom}')")).await;
        browser.wait_until_ready().await;
    }
    let sizes: Vec<bool> = asked(&browser).await.iter().map(|name| name.contains("resolution=6")).collect();
    assert_eq!(sizes, [true, false], "{:?}", asked(&browser).await);

    browser.find("size").await.select_by_value("6").await.unwrap();
    browser.wait_for_script("location.search.includes('size=6')").await;
    browser.wait_until_ready().await;
    let list = api.json("/api/v1/hotspots?by=cell&resolution=6&limit=1000").await;
    let shared = browser.value("location.href").await.as_str().unwrap().to_owned();
    browser.client.goto("about:blank").await.unwrap();
    browser.client.goto(&shared).await.unwrap();
    browser.wait_until_ready().await;
    assert!(browser.text("hotspot-row-1").await.contains(list["hotspots"][0]["name"].as_str().unwrap()));
    for (what, note) in [("too_coarse", "vermeldingen zijn te grof"), ("spread", "vermeldingen van wat groter is")] {
        let number = list[what].as_u64().unwrap();
        let told = browser.text(&what.replace('_', "-")).await.replace('.', "");
        assert!(number > 0 && told.starts_with(&format!("{number} {note}")), "{told} is not {number}");
    }
    let legend = browser.text("units-legend").await;
    assert!(legend.contains("Afzenders per zeshoek") && legend.contains("5,9 km breed"), "{legend}");
    browser.find("count").await.select_by_value("messages").await.unwrap();
    browser
        .wait_for_script(
            "document.querySelector('[data-testid=units-legend]')?.innerText.includes('Berichten per zeshoek')",
        )
        .await;

    browser.find("unit").await.select_by_value("square").await.unwrap();
    browser.find("size").await.select_by_value("2000").await.unwrap();
    browser.wait_for_script("location.search.includes('by=square&size=2000')").await;
    browser.wait_until_ready().await;
    let list = api.json("/api/v1/hotspots?by=square&side_m=2000&count=messages&limit=1000").await;
    assert!(browser.text("hotspot-row-1").await.contains(list["hotspots"][0]["name"].as_str().unwrap()));
    // Without a grid there is no layer of its units.
    browser.find("unit").await.select_by_value("place").await.unwrap();
    browser
        .wait_for_script(
            "!location.search.includes('layer=') && document.querySelector('[data-testid=layer-units]').hidden",
        )
        .await;
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn a_hexagon_is_pointed_at_and_chosen_on_the_map_and_its_messages_are_those_that_it_counts() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let list = api.json("/api/v1/hotspots?by=cell&resolution=6&limit=1000").await;
    // One without a number on the map.
    let line = &list["hotspots"][20];
    let [lon, lat] = ["lon", "lat"].map(|key| line[key].as_f64().unwrap());
    let link = format!("{}/?by=cell&size=6&layer=units&map={lon:.4},{lat:.4},9.5", server.origin());
    browser.client.goto(&link).await.unwrap();
    browser.wait_until_ready().await;
    let map = browser.client.find(Locator::Css(".map-canvas")).await.unwrap();
    let over = PointerAction::MoveToElement { element: map.clone(), duration: None, x: 0.0, y: 0.0 };
    browser.client.perform_actions(MouseActions::new("mouse".into()).then(over)).await.unwrap();
    browser
        .wait_for_script("document.querySelector('[data-testid=hotspot-row-21]').classList.contains('hovered')")
        .await;
    let tip = browser.value("document.querySelector('.tooltip').innerText").await;
    assert!(tip.as_str().unwrap().contains(line["name"].as_str().unwrap()), "{tip}");
    map.click().await.unwrap();
    browser.find("message").await;
    browser.wait_until_ready().await;
    let id = line["id"].as_str().unwrap();
    browser.wait_for_script(&format!("location.search.includes('place={id}')")).await;
    assert_eq!(browser.find("hotspot-row-21").await.attr("aria-pressed").await.unwrap().as_deref(), Some("true"));
    let seen = "(() => { const [row, list] = ['[data-testid=hotspot-row-21]', '.hotspots-scroll'].map(css => document.querySelector(css).getBoundingClientRect()); return row.top >= list.top - 1 && row.bottom <= list.bottom + 1; })()";
    assert_eq!(browser.value(seen).await, true, "what was chosen on the map is not in view in the list");
    let total = browser.value("document.querySelector('.drawer-total').innerText").await;
    assert!(total.as_str().unwrap().replace('.', "").starts_with(&line["messages"].to_string()), "{total}");
    assert!(browser.text("line-rank").await.contains(&format!("Nr. 21 van {} zeshoeken", list["of"])));
    // Other hexagons in the list do not make another one of it.
    browser.client.goto(&format!("{}/?by=cell&size=4&layer=units&place={id}", server.origin())).await.unwrap();
    browser.find("message").await;
    browser.wait_until_ready().await;
    assert!(browser.text("line-rank").await.contains(&format!("Nr. 21 van {} zeshoeken", list["of"])));
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn the_detail_tells_what_a_rise_rests_on_also_of_a_line_far_down() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let open = async |period: &str, id: &str| {
        browser.client.goto(&format!("{}/?{period}&place={id}", server.origin())).await.unwrap();
        browser.find("course").await;
        browser.wait_until_ready().await;
    };

    let spring = "from=2020-05-01&to=2020-06-15";
    let list = api.json(&format!("/api/v1/hotspots?{spring}&limit=1")).await;
    let top = list["hotspots"][0]["id"].as_str().unwrap();
    open(spring, top).await;
    browser.find("period-course").await;
    let detail = api.json(&detail_of(top, spring)).await;
    for left in detail["without"].as_array().unwrap() {
        let told = browser.text(&format!("without-{}", left["what"].as_str().unwrap())).await;
        assert!(told.contains(left["sentence"]["nl"].as_str().unwrap()), "{told} is not {left}");
        assert!(told.contains(left["name"].as_str().unwrap()), "{told} is not {left}");
        let verdict = if left["stays"] == true { "houdt stand" } else { "valt weg" };
        assert!(left["stays"].is_null() || told.contains(verdict), "{told} is not {left}");
    }
    assert!(detail["without"][0]["stays"].is_boolean(), "nothing planted: {detail}");

    // Further down than the list shows.
    let list = api.json("/api/v1/hotspots?limit=1000").await;
    let lines = list["hotspots"].as_array().unwrap();
    let last = lines.last().unwrap();
    assert!(lines.len() > 100, "{} lines", lines.len());
    open("", last["id"].as_str().unwrap()).await;
    assert!(browser.text("line-rank").await.contains(&format!("Nr. {} van {}", last["rank"], list["of"])));
    let counted = last["statistics"]["counted"].as_u64().unwrap();
    assert!(browser.text("facts").await.contains(&format!("{counted} afzender")));

    // Where nothing is counted that is said, and what cannot be said of it is left out.
    open(spring, "province/drenthe").await;
    assert!(browser.text("nothing-counted").await.contains("niets geteld"));
    assert_eq!(
        browser.value("document.querySelector('[data-testid=without], [data-testid=facts]')").await,
        Value::Null
    );
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn a_telling_word_is_put_into_the_filter_and_taken_out_again() {
    let (server, browser, _downloads) = signed_in(390, 844).await;
    let api = Api::of(&server, &browser).await;
    let grid = "by=cell&resolution=4";
    let list = api.json(&format!("/api/v1/hotspots?{grid}&limit=1000")).await;
    let mut found = None;
    for line in list["hotspots"].as_array().unwrap() {
        let detail = api.json(&detail_of(line["id"].as_str().unwrap(), grid)).await;
        if detail["words"]["words"].as_array().is_some_and(|words| !words.is_empty()) {
            found = Some(detail);
            break;
        }
    }
    let detail = found.expect("no line has a word of its own");
    let words: Vec<&str> =
        detail["words"]["words"].as_array().unwrap().iter().map(|told| told["word"].as_str().unwrap()).collect();
    let id = detail["id"].as_str().unwrap();
    browser.client.goto(&format!("{}/?by=cell&size=4&layer=units&place={id}", server.origin())).await.unwrap();
    browser.find("telling").await;
    browser.wait_until_ready().await;
    let shown = browser.value("[...document.querySelectorAll('.telling span')].map(e => e.innerText)").await;
    assert_eq!(shown, serde_json::json!(words));
    assert_eq!(browser.text("telling-basis").await, detail["words"]["sentence"]["nl"].as_str().unwrap());
    let wide = browser.value("document.documentElement.scrollWidth").await.as_u64().unwrap();
    assert!(wide <= 390, "the page is {wide} px wide");

    let asked_for = |words: &str| format!("document.querySelector('[data-testid=words]').value === {words:?}");
    browser.client.execute("document.querySelector('.telling').click()", vec![]).await.unwrap();
    browser.wait_for_script(&asked_for(words[0])).await;
    browser.wait_until_ready().await;
    let link = browser.value("location.href").await;
    assert!(!link.as_str().unwrap().contains(words[0]), "free words never enter a link: {link}");
    let all =
        browser.value("[...document.querySelectorAll('.message-text')].map(e => e.innerText.toLowerCase().normalize('NFD').replace(/\\p{M}/gu, ''))").await;
    let texts: Vec<String> = serde_json::from_value(all).unwrap();
    assert!(!texts.is_empty() && texts.iter().all(|text| text.contains(words[0])), "{texts:?}");
    browser.client.execute("document.querySelector('[data-testid=telling-asked]').click()", vec![]).await.unwrap();
    browser.wait_for_script(&asked_for("")).await;
    browser
        .wait_for_script("document.querySelector('.telling') && !document.querySelector('[data-testid=telling-asked]')")
        .await;
    browser.assert_clean_console().await;
}
