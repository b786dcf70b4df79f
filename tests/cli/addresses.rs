//! `gazetteer import` of streets, addresses and places, in every form; then they are found. All addresses are made up.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tests::{binary, speurkaart, stdout};

fn import(data: &Path, file: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["gazetteer", "import", file.to_str().unwrap()];
    arguments.extend(more);
    speurkaart(data, &arguments)
}

fn lookup(data: &Path, name: &str) -> String {
    stdout(&speurkaart(data, &["gazetteer", "lookup", name]))
}

/// Accepted mentions of a text.
fn geoparse(data: &Path, text: &str) -> Vec<Value> {
    let file = data.join("text.txt");
    std::fs::write(&file, format!("{text}\n")).unwrap();
    let out = stdout(&speurkaart(data, &["geoparse", file.to_str().unwrap()]));
    let answer: Value = serde_json::from_str(&out).unwrap();
    answer["mentions"].as_array().unwrap().clone()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn table() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/addresses.csv")).unwrap()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_table_of_addresses_is_read_plain_gzipped_and_by_zstd() {
    let table = table();
    let mut gzipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzipped.write_all(&table).unwrap();
    let gzipped = gzipped.finish().unwrap();
    let by_zstd = zstd::encode_all(&table[..], 1).unwrap();
    let mut versions = Vec::new();
    for (name, bytes) in [("a.csv", &table), ("a.csv.gz", &gzipped), ("a.csv.zst", &by_zstd)] {
        let data = tempfile::tempdir().unwrap();
        let out = stdout(&import(data.path(), &written(data.path(), name, bytes), &[]));
        assert!(out.contains("833 lines read, 0 broken") && out.contains("833 addresses in"), "{out}");
        let stats = stdout(&speurkaart(data.path(), &["gazetteer", "stats"]));
        assert!(stats.contains("833 addresses"), "{stats}");
        versions.push(stats.lines().next().unwrap().to_owned());
        let street = lookup(data.path(), "verzonnenstraat");
        assert!(
            street.starts_with("nl/straat/de-wolden/kerkenveld/verzonnenstraat\tVerzonnenstraat\tstreet\t"),
            "{street}"
        );
        assert!(lookup(data.path(), "Verzonnenstraat 12").starts_with("nl/adres/7926xa-12\t"));
        assert!(lookup(data.path(), "7926xa 12").starts_with("nl/adres/7926xa-12\t"));
        let mentions = geoparse(data.path(), "busje voor verzonnenstr. 12a kerkenveld");
        assert_eq!(mentions[0]["text"], "verzonnenstr. 12a");
        assert_eq!(mentions[0]["kind"], "address");
        assert_eq!(mentions[0]["place"]["id"], "nl/adres/7926xa-12a");
        assert_eq!(mentions[0]["place"]["police_unit"], "Noord-Nederland");
        assert_eq!(mentions[1]["place"]["id"], "nl/de-wolden/kerkenveld");
    }
    let plain = stdout(&speurkaart(Path::new("/nonexistent"), &["gazetteer", "stats"]));
    assert!(
        versions.iter().all(|version| *version == versions[0] && !plain.starts_with(version.as_str())),
        "{versions:?}"
    );
}

#[test]
fn columns_are_said_by_hand_and_broken_rows_are_named() {
    let data = tempfile::tempdir().unwrap();
    let rows = "wegdeel,nr,kern,oost,noord\nFantasielaan,3,Ruinen,218000,531000\nFantasielaan,drie,Ruinen,218000,531000\n\
        Fantasielaan,5,Ruinen,,\n";
    let file = written(data.path(), "own.csv", rows.as_bytes());
    let guessed = import(data.path(), &file, &[]);
    assert_eq!(guessed.status.code(), Some(1));
    assert!(said(&guessed).contains("--map"), "{}", said(&guessed));
    let map = ["--map", "street=wegdeel,number=nr,place=kern,lon=oost,lat=noord"];
    let out = import(data.path(), &file, &map);
    assert!(stdout(&out).contains("3 lines read, 2 broken"));
    for part in ["own.csv: line 3: number is no house number", "own.csv: line 4: lon is no number"] {
        assert!(said(&out).contains(part), "{part} is not in {}", said(&out));
    }
    let mentions = geoparse(data.path(), "Fantasielaan 3, Ruinen");
    assert_eq!(mentions[0]["place"]["id"], "nl/adres/ruinen/fantasielaan-3");
    assert_eq!(mentions[0]["place"]["municipality"], "De Wolden", "by where it lies: the table names none");
    let wrong = import(data.path(), &file, &["--map", "road=wegdeel"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_same_file_again_replaces_what_it_added() {
    let data = tempfile::tempdir().unwrap();
    let rows = |street: &str| format!("straat;huisnummer;woonplaats;lon;lat\n{street};1;Ruinen;6.35;52.76\n");
    let file = written(data.path(), "streets.csv", rows("Eerstverzonnenlaan").as_bytes());
    stdout(&import(data.path(), &file, &[]));
    assert!(lookup(data.path(), "Eerstverzonnenlaan").contains("ruinen"));
    std::fs::write(&file, rows("Laterverzonnenlaan")).unwrap();
    stdout(&import(data.path(), &file, &[]));
    assert!(lookup(data.path(), "Laterverzonnenlaan").contains("ruinen"));
    assert_eq!(speurkaart(data.path(), &["gazetteer", "lookup", "Eerstverzonnenlaan"]).status.code(), Some(1));
    let kept: Vec<_> = std::fs::read_dir(data.path().join("gazetteer")).unwrap().collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
}

#[test]
fn geojson_holds_addresses_and_places_and_a_broken_feature_stops_nothing() {
    let data = tempfile::tempdir().unwrap();
    let point = |lon: f64, lat: f64| json!({"type": "Point", "coordinates": [lon, lat]});
    let collection = json!({"type": "FeatureCollection", "name": "x", "features": [
        {"type": "Feature", "geometry": point(6.35, 52.76),
            "properties": {"addr:street": "Bedachtelaan", "addr:housenumber": "7B", "addr:city": "Ruinen", "addr:postcode": "7963 ZZ"}},
        {"type": "Feature", "geometry": null, "properties": {"addr:street": "Bedachtelaan"}},
        {"type": "Feature", "geometry": point(6.36, 52.77), "properties": {"name": "Verzonnen Loods"}},
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[6.0, 52.0], [6.1, 52.0]]}, "properties": {"name": "Lijn"}},
        7,
    ]});
    let file = written(data.path(), "own.geojson", collection.to_string().as_bytes());
    let out = import(data.path(), &file, &[]);
    assert!(stdout(&out).contains("5 features read, 3 broken"), "{}", stdout(&out));
    assert!(said(&out).contains("feature 4: its geometry is neither a point nor an area"), "{}", said(&out));
    let mentions = geoparse(data.path(), "bedachtelaan 7b ruinen");
    assert_eq!(mentions[0]["place"]["id"], "nl/adres/7963zz-7b");
    let mentions = geoparse(data.path(), "spullen liggen in Verzonnen Loods");
    assert_eq!(mentions[0]["place"]["name"], "Verzonnen Loods");
    assert_eq!(mentions[0]["place"]["municipality"], "De Wolden");
    let cut = written(data.path(), "cut.geojson", &collection.to_string().as_bytes()[..150]);
    let out = import(data.path(), &cut, &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(said(&out).contains("broken at line 1"), "{}", said(&out));
}

/// A point as GeoPackage writes it.
fn geometry(x: f64, y: f64) -> Vec<u8> {
    let mut blob = vec![b'G', b'P', 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0];
    blob.extend(x.to_le_bytes());
    blob.extend(y.to_le_bytes());
    blob
}

async fn geopackage(path: &Path) {
    let mut database =
        sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap();
    let layers = [("addresses", 28992), ("hamlets", 4326), ("elsewhere", 3857)];
    let mut sql = "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT); \
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER); \
        CREATE TABLE addresses (fid INTEGER PRIMARY KEY, geom BLOB, openbare_ruimte TEXT, huisnummer INTEGER, woonplaats TEXT); \
        CREATE TABLE hamlets (fid INTEGER PRIMARY KEY, geom BLOB, naam TEXT); \
        CREATE TABLE elsewhere (fid INTEGER PRIMARY KEY, geom BLOB, naam TEXT); "
        .to_owned();
    sql.extend(layers.map(|(layer, system)| {
        format!(
            "INSERT INTO gpkg_contents VALUES ('{layer}', 'features'); \
             INSERT INTO gpkg_geometry_columns VALUES ('{layer}', 'geom', {system}); "
        )
    }));
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    for (number, geometry) in [
        (Some(4), Some(geometry(218_000.0, 531_000.0))),
        (Some(6), None),
        (Some(0), Some(geometry(218_000.0, 531_000.0))),
    ] {
        sqlx::query("INSERT INTO addresses (geom, openbare_ruimte, huisnummer, woonplaats) VALUES (?, 'Pakketlaan', ?, 'Ruinen')")
            .bind(geometry)
            .bind(number)
            .execute(&mut database)
            .await
            .unwrap();
    }
    sqlx::query("INSERT INTO hamlets (geom, naam) VALUES (?, 'Pakkethuizen')")
        .bind(geometry(6.36, 52.77))
        .execute(&mut database)
        .await
        .unwrap();
    sqlx::Connection::close(database).await.unwrap();
}

#[tokio::test]
async fn a_geopackage_gives_addresses_on_the_dutch_grid_and_places_in_degrees() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("own.gpkg");
    geopackage(&file).await;
    let out = import(data.path(), &file, &[]);
    let told = stdout(&out);
    assert!(told.contains("4 rows read, 2 broken") && told.contains("1 addresses in 1 streets"), "{told}");
    for part in ["row 2: it has no geometry", "row 3: number is no house number", "\"elsewhere\" is in EPSG:3857"] {
        assert!(said(&out).contains(part), "{part} is not in {}", said(&out));
    }
    let mentions = geoparse(data.path(), "Pakketlaan 4 Ruinen");
    assert_eq!(mentions[0]["kind"], "address");
    let (lon, lat) = (mentions[0]["place"]["lon"].as_f64().unwrap(), mentions[0]["place"]["lat"].as_f64().unwrap());
    assert!((lon - 6.33).abs() < 0.05 && (lat - 52.76).abs() < 0.05, "{lon} {lat}");
    assert!(lookup(data.path(), "Pakkethuizen").contains("De Wolden, Drenthe"));
    let bytes = std::fs::read(&file).unwrap();
    let cut = written(data.path(), "cut.gpkg", &bytes[..bytes.len() / 2]);
    assert_eq!(import(data.path(), &cut, &[]).status.code(), Some(1));
}

#[test]
fn a_table_of_names_is_one_of_places() {
    let data = tempfile::tempdir().unwrap();
    let rows = "naam;lengtegraad;breedtegraad\nVerzonnendijk Oost;6.36;52.77\nNergensland;6.36\n";
    let out = import(data.path(), &written(data.path(), "hamlets.csv", rows.as_bytes()), &[]);
    assert!(stdout(&out).contains("1 places added"));
    assert!(said(&out).contains("line 3: lat is no number"), "{}", said(&out));
    assert!(lookup(data.path(), "verzonnendijk oost").contains("De Wolden"));
}

#[test]
fn districts_come_from_tables_and_outlines_by_whatever_says_that_they_are_some() {
    let data = tempfile::tempdir().unwrap();
    // By the name of the column; the number is that of the statistics.
    let wijken = "wijknaam;gemeentenaam;lon;lat\nWijk 07 Verzonnenwijk;De Wolden;6.40;52.68\n";
    stdout(&import(data.path(), &written(data.path(), "wijken.csv", wijken.as_bytes()), &[]));
    let found = lookup(data.path(), "verzonnenwijk");
    assert!(found.contains("\tVerzonnenwijk\tdistrict\t") && found.contains("500 m\tDe Wolden, Drenthe"), "{found}");
    // By a cell and by hand.
    let table = "naam,soort,straal,lon,lat\nBedachtmeer,meer,800,6.41,52.69\nBedachtbuurt,,,6.42,52.69\nBedachtding,ding,,6.4,52.7\n";
    let out = import(data.path(), &written(data.path(), "soorten.csv", table.as_bytes()), &["--kind", "buurt"]);
    assert!(said(&out).contains("line 4: kind is none of"), "{}", said(&out));
    assert!(
        lookup(data.path(), "bedachtmeer").contains("\twater\t")
            && lookup(data.path(), "bedachtmeer").contains("\t800 m")
    );
    assert!(lookup(data.path(), "bedachtbuurt").contains("\tdistrict\t"));
    assert!(
        said(&import(data.path(), &data.path().join("soorten.csv"), &["--kind", "ding"])).contains("kind is none of")
    );
    // A name that is a word, too, counts beside its town.
    let words = "buurtnaam;lon;lat\nStation;6.565;52.99\nDe Markt;6.56,52.99\nDe Markt;6.56;52.99\n";
    let out = import(data.path(), &written(data.path(), "woorden.csv", words.as_bytes()), &[]);
    assert!(stdout(&out).contains("2 of their names are ordinary words, too (de markt, station)"), "{}", stdout(&out));
    let placed = |text: &str| geoparse(data.path(), text).iter().any(|mention| mention["kind"] == "district");
    assert!(!placed("ik sta op het station") && !placed("Station is dicht vandaag"));
    assert!(placed("kom naar de wijk Station in Assen"));
    // An outline gives the middle and the extent: about 1.1 by 0.7 km here.
    let ring = json!([[6.40, 52.60], [6.41, 52.60], [6.41, 52.61], [6.40, 52.61], [6.40, 52.60]]);
    let outline = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "BU_NAAM": "Omtrekbuurt", "GM_NAAM": "Staphorst" },
          "geometry": { "type": "MultiPolygon", "coordinates": [[ring]] } },
        { "type": "Feature", "properties": { "BU_NAAM": "Lijnbuurt", "GM_NAAM": "Staphorst" },
          "geometry": { "type": "LineString", "coordinates": [[6.4, 52.6], [6.5, 52.6]] } },
    ] });
    let out = import(data.path(), &written(data.path(), "buurten.geojson", outline.to_string().as_bytes()), &[]);
    assert!(said(&out).contains("feature 2: its geometry is neither"), "{}", said(&out));
    let found = lookup(data.path(), "omtrekbuurt");
    assert!(found.contains("\tdistrict\t6.40500,52.60500\t488 m"), "{found}");
    let read = geoparse(data.path(), "hij zit in omtrekbuurt in staphorst");
    assert!(read.iter().any(|mention| mention["kind"] == "district"), "{read:?}");
}

#[test]
fn a_damaged_address_file_is_named_and_a_useless_one_changes_nothing() {
    let data = tempfile::tempdir().unwrap();
    for (name, text) in
        [("empty.csv", ""), ("text.csv", "hoi\n"), ("none.csv", "straat;huisnummer;woonplaats;lon;lat\n;;;;\n")]
    {
        let out = import(data.path(), &written(data.path(), name, text.as_bytes()), &[]);
        assert_eq!(out.status.code(), Some(1), "{name}");
        assert!(said(&out).contains(name), "{}", said(&out));
    }
    assert!(!data.path().join("gazetteer").exists());
    stdout(&import(data.path(), &written(data.path(), "a.csv", &table()), &[]));
    let kept = data.path().join("gazetteer/a-csv.addresses");
    let bytes = std::fs::read(&kept).unwrap();
    std::fs::write(&kept, &bytes[..bytes.len() / 2]).unwrap();
    let out = std::process::Command::new(binary()).arg("--data").arg(data.path()).args(["gazetteer", "stats"]).output();
    let out = out.unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(said(&out).contains("a-csv.addresses") && said(&out).contains("cut off"), "{}", said(&out));
}
