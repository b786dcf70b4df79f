//! Which column is which, in files that have columns.

use std::path::Path;

use jiff::tz::TimeZone;

use crate::fields::{Slot, guess, listed};
use crate::time::TimeReader;
use crate::{FieldMap, IngestError};

/// The columns that are read.
pub(crate) struct Columns {
    pub(crate) slots: Vec<(Slot, usize)>,
    /// How many columns every record has.
    pub(crate) count: usize,
    pub(crate) has_header: bool,
}

impl Columns {
    /// Finds the columns by the names given by hand, then by guessing.
    ///
    /// Columns named by hand may be numbers, counted from 1, for files without a header.
    pub(crate) fn find(header: &[String], path: &Path, map: &FieldMap) -> Result<Self, IngestError> {
        let looks_like_data = header.iter().any(|cell| is_time(cell));
        let present = || {
            if looks_like_data {
                format!("{} columns without names (name them by number, from 1)", header.len())
            } else {
                listed(header.iter().map(String::as_str))
            }
        };
        let path = || path.to_path_buf();
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
    pub(crate) fn map(&self, header: &[String]) -> FieldMap {
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
