//! Consecutive half-open bins of time.

use model::TimeMs;

/// Bins between ascending edges; remembers the last bin, since rows come in order of time.
pub(crate) struct Bins<'a> {
    edges: &'a [TimeMs],
    last: usize,
}

impl<'a> Bins<'a> {
    pub(crate) fn new(edges: &'a [TimeMs]) -> Self {
        Self { edges, last: 0 }
    }

    /// How many bins lie between the edges.
    pub(crate) fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The bin that holds the time, or `None` when it lies before the first or after the last edge.
    pub(crate) fn bin_of(&mut self, at_ms: TimeMs) -> Option<usize> {
        for bin in self.last..self.last + 2 {
            if bin < self.len() && self.edges[bin] <= at_ms && at_ms < self.edges[bin + 1] {
                self.last = bin;
                return Some(bin);
            }
        }
        let bin = self.edges.partition_point(|edge| *edge <= at_ms).checked_sub(1).filter(|bin| *bin < self.len())?;
        self.last = bin;
        Some(bin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_half_open_and_found_in_any_order() {
        let mut bins = Bins::new(&[0, 10, 20, 30]);
        for (at_ms, bin) in
            [(25, Some(2)), (0, Some(0)), (9, Some(0)), (10, Some(1)), (29, Some(2)), (30, None), (-1, None)]
        {
            assert_eq!(bins.bin_of(at_ms), bin, "{at_ms}");
        }
    }

    #[test]
    fn without_two_edges_there_is_no_bin() {
        assert_eq!(Bins::new(&[]).bin_of(0), None);
        assert_eq!(Bins::new(&[5]).bin_of(5), None);
    }
}
