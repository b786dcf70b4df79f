//! The list that travels says the same as the list on the screen.

use serde_json::Value;

use crate::{demo, get, json};

const FILTER: &str = "limit=40&region=Drenthe&from=2020-04-01&to=2020-07-01";

#[tokio::test]
async fn the_csv_holds_the_list_line_by_line() {
    let (server, client) = demo().await;
    let list = json(&server, &client, &format!("/api/v1/hotspots?{FILTER}")).await;
    let response = get(&server, &client, &format!("/api/v1/hotspots.csv?{FILTER}")).await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(response.headers()["content-disposition"].to_str().unwrap().contains("attachment; filename="));
    let text = response.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| {
        header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name} in {header:?}"))
    };
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let hotspots = list["hotspots"].as_array().unwrap();
    assert!(hotspots.len() > 5);
    assert_eq!(rows.len(), hotspots.len());
    for (row, hotspot) in rows.iter().zip(hotspots) {
        for name in ["id", "name", "kind", "class"] {
            assert_eq!(&row[column(name)], hotspot[name].as_str().unwrap());
        }
        for name in ["rank", "radius_m", "messages", "conversations", "senders", "mentions"] {
            assert_eq!(row[column(name)].parse::<u64>().unwrap(), hotspot[name].as_u64().unwrap(), "{name}");
        }
        for name in ["lon", "lat"] {
            assert!(
                (row[column(name)].parse::<f64>().unwrap() - hotspot[name].as_f64().unwrap()).abs() < 1e-6,
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn exports_tell_the_words_that_the_detail_of_a_line_tells() {
    let (server, client) = demo().await;
    let list = json(&server, &client, &format!("/api/v1/hotspots?{FILTER}")).await;
    let collection: Value =
        get(&server, &client, &format!("/api/v1/hotspots?{FILTER}&format=geojson")).await.json().await.unwrap();
    let mut told = 0;
    for (line, feature) in list["hotspots"].as_array().unwrap().iter().zip(collection["features"].as_array().unwrap()) {
        assert!(line.get("words").is_none(), "a list asked for by itself reads no texts");
        let words: Vec<&Value> = feature["properties"]["words"].as_array().into_iter().flatten().collect();
        told += words.len();
        if feature["properties"]["rank"] == 1 {
            let id = line["id"].as_str().unwrap().replace('/', "%2F");
            let detail = json(&server, &client, &format!("/api/v1/hotspots/{id}?{FILTER}")).await;
            let all = detail["words"]["words"].as_array().unwrap();
            assert_eq!(words, all.iter().map(|told| &told["word"]).take(8).collect::<Vec<_>>());
        }
    }
    assert!(told > 0);
    let report = get(&server, &client, &format!("/api/v1/hotspots?{FILTER}&format=html")).await.text().await.unwrap();
    assert!(report.contains("Woorden"));
}

#[tokio::test]
async fn the_geojson_holds_the_list_as_points_lon_lat() {
    let (server, client) = demo().await;
    let list = json(&server, &client, &format!("/api/v1/hotspots?{FILTER}")).await;
    let response = get(&server, &client, &format!("/api/v1/hotspots.geojson?{FILTER}")).await;
    assert_eq!(response.headers()["content-type"], "application/geo+json");
    let collection: Value = response.json().await.unwrap();
    assert_eq!(collection["type"], "FeatureCollection");
    let features = collection["features"].as_array().unwrap();
    let hotspots = list["hotspots"].as_array().unwrap();
    assert_eq!(features.len(), hotspots.len());
    for (feature, hotspot) in features.iter().zip(hotspots) {
        let point = feature["geometry"]["coordinates"].as_array().unwrap();
        assert!((point[0].as_f64().unwrap() - hotspot["lon"].as_f64().unwrap()).abs() < 1e-6);
        assert!((point[1].as_f64().unwrap() - hotspot["lat"].as_f64().unwrap()).abs() < 1e-6);
        for name in ["rank", "name", "messages", "conversations", "class"] {
            assert_eq!(feature["properties"][name], hotspot[name], "{name}");
        }
    }
    let text = collection["provenance"].to_string();
    for said in ["Drenthe", "2020-04-01", "speurkaart "] {
        assert!(text.contains(said), "the provenance does not say {said}: {text}");
    }
}

#[tokio::test]
async fn every_form_is_an_attachment_with_its_type_and_a_name_that_says_what_it_is() {
    let (server, client) = demo().await;
    let forms = [
        ("csv", "text/csv; charset=utf-8", "csv", &b"\xef\xbb\xbfrank,"[..]),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", b"PK\x03\x04"),
        ("geojson", "application/geo+json", "geojson", b"{"),
        ("kml", "application/vnd.google-earth.kml+xml", "kml", b"<?xml"),
        ("kmz", "application/vnd.google-earth.kmz", "kmz", b"PK\x03\x04"),
        ("gpx", "application/gpx+xml", "gpx", b"<?xml"),
        ("gpkg", "application/geopackage+sqlite3", "gpkg", b"SQLite format 3\0"),
        ("html", "text/html; charset=utf-8", "html", b"<!DOCTYPE html>"),
        ("pdf", "application/pdf", "pdf", b"%PDF-"),
        ("pack", "application/zip", "zip", b"PK\x03\x04"),
    ];
    for (form, media_type, extension, begins) in forms {
        let response = get(&server, &client, &format!("/api/v1/hotspots?{FILTER}&format={form}")).await;
        assert_eq!(response.status(), 200, "{form}");
        assert_eq!(response.headers()["content-type"], media_type);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(
            response.headers()["content-disposition"],
            format!("attachment; filename=\"hotspots-drenthe-2020-04-01-2020-06-30.{extension}\"")
        );
        assert!(response.bytes().await.unwrap().starts_with(begins), "{form} is something else");
    }
    let log = server.log();
    for (form, ..) in forms {
        let logged = log.lines().any(|line| line.contains("exported") && line.contains(&format!("\"{form}\"")));
        assert!(logged, "the export as {form} is not logged: {log}");
    }
    server.assert_clean_log(&["Kerkenveld", "Drenthe"]);
}

#[tokio::test]
async fn a_form_or_language_that_does_not_exist_is_refused() {
    let (server, client) = demo().await;
    for (query, code) in [("format=docx", "bad_format"), ("format=pdf&lang=de", "bad_lang"), ("formt=pdf", "bad_query")]
    {
        let response = get(&server, &client, &format!("/api/v1/hotspots?{query}")).await;
        assert_eq!(response.status(), 400);
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], code, "{problem}");
    }
    for form in ["pdf", "pack"] {
        let response = get(&server, &server.stranger(), &format!("/api/v1/hotspots?format={form}")).await;
        assert_eq!(response.status(), 401, "a stranger gets a {form}");
    }
}

#[tokio::test]
async fn the_report_speaks_the_language_asked_for_and_says_that_the_data_are_synthetic() {
    let (server, client) = demo().await;
    let report = |lang: &'static str| {
        let (server, client) = (&server, &client);
        async move {
            get(server, client, &format!("/api/v1/hotspots?{FILTER}&format=html&lang={lang}"))
                .await
                .text()
                .await
                .unwrap()
        }
    };
    let (dutch, english) = (report("nl").await, report("en").await);
    assert!(
        dutch.contains("Ranglijst")
            && dutch.contains("Synthetische gegevens")
            && dutch.contains("1 april 2020 t/m 30 juni 2020")
    );
    assert!(english.contains("Ranked list") && english.contains("Synthetic data"));
}

#[tokio::test]
async fn a_pack_holds_the_messages_behind_the_list_and_its_filter_in_full() {
    let (server, client) = demo().await;
    let body = serde_json::json!({ "region": "Drenthe", "from": "2020-04-01", "to": "2020-07-01", "words": "kerkenveld", "limit": 5 });
    let list: Value = crate::post(&server, &client, "/api/v1/hotspots", &body).await.json().await.unwrap();
    let bytes = crate::post(&server, &client, "/api/v1/hotspots?format=pack", &body).await.bytes().await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    let manifest: Value = serde_json::from_str(&read("manifest.json")).unwrap();
    assert_eq!(manifest["asked"]["words"], "kerkenveld");
    let messages: Vec<Value> = read("messages.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(manifest["counts"]["messages"], messages.len());
    let listed: Vec<&Value> = list["hotspots"].as_array().unwrap().iter().map(|hotspot| &hotspot["id"]).collect();
    assert!(!messages.is_empty() && !listed.is_empty());
    for message in &messages {
        let mentions = message["mentions"].as_array().unwrap();
        assert!(
            mentions.iter().any(|mention| listed.contains(&&mention["place"]["id"])),
            "{message} names no place of the list"
        );
        let (text, mention) = (message["text"].as_str().unwrap(), &mentions[0]);
        let span = mention["start"].as_u64().unwrap() as usize..mention["end"].as_u64().unwrap() as usize;
        assert_eq!(&text[span], mention["text"].as_str().unwrap());
        assert!(
            message["source_files"].as_array().is_some_and(|files| !files.is_empty()),
            "{message} comes from no file"
        );
    }
    server.assert_clean_log(&["kerkenveld"]);
}

#[tokio::test]
async fn a_pack_by_municipality_and_by_cell_holds_only_what_the_list_counts() {
    let (server, client) = demo().await;
    for by in ["municipality", "cell"] {
        let query = format!("{FILTER}&by={by}&limit=1");
        let list = json(&server, &client, &format!("/api/v1/hotspots?{}", query.replace("limit=40&", ""))).await;
        let bytes = get(&server, &client, &format!("/api/v1/hotspots?{}&format=pack", query.replace("limit=40&", "")))
            .await
            .bytes()
            .await
            .unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("messages.jsonl").unwrap(), &mut text).unwrap();
        assert_eq!(text.lines().count() as u64, list["hotspots"][0]["messages"].as_u64().unwrap(), "by {by}");
    }
}

#[tokio::test]
async fn an_empty_list_is_exported_as_an_empty_table() {
    let (server, client) = demo().await;
    let query = "from=1999-01-01&to=1999-02-01";
    let text = get(&server, &client, &format!("/api/v1/hotspots.csv?{query}")).await.text().await.unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    let collection: Value =
        get(&server, &client, &format!("/api/v1/hotspots.geojson?{query}")).await.json().await.unwrap();
    assert_eq!(collection["features"].as_array().unwrap().len(), 0);
}
