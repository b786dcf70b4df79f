//! Address files made in memory, for tests.
#![allow(clippy::unwrap_used, dead_code)]

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use geoparse::address::columns::Columns;
use geoparse::address::{AddressBuilder, AddressFile, Addresses, Built, ImportReport};
use geoparse::{Geoparser, Options};

/// Builds a file from a table whose columns are separated by `;`.
pub(crate) fn build(table: impl Read) -> (Vec<u8>, Built, ImportReport) {
    let mut table = BufReader::new(table);
    let mut header = String::new();
    table.read_line(&mut header).unwrap();
    let columns = Columns::find(&header.trim().split(';'), &[]).unwrap();
    let mut builder = AddressBuilder::new();
    builder.add_csv(table, b';', &columns, 2).unwrap();
    let report = builder.report().clone();
    let mut bytes = Vec::new();
    let built = builder.write(&mut bytes).unwrap();
    (bytes, built, report)
}

/// Opens a file.
pub(crate) fn open(bytes: Vec<u8>) -> Addresses {
    Addresses::new(vec![AddressFile::open(Arc::new(bytes), "test".to_owned()).unwrap()])
}

/// The made-up addresses of the table of cases.
pub(crate) fn synthetic() -> Vec<u8> {
    build(std::fs::File::open(super::root().join("tests/corpus/addresses.csv")).unwrap()).0
}

/// The geoparser of the product with these addresses, as if they were those of a whole country.
pub(crate) fn with(bytes: Vec<u8>, home: Option<&str>) -> Geoparser {
    let options = Options { home: home.map(str::to_owned) };
    super::with(&options).with_addresses(open(bytes).covering(1.0), home)
}
