//! The index against the plainest possible answer: a loop over all rows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use activity::{ConversationSpan, Coverage, Cursor, Grid, Grouping, Index, PlaceCounts, Regions, Row, Standing};
use model::api::{CountBy, Counts};
use model::{BBox, Filter, LonLat, Place, PlaceKind, RegionKind, Scope, TimeRange};
use proptest::prelude::*;

/// Two squares side by side, east of each other: "West" and "Oost".
const TWO_PROVINCES: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","properties":{"id":"province/west","kind":"province","name":"West","names":[],"code":"","area_km2":100.0},
   "geometry":{"type":"Polygon","coordinates":[[[5,52],[6,52],[6,53],[5,53],[5,52]]]}},
  {"type":"Feature","properties":{"id":"province/oost","kind":"province","name":"Oost","names":[],"code":"","area_km2":100.0},
   "geometry":{"type":"Polygon","coordinates":[[[6,52],[7,52],[7,53],[6,53],[6,52]]]}}]}"#;

fn regions() -> Arc<Regions> {
    Arc::new(Regions::from_geojson(TWO_PROVINCES.as_bytes()).unwrap())
}

/// Eight places in a row from west to east; the last is a province.
fn places() -> Vec<(u32, Place)> {
    (0..8)
        .map(|n| {
            let lon = 5.1 + 0.25 * f64::from(n);
            let province =
                if n == 7 { Some("Oost") } else { (n % 2 == 0).then_some(if lon < 6.0 { "West" } else { "Oost" }) };
            let place = Place {
                id: format!("p{n}"),
                name: format!("Plaats {n}"),
                kind: if n == 7 { PlaceKind::Province } else { PlaceKind::Locality },
                lon,
                lat: 52.5,
                radius_m: 1_000,
                municipality: None,
                province: province.map(Into::into),
                police_unit: None,
                country: Some("NL".into()),
                population: None,
            };
            (100 + n, place)
        })
        .collect()
}

/// By record where there is one, else by point: every second place has none.
fn province_of(place: &Place) -> &'static str {
    if place.lon < 6.0 { "province/west" } else { "province/oost" }
}

fn row() -> impl Strategy<Value = Row> {
    (0_u32..8, 0_u64..30, 0_u16..3, 0_u16..3, 0_u32..=10).prop_map(
        |(place, message_no, case_no, source_no, confidence)| Row {
            place_no: 100 + place,
            // A message has one time, one conversation and one sender.
            sent_at_ms: (message_no as i64 * 7919) % 1_000 - 200,
            message_no,
            conversation_no: message_no as u32 % 5,
            sender_no: message_no as u32 % 7,
            case_no,
            source_no,
            confidence: confidence as f32 / 10.0,
            phrase_no: message_no as u32 % 6,
            uncertain: confidence < 5,
            topics: (message_no as u32 % 9) & 5,
            standing: Standing::AsRead,
        },
    )
}

fn filter() -> impl Strategy<Value = Filter> {
    let scope = prop_oneof![
        Just(Scope::All),
        Just(Scope::Nothing),
        prop::collection::vec(0_u16..3, 0..3).prop_map(Scope::Cases)
    ];
    let time = (prop::option::of(-300_i64..900), prop::option::of(-300_i64..900));
    let region = prop::option::of(prop_oneof![Just("province/west"), Just("province/oost"), Just("province/none")]);
    let bbox = prop::option::of((5.0_f64..7.0, 5.0_f64..7.0));
    let lists = (
        prop::collection::vec(0_u32..9, 0..3),
        prop::collection::vec(0_u16..3, 0..2),
        prop::collection::vec(0_u16..3, 0..2),
    );
    let words = prop::option::of(prop::collection::btree_set(0_u64..40, 0..20));
    let topics = prop::option::of(0_u32..8);
    (scope, time, region, bbox, lists, (prop::option::of(0_u32..=10), topics), words).prop_map(
        |(scope, (from_ms, to_ms), region, bbox, (places, cases, sources), (confidence, topics), words)| Filter {
            scope,
            time: TimeRange { from_ms, to_ms },
            regions: region.into_iter().map(Into::into).collect(),
            bbox: bbox.map(|(a, b)| BBox { west: a.min(b), south: 52.0, east: a.max(b), north: 53.0 }),
            polygon: None,
            places: places.into_iter().map(|n| format!("p{n}")).collect(),
            cases,
            sources,
            topics,
            min_confidence: confidence.map(|c| c as f32 / 10.0),
            message_nos: words.map(|words| words.into_iter().collect()),
        },
    )
}

/// Whether the source has the message: it was read from there first, or met there again, as every seventh was in source 0 or 1.
fn holds(source_no: u16, row: &Row) -> bool {
    row.source_no == source_no || shared().contains(&(row.message_no, source_no))
}

fn shared() -> Vec<(u64, u16)> {
    (0..30).filter(|number| number % 7 == 0).map(|number| (number, (number % 2) as u16)).collect()
}

/// The filter, said again in the plainest way.
fn passes(filter: &Filter, row: &Row, place: &Place) -> bool {
    filter.scope.allows(row.case_no)
        && filter.time.contains(row.sent_at_ms)
        && (filter.regions.is_empty() || filter.regions.iter().any(|region| region == province_of(place)))
        && filter.bbox.is_none_or(|bbox| bbox.contains(place.point()))
        && (filter.places.is_empty() || filter.places.contains(&place.id))
        && (filter.cases.is_empty() || filter.cases.contains(&row.case_no))
        && (filter.sources.is_empty() || filter.sources.iter().any(|source_no| holds(*source_no, row)))
        && filter.topics.is_none_or(|topics| row.topics & topics != 0)
        && row.confidence >= filter.min_confidence.unwrap_or(0.5)
        && filter.message_nos.as_ref().is_none_or(|numbers| numbers.contains(&row.message_no))
}

fn counts<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Counts {
    let rows: Vec<_> = rows.into_iter().collect();
    let distinct = |of: fn(&Row) -> u64| rows.iter().map(|row| of(row)).collect::<BTreeSet<_>>().len() as u64;
    Counts {
        mentions: rows.len() as u64,
        messages: distinct(|row| row.message_no),
        conversations: distinct(|row| row.conversation_no.into()),
        senders: distinct(|row| row.sender_no.into()),
    }
}

/// Rows that pass, with their places, by a loop.
fn selected(filter: &Filter, rows: &[Row]) -> Vec<(Row, Place)> {
    let places: BTreeMap<u32, Place> = places().into_iter().collect();
    rows.iter()
        .map(|row| (*row, places[&row.place_no].clone()))
        .filter(|(row, place)| passes(filter, row, place))
        .collect()
}

/// An index that got its rows in pieces, as imports bring them.
fn index(rows: &[Row], pieces: usize) -> Index {
    let mut index = Index::new(regions()).append(places(), &[]).unwrap();
    for piece in rows.chunks(rows.len().div_ceil(pieces.max(1)).max(1)) {
        index = index.append(Vec::new(), piece).unwrap();
    }
    shared().chunks(2).fold(index, |index, some| index.with_shared(some).unwrap())
}

proptest! {
    #[test]
    fn every_count_is_that_of_a_loop_over_all_rows(
        rows in prop::collection::vec(row(), 0..120), pieces in 1_usize..9, compact in any::<bool>(), filter in filter(), limit in 1_usize..8,
    ) {
        let index = index(&rows, pieces);
        let index = if compact { index.compacted() } else { index };
        prop_assert_eq!(index.len(), rows.len());
        let selection = index.query(&filter);
        let expected = selected(&filter, &rows);

        prop_assert_eq!(selection.totals(), counts(expected.iter().map(|(row, _)| row)));

        let mut by_place: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut by_region: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for (row, place) in &expected {
            by_place.entry(place.id.clone()).or_default().push(*row);
            by_region.entry(province_of(place)).or_default().push(*row);
        }
        let found: BTreeMap<_, _> = selection.places().into_iter().map(|found| (found.place.id.clone(), found.counts)).collect();
        prop_assert_eq!(found, by_place.iter().map(|(id, rows)| (id.clone(), counts(rows))).collect::<BTreeMap<_, _>>());
        let found: BTreeMap<_, _> =
            selection.regions(RegionKind::Province).into_iter().map(|(region, counts)| (region.id.as_str(), counts)).collect();
        prop_assert_eq!(found, by_region.iter().map(|(id, rows)| (*id, counts(rows))).collect::<BTreeMap<_, _>>());

        let overview = selection.overview(RegionKind::Province, limit);
        let listed = |places: &[PlaceCounts<'_>]| places.iter().map(|one| (one.place.id.clone(), one.counts)).collect::<Vec<_>>();
        prop_assert_eq!(overview.totals, selection.totals());
        let all = selection.places();
        let shown = limit.min(all.len());
        prop_assert_eq!(listed(&overview.places), listed(&all[..shown]));
        prop_assert_eq!(overview.left_out.places as usize, all.len() - shown);
        let mentions: u64 = overview.places.iter().map(|one| one.counts.mentions).sum();
        prop_assert_eq!(mentions + overview.left_out.mentions, overview.totals.mentions);

        let edges = [-300, -100, 0, 250, 251, 900];
        let bars: Vec<u64> = selection.histogram(&edges).into_iter().map(|(messages, _)| messages).collect();
        let slow: Vec<u64> = edges.windows(2)
            .map(|edge| counts(expected.iter().map(|(row, _)| row).filter(|row| (edge[0]..edge[1]).contains(&row.sent_at_ms))).messages)
            .collect();
        prop_assert_eq!(bars, slow);
        let series: Vec<Counts> = selection.series(&edges).into_iter().map(|(counts, _)| counts).collect();
        let slow: Vec<Counts> = edges.windows(2)
            .map(|edge| counts(expected.iter().map(|(row, _)| row).filter(|row| (edge[0]..edge[1]).contains(&row.sent_at_ms))))
            .collect();
        prop_assert_eq!(series, slow);

        let mut newest: Vec<(i64, u64)> = expected.iter().map(|(row, _)| (row.sent_at_ms, row.message_no)).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        newest.dedup();
        let (mut paged, mut after) = (Vec::new(), None::<Cursor>);
        loop {
            let page = selection.page(after, limit);
            prop_assert_eq!(page.total, newest.len() as u64);
            prop_assert!(page.message_nos.len() <= limit);
            paged.extend(page.message_nos);
            after = page.next;
            if after.is_none() { break }
        }
        prop_assert_eq!(paged, newest.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
    }

    #[test]
    fn the_table_of_places_is_that_of_a_loop_now_and_before(
        rows in prop::collection::vec(row(), 0..120), filter in filter(), from_ms in -200_i64..600, length_ms in 1_i64..400,
    ) {
        let index = index(&rows, 3);
        let to_ms = from_ms + length_ms;
        let selection = index.query(&filter);
        let table = selection.table(Grouping::Place, from_ms, to_ms);
        let within = |from, to| selected(&Filter { time: TimeRange { from_ms: Some(from), to_ms: Some(to) }, ..filter.clone() }, &rows);
        let (now, before) = (within(from_ms, to_ms), within(from_ms - length_ms, from_ms));
        let whatever_topics = {
            let time = TimeRange { from_ms: Some(from_ms), to_ms: Some(to_ms) };
            selected(&Filter { topics: None, time, ..filter.clone() }, &rows)
        };
        let of = |rows: &[(Row, Place)], id: &str| counts(rows.iter().filter(|(_, place)| place.id == id).map(|(row, _)| row));

        prop_assert_eq!(table.too_coarse, of(&now, "p7").mentions, "a province is no place");
        let ids: BTreeSet<String> = now.iter().map(|(_, place)| place.id.clone()).filter(|id| id != "p7").collect();
        prop_assert_eq!(table.groups.iter().map(|group| group.id.to_string()).collect::<BTreeSet<_>>(), ids);
        for group in &table.groups {
            prop_assert_eq!(group.counts, of(&now, &group.id));
            prop_assert_eq!(group.before, of(&before, &group.id));
            prop_assert_eq!(u64::from(table.sparkline(group, 5).iter().sum::<u32>()), group.counts.messages);
            let rows: Vec<_> = now.iter().filter(|(_, place)| place.id == group.id).map(|(row, _)| row).collect();
            prop_assert_eq!(Some(group.first_seen_ms), rows.iter().map(|row| row.sent_at_ms).min());
            prop_assert_eq!(Some(group.last_seen_ms), rows.iter().map(|row| row.sent_at_ms).max());
            let told = table.topics(group);
            let there: Vec<_> = whatever_topics.iter().filter(|(_, place)| place.id == group.id).map(|(row, _)| row).collect();
            prop_assert_eq!(told.all.0, counts(there.iter().copied()));
            let about = |bit: u32| counts(there.iter().copied().filter(|row| row.topics & (1 << bit) != 0));
            let expected: Vec<_> = (0..32).filter(|bit| about(*bit).mentions > 0).map(|bit| (bit as u8, about(bit))).collect();
            prop_assert_eq!(told.topics.iter().map(|(number, counts, _)| (*number, *counts)).collect::<Vec<_>>(), expected);
            let largest = (0..5).map(|c| counts(rows.iter().copied().filter(|row| row.conversation_no == c)).messages).max();
            prop_assert_eq!(Some(group.largest_conversation), largest);
            let messages = |c: &u32| counts(rows.iter().copied().filter(|row| row.conversation_no == *c)).messages;
            let loudest = (0..5).rev().max_by_key(messages).unwrap();
            let others = counts(rows.iter().copied().filter(|row| row.conversation_no != loudest));
            prop_assert_eq!(table.without_loudest(group), others);
        }
    }

    #[test]
    fn conversations_are_those_of_a_loop_and_silence_without_data_is_told_apart(
        rows in prop::collection::vec(row(), 0..120), filter in filter(), from_ms in -200_i64..600, length_ms in 1_i64..400,
    ) {
        let span = |conversation_no: u32| {
            let first_ms = i64::from(conversation_no) * 200 - 300;
            ConversationSpan { conversation_no, first_ms, last_ms: first_ms + 250, messages: 9 }
        };
        // Of the last of the five nothing is known.
        let index = index(&rows, 3).with_conversations(&(0..4).map(span).collect::<Vec<_>>());
        let to_ms = from_ms + length_ms;
        let within = |from, to| selected(&Filter { time: TimeRange { from_ms: Some(from), to_ms: Some(to) }, ..filter.clone() }, &rows);
        let (now, before) = (within(from_ms, to_ms), within(from_ms - length_ms, from_ms));
        let messages = |rows: &[(Row, Place)], number: u32| {
            counts(rows.iter().map(|(row, _)| row).filter(|row| row.conversation_no == number)).messages
        };
        let mut expected: Vec<(u64, u64, Option<ConversationSpan>)> = (0..5)
            .map(|number| (messages(&now, number), messages(&before, number), (number < 4).then(|| span(number))))
            .filter(|(now, before, _)| now + before > 0)
            .collect();
        let selection = index.query(&filter);
        let mut found: Vec<_> =
            selection.conversations(from_ms, to_ms).iter().map(|one| (one.messages, one.before, one.span)).collect();
        prop_assert!(found.windows(2).all(|two| (two[0].0, two[0].1) >= (two[1].0, two[1].1)));
        let number = |one: &(u64, u64, Option<ConversationSpan>)| one.2.map_or(4, |span| span.conversation_no);
        expected.sort_by_key(number);
        found.sort_by_key(number);
        prop_assert_eq!(found, expected);

        let table = selection.table(Grouping::Place, from_ms, to_ms);
        for group in &table.groups {
            let lasting = before.iter().filter(|(row, place)| {
                place.id == group.id && (row.conversation_no == 4 || {
                    let span = span(row.conversation_no);
                    span.first_ms < to_ms && span.last_ms >= from_ms
                })
            });
            prop_assert_eq!(table.before_with_data(group), counts(lasting.map(|(row, _)| row)));
        }
    }

    #[test]
    fn the_series_of_every_unit_are_those_of_a_loop(
        rows in prop::collection::vec(row(), 0..120), filter in filter(), by_region in any::<bool>(),
    ) {
        let index = index(&rows, 4);
        let grouping = if by_region { Grouping::Region(RegionKind::Province) } else { Grouping::Place };
        let selection = index.query(&filter);
        let area = selection.study_area(grouping);
        let edges = [-200, -50, 0, 400, 800];
        let all = Filter { time: TimeRange::default(), ..filter.clone() };
        let expected = selected(&all, &rows);
        let full = selection.series_by_unit(&area, &edges);
        let by_count = CountBy::ALL.map(|count| (count, selection.counted_by_unit(&area, &edges, count)));
        for (at, unit) in area.units.iter().enumerate() {
            for (bin, edge) in edges.windows(2).enumerate() {
                let here = expected.iter().filter(|(row, place)| {
                    let id = if by_region { province_of(place) } else { &place.id };
                    id == unit.id && (edge[0]..edge[1]).contains(&row.sent_at_ms)
                });
                let (slow, weight) = (counts(here.map(|(row, _)| row)), full[at][bin].1);
                prop_assert_eq!(full[at][bin].0, slow);
                for (count, series) in &by_count {
                    prop_assert_eq!(series[at][bin], count.of(&slow, weight));
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn events_samples_and_what_is_left_without_the_loudest_are_those_of_a_loop(
        rows in prop::collection::vec(row(), 0..120), filter in filter(), limit in 0_usize..8, radius in 0_u32..3,
    ) {
        let index = index(&rows, 3);
        let selection = index.query(&filter);
        let expected = selected(&filter, &rows);
        let wanted = |place: &Place| place.kind != PlaceKind::Province && place.radius_m <= radius * 1_000;

        let found = selection.events(CountBy::Conversations, wanted);
        prop_assert_eq!(found.left_out, expected.iter().filter(|(_, place)| !wanted(place)).count() as u64);
        let mut first: BTreeMap<(String, u32, i64), i64> = BTreeMap::new();
        for (row, place) in expected.iter().filter(|(_, place)| wanted(place)) {
            let key = (place.id.clone(), row.conversation_no, row.sent_at_ms.div_euclid(86_400_000));
            first.entry(key).and_modify(|at_ms| *at_ms = row.sent_at_ms.min(*at_ms)).or_insert(row.sent_at_ms);
        }
        let mut times: Vec<i64> = first.into_values().collect();
        times.sort_unstable();
        prop_assert_eq!(found.events.iter().map(|(_, at_ms)| *at_ms).collect::<Vec<_>>(), times);

        let numbers: BTreeSet<u64> = expected.iter().map(|(row, _)| row.message_no).collect();
        let sample = selection.sample(limit);
        prop_assert_eq!((sample.of, sample.message_nos.len()), (numbers.len() as u64, numbers.len().min(limit)));
        prop_assert!(sample.message_nos.iter().all(|number| numbers.contains(number)));
        prop_assert_eq!(selection.message_nos(), numbers.iter().copied().collect::<Vec<_>>());

        let number_of: fn(&Row) -> u32 = |row| row.sender_no;
        let messages = |number: u32| counts(expected.iter().map(|(row, _)| row).filter(|row| number_of(row) == number)).messages;
        match selection.without_loudest_sender() {
            None => prop_assert!(expected.is_empty()),
            Some(loudest) => {
                let largest = (0..7).max_by_key(|number| (messages(*number), std::cmp::Reverse(*number))).unwrap();
                prop_assert_eq!(loudest.messages, messages(largest));
                let rest = expected.iter().map(|(row, _)| row).filter(|row| number_of(row) != largest);
                prop_assert_eq!(loudest.without, counts(rest));
                prop_assert!(expected.iter().any(|(row, _)| row.message_no == loudest.message_no && row.sender_no == largest));
            }
        }
        let coarse = expected.iter().filter(|(_, place)| place.kind == PlaceKind::Province).count() as u64;
        prop_assert_eq!(index.too_coarse(&filter, Grouping::Place), coarse);
    }
}

/// Enough rows that counts are shared among cores; a message is spoken of at several places, in provinces of both.
fn many_rows() -> Vec<Row> {
    (0..120_000_u64)
        .map(|number| {
            let message_no = number * 2 / 3;
            Row {
                place_no: 100 + (number * 7919 % 8) as u32,
                sent_at_ms: (message_no as i64 * 104_729) % 1_000,
                message_no,
                conversation_no: (message_no % 501) as u32,
                sender_no: (message_no % 1_009) as u32,
                case_no: 1,
                source_no: (message_no % 3) as u16,
                confidence: (message_no % 11) as f32 / 10.0,
                phrase_no: 1,
                uncertain: false,
                topics: (message_no % 5) as u32,
                standing: Standing::AsRead,
            }
        })
        .collect()
}

#[test]
fn what_many_cores_count_is_what_one_counts() {
    let index = Index::new(regions()).append(places(), &many_rows()).unwrap();
    let filter = Filter { min_confidence: Some(0.3), ..sees_all() };
    let edges: Vec<i64> = (0..=20).map(|step| step * 50).collect();
    let answers = || {
        let selection = index.query(&filter);
        let overview = selection.overview(RegionKind::Province, 5);
        let places = |places: &[PlaceCounts<'_>]| {
            places.iter().map(|one| (one.place.id.clone(), one.counts, one.weight)).collect::<Vec<_>>()
        };
        let regions: Vec<_> = overview.regions.iter().map(|(region, counts)| (region.id.clone(), *counts)).collect();
        let table = selection.table(Grouping::Place, 500, 1_000);
        let groups: BTreeMap<String, _> = table
            .groups
            .iter()
            .map(|group| {
                (group.id.to_string(), (group.counts, group.before, table.without_loudest(group), group.weights))
            })
            .collect();
        let area = selection.study_area(Grouping::Region(RegionKind::Province));
        (
            (overview.totals, places(&overview.places), overview.left_out, regions),
            (places(&selection.places()), selection.histogram(&edges), groups),
            (selection.series_by_unit(&area, &edges), selection.counted_by_unit(&area, &edges, CountBy::Senders)),
        )
    };
    let on = |cores| rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap().install(answers);
    let one = on(1);
    assert_eq!(one.0.0, counts(&selected(&filter, &many_rows()).into_iter().map(|(row, _)| row).collect::<Vec<_>>()));
    assert_eq!(on(4), one);
}

fn sees_all() -> Filter {
    Filter { scope: Scope::All, ..Filter::default() }
}

fn mention(place_no: u32, message_no: u64) -> Row {
    Row {
        place_no,
        sent_at_ms: 0,
        message_no,
        conversation_no: 1,
        sender_no: 1,
        case_no: 1,
        source_no: 1,
        confidence: 0.9,
        phrase_no: 1,
        uncertain: false,
        topics: 0,
        standing: Standing::AsRead,
    }
}

#[test]
fn a_drawn_ring_selects_the_places_in_it() {
    let index = index(&[mention(100, 1), mention(101, 2), mention(106, 3)], 1);
    let ring = [(5.0, 52.4), (5.2, 52.4), (5.2, 52.6), (5.0, 52.6)].map(|(lon, lat)| LonLat { lon, lat });
    let filter = Filter { polygon: Some(ring.to_vec()), ..sees_all() };
    assert_eq!(index.query(&filter).page(None, 10).message_nos, [1]);
}

#[test]
fn a_province_is_too_coarse_for_cells_and_a_city_larger_than_one_is_spread_over_several() {
    let mut large = places();
    large[1].1.radius_m = 20_000;
    let index = Index::new(regions()).append(large, &[mention(100, 1), mention(101, 2), mention(107, 3)]).unwrap();
    let filter = sees_all();
    let table = index.query(&filter).table(Grouping::Grid(Grid::VILLAGES), -10, 10);
    assert_eq!((table.too_coarse, table.spread, table.groups.len()), (1, 1, 1));
    // The city's disc of 20 km holds the cell, of some 36 km², whole.
    let over = table.spread(|counts, _| counts.senders).over(&table.groups[0]).unwrap();
    assert!((0.02..0.04).contains(&over), "{over}");
    let portrait = table.portrait(&table.groups[0]);
    assert_eq!((portrait.name.as_str(), portrait.kind), ("Plaats 0", "cell"));
    assert!((3_000..4_000).contains(&portrait.radius_m), "{}", portrait.radius_m);
    assert_eq!((portrait.outline.len(), portrait.outline.first()), (7, portrait.outline.last()));
    // Places that extend 1 km do not fit in squares of 500 m. A list of places spreads nothing.
    let squares = |side| index.query(&filter).table(Grouping::Grid(Grid::squares(side).unwrap()), -10, 10);
    let squares = [squares(1_000), squares(500)];
    assert_eq!(squares.map(|table| (table.too_coarse, table.spread)), [(1, 1), (1, 2)]);
    let places = index.query(&filter).table(Grouping::Place, -10, 10);
    assert_eq!(places.spread, 0);
    assert!(places.groups.iter().all(|group| places.spread(|counts, _| counts.senders).over(group).is_none()));
}

#[test]
fn what_was_read_tells_no_data_from_calm() {
    let day_ms = 86_400_000;
    let index = index(&[], 1).with_coverage(&[Coverage { case_no: 1, source_no: 1, day: 1, messages: 10, shared: 0 }]);
    let filter = sees_all();
    let table = index.query(&filter).table(Grouping::Place, day_ms, 2 * day_ms);
    assert_eq!((table.read, table.read_before), (10, 0));
}

#[test]
fn a_row_that_does_not_fit_is_refused_and_nothing_is_added() {
    let index = index(&[mention(100, 1)], 1);
    assert!(index.clone().append(Vec::new(), &[mention(100, 2), mention(999, 3)]).is_err());
    assert!(index.clone().append(Vec::new(), &[mention(100, 1 << 32)]).is_err());
    assert_eq!(index.len(), 1);
}
