//! The full text: kept current by small batches, caught up with in large steps after bulk loads.
//!
//! FTS5 gathers what one transaction adds and writes it as a sorted piece, to be merged with others: a few large transactions
//! cost a fraction of many small ones, about what a rebuild of everything costs, and can be cut off anywhere.

use sqlx::{SqliteConnection, SqlitePool};

use super::import::bump_data_version;
use crate::Result;

/// Messages of a batch from which on it leaves the full text behind.
const BULK: usize = 5_000;

/// Adds a batch that was just stored, unless it is a large one or others before it are still to come.
pub(super) async fn follow(connection: &mut SqliteConnection, first_no: i64, messages: usize) -> Result<()> {
    if messages == 0 || messages >= BULK || upto(connection).await? != first_no - 1 {
        return Ok(());
    }
    add(connection, first_no, first_no + messages as i64 - 1).await
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
    add(connection, upto + 1, step).await?;
    // What free words find has changed.
    bump_data_version(connection).await?;
    transaction.commit().await?;
    Ok((last - step).unsigned_abs())
}

async fn upto(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = 'text_upto'").fetch_one(connection).await?)
}

async fn add(connection: &mut SqliteConnection, first_no: i64, last_no: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO message_text (rowid, text) SELECT message_no, text FROM messages WHERE message_no BETWEEN ? AND ?",
    )
    .bind(first_no)
    .bind(last_no)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE meta SET value = ? WHERE key = 'text_upto'").bind(last_no).execute(connection).await?;
    Ok(())
}
