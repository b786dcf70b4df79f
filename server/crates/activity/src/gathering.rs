//! Places in the order of what they are counted under.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use model::PlaceKind;

use crate::distinct::Distinct;
use crate::grid::GridUnit;
use crate::group::Grouping;
use crate::places::PlaceTable;

/// What places are counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Place(u32),
    Region(u16),
    Grid(GridUnit),
}

impl Key {
    pub(crate) fn grid_unit(self) -> Option<GridUnit> {
        if let Self::Grid(unit) = self { Some(unit) } else { None }
    }
}

/// Places by what they are counted under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gathering {
    /// Slots of the places: first those that are too large to be counted under anything, then key by key; ascending in each.
    pub(crate) slots: Vec<u32>,
    /// How many of them are too large.
    coarse: usize,
    /// Keys that have a place, ascending, with their places among the slots.
    pub(crate) groups: Vec<(Key, Range<usize>)>,
}

impl Gathering {
    fn new(places: &PlaceTable, slots: impl Iterator<Item = u32>, grouping: Grouping) -> Self {
        let mut members: Vec<(Option<Key>, u32)> = slots.map(|slot| (places.key(slot, grouping), slot)).collect();
        members.sort_unstable();
        let coarse = members.partition_point(|(key, _)| key.is_none());
        let mut groups: Vec<(Key, Range<usize>)> = Vec::new();
        for (at, (key, _)) in members.iter().enumerate() {
            match (key, groups.last_mut()) {
                (None, _) => {}
                (Some(key), Some((last, range))) if last == key => range.end = at + 1,
                (Some(key), _) => groups.push((*key, at..at + 1)),
            }
        }
        Self { slots: members.into_iter().map(|(_, slot)| slot).collect(), coarse, groups }
    }

    /// The same of those of the places that are wanted.
    fn only(&self, wanted: &Distinct) -> Self {
        let mut only = Self { slots: Vec::with_capacity(wanted.len() as usize), coarse: 0, groups: Vec::new() };
        let keep = |slots: &mut Vec<u32>, of: &[u32]| {
            let from = slots.len();
            slots.extend(of.iter().filter(|slot| wanted.contains(**slot)));
            from..slots.len()
        };
        only.coarse = keep(&mut only.slots, self.coarse()).len();
        for (key, range) in &self.groups {
            let kept = keep(&mut only.slots, &self.slots[range.clone()]);
            if !kept.is_empty() {
                only.groups.push((*key, kept));
            }
        }
        only
    }

    /// Slots of the places that are too large to be counted under anything.
    pub(crate) fn coarse(&self) -> &[u32] {
        &self.slots[..self.coarse]
    }

    /// Each key with the slots of its places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, &[u32])> {
        self.groups.iter().map(|(key, range)| (*key, &self.slots[range.clone()]))
    }
}

/// Orders of all places that were asked for before; a copy begins without.
#[derive(Debug, Default)]
pub(crate) struct Gatherings(Mutex<Vec<(Grouping, Arc<Gathering>)>>);

/// Orders that are kept: the last ones made.
const MOST_KEPT: usize = 16;

impl Clone for Gatherings {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Gatherings {
    fn of_all(&self, places: &PlaceTable, grouping: Grouping) -> Arc<Gathering> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = kept.iter().find(|(by, _)| *by == grouping) {
            return Arc::clone(found);
        }
        if kept.len() == MOST_KEPT {
            kept.remove(0);
        }
        let made = Arc::new(Gathering::new(places, 0..places.len() as u32, grouping));
        kept.push((grouping, Arc::clone(&made)));
        made
    }
}

/// So many times fewer places than there are are sorted faster than picked out of all.
const FEW: usize = 16;

impl PlaceTable {
    /// These places, ascending, by what they are counted under.
    pub(crate) fn gathered(&self, slots: &[u32], grouping: Grouping) -> Arc<Gathering> {
        if FEW * slots.len() < self.len() {
            return Arc::new(Gathering::new(self, slots.iter().copied(), grouping));
        }
        let all = self.gatherings.of_all(self, grouping);
        if slots.len() == self.len() { all } else { Arc::new(all.only(&slots.iter().copied().collect())) }
    }

    /// What the place is counted under; `None` when it is too large to say.
    pub(crate) fn key(&self, slot: u32, grouping: Grouping) -> Option<Key> {
        let is_area = is_area(self.kind(slot));
        match grouping {
            Grouping::Place => (!is_area).then_some(Key::Place(slot)),
            Grouping::Region(kind) => self.region_of(slot, kind).map(Key::Region),
            Grouping::Grid(grid) if is_area || self.radius_m(slot) > grid.edge_m() => None,
            Grouping::Grid(grid) => self.unit_of(slot, grid).map(Key::Grid),
        }
    }
}

/// Kinds that say where only by the size of a region.
fn is_area(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Country | PlaceKind::Province | PlaceKind::Region | PlaceKind::Municipality)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use model::{Place, RegionKind};
    use proptest::prelude::*;

    use super::*;
    use crate::grid::Grid;
    use crate::regions::Regions;

    fn places() -> PlaceTable {
        let place = |number: u32| Place {
            id: format!("p/{number}"),
            name: format!("Plaats {number}"),
            kind: if number.is_multiple_of(7) { PlaceKind::Municipality } else { PlaceKind::Locality },
            lon: 5.0 + f64::from(number * 37 % 50) / 100.0,
            lat: 52.0 + f64::from(number * 11 % 50) / 100.0,
            radius_m: 500,
            municipality: None,
            province: None,
            police_unit: None,
            country: None,
            population: None,
        };
        let mut table = PlaceTable::default();
        let regions = Regions::from_geojson(&br#"{"type":"FeatureCollection","features":[]}"#[..]).unwrap();
        table.extend((1..=200).map(|number| (number, place(number))).collect(), &regions);
        table
    }

    proptest! {
        #[test]
        fn picked_out_of_all_or_sorted_is_the_same(wanted in prop::collection::btree_set(0_u32..200, 0..200)) {
            let (places, wanted) = (places(), wanted.into_iter().collect::<Vec<_>>());
            for grouping in [Grouping::Place, Grouping::Region(RegionKind::Province), Grouping::Grid(Grid::VILLAGES)] {
                let sorted = Gathering::new(&places, wanted.iter().copied(), grouping);
                let all = Gathering::new(&places, 0..200, grouping);
                prop_assert_eq!(&all.only(&wanted.iter().copied().collect()), &sorted);
                prop_assert_eq!(sorted.coarse().len() + sorted.iter().map(|(_, slots)| slots.len()).sum::<usize>(), wanted.len());
                for (key, slots) in sorted.iter() {
                    prop_assert!(slots.iter().all(|slot| places.key(*slot, grouping) == Some(key)));
                }
            }
        }
    }
}
