//! A bounded window on a stream of UTF-8: lines and records are found in it, offsets are counted in the original.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::source::Source;
use crate::{Encoding, IngestError, MAX_RAW_BYTES, Position};

const CHUNK_BYTES: usize = 256 * 1024;

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// At a newline; this is the index behind it.
    Newline(usize),
    /// At the end of the file, without a newline; this is its length.
    EndOfFile(usize),
    /// Not within the limit.
    TooFar,
}

/// The unread part of a file, as much of it as is needed.
pub(crate) struct Window {
    source: Box<dyn Read + Send>,
    path: PathBuf,
    encoding: Encoding,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
    position: Position,
}

impl Window {
    /// A window at `position` on decoded bytes.
    pub(crate) fn new(source: Box<dyn Read + Send>, path: &Path, encoding: Encoding, position: Position) -> Self {
        Self {
            source,
            path: path.to_path_buf(),
            encoding,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            position,
        }
    }

    /// A window at the beginning of a source, behind its byte order mark; `read` counts what is taken from disk.
    pub(crate) fn open(
        source: &Source,
        encoding: Encoding,
        mark_len: usize,
        read: &Arc<AtomicU64>,
    ) -> Result<Self, IngestError> {
        let open = || {
            let mut bytes = source.bytes(read)?;
            io::copy(&mut (&mut bytes).take(mark_len as u64), &mut io::sink())?;
            Ok(bytes)
        };
        let bytes = open().map_err(|error| IngestError::Open { path: source.name.clone(), source: error })?;
        let start = Position { line: 1, offset: mark_len as u64 };
        Ok(Self::new(encoding.decode(bytes), &source.name, encoding, start))
    }

    /// Goes to a line that was reached earlier, the quick way where the source is a plain file of UTF-8.
    pub(crate) fn go_to(&mut self, source: &Source, target: Position) -> Result<(), IngestError> {
        if target.offset <= self.position.offset {
            return Ok(());
        }
        let cannot_open = |error| IngestError::Open { path: source.name.clone(), source: error };
        if !source.is_plain() || self.encoding != Encoding::Utf8 {
            self.skip_to(target)?;
            let offset = self.position.offset;
            let is_there = offset >= target.offset;
            return if is_there { Ok(()) } else { Err(beyond_end(&source.name, target.offset, offset)) };
        }
        let mut file = File::open(source.base.path()).map_err(cannot_open)?;
        let total_bytes = source.stored_bytes().map_err(cannot_open)?;
        if target.offset > total_bytes {
            return Err(beyond_end(&source.name, target.offset, total_bytes));
        }
        file.seek(SeekFrom::Start(target.offset)).map_err(cannot_open)?;
        let rest = file.take(total_bytes - target.offset);
        *self = Self::new(Box::new(rest), &source.name, Encoding::Utf8, target);
        Ok(())
    }

    /// Where the window starts, in the original file.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// What has been read and not been passed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Reads on; false at the end of the file.
    pub(crate) fn fill(&mut self) -> Result<bool, IngestError> {
        if self.at_end {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + CHUNK_BYTES {
            self.buffer.resize(self.end + CHUNK_BYTES, 0);
        }
        let read = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let read = read.map_err(|source| {
            let offset = self.position.offset + self.encoding.original_len(self.bytes());
            IngestError::Read { path: self.path.clone(), offset, source }
        })?;
        self.end += read;
        self.at_end = read == 0;
        Ok(read > 0)
    }

    /// Reads until there are `count` bytes, where the file has them; how many there are.
    pub(crate) fn fill_to(&mut self, count: usize) -> Result<usize, IngestError> {
        while self.bytes().len() < count && self.fill()? {}
        Ok(self.bytes().len())
    }

    /// Passes everything that is left.
    pub(crate) fn skip_rest(&mut self) -> Result<(), IngestError> {
        loop {
            self.advance(self.bytes().len());
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// Finds the end of the line that starts at `from`, if it has at most `limit` bytes.
    pub(crate) fn line_end(&mut self, from: usize, limit: usize) -> Result<LineEnd, IngestError> {
        let mut searched = from;
        loop {
            if let Some(at) = self.bytes().get(searched..).and_then(|rest| memchr::memchr(b'\n', rest)) {
                let newline = searched + at;
                return Ok(if newline - from > limit { LineEnd::TooFar } else { LineEnd::Newline(newline + 1) });
            }
            searched = self.bytes().len();
            if searched.saturating_sub(from) > limit {
                return Ok(LineEnd::TooFar);
            }
            if !self.fill()? {
                return Ok(LineEnd::EndOfFile(self.bytes().len()));
            }
        }
    }

    /// Passes `count` bytes.
    pub(crate) fn advance(&mut self, count: usize) {
        let passed = &self.buffer[self.start..self.start + count];
        self.position.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.position.offset += self.encoding.original_len(passed);
        self.start += count;
    }

    /// Passes the rest of a line of any length and hands over its first bytes.
    pub(crate) fn skip_line(&mut self) -> Result<Vec<u8>, IngestError> {
        let mut raw = Vec::new();
        loop {
            let bytes = self.bytes();
            let newline = memchr::memchr(b'\n', bytes);
            let passed = newline.unwrap_or(bytes.len());
            raw.extend_from_slice(&bytes[..passed.min(MAX_RAW_BYTES - raw.len())]);
            match newline {
                Some(at) => {
                    self.advance(at + 1);
                    return Ok(raw);
                }
                None => self.advance(passed),
            }
            if !self.fill()? {
                return Ok(raw);
            }
        }
    }

    /// Passes whole lines until `target`; for files that cannot be entered in the middle.
    pub(crate) fn skip_to(&mut self, target: Position) -> Result<(), IngestError> {
        while self.position.offset < target.offset {
            self.skip_line()?;
            if self.bytes().is_empty() && !self.fill()? {
                break;
            }
        }
        Ok(())
    }

    /// Passes empty lines; false at the end of the file.
    pub(crate) fn skip_blank_lines(&mut self) -> Result<bool, IngestError> {
        loop {
            match self.bytes() {
                [b'\n', ..] => self.advance(1),
                [b'\r', b'\n', ..] => self.advance(2),
                [] | [b'\r'] => {
                    if !self.fill()? {
                        self.advance(self.bytes().len());
                        return Ok(false);
                    }
                }
                _ => return Ok(true),
            }
        }
    }
}

pub(crate) fn beyond_end(path: &Path, offset: u64, total_bytes: u64) -> IngestError {
    IngestError::ResumeBeyondEnd { path: path.to_path_buf(), offset, total_bytes }
}

/// The line without its line end.
pub(crate) fn trim_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &'static [u8]) -> Window {
        let start = Position { line: 1, offset: 0 };
        Window::new(Box::new(io::Cursor::new(text)), Path::new("test"), Encoding::Utf8, start)
    }

    #[test]
    fn lines_are_found_with_their_positions() {
        let mut window = window(b"een\r\n\n\r\ntwee\ndrie");
        assert_eq!(window.line_end(0, 100).unwrap(), LineEnd::Newline(5));
        window.advance(5);
        assert!(window.skip_blank_lines().unwrap());
        assert_eq!(window.position(), Position { line: 4, offset: 8 });
        assert_eq!(window.line_end(0, 3).unwrap(), LineEnd::TooFar);
        assert_eq!(window.skip_line().unwrap(), b"twee");
        assert_eq!(window.line_end(0, 100).unwrap(), LineEnd::EndOfFile(4));
        window.advance(4);
        assert!(!window.skip_blank_lines().unwrap());
        assert_eq!(window.position(), Position { line: 5, offset: 17 });
    }

    /// Gives some bytes and then fails, as a pulled-out disk does.
    struct Failing(&'static [u8]);

    impl Read for Failing {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("the disk is gone"));
            }
            self.0.read(out)
        }
    }

    #[test]
    fn a_read_error_in_the_middle_says_where() {
        let start = Position { line: 1, offset: 0 };
        let mut window = Window::new(Box::new(Failing(b"een\ntwe")), Path::new("test"), Encoding::Utf8, start);
        assert_eq!(window.line_end(0, 100).unwrap(), LineEnd::Newline(4));
        window.advance(4);
        let error = window.line_end(0, 100).unwrap_err();
        assert!(matches!(error, IngestError::Read { offset: 7, .. }), "{error}");
    }
}
