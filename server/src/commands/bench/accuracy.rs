//! `speurkaart bench accuracy`: how right the geoparser is on labelled texts (JSON Lines).
//!
//! A row has `text` and any of: `spans` (code points; `type` PLACE or LOC, perhaps a point), `lon` and `lat` of what the text
//! is about, `gold_municipality` or `gold_city`, or `start` and `end` of a word that is no place. What a file's rows have
//! decides what is measured. Labels that only mark some of the places (they carry `km`) say nothing about precision.

use std::path::{Path, PathBuf};

use anyhow::Context;
use model::{LonLat, Mention, PlaceKind};
use serde::Deserialize;

use crate::knowledge::Knowledge;

/// A place this near to the label's point is the right one.
const NEAR_M: f64 = 15_000.0;
/// Radii of accuracy at a distance, in kilometres; 161 km is the hundred miles of the literature.
const WITHIN_KM: [f64; 3] = [1.0, 10.0, 161.0];
/// Bins of the calibration error.
const BINS: usize = 10;

#[derive(Debug, Deserialize)]
struct Row {
    text: String,
    lon: Option<f64>,
    lat: Option<f64>,
    gold_municipality: Option<String>,
    gold_city: Option<String>,
    spans: Option<Vec<Span>>,
    start: Option<usize>,
    end: Option<usize>,
    #[serde(default)]
    suspect: bool,
}

#[derive(Debug, Deserialize)]
struct Span {
    start: usize,
    end: usize,
    #[serde(rename = "type", default)]
    label: String,
    lon: Option<f64>,
    lat: Option<f64>,
    /// Distance of the labelled place from the text's point: the label was made by rule, and others are not marked.
    km: Option<f64>,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    hits: usize,
    of: usize,
}

/// What was counted in a file.
#[derive(Debug, Default)]
struct Counts {
    /// Mentions that are a labelled span, of all mentions; labelled spans that are a mention, of all labelled spans.
    exact: (Share, Share),
    /// The same for overlaps.
    overlapping: (Share, Share),
    /// Spans labelled by rule: found, and of these resolved to the right place.
    spotted: Share,
    resolved: Share,
    /// Texts with a mention, and of these with one at the right place.
    answered: Share,
    right: Share,
    within: [Share; 3],
    taken: Share,
    /// Confidence of mentions whose truth is known.
    judged: Vec<(f32, bool)>,
}

pub(crate) fn run(knowledge: &Knowledge, files: &[PathBuf], mistakes: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for file in files {
        let counts = measure(knowledge, file, mistakes)?;
        println!("{}", file.file_name().unwrap_or(file.as_os_str()).to_string_lossy());
        tell(&counts);
        all.extend(counts.judged);
    }
    println!("all files together");
    tell_calibration(&all);
    let (slope, offset) = platt(&all);
    println!("  a logistic fit (Platt) would take logit p to {slope:.3} · logit p {offset:+.3}");
    Ok(())
}

fn measure(knowledge: &Knowledge, file: &Path, mistakes: bool) -> anyhow::Result<Counts> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name}: cannot be read"))?;
    let mut counts = Counts::default();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let row: Row = serde_json::from_str(line).with_context(|| format!("{name}:{number}"))?;
        if !row.suspect {
            let before = counts.wrong();
            count(&row, &knowledge.mentions(&row.text), &mut counts);
            if mistakes && counts.wrong() > before {
                println!("{name}:{number}");
            }
        }
    }
    Ok(counts)
}

impl Counts {
    /// How many things went wrong so far, of whatever sort.
    fn wrong(&self) -> usize {
        let missed = |share: Share| share.of - share.hits;
        missed(self.exact.0)
            + missed(self.exact.1)
            + missed(self.resolved)
            + missed(self.spotted)
            + missed(self.right)
            + self.taken.hits
    }
}

fn count(row: &Row, mentions: &[Mention], counts: &mut Counts) {
    let byte = |code_points: usize| row.text.char_indices().nth(code_points).map_or(row.text.len(), |(at, _)| at);
    let accepted: Vec<&Mention> = mentions.iter().filter(|mention| mention.accepted).collect();
    let overlaps = |mention: &Mention, (start, end): (usize, usize)| {
        (mention.start as usize) < end && start < mention.end as usize
    };
    if let (Some(start), Some(end)) = (row.start, row.end) {
        let trap = (byte(start), byte(end));
        counts.taken.add(accepted.iter().any(|mention| overlaps(mention, trap)));
        counts.judged.extend(mentions.iter().filter(|m| overlaps(m, trap)).map(|m| (m.confidence, false)));
        return;
    }
    let point = row.lon.zip(row.lat).and_then(|(lon, lat)| LonLat::new(lon, lat));
    match &row.spans {
        Some(spans) if spans.iter().any(|span| span.km.is_some()) => {
            for span in spans {
                let range = (byte(span.start), byte(span.end));
                let gold = span.lon.zip(span.lat).and_then(|(lon, lat)| LonLat::new(lon, lat)).or(point);
                let is_right =
                    |mention: &Mention| gold.is_some_and(|gold| gold.distance_m(mention.place.point()) < NEAR_M);
                let hit = accepted.iter().find(|mention| overlaps(mention, range));
                counts.spotted.add(hit.is_some());
                if let Some(mention) = hit {
                    counts.resolved.add(is_right(mention));
                }
                counts
                    .judged
                    .extend(mentions.iter().filter(|m| overlaps(m, range)).map(|m| (m.confidence, is_right(m))));
            }
            return;
        }
        Some(spans) if row.gold_city.is_none() => {
            let is_place = |span: &&Span| matches!(span.label.as_str(), "PLACE" | "LOC");
            let gold: Vec<_> = spans.iter().filter(is_place).map(|span| (byte(span.start), byte(span.end))).collect();
            // Labels of names say nothing of postcodes, coordinates, roads and codes.
            let named = |mention: &&Mention| {
                !matches!(mention.kind, PlaceKind::Postcode | PlaceKind::Coordinate | PlaceKind::Road)
                    && !mention.reasons.iter().any(|reason| reason == "pager_code")
            };
            for mention in accepted.iter().copied().filter(named) {
                counts.exact.0.add(gold.contains(&(mention.start as usize, mention.end as usize)));
                counts.overlapping.0.add(gold.iter().any(|range| overlaps(mention, *range)));
            }
            for range in &gold {
                counts.exact.1.add(accepted.iter().any(|m| (m.start as usize, m.end as usize) == *range));
                counts.overlapping.1.add(accepted.iter().any(|mention| overlaps(mention, *range)));
            }
            let judged = mentions.iter().filter(|m| named(m));
            counts.judged.extend(judged.map(|m| (m.confidence, gold.iter().any(|range| overlaps(m, *range)))));
        }
        _ => {}
    }
    let named = row.gold_municipality.as_deref().or(row.gold_city.as_deref());
    if point.is_none() && named.is_none() {
        return;
    }
    counts.answered.add(!accepted.is_empty());
    let Some(nearest_m) = accepted
        .iter()
        .map(|mention| point.map_or(f64::INFINITY, |point| point.distance_m(mention.place.point())))
        .min_by(f64::total_cmp)
    else {
        return;
    };
    let is_named = named.is_some_and(|named| {
        accepted.iter().any(|m| m.place.name == named || m.place.municipality.as_deref() == Some(named))
    });
    counts.right.add(is_named || nearest_m < NEAR_M);
    for (share, km) in counts.within.iter_mut().zip(WITHIN_KM) {
        share.add(nearest_m < km * 1_000.0);
    }
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    fn value(self) -> f64 {
        self.hits as f64 / self.of.max(1) as f64
    }

    /// With its 95 % interval (Wilson 1927, "Probable inference").
    fn told(self) -> String {
        const Z: f64 = 1.959_964;
        let (n, p) = (self.of.max(1) as f64, self.value());
        let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        format!("{p:.3} ({:.3}–{:.3}), {} of {}", middle - half, (middle + half).min(1.0), self.hits, self.of)
    }
}

fn f1(precision: Share, recall: Share) -> f64 {
    let (p, r) = (precision.value(), recall.value());
    2.0 * p * r / (p + r).max(1e-12)
}

fn tell(counts: &Counts) {
    for (name, (precision, recall)) in [("exact spans", counts.exact), ("overlapping spans", counts.overlapping)] {
        if recall.of > 0 {
            println!("  {name}: F1 {:.3}", f1(precision, recall));
            println!("    precision {}", precision.told());
            println!("    recall    {}", recall.told());
        }
    }
    for (name, share) in [
        ("labelled spans found", counts.spotted),
        ("right place of those found", counts.resolved),
        ("texts with a place", counts.answered),
        ("right place of those", counts.right),
        ("nearest within 1 km", counts.within[0]),
        ("nearest within 10 km", counts.within[1]),
        ("nearest within 161 km", counts.within[2]),
        ("traps taken", counts.taken),
    ] {
        if share.of > 0 {
            println!("  {name}: {}", share.told());
        }
    }
    tell_calibration(&counts.judged);
}

/// Expected calibration error: how far confidence lies from the share that is right, over equal bins of confidence.
fn tell_calibration(judged: &[(f32, bool)]) {
    if judged.is_empty() {
        return;
    }
    let mut bins = [(0.0, 0_usize, 0_usize); BINS];
    for (confidence, right) in judged {
        let bin = &mut bins[((confidence * BINS as f32) as usize).min(BINS - 1)];
        *bin = (bin.0 + f64::from(*confidence), bin.1 + usize::from(*right), bin.2 + 1);
    }
    let error: f64 = bins.iter().map(|(sum, right, _)| (sum - *right as f64).abs()).sum::<f64>() / judged.len() as f64;
    println!("  expected calibration error: {error:.4} over {} mentions", judged.len());
    let told = bins.iter().filter(|bin| bin.2 > 0);
    let told = told.map(|(sum, right, n)| format!("{:.2}→{:.2} ({n})", sum / *n as f64, *right as f64 / *n as f64));
    println!("    confidence→right: {}", told.collect::<Vec<_>>().join("  "));
}

/// Slope and offset of the logistic regression of truth on the logit of the confidence (Platt 1999), by Newton's method.
fn platt(judged: &[(f32, bool)]) -> (f64, f64) {
    let (mut slope, mut offset) = (1.0_f64, 0.0_f64);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
        for (confidence, right) in judged {
            let p = f64::from(*confidence).clamp(1e-6, 1.0 - 1e-6);
            let x = (p / (1.0 - p)).ln();
            let fitted = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let (error, weight) = (f64::from(u8::from(*right)) - fitted, fitted * (1.0 - fitted));
            g = [g[0] + error * x, g[1] + error];
            h = [h[0] + weight * x * x, h[1] + weight * x, h[2] + weight];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        slope += (h[2] * g[0] - h[1] * g[1]) / determinant;
        offset += (h[0] * g[1] - h[1] * g[0]) / determinant;
    }
    (slope, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_of_what_is_calibrated_changes_nothing() {
        let judged: Vec<_> = (1..10).flat_map(|tenth| (0..10).map(move |n| (tenth as f32 / 10.0, n < tenth))).collect();
        let (slope, offset) = platt(&judged);
        assert!((slope - 1.0).abs() < 1e-4 && offset.abs() < 1e-4, "{slope} {offset}");
    }

    #[test]
    fn an_interval_holds_its_share_and_stays_a_probability() {
        assert_eq!(Share { hits: 10, of: 10 }.told(), "1.000 (0.722–1.000), 10 of 10");
        assert_eq!(Share { hits: 5, of: 10 }.told(), "0.500 (0.237–0.763), 5 of 10");
    }
}
