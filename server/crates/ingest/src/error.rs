//! What can stop a whole file, as opposed to one line of it.

use std::io;
use std::path::PathBuf;

/// A file that cannot be read, or not in the way it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The file is missing, or may not be read.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Reading broke off in the middle.
    #[error("cannot read {} from byte {offset}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Where the unread part begins.
        offset: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The path is a directory.
    #[error("{} is a directory; name a file", .0.display())]
    Directory(PathBuf),
    /// There is nothing in the file.
    #[error("{} is empty", .0.display())]
    Empty(PathBuf),
    /// The content is of a kind that is not read.
    #[error("{} looks like {found}, which cannot be read as messages", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: &'static str,
    },
    /// No column or field was recognised for something a message must have.
    #[error("{}: no {kind} found for the {missing}; there are: {present}. Name it with --map {missing}=NAME", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// `column` or `field`.
        kind: &'static str,
        /// `text` or `time`.
        missing: &'static str,
        /// The names there are.
        present: String,
    },
    /// A column or field was named that is not there.
    #[error("{}: there is no {kind} {name:?}; there are: {present}", path.display())]
    UnknownColumn {
        /// The file.
        path: PathBuf,
        /// `column` or `field`.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        present: String,
    },
    /// A mapping that cannot be understood.
    #[error(
        "cannot understand the mapping: {0}; write it as text=NAME,time=NAME,sender=NAME,conversation=NAME,id=NAME"
    )]
    BadMap(String),
    /// The position to carry on from lies behind the end: the file is another, or was cut.
    #[error("{} has {total_bytes} bytes, fewer than the {offset} read earlier; it is not the same file", path.display())]
    ResumeBeyondEnd {
        /// The file.
        path: PathBuf,
        /// Where to carry on.
        offset: u64,
        /// How long the file is.
        total_bytes: u64,
    },
}

impl IngestError {
    /// Whether there was no room to unpack something: nothing is wrong with the file.
    pub fn is_want_of_room(&self) -> bool {
        match self {
            Self::Open { source, .. } | Self::Read { source, .. } => is_want_of_room(source),
            _ => false,
        }
    }
}

/// Only writing fails with these.
pub(crate) fn is_want_of_room(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | FileTooLarge | QuotaExceeded)
}
