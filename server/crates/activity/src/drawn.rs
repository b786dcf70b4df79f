//! What an analysis takes out of a selection: events in space and time, a sample of its messages, and what is left without the loudest.

use std::collections::{BinaryHeap, HashMap};

use model::api::{CountBy, Counts};
use model::{Filter, LonLat, Place, TimeMs};

use crate::distinct::{Distinct, Tally};
use crate::group::Grouping;
use crate::index::Index;
use crate::segment::RowView;
use crate::selection::Selection;

const DAY_MS: TimeMs = 86_400_000;

/// Events in space and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// Where and when each happened first, in order of time.
    pub events: Vec<(LonLat, TimeMs)>,
    /// Mentions of places that were not wanted.
    pub left_out: u64,
}

/// Some of the messages of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Messages there are to choose from.
    pub of: u64,
    /// Numbers of those chosen, ascending.
    pub message_nos: Vec<u64>,
}

/// What a selection is without the conversation, or the sender, that holds most of its messages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loudest {
    /// Messages that it holds.
    pub messages: u64,
    /// One of them, to name it by.
    pub message_no: u64,
    /// Counts without it.
    pub without: Counts,
    /// Sum of the probabilities of the mentions without it.
    pub weight: f64,
}

impl Selection<'_> {
    /// Events at the wanted places: by conversations or senders, one each a place and day (UTC); by messages or mentions, a message.
    ///
    /// So what is said again and again in one conversation on one day is one event, and no near repeat of itself.
    pub fn events(&self, count: CountBy, wanted: impl Fn(&Place) -> bool) -> Events {
        let key = |row: &RowView| match count {
            CountBy::Conversations => (row.conversation, row.at_ms.div_euclid(DAY_MS)),
            CountBy::Senders => (row.sender, row.at_ms.div_euclid(DAY_MS)),
            CountBy::Messages | CountBy::Mentions | CountBy::Weighted => (row.message, 0),
        };
        let mut found = Events { events: Vec::new(), left_out: 0 };
        let mut first: HashMap<(u32, TimeMs), TimeMs> = HashMap::new();
        for slot in self.slots() {
            let place = self.place(*slot);
            if !wanted(place) {
                found.left_out += self.rows(*slot).count() as u64;
                continue;
            }
            for row in self.rows(*slot) {
                first.entry(key(&row)).and_modify(|at_ms| *at_ms = row.at_ms.min(*at_ms)).or_insert(row.at_ms);
            }
            found.events.extend(first.drain().map(|(_, at_ms)| (place.point(), at_ms)));
        }
        // Neither slots nor the map have an order of their own.
        found
            .events
            .sort_by(|(a, a_ms), (b, b_ms)| a_ms.cmp(b_ms).then(a.lon.total_cmp(&b.lon)).then(a.lat.total_cmp(&b.lat)));
        found
    }

    /// Numbers of all messages, ascending.
    pub fn message_nos(&self) -> Vec<u64> {
        let mut seen = Distinct::default();
        let mut numbers: Vec<u64> =
            self.all_rows().filter(|row| seen.insert(row.message)).map(|row| row.message.into()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// At most `limit` of the messages, chosen by chance and always the same.
    pub fn sample(&self, limit: usize) -> Sample {
        let mut seen = Distinct::default();
        // The messages whose numbers come to the least when they are shuffled; the largest of them on top.
        let mut least: BinaryHeap<(u64, u32)> = BinaryHeap::new();
        for row in self.all_rows() {
            if !seen.insert(row.message) {
                continue;
            }
            least.push((shuffled(row.message), row.message));
            if least.len() > limit {
                least.pop();
            }
        }
        let mut message_nos: Vec<u64> = least.into_iter().map(|(_, message)| message.into()).collect();
        message_nos.sort_unstable();
        Sample { of: seen.len(), message_nos }
    }

    /// What is left without the loudest conversation; `None` when there is nothing.
    pub fn without_loudest_conversation(&self) -> Option<Loudest> {
        self.without(|row| row.conversation)
    }

    /// What is left without the loudest sender; `None` when there is nothing.
    pub fn without_loudest_sender(&self) -> Option<Loudest> {
        self.without(|row| row.sender)
    }

    fn without(&self, who: impl Fn(&RowView) -> u32) -> Option<Loudest> {
        let rows = || self.all_rows();
        let mut seen = Distinct::default();
        // Messages of each, and the first of them by number.
        let mut by_number: HashMap<u32, (u64, u32)> = HashMap::new();
        for row in rows().filter(|row| seen.insert(row.message)) {
            let (messages, first) = by_number.entry(who(&row)).or_insert((0, row.message));
            *messages += 1;
            *first = row.message.min(*first);
        }
        // Of two that are equally loud, the one with the lower number.
        let (number, (messages, first)) =
            by_number.into_iter().max_by_key(|(number, (messages, _))| (*messages, std::cmp::Reverse(*number)))?;
        let mut tally = Tally::default();
        for row in rows().filter(|row| who(row) != number) {
            tally.add(&row);
        }
        let (without, weight) = tally.take_weighed();
        Some(Loudest { messages, message_no: first.into(), without, weight })
    }
}

impl Index {
    /// Mentions that pass the filter and name something too large to be counted in one of these groups.
    pub fn too_coarse(&self, filter: &Filter, grouping: Grouping) -> u64 {
        let selection = self.query(filter);
        let gathering = self.places.gathered(selection.slots(), grouping);
        gathering.coarse().iter().map(|slot| selection.mentions(*slot)).sum()
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea & Flood 2014): one to one, and without any order that numbers of messages have.
fn shuffled(number: u32) -> u64 {
    let mut bits = u64::from(number).wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
