//! Telegram Desktop's export in machine-readable form: `result.json`, of one chat or of the whole account.
//!
//! One chat: `{"name","type","id","messages":[…]}`. Whole account: `{"about", "personal_information", …,
//! "chats":{"list":[chat…]}, "left_chats":{"list":[chat…]}}`. A message has `id`, `type` (`message` or `service`), `date`
//! (local, without a zone), `date_unixtime` (seconds as a string; since 2021), `from`, `from_id`, `text` (a string, or an
//! array of strings and `{"type","text"}`), and may have `location_information{latitude,longitude}`, `place_name`, `address`.
//! Known from the schema on core.telegram.org/import-export and from Telegram Desktop's own exporter.
//!
//! Service messages (joined, pinned, called) are handed over as rejected with the code `system_notice`. A message without words
//! and without a location (a photo, a sticker) is rejected with `no_text`.

use serde_json::Value;

use super::json::BROKEN;
use super::{Items, Opening};
use crate::json_value::{number, text};
use crate::json_walk::{JsonWalk, Part, Step, Wish, first_keys};
use crate::row::{Draft, NO_TIME, Problem, SYSTEM_NOTICE, TOO_LONG, shared_location};
use crate::time::TimeReader;
use crate::{Description, IngestError, Item, Position};

/// The kinds of chat that Telegram knows.
const CHAT_TYPES: [&str; 8] = [
    "saved_messages",
    "replies",
    "personal_chat",
    "bot_chat",
    "private_group",
    "private_supergroup",
    "public_supergroup",
    "private_channel",
];

/// Whether the outermost object has the keys of an export, or of one chat.
pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let content = opening.sample.trim_ascii_start();
    if !content.starts_with(b"{") {
        return false;
    }
    let keys = first_keys(content);
    let has = |key: &str| keys.iter().any(|(found, _)| found == key);
    let is_chat_type = || {
        CHAT_TYPES.iter().chain(&["public_channel"]).any(|kind| {
            let written = format!("\"{kind}\"");
            memchr::memmem::find(content, written.as_bytes()).is_some()
        })
    };
    (has("about") && (has("personal_information") || has("chats")))
        || (has("type") && has("messages") && is_chat_type())
}

pub(super) fn open(opening: &Opening<'_>, _: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let walk = JsonWalk::new(opening.window()?, opening.options.max_line_bytes);
    Ok(Box::new(Telegram { walk, chat: Chat::default() }))
}

/// The chat that is being walked through.
#[derive(Default)]
struct Chat {
    name: String,
    kind: String,
    id: String,
}

impl Chat {
    /// What the conversation is called: by name, else by number.
    fn conversation(&self) -> String {
        match (self.name.is_empty(), self.kind.as_str()) {
            (false, _) => self.name.clone(),
            (true, "saved_messages") => "Saved Messages".to_owned(),
            (true, _) => self.id.clone(),
        }
    }
}

struct Telegram {
    walk: JsonWalk,
    chat: Chat,
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    Message,
    ChatField,
    OnTheWay,
    Elsewhere,
}

fn spot(path: &[Part]) -> Spot {
    let in_chat = match path {
        [Part::Key(chats), Part::Key(list), Part::Element, rest @ ..] if is_chats(chats) && list == "list" => rest,
        [Part::Key(chats)] if is_chats(chats) => return Spot::OnTheWay,
        [Part::Key(chats), Part::Key(list)] if is_chats(chats) && list == "list" => return Spot::OnTheWay,
        other => other,
    };
    match in_chat {
        [] => Spot::OnTheWay,
        [Part::Key(key)] if key == "messages" => Spot::OnTheWay,
        [Part::Key(key), Part::Element] if key == "messages" => Spot::Message,
        [Part::Key(key)] if matches!(key.as_str(), "name" | "type" | "id") => Spot::ChatField,
        _ => Spot::Elsewhere,
    }
}

fn is_chats(key: &str) -> bool {
    matches!(key, "chats" | "left_chats")
}

impl Items for Telegram {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        loop {
            let (mut place, mut field) = (Spot::Elsewhere, String::new());
            let step = self.walk.step(&mut |path, _| {
                place = spot(path);
                if let (Spot::ChatField, Some(Part::Key(key))) = (place, path.last()) {
                    field.clone_from(key);
                }
                match place {
                    Spot::Message | Spot::ChatField => Wish::Take,
                    Spot::OnTheWay => Wish::Enter,
                    Spot::Elsewhere => Wish::Skip,
                }
            })?;
            match step {
                Step::Value(end) => {
                    let value = &self.walk.window.bytes()[..end];
                    let item = if place == Spot::Message {
                        Some(match message(value, &self.chat, times) {
                            Ok(message) => Item::Message(message),
                            Err(problem) => problem.at(self.walk.began, value),
                        })
                    } else {
                        self.chat.note(&field, value);
                        None
                    };
                    self.walk.pass(end);
                    if item.is_some() {
                        return Ok(item);
                    }
                }
                Step::TooLong if place == Spot::Message => {
                    return Ok(Some(TOO_LONG.at(self.walk.began, &self.walk.raw)));
                }
                Step::Broken => return Ok(Some(BROKEN.at(self.walk.began, &self.walk.raw))),
                Step::Left | Step::TooLong => {}
                Step::End => return Ok(None),
            }
        }
    }

    fn position(&self) -> Position {
        self.walk.window.position()
    }
}

impl Chat {
    /// Remembers a field of a chat. The name comes first: with it a new chat begins.
    fn note(&mut self, key: &str, value: &[u8]) {
        let value = serde_json::from_slice::<Value>(value).map(|value| text(&value)).unwrap_or_default();
        match key {
            "name" => *self = Self { name: value, ..Self::default() },
            "type" if self.kind.is_empty() => self.kind = value,
            // A chat without a name, such as that of a deleted account, begins with its type.
            "type" => *self = Self { kind: value, ..Self::default() },
            _ => self.id = value,
        }
    }
}

fn message(value: &[u8], chat: &Chat, times: &mut TimeReader) -> Result<model::Message, Problem> {
    let value: Value = serde_json::from_slice(value)
        .map_err(|_| Problem::new("broken_json", "the message is no valid JSON, or nested too deep"))?;
    if value["type"] == "service" {
        return Err(SYSTEM_NOTICE);
    }
    let sent_at_ms = match (text(&value["date_unixtime"]), text(&value["date"])) {
        (unixtime, date) if unixtime.is_empty() && date.is_empty() => return Err(NO_TIME),
        (unixtime, date) => {
            let written = if unixtime.is_empty() { date } else { unixtime };
            times.read(&written).map_err(|reason| Problem::new("bad_time", reason))?
        }
    };
    let spot = &value["location_information"];
    let location = number(&spot["longitude"]).zip(number(&spot["latitude"])).and_then(|(lon, lat)| {
        let label = [text(&value["place_name"]), text(&value["address"])];
        shared_location(
            lon,
            lat,
            Some(label.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")),
        )
    });
    let sender = [text(&value["from"]), text(&value["from_id"])].into_iter().find(|name| !name.is_empty());
    let draft = Draft {
        id: Some(text(&value["id"])),
        conversation: chat.conversation(),
        sender: sender.unwrap_or_default(),
        text: words(&value["text"]),
        location,
    };
    draft.finish(sent_at_ms)
}

/// A text that is one string, or pieces that are strings or objects with one.
fn words(value: &Value) -> String {
    match value {
        Value::Array(pieces) => {
            let words = |piece: &Value| if piece.is_object() { text(&piece["text"]) } else { text(piece) };
            pieces.iter().map(words).collect()
        }
        other => text(other),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use model::{Message, Rejected};

    use crate::{Format, Item, Options, open};

    fn read(content: &str) -> (Vec<Message>, Vec<Rejected>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        let reader = open(file.path(), &Options::default()).unwrap();
        assert_eq!(reader.description().format, Format::Telegram);
        let (mut messages, mut rejected) = (Vec::new(), Vec::new());
        for item in reader {
            match item.unwrap() {
                Item::Message(message) => messages.push(message),
                Item::Rejected(piece) => rejected.push(piece),
            }
        }
        (messages, rejected)
    }

    /// Made up.
    const CHAT: &str = r#"{
 "name": "Loods",
 "type": "private_group",
 "id": 4711,
 "messages": [
  {"id": 1, "type": "service", "date": "2020-05-27T23:15:00", "date_unixtime": "1590614100", "actor": "a", "action": "create_group", "text": ""},
  {"id": 2, "type": "message", "date": "2020-05-27T23:15:00", "date_unixtime": "1590614100", "from": "Nachtuil", "from_id": "user7",
   "text": ["busje in ", {"type": "bold", "text": "kerkenveld"}, "\nok"]},
  {"id": 3, "type": "message", "date": "2020-05-27T23:15:01", "from": null, "from_id": "user8", "text": "twee"},
  {"id": 4, "type": "message", "date_unixtime": "1590614102", "from_id": "user8", "text": "",
   "location_information": {"latitude": 52.7, "longitude": 6.5}, "place_name": "Loods", "address": "Dorp"},
  {"id": 5, "type": "message", "date_unixtime": "1590614103", "from_id": "user8", "photo": "x.jpg", "text": ""}
 ]
}"#;

    #[test]
    fn one_chat_is_read() {
        let (messages, rejected) = read(CHAT);
        let shown: Vec<_> =
            messages.iter().map(|m| (m.external_id.as_deref().unwrap(), m.sender.as_str(), m.text.as_str())).collect();
        assert_eq!(shown, [("2", "Nachtuil", "busje in kerkenveld\nok"), ("3", "user8", "twee"), ("4", "user8", "")]);
        assert!(messages.iter().all(|message| message.conversation == "Loods"));
        assert_eq!(messages[0].sent_at_ms, 1_590_614_100_000);
        assert_eq!(messages[2].location.as_ref().unwrap().label.as_deref(), Some("Loods, Dorp"));
        let codes: Vec<_> = rejected.iter().map(|piece| piece.code).collect();
        assert_eq!(codes, ["system_notice", "no_text"]);
    }

    #[test]
    fn a_whole_account_is_read_chat_by_chat() {
        let nameless = r#"{"type":"personal_chat","id":8,"messages":[{"id":1,"date_unixtime":"1590614100","from_id":"u","text":"x"}]}"#;
        let saved = r#"{"type":"saved_messages","id":9,"messages":[{"id":1,"date_unixtime":"1590614100","from_id":"u","text":"y"}]}"#;
        let content = format!(
            r#"{{"about":"","personal_information":{{"user_id":1}},"contacts":{{"list":[{{"date_unixtime":"1"}}]}},"chats":{{"about":"","list":[{CHAT},{nameless}]}},"left_chats":{{"list":[{saved}]}}}}"#
        );
        let (messages, _) = read(&content);
        let names: Vec<_> = messages.iter().map(|message| message.conversation.as_str()).collect();
        assert_eq!(names, ["Loods", "Loods", "Loods", "8", "Saved Messages"]);
    }
}
