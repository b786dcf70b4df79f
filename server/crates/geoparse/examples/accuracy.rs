//! Measures the geoparser on labelled texts: `cargo run --release -p geoparse --example accuracy -- DIRECTORY`.
//!
//! The directory holds the development corpora (JSON Lines); what is missing is passed over with a note.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/shipped/mod.rs"]
mod shipped;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use geoparse::Geoparser;
use model::{LonLat, Mention};
use serde_json::Value;

const NEAR_M: f64 = 15_000.0;

fn main() {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "../shared/corpora".to_owned());
    let verbose = std::env::args().nth(2).is_some();
    let directory = Path::new(&directory);
    let begun = Instant::now();
    let geoparser = shipped::geoparser();
    println!(
        "{} spellings, {} MB of automaton, loaded in {:?}",
        geoparser.name_count(),
        geoparser.heap_bytes() >> 20,
        begun.elapsed()
    );
    for file in ["p2000_geo", "burgernet_geo", "regional_news_geo", "checkin_geo"] {
        right_place(&geoparser, directory, &format!("geotweets_{file}"), verbose);
    }
    for file in ["mention_near_silver", "lowercase_near_silver", "nickname_near_silver"] {
        silver(&geoparser, directory, &format!("geotweets_{file}"), verbose);
    }
    traps(&geoparser, directory, verbose);
    spans(&geoparser, directory, "p2000_fields", &["PLACE"], verbose);
    spans(&geoparser, directory, "conll2002_nl_testa", &["LOC"], false);
    lower_case(&geoparser, directory);
    speed(&geoparser, directory);
}

fn read(directory: &Path, name: &str) -> Vec<Value> {
    let path = directory.join(name).with_extension("jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("{name}: not there, passed over");
        return Vec::new();
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(row: &Value) -> &str {
    row["text"].as_str().unwrap_or_default()
}

fn accepted(geoparser: &Geoparser, row: &Value) -> Vec<Mention> {
    geoparser.mentions(text(row)).into_iter().filter(|m| m.accepted).collect()
}

fn point(row: &Value) -> Option<LonLat> {
    LonLat::new(row["lon"].as_f64()?, row["lat"].as_f64()?)
}

fn right_place(geoparser: &Geoparser, directory: &Path, name: &str, verbose: bool) {
    let (mut right, mut found, mut all) = (0, 0, 0);
    for row in read(directory, name) {
        all += 1;
        let mentions = accepted(geoparser, &row);
        found += usize::from(!mentions.is_empty());
        let hit = mentions.iter().any(|m| {
            m.place.municipality.as_deref().is_some_and(|own| Some(own) == row["gold_municipality"].as_str())
                || Some(m.place.name.as_str()) == row["gold_city"].as_str()
                || point(&row).is_some_and(|p| p.distance_m(m.place.point()) < NEAR_M)
        });
        right += usize::from(hit);
        if verbose && !hit && !mentions.is_empty() {
            println!("  WRONG {} → {}", text(&row), told(&mentions));
        } else if verbose && !hit && name.contains("checkin") | name.contains("burger") {
            println!("  NONE {} → {}", text(&row), told(&geoparser.mentions(text(&row))));
        }
    }
    println!(
        "{name}: any place {found}/{all}, right place {right}/{found} = {:.3}, of all {:.3}",
        share(right, found),
        share(right, all)
    );
}

fn told(mentions: &[Mention]) -> String {
    mentions
        .iter()
        .map(|m| format!("{} = {} {:.2} {:?}", m.text, m.place.id, m.confidence, m.reasons))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Byte offset of a code point.
fn byte_at(text: &str, code_points: u64) -> usize {
    text.char_indices().nth(code_points as usize).map_or(text.len(), |(at, _)| at)
}

fn silver(geoparser: &Geoparser, directory: &Path, name: &str, verbose: bool) {
    let (mut spotted, mut right, mut all) = (0, 0, 0);
    for row in read(directory, name) {
        let mentions = geoparser.mentions(text(&row));
        for span in row["spans"].as_array().unwrap() {
            all += 1;
            let (start, end) = (
                byte_at(text(&row), span["start"].as_u64().unwrap()),
                byte_at(text(&row), span["end"].as_u64().unwrap()),
            );
            let hit = mentions.iter().find(|m| m.accepted && (m.start as usize) < end && start < m.end as usize);
            spotted += usize::from(hit.is_some());
            let gold = point(span).or_else(|| point(&row)).unwrap();
            let good = hit.is_some_and(|m| m.place.point().distance_m(gold) < NEAR_M);
            right += usize::from(good);
            if verbose && !good {
                println!(
                    "  MISS {:?} in {} → {}",
                    span["text"].as_str().unwrap_or_default(),
                    text(&row),
                    told(&mentions)
                );
            }
        }
    }
    println!(
        "{name}: found {spotted}/{all} = {:.3}, right {right}/{spotted} = {:.3}",
        share(spotted, all),
        share(right, spotted)
    );
}

fn traps(geoparser: &Geoparser, directory: &Path, verbose: bool) {
    let (mut taken, mut all) = (0, 0);
    for row in read(directory, "geotweets_hard_negatives") {
        all += 1;
        let (start, end) =
            (byte_at(text(&row), row["start"].as_u64().unwrap()), byte_at(text(&row), row["end"].as_u64().unwrap()));
        let hit = geoparser
            .mentions(text(&row))
            .into_iter()
            .find(|m| m.accepted && (m.start as usize) < end && start < m.end as usize);
        taken += usize::from(hit.is_some());
        if let (true, Some(m)) = (verbose, hit) {
            println!("  TAKEN {} → {}", text(&row), told(&[m]));
        }
    }
    println!("hard negatives: taken {taken}/{all} = {:.3}", share(taken, all));
}

fn spans(geoparser: &Geoparser, directory: &Path, name: &str, types: &[&str], verbose: bool) {
    let (mut hits, mut ours, mut gold) = (0, 0, 0);
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
    for row in read(directory, name) {
        let text = text(&row);
        if row["suspect"].as_bool() == Some(true) {
            continue;
        }
        let golds: Vec<(usize, usize)> = row["spans"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| types.contains(&s["type"].as_str().unwrap_or_default()))
            .map(|s| (byte_at(text, s["start"].as_u64().unwrap()), byte_at(text, s["end"].as_u64().unwrap())))
            .collect();
        let mentions: Vec<(usize, usize)> = accepted(geoparser, &row)
            .into_iter()
            .filter(|m| m.kind != model::PlaceKind::Postcode)
            .map(|m| (m.start as usize, m.end as usize))
            .collect();
        gold += golds.len();
        ours += mentions.len();
        hits += mentions.iter().filter(|m| golds.contains(m)).count();
        for &(start, end) in mentions.iter().filter(|m| !golds.contains(m)) {
            *wrong.entry(text[start..end].to_owned()).or_default() += 1;
        }
        for &(start, end) in golds.iter().filter(|g| !mentions.contains(g)) {
            *missed.entry(text[start..end].to_owned()).or_default() += 1;
        }
    }
    let (precision, recall) = (share(hits, ours), share(hits, gold));
    println!(
        "{name}: P {precision:.3} R {recall:.3} F1 {:.3}",
        2.0 * precision * recall / (precision + recall).max(1e-9)
    );
    if verbose {
        println!("  WRONG {:?}\n  MISSED {:?}", commonest(wrong), commonest(missed));
    }
}

/// What is accepted in lower case, commonest first: traps show here.
fn lower_case(geoparser: &Geoparser, directory: &Path) {
    let (mut counts, mut right, mut far): (BTreeMap<String, usize>, usize, BTreeMap<String, usize>) =
        Default::default();
    let mut all = 0;
    for row in read(directory, "geotweets") {
        for m in accepted(geoparser, &row) {
            if m.text.starts_with(char::is_lowercase) {
                *counts.entry(m.text.clone()).or_default() += 1;
            }
            if row["in_nl"].as_bool() == Some(true) && m.place.radius_m < 15_000 {
                all += 1;
                if point(&row).is_some_and(|p| p.distance_m(m.place.point()) < 10_000.0) {
                    right += 1;
                } else {
                    *far.entry(m.text.clone()).or_default() += 1;
                }
            }
        }
    }
    println!("all tweets: {right}/{all} placed mentions within 10 km of the tweet = {:.3}", share(right, all));
    println!("commonest in lower case: {:?}", commonest(counts));
    println!("commonest far from the tweet: {:?}", commonest(far));
}

fn commonest(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(150);
    counts
}

fn speed(geoparser: &Geoparser, directory: &Path) {
    let lines: Vec<String> = read(directory, "geotweets").iter().map(|row| text(row).to_owned()).collect();
    let bytes: usize = lines.iter().map(String::len).sum();
    for _ in 0..2 {
        let begun = Instant::now();
        let mut mentions = 0;
        for line in &lines {
            mentions += geoparser.mentions(line).len();
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "speed: {:.0} lines/s, {:.1} MB/s on one core, {mentions} mentions in {} lines",
            lines.len() as f64 / seconds,
            bytes as f64 / seconds / 1e6,
            lines.len()
        );
    }
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}
