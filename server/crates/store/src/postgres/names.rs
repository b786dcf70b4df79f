//! Numbers for names: of cases, sources, conversations, senders and places. Within the transaction of a writer, so that looking
//! and adding are one.

use model::Place;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::{nul, write};
use crate::{Result, StoreError};

pub(super) async fn ensure_case(pool: &PgPool, name: &str) -> Result<u16> {
    let find = "SELECT case_no FROM cases WHERE name = $1";
    let there: Option<i32> = sqlx::query_scalar(find).bind(name).fetch_optional(pool).await?;
    let case_no = if let Some(case_no) = there {
        case_no
    } else {
        let mut transaction = write::begin(pool).await?;
        sqlx::query(
                "INSERT INTO cases (case_no, name) SELECT coalesce(max(case_no), 0) + 1, $1 FROM cases ON CONFLICT (name) DO NOTHING",
            )
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        let case_no: i32 = sqlx::query_scalar(find).bind(name).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        case_no
    };
    u16::try_from(case_no).map_err(|_| StoreError::TooMany("cases"))
}

pub(super) async fn ensure_source(pool: &PgPool, case_no: u16, name: &str, synthetic: bool) -> Result<u16> {
    let find = "SELECT source_no FROM sources WHERE case_no = $1 AND name = $2";
    let case_no = i32::from(case_no);
    let there: Option<i32> = sqlx::query_scalar(find).bind(case_no).bind(name).fetch_optional(pool).await?;
    let source_no = if let Some(source_no) = there {
        source_no
    } else {
        let mut transaction = write::begin(pool).await?;
        sqlx::query(
                "INSERT INTO sources (source_no, case_no, name, synthetic) SELECT coalesce(max(source_no), 0) + 1, $1, $2, $3 FROM sources
                 ON CONFLICT (case_no, name) DO NOTHING",
            )
            .bind(case_no)
            .bind(name)
            .bind(synthetic)
            .execute(&mut *transaction)
            .await?;
        let source_no: i32 = sqlx::query_scalar(find).bind(case_no).bind(name).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        source_no
    };
    u16::try_from(source_no).map_err(|_| StoreError::TooMany("sources"))
}

/// A table of names within a case.
pub(super) struct Table {
    name: &'static str,
    number: &'static str,
}

pub(super) const CONVERSATIONS: Table = Table { name: "conversations", number: "conversation_no" };
pub(super) const SENDERS: Table = Table { name: "senders", number: "sender_no" };

/// Stores names that are new and returns the numbers of all. Each name is given once.
pub(super) async fn number(
    connection: &mut PgConnection,
    table: &Table,
    case_no: u16,
    names: &[&str],
) -> Result<Vec<(String, u32)>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let Table { name: table, number } = table;
    let hashes: Vec<Vec<u8>> = names.iter().map(|name| hash(&[name])).collect();
    // Looking before adding: an INSERT that meets a conflict uses up a number, and numbers have 31 bits.
    let sql = format!(
        "WITH asked AS (SELECT h, n, at FROM unnest($2::bytea[], $3::text[]) WITH ORDINALITY AS t (h, n, at)),
              there AS (SELECT a.at, x.{number} AS number FROM asked a JOIN {table} x ON x.case_no = $1 AND x.name_hash = a.h),
              added AS (INSERT INTO {table} (case_no, name_hash, name)
                        SELECT $1, h, n FROM asked WHERE at NOT IN (SELECT at FROM there) RETURNING name_hash, {number} AS number)
         SELECT at, number FROM there UNION ALL SELECT a.at, d.number FROM added d JOIN asked a ON a.h = d.name_hash"
    );
    let rows: Vec<(i64, i32)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(i32::from(case_no))
        .bind(hashes)
        .bind(names.iter().map(|name| nul::stored(name).into_owned()).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(at, number)| Some(((*names.get(at as usize - 1)?).to_owned(), number.cast_unsigned())))
        .collect())
}

/// What a row of an index holds instead of texts of any length.
pub(super) fn hash(parts: &[&str]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().as_bytes()[..16].to_vec()
}

/// Stores places that are new and returns the numbers of all.
pub(super) async fn number_places(connection: &mut PgConnection, places: &[&Place]) -> Result<Vec<(String, u32)>> {
    let mut found = Vec::with_capacity(places.len());
    for place in places {
        let id = nul::stored(&place.id);
        let there: Option<i32> = sqlx::query_scalar("SELECT place_no FROM places WHERE id = $1")
            .bind(&id)
            .fetch_optional(&mut *connection)
            .await?;
        let number: i32 = if let Some(number) = there {
            number
        } else {
            let text = |text: &Option<String>| text.as_deref().map(|text| nul::stored(text).into_owned());
            sqlx::query_scalar(
                    "INSERT INTO places (id, name, kind, lon, lat, radius_m, municipality, province, police_unit, country, population)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING place_no",
                )
                .bind(&id)
                .bind(nul::stored(&place.name))
                .bind(place.kind.as_str())
                .bind(place.lon)
                .bind(place.lat)
                .bind(place.radius_m.cast_signed())
                .bind(text(&place.municipality))
                .bind(text(&place.province))
                .bind(text(&place.police_unit))
                .bind(text(&place.country))
                .bind(place.population.map(i64::from))
                .fetch_one(&mut *connection)
                .await?
        };
        found.push((place.id.clone(), number.cast_unsigned()));
    }
    Ok(found)
}
