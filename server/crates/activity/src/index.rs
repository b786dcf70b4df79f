//! The index: places, segments of mentions, coverage. Immutable; adding to it gives a new one that shares what did not change.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use model::{Filter, Place, RegionKind, TimeMs};

use crate::column::quantised;
use crate::conversations::{ConversationSpan, SpanTable};
use crate::coverage::{Coverage, CoverageTable, SourceSpan};
use crate::distinct::Distinct;
use crate::places::PlaceTable;
use crate::plan::Plan;
use crate::regions::Regions;
use crate::segment::{PackedRow, Segment};
use crate::selection::Selection;

/// A mention of a place, as the store keeps it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Number of the place.
    pub place_no: u32,
    /// When the message was sent.
    pub sent_at_ms: TimeMs,
    /// Number of the message; up to 4,294,967,295.
    pub message_no: u64,
    /// Number of the conversation.
    pub conversation_no: u32,
    /// Number of the sender.
    pub sender_no: u32,
    /// Number of the case.
    pub case_no: u16,
    /// Number of the source.
    pub source_no: u16,
    /// Confidence of the mention as read, 0 to 1.
    pub confidence: f32,
    /// Number of its phrase.
    pub phrase_no: u32,
    /// Whether it waits for review while it stands as read.
    pub uncertain: bool,
    /// Bits of the topics that its message is about.
    pub topics: u32,
    /// How it counts.
    pub standing: Standing,
}

/// How a mention counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// By its confidence.
    #[default]
    AsRead,
    /// Always: a person placed it.
    Placed,
    /// Never: a person took it off the map.
    Out,
}

/// What holds for the mentions of a phrase in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Number of the place that they count for.
    pub place_no: u32,
    /// How they count.
    pub standing: Standing,
}

/// Case and number of the phrase: mentions that the geoparser could not tell apart and that people decide about together.
pub type PhraseKey = (u16, u32);

/// Why rows could not be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A message number beyond 32 bits.
    #[error("message number {0} is beyond what the index can hold (4,294,967,295)")]
    TooManyMessages(u64),
    /// More pairs of case and source than 65,536.
    #[error("there are more than 65,536 pairs of case and source")]
    TooManySources,
    /// A row whose place was never given.
    #[error("place number {0} is not known to the index")]
    UnknownPlace(u32),
}

/// Everything mentioned, ready to be asked.
#[derive(Debug, Clone)]
pub struct Index {
    pub(crate) regions: Arc<Regions>,
    pub(crate) places: Arc<PlaceTable>,
    /// Pairs of case and source, by origin number.
    pub(crate) origins: Arc<Vec<(u16, u16)>>,
    /// Largest first; each at least twice as large as the next, so there are few (see `append`).
    pub(crate) segments: Vec<Arc<Segment>>,
    pub(crate) coverage: Arc<CoverageTable>,
    pub(crate) spans: Arc<SpanTable>,
    /// Messages that have a mention.
    known: Arc<Distinct>,
    /// By slot: how many mentions there are. Made when it is first asked for.
    rows: OnceLock<Vec<u32>>,
    /// By source: messages that it holds though their rows name another one, the one that they were first read from.
    pub(crate) shared: Arc<HashMap<u16, Distinct>>,
}

impl Index {
    /// An index without mentions.
    pub fn new(regions: Arc<Regions>) -> Self {
        Self {
            regions,
            places: Arc::default(),
            origins: Arc::default(),
            segments: Vec::new(),
            coverage: Arc::default(),
            spans: Arc::default(),
            known: Arc::default(),
            rows: OnceLock::new(),
            shared: Arc::default(),
        }
    }

    /// An index with these places and rows too. Rows may name places given now or before. What no other index shares is not copied.
    ///
    /// # Errors
    /// When a row does not fit.
    ///
    /// # Algorithm
    /// The logarithmic method (Bentley and Saxe 1980, "Decomposable searching problems I"): new rows become a segment of their own, and
    /// as long as the last segment is more than half as large as the one before, the two are merged. A row is merged O(log n) times.
    pub fn append(self, places: Vec<(u32, Place)>, rows: &[Row]) -> Result<Self, IndexError> {
        let mut next = Self { rows: OnceLock::new(), ..self };
        if !places.is_empty() {
            Arc::make_mut(&mut next.places).extend(places, &next.regions);
        }
        if rows.is_empty() {
            return Ok(next);
        }
        let mut origins = next.origins.to_vec();
        let mut packed: Vec<PackedRow> =
            rows.iter().map(|row| pack(row, &next.places, &mut origins)).collect::<Result<_, _>>()?;
        next.origins = Arc::new(origins);
        next.meet(&mut packed);
        let mut last = Segment::from_rows(packed);
        while let Some(before) = next.segments.pop_if(|before| before.len() < 2 * last.len()) {
            last = Segment::merged(&before, &last);
        }
        next.segments.push(Arc::new(last));
        Ok(next)
    }

    /// The same with all rows in one run a place, as if they had come at once: counted faster, after a load that left many segments.
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut next = self.clone();
        // Smallest first: no row is merged more often than by `append`.
        while let [.., before, last] = &next.segments[..] {
            let merged = Segment::merged(before, last);
            next.segments.truncate(next.segments.len() - 2);
            next.segments.push(Arc::new(merged));
        }
        next
    }

    /// Marks the rows whose message has others: among the new ones, and where messages are met again, among all.
    fn meet(&mut self, rows: &mut [PackedRow]) {
        let known = Arc::make_mut(&mut self.known);
        let mut messages: Vec<u32> = rows.iter().map(|row| row.message).collect();
        messages.sort_unstable();
        let (mut several, mut again) = (HashSet::<u32, RandomState>::default(), Distinct::default());
        for rows in messages.chunk_by(|a, b| a == b) {
            let is_known = !known.insert(rows[0]);
            if is_known {
                again.insert(rows[0]);
            }
            if is_known || rows.len() > 1 {
                several.insert(rows[0]);
            }
        }
        for row in rows {
            row.siblings = several.contains(&row.message);
        }
        if again.len() > 0 {
            self.mark(&again);
        }
    }

    /// Marks the rows of these messages as ones with siblings.
    fn mark(&mut self, messages: &Distinct) {
        for segment in &mut self.segments {
            if let Some(marked) = segment.with_siblings(messages) {
                *segment = Arc::new(marked);
            }
        }
    }

    /// The index with these segments, and with what follows from them.
    pub(crate) fn with_segments(mut self, segments: Vec<Segment>) -> Self {
        let (mut known, mut several) = (Distinct::default(), Distinct::default());
        for message in segments.iter().flat_map(Segment::messages) {
            if !known.insert(message) {
                several.insert(message);
            }
        }
        self.segments = segments.into_iter().map(Arc::new).collect();
        self.known = Arc::new(known);
        self.mark(&several);
        self
    }

    /// An index in which these verdicts hold for their mentions; all others stay as they are.
    ///
    /// One pass over the segments that hold any of them, without sorting more than what moves to another place.
    ///
    /// # Errors
    /// When a verdict names a place that was never given.
    pub fn ruled(&self, verdicts: &HashMap<PhraseKey, Verdict>) -> Result<Self, IndexError> {
        let mut slots = HashMap::with_capacity(verdicts.len());
        for (key, verdict) in verdicts {
            let slot = self.places.slot_of_no(verdict.place_no).ok_or(IndexError::UnknownPlace(verdict.place_no))?;
            slots.insert(*key, (slot, verdict.standing));
        }
        let phrases: Distinct = slots.keys().map(|(_, phrase_no)| *phrase_no).collect();
        let mut next = Self { rows: OnceLock::new(), ..self.clone() };
        for segment in &mut next.segments {
            if !segment.holds_any(&phrases) {
                continue;
            }
            let changed = segment.changed(|origin, phrase_no| {
                let (case_no, _) = self.origins[usize::from(origin)];
                phrases.contains(phrase_no).then(|| slots.get(&(case_no, phrase_no)).copied()).flatten()
            });
            *segment = Arc::new(changed);
        }
        Ok(next)
    }

    /// The place of this id, with the number that rows use.
    pub fn place(&self, id: &str) -> Option<(u32, &Place)> {
        Some((self.places.no_of_id(id)?, self.places.place(self.places.slot_of_id(id)?)))
    }

    /// How many mentions of these phrases there are, by case and phrase.
    pub fn count_phrases(&self, phrase_nos: impl IntoIterator<Item = u32>) -> HashMap<PhraseKey, u64> {
        let phrases: Distinct = phrase_nos.into_iter().collect();
        let mut counts = HashMap::new();
        for segment in self.segments.iter().filter(|segment| segment.holds_any(&phrases)) {
            for row in 0..segment.len() {
                let phrase_no = segment.phrase(row);
                if phrases.contains(phrase_no) {
                    *counts.entry((self.origins[segment.origin(row)].0, phrase_no)).or_default() += 1;
                }
            }
        }
        counts
    }

    /// How many mentions are placed.
    pub fn placed(&self) -> u64 {
        let least = quantised(model::ACCEPTANCE_THRESHOLD);
        let of = |segment: &Segment| (0..segment.len()).filter(|row| segment.reaches(*row, least)).count() as u64;
        self.segments.iter().map(|segment| of(segment)).sum()
    }

    /// An index that knows how many messages were read on these days; what was said of other days stays.
    #[must_use]
    pub fn with_coverage(&self, coverage: &[Coverage]) -> Self {
        let mut next = self.clone();
        Arc::make_mut(&mut next.coverage).update(coverage);
        next
    }

    /// Spans with data of each source, by its number, in order of time.
    pub fn spans_of_sources(&self) -> HashMap<u16, Vec<SourceSpan>> {
        self.coverage.spans()
    }

    /// An index that knows from when to when these conversations have messages; what was said of others stays.
    #[must_use]
    pub fn with_conversations(&self, spans: &[ConversationSpan]) -> Self {
        let mut next = self.clone();
        if !spans.is_empty() {
            Arc::make_mut(&mut next.spans).update(spans);
        }
        next
    }

    /// An index that knows of these messages, by number, that another source holds them, too.
    ///
    /// # Errors
    /// When a message number is beyond what the index can hold.
    pub fn with_shared(&self, shared: &[(u64, u16)]) -> Result<Self, IndexError> {
        let mut next = self.clone();
        if !shared.is_empty() {
            let by_source = Arc::make_mut(&mut next.shared);
            for (message_no, source_no) in shared {
                let message = u32::try_from(*message_no).map_err(|_| IndexError::TooManyMessages(*message_no))?;
                by_source.entry(*source_no).or_default().insert(message);
            }
        }
        Ok(next)
    }

    /// What passes the filter.
    pub fn query<'a>(&'a self, filter: &'a Filter) -> Selection<'a> {
        Selection::new(self, filter, Plan::new(filter, self))
    }

    /// The slot of the region of this layer that the place of this id belongs to.
    pub(crate) fn region_of_place(&self, id: &str, kind: RegionKind) -> Option<u16> {
        self.places.region_of(self.places.slot_of_id(id)?, kind)
    }

    /// How many mentions of a place there are, whatever is asked for.
    pub(crate) fn rows_of(&self, slot: u32) -> u64 {
        let counted = || {
            let mut rows = vec![0; self.places.len()];
            for (slot, count) in self.segments.iter().flat_map(|segment| segment.rows_by_slot()) {
                rows[slot as usize] += count;
            }
            rows
        };
        self.rows.get_or_init(counted)[slot as usize].into()
    }

    /// How many mentions there are.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.len()).sum()
    }

    /// Whether there are no mentions.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// What the columns take, in bytes; places and regions not counted.
    pub fn memory_bytes(&self) -> usize {
        self.segments.iter().map(|segment| segment.memory_bytes()).sum()
    }
}

fn pack(row: &Row, places: &PlaceTable, origins: &mut Vec<(u16, u16)>) -> Result<PackedRow, IndexError> {
    let origin = (row.case_no, row.source_no);
    let at = origins.iter().position(|known| *known == origin).unwrap_or_else(|| {
        origins.push(origin);
        origins.len() - 1
    });
    Ok(PackedRow {
        slot: places.slot_of_no(row.place_no).ok_or(IndexError::UnknownPlace(row.place_no))?,
        at_ms: row.sent_at_ms,
        message: u32::try_from(row.message_no).map_err(|_| IndexError::TooManyMessages(row.message_no))?,
        conversation: row.conversation_no,
        sender: row.sender_no,
        origin: u16::try_from(at).map_err(|_| IndexError::TooManySources)?,
        confidence: quantised(row.confidence),
        phrase: row.phrase_no,
        uncertain: row.uncertain,
        topics: row.topics,
        standing: row.standing,
        siblings: false,
    })
}
