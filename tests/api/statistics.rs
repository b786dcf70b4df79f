//! Figures of the statistics over HTTP: what is counted, density, trend; and that no number is none.

use reqwest::StatusCode;
use serde_json::{Value, json as body};

use crate::{demo, get, json, post};

const MAY: &str = "from=2020-05-01&to=2020-06-15";

#[tokio::test]
async fn what_is_counted_can_be_chosen_and_is_said() {
    let (server, client) = demo().await;
    for count in ["conversations", "senders", "messages", "mentions"] {
        let list = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&count={count}")).await;
        assert_eq!(list["basis"]["count"], count);
        for hotspot in list["hotspots"].as_array().unwrap() {
            assert_eq!(hotspot["statistics"]["counted"], hotspot[count]);
        }
    }
    let weighted = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&count=weighted")).await;
    for hotspot in weighted["hotspots"].as_array().unwrap() {
        let (weight, mentions) =
            (hotspot["statistics"]["weighted_mentions"].as_f64().unwrap(), hotspot["mentions"].as_f64().unwrap());
        assert!(weight <= mentions + 1e-9 && weight >= 0.5 * mentions - 1e-3, "{weight} of {mentions}");
    }
    assert_eq!(json(&server, &client, "/api/v1/hotspots").await["basis"]["count"], "senders", "the default");
}

#[tokio::test]
async fn cells_regions_and_places_have_neighbours_and_classes() {
    let (server, client) = demo().await;
    for (by, neighbours) in [
        ("place", "distance_band"),
        ("municipality", "contiguity"),
        ("police_unit", "contiguity"),
        ("province", "contiguity"),
        ("cell", "contiguity"),
        ("square", "contiguity"),
    ] {
        let list = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&by={by}")).await;
        assert_eq!(list["basis"]["neighbours"], neighbours);
        assert!(list["basis"]["steps"].as_u64().unwrap() >= 10);
        let units = list["basis"]["units"].as_u64().unwrap();
        // The demo speaks of every province and police unit.
        let few = ["police_unit", "province"].contains(&by);
        assert!(few || units > list["of"].as_u64().unwrap(), "{by}: units without a mention count, too");
        let all = [("municipality", 342), ("police_unit", 10), ("province", 12)];
        assert!(all.iter().all(|(kind, number)| *kind != by || *number == units), "{by}: {units}");
        for hotspot in list["hotspots"].as_array().unwrap() {
            let p = hotspot["statistics"]["gi_star"]["p_value"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&p) && hotspot["statistics"]["emerging"].is_string());
        }
    }
}

#[tokio::test]
async fn what_is_kept_of_an_area_says_what_counting_anew_says() {
    let (server, client) = demo().await;
    for by in ["place", "municipality", "cell"] {
        // Another length is another question; the area is the same, whose course is kept when it is asked for again.
        let mut lists = Vec::new();
        for limit in [40, 41, 42] {
            let path = format!("/api/v1/hotspots?{MAY}&region=Drenthe&by={by}&limit={limit}");
            let list = json(&server, &client, &path).await;
            lists.push(list["hotspots"].as_array().unwrap().iter().take(40).cloned().collect::<Vec<_>>());
        }
        assert!(lists[0].iter().any(|one| one["statistics"]["emerging"].is_string()), "{by}");
        assert!(lists.windows(2).all(|two| two[0] == two[1]), "{by}");
    }
}

#[tokio::test]
async fn the_units_of_a_grid_are_as_large_as_asked_and_have_outlines() {
    let (server, client) = demo().await;
    let list = |by: &str| {
        let path = format!("/api/v1/hotspots?{MAY}&region=Drenthe&limit=1000&by={by}");
        let (server, client) = (&server, &client);
        async move { json(server, client, &path).await }
    };
    // The coarser the units, the fewer, and the fewer mentions are too coarse for them.
    for sizes in
        [["cell&resolution=8", "cell", "cell&resolution=5"], ["square&side_m=250", "square", "square&side_m=10000"]]
    {
        let mut before = None::<(u64, u64)>;
        for by in sizes {
            let list = list(by).await;
            let corners = if by.starts_with("cell") { 7 } else { 5 };
            for one in list["hotspots"].as_array().unwrap() {
                let outline = one["outline"].as_array().unwrap();
                assert!(outline.len() >= corners && outline.first() == outline.last(), "{by}: {outline:?}");
            }
            let now = (list["of"].as_u64().unwrap(), list["spread"].as_u64().unwrap());
            assert!(before.is_none_or(|before| now.1 < before.1), "{by}: {now:?} after {before:?}");
            before = Some(now);
        }
    }
    let file = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&by=square&side_m=1000&format=geojson")).await;
    let first = &file["features"][0];
    assert_eq!(first["geometry"]["type"], "Polygon");
    assert!(first["id"].as_str().unwrap().starts_with("rd/1000/") && first["properties"]["kind"] == "square");
    let id = first["id"].as_str().unwrap().replace('/', "%2F");
    let one = json(&server, &client, &format!("/api/v1/hotspots/{id}?{MAY}&by=square&side_m=1000")).await;
    assert_eq!(one["hotspot"]["outline"], first["geometry"]["coordinates"][0]);
    // The messages behind a square are those that it counts.
    let messages = json(&server, &client, &format!("/api/v1/messages?{MAY}&place={id}")).await;
    assert_eq!(messages["total"], first["properties"]["messages"]);
}

#[tokio::test]
async fn words_are_held_against_all_messages() {
    let (server, client) = demo().await;
    let asked = body!({"words": "kerkenveld", "from": "2020-05-01", "to": "2020-06-15"});
    let list: Value = post(&server, &client, "/api/v1/hotspots", &asked).await.json().await.unwrap();
    let top = &list["hotspots"][0];
    assert_eq!(top["name"], "Kerkenveld");
    assert!(top["statistics"]["base_rate"]["ratio"].as_f64().unwrap() >= 0.99, "{top:#}");
    let without = json(&server, &client, &format!("/api/v1/hotspots?{MAY}")).await;
    assert!(without["hotspots"][0]["statistics"]["base_rate"].is_null());
}

#[tokio::test]
async fn density_comes_as_contours_with_unit_kernel_and_bandwidth() {
    let (server, client) = demo().await;
    for (query, kernel, by) in [("", "quartic", "rule"), ("&kernel=gaussian&bandwidth_m=4000", "gaussian", "given")] {
        let density = json(&server, &client, &format!("/api/v1/density?region=Drenthe{query}")).await;
        assert_eq!(
            (&density["unit"], &density["kernel"], &density["bandwidth_by"]),
            (&"mentions/km²".into(), &kernel.into(), &by.into())
        );
        let levels = density["levels"].as_array().unwrap();
        assert_eq!(levels.iter().map(|l| l["share"].as_f64().unwrap()).collect::<Vec<_>>(), [0.5, 0.75, 0.9]);
        let features = density["contours"]["features"].as_array().unwrap();
        assert_eq!(features.len(), 3);
        // Bands lie on one fixed scale, up to the largest density.
        let bands = density["bands"]["features"].as_array().unwrap();
        let from: Vec<f64> = bands.iter().map(|b| b["properties"]["from_per_km2"].as_f64().unwrap()).collect();
        let on_scale =
            |value: &f64| format!("{value:e}").starts_with(['1', '3']) && !format!("{value:e}").contains('.');
        assert!(!from.is_empty() && from.iter().all(on_scale) && from.is_sorted(), "{from:?}");
        let max = density["max_per_km2"].as_f64().unwrap();
        assert!(from.last().is_some_and(|last| *last <= max && max < 3.5 * last), "{from:?} {max}");
        assert!(bands.iter().all(|band| !band["geometry"]["coordinates"].as_array().unwrap().is_empty()), "{from:?}");
        let at = &features[0]["geometry"]["coordinates"][0][0][0];
        assert!(
            (5.5..7.5).contains(&at[0].as_f64().unwrap()) && (52.3..53.5).contains(&at[1].as_f64().unwrap()),
            "{at}"
        );
    }
    let nothing = json(&server, &client, "/api/v1/density?from=1990-01-01&to=1990-02-01").await;
    assert!(nothing["levels"].as_array().unwrap().is_empty());
    assert!(nothing["bands"]["features"].as_array().unwrap().is_empty());
    assert!(nothing["sentence"]["nl"].as_str().unwrap().contains("niets"));
}

#[tokio::test]
async fn the_trend_of_a_place_tells_when_it_changed() {
    let (server, client) = demo().await;
    let list = json(&server, &client, &format!("/api/v1/hotspots?region=Drenthe&{MAY}")).await;
    let id = list["hotspots"][0]["id"].as_str().unwrap();
    let trend = json(&server, &client, &format!("/api/v1/trend?place={id}&to=2020-06-15")).await;
    let stretches = trend["stretches"].as_array().unwrap();
    assert!(stretches.len() >= 2, "{trend:#}");
    let (first, last) = (&stretches[0], &stretches[stretches.len() - 1]);
    assert!(last["per_thousand"].as_f64().unwrap() > first["per_thousand"].as_f64().unwrap());
    assert!(trend["trend"]["z"].as_f64().unwrap() > 0.0);
    let rhythm = trend["rhythm"].as_array().unwrap();
    assert_eq!((rhythm.len(), rhythm[0].as_array().unwrap().len()), (7, 24));
    let none = json(&server, &client, "/api/v1/trend?place=nergens").await;
    assert!(none["trend"].is_null() && none["sentence"]["en"].as_str().unwrap().contains("nothing was counted"));
}

#[tokio::test]
async fn choices_that_do_not_exist_are_named() {
    let (server, client) = demo().await;
    for (path, code) in [
        ("/api/v1/hotspots?count=likes", "bad_count"),
        ("/api/v1/trend?count=likes", "bad_count"),
        ("/api/v1/density?kernel=cone", "bad_kernel"),
        ("/api/v1/hotspots?by=cell&resolution=12", "bad_resolution"),
        ("/api/v1/hotspots?by=square&side_m=100", "bad_side"),
        ("/api/v1/density?bandwidth_m=0", "bad_bandwidth"),
        ("/api/v1/density?bandwidth_m=nan", "bad_bandwidth"),
        ("/api/v1/density?region=Drente", "unknown_region"),
    ] {
        let response = get(&server, &client, path).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code, "{path}");
    }
}

/// Fields that may be null: a figure that cannot be said. A number that is none would become null anywhere.
const MAY_BE_NULL: [&str; 24] = [
    "z_score",
    "p_value",
    "p_corrected",
    "change",
    "spread",
    "gi_star",
    "moran",
    "base_rate",
    "population",
    "year_change",
    "emerging",
    "trend",
    "since",
    "ratio",
    "high",
    "band_m",
    "next",
    "reason",
    "step_days",
    "relative_risk",
    "hotspot",
    "stays",
    "relative",
    "max_ratio",
];

fn walk(path: &str, value: &Value) {
    match value {
        Value::Null => {
            let name = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap();
            assert!(MAY_BE_NULL.contains(&name), "{path} is null");
        }
        Value::Number(number) => assert!(number.as_f64().unwrap().is_finite(), "{path}"),
        Value::Array(values) => values.iter().enumerate().for_each(|(at, value)| walk(&format!("{path}/{at}"), value)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| walk(&format!("{path}/{name}"), value)),
        _ => {}
    }
}

#[tokio::test]
async fn no_number_is_none_whatever_is_asked() {
    let (server, client) = demo().await;
    let filters = [
        "",
        "from=1990-01-01&to=1990-01-02",
        "from=2020-03-01T00:00:00Z&to=2020-03-01T00:00:01Z",
        "from=2020-05-01&to=2020-05-02&region=Drenthe",
        "place=nergens",
        "bbox=6.49,52.66,6.51,52.68",
        "bbox=-1,0,1,0.1",
        "min_confidence=1",
        "from=2025-01-01",
    ];
    for filter in filters {
        for path in [
            "hotspots?by=place&",
            "hotspots?by=municipality&",
            "hotspots?by=cell&count=weighted&",
            "density?",
            "density?kernel=gaussian&",
            "density?relative_to=always&edges=corrected&bandwidth_rule=cross_validated&",
            "scan?replicas=9&",
            "scan?replicas=9&over=space&against=population&by=province&",
            "clusters?",
            "clusters?method=hdbscan&reach_m=5000&",
            "near-repeat?replicas=9&",
            "near-repeat?replicas=9&distances_m=5000,20000&days=7,30&count=messages&",
            "hotspots/nl%2Fnergens?",
            "hotspots/municipality%2FGM1690?by=municipality&",
            "trend?",
            "activity?",
        ] {
            let path = format!("/api/v1/{path}{filter}");
            walk(&path, &json(&server, &client, &path).await);
        }
    }
}
