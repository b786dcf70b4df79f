//! The rows of a sheet, one after another.

use std::path::{Path, PathBuf};

use super::parts::{open_error, walk};
use crate::IngestError;
use crate::source::Source;
use crate::xml_walk::{Step, Tag, XmlWalk};

/// Excel's own limit.
const MAX_COLUMNS: usize = 16_384;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    /// The number of a shared text.
    Shared(u64),
    /// A number and the style that says how it is shown.
    Number(f64, usize),
    TooLong,
}

/// The filled cells of a row by column, from 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<(usize, Value)>,
}

pub(super) struct Sheet {
    walk: XmlWalk,
    path: PathBuf,
    total_bytes: u64,
    pub(super) rows_passed: u64,
    has_ended: bool,
}

impl Sheet {
    pub(super) fn new(path: &Path, part: &Source, limit: usize) -> Result<Self, IngestError> {
        let walk = walk(part, limit).map_err(|source| open_error(path, source))?;
        let packed = part.entry.map_or(0, |entry| entry.packed_bytes);
        Ok(Self { walk, path: path.to_path_buf(), total_bytes: packed, rows_passed: 0, has_ended: false })
    }

    /// How far the sheet is read, guessing that it unpacks to some ten times its size.
    pub(super) fn share(&self) -> f64 {
        const USUAL_RATIO: f64 = 10.0;
        (self.walk.position().offset as f64 / (self.total_bytes as f64 * USUAL_RATIO).max(1.0)).min(1.0)
    }

    /// The next row, or what is wrong with the sheet from here on.
    pub(super) fn next_row(&mut self) -> Result<Option<Result<Row, &'static str>>, IngestError> {
        while !self.has_ended {
            match self.step()? {
                Step::Start(tag) if tag.name() == "row" => {
                    let row = self.row()?;
                    self.rows_passed += 1;
                    return Ok(Some(row));
                }
                Step::Broken(reason) => {
                    self.has_ended = true;
                    return Ok(Some(Err(reason)));
                }
                Step::Done => self.has_ended = true,
                _ => {}
            }
        }
        Ok(None)
    }

    fn step(&mut self) -> Result<Step, IngestError> {
        self.walk.step().map_err(|error| match error {
            IngestError::Read { source, offset, .. } => IngestError::Read { path: self.path.clone(), offset, source },
            other => other,
        })
    }

    /// The cells up to the end of the row whose start tag was just read.
    fn row(&mut self) -> Result<Result<Row, &'static str>, IngestError> {
        let outside = self.walk.depth() - 1;
        let mut row = Row::default();
        let mut next_column = 0;
        loop {
            match self.step()? {
                Step::Start(tag) if tag.name() == "c" => {
                    let column = column_of(&tag.attribute("r")).unwrap_or(next_column);
                    next_column = column + 1;
                    match self.cell(&tag)? {
                        Ok(Some(value)) if column < MAX_COLUMNS => {
                            let is_later = row.cells.last().is_none_or(|(last, _)| *last < column);
                            if is_later {
                                row.cells.push((column, value));
                            }
                        }
                        Ok(_) => {}
                        Err(reason) => return Ok(Err(reason)),
                    }
                }
                Step::End if self.walk.depth() <= outside => return Ok(Ok(row)),
                Step::Start(_) | Step::End | Step::Text(_) => {}
                Step::Broken(reason) => return Ok(Err(reason)),
                Step::Done => return Ok(Err("the sheet ends in the middle of a row")),
            }
        }
    }

    fn cell(&mut self, tag: &Tag) -> Result<Result<Option<Value>, &'static str>, IngestError> {
        let outside = self.walk.depth() - 1;
        let (kind, style) = (tag.attribute("t"), tag.attribute("s").parse().unwrap_or(0));
        let (mut text, mut is_too_long, mut inside) = (String::new(), false, String::new());
        loop {
            match self.step()? {
                Step::Start(tag) => tag.name().clone_into(&mut inside),
                Step::Text(Some(piece)) if matches!(inside.as_str(), "v" | "t") => text.push_str(&piece),
                Step::Text(None) => is_too_long = true,
                Step::End if self.walk.depth() <= outside => break,
                Step::End => inside.clear(),
                Step::Text(_) => {}
                Step::Broken(reason) => return Ok(Err(reason)),
                Step::Done => return Ok(Err("the sheet ends in the middle of a cell")),
            }
        }
        if is_too_long {
            return Ok(Ok(Some(Value::TooLong)));
        }
        if text.is_empty() {
            return Ok(Ok(None));
        }
        Ok(Ok(match kind.as_str() {
            "s" => text.trim().parse().ok().map(Value::Shared),
            "" | "n" => {
                let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
                Some(number.map_or(Value::Text(text), |number| Value::Number(number, style)))
            }
            // `e` is an error such as #N/A.
            "e" => None,
            _ => Some(Value::Text(text)),
        }))
    }
}

/// The column of a reference such as `AB12`, from 0.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let number = letters.fold(0, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        let cases =
            [("A1", Some(0)), ("Z9", Some(25)), ("AA1", Some(26)), ("XFD1", Some(16_383)), ("12", None), ("", None)];
        for (reference, expected) in cases {
            assert_eq!(column_of(reference), expected, "{reference}");
        }
    }
}
