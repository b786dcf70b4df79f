//! Fitting the weights of the evidence to labelled texts, and confidence to what was right. Pure functions; `speurkaart bench fit`
//! feeds them and writes `resolve/weights.tsv`.

use std::io::Write;

use model::Place;

use crate::resolve::weights::CUES;

/// Weights by number of the cue.
pub type Weights = [f64; 64];

/// How often the weights are gone through: the steps are below a thousandth long before.
const SWEEPS: usize = 60;
/// No step is longer, so that rare evidence does not swing.
const LONGEST_STEP: f64 = 1.0;
/// What holds the offset of a kind of text whose names are all places.
const OFFSET_RIDGE: f64 = 1.0;
/// Steps of the calibration: even in confidence, so that the few unsure mentions have theirs.
const STEPS: f64 = 12.0;
/// Least mentions of a step; fewer go with the next.
const LEAST_IN_STEP: f64 = 15.0;
/// However right a step of the calibration was, nothing is surer than this.
const MOST_SURE: f64 = 0.995;

/// What speaks for and against a name being a place.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// First byte of the name.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What was seen, as bits by number.
    pub cues: u64,
    /// Share of the place chosen among its namesakes.
    pub share: f32,
    /// The place chosen.
    pub place: Place,
}

/// Evidence with the truth.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What was seen, as bits by number.
    pub cues: u64,
    /// Share of the place chosen among its namesakes.
    pub share: f32,
    /// Whether the name means a place at all.
    pub is_place: bool,
    /// Whether it means the place chosen, where that is known.
    pub is_right: Option<bool>,
    /// How much it counts.
    pub weight: f64,
    /// The kind of text it comes from: how many of the names are places differs between kinds, and is no property of the evidence.
    pub kind: usize,
}

/// The weights set by hand, that the fit starts from and is drawn to: second column of `weights.tsv`.
pub fn by_hand() -> Weights {
    let mut weights = [0.0; 64];
    for line in crate::resolve::weights::TABLE.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        if let [name, _, by_hand, _] = cells[..]
            && let Some(cue) = CUES.iter().position(|(known, _)| *known == name)
        {
            weights[cue] = by_hand.parse().unwrap_or(0.0);
        }
    }
    weights
}

/// Logistic regression of "is a place" on the cues, drawn to weights set by hand. Each kind of text has an offset of its own, which
/// takes up how many of its names are places.
///
/// # Parameters
/// `ridge`: what a deviation of 1 from `by_hand` costs, as half its square, in log-likelihood; `examples` count by their weight.
///
/// # Algorithm
/// Penalised maximum likelihood by Newton steps, one weight at a time (Genkin, Lewis, Madigan 2007, "Large-scale Bayesian logistic
/// regression for text categorization", with a Gaussian prior whose mean is `by_hand`).
pub fn fit(examples: &[Example], by_hand: &Weights, ridge: f64) -> Weights {
    let mut weights = *by_hand;
    let mut having: Vec<Vec<u32>> = vec![Vec::new(); weights.len()];
    for (index, example) in examples.iter().enumerate() {
        for cue in bits(example.cues) {
            having[cue].push(index as u32);
        }
    }
    let mut kinds = of_kinds(examples);
    let mut logits: Vec<f64> = examples.iter().map(|example| sum(&weights, example.cues)).collect();
    for _ in 0..SWEEPS {
        for (offset, having) in &mut kinds {
            step(examples, having, &mut logits, OFFSET_RIDGE, 0.0, offset);
        }
        for (cue, having) in having.iter().enumerate().filter(|(_, having)| !having.is_empty()) {
            step(examples, having, &mut logits, ridge, by_hand[cue], &mut weights[cue]);
        }
    }
    weights
}

/// Mean log-loss: what the truth costs under the weights, in nats an example, when each kind of text has the offset that suits it.
/// 0.69 is a coin's.
pub fn log_loss(examples: &[Example], weights: &Weights) -> f64 {
    let mut logits: Vec<f64> = examples.iter().map(|example| sum(weights, example.cues)).collect();
    for (mut offset, having) in of_kinds(examples) {
        for _ in 0..SWEEPS {
            step(examples, &having, &mut logits, OFFSET_RIDGE, 0.0, &mut offset);
        }
    }
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let loss = |(example, logit): (&Example, &f64)| {
        let p = logistic(*logit).clamp(1e-9, 1.0 - 1e-9);
        -example.weight * if example.is_place { p.ln() } else { (1.0 - p).ln() }
    };
    examples.iter().zip(&logits).map(loss).sum::<f64>() / total.max(1e-12)
}

/// The examples of each kind, with an offset that is nothing yet.
fn of_kinds(examples: &[Example]) -> Vec<(f64, Vec<u32>)> {
    let kinds = examples.iter().map(|example| example.kind + 1).max().unwrap_or(0);
    let mut having = vec![Vec::new(); kinds];
    for (index, example) in examples.iter().enumerate() {
        having[example.kind].push(index as u32);
    }
    having.into_iter().map(|having| (0.0, having)).collect()
}

/// One Newton step of one weight, which the examples in `having` have, drawn to `towards`.
fn step(examples: &[Example], having: &[u32], logits: &mut [f64], ridge: f64, towards: f64, weight: &mut f64) {
    let (mut slope, mut bend) = (ridge * (towards - *weight), ridge);
    for &index in having {
        let example = examples[index as usize];
        let p = logistic(logits[index as usize]);
        slope += example.weight * (f64::from(u8::from(example.is_place)) - p);
        bend += example.weight * p * (1.0 - p);
    }
    let step = (slope / bend).clamp(-LONGEST_STEP, LONGEST_STEP);
    *weight += step;
    for &index in having {
        logits[index as usize] += step;
    }
}

/// What the geoparser would say before calibration: probability of a place, times the share of the one chosen.
pub fn confidence(example: &Example, weights: &Weights) -> f64 {
    logistic(sum(weights, example.cues)) * f64::from(example.share)
}

/// Isotonic regression: from confidence to the share that was right, never falling.
///
/// # Returns
/// Points to draw straight lines between, from (0, 0) to confidence 1.
///
/// # Algorithm
/// Pool adjacent violators (Ayer and others 1955) over steps of confidence.
pub fn isotonic(judged: &[(f64, bool)]) -> Vec<(f64, f64)> {
    // Sum of confidence, number right, number of mentions.
    let mut even = vec![(0.0, 0.0, 0.0); STEPS as usize];
    for (confidence, right) in judged {
        let step = &mut even[((confidence * STEPS) as usize).min(STEPS as usize - 1)];
        *step = (step.0 + confidence, step.1 + f64::from(u8::from(*right)), step.2 + 1.0);
    }
    let mut steps: Vec<(f64, f64, f64)> = Vec::new();
    let mut few = (0.0, 0.0, 0.0);
    for step in even {
        few = (few.0 + step.0, few.1 + step.1, few.2 + step.2);
        if few.2 < LEAST_IN_STEP {
            continue;
        }
        steps.push(std::mem::take(&mut few));
        while let [.., a, b] = steps[..]
            && a.1 / a.2 > b.1 / b.2
        {
            steps.truncate(steps.len() - 2);
            steps.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
        }
    }
    let mut points = vec![(0.0, 0.0)];
    for (sum, right, count) in steps {
        let point = (sum / count, ((right + 0.5) / (count + 1.0)).min(MOST_SURE));
        if points.last().is_some_and(|last: &(f64, f64)| point.0 > last.0 && point.1 >= last.1) {
            points.push(point);
        }
    }
    points.push((1.0, points.last().map_or(MOST_SURE, |last| last.1.max(MOST_SURE))));
    points
}

/// Writes the table that the geoparser reads: notes as comments, each weight with the one by hand and how many examples had it.
///
/// # Errors
/// When the target cannot be written.
pub fn write(
    mut target: impl Write,
    notes: &[String],
    examples: &[Example],
    weights: &Weights,
    calibration: &[(f64, f64)],
) -> std::io::Result<()> {
    for note in notes {
        writeln!(target, "# {note}")?;
    }
    let by_hand = by_hand();
    for (cue, (name, _)) in CUES.iter().enumerate() {
        let seen = examples.iter().filter(|example| example.cues >> cue & 1 == 1).count();
        writeln!(target, "{name}\t{:.2}\t{}\t{seen}", weights[cue], by_hand[cue])?;
    }
    for (confidence, right) in calibration {
        writeln!(target, "calibration\t{confidence:.3}\t{right:.3}\t0")?;
    }
    Ok(())
}

fn bits(mut cues: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let cue = (cues != 0).then(|| cues.trailing_zeros() as usize)?;
        cues &= cues - 1;
        Some(cue)
    })
}

fn sum(weights: &Weights, cues: u64) -> f64 {
    bits(cues).map(|cue| weights[cue]).sum()
}

fn logistic(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(cues: u64, is_place: bool) -> Example {
        Example { cues, share: 1.0, is_place, is_right: Some(is_place), weight: 1.0, kind: 0 }
    }

    /// Three of four without the cue, one of four with it: a ninth of the odds, whatever the share of places in the kind of text.
    #[test]
    fn without_a_ridge_a_weight_is_the_log_odds_ratio_within_kinds() {
        let mut examples = Vec::new();
        for index in 0..4000 {
            examples.push(example(0b01, index % 4 != 0));
            examples.push(example(0b11, index % 4 == 0));
            // Another kind, in which all have the cue and nearly all are places.
            examples.push(Example { kind: 1, ..example(0b11, index % 100 != 0) });
        }
        let weights = fit(&examples, &[0.0; 64], 1e-9);
        assert!((weights[1] + 2.0 * 3.0_f64.ln()).abs() < 0.01, "{}", weights[1]);
        assert!(log_loss(&examples, &weights) < log_loss(&examples, &[0.0; 64]));
    }

    #[test]
    fn evidence_that_was_not_seen_keeps_its_weight() {
        let mut by_hand = [0.0; 64];
        by_hand[5] = -2.5;
        let weights = fit(&[example(0b1, true), example(0b1, false)], &by_hand, 1.0);
        assert!((weights[5] + 2.5).abs() < 1e-12);
    }

    #[test]
    fn calibration_rises_and_meets_the_shares() {
        // Says 0.3 and 0.6 and 0.9, is right in 0.5, 0.4 and 0.8.
        let judged: Vec<(f64, bool)> = [(0.3, 5), (0.6, 4), (0.9, 8)]
            .into_iter()
            .flat_map(|(p, tenths)| (0..200).map(move |index| (p, index % 10 < tenths)))
            .collect();
        let points = isotonic(&judged);
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1), "{points:?}");
        let near = |p: f64, share: f64| points.iter().any(|at| (at.0 - p).abs() < 0.01 && (at.1 - share).abs() < 0.02);
        assert!(near(0.45, 0.45) && near(0.9, 0.8), "{points:?}");
    }

    #[test]
    fn the_table_that_ships_names_every_cue() {
        for (name, _) in CUES {
            assert!(crate::resolve::weights::TABLE.lines().any(|line| line.split('\t').next() == Some(name)), "{name}");
        }
    }
}
