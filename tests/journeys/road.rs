//! The whole road on the screen: sign in, a region, a period, a hotspot, a message, the list as a file.

use std::path::Path;

use serde_json::Value;

use crate::{Api, saved, signed_in};

#[tokio::test]
async fn from_the_link_to_the_exported_list() {
    let (server, browser, downloads) = signed_in(1440, 900).await;
    let api = Api::of(&server, &browser).await;
    let address = browser.client.current_url().await.unwrap();
    assert!(!address.as_str().contains("token"), "the token stays in the address: {address}");
    browser.find("synthetic-badge").await;

    // Drenthe, found by typing.
    browser.find("region-search").await.send_keys("drent").await.unwrap();
    let regions = api.json("/api/v1/regions?kind=province").await;
    let drenthe = regions["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|region| region["properties"]["name"] == "Drenthe")
        .unwrap();
    let drenthe = drenthe["properties"]["id"].as_str().or_else(|| drenthe["id"].as_str()).unwrap();
    browser.click(&format!("region-option-{drenthe}")).await;
    browser.wait_for_script("location.search.includes('region=')").await;
    browser.wait_until_ready().await;

    // The window, dragged from both ends to somewhere between spring and summer.
    let width = browser.value("document.querySelector('[data-testid=histogram]').getBoundingClientRect().width").await;
    let width = width.as_f64().unwrap();
    browser.drag("handle-from", width * 0.42).await;
    browser.drag("handle-to", -width * 0.38).await;
    browser.wait_for_script("/from=2020-0[3-6]/.test(location.search) && /to=2020-0[4-7]/.test(location.search)").await;
    // The address follows when the hand has come to rest; the last day of the field is the one before `to`.
    browser
        .wait_for_script(
            "(() => { const q = new URLSearchParams(location.search), day = id => document.querySelector(`[data-testid=${id}]`).value; \
             return q.get('from') === day('date-from') && Date.parse(q.get('to')) - Date.parse(day('date-to')) === 86400000 })()",
        )
        .await;
    browser.wait_until_ready().await;
    let query = browser.value("location.search").await;
    let chosen = |key: &str| {
        let text = query.as_str().unwrap().trim_start_matches('?');
        text.split('&').find_map(|pair| pair.strip_prefix(&format!("{key}="))).unwrap().to_owned()
    };
    let (from, to) = (chosen("from"), chosen("to"));
    assert_eq!(browser.find("date-from").await.prop("value").await.unwrap().unwrap(), from);

    // What the list says is what the API says.
    // As many lines as the screen asks for.
    let filter = format!("region={drenthe}&from={from}&to={to}&limit=100");
    let list = api.json(&format!("/api/v1/hotspots?{filter}")).await;
    let hotspots = list["hotspots"].as_array().unwrap();
    let top = &hotspots[0];
    let row = browser.text("hotspot-row-1").await;
    assert!(row.contains(top["name"].as_str().unwrap()), "{row} is not {top}");

    // The messages behind it: the newest first, the mention marked and explained.
    browser.click("hotspot-row-1").await;
    browser.find("message").await;
    browser.wait_until_ready().await;
    let place = top["id"].as_str().unwrap();
    let page = api.json(&format!("/api/v1/messages?{filter}&place={place}")).await;
    let newest = &page["messages"][0];
    let shown = browser.text("message").await;
    let first_line = newest["text"].as_str().unwrap().lines().next().unwrap().trim().to_owned();
    assert!(shown.contains(&first_line), "{shown} does not hold {first_line}");
    let marked = browser.client.find(fantoccini::Locator::Css(".mention-focus")).await.unwrap();
    let words = marked.text().await.unwrap();
    let mentions = newest["mentions"].as_array().unwrap();
    assert!(mentions.iter().any(|mention| mention["text"] == words.as_str()), "{words} is no mention of {newest}");
    marked.click().await.unwrap();
    let detail = browser.text("mention-detail").await;
    assert!(detail.contains('%'), "no confidence in {detail}");

    // The list as files.
    browser.click("export").await;
    browser.click("export-csv").await;
    let csv = downloaded(downloads.path(), "csv").await;
    browser.click("export").await;
    browser.click("export-geojson").await;
    let geojson = downloaded(downloads.path(), "geojson").await;
    // And as everything in one, by the keyboard alone.
    browser.click("export").await;
    browser.wait_for_script("document.querySelector('[data-testid=export-pack]').offsetParent !== null").await;
    browser
        .value("document.querySelectorAll('[role=menu] [role=group][aria-label]').length")
        .await
        .as_u64()
        .filter(|groups| *groups == 4)
        .expect("the menu has four groups with names");
    browser.find("export").await.send_keys("\u{e013}").await.unwrap();
    browser.wait_for_script("document.activeElement.dataset.testid === 'export-pack'").await;
    browser.find("export-pack").await.send_keys("\u{e007}").await.unwrap();
    let pack = downloaded_bytes(downloads.path(), "zip").await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(pack)).unwrap();
    let manifest: Value = serde_json::from_reader(zip.by_name("manifest.json").unwrap()).unwrap();
    assert_eq!(manifest["counts"]["hotspots"], hotspots.len());
    assert_csv_says(&csv, hotspots);
    assert_geojson_says(&geojson, hotspots);
    // Apart from the moment they were made, byte for byte what the API serves.
    let served = api.text(&format!("/api/v1/hotspots.csv?{filter}")).await;
    assert_eq!(csv.trim_start_matches('\u{feff}').lines().next(), served.trim_start_matches('\u{feff}').lines().next());

    browser.assert_clean_console().await;
    server.assert_clean_log(&[&first_line]);
}

async fn downloaded(folder: &Path, extension: &str) -> String {
    String::from_utf8(downloaded_bytes(folder, extension).await).unwrap()
}

async fn downloaded_bytes(folder: &Path, extension: &str) -> Vec<u8> {
    let path = saved(folder, extension).await;
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.contains("drenthe") && name.contains("2020-"), "{name} does not say what it holds");
    std::fs::read(path).unwrap()
}

fn assert_csv_says(text: &str, hotspots: &[Value]) {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), hotspots.len());
    for (row, hotspot) in rows.iter().zip(hotspots) {
        assert_eq!(&row[column("name")], hotspot["name"].as_str().unwrap());
        assert_eq!(row[column("messages")].parse::<u64>().unwrap(), hotspot["messages"].as_u64().unwrap());
        assert_eq!(row[column("conversations")].parse::<u64>().unwrap(), hotspot["conversations"].as_u64().unwrap());
    }
}

fn assert_geojson_says(text: &str, hotspots: &[Value]) {
    let collection: Value = serde_json::from_str(text).unwrap();
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), hotspots.len());
    for (feature, hotspot) in features.iter().zip(hotspots) {
        assert_eq!(feature["properties"]["name"], hotspot["name"]);
        assert!(
            (feature["geometry"]["coordinates"][0].as_f64().unwrap() - hotspot["lon"].as_f64().unwrap()).abs() < 1e-5
        );
        assert!(
            (feature["geometry"]["coordinates"][1].as_f64().unwrap() - hotspot["lat"].as_f64().unwrap()).abs() < 1e-5
        );
    }
}
