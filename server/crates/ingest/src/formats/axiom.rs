//! Magnet AXIOM's XML export.
//!
//! `Artifact[@name]/Hits/Hit/Fragment[@name]`: a hit is a row of the artifact, its fragments are the cells. Chat artifacts have
//! a text (`Message`, `Message Body`, `Text`, `Body`), a time (`Message Sent Date/Time`, `Sent Date/Time`, `Date/Time`, with the
//! zone and date order behind it: `… - UTC+00:00 (dd/MM/yyyy)`), `Sender`, `Recipient(s)` and a chat or thread. Known from the
//! public AXIOM to CASE converter. `Location` and `Source` say where in the evidence a hit was found; they are no places.
//!
//! Hits without a text and sender (pages visited, files) are no messages and are passed. The date order is what the fragment's
//! name says, else the American one where the hours are of twelve, else the Dutch one.

use std::collections::BTreeSet;

use super::ufed::broken_xml;
use super::{Items, Opening};
use crate::json_value::decimal;
use crate::row::{Draft, NO_TIME, Problem, TOO_LONG, shared_location};
use crate::time::TimeReader;
use crate::written_time::{DateOrder, iso};
use crate::xml_walk::{Step, XmlWalk, root};
use crate::{Description, IngestError, Item, Position};

const TEXTS: [&str; 7] = ["message", "message body", "text", "body", "message text", "content", "text message"];
const TIMES: [&str; 8] = [
    "message sent date/time",
    "sent date/time",
    "message date/time",
    "sent/received date/time",
    "message received date/time",
    "received date/time",
    "date/time",
    "created date/time",
];
const SENDERS: [&str; 6] = ["sender", "sender name", "from", "author", "sender id", "partner"];
const RECIPIENTS: [&str; 5] = ["recipient", "recipient(s)", "recipients", "to", "partner"];
const CHATS: [&str; 9] = [
    "chat name",
    "group name",
    "conversation",
    "thread",
    "chat",
    "chat id",
    "thread id",
    "conversation id",
    "group id",
];
const IDS: [&str; 3] = ["message id", "id", "record id"];
/// Cells kept of one hit.
const MAX_FRAGMENTS: usize = 500;

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    opening.sample.trim_ascii_start().starts_with(b"<")
        && root(opening.sample).is_some()
        && memchr::memmem::find(opening.sample, b"<Artifact ").is_some()
        && memchr::memmem::find(opening.sample, b"<Hits").is_some()
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let walk = XmlWalk::new(opening.window()?, opening.options.max_line_bytes);
    Ok(Box::new(Axiom { walk, artifact: String::new(), has_ended: false }))
}

struct Axiom {
    walk: XmlWalk,
    artifact: String,
    has_ended: bool,
}

/// The fragments of a hit: the name in lower case without what stands behind ` - `, that, and the value.
#[derive(Default)]
struct Hit {
    fragments: Vec<(String, String, String)>,
    is_too_long: bool,
}

impl Hit {
    /// The first filled fragment by one of these names, the best name first.
    fn first(&self, names: &[&str]) -> Option<(&str, &str)> {
        names.iter().find_map(|name| {
            let filled = |(found, _, value): &&(String, String, String)| found == name && !value.trim().is_empty();
            self.fragments.iter().find(filled).map(|(_, more, value)| (more.as_str(), value.as_str()))
        })
    }

    fn value(&self, names: &[&str]) -> String {
        self.first(names).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }
}

impl Items for Axiom {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        while !self.has_ended {
            match self.walk.step()? {
                Step::Start(tag) if tag.name() == "Artifact" => self.artifact = tag.attribute("name"),
                Step::Start(tag) if tag.name() == "Hit" => {
                    let began = self.walk.began;
                    let id = tag.attribute("sequenceNumber");
                    match read_hit(&mut self.walk)? {
                        Ok(hit) => match message(&hit, &self.artifact, &id, times) {
                            Some(Ok(message)) => return Ok(Some(Item::Message(message))),
                            Some(Err(problem)) => return Ok(Some(problem.at(began, id.as_bytes()))),
                            None => {}
                        },
                        Err(reason) => return Ok(Some(self.broken(reason))),
                    }
                }
                Step::Start(_) | Step::End | Step::Text(_) => {}
                Step::Broken(reason) => return Ok(Some(self.broken(reason))),
                Step::Done => self.has_ended = true,
            }
        }
        Ok(None)
    }

    fn position(&self) -> Position {
        self.walk.position()
    }
}

impl Axiom {
    fn broken(&mut self, reason: &'static str) -> Item {
        self.has_ended = true;
        broken_xml(reason).at(self.walk.began, &self.walk.raw)
    }
}

fn read_hit(walk: &mut XmlWalk) -> Result<Result<Hit, &'static str>, IngestError> {
    let outside = walk.depth() - 1;
    let mut hit = Hit::default();
    let mut fragment: Option<(String, String, String)> = None;
    loop {
        match walk.step()? {
            Step::Start(tag) if tag.name() == "Fragment" => {
                let name = tag.attribute("name").trim().to_lowercase();
                let (name, more) = name.split_once(" - ").unwrap_or((&name, ""));
                fragment = Some((name.to_owned(), more.to_owned(), String::new()));
            }
            Step::Text(text) => match (&mut fragment, text) {
                (Some((_, _, value)), Some(text)) => value.push_str(&text),
                (Some((name, ..)), None) => hit.is_too_long |= TEXTS.contains(&name.as_str()),
                (None, _) => {}
            },
            Step::End => {
                if hit.fragments.len() < MAX_FRAGMENTS {
                    hit.fragments.extend(fragment.take());
                }
                if walk.depth() <= outside {
                    return Ok(Ok(hit));
                }
            }
            Step::Start(_) => {}
            Step::Broken(reason) => return Ok(Err(reason)),
            Step::Done => return Ok(Err("the file ends in the middle of a hit")),
        }
    }
}

/// The message of a hit; `None` when it is none by its kind.
fn message(
    hit: &Hit,
    artifact: &str,
    sequence_no: &str,
    times: &mut TimeReader,
) -> Option<Result<model::Message, Problem>> {
    let sender = hit.value(&SENDERS);
    let is_message = hit.fragments.iter().any(|(name, ..)| TEXTS.contains(&name.as_str()))
        && hit
            .fragments
            .iter()
            .any(|(name, ..)| SENDERS.contains(&name.as_str()) || RECIPIENTS.contains(&name.as_str()));
    if !is_message {
        return None;
    }
    if hit.is_too_long {
        return Some(Err(TOO_LONG));
    }
    let location = (|| {
        let (lat, lon) = (decimal(&hit.value(&["latitude"]))?, decimal(&hit.value(&["longitude"]))?);
        shared_location(lon, lat, None)
    })();
    let chat = hit.value(&CHATS);
    let conversation = if chat.is_empty() {
        let recipients = hit.value(&RECIPIENTS);
        let everybody: BTreeSet<&str> = recipients
            .split([';', ','])
            .chain([sender.as_str()])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        let everybody: Vec<&str> = everybody.into_iter().collect();
        if everybody.is_empty() { artifact.to_owned() } else { everybody.join(", ") }
    } else {
        chat
    };
    let id = [hit.value(&IDS), sequence_no.to_owned()].into_iter().find(|id| !id.is_empty());
    let draft = Draft { id, conversation, sender, text: hit.value(&TEXTS), location };
    Some(sent_at_ms(hit, times).and_then(|sent_at_ms| draft.finish(sent_at_ms)))
}

fn sent_at_ms(hit: &Hit, times: &mut TimeReader) -> Result<i64, Problem> {
    let (more, written) = hit.first(&TIMES).ok_or(NO_TIME)?;
    let order = if more.contains("(m") {
        Some(DateOrder::MonthFirst)
    } else if more.contains("(d") {
        Some(DateOrder::DayFirst)
    } else {
        None
    };
    // AXIOM writes UTC unless it was told otherwise, and then says so.
    let offset = more.split_once("utc").map_or("", |(_, rest)| rest.trim());
    let offset = offset.split([' ', '(']).next().filter(|offset| offset.len() == 6).unwrap_or("+00:00");
    let read = match iso(written, order) {
        Some(local) => times.read(&format!("{local} {offset}")),
        None => times.read(written),
    };
    read.map_err(|reason| Problem::new("bad_time", reason))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use crate::{Format, Item, Options, open};

    #[test]
    fn hits_of_chats_are_read_and_others_passed() {
        let content = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<AxiomExport><Artifacts>\
            <Artifact name=\"WhatsApp Messages - Android\"><Hits>\
            <Hit sequenceNumber=\"1\"><Fragment name=\"Sender\">31600000001</Fragment><Fragment name=\"Recipient(s)\">31600000002</Fragment>\
            <Fragment name=\"Message\">busje in kerkenveld</Fragment>\
            <Fragment name=\"Message Sent Date/Time - UTC+00:00 (dd/MM/yyyy)\">27/05/2020 21:15:00</Fragment>\
            <Fragment name=\"Location\">Table: messages(_id: 7)</Fragment><Fragment name=\"Source\">Emmen.zip/msgstore.db</Fragment></Hit>\
            <Hit sequenceNumber=\"2\"><Fragment name=\"Sender\">a</Fragment><Fragment name=\"Recipient(s)\">b</Fragment>\
            <Fragment name=\"Message\">twee</Fragment><Fragment name=\"Message Sent Date/Time\">5/27/2020 9:15:01 PM</Fragment>\
            <Fragment name=\"Latitude\">52.7</Fragment><Fragment name=\"Longitude\">6.5</Fragment></Hit>\
            <Hit sequenceNumber=\"3\"><Fragment name=\"Sender\">a</Fragment><Fragment name=\"Message\">geen tijd</Fragment></Hit></Hits></Artifact>\
            <Artifact name=\"Web History\"><Hits><Hit sequenceNumber=\"4\"><Fragment name=\"URL\">x</Fragment></Hit></Hits></Artifact>\
            </Artifacts></AxiomExport>";
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        let reader = open(file.path(), &Options::default()).unwrap();
        assert_eq!(reader.description().format, Format::Axiom);
        let items: Vec<Item> = reader.map(Result::unwrap).collect();
        let [Item::Message(first), Item::Message(second), Item::Rejected(third)] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!((first.sent_at_ms, first.conversation.as_str()), (1_590_614_100_000, "31600000001, 31600000002"));
        assert!(first.location.is_none());
        assert_eq!((second.sent_at_ms, second.location.as_ref().unwrap().point.lon), (1_590_614_101_000, 6.5));
        assert_eq!(third.code, "no_time");
    }
}
