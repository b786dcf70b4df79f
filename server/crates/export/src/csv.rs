//! The list as CSV (RFC 4180), UTF-8 with a byte order mark.
//!
//! The mark makes spreadsheets read accents right; readers of CSV that know UTF-8 skip it. The first line names the columns, and every line
//! after it is a hotspot, so that any reader works. Where the list came from stands in the last columns, the same on each line.

use std::borrow::Cow;

use model::api::{Hotspot, Hotspots};

use crate::columns::{COLUMNS, Cell};
use crate::error::ExportError;
use crate::provenance::Provenance;

pub(crate) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The list as a table.
///
/// Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"); numbers stay numbers.
///
/// # Errors
/// When a line cannot be written.
pub fn csv(list: &Hotspots, provenance: &Provenance) -> Result<Vec<u8>, ExportError> {
    let said = provenance.said(list)?;
    let mut writer = writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(COLUMNS.iter().map(|column| column.name).chain(said.iter().map(|said| said.name)))?;
    let said: Vec<String> = said.iter().map(|said| harmless(&said.text()).into_owned()).collect();
    for hotspot in &list.hotspots {
        writer.write_record(cells(hotspot).chain(said.iter().cloned()))?;
    }
    finished(writer)
}

/// The rows alone, as [`crate::rows_sha256`] sums them up.
pub(crate) fn table(list: &Hotspots) -> Result<Vec<u8>, ExportError> {
    let mut writer = writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|column| column.name))?;
    for hotspot in &list.hotspots {
        writer.write_record(cells(hotspot))?;
    }
    finished(writer)
}

/// The cells of a row: texts made harmless, numbers as they are, below zero too.
fn cells(hotspot: &Hotspot) -> impl Iterator<Item = String> {
    COLUMNS.iter().map(|column| match (column.take)(hotspot) {
        Cell::Text(text) => harmless(&text).into_owned(),
        other => other.text().into_owned(),
    })
}

pub(crate) fn writer<W: std::io::Write>(out: W) -> ::csv::Writer<W> {
    ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out)
}

fn finished(writer: ::csv::Writer<Vec<u8>>) -> Result<Vec<u8>, ExportError> {
    writer.into_inner().map_err(|error| ExportError::Io(error.into_error()))
}

/// Text that no spreadsheet computes: after a leading apostrophe everything is text.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+31", "-2+3", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in ["Kerkenveld", "'s-Gravenhage", "2e Exloërmond", "", "a=b"] {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[test]
    fn a_table_is_read_back_cell_by_cell_and_no_cell_starts_a_formula() {
        let list = testing::hostile();
        let bytes = csv(&list, &testing::provenance()).unwrap();
        let mut reader = ::csv::Reader::from_reader(&bytes[BYTE_ORDER_MARK.len()..]);
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), list.hotspots.len());
        for (row, hotspot) in rows.iter().zip(&list.hotspots) {
            assert_eq!(row.len(), names.len());
            for (at, (column, expected)) in COLUMNS.iter().zip(cells(hotspot)).enumerate() {
                assert_eq!(names[at], column.name);
                assert_eq!(row[at], expected);
            }
            for (at, cell) in row.iter().enumerate() {
                let number = COLUMNS.get(at).is_some_and(|column| column.kind == crate::columns::Kind::Number);
                assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?} is a formula");
            }
        }
    }
}
