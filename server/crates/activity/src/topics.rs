//! What is talked about in the groups of a hotspot list: counts by topic.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use h3o::CellIndex;
use model::Filter;
use model::api::Counts;

use crate::distinct::Tally;
use crate::group::{Grouping, Key};
use crate::index::Index;
use crate::plan::Plan;
use crate::segment::RowView;

/// Counts of a group and of its messages about each topic.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TopicCounts {
    /// Counts and sum of probabilities over everything.
    pub all: (Counts, f64),
    /// The same for each topic that occurs, with its number, by number.
    pub topics: Vec<(u8, Counts, f64)>,
}

impl Index {
    /// Counts by topic of what passes the filter, for groups of these ids; those in which nothing passes are left out.
    pub fn topic_counts(
        &self,
        filter: &Filter,
        grouping: Grouping,
        ids: &BTreeSet<&str>,
    ) -> BTreeMap<String, TopicCounts> {
        let plan = Plan::new(filter, self);
        let wanted: BTreeMap<Key, &str> =
            ids.iter().filter_map(|id| Some((self.key_of_id(id, grouping)?, *id))).collect();
        let mut members: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for slot in &plan.slots {
            if let Some(id) = self.key(*slot, grouping).and_then(|key| wanted.get(&key)) {
                members.entry(*id).or_default().push(*slot);
            }
        }
        let mut tally = Tally::default();
        let counted = members.into_iter().map(|(id, slots)| (id.to_owned(), self.of_slots(&plan, &slots, &mut tally)));
        counted.filter(|(_, counts)| counts.all.0.mentions > 0).collect()
    }

    fn of_slots(&self, plan: &Plan<'_>, slots: &[u32], tally: &mut Tally) -> TopicCounts {
        let (mut told, mut present): (Vec<(u32, RowView)>, u32) = (Vec::new(), 0);
        for segment in &self.segments {
            for row in slots.iter().flat_map(|slot| plan.rows(segment, *slot)) {
                let (topics, view) = (segment.topics(row), segment.view(row));
                tally.add(&view);
                if topics != 0 {
                    present |= topics;
                    told.push((topics, view));
                }
            }
        }
        let all = tally.take_weighed();
        let numbers = (0..u32::BITS as u8).filter(|number| present & (1 << number) != 0);
        let topics = numbers.map(|number| {
            for (_, view) in told.iter().filter(|(topics, _)| topics & (1 << number) != 0) {
                tally.add(view);
            }
            let (counts, weight) = tally.take_weighed();
            (number, counts, weight)
        });
        TopicCounts { all, topics: topics.collect() }
    }

    fn key_of_id(&self, id: &str, grouping: Grouping) -> Option<Key> {
        match grouping {
            Grouping::Place => self.places.slot_of_id(id).map(Key::Place),
            Grouping::Region(_) => {
                let at = self.regions.slots().iter().position(|region| region.id == id)?;
                u16::try_from(at).ok().map(Key::Region)
            }
            Grouping::Cell => CellIndex::from_str(id).ok().map(Key::Cell),
        }
    }
}
