//! The whole geoparse, one core: the texts of the corpus table, and long lines without a place.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on fails")]

#[path = "../tests/shipped/mod.rs"]
mod shipped;

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geoparse::Topics;
use serde_json::Value;

fn mentions(criterion: &mut Criterion) {
    let geoparser = shipped::geoparser();
    let with_topics = shipped::geoparser().with_topics(Arc::new(Topics::new(shipped::topics())));
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/cases.jsonl")).unwrap();
    let with_places: Vec<String> = table
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].as_str().unwrap().to_owned())
        .collect();
    let without: Vec<String> = (0..200)
        .map(|n| format!("hij zegt dat er om {n} uur nog wat dozen moeten worden opgehaald bij de loods"))
        .collect();
    let mut group = criterion.benchmark_group("geoparse");
    for (name, texts) in [("texts of the corpus table", &with_places), ("chat without a place", &without)] {
        group.throughput(Throughput::Elements(texts.len() as u64));
        for (topics, geoparser) in [("no topics", &geoparser), ("topics", &with_topics)] {
            group.bench_function(format!("{name}, {topics}"), |bencher| {
                bencher.iter(|| texts.iter().map(|text| geoparser.mentions(text).len()).sum::<usize>());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, mentions);
criterion_main!(benches);
