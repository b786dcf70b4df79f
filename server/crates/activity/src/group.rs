//! Counts for the hotspot list: now, in the equally long period before, and over time, per place, region or cell.

use std::collections::BTreeSet;

use h3o::{CellIndex, LatLng, Resolution};
use model::api::Counts;
use model::{Filter, Place, PlaceKind, RegionKind, TimeMs, TimeRange};

use crate::bins::Bins;
use crate::distinct::{Distinct, Tally};
use crate::index::Index;
use crate::selection::Selection;

/// H3 resolution of cells: edges of 3.7 km, 36 km² on average.
///
/// A Dutch village with its fields. Finer cells would hold fewer places than one, and make the point of a village look like more than
/// it is.
pub(crate) const CELL_RESOLUTION: Resolution = Resolution::Six;
/// A cell can hold a mention of a place that extends no further than the cell's edge (average of [`CELL_RESOLUTION`], metres).
const CELL_EDGE_M: u32 = 3_725;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Each place by itself.
    Place,
    /// All places of a region.
    Region(RegionKind),
    /// All places whose point lies in a hexagon of the H3 grid.
    Cell,
}

/// A place, region or cell with what was said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Id of the place, the region, or the H3 cell.
    pub id: String,
    /// Its name; of a cell, the name of its most mentioned place.
    pub name: String,
    /// Place kind, region kind, or `cell`.
    pub kind: &'static str,
    /// Longitude in degrees: of the place, of the region's label, of the cell's centre.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Extent in metres; of a region and a cell, the radius of a circle of the same area.
    pub radius_m: u32,
    /// Municipality; of a cell, that of its most mentioned place.
    pub municipality: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// Police unit.
    pub police_unit: Option<String>,
    /// Counts in the period.
    pub counts: Counts,
    /// Counts in the period before.
    pub before: Counts,
    /// Sums of the probabilities of the mentions: in the period, and in the one before.
    pub weights: (f64, f64),
    /// Counts and sum of probabilities in the same period a year before.
    pub year_before: (Counts, f64),
    /// Counts and sum of probabilities in the period whatever the words and topics; `None` when the filter holds neither.
    pub whatever_words: Option<(Counts, f64)>,
    /// Inhabitants; `None` when not known, and of a cell.
    pub population: Option<u64>,
    /// Messages of the conversation that carries most of them.
    pub largest_conversation: u64,
    /// Counts in the period without that conversation.
    pub without_loudest: Counts,
    /// Messages over the period in equal steps.
    pub sparkline: Vec<u32>,
    /// First message of the period.
    pub first_seen_ms: TimeMs,
    /// Last message of the period.
    pub last_seen_ms: TimeMs,
}

/// All groups with a mention in the period.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The groups, by id.
    pub groups: Vec<Group>,
    /// Mentions that pass the filter but name something too large to be counted here.
    pub too_coarse: u64,
    /// All messages read in the period, placed or not.
    pub read: u64,
    /// All messages read in the period before.
    pub read_before: u64,
    /// All messages read in the same period a year before.
    pub read_year_before: u64,
}

/// A year back: 52 weeks, so that days of the week fall on themselves.
const YEAR_MS: TimeMs = 52 * 7 * 86_400_000;

/// What places are gathered under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Place(u32),
    Region(u16),
    Cell(CellIndex),
}

impl Index {
    /// Groups what passes the filter from `from_ms` up to `to_ms` (in place of the filter's own time), and compares it with the equally
    /// long period before. The sparkline has `steps` steps.
    pub fn table(&self, filter: &Filter, grouping: Grouping, from_ms: TimeMs, to_ms: TimeMs, steps: usize) -> Table {
        let during = |from_ms, to_ms| Filter {
            time: TimeRange { from_ms: Some(from_ms), to_ms: Some(to_ms) },
            ..filter.clone()
        };
        let length_ms = to_ms.saturating_sub(from_ms).max(1);
        let before_ms = from_ms.saturating_sub(length_ms);
        let year = |at_ms: TimeMs| at_ms.saturating_sub(YEAR_MS);
        let (now, before) = (during(from_ms, to_ms), during(before_ms, from_ms));
        let year_before = during(year(from_ms), year(to_ms));
        let is_narrowed = now.message_nos.is_some() || now.topics.is_some();
        let whatever_words = is_narrowed.then(|| Filter { message_nos: None, topics: None, ..now.clone() });
        let whatever_words = whatever_words.as_ref().map(|filter| self.query(filter));
        let (now, before, year_before) = (self.query(&now), self.query(&before), self.query(&year_before));
        let edges = equal_steps(from_ms, length_ms, steps);

        let mut too_coarse = 0;
        let mut members: Vec<(Key, u32)> = Vec::with_capacity(now.slots().len());
        for slot in now.slots() {
            match self.key(*slot, grouping) {
                Some(key) => members.push((key, *slot)),
                None => too_coarse += now.mentions(*slot),
            }
        }
        members.sort_unstable();
        let mut counter = Counter::default();
        let mut groups: Vec<Group> = members
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|members| {
                let slots: &[u32] = &members.iter().map(|(_, slot)| *slot).collect::<Vec<_>>();
                let counted = counter.count(&now, slots, &edges)?;
                let mut group = self.group(members[0].0, &now, slots, counted);
                (group.before, group.weights.1) = counter.counts(&before, slots);
                group.year_before = counter.counts(&year_before, slots);
                group.whatever_words = whatever_words.as_ref().map(|all| counter.counts(all, slots));
                Some(group)
            })
            .collect();
        groups.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let read =
            |selection: &Selection<'_>, from_ms, to_ms| selection.read(&[from_ms, to_ms]).first().copied().unwrap_or(0);
        Table {
            groups,
            too_coarse,
            read: read(&now, from_ms, to_ms),
            read_before: read(&before, before_ms, from_ms),
            read_year_before: read(&year_before, year(from_ms), year(to_ms)),
        }
    }

    /// Ids of the places that pass the filter and are counted in one of these groups.
    pub fn members(&self, filter: &Filter, grouping: Grouping, groups: &BTreeSet<String>) -> Vec<String> {
        let selection = self.query(filter);
        let slots = selection.slots().iter().copied();
        slots
            .filter(|slot| self.key(*slot, grouping).is_some_and(|key| groups.contains(&self.id(key))))
            .map(|slot| self.places.place(slot).id.clone())
            .collect()
    }

    fn id(&self, key: Key) -> String {
        match key {
            Key::Place(slot) => self.places.place(slot).id.clone(),
            Key::Region(slot) => self.regions.slots()[usize::from(slot)].id.clone(),
            Key::Cell(cell) => cell.to_string(),
        }
    }

    /// What the place is gathered under; `None` when it is too large to say.
    pub(crate) fn key(&self, slot: u32, grouping: Grouping) -> Option<Key> {
        let place = self.places.place(slot);
        match grouping {
            Grouping::Place => (!is_area(place.kind)).then_some(Key::Place(slot)),
            Grouping::Region(kind) => self.places.region_of(slot, kind).map(Key::Region),
            Grouping::Cell => {
                if is_area(place.kind) || place.radius_m > CELL_EDGE_M {
                    return None;
                }
                self.places.cell_of(slot).map(Key::Cell)
            }
        }
    }

    fn group(&self, key: Key, now: &Selection<'_>, slots: &[u32], counted: Counted) -> Group {
        let most_mentioned = || {
            let slot = slots.iter().copied().max_by_key(|slot| (now.mentions(*slot), std::cmp::Reverse(*slot)));
            slot.map(|slot| self.places.place(slot))
        };
        let (id, name, kind, lon, lat, radius_m, within) = match key {
            Key::Place(slot) => {
                let place = self.places.place(slot);
                (
                    place.id.clone(),
                    place.name.clone(),
                    place.kind.as_str(),
                    place.lon,
                    place.lat,
                    place.radius_m,
                    Within::place(place),
                )
            }
            Key::Region(slot) => {
                let region = &self.regions.slots()[usize::from(slot)];
                let label = region.label;
                let radius_m = radius_of_circle_m(region.area_km2);
                let own = (region.kind == RegionKind::Municipality).then(|| region.name.clone());
                let within = Within {
                    municipality: own,
                    province: region.province.clone(),
                    police_unit: region.police_unit.clone(),
                };
                (region.id.clone(), region.name.clone(), region.kind.as_str(), label.lon, label.lat, radius_m, within)
            }
            Key::Cell(cell) => {
                let centre = LatLng::from(cell);
                let place = most_mentioned();
                let name = place.map_or_else(|| cell.to_string(), |place| place.name.clone());
                let within = place.map(Within::place).unwrap_or_default();
                (
                    cell.to_string(),
                    name,
                    "cell",
                    centre.lng(),
                    centre.lat(),
                    radius_of_circle_m(cell.area_km2()),
                    within,
                )
            }
        };
        Group {
            id,
            name,
            kind,
            lon,
            lat,
            radius_m,
            municipality: within.municipality,
            province: within.province,
            police_unit: within.police_unit,
            counts: counted.counts,
            before: Counts::default(),
            weights: (counted.weight, 0.0),
            year_before: (Counts::default(), 0.0),
            whatever_words: None,
            population: self.population(key),
            largest_conversation: counted.largest_conversation,
            without_loudest: counted.without_loudest,
            sparkline: counted.sparkline,
            first_seen_ms: counted.first_seen_ms,
            last_seen_ms: counted.last_seen_ms,
        }
    }
}

/// The areas that a group lies in.
#[derive(Default)]
struct Within {
    municipality: Option<String>,
    province: Option<String>,
    police_unit: Option<String>,
}

impl Within {
    fn place(place: &Place) -> Self {
        Self {
            municipality: place.municipality.clone(),
            province: place.province.clone(),
            police_unit: place.police_unit.clone(),
        }
    }
}

/// What one period says of one group.
struct Counted {
    counts: Counts,
    weight: f64,
    largest_conversation: u64,
    without_loudest: Counts,
    sparkline: Vec<u32>,
    first_seen_ms: TimeMs,
    last_seen_ms: TimeMs,
}

/// Sets that are emptied and used again for every group.
#[derive(Default)]
struct Counter {
    tally: Tally,
    /// Messages by conversation.
    by_conversation: Vec<u32>,
    /// Conversation and sender of each mention.
    said: Vec<(u32, u32)>,
    others: Distinct,
}

impl Counter {
    fn counts(&mut self, selection: &Selection<'_>, slots: &[u32]) -> (Counts, f64) {
        for slot in slots {
            selection.each(*slot, |segment, row| {
                self.tally.add(&segment.view(row));
            });
        }
        self.tally.take_weighed()
    }

    /// `None` when nothing passes.
    fn count(&mut self, selection: &Selection<'_>, slots: &[u32], edges: &[TimeMs]) -> Option<Counted> {
        let Self { tally, by_conversation, said, others } = self;
        let mut bins = Bins::new(edges);
        let mut sparkline = vec![0_u32; bins.len()];
        let (mut first_seen_ms, mut last_seen_ms) = (TimeMs::MAX, TimeMs::MIN);
        for slot in slots {
            selection.each(*slot, |segment, row| {
                let row = segment.view(row);
                said.push((row.conversation, row.sender));
                if !tally.add(&row) {
                    return;
                }
                let conversation = row.conversation as usize;
                if conversation >= by_conversation.len() {
                    by_conversation.resize((conversation + 1).next_power_of_two(), 0);
                }
                by_conversation[conversation] += 1;
                first_seen_ms = first_seen_ms.min(row.at_ms);
                last_seen_ms = last_seen_ms.max(row.at_ms);
                if let Some(bin) = bins.bin_of(row.at_ms) {
                    sparkline[bin] += 1;
                }
            });
        }
        // Of two that are equally loud, the one with the lower number.
        let loudness = |(number, _): &(u32, u32)| (by_conversation[*number as usize], std::cmp::Reverse(*number));
        let (messages, std::cmp::Reverse(loudest)) = said.iter().map(loudness).max()?;
        let (counts, weight) = tally.take_weighed();
        let mut mentions = 0;
        for (conversation, sender) in said.drain(..) {
            by_conversation[conversation as usize] = 0;
            if conversation != loudest {
                mentions += 1;
                others.insert(sender);
            }
        }
        // A message has one conversation.
        let without_loudest = Counts {
            mentions,
            messages: counts.messages - u64::from(messages),
            conversations: counts.conversations - 1,
            senders: others.len(),
        };
        others.clear();
        Some(Counted {
            counts,
            weight,
            largest_conversation: messages.into(),
            without_loudest,
            sparkline,
            first_seen_ms,
            last_seen_ms,
        })
    }
}

/// Kinds that say where only by the size of a region.
fn is_area(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Country | PlaceKind::Province | PlaceKind::Region | PlaceKind::Municipality)
}

fn radius_of_circle_m(area_km2: f64) -> u32 {
    ((area_km2 / std::f64::consts::PI).sqrt() * 1000.0).round() as u32
}

/// Edges of equal steps; the last step takes the remainder of the division.
fn equal_steps(from_ms: TimeMs, length_ms: TimeMs, steps: usize) -> Vec<TimeMs> {
    let steps = steps.max(1) as i128;
    (0..=steps).map(|step| from_ms + (i128::from(length_ms) * step / steps) as TimeMs).collect()
}
