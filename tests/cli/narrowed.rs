//! Narrowed to an outline of one's own, and told from when to when there are data.

use serde_json::{Value, json as value};
use tests::{speurkaart, stdout};

/// Three villages of Drenthe and a city elsewhere, in two stretches of time with a month between them.
fn chat(directory: &std::path::Path) -> String {
    let day_s = 86_400;
    let texts = ["we zijn in Kerkenveld", "morgen naar Dwingeloo", "ik ben in Emmen", "en in Utrecht"];
    let lines: Vec<String> = (0..8)
        .map(|at| {
            // 2020-04-01T12:00:00Z, and forty days later.
            let time = 1_585_742_400 + at % 4 * day_s + at / 4 * 40 * day_s;
            value!({ "text": texts[at as usize % 4], "time": time, "conversation": "groep", "sender": format!("s{at}") })
                .to_string()
        })
        .collect();
    let file = directory.join("chat.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn an_outline_narrows_the_list_to_the_places_in_it() {
    let data = tempfile::tempdir().unwrap();
    stdout(&speurkaart(data.path(), &["import", &chat(data.path())]));
    // From Meppel to Emmen: Kerkenveld and Emmen are in it, Dwingeloo is north of it.
    let outline = data.path().join("outline.geojson");
    let ring = value!([[6.2, 52.6], [7.0, 52.6], [7.0, 52.81], [6.2, 52.81], [6.2, 52.6]]);
    std::fs::write(&outline, value!({ "type": "Polygon", "coordinates": [ring] }).to_string()).unwrap();
    let names = |arguments: &[&str]| {
        let asked = [&["hotspots", "--format", "json", "--polygon", outline.to_str().unwrap()], arguments].concat();
        let list: Value = serde_json::from_str(&stdout(&speurkaart(data.path(), &asked))).unwrap();
        let mut names: Vec<String> =
            list["hotspots"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&[]), ["Emmen", "Kerkenveld"]);
    assert!(names(&["--region", "Utrecht"]).is_empty(), "in both, or not at all");

    std::fs::write(&outline, "{}").unwrap();
    let refused = speurkaart(data.path(), &["hotspots", "--polygon", outline.to_str().unwrap()]);
    let error = String::from_utf8_lossy(&refused.stderr);
    assert!(
        refused.status.code() == Some(2) && error.contains("outline.geojson") && error.contains("no GeoJSON"),
        "{error}"
    );
}

#[test]
fn a_pause_in_a_source_is_told() {
    let data = tempfile::tempdir().unwrap();
    stdout(&speurkaart(data.path(), &["import", &chat(data.path()), "--source", "telefoon"]));
    let sources: Value =
        serde_json::from_str(&stdout(&speurkaart(data.path(), &["coverage", "--report", "json"]))).unwrap();
    assert_eq!((&sources[0]["name"], &sources[0]["messages"]), (&"telefoon".into(), &8.into()));
    assert_eq!(
        sources[0]["spans"],
        value!([
            { "first": "2020-04-01", "last": "2020-04-04", "messages": 4 },
            { "first": "2020-05-11", "last": "2020-05-14", "messages": 4 },
        ])
    );
    let text = stdout(&speurkaart(data.path(), &["coverage"]));
    assert!(text.contains("2020-05-11 to 2020-05-14"), "{text}");
}
