//! Where a record ends: at the newline, or at a later one when a quoted field holds newlines.

use crate::IngestError;
use crate::window::Window;

/// What the quotes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordEnd {
    /// The record ends before this index.
    At(usize),
    /// A quote is opened in the first line and not closed, or closed in the middle of a later field.
    Unbalanced,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote inside quotes: the end of the field, or the first half of an escaped quote.
    QuoteInQuoted,
}

/// Finds the end of the record whose first line ends before `first`.
///
/// A record of several lines has to keep to the grammar: what follows its closing quotes is a delimiter or a newline.
/// Otherwise its opening quote was a stray one. In one line a stray quote does no harm and is read as it stands.
pub(super) fn end(
    window: &mut Window,
    first: usize,
    delimiter: u8,
    max_bytes: usize,
) -> Result<RecordEnd, IngestError> {
    if memchr::memchr(b'"', &window.bytes()[..first]).is_none() {
        return Ok(RecordEnd::At(first));
    }
    let mut state = State::FieldStart;
    let mut at = 0;
    loop {
        if at >= window.bytes().len() && !window.fill()? {
            let is_open = state == State::Quoted;
            return Ok(if is_open { RecordEnd::Unbalanced } else { RecordEnd::At(at) });
        }
        if at > max_bytes {
            return Ok(RecordEnd::Unbalanced);
        }
        if state == State::Quoted {
            // The only byte that matters inside quotes is the next quote.
            let rest = &window.bytes()[at..];
            at += memchr::memchr(b'"', rest).unwrap_or(rest.len());
            if at == window.bytes().len() {
                continue;
            }
        }
        let byte = window.bytes()[at];
        at += 1;
        state = match (state, byte) {
            (State::Quoted, _) => State::QuoteInQuoted,
            (_, b'\n') => return Ok(RecordEnd::At(at)),
            (_, byte) if byte == delimiter => State::FieldStart,
            (State::FieldStart | State::QuoteInQuoted, b'"') => State::Quoted,
            (State::QuoteInQuoted, b'\r') => State::QuoteInQuoted,
            (State::QuoteInQuoted, _) if at > first => return Ok(RecordEnd::Unbalanced),
            (State::FieldStart | State::Unquoted | State::QuoteInQuoted, _) => State::Unquoted,
        };
    }
}
