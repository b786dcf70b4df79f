//! Which column is which, and what parts them.

use jiff::tz::TimeZone;

use crate::fields::{Slot, guess, listed};
use crate::formats::Opening;
use crate::time::TimeReader;
use crate::{FieldMap, IngestError};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter under which the first line names most of what a message has, else parts it most evenly.
pub(super) fn guess_delimiter(sample: &[u8]) -> u8 {
    const COUNTED_LINES: usize = 20;
    let mut lines = sample.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let header = lines.next().unwrap_or_default();
    let following: Vec<&[u8]> = lines.take(COUNTED_LINES).collect();
    let score = |delimiter: u8| {
        let known =
            String::from_utf8_lossy(header).split(char::from(delimiter)).filter(|name| guess(name).is_some()).count();
        let fields = fields_outside_quotes(header, delimiter);
        let alike = following.iter().filter(|line| fields_outside_quotes(line, delimiter) == fields).count();
        (if fields > 1 { known } else { 0 }, if fields > 1 { alike } else { 0 }, fields)
    };
    // The last of equals wins, so the commonest delimiter stands last.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

fn fields_outside_quotes(line: &[u8], delimiter: u8) -> usize {
    let mut is_quoted = false;
    1 + line
        .iter()
        .filter(|byte| {
            is_quoted ^= **byte == b'"';
            **byte == delimiter && !is_quoted
        })
        .count()
}

/// The columns that are read.
pub(super) struct Columns {
    pub(super) slots: Vec<(Slot, usize)>,
    /// How many columns every record has.
    pub(super) count: usize,
    pub(super) has_header: bool,
}

impl Columns {
    /// Finds the columns by the names given by hand, then by guessing.
    ///
    /// Columns named by hand may be numbers, counted from 1, for files without a header.
    pub(super) fn find(header: &[String], opening: &Opening<'_>) -> Result<Self, IngestError> {
        let map = &opening.options.map;
        let looks_like_data = header.iter().any(|cell| is_time(cell));
        let present = || {
            if looks_like_data {
                format!("{} columns without names (name them by number, from 1)", header.len())
            } else {
                listed(header.iter().map(String::as_str))
            }
        };
        let path = || opening.path.to_path_buf();
        let mut slots = Vec::new();
        let mut by_number = false;
        for (name, slot) in map.named() {
            let by_name = header
                .iter()
                .position(|column| *column == name)
                .or_else(|| header.iter().position(|column| column.eq_ignore_ascii_case(&name)));
            let number = || name.parse::<usize>().ok().filter(|number| (1..=header.len()).contains(number));
            let column = match (by_name, number()) {
                (Some(column), _) => column,
                (None, Some(number)) => {
                    by_number = true;
                    number - 1
                }
                (None, None) => {
                    return Err(IngestError::UnknownColumn { path: path(), kind: "column", name, present: present() });
                }
            };
            slots.push((slot, column));
        }
        guess_rest(header, map, &mut slots);
        let has = |wanted: &[Slot]| slots.iter().any(|(slot, _)| wanted.contains(slot));
        for (missing, wanted) in [("text", &[Slot::Text][..]), ("time", &[Slot::Instant, Slot::Date, Slot::Clock])] {
            if !has(wanted) {
                return Err(IngestError::NoColumn { path: path(), kind: "column", missing, present: present() });
            }
        }
        Ok(Self { slots, count: header.len(), has_header: !(by_number && looks_like_data) })
    }

    /// The mapping by name, as it was found.
    pub(super) fn map(&self, header: &[String]) -> FieldMap {
        let name = |wanted: Slot| {
            let (_, column) = self.slots.iter().find(|(slot, _)| *slot == wanted)?;
            if self.has_header { header.get(*column).cloned() } else { Some((column + 1).to_string()) }
        };
        let time = match (name(Slot::Instant), name(Slot::Date), name(Slot::Clock)) {
            (None, Some(date), Some(clock)) => Some(format!("{date}+{clock}")),
            (instant, date, clock) => instant.or(date).or(clock),
        };
        FieldMap {
            text: name(Slot::Text),
            time,
            sender: name(Slot::Sender),
            conversation: name(Slot::Conversation),
            id: name(Slot::Id),
        }
    }
}

/// For each slot left open, the free column with the best name.
fn guess_rest(header: &[String], map: &FieldMap, slots: &mut Vec<(Slot, usize)>) {
    let mut guesses: Vec<(u8, usize, Slot)> = (0..)
        .zip(header)
        .filter_map(|(column, name)| guess(name).map(|(slot, rank)| (rank, column, slot)))
        .filter(|(_, _, slot)| map.leaves_open(*slot))
        .collect();
    guesses.sort_unstable_by_key(|(rank, column, _)| (*rank, *column));
    for (_, column, slot) in guesses {
        if slots.iter().all(|(taken, used)| *taken != slot && *used != column) {
            slots.push((slot, column));
        }
    }
    // A column that holds the whole time makes parts of it superfluous.
    if slots.iter().any(|(slot, _)| *slot == Slot::Instant) {
        slots.retain(|(slot, _)| !matches!(slot, Slot::Date | Slot::Clock));
    }
}

/// Whether a cell of the first line is a time, so that the line is no header.
fn is_time(cell: &str) -> bool {
    cell.len() >= 8 && TimeReader::new(TimeZone::UTC).read(cell).is_ok()
}
