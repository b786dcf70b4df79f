//! All that an import left in a store, as lines that two stores can be compared by, and what must hold in any store at any moment.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

/// What an import leaves, a line a row; numbers that are given in the order in which names were first asked for, and times of import,
/// are left out.
const ROWS: [&str; 7] = [
    "SELECT 'message|' || m.message_no || '|' || hex(m.content_hash) || '|' || k.name || '|' || o.name || '|' || quote(c.name) || '|' ||
     quote(s.name) || '|' || m.sent_at_ms || '|' || quote(m.external_id) || '|' || quote(m.text)
     FROM messages m JOIN cases k ON k.case_no = m.case_no JOIN sources o ON o.source_no = m.source_no
     JOIN conversations c USING (conversation_no) JOIN senders s USING (sender_no) ORDER BY m.message_no",
    "SELECT 'mention|' || n.message_no || '|' || n.span_start || '|' || n.span_end || '|' || p.id || '|' || n.kind || '|' || n.confidence ||
     '|' || n.accepted || '|' || n.uncertain || '|' || n.reasons || '|' || n.alternatives || '|' || h.words || '|' || h.signs
     FROM mentions n JOIN places p USING (place_no) JOIN phrases h USING (phrase_no) ORDER BY n.mention_no",
    "SELECT 'rejected|' || line || '|' || byte_offset || '|' || code || '|' || reason || '|' || hex(raw) FROM rejected ORDER BY byte_offset",
    "SELECT 'job|' || file_name || '|' || fingerprint || '|' || state || '|' || line || '|' || byte_offset || '|' || read || '|' || imported ||
     '|' || duplicates || '|' || rejected || '|' || mentions FROM jobs ORDER BY job_no",
    "SELECT 'source|' || name || '|' || messages || '|' || shared || '|' || rejected || '|' || quote(first_ms) || '|' || quote(last_ms)
     FROM sources ORDER BY source_no",
    "SELECT 'day|' || case_no || '|' || source_no || '|' || day || '|' || messages || '|' || shared FROM coverage ORDER BY 1",
    "SELECT 'batch|' || first_message_no FROM batches ORDER BY first_message_no",
];

/// A store in the middle of an import or after it: how many messages it holds, and how its job stands.
pub(crate) struct Standing {
    pub(crate) messages: i64,
    pub(crate) is_running: bool,
}

async fn opened(data: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data.join("speurkaart.sqlite"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// All rows of the store in this directory.
pub(crate) fn rows(data: &Path) -> Vec<String> {
    block(async {
        let mut store = opened(data).await;
        let mut rows = Vec::new();
        for query in ROWS {
            rows.extend(sqlx::query_scalar::<_, String>(query).fetch_all(&mut store).await.unwrap());
        }
        // Every index and the full text against what they are of.
        let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut store).await.unwrap();
        assert_eq!(sound, "ok");
        let full_text = "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)";
        sqlx::query(full_text).execute(&mut store).await.unwrap();
        rows
    })
}

/// What differs first between two stores that should hold the same.
pub(crate) fn assert_same(clean: &[String], other: &[String], what: &str) {
    let differs = clean.iter().zip(other).position(|(clean, other)| clean != other);
    if let Some(at) = differs {
        panic!("{what}: row {at}\nclean: {}\nother: {}", clean[at], other[at]);
    }
    assert_eq!(clean.len(), other.len(), "{what}");
}

/// Looks into a copy of a store whose writer was killed, leaving the store itself as it is: its batches are whole.
pub(crate) fn standing(data: &Path) -> Option<Standing> {
    let copy = tempfile::tempdir().unwrap();
    for name in ["speurkaart.sqlite", "speurkaart.sqlite-wal"] {
        let _ = std::fs::copy(data.join(name), copy.path().join(name));
    }
    if !copy.path().join("speurkaart.sqlite").exists() {
        return None;
    }
    block(async {
        let mut store = opened(copy.path()).await;
        let job: Result<Option<(String, i64, i64)>, _> =
            sqlx::query_as("SELECT state, imported, rejected FROM jobs").fetch_optional(&mut store).await;
        // Killed before there was a table, or a job.
        let (state, imported, rejected) = job.ok().flatten()?;
        let counts = "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM rejected), (SELECT sum(messages) FROM coverage),
             (SELECT sum(messages) FROM sources), (SELECT count(*) FROM mentions n LEFT JOIN messages m USING (message_no) WHERE m.text IS NULL)";
        let (messages, rejections, covered, of_sources, astray): (i64, i64, Option<i64>, i64, i64) =
            sqlx::query_as(counts).fetch_one(&mut store).await.unwrap();
        assert_eq!(
            (messages, rejections, covered.unwrap_or(0), of_sources, astray),
            (imported, rejected, imported, imported, 0),
            "half a batch is in the store"
        );
        Some(Standing { messages, is_running: state == "running" })
    })
}
