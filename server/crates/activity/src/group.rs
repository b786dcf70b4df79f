//! Counts for the hotspot list: now, in the equally long period before, and over time, per place, region or cell.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use model::api::Counts;
use model::{Filter, Place, RegionKind, TimeMs};

use crate::distinct::{Messages, Tally};
use crate::gathering::{Gathering, Key};
use crate::grid::{Grid, GridUnit};
use crate::index::Index;
use crate::regions::Region;
use crate::selection::{PlaceCounts, Selection};
use crate::side_by_side::in_parts;
use crate::spread::is_spread;
use crate::topics::TopicCounts;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Each place by itself.
    Place,
    /// All places of a region.
    Region(RegionKind),
    /// All places whose point lies in a unit of a grid.
    Grid(Grid),
}

/// A place, region or unit of a grid with what was counted there.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// Id of the place, the region, or the unit of the grid.
    pub id: Cow<'a, str>,
    /// Counts in the period.
    pub counts: Counts,
    /// Counts in the period before.
    pub before: Counts,
    /// Sums of the probabilities of the mentions: in the period, and in the one before.
    pub weights: (f64, f64),
    /// Counts and sum of probabilities in the period whatever the words and topics; `None` when the filter holds neither.
    pub whatever_words: Option<(Counts, f64)>,
    /// Inhabitants; `None` when not known, and of a unit of a grid.
    pub population: Option<u64>,
    /// Messages of the conversation that carries most of them.
    pub largest_conversation: u64,
    /// First message of the period.
    pub first_seen_ms: TimeMs,
    /// Last message of the period.
    pub last_seen_ms: TimeMs,
    pub(crate) key: Key,
    /// Its places among those of the table.
    members: Range<usize>,
}

/// What a group is called and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// Its name; of a unit of a grid, the name of its most mentioned place.
    pub name: String,
    /// Place kind, region kind, `cell` or `square`.
    pub kind: &'static str,
    /// Longitude in degrees: of the place, of the region's label, of the middle of a unit of a grid.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Extent in metres; of a region and a unit of a grid, the radius of a circle of the same area.
    pub radius_m: u32,
    /// Municipality; of a unit of a grid, that of its most mentioned place.
    pub municipality: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// Police unit.
    pub police_unit: Option<String>,
    /// Of a unit of a grid: its corners as lon, lat, the first one again at the end.
    pub outline: Vec<[f64; 2]>,
}

/// All groups with a mention in the period. What is wanted of few of them is asked for one by one.
#[derive(Debug)]
pub struct Table<'a> {
    /// The groups, in no order.
    pub groups: Vec<Group<'a>>,
    /// Mentions that pass the filter but name something too large to be counted here.
    pub too_coarse: u64,
    /// Mentions that name something larger than a unit of the grid: they are spread over its extent.
    pub spread: u64,
    /// All messages read in the period, placed or not.
    pub read: u64,
    /// All messages read in the period before.
    pub read_before: u64,
    /// All messages read in the same period a year before.
    pub read_year_before: u64,
    now: Selection<'a>,
    before: Selection<'a>,
    year_before: Selection<'a>,
    period: (TimeMs, TimeMs),
    gathering: Arc<Gathering>,
    pub(crate) grid: Option<Grid>,
    /// Places that are larger than a unit of the grid and are spread.
    pub(crate) coarse: Vec<PlaceCounts<'a>>,
}

/// A year back: 52 weeks, so that days of the week fall on themselves.
const YEAR_MS: TimeMs = 52 * 7 * 86_400_000;

impl<'a> Selection<'a> {
    /// Groups what passes from `from_ms` up to `to_ms` (in place of the filter's own time), and compares it with the equally long period
    /// before.
    pub fn table(&self, grouping: Grouping, from_ms: TimeMs, to_ms: TimeMs) -> Table<'a> {
        let index = self.index();
        let before_ms = from_ms.saturating_sub(to_ms.saturating_sub(from_ms).max(1));
        let year = |at_ms: TimeMs| at_ms.saturating_sub(YEAR_MS);
        let (now, before) = (self.during(from_ms, to_ms), self.during(before_ms, from_ms));
        let year_before = self.during(year(from_ms), year(to_ms));
        let whatever_words = now.is_about().then(|| now.whatever_words().whatever_topics());

        let gathering = index.places.gathered(now.slots(), grouping);
        let grid = if let Grouping::Grid(grid) = grouping { Some(grid) } else { None };
        let (spread, left_out): (Vec<u32>, Vec<u32>) =
            gathering.coarse().iter().partition(|slot| grid.is_some() && is_spread(index.places.kind(**slot)));
        let coarse = in_parts(&spread, |slot| index.rows_of(*slot), |slots| now.counted(slots)).concat();
        let mentions = |slots: &[u32]| slots.iter().map(|slot| now.mentions(*slot)).sum::<u64>();
        let too_coarse = in_parts(&left_out, |slot| index.rows_of(*slot), mentions).into_iter().sum();
        let slots_of = |members: &Range<usize>| &gathering.slots[members.clone()];
        let weight =
            |(_, members): &(Key, Range<usize>)| slots_of(members).iter().map(|slot| index.rows_of(*slot)).sum();
        let parts = in_parts(&gathering.groups, weight, |groups| {
            let mut counter = COUNTER.take();
            let groups = groups.iter().filter_map(|(key, members)| {
                let slots = slots_of(members);
                let mut group = Group { members: members.clone(), ..counter.count(&now, *key, slots)? };
                (group.before, group.weights.1) = counter.counts(&before, slots);
                group.whatever_words = whatever_words.as_ref().map(|all| counter.counts(all, slots));
                Some(group)
            });
            let groups: Vec<Group<'a>> = groups.collect();
            COUNTER.set(counter);
            groups
        });
        let read = |from_ms, to_ms| self.read(&[from_ms, to_ms]).first().copied().unwrap_or(0);
        Table {
            groups: joined(parts),
            too_coarse,
            spread: coarse.iter().map(|found| found.counts.mentions).sum(),
            read: read(from_ms, to_ms),
            read_before: read(before_ms, from_ms),
            read_year_before: read(year(from_ms), year(to_ms)),
            now,
            before,
            year_before,
            period: (from_ms, to_ms),
            gathering,
            grid,
            coarse,
        }
    }
}

impl<'a> Table<'a> {
    pub(crate) fn index(&self) -> &'a Index {
        self.now.index()
    }

    /// What the group is called and where it lies.
    pub fn portrait(&self, group: &Group<'_>) -> Portrait {
        let index = self.now.index();
        match group.key {
            Key::Place(slot) => Portrait::of_place(index.places.place(slot)),
            Key::Region(slot) => Portrait::of_region(&index.regions.slots()[usize::from(slot)]),
            Key::Grid(unit) => {
                let most = |slot: &u32| (self.now.mentions(*slot), std::cmp::Reverse(*slot));
                let slot = self.members(group).iter().copied().max_by_key(most);
                Portrait::of_unit(unit, slot.map(|slot| index.places.place(slot)))
            }
        }
    }

    /// Messages of the group over the period in equal steps.
    pub fn sparkline(&self, group: &Group<'_>, steps: usize) -> Vec<u32> {
        let (from_ms, to_ms) = self.period;
        let edges = equal_steps(from_ms, to_ms.saturating_sub(from_ms).max(1), steps);
        let bins = self.now.binned(self.members(group), &edges, &mut Messages::lent());
        bins.into_iter().map(|messages| messages as u32).collect()
    }

    /// Counts and sum of probabilities of the group in the same period a year before.
    pub fn year_before(&self, group: &Group<'_>) -> (Counts, f64) {
        let mut tally = Tally::lent();
        self.year_before.tell(self.members(group), &mut tally);
        tally.take_weighed()
    }

    /// Counts of the group in the period without the conversation that carries most of its messages.
    pub fn without_loudest(&self, group: &Group<'_>) -> Counts {
        let here = self.now.of_slots(self.members(group).into());
        here.without_loudest_conversation().map(|loudest| loudest.without).unwrap_or_default()
    }

    /// Counts of the group in the period before, in conversations that have messages in the period, too: of what falls silent, what does so
    /// though there are data.
    pub fn before_with_data(&self, group: &Group<'_>) -> Counts {
        let (from_ms, to_ms) = self.period;
        self.before.of_lasting_conversations(self.members(group), from_ms, to_ms)
    }

    /// What is talked about in the group, whatever topics the filter asks for.
    pub fn topics(&self, group: &Group<'_>) -> TopicCounts {
        let whatever = self.now.whatever_topics();
        let all = self.now.asks_no_topics().then_some((group.counts, group.weights.0));
        whatever.topic_counts(self.members(group), all)
    }

    fn members(&self, group: &Group<'_>) -> &[u32] {
        &self.gathering.slots[group.members.clone()]
    }
}

impl Index {
    /// Ids of the places that pass the filter and are counted in one of these groups.
    pub fn members(&self, filter: &Filter, grouping: Grouping, groups: &BTreeSet<String>) -> Vec<String> {
        let gathering = self.places.gathered(self.query(filter).slots(), grouping);
        let wanted = gathering.iter().filter(|(key, _)| groups.contains(&*self.id(*key)));
        wanted.flat_map(|(_, slots)| slots).map(|slot| self.places.place(*slot).id.clone()).collect()
    }

    fn id(&self, key: Key) -> Cow<'_, str> {
        match key {
            Key::Place(slot) => self.places.place(slot).id.as_str().into(),
            Key::Region(slot) => self.regions.slots()[usize::from(slot)].id.as_str().into(),
            Key::Grid(unit) => unit.id().into(),
        }
    }
}

impl Portrait {
    fn of_place(place: &Place) -> Self {
        Self {
            name: place.name.clone(),
            kind: place.kind.as_str(),
            lon: place.lon,
            lat: place.lat,
            radius_m: place.radius_m,
            municipality: place.municipality.clone(),
            province: place.province.clone(),
            police_unit: place.police_unit.clone(),
            outline: Vec::new(),
        }
    }

    fn of_region(region: &Region) -> Self {
        Self {
            name: region.name.clone(),
            kind: region.kind.as_str(),
            lon: region.label.lon,
            lat: region.label.lat,
            radius_m: radius_of_circle_m(region.area_km2),
            municipality: (region.kind == RegionKind::Municipality).then(|| region.name.clone()),
            province: region.province.clone(),
            police_unit: region.police_unit.clone(),
            outline: Vec::new(),
        }
    }

    fn of_unit(unit: GridUnit, place: Option<&Place>) -> Self {
        let centre = unit.centre();
        Self {
            name: place.map_or_else(|| unit.id(), |place| place.name.clone()),
            kind: unit.kind(),
            lon: centre.lon,
            lat: centre.lat,
            radius_m: radius_of_circle_m(unit.area_km2()),
            municipality: place.and_then(|place| place.municipality.clone()),
            province: place.and_then(|place| place.province.clone()),
            police_unit: place.and_then(|place| place.police_unit.clone()),
            outline: unit.outline(),
        }
    }
}

thread_local! {
    /// Made once a thread. Left as it is where a count does not come to its end.
    static COUNTER: Cell<Counter> = Cell::default();
}

/// Sets, as long as all numbers, that are emptied and used again for every group.
#[derive(Default)]
struct Counter {
    tally: Tally,
    /// By conversation: the group that it was met in last, and its messages there.
    by_conversation: Vec<(u32, u32)>,
    group: u32,
}

impl Counter {
    fn counts(&mut self, selection: &Selection<'_>, slots: &[u32]) -> (Counts, f64) {
        selection.tell(slots, &mut self.tally);
        self.tally.take_weighed()
    }

    /// `None` when nothing passes.
    fn count<'a>(&mut self, selection: &Selection<'a>, key: Key, slots: &[u32]) -> Option<Group<'a>> {
        self.group = self.group.wrapping_add(1);
        if self.group == 0 {
            self.by_conversation.fill((0, 0));
            self.group = 1;
        }
        let Self { tally, by_conversation, group } = self;
        let (mut first_seen_ms, mut last_seen_ms, mut largest) = (TimeMs::MAX, TimeMs::MIN, 0);
        selection.tell_each(slots, tally, |row, _| {
            let conversation = row.conversation as usize;
            if conversation >= by_conversation.len() {
                by_conversation.resize((conversation + 1).next_power_of_two(), (0, 0));
            }
            let (met_in, messages) = &mut by_conversation[conversation];
            *messages = if *met_in == *group { *messages + 1 } else { 1 };
            *met_in = *group;
            largest = largest.max(*messages);
            first_seen_ms = first_seen_ms.min(row.at_ms);
            last_seen_ms = last_seen_ms.max(row.at_ms);
        });
        let (counts, weight) = tally.take_weighed();
        let index = selection.index();
        (counts.mentions > 0).then(|| Group {
            id: index.id(key),
            counts,
            before: Counts::default(),
            weights: (weight, 0.0),
            whatever_words: None,
            population: index.population(key),
            largest_conversation: largest.into(),
            first_seen_ms,
            last_seen_ms,
            key,
            members: 0..0,
        })
    }
}

fn radius_of_circle_m(area_km2: f64) -> u32 {
    ((area_km2 / std::f64::consts::PI).sqrt() * 1000.0).round() as u32
}

fn joined<T>(parts: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for part in parts {
        all.extend(part);
    }
    all
}

/// Edges of equal steps; the last step takes the remainder of the division.
fn equal_steps(from_ms: TimeMs, length_ms: TimeMs, steps: usize) -> Vec<TimeMs> {
    let steps = steps.max(1) as i128;
    (0..=steps).map(|step| from_ms + (i128::from(length_ms) * step / steps) as TimeMs).collect()
}
