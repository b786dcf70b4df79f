//! Going in: a batch is one transaction, and a message goes in once however often it is met.

use std::collections::HashMap;

use model::{Mention, Place, SYSTEM_NOTICE, TimeMs, is_uncertain};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};

use super::following::{self, Stored as StoredMessage};
use super::{jobs, phrases, topics};
use crate::batch::{self, Fresh, Times};
use crate::columns;
use crate::content_hash::{KEY_BYTES, hash_of_key, message_key, msg_hash};
use crate::known::{Known, Learnt, Numbered, PlaceNumbers};
use crate::topics::{bits, of_fresh};
use crate::{Batch, BatchOutcome, ParsedMessage, Result, StoreError, TopicRow};

/// Rows of one INSERT: measured fastest around here, and below SQLite's 32,766 bound values for every table.
const ROWS: usize = 500;

pub(super) async fn ensure_case(pool: &SqlitePool, name: &str) -> Result<u16> {
    sqlx::query("INSERT OR IGNORE INTO cases (name) VALUES (?)").bind(name).execute(pool).await?;
    let case_no: i64 =
        sqlx::query_scalar("SELECT case_no FROM cases WHERE name = ?").bind(name).fetch_one(pool).await?;
    u16::try_from(case_no).map_err(|_| StoreError::TooMany("cases"))
}

pub(super) async fn ensure_source(pool: &SqlitePool, case_no: u16, name: &str, synthetic: bool) -> Result<u16> {
    sqlx::query("INSERT OR IGNORE INTO sources (case_no, name, synthetic) VALUES (?, ?, ?)")
        .bind(case_no)
        .bind(name)
        .bind(synthetic)
        .execute(pool)
        .await?;
    let source_no: i64 = sqlx::query_scalar("SELECT source_no FROM sources WHERE case_no = ? AND name = ?")
        .bind(case_no)
        .bind(name)
        .fetch_one(pool)
        .await?;
    u16::try_from(source_no).map_err(|_| StoreError::TooMany("sources"))
}

pub(super) async fn source_map(pool: &SqlitePool, source_no: u16) -> Result<Option<String>> {
    let map: Option<Option<String>> =
        sqlx::query_scalar("SELECT map FROM sources WHERE source_no = ?").bind(source_no).fetch_optional(pool).await?;
    Ok(map.flatten())
}

pub(super) async fn set_source_map(pool: &SqlitePool, source_no: u16, map: &str) -> Result<()> {
    sqlx::query("UPDATE sources SET map = ? WHERE source_no = ?").bind(map).bind(source_no).execute(pool).await?;
    Ok(())
}

pub(super) async fn commit(pool: &SqlitePool, known: &Known, batch: Batch) -> Result<BatchOutcome> {
    let hashed = batch::hashed(&batch);
    // IMMEDIATE: a transaction that begins as a reader and turns writer fails when another process wrote in between.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let is_cancelled = match &batch.claim {
        Some(claim) => jobs::hold_in(&mut transaction, batch.job_no, claim).await?,
        None => false,
    };
    let stored = store_messages(&mut transaction, known, &batch, hashed).await?;
    let read = (batch.messages.len() + batch.rejected.len()) as u64;
    let taken = take_over_rejected(&mut transaction, &batch).await?;
    let rejected = insert_rejected(&mut transaction, &batch).await?;
    let outcome = BatchOutcome { is_cancelled, ..stored.outcome };
    move_on(&mut transaction, &batch, read, rejected, outcome).await?;
    let new = rejected.cast_signed() - taken.cast_signed();
    let data_version = book(&mut transaction, &batch, new, stored.outcome, &stored.times).await?;
    transaction.commit().await?;
    known.remember(stored.learnt);
    Ok(BatchOutcome { data_version, ..outcome })
}

/// What became of rejected pieces that were read once more.
pub(super) async fn commit_retry(
    pool: &SqlitePool,
    known: &Known,
    batch: Batch,
    cured: &[u64],
) -> Result<BatchOutcome> {
    let hashed = batch::hashed(&batch);
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let stored = store_messages(&mut transaction, known, &batch, hashed).await?;
    let mut gone = 0;
    for offset in cured {
        gone += sqlx::query("DELETE FROM rejected WHERE job_no = ? AND byte_offset = ?")
            .bind(batch.job_no)
            .bind(offset.cast_signed())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
    }
    for rejected in &batch.rejected {
        sqlx::query("UPDATE rejected SET code = ?, reason = ? WHERE job_no = ? AND byte_offset = ?")
            .bind(rejected.code)
            .bind(rejected.reason.as_str())
            .bind(batch.job_no)
            .bind(rejected.offset.cast_signed())
            .execute(&mut *transaction)
            .await?;
    }
    sqlx::query(
        "UPDATE jobs SET imported = imported + ?, duplicates = duplicates + ?, mentions = mentions + ?, rejected = rejected - ?,
         notices = (SELECT count(*) FROM rejected r WHERE r.job_no = jobs.job_no AND r.code = ?) WHERE job_no = ?",
    )
    .bind(stored.outcome.imported.cast_signed())
    .bind(stored.outcome.duplicates.cast_signed())
    .bind(stored.outcome.mentions.cast_signed())
    .bind(gone.cast_signed())
    .bind(SYSTEM_NOTICE)
    .bind(batch.job_no)
    .execute(&mut *transaction)
    .await?;
    let data_version = book(&mut transaction, &batch, -gone.cast_signed(), stored.outcome, &stored.times).await?;
    transaction.commit().await?;
    known.remember(stored.learnt);
    Ok(BatchOutcome { data_version, ..stored.outcome })
}

/// What the messages of a batch became, and the numbers that are known for good once that is committed.
struct Stored<'b> {
    outcome: BatchOutcome,
    times: Times,
    learnt: Learnt<'b>,
}

/// Messages that are not there yet, with their mentions and all that is counted by message.
async fn store_messages<'b>(
    connection: &mut SqliteConnection,
    known: &Known,
    batch: &Batch,
    hashed: Fresh<'b>,
) -> Result<Stored<'b>> {
    let there = existing(connection, &hashed).await?;
    let shared = share(connection, batch.source_no, &hashed, &there).await?;
    let fresh = batch::fresh(hashed, |hash| there.contains_key(hash));

    let case_no = batch.case_no;
    let (mut conversations, mut senders) = known.recall_names(case_no, &fresh);
    let numbered =
        number_names(connection, "conversations", "conversation_no", case_no, &conversations.unknown).await?;
    conversations.learn(numbered);
    let numbered = number_names(connection, "senders", "sender_no", case_no, &senders.unknown).await?;
    senders.learn(numbered);
    let found = || fresh.iter().flat_map(|(_, parsed)| &parsed.mentions);
    let mut places = known.recall_places(found().map(|mention| &mention.place));
    let numbered = number_places(connection, &places.unknown).await?;
    places.learn(numbered);
    let phrases = phrases::intern(connection, known, found(), &places).await?;
    let first_no: i64 = sqlx::query_scalar::<_, i64>("SELECT coalesce(max(message_no), 0) + 1 FROM messages")
        .fetch_one(&mut *connection)
        .await?;
    let topics = topics::number(connection, of_fresh(&fresh)).await?;
    insert_messages(connection, batch, &fresh, (&conversations, &senders, &topics), first_no).await?;
    let mut phrase_nos = phrases.numbers.iter().copied();
    let mentions: Vec<MentionRow<'_>> = (first_no..)
        .zip(&fresh)
        .flat_map(|(message_no, (hash, parsed))| parsed.mentions.iter().map(move |m| (message_no, msg_hash(hash), m)))
        .map(|(message_no, hash, mention)| (message_no, hash, mention, phrase_nos.next().unwrap_or_default()))
        .collect();
    insert_mention_rows(connection, &mentions, &places).await?;
    if !fresh.is_empty() {
        sqlx::query("INSERT INTO batches (first_message_no) VALUES (?)")
            .bind(first_no)
            .execute(&mut *connection)
            .await?;
    }
    let stored = fresh.iter().map(|(_, ParsedMessage { message, .. })| StoredMessage {
        conversation_no: conversations.get(&message.conversation).unwrap_or_default(),
        sent_at_ms: message.sent_at_ms,
        text: &message.text,
    });
    following::follow(connection, first_no, &stored.collect::<Vec<_>>()).await?;
    let times = Times::new(&fresh, shared);
    cover(connection, batch, &times).await?;
    let outcome = BatchOutcome {
        imported: fresh.len() as u64,
        duplicates: (batch.messages.len() - fresh.len()) as u64,
        mentions: found().filter(|mention| mention.accepted).count() as u64,
        ..BatchOutcome::default()
    };
    Ok(Stored { outcome, times, learnt: Learnt { case_no, conversations, senders, places, phrases } })
}

/// What a message is in the table by.
fn key((hash, parsed): &([u8; 16], &ParsedMessage)) -> [u8; KEY_BYTES] {
    message_key(parsed.message.sent_at_ms, hash)
}

/// Which of these are stored already, with the number and source of their message.
async fn existing(connection: &mut SqliteConnection, hashed: &Fresh<'_>) -> Result<HashMap<[u8; 16], (i64, u16)>> {
    let mut there = HashMap::new();
    let keys: Vec<[u8; KEY_BYTES]> = hashed.iter().map(key).collect();
    let (Some(first), Some(last)) = (keys.iter().min(), keys.iter().max()) else { return Ok(there) };
    // Most loads bring times that nothing stored reaches into.
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM messages WHERE content_hash BETWEEN ? AND ?)")
        .bind(first.as_slice())
        .bind(last.as_slice())
        .fetch_one(&mut *connection)
        .await?;
    if !any {
        return Ok(there);
    }
    for chunk in keys.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT content_hash, message_no, source_no FROM messages WHERE content_hash IN (",
        );
        let mut list = query.separated(", ");
        for key in chunk {
            list.push_bind(key.as_slice());
        }
        query.push(")");
        for row in query.build().fetch_all(&mut *connection).await? {
            let message_no = row.try_get(1)?;
            let key = <[u8; KEY_BYTES]>::try_from(row.try_get::<&[u8], _>(0)?).map_err(|_| StoreError::Corrupt {
                table: "messages",
                column: "content_hash",
                row: message_no,
            })?;
            there.insert(hash_of_key(&key), (message_no, row.try_get(2)?));
        }
    }
    Ok(there)
}

/// A message met again in another source belongs to both. Returns when those that are new to this source were sent.
async fn share(
    connection: &mut SqliteConnection,
    source_no: u16,
    hashed: &Fresh<'_>,
    there: &HashMap<[u8; 16], (i64, u16)>,
) -> Result<Vec<TimeMs>> {
    let sent_at =
        batch::elsewhere(hashed, |hash| there.get(hash).filter(|(_, first)| *first != source_no).map(|found| found.0));
    let elsewhere: Vec<i64> = sent_at.iter().map(|(message_no, _)| *message_no).collect();
    let sent_at: HashMap<i64, TimeMs> = sent_at.into_iter().collect();
    let mut shared = Vec::new();
    for chunk in elsewhere.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT OR IGNORE INTO shared_messages (message_no, source_no) ");
        query.push_values(chunk, |mut row, message_no| {
            row.push_bind(message_no).push_bind(source_no);
        });
        query.push(" RETURNING message_no");
        let inserted: Vec<i64> = query.build_query_scalar().fetch_all(&mut *connection).await?;
        shared.extend(inserted.iter().filter_map(|message_no| sent_at.get(message_no)));
    }
    Ok(shared)
}

/// Stores names that are new and returns the numbers of all.
async fn number_names(
    connection: &mut SqliteConnection,
    table: &'static str,
    number: &'static str,
    case_no: u16,
    names: &[&str],
) -> Result<Vec<(String, u32)>> {
    let mut found = Vec::with_capacity(names.len());
    for chunk in names.chunks(ROWS) {
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT OR IGNORE INTO ");
        insert.push(table).push(" (case_no, name) ");
        insert.push_values(chunk, |mut row, name| {
            row.push_bind(case_no).push_bind(*name);
        });
        insert.build().execute(&mut *connection).await?;
        let mut select = QueryBuilder::<Sqlite>::new("SELECT name, ");
        select
            .push(number)
            .push(" FROM ")
            .push(table)
            .push(" WHERE case_no = ")
            .push_bind(case_no)
            .push(" AND name IN (");
        let mut list = select.separated(", ");
        for name in chunk {
            list.push_bind(*name);
        }
        select.push(")");
        found.extend(select.build_query_as::<(String, u32)>().fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

/// Stores places that are new and returns the numbers of all.
pub(super) async fn number_places(connection: &mut SqliteConnection, unknown: &[&Place]) -> Result<Vec<(String, u32)>> {
    let mut found = Vec::with_capacity(unknown.len());
    for place in unknown {
        sqlx::query(
            "INSERT OR IGNORE INTO places
             (id, name, kind, lon, lat, radius_m, municipality, province, police_unit, country, population)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&place.id)
        .bind(&place.name)
        .bind(place.kind.as_str())
        .bind(place.lon)
        .bind(place.lat)
        .bind(place.radius_m)
        .bind(&place.municipality)
        .bind(&place.province)
        .bind(&place.police_unit)
        .bind(&place.country)
        .bind(place.population)
        .execute(&mut *connection)
        .await?;
        let number: u32 = sqlx::query_scalar("SELECT place_no FROM places WHERE id = ?")
            .bind(&place.id)
            .fetch_one(&mut *connection)
            .await?;
        found.push((place.id.clone(), number));
    }
    Ok(found)
}

async fn insert_messages(
    connection: &mut SqliteConnection,
    batch: &Batch,
    fresh: &Fresh<'_>,
    (conversations, senders, topics): (&Numbered<'_>, &Numbered<'_>, &[TopicRow]),
    first_no: i64,
) -> Result<()> {
    for (c, chunk) in fresh.chunks(ROWS).enumerate() {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO messages
             (message_no, msg_hash, content_hash, case_no, source_no, conversation_no, sender_no, sent_at_ms, external_id, text,
             topics) ",
        );
        query.push_values(chunk.iter().enumerate(), |mut row, (i, hashed)| {
            let (hash, ParsedMessage { message, topics: about, .. }) = hashed;
            row.push_bind(first_no + (c * ROWS + i) as i64)
                .push_bind(msg_hash(hash))
                .push_bind(key(hashed).to_vec())
                .push_bind(batch.case_no)
                .push_bind(batch.source_no)
                .push_bind(conversations.get(&message.conversation))
                .push_bind(senders.get(&message.sender))
                .push_bind(message.sent_at_ms)
                .push_bind(message.external_id.as_deref())
                .push_bind(message.text.as_str())
                .push_bind(bits(topics, about));
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Number and hash of the message, the mention, number of its phrase.
pub(super) type MentionRow<'m> = (i64, i64, &'m Mention, u32);

pub(super) async fn insert_mention_rows(
    connection: &mut SqliteConnection,
    mentions: &[MentionRow<'_>],
    places: &PlaceNumbers<'_>,
) -> Result<()> {
    for chunk in mentions.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO mentions (msg_hash, message_no, span_start, span_end, place_no, kind, confidence, accepted, reasons, alternatives,
             phrase_no, uncertain) ",
        );
        query.push_values(chunk, |mut row, (message_no, hash, mention, phrase_no)| {
            row.push_bind(*hash)
                .push_bind(*message_no)
                .push_bind(mention.start)
                .push_bind(mention.end)
                .push_bind(places.get(&mention.place.id))
                .push_bind(mention.kind.as_str())
                .push_bind(mention.confidence)
                .push_bind(mention.accepted)
                .push_bind(columns::of_reasons(mention))
                .push_bind(columns::of_alternatives(mention))
                .push_bind(*phrase_no)
                .push_bind(is_uncertain(mention));
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Counts the messages by UTC day.
async fn cover(connection: &mut SqliteConnection, batch: &Batch, times: &Times) -> Result<()> {
    for (day, (messages, shared)) in times.days() {
        sqlx::query(
            "INSERT INTO coverage (case_no, source_no, day, messages, shared) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET messages = messages + excluded.messages, shared = shared + excluded.shared",
        )
        .bind(batch.case_no)
        .bind(batch.source_no)
        .bind(day)
        .bind(messages)
        .bind(shared)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// What an earlier import of the same file rejected, too, goes over to this one: a piece is listed once, where it can be retried.
/// Returns how many pieces did.
async fn take_over_rejected(connection: &mut SqliteConnection, batch: &Batch) -> Result<u64> {
    if batch.rejected.is_empty() {
        return Ok(0);
    }
    let earlier: Vec<i64> = sqlx::query_scalar(
        "SELECT e.job_no FROM jobs j JOIN jobs e USING (source_no, file_name, fingerprint)
         WHERE j.job_no = ? AND e.job_no <> j.job_no AND j.fingerprint <> ''",
    )
    .bind(batch.job_no)
    .fetch_all(&mut *connection)
    .await?;
    let mut taken = 0;
    for job_no in earlier {
        let mut of_job = 0;
        for piece in &batch.rejected {
            of_job += sqlx::query("DELETE FROM rejected WHERE job_no = ? AND byte_offset = ? AND raw = ?")
                .bind(job_no)
                .bind(piece.offset.cast_signed())
                .bind(piece.raw.as_slice())
                .execute(&mut *connection)
                .await?
                .rows_affected();
        }
        sqlx::query(
            "UPDATE jobs SET rejected = rejected - ?,
             notices = (SELECT count(*) FROM rejected r WHERE r.job_no = jobs.job_no AND r.code = ?) WHERE job_no = ?",
        )
        .bind(of_job.cast_signed())
        .bind(SYSTEM_NOTICE)
        .bind(job_no)
        .execute(&mut *connection)
        .await?;
        taken += of_job;
    }
    Ok(taken)
}

async fn insert_rejected(connection: &mut SqliteConnection, batch: &Batch) -> Result<u64> {
    let mut inserted = 0;
    for chunk in batch.rejected.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT OR IGNORE INTO rejected (job_no, line, byte_offset, code, reason, raw) ",
        );
        query.push_values(chunk, |mut row, rejected| {
            row.push_bind(batch.job_no)
                .push_bind(rejected.line.cast_signed())
                .push_bind(rejected.offset.cast_signed())
                .push_bind(rejected.code)
                .push_bind(rejected.reason.as_str())
                .push_bind(rejected.raw.as_slice());
        });
        inserted += query.build().execute(&mut *connection).await?.rows_affected();
    }
    Ok(inserted)
}

/// Moves the job's offset and counts on. A job that nobody holds is done after every batch.
async fn move_on(
    connection: &mut SqliteConnection,
    batch: &Batch,
    read: u64,
    rejected: u64,
    outcome: BatchOutcome,
) -> Result<()> {
    let notices = batch.rejected.iter().filter(|rejected| rejected.code == SYSTEM_NOTICE).count();
    sqlx::query(
        "UPDATE jobs SET line = ?, byte_offset = ?, done_bytes = ?, read = read + ?, imported = imported + ?, duplicates = duplicates + ?,
         rejected = rejected + ?, notices = notices + ?, mentions = mentions + ? WHERE job_no = ?",
    )
    .bind(batch.line.cast_signed())
    .bind(batch.offset.cast_signed())
    .bind(batch.done_bytes.cast_signed())
    .bind(read.cast_signed())
    .bind(outcome.imported.cast_signed())
    .bind(outcome.duplicates.cast_signed())
    .bind(rejected.cast_signed())
    .bind(notices as i64)
    .bind(outcome.mentions.cast_signed())
    .bind(batch.job_no)
    .execute(&mut *connection)
    .await?;
    if batch.claim.is_none() {
        sqlx::query(
            "UPDATE jobs SET ended_ms = ?1, file_bytes = max(file_bytes, done_bytes),
             started_ms = CASE started_ms WHEN 0 THEN ?1 ELSE started_ms END WHERE job_no = ?2",
        )
        .bind(batch.now_ms)
        .bind(batch.job_no)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Moves the counts of the source and of the data on; returns the data version.
async fn book(
    connection: &mut SqliteConnection,
    batch: &Batch,
    rejected: i64,
    outcome: BatchOutcome,
    times: &Times,
) -> Result<u64> {
    sqlx::query(
        "UPDATE sources SET messages = messages + ?, rejected = rejected + ?,
         first_ms = min(coalesce(first_ms, ?3), coalesce(?3, first_ms)), last_ms = max(coalesce(last_ms, ?4), coalesce(?4, last_ms)),
         shared = shared + ?5 WHERE source_no = ?6",
    )
    .bind(outcome.imported.cast_signed())
    .bind(rejected)
    .bind(times.first())
    .bind(times.last())
    .bind(times.shared.len() as i64)
    .bind(batch.source_no)
    .execute(&mut *connection)
    .await?;
    bump_data_version(connection).await
}

pub(super) async fn bump_data_version(connection: &mut SqliteConnection) -> Result<u64> {
    let version: i64 =
        sqlx::query_scalar("UPDATE meta SET value = value + 1 WHERE key = 'data_version' RETURNING value")
            .fetch_one(&mut *connection)
            .await?;
    Ok(version.unsigned_abs())
}
