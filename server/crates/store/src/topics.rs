//! Topics by number: a message keeps a bit for each, and a number stays its topic's whatever the lexicon holds and in which order.

use std::collections::HashSet;

use crate::batch::Fresh;
use crate::{Result, StoreError};

/// As many as there are bits.
const MOST: usize = 32;

/// A topic that some message is about, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRow {
    /// Its number, below 32: its bit in [`crate::IndexRow::topics`].
    pub topic_no: u8,
    /// Its id.
    pub id: String,
}

impl TopicRow {
    /// Its bit.
    pub fn bit(&self) -> u32 {
        1 << self.topic_no
    }
}

/// The ids that are asked for and have no number, with the numbers that they get.
pub(crate) fn unknown<'a>(known: &[TopicRow], asked: impl Iterator<Item = &'a String>) -> Result<Vec<TopicRow>> {
    let asked: HashSet<&str> = asked.map(String::as_str).collect();
    let mut new: Vec<&str> = asked.into_iter().filter(|id| known.iter().all(|row| row.id != *id)).collect();
    new.sort_unstable();
    let first = known.iter().map(|row| usize::from(row.topic_no) + 1).max().unwrap_or(0);
    if first + new.len() > MOST {
        return Err(StoreError::TooMany("topics"));
    }
    Ok((first..).zip(new).map(|(number, id)| TopicRow { topic_no: number as u8, id: id.to_owned() }).collect())
}

/// The ids of the topics of fresh messages, with repetitions.
pub(crate) fn of_fresh<'b>(fresh: &Fresh<'b>) -> impl Iterator<Item = &'b String> {
    fresh.iter().flat_map(|(_, parsed)| &parsed.topics)
}

/// The bits of topics.
pub(crate) fn bits(rows: &[TopicRow], ids: &[String]) -> u32 {
    rows.iter().filter(|row| ids.contains(&row.id)).fold(0, |bits, row| bits | row.bit())
}

/// The ids behind bits, by number.
pub(crate) fn ids(rows: &[TopicRow], bits: u32) -> Vec<String> {
    rows.iter().filter(|row| bits & row.bit() != 0).map(|row| row.id.clone()).collect()
}
