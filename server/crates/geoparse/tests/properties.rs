//! Whatever bytes come in: no panic, spans that fit, and time that grows with the text and no faster.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod invariants;
mod shipped;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use geoparse::Geoparser;
use invariants::check;
use model::PlaceKind;
use proptest::prelude::*;

static GEOPARSER: LazyLock<Geoparser> = LazyLock::new(shipped::geoparser);

/// Pieces that texts with places are made of, with everything that has broken offsets elsewhere.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Zwolle".to_owned()),
        Just("'s-Gravenhage".to_owned()),
        Just("zuidwolde (Dr)".to_owned()),
        Just("Bergen op Zoom".to_owned()),
        Just("Su\u{301}dwest-Fryslân".to_owned()),
        Just("İstanbul".to_owned()),
        Just("7934 PA".to_owned()),
        Just("52.67012, 6.50034".to_owned()),
        Just("RD 155000 463000".to_owned()),
        Just("52°40'12\"N 6°30'0\"E".to_owned()),
        Just("https://www.google.com/maps/@52.6701,6.5002,15z".to_owned()),
        Just("#DenHaag".to_owned()),
        Just("@user".to_owned()),
        Just("in ".to_owned()),
        Just("5 km onder ".to_owned()),
        Just(" tussen ".to_owned()),
        Just(" en ".to_owned()),
        Just(" omgeving van ".to_owned()),
        Just("net over de grens bij ".to_owned()),
        Just(" MGC2+22 ".to_owned()),
        Just("ﷺ℀½".to_owned()),
        Just("👩\u{200d}👩\u{200d}👧".to_owned()),
        Just("\u{200b}\u{ad}\u{feff}".to_owned()),
        Just("مرحبا".to_owned()),
        Just("'".to_owned()),
        Just(" - ".to_owned()),
        Just("ß".to_owned()),
        "\\PC{0,6}",
        "[ -~]{0,8}",
        "[0-9.,°' -]{0,12}",
    ]
}

/// Reasons of mentions whose words are no name of the gazetteer.
const WRITTEN_OTHERWISE: [&str; 13] = [
    "around",
    "relative",
    "between",
    "alias",
    "nickname",
    "area_code",
    "hashtag",
    "short_form",
    "misspelt",
    "inflection",
    "abbreviation",
    "country_code",
    "pager_code",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_string_is_read_without_panic(text in any::<String>()) {
        check(&text, &GEOPARSER.mentions(&text));
    }

    #[test]
    fn spans_fit_in_texts_made_of_places_and_trouble(pieces in prop::collection::vec(piece(), 0..14)) {
        let text = pieces.concat();
        let mentions = GEOPARSER.mentions(&text);
        check(&text, &mentions);
        // The words of a span, read alone, are the same name: whatever was found is really written there.
        for m in mentions.iter().filter(|m| !matches!(m.kind, PlaceKind::Postcode | PlaceKind::Coordinate | PlaceKind::Road)) {
            prop_assert!(
                GEOPARSER.gazetteer().lookup(&m.text).iter().any(|p| p.id == m.place.id)
                    || m.reasons.iter().any(|reason| WRITTEN_OTHERWISE.contains(&reason.as_str())),
                "{:?} is no name of {}", m.text, m.place.id
            );
        }
    }
}

/// Seconds for a text of this many repetitions.
fn time_of(unit: &str, bytes: usize) -> Duration {
    let text = unit.repeat(bytes / unit.len());
    let begun = Instant::now();
    check(&text, &GEOPARSER.mentions(&text));
    begun.elapsed()
}

#[test]
fn a_megabyte_of_one_thing_takes_no_longer_per_byte_than_an_eighth_of_it() {
    LazyLock::force(&GEOPARSER);
    for unit in [
        "a",
        "[",
        "1",
        "1 ",
        "1.",
        "1,",
        "52.1,",
        "\u{301}",
        "'",
        ".",
        ":",
        "@",
        "a@",
        "a:",
        "a.b",
        "#",
        "Zwolle ",
        "Elst, ",
        "een ",
        "7934 ",
        "N 52 ",
        "https://",
        "°",
        "(",
        "\u{200b}",
        "van ",
        "A",
        "geo:1,1 ",
        " ",
        "Zwolle,",
        "7811 Emmen ",
        "7811 ",
        "#Best",
        "(Dr)Elst",
        "een (",
        "Jan van Best ",
        "52.1 6.1 ",
        "RD 1 ",
        "St. ",
        "in Assen ",
        "in Asen ",
        "naar qwrtxz ",
        "32U LD ",
        "MGC2+22 ",
        "+",
        "5 km onder Assen ",
        "tussen Rolde en Assen ",
        "omgeving van ",
        "van van Assen ",
        "9F48MGC2+",
    ] {
        let (small, large) = (time_of(unit, 1 << 17), time_of(unit, 1 << 20));
        // Eight times the text may take twenty times as long on a busy machine; a quadratic reader takes sixty-four.
        let bound = small.max(Duration::from_millis(25)) * 20;
        assert!(large < bound, "{unit:?}: {small:?} for an eighth, {large:?} for all");
    }
}
