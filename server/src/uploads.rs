//! Files that were sent to be imported: kept in the data directory under random names, readable by their owner only.
//!
//! What clients call a file is a label in a file beside it, never a path.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use futures_util::{Stream, StreamExt};
use model::TimeMs;
use model::imports::Upload;
use store::{JobQuery, Store};
use tokio::io::AsyncWriteExt;

use crate::secret;

/// Folder within the data directory.
const FOLDER: &str = "uploads";
/// How the file is called that holds the label.
const LABEL: &str = "name";
/// How a file is called that is still being written.
const PART: &str = "part";
/// Bytes of an id; in hexadecimal twice as many characters.
const ID_BYTES: usize = 16;
/// Longest label kept.
const MAX_LABEL_CHARS: usize = 200;
/// How long a file stays that nobody needs any more.
const KEPT_MS: TimeMs = 24 * 60 * 60 * 1000;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    /// It is larger than the limit.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// Whoever sent it went away.
    #[error("the file was cut off")]
    CutOff,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The disk cannot be written.
    #[error("an upload cannot be written")]
    Write(#[source] std::io::Error),
}

impl From<std::io::Error> for UploadError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Write(error),
        }
    }
}

/// The folder of uploads.
#[derive(Debug, Clone)]
pub(crate) struct Uploads {
    folder: PathBuf,
}

/// A file that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Uploaded {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
}

impl Uploads {
    pub(crate) fn new(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    /// Takes a file in as it arrives; nothing stays of one that is too large or cut off.
    ///
    /// # Errors
    /// When it is larger than `limit`, does not arrive whole, or cannot be written.
    pub(crate) async fn receive<E>(
        &self,
        name: &str,
        bytes: impl Stream<Item = Result<Bytes, E>>,
        limit: u64,
    ) -> Result<Upload, UploadError> {
        let id = secret::hex(ID_BYTES).map_err(|error| UploadError::Write(std::io::Error::other(error)))?;
        let (part, written) = self.receive_part(&id, bytes, limit).await?;
        let name = label(name);
        let beside = self.folder.join(format!("{id}.{LABEL}"));
        private_file(&beside)?
            .write_all(name.as_bytes())
            .and_then(|()| std::fs::rename(&part.0, self.folder.join(&id)))?;
        Ok(Upload { upload: id, name, bytes: written })
    }

    /// Takes bytes in as they arrive, into a file that is gone when the answer is.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub(crate) async fn receive_part<E>(
        &self,
        id: &str,
        bytes: impl Stream<Item = Result<Bytes, E>>,
        limit: u64,
    ) -> Result<(Part, u64), UploadError> {
        make_private(&self.folder)?;
        let part = Part(self.folder.join(format!("{id}.{PART}")));
        let mut file = tokio::fs::File::from_std(private_file(&part.0)?);
        let mut written = 0;
        let mut bytes = std::pin::pin!(bytes);
        while let Some(piece) = bytes.next().await {
            let piece = piece.map_err(|_| UploadError::CutOff)?;
            written += piece.len() as u64;
            if written > limit {
                return Err(UploadError::TooLarge(limit));
            }
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        Ok((part, written))
    }

    /// The upload of this id.
    pub(crate) fn find(&self, id: &str) -> Option<Uploaded> {
        let path = self.path(id)?;
        let name = std::fs::read_to_string(self.folder.join(format!("{id}.{LABEL}"))).ok()?;
        path.is_file().then_some(Uploaded { path, name })
    }

    /// Forgets an upload; false when there is none of this id.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let Some(path) = self.path(id) else { return false };
        let _ = std::fs::remove_file(self.folder.join(format!("{id}.{LABEL}")));
        std::fs::remove_file(path).is_ok()
    }

    /// Where an upload of this id is. Ids are made here: what is written otherwise is none.
    fn path(&self, id: &str) -> Option<PathBuf> {
        let is_id =
            id.len() == 2 * ID_BYTES && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        is_id.then(|| self.folder.join(id))
    }

    /// Removes what nobody needs any more: a day after it came, or after its last job ended; at once when all of it was read and nothing
    /// of it was rejected. What is still to be read stays.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn sweep(&self, store: &dyn Store, now_ms: TimeMs) -> anyhow::Result<()> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Ok(()) };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let is_old = |at_ms: Option<TimeMs>| at_ms.is_none_or(|at_ms| at_ms + KEPT_MS < now_ms);
            let Some(id) = self.path(name).map(|_| name) else {
                // Left behind by a server that was killed.
                if name.ends_with(PART) && is_old(modified_ms(&path)) {
                    let _ = std::fs::remove_file(&path);
                }
                continue;
            };
            let which = JobQuery { upload: Some(id), limit: u32::MAX, ..JobQuery::default() };
            let jobs = store.import_jobs(which, now_ms).await?;
            if jobs.iter().any(|job| job.state.is_open()) {
                continue;
            }
            let all_is_in = |job: &store::ImportJob| {
                job.state == store::JobState::Done && job.counts.rejected == job.counts.notices
            };
            let last_used = jobs.iter().filter_map(|job| job.ended_ms).max().or_else(|| modified_ms(&path));
            if (!jobs.is_empty() && jobs.iter().all(all_is_in)) || is_old(last_used) {
                self.remove(id);
                tracing::info!(upload = id, "an upload that nobody needs any more was removed");
            }
        }
        Ok(())
    }
}

/// A file that is gone with this.
pub(crate) struct Part(PathBuf);

impl Part {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn modified_ms(path: &Path) -> Option<TimeMs> {
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    jiff::Timestamp::try_from(modified).ok().map(jiff::Timestamp::as_millisecond)
}

/// The last part of what the client calls the file, without what could move a cursor or a reader.
fn label(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !matches!(part.trim(), "" | "." | "..")).unwrap_or("upload");
    last.chars().filter(|c| !c.is_control()).take(MAX_LABEL_CHARS).collect::<String>().trim().to_owned()
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A new file that its owner alone reads.
fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn a_label_is_the_last_part_of_a_path_and_never_a_path() {
        for (name, expected) in [
            ("chat.csv", "chat.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\piet\\chat met Loods.txt", "chat met Loods.txt"),
            ("/", "upload"),
            ("..", "upload"),
            ("a\u{1b}[2J\n.csv", "a[2J.csv"),
            ("", "upload"),
        ] {
            assert_eq!(label(name), expected, "{name:?}");
        }
    }

    #[test]
    fn what_is_no_id_is_no_path() {
        let uploads = Uploads::new("data".as_ref());
        let id = secret::hex(ID_BYTES).unwrap();
        assert!(uploads.path(&id).is_some());
        for id in ["", "..", "../speurkaart.sqlite", "A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0", &format!("{id}.part")] {
            assert_eq!(uploads.path(id), None, "{id:?}");
        }
    }
}
