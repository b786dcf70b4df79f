//! Parquet files: a table whose columns name a text and a time.
//!
//! Columns are found by name, as in CSV; only those are read. Of nested columns nothing is read. Reading is the work of the
//! `parquet` crate, without Arrow, row by row; on a thread of its own, so that a file with lies in its headers that makes the
//! crate panic costs the rest of that file and nothing else. What a row group states to unpack to is bounded before it is read.
//! Line and offset of a position count rows.

mod rows;

use self::rows::{Rows, Step};
use super::{Items, Opening};
use crate::row::{self, Problem, TOO_LONG};
use crate::time::TimeReader;
use crate::{Description, IngestError, Item, Position};

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    opening.raw.starts_with(b"PAR1")
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let (rows, columns, header) = Rows::open(opening)?;
    description.map = columns.map(&header);
    description.has_header = Some(true);
    description.columns = header;
    Ok(Box::new(Parquet { rows, passed: 0, limit: opening.options.max_line_bytes }))
}

struct Parquet {
    rows: Rows,
    passed: u64,
    limit: usize,
}

impl Items for Parquet {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        let at = self.position();
        let problem = match self.rows.next() {
            Step::Done => return Ok(None),
            Step::Damaged => {
                let reason = "the file is damaged here, or its headers say what is not so; the rest is not read";
                Problem::new("damaged_parquet", reason)
            }
            Step::Row { is_too_long: true, .. } => TOO_LONG,
            Step::Row { cells, .. } => match row::message(*cells, times) {
                Ok(message) if message.text.len() <= self.limit => {
                    self.passed += 1;
                    return Ok(Some(Item::Message(message)));
                }
                Ok(_) => TOO_LONG,
                Err(problem) => problem,
            },
        };
        self.passed += 1;
        Ok(Some(problem.at(at, b"")))
    }

    fn position(&self) -> Position {
        Position { line: self.passed + 1, offset: self.passed }
    }

    fn share(&self) -> Option<f64> {
        Some(self.passed as f64 / (self.rows.total as f64).max(1.0))
    }
}

#[cfg(test)]
mod tests;
