//! Cellebrite's UFED report, `report.xml`, alone or in a `.ufdr` archive.
//!
//! `project/decodedData/modelType[@type]/model[@type,@id,@deleted_state]`, the namespace being
//! `http://pa.cellebrite.com/report/2.0`. A model has `field[@name]/value`, `modelField[@name]/model` and
//! `multiModelField[@name]/model`. A `Chat` has `Name`, `Id`, `Source`, `Participants` (models of type `Party`) and `Messages`
//! (models of type `InstantMessage`); those also stand directly under `modelType[@type=InstantMessage]`. A message has
//! `Identifier`, `Body`, `TimeStamp` (a `value` with `formattedTimestamp`), `SourceApplication`, `From` and `To` (`Party`:
//! `Identifier`, `Name`) and may have a `Position` (`Coordinate`: `Latitude`, `Longitude`, `PositionAddress`). `SMS` models are
//! read alike, their sender being the party whose `Role` is `From`. Known from public parsers of these reports (`UFEDLib`, IPED)
//! and from the mapping of UFED reports to CASE.
//!
//! The conversation is the chat's name, else its participants, which two phones of one chat share, else its id. Deleted
//! messages that were recovered are read as any other. All other models (contacts, locations, files) are passed.

use std::collections::BTreeSet;

use super::{Items, Opening};
use crate::json_value::decimal;
use crate::row::{Draft, NO_TIME, Problem, SYSTEM_NOTICE, TOO_LONG, shared_location};
use crate::time::TimeReader;
use crate::xml_walk::{Step, Tag, XmlWalk, root};
use crate::{Description, IngestError, Item, Position};

/// Models that are messages.
const MESSAGES: [&str; 3] = ["InstantMessage", "SMS", "MMS"];
/// Fields and models kept of one message; more is no message.
const MAX_PARTS: usize = 10_000;
/// Participants by which a chat without a name is called.
const MAX_NAMED: usize = 20;

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    opening.sample.trim_ascii_start().starts_with(b"<")
        && root(opening.sample).is_some_and(|tag| {
            tag.name() == "project"
                && memchr::memmem::find(opening.sample, b"http://pa.cellebrite.com/report/").is_some()
        })
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let walk = XmlWalk::new(opening.window()?, opening.options.max_line_bytes);
    Ok(Box::new(Ufed { walk, chat: None, has_ended: false }))
}

struct Ufed {
    walk: XmlWalk,
    chat: Option<Chat>,
    has_ended: bool,
}

/// The chat that is being walked through.
struct Chat {
    /// Elements open outside it.
    depth: usize,
    model: Model,
    participants: BTreeSet<String>,
}

impl Chat {
    fn conversation(&self) -> String {
        let name = self.model.field("Name");
        if !name.trim().is_empty() {
            return name.to_owned();
        }
        if (1..=MAX_NAMED).contains(&self.participants.len()) {
            return self.participants.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        }
        let id = self.model.field("Id");
        if id.is_empty() { self.model.id.clone() } else { id.to_owned() }
    }
}

/// A model with what is in it.
#[derive(Debug, Default)]
struct Model {
    kind: String,
    id: String,
    /// Under which name it stands in its parent.
    role: String,
    fields: Vec<(String, String)>,
    models: Vec<Model>,
    is_too_long: bool,
}

impl Model {
    fn new(tag: &Tag, role: String) -> Self {
        Self { kind: tag.attribute("type"), id: tag.attribute("id"), role, ..Self::default() }
    }

    /// The first value of a field; empty when there is none.
    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    fn in_role<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Model> {
        self.models.iter().filter(move |model| model.role == role)
    }

    /// A party by what tells it from others: its number or account, else its name.
    fn party(&self) -> String {
        let identifier = self.field("Identifier").trim();
        if identifier.is_empty() { self.field("Name").trim().to_owned() } else { identifier.to_owned() }
    }
}

impl Items for Ufed {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        while !self.has_ended {
            match self.walk.step()? {
                Step::Start(tag) => {
                    if let Some(item) = self.start(&tag, times)? {
                        return Ok(Some(item));
                    }
                }
                Step::End => {
                    let depth = self.walk.depth();
                    if self.chat.as_ref().is_some_and(|chat| depth <= chat.depth) {
                        self.chat = None;
                    }
                }
                Step::Text(_) => {}
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

impl Ufed {
    /// What a start tag outside messages leads to.
    fn start(&mut self, tag: &Tag, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        let kind = tag.attribute("type");
        match (tag.name(), &mut self.chat) {
            ("model", _) if MESSAGES.contains(&kind.as_str()) => {
                let began = self.walk.began;
                let model = match read_model(&mut self.walk, tag, String::new())? {
                    Ok(model) => model,
                    Err(reason) => return Ok(Some(self.broken(reason))),
                };
                let conversation = self.chat.as_ref().map(Chat::conversation);
                return Ok(Some(match message(&model, conversation, times) {
                    Ok(message) => Item::Message(message),
                    Err(problem) => problem.at(began, model.id.as_bytes()),
                }));
            }
            ("model", None) if kind == "Chat" => {
                let model = Model::new(tag, String::new());
                self.chat = Some(Chat { depth: self.walk.depth() - 1, model, participants: BTreeSet::new() });
            }
            ("model", Some(chat)) if kind == "Party" => match read_model(&mut self.walk, tag, String::new())? {
                Ok(party) => {
                    if chat.participants.len() <= MAX_NAMED {
                        chat.participants.extend(Some(party.party()).filter(|name| !name.is_empty()));
                    }
                }
                Err(reason) => return Ok(Some(self.broken(reason))),
            },
            ("field", Some(chat)) if self.walk.depth() == chat.depth + 2 => {
                let name = tag.attribute("name");
                match read_value(&mut self.walk)? {
                    Ok(value) => chat.model.fields.extend(value.map(|value| (name, value))),
                    Err(reason) => return Ok(Some(self.broken(reason))),
                }
            }
            _ => {}
        }
        Ok(None)
    }

    fn broken(&mut self, reason: &'static str) -> Item {
        self.has_ended = true;
        broken_xml(reason).at(self.walk.began, &self.walk.raw)
    }
}

pub(super) fn broken_xml(reason: &'static str) -> Problem {
    Problem { code: "broken_xml", reason: format!("{reason}; what follows is not read").into() }
}

/// Reads a model to its end, with the models in it.
fn read_model(walk: &mut XmlWalk, tag: &Tag, role: String) -> Result<Result<Model, &'static str>, IngestError> {
    let outside = walk.depth() - 1;
    let mut open = vec![Model::new(tag, role)];
    // The names of the elements between two models, and how deep each model is.
    let mut depths = vec![outside];
    let mut role = String::new();
    let mut parts = 0;
    loop {
        match walk.step()? {
            Step::Start(tag) => {
                parts += 1;
                let Some(current) = open.last_mut() else { return Ok(Err("a model has no end")) };
                if parts > MAX_PARTS {
                    current.is_too_long = true;
                }
                match tag.name() {
                    "field" => {
                        let name = tag.attribute("name");
                        match read_value(walk)? {
                            Err(reason) => return Ok(Err(reason)),
                            Ok(_) if parts > MAX_PARTS => {}
                            Ok(Some(value)) => current.fields.push((name, value)),
                            Ok(None) => current.is_too_long |= name == "Body",
                        }
                    }
                    "modelField" | "multiModelField" => role = tag.attribute("name"),
                    "model" => {
                        depths.push(walk.depth() - 1);
                        open.push(Model::new(&tag, role.clone()));
                    }
                    _ => {}
                }
            }
            Step::End => {
                if depths.last() != Some(&walk.depth()) {
                    continue;
                }
                depths.pop();
                let Some(done) = open.pop() else { return Ok(Err("a model has no end")) };
                match open.last_mut() {
                    None => return Ok(Ok(done)),
                    Some(_) if parts > MAX_PARTS => {}
                    Some(parent) => parent.models.push(done),
                }
            }
            Step::Text(_) => {}
            Step::Broken(reason) => return Ok(Err(reason)),
            Step::Done => return Ok(Err("the file ends in the middle of a model")),
        }
    }
}

/// The value of the field whose start tag was just read, up to its end: the time as it is written for machines, or the text.
/// `None` when it is too long.
fn read_value(walk: &mut XmlWalk) -> Result<Result<Option<String>, &'static str>, IngestError> {
    let outside = walk.depth() - 1;
    let (mut value, mut formatted) = (Some(String::new()), String::new());
    loop {
        match walk.step()? {
            Step::Start(tag) => {
                let at = tag.attribute("formattedTimestamp");
                if !at.is_empty() {
                    formatted = at;
                }
            }
            Step::Text(None) => value = None,
            // Between the tags stands white space, within `value` what is meant.
            Step::Text(Some(text)) if walk.depth() > outside + 1 => {
                value = value.map(|before| before + &text);
            }
            Step::End if walk.depth() <= outside => {
                return Ok(Ok(if formatted.is_empty() { value } else { Some(formatted) }));
            }
            Step::Text(_) | Step::End => {}
            Step::Broken(reason) => return Ok(Err(reason)),
            Step::Done => return Ok(Err("the file ends in the middle of a field")),
        }
    }
}

fn message(model: &Model, conversation: Option<String>, times: &mut TimeReader) -> Result<model::Message, Problem> {
    if model.is_too_long {
        return Err(TOO_LONG);
    }
    let sender = model
        .in_role("From")
        .map(Model::party)
        .chain(model.in_role("Parties").filter(|party| party.field("Role") == "From").map(Model::party));
    let sender = sender.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let location = location(model);
    let text = model.field("Body").to_owned();
    if sender.eq_ignore_ascii_case("System Message") && location.is_none() {
        return Err(SYSTEM_NOTICE);
    }
    let written = model.field("TimeStamp").trim();
    if written.is_empty() {
        return Err(NO_TIME);
    }
    let sent_at_ms = times.read(&with_offset(written)).map_err(|reason| Problem::new("bad_time", reason))?;
    let conversation = conversation.unwrap_or_else(|| {
        let others = model.in_role("To").chain(model.in_role("Parties")).map(Model::party);
        let everybody: BTreeSet<String> =
            others.chain([sender.clone()]).filter(|name| !name.is_empty()).take(MAX_NAMED).collect();
        everybody.into_iter().collect::<Vec<_>>().join(", ")
    });
    let id = [model.field("Identifier"), model.id.as_str()].into_iter().find(|id| !id.is_empty());
    Draft { id: id.map(str::to_owned), conversation, sender, text, location }.finish(sent_at_ms)
}

/// Where the message was sent from, or the place that was shared: the first coordinate in it.
fn location(model: &Model) -> Option<model::SharedLocation> {
    if model.kind == "Coordinate" {
        let (lat, lon) = (decimal(model.field("Latitude"))?, decimal(model.field("Longitude"))?);
        return shared_location(lon, lat, Some(model.field("PositionAddress").to_owned()));
    }
    model.models.iter().find_map(location)
}

/// `27/05/2020 21:15:00(UTC+2)` with its offset as others write it.
fn with_offset(written: &str) -> String {
    let Some((local, zone)) = written.strip_suffix(')').and_then(|rest| rest.split_once("(UTC")) else {
        return written.to_owned();
    };
    let offset = zone.trim();
    let (sign, digits) = match offset.strip_prefix('-') {
        Some(rest) => ('-', rest),
        None => ('+', offset.trim_start_matches('+')),
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "00"));
    let hours = if hours.is_empty() { "0" } else { hours };
    format!("{} {sign}{hours:0>2}:{minutes}", local.trim())
}

#[cfg(test)]
mod tests;
