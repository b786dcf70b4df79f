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
    /// Counts by topic over some places, of which it may be known what everything comes to.
    pub(crate) fn topic_counts(&self, slots: &[u32], all: Option<(Counts, f64)>) -> TopicCounts {
        let mut tally = Tally::lent();
        let all = all.unwrap_or_else(|| {
            self.tell(slots, &mut tally);
            tally.take_weighed()
        });
        let (mut told, mut present): (Vec<(u32, RowView)>, u32) = (Vec::new(), 0);
        for slot in slots {
            self.each(*slot, |segment, row| {
                let topics = segment.topics(row);
                if topics != 0 {
                    present |= topics;
                    told.push((topics, segment.view(row)));
                }
            });
        }
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
