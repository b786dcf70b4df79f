//! Compact columns: times in six bytes, confidences in two.

use model::TimeMs;

/// Added to a time before it is stored in 48 bits: 2⁴⁷ ms, so that ±4,460 years around 1970 fit exactly.
const TIME_OFFSET: i64 = 1 << 47;
/// The largest number of 48 bits.
const MAX_STORED: i64 = (1 << 48) - 1;

/// Times to the millisecond in 48 bits each; times further from 1970 than 4,460 years are taken to that limit.
#[derive(Debug, Clone, Default)]
pub(crate) struct TimeColumn {
    high: Vec<u32>,
    low: Vec<u16>,
}

impl TimeColumn {
    pub(crate) const BYTES: usize = 6;

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { high: Vec::with_capacity(capacity), low: Vec::with_capacity(capacity) }
    }

    pub(crate) fn push(&mut self, at_ms: TimeMs) {
        let stored = at_ms.saturating_add(TIME_OFFSET).clamp(0, MAX_STORED);
        self.high.push((stored >> 16) as u32);
        self.low.push((stored & 0xFFFF) as u16);
    }

    pub(crate) fn get(&self, row: usize) -> TimeMs {
        ((i64::from(self.high[row]) << 16) | i64::from(self.low[row])) - TIME_OFFSET
    }

    /// First row of an ascending range that is not before the time.
    pub(crate) fn lower_bound(&self, mut from: usize, mut to: usize, at_ms: TimeMs) -> usize {
        while from < to {
            let middle = from.midpoint(to);
            if self.get(middle) < at_ms {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }
}

/// Steps of a probability as stored.
pub(crate) const CONFIDENCE_STEPS: f64 = 65_535.0;

/// A probability in steps of 1/65,535. Two probabilities keep their order or become equal.
pub(crate) fn quantised(confidence: f32) -> u16 {
    // A cast from float saturates, and NaN becomes 0: the least sure.
    (f64::from(confidence) * CONFIDENCE_STEPS).round() as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_comes_back_to_the_millisecond(at_ms in -TIME_OFFSET..TIME_OFFSET) {
            let mut times = TimeColumn::default();
            times.push(at_ms);
            prop_assert_eq!(times.get(0), at_ms);
        }

        #[test]
        fn confidences_keep_their_order(a in 0.0f32..=1.0, b in 0.0f32..=1.0) {
            prop_assert!(a > b || quantised(a) <= quantised(b));
        }
    }

    #[test]
    fn times_beyond_the_column_are_taken_to_its_ends() {
        let mut times = TimeColumn::default();
        times.push(TimeMs::MIN);
        times.push(TimeMs::MAX);
        assert_eq!((times.get(0), times.get(1)), (-TIME_OFFSET, TIME_OFFSET - 1));
    }

    #[test]
    fn nonsense_is_the_least_sure() {
        assert_eq!(quantised(f32::NAN), 0);
        assert_eq!(quantised(-1.0), 0);
        assert_eq!(quantised(2.0), u16::MAX);
    }
}
