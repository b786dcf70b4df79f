//! People, their one-time sign-in tokens and their sessions. Only hashes of secrets are stored.

use model::TimeMs;
use sqlx::PgPool;

use crate::{Result, User};

pub(super) async fn count(pool: &PgPool) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(pool).await?;
    Ok(count.unsigned_abs())
}

pub(super) async fn ensure(pool: &PgPool, name: &str) -> Result<User> {
    sqlx::query("INSERT INTO users (name) VALUES ($1) ON CONFLICT DO NOTHING").bind(name).execute(pool).await?;
    let user_no = sqlx::query_scalar("SELECT user_no FROM users WHERE name = $1").bind(name).fetch_one(pool).await?;
    Ok(User { user_no, name: name.to_owned() })
}

pub(super) async fn create_token(pool: &PgPool, hash: &[u8; 32], user_no: i64, expires_ms: TimeMs) -> Result<()> {
    sqlx::query("INSERT INTO sign_in_tokens (hash, user_no, expires_ms) VALUES ($1, $2, $3)")
        .bind(hash.as_slice())
        .bind(user_no)
        .bind(expires_ms)
        .execute(pool)
        .await?;
    Ok(())
}

/// One statement takes the token away and says whose it was, so two at once cannot both have it.
pub(super) async fn redeem_token(pool: &PgPool, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>> {
    let taken: Option<(i64, i64)> =
        sqlx::query_as("DELETE FROM sign_in_tokens WHERE hash = $1 RETURNING user_no, expires_ms")
            .bind(hash.as_slice())
            .fetch_optional(pool)
            .await?;
    let Some((user_no, _)) = taken.filter(|(_, expires_ms)| *expires_ms > now_ms) else { return Ok(None) };
    let name = sqlx::query_scalar("SELECT name FROM users WHERE user_no = $1").bind(user_no).fetch_one(pool).await?;
    Ok(Some(User { user_no, name }))
}

pub(super) async fn create_session(
    pool: &PgPool,
    hash: &[u8; 32],
    user_no: i64,
    now_ms: TimeMs,
    expires_ms: TimeMs,
) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires_ms <= $1").bind(now_ms).execute(pool).await?;
    sqlx::query("INSERT INTO sessions (hash, user_no, created_ms, expires_ms) VALUES ($1, $2, $3, $4)")
        .bind(hash.as_slice())
        .bind(user_no)
        .bind(now_ms)
        .bind(expires_ms)
        .execute(pool)
        .await?;
    Ok(())
}

pub(super) async fn session(pool: &PgPool, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>> {
    let found: Option<(i64, String)> = sqlx::query_as(
        "SELECT user_no, name FROM sessions JOIN users USING (user_no) WHERE hash = $1 AND expires_ms > $2",
    )
    .bind(hash.as_slice())
    .bind(now_ms)
    .fetch_optional(pool)
    .await?;
    Ok(found.map(|(user_no, name)| User { user_no, name }))
}

pub(super) async fn delete_session(pool: &PgPool, hash: &[u8; 32]) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(hash.as_slice()).execute(pool).await?;
    Ok(())
}
