//! From when to when each conversation has messages.

use sqlx::{PgConnection, PgPool, Row};

use super::read::long;
use crate::{ConversationSpan, Result};

/// Adds what was stored of these conversations to what is known of them.
pub(super) async fn add(connection: &mut PgConnection, spans: &[ConversationSpan]) -> Result<()> {
    sqlx::query(
        "INSERT INTO conversation_spans AS s (conversation_no, first_ms, last_ms, messages, upto)
         SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
         ON CONFLICT (conversation_no) DO UPDATE SET first_ms = least(s.first_ms, excluded.first_ms),
         last_ms = greatest(s.last_ms, excluded.last_ms), messages = s.messages + excluded.messages, upto = excluded.upto",
    )
    .bind(spans.iter().map(|span| span.conversation_no.cast_signed()).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.first_ms).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.last_ms).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.messages.cast_signed()).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.upto.cast_signed()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn changed(pool: &PgPool, after: u64) -> Result<Vec<ConversationSpan>> {
    let rows = sqlx::query(
        "SELECT conversation_no, first_ms, last_ms, messages, upto FROM conversation_spans WHERE upto > $1",
    )
    .bind(after.cast_signed())
    .fetch_all(pool)
    .await?;
    let span = |row: &sqlx::postgres::PgRow| {
        Ok(ConversationSpan {
            conversation_no: row.try_get::<i32, _>(0)?.cast_unsigned(),
            first_ms: row.try_get(1)?,
            last_ms: row.try_get(2)?,
            messages: long(row, 3)?,
            upto: long(row, 4)?,
        })
    };
    rows.iter().map(span).collect()
}
