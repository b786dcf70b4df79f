//! The list that travels says the same as the list on the screen.

use serde_json::Value;

use crate::{demo, get, json};

const FILTER: &str = "region=Drenthe&from=2020-04-01&to=2020-07-01&limit=40";

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
async fn an_empty_list_is_exported_as_an_empty_table() {
    let (server, client) = demo().await;
    let query = "from=1999-01-01&to=1999-02-01";
    let text = get(&server, &client, &format!("/api/v1/hotspots.csv?{query}")).await.text().await.unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    let collection: Value =
        get(&server, &client, &format!("/api/v1/hotspots.geojson?{query}")).await.json().await.unwrap();
    assert_eq!(collection["features"].as_array().unwrap().len(), 0);
}
