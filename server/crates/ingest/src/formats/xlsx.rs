//! Excel workbooks (`.xlsx`, ECMA-376): the first sheet with a line that names a text and a time.
//!
//! A workbook is a ZIP archive. `xl/workbook.xml` lists the sheets, `xl/styles.xml` says which numbers are dates,
//! `xl/sharedStrings.xml` holds the texts that cells refer to by number. The sheet is walked through row by row; the shared texts
//! are kept in a file for temporary data, so that memory stays bounded whatever the size of the sheet.
//!
//! Lines above the one with the names (titles, dates of export) are passed, up to [`HEADER_ROWS`]. A date is local time of the
//! file's zone. Line and offset of a position count rows of the sheet.

mod parts;
mod shared;
mod sheet;

use self::parts::Workbook;
use self::shared::Shared;
use self::sheet::{Row, Sheet, Value};
use super::{Items, Opening};
use crate::columns::Columns;
use crate::row::{self, Cell, Cells, Problem, TOO_LONG};
use crate::time::TimeReader;
use crate::{Description, IngestError, Item, Position};

/// How many filled rows may stand before the data.
const HEADER_ROWS: usize = 20;

pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    // Archives that are no workbooks have been taken apart before.
    opening.raw.starts_with(b"PK\x03\x04") && zip_holds(opening, "xl/workbook.xml")
}

fn zip_holds(opening: &Opening<'_>, name: &str) -> bool {
    opening.source.is_plain()
        && std::fs::File::open(opening.source.base.path())
            .ok()
            .and_then(|file| zip::ZipArchive::new(file).ok())
            .is_some_and(|archive| archive.index_for_name(name).is_some())
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let limit = opening.options.max_line_bytes;
    let workbook = Workbook::open(opening)?;
    let mut shared = Shared::read(&workbook, limit).map_err(|source| cannot_open(opening, source))?;
    let mut first_problem = None;
    for (name, part) in &workbook.sheets {
        let mut sheet = Sheet::new(opening.name(), part, limit)?;
        for before in 0..HEADER_ROWS {
            let Some(Ok(row)) = sheet.next_row()? else { break };
            let header = texts(&row, &mut shared, &workbook);
            match Columns::find(&header, opening.name(), &opening.options.map) {
                Ok(columns) => {
                    description.map = columns.map(&header);
                    description.has_header = Some(columns.has_header);
                    description.columns = if columns.has_header { header } else { Vec::new() };
                    description.remarks = vec![format!("sheet {name:?}")];
                    let mut sheet = Sheet::new(opening.name(), part, limit)?;
                    for _ in 0..before + usize::from(columns.has_header) {
                        sheet.next_row()?;
                    }
                    return Ok(Box::new(Xlsx { workbook, shared, sheet, columns, has_ended: false }));
                }
                Err(problem) => {
                    first_problem.get_or_insert(problem);
                }
            }
        }
    }
    let nothing = IngestError::Unsupported { path: opening.name().to_path_buf(), found: "a workbook without rows" };
    Err(first_problem.unwrap_or(nothing))
}

fn cannot_open(opening: &Opening<'_>, source: std::io::Error) -> IngestError {
    IngestError::Open { path: opening.name().to_path_buf(), source }
}

/// The cells of a row as texts, for finding the names of columns.
fn texts(row: &Row, shared: &mut Shared, workbook: &Workbook) -> Vec<String> {
    let mut texts = vec![String::new(); row.cells.last().map_or(0, |(column, _)| column + 1)];
    for (column, value) in &row.cells {
        if let Cell::Text(text) = cell(value, shared, workbook) {
            text.trim().clone_into(&mut texts[*column]);
        }
    }
    texts
}

struct Xlsx {
    workbook: Workbook,
    shared: Shared,
    sheet: Sheet,
    columns: Columns,
    has_ended: bool,
}

impl Items for Xlsx {
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        if self.has_ended {
            return Ok(None);
        }
        loop {
            let at = self.position();
            match self.sheet.next_row()? {
                None => return Ok(None),
                Some(Err(reason)) => {
                    self.has_ended = true;
                    return Ok(Some(super::ufed::broken_xml(reason).at(at, b"")));
                }
                Some(Ok(row)) if row.cells.is_empty() => {}
                Some(Ok(row)) => {
                    return Ok(Some(match self.message(&row, times) {
                        Ok(message) => Item::Message(message),
                        Err(problem) => problem.at(at, b""),
                    }));
                }
            }
        }
    }

    fn position(&self) -> Position {
        Position { line: self.sheet.rows_passed + 1, offset: self.sheet.rows_passed }
    }

    fn share(&self) -> Option<f64> {
        Some(self.sheet.share())
    }
}

impl Xlsx {
    fn message(&mut self, row: &Row, times: &mut TimeReader) -> Result<model::Message, Problem> {
        let mut cells = Cells::default();
        for (slot, column) in &self.columns.slots {
            if let Ok(at) = row.cells.binary_search_by_key(column, |(column, _)| *column) {
                let value = &row.cells[at].1;
                if *value == Value::TooLong {
                    return Err(TOO_LONG);
                }
                cells[*slot as usize] = cell(value, &mut self.shared, &self.workbook);
            }
        }
        row::message(cells, times)
    }
}

/// What a cell means: shared texts looked up, numbers that are shown as dates written as such.
fn cell(value: &Value, shared: &mut Shared, workbook: &Workbook) -> Cell<'static> {
    match value {
        Value::Text(text) => Cell::Text(text.clone().into()),
        Value::Shared(index) => shared.get(*index).map_or(Cell::Missing, |text| Cell::Text(text.into())),
        Value::Number(number, style) if workbook.is_date(*style) => {
            workbook.date(*number).map_or(Cell::Real(*number), |written| Cell::Text(written.into()))
        }
        Value::Number(number, _) if number.fract() == 0.0 && number.abs() < 9e15 => Cell::Integer(*number as i64),
        Value::Number(number, _) => Cell::Real(*number),
        Value::TooLong => Cell::Missing,
    }
}

#[cfg(test)]
mod tests;
