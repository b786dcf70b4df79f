//! Rows of foreign tables become an address file: a CSV table by blocks on all cores, other sources row by row.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};

use model::LonLat;

use super::build::{Built, Collector, write};
use super::columns::{Cells, Columns, row};
use crate::error::RowError;

/// Bytes of the table that a thread reads at a time; also the longest line.
const BLOCK: usize = 1 << 20;
/// Broken rows that are kept with their reason; the others are counted.
const NAMED_ROWS: usize = 10;

/// What became of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The first of those.
    pub named: Vec<RowError>,
}

impl ImportReport {
    /// Counts a broken row.
    pub fn reject(&mut self, line: u64, reason: String) {
        self.rejected += 1;
        if self.named.len() < NAMED_ROWS {
            self.named.push(RowError { line, reason });
        }
    }

    /// Adds what became of other rows.
    pub fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.rejected += other.rejected;
        self.named.extend(other.named);
        self.named.sort_by_key(|error| error.line);
        self.named.truncate(NAMED_ROWS);
    }
}

/// Collects addresses and writes them as a file.
#[derive(Debug, Default)]
pub struct AddressBuilder {
    collectors: Vec<Collector>,
    report: ImportReport,
    suffix: String,
}

impl AddressBuilder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one row by its cells; `line` is for the report. Without a `point` the cells tell it.
    pub fn add(&mut self, line: u64, cells: &Cells<'_>, point: Option<LonLat>) {
        self.report.rows += 1;
        if self.collectors.is_empty() {
            self.collectors.push(Collector::default());
        }
        match row(cells, point, &mut self.suffix) {
            Ok(row) => self.collectors[0].add(&row),
            Err(reason) => self.report.reject(line, reason),
        }
    }

    /// Counts a row that has no cells.
    pub fn reject(&mut self, line: u64, reason: String) {
        self.report.rows += 1;
        self.report.reject(line, reason);
    }

    /// Takes the rows of a CSV table behind its header; `line` is the number of the first. A row is a line.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn add_csv(&mut self, source: impl Read, delimiter: u8, columns: &Columns, line: u64) -> std::io::Result<()> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (sender, receiver) = sync_channel::<Block>(2 * threads);
        let receiver = Mutex::new(receiver);
        let (read, parts) = std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..threads).map(|_| scope.spawn(|| collect(&receiver, delimiter, columns))).collect();
            let read = blocks(source, line, |block| sender.send(block).is_ok());
            drop(sender);
            let parts: Vec<_> = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect();
            (read, parts)
        });
        for (collector, report) in parts {
            self.collectors.push(collector);
            self.report.merge(report);
        }
        for line in read? {
            self.reject(line, "the line is too long".to_owned());
        }
        Ok(())
    }

    /// What became of the rows.
    pub fn report(&self) -> &ImportReport {
        &self.report
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn write(self, target: &mut impl Write) -> std::io::Result<Built> {
        write(self.collectors, target)
    }
}

/// Whole lines, and the number of the first.
struct Block {
    bytes: Vec<u8>,
    line: u64,
}

/// Cuts the source into blocks of whole lines. Returns the numbers of lines too long for a block.
fn blocks(mut source: impl Read, mut line: u64, mut take: impl FnMut(Block) -> bool) -> std::io::Result<Vec<u64>> {
    let (mut rest, mut too_long, mut skipping) = (Vec::new(), Vec::new(), false);
    loop {
        let mut bytes = std::mem::take(&mut rest);
        let wanted = BLOCK - bytes.len();
        let read = source.by_ref().take(wanted as u64).read_to_end(&mut bytes)?;
        let is_last = read < wanted;
        let end = match memchr::memrchr(b'\n', &bytes) {
            _ if is_last => bytes.len(),
            Some(at) => at + 1,
            None => {
                if !std::mem::replace(&mut skipping, true) {
                    too_long.push(line);
                }
                continue;
            }
        };
        rest.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        if std::mem::take(&mut skipping) {
            let first = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1);
            bytes.drain(..first);
            line += 1;
        }
        let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        if !take(Block { bytes, line }) || is_last {
            return Ok(too_long);
        }
        line += lines;
    }
}

fn collect(receiver: &Mutex<Receiver<Block>>, delimiter: u8, columns: &Columns) -> (Collector, ImportReport) {
    let (mut collector, mut report) = (Collector::default(), ImportReport::default());
    let mut suffix = String::new();
    loop {
        let next = receiver.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(block) = next else { return (collector, report) };
        let mut own = ImportReport::default();
        for (index, line) in block.bytes.split(|byte| *byte == b'\n').enumerate() {
            let text = decoded(line);
            if text.trim().is_empty() {
                continue;
            }
            own.rows += 1;
            let mut cells = Vec::with_capacity(12);
            let read = split(&text, delimiter, &mut cells).and_then(|()| {
                let by_field = columns.cells(|at| cells.get(at).map_or("", AsRef::as_ref));
                collector.add(&row(&by_field, None, &mut suffix)?);
                Ok(())
            });
            if let Err(reason) = read {
                own.reject(block.line + index as u64, reason);
            }
        }
        report.merge(own);
    }
}

/// A line as text: UTF-8, else Latin-1.
pub fn decoded(line: &[u8]) -> Cow<'_, str> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(line.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// Splits a line into cells; quotes may hold the delimiter and doubled quotes.
///
/// # Errors
/// A sentence, when a quote is not closed.
pub fn split<'l>(line: &'l str, delimiter: u8, cells: &mut Vec<Cow<'l, str>>) -> Result<(), String> {
    cells.clear();
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            let mut text = String::new();
            at += 1;
            loop {
                let closing = memchr::memchr(b'"', &bytes[at..]).ok_or("a quote is not closed")? + at;
                text.push_str(&line[at..closing]);
                at = closing + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                text.push('"');
                at += 1;
            }
            let end = memchr::memchr(delimiter, &bytes[at..]).map_or(bytes.len(), |next| at + next);
            text.push_str(&line[at..end]);
            cells.push(Cow::Owned(text));
            at = end;
        } else {
            let end = memchr::memchr(delimiter, &bytes[at..]).map_or(bytes.len(), |next| at + next);
            cells.push(Cow::Borrowed(&line[at..end]));
            at = end;
        }
        if at >= bytes.len() {
            return Ok(());
        }
        at += 1;
    }
}
