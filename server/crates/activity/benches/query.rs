//! Asking an index of a million mentions: everything, a month, a province, the ranked groups; and adding a batch to it.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on fails")]

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use activity::{Grouping, Index, Regions, Row, Standing, Verdict};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use flate2::read::GzDecoder;
use model::api::CountBy;
use model::{Filter, Place, PlaceKind, RegionKind, Scope, TimeRange};

const MENTIONS: u64 = 1_000_000;
const PLACES: u32 = 3_000;
const DAY_MS: i64 = 86_400_000;

/// The next number of a linear congruential generator (Knuth, MMIX).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Places spread over the country, each in the province that its point lies in.
fn places() -> Vec<(u32, Place)> {
    let place = |no: u32| Place {
        id: format!("p{no}"),
        name: format!("Plaats {no}"),
        kind: PlaceKind::Locality,
        lon: 4.5 + 2.3 * f64::from(no % 60) / 60.0,
        lat: 51.5 + 1.7 * f64::from(no / 60) / 50.0,
        radius_m: 900,
        municipality: None,
        province: None,
        police_unit: None,
        country: Some("NL".into()),
        population: None,
    };
    (0..PLACES).map(|no| (no, place(no))).collect()
}

/// Mentions over 270 days; some places are spoken of far more than others.
fn rows(from: u64, count: u64) -> Vec<Row> {
    let mut state = from + 1;
    (from..from + count)
        .map(|message_no| {
            let popularity = next(&mut state) % u64::from(PLACES);
            Row {
                place_no: (popularity * popularity / u64::from(PLACES)) as u32,
                sent_at_ms: (next(&mut state) % 270) as i64 * DAY_MS + (next(&mut state) % 86_400_000) as i64,
                message_no,
                conversation_no: (next(&mut state) % 20_000) as u32,
                sender_no: (next(&mut state) % 40_000) as u32,
                case_no: 1,
                source_no: (next(&mut state) % 3) as u16,
                confidence: 0.5 + (next(&mut state) % 50) as f32 / 100.0,
                phrase_no: 1 + (next(&mut state) % 20_000) as u32,
                uncertain: next(&mut state).is_multiple_of(8),
                topics: if next(&mut state).is_multiple_of(10) { 1 << (next(&mut state) % 6) } else { 0 },
                standing: Standing::AsRead,
            }
        })
        .collect()
}

fn query(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data/regions/regions.geojson.gz");
    let regions = Arc::new(Regions::from_geojson(GzDecoder::new(File::open(path).unwrap())).unwrap());
    let index = Index::new(regions).append(places(), &rows(0, MENTIONS)).unwrap();
    let all = Filter { scope: Scope::All, ..Filter::default() };
    let month = Filter { time: TimeRange { from_ms: Some(100 * DAY_MS), to_ms: Some(130 * DAY_MS) }, ..all.clone() };
    let drenthe = Filter { regions: vec!["province/drenthe".into()], ..month.clone() };
    let mut group = criterion.benchmark_group("a million mentions");
    group.sample_size(20);
    for (name, filter) in [("places, all", &all), ("places, a month", &month), ("places, a month of Drenthe", &drenthe)]
    {
        group.bench_function(name, |bencher| bencher.iter(|| index.query(filter).places().len()));
    }
    group.bench_function("what the map shows, a month", |bencher| {
        bencher.iter(|| index.query(&month).overview(RegionKind::Province, 1_000).left_out.places);
    });
    let edges: Vec<i64> = (0..=270).map(|day| day * DAY_MS).collect();
    let sure = Filter { min_confidence: Some(0.7), ..all.clone() };
    group.bench_function("the histogram, all but the unsure", |bencher| {
        bencher.iter(|| index.query(&sure).histogram(&edges).len());
    });
    let weeks: Vec<i64> = (0..=38).map(|week| week * 7 * DAY_MS).collect();
    let area = index.query(&all).study_area(Grouping::Place);
    group.bench_function("series of weeks of every place", |bencher| {
        bencher.iter(|| index.query(&all).counted_by_unit(&area, &weeks, CountBy::Senders).len());
    });
    group.bench_function("groups for the ranked list, a month", |bencher| {
        bencher.iter(|| index.query(&all).table(Grouping::Place, 100 * DAY_MS, 130 * DAY_MS).groups.len());
    });
    group.bench_function("adding a batch of 10,000", |bencher| {
        let batch = rows(MENTIONS, 10_000);
        bencher.iter_batched(
            || batch.clone(),
            |batch| index.clone().append(Vec::new(), &batch).unwrap(),
            BatchSize::LargeInput,
        );
    });
    let unsure = Filter { min_confidence: Some(0.0), ..all.clone() };
    group.bench_function("the queue for review, an eighth of all unsure", |bencher| {
        bencher.iter(|| index.query(&unsure).waiting(50, 3).groups);
    });
    group.bench_function("a decision about 1,000 of 20,000 phrases", |bencher| {
        let verdict = Verdict { place_no: 1, standing: Standing::Placed };
        let verdicts: HashMap<_, _> = (1..=1_000).map(|phrase_no| ((1, phrase_no), verdict)).collect();
        bencher.iter(|| index.ruled(&verdicts).unwrap());
    });
    group.bench_function("a decision about them that moves none", |bencher| {
        let of =
            |standing| (1..=1_000).map(|no| ((1, no), Verdict { place_no: 1, standing })).collect::<HashMap<_, _>>();
        let decided = index.ruled(&of(Standing::Placed)).unwrap();
        let out = of(Standing::Out);
        bencher.iter(|| decided.ruled(&out).unwrap());
    });
    group.finish();
}

criterion_group!(benches, query);
criterion_main!(benches);
