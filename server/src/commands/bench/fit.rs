//! `speurkaart bench fit`: fits the weights of the evidence to labelled texts and writes them down with what they reached. For those
//! who change the geoparser; what it writes is compiled in.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::Context;
use geoparse::fit::{self, Evidence, Example, Weights};

use super::labelled::{self, NEAR_M, Row};
use crate::knowledge::Knowledge;

/// What a deviation from the weight by hand may cost. The best is the one that does best on files left out: what is learnt from some
/// kinds of texts is to hold for kinds not seen.
const RIDGES: [f64; 7] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0];
/// Parts that the texts are split into for the calibration: each is left out once.
const PARTS: usize = 5;
/// Examples that a file counts for at most: many alike say little more than some.
const MOST_OF_A_FILE: f64 = 1_500.0;

/// In labelled texts nearly every name is a place, for that is why they were labelled. In what people write it is not: those that are
/// no places count for so much more that they make up this share.
const NO_PLACES: f64 = 0.3;

struct Labelled {
    /// Examples of a text stay together: retweets would otherwise be on both sides.
    part: usize,
    example: Example,
}

pub(crate) fn run(knowledge: &Knowledge, files: &[PathBuf], out: &Path) -> anyhow::Result<()> {
    let mut all = Vec::new();
    let mut notes = vec![
        "Written by `make fit`: name, weight, weight by hand (the fit is drawn to it), examples that had it."
            .to_owned(),
    ];
    for (number, file) in files.iter().enumerate() {
        let mut examples = of_file(knowledge, file, number)?;
        let weight = (MOST_OF_A_FILE / examples.len() as f64).min(1.0);
        for labelled in &mut examples {
            labelled.example.weight *= weight;
        }
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        let places = examples.iter().filter(|labelled| labelled.example.is_place).count();
        let note = format!("{name}: {} names, {places} of them places, counting {weight:.2} each", examples.len());
        println!("{note}");
        notes.push(note);
        all.extend(examples);
    }
    notes.push(balance(&mut all));
    let by_hand = fit::by_hand();
    let examples: Vec<Example> = all.iter().map(|labelled| labelled.example).collect();
    println!("files left out in turn, nats a name: by hand {:.4}", fit::log_loss(&examples, &by_hand));
    let mut best: Option<(f64, f64)> = None;
    for ridge in RIDGES {
        let (loss, _) = left_out(&all, &by_hand, ridge, files.len(), |labelled| labelled.example.kind);
        println!("  ridge {ridge}: {loss:.4}");
        if best.is_none_or(|(least, _)| loss < least) {
            best = Some((loss, ridge));
        }
    }
    let (loss, ridge) = best.context("no labelled texts")?;
    let (_, judged) = left_out(&all, &by_hand, ridge, PARTS, |labelled| labelled.part);
    let calibration = fit::isotonic(&judged);
    let weights = fit::fit(&examples, &by_hand, ridge);
    notes.push(format!(
        "files left out in turn, nats a name: by hand {:.4}, fitted {loss:.4} (ridge {ridge})",
        fit::log_loss(&examples, &by_hand)
    ));
    notes.push("calibration: confidence as summed, share that was right, of texts left out".to_owned());
    let name = out.display();
    let file = File::create(out).with_context(|| format!("{name}: cannot be written"))?;
    fit::write(BufWriter::new(file), &notes, &examples, &weights, &calibration).with_context(|| name.to_string())?;
    println!("{name}: written; build again to use it");
    Ok(())
}

/// Makes names that are no places count for their share, and says by how much.
fn balance(all: &mut [Labelled]) -> String {
    let total = |is_place: bool| -> f64 {
        all.iter().map(|l| &l.example).filter(|e| e.is_place == is_place).map(|e| e.weight).sum()
    };
    let factor = NO_PLACES / (1.0 - NO_PLACES) * total(true) / total(false).max(1e-9);
    for labelled in all.iter_mut().filter(|labelled| !labelled.example.is_place) {
        labelled.example.weight *= factor;
    }
    format!("names that are no places count {factor:.2} times as much, to be {NO_PLACES} of all")
}

/// Fits without each of so many parts in turn: loss on what was left out, and what would have been said of it, with the truth.
fn left_out(
    all: &[Labelled],
    by_hand: &Weights,
    ridge: f64,
    parts: usize,
    part_of: impl Fn(&Labelled) -> usize,
) -> (f64, Vec<(f64, bool)>) {
    let (mut loss, mut weight, mut judged) = (0.0, 0.0, Vec::new());
    for part in 0..parts {
        let (out, rest): (Vec<&Labelled>, Vec<&Labelled>) = all.iter().partition(|labelled| part_of(labelled) == part);
        let [out, rest] = [out, rest].map(|some| some.iter().map(|labelled| labelled.example).collect::<Vec<_>>());
        let weights = fit::fit(&rest, by_hand, ridge);
        let counts: f64 = out.iter().map(|example| example.weight).sum();
        loss += fit::log_loss(&out, &weights) * counts;
        weight += counts;
        judged.extend(out.iter().filter_map(|example| Some((fit::confidence(example, &weights), example.is_right?))));
    }
    (loss / weight.max(1e-12), judged)
}

fn of_file(knowledge: &Knowledge, file: &Path, kind: usize) -> anyhow::Result<Vec<Labelled>> {
    let mut examples = Vec::new();
    for row in labelled::rows(file)? {
        let (_, row) = row?;
        let part = usize::from(blake3::hash(row.text.as_bytes()).as_bytes()[0]) % PARTS;
        let labels = row.labels();
        for evidence in knowledge.geoparser().evidence(&row.text) {
            if let Some((is_place, is_right)) = truth(&row, &labels, &evidence) {
                // Texts that were made up to be hard say nothing of how often it is right.
                let is_right = is_right.filter(|_| !labels.made_up);
                let Evidence { cues, share, .. } = evidence;
                let weight = f64::from(u8::from(is_place.is_some()));
                let example = Example { cues, share, is_place: is_place.unwrap_or(false), is_right, weight, kind };
                examples.push(Labelled { part, example });
            }
        }
    }
    Ok(examples)
}

/// Whether the name is a place, and whether the one chosen; `None` where the labels do not say.
fn truth(row: &Row, labels: &labelled::Labels, evidence: &Evidence) -> Option<(Option<bool>, Option<bool>)> {
    let overlaps = |&(start, end): &(usize, usize)| evidence.start < end && start < evidence.end;
    if let Some(trap) = &labels.trap {
        return overlaps(trap).then_some((Some(false), Some(false)));
    }
    if let Some(named) = &labels.named {
        // Only the place named is known; of others in the text nothing is.
        let place = &evidence.place;
        let right = place.name == *named || place.municipality.as_deref() == Some(named);
        return right.then_some((Some(true), Some(true)));
    }
    let label = labels.spans.iter().find(|(range, _)| overlaps(range));
    match label {
        Some((range, point)) => {
            let right = point.map(|point| point.distance_m(evidence.place.point()) < NEAR_M);
            let same = (evidence.start, evidence.end) == *range || !labels.are_all;
            // A piece of a longer name is no place by itself.
            Some((Some(true), right.or(Some(true)).filter(|_| same)))
        }
        None if labels.are_all && !row.is_code(evidence.start, evidence.end) => {
            // Labels that a machine gave leave places out: only what overlaps another label is surely none. For how sure one may
            // be, all the same, it counts as wrong.
            let sure = labels.others.is_empty() || labels.others.iter().any(overlaps);
            Some((sure.then_some(false), Some(false)))
        }
        None => None,
    }
}
