//! Mentions as columns, sorted by place, then time, then message.

use std::ops::Range;

use model::TimeMs;

use crate::column::TimeColumn;
use crate::distinct::Distinct;
use crate::index::Standing;

/// A mention with its place as a slot and its case and source as one number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackedRow {
    pub(crate) slot: u32,
    pub(crate) at_ms: TimeMs,
    pub(crate) message: u32,
    pub(crate) conversation: u32,
    pub(crate) sender: u32,
    pub(crate) origin: u16,
    pub(crate) confidence: u16,
    pub(crate) phrase: u32,
    pub(crate) uncertain: bool,
    pub(crate) standing: Standing,
}

/// Standing and uncertainty of a row in a byte.
const PLACED: u8 = 1;
const OUT: u8 = 2;
const UNCERTAIN: u8 = 4;

fn flags(standing: Standing, uncertain: bool) -> u8 {
    let standing = match standing {
        Standing::AsRead => 0,
        Standing::Placed => PLACED,
        Standing::Out => OUT,
    };
    if uncertain { standing | UNCERTAIN } else { standing }
}

impl PackedRow {
    fn order(&self) -> (u32, TimeMs, u32) {
        (self.slot, self.at_ms, self.message)
    }
}

/// What a count needs of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowView {
    pub(crate) at_ms: TimeMs,
    pub(crate) message: u32,
    pub(crate) conversation: u32,
    pub(crate) sender: u32,
    /// Probability in steps of 1/65,535.
    pub(crate) confidence: u16,
}

/// Immutable sorted rows: 27 bytes a mention, and 8 a place that occurs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segment {
    /// Slots that occur, ascending.
    slots: Vec<u32>,
    /// Where each slot's rows start; one more than `slots`.
    starts: Vec<u32>,
    times: TimeColumn,
    messages: Vec<u32>,
    conversations: Vec<u32>,
    senders: Vec<u32>,
    origins: Vec<u16>,
    confidences: Vec<u16>,
    phrases: Vec<u32>,
    flags: Vec<u8>,
}

impl Segment {
    pub(crate) const BYTES_PER_ROW: usize =
        TimeColumn::BYTES + 4 * size_of::<u32>() + 2 * size_of::<u16>() + size_of::<u8>();

    pub(crate) fn from_rows(mut rows: Vec<PackedRow>) -> Self {
        rows.sort_unstable_by_key(PackedRow::order);
        let mut segment = Self::with_capacity(rows.len());
        for row in rows {
            segment.push(row);
        }
        segment.sealed()
    }

    /// Both in one, in a single pass.
    pub(crate) fn merged(a: &Self, b: &Self) -> Self {
        let mut merged = Self::with_capacity(a.len() + b.len());
        let (mut from_a, mut from_b) = (a.rows().peekable(), b.rows().peekable());
        loop {
            let next = match (from_a.peek(), from_b.peek()) {
                (Some(row_a), Some(row_b)) if row_b.order() < row_a.order() => from_b.next(),
                (Some(_), _) => from_a.next(),
                (None, _) => from_b.next(),
            };
            match next {
                Some(row) => merged.push(row),
                None => return merged.sealed(),
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Rows of the place from `from_ms` up to, but not at, `to_ms`.
    pub(crate) fn range(&self, slot: u32, from_ms: TimeMs, to_ms: TimeMs) -> Range<usize> {
        let Ok(at) = self.slots.binary_search(&slot) else { return 0..0 };
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        let from = if from_ms == TimeMs::MIN { start } else { self.times.lower_bound(start, end, from_ms) };
        let to = if to_ms == TimeMs::MAX { end } else { self.times.lower_bound(from, end, to_ms) };
        from..to
    }

    pub(crate) fn view(&self, row: usize) -> RowView {
        RowView {
            at_ms: self.times.get(row),
            message: self.messages[row],
            conversation: self.conversations[row],
            sender: self.senders[row],
            confidence: self.confidences[row],
        }
    }

    pub(crate) fn origin(&self, row: usize) -> usize {
        usize::from(self.origins[row])
    }

    /// The confidence as read.
    pub(crate) fn confidence(&self, row: usize) -> u16 {
        self.confidences[row]
    }

    /// Whether the row counts where so much confidence is asked for: a person's word is beyond confidence.
    pub(crate) fn reaches(&self, row: usize, least: u16) -> bool {
        match self.flags[row] & (PLACED | OUT) {
            PLACED => true,
            OUT => false,
            _ => self.confidences[row] >= least,
        }
    }

    /// Whether the row waits for review: uncertain, and nobody decided.
    pub(crate) fn waits(&self, row: usize) -> bool {
        self.flags[row] == UNCERTAIN && self.phrases[row] != 0
    }

    pub(crate) fn phrase(&self, row: usize) -> u32 {
        self.phrases[row]
    }

    pub(crate) fn holds_any(&self, phrases: &Distinct) -> bool {
        phrases.len() > 0 && self.phrases.iter().any(|phrase| phrases.contains(*phrase))
    }

    /// The same rows, those for which `verdict` gives a slot and a standing (by origin and phrase) with these.
    pub(crate) fn changed(&self, verdict: impl Fn(u16, u32) -> Option<(u32, Standing)>) -> Self {
        let decided = (0..self.len())
            .filter_map(|row| Some((row, verdict(self.origins[row], self.phrases[row])?)))
            .collect::<Vec<_>>();
        if decided.iter().all(|(row, (slot, _))| self.slot(*row) == *slot) {
            // Nothing moves: columns are copied as they are.
            let mut same_order = self.clone();
            for (row, (_, standing)) in decided {
                same_order.flags[row] = flags(standing, self.flags[row] & UNCERTAIN != 0);
            }
            return same_order;
        }
        let mut kept = Self::with_capacity(self.len());
        let mut moved = Vec::new();
        for row in self.rows() {
            match verdict(row.origin, row.phrase) {
                Some((slot, standing)) if slot != row.slot => moved.push(PackedRow { slot, standing, ..row }),
                Some((_, standing)) => kept.push(PackedRow { standing, ..row }),
                None => kept.push(row),
            }
        }
        Self::merged(&kept.sealed(), &Self::from_rows(moved))
    }

    /// The slot that a row belongs to.
    fn slot(&self, row: usize) -> u32 {
        self.slots[self.starts.partition_point(|start| *start as usize <= row) - 1]
    }

    pub(crate) fn message(&self, row: usize) -> u32 {
        self.messages[row]
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.len() * Self::BYTES_PER_ROW + (self.slots.len() + self.starts.len()) * size_of::<u32>()
    }

    fn with_capacity(capacity: usize) -> Self {
        Self {
            slots: Vec::new(),
            starts: Vec::new(),
            times: TimeColumn::with_capacity(capacity),
            messages: Vec::with_capacity(capacity),
            conversations: Vec::with_capacity(capacity),
            senders: Vec::with_capacity(capacity),
            origins: Vec::with_capacity(capacity),
            confidences: Vec::with_capacity(capacity),
            phrases: Vec::with_capacity(capacity),
            flags: Vec::with_capacity(capacity),
        }
    }

    fn push(&mut self, row: PackedRow) {
        if self.slots.last() != Some(&row.slot) {
            self.slots.push(row.slot);
            self.starts.push(self.len() as u32);
        }
        self.times.push(row.at_ms);
        self.messages.push(row.message);
        self.conversations.push(row.conversation);
        self.senders.push(row.sender);
        self.origins.push(row.origin);
        self.confidences.push(row.confidence);
        self.phrases.push(row.phrase);
        self.flags.push(flags(row.standing, row.uncertain));
    }

    fn sealed(mut self) -> Self {
        self.starts.push(self.len() as u32);
        self.slots.shrink_to_fit();
        self.starts.shrink_to_fit();
        self
    }

    fn rows(&self) -> impl Iterator<Item = PackedRow> {
        let spans = self.slots.iter().zip(self.starts.windows(2));
        spans.flat_map(|(slot, span)| {
            (span[0] as usize..span[1] as usize).map(|row| PackedRow {
                slot: *slot,
                at_ms: self.times.get(row),
                message: self.messages[row],
                conversation: self.conversations[row],
                sender: self.senders[row],
                origin: self.origins[row],
                confidence: self.confidences[row],
                phrase: self.phrases[row],
                uncertain: self.flags[row] & UNCERTAIN != 0,
                standing: match self.flags[row] & (PLACED | OUT) {
                    PLACED => Standing::Placed,
                    OUT => Standing::Out,
                    _ => Standing::AsRead,
                },
            })
        })
    }
}
