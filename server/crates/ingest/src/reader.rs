//! Opening a file and walking through it.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use crate::formats::{self, Items, Opening};
use crate::time::TimeReader;
use crate::window::Window;
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
    /// Which column or field is what. For JSON Lines only what was named by hand: the rest is found line by line.
    pub map: FieldMap,
    /// The zone of times that name none: an IANA name, or an offset.
    pub timezone: String,
}

impl fmt::Display for Description {
    /// One line for people: `csv, UTF-8, parted by ';', text=bericht, time=datum+tijd, times in Europe/Amsterdam`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.format.as_str(), self.encoding.as_str())?;
        if let Some(delimiter) = self.delimiter {
            write!(f, ", parted by {delimiter:?}")?;
        }
        if self.has_header == Some(false) {
            f.write_str(", no header")?;
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
    window: Window,
    items: Box<dyn Items>,
    times: TimeReader,
    total_bytes: u64,
    description: Description,
    has_failed: bool,
}

/// Opens a file and finds out how to read it.
///
/// # Errors
/// The file cannot be read at all, is empty, is of a kind that is not read, has no text or time that can be found,
/// or has not the columns that `options.map` names.
pub fn open(path: &Path, options: &Options) -> Result<Reader, IngestError> {
    let cannot_open = |source| IngestError::Open { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(cannot_open)?;
    let metadata = file.metadata().map_err(cannot_open)?;
    if metadata.is_dir() {
        return Err(IngestError::Directory(path.to_path_buf()));
    }
    let mut sample = Vec::new();
    (&mut file).take(SAMPLE_BYTES).read_to_end(&mut sample).map_err(cannot_open)?;
    if sample.is_empty() {
        return Err(IngestError::Empty(path.to_path_buf()));
    }
    let (encoding, mark_len) = Encoding::detect(&sample);
    let decoded = decoded_sample(encoding, &sample[mark_len..]).map_err(cannot_open)?;
    if decoded.trim_ascii().is_empty() {
        return Err(IngestError::Empty(path.to_path_buf()));
    }
    let opening = Opening { path, options, sample: &decoded, sample_is_all: (sample.len() as u64) < SAMPLE_BYTES };
    let mut description = Description {
        format: options.format,
        encoding,
        delimiter: None,
        has_header: None,
        columns: Vec::new(),
        map: FieldMap::default(),
        timezone: zone_name(options),
    };
    let items = formats::open(&opening, &mut description)?;
    let start = Position { line: 1, offset: mark_len as u64 };
    let bytes = Cursor::new(sample.split_off(mark_len)).chain(file);
    let mut reader = Reader {
        window: Window::new(encoding.decode(Box::new(bytes)), path, encoding, start),
        items,
        times: TimeReader::new(options.timezone.clone()),
        total_bytes: metadata.len(),
        description,
        has_failed: false,
    };
    reader.items.start(&mut reader.window)?;
    if let Some(target) = options.resume {
        reader.resume(path, target)?;
    }
    Ok(reader)
}

impl Reader {
    /// Where the next item starts: give it to [`Options::resume`] to carry on there.
    ///
    /// Behind a `&mut Reader` write `Reader::position(reader)`: the dot finds [`Iterator::position`] first.
    pub fn position(&self) -> Position {
        self.window.position()
    }

    /// Size of the file.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
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
        if target.offset <= self.window.position().offset {
            return Ok(());
        }
        if target.offset > self.total_bytes {
            let (path, total_bytes) = (path.to_path_buf(), self.total_bytes);
            return Err(IngestError::ResumeBeyondEnd { path, offset: target.offset, total_bytes });
        }
        if self.description.encoding != Encoding::Utf8 {
            return self.window.skip_to(target);
        }
        let enter = || -> io::Result<File> {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(target.offset))?;
            Ok(file)
        };
        let file = enter().map_err(|source| IngestError::Open { path: path.to_path_buf(), source })?;
        self.window = Window::new(Box::new(file), path, Encoding::Utf8, target);
        Ok(())
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("position", &self.window.position())
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}

impl Iterator for Reader {
    type Item = Result<Item, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed {
            return None;
        }
        let next = self.items.next_item(&mut self.window, &mut self.times);
        self.has_failed = next.is_err();
        next.transpose()
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
