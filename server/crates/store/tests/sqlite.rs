//! The SQLite backend keeps the store's contract.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod contract;

use std::sync::Arc;

use store::Store;
use store::sqlite::SqliteStore;

async fn fresh() -> Option<(tempfile::TempDir, Arc<dyn Store>)> {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).await.unwrap();
    Some((directory, Arc::new(store)))
}

contract::contract!(fresh);

#[tokio::test]
async fn reopening_finds_everything_again() {
    let (directory, store) = fresh().await.unwrap();
    contract::import(&*store, "file", &contract::chat(5)).await;
    drop(store);
    let store = SqliteStore::open(directory.path()).await.unwrap();
    assert_eq!(store.totals().await.unwrap().messages, 5);
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_directory_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let (directory, _store) = fresh().await.unwrap();
    let mode = std::fs::metadata(directory.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}
