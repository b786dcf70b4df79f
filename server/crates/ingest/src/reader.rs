//! Opening a file and walking through it.

use std::fmt;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::find::{Found, find};
use crate::formats::{self, Items, Opening};
use crate::row::Problem;
use crate::source::Source;
use crate::time::TimeReader;
use crate::window::beyond_end;
use crate::{Encoding, FieldMap, Format, IngestError, Item, Notes, Options, Position};

/// How much of a file is looked at before it is read.
const SAMPLE_BYTES: u64 = 64 * 1024;

/// How a file is read: what was found out and what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The format found or asked for; never [`Format::Auto`].
    pub format: Format,
    /// How the characters are written.
    pub encoding: Encoding,
    /// What parts the columns, in formats that have columns.
    pub delimiter: Option<char>,
    /// Whether the first line names the columns, in formats where it can.
    pub has_header: Option<bool>,
    /// The names of the columns, in formats that have them.
    pub columns: Vec<String>,
    /// What else was found out: the sheet, the tables, the order of dates.
    pub remarks: Vec<String>,
    /// Which column or field is what. In JSON only what was named by hand: the rest is found object by object.
    pub map: FieldMap,
    /// The zone of times that name none: an IANA name, or an offset.
    pub timezone: String,
}

impl fmt::Display for Description {
    /// One line for people: `csv, UTF-8, parted by ';', text=bericht, time=datum+tijd, times in Europe/Amsterdam`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.format.as_str())?;
        if self.format.is_text() {
            write!(f, ", {}", self.encoding.as_str())?;
        }
        if let Some(delimiter) = self.delimiter {
            write!(f, ", parted by {delimiter:?}")?;
        }
        if self.has_header == Some(false) {
            f.write_str(", no header")?;
        }
        for remark in &self.remarks {
            write!(f, ", {remark}")?;
        }
        let map = &self.map;
        let named = [
            ("text", &map.text),
            ("time", &map.time),
            ("sender", &map.sender),
            ("conversation", &map.conversation),
            ("id", &map.id),
        ];
        for (part, name) in named {
            if let Some(name) = name {
                write!(f, ", {part}={name}")?;
            }
        }
        write!(f, ", times in {}", self.timezone)
    }
}

/// A file being read. Yields items; an error means that the file cannot be read on.
pub struct Reader {
    items: Box<dyn Items>,
    times: TimeReader,
    total_bytes: u64,
    /// Bytes taken from disk, where these are packed.
    read: Option<Arc<AtomicU64>>,
    description: Description,
    /// Items at the end of the file that stand for no bytes of it, such as that it is cut off.
    at_end: u64,
    has_ended: bool,
}

/// Opens a file and finds out how to read it, packed or not. What stands in folders and archives is opened by [`open_source`].
///
/// # Errors
/// The file cannot be read at all, is empty, is of a kind that is not read, has no text or time that can be found,
/// or has not the columns that `options.map` names.
pub fn open(path: &Path, options: &Options) -> Result<Reader, IngestError> {
    let metadata = std::fs::metadata(path).map_err(|source| IngestError::Open { path: path.to_path_buf(), source })?;
    if metadata.is_dir() {
        return Err(IngestError::Directory(path.to_path_buf()));
    }
    match <[Found; 1]>::try_from(find(path)?) {
        Ok([Found::Source(source)]) => open_source(&source, options),
        Ok([Found::PassedOver { .. }]) => {
            Err(IngestError::Unsupported { path: path.to_path_buf(), found: "something that is not opened" })
        }
        Err(_) => Err(IngestError::Unsupported { path: path.to_path_buf(), found: "an archive of several files" }),
    }
}

/// Opens what [`find`] found.
///
/// # Errors
/// As [`open`].
pub fn open_source(source: &Source, options: &Options) -> Result<Reader, IngestError> {
    let cannot_open = |error| IngestError::Open { path: source.name.clone(), source: error };
    let read = Arc::new(AtomicU64::new(0));
    let mut raw = Vec::new();
    source.bytes(&read).map_err(cannot_open)?.take(SAMPLE_BYTES).read_to_end(&mut raw).map_err(cannot_open)?;
    if raw.is_empty() {
        return Err(IngestError::Empty(source.name.clone()));
    }
    let (encoding, mark_len) = Encoding::detect(&raw);
    let sample = decoded_sample(encoding, &raw[mark_len..]).map_err(cannot_open)?;
    if sample.trim_ascii().is_empty() {
        return Err(IngestError::Empty(source.name.clone()));
    }
    let opening = Opening {
        source,
        options,
        raw: &raw,
        sample: &sample,
        sample_is_all: (raw.len() as u64) < SAMPLE_BYTES,
        encoding,
        mark_len,
        read: &read,
    };
    let mut description = Description {
        format: options.format,
        encoding,
        delimiter: None,
        has_header: None,
        columns: Vec::new(),
        remarks: Vec::new(),
        map: FieldMap::default(),
        timezone: zone_name(options),
    };
    let items = formats::open(&opening, &mut description)?;
    let mut reader = Reader {
        items,
        times: TimeReader::new(options.timezone.clone()),
        total_bytes: source.stored_bytes().map_err(cannot_open)?,
        read: (!source.is_plain()).then_some(read),
        description,
        at_end: 0,
        has_ended: false,
    };
    if let Some(target) = options.resume {
        reader.resume(&source.name, target)?;
    }
    Ok(reader)
}

impl Reader {
    /// Where the next item starts: give it to [`Options::resume`] to carry on there.
    ///
    /// Behind a `&mut Reader` write `Reader::position(reader)`: the dot finds [`Iterator::position`] first.
    pub fn position(&self) -> Position {
        let position = self.items.position();
        Position { offset: position.offset + self.at_end, ..position }
    }

    /// Size of the file on disk.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// How much of [`Self::total_bytes`] was read: for showing how far it is, not for carrying on.
    pub fn done_bytes(&self) -> u64 {
        let done = match (self.items.share(), &self.read) {
            (Some(share), _) => (self.total_bytes as f64 * share) as u64,
            (None, Some(read)) => read.load(Ordering::Relaxed),
            (None, None) => self.position().offset,
        };
        done.min(self.total_bytes)
    }

    /// How the file is read.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// What was decided about unclear times so far.
    pub fn notes(&self) -> &Notes {
        self.times.notes()
    }

    fn resume(&mut self, path: &Path, target: Position) -> Result<(), IngestError> {
        if self.items.jump(target)? {
            return Ok(());
        }
        while Self::position(self).offset < target.offset {
            if self.next().transpose()?.is_none() {
                let reached = Self::position(self).offset;
                let is_there = reached >= target.offset;
                return if is_there { Ok(()) } else { Err(beyond_end(path, target.offset, reached)) };
            }
        }
        self.times.forget_notes();
        Ok(())
    }

    /// What follows damaged bytes cannot be read, but what came before was: the damage is one rejected piece.
    fn after_failure(&mut self, error: IngestError) -> Result<Item, IngestError> {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        self.has_ended = true;
        let IngestError::Read { source, .. } = &error else { return Err(error) };
        if !matches!(source.kind(), InvalidData | InvalidInput | UnexpectedEof) {
            return Err(error);
        }
        let reason = format!("the packed file cannot be unpacked any further: {source}");
        self.at_end += 1;
        let problem = Problem { code: "damaged_archive", reason: reason.into() };
        Ok(problem.at(self.items.position(), b""))
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("position", &self.position())
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}

impl Iterator for Reader {
    type Item = Result<Item, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let before = self.items.position().offset;
        match self.items.next_item(&mut self.times) {
            Ok(Some(item)) => {
                self.at_end += u64::from(self.items.position().offset == before);
                Some(Ok(item))
            }
            Ok(None) => {
                self.has_ended = true;
                None
            }
            Err(error) => Some(self.after_failure(error)),
        }
    }
}

fn decoded_sample(encoding: Encoding, sample: &[u8]) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    encoding.decode(Box::new(Cursor::new(sample.to_vec()))).read_to_end(&mut decoded)?;
    Ok(decoded)
}

fn zone_name(options: &Options) -> String {
    let zone = &options.timezone;
    match (zone.iana_name(), zone.to_fixed_offset()) {
        (Some(name), _) => name.to_owned(),
        (None, Ok(offset)) => offset.to_string(),
        (None, Err(_)) => "unknown".to_owned(),
    }
}
