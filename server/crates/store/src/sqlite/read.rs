//! Reading: what the index is built from, and the messages behind a count.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use model::{Mention, Place};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};

use super::topics;
use crate::columns;
use crate::topics::ids;
use crate::{
    CaseRow, Coverage, IndexRow, RejectedQuery, RejectedRow, Result, SharedRow, SourceRow, StoreError, StoredMention,
    StoredMessage, Totals,
};

pub(super) const PLACE_COLUMNS: &str = "p.id, p.name, p.kind, p.lon, p.lat, p.radius_m, p.municipality, p.province, p.police_unit, p.country, p.population";

pub(super) async fn places(pool: &SqlitePool, after: Option<u32>) -> Result<Vec<(u32, Place)>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
    query.push(PLACE_COLUMNS).push(", p.place_no FROM places p WHERE p.place_no > ");
    query.push_bind(after.map_or(-1, i64::from)).push(" ORDER BY p.place_no");
    // Each as it comes: a row of the database takes many times the memory of what is made of it.
    let mut rows = query.build().fetch(pool);
    let mut places = Vec::new();
    while let Some(row) = rows.try_next().await? {
        places.push((row.try_get(11)?, place(&row, 0, row.try_get(11)?)?));
    }
    Ok(places)
}

/// The place whose columns begin at `at`.
pub(super) fn place(row: &SqliteRow, at: usize, place_no: i64) -> Result<Place> {
    let kind: String = row.try_get(at + 2)?;
    Ok(Place {
        id: row.try_get(at)?,
        name: row.try_get(at + 1)?,
        kind: kind.parse().map_err(|_| StoreError::Corrupt { table: "places", column: "kind", row: place_no })?,
        lon: row.try_get(at + 3)?,
        lat: row.try_get(at + 4)?,
        radius_m: row.try_get(at + 5)?,
        municipality: row.try_get(at + 6)?,
        province: row.try_get(at + 7)?,
        police_unit: row.try_get(at + 8)?,
        country: row.try_get(at + 9)?,
        population: row.try_get(at + 10)?,
    })
}

pub(super) async fn index_rows(pool: &SqlitePool, after: u64, limit: u32) -> Result<Vec<IndexRow>> {
    let mut rows = sqlx::query(
        "SELECT n.mention_no, n.place_no, m.sent_at_ms, m.message_no, m.conversation_no, m.sender_no, m.case_no, m.source_no, n.confidence,
         n.phrase_no, n.uncertain, m.topics
         FROM mentions n JOIN messages m USING (message_no) WHERE n.mention_no > ? ORDER BY n.mention_no LIMIT ?",
    )
    .bind(after.cast_signed())
    .bind(limit)
    .fetch(pool);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await? {
        found.push(IndexRow {
            mention_no: row.try_get::<i64, _>(0)?.cast_unsigned(),
            place_no: row.try_get(1)?,
            sent_at_ms: row.try_get(2)?,
            message_no: row.try_get::<i64, _>(3)?.cast_unsigned(),
            conversation_no: row.try_get(4)?,
            sender_no: row.try_get(5)?,
            case_no: row.try_get(6)?,
            source_no: row.try_get(7)?,
            confidence: row.try_get(8)?,
            phrase_no: row.try_get(9)?,
            uncertain: row.try_get(10)?,
            topics: row.try_get(11)?,
        });
    }
    Ok(found)
}

pub(super) async fn mention_sums(pool: &SqlitePool, upto: u64) -> Result<(u64, u64)> {
    // From the index alone: it is a tenth of the table. Two halves, since a sum beyond 2^63 would be an error.
    let (count, high, low): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(message_no >> 16), 0), coalesce(sum(message_no & 65535), 0)
         FROM mentions INDEXED BY mentions_by_message WHERE mention_no <= ?",
    )
    .bind(upto.cast_signed())
    .fetch_one(pool)
    .await?;
    let sum = high.cast_unsigned().wrapping_shl(16).wrapping_add(low.cast_unsigned());
    Ok((count.unsigned_abs(), sum))
}

pub(super) async fn coverage(pool: &SqlitePool) -> Result<Vec<Coverage>> {
    let rows: Vec<(u16, u16, i32, i64, i64)> =
        sqlx::query_as("SELECT case_no, source_no, day, messages, shared FROM coverage").fetch_all(pool).await?;
    Ok(rows
        .into_iter()
        .map(|(case_no, source_no, day, messages, shared)| Coverage {
            case_no,
            source_no,
            day,
            messages: messages.unsigned_abs(),
            shared: shared.unsigned_abs(),
        })
        .collect())
}

pub(super) async fn shared_messages(pool: &SqlitePool, after: u64, limit: u32) -> Result<Vec<SharedRow>> {
    let rows: Vec<(i64, i64, u16)> = sqlx::query_as(
        "SELECT shared_no, message_no, source_no FROM shared_messages WHERE shared_no > ? ORDER BY shared_no LIMIT ?",
    )
    .bind(after.cast_signed())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(shared_no, message_no, source_no)| SharedRow {
            shared_no: shared_no.unsigned_abs(),
            message_no: message_no.unsigned_abs(),
            source_no,
        })
        .collect())
}

pub(super) async fn messages(pool: &SqlitePool, message_nos: &[u64]) -> Result<Vec<StoredMessage>> {
    if message_nos.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT m.message_no, m.sent_at_ms, c.name, s.name, o.name, k.name, m.text, m.case_no, m.topics FROM messages m
         JOIN conversations c USING (conversation_no) JOIN senders s USING (sender_no) JOIN sources o USING (source_no)
         JOIN cases k ON k.case_no = m.case_no WHERE m.message_no IN (",
    );
    push_numbers(&mut query, message_nos);
    let topics = topics::all(pool).await?;
    let mut found: HashMap<u64, StoredMessage> = HashMap::with_capacity(message_nos.len());
    for row in query.build().fetch_all(pool).await? {
        let message_no = row.try_get::<i64, _>(0)?.cast_unsigned();
        let source: String = row.try_get(4)?;
        let message = StoredMessage {
            message_no,
            sent_at_ms: row.try_get(1)?,
            conversation: row.try_get(2)?,
            sender: row.try_get(3)?,
            sources: vec![source.clone()],
            source,
            case: row.try_get(5)?,
            text: row.try_get(6)?,
            case_no: row.try_get(7)?,
            mentions: Vec::new(),
            topics: ids(&topics, row.try_get(8)?),
        };
        found.insert(message_no, message);
    }
    attach_other_sources(pool, message_nos, &mut found).await?;
    attach_mentions(pool, message_nos, &mut found).await?;
    Ok(message_nos.iter().filter_map(|no| found.remove(no)).collect())
}

async fn attach_other_sources(
    pool: &SqlitePool,
    message_nos: &[u64],
    found: &mut HashMap<u64, StoredMessage>,
) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT h.message_no, o.name FROM shared_messages h JOIN sources o USING (source_no) WHERE h.message_no IN (",
    );
    push_numbers(&mut query, message_nos);
    query.push(" ORDER BY h.shared_no");
    for row in query.build().fetch_all(pool).await? {
        if let Some(message) = found.get_mut(&row.try_get::<i64, _>(0)?.cast_unsigned()) {
            message.sources.push(row.try_get(1)?);
        }
    }
    Ok(())
}

async fn attach_mentions(
    pool: &SqlitePool,
    message_nos: &[u64],
    found: &mut HashMap<u64, StoredMessage>,
) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
    query.push(PLACE_COLUMNS).push(
        ", n.mention_no, n.message_no, n.span_start, n.span_end, n.kind, n.confidence, n.accepted, n.reasons, n.alternatives, p.place_no,
         n.phrase_no, n.uncertain
         FROM mentions n JOIN places p USING (place_no) WHERE n.message_no IN (",
    );
    push_numbers(&mut query, message_nos);
    query.push(" ORDER BY n.message_no, n.span_start");
    for row in query.build().fetch_all(pool).await? {
        let mention_no: i64 = row.try_get(11)?;
        let corrupt = |column| StoreError::Corrupt { table: "mentions", column, row: mention_no };
        let Some(message) = found.get_mut(&row.try_get::<i64, _>(12)?.cast_unsigned()) else { continue };
        let (start, end): (u32, u32) = (row.try_get(13)?, row.try_get(14)?);
        let text = message.text.get(start as usize..end as usize).ok_or_else(|| corrupt("span_start"))?.to_owned();
        let kind: String = row.try_get(15)?;
        let reasons: String = row.try_get(18)?;
        let alternatives: String = row.try_get(19)?;
        let mention = Mention {
            start,
            end,
            text,
            kind: kind.parse().map_err(|_| corrupt("kind"))?,
            confidence: row.try_get(16)?,
            accepted: row.try_get(17)?,
            place: place(&row, 0, row.try_get(20)?)?,
            alternatives: columns::alternatives(&alternatives, mention_no)?,
            reasons: columns::reasons(&reasons),
        };
        message.mentions.push(StoredMention {
            mention_no: mention_no.unsigned_abs(),
            phrase_no: row.try_get(21)?,
            uncertain: row.try_get(22)?,
            mention,
        });
    }
    Ok(())
}

fn push_numbers(query: &mut QueryBuilder<Sqlite>, numbers: &[u64]) {
    let mut list = query.separated(", ");
    for number in numbers {
        list.push_bind(number.cast_signed());
    }
    query.push(")");
}

pub(super) async fn cases(pool: &SqlitePool) -> Result<Vec<CaseRow>> {
    let rows: Vec<(u16, String)> =
        sqlx::query_as("SELECT case_no, name FROM cases ORDER BY name").fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(case_no, name)| CaseRow { case_no, name }).collect())
}

pub(super) async fn sources(pool: &SqlitePool) -> Result<Vec<SourceRow>> {
    let rows = sqlx::query(
        "SELECT o.source_no, o.name, o.case_no, k.name, o.synthetic, o.messages, o.rejected, o.first_ms, o.last_ms, o.shared
         FROM sources o JOIN cases k USING (case_no) ORDER BY k.name, o.name",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(SourceRow {
                source_no: row.try_get(0)?,
                name: row.try_get(1)?,
                case_no: row.try_get(2)?,
                case: row.try_get(3)?,
                synthetic: row.try_get(4)?,
                messages: row.try_get::<i64, _>(5)?.unsigned_abs(),
                shared: row.try_get::<i64, _>(9)?.unsigned_abs(),
                rejected: row.try_get::<i64, _>(6)?.unsigned_abs(),
                first_ms: row.try_get(7)?,
                last_ms: row.try_get(8)?,
            })
        })
        .collect()
}

pub(super) async fn source_files(pool: &SqlitePool) -> Result<Vec<(u16, String)>> {
    let rows = sqlx::query_as(
        "SELECT source_no, file_name FROM jobs GROUP BY source_no, file_name ORDER BY source_no, min(job_no)",
    );
    Ok(rows.fetch_all(pool).await?)
}

pub(super) async fn totals(pool: &SqlitePool) -> Result<Totals> {
    let row = sqlx::query("SELECT coalesce(sum(messages), 0), min(first_ms), max(last_ms) FROM sources")
        .fetch_one(pool)
        .await?;
    Ok(Totals {
        messages: row.try_get::<i64, _>(0)?.unsigned_abs(),
        first_ms: row.try_get(1)?,
        last_ms: row.try_get(2)?,
    })
}

pub(super) async fn rejected(pool: &SqlitePool, which: RejectedQuery) -> Result<Vec<RejectedRow>> {
    let rows = sqlx::query(
        "SELECT r.rejected_no, r.job_no, o.case_no, o.name, j.file_name, r.line, r.byte_offset, r.code, r.reason,
         CASE WHEN ?1 THEN r.raw ELSE x'' END
         FROM rejected r JOIN jobs j USING (job_no) JOIN sources o USING (source_no)
         WHERE (?2 IS NULL OR r.job_no = ?2) AND (?3 IS NULL OR o.source_no = ?3) AND (?4 IS NULL OR r.rejected_no < ?4)
         ORDER BY r.rejected_no DESC LIMIT ?5",
    )
    .bind(which.with_raw)
    .bind(which.job_no)
    .bind(which.source_no)
    .bind(which.before)
    .bind(which.limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(RejectedRow {
                rejected_no: row.try_get(0)?,
                job_no: row.try_get(1)?,
                case_no: row.try_get(2)?,
                source: row.try_get(3)?,
                file_name: row.try_get(4)?,
                line: row.try_get::<i64, _>(5)?.unsigned_abs(),
                offset: row.try_get::<i64, _>(6)?.unsigned_abs(),
                code: row.try_get(7)?,
                reason: row.try_get(8)?,
                raw: row.try_get(9)?,
            })
        })
        .collect()
}

pub(super) async fn data_version(pool: &SqlitePool) -> Result<u64> {
    let version: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'data_version'").fetch_one(pool).await?;
    Ok(version.unsigned_abs())
}

pub(super) async fn rewritten(pool: &SqlitePool) -> Result<u64> {
    let times: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'rewritten'").fetch_one(pool).await?;
    Ok(times.unsigned_abs())
}

pub(super) async fn message_of_mention(pool: &SqlitePool, mention_no: u64) -> Result<Option<u64>> {
    let found: Option<i64> = sqlx::query_scalar("SELECT message_no FROM mentions WHERE mention_no = ?")
        .bind(mention_no.cast_signed())
        .fetch_optional(pool)
        .await?;
    Ok(found.map(i64::unsigned_abs))
}
