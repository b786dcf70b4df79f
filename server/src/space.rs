//! Room on disk: how much there is, and what is said and done when there is none.

use std::io;
use std::path::Path;

use ingest::IngestError;
use store::StoreError;

use crate::config::Data;

/// Bytes that may still be written on the disk of this folder; `None` where the system does not say.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// A limit on the size of files (`ulimit -f`) is to be an error of the write that meets it. Without a handler the signal that comes
/// with it would end the process without a word.
///
/// # Errors
/// When the system takes no handler.
pub(crate) fn outlive_file_size_limits() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// SIGXFSZ, the same number on Linux, macOS and the BSDs. The handler outlives what is dropped here.
        const FILE_SIZE_LIMIT: i32 = 25;
        drop(signal(SignalKind::from_raw(FILE_SIZE_LIMIT))?);
    }
    Ok(())
}

/// What can be done where something failed for want of room.
pub(crate) fn way_out(error: &anyhow::Error, data: &Data) -> Option<String> {
    let of_store = error.chain().filter_map(|cause| cause.downcast_ref::<StoreError>());
    if of_store.into_iter().any(StoreError::is_want_of_room) {
        let what = match data.database {
            Some(_) => "the disk of the database server".to_owned(),
            None => format!("the data directory {}", data.directory.display()),
        };
        return Some(format!(
            "{what} takes no more. What was stored stays; once there is room (or the limit is lifted) the same command goes on where it was"
        ));
    }
    let of_ingest = error.chain().filter_map(|cause| cause.downcast_ref::<IngestError>());
    of_ingest.into_iter().any(IngestError::is_want_of_room).then(|| {
        format!(
            "the folder for temporary files {} takes no more. What was stored stays; once there is room, or with TMPDIR naming a folder \
             that has some, the same command goes on where it was",
            std::env::temp_dir().display()
        )
    })
}
