//! Writing, one at a time: whoever changes data holds a row until it commits. So numbers become visible in their order, and who
//! reads on from the last number it saw misses nothing; nor can two give one name two numbers.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::Result;

/// A transaction that no other writer is beside.
pub(super) async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT value FROM meta WHERE key = 'data_version' FOR UPDATE").execute(&mut *transaction).await?;
    Ok(transaction)
}

/// Says that data changed; gives the new version.
pub(super) async fn bump_data_version(connection: &mut PgConnection) -> Result<u64> {
    let version: i64 =
        sqlx::query_scalar("UPDATE meta SET value = value + 1 WHERE key = 'data_version' RETURNING value")
            .fetch_one(connection)
            .await?;
    Ok(version.unsigned_abs())
}

/// So many numbers in a row; gives the first.
pub(super) async fn take_numbers(connection: &mut PgConnection, counter: &str, how_many: usize) -> Result<i64> {
    let last: i64 = sqlx::query_scalar("UPDATE meta SET value = value + $1 WHERE key = $2 RETURNING value")
        .bind(how_many as i64)
        .bind(counter)
        .fetch_one(connection)
        .await?;
    Ok(last - how_many as i64 + 1)
}
