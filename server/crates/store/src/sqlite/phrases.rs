//! Phrases: what the geoparser could not tell apart gets one number, so that like mentions are found by it.

use std::collections::HashMap;

use model::{Likeness, Mention};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};

use crate::known::{Known, PlaceNumbers};
use crate::phrase_memory::{self, Phrases};
use crate::{PhraseRow, Result};

/// Rows of one statement: three or four bound values each.
const ROWS: usize = 500;

/// Finds or gives the numbers of the phrases of these mentions, whose places are numbered already.
pub(super) async fn intern(
    connection: &mut SqliteConnection,
    known: &Known,
    mentions: impl Iterator<Item = &Mention>,
    places: &PlaceNumbers<'_>,
) -> Result<Phrases> {
    let asked = phrase_memory::recall(known, mentions, places);
    let mut found = HashMap::with_capacity(asked.likenesses.len());
    for chunk in asked.likenesses.chunks(ROWS) {
        found.extend(number(connection, chunk).await?);
    }
    Ok(asked.answered(&found))
}

/// Stores phrases that are new and returns the numbers of all.
async fn number(connection: &mut SqliteConnection, chunk: &[(Likeness, u32)]) -> Result<Vec<(Likeness, u32)>> {
    let mut insert = QueryBuilder::<Sqlite>::new("INSERT OR IGNORE INTO phrases (words, signs, place_no) ");
    insert.push_values(chunk, |mut row, (like, place_no)| {
        row.push_bind(like.words.as_str()).push_bind(like.signs.as_str()).push_bind(*place_no);
    });
    insert.build().execute(&mut *connection).await?;
    let mut select = QueryBuilder::<Sqlite>::new(
        "SELECT phrase_no, words, signs, place_no FROM phrases WHERE (words, signs, place_no) IN (",
    );
    select.push_values(chunk, |mut row, (like, place_no)| {
        row.push_bind(like.words.as_str()).push_bind(like.signs.as_str()).push_bind(*place_no);
    });
    select.push(")");
    let rows = select.build().fetch_all(&mut *connection).await?;
    let mut found: HashMap<(&str, &str, u32), u32> = HashMap::with_capacity(rows.len());
    for row in &rows {
        found.insert((row.try_get(1)?, row.try_get(2)?, row.try_get(3)?), row.try_get(0)?);
    }
    let number_of =
        |like: &Likeness, place_no| found.get(&(like.words.as_str(), like.signs.as_str(), place_no)).copied();
    Ok(chunk.iter().filter_map(|(like, place_no)| Some((like.clone(), number_of(like, *place_no)?))).collect())
}

pub(super) async fn of_words(pool: &SqlitePool, words: &[&str]) -> Result<Vec<PhraseRow>> {
    let mut found = Vec::new();
    for chunk in words.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT h.phrase_no, h.words, h.signs, h.place_no, p.id FROM phrases h JOIN places p USING (place_no) WHERE h.words IN (",
        );
        let mut list = query.separated(", ");
        for word in chunk {
            list.push_bind(*word);
        }
        query.push(")");
        for row in query.build().fetch_all(pool).await? {
            found.push(PhraseRow {
                phrase_no: row.try_get(0)?,
                words: row.try_get(1)?,
                signs: row.try_get(2)?,
                place_no: row.try_get(3)?,
                place: row.try_get(4)?,
            });
        }
    }
    Ok(found)
}
