//! SQLite databases of chats.
//!
//! Layouts that are known (`layout`): Signal Desktop, which sigtop exports as it is; WhatsApp on Android (`msgstore.db`), with
//! shared locations. Of any other database every table is read whose columns name a text, a time, and a sender or conversation,
//! as the tables of LEAPP's `_lava_artifacts.db` do; `--map text=TABLE.COLUMN,time=TABLE.COLUMN,…` chooses one.
//!
//! Evidence is not touched: the database is opened read-only and as one that does not change, so that no journal is replayed and
//! no lock taken. One with a write-ahead log beside it, where the latest messages may be, is copied to a temporary folder with
//! that log first. `SQLite` is that of the store, through sqlx; it runs on a thread of its own (`rows`), since it is
//! asynchronous and a reader is not. Nothing of the schema is executed: views and triggers are not read, and the schema is not
//! trusted. Line and offset of a position count rows, table after table.

mod layout;
mod rows;

use self::rows::{Rows, Step};
use super::{Items, Opening};
use crate::json_value::decimal;
use crate::row::{self, Cell, Cells, Problem, TOO_LONG, shared_location};
use crate::time::TimeReader;
use crate::{Description, FieldMap, IngestError, Item, Position};

/// Columns of every query: those of a message by slot, then longitude, latitude, label, and whether a value is too long.
const LON: usize = crate::fields::SLOTS;
const LAT: usize = LON + 1;
const LABEL: usize = LON + 2;
const TOO_LONG_FLAG: usize = LON + 3;
pub(super) const COLUMNS: usize = LON + 4;

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    opening.raw.starts_with(b"SQLite format 3\0")
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let (rows, queries) = Rows::open(opening)?;
    description.remarks = queries.iter().map(|query| format!("table {}", query.table)).collect();
    if let [query] = &queries[..] {
        description.map = query.map.clone();
    }
    if queries.is_empty() {
        let asked = opening.options.map != FieldMap::default();
        let found = if asked { "a database without such a table" } else { "an SQLite database without messages" };
        return Err(IngestError::Unsupported { path: opening.name().to_path_buf(), found });
    }
    Ok(Box::new(Sqlite { rows, passed: 0, table: String::new() }))
}

struct Sqlite {
    rows: Rows,
    passed: u64,
    /// The table being read: the conversation of messages that have neither conversation nor sender.
    table: String,
}

impl Items for Sqlite {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        loop {
            let at = self.position();
            match self.rows.next() {
                Step::Table(name) => self.table = name,
                Step::Row(values) => {
                    self.passed += 1;
                    return Ok(Some(match message(values, &self.table, times) {
                        Ok(message) => Item::Message(message),
                        Err(problem) => problem.at(at, b""),
                    }));
                }
                Step::Damaged => {
                    self.passed += 1;
                    let reason = "the database is damaged here; the rest of this table is not read";
                    return Ok(Some(Problem::new("damaged_database", reason).at(at, b"")));
                }
                Step::Done => return Ok(None),
            }
        }
    }

    fn position(&self) -> Position {
        Position { line: self.passed + 1, offset: self.passed }
    }

    fn share(&self) -> Option<f64> {
        Some(self.passed as f64 / (self.rows.total as f64).max(1.0))
    }
}

fn message(mut values: Vec<Cell<'static>>, table: &str, times: &mut TimeReader) -> Result<model::Message, Problem> {
    values.resize_with(COLUMNS, Cell::default);
    if values[TOO_LONG_FLAG] == Cell::Integer(1) {
        return Err(TOO_LONG);
    }
    let degrees = |cell: &Cell<'_>| match cell {
        Cell::Real(number) => Some(*number),
        Cell::Integer(number) => Some(*number as f64),
        Cell::Text(text) => decimal(text),
        Cell::Missing => None,
    };
    let label = match std::mem::take(&mut values[LABEL]) {
        Cell::Text(text) => Some(text.into_owned()),
        _ => None,
    };
    let point = degrees(&values[LON]).zip(degrees(&values[LAT]));
    let location = point.and_then(|(lon, lat)| shared_location(lon, lat, label));
    let mut cells = Cells::default();
    for (slot, value) in cells.iter_mut().zip(values) {
        *slot = value;
    }
    let message = row::message_at(cells, location, times)?;
    let conversation = if message.conversation.is_empty() { table.to_owned() } else { message.conversation };
    Ok(model::Message { conversation, ..message })
}

#[cfg(test)]
mod tests;
