//! What passed a filter, counted in every way that the screen asks for.

use std::ops::Range;
use std::sync::Arc;

use model::api::Counts;
use model::{Filter, Place, TimeMs};

use crate::bins::Bins;
use crate::distinct::{Distinct, Meter, Tally};
use crate::index::Index;
use crate::overview::{LeftOut, keep_most, most_first};
use crate::page::{Cursor, Page};
use crate::plan::Plan;
use crate::review::Waiting;
use crate::segment::{RowView, Segment};
use crate::side_by_side::in_parts;

/// A place with its counts.
#[derive(Debug, Clone, Copy)]
pub struct PlaceCounts<'a> {
    /// The place.
    pub place: &'a Place,
    /// What passed the filter there.
    pub counts: Counts,
    /// Sum of the probabilities of those mentions.
    pub weight: f64,
}

/// The mentions that pass a filter. Nothing is copied; each method reads the columns once.
#[derive(Debug, Clone)]
pub struct Selection<'a> {
    index: &'a Index,
    filter: &'a Filter,
    plan: Plan<'a>,
}

impl<'a> Selection<'a> {
    pub(crate) fn new(index: &'a Index, filter: &'a Filter, plan: Plan<'a>) -> Self {
        Self { index, filter, plan }
    }

    /// The same of another time.
    pub(crate) fn during(&self, from_ms: TimeMs, to_ms: TimeMs) -> Self {
        Self { plan: self.plan.during(from_ms, to_ms), ..self.clone() }
    }

    /// The same of that part of a time that is asked for.
    pub(crate) fn within(&self, from_ms: TimeMs, to_ms: TimeMs) -> Self {
        Self { plan: self.plan.within(from_ms, to_ms), ..self.clone() }
    }

    /// The same whatever the time, words and topics, and of mentions that are placed when nothing is asked of how sure they are.
    pub(crate) fn ever(&self) -> Self {
        let plan = self.plan.during(TimeMs::MIN, TimeMs::MAX).whatever_words().whatever_topics();
        Self { plan: plan.as_sure_as_usual(), ..self.clone() }
    }

    /// The same whatever the words.
    pub(crate) fn whatever_words(&self) -> Self {
        Self { plan: self.plan.whatever_words(), ..self.clone() }
    }

    /// The same whatever the topics.
    pub(crate) fn whatever_topics(&self) -> Self {
        Self { plan: self.plan.whatever_topics(), ..self.clone() }
    }

    /// The same at these places, ascending.
    pub(crate) fn of_slots(&self, slots: Arc<[u32]>) -> Self {
        Self { plan: self.plan.of_slots(slots), ..self.clone() }
    }

    /// Whether messages are wanted whatever they are about.
    pub(crate) fn asks_no_topics(&self) -> bool {
        self.filter.topics.is_none()
    }

    /// Whether only some words or topics are asked for.
    pub(crate) fn is_about(&self) -> bool {
        self.plan.is_about()
    }

    /// Counts over everything that passes.
    pub fn totals(&self) -> Counts {
        let mut tally = Tally::lent();
        self.tell(&self.plan.slots, &mut tally);
        tally.counts()
    }

    /// Every place with a mention, most conversations first.
    pub fn places(&self) -> Vec<PlaceCounts<'a>> {
        let parts = in_parts(&self.plan.slots, |slot| self.index.rows_of(*slot), |slots| self.counted(slots));
        let mut found = parts.concat();
        found.sort_unstable_by(most_first);
        found
    }

    /// The same at those of the places that are wanted.
    #[must_use]
    pub fn of_places(&self, wanted: impl Fn(&Place) -> bool) -> Self {
        let slots = self.plan.slots.iter().copied().filter(|slot| wanted(self.index.places.place(*slot)));
        self.of_slots(slots.collect())
    }

    /// The most mentioned of these places, at most so many and in no order, with how many places and mentions there are beside them.
    pub fn most_mentioned(&self, most: usize) -> (Vec<PlaceCounts<'a>>, LeftOut) {
        let parts = in_parts(&self.plan.slots, |slot| self.index.rows_of(*slot), |slots| self.counted(slots));
        let mut found = parts.concat();
        let left_out = keep_most(&mut found, most);
        (found, left_out)
    }

    /// Those of the places that are mentioned, with their counts.
    pub(crate) fn counted(&self, slots: &[u32]) -> Vec<PlaceCounts<'a>> {
        let mut tally = Tally::lent();
        let mut found = Vec::new();
        for slot in slots {
            self.tell(&[*slot], &mut tally);
            let (counts, weight) = tally.take_weighed();
            if counts.mentions > 0 {
                found.push(PlaceCounts { place: self.index.places.place(*slot), counts, weight });
            }
        }
        found
    }

    /// For each bin between the ascending edges: distinct messages that pass, and all messages read in the same cases and sources.
    ///
    /// # Algorithm
    /// A message has one time: bins are counted side by side, each stretch of them by itself.
    pub fn histogram(&self, edges: &[TimeMs]) -> Vec<(u64, u64)> {
        let rows: u64 = self.plan.slots.iter().map(|slot| self.index.rows_of(*slot)).sum();
        let bins: Vec<&[TimeMs]> = edges.windows(2).collect();
        let a_bin = rows / (bins.len() as u64).max(1);
        let parts = in_parts(&bins, |_| a_bin, |bins| self.messages_in(bins));
        parts.concat().into_iter().zip(self.read(edges)).collect()
    }

    /// Distinct messages in each of these bins, which follow each other.
    fn messages_in(&self, bins: &[&[TimeMs]]) -> Vec<u64> {
        let Some((first, last)) = bins.first().zip(bins.last()) else { return Vec::new() };
        let edges: Vec<TimeMs> = bins.iter().map(|bin| bin[0]).chain([last[1]]).collect();
        let during = self.within(first[0], last[1]);
        let mut bins = Bins::new(&edges);
        let mut counts = vec![0_u64; bins.len()];
        let mut seen = Tally::lent();
        for slot in during.plan.slots.iter() {
            for (segment, mut rows) in during.runs(*slot) {
                // Rows are in order of time: those of a bin at once.
                while let Some(bin) = rows.clone().next().and_then(|row| bins.bin_of(segment.at_ms(row))) {
                    let next = segment.first_from(rows.clone(), edges[bin + 1]);
                    during.plan.visit(segment, rows.start..next, |row| {
                        let is_new = !segment.has_siblings(row) || seen.is_new(segment.message(row));
                        counts[bin] += u64::from(is_new);
                    });
                    rows.start = next;
                }
            }
        }
        counts
    }

    /// Counts and sum of probabilities over everything that passes, for each bin between the ascending edges.
    pub fn series(&self, edges: &[TimeMs]) -> Vec<(Counts, f64)> {
        self.binned(&self.plan.slots, edges, &mut Tally::lent())
    }

    /// What the meter says of each bin, over some places.
    ///
    /// # Algorithm
    /// Rows of a place are in order of time within each segment: one finger on each such run, moved on from bin to bin.
    pub(crate) fn binned<M: Meter>(&self, slots: &[u32], edges: &[TimeMs], meter: &mut M) -> Vec<M::Sum> {
        let first_ms = edges.first().copied().unwrap_or(TimeMs::MAX);
        let mut runs: Vec<(&Segment, Range<usize>)> = Vec::new();
        for (segment, rows) in slots.iter().flat_map(|slot| self.runs(*slot)) {
            runs.push((segment, segment.first_from(rows.clone(), first_ms)..rows.end));
        }
        let bins = edges.windows(2).map(|edge| {
            runs.retain_mut(|(segment, rows)| {
                let next = segment.first_from(rows.clone(), edge[1]);
                self.plan.visit(segment, rows.start..next, |row| meter.count(segment, row));
                rows.start = next;
                rows.start < rows.end
            });
            meter.sum()
        });
        bins.collect()
    }

    /// When each message that passes was sent, a time a message, in no order.
    pub fn times(&self) -> Vec<TimeMs> {
        let mut seen = Distinct::default();
        let mut times = Vec::new();
        for slot in self.plan.slots.iter() {
            self.each(*slot, |segment, row| {
                if seen.insert(segment.message(row)) {
                    times.push(segment.at_ms(row));
                }
            });
        }
        times
    }

    /// All messages read in each bin, placed or not, in the cases and sources that the filter allows.
    pub fn read(&self, edges: &[TimeMs]) -> Vec<u64> {
        self.index.coverage.read(self.filter, edges)
    }

    /// Messages behind the counts, newest first, from `after` on.
    pub fn page(&self, after: Option<Cursor>, limit: usize) -> Page {
        let (mut seen, mut total) = (Distinct::default(), 0);
        let mut behind = Vec::new();
        for slot in self.plan.slots.iter() {
            self.each(*slot, |segment, row| {
                let message = segment.message(row);
                if !segment.has_siblings(row) || seen.insert(message) {
                    total += 1;
                    let at = Cursor { sent_at_ms: segment.at_ms(row), message_no: message.into() };
                    if after.is_none_or(|after| at < after) {
                        behind.push(at);
                    }
                }
            });
        }
        Page::newest(behind, total, limit)
    }

    /// Mentions that wait for review, by phrase and case, most consequential first: the first `limit` groups, each with up to
    /// `examples` messages. Asked of a filter without a least confidence, or those below it are left out.
    pub fn waiting(&self, limit: usize, examples: usize) -> Waiting {
        Waiting::of(self.index, &self.plan, limit, examples)
    }

    pub(crate) fn index(&self) -> &'a Index {
        self.index
    }

    pub(crate) fn filter(&self) -> &'a Filter {
        self.filter
    }

    pub(crate) fn place(&self, slot: u32) -> &'a Place {
        self.index.places.place(slot)
    }

    pub(crate) fn slots(&self) -> &[u32] {
        &self.plan.slots
    }

    /// Shows each row of a place that passes, in order of time within each segment.
    ///
    /// A plain loop: iterators chained over segments and rows take several times as long a row.
    #[inline]
    pub(crate) fn each(&self, slot: u32, mut see: impl FnMut(&Segment, usize)) {
        for segment in &self.index.segments {
            self.plan.visit(segment, self.plan.range(segment, slot), |row| see(segment, row));
        }
    }

    /// Counts what passes at some places.
    pub(crate) fn tell(&self, slots: &[u32], tally: &mut Tally) {
        self.tell_each(slots, tally, |_, _| ());
    }

    /// The same, and shows the first row of each message, with whether it may have others elsewhere.
    pub(crate) fn tell_each(&self, slots: &[u32], tally: &mut Tally, mut see: impl FnMut(&RowView, bool)) {
        for slot in slots {
            self.each(*slot, |segment, row| {
                let (view, siblings) = (segment.view(row), segment.has_siblings(row));
                let is_new = if siblings {
                    tally.add(&view)
                } else {
                    tally.add_alone(&view);
                    true
                };
                if is_new {
                    see(&view, siblings);
                }
            });
        }
    }

    /// Rows of a place within the time asked for, by segment.
    fn runs(&self, slot: u32) -> impl Iterator<Item = (&'a Segment, Range<usize>)> + '_ {
        let run = move |segment: &'a Arc<Segment>| (segment.as_ref(), self.plan.range(segment, slot));
        self.index.segments.iter().map(run).filter(|(_, rows)| rows.start < rows.end)
    }

    /// The same as an iterator, for what need not see them all.
    pub(crate) fn rows(&self, slot: u32) -> impl Iterator<Item = RowView> + '_ {
        let rows = move |segment: &'a Arc<Segment>| self.plan.rows(segment, slot).map(|row| segment.view(row));
        self.index.segments.iter().flat_map(rows)
    }

    /// Every row that passes.
    pub(crate) fn all_rows(&self) -> impl Iterator<Item = RowView> + '_ {
        self.slots().iter().flat_map(|slot| self.rows(*slot))
    }

    /// Whether any row of the place passes.
    pub(crate) fn has_any(&self, slot: u32) -> bool {
        self.rows(slot).next().is_some()
    }

    /// How many rows of the place pass.
    pub(crate) fn mentions(&self, slot: u32) -> u64 {
        let mut mentions = 0;
        self.each(slot, |_, _| mentions += 1);
        mentions
    }
}
