//! A batch on its way into a store: which of its messages are new, and what they count for.

use std::collections::{BTreeMap, HashSet};

use crate::{Batch, ParsedMessage, content_hash};
use model::TimeMs;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Messages with their content hash, in file order.
pub(crate) type Fresh<'b> = Vec<([u8; 16], &'b ParsedMessage)>;

/// All messages of a batch.
pub(crate) fn hashed(batch: &Batch) -> Fresh<'_> {
    batch.messages.iter().map(|parsed| (content_hash(batch.case_no, &parsed.message), parsed)).collect()
}

/// Those that are not stored yet, each once.
pub(crate) fn fresh(hashed: Fresh<'_>, is_there: impl Fn(&[u8; 16]) -> bool) -> Fresh<'_> {
    let mut in_batch = HashSet::new();
    hashed.into_iter().filter(|(hash, _)| !is_there(hash) && in_batch.insert(*hash)).collect()
}

/// Messages of a batch that another source had first, by number, with when they were sent: each once, in the order of the file, so
/// that the same input gives the same rows. `elsewhere` gives the number where that is so.
pub(crate) fn elsewhere(hashed: &Fresh<'_>, elsewhere: impl Fn(&[u8; 16]) -> Option<i64>) -> Vec<(i64, TimeMs)> {
    let mut met = HashSet::new();
    let found = hashed.iter().filter_map(|(hash, parsed)| Some((elsewhere(hash)?, parsed.message.sent_at_ms)));
    found.filter(|(message_no, _)| met.insert(*message_no)).collect()
}

/// When the messages that a batch brought to its source were sent.
pub(crate) struct Times {
    /// Those stored.
    pub(crate) fresh: Vec<TimeMs>,
    /// Those that another source had first.
    pub(crate) shared: Vec<TimeMs>,
}

impl Times {
    pub(crate) fn new(fresh: &Fresh<'_>, shared: Vec<TimeMs>) -> Self {
        Self { fresh: fresh.iter().map(|(_, parsed)| parsed.message.sent_at_ms).collect(), shared }
    }

    /// How many of both there are of each UTC day.
    pub(crate) fn days(&self) -> BTreeMap<i64, (i64, i64)> {
        let mut days: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        for sent_at_ms in &self.fresh {
            days.entry(sent_at_ms.div_euclid(DAY_MS)).or_default().0 += 1;
        }
        for sent_at_ms in &self.shared {
            days.entry(sent_at_ms.div_euclid(DAY_MS)).or_default().1 += 1;
        }
        days
    }

    /// The first of all.
    pub(crate) fn first(&self) -> Option<TimeMs> {
        self.fresh.iter().chain(&self.shared).min().copied()
    }

    /// The last of all.
    pub(crate) fn last(&self) -> Option<TimeMs> {
        self.fresh.iter().chain(&self.shared).max().copied()
    }
}
