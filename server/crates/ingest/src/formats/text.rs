//! Plain text, a message a line.
//!
//! Only when asked for by name: anything is text, and taking whatever is not known for messages would fill a case with noise. A
//! plain line has no time, so one has to be stated (`--time`); without it every line is rejected, with that reason. Conversation
//! and sender are not known and stay empty.

use super::{Items, Opening, reject_line};
use crate::row::{Draft, LINE_TOO_LONG, NOT_UTF8, Problem};
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::{LineEnd, Window, trim_line_end};
use crate::{Description, IngestError, Item, Position};

const NO_STATED_TIME: Problem = Problem::new("no_time", "plain text has no time, and none was stated");

pub(super) fn recognises(_: &Opening<'_>) -> bool {
    false
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let (limit, stated_time) = (opening.options.max_line_bytes, opening.options.stated_time);
    Ok(Box::new(Text { window: opening.window()?, source: opening.source.clone(), limit, stated_time }))
}

struct Text {
    window: Window,
    source: Source,
    limit: usize,
    stated_time: Option<model::TimeMs>,
}

impl Items for Text {
    fn next_item(&mut self, _: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        if !self.window.skip_blank_lines()? {
            return Ok(None);
        }
        let end = match self.window.line_end(0, self.limit)? {
            LineEnd::Newline(end) | LineEnd::EndOfFile(end) => end,
            LineEnd::TooFar => return reject_line(&mut self.window, LINE_TOO_LONG).map(Some),
        };
        let (position, line) = (self.window.position(), trim_line_end(&self.window.bytes()[..end]));
        let item = match message(line, self.stated_time) {
            Ok(message) => Item::Message(message),
            Err(problem) => problem.at(position, line),
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

fn message(line: &[u8], stated_time: Option<model::TimeMs>) -> Result<model::Message, Problem> {
    let text = std::str::from_utf8(line).map_err(|_| NOT_UTF8)?;
    let draft = Draft { text: text.to_owned(), ..Draft::default() };
    draft.finish(stated_time.ok_or(NO_STATED_TIME)?)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use crate::{Format, Item, Options, open};

    #[test]
    fn a_line_is_a_message_of_the_stated_time_or_is_rejected() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"een in Emmen\n\ntwee\n").unwrap();
        let asked = Options { format: Format::Text, ..Options::default() };
        let codes: Vec<_> = open(file.path(), &asked)
            .unwrap()
            .map(|item| match item.unwrap() {
                Item::Message(_) => "message",
                Item::Rejected(piece) => piece.code,
            })
            .collect();
        assert_eq!(codes, ["no_time", "no_time"]);
        let stated = Options { stated_time: Some(7), ..asked };
        let items: Vec<Item> = open(file.path(), &stated).unwrap().map(Result::unwrap).collect();
        assert!(matches!(&items[1], Item::Message(message) if message.text == "twee" && message.sent_at_ms == 7));
        assert!(open(file.path(), &Options::default()).is_err(), "nothing is taken for plain text unasked");
    }
}
