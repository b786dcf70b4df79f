//! Counting distinct numbers with bits, so that a count over millions of rows allocates next to nothing.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use model::api::Counts;

use crate::column::CONFIDENCE_STEPS;
use crate::segment::{RowView, Segment};

/// A set of numbers that is cheap to empty and use again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Distinct {
    words: Vec<u64>,
    /// Words that are not zero: what has to be emptied.
    touched: Vec<u32>,
    len: u64,
}

impl Distinct {
    /// Adds the number; whether it is new.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every row; a call takes as long as what it does")]
    pub(crate) fn insert(&mut self, number: u32) -> bool {
        let (word, bit) = ((number / 64) as usize, 1_u64 << (number % 64));
        if word >= self.words.len() {
            self.words.resize((word + 1).next_power_of_two(), 0);
        }
        let before = self.words[word];
        if before & bit != 0 {
            return false;
        }
        if before == 0 {
            self.touched.push(word as u32);
        }
        self.words[word] = before | bit;
        self.len += 1;
        true
    }

    #[inline]
    pub(crate) fn contains(&self, number: u32) -> bool {
        self.words.get((number / 64) as usize).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Adds all numbers of another set.
    pub(crate) fn extend(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for at in &other.touched {
            let (word, more) = (&mut self.words[*at as usize], other.words[*at as usize]);
            if *word == 0 {
                self.touched.push(*at);
            }
            self.len += u64::from((more & !*word).count_ones());
            *word |= more;
        }
    }

    pub(crate) fn clear(&mut self) {
        for word in self.touched.drain(..) {
            self.words[word as usize] = 0;
        }
        self.len = 0;
    }
}

/// A set of numbers that is emptied at once, of which only the size is asked: for numbers that are fewer than messages.
///
/// Each number has a stamp, the round in which it was added last: there is nothing to decide and nothing to clear up.
#[derive(Debug, Default)]
pub(crate) struct Stamped {
    stamps: Vec<u16>,
    /// From 1; 0 is that of numbers never added.
    round: u16,
    len: u64,
}

impl Stamped {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every row; a call takes as long as what it does")]
    pub(crate) fn insert(&mut self, number: u32) {
        let at = number as usize;
        if at >= self.stamps.len() {
            self.make_room(at);
        }
        let stamp = &mut self.stamps[at];
        self.len += u64::from(*stamp != self.round);
        *stamp = self.round;
    }

    #[cold]
    fn make_room(&mut self, at: usize) {
        self.stamps.resize((at + 1).next_power_of_two(), 0);
        self.round = self.round.max(1);
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
        if self.round == u16::MAX {
            self.stamps.fill(0);
            self.round = 0;
        }
        self.round += 1;
    }

    /// Adds all numbers of another set.
    pub(crate) fn extend(&mut self, other: &Self) {
        if other.len == 0 {
            return;
        }
        for (number, _) in (0_u32..).zip(&other.stamps).filter(|(_, stamp)| **stamp == other.round) {
            self.insert(number);
        }
    }
}

impl FromIterator<u32> for Distinct {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut distinct = Self::default();
        for number in numbers {
            distinct.insert(number);
        }
        distinct
    }
}

/// The four counts in the making.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    mentions: u64,
    /// Sum of the probabilities, in the steps of the column: exact, so the order of rows does not matter.
    weight: u64,
    messages: Distinct,
    /// Messages that have one row: they need no set.
    more_messages: u64,
    conversations: Stamped,
    senders: Stamped,
}

impl Tally {
    /// Counts a row; whether its message is new.
    #[inline]
    pub(crate) fn add(&mut self, row: &RowView) -> bool {
        self.mentions += 1;
        self.weight += u64::from(row.confidence);
        self.add_message(row)
    }

    /// Counts a row whose message has no other.
    #[inline]
    pub(crate) fn add_alone(&mut self, row: &RowView) {
        self.mentions += 1;
        self.weight += u64::from(row.confidence);
        self.add_message_alone(row);
    }

    /// Whether a message is new; counts it and nothing else.
    #[inline]
    pub(crate) fn is_new(&mut self, message: u32) -> bool {
        self.messages.insert(message)
    }

    /// Counts the message of a row alone; whether it is new.
    #[inline]
    pub(crate) fn add_message(&mut self, row: &RowView) -> bool {
        let new = self.messages.insert(row.message);
        // A message has one sender and one conversation.
        if new {
            self.conversations.insert(row.conversation);
            self.senders.insert(row.sender);
        }
        new
    }

    /// Counts in what another one counted, of other mentions.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.mentions += other.mentions;
        self.weight += other.weight;
        self.more_messages += other.more_messages;
        self.messages.extend(&other.messages);
        self.conversations.extend(&other.conversations);
        self.senders.extend(&other.senders);
    }

    /// Counts the message of such a row alone.
    #[inline]
    pub(crate) fn add_message_alone(&mut self, row: &RowView) {
        self.more_messages += 1;
        self.conversations.insert(row.conversation);
        self.senders.insert(row.sender);
    }

    /// Counts mentions whose messages were counted.
    pub(crate) fn add_mentions(&mut self, mentions: u64) {
        self.mentions += mentions;
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            mentions: self.mentions,
            messages: self.messages.len() + self.more_messages,
            conversations: self.conversations.len(),
            senders: self.senders.len(),
        }
    }

    /// The counts so far and the sum of the probabilities; then starts anew.
    pub(crate) fn take_weighed(&mut self) -> (Counts, f64) {
        let weight = self.weight as f64 / CONFIDENCE_STEPS;
        (self.take(), weight)
    }

    /// The counts so far; then starts anew.
    pub(crate) fn take(&mut self) -> Counts {
        let counts = self.counts();
        (self.mentions, self.weight, self.more_messages) = (0, 0, 0);
        self.messages.clear();
        self.conversations.clear();
        self.senders.clear();
        counts
    }
}

/// A tally that goes back to those that its thread keeps: its sets are as long as all numbers, and making them takes longer than a short count.
#[derive(Debug, Default)]
pub(crate) struct Lent(Tally);

/// Tallies that a thread keeps.
const KEPT: usize = 4;

thread_local! {
    static SPARE: RefCell<Vec<Tally>> = const { RefCell::new(Vec::new()) };
}

impl Tally {
    /// An empty one.
    pub(crate) fn lent() -> Lent {
        Lent(SPARE.with_borrow_mut(Vec::pop).unwrap_or_default())
    }
}

impl Deref for Lent {
    type Target = Tally;

    fn deref(&self) -> &Tally {
        &self.0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Tally {
        &mut self.0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut tally = std::mem::take(&mut self.0);
        tally.take();
        SPARE.with_borrow_mut(|spare| {
            if spare.len() < KEPT {
                spare.push(tally);
            }
        });
    }
}

/// What is measured of rows, part by part.
pub(crate) trait Meter {
    /// What it comes to.
    type Sum: Send;

    /// Counts a row in.
    fn count(&mut self, segment: &Segment, row: usize);

    /// What it comes to; then starts anew.
    fn sum(&mut self) -> Self::Sum;
}

impl Meter for Lent {
    type Sum = (Counts, f64);

    fn count(&mut self, segment: &Segment, row: usize) {
        if segment.has_siblings(row) {
            self.0.add(&segment.view(row));
        } else {
            self.0.add_alone(&segment.view(row));
        }
    }

    fn sum(&mut self) -> (Counts, f64) {
        self.0.take_weighed()
    }
}

/// Distinct numbers of one column: a third of the work of all four counts.
pub(crate) struct Column<F> {
    number: F,
    seen: Stamped,
}

impl<F: Fn(&Segment, usize) -> u32> Column<F> {
    pub(crate) fn new(number: F) -> Self {
        Self { number, seen: Stamped::default() }
    }
}

impl<F: Fn(&Segment, usize) -> u32> Meter for Column<F> {
    type Sum = u64;

    fn count(&mut self, segment: &Segment, row: usize) {
        self.seen.insert((self.number)(segment, row));
    }

    fn sum(&mut self) -> u64 {
        let len = self.seen.len();
        self.seen.clear();
        len
    }
}

/// Distinct messages.
pub(crate) struct Messages {
    /// Those without siblings.
    alone: u64,
    seen: Lent,
}

impl Messages {
    pub(crate) fn lent() -> Self {
        Self { alone: 0, seen: Tally::lent() }
    }
}

impl Meter for Messages {
    type Sum = u64;

    fn count(&mut self, segment: &Segment, row: usize) {
        if segment.has_siblings(row) {
            self.seen.is_new(segment.message(row));
        } else {
            self.alone += 1;
        }
    }

    fn sum(&mut self) -> u64 {
        std::mem::take(&mut self.alone) + self.seen.take().messages
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stamps_begin_anew_when_their_rounds_are_used_up() {
        let mut stamped = Stamped::default();
        for round in 0..200_000_u32 {
            stamped.insert(round % 7);
            stamped.insert(3);
            assert_eq!(stamped.len(), if round % 7 == 3 { 1 } else { 2 });
            stamped.clear();
        }
    }

    proptest! {
        #[test]
        fn it_is_a_set(numbers in prop::collection::vec(0u32..5_000, 0..200), again in prop::collection::vec(0u32..5_000, 0..200)) {
            let mut distinct = Distinct::default();
            for numbers in [&numbers, &again] {
                let mut oracle = BTreeSet::new();
                for number in numbers {
                    prop_assert_eq!(distinct.insert(*number), oracle.insert(*number));
                }
                prop_assert_eq!(distinct.len(), oracle.len() as u64);
                prop_assert!((0..5_000).all(|number| distinct.contains(number) == oracle.contains(&number)));
                distinct.clear();
            }
            let (mut both, more): (Distinct, Distinct) = (numbers.iter().copied().collect(), again.iter().copied().collect());
            both.extend(&more);
            let oracle: BTreeSet<u32> = numbers.iter().chain(&again).copied().collect();
            prop_assert_eq!(both.len(), oracle.len() as u64);
            prop_assert!((0..5_000).all(|number| both.contains(number) == oracle.contains(&number)));
            let (mut stamped, mut more) = (Stamped::default(), Stamped::default());
            for _ in 0..3 {
                for number in &numbers {
                    stamped.insert(*number);
                }
                let (len, one) = (stamped.len(), numbers.iter().collect::<BTreeSet<_>>().len() as u64);
                prop_assert_eq!(len, one);
                for number in &again {
                    more.insert(*number);
                }
                stamped.extend(&more);
                prop_assert_eq!(stamped.len(), both.len());
                stamped.clear();
                more.clear();
            }
            both.clear();
            prop_assert!((0..5_000).all(|number| !both.contains(number)));
        }
    }
}
