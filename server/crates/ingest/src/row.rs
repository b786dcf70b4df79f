//! From the cells of a row, whatever its format, to a message or the reason why not.

use std::borrow::Cow;

use model::{Message, Rejected, TimeMs};

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

pub(crate) const NOT_UTF8: Problem =
    Problem::new("not_utf8", "the line has bytes that are no characters in the encoding of the file");
pub(crate) const LINE_TOO_LONG: Problem = Problem::new("line_too_long", "the line is longer than the limit");

/// Makes a message of the cells of a row.
pub(crate) fn message(mut cells: Cells<'_>, times: &mut TimeReader) -> Result<Message, Problem> {
    let mut take = |slot: Slot| std::mem::take(&mut cells[slot as usize]);
    let text = take(Slot::Text);
    if text.is_blank() {
        return Err(Problem::new("no_text", "the text is missing or empty"));
    }
    let sent_at_ms = sent_at_ms(&take(Slot::Instant), &take(Slot::Date), &take(Slot::Clock), times)?;
    let id = take(Slot::Id);
    let sender = take(Slot::Sender).into_text();
    let conversation = take(Slot::Conversation);
    let message = Message {
        external_id: (!id.is_blank()).then(|| id.into_text()),
        // A source without conversations is no single great one: what a sender says by himself is a conversation.
        conversation: if conversation.is_blank() { sender.clone() } else { conversation.into_text() },
        sender,
        sent_at_ms,
        text: text.into_text(),
    };
    let has_nul = |text: &str| memchr::memchr(0, text.as_bytes()).is_some();
    let names = [&message.conversation, &message.sender, &message.text];
    if names.into_iter().chain(message.external_id.as_ref()).any(|text| has_nul(text)) {
        return Err(Problem::new("nul_byte", "the line has NUL bytes"));
    }
    Ok(message)
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
                return Err(Problem::new("no_time", "the time is missing or empty"));
            }
        },
    };
    read.map_err(|reason| Problem::new("bad_time", reason))
}
