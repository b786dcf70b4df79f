//! From a filter to what has to be read: which places, which span of time, and a test for each row.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use model::{ACCEPTANCE_THRESHOLD, Filter, TimeMs};

use crate::column::quantised;
use crate::coverage::{allows, allows_case};
use crate::distinct::Distinct;
use crate::index::Index;
use crate::places::PlaceTable;
use crate::regions::Regions;
use crate::segment::Segment;

/// A filter made ready for one state of the index.
#[derive(Debug, Clone)]
pub(crate) struct Plan<'a> {
    /// Places to read, ascending.
    pub(crate) slots: Arc<[u32]>,
    from_ms: TimeMs,
    to_ms: TimeMs,
    /// By origin: whether its case and source are asked for and allowed.
    origins: Arc<[Allowed]>,
    /// Whether all of them are: the usual case, in which no row need be looked at for it.
    every_origin: bool,
    /// Messages that a source asked for holds beside those whose rows name it.
    shared: Vec<&'a Distinct>,
    least_confidence: u16,
    topics: Option<u32>,
    messages: Option<Arc<Distinct>>,
}

/// What a filter thinks of the case and source of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Allowed {
    /// Both pass.
    Yes,
    /// The case passes and the source does not: only messages that a source asked for holds, too.
    WhereShared,
    /// The case does not pass.
    No,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(filter: &Filter, index: &'a Index) -> Self {
        let shared: Vec<&Distinct> =
            filter.sources.iter().filter_map(|source_no| index.shared.get(source_no)).collect();
        let allowed = |(case_no, source_no): &(u16, u16)| {
            if allows(filter, *case_no, *source_no) {
                Allowed::Yes
            } else if !shared.is_empty() && allows_case(filter, *case_no) {
                Allowed::WhereShared
            } else {
                Allowed::No
            }
        };
        let origins: Arc<[Allowed]> = index.origins.iter().map(allowed).collect();
        Self {
            slots: slots(filter, &index.places, &index.regions).into(),
            from_ms: filter.time.from_ms.unwrap_or(TimeMs::MIN),
            to_ms: filter.time.to_ms.unwrap_or(TimeMs::MAX),
            every_origin: origins.iter().all(|origin| *origin == Allowed::Yes),
            origins,
            shared,
            least_confidence: quantised(filter.min_confidence.unwrap_or(ACCEPTANCE_THRESHOLD)),
            topics: filter.topics,
            messages: filter
                .message_nos
                .as_ref()
                .map(|numbers| numbers.iter().filter_map(|number| u32::try_from(*number).ok()).collect())
                .map(Arc::new),
        }
    }

    /// The same for another time.
    pub(crate) fn during(&self, from_ms: TimeMs, to_ms: TimeMs) -> Self {
        Self { from_ms, to_ms, ..self.clone() }
    }

    /// The same of that part of a time that is asked for.
    pub(crate) fn within(&self, from_ms: TimeMs, to_ms: TimeMs) -> Self {
        self.during(self.from_ms.max(from_ms), self.to_ms.min(to_ms))
    }

    /// The same whatever the words.
    pub(crate) fn whatever_words(&self) -> Self {
        Self { messages: None, ..self.clone() }
    }

    /// The same whatever the topics.
    pub(crate) fn whatever_topics(&self) -> Self {
        Self { topics: None, ..self.clone() }
    }

    /// The same with mentions that are less sure than is asked for, down to what is placed when nothing is asked.
    pub(crate) fn as_sure_as_usual(&self) -> Self {
        Self { least_confidence: self.least_confidence.min(quantised(ACCEPTANCE_THRESHOLD)), ..self.clone() }
    }

    /// The same of these places, ascending.
    pub(crate) fn of_slots(&self, slots: Arc<[u32]>) -> Self {
        Self { slots, ..self.clone() }
    }

    /// Whether only some words or topics are asked for.
    pub(crate) fn is_about(&self) -> bool {
        self.messages.is_some() || self.topics.is_some()
    }

    /// Rows of the place that pass, oldest first.
    pub(crate) fn rows<'s>(&'s self, segment: &'s Segment, slot: u32) -> impl Iterator<Item = usize> + 's {
        self.range(segment, slot).filter(|row| self.passes(segment, *row))
    }

    /// Rows of the place within the time asked for, oldest first.
    pub(crate) fn range(&self, segment: &Segment, slot: u32) -> Range<usize> {
        if self.from_ms < self.to_ms { segment.range(slot, self.from_ms, self.to_ms) } else { 0..0 }
    }

    /// Shows those of the rows of such a range that pass.
    #[inline]
    pub(crate) fn visit(&self, segment: &Segment, rows: Range<usize>, mut see: impl FnMut(usize)) {
        if self.messages.is_some() || self.topics.is_some() || !self.every_origin {
            rows.filter(|row| self.passes(segment, *row)).for_each(see);
            return;
        }
        // The usual case: nothing but how sure a row is decides.
        for (row, reaches) in rows.clone().zip(segment.reaching(rows, self.least_confidence)) {
            if reaches {
                see(row);
            }
        }
    }

    /// Whether a row of such a range passes.
    #[inline]
    pub(crate) fn passes(&self, segment: &Segment, row: usize) -> bool {
        self.messages.as_ref().is_none_or(|messages| messages.contains(segment.message(row)))
            && segment.reaches(row, self.least_confidence)
            && (self.every_origin || self.is_allowed(segment, row))
            && self.topics.is_none_or(|topics| segment.topics(row) & topics != 0)
    }

    fn is_allowed(&self, segment: &Segment, row: usize) -> bool {
        match self.origins[segment.origin(row)] {
            Allowed::Yes => true,
            Allowed::WhereShared => self.shared.iter().any(|messages| messages.contains(segment.message(row))),
            Allowed::No => false,
        }
    }
}

/// Slots of the places that the filter lets through, ascending.
fn slots(filter: &Filter, places: &PlaceTable, regions: &Regions) -> Vec<u32> {
    let mut slots: Vec<u32> = match (&filter.polygon, filter.bbox) {
        (Some(ring), _) => places.in_ring(ring),
        (None, Some(bbox)) => places.in_bbox(bbox),
        (None, None) => (0..places.len() as u32).collect(),
    };
    if let (Some(_), Some(bbox)) = (&filter.polygon, filter.bbox) {
        slots.retain(|slot| bbox.contains(places.place(*slot).point()));
    }
    if !filter.regions.is_empty() {
        let mut asked = Distinct::default();
        for region in filter.regions.iter().filter_map(|id| regions.find(id)) {
            for slot in regions.slots_of(region).into_iter().flat_map(|region| places.in_region(region)) {
                asked.insert(*slot);
            }
            // The area itself, when a message names it.
            let area = region.id.strip_prefix("custom/").and_then(|id| places.slot_of_id(&format!("area/nl/{id}")));
            if let Some(slot) = area {
                asked.insert(slot);
            }
        }
        slots.retain(|slot| asked.contains(*slot));
    }
    if !filter.places.is_empty() {
        let asked: BTreeSet<u32> = filter.places.iter().filter_map(|id| places.slot_of_id(id)).collect();
        slots.retain(|slot| asked.contains(slot));
    }
    slots
}
