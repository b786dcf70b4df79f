//! Going in: a batch is one transaction, and a message goes in once however often it is met.

use std::collections::HashMap;

use model::{Mention, TimeMs, is_uncertain};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};

use super::copy::Rows;
use super::partitions::{Made, by_period};
use super::{names, nul, phrases, write};
use crate::batch::{self, Fresh};
use crate::columns;
use crate::content_hash::{msg_hash, rest_of_hash};
use crate::known::{Known, Numbered, PlaceNumbers};
use crate::{Batch, BatchOutcome, ImportJob, JobCounts, JobState, NewImport, Result};

pub(super) async fn source_map(pool: &PgPool, source_no: u16) -> Result<Option<String>> {
    let map: Option<Option<String>> = sqlx::query_scalar("SELECT map FROM sources WHERE source_no = $1")
        .bind(i32::from(source_no))
        .fetch_optional(pool)
        .await?;
    Ok(map.flatten())
}

pub(super) async fn set_source_map(pool: &PgPool, source_no: u16, map: &str) -> Result<()> {
    sqlx::query("UPDATE sources SET map = $1 WHERE source_no = $2")
        .bind(map)
        .bind(i32::from(source_no))
        .execute(pool)
        .await?;
    Ok(())
}

pub(super) async fn begin(pool: &PgPool, import: NewImport<'_>) -> Result<ImportJob> {
    // Of two that begin the same at once, the second finds the job of the first.
    let mut transaction = write::begin(pool).await?;
    let connection = &mut *transaction;
    let unfinished: Option<i64> = sqlx::query_scalar(
        "SELECT job_no FROM jobs WHERE source_no = $1 AND fingerprint = $2 AND file_name = $3 AND state <> 'done'
         ORDER BY job_no DESC LIMIT 1",
    )
    .bind(i32::from(import.source_no))
    .bind(import.fingerprint)
    .bind(nul::stored(import.file_name))
    .fetch_optional(&mut *connection)
    .await?;
    let job_no = match unfinished {
        Some(job_no) => job_no,
        None => {
            sqlx::query_scalar(
                "INSERT INTO jobs (source_no, file_name, fingerprint, file_bytes, state, started_ms)
                 VALUES ($1, $2, $3, $4, 'running', $5) RETURNING job_no",
            )
            .bind(i32::from(import.source_no))
            .bind(nul::stored(import.file_name))
            .bind(import.fingerprint)
            .bind(import.file_bytes.cast_signed())
            .bind(import.now_ms)
            .fetch_one(&mut *connection)
            .await?
        }
    };
    let row = sqlx::query(SELECT_JOB).bind(job_no).fetch_one(&mut *connection).await?;
    transaction.commit().await?;
    job(&row)
}

const SELECT_JOB: &str = "SELECT job_no, state, line, byte_offset, read, imported, duplicates, rejected, mentions FROM jobs WHERE job_no = $1";

fn job(row: &PgRow) -> Result<ImportJob> {
    let number = |column: usize| -> Result<u64> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
    let job_no = row.try_get(0)?;
    let state = columns::state(row.try_get(1)?, job_no)?;
    let counts = JobCounts {
        read: number(4)?,
        imported: number(5)?,
        duplicates: number(6)?,
        rejected: number(7)?,
        mentions: number(8)?,
    };
    Ok(ImportJob { job_no, state, line: number(2)?, offset: number(3)?, counts })
}

pub(super) async fn finish(pool: &PgPool, job_no: i64, state: JobState, now_ms: TimeMs) -> Result<ImportJob> {
    sqlx::query("UPDATE jobs SET state = $1, ended_ms = $2 WHERE job_no = $3")
        .bind(columns::of_state(state))
        .bind(now_ms)
        .bind(job_no)
        .execute(pool)
        .await?;
    let row = sqlx::query(SELECT_JOB).bind(job_no).fetch_one(pool).await?;
    job(&row)
}

pub(super) async fn commit(pool: &PgPool, known: &Known, made: &Made, batch: Batch) -> Result<BatchOutcome> {
    let hashed = batch::hashed(&batch);
    let by_month = by_period(hashed.iter().map(|(hash, parsed)| (second(parsed.message.sent_at_ms), *hash)));
    made.ensure(pool, by_month.keys().copied()).await?;

    let mut transaction = write::begin(pool).await?;
    let connection = &mut *transaction;
    let data_version = write::bump_data_version(connection).await?;
    let mut there = HashMap::new();
    for (period, hashes) in &by_month {
        there.extend(existing(connection, (period.from, period.to), hashes).await?);
    }
    merge_sources(connection, batch.source_no, &there).await?;
    let fresh = batch::fresh(hashed, |hash| there.contains_key(hash));

    let case_no = batch.case_no;
    let (mut conversations, mut senders) = known.recall_names(case_no, &fresh);
    conversations.learn(names::number(connection, &names::CONVERSATIONS, case_no, &conversations.unknown).await?);
    senders.learn(names::number(connection, &names::SENDERS, case_no, &senders.unknown).await?);
    let found = || fresh.iter().flat_map(|(_, parsed)| &parsed.mentions);
    let mut places = known.recall_places(found().map(|mention| &mention.place));
    let numbered = names::number_places(connection, &places.unknown).await?;
    places.learn(numbered);
    let phrases = phrases::intern(connection, known, found(), &places).await?;
    let first_no = write::take_numbers(connection, "last_message", fresh.len()).await?;

    insert_messages(connection, &batch, &fresh, (&conversations, &senders), first_no).await?;
    let mut phrase_nos = phrases.numbers.iter().copied();
    let mut rows = Vec::with_capacity(phrases.numbers.len());
    for (message_no, (hash, parsed)) in (first_no..).zip(&fresh) {
        let message = &parsed.message;
        let of = OfMessage {
            message_no,
            msg_hash: msg_hash(hash),
            sent_at_ms: message.sent_at_ms,
            case_no: batch.case_no.into(),
            source_no: batch.source_no.into(),
            conversation_no: conversations.get(&message.conversation),
            sender_no: senders.get(&message.sender),
        };
        rows.extend(parsed.mentions.iter().map(|mention| (of, mention, phrase_nos.next().unwrap_or_default())));
    }
    insert_mentions(connection, &rows, &places).await?;
    if !fresh.is_empty() {
        sqlx::query("INSERT INTO batches (first_message_no) VALUES ($1)")
            .bind(first_no)
            .execute(&mut *connection)
            .await?;
    }
    cover(connection, &batch, &fresh).await?;
    let rejected = insert_rejected(connection, &batch).await?;
    let outcome = BatchOutcome {
        imported: fresh.len() as u64,
        duplicates: (batch.messages.len() - fresh.len()) as u64,
        mentions: found().filter(|mention| mention.accepted).count() as u64,
        data_version,
    };
    book(connection, &batch, rejected, outcome, &fresh).await?;
    transaction.commit().await?;

    known.remember_names(case_no, conversations, senders);
    known.remember_places(places);
    known.remember_phrases(phrases);
    Ok(outcome)
}

/// The second that the content hash covers.
pub(super) fn second(sent_at_ms: TimeMs) -> i64 {
    sent_at_ms.div_euclid(1000)
}

/// Number, `msg_hash` and source of messages that are stored, by content hash.
type There = HashMap<[u8; 16], (i64, i64, i32)>;

/// Which of these hashes are stored already.
async fn existing(connection: &mut PgConnection, (from, to): (i64, i64), hashes: &[[u8; 16]]) -> Result<There> {
    let firsts: Vec<i64> = hashes.iter().map(msg_hash).collect();
    let rows: Vec<(i64, i64, i64, i32)> = sqlx::query_as(
        "SELECT msg_hash, hash_rest, message_no, source_no FROM messages WHERE sent_s >= $1 AND sent_s < $2 AND msg_hash = ANY($3)",
    )
    .bind(from)
    .bind(to)
    .bind(firsts)
    .fetch_all(connection)
    .await?;
    let mut there = There::with_capacity(rows.len());
    for (first, rest, message_no, source_no) in rows {
        let mut hash = [0; 16];
        hash[..8].copy_from_slice(&first.to_be_bytes());
        hash[8..].copy_from_slice(&rest.to_be_bytes());
        there.insert(hash, (message_no, first, source_no));
    }
    let asked: std::collections::HashSet<_> = hashes.iter().collect();
    there.retain(|hash, _| asked.contains(hash));
    Ok(there)
}

/// A message met again in another source belongs to both.
async fn merge_sources(connection: &mut PgConnection, source_no: u16, there: &There) -> Result<()> {
    let source_no = i32::from(source_no);
    let (message_nos, hashes): (Vec<i64>, Vec<i64>) = there
        .values()
        .filter(|(_, _, first)| *first != source_no)
        .map(|(message_no, hash, _)| (*message_no, *hash))
        .unzip();
    if message_nos.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO message_sources (message_no, msg_hash, source_no) SELECT m, h, $3 FROM unnest($1::bigint[], $2::bigint[]) AS t (m, h)
         ON CONFLICT DO NOTHING",
    )
    .bind(message_nos)
    .bind(hashes)
    .bind(source_no)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_messages(
    connection: &mut PgConnection,
    batch: &Batch,
    fresh: &Fresh<'_>,
    (conversations, senders): (&Numbered<'_>, &Numbered<'_>),
    first_no: i64,
) -> Result<()> {
    if fresh.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new();
    for (message_no, (hash, parsed)) in (first_no..).zip(fresh) {
        let message = &parsed.message;
        rows.row(12)
            .long(msg_hash(hash))
            .long(rest_of_hash(hash))
            .long(second(message.sent_at_ms))
            .long(message_no)
            .long(message.sent_at_ms)
            .number(batch.case_no.into())
            .number(batch.source_no.into())
            .number_of(conversations.get(&message.conversation))
            .number_of(senders.get(&message.sender));
        match &message.external_id {
            Some(id) => rows.text(id),
            None => rows.null(),
        };
        rows.text(&message.text).text(&crate::words::words_of(&message.text));
    }
    rows.send(
        connection,
        "COPY messages (msg_hash, hash_rest, sent_s, message_no, sent_at_ms, case_no, source_no, conversation_no, sender_no, external_id,
         text, words) FROM STDIN (FORMAT binary)",
    )
    .await
}

/// What a mention's row says of its message.
#[derive(Clone, Copy)]
pub(super) struct OfMessage {
    pub(super) message_no: i64,
    pub(super) msg_hash: i64,
    pub(super) sent_at_ms: TimeMs,
    pub(super) case_no: i32,
    pub(super) source_no: i32,
    pub(super) conversation_no: Option<u32>,
    pub(super) sender_no: Option<u32>,
}

/// Stores mentions, each with its message and the number of its phrase.
pub(super) async fn insert_mentions(
    connection: &mut PgConnection,
    mentions: &[(OfMessage, &Mention, u32)],
    places: &PlaceNumbers<'_>,
) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    let first_no = write::take_numbers(connection, "last_mention", mentions.len()).await?;
    let mut rows = Rows::new();
    for (mention_no, (of, mention, phrase_no)) in (first_no..).zip(mentions) {
        rows.row(19)
            .long(mention_no)
            .long(of.msg_hash)
            .long(second(of.sent_at_ms))
            .long(of.message_no)
            .long(of.sent_at_ms)
            .number(of.case_no)
            .number(of.source_no)
            .number_of(of.conversation_no)
            .number_of(of.sender_no)
            .number_of(places.get(&mention.place.id))
            .number(phrase_no.cast_signed())
            .number(mention.start.cast_signed())
            .number(mention.end.cast_signed())
            .real(mention.confidence)
            .truth(mention.accepted)
            .truth(is_uncertain(mention))
            .text(mention.kind.as_str())
            .text(&columns::of_reasons(mention))
            .text(&columns::of_alternatives(mention));
    }
    rows.send(
        connection,
        "COPY mentions (mention_no, msg_hash, sent_s, message_no, sent_at_ms, case_no, source_no, conversation_no, sender_no, place_no,
         phrase_no, span_start, span_end, confidence, accepted, uncertain, kind, reasons, alternatives) FROM STDIN (FORMAT binary)",
    )
    .await
}

/// Counts the fresh messages by UTC day.
async fn cover(connection: &mut PgConnection, batch: &Batch, fresh: &Fresh<'_>) -> Result<()> {
    let (days, messages): (Vec<i32>, Vec<i64>) =
        batch::days(fresh).into_iter().map(|(day, messages)| (day as i32, messages)).unzip();
    sqlx::query(
        "INSERT INTO coverage (case_no, source_no, day, messages)
         SELECT $1, $2, d, m FROM unnest($3::integer[], $4::bigint[]) AS t (d, m)
         ON CONFLICT (case_no, source_no, day) DO UPDATE SET messages = coverage.messages + excluded.messages",
    )
    .bind(i32::from(batch.case_no))
    .bind(i32::from(batch.source_no))
    .bind(days)
    .bind(messages)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_rejected(connection: &mut PgConnection, batch: &Batch) -> Result<u64> {
    if batch.rejected.is_empty() {
        return Ok(0);
    }
    let pieces = &batch.rejected;
    let inserted = sqlx::query(
        "INSERT INTO rejected (job_no, line, byte_offset, code, reason, raw)
         SELECT $1, l, o, c, r, w FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bytea[]) AS t (l, o, c, r, w)
         ON CONFLICT DO NOTHING",
    )
    .bind(batch.job_no)
    .bind(pieces.iter().map(|piece| piece.line.cast_signed()).collect::<Vec<_>>())
    .bind(pieces.iter().map(|piece| piece.offset.cast_signed()).collect::<Vec<_>>())
    .bind(pieces.iter().map(|piece| piece.code).collect::<Vec<_>>())
    .bind(pieces.iter().map(|piece| nul::stored(&piece.reason).into_owned()).collect::<Vec<_>>())
    .bind(pieces.iter().map(|piece| piece.raw.as_slice()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected())
}

/// Moves the job's offset and counts on, and those of its source.
async fn book(
    connection: &mut PgConnection,
    batch: &Batch,
    rejected: u64,
    outcome: BatchOutcome,
    fresh: &Fresh<'_>,
) -> Result<()> {
    let read = (batch.messages.len() + batch.rejected.len()) as i64;
    sqlx::query(
        "UPDATE jobs SET line = $1, byte_offset = $2, read = read + $3, imported = imported + $4, duplicates = duplicates + $5,
         rejected = rejected + $6, mentions = mentions + $7 WHERE job_no = $8",
    )
    .bind(batch.line.cast_signed())
    .bind(batch.offset.cast_signed())
    .bind(read)
    .bind(outcome.imported.cast_signed())
    .bind(outcome.duplicates.cast_signed())
    .bind(rejected.cast_signed())
    .bind(outcome.mentions.cast_signed())
    .bind(batch.job_no)
    .execute(&mut *connection)
    .await?;
    let times = fresh.iter().map(|(_, parsed)| parsed.message.sent_at_ms);
    // The least of something and NULL is something.
    sqlx::query(
        "UPDATE sources SET messages = messages + $1, rejected = rejected + $2, first_ms = least(first_ms, $3),
         last_ms = greatest(last_ms, $4) WHERE source_no = $5",
    )
    .bind(outcome.imported.cast_signed())
    .bind(rejected.cast_signed())
    .bind(times.clone().min())
    .bind(times.max())
    .bind(i32::from(batch.source_no))
    .execute(connection)
    .await?;
    Ok(())
}
