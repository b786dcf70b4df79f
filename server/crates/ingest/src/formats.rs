//! The table of formats. A new one is a new file beside these, a variant, and a line in [`FORMATS`].

mod csv;
mod jsonl;

use std::path::Path;
use std::str::FromStr;

use crate::row::Problem;
use crate::time::TimeReader;
use crate::window::Window;
use crate::{Description, IngestError, Item, Options, Position};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Found out from the content.
    #[default]
    Auto,
    /// Columns parted by a comma, semicolon, tab or bar, with a header line.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

impl Format {
    /// The name used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "auto" => Ok(Self::Auto),
            "csv" | "tsv" => Ok(Self::Csv),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            _ => Err(format!("unknown format {name:?}; there are auto, csv, jsonl")),
        }
    }
}

/// What is known of a file when a format is asked to read it.
pub(crate) struct Opening<'a> {
    pub(crate) path: &'a Path,
    pub(crate) options: &'a Options,
    /// The decoded beginning of the file, without its byte order mark.
    pub(crate) sample: &'a [u8],
    /// Whether the sample is the whole file.
    pub(crate) sample_is_all: bool,
}

/// A format that has been opened: passes over a window, item by item.
pub(crate) trait Items: Send {
    /// Reads what stands before the first item, such as a header. Called once, at the start of the file.
    fn start(&mut self, window: &mut Window) -> Result<(), IngestError>;

    /// The next item; `None` at the end.
    fn next_item(&mut self, window: &mut Window, times: &mut TimeReader) -> Result<Option<Item>, IngestError>;
}

/// Opens a file in one format, and adds what it found out to the description.
type Open = fn(&Opening<'_>, &mut Description) -> Result<Box<dyn Items>, IngestError>;

/// One format: how it is recognised, and how it is opened.
struct FormatEntry {
    format: Format,
    recognises: fn(sample: &[u8]) -> bool,
    open: Open,
}

/// The first that recognises a file reads it; CSV takes whatever is text.
const FORMATS: [FormatEntry; 2] = [
    FormatEntry { format: Format::Jsonl, recognises: jsonl::recognises, open: jsonl::open },
    FormatEntry { format: Format::Csv, recognises: |_| true, open: csv::open },
];

/// Opens a file in the format asked for, or the one its content shows.
pub(crate) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let asked = opening.options.format;
    if asked == Format::Auto
        && let Some(found) = other_content(opening.sample)
    {
        return Err(IngestError::Unsupported { path: opening.path.to_path_buf(), found });
    }
    let entry = FORMATS
        .iter()
        .find(|entry| if asked == Format::Auto { (entry.recognises)(opening.sample) } else { entry.format == asked })
        .ok_or_else(|| IngestError::Unsupported { path: opening.path.to_path_buf(), found: "no known format" })?;
    description.format = entry.format;
    (entry.open)(opening, description)
}

/// Content that would make no sense read as lines of text.
fn other_content(sample: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 8] = [
        (b"PK\x03\x04", "a ZIP file (XLSX files are such)"),
        (b"\x1F\x8B", "a gzip file"),
        (b"\x28\xB5\x2F\xFD", "a Zstandard file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"PAR1", "a Parquet file"),
        (b"%PDF-", "a PDF file"),
        (b"<?xml", "an XML file"),
        (b"[{", "a JSON array"),
    ];
    let start = sample.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let content = &sample[start..];
    if content.first() == Some(&b'[') && content[1..].trim_ascii_start().starts_with(b"{") {
        return Some("a JSON array");
    }
    SIGNATURES.iter().find(|(signature, _)| content.starts_with(signature)).map(|(_, found)| *found)
}

/// Passes a line of any length and rejects it.
fn reject_line(window: &mut Window, problem: Problem) -> Result<Item, IngestError> {
    let position: Position = window.position();
    let raw = window.skip_line()?;
    Ok(problem.at(position, &raw))
}
