//! From a filter to what has to be read: which places, which span of time, and a test for each row.

use std::collections::BTreeSet;

use model::{ACCEPTANCE_THRESHOLD, Filter, TimeMs};

use crate::column::quantised;
use crate::coverage::allows;
use crate::distinct::Distinct;
use crate::places::PlaceTable;
use crate::regions::Regions;
use crate::segment::Segment;

/// A filter made ready for one state of the index.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Places to read, ascending.
    pub(crate) slots: Vec<u32>,
    from_ms: TimeMs,
    to_ms: TimeMs,
    /// By origin: whether its case and source are asked for and allowed.
    origins: Vec<bool>,
    least_confidence: u16,
    messages: Option<Distinct>,
}

impl Plan {
    pub(crate) fn new(filter: &Filter, places: &PlaceTable, regions: &Regions, origins: &[(u16, u16)]) -> Self {
        Self {
            slots: slots(filter, places, regions),
            from_ms: filter.time.from_ms.unwrap_or(TimeMs::MIN),
            to_ms: filter.time.to_ms.unwrap_or(TimeMs::MAX),
            origins: origins.iter().map(|(case_no, source_no)| allows(filter, *case_no, *source_no)).collect(),
            least_confidence: quantised(filter.min_confidence.unwrap_or(ACCEPTANCE_THRESHOLD)),
            messages: filter
                .message_nos
                .as_ref()
                .map(|numbers| numbers.iter().filter_map(|number| u32::try_from(*number).ok()).collect()),
        }
    }

    /// Rows of the place that pass, oldest first.
    pub(crate) fn rows<'a>(&'a self, segment: &'a Segment, slot: u32) -> impl Iterator<Item = usize> + 'a {
        let range = if self.from_ms < self.to_ms { segment.range(slot, self.from_ms, self.to_ms) } else { 0..0 };
        range.filter(|row| {
            self.origins[segment.origin(*row)]
                && segment.reaches(*row, self.least_confidence)
                && self.messages.as_ref().is_none_or(|messages| messages.contains(segment.message(*row)))
        })
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
        let asked: Vec<u16> = filter
            .regions
            .iter()
            .filter_map(|id| regions.find(id))
            .flat_map(|region| regions.slots_of(region))
            .collect();
        // The area itself, when a message names it.
        let named: BTreeSet<u32> = filter
            .regions
            .iter()
            .filter_map(|id| places.slot_of_id(&format!("area/nl/{}", regions.find(id)?.id.strip_prefix("custom/")?)))
            .collect();
        slots.retain(|slot| asked.iter().any(|region| places.belongs_to(*slot, *region)) || named.contains(slot));
    }
    if !filter.places.is_empty() {
        let asked: BTreeSet<u32> = filter.places.iter().filter_map(|id| places.slot_of_id(id)).collect();
        slots.retain(|slot| asked.contains(slot));
    }
    slots.sort_unstable();
    slots
}
