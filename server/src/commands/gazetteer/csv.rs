//! Tables of addresses or places: any delimiter, columns guessed or said by hand. A row is a line.

use std::io::{BufRead, BufReader, Read};

use anyhow::bail;
use geoparse::address::columns::{Columns, Field, Mapping, point_of};
use geoparse::address::{decoded, split};

use super::import::{Rows, check};
use super::outline::Spot;

/// Longer lines are no rows.
const LONGEST_LINE: u64 = 1 << 20;
const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];

pub(super) fn read(source: impl Read, mapping: &Mapping, rows: &mut Rows<'_>) -> anyhow::Result<()> {
    let mut source = BufReader::with_capacity(1 << 18, source);
    let mut header = Vec::new();
    source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut header)?;
    if header.contains(&0) {
        bail!("the text is UTF-16 or no text at all: save it as UTF-8");
    }
    let header = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&header);
    let header = header.strip_suffix(b"\n").unwrap_or(header);
    let count = |delimiter: &u8| header.split(|byte| byte == delimiter).count();
    let delimiter =
        DELIMITERS.into_iter().max_by_key(|delimiter| (count(delimiter), *delimiter == b';')).unwrap_or(b';');
    let header = decoded(header);
    let mut names = Vec::new();
    split(&header, delimiter, &mut names).map_err(anyhow::Error::msg)?;
    let columns = Columns::find(&names.iter().map(AsRef::as_ref), mapping).map_err(anyhow::Error::msg)?;
    check(&columns, false)?;
    if columns.has(Field::Street) {
        rows.addresses.add_csv(source, delimiter, &columns, 2)?;
    } else {
        read_places(source, delimiter, &columns, rows)?;
    }
    Ok(())
}

fn read_places(mut source: impl BufRead, delimiter: u8, columns: &Columns, rows: &mut Rows<'_>) -> std::io::Result<()> {
    let (mut line, mut number) = (Vec::new(), 1);
    loop {
        line.clear();
        if source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        number += 1;
        let text = decoded(line.strip_suffix(b"\n").unwrap_or(&line));
        if text.trim().is_empty() {
            continue;
        }
        let mut cells = Vec::new();
        let told = split(&text, delimiter, &mut cells);
        let cells = columns.cells(|at| cells.get(at).map_or("", AsRef::as_ref));
        let spot = told.and_then(|()| point_of(cells[Field::Lon as usize], cells[Field::Lat as usize]));
        rows.place(number, columns, &cells, spot.map(Spot::from));
    }
}
