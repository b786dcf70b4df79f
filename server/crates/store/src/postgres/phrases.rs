//! Phrases: what the geoparser could not tell apart gets one number, so that like mentions are found by it.

use std::collections::HashMap;

use model::{Likeness, Mention};
use sqlx::{PgConnection, PgPool};

use super::names::hash;
use super::nul;
use crate::known::{Known, PlaceNumbers};
use crate::phrase_memory::{self, Phrases};
use crate::{PhraseRow, Result};

/// Finds or gives the numbers of the phrases of these mentions, whose places are numbered already.
pub(super) async fn intern(
    connection: &mut PgConnection,
    known: &Known,
    mentions: impl Iterator<Item = &Mention>,
    places: &PlaceNumbers<'_>,
) -> Result<Phrases> {
    let asked = phrase_memory::recall(known, mentions, places);
    let found = number(connection, &asked.likenesses).await?;
    Ok(asked.answered(&found))
}

/// Stores phrases that are new and returns the numbers of all.
async fn number(connection: &mut PgConnection, phrases: &[(Likeness, u32)]) -> Result<HashMap<Likeness, u32>> {
    if phrases.is_empty() {
        return Ok(HashMap::new());
    }
    let hashes: Vec<Vec<u8>> =
        phrases.iter().map(|(like, place_no)| hash(&[&like.words, &like.signs, &place_no.to_string()])).collect();
    let rows: Vec<(i64, i32)> = sqlx::query_as(
        "WITH asked AS (SELECT h, w, s, p, at FROM unnest($1::bytea[], $2::text[], $3::text[], $4::integer[]) WITH ORDINALITY AS t (h, w, s, p, at)),
              there AS (SELECT a.at, x.phrase_no FROM asked a JOIN phrases x ON x.hash = a.h),
              added AS (INSERT INTO phrases (hash, words, signs, place_no)
                        SELECT h, w, s, p FROM asked WHERE at NOT IN (SELECT at FROM there) RETURNING hash, phrase_no)
         SELECT at, phrase_no FROM there UNION ALL SELECT a.at, d.phrase_no FROM added d JOIN asked a ON a.h = d.hash",
    )
    .bind(hashes)
    .bind(phrases.iter().map(|(like, _)| nul::stored(&like.words).into_owned()).collect::<Vec<_>>())
    .bind(phrases.iter().map(|(like, _)| nul::stored(&like.signs).into_owned()).collect::<Vec<_>>())
    .bind(phrases.iter().map(|(_, place_no)| place_no.cast_signed()).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(at, number)| Some((phrases.get(at as usize - 1)?.0.clone(), number.cast_unsigned())))
        .collect())
}

pub(super) async fn of_words(pool: &PgPool, words: &[&str]) -> Result<Vec<PhraseRow>> {
    let words: Vec<String> = words.iter().map(|words| nul::stored(words).into_owned()).collect();
    let rows: Vec<(i32, String, String, i32, String)> = sqlx::query_as(
        "SELECT h.phrase_no, h.words, h.signs, h.place_no, p.id FROM phrases h JOIN places p USING (place_no) WHERE h.words = ANY($1)",
    )
    .bind(words)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(phrase_no, words, signs, place_no, place)| PhraseRow {
            phrase_no: phrase_no.cast_unsigned(),
            words: nul::read(words),
            signs: nul::read(signs),
            place_no: place_no.cast_unsigned(),
            place: nul::read(place),
        })
        .collect())
}
