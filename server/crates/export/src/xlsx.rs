//! The list as a workbook: the list itself, what its columns mean, and where it came from.
//!
//! Every value has its type. A text is a shared string, which no program computes, whatever it begins with.

use model::api::Hotspots;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use crate::columns::{COLUMNS, Cell, Column, Kind};
use crate::error::ExportError;
use crate::provenance::{Provenance, ROWS_SHA256_COVERS};
use crate::report::title;
use crate::xml::readable;

/// What a cell holds at most; longer text is cut, as the file would not open otherwise.
const MAX_CELL_CHARS: usize = 32_767;
const EXPLAINED: [[&str; 2]; 4] =
    [["Kolom", "Column"], ["Naam in API en CSV", "Name in API and CSV"], ["Eenheid", "Unit"], ["Betekenis", "Meaning"]];

/// The list as an Excel workbook.
///
/// # Errors
/// When the workbook cannot be made.
pub fn xlsx(list: &Hotspots, provenance: &Provenance) -> Result<Vec<u8>, ExportError> {
    let language = provenance.language;
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new()
        .set_title(text(&title(provenance)))
        .set_author(text(&provenance.user))
        .set_comment(text(&provenance.filter_line()).chars().take(250).collect::<String>());
    if let Some(made) = made_at(&provenance.generated_at) {
        properties = properties.set_creation_datetime(&made);
    }
    workbook.set_properties(&properties);
    let head = Format::new()
        .set_bold()
        .set_background_color(0x00EA_F0FF)
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top);

    let sheet = workbook.add_worksheet().set_name("Hotspots")?;
    for (at, column) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, at, language.of(column.title), &head)?;
        sheet.set_column_width(at, width(column))?;
    }
    for (row, hotspot) in (1_u32..).zip(&list.hotspots) {
        for (at, column) in (0_u16..).zip(COLUMNS) {
            write(sheet, row, at, column, &(column.take)(hotspot))?;
        }
    }
    sheet.set_freeze_panes(1, 3)?;
    sheet.autofilter(0, 0, list.hotspots.len() as u32, COLUMNS.len() as u16 - 1)?;
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;

    let sheet = workbook.add_worksheet().set_name(language.of(["Kolommen", "Columns"]))?;
    for (at, title) in (0_u16..).zip(EXPLAINED) {
        sheet.write_string_with_format(0, at, language.of(title), &head)?;
    }
    for (row, column) in (1_u32..).zip(COLUMNS) {
        let cells = [language.of(column.title), column.name, column.unit, language.of(column.explanation)];
        for (at, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, at, cell)?;
        }
    }
    for (at, width) in (0_u16..).zip([24, 24, 10, 100]) {
        sheet.set_column_width(at, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;

    let sheet = workbook.add_worksheet().set_name(language.of(["Herkomst", "Provenance"]))?;
    let bold = Format::new().set_bold();
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 28)?.set_column_width(1, 90)?;
    let mut row = 0;
    for said in provenance.said(list)? {
        sheet.write_string_with_format(row, 0, language.of(said.title), &bold)?;
        match said.value.as_u64() {
            Some(number) => sheet.write_number(row, 1, number as f64)?,
            None => sheet.write_string_with_format(row, 1, text(&said.text()), &wrap)?,
        };
        row += 1;
    }
    sheet.write_string_with_format(row, 0, language.of(["Wat de som omvat", "What the sum covers"]), &bold)?;
    sheet.write_string_with_format(row, 1, language.of(ROWS_SHA256_COVERS), &wrap)?;
    Ok(workbook.save_to_buffer()?)
}

fn write(sheet: &mut Worksheet, row: u32, at: u16, column: &Column, cell: &Cell<'_>) -> Result<(), ExportError> {
    match cell {
        Cell::Text(value) => sheet.write_string(row, at, text(value))?,
        Cell::Whole(number) => sheet.write_number(row, at, *number as f64)?,
        Cell::Number(number) => {
            let shown = match column.name {
                "lon" | "lat" => "0.00000",
                "change" => "0%",
                "p_value" | "p_corrected" => "0.0000",
                _ => "0.00",
            };
            sheet.write_number_with_format(row, at, *number, &Format::new().set_num_format(shown))?
        }
        Cell::Flag(flag) => sheet.write_boolean(row, at, *flag)?,
        Cell::Nothing => sheet,
    };
    Ok(())
}

fn width(column: &Column) -> f64 {
    match (column.kind, column.name) {
        (_, "rank") => 6.0,
        (_, "sentence_nl" | "sentence_en") => 80.0,
        (_, "name" | "municipality" | "id") => 24.0,
        (Kind::Text, _) => 20.0,
        _ => 12.0,
    }
}

/// Text that the file format can hold.
fn text(text: &str) -> String {
    readable(text).chars().take(MAX_CELL_CHARS).collect()
}

/// The moment of making as the workbook's properties want it, so that the same list at the same moment gives the same bytes.
fn made_at(rfc3339: &str) -> Option<rust_xlsxwriter::ExcelDateTime> {
    rust_xlsxwriter::ExcelDateTime::parse_from_str(rfc3339.get(..19)?).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;
    use crate::testing;

    #[test]
    fn a_workbook_is_read_back_with_types_and_without_formulas() {
        let list = testing::hostile();
        let bytes = xlsx(&list, &testing::provenance()).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["Hotspots", "Kolommen", "Herkomst"]);
        for sheet in book.sheet_names() {
            assert_eq!(book.worksheet_formula(&sheet).unwrap().used_cells().count(), 0, "{sheet} computes");
        }
        let sheet = book.worksheet_range("Hotspots").unwrap();
        for (at, hotspot) in list.hotspots.iter().enumerate() {
            for (column_no, column) in COLUMNS.iter().enumerate() {
                let read = sheet.get((at + 1, column_no)).cloned().unwrap_or_default();
                match (column.take)(hotspot) {
                    Cell::Text(value) if value.is_empty() => assert!(matches!(&read, Data::Empty | Data::String(_))),
                    // Line breaks within a cell are line feeds.
                    Cell::Text(value) => assert_eq!(
                        read.to_string().replace("\r\n", "\n").replace('\r', "\n"),
                        text(&value).replace("\r\n", "\n").replace('\r', "\n"),
                        "{}",
                        column.name
                    ),
                    Cell::Whole(number) => assert_eq!(read, Data::Float(number as f64)),
                    Cell::Number(number) => assert_eq!(read, Data::Float(number)),
                    Cell::Flag(flag) => assert_eq!(read, Data::Bool(flag)),
                    Cell::Nothing => assert_eq!(read, Data::Empty),
                }
            }
        }
        let columns = book.worksheet_range("Kolommen").unwrap();
        assert_eq!(columns.height(), COLUMNS.len() + 1);
        let said = book.worksheet_range("Herkomst").unwrap();
        let sum = crate::rows_sha256(&list).unwrap();
        assert!(said.rows().any(|row| row[1].to_string() == sum), "the sum is not said");
    }

    #[test]
    fn a_list_of_nothing_is_a_workbook_too() {
        let mut list = testing::list();
        list.hotspots.clear();
        assert!(!xlsx(&list, &testing::provenance()).unwrap().is_empty());
    }
}
