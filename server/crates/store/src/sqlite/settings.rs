//! Settings of the team: a value by key, or none.

use sqlx::SqlitePool;

use crate::Result;

pub(super) async fn get(pool: &SqlitePool, key: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("SELECT value FROM settings WHERE key = ?").bind(key).fetch_optional(pool).await?)
}

pub(super) async fn set(pool: &SqlitePool, key: &str, value: Option<&str>) -> Result<()> {
    let query = match value {
        Some(value) => sqlx::query("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)").bind(key).bind(value),
        None => sqlx::query("DELETE FROM settings WHERE key = ?").bind(key),
    };
    query.execute(pool).await?;
    Ok(())
}
