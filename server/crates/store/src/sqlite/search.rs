//! Words of messages: into the full-text index and back to numbers of messages.

use std::collections::BTreeMap;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use crate::Result;
use crate::words::{Term, terms, words_of};

/// Rows of one INSERT.
const ROWS: usize = 500;
/// Messages of an earlier version that are indexed in one transaction.
const CHUNK: i64 = 10_000;

/// Indexes messages, given by ascending number.
pub(super) async fn index<'t>(
    connection: &mut SqliteConnection,
    texts: impl Iterator<Item = (i64, &'t str)>,
) -> Result<()> {
    let words: Vec<(i64, String)> =
        texts.map(|(message_no, text)| (message_no, words_of(text))).filter(|(_, words)| !words.is_empty()).collect();
    for chunk in words.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO message_words (rowid, words) ");
        query.push_values(chunk, |mut row, (message_no, words)| {
            row.push_bind(*message_no).push_bind(words.as_str());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Indexes the messages of an earlier version, newest first; what was cut off goes on the next time.
pub(super) async fn index_what_is_there(pool: &SqlitePool) -> Result<()> {
    loop {
        let left: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'unindexed'").fetch_one(pool).await?;
        if left == 0 {
            return Ok(());
        }
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let connection = &mut *transaction;
        // Once more: another process may do the same.
        let up_to: i64 =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = 'unindexed'").fetch_one(&mut *connection).await?;
        let texts: BTreeMap<i64, String> = sqlx::query_as(
            "SELECT message_no, text FROM messages WHERE message_no <= ? ORDER BY message_no DESC LIMIT ?",
        )
        .bind(up_to)
        .bind(CHUNK)
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .collect();
        let below = texts.first_key_value().map_or(0, |(first, _)| first - 1);
        index(connection, texts.iter().map(|(message_no, text)| (*message_no, text.as_str()))).await?;
        sqlx::query("UPDATE meta SET value = ? WHERE key = 'unindexed'").bind(below).execute(&mut *connection).await?;
        transaction.commit().await?;
    }
}

pub(super) async fn search(pool: &SqlitePool, typed: &str, limit: usize) -> Result<Vec<u64>> {
    let terms = terms(typed);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<i64> =
        sqlx::query_scalar("SELECT rowid FROM message_words WHERE message_words MATCH ? ORDER BY rowid LIMIT ?")
            .bind(expression(&terms))
            .bind(limit as i64)
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(i64::cast_unsigned).collect())
}

/// All terms, in quotes: words have no character that could end them.
fn expression(terms: &[Term]) -> String {
    let quoted = terms.iter().map(|term| format!("\"{}\"{}", term.words, if term.is_prefix { " *" } else { "" }));
    quoted.collect::<Vec<_>>().join(" ")
}
