//! From when to when each conversation has messages.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use crate::{ConversationSpan, Result};

/// Rows of one INSERT.
const ROWS: usize = 500;

/// Adds what was stored of these conversations to what is known of them.
pub(super) async fn add(connection: &mut SqliteConnection, spans: &[ConversationSpan]) -> Result<()> {
    for chunk in spans.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO conversation_spans (conversation_no, first_ms, last_ms, messages, upto) ",
        );
        query.push_values(chunk, |mut row, span| {
            row.push_bind(span.conversation_no)
                .push_bind(span.first_ms)
                .push_bind(span.last_ms)
                .push_bind(span.messages.cast_signed())
                .push_bind(span.upto.cast_signed());
        });
        query.push(
            " ON CONFLICT (conversation_no) DO UPDATE SET first_ms = min(first_ms, excluded.first_ms),
             last_ms = max(last_ms, excluded.last_ms), messages = messages + excluded.messages, upto = excluded.upto",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(super) async fn changed(pool: &SqlitePool, after: u64) -> Result<Vec<ConversationSpan>> {
    let rows: Vec<(u32, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT conversation_no, first_ms, last_ms, messages, upto FROM conversation_spans WHERE upto > ?",
    )
    .bind(after.cast_signed())
    .fetch_all(pool)
    .await?;
    let span = |(conversation_no, first_ms, last_ms, messages, upto): (u32, i64, i64, i64, i64)| ConversationSpan {
        conversation_no,
        first_ms,
        last_ms,
        messages: messages.unsigned_abs(),
        upto: upto.unsigned_abs(),
    };
    Ok(rows.into_iter().map(span).collect())
}
