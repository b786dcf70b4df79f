//! CSV and its relatives: columns parted by a comma, semicolon, tab or bar, with a header line.
//!
//! Where records end is decided here, so that a quote that is never closed costs one line and not the rest of the
//! file; taking a record apart is `csv-core`'s work.

mod delimiter;
mod record;

use csv_core::ReadRecordResult;

use self::delimiter::guess_delimiter;
use self::record::RecordEnd;
use super::{Items, Opening, reject_line};
use crate::columns::Columns;
use crate::row::{self, Cell, Cells, LINE_TOO_LONG, NOT_UTF8, Problem};
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::{LineEnd, Window, trim_line_end};
use crate::{Description, IngestError, Item, Position};

const UNBALANCED_QUOTE: Problem =
    Problem::new("unbalanced_quote", "a quote is opened in this line and not closed properly");

/// Whatever is text may have columns; whether it has those of messages shows when it is opened.
pub(super) fn recognises(opening: &Opening<'_>) -> bool {
    !opening.is_binary()
}

pub(super) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let (delimiter, has_separator_line) = match separator_line(opening.sample) {
        Some(delimiter) => (delimiter, true),
        None => (guess_delimiter(opening.sample), false),
    };
    let mut splitter = Splitter::new(delimiter);
    let mut lines = opening.sample.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    if has_separator_line {
        lines.next();
    }
    let header = lines.next().map(|line| splitter.names(line)).unwrap_or_default();
    let columns = Columns::find(&header, opening.name(), &opening.options.map)?;
    description.delimiter = Some(char::from(delimiter));
    description.has_header = Some(columns.has_header);
    description.map = columns.map(&header);
    description.columns = if columns.has_header { header } else { Vec::new() };
    splitter.expect(columns.count);
    let mut window = opening.window()?;
    for _ in 0..usize::from(has_separator_line) + usize::from(columns.has_header) {
        window.skip_blank_lines()?;
        window.skip_line()?;
    }
    let (source, max_line_bytes) = (opening.source.clone(), opening.options.max_line_bytes);
    Ok(Box::new(Csv { window, source, splitter, columns, max_line_bytes }))
}

/// Excel's first line that names the delimiter: `sep=;`.
fn separator_line(sample: &[u8]) -> Option<u8> {
    let line = sample.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    match line {
        [s, e, p, b'=', delimiter] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(*delimiter),
        _ => None,
    }
}

struct Csv {
    window: Window,
    source: Source,
    splitter: Splitter,
    columns: Columns,
    max_line_bytes: usize,
}

impl Items for Csv {
    fn position(&self) -> Position {
        self.window.position()
    }

    fn jump(&mut self, target: Position) -> Result<bool, IngestError> {
        self.window.go_to(&self.source, target)?;
        Ok(true)
    }

    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError> {
        let window = &mut self.window;
        if !window.skip_blank_lines()? {
            return Ok(None);
        }
        let first = match window.line_end(0, self.max_line_bytes)? {
            LineEnd::Newline(end) | LineEnd::EndOfFile(end) => end,
            LineEnd::TooFar => return reject_line(window, LINE_TOO_LONG).map(Some),
        };
        let end = match record::end(window, first, self.splitter.delimiter, self.max_line_bytes)? {
            RecordEnd::At(end) => end,
            RecordEnd::Unbalanced => return reject_line(window, UNBALANCED_QUOTE).map(Some),
        };
        let position = window.position();
        let record = &window.bytes()[..end];
        let item = match message(&mut self.splitter, &self.columns, record, times) {
            Ok(message) => Item::Message(message),
            // Several lines that do not fit the columns were not one record: only the first is given up.
            Err(problem) if end > first && problem.code == "columns" => {
                return reject_line(window, UNBALANCED_QUOTE).map(Some);
            }
            Err(problem) => cut_off(problem, record).at(position, trim_line_end(record)),
        };
        window.advance(end);
        Ok(Some(item))
    }
}

/// Adds to a wrong number of columns that the file ends in this line, where it does.
fn cut_off(mut problem: Problem, record: &[u8]) -> Problem {
    if problem.code == "columns" && !record.ends_with(b"\n") {
        problem.reason.to_mut().push_str("; the file ends here, perhaps cut off");
    }
    problem
}

fn message(
    splitter: &mut Splitter,
    columns: &Columns,
    record: &[u8],
    times: &mut TimeReader,
) -> Result<model::Message, Problem> {
    let fields = splitter.split(trim_line_end(record))?;
    let mut cells = Cells::default();
    for (slot, column) in &columns.slots {
        cells[*slot as usize] = Cell::Text(fields.get(*column).into());
    }
    row::message(cells, times)
}

/// Takes records apart, into buffers that are kept.
struct Splitter {
    reader: csv_core::Reader,
    delimiter: u8,
    count: usize,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// The fields of one record.
struct Fields<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Fields<'a> {
    fn get(&self, column: usize) -> &'a str {
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(column).and_then(|end| self.text.get(start..*end)).unwrap_or("")
    }
}

impl Splitter {
    fn new(delimiter: u8) -> Self {
        // Only a newline ends a record; a lone carriage return is part of a field.
        let reader =
            csv_core::ReaderBuilder::new().delimiter(delimiter).terminator(csv_core::Terminator::Any(b'\n')).build();
        Self { reader, delimiter, count: 0, bytes: Vec::new(), ends: Vec::new() }
    }

    /// From now on every record has to have this many columns.
    fn expect(&mut self, count: usize) {
        self.count = count;
        self.ends = vec![0; count + 1];
    }

    /// The names in a header line, whatever their number.
    fn names(&mut self, line: &[u8]) -> Vec<String> {
        const MAX_COLUMNS: usize = 10_000;
        self.expect(MAX_COLUMNS);
        let Ok(fields) = self.fields(trim_line_end(line)) else {
            return Vec::new();
        };
        (0..fields.ends.len()).map(|column| fields.get(column).trim().to_owned()).collect()
    }

    fn split(&mut self, record: &[u8]) -> Result<Fields<'_>, Problem> {
        let count = self.count;
        let fields = self.fields(record)?;
        let found = fields.ends.len();
        if found != count {
            let reason = format!("the line has {found} columns where the header has {count}");
            return Err(Problem { code: "columns", reason: reason.into() });
        }
        Ok(fields)
    }

    /// The unquoted fields, as many as there are.
    fn fields(&mut self, record: &[u8]) -> Result<Fields<'_>, Problem> {
        self.bytes.clear();
        self.bytes.resize(record.len() + 1, 0);
        let (result, _, mut written, mut found) = self.reader.read_record(record, &mut self.bytes, &mut self.ends);
        let mut last = result;
        if last == ReadRecordResult::InputEmpty {
            // An empty input says that the record is complete.
            let (result, _, more_written, more_found) =
                self.reader.read_record(&[], &mut self.bytes[written..], &mut self.ends[found..]);
            written += more_written;
            found += more_found;
            last = result;
        }
        if last == ReadRecordResult::OutputEndsFull {
            self.reader.reset();
            let reason = format!("the line has more than the {} columns of the header", self.count);
            return Err(Problem { code: "columns", reason: reason.into() });
        }
        self.bytes.truncate(written);
        let text = std::str::from_utf8(&self.bytes).map_err(|_| NOT_UTF8)?;
        Ok(Fields { text, ends: &self.ends[..found] })
    }
}
