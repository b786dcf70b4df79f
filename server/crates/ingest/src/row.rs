//! From the cells of a row, whatever its format, to a message or the reason why not.

use std::borrow::Cow;

use model::{Message, Rejected, SharedLocation, TimeMs};

use crate::fields::{SLOTS, Slot};
use crate::time::TimeReader;
use crate::{Item, MAX_RAW_BYTES, Position};

/// One value as the source holds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell<'a> {
    #[default]
    Missing,
    Text(Cow<'a, str>),
    Integer(i64),
    Real(f64),
}

impl Cell<'_> {
    fn is_blank(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Integer(_) | Self::Real(_) => false,
        }
    }

    fn into_text(self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Text(text) => text.into_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
        }
    }
}

/// The cells of a row by [`Slot`].
pub(crate) type Cells<'a> = [Cell<'a>; SLOTS];

/// Why a piece could not become a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) reason: Cow<'static, str>,
}

impl Problem {
    pub(crate) const fn new(code: &'static str, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// The rejected piece that stood at `position`.
    pub(crate) fn at(self, position: Position, raw: &[u8]) -> Item {
        Item::Rejected(Rejected {
            line: position.line,
            offset: position.offset,
            code: self.code,
            reason: self.reason.into_owned(),
            raw: raw[..raw.len().min(MAX_RAW_BYTES)].to_vec(),
        })
    }
}

pub(crate) const NO_TEXT: Problem = Problem::new("no_text", "the text is missing or empty");
pub(crate) const NO_TIME: Problem = Problem::new("no_time", "the time is missing or empty");
/// What the application itself says: somebody joined, a call was missed. No failure, but no message of anybody either.
pub(crate) const SYSTEM_NOTICE: Problem =
    Problem::new(crate::SYSTEM_NOTICE, "a notice of the application, not a message");
pub(crate) const TOO_LONG: Problem = Problem::new("line_too_long", "the piece is longer than the limit");
pub(crate) const NOT_UTF8: Problem =
    Problem::new("not_utf8", "the line has bytes that are no characters in the encoding of the file");
pub(crate) const LINE_TOO_LONG: Problem = Problem::new("line_too_long", "the line is longer than the limit");

/// Makes a message of the cells of a row.
pub(crate) fn message(cells: Cells<'_>, times: &mut TimeReader) -> Result<Message, Problem> {
    message_at(cells, None, times)
}

/// Makes a message of the cells of a row and the location that stands beside them.
pub(crate) fn message_at(
    mut cells: Cells<'_>,
    location: Option<SharedLocation>,
    times: &mut TimeReader,
) -> Result<Message, Problem> {
    let mut take = |slot: Slot| std::mem::take(&mut cells[slot as usize]);
    let text = take(Slot::Text);
    if text.is_blank() && location.is_none() {
        return Err(NO_TEXT);
    }
    let sent_at_ms = sent_at_ms(&take(Slot::Instant), &take(Slot::Date), &take(Slot::Clock), times)?;
    let id = take(Slot::Id);
    let sender = take(Slot::Sender).into_text();
    let conversation = take(Slot::Conversation);
    let draft = Draft {
        id: (!id.is_blank()).then(|| id.into_text()),
        conversation: if conversation.is_blank() { String::new() } else { conversation.into_text() },
        sender,
        text: text.into_text(),
        location,
    };
    draft.finish(sent_at_ms)
}

/// What a source says of a message, but for its time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) conversation: String,
    pub(crate) sender: String,
    pub(crate) text: String,
    pub(crate) location: Option<SharedLocation>,
}

impl Draft {
    /// The message, if there is anything in it.
    pub(crate) fn finish(self, sent_at_ms: TimeMs) -> Result<Message, Problem> {
        let Self { id, conversation, sender, text, location } = self;
        if text.trim().is_empty() && location.is_none() {
            return Err(NO_TEXT);
        }
        let label = location.as_ref().and_then(|location| location.label.as_ref());
        let has_nul = |text: &String| memchr::memchr(0, text.as_bytes()).is_some();
        if [&conversation, &sender, &text].into_iter().chain(&id).chain(label).any(has_nul) {
            return Err(Problem::new("nul_byte", "the piece has NUL bytes"));
        }
        // A source without conversations is no single great one: what a sender says by himself is a conversation.
        let conversation = if conversation.trim().is_empty() { sender.clone() } else { conversation };
        Ok(Message {
            external_id: id.filter(|id| !id.trim().is_empty()),
            conversation,
            sender,
            sent_at_ms,
            text,
            location,
        })
    }
}

/// A point from degrees, where they are on the globe. Zero and zero, in the Gulf of Guinea, is what broken devices write.
pub(crate) fn shared_location(lon: f64, lat: f64, label: Option<String>) -> Option<SharedLocation> {
    let point = model::LonLat::new(lon, lat).filter(|point| point.lon != 0.0 || point.lat != 0.0)?;
    Some(SharedLocation { point, radius_m: None, label: label.filter(|label| !label.trim().is_empty()) })
}

fn sent_at_ms(
    instant: &Cell<'_>,
    date: &Cell<'_>,
    clock: &Cell<'_>,
    times: &mut TimeReader,
) -> Result<TimeMs, Problem> {
    let read = match (instant, date, clock) {
        (Cell::Missing, Cell::Text(date), Cell::Text(clock)) => times.read_parts(date, clock),
        (Cell::Missing, Cell::Missing, cell) | (Cell::Missing, cell, _) | (cell, _, _) => match cell {
            Cell::Text(text) if !text.trim().is_empty() => times.read(text),
            Cell::Integer(number) => TimeReader::read_epoch(*number),
            Cell::Real(number) => TimeReader::read_epoch_fraction(*number),
            Cell::Missing | Cell::Text(_) => {
                return Err(NO_TIME);
            }
        },
    };
    read.map_err(|reason| Problem::new("bad_time", reason))
}
