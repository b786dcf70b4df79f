//! The full text, and what is found in it: kept current by small batches, caught up with in large steps after bulk loads.
//!
//! FTS5 gathers what one transaction adds and writes it as a sorted piece, to be merged with others: a few large transactions
//! cost a fraction of many small ones, about what a rebuild of everything costs, and can be cut off anywhere.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use super::import::bump_data_version;
use crate::words::{Term, terms, words_of};
use crate::{Result, StoreError};

/// Messages of a batch from which on it leaves the full text behind.
const BULK: usize = 5_000;
/// Messages held in memory at once when catching up.
const CHUNK: usize = 10_000;
/// Rows of one INSERT.
const ROWS: usize = 500;
/// Hits asked for at first; each time twice as many, so that a search that nobody waits for any more ends soon.
const FIRST_HITS: usize = 50_000;

/// Adds a batch that was just stored, unless it is a large one or others before it are still to come.
pub(super) async fn follow(connection: &mut SqliteConnection, first_no: i64, texts: &[&str]) -> Result<()> {
    let messages = texts.len();
    if messages == 0 || messages >= BULK || upto(connection).await? != first_no - 1 {
        return Ok(());
    }
    add(connection, (first_no..).zip(texts.iter().copied())).await?;
    set_upto(connection, first_no + messages as i64 - 1).await
}

/// Adds up to `limit` of the messages that were left behind; how many are left then.
pub(super) async fn catch_up(pool: &SqlitePool, limit: u32) -> Result<u64> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let upto = upto(connection).await?;
    let last: i64 =
        sqlx::query_scalar("SELECT coalesce(max(message_no), 0) FROM messages").fetch_one(&mut *connection).await?;
    if upto >= last {
        return Ok(0);
    }
    let step = last.min(upto + i64::from(limit.max(1)));
    for first_no in (upto + 1..=step).step_by(CHUNK) {
        let texts: Vec<(i64, String)> = sqlx::query_as(
            "SELECT message_no, text FROM messages WHERE message_no BETWEEN ? AND ? ORDER BY message_no",
        )
        .bind(first_no)
        .bind(step.min(first_no + CHUNK as i64 - 1))
        .fetch_all(&mut *connection)
        .await?;
        add(connection, texts.iter().map(|(message_no, text)| (*message_no, text.as_str()))).await?;
    }
    set_upto(connection, step).await?;
    // What free words find has changed.
    bump_data_version(connection).await?;
    transaction.commit().await?;
    Ok((last - step).unsigned_abs())
}

async fn upto(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = 'text_upto'").fetch_one(connection).await?)
}

async fn set_upto(connection: &mut SqliteConnection, message_no: i64) -> Result<()> {
    sqlx::query("UPDATE meta SET value = ? WHERE key = 'text_upto'").bind(message_no).execute(connection).await?;
    Ok(())
}

/// Adds messages, given by ascending number: their words, as every backend cuts them.
async fn add<'t>(connection: &mut SqliteConnection, texts: impl Iterator<Item = (i64, &'t str)>) -> Result<()> {
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

/// Numbers of the messages that hold what was typed, ascending, at most `limit`.
///
/// A row a hit costs more than finding it, so a step brings its hits as one row. Between steps a search whose future was dropped
/// ends.
pub(super) async fn search(pool: &SqlitePool, typed: &str, limit: usize) -> Result<Vec<u64>> {
    let terms = terms(typed);
    let mut hits: Vec<u64> = Vec::new();
    let mut step = FIRST_HITS;
    while !terms.is_empty() && hits.len() < limit {
        step = step.min(limit - hits.len());
        let after = hits.last().copied().unwrap_or_default();
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(rowid) FROM
             (SELECT rowid FROM message_words WHERE message_words MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?)",
        )
        .bind(expression(&terms))
        .bind(after.cast_signed())
        .bind(step as i64)
        .fetch_one(pool)
        .await?;
        let before = hits.len();
        for number in found.iter().flat_map(|found| found.split(',')) {
            let corrupt = |_| StoreError::Corrupt { table: "message_words", column: "rowid", row: 0 };
            hits.push(number.parse().map_err(corrupt)?);
        }
        if hits.len() - before < step {
            break;
        }
        step *= 2;
    }
    Ok(hits)
}

/// All terms, in quotes: words have no character that could end them.
fn expression(terms: &[Term]) -> String {
    let quoted = terms.iter().map(|term| format!("\"{}\"{}", term.words, if term.is_prefix { " *" } else { "" }));
    quoted.collect::<Vec<_>>().join(" ")
}
