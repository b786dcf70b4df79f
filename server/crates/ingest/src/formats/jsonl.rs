//! JSON Lines: one object a line. Fields are found by name in each line anew, so lines may differ.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::{Items, Opening, reject_line};
use crate::fields::{SLOTS, Slot, guess, listed};
use crate::row::{self, Cell, Cells, LINE_TOO_LONG, NOT_UTF8, Problem};
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::{LineEnd, Window, trim_line_end};
use crate::{Description, FieldMap, IngestError, Item, Position};

/// Distinct field names remembered with what they mean; files with more (data as keys) are looked up anew.
const REMEMBERED_NAMES: usize = 1024;

/// Whether most of the first lines start an object.
pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    let starts: Vec<bool> = opening
        .sample
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(9)
        .map(|line| line.starts_with(b"{"))
        .collect();
    starts.iter().filter(|starts| **starts).count() * 2 > starts.len()
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let names = Names::new(&opening.options.map);
    check(opening, &names, first_lines(opening))?;
    description.map = opening.options.map.clone();
    let (window, source) = (opening.window()?, opening.source.clone());
    Ok(Box::new(Jsonl { window, source, names, max_line_bytes: opening.options.max_line_bytes }))
}

struct Jsonl {
    window: Window,
    source: Source,
    names: Names,
    max_line_bytes: usize,
}

impl Items for Jsonl {
    fn position(&self) -> Position {
        self.window.position()
    }

    fn jump(&mut self, target: Position) -> Result<bool, IngestError> {
        self.window.go_to(&self.source, target)?;
        Ok(true)
    }

    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        let window = &mut self.window;
        if !window.skip_blank_lines()? {
            return Ok(None);
        }
        let end = match window.line_end(0, self.max_line_bytes)? {
            LineEnd::Newline(end) | LineEnd::EndOfFile(end) => end,
            LineEnd::TooFar => return reject_line(window, LINE_TOO_LONG).map(Some),
        };
        let position = window.position();
        let line = &window.bytes()[..end];
        let item = match message(line, &mut self.names, times) {
            Ok(message) => Item::Message(message),
            Err(problem) => problem.at(position, trim_line_end(line)),
        };
        window.advance(end);
        Ok(Some(item))
    }
}

pub(super) fn message(line: &[u8], names: &mut Names, times: &mut TimeReader) -> Result<model::Message, Problem> {
    let is_whole = line.ends_with(b"\n");
    let text = std::str::from_utf8(trim_line_end(line)).map_err(|_| NOT_UTF8)?;
    if text.bytes().all(|byte| byte == 0) {
        return Err(Problem::new("nul_byte", "the line has NUL bytes only"));
    }
    let cells = parse(text, names).map_err(|error| broken(&error, is_whole))?;
    row::message(cells, times)
}

/// Says what is wrong without serde's own words, which can quote the line.
fn broken(error: &serde_json::Error, is_whole: bool) -> Problem {
    let reason = match error.classify() {
        Category::Eof if is_whole => Cow::Borrowed("the line ends in the middle of an object"),
        Category::Eof => Cow::Borrowed("the file ends in the middle of an object: the last line is cut off"),
        Category::Data => Cow::Borrowed("the line is no JSON object"),
        Category::Syntax | Category::Io => {
            Cow::Owned(format!("the line is no valid JSON from column {}", error.column()))
        }
    };
    Problem { code: "broken_json", reason }
}

fn parse<'a>(line: &'a str, names: &mut Names) -> Result<Cells<'a>, serde_json::Error> {
    let mut found = Found::default();
    let mut deserializer = serde_json::Deserializer::from_str(line);
    Object { names, found: &mut found, prefix: "" }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found.cells)
}

/// Refuses a file none of whose first objects has a text and a time, or the names given by hand.
pub(super) fn check<'a>(
    opening: &Opening<'_>,
    names: &Names,
    first: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(), IngestError> {
    const CHECKED_OBJECTS: usize = 200;
    let mut present = BTreeSet::new();
    for line in first.into_iter().take(CHECKED_OBJECTS) {
        if let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(line) {
            collect_names(&object, "", &mut present);
        }
    }
    if present.is_empty() {
        return Ok(());
    }
    let path = opening.name().to_path_buf();
    let all = || listed(present.iter().map(String::as_str));
    if let Some((name, _)) = names.by_hand.iter().find(|(name, _)| !present.contains(name)) {
        return Err(IngestError::UnknownColumn { path, kind: "field", name: name.clone(), present: all() });
    }
    let has = |slots: &[Slot]| {
        let found = |name: &String| names.lookup(name).is_some_and(|(slot, _)| slots.contains(&slot));
        present.iter().any(found)
    };
    let missing = if !has(&[Slot::Text]) {
        "text"
    } else if !has(&[Slot::Instant, Slot::Date, Slot::Clock]) {
        "time"
    } else {
        return Ok(());
    };
    Err(IngestError::NoColumn { path, kind: "field", missing, present: all() })
}

/// The first lines that are there in full.
fn first_lines<'a>(opening: &Opening<'a>) -> Vec<&'a [u8]> {
    let mut lines: Vec<&[u8]> = opening.sample.split(|byte| *byte == b'\n').collect();
    if !opening.sample_is_all {
        lines.pop();
    }
    lines
}

fn collect_names(object: &serde_json::Map<String, serde_json::Value>, prefix: &str, present: &mut BTreeSet<String>) {
    for (key, value) in object {
        let path = format!("{prefix}{key}");
        if let serde_json::Value::Object(inner) = value {
            collect_names(inner, &format!("{path}."), present);
        }
        present.insert(path);
    }
}

/// What the names of fields mean.
pub(super) struct Names {
    map: FieldMap,
    /// Names given by hand; a dot leads into an object.
    by_hand: Vec<(String, Slot)>,
    remembered: HashMap<String, Option<(Slot, u8)>>,
}

impl Names {
    pub(super) fn new(map: &FieldMap) -> Self {
        Self { map: map.clone(), by_hand: map.named(), remembered: HashMap::new() }
    }

    /// The slot of a path, and how well the name fits; only top-level names are guessed.
    fn lookup(&self, path: &str) -> Option<(Slot, u8)> {
        if let Some((_, slot)) = self.by_hand.iter().find(|(name, _)| name == path) {
            return Some((*slot, 0));
        }
        guess(path).filter(|(slot, _)| !path.contains('.') && self.map.leaves_open(*slot))
    }

    fn recall(&mut self, path: &str) -> Option<(Slot, u8)> {
        if let Some(known) = self.remembered.get(path) {
            return *known;
        }
        let found = self.lookup(path);
        if self.remembered.len() < REMEMBERED_NAMES {
            self.remembered.insert(path.to_owned(), found);
        }
        found
    }

    /// Whether a name given by hand leads through this object.
    fn lead_through(&self, path: &str) -> bool {
        self.by_hand.iter().any(|(name, _)| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
    }
}

/// The best cell so far of each slot.
struct Found<'a> {
    cells: Cells<'a>,
    ranks: [u8; SLOTS],
}

impl Default for Found<'_> {
    fn default() -> Self {
        Self { cells: Cells::default(), ranks: [u8::MAX; SLOTS] }
    }
}

impl<'a> Found<'a> {
    fn offer(&mut self, slot: Slot, rank: u8, cell: Cell<'a>) {
        let at = slot as usize;
        if cell != Cell::Missing && rank <= self.ranks[at] {
            self.cells[at] = cell;
            self.ranks[at] = rank;
        }
    }
}

/// Reads the wanted fields of an object and passes over the rest.
struct Object<'f, 'a> {
    names: &'f mut Names,
    found: &'f mut Found<'a>,
    /// Path of the object, with its dot.
    prefix: &'f str,
}

impl<'a> DeserializeSeed<'a> for Object<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            let path = if self.prefix.is_empty() { key } else { Cow::Owned(format!("{}{key}", self.prefix)) };
            if let Some((slot, rank)) = self.names.recall(&path) {
                let cell = map.next_value_seed(CellSeed)?;
                self.found.offer(slot, rank, cell);
            } else if self.names.lead_through(&path) {
                let prefix = format!("{path}.");
                map.next_value_seed(Inner(Object { names: self.names, found: self.found, prefix: &prefix }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let cell = deserializer.deserialize_str(CellSeed)?;
        Ok(Self(match cell {
            Cell::Text(text) => text,
            _ => Cow::Borrowed(""),
        }))
    }
}

/// A value on the way of a dotted name: an object is entered, anything else is as good as absent.
struct Inner<'f, 'a>(Object<'f, 'a>);

impl<'a> DeserializeSeed<'a> for Inner<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Inner<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<(), A::Error> {
        self.0.visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A value of a wanted field; lists, objects, null and truth values count as missing.
struct CellSeed;

impl<'a> DeserializeSeed<'a> for CellSeed {
    type Value = Cell<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Cell<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for CellSeed {
    type Value = Cell<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Cell<'a>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'a>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'a>, E> {
        Ok(Cell::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'a>, E> {
        // Ids beyond the signed range keep their digits.
        Ok(i64::try_from(number).map_or_else(|_| Cell::Text(Cow::Owned(number.to_string())), Cell::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'a>, E> {
        Ok(Cell::Real(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cell<'a>, E> {
        Ok(Cell::Missing)
    }

    fn visit_unit<E>(self) -> Result<Cell<'a>, E> {
        Ok(Cell::Missing)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Cell<'a>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Missing)
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Cell<'a>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Missing)
    }
}
