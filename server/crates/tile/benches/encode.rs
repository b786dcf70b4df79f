//! A vector tile of three thousand places.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on fails")]

use criterion::{Criterion, criterion_group, criterion_main};
use model::LonLat;
use tile::{Feature, TileId, Value, encode};

fn features(names: &[(String, String)]) -> Vec<Feature<'_>> {
    (0_u32..)
        .zip(names)
        .map(|(no, (id, name))| Feature {
            point: LonLat { lon: 4.5 + 2.3 * f64::from(no % 60) / 60.0, lat: 51.5 + 1.7 * f64::from(no / 60) / 50.0 },
            properties: vec![
                ("id", Value::Text(id)),
                ("name", Value::Text(name)),
                ("mentions", Value::Number(u64::from(no % 97))),
                ("messages", Value::Number(u64::from(no % 89))),
            ],
        })
        .collect()
}

fn encoding(criterion: &mut Criterion) {
    let names: Vec<_> = (0..3_000).map(|no| (format!("nl/p{no}"), format!("Plaats {no}"))).collect();
    let features = features(&names);
    for (name, tile) in [
        ("tile that holds every place", TileId::new(5, 16, 10).unwrap()),
        ("tile that holds a few places", TileId::new(10, 530, 335).unwrap()),
    ] {
        criterion.bench_function(name, |bencher| bencher.iter(|| encode(tile, [("activity", features.clone())]).len()));
    }
}

criterion_group!(benches, encoding);
criterion_main!(benches);
