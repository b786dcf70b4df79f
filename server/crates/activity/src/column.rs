//! Compact columns: times in six bytes, confidences in two, numbers in as few as the largest of them needs.

use std::io::{self, Write};

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

    #[inline]
    pub(crate) fn get(&self, row: usize) -> TimeMs {
        ((i64::from(self.high[row]) << 16) | i64::from(self.low[row])) - TIME_OFFSET
    }

    /// The bytes of all times, and back; see `snapshot`.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.high.iter().try_for_each(|high| out.write_all(&high.to_le_bytes()))?;
        self.low.iter().try_for_each(|low| out.write_all(&low.to_le_bytes()))
    }

    pub(crate) fn read(input: &mut Input<'_>, rows: usize) -> Option<Self> {
        let high = input.take(rows.checked_mul(4)?)?.as_chunks().0;
        let low = input.take(rows.checked_mul(2)?)?.as_chunks().0;
        Some(Self {
            high: high.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect(),
            low: low.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect(),
        })
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

/// Bytes behind the last number of a [`Narrow`] column, so that four can be read anywhere.
const PADDING: usize = 3;

/// Numbers in one to four bytes each.
#[derive(Debug, Clone)]
pub(crate) struct Narrow {
    /// [`PADDING`] bytes longer than the numbers.
    bytes: Vec<u8>,
    width: usize,
    mask: u32,
}

impl Default for Narrow {
    fn default() -> Self {
        Self::with_capacity(0, 0)
    }
}

impl Narrow {
    /// An empty column for numbers up to `largest`.
    pub(crate) fn with_capacity(capacity: usize, largest: u32) -> Self {
        let width = (4 - largest.leading_zeros() as usize / 8).max(1);
        let mut bytes = Vec::with_capacity(capacity * width + PADDING);
        bytes.extend_from_slice(&[0; PADDING]);
        Self { bytes, width, mask: mask(width) }
    }

    /// Adds a number that is not larger than was said.
    pub(crate) fn push(&mut self, number: u32) {
        debug_assert!(number <= self.mask, "the column was made for smaller numbers");
        self.bytes.truncate(self.bytes.len() - PADDING);
        self.bytes.extend_from_slice(&number.to_le_bytes()[..self.width]);
        self.bytes.extend_from_slice(&[0; PADDING]);
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> u32 {
        let at = row * self.width;
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.bytes[at..at + 4]);
        u32::from_le_bytes(bytes) & self.mask
    }

    /// The largest number that fits.
    pub(crate) fn largest(&self) -> u32 {
        self.mask
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..(self.bytes.len() - PADDING) / self.width).map(|row| self.get(row))
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Width and bytes, and back; see `snapshot`.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&[self.width as u8])?;
        out.write_all(&self.bytes)
    }

    pub(crate) fn read(input: &mut Input<'_>, rows: usize) -> Option<Self> {
        let width = usize::from(*input.take(1)?.first()?);
        if !(1..=4).contains(&width) {
            return None;
        }
        let bytes = input.take(rows.checked_mul(width)?.checked_add(PADDING)?)?.to_vec();
        Some(Self { bytes, width, mask: mask(width) })
    }
}

fn mask(width: usize) -> u32 {
    u32::MAX >> (32 - 8 * width)
}

/// Bytes of a snapshot that are still to be read.
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    /// The next so many; `None` when there are fewer.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    /// So many numbers of four bytes.
    pub(crate) fn u32s(&mut self, count: usize) -> Option<Vec<u32>> {
        let numbers = self.take(count.checked_mul(4)?)?.as_chunks().0;
        Some(numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
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
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

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
        fn numbers_come_back_whatever_their_width(numbers in prop::collection::vec(any::<u32>(), 0..40), shift in 0_u32..32) {
            let numbers: Vec<u32> = numbers.iter().map(|number| number >> shift).collect();
            let mut column = Narrow::with_capacity(0, numbers.iter().copied().max().unwrap_or(0));
            for number in &numbers {
                column.push(*number);
            }
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), numbers.clone());
            let mut bytes = Vec::new();
            column.write(&mut bytes).unwrap();
            let back = Narrow::read(&mut Input(&bytes), numbers.len()).unwrap();
            prop_assert_eq!(back.iter().collect::<Vec<_>>(), numbers);
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
