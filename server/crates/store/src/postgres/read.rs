//! Reading: what the index is built from, and the messages behind a count.

use std::collections::HashMap;

use model::{Mention, Place};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgPool, Row};

use super::{nul, topics};
use crate::columns;
use crate::topics::ids;
use crate::{
    CaseRow, Coverage, IndexRow, RejectedQuery, RejectedRow, Result, SharedRow, SourceRow, StoreError, StoredMention,
    StoredMessage, Totals,
};

pub(super) const PLACE_COLUMNS: &str = "p.id, p.name, p.kind, p.lon, p.lat, p.radius_m, p.municipality, p.province, p.police_unit, p.country, p.population";

/// A number below 65,536, as cases and sources have.
pub(super) fn small(row: &PgRow, column: usize) -> Result<u16> {
    let number: i32 = row.try_get(column)?;
    u16::try_from(number).map_err(|_| StoreError::Corrupt {
        table: "cases or sources",
        column: "number",
        row: number.into(),
    })
}

/// A number of ours.
fn number(row: &PgRow, column: usize) -> Result<u32> {
    Ok(row.try_get::<i32, _>(column)?.cast_unsigned())
}

/// A count, a position, or a number of a message or a mention.
pub(super) fn long(row: &PgRow, column: usize) -> Result<u64> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}

/// A text that may hold what was in a file.
fn text(row: &PgRow, column: usize) -> Result<String> {
    Ok(nul::read(row.try_get(column)?))
}

pub(super) async fn places(pool: &PgPool, after: Option<u32>) -> Result<Vec<(u32, Place)>> {
    let sql = format!("SELECT {PLACE_COLUMNS}, p.place_no FROM places p WHERE p.place_no > $1 ORDER BY p.place_no");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(after.map_or(-1, u32::cast_signed)).fetch_all(pool).await?;
    rows.iter().map(|row| Ok((number(row, 11)?, place(row, 0, row.try_get(11)?)?))).collect()
}

/// The place whose columns begin at `at`.
pub(super) fn place(row: &PgRow, at: usize, place_no: i32) -> Result<Place> {
    let kind: String = row.try_get(at + 2)?;
    let corrupt = |column| StoreError::Corrupt { table: "places", column, row: place_no.into() };
    let optional = |column| -> Result<Option<String>> { Ok(row.try_get::<Option<String>, _>(column)?.map(nul::read)) };
    let population: Option<i64> = row.try_get(at + 10)?;
    Ok(Place {
        id: text(row, at)?,
        name: text(row, at + 1)?,
        kind: kind.parse().map_err(|_| corrupt("kind"))?,
        lon: row.try_get(at + 3)?,
        lat: row.try_get(at + 4)?,
        radius_m: number(row, at + 5)?,
        municipality: optional(at + 6)?,
        province: optional(at + 7)?,
        police_unit: optional(at + 8)?,
        country: optional(at + 9)?,
        population: population.map(u32::try_from).transpose().map_err(|_| corrupt("population"))?,
    })
}

pub(super) async fn index_rows(pool: &PgPool, after: u64, limit: u32) -> Result<Vec<IndexRow>> {
    let rows = sqlx::query(
        "SELECT mention_no, place_no, sent_at_ms, message_no, conversation_no, sender_no, case_no, source_no, confidence, phrase_no,
         uncertain, topics FROM mentions WHERE mention_no > $1 ORDER BY mention_no LIMIT $2",
    )
    .bind(after.cast_signed())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(IndexRow {
                mention_no: long(row, 0)?,
                place_no: number(row, 1)?,
                sent_at_ms: row.try_get(2)?,
                message_no: long(row, 3)?,
                conversation_no: number(row, 4)?,
                sender_no: number(row, 5)?,
                case_no: small(row, 6)?,
                source_no: small(row, 7)?,
                confidence: row.try_get(8)?,
                phrase_no: number(row, 9)?,
                uncertain: row.try_get(10)?,
                topics: number(row, 11)?,
            })
        })
        .collect()
}

pub(super) async fn mention_sums(pool: &PgPool, upto: u64) -> Result<(u64, u64)> {
    // Two halves, since a sum beyond 2^63 would be an error.
    let (count, high, low): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(message_no >> 16), 0)::bigint, coalesce(sum(message_no & 65535), 0)::bigint
         FROM mentions WHERE mention_no <= $1",
    )
    .bind(upto.cast_signed())
    .fetch_one(pool)
    .await?;
    let sum = high.cast_unsigned().wrapping_shl(16).wrapping_add(low.cast_unsigned());
    Ok((count.unsigned_abs(), sum))
}

pub(super) async fn coverage(pool: &PgPool) -> Result<Vec<Coverage>> {
    let rows = sqlx::query("SELECT case_no, source_no, day, messages, shared FROM coverage").fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            Ok(Coverage {
                case_no: small(row, 0)?,
                source_no: small(row, 1)?,
                day: row.try_get(2)?,
                messages: long(row, 3)?,
                shared: long(row, 4)?,
            })
        })
        .collect()
}

pub(super) async fn shared_messages(pool: &PgPool, after: u64, limit: u32) -> Result<Vec<SharedRow>> {
    let rows = sqlx::query(
        "SELECT shared_no, message_no, source_no FROM shared_messages WHERE shared_no > $1 ORDER BY shared_no LIMIT $2",
    )
    .bind(after.cast_signed())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| Ok(SharedRow { shared_no: long(row, 0)?, message_no: long(row, 1)?, source_no: small(row, 2)? }))
        .collect()
}

pub(super) async fn messages(pool: &PgPool, message_nos: &[u64]) -> Result<Vec<StoredMessage>> {
    if message_nos.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<i64> = message_nos.iter().map(|number| number.cast_signed()).collect();
    let rows = sqlx::query(
        "SELECT m.message_no, m.sent_at_ms, c.name, s.name, o.name, k.name, m.text, m.case_no, m.topics FROM messages m
         JOIN conversations c USING (conversation_no) JOIN senders s USING (sender_no) JOIN sources o USING (source_no)
         JOIN cases k ON k.case_no = m.case_no WHERE m.message_no = ANY($1)",
    )
    .bind(&numbers)
    .fetch_all(pool)
    .await?;
    let topics = topics::all(pool).await?;
    let mut found: HashMap<u64, StoredMessage> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let message_no = long(row, 0)?;
        let source: String = row.try_get(4)?;
        let message = StoredMessage {
            message_no,
            sent_at_ms: row.try_get(1)?,
            conversation: text(row, 2)?,
            sender: text(row, 3)?,
            sources: vec![source.clone()],
            source,
            case: row.try_get(5)?,
            text: text(row, 6)?,
            case_no: small(row, 7)?,
            mentions: Vec::new(),
            topics: ids(&topics, number(row, 8)?),
        };
        found.insert(message_no, message);
    }
    attach_other_sources(pool, &numbers, &mut found).await?;
    attach_mentions(pool, &numbers, &mut found).await?;
    Ok(message_nos.iter().filter_map(|no| found.remove(no)).collect())
}

async fn attach_other_sources(pool: &PgPool, numbers: &[i64], found: &mut HashMap<u64, StoredMessage>) -> Result<()> {
    let rows = sqlx::query(
        "SELECT h.message_no, o.name FROM shared_messages h JOIN sources o USING (source_no) WHERE h.message_no = ANY($1)
         ORDER BY h.shared_no",
    )
    .bind(numbers)
    .fetch_all(pool)
    .await?;
    for row in &rows {
        if let Some(message) = found.get_mut(&long(row, 0)?) {
            message.sources.push(row.try_get(1)?);
        }
    }
    Ok(())
}

async fn attach_mentions(pool: &PgPool, numbers: &[i64], found: &mut HashMap<u64, StoredMessage>) -> Result<()> {
    let sql = format!(
        "SELECT {PLACE_COLUMNS}, n.mention_no, n.message_no, n.span_start, n.span_end, n.kind, n.confidence, n.accepted, n.reasons,
         n.alternatives, p.place_no, n.phrase_no, n.uncertain
         FROM mentions n JOIN places p USING (place_no) WHERE n.message_no = ANY($1) ORDER BY n.message_no, n.span_start, n.mention_no",
    );
    for row in sqlx::query(AssertSqlSafe(sql)).bind(numbers).fetch_all(pool).await? {
        let mention_no: i64 = row.try_get(11)?;
        let corrupt = |column| StoreError::Corrupt { table: "mentions", column, row: mention_no };
        let Some(message) = found.get_mut(&long(&row, 12)?) else { continue };
        let (start, end) = (number(&row, 13)?, number(&row, 14)?);
        let words = message.text.get(start as usize..end as usize).ok_or_else(|| corrupt("span_start"))?.to_owned();
        let kind: String = row.try_get(15)?;
        let mention = Mention {
            start,
            end,
            text: words,
            kind: kind.parse().map_err(|_| corrupt("kind"))?,
            confidence: row.try_get(16)?,
            accepted: row.try_get(17)?,
            place: place(&row, 0, row.try_get(20)?)?,
            alternatives: columns::alternatives(&text(&row, 19)?, mention_no)?,
            reasons: columns::reasons(&text(&row, 18)?),
        };
        message.mentions.push(StoredMention {
            mention_no: mention_no.cast_unsigned(),
            phrase_no: number(&row, 21)?,
            uncertain: row.try_get(22)?,
            mention,
        });
    }
    Ok(())
}

pub(super) async fn cases(pool: &PgPool) -> Result<Vec<CaseRow>> {
    let rows = sqlx::query("SELECT case_no, name FROM cases ORDER BY name").fetch_all(pool).await?;
    rows.iter().map(|row| Ok(CaseRow { case_no: small(row, 0)?, name: row.try_get(1)? })).collect()
}

pub(super) async fn sources(pool: &PgPool) -> Result<Vec<SourceRow>> {
    let rows = sqlx::query(
        "SELECT o.source_no, o.name, o.case_no, k.name, o.synthetic, o.messages, o.rejected, o.first_ms, o.last_ms, o.shared
         FROM sources o JOIN cases k USING (case_no) ORDER BY k.name, o.name",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(SourceRow {
                source_no: small(row, 0)?,
                name: row.try_get(1)?,
                case_no: small(row, 2)?,
                case: row.try_get(3)?,
                synthetic: row.try_get(4)?,
                messages: long(row, 5)?,
                shared: long(row, 9)?,
                rejected: long(row, 6)?,
                first_ms: row.try_get(7)?,
                last_ms: row.try_get(8)?,
            })
        })
        .collect()
}

pub(super) async fn source_files(pool: &PgPool) -> Result<Vec<(u16, String)>> {
    let rows = sqlx::query(
        "SELECT source_no, file_name FROM jobs GROUP BY source_no, file_name ORDER BY source_no, min(job_no)",
    )
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok((small(row, 0)?, text(row, 1)?))).collect()
}

pub(super) async fn totals(pool: &PgPool) -> Result<Totals> {
    let row = sqlx::query("SELECT coalesce(sum(messages), 0)::bigint, min(first_ms), max(last_ms) FROM sources")
        .fetch_one(pool)
        .await?;
    Ok(Totals { messages: long(&row, 0)?, first_ms: row.try_get(1)?, last_ms: row.try_get(2)? })
}

pub(super) async fn rejected(pool: &PgPool, which: RejectedQuery) -> Result<Vec<RejectedRow>> {
    let rows = sqlx::query(
        "SELECT r.rejected_no, r.job_no, o.case_no, o.name, j.file_name, r.line, r.byte_offset, r.code, r.reason,
         CASE WHEN $1 THEN r.raw ELSE '' END
         FROM rejected r JOIN jobs j USING (job_no) JOIN sources o USING (source_no)
         WHERE ($2::bigint IS NULL OR r.job_no = $2) AND ($3::integer IS NULL OR o.source_no = $3)
           AND ($4::bigint IS NULL OR r.rejected_no < $4)
         ORDER BY r.rejected_no DESC LIMIT $5",
    )
    .bind(which.with_raw)
    .bind(which.job_no)
    .bind(which.source_no.map(i32::from))
    .bind(which.before)
    .bind(i64::from(which.limit))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(RejectedRow {
                rejected_no: row.try_get(0)?,
                job_no: row.try_get(1)?,
                case_no: small(row, 2)?,
                source: row.try_get(3)?,
                file_name: text(row, 4)?,
                line: long(row, 5)?,
                offset: long(row, 6)?,
                code: row.try_get(7)?,
                reason: text(row, 8)?,
                raw: row.try_get(9)?,
            })
        })
        .collect()
}

/// A number of `meta`.
pub(super) async fn meta(pool: &PgPool, key: &str) -> Result<u64> {
    let value: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1").bind(key).fetch_one(pool).await?;
    Ok(value.unsigned_abs())
}

pub(super) async fn message_of_mention(pool: &PgPool, mention_no: u64) -> Result<Option<u64>> {
    let found: Option<i64> = sqlx::query_scalar("SELECT message_no FROM mentions WHERE mention_no = $1")
        .bind(mention_no.cast_signed())
        .fetch_optional(pool)
        .await?;
    Ok(found.map(i64::unsigned_abs))
}
