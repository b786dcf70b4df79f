//! Every format read back by a reader that is not ours, with ordinary and with hostile names.

use std::io::{Cursor, Read as _, Write as _};
use std::process::Command;

use model::api::{Hotspots, MentionView, MessageTopic, MessageView};
use model::{Mention, Place, PlaceKind};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteOwnedBuf};
use sqlx::{Connection as _, Row as _};

use super::{FACES, SHAPES, hostile, hotspot, list, provenance, squares};
use crate::*;

/// Elements and texts of a document that must be well-formed: names with their paths, and all texts.
fn read_xml(document: &str) -> (Vec<String>, Vec<String>) {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let (mut open, mut paths, mut texts) = (Vec::<String>::new(), Vec::new(), Vec::new());
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("not well-formed: {error}")) {
            Event::Start(element) => {
                for attribute in element.attributes() {
                    attribute.unwrap();
                }
                open.push(element.name().as_ref().to_owned());
                paths.push(open.join("/"));
                text.clear();
            }
            Event::Empty(element) => {
                for attribute in element.attributes() {
                    attribute.unwrap();
                }
                paths.push(format!("{}/{}", open.join("/"), element.name().as_ref()));
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(reference) => match &reference[..] {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "quot" => text.push('"'),
                "#39" => text.push('\''),
                "#13" => text.push('\r'),
                other => panic!("&{other}; is none of ours"),
            },
            Event::End(_) => {
                open.pop();
                texts.push(std::mem::take(&mut text));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    (paths, texts)
}

fn report(list: &Hotspots) -> String {
    html(list, &provenance(), &SHAPES, None).unwrap()
}

#[test]
fn kml_has_a_placemark_a_hotspot_with_every_column() {
    let list = hostile();
    let (paths, texts) = read_xml(&kml(&list, &provenance()).unwrap());
    let count = |path: &str| paths.iter().filter(|found| *found == path).count();
    assert_eq!(count("kml/Document/Placemark"), list.hotspots.len());
    assert_eq!(count("kml/Document/Placemark/Point/coordinates"), list.hotspots.len());
    assert!(texts.contains(&"6,52.5".to_owned()), "longitude comes first");
    assert!(texts.contains(&"2. <script>alert(1)</script>".to_owned()), "a name is read back as it was");
    assert!(texts.contains(&rows_sha256(&list).unwrap()));
    let (paths, texts) = read_xml(&kml(&squares(), &provenance()).unwrap());
    let ring = "kml/Document/Placemark/MultiGeometry/Polygon/outerBoundaryIs/LinearRing/coordinates";
    assert_eq!(paths.iter().filter(|path| *path == ring).count(), squares().hotspots.len());
    assert!(texts.iter().any(|text| text.starts_with("6.51,52.67 6.52")));
}

#[test]
fn kmz_holds_the_kml() {
    let mut zip = zip::ZipArchive::new(Cursor::new(kmz(&list(), &provenance()).unwrap())).unwrap();
    let mut text = String::new();
    zip.by_name("doc.kml").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, kml(&list(), &provenance()).unwrap());
}

#[test]
fn gpx_has_waypoints_with_elements_in_the_order_of_the_schema() {
    let (paths, texts) = read_xml(&gpx(&hostile(), &provenance()).unwrap());
    let children: Vec<&str> = paths.iter().filter_map(|path| path.strip_prefix("gpx/wpt/")).take(4).collect();
    assert_eq!(children, ["name", "cmt", "desc", "type"]);
    assert_eq!(paths.iter().filter(|path| *path == "gpx/wpt").count(), hostile().hotspots.len());
    assert!(texts.contains(&rows_sha256(&hostile()).unwrap()));
}

#[test]
fn small_map_files_stay_as_they_are() {
    insta::assert_snapshot!("kml", kml(&list(), &provenance()).unwrap());
    insta::assert_snapshot!("gpx", gpx(&list(), &provenance()).unwrap());
    insta::assert_snapshot!("geojson", geojson(&list(), &provenance()).unwrap());
    insta::assert_snapshot!("csv", String::from_utf8(csv(&list(), &provenance()).unwrap()).unwrap());
}

#[test]
fn the_report_is_closed_escaped_and_asks_nothing_of_anyone() {
    for list in [list(), hostile(), Hotspots { hotspots: Vec::new(), ..list() }] {
        let page = report(&list);
        let (paths, texts) = read_xml(&page);
        assert!(
            !paths.iter().any(|path| path.ends_with("/script") || path.ends_with("/img") || path.ends_with("/link"))
        );
        let outside = page.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xhtml", "");
        for asks in ["src=", "url(", "@import", "href="] {
            // Hostile texts may say these words, escaped; no markup does.
            assert!(!outside.contains(asks) || list.hotspots.len() > 3, "the report asks: {asks}");
        }
        assert!(!page.contains("<script") && !page.contains("onload=\"") && !page.contains("--> </style>"));
        assert!(texts.iter().any(|text| text.contains(&rows_sha256(&list).unwrap())));
        for hotspot in &list.hotspots {
            assert!(texts.contains(&crate::xml::readable(&hotspot.name)), "{:?} is not in the report", hotspot.name);
        }
    }
}

#[test]
fn the_report_speaks_the_language_asked_for() {
    let english = Provenance { language: Language::En, ..provenance() };
    let page = html(&list(), &english, &SHAPES, None).unwrap();
    assert!(page.contains("lang=\"en\"") && page.contains("1 May 2020 through 15 June 2020"));
    assert!(page.contains("Kerkenveld was named more often.") && !page.contains("is vaker genoemd"));
    assert!(report(&list()).contains("1 mei 2020 t/m 15 juni 2020"));
}

#[test]
fn a_pdf_has_its_words_as_text_and_a_number_on_every_page() {
    let bytes = pdf(&list(), &provenance(), &SHAPES, None, &FACES).unwrap();
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    assert!(pages.len() > 1);
    for page in &pages {
        let text = document.extract_text(&[*page]).unwrap();
        assert!(text.contains(&format!("pagina {page} van {}", pages.len())), "page {page}: {text}");
        assert!(text.contains("test-1"), "page {page} does not say where it came from: {text}");
    }
    let text = document.extract_text(&pages).unwrap();
    let squeezed: String = text.split_whitespace().collect();
    for said in ["Kerkenveld", "1 mei 2020 t/m 15 juni 2020", "Benjamini–Hochberg", "Kerkenveld is vaker genoemd."] {
        let said: String = said.split_whitespace().collect();
        assert!(squeezed.contains(&said), "{said} is not in {text}");
    }
    assert!(squeezed.contains(&rows_sha256(&list()).unwrap()[..40]));
}

async fn opened(bytes: &[u8]) -> SqliteConnection {
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().in_memory(true)).await.unwrap();
    database.deserialize(None, SqliteOwnedBuf::try_from(bytes).unwrap(), true).await.unwrap();
    database
}

#[tokio::test]
async fn a_geopackage_holds_the_list_as_points_and_says_where_it_came_from() {
    let list = hostile();
    let bytes = geopackage(&list, &provenance()).await.unwrap();
    let mut database = opened(&bytes).await;
    let id: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut database).await.unwrap();
    assert_eq!(id, 0x4750_4B47);
    let fine: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut database).await.unwrap();
    assert_eq!(fine, "ok");
    let rows = sqlx::query("SELECT geom, name, messages, p_corrected FROM hotspots ORDER BY rank")
        .fetch_all(&mut database)
        .await
        .unwrap();
    assert_eq!(rows.len(), list.hotspots.len());
    for (row, hotspot) in rows.iter().zip(&list.hotspots) {
        let blob: Vec<u8> = row.get(0);
        assert_eq!(&blob[..4], b"GP\0\x01");
        assert_eq!(f64::from_le_bytes(blob[13..21].try_into().unwrap()).to_bits(), hotspot.lon.to_bits());
        assert_eq!(f64::from_le_bytes(blob[21..29].try_into().unwrap()).to_bits(), hotspot.lat.to_bits());
        assert_eq!(row.get::<String, _>(1), hotspot.name);
        assert_eq!(row.get::<i64, _>(2) as u64, hotspot.counts.messages);
        assert_eq!(row.get::<Option<f64>, _>(3), hotspot.p_corrected);
    }
    let sum: String = sqlx::query_scalar("SELECT value FROM provenance WHERE name = 'rows_sha256'")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(sum, rows_sha256(&list).unwrap());
}

#[tokio::test]
async fn gdal_reads_the_geopackage() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "ogrinfo (Debian: gdal-bin) must be there where CI is set");
        let _ = writeln!(std::io::stderr(), "SKIPPED: ogrinfo is not there; no other program has read the GeoPackage");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.gpkg");
    let points =
        ["POINT (6.51 52.67)", "Feature Count: 3", "name (String) = Kerkenveld", "Geometry: Point", "provenance"];
    let outlines = ["POLYGON ((6.51 52.67,6.525 52.67,", "Feature Count: 3", "Geometry: Polygon", "provenance"];
    for (list, all) in [(list(), &points[..]), (squares(), &outlines)] {
        std::fs::write(&file, geopackage(&list, &provenance()).await.unwrap()).unwrap();
        let out = Command::new("ogrinfo").arg("-ro").arg("-al").arg(&file).output().unwrap();
        let (said, warned) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success() && warned.trim().is_empty(), "{said}{warned}");
        for expected in all {
            assert!(said.contains(expected), "{expected} is not in {said}");
        }
    }
}

fn message(id: u64, text: &str) -> PackedMessage {
    let place = Place {
        id: "place/1".into(),
        name: "Kerkenveld".into(),
        kind: PlaceKind::Locality,
        lon: 6.51,
        lat: 52.67,
        radius_m: 900,
        municipality: Some("De Wolden".into()),
        province: None,
        police_unit: None,
        country: None,
        population: None,
    };
    let mention = Mention {
        start: 0,
        end: text.len() as u32,
        text: text.to_owned(),
        kind: PlaceKind::Locality,
        confidence: 0.9,
        accepted: true,
        place,
        alternatives: Vec::new(),
        reasons: vec!["name".into(), "preposition:in".into()],
    };
    let message = MessageView {
        id,
        sent_at: "2020-05-03T10:00:00Z".into(),
        conversation: text.to_owned(),
        sender: text.to_owned(),
        source: "chats".into(),
        sources: vec!["chats".into(), "tweede telefoon".into()],
        case: "zaak".into(),
        text: text.to_owned(),
        mentions: vec![MentionView { number: 1, mention, uncertain: false, decided: None }],
        topics: vec![MessageTopic { topic: "drugs".into(), words: vec![] }],
    };
    PackedMessage { message, files: vec!["chats.csv".into()] }
}

/// A pack of these texts as messages.
fn packed(list: &Hotspots, texts: &[&str]) -> Vec<u8> {
    let said = provenance();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let packing = Packing {
        list,
        provenance: &said,
        shapes: &SHAPES,
        focus: None,
        faces: &FACES,
        geopackage: runtime.block_on(geopackage(list, &said)).unwrap(),
        asked: serde_json::json!({ "region": "Drenthe" }),
    };
    let mut bytes = Vec::new();
    let messages = || (1..).zip(texts).map(|(id, text)| Ok::<_, std::io::Error>(message(id, text)));
    let pack = write_pack(&mut bytes, &packing, messages).unwrap();
    assert_eq!(pack.messages, texts.len() as u64);
    bytes
}

#[test]
fn a_pack_is_read_back_and_verified_and_its_messages_are_whole() {
    let texts = ["in Kerkenveld", "=1+1", "a,\"b\"\r\nc", "\u{0}<&>"];
    let bytes = packed(&hostile(), &texts);
    let verified = verify(Cursor::new(&bytes)).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    assert!(verified.agree.len() > 14, "{:?}", verified.agree);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("messages.jsonl").unwrap().read_to_string(&mut text).unwrap();
    let read: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read.iter().map(|line| line["text"].as_str().unwrap()).collect::<Vec<_>>(), texts);
    assert_eq!(read[0]["source_files"][0], "chats.csv");
    assert_eq!(read[0]["mentions"][0]["reasons"][1], "preposition:in");
    let mut table = Vec::new();
    zip.by_name("messages.csv").unwrap().read_to_end(&mut table).unwrap();
    let mut reader = ::csv::Reader::from_reader(&table[3..]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), texts.len());
    assert_eq!(&rows[1][8], "'=1+1");
    assert_eq!(&rows[1][4], "chats | tweede telefoon");
    assert_eq!(&rows[2][7], texts[2]);
}

/// The pack with one file changed, added or left out.
fn tampered(pack: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Option<Vec<u8>>, more: Option<&str>) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(pack)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let name = file.name().unwrap().to_string();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
    }
    if let Some(name) = more {
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn whatever_is_changed_in_a_pack_is_found() {
    let pack = packed(&list(), &["in Kerkenveld", "in Assen"]);
    assert!(verify(Cursor::new(tampered(&pack, |_, bytes| Some(bytes), None))).unwrap().problems.is_empty());
    let names: Vec<String> =
        zip::ZipArchive::new(Cursor::new(&pack)).unwrap().file_names().map(|name| name.unwrap().to_string()).collect();
    assert_eq!(names.len(), 15);
    for victim in &names {
        let flipped = tampered(
            &pack,
            |name, mut bytes| {
                if name == victim {
                    // Somewhere within, so that JSON and text stay what they are.
                    let at = bytes.iter().position(u8::is_ascii_digit).unwrap_or(0);
                    bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
                }
                Some(bytes)
            },
            None,
        );
        let found = verify(Cursor::new(flipped)).map(|verified| verified.problems);
        assert!(found.as_ref().map_or(true, |problems| !problems.is_empty()), "a change in {victim} goes unseen");
        let without = tampered(&pack, |name, bytes| (name != victim).then_some(bytes), None);
        let found = verify(Cursor::new(without)).map(|verified| verified.problems);
        assert!(found.as_ref().map_or(true, |problems| !problems.is_empty()), "{victim} can be left out unseen");
    }
    assert_eq!(verify(Cursor::new(tampered(&pack, |_, b| Some(b), Some("more.txt")))).unwrap().problems.len(), 1);
    let cut = &pack[..pack.len() / 2];
    assert!(verify(Cursor::new(cut)).is_err());
}

#[test]
fn tables_and_map_files_are_verified_and_a_changed_figure_is_found() {
    let list = hostile();
    let table = csv(&list, &provenance()).unwrap();
    let map = geojson(&list, &provenance()).unwrap();
    for bytes in [table.as_slice(), map.as_bytes()] {
        assert_eq!(verify(Cursor::new(bytes)).unwrap().problems, Vec::<String>::new());
        let changed = String::from_utf8(bytes.to_vec()).unwrap().replacen("52.5", "52.6", 1);
        assert_eq!(verify(Cursor::new(changed)).unwrap().problems.len(), 1);
    }
    for nothing in
        [&b""[..], b"a,b\n1,2\n", b"{}", b"PK\x03\x04", b"\xff\xfe\x00", b"{\"features\":[],\"provenance\":{}}"]
    {
        assert!(verify(Cursor::new(nothing)).is_err(), "{nothing:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_names_make_well_formed_files(names in proptest::collection::vec(any::<String>(), 1..6), lon in -180.0..180.0_f64, lat in -85.0..85.0_f64) {
        let mut list = list();
        list.hotspots = names
            .iter()
            .enumerate()
            .map(|(at, name)| hotspot(at as u32 + 1, name, lon, lat, model::api::HotspotClass::Rising))
            .collect();
        let said = Provenance { user: names[0].clone(), region: Some(names[0].clone()), ..provenance() };
        read_xml(&kml(&list, &said).unwrap());
        read_xml(&gpx(&list, &said).unwrap());
        read_xml(&html(&list, &said, &SHAPES, None).unwrap());
        let document = lopdf::Document::load_mem(&pdf(&list, &said, &SHAPES, None, &FACES).unwrap()).unwrap();
        prop_assert!(!document.get_pages().is_empty());
        let book = xlsx(&list, &said).unwrap();
        prop_assert!(calamine::open_workbook_from_rs::<calamine::Xlsx<_>, _>(Cursor::new(book)).is_ok());
        prop_assert!(verify(Cursor::new(csv(&list, &said).unwrap())).unwrap().problems.is_empty());
        prop_assert!(verify(Cursor::new(geojson(&list, &said).unwrap())).unwrap().problems.is_empty());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        prop_assert!(runtime.block_on(geopackage(&list, &said)).is_ok());
    }

    #[test]
    fn any_bytes_are_checked_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = verify(Cursor::new(&bytes));
        let _ = verify(Cursor::new([b"PK\x03\x04".as_slice(), &bytes].concat()));
        let _ = verify(Cursor::new([b"{".as_slice(), &bytes].concat()));
    }
}
