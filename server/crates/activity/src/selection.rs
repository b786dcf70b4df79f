//! What passed a filter, counted in every way that the screen asks for.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use model::api::Counts;
use model::{Filter, Place, RegionKind, TimeMs};

use crate::bins::Bins;
use crate::distinct::{Distinct, Meter, Tally};
use crate::index::Index;
use crate::page::{Cursor, Page};
use crate::plan::Plan;
use crate::regions::Region;
use crate::review::Waiting;
use crate::segment::{RowView, Segment};

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

/// What the map shows.
#[derive(Debug)]
pub struct Overview<'a> {
    /// Counts over everything that passes.
    pub totals: Counts,
    /// Places with a mention, most conversations first.
    pub places: Vec<PlaceCounts<'a>>,
    /// How many places more there are.
    pub places_left_out: u64,
    /// How many mentions these have.
    pub mentions_left_out: u64,
    /// Every region of the layer with a mention of a place that belongs to it, most conversations first.
    pub regions: Vec<(&'a Region, Counts)>,
}

/// The mentions that pass a filter. Nothing is copied; each method reads the columns once.
#[derive(Debug)]
pub struct Selection<'a> {
    index: &'a Index,
    filter: &'a Filter,
    plan: Plan<'a>,
}

impl<'a> Selection<'a> {
    pub(crate) fn new(index: &'a Index, filter: &'a Filter, plan: Plan<'a>) -> Self {
        Self { index, filter, plan }
    }

    /// Counts over everything that passes.
    pub fn totals(&self) -> Counts {
        let mut tally = Tally::default();
        for slot in &self.plan.slots {
            self.each(*slot, |segment, row| {
                tally.add(&segment.view(row));
            });
        }
        tally.counts()
    }

    /// Every place with a mention, most conversations first.
    pub fn places(&self) -> Vec<PlaceCounts<'a>> {
        self.places_where(|_| true)
    }

    /// Those of the places that are wanted; the others are not counted.
    pub fn places_where(&self, wanted: impl Fn(&Place) -> bool) -> Vec<PlaceCounts<'a>> {
        let mut tally = Tally::default();
        let mut found = Vec::new();
        for slot in self.plan.slots.iter().filter(|slot| wanted(self.index.places.place(**slot))) {
            self.each(*slot, |segment, row| {
                tally.add(&segment.view(row));
            });
            let (counts, weight) = tally.take_weighed();
            if counts.mentions > 0 {
                found.push(PlaceCounts { place: self.index.places.place(*slot), counts, weight });
            }
        }
        found.sort_unstable_by(most_first);
        found
    }

    /// Every region of the layer with a mention of a place that belongs to it, most conversations first.
    pub fn regions(&self, kind: RegionKind) -> Vec<(&'a Region, Counts)> {
        self.overview(kind, 0).regions
    }

    /// All of these in one reading of the columns; of the places at most so many.
    pub fn overview(&self, kind: RegionKind, most_places: usize) -> Overview<'a> {
        let region_of = |slot: &u32| (self.index.places.region_of(*slot, kind), *slot);
        let mut slots: Vec<(Option<u16>, u32)> = self.plan.slots.iter().map(region_of).collect();
        slots.sort_unstable();
        let (mut all, mut of_region, mut of_place) = (Tally::default(), Tally::default(), Tally::default());
        let (mut places, mut regions) = (Vec::new(), Vec::new());
        for slots in slots.chunk_by(|a, b| a.0 == b.0) {
            for (_, slot) in slots {
                self.each(*slot, |segment, row| {
                    let row = segment.view(row);
                    // What is not new at the place is not new in the region, and so on.
                    let _ = of_place.add(&row) && of_region.add_message(&row) && all.add_message(&row);
                });
                let (counts, weight) = of_place.take_weighed();
                if counts.mentions > 0 {
                    of_region.add_mentions(counts.mentions);
                    places.push(PlaceCounts { place: self.index.places.place(*slot), counts, weight });
                }
            }
            let counts = of_region.take();
            all.add_mentions(counts.mentions);
            if let Some(region) = slots[0].0.and_then(|region| self.index.regions.slots().get(usize::from(region)))
                && counts.mentions > 0
            {
                regions.push((region, counts));
            }
        }
        regions.sort_unstable_by(|a, b| most(&b.1).cmp(&most(&a.1)).then_with(|| a.0.id.cmp(&b.0.id)));
        let left_out = if places.len() > most_places {
            // Without sorting those that nobody will see.
            places.select_nth_unstable_by(most_places, most_first);
            places.split_off(most_places)
        } else {
            Vec::new()
        };
        places.sort_unstable_by(most_first);
        Overview {
            totals: all.counts(),
            places,
            places_left_out: left_out.len() as u64,
            mentions_left_out: left_out.iter().map(|found| found.counts.mentions).sum(),
            regions,
        }
    }

    /// For each bin between the ascending edges: distinct messages that pass, and all messages read in the same cases and sources.
    pub fn histogram(&self, edges: &[TimeMs]) -> Vec<(u64, u64)> {
        let mut bins = Bins::new(edges);
        let mut counts = vec![0_u64; bins.len()];
        let mut seen = Distinct::default();
        for slot in &self.plan.slots {
            self.each(*slot, |segment, row| {
                if seen.insert(segment.message(row))
                    && let Some(bin) = bins.bin_of(segment.at_ms(row))
                {
                    counts[bin] += 1;
                }
            });
        }
        counts.into_iter().zip(self.read(edges)).collect()
    }

    /// Counts and sum of probabilities over everything that passes, for each bin between the ascending edges.
    pub fn series(&self, edges: &[TimeMs]) -> Vec<(Counts, f64)> {
        self.binned(&self.plan.slots, edges, &mut Tally::default())
    }

    /// What the meter says of each bin, over some places.
    ///
    /// # Algorithm
    /// Rows of a place are in order of time within each segment: one finger on each such run, moved on from bin to bin.
    pub(crate) fn binned<M: Meter>(&self, slots: &[u32], edges: &[TimeMs], meter: &mut M) -> Vec<M::Sum> {
        let mut runs: Vec<(&Segment, Range<usize>)> = Vec::new();
        for slot in slots {
            let run = |segment: &'a Arc<Segment>| (segment.as_ref(), self.plan.range(segment, *slot));
            runs.extend(self.index.segments.iter().map(run).filter(|(_, rows)| !rows.is_empty()));
        }
        let bins = edges.windows(2).map(|edge| {
            runs.retain_mut(|(segment, rows)| {
                while rows.start < rows.end && segment.at_ms(rows.start) < edge[1] {
                    if segment.at_ms(rows.start) >= edge[0] && self.plan.passes(segment, rows.start) {
                        meter.add(segment, rows.start);
                    }
                    rows.start += 1;
                }
                rows.start < rows.end
            });
            meter.take()
        });
        bins.collect()
    }

    /// When each message that passes was sent, a time a message, in no order.
    pub fn times(&self) -> Vec<TimeMs> {
        let mut seen = Distinct::default();
        let mut times = Vec::new();
        for slot in &self.plan.slots {
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
        let mut seen = Distinct::default();
        let mut behind = Vec::new();
        for slot in &self.plan.slots {
            self.each(*slot, |segment, row| {
                let message = segment.message(row);
                if seen.insert(message) {
                    let at = Cursor { sent_at_ms: segment.at_ms(row), message_no: message.into() };
                    if after.is_none_or(|after| at < after) {
                        behind.push(at);
                    }
                }
            });
        }
        Page::newest(behind, seen.len(), limit)
    }

    /// Mentions that wait for review, by phrase and case, most consequential first: the first `limit` groups, each with up to
    /// `examples` messages. Asked of a filter without a least confidence, or those below it are left out.
    pub fn waiting(&self, limit: usize, examples: usize) -> Waiting {
        Waiting::of(self.index, &self.plan, limit, examples)
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
            for row in self.plan.range(segment, slot) {
                if self.plan.passes(segment, row) {
                    see(segment, row);
                }
            }
        }
    }

    /// The same as an iterator, for what need not see them all.
    pub(crate) fn rows(&self, slot: u32) -> impl Iterator<Item = RowView> + '_ {
        let rows = move |segment: &'a Arc<Segment>| self.plan.rows(segment, slot).map(|row| segment.view(row));
        self.index.segments.iter().flat_map(rows)
    }

    /// How many rows of the place pass.
    pub(crate) fn mentions(&self, slot: u32) -> u64 {
        let mut mentions = 0;
        self.each(slot, |_, _| mentions += 1);
        mentions
    }
}

/// What lists are ordered by: breadth before volume.
fn most(counts: &Counts) -> (u64, u64, u64) {
    (counts.conversations, counts.senders, counts.messages)
}

fn most_first(a: &PlaceCounts<'_>, b: &PlaceCounts<'_>) -> Ordering {
    most(&b.counts).cmp(&most(&a.counts)).then_with(|| a.place.id.cmp(&b.place.id))
}
