//! Numbers of topics. Given by writers, of which there is one at a time.

use sqlx::{Executor, PgConnection, Postgres};

use crate::topics::unknown;
use crate::{Result, StoreError, TopicRow};

pub(super) async fn all(executor: impl Executor<'_, Database = Postgres>) -> Result<Vec<TopicRow>> {
    let rows: Vec<(i32, String)> =
        sqlx::query_as("SELECT topic_no, id FROM topics ORDER BY topic_no").fetch_all(executor).await?;
    rows.into_iter()
        .map(|(number, id)| {
            let corrupt = |_| StoreError::Corrupt { table: "topics", column: "topic_no", row: number.into() };
            Ok(TopicRow { topic_no: u8::try_from(number).map_err(corrupt)?, id })
        })
        .collect()
}

/// All topics, with those asked for.
pub(super) async fn number<'a>(
    connection: &mut PgConnection,
    asked: impl Iterator<Item = &'a String>,
) -> Result<Vec<TopicRow>> {
    let mut rows = all(&mut *connection).await?;
    for row in unknown(&rows, asked)? {
        sqlx::query("INSERT INTO topics (topic_no, id) VALUES ($1, $2)")
            .bind(i32::from(row.topic_no))
            .bind(&row.id)
            .execute(&mut *connection)
            .await?;
        rows.push(row);
    }
    Ok(rows)
}
