//! The least that storing takes: the same rows by plain multi-row statements into an empty database, the same indexes, the full text.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Row, Sqlite, SqliteConnection};

/// Rows of one statement and of one transaction: the fastest that was found.
const STATEMENT: usize = 500;
const TRANSACTION: usize = 50_000;

const TABLES: [&str; 3] = [
    "CREATE TABLE messages (message_no INTEGER PRIMARY KEY, msg_hash INTEGER NOT NULL, content_hash BLOB NOT NULL,
     case_no INTEGER NOT NULL, source_no INTEGER NOT NULL, conversation_no INTEGER NOT NULL, sender_no INTEGER NOT NULL,
     sent_at_ms INTEGER NOT NULL, external_id TEXT, text TEXT NOT NULL) STRICT",
    "CREATE TABLE mentions (mention_no INTEGER PRIMARY KEY, msg_hash INTEGER NOT NULL, message_no INTEGER NOT NULL,
     span_start INTEGER NOT NULL, span_end INTEGER NOT NULL, place_no INTEGER NOT NULL, kind TEXT NOT NULL, confidence REAL NOT NULL,
     accepted INTEGER NOT NULL, reasons TEXT NOT NULL, alternatives TEXT NOT NULL, phrase_no INTEGER NOT NULL,
     uncertain INTEGER NOT NULL) STRICT",
    "CREATE VIRTUAL TABLE message_text USING fts5 (text, content = 'messages', content_rowid = 'message_no',
     tokenize = 'unicode61 remove_diacritics 2')",
];

/// Seconds of each part.
pub(super) struct Bare {
    pub(super) messages: f64,
    pub(super) mentions: f64,
    pub(super) indexes: f64,
    pub(super) text: f64,
    pub(super) mention_rows: u64,
}

impl Bare {
    pub(super) fn total(&self) -> f64 {
        self.messages + self.mentions + self.indexes + self.text
    }
}

/// Copies the rows of a store into a database of its own in `folder`; reading them is not counted.
pub(super) async fn measure(store: &Path, folder: &Path) -> anyhow::Result<Bare> {
    let mut from = SqliteConnectOptions::new().filename(store).read_only(true).connect().await.context("the store")?;
    let mut to = SqliteConnectOptions::new()
        .filename(folder.join("bare.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory")
        .connect()
        .await
        .context("a bare database")?;
    for table in TABLES {
        sqlx::query(table).execute(&mut to).await?;
    }
    let (messages, _) = copy(&mut from, &mut to, "messages", "message_no", MESSAGES, bind_message).await?;
    let (mentions, mention_rows) = copy(&mut from, &mut to, "mentions", "mention_no", MENTIONS, bind_mention).await?;
    let indexes = timed(
        &mut to,
        &[
            "CREATE UNIQUE INDEX messages_by_content ON messages (content_hash)",
            "CREATE INDEX mentions_by_message ON mentions (message_no)",
        ],
    )
    .await?;
    let text = timed(&mut to, &["INSERT INTO message_text (message_text) VALUES ('rebuild')"]).await?;
    to.close().await?;
    Ok(Bare { messages, mentions, indexes, text, mention_rows })
}

async fn timed(to: &mut SqliteConnection, statements: &[&'static str]) -> anyhow::Result<f64> {
    let begun = Instant::now();
    for statement in statements {
        sqlx::query(*statement).execute(&mut *to).await?;
    }
    Ok(begun.elapsed().as_secs_f64())
}

const MESSAGES: &str =
    "message_no, msg_hash, content_hash, case_no, source_no, conversation_no, sender_no, sent_at_ms, external_id, text";
const MENTIONS: &str = "mention_no, msg_hash, message_no, span_start, span_end, place_no, kind, confidence, accepted, reasons, \
     alternatives, phrase_no, uncertain";

type Binding =
    for<'q> fn(&mut sqlx::query_builder::Separated<'_, Sqlite, &'static str>, &SqliteRow) -> sqlx::Result<()>;

/// Seconds that inserting took, and how many rows there are.
async fn copy(
    from: &mut SqliteConnection,
    to: &mut SqliteConnection,
    table: &'static str,
    key: &'static str,
    columns: &'static str,
    bind: Binding,
) -> anyhow::Result<(f64, u64)> {
    let (mut took, mut last, mut count) = (Duration::ZERO, 0_i64, 0);
    loop {
        let mut select = QueryBuilder::<Sqlite>::new("SELECT ");
        select.push(columns).push(" FROM ").push(table).push(" WHERE ").push(key).push(" > ").push_bind(last);
        select.push(" ORDER BY ").push(key).push(" LIMIT ").push_bind(TRANSACTION as i64);
        let rows = select.build().fetch_all(&mut *from).await?;
        let Some(end) = rows.last() else { return Ok((took.as_secs_f64(), count)) };
        last = end.try_get(0)?;
        count += rows.len() as u64;
        let begun = Instant::now();
        let mut transaction = to.begin().await?;
        for chunk in rows.chunks(STATEMENT) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO ");
            insert.push(table).push(" (").push(columns).push(") ");
            let mut broken = Ok(());
            insert.push_values(chunk, |mut values, row| {
                if let Err(error) = bind(&mut values, row) {
                    broken = Err(error);
                }
            });
            broken?;
            insert.build().execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        took += begun.elapsed();
    }
}

fn bind_message(
    values: &mut sqlx::query_builder::Separated<'_, Sqlite, &'static str>,
    row: &SqliteRow,
) -> sqlx::Result<()> {
    values.push_bind(row.try_get::<i64, _>(0)?).push_bind(row.try_get::<i64, _>(1)?);
    values.push_bind(row.try_get::<Vec<u8>, _>(2)?);
    for column in 3..8 {
        values.push_bind(row.try_get::<i64, _>(column)?);
    }
    values.push_bind(row.try_get::<Option<String>, _>(8)?).push_bind(row.try_get::<String, _>(9)?);
    Ok(())
}

fn bind_mention(
    values: &mut sqlx::query_builder::Separated<'_, Sqlite, &'static str>,
    row: &SqliteRow,
) -> sqlx::Result<()> {
    for column in 0..6 {
        values.push_bind(row.try_get::<i64, _>(column)?);
    }
    values.push_bind(row.try_get::<String, _>(6)?).push_bind(row.try_get::<f64, _>(7)?);
    values.push_bind(row.try_get::<i64, _>(8)?);
    values.push_bind(row.try_get::<String, _>(9)?).push_bind(row.try_get::<String, _>(10)?);
    values.push_bind(row.try_get::<i64, _>(11)?).push_bind(row.try_get::<i64, _>(12)?);
    Ok(())
}
