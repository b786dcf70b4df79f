//! The full text, and what is found in it.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use crate::words::{Term, terms, words_of};
use crate::{Result, StoreError};

/// Rows of one INSERT.
const ROWS: usize = 500;
/// Hits asked for at first; each time twice as many, so that a search that nobody waits for any more ends soon.
const FIRST_HITS: usize = 50_000;

/// Adds messages, given by ascending number: their words, as every backend cuts them.
pub(super) async fn add<'t>(
    connection: &mut SqliteConnection,
    texts: impl Iterator<Item = (i64, &'t str)>,
) -> Result<()> {
    let words: Vec<(i64, String)> =
        texts.map(|(message_no, text)| (message_no, words_of(text))).filter(|(_, words)| !words.is_empty()).collect();
    for chunk in words.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO message_words (rowid, words) ");
        query.push_values(chunk, |mut row, (message_no, words)| {
            row.push_bind(*message_no).push_bind(words.as_str());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Numbers of the messages that hold what was typed, ascending, at most `limit`.
///
/// A row a hit costs more than finding it, so a step brings its hits as one row. Between steps a search whose future was dropped
/// ends.
pub(super) async fn search(pool: &SqlitePool, typed: &str, limit: usize) -> Result<Vec<u64>> {
    let terms = terms(typed);
    let mut hits: Vec<u64> = Vec::new();
    let mut step = FIRST_HITS;
    while !terms.is_empty() && hits.len() < limit {
        step = step.min(limit - hits.len());
        let after = hits.last().copied().unwrap_or_default();
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(rowid) FROM
             (SELECT rowid FROM message_words WHERE message_words MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?)",
        )
        .bind(expression(&terms))
        .bind(after.cast_signed())
        .bind(step as i64)
        .fetch_one(pool)
        .await?;
        let before = hits.len();
        for number in found.iter().flat_map(|found| found.split(',')) {
            let corrupt = |_| StoreError::Corrupt { table: "message_words", column: "rowid", row: 0 };
            hits.push(number.parse().map_err(corrupt)?);
        }
        if hits.len() - before < step {
            break;
        }
        step *= 2;
    }
    Ok(hits)
}

/// All terms, in quotes: words have no character that could end them.
fn expression(terms: &[Term]) -> String {
    let quoted = terms.iter().map(|term| format!("\"{}\"{}", term.words, if term.is_prefix { " *" } else { "" }));
    quoted.collect::<Vec<_>>().join(" ")
}
