//! What follows the messages, the full text and the spans of conversations: kept current by small batches, caught up with in large steps
//! after bulk loads.
//!
//! FTS5 gathers what one transaction adds and writes it as a sorted piece, to be merged with others: a few large transactions
//! cost a fraction of many small ones, about what a rebuild of everything costs, and can be cut off anywhere.

use model::TimeMs;
use sqlx::{SqliteConnection, SqlitePool};

use super::import::bump_data_version;
use super::{spans, text};
use crate::Result;
use crate::spans::Spans;

/// Messages of a batch from which on what follows is left behind.
const BULK: usize = 5_000;
/// Messages held in memory at once when catching up.
const CHUNK: usize = 10_000;

/// A message that was stored.
pub(super) struct Stored<'t> {
    pub(super) conversation_no: u32,
    pub(super) sent_at_ms: TimeMs,
    pub(super) text: &'t str,
}

/// Follows a batch that was just stored, unless it is a large one or others before it are still to come.
pub(super) async fn follow(connection: &mut SqliteConnection, first_no: i64, batch: &[Stored<'_>]) -> Result<()> {
    if batch.is_empty() || batch.len() >= BULK || upto(connection).await? != first_no - 1 {
        return Ok(());
    }
    let last_no = first_no + batch.len() as i64 - 1;
    text::add(connection, (first_no..).zip(batch.iter().map(|stored| stored.text))).await?;
    let mut known = Spans::default();
    for stored in batch {
        known.add(stored.conversation_no, stored.sent_at_ms);
    }
    spans::add(connection, &known.upto(last_no.unsigned_abs())).await?;
    set_upto(connection, last_no).await
}

/// Follows up to `limit` of the messages that were left behind; how many are left then.
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
    let mut known = Spans::default();
    for first_no in (upto + 1..=step).step_by(CHUNK) {
        let rows: Vec<(i64, u32, TimeMs, String)> = sqlx::query_as(
            "SELECT message_no, conversation_no, sent_at_ms, text FROM messages WHERE message_no BETWEEN ? AND ? ORDER BY message_no",
        )
        .bind(first_no)
        .bind(step.min(first_no + CHUNK as i64 - 1))
        .fetch_all(&mut *connection)
        .await?;
        for (_, conversation_no, sent_at_ms, _) in &rows {
            known.add(*conversation_no, *sent_at_ms);
        }
        text::add(connection, rows.iter().map(|(message_no, _, _, text)| (*message_no, text.as_str()))).await?;
    }
    spans::add(connection, &known.upto(step.unsigned_abs())).await?;
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
