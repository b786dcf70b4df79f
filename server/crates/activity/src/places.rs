//! Places that occur in messages: by number, by id, by point in an R-tree, and the regions each belongs to by record.

use std::collections::HashMap;

use geo::{Intersects, LineString, Point, Polygon};
use model::{BBox, LonLat, Place, PlaceKind, RegionKind};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use crate::gathering::Gatherings;
use crate::grid::{Grid, GridUnit};
use crate::regions::Regions;

/// Up to this extent a place without a record of its own belongs to the region that its point lies in.
///
/// A lake or an estate from an imported gazetteer names no municipality; one that is larger than a municipality (10 km across is
/// a usual one) belongs to none.
const LOCATE_UP_TO_M: u32 = 5_000;

/// A share of one in so many places is many.
const MANY: usize = 16;

/// What counts ask of every place: apart from names, so that little memory is walked through.
#[derive(Debug, Clone)]
struct Facts {
    at: LonLat,
    kind: PlaceKind,
    radius_m: u32,
    /// Slots of its regions, one per layer.
    regions: [Option<u16>; RegionKind::ALL.len()],
    /// The unit of [`Grid::VILLAGES`] that its point lies in, which is asked for most.
    village: Option<GridUnit>,
}

/// All places seen so far. A slot is a position in it and never changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlaceTable {
    places: Vec<Place>,
    facts: Vec<Facts>,
    /// Slots by slot of the region that they belong to, of whatever layer; ascending.
    by_region: HashMap<u16, Vec<u32>>,
    pub(crate) gatherings: Gatherings,
    /// By slot: the number that rows use.
    numbers: Vec<u32>,
    slot_by_no: HashMap<u32, u32>,
    slot_by_id: HashMap<String, u32>,
    points: RTree<GeomWithData<[f64; 2], u32>>,
}

impl PlaceTable {
    /// Adds places under the numbers that rows use; a number already known keeps its place.
    pub(crate) fn extend(&mut self, places: Vec<(u32, Place)>, regions: &Regions) {
        self.gatherings = Gatherings::default();
        for (place_no, place) in places {
            if self.slot_by_no.contains_key(&place_no) {
                continue;
            }
            let slot = self.places.len() as u32;
            self.slot_by_no.insert(place_no, slot);
            self.slot_by_id.insert(place.id.clone(), slot);
            self.points.insert(GeomWithData::new([place.lon, place.lat], slot));
            self.numbers.push(place_no);
            let regions = regions_of(&place, regions);
            for region in regions.iter().flatten() {
                self.by_region.entry(*region).or_default().push(slot);
            }
            let village = Grid::VILLAGES.unit_at(place.point());
            self.facts.push(Facts { at: place.point(), kind: place.kind, radius_m: place.radius_m, regions, village });
            self.places.push(place);
        }
    }

    pub(crate) fn slot_of_no(&self, place_no: u32) -> Option<u32> {
        self.slot_by_no.get(&place_no).copied()
    }

    pub(crate) fn slot_of_id(&self, id: &str) -> Option<u32> {
        self.slot_by_id.get(id).copied()
    }

    /// The number that rows use for the place of this id.
    pub(crate) fn no_of_id(&self, id: &str) -> Option<u32> {
        self.slot_of_id(id).map(|slot| self.numbers[slot as usize])
    }

    pub(crate) fn place(&self, slot: u32) -> &Place {
        &self.places[slot as usize]
    }

    pub(crate) fn kind(&self, slot: u32) -> PlaceKind {
        self.facts[slot as usize].kind
    }

    pub(crate) fn radius_m(&self, slot: u32) -> u32 {
        self.facts[slot as usize].radius_m
    }

    /// The slot of the region of this layer that the place belongs to.
    pub(crate) fn region_of(&self, slot: u32, kind: RegionKind) -> Option<u16> {
        self.facts[slot as usize].regions[kind as usize]
    }

    /// The unit of a grid that the point of the place lies in.
    pub(crate) fn unit_of(&self, slot: u32, grid: Grid) -> Option<GridUnit> {
        if grid == Grid::VILLAGES {
            self.facts[slot as usize].village
        } else {
            grid.unit_at(self.facts[slot as usize].at)
        }
    }

    /// Slots of the places that belong to a region, of whatever layer; ascending.
    pub(crate) fn in_region(&self, region: u16) -> &[u32] {
        self.by_region.get(&region).map_or(&[], Vec::as_slice)
    }

    /// By slot: the number that rows use.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Slots of places whose point lies in the box or on its edge, ascending.
    ///
    /// The R-tree finds few quickly; of many, each costs more than looking at all of them in turn.
    pub(crate) fn in_bbox(&self, bbox: BBox) -> Vec<u32> {
        let most = self.len() / MANY;
        let in_box = |west: f64, east: f64| {
            let envelope = AABB::from_corners([west, bbox.south], [east, bbox.north]);
            self.points.locate_in_envelope(&envelope).map(|point| point.data).take(most + 1)
        };
        let mut found: Vec<u32> = if bbox.west <= bbox.east {
            in_box(bbox.west, bbox.east).collect()
        } else {
            // Over the date line: two boxes.
            in_box(bbox.west, 180.0).chain(in_box(-180.0, bbox.east)).collect()
        };
        if found.len() > most {
            let inside = |facts: &Facts| bbox.contains(facts.at);
            return self.facts.iter().zip(0..).filter(|(facts, _)| inside(facts)).map(|(_, slot)| slot).collect();
        }
        found.sort_unstable();
        found
    }

    /// Slots of places whose point lies in the ring or on its edge, ascending.
    pub(crate) fn in_ring(&self, ring: &[LonLat]) -> Vec<u32> {
        let line: LineString<f64> = ring.iter().map(|point| (point.lon, point.lat)).collect();
        let polygon = Polygon::new(line, Vec::new());
        let Some(bounds) = geo::BoundingRect::bounding_rect(&polygon) else { return Vec::new() };
        let around = BBox { west: bounds.min().x, south: bounds.min().y, east: bounds.max().x, north: bounds.max().y };
        let mut slots = self.in_bbox(around);
        slots.retain(|slot| {
            let at = self.facts[*slot as usize].at;
            polygon.intersects(&Point::new(at.lon, at.lat))
        });
        slots
    }
}

/// Regions by record; by point only where there is no record and the place is small.
fn regions_of(place: &Place, regions: &Regions) -> [Option<u16>; RegionKind::ALL.len()] {
    let mut slots = [None; RegionKind::ALL.len()];
    let records = [
        (RegionKind::Municipality, &place.municipality),
        (RegionKind::Province, &place.province),
        (RegionKind::PoliceUnit, &place.police_unit),
    ];
    for (kind, name) in records {
        slots[kind as usize] = name.as_deref().and_then(|name| regions.slot_of(kind, name));
    }
    let abroad = place.country.as_deref().is_some_and(|country| country != "NL");
    let area = matches!(place.kind, PlaceKind::Country | PlaceKind::Province | PlaceKind::Region);
    if slots == [None; RegionKind::ALL.len()] && !abroad && !area && place.radius_m <= LOCATE_UP_TO_M {
        let located = regions.locate(place.point());
        for region in [located.municipality, located.province, located.police_unit].into_iter().flatten() {
            slots[region.kind as usize] = regions.slot(region);
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few are found by the R-tree, many by looking at all.
        #[test]
        fn a_box_holds_the_same_places_however_many_they_are(
            points in prop::collection::vec((-180.0_f64..180.0, -60.0_f64..60.0), 100..200),
            west in -180.0_f64..180.0, width in 0.0_f64..200.0, south in -60.0_f64..60.0, height in 0.0_f64..60.0,
        ) {
            let place = |(number, (lon, lat)): (u32, &(f64, f64))| {
                let place = Place {
                    id: format!("p/{number}"),
                    name: format!("Plaats {number}"),
                    kind: PlaceKind::Locality,
                    lon: *lon,
                    lat: *lat,
                    radius_m: 500,
                    municipality: None,
                    province: None,
                    police_unit: None,
                    country: None,
                    population: None,
                };
                (number, place)
            };
            let mut table = PlaceTable::default();
            let none = Regions::from_geojson(&br#"{"type":"FeatureCollection","features":[]}"#[..]).unwrap();
            table.extend((0..).zip(&points).map(place).collect(), &none);
            let east = if west + width > 180.0 { west + width - 360.0 } else { west + width };
            let bbox = BBox { west, south, east, north: south + height };
            let inside = (0..).zip(&points).filter(|(_, (lon, lat))| bbox.contains(LonLat { lon: *lon, lat: *lat }));
            prop_assert_eq!(table.in_bbox(bbox), inside.map(|(slot, _)| slot).collect::<Vec<u32>>());
        }
    }
}
