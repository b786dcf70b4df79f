//! Streets and addresses: the table of cases over `tests/corpus/addresses.csv` (synthetic: made-up streets in real places, no real
//! address), damaged files, and real files where they lie beside the workspace.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shipped;

use std::io::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use geoparse::address::{AddressFile, AddressFileError, Addresses};
use geoparse::{Context, Geoparser};
use model::{LonLat, Mention, PlaceKind};
use proptest::prelude::*;
use serde_json::Value;
use shipped::addresses::{build, synthetic, with};

static GEOPARSER: LazyLock<Geoparser> = LazyLock::new(|| with(synthetic(), None));
/// Where the real files lie, when they do.
const REAL: &str = "../shared/data/addresses/Drenthe.csv.zst";

fn told(mentions: &[Mention]) -> String {
    let tell = |m: &Mention| {
        format!("{:?} {} {:.2} {:?} or {:?}", m.text, m.place.id, m.confidence, m.reasons, m.alternatives)
    };
    mentions.iter().map(tell).collect::<Vec<_>>().join("\n      ")
}

fn matches(mentions: &[Mention], row: &Value) -> bool {
    let ours: Vec<_> = mentions.iter().filter(|m| m.accepted).collect();
    let gold = row["mentions"].as_array().unwrap();
    ours.len() == gold.len()
        && ours.iter().zip(gold).all(|(m, gold)| {
            let place = gold["place"].as_str().unwrap();
            gold["text"] == m.text.as_str()
                && (place == m.place.id || place == m.place.name)
                && gold["kind"].as_str().is_none_or(|kind| kind == m.kind.as_str())
                && gold["reason"].as_str().is_none_or(|reason| m.reasons.iter().any(|ours| ours == reason))
        })
}

#[test]
fn every_row_of_the_table_gives_exactly_its_mentions() {
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/address_cases.jsonl")).unwrap();
    let rows: Vec<Value> = table.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 80, "{} rows", rows.len());
    let at_home = with(synthetic(), Some("Utrecht"));
    let mut wrong = Vec::new();
    for row in &rows {
        let geoparser = if row["home"].is_null() { &*GEOPARSER } else { &at_home };
        let mut context = Context::default();
        if let Some(before) = row["before"].as_str() {
            context.remember_mentions(&geoparser.mentions(before));
        }
        let text = row["text"].as_str().unwrap();
        let mentions = geoparser.mentions_with(text, &context);
        if !matches(&mentions, row) {
            wrong.push(format!("{text:?} ({})\n      {}", row["note"].as_str().unwrap_or_default(), told(&mentions)));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn an_address_has_its_areas_its_point_and_its_precision() {
    let mentions = GEOPARSER.mentions("Verzonnenstraat 12a Kerkenveld");
    let place = &mentions[0].place;
    assert_eq!((place.name.as_str(), place.kind, place.radius_m), ("Verzonnenstraat 12a", PlaceKind::Address, 15));
    let areas = [&place.municipality, &place.province, &place.police_unit, &place.country];
    assert_eq!(areas.map(Option::as_deref), ["De Wolden", "Drenthe", "Noord-Nederland", "NL"].map(Some));
    assert!(place.point().distance_m(LonLat { lon: 6.5048, lat: 52.6716 }) < 30.0, "{place:?}");
    let street = &GEOPARSER.mentions("Verzonnenstraat Kerkenveld")[0].place;
    assert!((100..1_000).contains(&street.radius_m), "{street:?}");
}

#[test]
fn a_street_of_many_places_is_kept_for_review_with_its_alternatives() {
    let mentions = GEOPARSER.mentions("Proefdorpsstraat 12");
    assert!(!mentions[0].accepted && mentions[0].kind == PlaceKind::Address, "{}", told(&mentions));
    assert_eq!(mentions[0].alternatives.len(), 3);
    assert!(mentions[0].reasons.contains(&"ambiguous_street".to_owned()));
    assert!(mentions[0].alternatives.iter().any(|other| other.name == "Proefdorpsstraat (Nijeveen, Meppel)"));
}

#[test]
fn without_address_files_nothing_is_a_street() {
    let plain = shipped::geoparser();
    assert!(plain.mentions("Verzonnenstraat 12 Kerkenveld").iter().all(|m| m.kind == PlaceKind::Locality));
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    for text in ["Verzonnenstraat 12 Kerkenveld", "verzonnenstraat 999", "7926XA 12", "7926XA", "proefdorpsstraat 3"] {
        for reason in GEOPARSER.mentions(text).iter().flat_map(|m| &m.reasons) {
            let sentence = model::explain(reason);
            assert!(&sentence.nl != reason && &sentence.en != reason && !sentence.nl.contains("{}"), "{reason}");
        }
    }
}

#[test]
fn broken_rows_are_named_and_the_rest_loads() {
    let table = "straat;huisnummer;postcode;woonplaats;lon;lat\n\
        Weg;1;7934AB;Dorp;6.5;52.7\n\
        Weg;x;7934AB;Dorp;6.5;52.7\n\
        \"Weg;2\n\
        Weg;1;7934AB;Dorp;6.5;52.7\n\
        ;2;7934AB;Dorp;6.5;52.7\n\
        Plein;3;7934AB;Dorp;6.5;99\n\
        \"Plein; het \"\"grote\"\"\";4;7934AB;Dorp;6.5;52.7\r\n\
        Caf\u{e9}weg;5;;Dorp;6,5;52,7";
    let (_, built, report) = build(table.as_bytes());
    assert_eq!((report.rows, report.rejected), (8, 4));
    assert_eq!(report.named.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 6, 7]);
    assert_eq!((built.addresses, built.duplicates, built.streets, built.postcodes), (3, 1, 3, 1));
}

#[test]
fn the_same_rows_in_any_order_give_the_same_file() {
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/addresses.csv")).unwrap();
    let (header, rows) = table.split_once('\n').unwrap();
    let turned: Vec<&str> = rows.lines().rev().collect();
    let again = build(format!("{header}\n{}\n", turned.join("\n")).as_bytes()).0;
    assert_eq!(synthetic(), again);
}

#[test]
fn foreign_damaged_and_cut_off_files_are_refused_by_name() {
    let bytes = synthetic();
    let opened = |bytes: &[u8]| AddressFile::open(Arc::new(bytes.to_vec()), String::new()).err();
    assert_eq!(opened(&bytes), None);
    assert_eq!(opened(b""), Some(AddressFileError::Foreign));
    assert_eq!(opened(b"SQLite format 3\0"), Some(AddressFileError::Foreign));
    assert_eq!(opened(&bytes[..100]), Some(AddressFileError::CutOff));
    assert_eq!(opened(&bytes[..bytes.len() - 100]), Some(AddressFileError::CutOff));
    let mut damaged = bytes.clone();
    damaged[60] ^= 1;
    assert_eq!(opened(&damaged), Some(AddressFileError::Header));
    damaged[8] = 9;
    assert_eq!(opened(&damaged), Some(AddressFileError::Version { found: 9 }));
}

/// Bytes with a header that says what it must, over contents that may be anything.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = blake3::hash(&bytes[..248]);
    bytes[248..256].copy_from_slice(&checksum.as_bytes()[..8]);
    bytes
}

fn check(text: &str, mentions: &[Mention]) {
    let mut done = 0;
    for m in mentions {
        let (start, end) = (m.start as usize, m.end as usize);
        assert!(start >= done && start < end && end <= text.len(), "{start}..{end} after {done} in {text:?}");
        assert_eq!(&text[start..end], m.text, "span and words differ in {text:?}");
        assert!((0.0..=1.0).contains(&m.confidence), "{}", m.confidence);
        assert!(LonLat::new(m.place.lon, m.place.lat).is_some());
        done = end;
    }
}

/// Pieces of texts with addresses in them.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Verzonnenstraat".to_owned()),
        Just("proefdorpsstr.".to_owned()),
        Just("Burg. v.d. Bedachtlaan".to_owned()),
        Just("'t Verzinsel".to_owned()),
        Just("Nérgensplein".to_owned()),
        Just("nergensweg-zuid".to_owned()),
        Just("brink".to_owned()),
        Just("straat".to_owned()),
        Just("Kerkenveld".to_owned()),
        Just("P 1 ".to_owned()),
        Just("7926XA".to_owned()),
        Just("7926 xa".to_owned()),
        Just(" 12".to_owned()),
        Just("12a-2".to_owned()),
        Just(" nr ".to_owned()),
        Just(" ".to_owned()),
        Just(", ".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("é".to_owned()),
        Just("İ".to_owned()),
        Just("ﷺ℀½".to_owned()),
        Just("👩\u{200d}👧".to_owned()),
        Just("\u{301}".to_owned()),
        "\\PC{0,6}",
        "[0-9a-z,.:/ -]{0,10}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1200))]

    #[test]
    fn any_text_is_read_without_panic(pieces in prop::collection::vec(piece(), 0..12)) {
        let text = pieces.concat();
        check(&text, &GEOPARSER.mentions(&text));
    }

    #[test]
    fn any_bytes_are_refused_or_answer_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut headed = b"SPKADDR\0\x01\0\0\0".to_vec();
        headed.extend(&bytes);
        headed.resize(headed.len().max(256), 0);
        for bytes in [bytes, sealed(headed)] {
            if let Ok(file) = AddressFile::open(Arc::new(bytes), String::new()) {
                ask(Addresses::new(vec![file]));
            }
        }
    }

    #[test]
    fn a_file_that_lies_answers_without_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..200),
        sections in prop::collection::vec((0_usize..20, 0_u64..60_000), 0..3),
    ) {
        let mut bytes = synthetic();
        let length = bytes.len();
        for (at, byte) in changes {
            bytes[256 + at.index(length - 256)] = byte;
        }
        for (field, value) in sections {
            bytes[56 + field * 8..64 + field * 8].copy_from_slice(&value.to_le_bytes());
        }
        if let Ok(file) = AddressFile::open(Arc::new(sealed(bytes)), String::new()) {
            ask(Addresses::new(vec![file]));
        }
    }
}

/// Asks everything that can be asked.
fn ask(addresses: Addresses) {
    static PLAIN: LazyLock<Arc<geoparse::Gazetteer>> = LazyLock::new(|| Arc::new(shipped::gazetteer()));
    for line in ["Verzonnenstraat", "Proefdorpsstraat 12", "7926XA", "7926XA 12", "brink", "weg 1"] {
        let _ = addresses.lookup(line, &PLAIN);
    }
    let small =
        geoparse::Gazetteer::from_parts(PLAIN.entries().iter().filter(|e| e.place.name == "Kerkenveld").cloned());
    let geoparser = Geoparser::new(Arc::new(small), geoparse::Lexicon::new(), &geoparse::Options::default());
    let geoparser = geoparser.with_addresses(addresses, Some("Drenthe"));
    for text in ["Verzonnenstraat 12a, 7926XA Kerkenveld", "proefdorpsstraat 3", "7926XA 12", "12 Brink"] {
        check(text, &geoparser.mentions(text));
    }
}

#[test]
fn ten_megabytes_of_one_thing_take_no_longer_per_byte_than_an_eighth_of_it() {
    LazyLock::force(&GEOPARSER);
    let time_of = |unit: &str, bytes: usize| -> Duration {
        let text = unit.repeat(bytes / unit.len());
        let begun = Instant::now();
        check(&text, &GEOPARSER.mentions(&text));
        begun.elapsed()
    };
    for (unit, bytes) in [
        ("straat 1 ", 10 << 20),
        ("weg ", 4 << 20),
        ("proefdorpsstraat 3 ", 2 << 20),
        ("Verzonnenstraat Kerkenveld ", 2 << 20),
        ("7926XA 12 ", 2 << 20),
        ("burg v d ", 2 << 20),
        ("van Brink 1", 2 << 20),
        ("1straat", 2 << 20),
    ] {
        let (small, large) = (time_of(unit, bytes / 8), time_of(unit, bytes));
        // Eight times the text may take twenty times as long on a busy machine; a quadratic reader takes sixty-four.
        let bound = small.max(Duration::from_millis(25)) * 20;
        assert!(large < bound, "{unit:?}: {small:?} for an eighth, {large:?} for all");
    }
}

#[test]
fn real_addresses_are_found_where_they_are() {
    let path = shipped::root().join(REAL);
    let Ok(file) = std::fs::File::open(&path) else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: no address files beside the workspace; nothing was tested");
        return;
    };
    let table = std::io::read_to_string(zstd::Decoder::new(file).unwrap()).unwrap();
    let (bytes, built, report) = build(table.as_bytes());
    assert_eq!(report.rows, 270_429);
    assert_eq!(built.addresses + built.duplicates + report.rejected, report.rows, "every row is accounted for");
    assert!(report.rejected < 10 && built.duplicates < 1_000, "{report:?} {built:?}");
    let each = bytes.len() as f64 / built.addresses as f64;
    assert!(each <= 24.0, "{each} bytes an address");
    let geoparser = with(bytes, None);
    let rows: Vec<&str> = table.lines().skip(1).collect();
    let mut wrong = Vec::new();
    let sampled: Vec<&str> = rows.iter().step_by(rows.len() / 1_000).copied().take(1_000).collect();
    for row in &sampled {
        let cells: Vec<&str> = row.split(';').collect();
        let addition = if cells[3].is_empty() { String::new() } else { format!("-{}", cells[3]) };
        let text = format!("{} {}{}{addition}, {}", cells[0], cells[1], cells[2].to_lowercase(), cells[5]);
        let point = LonLat::new(cells[9].parse().unwrap(), cells[8].parse().unwrap()).unwrap();
        let found = geoparser.mentions(&text);
        if !found.iter().any(|m| m.accepted && m.kind == PlaceKind::Address && m.place.point().distance_m(point) < 50.0)
        {
            wrong.push(format!("{text}\n      {}", told(&found)));
        }
    }
    assert_eq!(sampled.len(), 1_000);
    assert!(wrong.len() <= 5, "{} of 1000:\n{}", wrong.len(), wrong.join("\n"));
}
