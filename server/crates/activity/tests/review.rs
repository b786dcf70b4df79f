//! Decisions in the index: what they move, what they take off, and what waits for them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashMap;
use std::sync::Arc;

use activity::{Index, IndexError, Regions, Row, Standing, Verdict};
use model::{Filter, Place, PlaceKind, Scope};
use proptest::prelude::*;

fn place(number: u32) -> (u32, Place) {
    let place = Place {
        id: format!("p{number}"),
        name: format!("Plaats {number}"),
        kind: PlaceKind::Locality,
        lon: 5.0 + f64::from(number) / 10.0,
        lat: 52.0,
        radius_m: 1_000,
        municipality: None,
        province: None,
        police_unit: None,
        country: Some("NL".into()),
        population: None,
    };
    (number, place)
}

fn empty() -> Index {
    let none = r#"{"type":"FeatureCollection","features":[]}"#;
    let regions = Arc::new(Regions::from_geojson(none.as_bytes()).unwrap());
    Index::new(regions).append((0..4).map(place).collect(), &[]).unwrap()
}

fn row(message_no: u64, place_no: u32, phrase_no: u32, confidence: f32) -> Row {
    Row {
        place_no,
        sent_at_ms: message_no as i64,
        message_no,
        conversation_no: (message_no % 4) as u32,
        sender_no: 1,
        case_no: 1 + (message_no % 2) as u16,
        source_no: 1,
        confidence,
        phrase_no,
        uncertain: confidence < 0.5,
        topics: 0,
        standing: Standing::AsRead,
    }
}

fn everything() -> Filter {
    Filter { scope: Scope::All, ..Filter::default() }
}

/// Place, mentions, messages of everything placed.
fn counts(index: &Index) -> Vec<(String, u64, u64)> {
    let filter = everything();
    let selection = index.query(&filter);
    let mut counts: Vec<_> =
        selection.places().iter().map(|p| (p.place.id.clone(), p.counts.mentions, p.counts.messages)).collect();
    counts.sort();
    counts
}

#[test]
fn a_verdict_places_moves_and_takes_off_and_can_be_taken_back() {
    let rows: Vec<Row> =
        (0..12).map(|n| row(n, (n % 3) as u32, 1 + (n % 3) as u32, if n % 3 == 0 { 0.2 } else { 0.9 })).collect();
    let index = empty().append(vec![], &rows).unwrap();
    assert_eq!(counts(&index), [("p1".into(), 4, 4), ("p2".into(), 4, 4)]);
    let verdict = |place_no, standing| Verdict { place_no, standing };
    let decided = index
        .ruled(&HashMap::from([
            ((1, 1), verdict(0, Standing::Placed)),
            ((2, 2), verdict(1, Standing::Out)),
            ((1, 3), verdict(3, Standing::Placed)),
            ((2, 3), verdict(3, Standing::Placed)),
        ]))
        .unwrap();
    assert_eq!(counts(&decided), [("p0".into(), 2, 2), ("p1".into(), 2, 2), ("p3".into(), 4, 4)]);
    assert_eq!((index.placed(), decided.placed()), (8, 8));
    assert_eq!(decided.count_phrases([3])[&(1, 3)], 2);
    let back = decided
        .ruled(&HashMap::from([
            ((1, 1), verdict(0, Standing::AsRead)),
            ((2, 2), verdict(1, Standing::AsRead)),
            ((1, 3), verdict(2, Standing::AsRead)),
            ((2, 3), verdict(2, Standing::AsRead)),
        ]))
        .unwrap();
    assert_eq!(counts(&back), counts(&index));
    let nowhere = index.ruled(&HashMap::from([((1, 1), verdict(99, Standing::Placed))]));
    assert_eq!(nowhere.unwrap_err(), IndexError::UnknownPlace(99));
}

#[test]
fn what_was_taken_off_stays_off_however_little_confidence_is_asked_for() {
    let index = empty().append(vec![], &[row(2, 0, 1, 0.9)]).unwrap();
    let out = index.ruled(&HashMap::from([((1, 1), Verdict { place_no: 0, standing: Standing::Out })])).unwrap();
    let filter = Filter { min_confidence: Some(0.0), ..everything() };
    assert_eq!(out.query(&filter).totals().mentions, 0);
    assert_eq!(index.query(&filter).totals().mentions, 1);
}

#[test]
fn the_queue_puts_breadth_and_doubt_first_and_leaves_out_what_is_decided() {
    let mut rows = Vec::new();
    // Phrase 1: one conversation, a coin toss. Phrase 2: two conversations of the case. Phrase 3: two, but almost surely no place.
    rows.extend((0..4).map(|n| row(4 * n, 0, 1, 0.48)));
    rows.extend((0..4).map(|n| row(100 + 2 * n, 1, 2, 0.4)));
    rows.extend((0..4).map(|n| row(200 + 2 * n, 2, 3, 0.02)));
    rows.push(row(300, 2, 4, 0.9));
    // Stored before there were phrases.
    rows.push(row(302, 2, 0, 0.3));
    let index = empty().append(vec![], &rows).unwrap();
    let filter = Filter { min_confidence: Some(0.0), ..everything() };
    let waiting = index.query(&filter).waiting(10, 3);
    assert_eq!((waiting.groups, waiting.mentions), (3, 12));
    assert_eq!(waiting.first.iter().map(|group| group.key.1).collect::<Vec<_>>(), [2, 1, 3]);
    let first = &waiting.first[0];
    assert_eq!((first.counts.conversations, first.counts.mentions), (2, 4));
    assert!((first.confidence - 0.4).abs() < 1e-4 && (first.consequence - 1.6).abs() < 1e-3);
    // Newest first, one of each conversation before a second of any.
    assert_eq!(first.message_nos, [106, 104, 102]);
    assert_eq!(index.query(&filter).waiting(1, 1).first.len(), 1);

    let decided = index.ruled(&HashMap::from([((1, 2), Verdict { place_no: 1, standing: Standing::Out })])).unwrap();
    assert_eq!(decided.query(&filter).waiting(10, 3).groups, 2);
    let nobody = Filter { scope: Scope::Nothing, ..filter };
    assert_eq!(index.query(&nobody).waiting(10, 3).groups, 0);
}

proptest! {
    /// Ruling after appending is the same as appending what was ruled.
    #[test]
    fn ruling_is_the_same_before_and_after(
        drawn in prop::collection::vec((0_u64..40, 0_u32..4, 1_u32..6, 0_u32..=10), 0..60),
        cuts in prop::collection::vec(1_usize..20, 0..4),
        rules in prop::collection::vec(((1_u16..3, 1_u32..6), (0_u32..4, 0_u8..3)), 0..6),
    ) {
        let verdicts: HashMap<_, _> = rules
            .into_iter()
            .map(|(key, (place_no, standing))| {
                let standing = [Standing::AsRead, Standing::Placed, Standing::Out][usize::from(standing)];
                (key, Verdict { place_no, standing })
            })
            .collect();
        let rows: Vec<Row> =
            drawn.iter().map(|&(m, place, phrase, c)| row(m, place, phrase, c as f32 / 10.0)).collect();
        let ruled: Vec<Row> = rows
            .iter()
            .map(|row| match verdicts.get(&(row.case_no, row.phrase_no)) {
                Some(verdict) => Row { place_no: verdict.place_no, standing: verdict.standing, ..*row },
                None => *row,
            })
            .collect();
        let build = |rows: &[Row]| {
            let (mut index, mut rest) = (empty(), rows);
            for cut in cuts.iter().copied().chain([usize::MAX]) {
                let (part, after) = rest.split_at(cut.min(rest.len()));
                index = index.append(vec![], part).unwrap();
                rest = after;
            }
            index
        };
        let after = build(&rows).ruled(&verdicts).unwrap();
        let before = build(&ruled);
        prop_assert_eq!(counts(&after), counts(&before));
        prop_assert_eq!(after.placed(), before.placed());
        let filter = Filter { min_confidence: Some(0.0), ..everything() };
        prop_assert_eq!(after.query(&filter).waiting(9, 9), before.query(&filter).waiting(9, 9));
    }
}
