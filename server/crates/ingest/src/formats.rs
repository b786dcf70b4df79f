//! The table of formats. A new one is a new file beside these, its module, a variant, and a line in [`FORMATS`].

mod axiom;
mod case;
mod csv;
mod hansken;
mod json;
mod jsonl;
mod mail;
mod parquet;
mod sqlite;
mod telegram;
mod text;
mod ufed;
mod whatsapp;
mod xlsx;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::row::Problem;
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::Window;
use crate::{Description, Encoding, IngestError, Item, Options, Position};

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
    /// A JSON array of objects, alone or in an object.
    Json,
    /// WhatsApp's "export chat", a text file.
    WhatsApp,
    /// Telegram Desktop's `result.json`.
    Telegram,
    /// Cellebrite's `report.xml`, also in a `.ufdr`.
    Ufed,
    /// Magnet AXIOM's XML export.
    Axiom,
    /// Hansken's traces in JSON.
    Hansken,
    /// CASE/UCO in JSON-LD.
    Case,
    /// E-mail: one message, or an mbox of many.
    Mail,
    /// SQLite databases of chats.
    Sqlite,
    /// Parquet files.
    Parquet,
    /// Excel workbooks.
    Xlsx,
    /// A message a line, without anything else.
    Text,
}

/// The first that recognises a file reads it; CSV takes whatever is text.
const FORMATS: &[FormatEntry] = &[
    entry(Format::Sqlite, "sqlite", "db", sqlite::recognises, sqlite::open).of_bytes(),
    entry(Format::Parquet, "parquet", "", parquet::recognises, parquet::open).of_bytes(),
    entry(Format::Xlsx, "xlsx", "", xlsx::recognises, xlsx::open).of_bytes(),
    entry(Format::Ufed, "ufed", "ufdr", ufed::recognises, ufed::open),
    entry(Format::Axiom, "axiom", "", axiom::recognises, axiom::open),
    entry(Format::Telegram, "telegram", "", telegram::recognises, telegram::open),
    entry(Format::Case, "case", "uco", case::recognises, case::open),
    entry(Format::Hansken, "hansken", "", hansken::recognises, hansken::open),
    entry(Format::Json, "json", "", json::recognises, json::open),
    entry(Format::Jsonl, "jsonl", "ndjson", jsonl::recognises, jsonl::open),
    entry(Format::WhatsApp, "whatsapp", "", whatsapp::recognises, whatsapp::open),
    entry(Format::Mail, "mail", "mbox", mail::recognises, mail::open),
    entry(Format::Text, "text", "", text::recognises, text::open),
    entry(Format::Csv, "csv", "tsv", csv::recognises, csv::open),
];

impl Format {
    /// The name used on the command line.
    pub fn as_str(self) -> &'static str {
        FORMATS.iter().find(|entry| entry.format == self).map_or("auto", |entry| entry.name)
    }

    /// The names of all formats, and of finding out.
    pub fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once("auto").chain(FORMATS.iter().map(|entry| entry.name))
    }

    /// Whether files of this form are text, so that they have an encoding.
    pub fn is_text(self) -> bool {
        FORMATS.iter().any(|entry| entry.format == self && entry.is_text)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == "auto" {
            return Ok(Self::Auto);
        }
        let found = FORMATS.iter().find(|entry| entry.name == name || (entry.alias == name && !name.is_empty()));
        found.map(|entry| entry.format).ok_or_else(|| {
            let known: Vec<_> = Self::names().collect();
            format!("unknown format {name:?}; there are {}", known.join(", "))
        })
    }
}

/// What is known of a file when a format is asked to read it.
pub(crate) struct Opening<'a> {
    pub(crate) source: &'a Source,
    pub(crate) options: &'a Options,
    /// The beginning of the file as it stands.
    pub(crate) raw: &'a [u8],
    /// The decoded beginning of the file, without its byte order mark.
    pub(crate) sample: &'a [u8],
    /// Whether the sample is the whole file.
    pub(crate) sample_is_all: bool,
    pub(crate) encoding: Encoding,
    pub(crate) mark_len: usize,
    /// Counts what is taken from disk.
    pub(crate) read: &'a Arc<AtomicU64>,
}

impl Opening<'_> {
    /// What the file is called.
    pub(crate) fn name(&self) -> &Path {
        self.source.name()
    }

    /// The decoded content from its beginning.
    pub(crate) fn window(&self) -> Result<Window, IngestError> {
        Window::open(self.source, self.encoding, self.mark_len, self.read)
    }

    /// Whether the content begins as something does that makes no sense as text.
    pub(crate) fn is_binary(&self) -> bool {
        other_content(self.raw).is_some()
    }
}

/// A format that has been opened: hands over item by item.
pub(crate) trait Items: Send {
    /// The next item; `None` at the end.
    fn next_item(&mut self, times: &mut TimeReader) -> Result<Option<Item>, IngestError>;

    /// Where the next item starts. Its offset grows with every item; formats whose items are no stretches of a file say in
    /// their module what it counts.
    fn position(&self) -> Position;

    /// Goes to a position that was reached earlier without reading what is before it. Where that is not possible, the answer
    /// is false, and the reader passes over the items before it.
    fn jump(&mut self, _target: Position) -> Result<bool, IngestError> {
        Ok(false)
    }

    /// The share of the file that was read, for formats that are not read from beginning to end.
    fn share(&self) -> Option<f64> {
        None
    }
}

/// Opens a file in one format, and adds what it found out to the description.
type Open = fn(&Opening<'_>, &mut Description) -> Result<Box<dyn Items>, IngestError>;

/// One format: how it is recognised, and how it is opened.
struct FormatEntry {
    format: Format,
    name: &'static str,
    alias: &'static str,
    is_text: bool,
    recognises: fn(&Opening<'_>) -> bool,
    open: Open,
}

const fn entry(
    format: Format,
    name: &'static str,
    alias: &'static str,
    recognises: fn(&Opening<'_>) -> bool,
    open: Open,
) -> FormatEntry {
    FormatEntry { format, name, alias, is_text: true, recognises, open }
}

impl FormatEntry {
    /// A format that is no text, so that it has no encoding.
    const fn of_bytes(self) -> Self {
        Self { is_text: false, ..self }
    }
}

/// Opens a file in the format asked for, or the one its content shows.
pub(crate) fn open(opening: &Opening<'_>, description: &mut Description) -> Result<Box<dyn Items>, IngestError> {
    let asked = opening.options.format;
    let unsupported = |found| IngestError::Unsupported { path: opening.name().to_path_buf(), found };
    let entry = FORMATS
        .iter()
        .find(|entry| if asked == Format::Auto { (entry.recognises)(opening) } else { entry.format == asked })
        .ok_or_else(|| unsupported(other_content(opening.raw).unwrap_or("no known format")))?;
    description.format = entry.format;
    (entry.open)(opening, description)
}

/// Content that would make no sense read as lines of text.
fn other_content(raw: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 15] = [
        (b"PK\x03\x04", "a ZIP archive of several files"),
        (b"\x1F\x8B", "a gzip file"),
        (b"\x28\xB5\x2F\xFD", "a Zstandard file"),
        (b"SQLite format 3\0", "an SQLite database without messages"),
        (b"PAR1", "a Parquet file"),
        (b"%PDF-", "a PDF file"),
        (b"<?xml", "an XML file of no known kind"),
        (b"<!DOCTYPE", "a web page"),
        (b"<html", "a web page"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"\x89PNG", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture, sound or film"),
        (b"OggS", "a sound"),
        (b"ID3", "a sound"),
    ];
    let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
    let start = raw.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let content = &raw[start..];
    if content.get(4..8) == Some(b"ftyp") {
        return Some("a film or sound");
    }
    SIGNATURES.iter().find(|(signature, _)| content.starts_with(signature)).map(|(_, found)| *found)
}

/// Passes a line of any length and rejects it.
fn reject_line(window: &mut Window, problem: Problem) -> Result<Item, IngestError> {
    let position: Position = window.position();
    let raw = window.skip_line()?;
    Ok(problem.at(position, &raw))
}
