//! What words asked before were found in: they are asked for again with every drag of the window.

use std::sync::{Arc, Mutex, PoisonError};

/// Numbers of messages that are kept at most.
const MOST_NUMBERS: usize = 4_000_000;

/// Messages that hold certain words, in one state of the data; those asked for last are the last.
///
/// Words are known by their hash, so that none of a filter are kept here.
#[derive(Default)]
pub(crate) struct Hits(Mutex<Vec<(blake3::Hash, Arc<[u64]>)>>);

impl Hits {
    /// What was found before.
    pub(crate) fn of(&self, words: &str) -> Option<Arc<[u64]>> {
        let hash = blake3::hash(words.as_bytes());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| *known == hash)?;
        let last = kept.remove(at);
        let found = Arc::clone(&last.1);
        kept.push(last);
        Some(found)
    }

    /// Keeps what was found; what was not asked for the longest goes when there is too much.
    pub(crate) fn keep(&self, words: &str, found: &Arc<[u64]>) {
        let hash = blake3::hash(words.as_bytes());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != hash);
        kept.push((hash, Arc::clone(found)));
        let mut numbers: usize = kept.iter().map(|(_, found)| found.len()).sum();
        while numbers > MOST_NUMBERS {
            numbers -= kept.remove(0).1.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_for_the_longest_goes_when_there_is_too_much() {
        let hits = Hits::default();
        let many = |first: u64| (first..).take(MOST_NUMBERS / 3).collect::<Arc<[u64]>>();
        for (words, first) in [("een", 1), ("twee", 2), ("drie", 3)] {
            hits.keep(words, &many(first));
        }
        assert_eq!(hits.of("een").map(|found| found[0]), Some(1));
        hits.keep("vier", &many(4));
        assert!(hits.of("twee").is_none(), "asked for the longest ago");
        assert!(hits.of("een").is_some() && hits.of("drie").is_some() && hits.of("vier").is_some());
        hits.keep("alles", &(0..2 * MOST_NUMBERS as u64).collect());
        assert!(hits.of("alles").is_none(), "more than is kept at all");
    }
}
