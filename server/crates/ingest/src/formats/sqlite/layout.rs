//! Which tables hold messages, and how they are asked.

use std::collections::BTreeMap;
use std::path::Path;

use super::COLUMNS;
use crate::FieldMap;
use crate::columns::Columns;
use crate::fields::Slot;

/// Tables with their columns.
pub(super) type Tables = BTreeMap<String, Vec<String>>;

/// A question that gives a row a message.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// What it reads, for people.
    pub(super) table: String,
    pub(super) sql: String,
    /// How many rows there are.
    pub(super) count_sql: String,
    pub(super) map: FieldMap,
}

/// The expressions of a query by column; what is left out is NULL.
#[derive(Default)]
struct Select {
    values: [Option<String>; COLUMNS],
}

impl Select {
    fn slot(mut self, slot: Slot, expression: impl Into<String>) -> Self {
        self.values[slot as usize] = Some(expression.into());
        self
    }

    fn location(mut self, lon: &str, lat: &str, label: &str) -> Self {
        self.values[super::LON] = Some(lon.to_owned());
        self.values[super::LAT] = Some(lat.to_owned());
        self.values[super::LABEL] = Some(label.to_owned());
        self
    }

    /// The query over `from`; values longer than the limit are left out and flagged.
    fn query(self, table: &str, from: &str, limit: usize) -> Query {
        let mut too_long = Vec::new();
        let mut columns: Vec<String> = self
            .values
            .iter()
            .take(super::TOO_LONG_FLAG)
            .map(|value| match value {
                None => "NULL".to_owned(),
                Some(value) => {
                    too_long.push(format!("coalesce(length({value}), 0) > {limit}"));
                    format!("CASE WHEN length({value}) > {limit} THEN NULL ELSE {value} END")
                }
            })
            .collect();
        columns.push(format!("({})", too_long.join(" OR ")));
        Query {
            table: table.to_owned(),
            sql: format!("SELECT {} FROM {from}", columns.join(", ")),
            count_sql: format!("SELECT count(*) FROM {}", quoted(table)),
            map: FieldMap::default(),
        }
    }
}

/// What is asked of a database with these tables.
pub(super) fn queries(tables: &Tables, map: &FieldMap, limit: usize) -> Vec<Query> {
    if *map == FieldMap::default() {
        let known = signal(tables, limit).or_else(|| whatsapp(tables, limit));
        if let Some(query) = known {
            return vec![query];
        }
    }
    tables.iter().filter_map(|(table, columns)| guessed(table, columns, map, limit)).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether a table has all these columns.
fn has(tables: &Tables, table: &str, columns: &[&str]) -> bool {
    tables.get(table).is_some_and(|found| columns.iter().all(|column| found.iter().any(|name| name == column)))
}

/// The first filled of those columns that the table has.
fn first_of(tables: &Tables, table: &str, alias: &str, columns: &[&str]) -> String {
    let there = columns.iter().filter(|column| has(tables, table, &[column]));
    let filled: Vec<_> = there.map(|column| format!("nullif({alias}.{}, '')", quoted(column))).collect();
    match &filled[..] {
        [] => "NULL".to_owned(),
        [one] => one.clone(),
        _ => format!("coalesce({})", filled.join(", ")),
    }
}

/// What Signal calls a conversation or a person, best first.
const SIGNAL_NAMES: [&str; 6] = ["name", "profileFullName", "profileName", "e164", "serviceId", "id"];

/// Signal Desktop: `messages` refer to `conversations` for the chat, and for the sender by his service id. What the owner of the
/// device sent carries no sender; it is called `(self)`.
fn signal(tables: &Tables, limit: usize) -> Option<Query> {
    if !has(tables, "messages", &["id", "conversationId", "sent_at", "body", "type"])
        || !has(tables, "conversations", &["id", "type"])
    {
        return None;
    }
    let source = first_of(tables, "messages", "m", &["sourceServiceId", "sourceUuid", "source"]);
    let service = first_of(tables, "conversations", "s", &["serviceId", "uuid"]);
    let select = Select::default()
        .slot(Slot::Id, "m.id")
        .slot(Slot::Conversation, first_of(tables, "conversations", "c", &SIGNAL_NAMES))
        .slot(
            Slot::Sender,
            format!(
                "CASE WHEN m.type = 'outgoing' THEN '(self)' ELSE coalesce({}, {source}) END",
                first_of(tables, "conversations", "s", &SIGNAL_NAMES)
            ),
        )
        .slot(Slot::Instant, "m.sent_at")
        .slot(Slot::Text, "m.body");
    let from = format!(
        "messages m LEFT JOIN conversations c ON c.id = m.conversationId LEFT JOIN conversations s ON s.rowid = \
         (SELECT min(s.rowid) FROM conversations s WHERE {service} = {source})"
    );
    Some(select.query("messages", &format!("{from} ORDER BY m.rowid"), limit))
}

/// WhatsApp on Android since 2021: `message` with `chat`, `jid` and `message_location`.
fn whatsapp(tables: &Tables, limit: usize) -> Option<Query> {
    if !has(tables, "message", &["_id", "chat_row_id", "from_me", "sender_jid_row_id", "timestamp", "text_data"])
        || !has(tables, "chat", &["_id", "jid_row_id", "subject"])
        || !has(tables, "jid", &["_id", "raw_string"])
    {
        return None;
    }
    let select = Select::default()
        .slot(Slot::Id, if has(tables, "message", &["key_id"]) { "m.key_id" } else { "m._id" })
        .slot(Slot::Conversation, "coalesce(nullif(c.subject, ''), k.raw_string)")
        .slot(Slot::Sender, "CASE WHEN m.from_me = 1 THEN '(self)' ELSE coalesce(s.raw_string, k.raw_string) END")
        .slot(Slot::Instant, "m.timestamp")
        .slot(Slot::Text, "m.text_data");
    let mut from = "message m LEFT JOIN chat c ON c._id = m.chat_row_id LEFT JOIN jid k ON k._id = c.jid_row_id \
        LEFT JOIN jid s ON s._id = m.sender_jid_row_id"
        .to_owned();
    let has_locations = has(tables, "message_location", &["message_row_id", "latitude", "longitude", "place_name"]);
    let select = if has_locations {
        from.push_str(" LEFT JOIN message_location l ON l.message_row_id = m._id");
        select.location("l.longitude", "l.latitude", "l.place_name")
    } else {
        select
    };
    Some(select.query("message", &format!("{from} ORDER BY m._id"), limit))
}

/// A table whose columns say by their names what they hold, or that was named by hand.
fn guessed(table: &str, columns: &[String], map: &FieldMap, limit: usize) -> Option<Query> {
    let map = within(table, map)?;
    let found = Columns::find(columns, Path::new(""), &map).ok()?;
    let named = found.map(columns);
    let is_chat = named.sender.is_some() || named.conversation.is_some() || map.text.is_some();
    if !is_chat || !found.has_header {
        return None;
    }
    let select = found
        .slots
        .iter()
        .fold(Select::default(), |select, (slot, column)| select.slot(*slot, quoted(&columns[*column])));
    // Without an order a table is walked through by its key, the same way each time as long as it does not change.
    Some(Query { map: named, ..select.query(table, &quoted(table), limit) })
}

/// The mapping without the name of this table before its columns; `None` when it names another table.
fn within(table: &str, map: &FieldMap) -> Option<FieldMap> {
    let mut inner = map.clone();
    for name in [&mut inner.text, &mut inner.time, &mut inner.sender, &mut inner.conversation, &mut inner.id] {
        let Some(written) = name.as_mut() else { continue };
        let halves: Option<Vec<String>> = written
            .split('+')
            .map(|half| match half.trim().rsplit_once('.') {
                Some((before, column)) => (before == table).then(|| column.to_owned()),
                None => Some(half.to_owned()),
            })
            .collect();
        *written = halves?.join("+");
    }
    Some(inner)
}
