//! `speurkaart bench accuracy`: how right the geoparser is on labelled texts. What a file's rows have decides what is measured.

use std::path::{Path, PathBuf};

use model::{Mention, PlaceKind};

use super::labelled::{self, Labels, NEAR_M};
use crate::knowledge::Knowledge;

/// Radii of accuracy at a distance, in kilometres; 161 km is the hundred miles of the literature.
const WITHIN_KM: [f64; 3] = [1.0, 10.0, 161.0];
/// Bins of the calibration error.
const BINS: usize = 10;

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
    let mut counts = Counts::default();
    for row in labelled::rows(file)? {
        let (number, row) = row?;
        let before = counts.wrong();
        count(&row.labels(), &knowledge.mentions(&row.text), &mut counts);
        if mistakes && counts.wrong() > before {
            println!("{}:{number}", file.display());
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

fn count(labels: &Labels, mentions: &[Mention], counts: &mut Counts) {
    let accepted: Vec<&Mention> = mentions.iter().filter(|mention| mention.accepted).collect();
    let overlaps = |mention: &Mention, (start, end): (usize, usize)| {
        (mention.start as usize) < end && start < mention.end as usize
    };
    if let Some(trap) = labels.trap {
        counts.taken.add(accepted.iter().any(|mention| overlaps(mention, trap)));
        counts.judged.extend(mentions.iter().filter(|m| overlaps(m, trap)).map(|m| (m.confidence, false)));
        return;
    }
    if labels.has_spans && labels.are_all {
        count_spans(labels, mentions, counts);
    } else if labels.has_spans && labels.named.is_none() {
        for &(range, point) in &labels.spans {
            let is_right =
                |mention: &Mention| point.is_some_and(|point| point.distance_m(mention.place.point()) < NEAR_M);
            let hit = accepted.iter().find(|mention| overlaps(mention, range));
            counts.spotted.add(hit.is_some());
            if let Some(mention) = hit {
                counts.resolved.add(is_right(mention));
            }
            let judged = mentions.iter().filter(|m| overlaps(m, range));
            counts.judged.extend(judged.map(|m| (m.confidence, is_right(m))));
        }
        return;
    }
    count_about(labels, &accepted, counts);
}

/// Texts whose places are all marked.
fn count_spans(labels: &Labels, mentions: &[Mention], counts: &mut Counts) {
    let gold: Vec<labelled::Range> = labels.spans.iter().map(|(range, _)| *range).collect();
    let range_of = |mention: &Mention| (mention.start as usize, mention.end as usize);
    let overlaps = |mention: &Mention| {
        let (start, end) = range_of(mention);
        gold.iter().any(|&(from, to)| start < to && from < end)
    };
    // Labels of names say nothing of postcodes, coordinates, roads and codes.
    let named = |mention: &&Mention| {
        !matches!(mention.kind, PlaceKind::Postcode | PlaceKind::Coordinate | PlaceKind::Road)
            && !mention.reasons.iter().any(|reason| reason == "pager_code")
    };
    let accepted: Vec<&Mention> = mentions.iter().filter(|mention| mention.accepted).collect();
    for mention in accepted.iter().copied().filter(named) {
        counts.exact.0.add(gold.contains(&range_of(mention)));
        counts.overlapping.0.add(overlaps(mention));
    }
    for &(start, end) in &gold {
        counts.exact.1.add(accepted.iter().any(|m| range_of(m) == (start, end)));
        counts.overlapping.1.add(accepted.iter().any(|m| (m.start as usize) < end && start < m.end as usize));
    }
    counts.judged.extend(mentions.iter().filter(named).map(|m| (m.confidence, overlaps(m))));
}

/// Texts about one known spot, municipality or city.
fn count_about(labels: &Labels, accepted: &[&Mention], counts: &mut Counts) {
    let (point, named) = (labels.point, labels.named.as_deref());
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
