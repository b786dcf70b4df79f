//! The rows of a Parquet file, from a thread on which the crate that decodes them runs.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use super::super::Opening;
use crate::IngestError;
use crate::columns::Columns;
use crate::fields::Slot;
use crate::row::{Cell, Cells};
use crate::source::{Base, damaged};

/// Rows that may wait for the reader.
const AHEAD: usize = 256;
/// What the wanted columns of one row group may unpack to; usual groups are of 128 MiB with all columns.
const MAX_GROUP_BYTES: i64 = 2 * 1024 * 1024 * 1024;
/// Columns of a table.
const MAX_COLUMNS: usize = 10_000;

pub(super) enum Step {
    Row { cells: Box<Cells<'static>>, is_too_long: bool },
    Damaged,
    Done,
}

pub(super) struct Rows {
    steps: Receiver<Step>,
    pub(super) total: u64,
    /// The file, where it is a copy that has to stay until it is read.
    _copy: Base,
}

impl Rows {
    /// Opens the file and finds its columns.
    pub(super) fn open(opening: &Opening<'_>) -> Result<(Self, Columns, Vec<String>), IngestError> {
        let cannot_open = |source| IngestError::Open { path: opening.name().to_path_buf(), source };
        let base = opening.source.spooled().map_err(cannot_open)?;
        let file = File::open(base.path()).map_err(cannot_open)?;
        let reader = catch_unwind(AssertUnwindSafe(|| SerializedFileReader::new(file)));
        let broken = || cannot_open(damaged("the list of columns of the Parquet file is broken"));
        let reader = reader.map_err(|_| broken())?.map_err(|_| broken())?;
        let schema = reader.metadata().file_metadata().schema();
        let fields: Vec<Arc<Type>> = schema.get_fields().iter().take(MAX_COLUMNS).cloned().collect();
        let header: Vec<String> = fields.iter().map(|field| field.name().to_owned()).collect();
        let columns = Columns::find(&header, opening.name(), &opening.options.map)?;
        check_sizes(&reader, &header, &columns).map_err(cannot_open)?;
        let total = reader.metadata().file_metadata().num_rows().max(0).unsigned_abs();
        let wanted: Vec<(Slot, String)> =
            columns.slots.iter().map(|(slot, column)| (*slot, header[*column].clone())).collect();
        let limit = opening.options.max_line_bytes;
        let (sender, steps) = sync_channel(AHEAD);
        let read = move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| send_rows(reader, &wanted, limit, &sender)));
            if !matches!(outcome, Ok(Ok(()))) {
                let _ = sender.send(Step::Damaged);
            }
        };
        std::thread::Builder::new().name("parquet".into()).spawn(read).map_err(cannot_open)?;
        Ok((Self { steps, total, _copy: base }, columns, header))
    }

    pub(super) fn next(&mut self) -> Step {
        self.steps.recv().unwrap_or(Step::Done)
    }
}

/// Refuses row groups that state to unpack to more than memory should hold.
fn check_sizes(reader: &SerializedFileReader<File>, header: &[String], columns: &Columns) -> io::Result<()> {
    for group in reader.metadata().row_groups() {
        let is_wanted = |name: &str| columns.slots.iter().any(|(_, column)| header[*column] == name);
        let wanted = group
            .columns()
            .iter()
            .filter(|chunk| chunk.column_path().parts().first().is_some_and(|name| is_wanted(name)));
        let bytes = wanted.fold(0_i64, |bytes, chunk| bytes.saturating_add(chunk.uncompressed_size().max(0)));
        if bytes > MAX_GROUP_BYTES {
            return Err(damaged("a group of rows unpacks to more than 2 GiB"));
        }
    }
    Ok(())
}

/// Sends every row; stops when nobody listens any more.
fn send_rows(
    reader: SerializedFileReader<File>,
    wanted: &[(Slot, String)],
    limit: usize,
    sender: &SyncSender<Step>,
) -> parquet::errors::Result<()> {
    let schema = reader.metadata().file_metadata().schema();
    let is_wanted = |field: &Arc<Type>| wanted.iter().any(|(_, name)| name == field.name()) && field.is_primitive();
    let fields: Vec<Arc<Type>> = schema.get_fields().iter().filter(|field| is_wanted(field)).cloned().collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(fields).build()?;
    for row in parquet::record::reader::RowIter::from_file_into(Box::new(reader)).project(Some(projection))? {
        let (cells, is_too_long) = cells(&row?, wanted, limit);
        if sender.send(Step::Row { cells: Box::new(cells), is_too_long }).is_err() {
            break;
        }
    }
    Ok(())
}

fn cells(row: &Row, wanted: &[(Slot, String)], limit: usize) -> (Cells<'static>, bool) {
    let (mut cells, mut is_too_long) = (Cells::default(), false);
    for (name, field) in row.get_column_iter() {
        if let Some((slot, _)) = wanted.iter().find(|(_, wanted)| wanted == name) {
            let cell = cell(field);
            is_too_long |= matches!(&cell, Cell::Text(text) if text.len() > limit);
            cells[*slot as usize] = cell;
        }
    }
    (cells, is_too_long)
}

fn cell(field: &Field) -> Cell<'static> {
    let milliseconds = |ms: i64| {
        // As a time that names its zone, so that its unit cannot be taken for another.
        jiff::Timestamp::from_millisecond(ms).map_or(Cell::Missing, |at| Cell::Text(at.to_string().into()))
    };
    match field {
        Field::Byte(number) => Cell::Integer((*number).into()),
        Field::Short(number) => Cell::Integer((*number).into()),
        Field::Int(number) => Cell::Integer((*number).into()),
        Field::Long(number) => Cell::Integer(*number),
        Field::UByte(number) => Cell::Integer((*number).into()),
        Field::UShort(number) => Cell::Integer((*number).into()),
        Field::UInt(number) => Cell::Integer((*number).into()),
        Field::ULong(number) => {
            i64::try_from(*number).map_or_else(|_| Cell::Text(number.to_string().into()), Cell::Integer)
        }
        Field::Float(number) => Cell::Real((*number).into()),
        Field::Double(number) => Cell::Real(*number),
        Field::Str(text) => Cell::Text(text.clone().into()),
        Field::Bytes(bytes) => {
            String::from_utf8(bytes.data().to_vec()).map_or(Cell::Missing, |text| Cell::Text(text.into()))
        }
        Field::Date(days) => {
            let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(*days));
            day.map_or(Cell::Missing, |day| Cell::Text(day.to_string().into()))
        }
        Field::TimestampMillis(ms) => milliseconds(*ms),
        Field::TimestampMicros(us) => milliseconds(us.div_euclid(1000)),
        _ => Cell::Missing,
    }
}
