//! WhatsApp's "export chat": a text file a conversation, in the words and the date order of the phone it was made on.
//!
//! Android writes `27-08-2020 11:17 - Naam: tekst` (a comma behind the date in many languages), iOS
//! `[27-08-2020 11:17:33] Naam: tekst`, with invisible direction marks (U+200E) and narrow spaces (U+202F) here and there, and
//! hours of twelve where the phone is set so. A line that does not begin with a date continues the message above it. Known from
//! exports and WhatsApp's help pages ("How to export your chat history").
//!
//! A dated line without a name is a notice of the application. It is handed over as rejected with the code `system_notice`,
//! so that nothing is lost and nothing is counted as somebody's words. `<Media weggelaten>`, `afbeelding weggelaten` and
//! `Dit bericht is verwijderd` are kept as messages: that something was sent or deleted then is part of the conversation.
//! A shared location is a map link in the text and found there. The conversation is the name of the chat in the file's name.

mod head;
mod name;

use self::head::{Head, guess_order, head};
use super::{Items, Opening};
use crate::row::{Draft, NOT_UTF8, Problem, SYSTEM_NOTICE, TOO_LONG};
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::{LineEnd, Window, trim_line_end};
use crate::written_time::DateOrder;
use crate::{Description, IngestError, Item, Position};

/// Names longer than this are no names, but notices with a colon in them.
const MAX_NAME_CHARS: usize = 100;

const NO_HEAD: Problem = Problem::new("no_time", "the line has no date and belongs to no message");

/// Whether one of the first lines begins as a message does.
pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let is_named = |line: String| head(&line).is_some_and(|head| name_of(&head.rest).is_some());
    !opening.is_binary()
        && lines(opening.sample).take(3).any(|line| head(&line).is_some())
        && lines(opening.sample).take(50).any(is_named)
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let heads: Vec<Head> = lines(opening.sample).filter_map(|line| head(&line)).collect();
    let order = guess_order(&heads);
    let conversation = name::conversation(opening.name());
    description.map = opening.options.map.clone();
    description.remarks = vec![format!("dates as {}", order.as_str())];
    let (window, source, limit) = (opening.window()?, opening.source.clone(), opening.options.max_line_bytes);
    Ok(Box::new(WhatsApp { window, source, order, conversation, limit }))
}

fn lines(sample: &[u8]) -> impl Iterator<Item = String> {
    sample
        .split(|byte| *byte == b'\n')
        .map(|line| String::from_utf8_lossy(trim_line_end(line)).into_owned())
        .filter(|line| !line.trim().is_empty())
}

struct WhatsApp {
    window: Window,
    source: Source,
    order: DateOrder,
    conversation: String,
    limit: usize,
}

impl Items for WhatsApp {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        if !self.window.skip_blank_lines()? {
            return Ok(None);
        }
        let position = self.window.position();
        let first = match self.window.line_end(0, self.limit)? {
            LineEnd::Newline(end) | LineEnd::EndOfFile(end) => end,
            LineEnd::TooFar => return super::reject_line(&mut self.window, TOO_LONG).map(Some),
        };
        let end = self.end_of_message(first)?;
        let piece = &self.window.bytes()[..end];
        let item = match self.message(trim_line_end(piece), times) {
            Ok(message) => Item::Message(message),
            Err(problem) => problem.at(position, trim_line_end(piece)),
        };
        self.window.advance(end);
        Ok(Some(item))
    }

    fn position(&self) -> Position {
        self.window.position()
    }

    fn jump(&mut self, target: Position) -> Result<bool, IngestError> {
        self.window.go_to(&self.source, target)?;
        Ok(true)
    }
}

impl WhatsApp {
    /// The end of the message whose first line ends before `end`: where the next dated line begins, or at the limit.
    fn end_of_message(&mut self, mut end: usize) -> Result<usize, IngestError> {
        loop {
            let (next, is_last) = match self.window.line_end(end, self.limit)? {
                LineEnd::Newline(next) => (next, false),
                LineEnd::EndOfFile(next) => (next, true),
                LineEnd::TooFar => return Ok(end),
            };
            let line = String::from_utf8_lossy(&self.window.bytes()[end..next]);
            if next == end || next > self.limit || head(&line).is_some() {
                return Ok(end);
            }
            end = next;
            if is_last {
                return Ok(end);
            }
        }
    }

    fn message(&self, piece: &[u8], times: &mut TimeReader) -> Result<model::Message, Problem> {
        let piece = std::str::from_utf8(piece).map_err(|_| NOT_UTF8)?;
        let (line, more) = piece.split_once('\n').unwrap_or((piece, ""));
        let head = head(line).ok_or(NO_HEAD)?;
        let (sender, text) = name_of(&head.rest).ok_or(SYSTEM_NOTICE)?;
        if text.starts_with('\u{200E}') && text.contains("end-to-end") {
            return Err(SYSTEM_NOTICE);
        }
        let written =
            head.written(self.order).ok_or(Problem::new("bad_time", "the date is none in the order of this file"))?;
        let sent_at_ms = times.read(&written).map_err(|reason| Problem::new("bad_time", reason))?;
        let text = if more.is_empty() { text.to_owned() } else { format!("{text}\n{more}") };
        let draft = Draft {
            conversation: self.conversation.clone(),
            sender: sender.to_owned(),
            text: text.trim_matches(is_mark).trim_end().to_owned(),
            ..Draft::default()
        };
        draft.finish(sent_at_ms)
    }
}

/// Invisible marks of direction.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The name before the first colon, and what follows it.
fn name_of(rest: &str) -> Option<(&str, &str)> {
    let (name, text) = rest.split_once(": ").or_else(|| rest.strip_suffix(':').map(|name| (name, "")))?;
    // iOS puts a tilde before names that are not in the address book.
    let name = name.trim_matches(is_mark).trim_start_matches(['~', '\u{202F}', '\u{A0}', ' ']).trim();
    let is_name =
        !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.contains(['"', '“', '”', '„', '«']);
    is_name.then_some((name, text))
}

#[cfg(test)]
mod tests;
