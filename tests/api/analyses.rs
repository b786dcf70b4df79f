//! The analyses over HTTP: scan statistic, clusters, near repeats, one hotspot in full, density relative to another.

use std::collections::BTreeSet;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json as body};
use tests::Server;

use crate::{demo, get, json, post};

const MAY: &str = "from=2020-05-01&to=2020-06-15";

#[tokio::test]
async fn the_scan_finds_what_was_planted_and_says_the_same_with_the_same_seed() {
    let (server, client) = demo().await;
    let path = format!("/api/v1/scan?{MAY}&replicas=199");
    let scan = json(&server, &client, &path).await;
    assert_eq!(
        (&scan["by"], &scan["against"], &scan["over"]),
        (&"municipality".into(), &"past".into(), &"space_time".into())
    );
    assert_eq!((&scan["replicas"], &scan["seed"], &scan["units"]), (&199.into(), &1.into(), &342.into()));
    assert!(scan["reason"].is_null() && scan["steps"].as_u64().unwrap() >= 2);
    let first = &scan["clusters"][0];
    let names: Vec<_> = first["units"].as_array().unwrap().iter().map(|unit| unit["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"De Wolden"), "Kerkenveld lies in De Wolden: {names:?}");
    assert!(first["p_value"].as_f64().unwrap() <= 0.05 && first["counted"].as_f64() > first["expected"].as_f64());
    let mut seen = BTreeSet::new();
    for cluster in scan["clusters"].as_array().unwrap() {
        for unit in cluster["units"].as_array().unwrap() {
            assert!(seen.insert(unit["id"].as_str().unwrap().to_owned()), "no two share a unit");
        }
    }
    // Asked of a server of its own: not the answer that was kept.
    let (other, other_client) = demo().await;
    assert_eq!(json(&other, &other_client, &path).await["clusters"], scan["clusters"]);
    let seeded = json(&server, &client, &format!("{path}&seed=2&over=space&by=province&against=population")).await;
    assert_eq!((&seeded["seed"], &seeded["steps"], &seeded["against"]), (&2.into(), &1.into(), &"population".into()));
    assert!(seeded["step_days"].is_null() && seeded["units"] == 12);
}

#[tokio::test]
async fn words_are_scanned_against_all_messages() {
    let (server, client) = demo().await;
    let asked = body!({"words": "kerkenveld", "from": "2020-05-01", "to": "2020-06-15", "replicas": 99});
    let scan: Value = post(&server, &client, "/api/v1/scan", &asked).await.json().await.unwrap();
    assert_eq!(scan["against"], "all");
    assert_eq!(scan["clusters"][0]["units"][0]["name"], "De Wolden");
    assert!(scan["clusters"][0]["p_value"].as_f64().unwrap() <= 0.01);
    let topic = json(&server, &client, &format!("/api/v1/scan?{MAY}&topics=drugs&replicas=9")).await;
    assert!(topic["against"] == "all" && topic["reason"] != "same_as_all", "{}", topic["sentence"]);
    let topic = json(&server, &client, &format!("/api/v1/density?{MAY}&topics=drugs&relative_to=all")).await;
    assert_ne!(topic["relative"]["reason"], "same_as_all");
    let same = json(&server, &client, &format!("/api/v1/scan?{MAY}&against=all")).await;
    assert_eq!((&same["reason"], &same["clusters"]), (&"same_as_all".into(), &body!([])));
}

/// Lines of an answer that says how far it is.
async fn lines(server: &Server, client: &Client, path: &str) -> Vec<Value> {
    let asked = client.get(format!("{}{path}", server.origin())).header("accept", "application/x-ndjson");
    let response = asked.send().await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["content-type"]),
        (StatusCode::OK, &"application/x-ndjson".parse().unwrap())
    );
    response.text().await.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn who_accepts_lines_is_told_how_far_it_is() {
    let (server, client) = demo().await;
    for path in
        [format!("/api/v1/scan?{MAY}&replicas=999"), format!("/api/v1/near-repeat?{MAY}&replicas=999&region=Drenthe")]
    {
        let told = lines(&server, &client, &path).await;
        let (last, before) = told.split_last().unwrap();
        assert!(!before.is_empty(), "{path}");
        let done: Vec<u64> = before.iter().map(|line| line["done"].as_u64().unwrap()).collect();
        assert!(done.windows(2).all(|two| two[0] < two[1]) && before.iter().all(|line| line["of"] == 999), "{done:?}");
        assert_eq!(last["answer"], json(&server, &client, &path).await);
    }
    let refused = lines(&server, &client, "/api/v1/scan?region=Drente").await;
    assert_eq!((refused.len(), &refused[0]["problem"]["code"]), (1, &"unknown_region".into()));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_scan_ends_when_its_client_goes_away() {
    use std::time::{Duration, Instant};

    let (server, client) = demo().await;
    for accept in ["application/json", "application/x-ndjson"] {
        let asked = client.get(format!("{}/api/v1/scan?replicas=9999", server.origin())).header("accept", accept);
        let begun = server.ticks();
        let asking = tokio::spawn(async move { asked.send().await.unwrap().bytes().await });
        while server.ticks() < begun + 50 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(!asking.is_finished(), "it is not long enough to be cut off");
        asking.abort();
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let before = server.ticks();
            tokio::time::sleep(Duration::from_millis(300)).await;
            if server.ticks() - before <= 3 {
                break;
            }
            assert!(Instant::now() < deadline, "it goes on though nobody waits ({accept})");
        }
    }
}

#[tokio::test]
async fn clusters_are_geojson_with_figures() {
    let (server, client) = demo().await;
    for method in ["dbscan", "hdbscan"] {
        let path = format!("/api/v1/clusters?{MAY}&method={method}&reach_m=4000&min_points=8");
        let response = get(&server, &client, &path).await;
        assert_eq!(response.headers()["content-type"], "application/geo+json");
        let found: Value = response.json().await.unwrap();
        assert_eq!((&found["type"], &found["method"]), (&"FeatureCollection".into(), &method.into()));
        assert!(found["reason"].is_null() && found["too_coarse"].as_u64().unwrap() > 0, "{}", found["sentence"]);
        let features = found["features"].as_array().unwrap();
        assert!(!features.is_empty() && features.len() as u64 == found["of"].as_u64().unwrap().min(50), "{method}");
        for feature in features {
            let ring = feature["geometry"]["coordinates"][0].as_array().unwrap();
            assert!(ring.len() >= 4 && ring.first() == ring.last());
            let corner = |at: &Value| [at[0].as_f64().unwrap(), at[1].as_f64().unwrap()];
            let doubled: f64 = ring
                .windows(2)
                .map(|two| {
                    let ([x0, y0], [x1, y1]) = (corner(&two[0]), corner(&two[1]));
                    x0 * y1 - x1 * y0
                })
                .sum();
            assert!(doubled > 0.0, "the outer ring goes against the clock");
            let figures = &feature["properties"];
            assert!(figures["senders"].as_u64().unwrap() >= 1 && figures["area_km2"].as_f64().unwrap() > 0.0);
        }
    }
    let list =
        json(&server, &client, &format!("/api/v1/clusters?{MAY}&reach_m=4000&region=De%20Wolden&min_points=2")).await;
    let names: Vec<_> = list["features"].as_array().unwrap().iter().map(|one| &one["properties"]["name"]).collect();
    assert!(names.contains(&&"Kerkenveld".into()) || !names.is_empty(), "{names:?}");
}

#[tokio::test]
async fn the_knox_table_has_a_cell_for_each_pair_of_bands() {
    let (server, client) = demo().await;
    let path = format!("/api/v1/near-repeat?{MAY}&region=Drenthe&replicas=99&distances_m=1000,20000&days=7,14,28");
    let found = json(&server, &client, &path).await;
    let table = found["table"].as_array().unwrap();
    assert_eq!((table.len(), table[0].as_array().unwrap().len()), (2, 3));
    assert!(found["events"].as_u64() >= found["compared"].as_u64() && found["compared"].as_u64().unwrap() > 10);
    for cell in table.iter().flat_map(|row| row.as_array().unwrap()) {
        let (p, corrected) = (cell["p_value"].as_f64().unwrap(), cell["p_corrected"].as_f64().unwrap());
        assert!(p >= 0.01 - 1e-12 && corrected >= p - 1e-12 && corrected <= 1.0);
    }
    // Within ten metres nothing comes again here, and no ratio is made of nothing.
    let close =
        json(&server, &client, &format!("/api/v1/near-repeat?{MAY}&region=Drenthe&replicas=9&distances_m=10")).await;
    for cell in close["table"][0].as_array().unwrap() {
        assert_eq!(
            (&cell["pairs"], &cell["expected"], &cell["ratio"]),
            (&body!(0), &body!(0.0), &Value::Null),
            "{cell}"
        );
    }
    let list = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&region=Drenthe")).await;
    let place = list["hotspots"][0]["id"].as_str().unwrap();
    for (distances, reason) in [("10", "nothing_precise"), ("5000", "all_the_same")] {
        let path = format!("/api/v1/near-repeat?{MAY}&place={place}&distances_m={distances}");
        let found = json(&server, &client, &path).await;
        assert_eq!((&found["reason"], &found["table"]), (&reason.into(), &body!([])));
    }
}

#[tokio::test]
async fn a_hotspot_in_full_agrees_with_its_line() {
    let (server, client) = demo().await;
    for by in ["place", "municipality", "cell"] {
        let list = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&region=Drenthe&by={by}")).await;
        let line = &list["hotspots"][0];
        let id = line["id"].as_str().unwrap().replace('/', "%2F");
        let detail = json(&server, &client, &format!("/api/v1/hotspots/{id}?{MAY}&region=Drenthe&by={by}")).await;
        assert_eq!((&detail["hotspot"], &detail["of"], &detail["basis"]), (line, &list["of"], &list["basis"]), "{by}");
        let rhythm = detail["rhythm"].as_array().unwrap().iter().flat_map(|day| day.as_array().unwrap());
        assert_eq!(rhythm.map(|hour| hour.as_u64().unwrap()).sum::<u64>(), line["messages"].as_u64().unwrap(), "{by}");
        let series = detail["series"].as_array().unwrap();
        assert_eq!((series.len(), &detail["step_days"]), (45, &1.into()), "{by}: a bin a day");
        let without = detail["without"].as_array().unwrap();
        assert_eq!(
            without.iter().map(|one| one["what"].as_str().unwrap()).collect::<Vec<_>>(),
            ["conversation", "sender"]
        );
        for one in without {
            let messages = one["held"].as_u64().unwrap() + one["messages"].as_u64().unwrap();
            assert_eq!(messages, line["messages"].as_u64().unwrap(), "{by}");
            assert!(!one["name"].as_str().unwrap().is_empty());
        }
        assert_eq!(without[0]["conversations"].as_u64().unwrap() + 1, line["conversations"].as_u64().unwrap());
        let rests = line["statistics"]["rests_on_one_conversation"].as_bool().unwrap();
        assert_eq!(without[0]["stays"], !rests, "{by}: {line:#}");
        let words = &detail["words"];
        assert_eq!(words["here"], line["messages"]);
        assert!(words["read_here"].as_u64().unwrap() <= 500 && words["read_elsewhere"].as_u64().unwrap() <= 1500);
    }
}

#[tokio::test]
async fn telling_words_are_never_the_name_of_the_place_and_what_was_read_is_said() {
    let (server, client) = demo().await;
    let list = json(&server, &client, &format!("/api/v1/hotspots?{MAY}&region=Drenthe")).await;
    let line = &list["hotspots"][0];
    assert_eq!(line["name"], "Kerkenveld");
    let id = line["id"].as_str().unwrap().replace('/', "%2F");
    let detail = json(&server, &client, &format!("/api/v1/hotspots/{id}?{MAY}&region=Drenthe")).await;
    let words: Vec<&str> =
        detail["words"]["words"].as_array().unwrap().iter().map(|word| word["word"].as_str().unwrap()).collect();
    assert!(!words.contains(&"kerkenveld"), "{words:?}");
    assert!(detail["words"]["sentence"]["nl"].as_str().unwrap().contains("gelezen"));
}

#[tokio::test]
async fn a_place_of_which_nothing_was_said_has_no_line_and_the_reason_is_told() {
    let (server, client) = demo().await;
    for id in ["nergens", "nl%2Fnergens%2Fnergens"] {
        let detail = json(&server, &client, &format!("/api/v1/hotspots/{id}?{MAY}")).await;
        assert_eq!((&detail["hotspot"], &detail["reason"]), (&Value::Null, &"nothing_counted".into()));
        assert_eq!((&detail["words"]["reason"], &detail["without"]), (&"nothing_counted".into(), &body!([])));
    }
}

#[tokio::test]
async fn density_is_compared_with_all_messages_and_ends_at_the_border() {
    let (server, client) = demo().await;
    let asked = body!({"words": "kerkenveld", "from": "2020-05-01", "to": "2020-06-15", "region": "Drenthe", "relative_to": "all"});
    let found: Value = post(&server, &client, "/api/v1/density", &asked).await.json().await.unwrap();
    let relative = &found["relative"];
    assert!(relative["reason"].is_null() && relative["to"] == "all", "{}", relative["sentence"]);
    assert!(relative["max_ratio"].as_f64().unwrap() > 1.5);
    let levels = relative["levels"].as_array().unwrap();
    assert_eq!(relative["contours"]["features"].as_array().unwrap().len(), levels.len());
    assert_eq!(levels[0]["ratio"], 1.5);
    // Bands begin at values of a fixed scale, smallest first, and the largest ratio lies in the last one.
    let bands = relative["bands"]["features"].as_array().unwrap();
    let begins: Vec<f64> = bands.iter().map(|band| band["properties"]["from_ratio"].as_f64().unwrap()).collect();
    assert!(begins.windows(2).all(|two| two[0] < two[1]), "{begins:?}");
    assert!(
        begins.last().is_some_and(|last| *last > 1.0) && begins.first().is_some_and(|first| *first < 1.0),
        "{begins:?}"
    );
    let same = json(&server, &client, &format!("/api/v1/density?{MAY}&relative_to=all")).await;
    assert_eq!(same["relative"]["reason"], "same_as_all");
    let always = json(&server, &client, &format!("/api/v1/density?{MAY}&relative_to=always&region=Drenthe")).await;
    assert!(always["relative"]["max_ratio"].as_f64().unwrap() > 1.0);

    let open = json(&server, &client, "/api/v1/density?region=Drenthe").await;
    let held = json(&server, &client, "/api/v1/density?region=Drenthe&edges=corrected").await;
    assert_eq!((&open["edges"], &held["edges"]), (&"open".into(), &"corrected".into()));
    assert!(
        held["levels"][2]["area_km2"].as_f64() < open["levels"][2]["area_km2"].as_f64(),
        "nothing lies beyond the border"
    );
    let chosen = json(&server, &client, "/api/v1/density?region=Drenthe&bandwidth_rule=cross_validated").await;
    assert_eq!(chosen["bandwidth_by"], "cross_validated");
    let scott = json(&server, &client, "/api/v1/density?region=Drenthe&bandwidth_rule=scott").await;
    assert_eq!((&scott["bandwidth_by"], &scott["bandwidth_m"]), (&"rule".into(), &open["bandwidth_m"]));
}

#[tokio::test]
async fn choices_that_make_no_sense_are_named() {
    let (server, client) = demo().await;
    for (path, code) in [
        ("scan?by=place", "bad_by"),
        ("scan?over=time", "bad_over"),
        ("scan?against=nothing", "bad_against"),
        ("scan?replicas=0", "bad_replicas"),
        ("scan?replicas=-1", "bad_query"),
        ("scan?limit=101", "bad_limit"),
        ("scan?count=likes", "bad_count"),
        ("clusters?method=kmeans", "bad_method"),
        ("clusters?hull=alpha", "bad_hull"),
        ("clusters?reach_m=NaN", "bad_reach"),
        ("clusters?reach_m=1", "bad_reach"),
        ("clusters?min_points=1", "bad_min_points"),
        ("near-repeat?distances_m=5,1", "bad_distances"),
        ("near-repeat?days=0", "bad_days"),
        ("near-repeat?replicas=10000", "bad_replicas"),
        ("density?relative_to=me", "bad_relative_to"),
        ("density?edges=soft", "bad_edges"),
        ("density?bandwidth_rule=wild", "bad_bandwidth_rule"),
        ("hotspots/x?by=street", "bad_by"),
        ("hotspots/x?words=a", "private_in_url"),
    ] {
        let response = get(&server, &client, &format!("/api/v1/{path}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code, "{path}");
    }
}
