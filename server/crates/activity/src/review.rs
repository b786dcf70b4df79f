//! What waits for review: uncertain mentions that nobody decided about, by phrase and case.

use model::api::Counts;

use crate::distinct::{Distinct, Tally};
use crate::index::{Index, PhraseKey};
use crate::plan::Plan;
use crate::segment::RowView;

/// The largest stored confidence.
const FULL: u64 = 65_535;

/// Mentions of one phrase in one case.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingGroup {
    /// Case and phrase.
    pub key: PhraseKey,
    /// What hangs on it.
    pub counts: Counts,
    /// Mean confidence.
    pub confidence: f32,
    /// What the groups are ordered by.
    pub consequence: f64,
    /// Messages that show it, newest first, of different conversations where there are.
    pub message_nos: Vec<u64>,
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Waiting {
    /// How many groups there are.
    pub groups: u64,
    /// How many mentions are in them.
    pub mentions: u64,
    /// The first of them.
    pub first: Vec<WaitingGroup>,
}

/// A waiting mention in the making of its group.
struct Row {
    key: PhraseKey,
    view: RowView,
    confidence: u16,
}

impl Waiting {
    /// The queue of what passes the plan.
    ///
    /// # Algorithm
    /// The consequence of a group is its distinct conversations times the mean of 1 − |2p − 1| over its mentions: 1 for a coin
    /// toss, 0 for a certainty. A place that is almost surely none decides as little as one that is almost sure.
    pub(crate) fn of(index: &Index, plan: &Plan<'_>, limit: usize, examples: usize) -> Self {
        let mut rows = rows(index, plan);
        rows.sort_unstable_by_key(|row| row.key);
        let mut tally = Tally::default();
        let mut groups: Vec<(WaitingGroup, &[Row])> = rows
            .chunk_by(|a, b| a.key == b.key)
            .map(|rows| {
                for row in rows {
                    tally.add(&row.view);
                }
                (group(rows, tally.take()), rows)
            })
            .collect();
        groups.sort_unstable_by(|(a, _), (b, _)| {
            b.consequence
                .total_cmp(&a.consequence)
                .then(b.counts.mentions.cmp(&a.counts.mentions))
                .then(a.key.cmp(&b.key))
        });
        Self {
            groups: groups.len() as u64,
            mentions: rows.len() as u64,
            first: groups
                .into_iter()
                .take(limit)
                .map(|(group, rows)| WaitingGroup { message_nos: show(rows, examples), ..group })
                .collect(),
        }
    }
}

fn rows(index: &Index, plan: &Plan<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for segment in &index.segments {
        for slot in plan.slots.iter() {
            rows.extend(plan.rows(segment, *slot).filter(|row| segment.waits(*row)).map(|row| Row {
                key: (index.origins[segment.origin(row)].0, segment.phrase(row)),
                view: segment.view(row),
                confidence: segment.confidence(row),
            }));
        }
    }
    rows
}

fn group(rows: &[Row], counts: Counts) -> WaitingGroup {
    // Summed as whole numbers, so that the order of rows makes no difference.
    let sum = |of: fn(u64) -> u64| rows.iter().map(|row| of(row.confidence.into())).sum::<u64>() as f64;
    let number = rows.len() as f64 * FULL as f64;
    let uncertainty = sum(|p| FULL - (2 * p).abs_diff(FULL)) / number;
    WaitingGroup {
        key: rows[0].key,
        counts,
        confidence: (sum(|p| p) / number) as f32,
        consequence: counts.conversations as f64 * uncertainty,
        message_nos: Vec::new(),
    }
}

/// The newest message of each conversation, as many as asked for; then more of the same.
fn show(rows: &[Row], examples: usize) -> Vec<u64> {
    let mut newest: Vec<&Row> = rows.iter().collect();
    newest.sort_unstable_by_key(|row| std::cmp::Reverse((row.view.at_ms, row.view.message)));
    let mut seen = Distinct::default();
    newest.dedup_by_key(|row| row.view.message);
    let (first, again): (Vec<_>, Vec<_>) = newest.into_iter().partition(|row| seen.insert(row.view.conversation));
    first.into_iter().chain(again).take(examples).map(|row| row.view.message.into()).collect()
}
