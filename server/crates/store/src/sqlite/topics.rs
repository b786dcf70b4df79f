//! Numbers of topics.

use sqlx::{Executor, Sqlite, SqliteConnection};

use crate::topics::unknown;
use crate::{Result, TopicRow};

pub(super) async fn all(executor: impl Executor<'_, Database = Sqlite>) -> Result<Vec<TopicRow>> {
    let rows: Vec<(u8, String)> =
        sqlx::query_as("SELECT topic_no, id FROM topics ORDER BY topic_no").fetch_all(executor).await?;
    Ok(rows.into_iter().map(|(topic_no, id)| TopicRow { topic_no, id }).collect())
}

/// All topics, with those asked for.
pub(super) async fn number<'a>(
    connection: &mut SqliteConnection,
    asked: impl Iterator<Item = &'a String>,
) -> Result<Vec<TopicRow>> {
    let mut rows = all(&mut *connection).await?;
    for row in unknown(&rows, asked)? {
        sqlx::query("INSERT INTO topics (topic_no, id) VALUES (?, ?)")
            .bind(row.topic_no)
            .bind(&row.id)
            .execute(&mut *connection)
            .await?;
        rows.push(row);
    }
    Ok(rows)
}
