//! Traces of Hansken, as its interfaces give them: JSON, an object a line, an array, or an array under `traces`.
//!
//! A trace has its types as keys; of use here are `chatMessage{application, from, to[], message, messageId, sessionId, sentOn}`
//! and `gps{latlong}` (`"52.70,6.50"`, ISO 6709 `+52.70+006.50/`, or an object), which may stand on the trace itself or under
//! `properties`. Known from the trace model in Hansken's public documentation (docs.hansken.org) and its extraction plugin SDK.
//! Traces of other types are no messages and are passed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::BROKEN;
use super::{Items, Opening};
use crate::json_value::{decimal, number, text};
use crate::json_walk::{JsonWalk, Part, Step, Wish, first_keys};
use crate::row::{Draft, NO_TIME, Problem, TOO_LONG, shared_location};
use crate::time::TimeReader;
use crate::{Description, IngestError, Item, Position};

/// Keys under which traces stand.
const WRAPPERS: [&str; 3] = ["traces", "results", "items"];

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let content = opening.sample.trim_ascii_start();
    (content.starts_with(b"{") || content.starts_with(b"["))
        && memchr::memmem::find(content, b"\"chatMessage\"").is_some()
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let keys = first_keys(opening.sample);
    let is_wrapped = keys.iter().any(|(key, first)| WRAPPERS.contains(&key.as_str()) && *first == b'[');
    let walk = JsonWalk::new(opening.window()?, opening.options.max_line_bytes);
    Ok(Box::new(Hansken { walk, is_wrapped }))
}

struct Hansken {
    walk: JsonWalk,
    is_wrapped: bool,
}

impl Items for Hansken {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        let is_wrapped = self.is_wrapped;
        let mut wish = |path: &[Part], value: &[u8]| match path {
            [] if value.starts_with(b"[") || is_wrapped => Wish::Enter,
            [] | [.., Part::Element] => Wish::Take,
            [Part::Key(key)] if WRAPPERS.contains(&key.as_str()) => Wish::Enter,
            _ => Wish::Skip,
        };
        loop {
            match self.walk.step(&mut wish)? {
                Step::Value(end) => {
                    let value = &self.walk.window.bytes()[..end];
                    let item = match message(value, times) {
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

/// The message of a trace; `None` when it is of another type.
fn message(value: &[u8], times: &mut TimeReader) -> Result<Option<model::Message>, Problem> {
    let trace: Value = serde_json::from_slice(value)
        .map_err(|_| Problem::new("broken_json", "the trace is no valid JSON, or nested too deep"))?;
    let typed = |kind: &str| trace.get(kind).or_else(|| trace.get("properties").and_then(|all| all.get(kind)));
    let Some(chat) = typed("chatMessage") else { return Ok(None) };
    let sender = text(&chat["from"]);
    let written = text(&chat["sentOn"]);
    if written.is_empty() {
        return Err(NO_TIME);
    }
    let sent_at_ms = times.read(&written).map_err(|reason| Problem::new("bad_time", reason))?;
    let session = text(&chat["sessionId"]);
    let conversation = if session.is_empty() { everybody(&sender, &chat["to"]) } else { session };
    let latlong = typed("gps").and_then(|gps| gps.get("latlong").or_else(|| gps.get("latLong")));
    let location = latlong.and_then(point).and_then(|(lon, lat)| shared_location(lon, lat, None));
    let id = [text(&chat["messageId"]), text(&trace["uid"]), text(&trace["id"])].into_iter().find(|id| !id.is_empty());
    Draft { id, conversation, sender, text: text(&chat["message"]), location }.finish(sent_at_ms).map(Some)
}

/// Sender and receivers, in an order that is the same whoever writes.
fn everybody(sender: &str, to: &Value) -> String {
    let receivers: Vec<String> = match to {
        Value::Array(all) => all.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let names: BTreeSet<&str> =
        receivers.iter().map(String::as_str).chain([sender]).filter(|name| !name.is_empty()).take(20).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Longitude and latitude, from however Hansken's versions write them; the latitude stands first.
fn point(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Object(object) => {
            let of = |names: [&str; 2]| names.iter().find_map(|name| object.get(*name)).and_then(number);
            Some((of(["longitude", "lon"])?, of(["latitude", "lat"])?))
        }
        Value::Array(pair) => match &pair[..] {
            [lat, lon] => Some((number(lon)?, number(lat)?)),
            _ => None,
        },
        Value::String(written) => {
            let written = written.trim().trim_end_matches('/');
            let (lat, lon) = written.split_once([',', ';', ' ']).or_else(|| {
                let second = written.get(1..)?.find(['+', '-'])? + 1;
                Some(written.split_at(second))
            })?;
            Some((decimal(lon)?, decimal(lat)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::{Format, Options, open};

    /// Made up.
    const TRACES: [&str; 4] = [
        r#"{"uid":"0-1","types":["chatMessage"],"chatMessage":{"application":"WhatsApp","from":"a@s","to":["b@s"],"message":"busje in kerkenveld","messageId":"m1","sentOn":"2020-05-27T21:15:00Z"}}"#,
        r#"{"uid":"0-2","types":["file"],"file":{"name":"x"}}"#,
        r#"{"uid":"0-3","properties":{"chatMessage":{"from":"b@s","to":["a@s"],"message":"","sentOn":"2020-05-27T21:15:01Z"},"gps":{"latlong":"+52.70+006.50/"}}}"#,
        r#"{"uid":"0-4","chatMessage":{"from":"b@s","sessionId":"groep","message":"zonder tijd"}}"#,
    ];

    #[test]
    fn lines_arrays_and_wrapped_arrays_are_read_alike() {
        let all = TRACES.join(",\n");
        for content in [TRACES.join("\n"), format!("[{all}]"), format!("{{\"total\":4,\"traces\":[{all}]}}")] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(content.as_bytes()).unwrap();
            let reader = open(file.path(), &Options::default()).unwrap();
            assert_eq!(reader.description().format, Format::Hansken);
            let items: Vec<Item> = reader.map(Result::unwrap).collect();
            let [Item::Message(first), Item::Message(second), Item::Rejected(third)] = &items[..] else {
                panic!("{items:?}")
            };
            assert_eq!((first.conversation.as_str(), first.external_id.as_deref()), ("a@s, b@s", Some("m1")));
            assert_eq!(second.conversation, "a@s, b@s");
            let point = second.location.as_ref().unwrap().point;
            assert_eq!((point.lon, point.lat, third.code), (6.5, 52.7, "no_time"));
        }
    }

    #[test]
    fn points_are_read_in_every_spelling() {
        let spellings = [
            "\"52.7,6.5\"",
            "\"+52.7+6.5\"",
            "[52.7,6.5]",
            "{\"latitude\":52.7,\"longitude\":\"6,5\"}",
            "\"52.7 6.5\"",
        ];
        for written in spellings {
            assert_eq!(point(&serde_json::from_str(written).unwrap()), Some((6.5, 52.7)), "{written}");
        }
        assert_eq!(point(&serde_json::json!("52.7")), None);
    }
}
