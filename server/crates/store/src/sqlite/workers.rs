//! Who is alive: each worker of this process keeps a file locked in the data directory, and the system lets go of the lock when the
//! process ends, however it ends. So a killed import is known at once, without waiting for its lease to run out.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Folder of the locks within the data directory.
const FOLDER: &str = "workers";

/// The workers of this process, and a way to ask after those of others.
pub(super) struct Workers {
    folder: PathBuf,
    own: Mutex<HashMap<String, File>>,
}

impl Workers {
    pub(super) fn new(data: &Path) -> Self {
        Self { folder: data.join(FOLDER), own: Mutex::default() }
    }

    /// Makes a worker of this process known.
    ///
    /// # Errors
    /// When the data directory cannot be written or cannot lock files.
    pub(super) fn announce(&self, worker: &str) -> std::io::Result<()> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.contains_key(worker) {
            return Ok(());
        }
        if own.is_empty() {
            std::fs::create_dir_all(&self.folder)?;
            self.sweep();
        }
        // Locked before it can be seen: a file without a lock means that its worker is gone.
        let unseen = self.folder.join(format!("{worker}.new"));
        let file = File::create(&unseen)?;
        file.lock()?;
        std::fs::rename(unseen, self.path(worker))?;
        own.insert(worker.to_owned(), file);
        Ok(())
    }

    /// Whether a worker may be alive.
    pub(super) fn is_alive(&self, worker: &str) -> bool {
        if self.own.lock().unwrap_or_else(PoisonError::into_inner).contains_key(worker) {
            return true;
        }
        File::open(self.path(worker)).is_ok_and(|file| is_locked(&file))
    }

    fn path(&self, worker: &str) -> PathBuf {
        self.folder.join(worker)
    }

    /// Removes what workers left behind that are gone.
    fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.extension().is_none() && File::open(&path).is_ok_and(|file| !is_locked(&file)) {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for worker in self.own.get_mut().unwrap_or_else(PoisonError::into_inner).keys() {
            let _ = std::fs::remove_file(self.folder.join(worker));
        }
    }
}

/// Where it cannot be told, the lease decides.
fn is_locked(file: &File) -> bool {
    file.try_lock_shared().is_err()
}
