//! Phrases: what the geoparser could not tell apart gets one number, so that like mentions are found by it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::{Likeness, Mention};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};

use super::Known;
use crate::{PhraseRow, Result};

/// Rows of one statement: three or four bound values each.
const ROWS: usize = 500;

/// A likeness by its hash, for the memory of numbers.
pub(super) type Key = [u8; 16];

/// Numbers of the phrases of some mentions.
pub(super) struct Phrases {
    /// One for each mention, in their order.
    pub(super) numbers: Vec<u32>,
    /// Those that were not known before.
    pub(super) new: Vec<(Key, u32)>,
}

/// Finds or gives the numbers of the phrases of these mentions, whose places are numbered already.
pub(super) async fn intern(
    connection: &mut SqliteConnection,
    known: &Mutex<Known>,
    mentions: impl Iterator<Item = &Mention>,
    places: &HashMap<String, u32>,
) -> Result<Phrases> {
    let mut unknown: HashMap<Key, (Likeness, u32)> = HashMap::new();
    let mut keys = Vec::new();
    let mut numbers: HashMap<Key, u32> = HashMap::new();
    {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        for mention in mentions {
            let likeness = Likeness::of(mention);
            let key = key(&likeness);
            keys.push(key);
            if let Some(number) = known.phrases.get(&key) {
                numbers.insert(key, *number);
            } else {
                let place_no = places.get(&likeness.place).copied().unwrap_or_default();
                unknown.entry(key).or_insert((likeness, place_no));
            }
        }
    }
    let unknown: Vec<(Key, Likeness, u32)> =
        unknown.into_iter().map(|(key, (like, place))| (key, like, place)).collect();
    let mut new = Vec::with_capacity(unknown.len());
    for chunk in unknown.chunks(ROWS) {
        new.extend(number(connection, chunk).await?);
    }
    numbers.extend(new.iter().copied());
    Ok(Phrases { numbers: keys.iter().map(|key| numbers.get(key).copied().unwrap_or_default()).collect(), new })
}

fn key(likeness: &Likeness) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in [&likeness.words, &likeness.signs, &likeness.place] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}

/// Stores phrases that are new and returns the numbers of all.
async fn number(connection: &mut SqliteConnection, chunk: &[(Key, Likeness, u32)]) -> Result<Vec<(Key, u32)>> {
    let mut insert = QueryBuilder::<Sqlite>::new("INSERT OR IGNORE INTO phrases (words, signs, place_no) ");
    insert.push_values(chunk, |mut row, (_, like, place_no)| {
        row.push_bind(like.words.as_str()).push_bind(like.signs.as_str()).push_bind(*place_no);
    });
    insert.build().execute(&mut *connection).await?;
    let mut select = QueryBuilder::<Sqlite>::new(
        "SELECT phrase_no, words, signs, place_no FROM phrases WHERE (words, signs, place_no) IN (",
    );
    select.push_values(chunk, |mut row, (_, like, place_no)| {
        row.push_bind(like.words.as_str()).push_bind(like.signs.as_str()).push_bind(*place_no);
    });
    select.push(")");
    let rows = select.build().fetch_all(&mut *connection).await?;
    let mut found: HashMap<(&str, &str, u32), u32> = HashMap::with_capacity(rows.len());
    for row in &rows {
        found.insert((row.try_get(1)?, row.try_get(2)?, row.try_get(3)?), row.try_get(0)?);
    }
    Ok(chunk
        .iter()
        .filter_map(|(key, like, place_no)| {
            Some((*key, *found.get(&(like.words.as_str(), like.signs.as_str(), *place_no))?))
        })
        .collect())
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
