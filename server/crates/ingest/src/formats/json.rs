//! JSON arrays of objects, alone or as the value of a known key of an object (`{"messages":[…]}`, also one level deeper:
//! `{"data":{"messages":[…]}}`).
//!
//! Shapes: what `jq -s`, export functions of chat services and hand-written scripts give (RFC 8259). Fields are found by name
//! in each object anew, as in JSON Lines. An object that is broken costs itself, where the next one starts on a line of its own.

use super::jsonl::{self, Names};
use super::{Items, Opening};
use crate::json_walk::{JsonWalk, Part, Step, Wish, first_keys};
use crate::row::{Problem, TOO_LONG};
use crate::time::TimeReader;
use crate::{Description, IngestError, Item, Position};

/// Keys under which messages stand.
const WRAPPERS: [&str; 14] = [
    "messages",
    "berichten",
    "items",
    "data",
    "results",
    "records",
    "rows",
    "chats",
    "chat",
    "entries",
    "tweets",
    "statuses",
    "response",
    "export",
];
/// Objects looked at when it is decided whether there is a text and a time.
const CHECKED_OBJECTS: usize = 50;

pub(super) const BROKEN: Problem = Problem::new(
    "broken_json",
    "from here on, to the next object on a line of its own or the end, there is no valid JSON",
);

/// Whether the document is an array, or an object with one under a known key.
pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let content = opening.sample.trim_ascii_start();
    match content.strip_prefix(b"[") {
        Some(rest) => matches!(rest.trim_ascii_start().first(), Some(b'{' | b']')),
        None => content.starts_with(b"{") && first_keys(content).iter().any(|(key, first)| leads_on(key, *first)),
    }
}

/// Whether messages may stand under a key whose value begins so.
fn leads_on(key: &str, first: u8) -> bool {
    WRAPPERS.contains(&key) && matches!(first, b'[' | b'{')
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let names = Names::new(&opening.options.map);
    let mut walk = JsonWalk::new(opening.window()?, opening.options.max_line_bytes);
    let mut first = Vec::new();
    while first.len() < CHECKED_OBJECTS {
        match walk.step(&mut wish)? {
            Step::Value(end) => {
                first.push(walk.window.bytes()[..end].to_vec());
                walk.pass(end);
            }
            Step::End => break,
            Step::TooLong | Step::Left | Step::Broken => {}
        }
    }
    jsonl::check(opening, &names, first.iter().map(Vec::as_slice))?;
    description.map = opening.options.map.clone();
    Ok(Box::new(Json { walk: JsonWalk::new(opening.window()?, opening.options.max_line_bytes), names }))
}

fn wish(path: &[Part], value: &[u8]) -> Wish {
    let first = value.first().copied().unwrap_or(0);
    match path {
        [.., Part::Element] => Wish::Take,
        [] => Wish::Enter,
        [Part::Key(key)] | [Part::Key(_), Part::Key(key)] if leads_on(key, first) => Wish::Enter,
        _ => Wish::Skip,
    }
}

struct Json {
    walk: JsonWalk,
    names: Names,
}

impl Items for Json {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        loop {
            match self.walk.step(&mut wish)? {
                Step::Value(end) => {
                    let value = &self.walk.window.bytes()[..end];
                    let item = match jsonl::message(value, &mut self.names, times) {
                        Ok(message) => Item::Message(message),
                        Err(problem) => problem.at(self.walk.began, value),
                    };
                    self.walk.pass(end);
                    return Ok(Some(item));
                }
                Step::TooLong => return Ok(Some(TOO_LONG.at(self.walk.began, &self.walk.raw))),
                Step::Broken => return Ok(Some(BROKEN.at(self.walk.began, &self.walk.raw))),
                Step::Left => {}
                Step::End => return Ok(None),
            }
        }
    }

    fn position(&self) -> Position {
        self.walk.window.position()
    }
}
