//! A filter of hashes: tells at once, from one bit, that most of what is asked for is not known (Bloom 1970, with one hash).

/// Bits for each hash known: one in as many of the unknown ones passes.
const BITS_EACH: usize = 16;

/// Hashes that may be known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// A power of two of them, or none when nothing is known.
    bits: Vec<u64>,
}

impl Filter {
    pub(crate) fn new(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let count = hashes.len();
        if count == 0 {
            return Self::default();
        }
        let mut filter = Self { bits: vec![0; (count * BITS_EACH).div_ceil(64).next_power_of_two()] };
        for hash in hashes {
            let (word, bit) = filter.place(hash);
            filter.bits[word] |= bit;
        }
        filter
    }

    /// Whether a hash may be known; never no for one that is.
    pub(crate) fn may_know(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.bits.capacity() * size_of::<u64>()
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> 6) as usize & self.bits.len().wrapping_sub(1), 1 << (hash & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_passes_and_little_else() {
        let hash = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let filter = Filter::new((0..10_000).map(hash).collect::<Vec<_>>().into_iter());
        assert!((0..10_000).all(|number| filter.may_know(hash(number))));
        let passing = (10_000..110_000).filter(|number| filter.may_know(hash(*number))).count();
        assert!(passing < 10_000, "{passing} of 100,000 pass");
        assert!(!Filter::default().may_know(1));
    }
}
