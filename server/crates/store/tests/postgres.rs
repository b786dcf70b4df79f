//! The PostgreSQL backend keeps the store's contract.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod contract;

use std::sync::Arc;

use store::postgres::PgStore;
use store::{JobQuery, JobState, NewImport, Store, StoreError};
use tests::Postgres;

async fn fresh() -> Option<(String, Arc<dyn Store>)> {
    let url = Postgres::shared()?.fresh();
    let store = PgStore::open(&url).await.unwrap();
    Some((url, Arc::new(store)))
}

contract::contract!(fresh);

#[tokio::test]
async fn reopening_finds_everything_again() {
    let Some((url, store)) = fresh().await else { return };
    contract::import(&*store, "file", &contract::chat(5)).await;
    let again = PgStore::open(&url).await.unwrap();
    assert_eq!(again.totals().await.unwrap().messages, 5);
}

#[tokio::test]
async fn messages_and_mentions_lie_in_partitions_by_month_with_msg_hash_in_every_key() {
    let Some((url, store)) = fresh().await else { return };
    let mut messages = contract::chat(6);
    // Two months, a year before there were phones, and one that is not yet.
    for (i, sent_at_ms) in [(2, 1_590_969_600_000), (3, -1), (4, 4_000_000_000_000)] {
        messages[i].message.sent_at_ms = sent_at_ms;
    }
    let outcome = contract::import(&*store, "file", &messages).await;
    assert_eq!(outcome.imported, 6);
    assert_eq!(contract::import(&*store, "file", &messages).await.duplicates, 6, "found again in every partition");
    let cluster = Postgres::shared().unwrap();
    let rows = cluster
        .ask(&url, "SELECT tableoid::regclass::text COLLATE \"C\", count(*) FROM messages GROUP BY 1 ORDER BY 1");
    assert_eq!(rows.trim(), "messages_202005|3\nmessages_202006|1\nmessages_otherwise|2");
    let rows = cluster
        .ask(&url, "SELECT tableoid::regclass::text COLLATE \"C\", count(*) FROM mentions GROUP BY 1 ORDER BY 1");
    assert_eq!(rows.trim(), "mentions_202005|1\nmentions_202006|1\nmentions_otherwise|1");
    let unique_without = cluster.ask(
        &url,
        "SELECT indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = indrelid
         WHERE indisunique AND c.relname ~ '^(messages|mentions|message_sources)'
           AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = indrelid AND a.attnum = ANY(i.indkey) AND a.attname = 'msg_hash')",
    );
    assert_eq!(unique_without, "");
}

#[tokio::test]
async fn what_one_process_stores_another_reads_in_order() {
    let Some((url, store)) = fresh().await else { return };
    let other: Arc<dyn Store> = Arc::new(PgStore::open(&url).await.unwrap());
    // Both write at once, and both meet the same names and places.
    let (one, two) = (contract::chat(40), contract::chat(80));
    let (a, b) = (contract::import(&*store, "a", &one), contract::import(&*other, "b", &two));
    let (a, b) = tokio::join!(a, b);
    assert_eq!(a.imported + b.imported, 80);
    let rows = other.index_rows(0, 1000).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.mention_no).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    assert_eq!(store.places(None).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_job_is_interrupted_as_soon_as_its_process_is_gone() {
    let Some((url, store)) = fresh().await else { return };
    let process = PgStore::open(&url).await.unwrap();
    let (_, _, job) = contract::begin(&process, "file", "print").await;
    let all = JobQuery { limit: 9, ..JobQuery::default() };
    assert_eq!(store.import_jobs(all, 2).await.unwrap()[0].state, JobState::Running);
    // As when it is killed: its connections end without a word.
    let cluster = Postgres::shared().unwrap();
    cluster.ask(
        &url,
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    let begun = std::time::Instant::now();
    while store.import_jobs(all, 2).await.unwrap()[0].state != JobState::Interrupted {
        assert!(begun.elapsed().as_secs() < 5, "its job still counts as being read");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let again = NewImport {
        source_no: job.source_no,
        file_name: &job.file_name,
        fingerprint: &job.fingerprint,
        ..NewImport::default()
    };
    let resumed = store.begin_import(again, &contract::claim("b")).await.unwrap();
    assert_eq!((resumed.job_no, resumed.state), (job.job_no, JobState::Running));
    // The lost worker makes itself known again, and learns that its job is another's.
    assert!(matches!(process.hold_import(job.job_no, &contract::claim("a")).await, Err(StoreError::JobLost)));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let Some((url, store)) = fresh().await else { return };
    drop(store);
    Postgres::shared().unwrap().ask(
        &url,
        "UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
    );
    assert!(matches!(PgStore::open(&url).await.err().unwrap(), StoreError::NewerSchema { found: 9999, .. }));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_as_that() {
    let error = PgStore::open("postgres://u:geheim@localhost/d?host=/nowhere").await.err().unwrap();
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("geheim"));
}
