//! How many messages were read for each day, placed or not: without data there is no calm.

use std::collections::{BTreeMap, HashMap};

use model::{Filter, TimeMs};

const DAY_MS: TimeMs = 86_400_000;

/// All messages of a day, with a place or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Case.
    pub case_no: u16,
    /// Source.
    pub source_no: u16,
    /// Days since 1970-01-01 (UTC).
    pub day: i32,
    /// Messages first read from this source.
    pub messages: u64,
    /// Messages of this source that were first read from another one.
    pub shared: u64,
}

/// A stretch of days on which a source has messages, with pauses of at most seven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceSpan {
    /// First day, since 1970-01-01 (UTC).
    pub first_day: i32,
    /// Last day.
    pub last_day: i32,
    /// Messages in it, also those that another source had first.
    pub messages: u64,
}

/// Days without messages that do not end a span: after more, data may be missing.
const PAUSE_DAYS: i32 = 7;

/// Messages read per day, case and source.
#[derive(Debug, Clone, Default)]
pub(crate) struct CoverageTable {
    by_day: BTreeMap<(i32, u16, u16), (u64, u64)>,
}

impl CoverageTable {
    /// Takes over what is said of these days, cases and sources; leaves the others.
    pub(crate) fn update(&mut self, coverage: &[Coverage]) {
        for day in coverage {
            self.by_day.insert((day.day, day.case_no, day.source_no), (day.messages, day.shared));
        }
    }

    /// Spans with data of each source, by its number, in order of time.
    pub(crate) fn spans(&self) -> HashMap<u16, Vec<SourceSpan>> {
        let mut found: HashMap<u16, Vec<SourceSpan>> = HashMap::new();
        for ((day, _, source_no), (messages, shared)) in &self.by_day {
            let (spans, messages) = (found.entry(*source_no).or_default(), messages + shared);
            match spans.last_mut() {
                Some(span) if day - span.last_day <= PAUSE_DAYS + 1 => {
                    span.last_day = *day;
                    span.messages += messages;
                }
                _ => spans.push(SourceSpan { first_day: *day, last_day: *day, messages }),
            }
        }
        found
    }

    /// Messages read in each bin, in the cases and sources that the filter allows.
    ///
    /// A day's messages are spread evenly over it. A bin that touches a day with data has at least 1: 0 means no data. A message that
    /// several sources hold counts once where all sources are read, and for each source that is asked for by itself.
    pub(crate) fn read(&self, filter: &Filter, edges: &[TimeMs]) -> Vec<u64> {
        edges.windows(2).map(|edge| self.read_between(filter, edge[0], edge[1])).collect()
    }

    fn read_between(&self, filter: &Filter, from_ms: TimeMs, to_ms: TimeMs) -> u64 {
        if from_ms >= to_ms {
            return 0;
        }
        let day_of = |at_ms: TimeMs| at_ms.div_euclid(DAY_MS).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let days = self.by_day.range((day_of(from_ms), 0, 0)..=(day_of(to_ms - 1), u16::MAX, u16::MAX));
        let spread: f64 = days
            .filter(|((_, case_no, source_no), _)| allows(filter, *case_no, *source_no))
            .map(|((day, ..), (messages, shared))| {
                let starts = TimeMs::from(*day) * DAY_MS;
                let inside = to_ms.min(starts + DAY_MS) - from_ms.max(starts);
                let messages = if filter.sources.is_empty() { *messages } else { messages + shared };
                messages as f64 * inside as f64 / DAY_MS as f64
            })
            .sum();
        // The sum of fractions of one day may miss a whole number by a rounding error.
        (spread * (1.0 - 1e-12)).ceil() as u64
    }
}

/// Whether the filter lets rows of this case and source through.
pub(crate) fn allows(filter: &Filter, case_no: u16, source_no: u16) -> bool {
    allows_case(filter, case_no) && (filter.sources.is_empty() || filter.sources.contains(&source_no))
}

/// Whether the filter lets rows of this case through, whatever their source.
pub(crate) fn allows_case(filter: &Filter, case_no: u16) -> bool {
    filter.scope.allows(case_no) && (filter.cases.is_empty() || filter.cases.contains(&case_no))
}

#[cfg(test)]
mod tests {
    use model::Scope;

    use super::*;

    fn table() -> CoverageTable {
        let mut table = CoverageTable::default();
        table.update(&[
            Coverage { case_no: 1, source_no: 1, day: 0, messages: 48, shared: 0 },
            Coverage { case_no: 1, source_no: 2, day: 2, messages: 24, shared: 0 },
            Coverage { case_no: 2, source_no: 3, day: 2, messages: 1000, shared: 24 },
        ]);
        table
    }

    fn sees(scope: Scope) -> Filter {
        Filter { scope, ..Filter::default() }
    }

    #[test]
    fn a_day_is_spread_evenly_and_no_data_is_zero() {
        let filter = sees(Scope::Cases(vec![1]));
        let hours: Vec<TimeMs> = [0, 12, 24, 48, 60, 72].map(|hour| hour * 3_600_000).into();
        assert_eq!(table().read(&filter, &hours), [24, 24, 0, 12, 12]);
        assert_eq!(table().read(&filter, &[0, 1]), [1], "a touched day is never no data");
    }

    #[test]
    fn cases_out_of_scope_are_not_counted() {
        let edges = [0, 3 * DAY_MS];
        assert_eq!(table().read(&sees(Scope::Nothing), &edges), [0]);
        assert_eq!(table().read(&sees(Scope::All), &edges), [1072]);
        let filter = Filter { sources: vec![3], ..sees(Scope::All) };
        assert_eq!(table().read(&filter, &edges), [1024], "what it shares with another source is its own, too");
    }

    #[test]
    fn a_pause_of_more_than_a_week_ends_a_span() {
        let mut table = CoverageTable::default();
        let day = |day, messages| Coverage { case_no: 1, source_no: 4, day, messages, shared: 1 };
        table.update(&[day(0, 5), day(8, 2), day(17, 3)]);
        let span = |first_day, last_day, messages| SourceSpan { first_day, last_day, messages };
        assert_eq!(table.spans()[&4], [span(0, 8, 9), span(17, 17, 4)]);
        assert!(CoverageTable::default().spans().is_empty());
    }

    #[test]
    fn a_day_said_again_takes_the_new_number() {
        let mut table = table();
        table.update(&[Coverage { case_no: 1, source_no: 1, day: 0, messages: 50, shared: 0 }]);
        assert_eq!(table.read(&sees(Scope::Cases(vec![1])), &[0, DAY_MS]), [50]);
    }
}
