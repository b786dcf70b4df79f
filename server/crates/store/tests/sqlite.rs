//! The SQLite backend keeps the store's contract.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod contract;

use std::sync::Arc;

use store::sqlite::SqliteStore;
use store::{JobQuery, JobState, NewImport, Store};

async fn fresh() -> (tempfile::TempDir, Arc<dyn Store>) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).await.unwrap();
    (directory, Arc::new(store))
}

contract::contract!(fresh);

#[tokio::test]
async fn reopening_finds_everything_again() {
    let (directory, store) = fresh().await;
    contract::import(&*store, "file", &contract::chat(5)).await;
    drop(store);
    let store = SqliteStore::open(directory.path()).await.unwrap();
    assert_eq!(store.totals().await.unwrap().messages, 5);
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_directory_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let (directory, _store) = fresh().await;
    let mode = std::fs::metadata(directory.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[tokio::test]
async fn a_job_is_interrupted_as_soon_as_its_process_is_gone() {
    let (directory, store) = fresh().await;
    let process = SqliteStore::open(directory.path()).await.unwrap();
    let (_, _, job) = contract::begin(&process, "file", "print").await;
    let all = JobQuery { limit: 9, ..JobQuery::default() };
    assert_eq!(store.import_jobs(all, 2).await.unwrap()[0].state, JobState::Running);
    drop(process);
    assert_eq!(store.import_jobs(all, 2).await.unwrap()[0].state, JobState::Interrupted);
    let again = NewImport {
        source_no: job.source_no,
        file_name: &job.file_name,
        fingerprint: &job.fingerprint,
        ..NewImport::default()
    };
    let resumed = store.begin_import(again, &contract::claim("b")).await.unwrap();
    assert_eq!((resumed.job_no, resumed.state), (job.job_no, JobState::Running));
}
