//! What passed a filter, counted in every way that the screen asks for.

use model::api::Counts;
use model::{Filter, Place, RegionKind, TimeMs};

use crate::bins::Bins;
use crate::distinct::{Distinct, Tally};
use crate::index::Index;
use crate::page::{Cursor, Page};
use crate::plan::Plan;
use crate::regions::Region;
use crate::review::Waiting;
use crate::segment::RowView;

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
            for row in self.rows(*slot) {
                tally.add(&row);
            }
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
            for row in self.rows(*slot) {
                tally.add(&row);
            }
            let (counts, weight) = tally.take_weighed();
            if counts.mentions > 0 {
                found.push(PlaceCounts { place: self.index.places.place(*slot), counts, weight });
            }
        }
        found.sort_unstable_by(|a, b| most(&b.counts).cmp(&most(&a.counts)).then_with(|| a.place.id.cmp(&b.place.id)));
        found
    }

    /// Every region of the layer with a mention of a place that belongs to it, most conversations first.
    pub fn regions(&self, kind: RegionKind) -> Vec<(&'a Region, Counts)> {
        let mut by_region: Vec<(u16, u32)> = self
            .plan
            .slots
            .iter()
            .filter_map(|slot| Some((self.index.places.region_of(*slot, kind)?, *slot)))
            .collect();
        by_region.sort_unstable();
        let mut tally = Tally::default();
        let mut found = Vec::new();
        for slots in by_region.chunk_by(|a, b| a.0 == b.0) {
            for (_, slot) in slots {
                for row in self.rows(*slot) {
                    tally.add(&row);
                }
            }
            let counts = tally.take();
            if let Some(region) = self.index.regions.slots().get(usize::from(slots[0].0))
                && counts.mentions > 0
            {
                found.push((region, counts));
            }
        }
        found.sort_unstable_by(|a, b| most(&b.1).cmp(&most(&a.1)).then_with(|| a.0.id.cmp(&b.0.id)));
        found
    }

    /// For each bin between the ascending edges: distinct messages that pass, and all messages read in the same cases and sources.
    pub fn histogram(&self, edges: &[TimeMs]) -> Vec<(u64, u64)> {
        let mut bins = Bins::new(edges);
        let mut counts = vec![0_u64; bins.len()];
        let mut seen = Distinct::default();
        for slot in &self.plan.slots {
            for row in self.rows(*slot) {
                if let Some(bin) = bins.bin_of(row.at_ms)
                    && seen.insert(row.message)
                {
                    counts[bin] += 1;
                }
            }
        }
        counts.into_iter().zip(self.read(edges)).collect()
    }

    /// Counts and sum of probabilities over everything that passes, for each bin between the ascending edges.
    pub fn series(&self, edges: &[TimeMs]) -> Vec<(Counts, f64)> {
        self.binned(&self.plan.slots, edges)
    }

    /// The same over some places.
    pub(crate) fn binned(&self, slots: &[u32], edges: &[TimeMs]) -> Vec<(Counts, f64)> {
        let mut bins = Bins::new(edges);
        let mut rows: Vec<(usize, RowView)> = slots
            .iter()
            .flat_map(|slot| self.rows(*slot))
            .filter_map(|row| bins.bin_of(row.at_ms).map(|bin| (bin, row)))
            .collect();
        rows.sort_by_key(|(bin, _)| *bin);
        let mut found = vec![(Counts::default(), 0.0); bins.len()];
        let mut tally = Tally::default();
        for one in rows.chunk_by(|a, b| a.0 == b.0) {
            for (_, row) in one {
                tally.add(row);
            }
            found[one[0].0] = tally.take_weighed();
        }
        found
    }

    /// When each message that passes was sent, a time a message, in no order.
    pub fn times(&self) -> Vec<TimeMs> {
        let mut seen = Distinct::default();
        let rows = self.plan.slots.iter().flat_map(|slot| self.rows(*slot));
        rows.filter(|row| seen.insert(row.message)).map(|row| row.at_ms).collect()
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
            for row in self.rows(*slot) {
                let at = Cursor { sent_at_ms: row.at_ms, message_no: row.message.into() };
                if seen.insert(row.message) && after.is_none_or(|after| at < after) {
                    behind.push(at);
                }
            }
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

    /// Rows of a place that pass, in order of time within each segment.
    pub(crate) fn rows(&self, slot: u32) -> impl Iterator<Item = RowView> + '_ {
        self.index
            .segments
            .iter()
            .flat_map(move |segment| self.plan.rows(segment, slot).map(move |row| segment.view(row)))
    }
}

/// What lists are ordered by: breadth before volume.
fn most(counts: &Counts) -> (u64, u64, u64) {
    (counts.conversations, counts.senders, counts.messages)
}
