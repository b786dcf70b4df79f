//! A batch on its way into a store: which of its messages are new, and what they count for.

use std::collections::{HashMap, HashSet};

use crate::columns::DAY_MS;
use crate::{Batch, ParsedMessage, content_hash};

/// Messages with their content hash, in file order.
pub(crate) type Fresh<'b> = Vec<([u8; 16], &'b ParsedMessage)>;

/// All messages of a batch.
pub(crate) fn hashed(batch: &Batch) -> Fresh<'_> {
    batch.messages.iter().map(|parsed| (content_hash(batch.case_no, &parsed.message), parsed)).collect()
}

/// Those that are not stored yet, each once.
pub(crate) fn fresh<'b>(hashed: Fresh<'b>, is_there: impl Fn(&[u8; 16]) -> bool) -> Fresh<'b> {
    let mut in_batch = HashSet::new();
    hashed.into_iter().filter(|(hash, _)| !is_there(hash) && in_batch.insert(*hash)).collect()
}

/// How many messages there are of each UTC day.
pub(crate) fn days(fresh: &Fresh<'_>) -> HashMap<i64, i64> {
    let mut days: HashMap<i64, i64> = HashMap::new();
    for (_, parsed) in fresh {
        *days.entry(parsed.message.sent_at_ms.div_euclid(DAY_MS)).or_default() += 1;
    }
    days
}
