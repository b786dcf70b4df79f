//! E-mail: one message (`.eml`, RFC 5322 with MIME) or many in a file (mbox, RFC 4155).
//!
//! In an mbox each message begins with a line `From sender date` behind an empty line. Taking a message apart, decoding its
//! parts and their character sets is the work of `mail-parser`. The text is the subject, unless it is an answer's, and the plain
//! part of the body, or the HTML part as text, without what is quoted from earlier messages. The conversation is the subject
//! without its `Re:`, `Antw:`, `Fw:`; else everybody concerned.
//!
//! Of a message only the first 8 MiB are read: what follows are attachments. Positions count bytes of the file.

mod body;

use std::collections::BTreeSet;

use mail_parser::{Address, MessageParser};

use self::body::{own_words, without_answer_marks};
use super::{Items, Opening};
use crate::row::{Draft, NO_TIME, Problem};
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::{LineEnd, Window};
use crate::{Description, Encoding, IngestError, Item, Position};

/// Bytes of one message that are looked at.
const MAX_MAIL_BYTES: usize = 8 * 1024 * 1024;
/// Longest header line looked at as one.
const LINE_BYTES: usize = 64 * 1024;

/// Headers that a message has, in lower case.
const HEADERS: [&[u8]; 9] = [
    b"from:",
    b"to:",
    b"date:",
    b"subject:",
    b"message-id:",
    b"received:",
    b"mime-version:",
    b"return-path:",
    b"delivered-to:",
];

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let mut lines = opening.raw.split(|byte| *byte == b'\n');
    let is_mbox = opening.raw.starts_with(b"From ");
    if is_mbox {
        lines.next();
    }
    let mut known = BTreeSet::new();
    for line in lines.take_while(|line| !line.trim_ascii().is_empty()).take(200) {
        let is_continued = line.starts_with(b" ") || line.starts_with(b"\t");
        let name = line.iter().position(|byte| *byte == b':').map(|colon| line[..=colon].to_ascii_lowercase());
        match name {
            _ if is_continued => {}
            Some(name) if name.iter().all(u8::is_ascii_graphic) => {
                known.extend(HEADERS.iter().position(|header| *header == name));
            }
            _ => return false,
        }
    }
    known.len() >= if is_mbox { 2 } else { 3 }
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let is_mbox = opening.raw.starts_with(b"From ");
    // Each part says its own character set: the bytes must stay as they are.
    let window = Window::open(opening.source, Encoding::Utf8, 0, opening.read)?;
    Ok(Box::new(Mail { window, source: opening.source.clone(), is_mbox }))
}

struct Mail {
    window: Window,
    source: Source,
    is_mbox: bool,
}

impl Items for Mail {
    fn next_item(&mut self, _: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        if !self.window.skip_blank_lines()? {
            return Ok(None);
        }
        let position = self.window.position();
        let mail = self.next_mail()?;
        Ok(Some(match message(&mail) {
            Ok(message) => Item::Message(message),
            Err(problem) => problem.at(position, &mail),
        }))
    }

    fn position(&self) -> Position {
        self.window.position()
    }

    fn jump(&mut self, target: Position) -> Result<bool, IngestError> {
        self.window.go_to(&self.source, target)?;
        Ok(true)
    }
}

impl Mail {
    /// The bytes up to the next message, as many as are looked at; the window stands behind all of them.
    fn next_mail(&mut self) -> Result<Vec<u8>, IngestError> {
        let mut mail = Vec::new();
        let mut is_behind_blank = false;
        let mut is_first = true;
        while self.window.fill_to(5)? > 0 {
            let bytes = self.window.bytes();
            if self.is_mbox && is_behind_blank && bytes.starts_with(b"From ") {
                break;
            }
            let passed = match self.window.line_end(0, LINE_BYTES)? {
                LineEnd::Newline(end) | LineEnd::EndOfFile(end) => end,
                LineEnd::TooFar => LINE_BYTES,
            };
            let line = &self.window.bytes()[..passed];
            is_behind_blank = line.trim_ascii().is_empty();
            let is_separator = is_first && line.starts_with(b"From ");
            if !is_separator && mail.len() + line.len() <= MAX_MAIL_BYTES {
                // mbox puts a `>` before lines that would begin a message.
                let escaped = self.is_mbox && line.trim_ascii_start().starts_with(b">From ");
                mail.extend_from_slice(if escaped { &line[1..] } else { line });
            }
            is_first = false;
            self.window.advance(passed);
        }
        Ok(mail)
    }
}

fn message(mail: &[u8]) -> Result<model::Message, Problem> {
    let parsed =
        MessageParser::default().parse(mail).ok_or(Problem::new("broken_mail", "the message has no headers"))?;
    let date = parsed.date().ok_or(NO_TIME)?;
    if !date.is_valid() {
        return Err(Problem::new("bad_time", "the date of the message is none"));
    }
    let sent_at_ms = TimeReader::read_epoch(date.to_timestamp()).map_err(|reason| Problem::new("bad_time", reason))?;
    let sender = addresses(parsed.from()).next().or_else(|| addresses(parsed.sender()).next()).unwrap_or_default();
    let subject = parsed.subject().unwrap_or_default().trim();
    let topic = without_answer_marks(subject);
    let body = parsed.body_text(0).unwrap_or_default();
    let words = own_words(&body);
    let text = if topic.len() < subject.len() || subject.is_empty() { words } else { format!("{subject}\n{words}") };
    let conversation = if topic.is_empty() {
        let everybody: BTreeSet<String> = addresses(parsed.to()).chain([sender.clone()]).take(20).collect();
        everybody.into_iter().collect::<Vec<_>>().join(", ")
    } else {
        topic.to_owned()
    };
    let id = parsed.message_id().map(str::to_owned);
    Draft { id, conversation, sender, text: text.trim().to_owned(), location: None }.finish(sent_at_ms)
}

/// Addresses in lower case, or names where there is no address.
fn addresses<'a>(header: Option<&'a Address<'_>>) -> impl Iterator<Item = String> + use<'a> {
    let all = header.into_iter().flat_map(Address::iter);
    all.filter_map(|one| one.address().map(str::to_lowercase).or_else(|| one.name().map(str::to_owned)))
}

#[cfg(test)]
mod tests;
