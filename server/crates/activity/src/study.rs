//! The study area of a statistic: every unit that could have been mentioned, with those next to it, not only those that were.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::api::{CountBy, Counts};
use model::{LonLat, PlaceKind, TimeMs};

use crate::distinct::{Column, Messages, Meter, Tally};
use crate::gathering::Key;
use crate::grid::GridUnit;
use crate::group::{Group, Grouping};
use crate::index::Index;
use crate::segment::Segment;
use crate::selection::Selection;
use crate::side_by_side::in_parts;

/// A place, region or unit of a grid in the study area.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Id, as in the groups of a table.
    pub id: String,
    /// Where.
    pub at: LonLat,
    /// Inhabitants; `None` when not known, and of a unit of a grid.
    pub population: Option<u64>,
    /// Area in km².
    pub area_km2: f64,
}

/// All units, and which of them touch.
#[derive(Debug, Clone)]
pub struct StudyArea {
    /// The units.
    pub units: Vec<Unit>,
    /// Pairs of units that share a border; `None` for places, which have none.
    pub borders: Option<Vec<(u32, u32)>>,
    /// Slots of the places of each unit.
    members: Vec<Vec<u32>>,
    positions: Positions,
}

/// Where each unit stands.
type Positions = HashMap<Key, u32, RandomState>;

/// Places of a study area at most: every one has those within kilometres as neighbours, and ten thousand shared locations in one
/// town would be a hundred million pairs.
const MOST_PLACES: usize = 5_000;
/// The same with points among them, which crowd together as places with a name do not.
const MOST_WITH_POINTS: usize = 2_000;

/// Kinds that are a point that somebody gave, not a place with a name of its own.
fn is_point(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Coordinate | PlaceKind::Address | PlaceKind::Street | PlaceKind::Postcode)
}

/// Adds those that are not there yet, without a place; the order stays that of the keys.
fn add_empty(members: &mut Vec<(Key, Vec<u32>)>, mut keys: Vec<Key>) {
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| members.binary_search_by_key(key, |(key, _)| *key).is_err());
    members.extend(keys.into_iter().map(|key| (key, Vec::new())));
    members.sort_unstable_by_key(|(key, _)| *key);
}

impl StudyArea {
    /// The position of the unit that a group stands for; `None` when it is none of them.
    pub fn position(&self, group: &Group<'_>) -> Option<usize> {
        self.positions.get(&group.key).map(|at| *at as usize)
    }
}

impl Selection<'_> {
    /// The units that the filter lets through, whatever its time, words and topics, and however sure it asks mentions to be.
    ///
    /// Places: those ever mentioned; where they are more than 2,000, without points, streets and addresses, of which nothing is said then,
    /// and where even so they are more than 5,000, none. Regions: all of the layer; where the filter bounds space, those with a place ever mentioned inside.
    /// Units of a grid: those with a place ever mentioned, and those around them. Nothing outside the scope of the filter plays a part.
    pub fn study_area(&self, grouping: Grouping) -> StudyArea {
        let index = self.index();
        let ever = self.ever();
        let gathering = index.places.gathered(ever.slots(), grouping);
        let mut members: Vec<(Key, Vec<u32>)> = Vec::new();
        for (key, slots) in gathering.iter() {
            let named: Vec<u32> = slots.iter().copied().filter(|slot| ever.has_any(*slot)).collect();
            if !named.is_empty() {
                members.push((key, named));
            }
        }
        if grouping == Grouping::Place && members.len() > MOST_WITH_POINTS {
            members.retain(|(_, slots)| !is_point(index.places.kind(slots[0])));
            if members.len() > MOST_PLACES {
                members.clear();
            }
        }
        match grouping {
            Grouping::Place => {}
            Grouping::Region(kind) => {
                let filter = self.filter();
                let bounded = filter.bbox.is_some()
                    || filter.polygon.is_some()
                    || !filter.regions.is_empty()
                    || !filter.places.is_empty();
                let all =
                    index.regions.slots().iter().enumerate().filter(|(_, region)| region.kind == kind && !bounded);
                add_empty(&mut members, all.map(|(slot, _)| Key::Region(slot as u16)).collect());
            }
            Grouping::Grid(_) => {
                let units = members.iter().filter_map(|(key, _)| key.grid_unit());
                let near = units.flat_map(GridUnit::around).map(Key::Grid).collect();
                add_empty(&mut members, near);
            }
        }
        let position: Positions = members.iter().map(|(key, _)| *key).zip(0..).collect();
        let borders = match grouping {
            Grouping::Place => None,
            Grouping::Region(_) => Some(
                index
                    .regions
                    .borders()
                    .iter()
                    .filter_map(|(a, b)| {
                        position.get(&Key::Region(*a)).copied().zip(position.get(&Key::Region(*b)).copied())
                    })
                    .collect(),
            ),
            Grouping::Grid(_) => {
                let units = members.iter().zip(0..).filter_map(|((key, _), at)| Some((key.grid_unit()?, at)));
                let near = units.flat_map(|(unit, at)| unit.around().into_iter().map(move |near| (at, near)));
                Some(near.filter_map(|(at, near)| Some((at, *position.get(&Key::Grid(near))?))).collect())
            }
        };
        let mut units: Vec<(Unit, (Key, Vec<u32>))> = members.into_iter().map(|one| (index.unit(one.0), one)).collect();
        if borders.is_none() {
            // Slots depend on the order in which places were first met. Sums of fractions depend on order, so it is that of the ids.
            units.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        }
        let (units, members): (_, Vec<(Key, Vec<u32>)>) = units.into_iter().unzip();
        let positions = members.iter().map(|(key, _)| *key).zip(0..).collect();
        StudyArea { units, borders, positions, members: members.into_iter().map(|(_, slots)| slots).collect() }
    }

    /// Counts and sum of probabilities of every unit, for each bin between the ascending edges (in place of the filter's own time).
    pub fn series_by_unit(&self, area: &StudyArea, edges: &[TimeMs]) -> Vec<Vec<(Counts, f64)>> {
        self.measured(area, edges, Tally::lent)
    }

    /// The same of one count alone.
    pub fn counted_by_unit(&self, area: &StudyArea, edges: &[TimeMs], count: CountBy) -> Vec<Vec<u64>> {
        match count {
            CountBy::Conversations => self.measured(area, edges, || Column::new(Segment::conversation)),
            CountBy::Senders => self.measured(area, edges, || Column::new(Segment::sender)),
            CountBy::Messages => self.measured(area, edges, Messages::lent),
            CountBy::Mentions | CountBy::Weighted => {
                let series = self.series_by_unit(area, edges).into_iter();
                series.map(|bins| bins.iter().map(|(counts, weight)| count.of(counts, *weight)).collect()).collect()
            }
        }
    }

    /// What one meter a part says of every unit: its sets are as long as all numbers, so that one for each would cost more than to count.
    fn measured<M: Meter>(&self, area: &StudyArea, edges: &[TimeMs], meter: impl Fn() -> M + Sync) -> Vec<Vec<M::Sum>> {
        let (from_ms, to_ms) = edges.first().copied().zip(edges.last().copied()).unwrap_or_default();
        let during = self.during(from_ms, to_ms);
        let weight = |slots: &Vec<u32>| slots.iter().map(|slot| self.index().rows_of(*slot)).sum();
        let parts = in_parts(&area.members, weight, |members| {
            let mut meter = meter();
            members.iter().map(|slots| during.binned(slots, edges, &mut meter)).collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    }
}

impl Index {
    /// Id of the region or unit of a grid that a point lies in; `None` for places, which are not told by a point, and outside all regions.
    pub fn unit_at(&self, grouping: Grouping, point: LonLat) -> Option<String> {
        match grouping {
            Grouping::Place => None,
            Grouping::Region(kind) => {
                let found = self.regions.locate(point);
                let region = [found.municipality, found.province, found.police_unit].into_iter().flatten();
                region.into_iter().find(|region| region.kind == kind).map(|region| region.id.clone())
            }
            Grouping::Grid(grid) => grid.unit_at(point).map(GridUnit::id),
        }
    }

    /// Inhabitants of what places are gathered under.
    pub(crate) fn population(&self, key: Key) -> Option<u64> {
        match key {
            Key::Place(slot) => self.places.place(slot).population.map(u64::from),
            Key::Region(slot) => self.regions.slots()[usize::from(slot)].population,
            Key::Grid(_) => None,
        }
    }

    fn unit(&self, key: Key) -> Unit {
        let (id, at, area_km2) = match key {
            Key::Place(slot) => {
                let place = self.places.place(slot);
                let radius_km = f64::from(place.radius_m) / 1000.0;
                (place.id.clone(), place.point(), std::f64::consts::PI * radius_km * radius_km)
            }
            Key::Region(slot) => {
                let region = &self.regions.slots()[usize::from(slot)];
                (region.id.clone(), region.label, region.area_km2)
            }
            Key::Grid(unit) => (unit.id(), unit.centre(), unit.area_km2()),
        };
        Unit { id, at, population: self.population(key), area_km2 }
    }
}
