//! Settings of the team: a value by key, or none.

use sqlx::PgPool;

use crate::Result;

pub(super) async fn get(pool: &PgPool, key: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("SELECT value FROM settings WHERE key = $1").bind(key).fetch_optional(pool).await?)
}

pub(super) async fn set(pool: &PgPool, key: &str, value: Option<&str>) -> Result<()> {
    let query = match value {
        Some(value) => sqlx::query(
            "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value),
        None => sqlx::query("DELETE FROM settings WHERE key = $1").bind(key),
    };
    query.execute(pool).await?;
    Ok(())
}
