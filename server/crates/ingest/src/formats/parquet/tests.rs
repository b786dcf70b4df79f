//! Made-up tables.

use std::fs::File;
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::{Format, Item, Options, Reader, open};

fn table(path: &std::path::Path, rows: i64) {
    let schema = "message m { REQUIRED INT64 timestamp (TIMESTAMP(MILLIS,true)); REQUIRED BYTE_ARRAY text (UTF8); OPTIONAL BYTE_ARRAY sender (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let times: Vec<i64> = (0..rows).map(|row| 1_590_614_100_000 + row).collect();
    let texts: Vec<ByteArray> = (0..rows)
        .map(|row| ByteArray::from(if row == 1 { String::new() } else { format!("bericht {row} in emmen") }.as_str()))
        .collect();
    let senders: Vec<ByteArray> = (0..rows).filter(|row| row % 2 == 0).map(|_| ByteArray::from("Piet")).collect();
    let levels: Vec<i16> = (0..rows).map(|row| i16::from(row % 2 == 0)).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&times, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&senders, Some(&levels), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn a_table_is_read_row_by_row_and_carried_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    table(&path, 4);
    let reader = open(&path, &Options::default()).unwrap();
    assert_eq!(reader.description().format, Format::Parquet);
    assert_eq!(reader.description().map.to_string(), "text=text,time=timestamp,sender=sender");
    let items: Vec<Item> = reader.map(Result::unwrap).collect();
    let [Item::Message(first), Item::Rejected(second), Item::Message(third), Item::Message(fourth)] = &items[..] else {
        panic!("{items:?}")
    };
    assert_eq!(
        (first.text.as_str(), first.sent_at_ms, first.sender.as_str()),
        ("bericht 0 in emmen", 1_590_614_100_000, "Piet")
    );
    assert_eq!((second.code, third.sender.as_str(), fourth.sender.as_str()), ("no_text", "Piet", ""));
    for taken in 0..=items.len() {
        let mut first = open(&path, &Options::default()).unwrap();
        let mut carried: Vec<Item> = first.by_ref().take(taken).map(Result::unwrap).collect();
        let resumed = Options { resume: Some(Reader::position(&first)), ..Options::default() };
        carried.extend(open(&path, &resumed).unwrap().map(Result::unwrap));
        assert_eq!(carried, items, "after {taken}");
    }
}
