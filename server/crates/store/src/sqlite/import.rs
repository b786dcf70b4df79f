//! Going in: a batch is one transaction, and a message goes in once however often it is met.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use model::{Mention, Message, Place, SYSTEM_NOTICE, TimeMs, is_uncertain};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};

use super::{Known, jobs, phrases, remember_places, text};
use crate::content_hash::{KEY_BYTES, message_key, msg_hash};
use crate::types::NumberedPlace;
use crate::{Batch, BatchOutcome, ParsedMessage, Result, StoreError, content_hash};

/// Rows of one INSERT: measured fastest around here, and below SQLite's 32,766 bound values for every table.
const ROWS: usize = 500;
const DAY_MS: i64 = 86_400_000;

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

/// A message of a batch under the key by which it is in once.
type Keyed<'b> = ([u8; KEY_BYTES], &'b ParsedMessage);

fn keyed_messages(batch: &Batch) -> Vec<Keyed<'_>> {
    let key = |message: &Message| message_key(message.sent_at_ms, &content_hash(batch.case_no, message));
    batch.messages.iter().map(|parsed| (key(&parsed.message), parsed)).collect()
}

/// The column that a distributed store spreads messages by.
fn spread((key, _): &Keyed<'_>) -> i64 {
    let mut hash = [0; 16];
    hash.copy_from_slice(&key[KEY_BYTES - 16..]);
    msg_hash(&hash)
}

pub(super) async fn commit(pool: &SqlitePool, known: &Mutex<Known>, batch: Batch) -> Result<BatchOutcome> {
    let read = (batch.messages.len() + batch.rejected.len()) as u64;
    let messages = keyed_messages(&batch);
    // IMMEDIATE: a transaction that begins as a reader and turns writer fails when another process wrote in between.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let is_cancelled = match &batch.claim {
        Some(claim) => jobs::hold_in(&mut transaction, batch.job_no, claim).await?,
        None => false,
    };
    let stored = store_messages(&mut transaction, known, &batch, messages).await?;
    let rejected = insert_rejected(&mut transaction, &batch).await?;
    let outcome = BatchOutcome { is_cancelled, ..stored.outcome };
    move_on(&mut transaction, &batch, read, rejected, outcome).await?;
    let data_version = book(&mut transaction, &batch, rejected.cast_signed(), stored.outcome, &stored.times).await?;
    transaction.commit().await?;
    stored.names.remember(known);
    Ok(BatchOutcome { data_version, ..outcome })
}

/// What became of rejected pieces that were read once more.
pub(super) async fn commit_retry(
    pool: &SqlitePool,
    known: &Mutex<Known>,
    batch: Batch,
    cured: &[u64],
) -> Result<BatchOutcome> {
    let messages = keyed_messages(&batch);
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let stored = store_messages(&mut transaction, known, &batch, messages).await?;
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
    stored.names.remember(known);
    Ok(BatchOutcome { data_version, ..stored.outcome })
}

/// What the messages of a batch became, and the names that are known for good once that is committed.
struct Stored {
    outcome: BatchOutcome,
    times: Times,
    names: NewNames,
}

struct NewNames {
    case_no: u16,
    conversations: Interned,
    senders: Interned,
    places: Vec<(String, u32)>,
    phrases: phrases::Phrases,
}

impl NewNames {
    fn remember(self, known: &Mutex<Known>) {
        remember_places(known, self.places);
        phrases::remember(known, self.phrases);
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        self.conversations.remember(&mut known.conversations, self.case_no);
        self.senders.remember(&mut known.senders, self.case_no);
    }
}

/// Messages that are not there yet, with their mentions and all that is counted by message.
async fn store_messages(
    connection: &mut SqliteConnection,
    known: &Mutex<Known>,
    batch: &Batch,
    messages: Vec<Keyed<'_>>,
) -> Result<Stored> {
    let there = existing(connection, &messages).await?;
    let shared = share(connection, batch.source_no, &messages, &there).await?;
    let mut in_batch = HashSet::with_capacity(messages.len());
    let fresh: Vec<Keyed<'_>> =
        messages.into_iter().filter(|(key, _)| !there.contains_key(key) && in_batch.insert(*key)).collect();

    let conversations = intern_names(connection, known, &CONVERSATIONS, batch.case_no, &fresh).await?;
    let senders = intern_names(connection, known, &SENDERS, batch.case_no, &fresh).await?;
    let found = || fresh.iter().flat_map(|(_, parsed)| &parsed.mentions);
    let (places, new_places) = number_unknown_places(connection, known, found()).await?;
    let of_mentions = phrases::intern(connection, known, found(), &places).await?;
    let first_no: i64 = sqlx::query_scalar::<_, i64>("SELECT coalesce(max(message_no), 0) + 1 FROM messages")
        .fetch_one(&mut *connection)
        .await?;
    insert_messages(connection, batch, &fresh, (&conversations.numbers, &senders.numbers), first_no).await?;
    let mut phrase_nos = of_mentions.numbers.iter().copied();
    let mentions: Vec<MentionRow<'_>> = (first_no..)
        .zip(&fresh)
        .flat_map(|(message_no, keyed)| keyed.1.mentions.iter().map(move |m| (message_no, spread(keyed), m)))
        .map(|(message_no, hash, mention)| (message_no, hash, mention, phrase_nos.next().unwrap_or_default()))
        .collect();
    insert_mention_rows(connection, &mentions, &places).await?;
    if !fresh.is_empty() {
        sqlx::query("INSERT INTO batches (first_message_no) VALUES (?)")
            .bind(first_no)
            .execute(&mut *connection)
            .await?;
    }
    text::follow(connection, first_no, fresh.len()).await?;
    let times = Times { fresh: fresh.iter().map(|(_, parsed)| parsed.message.sent_at_ms).collect(), shared };
    cover(connection, batch, &times).await?;
    Ok(Stored {
        outcome: BatchOutcome {
            imported: fresh.len() as u64,
            duplicates: (batch.messages.len() - fresh.len()) as u64,
            mentions: found().filter(|mention| mention.accepted).count() as u64,
            ..BatchOutcome::default()
        },
        times,
        names: NewNames { case_no: batch.case_no, conversations, senders, places: new_places, phrases: of_mentions },
    })
}

/// Which of these are stored already, with the number and source of their message.
async fn existing(
    connection: &mut SqliteConnection,
    messages: &[Keyed<'_>],
) -> Result<HashMap<[u8; KEY_BYTES], (i64, u16)>> {
    let mut there = HashMap::new();
    let (Some(first), Some(last)) =
        (messages.iter().map(|(key, _)| key).min(), messages.iter().map(|(key, _)| key).max())
    else {
        return Ok(there);
    };
    // Most loads bring times that nothing stored reaches into.
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM messages WHERE content_hash BETWEEN ? AND ?)")
        .bind(first.as_slice())
        .bind(last.as_slice())
        .fetch_one(&mut *connection)
        .await?;
    if !any {
        return Ok(there);
    }
    for chunk in messages.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT content_hash, message_no, source_no FROM messages WHERE content_hash IN (",
        );
        let mut list = query.separated(", ");
        for (key, _) in chunk {
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
            there.insert(key, (message_no, row.try_get(2)?));
        }
    }
    Ok(there)
}

/// A message met again in another source belongs to both. Returns when those that are new to this source were sent.
async fn share(
    connection: &mut SqliteConnection,
    source_no: u16,
    messages: &[Keyed<'_>],
    there: &HashMap<[u8; KEY_BYTES], (i64, u16)>,
) -> Result<Vec<TimeMs>> {
    // In the order of the file, so that the same input gives the same rows.
    let mut sent_at: HashMap<i64, TimeMs> = HashMap::new();
    let mut elsewhere = Vec::new();
    for (key, parsed) in messages {
        if let Some((message_no, first)) = there.get(key)
            && *first != source_no
            && sent_at.insert(*message_no, parsed.message.sent_at_ms).is_none()
        {
            elsewhere.push(*message_no);
        }
    }
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

/// When the messages that a batch brought to its source were sent.
struct Times {
    /// Those stored.
    fresh: Vec<TimeMs>,
    /// Those that another source had first.
    shared: Vec<TimeMs>,
}

/// A table of names that messages refer to by number.
struct NameTable {
    table: &'static str,
    number: &'static str,
    of: fn(&Message) -> &str,
    known: fn(&Known) -> &Names,
}

const CONVERSATIONS: NameTable = NameTable {
    table: "conversations",
    number: "conversation_no",
    of: |message| &message.conversation,
    known: |known| &known.conversations,
};
const SENDERS: NameTable =
    NameTable { table: "senders", number: "sender_no", of: |message| &message.sender, known: |known| &known.senders };

/// Numbers by case and name.
pub(super) type Names = HashMap<u16, HashMap<String, u32>>;

/// Names remembered with their numbers, by table; beyond this many, all are forgotten and asked for again.
pub(super) const REMEMBERED: usize = 1 << 20;

/// Numbers of the names of some messages.
struct Interned {
    /// One for each message, in their order.
    numbers: Vec<u32>,
    /// Names that were not known before.
    new: Vec<(String, u32)>,
}

impl Interned {
    /// What was committed may be remembered.
    fn remember(self, known: &mut Names, case_no: u16) {
        if known.values().map(HashMap::len).sum::<usize>() > REMEMBERED {
            known.clear();
        }
        known.entry(case_no).or_default().extend(self.new);
    }
}

async fn intern_names(
    connection: &mut SqliteConnection,
    known: &Mutex<Known>,
    table: &NameTable,
    case_no: u16,
    fresh: &[Keyed<'_>],
) -> Result<Interned> {
    let mut numbers = Vec::with_capacity(fresh.len());
    let mut unknown: HashSet<&str> = HashSet::new();
    {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = (table.known)(&known).get(&case_no);
        for (_, parsed) in fresh {
            let name = (table.of)(&parsed.message);
            let number = known.and_then(|known| known.get(name)).copied();
            if number.is_none() {
                unknown.insert(name);
            }
            numbers.push(number);
        }
    }
    let new = number_names(connection, table.table, table.number, case_no, &unknown).await?;
    let found: HashMap<&str, u32> = new.iter().map(|(name, number)| (name.as_str(), *number)).collect();
    let numbers = numbers
        .into_iter()
        .zip(fresh)
        .map(|(number, (_, parsed))| number.or_else(|| found.get((table.of)(&parsed.message)).copied()))
        // A name that was just put in is there: without a number, the column's NOT NULL would refuse the batch.
        .map(|number| number.ok_or(StoreError::Corrupt { table: table.table, column: "name", row: 0 }))
        .collect::<Result<_>>()?;
    Ok(Interned { numbers, new })
}

/// Stores names that are new and returns the numbers of all.
async fn number_names(
    connection: &mut SqliteConnection,
    table: &'static str,
    number: &'static str,
    case_no: u16,
    names: &HashSet<&str>,
) -> Result<Vec<(String, u32)>> {
    let names: Vec<&str> = names.iter().copied().collect();
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

/// Numbers for the places of these mentions, and which of them are new to us.
pub(super) async fn number_unknown_places<'m>(
    connection: &mut SqliteConnection,
    known: &Mutex<Known>,
    mentions: impl Iterator<Item = &'m Mention>,
) -> Result<(HashMap<String, u32>, Vec<(String, u32)>)> {
    let (mut numbers, mut new) = (HashMap::new(), Vec::new());
    let mut unknown: HashMap<&str, &Place> = HashMap::new();
    {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        for mention in mentions {
            let id = mention.place.id.as_str();
            if numbers.contains_key(id) {
                continue;
            }
            match known.places.get(id) {
                Some(number) => drop(numbers.insert(id.to_owned(), *number)),
                None => drop(unknown.insert(id, &mention.place)),
            }
        }
    }
    for (number, place) in number_places(connection, unknown.into_values().collect()).await? {
        numbers.insert(place.id.clone(), number);
        new.push((place.id, number));
    }
    Ok((numbers, new))
}

pub(super) async fn number_places(
    connection: &mut SqliteConnection,
    unknown: Vec<&Place>,
) -> Result<Vec<NumberedPlace>> {
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
        found.push((number, place.clone()));
    }
    Ok(found)
}

async fn insert_messages(
    connection: &mut SqliteConnection,
    batch: &Batch,
    fresh: &[Keyed<'_>],
    (conversations, senders): (&[u32], &[u32]),
    first_no: i64,
) -> Result<()> {
    for (c, chunk) in fresh.chunks(ROWS).enumerate() {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO messages
             (message_no, msg_hash, content_hash, case_no, source_no, conversation_no, sender_no, sent_at_ms, external_id, text) ",
        );
        query.push_values((c * ROWS..).zip(chunk), |mut row, (i, keyed)| {
            let (key, ParsedMessage { message, .. }) = keyed;
            row.push_bind(first_no + i as i64)
                .push_bind(spread(keyed))
                .push_bind(key.as_slice())
                .push_bind(batch.case_no)
                .push_bind(batch.source_no)
                .push_bind(conversations[i])
                .push_bind(senders[i])
                .push_bind(message.sent_at_ms)
                .push_bind(message.external_id.as_deref())
                .push_bind(message.text.as_str());
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
    places: &HashMap<String, u32>,
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
                .push_bind(places.get(&mention.place.id).copied())
                .push_bind(mention.kind.as_str())
                .push_bind(mention.confidence)
                .push_bind(mention.accepted)
                .push_bind(mention.reasons.join("\n"))
                .push_bind(serde_json::to_string(&mention.alternatives).unwrap_or_else(|_| "[]".into()))
                .push_bind(*phrase_no)
                .push_bind(is_uncertain(mention));
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Counts the messages by UTC day.
async fn cover(connection: &mut SqliteConnection, batch: &Batch, times: &Times) -> Result<()> {
    let mut days: HashMap<i64, (i64, i64)> = HashMap::new();
    for sent_at_ms in &times.fresh {
        days.entry(sent_at_ms.div_euclid(DAY_MS)).or_default().0 += 1;
    }
    for sent_at_ms in &times.shared {
        days.entry(sent_at_ms.div_euclid(DAY_MS)).or_default().1 += 1;
    }
    for (day, (messages, shared)) in days {
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
    let both = || times.fresh.iter().chain(&times.shared).copied();
    sqlx::query(
        "UPDATE sources SET messages = messages + ?, rejected = rejected + ?,
         first_ms = min(coalesce(first_ms, ?3), coalesce(?3, first_ms)), last_ms = max(coalesce(last_ms, ?4), coalesce(?4, last_ms)),
         shared = shared + ?5 WHERE source_no = ?6",
    )
    .bind(outcome.imported.cast_signed())
    .bind(rejected)
    .bind(both().min())
    .bind(both().max())
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
