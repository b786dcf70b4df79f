//! `speurkaart bench geoparse`: lines and bytes a second, by stage, on one core and on all.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use geoparse::Stage;

use crate::knowledge::Knowledge;

/// Each figure is the best of so many rounds: what the machine can do when nothing else runs.
const ROUNDS: usize = 3;

pub(crate) fn run(knowledge: &Knowledge, messages: u64, file: Option<&Path>) -> anyhow::Result<()> {
    let texts = match file {
        Some(file) => read(file)?,
        None => {
            synth::generate(&synth::Config { messages, ..synth::Config::default() }).map(|m| m.message.text).collect()
        }
    };
    ensure!(!texts.is_empty(), "there are no lines to read");
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} lines, {:.1} bytes on average", texts.len(), bytes as f64 / texts.len() as f64);
    println!("{:<28} {:>12} {:>10} {:>9}", "", "lines/s", "MB/s", "ns/line");
    let told = |name: &str, seconds: f64| {
        let lines = texts.len() as f64;
        println!(
            "{name:<28} {:>12.0} {:>10.1} {:>9.0}",
            lines / seconds,
            bytes as f64 / seconds / 1e6,
            seconds / lines * 1e9
        );
    };
    let geoparser = knowledge.geoparser();
    for (name, stage) in
        [("shield", Stage::Shield), ("fold", Stage::Fold), ("find names", Stage::Find), ("find topics", Stage::Topics)]
    {
        told(name, best(|| texts.iter().map(|text| geoparser.run_stage(stage, text)).sum()));
    }
    let one_core = best(|| texts.iter().map(|text| knowledge.mentions(text).len()).sum());
    told("whole geoparse, one core", one_core);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let all_cores = best(|| on_cores(knowledge, &texts, cores));
    told(&format!("whole geoparse, {cores} cores"), all_cores);
    println!("{cores} cores are {:.2} times one", one_core / all_cores);
    println!("{} spellings, {:.1} MB compiled", geoparser.name_count(), geoparser.heap_bytes() as f64 / 1e6);
    Ok(())
}

fn on_cores(knowledge: &Knowledge, texts: &[String], cores: usize) -> usize {
    std::thread::scope(|scope| {
        let parts = texts.chunks(texts.len().div_ceil(cores));
        let workers: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().map(|text| knowledge.mentions(text).len()).sum::<usize>()))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).sum()
    })
}

/// Seconds of the fastest round.
fn best(mut round: impl FnMut() -> usize) -> f64 {
    let timed = (0..ROUNDS).map(|_| {
        let begun = Instant::now();
        std::hint::black_box(round());
        begun.elapsed().as_secs_f64()
    });
    timed.fold(f64::INFINITY, f64::min)
}

/// A text a line, or the `text` of a JSON object a line.
fn read(file: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{}: cannot be read", file.display()))?;
    let lines = text.lines().map(|line| {
        let json = line.starts_with('{').then(|| serde_json::from_str::<serde_json::Value>(line).ok()).flatten();
        json.and_then(|json| json["text"].as_str().map(str::to_owned)).unwrap_or_else(|| line.to_owned())
    });
    Ok(lines.collect())
}
