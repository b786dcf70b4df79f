//! Going in: a batch is one transaction, and a message goes in once however often it is met.

use std::collections::{BTreeMap, HashMap};

use model::{Mention, SYSTEM_NOTICE, TimeMs, is_uncertain};
use sqlx::{PgConnection, PgPool, Row};

use super::copy::Rows;
use super::partitions::{Made, Period, by_period};
use super::read::small;
use super::{jobs, names, nul, phrases, spans, topics, write};
use crate::batch::{self, Fresh, Times};
use crate::columns;
use crate::content_hash::{msg_hash, rest_of_hash};
use crate::known::{Known, Learnt, Numbered, PlaceNumbers};
use crate::spans::Spans;
use crate::topics::{bits, of_fresh};
use crate::words::words_of;
use crate::{Batch, BatchOutcome, ParsedMessage, Result, TopicRow};

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

pub(super) async fn commit(pool: &PgPool, known: &Known, made: &Made, batch: Batch) -> Result<BatchOutcome> {
    let months = months(pool, made, &batch).await?;
    let mut transaction = write::begin(pool).await?;
    let is_cancelled = match &batch.claim {
        Some(claim) => jobs::hold_in(&mut transaction, batch.job_no, claim).await?,
        None => false,
    };
    let stored = store_messages(&mut transaction, known, &batch, months).await?;
    let taken = take_over_rejected(&mut transaction, &batch).await?;
    let rejected = insert_rejected(&mut transaction, &batch).await?;
    move_on(&mut transaction, &batch, rejected, stored.outcome).await?;
    let new = rejected.cast_signed() - taken.cast_signed();
    book(&mut transaction, &batch, new, stored.outcome, &stored.times).await?;
    let data_version = write::bump_data_version(&mut transaction).await?;
    transaction.commit().await?;
    known.remember(stored.learnt);
    Ok(BatchOutcome { data_version, is_cancelled, ..stored.outcome })
}

/// What became of rejected pieces that were read once more.
pub(super) async fn commit_retry(
    pool: &PgPool,
    known: &Known,
    made: &Made,
    batch: Batch,
    cured: &[u64],
) -> Result<BatchOutcome> {
    let months = months(pool, made, &batch).await?;
    let mut transaction = write::begin(pool).await?;
    let stored = store_messages(&mut transaction, known, &batch, months).await?;
    let gone = sqlx::query("DELETE FROM rejected WHERE job_no = $1 AND byte_offset = ANY($2)")
        .bind(batch.job_no)
        .bind(cured.iter().map(|offset| offset.cast_signed()).collect::<Vec<_>>())
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    for rejected in &batch.rejected {
        sqlx::query("UPDATE rejected SET code = $1, reason = $2 WHERE job_no = $3 AND byte_offset = $4")
            .bind(rejected.code)
            .bind(nul::stored(&rejected.reason))
            .bind(batch.job_no)
            .bind(rejected.offset.cast_signed())
            .execute(&mut *transaction)
            .await?;
    }
    sqlx::query(
        "UPDATE jobs SET imported = imported + $1, duplicates = duplicates + $2, mentions = mentions + $3, rejected = rejected - $4,
         notices = (SELECT count(*) FROM rejected r WHERE r.job_no = jobs.job_no AND r.code = $5) WHERE job_no = $6",
    )
    .bind(stored.outcome.imported.cast_signed())
    .bind(stored.outcome.duplicates.cast_signed())
    .bind(stored.outcome.mentions.cast_signed())
    .bind(gone.cast_signed())
    .bind(SYSTEM_NOTICE)
    .bind(batch.job_no)
    .execute(&mut *transaction)
    .await?;
    book(&mut transaction, &batch, -gone.cast_signed(), stored.outcome, &stored.times).await?;
    let data_version = write::bump_data_version(&mut transaction).await?;
    transaction.commit().await?;
    known.remember(stored.learnt);
    Ok(BatchOutcome { data_version, ..stored.outcome })
}

/// Content hashes of a batch by the partition that its messages go to.
type Months = BTreeMap<Period, Vec<[u8; 16]>>;

/// Sorts a batch by partition, and makes those that are not there: before its transaction, since making waits for every reader.
async fn months(pool: &PgPool, made: &Made, batch: &Batch) -> Result<Months> {
    let hashed = batch::hashed(batch);
    let months = by_period(hashed.iter().map(|(hash, parsed)| (second(parsed.message.sent_at_ms), *hash)));
    made.ensure(pool, months.keys().copied()).await?;
    Ok(months)
}

/// What the messages of a batch became, and the numbers that are known for good once that is committed.
struct Stored<'b> {
    outcome: BatchOutcome,
    times: Times,
    learnt: Learnt<'b>,
}

/// Messages that are not there yet, with their mentions and all that is counted by message.
async fn store_messages<'b>(
    connection: &mut PgConnection,
    known: &Known,
    batch: &'b Batch,
    months: Months,
) -> Result<Stored<'b>> {
    let hashed = batch::hashed(batch);
    let mut there = HashMap::new();
    for (period, hashes) in &months {
        there.extend(existing(connection, *period, hashes).await?);
    }
    let shared = share(connection, batch.source_no, &hashed, &there).await?;
    let fresh = batch::fresh(hashed, |hash| there.contains_key(hash));

    let case_no = batch.case_no;
    let (mut conversations, mut senders) = known.recall_names(case_no, &fresh);
    let numbered = names::number(connection, &names::CONVERSATIONS, case_no, &conversations.unknown).await?;
    conversations.learn(numbered);
    let numbered = names::number(connection, &names::SENDERS, case_no, &senders.unknown).await?;
    senders.learn(numbered);
    let found = || fresh.iter().flat_map(|(_, parsed)| &parsed.mentions);
    let mut places = known.recall_places(found().map(|mention| &mention.place));
    let numbered = names::number_places(connection, &places.unknown).await?;
    places.learn(numbered);
    let phrases = phrases::intern(connection, known, found(), &places).await?;
    let first_no = write::take_numbers(connection, "last_message", fresh.len()).await?;

    let topics = topics::number(connection, of_fresh(&fresh)).await?;
    insert_messages(connection, batch, &fresh, (&conversations, &senders, &topics), first_no).await?;
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
            topics: bits(&topics, &parsed.topics),
        };
        rows.extend(parsed.mentions.iter().map(|mention| (of, mention, phrase_nos.next().unwrap_or_default())));
    }
    insert_mentions(connection, &rows, &places).await?;
    if !fresh.is_empty() {
        sqlx::query("INSERT INTO batches (first_message_no) VALUES ($1)")
            .bind(first_no)
            .execute(&mut *connection)
            .await?;
        let mut known = Spans::default();
        for (_, ParsedMessage { message, .. }) in &fresh {
            known.add(conversations.get(&message.conversation).unwrap_or_default(), message.sent_at_ms);
        }
        let last_no = first_no.unsigned_abs() + fresh.len() as u64 - 1;
        spans::add(connection, &known.upto(last_no)).await?;
    }
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

/// The second that the content hash covers.
pub(super) fn second(sent_at_ms: TimeMs) -> i64 {
    sent_at_ms.div_euclid(1000)
}

/// Number and source of messages that are stored, by content hash.
type There = HashMap<[u8; 16], (i64, u16)>;

/// Which of these hashes are stored already.
async fn existing(connection: &mut PgConnection, period: Period, hashes: &[[u8; 16]]) -> Result<There> {
    let firsts: Vec<i64> = hashes.iter().map(msg_hash).collect();
    let rows = sqlx::query(
        "SELECT msg_hash, hash_rest, message_no, source_no FROM messages WHERE sent_s >= $1 AND sent_s < $2 AND msg_hash = ANY($3)",
    )
    .bind(period.from)
    .bind(period.to)
    .bind(firsts)
    .fetch_all(connection)
    .await?;
    let mut there = There::with_capacity(rows.len());
    for row in &rows {
        let mut hash = [0; 16];
        hash[..8].copy_from_slice(&row.try_get::<i64, _>(0)?.to_be_bytes());
        hash[8..].copy_from_slice(&row.try_get::<i64, _>(1)?.to_be_bytes());
        there.insert(hash, (row.try_get(2)?, small(row, 3)?));
    }
    Ok(there)
}

/// A message met again in another source belongs to both. Returns when those that are new to this source were sent.
async fn share(
    connection: &mut PgConnection,
    source_no: u16,
    hashed: &Fresh<'_>,
    there: &There,
) -> Result<Vec<TimeMs>> {
    let of_another = |hash: &[u8; 16]| there.get(hash).filter(|(_, first)| *first != source_no).map(|found| found.0);
    let sent_at = batch::elsewhere(hashed, of_another);
    if sent_at.is_empty() {
        return Ok(Vec::new());
    }
    // Those that are there are left out before they are numbered: numbers have no gaps by what comes again.
    let inserted: Vec<i64> = sqlx::query_scalar(
        "INSERT INTO shared_messages (message_no, source_no)
         SELECT m, $2 FROM unnest($1::bigint[]) WITH ORDINALITY AS t (m, at)
         WHERE NOT EXISTS (SELECT FROM shared_messages h WHERE h.message_no = m AND h.source_no = $2) ORDER BY at
         RETURNING message_no",
    )
    .bind(sent_at.iter().map(|(message_no, _)| *message_no).collect::<Vec<_>>())
    .bind(i32::from(source_no))
    .fetch_all(connection)
    .await?;
    let sent_at: HashMap<i64, TimeMs> = sent_at.into_iter().collect();
    Ok(inserted.iter().filter_map(|message_no| sent_at.get(message_no).copied()).collect())
}

async fn insert_messages(
    connection: &mut PgConnection,
    batch: &Batch,
    fresh: &Fresh<'_>,
    (conversations, senders, topics): (&Numbered<'_>, &Numbered<'_>, &[TopicRow]),
    first_no: i64,
) -> Result<()> {
    if fresh.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new();
    for (message_no, (hash, parsed)) in (first_no..).zip(fresh) {
        let message = &parsed.message;
        rows.row(13)
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
        rows.text(&message.text).text(&words_of(&message.text)).number(bits(topics, &parsed.topics).cast_signed());
    }
    rows.send(
        connection,
        "COPY messages (msg_hash, hash_rest, sent_s, message_no, sent_at_ms, case_no, source_no, conversation_no, sender_no, external_id,
         text, words, topics) FROM STDIN (FORMAT binary)",
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
    pub(super) topics: u32,
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
        rows.row(20)
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
            .text(&columns::of_alternatives(mention))
            .number(of.topics.cast_signed());
    }
    rows.send(
        connection,
        "COPY mentions (mention_no, msg_hash, sent_s, message_no, sent_at_ms, case_no, source_no, conversation_no, sender_no, place_no,
         phrase_no, span_start, span_end, confidence, accepted, uncertain, kind, reasons, alternatives, topics) FROM STDIN (FORMAT binary)",
    )
    .await
}

/// Counts the messages by UTC day.
async fn cover(connection: &mut PgConnection, batch: &Batch, times: &Times) -> Result<()> {
    let days = times.days();
    sqlx::query(
        "INSERT INTO coverage (case_no, source_no, day, messages, shared)
         SELECT $1, $2, d, m, s FROM unnest($3::integer[], $4::bigint[], $5::bigint[]) AS t (d, m, s)
         ON CONFLICT (case_no, source_no, day)
         DO UPDATE SET messages = coverage.messages + excluded.messages, shared = coverage.shared + excluded.shared",
    )
    .bind(i32::from(batch.case_no))
    .bind(i32::from(batch.source_no))
    .bind(days.keys().map(|day| *day as i32).collect::<Vec<_>>())
    .bind(days.values().map(|(messages, _)| *messages).collect::<Vec<_>>())
    .bind(days.values().map(|(_, shared)| *shared).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// What an earlier import of the same file rejected, too, goes over to this one: a piece is listed once, where it can be retried.
/// Returns how many pieces did.
async fn take_over_rejected(connection: &mut PgConnection, batch: &Batch) -> Result<u64> {
    if batch.rejected.is_empty() {
        return Ok(0);
    }
    let pieces = &batch.rejected;
    let of_jobs: Vec<i64> = sqlx::query_scalar(
        "DELETE FROM rejected r USING jobs j, jobs e, unnest($2::bigint[], $3::bytea[]) AS t (o, w)
         WHERE j.job_no = $1 AND e.job_no <> j.job_no AND j.fingerprint <> ''
           AND (e.source_no, e.file_name, e.fingerprint) = (j.source_no, j.file_name, j.fingerprint)
           AND r.job_no = e.job_no AND r.byte_offset = t.o AND r.raw = t.w
         RETURNING r.job_no",
    )
    .bind(batch.job_no)
    .bind(pieces.iter().map(|piece| piece.offset.cast_signed()).collect::<Vec<_>>())
    .bind(pieces.iter().map(|piece| piece.raw.as_slice()).collect::<Vec<_>>())
    .fetch_all(&mut *connection)
    .await?;
    let taken = of_jobs.len() as u64;
    if taken == 0 {
        return Ok(0);
    }
    sqlx::query(
        "UPDATE jobs SET rejected = rejected - t.n,
         notices = (SELECT count(*) FROM rejected r WHERE r.job_no = jobs.job_no AND r.code = $2)
         FROM (SELECT o, count(*) AS n FROM unnest($1::bigint[]) AS u (o) GROUP BY o) t WHERE job_no = t.o",
    )
    .bind(of_jobs)
    .bind(SYSTEM_NOTICE)
    .execute(&mut *connection)
    .await?;
    Ok(taken)
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

/// Moves the job's offset and counts on. A job that nobody holds is done after every batch.
async fn move_on(connection: &mut PgConnection, batch: &Batch, rejected: u64, outcome: BatchOutcome) -> Result<()> {
    let notices = batch.rejected.iter().filter(|rejected| rejected.code == SYSTEM_NOTICE).count();
    sqlx::query(
        "UPDATE jobs SET line = $1, byte_offset = $2, done_bytes = $3, read = read + $4, imported = imported + $5,
         duplicates = duplicates + $6, rejected = rejected + $7, notices = notices + $8, mentions = mentions + $9 WHERE job_no = $10",
    )
    .bind(batch.line.cast_signed())
    .bind(batch.offset.cast_signed())
    .bind(batch.done_bytes.cast_signed())
    .bind((batch.messages.len() + batch.rejected.len()) as i64)
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
            "UPDATE jobs SET ended_ms = $1, file_bytes = greatest(file_bytes, done_bytes), started_ms = coalesce(started_ms, $1)
             WHERE job_no = $2",
        )
        .bind(batch.now_ms)
        .bind(batch.job_no)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Moves the counts of the source on.
async fn book(
    connection: &mut PgConnection,
    batch: &Batch,
    rejected: i64,
    outcome: BatchOutcome,
    times: &Times,
) -> Result<()> {
    // The least of something and NULL is something.
    sqlx::query(
        "UPDATE sources SET messages = messages + $1, rejected = rejected + $2, first_ms = least(first_ms, $3),
         last_ms = greatest(last_ms, $4), shared = shared + $5 WHERE source_no = $6",
    )
    .bind(outcome.imported.cast_signed())
    .bind(rejected)
    .bind(times.first())
    .bind(times.last())
    .bind(times.shared.len() as i64)
    .bind(i32::from(batch.source_no))
    .execute(connection)
    .await?;
    Ok(())
}
