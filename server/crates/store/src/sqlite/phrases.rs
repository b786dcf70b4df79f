//! Phrases: what the geoparser could not tell apart gets one number, so that like mentions are found by it.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use model::{Likeness, Mention};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};

use super::Known;
use crate::{PhraseRow, Result};

/// Rows of one statement: three or four bound values each.
const ROWS: usize = 500;

/// Readings remembered with their phrase; beyond this many, all are forgotten and asked for again.
const REMEMBERED: usize = 1 << 20;

/// Numbers of the phrases of readings met before, by a hash of the reading as it stands: most mentions repeat one, and then
/// need neither folding nor sorting nor the database.
#[derive(Default)]
pub(super) struct Memory {
    hasher: RandomState,
    numbers: HashMap<u64, u32>,
}

impl Memory {
    fn key(&self, mention: &Mention) -> u64 {
        self.hasher.hash_one((&mention.text, &mention.place.id, &mention.reasons))
    }
}

/// Numbers of the phrases of some mentions.
pub(super) struct Phrases {
    /// One for each mention, in their order.
    pub(super) numbers: Vec<u32>,
    /// Readings that were not known before.
    new: Vec<(u64, u32)>,
}

/// Finds or gives the numbers of the phrases of these mentions, whose places are numbered already.
pub(super) async fn intern(
    connection: &mut SqliteConnection,
    known: &Mutex<Known>,
    mentions: impl Iterator<Item = &Mention>,
    places: &HashMap<String, u32>,
) -> Result<Phrases> {
    let (mut numbers, mut unknown) = (Vec::new(), Vec::new());
    {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        for mention in mentions {
            let key = known.phrases.key(mention);
            let number = known.phrases.numbers.get(&key).copied();
            if number.is_none() {
                unknown.push((numbers.len(), key, mention));
            }
            numbers.push(number.unwrap_or_default());
        }
    }
    let likenesses: HashMap<Likeness, u32> = unknown
        .iter()
        .map(|(_, _, mention)| (Likeness::of(mention), places.get(&mention.place.id).copied().unwrap_or_default()))
        .collect();
    let likenesses: Vec<(Likeness, u32)> = likenesses.into_iter().collect();
    let mut found = HashMap::with_capacity(likenesses.len());
    for chunk in likenesses.chunks(ROWS) {
        found.extend(number(connection, chunk).await?);
    }
    let mut new = Vec::with_capacity(unknown.len());
    for (at, key, mention) in unknown {
        if let Some(number) = found.get(&Likeness::of(mention)) {
            numbers[at] = *number;
            new.push((key, *number));
        }
    }
    Ok(Phrases { numbers, new })
}

/// What was committed may be remembered.
pub(super) fn remember(known: &Mutex<Known>, phrases: Phrases) {
    let memory = &mut known.lock().unwrap_or_else(PoisonError::into_inner).phrases.numbers;
    if memory.len() > REMEMBERED {
        memory.clear();
    }
    memory.extend(phrases.new);
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
