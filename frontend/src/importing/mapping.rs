//! Which column is what, slot by slot. A time may stand in two columns, written `date+clock`.

use model::imports::Mapping;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The words.
    Text,
    /// When it was sent, or the date of it.
    Time,
    /// The time of day, when it has a column of its own.
    Clock,
    /// Who sent it.
    Sender,
    /// The conversation.
    Conversation,
    /// The source's own id.
    Id,
}

impl Slot {
    /// All of them, in the order of the screen.
    pub(crate) const ALL: [Self; 6] = [Self::Text, Self::Time, Self::Clock, Self::Sender, Self::Conversation, Self::Id];

    /// Its name in test ids.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Time => "time",
            Self::Clock => "clock",
            Self::Sender => "sender",
            Self::Conversation => "conversation",
            Self::Id => "id",
        }
    }

    /// The column of a mapping that holds it.
    pub(crate) fn of(self, map: &Mapping) -> Option<String> {
        let time = || map.time.as_deref().map(|time| time.split_once('+').unwrap_or((time, "")));
        let column = match self {
            Self::Text => map.text.clone(),
            Self::Time => time().map(|(date, _)| date.trim().to_owned()),
            Self::Clock => time().map(|(_, clock)| clock.trim().to_owned()),
            Self::Sender => map.sender.clone(),
            Self::Conversation => map.conversation.clone(),
            Self::Id => map.id.clone(),
        };
        column.filter(|column| !column.is_empty())
    }

    /// What was said by hand, with another column for this slot; `None` leaves it to be guessed. `read` is what is read now,
    /// guesses among it: half of a time needs its other half.
    pub(crate) fn put(self, said: &Mapping, read: &Mapping, column: Option<String>) -> Mapping {
        let mut map = said.clone();
        match self {
            Self::Text => map.text = column,
            Self::Sender => map.sender = column,
            Self::Conversation => map.conversation = column,
            Self::Id => map.id = column,
            Self::Time => map.time = column.map(|date| joined(&date, Self::Clock.of(read))),
            Self::Clock => map.time = Self::Time.of(read).map(|date| joined(&date, column)),
        }
        map
    }
}

fn joined(date: &str, clock: Option<String>) -> String {
    clock.filter(|clock| clock != date).map_or_else(|| date.to_owned(), |clock| format!("{date}+{clock}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_two_columns_is_taken_apart_and_put_together() {
        let read = Mapping { time: Some("datum+tijd".into()), text: Some("bericht".into()), ..Mapping::default() };
        assert_eq!(
            Slot::ALL.map(|slot| slot.of(&read)).map(Option::unwrap_or_default),
            ["bericht", "datum", "tijd", "", "", ""]
        );
        let said = Slot::Time.put(&Mapping::default(), &read, Some("dag".into()));
        assert_eq!(said.time.as_deref(), Some("dag+tijd"));
        assert_eq!(Slot::Clock.put(&said, &said, None).time.as_deref(), Some("dag"));
        assert_eq!(Slot::Time.put(&said, &said, None).time, None);
        assert_eq!(said.text, None, "what was guessed is not said");
    }

    #[test]
    fn one_column_is_never_both_halves_of_a_time() {
        let read = Mapping { time: Some("datum+tijd".into()), ..Mapping::default() };
        assert_eq!(Slot::Time.put(&read, &read, Some("tijd".into())).time.as_deref(), Some("tijd"));
    }
}
