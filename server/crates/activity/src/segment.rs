//! Mentions as columns, sorted by place, then time, then message.

use std::io::{self, Write};
use std::ops::Range;

use model::TimeMs;

use crate::column::{Input, Narrow, TimeColumn};
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
    pub(crate) topics: u32,
    pub(crate) standing: Standing,
    /// Whether its message has other rows, too.
    pub(crate) siblings: bool,
}

/// Standing, uncertainty and siblings of a row in a byte.
const PLACED: u8 = 1;
const OUT: u8 = 2;
const UNCERTAIN: u8 = 4;
const SIBLINGS: u8 = 8;

fn flags(standing: Standing, uncertain: bool, siblings: bool) -> u8 {
    let flags = if uncertain { UNCERTAIN } else { 0 } | if siblings { SIBLINGS } else { 0 };
    flags
        | match standing {
            Standing::AsRead => 0,
            Standing::Placed => PLACED,
            Standing::Out => OUT,
        }
}

/// A person's word is beyond confidence.
#[inline]
fn reaches(flags: u8, confidence: u16, least: u16) -> bool {
    flags & PLACED != 0 || (flags & OUT == 0 && confidence >= least)
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

/// Immutable sorted rows: at most 31 bytes a mention, 22 to 24 as numbers go and with up to eight topics, and up to 24 a place that
/// occurs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segment {
    /// Slots that occur, ascending.
    slots: Vec<u32>,
    /// Where each slot's rows start; one more than `slots`.
    starts: Vec<u32>,
    times: TimeColumn,
    messages: Narrow,
    conversations: Narrow,
    senders: Narrow,
    origins: Narrow,
    confidences: Vec<u16>,
    phrases: Narrow,
    topics: Narrow,
    flags: Vec<u8>,
    /// By slot: 1 + its position in `slots`, or 0; empty where so few slots occur that they are found as fast without.
    positions: Vec<u32>,
    /// The first and the last time of all rows.
    span: Option<(TimeMs, TimeMs)>,
}

/// Most entries of `positions` for each slot that occurs.
const SPARSE: usize = 4;

/// The largest number of each column whose width depends on it.
#[derive(Debug, Clone, Copy, Default)]
struct Largest {
    message: u32,
    conversation: u32,
    sender: u32,
    origin: u32,
    phrase: u32,
    topics: u32,
}

impl Largest {
    fn of<'r>(rows: impl IntoIterator<Item = &'r PackedRow>) -> Self {
        rows.into_iter().fold(Self::default(), |largest, row| {
            largest.and(Self {
                message: row.message,
                conversation: row.conversation,
                sender: row.sender,
                origin: row.origin.into(),
                phrase: row.phrase,
                topics: row.topics,
            })
        })
    }

    fn and(self, other: Self) -> Self {
        Self {
            message: self.message.max(other.message),
            conversation: self.conversation.max(other.conversation),
            sender: self.sender.max(other.sender),
            origin: self.origin.max(other.origin),
            phrase: self.phrase.max(other.phrase),
            topics: self.topics.max(other.topics),
        }
    }
}

impl Segment {
    pub(crate) fn from_rows(mut rows: Vec<PackedRow>) -> Self {
        rows.sort_unstable_by_key(PackedRow::order);
        let mut segment = Self::with_capacity(rows.len(), Largest::of(&rows));
        for row in rows {
            segment.push(row);
        }
        segment.sealed()
    }

    /// Both in one, in a single pass.
    pub(crate) fn merged(a: &Self, b: &Self) -> Self {
        let mut merged = Self::with_capacity(a.len() + b.len(), a.largest().and(b.largest()));
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
        self.flags.len()
    }

    /// Rows of the place from `from_ms` up to, but not at, `to_ms`.
    pub(crate) fn range(&self, slot: u32, from_ms: TimeMs, to_ms: TimeMs) -> Range<usize> {
        let Some((first_ms, last_ms)) = self.span.filter(|(first, last)| from_ms <= *last && *first < to_ms) else {
            return 0..0;
        };
        let Some(at) = self.position(slot) else { return 0..0 };
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        let from = if from_ms <= first_ms { start } else { self.times.lower_bound(start, end, from_ms) };
        let to = if to_ms > last_ms { end } else { self.times.lower_bound(from, end, to_ms) };
        from..to
    }

    /// The first of these rows of one place that is not before the time; their end when there is none. Found soonest near the first.
    pub(crate) fn first_from(&self, rows: Range<usize>, at_ms: TimeMs) -> usize {
        let (mut from, mut step) = (rows.start, 1);
        while from + step < rows.end && self.times.get(from + step) < at_ms {
            from += step + 1;
            step *= 2;
        }
        self.times.lower_bound(from, (from + step).min(rows.end), at_ms)
    }

    /// Slots that occur with the number of their rows.
    pub(crate) fn rows_by_slot(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.slots.iter().copied().zip(self.starts.windows(2).map(|ends| ends[1] - ends[0]))
    }

    fn position(&self, slot: u32) -> Option<usize> {
        if self.positions.is_empty() {
            return self.slots.binary_search(&slot).ok();
        }
        (self.positions.get(slot as usize).copied()? as usize).checked_sub(1)
    }

    pub(crate) fn at_ms(&self, row: usize) -> TimeMs {
        self.times.get(row)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every row, which seldom needs all of it")]
    pub(crate) fn view(&self, row: usize) -> RowView {
        RowView {
            at_ms: self.times.get(row),
            message: self.messages.get(row),
            conversation: self.conversations.get(row),
            sender: self.senders.get(row),
            confidence: self.confidences[row],
        }
    }

    pub(crate) fn origin(&self, row: usize) -> usize {
        self.origins.get(row) as usize
    }

    /// The confidence as read.
    pub(crate) fn confidence(&self, row: usize) -> u16 {
        self.confidences[row]
    }

    /// Whether the row counts where so much confidence is asked for.
    pub(crate) fn reaches(&self, row: usize, least: u16) -> bool {
        reaches(self.flags[row], self.confidences[row], least)
    }

    /// The same of each of some rows.
    pub(crate) fn reaching(&self, rows: Range<usize>, least: u16) -> impl Iterator<Item = bool> + '_ {
        let rows = self.flags[rows.clone()].iter().zip(&self.confidences[rows]);
        rows.map(move |(flags, confidence)| reaches(*flags, *confidence, least))
    }

    /// Whether the message of the row may have other rows, too; one without has nothing to be counted twice with.
    #[inline]
    pub(crate) fn has_siblings(&self, row: usize) -> bool {
        self.flags[row] & SIBLINGS != 0
    }

    /// The same rows, those of these messages with siblings; `None` where there are none of them.
    pub(crate) fn with_siblings(&self, messages: &Distinct) -> Option<Self> {
        let mut marked = None::<Self>;
        for (row, _) in self.messages.iter().enumerate().filter(|(_, message)| messages.contains(*message)) {
            marked.get_or_insert_with(|| self.clone()).flags[row] |= SIBLINGS;
        }
        marked
    }

    /// Whether the row waits for review: uncertain, and nobody decided.
    pub(crate) fn waits(&self, row: usize) -> bool {
        self.flags[row] & !SIBLINGS == UNCERTAIN && self.phrases.get(row) != 0
    }

    pub(crate) fn phrase(&self, row: usize) -> u32 {
        self.phrases.get(row)
    }

    /// Bits of the topics of the message.
    pub(crate) fn topics(&self, row: usize) -> u32 {
        self.topics.get(row)
    }

    pub(crate) fn holds_any(&self, phrases: &Distinct) -> bool {
        phrases.len() > 0 && self.phrases.iter().any(|phrase| phrases.contains(phrase))
    }

    /// The same rows, those for which `verdict` gives a slot and a standing (by origin and phrase) with these.
    pub(crate) fn changed(&self, verdict: impl Fn(u16, u32) -> Option<(u32, Standing)>) -> Self {
        let decided = (0..self.len())
            .filter_map(|row| Some((row, verdict(self.origins.get(row) as u16, self.phrases.get(row))?)))
            .collect::<Vec<_>>();
        if decided.iter().all(|(row, (slot, _))| self.slot(*row) == *slot) {
            // Nothing moves: columns are copied as they are.
            let mut same_order = self.clone();
            for (row, (_, standing)) in decided {
                let before = self.flags[row];
                same_order.flags[row] = flags(standing, before & UNCERTAIN != 0, before & SIBLINGS != 0);
            }
            return same_order;
        }
        let mut kept = Self::with_capacity(self.len(), self.largest());
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
        self.messages.get(row)
    }

    pub(crate) fn conversation(&self, row: usize) -> u32 {
        self.conversations.get(row)
    }

    pub(crate) fn sender(&self, row: usize) -> u32 {
        self.senders.get(row)
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let narrow = self.narrow();
        self.len() * (TimeColumn::BYTES + size_of::<u16>() + size_of::<u8>())
            + narrow.iter().map(|column| column.memory_bytes()).sum::<usize>()
            + (self.slots.len() + self.starts.len() + self.positions.len()) * size_of::<u32>()
    }

    fn narrow(&self) -> [&Narrow; 6] {
        [&self.messages, &self.conversations, &self.senders, &self.origins, &self.phrases, &self.topics]
    }

    /// Everything as bytes; see `snapshot`.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&(self.len() as u32).to_le_bytes())?;
        out.write_all(&(self.slots.len() as u32).to_le_bytes())?;
        self.slots.iter().chain(&self.starts).try_for_each(|number| out.write_all(&number.to_le_bytes()))?;
        self.times.write(out)?;
        for column in self.narrow() {
            column.write(out)?;
        }
        self.confidences.iter().try_for_each(|confidence| out.write_all(&confidence.to_le_bytes()))?;
        out.write_all(&self.flags)
    }

    /// The segment that these bytes were written from; `None` when they are none, or name a slot or an origin that is not there.
    pub(crate) fn read(input: &mut Input<'_>, slots: usize, origins: usize) -> Option<Self> {
        let (rows, places) = (input.u32()? as usize, input.u32()? as usize);
        let segment = Self {
            slots: input.u32s(places)?,
            starts: input.u32s(places.checked_add(1)?)?,
            times: TimeColumn::read(input, rows)?,
            messages: Narrow::read(input, rows)?,
            conversations: Narrow::read(input, rows)?,
            senders: Narrow::read(input, rows)?,
            origins: Narrow::read(input, rows)?,
            phrases: Narrow::read(input, rows)?,
            topics: Narrow::read(input, rows)?,
            confidences: {
                let confidences = input.take(rows.checked_mul(2)?)?.as_chunks().0;
                confidences.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect()
            },
            flags: input.take(rows)?.to_vec(),
            ..Self::default()
        };
        let is_whole = segment.slots.is_sorted_by(|a, b| a < b)
            && segment.slots.last().is_none_or(|slot| (*slot as usize) < slots)
            && segment.starts.is_sorted_by(|a, b| a < b)
            && segment.starts.first() == Some(&0)
            && segment.starts.last().is_some_and(|end| *end as usize == rows)
            && segment.origins.iter().all(|origin| (origin as usize) < origins);
        is_whole.then(|| segment.findable())
    }

    /// The numbers of the messages of all rows.
    pub(crate) fn messages(&self) -> impl Iterator<Item = u32> + '_ {
        self.messages.iter()
    }

    /// Sum of the numbers of the messages, modulo 2⁶⁴.
    pub(crate) fn message_sum(&self) -> u64 {
        self.messages.iter().fold(0, |sum, message| sum.wrapping_add(message.into()))
    }

    /// What the columns have room for.
    fn largest(&self) -> Largest {
        Largest {
            message: self.messages.largest(),
            conversation: self.conversations.largest(),
            sender: self.senders.largest(),
            origin: self.origins.largest(),
            phrase: self.phrases.largest(),
            topics: self.topics.largest(),
        }
    }

    fn with_capacity(capacity: usize, largest: Largest) -> Self {
        Self {
            slots: Vec::new(),
            starts: Vec::new(),
            times: TimeColumn::with_capacity(capacity),
            messages: Narrow::with_capacity(capacity, largest.message),
            conversations: Narrow::with_capacity(capacity, largest.conversation),
            senders: Narrow::with_capacity(capacity, largest.sender),
            origins: Narrow::with_capacity(capacity, largest.origin),
            confidences: Vec::with_capacity(capacity),
            phrases: Narrow::with_capacity(capacity, largest.phrase),
            topics: Narrow::with_capacity(capacity, largest.topics),
            flags: Vec::with_capacity(capacity),
            ..Self::default()
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
        self.origins.push(row.origin.into());
        self.confidences.push(row.confidence);
        self.phrases.push(row.phrase);
        self.topics.push(row.topics);
        self.flags.push(flags(row.standing, row.uncertain, row.siblings));
    }

    fn sealed(mut self) -> Self {
        self.starts.push(self.len() as u32);
        self.slots.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.findable()
    }

    /// With what finds rows quickly and follows from the columns.
    fn findable(mut self) -> Self {
        let last = self.slots.last().map_or(0, |slot| *slot as usize);
        if last < SPARSE * self.slots.len() {
            self.positions = vec![0; last + 1];
            for (slot, at) in self.slots.iter().zip(1..) {
                self.positions[*slot as usize] = at;
            }
        }
        // Rows of a place are in order of time.
        let ends = self.starts.windows(2).map(|span| (span[0] as usize, span[1] as usize - 1));
        let ends = ends.map(|(first, last)| (self.times.get(first), self.times.get(last)));
        self.span = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        self
    }

    fn rows(&self) -> impl Iterator<Item = PackedRow> {
        let spans = self.slots.iter().zip(self.starts.windows(2));
        spans.flat_map(|(slot, span)| {
            (span[0] as usize..span[1] as usize).map(|row| PackedRow {
                slot: *slot,
                at_ms: self.times.get(row),
                message: self.messages.get(row),
                conversation: self.conversations.get(row),
                sender: self.senders.get(row),
                origin: self.origins.get(row) as u16,
                confidence: self.confidences[row],
                phrase: self.phrases.get(row),
                topics: self.topics.get(row),
                uncertain: self.flags[row] & UNCERTAIN != 0,
                siblings: self.flags[row] & SIBLINGS != 0,
                standing: match self.flags[row] & (PLACED | OUT) {
                    PLACED => Standing::Placed,
                    OUT => Standing::Out,
                    _ => Standing::AsRead,
                },
            })
        })
    }
}
