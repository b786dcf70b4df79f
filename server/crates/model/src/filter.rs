//! The one filter that every route and command uses.

use std::sync::Arc;

use crate::{BBox, LonLat, TimeMs};

/// Which cases the asker may see. Part of every filter, from the first day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// Every case.
    All,
    /// These case numbers only; an empty list sees nothing.
    Cases(Vec<u16>),
    /// Nothing: what a filter sees before somebody's rights are put in.
    #[default]
    Nothing,
}

impl Scope {
    /// Whether the case is in scope.
    pub fn allows(&self, case_no: u16) -> bool {
        match self {
            Self::All => true,
            Self::Cases(cases) => cases.contains(&case_no),
            Self::Nothing => false,
        }
    }
}

/// A half-open range of time; an open end is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// First millisecond inside.
    pub from_ms: Option<TimeMs>,
    /// First millisecond outside.
    pub to_ms: Option<TimeMs>,
}

impl TimeRange {
    /// Whether the time lies inside.
    pub fn contains(&self, at_ms: TimeMs) -> bool {
        self.from_ms.is_none_or(|from| at_ms >= from) && self.to_ms.is_none_or(|to| at_ms < to)
    }
}

/// What is asked for. Empty lists and `None` do not restrict; `scope` always does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Cases the asker may see.
    pub scope: Scope,
    /// When the message was sent.
    pub time: TimeRange,
    /// Region ids, e.g. `province/drenthe`: the mentioned place belongs to one of them.
    pub regions: Vec<String>,
    /// The mentioned place's point lies in this box.
    pub bbox: Option<BBox>,
    /// The mentioned place's point lies in this drawn ring (closed or not).
    pub polygon: Option<Vec<LonLat>>,
    /// Place ids.
    pub places: Vec<String>,
    /// Case numbers asked for, within `scope`.
    pub cases: Vec<u16>,
    /// Source numbers.
    pub sources: Vec<u16>,
    /// Bits of the numbers of topics, any of which the message is about; `None` when none was asked for.
    pub topics: Option<u32>,
    /// Least confidence; `None` means the acceptance threshold.
    pub min_confidence: Option<f32>,
    /// Message numbers that free words selected, sorted ascending; `None` when no words were asked for.
    pub message_nos: Option<Arc<[u64]>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_filter_sees_nothing_until_rights_are_put_in() {
        assert!(!Filter::default().scope.allows(1));
        assert!(!Scope::Cases(vec![]).allows(1));
        assert!(Scope::Cases(vec![1]).allows(1));
        assert!(!Scope::Cases(vec![1]).allows(2));
    }

    #[test]
    fn a_time_range_is_half_open() {
        let range = TimeRange { from_ms: Some(10), to_ms: Some(20) };
        assert!(range.contains(10) && range.contains(19));
        assert!(!range.contains(9) && !range.contains(20));
    }
}
