//! Decisions: made and undone by a row; what they speak for follows from the phrases (see `model::Decisions`).

use std::collections::HashMap;

use model::{Decision, TimeMs};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use super::import::{bump_data_version, number_places};
use super::read::{PLACE_COLUMNS, place};
use crate::known::Known;
use crate::{NewDecision, Result, StoreError};

pub(super) async fn all(pool: &SqlitePool) -> Result<Vec<Decision>> {
    let mut connection = pool.acquire().await?;
    select(&mut connection, None).await
}

/// Makes a decision; the same one again, still in force and not overruled since, is given back as it is.
pub(super) async fn decide(pool: &SqlitePool, known: &Known, new: NewDecision) -> Result<(Decision, bool)> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    if let Some(same) = new.already_made(select(connection, Some(&new.words)).await?) {
        return Ok((same, false));
    }
    let mut places = known.recall_places(new.place.iter());
    let numbered = number_places(connection, &places.unknown).await?;
    places.learn(numbered);
    let decision_no: i64 = sqlx::query_scalar(
        "INSERT INTO decisions (action, words, case_no, place_no, made_by, made_ms, note) VALUES (?, ?, ?, ?, ?, ?, ?)
         RETURNING decision_no",
    )
    .bind(new.action.as_str())
    .bind(&new.words)
    .bind(new.case_no)
    .bind(new.place.as_ref().and_then(|place| places.get(&place.id)))
    .bind(&new.made_by)
    .bind(new.made_at_ms)
    .bind(&new.note)
    .fetch_one(&mut *connection)
    .await?;
    if let Some((signs, place)) = &new.reading {
        sqlx::query("INSERT INTO decision_readings (decision_no, signs, place) VALUES (?, ?, ?)")
            .bind(decision_no)
            .bind(signs)
            .bind(place)
            .execute(&mut *connection)
            .await?;
    }
    bump_data_version(connection).await?;
    transaction.commit().await?;
    known.remember_places(places);
    Ok((new.made(decision_no.unsigned_abs()), true))
}

/// Undoes a decision, once; `None` when there is none of this number.
pub(super) async fn undo(pool: &SqlitePool, number: u64, now_ms: TimeMs) -> Result<Option<Decision>> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let undone = sqlx::query("UPDATE decisions SET undone_ms = ? WHERE decision_no = ? AND undone_ms IS NULL")
        .bind(now_ms)
        .bind(number.cast_signed())
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if undone > 0 {
        bump_data_version(connection).await?;
    }
    let found = select(connection, None).await?.into_iter().find(|decision| decision.number == number);
    transaction.commit().await?;
    Ok(found)
}

/// Newest first, undone ones too; those about some words, or all.
async fn select(connection: &mut SqliteConnection, words: Option<&str>) -> Result<Vec<Decision>> {
    let mut readings: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    let rows = sqlx::query(
        "SELECT r.decision_no, r.signs, r.place FROM decision_readings r JOIN decisions d USING (decision_no)
         WHERE ?1 IS NULL OR d.words = ?1 ORDER BY r.reading_no",
    )
    .bind(words)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        readings.entry(row.try_get(0)?).or_default().push((row.try_get(1)?, row.try_get(2)?));
    }
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {PLACE_COLUMNS}, d.place_no, d.decision_no, d.action, d.words, d.case_no, d.made_by, d.made_ms, d.note, d.undone_ms
         FROM decisions d LEFT JOIN places p USING (place_no) WHERE ?1 IS NULL OR d.words = ?1 ORDER BY d.decision_no DESC",
    )))
    .bind(words)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| decision(row, &mut readings)).collect()
}

fn decision(row: &SqliteRow, readings: &mut HashMap<i64, Vec<(String, String)>>) -> Result<Decision> {
    let place_no: Option<i64> = row.try_get(11)?;
    let decision_no: i64 = row.try_get(12)?;
    let action: String = row.try_get(13)?;
    Ok(Decision {
        number: decision_no.unsigned_abs(),
        action: action.parse().map_err(|_| StoreError::Corrupt {
            table: "decisions",
            column: "action",
            row: decision_no,
        })?,
        words: row.try_get(14)?,
        readings: readings.remove(&decision_no).unwrap_or_default(),
        case_no: row.try_get(15)?,
        place: place_no.map(|place_no| place(row, 0, place_no)).transpose()?,
        made_by: row.try_get(16)?,
        made_at_ms: row.try_get(17)?,
        note: row.try_get(18)?,
        undone_at_ms: row.try_get(19)?,
    })
}
