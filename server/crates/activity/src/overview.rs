//! What the map shows: totals, places and regions from one reading of the columns.

use std::cmp::Ordering;

use model::RegionKind;
use model::api::Counts;

use crate::distinct::{Lent, Tally};
use crate::group::Grouping;
use crate::regions::Region;
use crate::selection::{PlaceCounts, Selection};
use crate::side_by_side::in_parts;

/// Places that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// How many there are.
    pub places: u64,
    /// How many mentions they have.
    pub mentions: u64,
}

/// What the map shows.
#[derive(Debug)]
pub struct Overview<'a> {
    /// Counts over everything that passes.
    pub totals: Counts,
    /// Places with a mention, most conversations first.
    pub places: Vec<PlaceCounts<'a>>,
    /// What there is beside them.
    pub left_out: LeftOut,
    /// Every region of the layer with a mention of a place that belongs to it, most conversations first.
    pub regions: Vec<(&'a Region, Counts)>,
}

/// A place with the region of the layer that it belongs to.
type InRegion = (Option<u16>, u32);

/// What some neighbouring places in the order of regions come to.
struct Part<'a> {
    all: Lent,
    places: Vec<PlaceCounts<'a>>,
    /// Regions that lie within the part.
    whole: Vec<(Option<u16>, Counts)>,
    /// The first and the last region, which the parts beside may share.
    shared: Vec<(Option<u16>, Lent)>,
}

impl<'a> Selection<'a> {
    /// Every region of the layer with a mention of a place that belongs to it, most conversations first.
    pub fn regions(&self, kind: RegionKind) -> Vec<(&'a Region, Counts)> {
        self.overview(kind, 0).regions
    }

    /// All of these in one reading of the columns; of the places at most so many.
    pub fn overview(&self, kind: RegionKind, most_places: usize) -> Overview<'a> {
        let index = self.index();
        let gathering = index.places.gathered(self.slots(), Grouping::Region(kind));
        let region_of = |slot: &u32| (index.places.region_of(*slot, kind), *slot);
        let slots: Vec<InRegion> = gathering.slots.iter().map(region_of).collect();
        let parts = in_parts(&slots, |(_, slot)| index.rows_of(*slot), |slots| self.part(slots));
        let (mut all, mut places) = (Tally::lent(), Vec::new());
        let mut counted: Vec<(Option<u16>, Counts)> = Vec::new();
        let mut open: Option<(Option<u16>, Lent)> = None;
        for part in parts {
            all.extend(&part.all);
            places.extend(part.places);
            counted.extend(part.whole);
            for (region, tally) in part.shared {
                match &mut open {
                    Some((before, sum)) if *before == region => sum.extend(&tally),
                    _ => counted.extend(open.replace((region, tally)).map(|(region, sum)| (region, sum.counts()))),
                }
            }
        }
        counted.extend(open.map(|(region, sum)| (region, sum.counts())));
        let named = |(region, counts): (Option<u16>, Counts)| {
            let region = index.regions.slots().get(usize::from(region?))?;
            (counts.mentions > 0).then_some((region, counts))
        };
        let mut regions: Vec<_> = counted.into_iter().filter_map(named).collect();
        regions.sort_unstable_by(|a, b| most(&b.1).cmp(&most(&a.1)).then_with(|| a.0.id.cmp(&b.0.id)));
        let left_out = keep_most(&mut places, most_places);
        places.sort_unstable_by(most_first);
        Overview { totals: all.counts(), places, left_out, regions }
    }

    fn part(&self, slots: &[InRegion]) -> Part<'a> {
        let mut part = Part { all: Tally::lent(), places: Vec::new(), whole: Vec::new(), shared: Vec::new() };
        let (mut of_region, mut of_place) = (Tally::lent(), Tally::lent());
        let ends = [slots.first(), slots.last()].map(|end| end.map(|(region, _)| *region));
        for slots in slots.chunk_by(|a, b| a.0 == b.0) {
            let region = slots[0].0;
            for (_, slot) in slots {
                // What is not new at the place is not new in the region, and so on.
                self.tell_each(&[*slot], &mut of_place, |row, siblings| {
                    if siblings {
                        let _ = of_region.add_message(row) && part.all.add_message(row);
                    } else {
                        of_region.add_message_alone(row);
                        part.all.add_message_alone(row);
                    }
                });
                let (counts, weight) = of_place.take_weighed();
                if counts.mentions > 0 {
                    of_region.add_mentions(counts.mentions);
                    part.all.add_mentions(counts.mentions);
                    part.places.push(PlaceCounts { place: self.place(*slot), counts, weight });
                }
            }
            if ends.contains(&Some(region)) {
                part.shared.push((region, std::mem::replace(&mut of_region, Tally::lent())));
            } else {
                part.whole.push((region, of_region.take()));
            }
        }
        part
    }
}

/// What lists are ordered by: breadth before volume.
fn most(counts: &Counts) -> (u64, u64, u64) {
    (counts.conversations, counts.senders, counts.messages)
}

/// Keeps the places with most conversations, at most so many, without sorting those that nobody will see.
pub(crate) fn keep_most(places: &mut Vec<PlaceCounts<'_>>, most: usize) -> LeftOut {
    if places.len() <= most {
        return LeftOut::default();
    }
    places.select_nth_unstable_by(most, most_first);
    let left_out = &places[most..];
    let left_out =
        LeftOut { places: left_out.len() as u64, mentions: left_out.iter().map(|found| found.counts.mentions).sum() };
    places.truncate(most);
    left_out
}

pub(crate) fn most_first(a: &PlaceCounts<'_>, b: &PlaceCounts<'_>) -> Ordering {
    most(&b.counts).cmp(&most(&a.counts)).then_with(|| a.place.id.cmp(&b.place.id))
}
