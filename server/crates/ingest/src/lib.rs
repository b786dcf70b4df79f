//! Files of messages, whatever their form: bytes in, [`Message`] or [`Rejected`] out.
//!
//! Here live opening a file, finding out its format, encoding, columns and
//! time zone, and reading it as a stream in constant memory. One module per
//! format under `formats`. Never here: places, storage, threads, or sibling
//! crates other than `model`.
//!
//! Nothing is dropped silently: what cannot become a message is handed over as
//! [`Rejected`] with line, offset and reason. Errors and reasons never hold
//! message text.
//!
//! ```no_run
//! # fn main() -> Result<(), ingest::IngestError> {
//! let mut reader = ingest::open("chat.csv".as_ref(), &ingest::Options::default())?;
//! for item in &mut reader {
//!     match item? {
//!         ingest::Item::Message(message) => drop(message),
//!         ingest::Item::Rejected(rejected) => drop((rejected.line, rejected.reason)),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod columns;
mod encoding;
mod error;
mod fields;
mod find;
mod formats;
mod json_value;
mod json_walk;
mod reader;
mod row;
mod source;
mod time;
mod window;
mod written_time;
mod xml_walk;
mod zip_end;
mod zone;

use jiff::tz::TimeZone;
use model::{Message, Rejected};

pub use encoding::Encoding;
pub use error::IngestError;
pub use fields::FieldMap;
pub use find::{Found, find};
pub use formats::Format;
pub use model::SYSTEM_NOTICE;
pub use reader::{Description, Reader, open, open_source};
pub use source::Source;
pub use zone::Notes;

/// Longest line, or longest record over several lines, by default: 1 MiB.
pub const DEFAULT_MAX_LINE_BYTES: usize = 1024 * 1024;

/// Most bytes of a rejected piece that are kept.
pub const MAX_RAW_BYTES: usize = 4096;

/// How to read a file.
#[derive(Debug, Clone)]
pub struct Options {
    /// The format, or [`Format::Auto`] to go by the content.
    pub format: Format,
    /// The zone of times that do not name one.
    pub timezone: TimeZone,
    /// Columns or fields named by hand; the rest is guessed from their names.
    pub map: FieldMap,
    /// When messages were sent that carry no time: lines of plain text.
    pub stated_time: Option<model::TimeMs>,
    /// Where to carry on, as [`Reader::position`] said earlier.
    pub resume: Option<Position>,
    /// Longest line, or record over several lines; what is longer is rejected.
    pub max_line_bytes: usize,
}

impl Default for Options {
    /// Everything guessed, times without a zone in UTC.
    fn default() -> Self {
        Self {
            format: Format::Auto,
            timezone: TimeZone::UTC,
            map: FieldMap::default(),
            stated_time: None,
            resume: None,
            max_line_bytes: DEFAULT_MAX_LINE_BYTES,
        }
    }
}

/// A place between two items of a file: where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// Byte offset in the file before any decoding, but behind unpacking: in what a `.gz` or a part of an archive unpacks to.
    /// In formats that are tables by nature (databases, workbooks, Parquet) the number of rows passed.
    pub offset: u64,
}

/// What a reader hands over.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A message.
    Message(Message),
    /// A piece that could not become a message.
    Rejected(Rejected),
}
