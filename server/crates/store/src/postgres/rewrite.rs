//! Re-geoparsing: a batch of mentions replaced by what the geoparser reads today, in one transaction.

use std::collections::{HashMap, HashSet};

use model::{Likeness, Mention, is_uncertain};
use sqlx::{PgConnection, PgPool};

use super::import::{OfMessage, insert_mentions};
use super::names::number_places;
use super::partitions::{Period, by_period};
use super::{nul, phrases, topics, write};
use crate::columns;
use crate::known::{Known, PlaceNumbers};
use crate::topics::bits;
use crate::{MentionChange, Result};

/// The batches that hold messages of the case, or all: first message and the one after the last.
pub(super) async fn batches(pool: &PgPool, case_no: Option<u16>) -> Result<Vec<(u64, u64)>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT first, past FROM (
             SELECT first_message_no AS first,
                    lead(first_message_no, 1, (SELECT value + 1 FROM meta WHERE key = 'last_message'))
                        OVER (ORDER BY first_message_no) AS past
             FROM batches) b
         WHERE $1::integer IS NULL
            OR EXISTS (SELECT 1 FROM messages m WHERE m.message_no >= first AND m.message_no < past AND m.case_no = $1)
         ORDER BY first",
    )
    .bind(case_no.map(i32::from))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(first, past)| (first.unsigned_abs(), past.unsigned_abs())).collect())
}

pub(super) async fn rewrite(pool: &PgPool, known: &Known, changes: Vec<MentionChange>) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut transaction = write::begin(pool).await?;
    let connection = &mut *transaction;
    let now: Vec<&Mention> = changes.iter().filter_map(MentionChange::mention).collect();
    let mut places = known.recall_places(now.iter().map(|mention| &mention.place));
    let numbered = number_places(connection, &places.unknown).await?;
    places.learn(numbered);
    let phrases = phrases::intern(connection, known, now.iter().copied(), &places).await?;

    let topics = topics::number(connection, changes.iter().flat_map(MentionChange::topics)).await?;
    let (mut removed, mut added, mut replaced) = (Vec::new(), Vec::new(), Vec::new());
    let mut about = Vec::new();
    let mut numbers = phrases.numbers.iter().copied();
    for change in &changes {
        match change {
            MentionChange::Removed { mention_no } => removed.push(mention_no.cast_signed()),
            MentionChange::Added { message_no, mention } => {
                added.push((message_no.cast_signed(), mention, numbers.next().unwrap_or_default()));
            }
            MentionChange::Replaced { mention_no, mention, was, case_no } => {
                replaced.push((mention_no.cast_signed(), mention, numbers.next().unwrap_or_default()));
                widen_decisions(connection, mention, was, *case_no).await?;
            }
            MentionChange::Topics { message_no, topics: ids } => {
                about.push((message_no.cast_signed(), bits(&topics, ids).cast_signed()));
            }
        }
    }
    let of_mentions: Vec<i64> = removed.iter().copied().chain(replaced.iter().map(|(number, ..)| *number)).collect();
    let seconds = seconds(connection, &of_mentions).await?;
    // Mentions that are added take the topics of their message.
    set_topics(connection, &about).await?;
    remove(connection, &removed, &seconds).await?;
    replace(connection, &replaced, &seconds, &places).await?;
    add(connection, &added, &places).await?;
    sqlx::query("UPDATE meta SET value = value + 1 WHERE key = 'rewritten'").execute(&mut *connection).await?;
    write::bump_data_version(connection).await?;
    transaction.commit().await?;
    known.remember_places(places);
    known.remember_phrases(phrases);
    Ok(())
}

/// When the messages of these mentions were sent: a statement that names the period need not look into every partition.
async fn seconds(connection: &mut PgConnection, mention_nos: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT mention_no, sent_s FROM mentions WHERE mention_no = ANY($1)")
        .bind(mention_nos)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Sets the topics of messages and of their mentions.
async fn set_topics(connection: &mut PgConnection, about: &[(i64, i32)]) -> Result<()> {
    let message_nos: Vec<i64> = about.iter().map(|(message_no, _)| *message_no).collect();
    let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT message_no, sent_s FROM messages WHERE message_no = ANY($1)")
        .bind(&message_nos)
        .fetch_all(&mut *connection)
        .await?;
    let seconds: HashMap<i64, i64> = rows.into_iter().collect();
    let there = about.iter().filter_map(|(message_no, bits)| Some((*seconds.get(message_no)?, (*message_no, *bits))));
    for (Period { from, to }, changes) in by_period(there) {
        for sql in [
            "UPDATE messages m SET topics = c.topics FROM unnest($3::bigint[], $4::integer[]) AS c (message_no, topics)
             WHERE m.sent_s >= $1 AND m.sent_s < $2 AND m.message_no = c.message_no",
            "UPDATE mentions m SET topics = c.topics FROM unnest($3::bigint[], $4::integer[]) AS c (message_no, topics)
             WHERE m.sent_s >= $1 AND m.sent_s < $2 AND m.message_no = c.message_no",
        ] {
            sqlx::query(sql)
                .bind(from)
                .bind(to)
                .bind(changes.iter().map(|(message_no, _)| *message_no).collect::<Vec<_>>())
                .bind(changes.iter().map(|(_, bits)| *bits).collect::<Vec<_>>())
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

async fn remove(connection: &mut PgConnection, mention_nos: &[i64], seconds: &HashMap<i64, i64>) -> Result<()> {
    let there = mention_nos.iter().filter_map(|number| Some((*seconds.get(number)?, *number)));
    for (Period { from, to }, numbers) in by_period(there) {
        sqlx::query("DELETE FROM mentions WHERE sent_s >= $1 AND sent_s < $2 AND mention_no = ANY($3)")
            .bind(from)
            .bind(to)
            .bind(numbers)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn replace(
    connection: &mut PgConnection,
    replaced: &[(i64, &Mention, u32)],
    seconds: &HashMap<i64, i64>,
    places: &PlaceNumbers<'_>,
) -> Result<()> {
    let there = replaced.iter().filter_map(|change| Some((*seconds.get(&change.0)?, change)));
    for (Period { from, to }, changes) in by_period(there) {
        let mentions = || changes.iter().map(|(_, mention, _)| *mention);
        sqlx::query(
            "UPDATE mentions n SET place_no = c.place_no, phrase_no = c.phrase_no, confidence = c.confidence, accepted = c.accepted,
                 uncertain = c.uncertain, kind = c.kind, reasons = c.reasons, alternatives = c.alternatives
             FROM unnest($3::bigint[], $4::integer[], $5::integer[], $6::real[], $7::boolean[], $8::boolean[], $9::text[], $10::text[],
                 $11::text[])
                 AS c (mention_no, place_no, phrase_no, confidence, accepted, uncertain, kind, reasons, alternatives)
             WHERE n.sent_s >= $1 AND n.sent_s < $2 AND n.mention_no = c.mention_no",
        )
        .bind(from)
        .bind(to)
        .bind(changes.iter().map(|(number, ..)| *number).collect::<Vec<_>>())
        .bind(mentions().map(|mention| places.get(&mention.place.id).map(u32::cast_signed)).collect::<Vec<_>>())
        .bind(changes.iter().map(|(_, _, phrase_no)| phrase_no.cast_signed()).collect::<Vec<_>>())
        .bind(mentions().map(|mention| mention.confidence).collect::<Vec<_>>())
        .bind(mentions().map(|mention| mention.accepted).collect::<Vec<_>>())
        .bind(mentions().map(is_uncertain).collect::<Vec<_>>())
        .bind(mentions().map(|mention| mention.kind.as_str()).collect::<Vec<_>>())
        .bind(mentions().map(|m| nul::stored(&columns::of_reasons(m)).into_owned()).collect::<Vec<_>>())
        .bind(mentions().map(|m| nul::stored(&columns::of_alternatives(m)).into_owned()).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Number, hash, time, case, source, conversation, sender and topics of a message.
type MessageRow = (i64, i64, i64, i32, i32, i32, i32, i32);

/// Adds mentions, unless another run has added them meanwhile.
async fn add(connection: &mut PgConnection, added: &[(i64, &Mention, u32)], places: &PlaceNumbers<'_>) -> Result<()> {
    let message_nos: Vec<i64> = added.iter().map(|(message_no, ..)| *message_no).collect();
    let spans: Vec<(i64, i32, i32)> =
        sqlx::query_as("SELECT message_no, span_start, span_end FROM mentions WHERE message_no = ANY($1)")
            .bind(&message_nos)
            .fetch_all(&mut *connection)
            .await?;
    let spans: HashSet<_> = spans.into_iter().collect();
    let messages: Vec<MessageRow> = sqlx::query_as(
        "SELECT message_no, msg_hash, sent_at_ms, case_no, source_no, conversation_no, sender_no, topics FROM messages
         WHERE message_no = ANY($1)",
    )
    .bind(&message_nos)
    .fetch_all(&mut *connection)
    .await?;
    let messages: HashMap<i64, OfMessage> = messages
        .into_iter()
        .map(|(message_no, msg_hash, sent_at_ms, case_no, source_no, conversation_no, sender_no, topics)| {
            let (conversation_no, sender_no) = (Some(conversation_no.cast_unsigned()), Some(sender_no.cast_unsigned()));
            let topics = topics.cast_unsigned();
            (
                message_no,
                OfMessage { message_no, msg_hash, sent_at_ms, case_no, source_no, conversation_no, sender_no, topics },
            )
        })
        .collect();
    let rows: Vec<_> = added
        .iter()
        .filter(|(message_no, mention, _)| {
            !spans.contains(&(*message_no, mention.start.cast_signed(), mention.end.cast_signed()))
        })
        .filter_map(|(message_no, mention, phrase_no)| Some((*messages.get(message_no)?, *mention, *phrase_no)))
        .collect();
    insert_mentions(connection, &rows, places).await
}

/// A decision made about what was read before speaks for what is read instead, too: nobody decides the same twice.
async fn widen_decisions(connection: &mut PgConnection, mention: &Mention, was: &Likeness, case_no: u16) -> Result<()> {
    let is = Likeness::of(mention);
    if is == *was {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO decision_readings (decision_no, signs, place)
         SELECT d.decision_no, $1, $2 FROM decisions d JOIN decision_readings r USING (decision_no)
         WHERE d.words = $3 AND r.signs = $4 AND r.place = $5 AND d.undone_ms IS NULL AND (d.case_no IS NULL OR d.case_no = $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(nul::stored(&is.signs))
    .bind(nul::stored(&is.place))
    .bind(nul::stored(&was.words))
    .bind(nul::stored(&was.signs))
    .bind(nul::stored(&was.place))
    .bind(i32::from(case_no))
    .execute(connection)
    .await?;
    Ok(())
}
