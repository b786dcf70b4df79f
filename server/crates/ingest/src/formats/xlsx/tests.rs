//! Made-up workbooks, written part by part.

use std::io::{Cursor, Write};

use jiff::tz::TimeZone;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{Format, Item, Options, open};

fn workbook(parts: &[(&str, &str)]) -> tempfile::NamedTempFile {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&writer.finish().unwrap().into_inner()).unwrap();
    file
}

const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");
const SHEETS: (&str, &str) = (
    "xl/workbook.xml",
    "<workbook xmlns:r=\"x\"><sheets><sheet name=\"Info\" r:id=\"r1\"/><sheet name=\"Chats\" r:id=\"r2\"/></sheets></workbook>",
);
const RELATIONS: (&str, &str) = (
    "xl/_rels/workbook.xml.rels",
    "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>",
);
const STYLES: (&str, &str) = (
    "xl/styles.xml",
    "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"dd\\-mm\\-yyyy\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
     <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"21\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>",
);
const TEXTS: (&str, &str) = (
    "xl/sharedStrings.xml",
    "<sst><si><t>Bericht</t></si><si><t>Datum</t></si><si><t>Tijd</t></si><si><r><t>busje in </t></r><r><t>kerkenveld</t></r></si></sst>",
);
const INFO: (&str, &str) = (
    "xl/worksheets/sheet1.xml",
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Rapport</t></is></c></row></sheetData></worksheet>",
);

fn options() -> Options {
    Options { timezone: TimeZone::get("Europe/Amsterdam").unwrap(), ..Options::default() }
}

#[test]
fn the_first_sheet_with_names_is_read_and_dates_are_local() {
    let rows = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Export</v></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"s\"><v>1</v></c><c r=\"D3\" t=\"s\"><v>2</v></c></row>\
        <row r=\"4\"><c r=\"A4\" t=\"s\"><v>3</v></c><c r=\"B4\" s=\"1\"><v>43978</v></c><c r=\"D4\" s=\"2\"><f>1+1</f><v>0.96875</v></c></row>\
        <row r=\"5\"/><row r=\"6\"><c r=\"A6\" t=\"inlineStr\"><is><t>twee</t></is></c><c r=\"B6\" s=\"3\"><v>43978.96875</v></c></row>\
        <row r=\"7\"><c r=\"A7\" t=\"s\"><v>99</v></c><c r=\"B7\" s=\"1\"><v>43978</v></c></row></sheetData></worksheet>";
    let file = workbook(&[TYPES, SHEETS, RELATIONS, STYLES, TEXTS, INFO, ("xl/worksheets/sheet2.xml", rows)]);
    let reader = open(file.path(), &options()).unwrap();
    assert_eq!(reader.description().format, Format::Xlsx);
    assert_eq!(reader.description().map.to_string(), "text=Bericht,time=Datum+Tijd");
    let items: Vec<Item> = reader.map(Result::unwrap).collect();
    let [Item::Message(first), Item::Message(second), Item::Rejected(third)] = &items[..] else { panic!("{items:?}") };
    assert_eq!((first.text.as_str(), first.sent_at_ms), ("busje in kerkenveld", 1_590_614_100_000));
    assert_eq!((second.text.as_str(), second.sent_at_ms), ("twee", 1_590_614_100_000));
    assert_eq!(third.code, "no_text");
    for taken in 0..=items.len() {
        let mut first = open(file.path(), &options()).unwrap();
        let mut carried: Vec<Item> = first.by_ref().take(taken).map(Result::unwrap).collect();
        let resumed = Options { resume: Some(crate::Reader::position(&first)), ..options() };
        carried.extend(open(file.path(), &resumed).unwrap().map(Result::unwrap));
        assert_eq!(carried, items, "after {taken}");
    }
}

#[test]
fn lies_in_a_workbook_are_said_and_cost_no_memory() {
    let row =
        "<row><c t=\"inlineStr\"><is><t>bericht</t></is></c><c t=\"inlineStr\"><is><t>tijdstip</t></is></c></row>";
    let broken = format!(
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{row}<row r=\"99999999999\"><c r=\"ZZZZZ1\"><v>1</v></c></row><row><c></row>"
    );
    let file = workbook(&[TYPES, SHEETS, RELATIONS, INFO, ("xl/worksheets/sheet2.xml", &broken)]);
    let items: Vec<Item> = open(file.path(), &options()).unwrap().map(Result::unwrap).collect();
    let codes: Vec<_> =
        items.iter().map(|item| matches!(item, Item::Rejected(piece) if piece.code == "broken_xml")).collect();
    assert_eq!(codes, [true]);
    let entity = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><sst><si><t>&a;</t></si></sst>";
    let file = workbook(&[TYPES, SHEETS, RELATIONS, INFO, ("xl/sharedStrings.xml", entity)]);
    let error = open(file.path(), &options()).unwrap_err().to_string();
    assert!(error.contains("a document type is not allowed"), "{error}");
    assert!(open(workbook(&[TYPES, ("xl/workbook.xml", "<workbook/>")]).path(), &options()).is_err());
}
