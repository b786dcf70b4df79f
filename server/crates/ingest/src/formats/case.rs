//! CASE/UCO in JSON-LD: what forensic tools exchange.
//!
//! Objects stand in `@graph`, in `uco-core:object` of a bundle, or in an array. A message is an object whose facets
//! (`uco-core:hasFacet`) hold a `uco-observable:MessageFacet{messageText, from, to, sentTime, messageID, sessionID}`, or such a
//! facet standing by itself; `from` and `to` refer to accounts by `@id`. A `MessageThreadFacet` of another object lists its
//! messages. Places are facets beside the message's: `uco-location:LatLongCoordinatesFacet{latitude, longitude}` and
//! `SimpleAddressFacet`. Known from the CASE and UCO ontologies (caseontology.org, unifiedcyberontology.org) and the examples
//! published with them. Prefixes are not resolved: what counts is the name behind the last colon or slash.
//!
//! References may point forwards, so the file is read twice: first for what accounts are called and which message belongs to
//! which thread (`names`), kept as hashes of ids and short names, up to a bound; then for the messages. What is not in the
//! index is called by its id.

mod names;

use serde_json::{Map, Value};

use self::names::Names;
use super::json::BROKEN;
use super::{Items, Opening};
use crate::json_value::{number, text};
use crate::json_walk::{JsonWalk, Part, Step, Wish, first_keys};
use crate::row::{Draft, NO_TIME, Problem, TOO_LONG, shared_location};
use crate::time::TimeReader;
use crate::{Description, IngestError, Item, Position};

/// Threads list their messages in one object, which may be larger than a message may be.
const LONGER: usize = 16;

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let content = opening.sample.trim_ascii_start();
    let is_linked = content.starts_with(b"{") && first_keys(content).iter().any(|(key, _)| key.starts_with('@'));
    let has = |needle: &[u8]| memchr::memmem::find(content, needle).is_some();
    (is_linked || content.starts_with(b"["))
        && (has(b"uco-observable") || has(b"unifiedcyberontology.org") || has(b"caseontology.org"))
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let limit = opening.options.max_line_bytes.saturating_mul(LONGER);
    let mut names = Names::default();
    let mut walk = JsonWalk::new(opening.window()?, limit);
    loop {
        match walk.step(&mut wish)? {
            Step::Value(end) => {
                if let Ok(Value::Object(object)) = serde_json::from_slice(&walk.window.bytes()[..end]) {
                    names.note(&object);
                }
                walk.pass(end);
            }
            Step::End => break,
            Step::TooLong | Step::Left | Step::Broken => {}
        }
    }
    Ok(Box::new(Case { walk: JsonWalk::new(opening.window()?, limit), names }))
}

/// Elements are taken, but for bundles, whose objects are elements themselves.
fn wish(path: &[Part], value: &[u8]) -> Wish {
    let holds_objects = |key: &str| matches!(local(key), "@graph" | "graph" | "object");
    match path {
        [] => Wish::Enter,
        [.., Part::Key(key)] if holds_objects(key) => Wish::Enter,
        [.., Part::Element] if is_bundle(value) => Wish::Enter,
        [.., Part::Element] => Wish::Take,
        _ => Wish::Skip,
    }
}

fn is_bundle(beginning: &[u8]) -> bool {
    let bundle = memchr::memmem::find(beginning, b"Bundle\"");
    bundle.is_some() && memchr::memmem::find(beginning, b"object\"").is_some()
}

/// The name behind its prefix.
fn local(name: &str) -> &str {
    name.rsplit([':', '/', '#']).next().unwrap_or(name)
}

/// The value of a property, whatever its prefix.
fn property<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value))
}

/// One value or a list of them.
fn list(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(all)) => all,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// A text, also one with its type: `{"@type":"xsd:dateTime","@value":"…"}`.
fn literal(value: Option<&Value>) -> String {
    match value {
        Some(Value::Object(object)) => object.get("@value").map(text).unwrap_or_default(),
        Some(other) => text(other),
        None => String::new(),
    }
}

/// The id that a value refers to.
fn reference(value: &Value) -> Option<&str> {
    match value {
        Value::String(id) => Some(id),
        other => other.get("@id").and_then(Value::as_str),
    }
}

/// Whether an object is of a type, by the end of its name.
fn is_a(object: &Map<String, Value>, kind: &str) -> bool {
    list(object.get("@type")).iter().filter_map(Value::as_str).any(|found| local(found) == kind)
}

/// The facets that stand in an object; the object itself where it is one.
fn facets(object: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let inner = list(property(object, "hasFacet")).iter().filter_map(Value::as_object);
    inner.chain(std::iter::once(object))
}

struct Case {
    walk: JsonWalk,
    names: Names,
}

impl Items for Case {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        loop {
            match self.walk.step(&mut wish)? {
                Step::Value(end) => {
                    let value = &self.walk.window.bytes()[..end];
                    let item = match message(value, &self.names, times) {
                        Ok(message) => message.map(Item::Message),
                        Err(problem) => Some(problem.at(self.walk.began, value)),
                    };
                    self.walk.pass(end);
                    if item.is_some() {
                        return Ok(item);
                    }
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

fn message(value: &[u8], names: &Names, times: &mut TimeReader) -> Result<Option<model::Message>, Problem> {
    let object = match serde_json::from_slice(value) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Ok(None),
        Err(_) => return Err(Problem::new("broken_json", "the object is no valid JSON, or nested too deep")),
    };
    let Some(facet) = facets(&object).find(|facet| is_message(facet)) else { return Ok(None) };
    let written = literal(property(facet, "sentTime"));
    if written.is_empty() {
        return Err(NO_TIME);
    }
    let sent_at_ms = times.read(&written).map_err(|reason| Problem::new("bad_time", reason))?;
    let name = |value: &Value| reference(value).map(|id| names.name(id)).unwrap_or_default();
    let sender = property(facet, "from").map(&name).unwrap_or_default();
    let id = object.get("@id").map(text).unwrap_or_default();
    let thread = names.thread(&id).or_else(|| facet.get("@id").and_then(|id| names.thread(&text(id))));
    let session = literal(property(facet, "sessionID"));
    let conversation = match thread {
        Some(thread) => thread,
        None if !session.is_empty() => session,
        None => {
            let mut everybody: Vec<String> = list(property(facet, "to")).iter().take(20).map(&name).collect();
            everybody.push(sender.clone());
            everybody.retain(|name| !name.is_empty());
            everybody.sort();
            everybody.dedup();
            everybody.join(", ")
        }
    };
    let own_id = literal(property(facet, "messageID"));
    let draft = Draft {
        id: Some(if own_id.is_empty() { id } else { own_id }),
        conversation,
        sender,
        text: literal(property(facet, "messageText")),
        location: location(&object),
    };
    draft.finish(sent_at_ms).map(Some)
}

/// A message facet, or a message that carries its properties itself.
fn is_message(facet: &Map<String, Value>) -> bool {
    is_a(facet, "MessageFacet") || property(facet, "messageText").is_some()
}

fn location(object: &Map<String, Value>) -> Option<model::SharedLocation> {
    let degrees = |facet: &Map<String, Value>, name: &str| {
        let value = property(facet, name)?;
        number(value).or_else(|| value.get("@value").and_then(number))
    };
    let (lon, lat) =
        facets(object).find_map(|facet| Some((degrees(facet, "longitude")?, degrees(facet, "latitude")?)))?;
    let address = facets(object).find(|facet| is_a(facet, "SimpleAddressFacet")).map(|facet| {
        let parts = ["street", "postalCode", "locality", "country"].map(|part| literal(property(facet, part)));
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    });
    shared_location(lon, lat, address)
}

#[cfg(test)]
mod tests;
