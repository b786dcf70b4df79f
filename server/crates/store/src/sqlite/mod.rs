//! The SQLite backend: one file in the data directory, written by one connection at a time, read by several.

mod decisions;
mod following;
mod import;
mod jobs;
mod people;
mod phrases;
mod read;
mod rewrite;
mod settings;
mod spans;
mod text;
mod topics;
mod workers;

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use model::{Decision, Place, TimeMs};
use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::known::Known;
use crate::migrations::migrations;
use crate::room::Room;
use crate::{
    Batch, BatchOutcome, CaseRow, Claim, ConversationSpan, Coverage, ImportJob, IndexRow, JobQuery, JobState,
    MentionChange, NewDecision, NewImport, PhraseRow, RejectedQuery, RejectedRow, Result, SharedRow, SourceRow, Store,
    StoreError, StoredMessage, TopicRow, Totals, User,
};

/// Name of the file within the data directory.
pub const FILE_NAME: &str = "speurkaart.sqlite";

/// How long a writer waits for another process to finish its transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
const READERS: u32 = 4;

pub(crate) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    migrations![
        "0001_first",
        "0002_review",
        "0003_settings",
        "0010_source_map",
        "0020_jobs",
        "0030_shared_messages",
        "0040_bulk_loads",
        "0050_words",
        "0060_topics",
        "0070_conversation_spans",
    ]
});

/// A store in one SQLite file.
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
    /// Names that were committed with their numbers, so that a batch asks only for new ones.
    known: Known,
    workers: workers::Workers,
    room: Room,
}

impl SqliteStore {
    /// Whether there is a store in this directory.
    pub fn is_there(directory: &Path) -> bool {
        directory.join(FILE_NAME).is_file()
    }

    /// Opens the store in a directory; makes both when they are not there.
    ///
    /// # Errors
    /// When the directory cannot be used, the database is of a newer version, or a migration fails.
    pub async fn open(directory: &Path) -> Result<Self> {
        make_private_directory(directory).map_err(StoreError::Directory)?;
        let options = SqliteConnectOptions::new()
            .filename(directory.join(FILE_NAME))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory");
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        refuse_newer_schema(&writer).await?;
        MIGRATIONS.run(&writer).await?;
        let reader = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self {
            writer,
            reader,
            known: Known::default(),
            workers: workers::Workers::new(directory),
            room: Room::default(),
        })
    }
}

/// Messages are confidential: nobody but the owner reads the directory.
pub(crate) fn make_private_directory(directory: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

async fn refuse_newer_schema(pool: &SqlitePool) -> Result<()> {
    let exists: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(pool)
        .await?;
    if exists == 0 {
        return Ok(());
    }
    let found: i64 =
        sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations").fetch_one(pool).await?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ensure_case(&self, name: &str) -> Result<u16> {
        import::ensure_case(&self.writer, name).await
    }

    async fn ensure_source(&self, case_no: u16, name: &str, synthetic: bool) -> Result<u16> {
        import::ensure_source(&self.writer, case_no, name, synthetic).await
    }

    async fn source_map(&self, source_no: u16) -> Result<Option<String>> {
        import::source_map(&self.writer, source_no).await
    }

    async fn set_source_map(&self, source_no: u16, map: &str) -> Result<()> {
        import::set_source_map(&self.writer, source_no, map).await
    }

    async fn commit_batch(&self, batch: Batch) -> Result<BatchOutcome> {
        self.room.noted(import::commit(&self.writer, &self.known, batch).await)
    }

    async fn begin_import(&self, import: NewImport<'_>, claim: &Claim) -> Result<ImportJob> {
        jobs::begin(&self.writer, &self.workers, import, claim).await
    }

    async fn grow_import(&self, job_no: i64, import: NewImport<'_>, claim: &Claim) -> Result<Option<ImportJob>> {
        jobs::grow(&self.writer, &self.workers, job_no, import, claim).await
    }

    async fn standing_import(&self, import: NewImport<'_>) -> Result<ImportJob> {
        jobs::standing(&self.writer, &self.workers, import).await
    }

    async fn queue_import(&self, import: NewImport<'_>) -> Result<ImportJob> {
        jobs::queue(&self.writer, &self.workers, import).await
    }

    async fn take_import(&self, claim: &Claim) -> Result<Option<ImportJob>> {
        jobs::take(&self.reader, &self.writer, &self.workers, claim, false).await
    }

    async fn take_listed_file(&self, claim: &Claim) -> Result<Option<ImportJob>> {
        jobs::take(&self.reader, &self.writer, &self.workers, claim, true).await
    }

    async fn hold_import(&self, job_no: i64, claim: &Claim) -> Result<bool> {
        jobs::hold(&self.writer, job_no, claim).await
    }

    async fn finish_import(
        &self,
        job_no: i64,
        worker: &str,
        state: JobState,
        error: Option<&str>,
        now_ms: TimeMs,
    ) -> Result<ImportJob> {
        jobs::finish(&self.writer, &self.workers, job_no, worker, (state, error, now_ms)).await
    }

    async fn cancel_import(&self, job_no: i64, now_ms: TimeMs) -> Result<Option<ImportJob>> {
        jobs::cancel(&self.writer, &self.workers, job_no, now_ms).await
    }

    async fn import_jobs(&self, which: JobQuery<'_>, now_ms: TimeMs) -> Result<Vec<ImportJob>> {
        jobs::list(&self.reader, &self.workers, which, now_ms).await
    }

    async fn rejected(&self, which: RejectedQuery) -> Result<Vec<RejectedRow>> {
        read::rejected(&self.reader, which).await
    }

    async fn commit_retry(&self, batch: Batch, cured: &[u64]) -> Result<BatchOutcome> {
        import::commit_retry(&self.writer, &self.known, batch, cured).await
    }

    async fn places(&self, after: Option<u32>) -> Result<Vec<(u32, Place)>> {
        read::places(&self.reader, after).await
    }

    async fn topics(&self) -> Result<Vec<TopicRow>> {
        topics::all(&self.reader).await
    }

    async fn index_rows(&self, after: u64, limit: u32) -> Result<Vec<IndexRow>> {
        read::index_rows(&self.reader, after, limit).await
    }

    async fn coverage(&self) -> Result<Vec<Coverage>> {
        read::coverage(&self.reader).await
    }

    async fn conversation_spans(&self, after: u64) -> Result<Vec<ConversationSpan>> {
        spans::changed(&self.reader, after).await
    }

    async fn shared_messages(&self, after: u64, limit: u32) -> Result<Vec<SharedRow>> {
        read::shared_messages(&self.reader, after, limit).await
    }

    async fn messages(&self, message_nos: &[u64]) -> Result<Vec<StoredMessage>> {
        read::messages(&self.reader, message_nos).await
    }

    async fn search(&self, words: &str, limit: usize) -> Result<Vec<u64>> {
        text::search(&self.reader, words, limit).await
    }

    async fn cases(&self) -> Result<Vec<CaseRow>> {
        read::cases(&self.reader).await
    }

    async fn sources(&self) -> Result<Vec<SourceRow>> {
        read::sources(&self.reader).await
    }

    async fn source_files(&self) -> Result<Vec<(u16, String)>> {
        read::source_files(&self.reader).await
    }

    async fn totals(&self) -> Result<Totals> {
        read::totals(&self.reader).await
    }

    async fn data_version(&self) -> Result<u64> {
        read::data_version(&self.reader).await
    }

    async fn rewritten(&self) -> Result<u64> {
        read::rewritten(&self.reader).await
    }

    async fn message_of_mention(&self, mention_no: u64) -> Result<Option<u64>> {
        read::message_of_mention(&self.reader, mention_no).await
    }

    async fn phrases(&self, words: &[&str]) -> Result<Vec<PhraseRow>> {
        phrases::of_words(&self.reader, words).await
    }

    async fn decisions(&self) -> Result<Vec<Decision>> {
        decisions::all(&self.reader).await
    }

    async fn decide(&self, decision: NewDecision) -> Result<(Decision, bool)> {
        decisions::decide(&self.writer, &self.known, decision).await
    }

    async fn undo_decision(&self, number: u64, now_ms: TimeMs) -> Result<Option<Decision>> {
        decisions::undo(&self.writer, number, now_ms).await
    }

    async fn batches(&self, case_no: Option<u16>) -> Result<Vec<(u64, u64)>> {
        rewrite::batches(&self.reader, case_no).await
    }

    async fn rewrite_mentions(&self, changes: Vec<MentionChange>) -> Result<()> {
        self.room.noted(rewrite::rewrite(&self.writer, &self.known, changes).await)
    }

    async fn setting(&self, key: &str) -> Result<Option<String>> {
        settings::get(&self.reader, key).await
    }

    async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<()> {
        settings::set(&self.writer, key, value).await
    }

    async fn catch_up(&self, limit: u32) -> Result<u64> {
        following::catch_up(&self.writer, limit).await
    }

    async fn mention_sums(&self, upto: u64) -> Result<(u64, u64)> {
        read::mention_sums(&self.reader, upto).await
    }

    async fn user_count(&self) -> Result<u64> {
        people::count(&self.reader).await
    }

    async fn ensure_user(&self, name: &str) -> Result<User> {
        people::ensure(&self.writer, name).await
    }

    async fn create_sign_in_token(&self, hash: &[u8; 32], user_no: i64, expires_ms: TimeMs) -> Result<()> {
        people::create_token(&self.writer, hash, user_no, expires_ms).await
    }

    async fn redeem_sign_in_token(&self, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>> {
        people::redeem_token(&self.writer, hash, now_ms).await
    }

    async fn create_session(&self, hash: &[u8; 32], user_no: i64, now_ms: TimeMs, expires_ms: TimeMs) -> Result<()> {
        people::create_session(&self.writer, hash, user_no, now_ms, expires_ms).await
    }

    async fn session(&self, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>> {
        people::session(&self.reader, hash, now_ms).await
    }

    async fn delete_session(&self, hash: &[u8; 32]) -> Result<()> {
        people::delete_session(&self.writer, hash).await
    }

    async fn ping(&self) -> Result<()> {
        sqlx::query("UPDATE meta SET value = value + 1 WHERE key = 'pings'").execute(&self.writer).await?;
        Ok(())
    }

    fn want_of_room(&self) -> Option<StoreError> {
        self.room.wanted()
    }
}
