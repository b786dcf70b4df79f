//! What is talked about in the groups of a hotspot list: counts by topic.

use model::api::Counts;

use crate::distinct::Tally;
use crate::segment::RowView;
use crate::selection::Selection;

/// Counts of a group and of its messages about each topic.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TopicCounts {
    /// Counts and sum of probabilities over everything.
    pub all: (Counts, f64),
    /// The same for each topic that occurs, with its number, by number.
    pub topics: Vec<(u8, Counts, f64)>,
}

impl Selection<'_> {
    /// Counts by topic over some places.
    pub(crate) fn topic_counts(&self, slots: &[u32]) -> TopicCounts {
        let mut tally = Tally::default();
        let (mut told, mut present): (Vec<(u32, RowView)>, u32) = (Vec::new(), 0);
        for slot in slots {
            self.each(*slot, |segment, row| {
                let (topics, view) = (segment.topics(row), segment.view(row));
                tally.add(&view);
                if topics != 0 {
                    present |= topics;
                    told.push((topics, view));
                }
            });
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
}
