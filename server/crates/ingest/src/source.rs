//! Where the bytes of one file of messages come from: a file on disk, or a part of an archive, packed or not.
//!
//! Here live unpacking and its limits. Names inside archives are labels only: nothing is ever written under them. Never
//! here: what the bytes mean.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use tempfile::NamedTempFile;

/// Unpacked bytes that are let through whatever the ratio.
pub(crate) const FREE_BYTES: u64 = 64 * 1024 * 1024;
/// How many times its packed size something may unpack to. Chats in XML reach 30; deflate cannot exceed 1,032.
pub(crate) const MAX_RATIO: u64 = 300;
/// Most that is unpacked to disk, for what cannot be read as a stream: databases, workbooks, archives in archives.
const MAX_SPOOLED_BYTES: u64 = 64 * 1024 * 1024 * 1024;
/// Most memory that a Zstandard file may ask for, as a power of two; the format's own recommendation is 23.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// Found from the first bytes.
    pub(crate) fn detect(start: &[u8]) -> Option<Self> {
        match start {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// A part of a ZIP archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) start: u64,
    pub(crate) packed_bytes: u64,
    pub(crate) is_deflated: bool,
    pub(crate) crc32: u32,
}

/// A file on disk, perhaps one that was unpacked to get at what is in it.
#[derive(Debug, Clone)]
pub(crate) enum Base {
    Disk(PathBuf),
    Unpacked(Arc<NamedTempFile>),
}

impl Base {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Disk(path) => path,
            Self::Unpacked(file) => file.path(),
        }
    }
}

/// One file of messages, wherever it stands.
#[derive(Debug, Clone)]
pub struct Source {
    pub(crate) file: PathBuf,
    pub(crate) name: PathBuf,
    pub(crate) base: Base,
    pub(crate) entry: Option<Entry>,
    pub(crate) packing: Vec<Packing>,
    /// Where a plain file ends for us, when it is still being written to.
    pub(crate) end: Option<u64>,
}

impl Source {
    /// A file on disk as it stands.
    pub fn on_disk(path: &Path) -> Self {
        Self {
            file: path.to_path_buf(),
            name: path.to_path_buf(),
            base: Base::Disk(path.to_path_buf()),
            entry: None,
            packing: Vec::new(),
            end: None,
        }
    }

    /// The same under another name: what its own name begins with is replaced.
    #[must_use]
    pub fn renamed(mut self, from: &Path, to: &Path) -> Self {
        if let Ok(rest) = self.name.strip_prefix(from) {
            self.name = if rest.as_os_str().is_empty() { to.to_path_buf() } else { to.join(rest) };
        }
        self
    }

    /// The beginning of a plain file; what is packed stays whole.
    #[must_use]
    pub fn up_to(mut self, bytes: u64) -> Self {
        if self.is_plain() {
            self.end = Some(bytes);
        }
        self
    }

    /// Whether it is a file on disk as it stands: no part of an archive, not packed.
    pub fn is_plain_file(&self) -> bool {
        self.is_plain() && matches!(self.base, Base::Disk(_))
    }

    /// What it is called: its path, behind that of its archive where it is in one.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// The file on disk that holds it.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the bytes are those of a file on disk, so that they can be entered anywhere.
    pub(crate) fn is_plain(&self) -> bool {
        self.entry.is_none() && self.packing.is_empty()
    }

    /// How many bytes there are on disk; packed, where they are.
    pub(crate) fn stored_bytes(&self) -> io::Result<u64> {
        if let Some(entry) = self.entry {
            return Ok(entry.packed_bytes);
        }
        let length = std::fs::metadata(self.base.path())?.len();
        Ok(self.end.map_or(length, |end| end.min(length)))
    }

    /// The unpacked bytes as a stream; `read` counts those taken from disk.
    pub(crate) fn bytes(&self, read: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        read.store(0, Ordering::Relaxed);
        let mut file = File::open(self.base.path())?;
        let mut bytes: Box<dyn Read + Send> = match self.entry {
            None => Box::new(Counted { bytes: file.take(self.end.unwrap_or(u64::MAX)), read: Arc::clone(read) }),
            Some(entry) => {
                file.seek(SeekFrom::Start(entry.start))?;
                let counted = Counted { bytes: file.take(entry.packed_bytes), read: Arc::clone(read) };
                if entry.is_deflated {
                    let unpacked = DeflateDecoder::new(BufReader::with_capacity(CHUNK_BYTES, counted));
                    Box::new(Checked::new(Bounded::new(unpacked, read), entry.crc32))
                } else {
                    Box::new(Checked::new(counted, entry.crc32))
                }
            }
        };
        for packing in &self.packing {
            bytes = match packing {
                Packing::Gzip => {
                    let unpacked = MultiGzDecoder::new(BufReader::with_capacity(CHUNK_BYTES, bytes));
                    Box::new(Bounded::new(unpacked, read))
                }
                Packing::Zstd => {
                    let mut unpacked = zstd::stream::read::Decoder::new(bytes)?;
                    unpacked.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                    Box::new(Bounded::new(unpacked, read))
                }
            };
        }
        Ok(bytes)
    }

    /// The same bytes in a file that can be entered anywhere: itself, or a copy unpacked into the folder for temporary files,
    /// readable by its owner only, and gone when the last user of it is.
    pub(crate) fn spooled(&self) -> io::Result<Base> {
        if self.is_plain() {
            return Ok(self.base.clone());
        }
        let mut file = NamedTempFile::new()?;
        let mut bytes = self.bytes(&Arc::default())?.take(MAX_SPOOLED_BYTES);
        if io::copy(&mut bytes, file.as_file_mut())? == MAX_SPOOLED_BYTES {
            return Err(damaged("it unpacks to more than 64 GiB"));
        }
        Ok(Base::Unpacked(Arc::new(file)))
    }
}

const CHUNK_BYTES: usize = 64 * 1024;

/// What is wrong with packed bytes, as opposed to the disk that they are on.
pub(crate) fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Counts what is read.
struct Counted<R> {
    bytes: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(out)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Stops what unpacks to an absurd size: a small file made to fill a disk or to keep a machine busy for days.
struct Bounded<R> {
    unpacked: R,
    unpacked_bytes: u64,
    read: Arc<AtomicU64>,
}

impl<R> Bounded<R> {
    fn new(unpacked: R, read: &Arc<AtomicU64>) -> Self {
        Self { unpacked, unpacked_bytes: 0, read: Arc::clone(read) }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(out)?;
        self.unpacked_bytes += count as u64;
        let allowed = FREE_BYTES.max(self.read.load(Ordering::Relaxed).saturating_mul(MAX_RATIO));
        if self.unpacked_bytes > allowed {
            return Err(damaged("it unpacks to more than 300 times its size"));
        }
        Ok(count)
    }
}

/// Compares the checksum that the archive states at the end.
struct Checked<R> {
    bytes: R,
    crc: Crc,
    expected: u32,
}

impl<R> Checked<R> {
    fn new(bytes: R, expected: u32) -> Self {
        Self { bytes, crc: Crc::new(), expected }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(out)?;
        self.crc.update(&out[..count]);
        if count == 0 && !out.is_empty() && self.crc.sum() != self.expected {
            return Err(damaged("its checksum is not the one that the archive states"));
        }
        Ok(count)
    }
}
