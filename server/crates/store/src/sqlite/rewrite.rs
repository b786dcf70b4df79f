//! Re-geoparsing: a batch of mentions replaced by what the geoparser reads today, in one transaction.

use model::Mention;
use sqlx::{Row, SqliteConnection, SqlitePool};

use super::import::{bump_data_version, insert_mention_rows, number_places};
use super::{phrases, topics};
use crate::columns;
use crate::known::Known;
use crate::topics::bits;
use crate::{MentionChange, Result};

/// The batches that hold messages of the case, or all: first message and the one after the last.
pub(super) async fn batches(pool: &SqlitePool, case_no: Option<u16>) -> Result<Vec<(u64, u64)>> {
    let rows = sqlx::query(
        "SELECT first, past FROM (
             SELECT first_message_no AS first,
                    lead(first_message_no, 1, (SELECT coalesce(max(message_no), 0) + 1 FROM messages)) OVER (ORDER BY first_message_no) AS past
             FROM batches)
         WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM messages m WHERE m.message_no >= first AND m.message_no < past AND m.case_no = ?1)
         ORDER BY first",
    )
    .bind(case_no)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get::<i64, _>(0)?.unsigned_abs(), row.try_get::<i64, _>(1)?.unsigned_abs())))
        .collect()
}

pub(super) async fn rewrite(pool: &SqlitePool, known: &Known, changes: Vec<MentionChange>) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let now: Vec<&Mention> = changes.iter().filter_map(MentionChange::mention).collect();
    let mut places = known.recall_places(now.iter().map(|mention| &mention.place));
    let numbered = number_places(connection, &places.unknown).await?;
    places.learn(numbered);
    let phrases = phrases::intern(connection, known, now.iter().copied(), &places).await?;
    let topics = topics::number(connection, changes.iter().flat_map(MentionChange::topics)).await?;
    let mut numbers = phrases.numbers.iter();
    let mut added = Vec::new();
    for change in &changes {
        match change {
            MentionChange::Removed { mention_no } => {
                sqlx::query("DELETE FROM mentions WHERE mention_no = ?")
                    .bind(mention_no.cast_signed())
                    .execute(&mut *connection)
                    .await?;
            }
            MentionChange::Added { message_no, mention } => {
                let phrase_no = numbers.next().copied().unwrap_or_default();
                // Unless another run has added it meanwhile.
                let hash: Option<i64> = sqlx::query_scalar(
                    "SELECT msg_hash FROM messages m WHERE message_no = ?1 AND NOT EXISTS
                     (SELECT 1 FROM mentions n WHERE n.message_no = ?1 AND n.span_start = ?2 AND n.span_end = ?3)",
                )
                .bind(message_no.cast_signed())
                .bind(mention.start)
                .bind(mention.end)
                .fetch_optional(&mut *connection)
                .await?;
                added.extend(hash.map(|hash| (message_no.cast_signed(), hash, mention, phrase_no)));
            }
            MentionChange::Replaced { mention_no, mention, .. } => {
                let phrase_no = numbers.next().copied().unwrap_or_default();
                let place_no = places.get(&mention.place.id);
                replace(connection, *mention_no, mention, place_no, phrase_no).await?;
                widen_decisions(connection, change).await?;
            }
            MentionChange::Topics { message_no, topics: about } => {
                sqlx::query("UPDATE messages SET topics = ? WHERE message_no = ?")
                    .bind(bits(&topics, about))
                    .bind(message_no.cast_signed())
                    .execute(&mut *connection)
                    .await?;
            }
        }
    }
    insert_mention_rows(connection, &added, &places).await?;
    sqlx::query("UPDATE meta SET value = value + 1 WHERE key = 'rewritten'").execute(&mut *connection).await?;
    bump_data_version(connection).await?;
    transaction.commit().await?;
    known.remember_places(places);
    known.remember_phrases(phrases);
    Ok(())
}

async fn replace(
    connection: &mut SqliteConnection,
    mention_no: u64,
    mention: &Mention,
    place_no: Option<u32>,
    phrase_no: u32,
) -> Result<()> {
    sqlx::query(
        "UPDATE mentions SET place_no = ?, kind = ?, confidence = ?, accepted = ?, reasons = ?, alternatives = ?, phrase_no = ?,
         uncertain = ? WHERE mention_no = ?",
    )
    .bind(place_no)
    .bind(mention.kind.as_str())
    .bind(mention.confidence)
    .bind(mention.accepted)
    .bind(columns::of_reasons(mention))
    .bind(columns::of_alternatives(mention))
    .bind(phrase_no)
    .bind(model::is_uncertain(mention))
    .bind(mention_no.cast_signed())
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// A decision made about what was read before speaks for what is read instead, too: nobody decides the same twice.
async fn widen_decisions(connection: &mut SqliteConnection, change: &MentionChange) -> Result<()> {
    let MentionChange::Replaced { mention, was, case_no, .. } = change else { return Ok(()) };
    let is = model::Likeness::of(mention);
    if is == *was {
        return Ok(());
    }
    sqlx::query(
        "INSERT OR IGNORE INTO decision_readings (decision_no, signs, place)
         SELECT d.decision_no, ?, ? FROM decisions d JOIN decision_readings r USING (decision_no)
         WHERE d.words = ? AND r.signs = ? AND r.place = ? AND d.undone_ms IS NULL AND (d.case_no IS NULL OR d.case_no = ?)",
    )
    .bind(&is.signs)
    .bind(&is.place)
    .bind(&was.words)
    .bind(&was.signs)
    .bind(&was.place)
    .bind(case_no)
    .execute(&mut *connection)
    .await?;
    Ok(())
}
