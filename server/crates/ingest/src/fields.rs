//! Which column or field holds what: guessed from names in Dutch and English, or said by hand.

use std::fmt;

use crate::IngestError;

/// Columns or fields named by hand. What is `None` is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldMap {
    /// The words of the message.
    pub text: Option<String>,
    /// When it was sent; `date+clock` joins two.
    pub time: Option<String>,
    /// Who sent it.
    pub sender: Option<String>,
    /// The conversation it belongs to.
    pub conversation: Option<String>,
    /// The source's own id.
    pub id: Option<String>,
}

impl FieldMap {
    /// Reads `text=…,time=…,sender=…,conversation=…,id=…`, any of them left out.
    ///
    /// # Errors
    /// [`IngestError::BadMap`] for an unknown or repeated part, or one without a name.
    pub fn parse(written: &str) -> Result<Self, IngestError> {
        let mut map = Self::default();
        for part in written.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, name) = part.split_once('=').ok_or_else(|| bad_map("a part has no `=`", part))?;
            let name = name.trim();
            if name.is_empty() || (key.trim() == "time" && name.split('+').any(|half| half.trim().is_empty())) {
                return Err(bad_map("a name is missing", part));
            }
            let slot = match key.trim() {
                "text" => &mut map.text,
                "time" => &mut map.time,
                "sender" => &mut map.sender,
                "conversation" => &mut map.conversation,
                "id" => &mut map.id,
                _ => return Err(bad_map("there is no such part of a message", part)),
            };
            if slot.replace(name.to_owned()).is_some() {
                return Err(bad_map("a part is named twice", part));
            }
        }
        Ok(map)
    }

    /// The names given by hand with what they are for, and what needs no guessing any more.
    pub(crate) fn named(&self) -> Vec<(String, Slot)> {
        let mut named = Vec::new();
        let time = self.time.as_deref().map(|time| time.split_once('+').unwrap_or((time, "")));
        match time {
            Some((date, "")) => named.push((date.trim().to_owned(), Slot::Instant)),
            Some((date, clock)) => {
                named.push((date.trim().to_owned(), Slot::Date));
                named.push((clock.trim().to_owned(), Slot::Clock));
            }
            None => {}
        }
        let rest = [
            (&self.text, Slot::Text),
            (&self.sender, Slot::Sender),
            (&self.conversation, Slot::Conversation),
            (&self.id, Slot::Id),
        ];
        named.extend(rest.into_iter().filter_map(|(name, slot)| name.clone().map(|name| (name, slot))));
        named
    }

    /// Whether a slot is still to be guessed.
    pub(crate) fn leaves_open(&self, slot: Slot) -> bool {
        match slot {
            Slot::Text => self.text.is_none(),
            Slot::Instant | Slot::Date | Slot::Clock => self.time.is_none(),
            Slot::Sender => self.sender.is_none(),
            Slot::Conversation => self.conversation.is_none(),
            Slot::Id => self.id.is_none(),
        }
    }
}

impl fmt::Display for FieldMap {
    /// The short form that [`FieldMap::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            ("text", &self.text),
            ("time", &self.time),
            ("sender", &self.sender),
            ("conversation", &self.conversation),
            ("id", &self.id),
        ];
        let written: Vec<_> =
            named.iter().filter_map(|(key, name)| name.as_ref().map(|name| format!("{key}={name}"))).collect();
        f.write_str(&written.join(","))
    }
}

fn bad_map(problem: &str, part: &str) -> IngestError {
    IngestError::BadMap(format!("{problem}: {part:?}"))
}

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Text,
    /// A whole time.
    Instant,
    /// A date, perhaps with its time.
    Date,
    /// A time of day, perhaps with its date.
    Clock,
    Sender,
    Conversation,
    Id,
}

/// How many slots there are; a slot as number is less.
pub(crate) const SLOTS: usize = 7;

/// Names by slot, best first, folded: lower case, letters and digits only.
const NAMES: [(Slot, &[&str]); SLOTS] = [
    (
        Slot::Text,
        &[
            "text",
            "body",
            "message",
            "bericht",
            "tekst",
            "inhoud",
            "content",
            "msg",
            "messagetext",
            "messagebody",
            "berichttekst",
        ],
    ),
    (
        Slot::Instant,
        &[
            "timestamp",
            "datetime",
            "datumtijd",
            "tijdstip",
            "sentat",
            "senton",
            "senttime",
            "sent",
            "verzonden",
            "verzondenop",
            "verstuurd",
            "createdat",
            "created",
            "epoch",
            "unixtime",
            "dateunixtime",
            "tijdstempel",
            "timestampms",
            "messagetimestamp",
            "messagedate",
        ],
    ),
    (Slot::Date, &["date", "datum"]),
    (Slot::Clock, &["time", "tijd"]),
    (
        Slot::Sender,
        &[
            "sender",
            "from",
            "user",
            "author",
            "afzender",
            "van",
            "naam",
            "gebruiker",
            "username",
            "gebruikersnaam",
            "name",
            "sendername",
            "senderid",
            "userid",
            "fromid",
            "screenname",
            "auteur",
            "nickname",
            "handle",
        ],
    ),
    (
        Slot::Conversation,
        &[
            "conversation",
            "chat",
            "chatid",
            "thread",
            "gesprek",
            "groep",
            "kanaal",
            "room",
            "conversationid",
            "threadid",
            "gesprekid",
            "groepid",
            "roomid",
            "channel",
            "channelid",
            "group",
            "groupid",
            "chatname",
            "sessionid",
        ],
    ),
    (Slot::Id, &["id", "messageid", "berichtid", "guid", "uuid", "msgid", "idstr"]),
];

/// What a name suggests, and how strongly: 0 is best.
pub(crate) fn guess(name: &str) -> Option<(Slot, u8)> {
    let folded: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().find_map(|(slot, names)| {
        let rank = names.iter().position(|known| *known == folded)?;
        Some((*slot, rank as u8))
    })
}

/// Names for an error: no more of them, and no longer, than can be read.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MAX_NAMES: usize = 40;
    const MAX_CHARS: usize = 40;
    let mut listed: Vec<String> = names
        .take(MAX_NAMES + 1)
        .map(|name| name.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect())
        .collect();
    if listed.len() > MAX_NAMES {
        listed.truncate(MAX_NAMES);
        listed.push("…".to_owned());
    }
    if listed.is_empty() { "none".to_owned() } else { listed.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised_in_dutch_and_english_whatever_their_spelling() {
        let cases = [
            ("Bericht", Slot::Text),
            ("message_text", Slot::Text),
            ("MESSAGE", Slot::Text),
            ("Message ID", Slot::Id),
            ("bericht_id", Slot::Id),
            ("Sent At", Slot::Instant),
            ("Verzonden op", Slot::Instant),
            ("datum", Slot::Date),
            ("Tijd", Slot::Clock),
            ("Afzender", Slot::Sender),
            ("chat-id", Slot::Conversation),
        ];
        for (name, slot) in cases {
            assert_eq!(guess(name).map(|(slot, _)| slot), Some(slot), "{name}");
        }
        assert_eq!(guess("lon"), None);
        assert_eq!(guess(""), None);
    }

    #[test]
    fn a_mapping_is_read_from_its_short_form() {
        let map = FieldMap::parse("text=Inhoud bericht, time=dag+uur,id=nr").unwrap();
        assert_eq!(map.text.as_deref(), Some("Inhoud bericht"));
        assert_eq!(map.sender, None);
        assert_eq!(map.named().len(), 4);
        assert_eq!(FieldMap::parse(&map.to_string()).unwrap(), map);
        assert!(map.leaves_open(Slot::Sender) && !map.leaves_open(Slot::Date));
        assert_eq!(FieldMap::parse("").unwrap(), FieldMap::default());
        for wrong in ["text", "text=", "tekst=a", "text=a,text=b", "time=dag+"] {
            assert!(matches!(FieldMap::parse(wrong), Err(IngestError::BadMap(_))), "{wrong}");
        }
    }
}
