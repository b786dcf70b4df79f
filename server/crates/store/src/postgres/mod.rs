//! The PostgreSQL backend: for data that several servers and importers share, and for more than one machine holds.

mod copy;
mod decisions;
mod import;
mod jobs;
mod names;
mod nul;
mod partitions;
mod people;
mod phrases;
mod read;
mod rewrite;
mod search;
mod settings;
mod spans;
mod topics;
mod workers;
mod write;

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use model::{Decision, Place, TimeMs};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor as _, PgPool};

use crate::known::Known;
use crate::migrations::migrations;
use crate::room::Room;
use crate::{
    Batch, BatchOutcome, CaseRow, Claim, ConversationSpan, Coverage, ImportJob, IndexRow, JobQuery, JobState,
    MentionChange, NewDecision, NewImport, PhraseRow, RejectedQuery, RejectedRow, Result, SharedRow, SourceRow, Store,
    StoreError, StoredMessage, TopicRow, Totals, User,
};

/// Connections of one process.
const CONNECTIONS: u32 = 8;
/// How long the server may take to answer at the start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The oldest version that this is tested with.
const OLDEST: i32 = 15;

/// How every connection behaves: a writer waits this long for another; one that stopped in the middle (a frozen machine, a cut
/// line) loses its transaction; compiling a query costs more than ours take.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off;
    SET client_min_messages = warning";

pub(crate) static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| migrations!["0001_first", "0060_topics", "0070_conversation_spans"]);

/// A store in a PostgreSQL database.
pub struct PgStore {
    pool: PgPool,
    /// Names that were committed with their numbers, so that a batch asks only for new ones.
    known: Known,
    room: Room,
    partitions: partitions::Made,
    workers: workers::Workers,
}

impl PgStore {
    /// Opens the store in the database that a `postgres://` URL names; makes its tables when they are not there.
    ///
    /// # Errors
    /// When the URL makes no sense, the server cannot be reached or is too old, the database is of a newer version or does not
    /// speak UTF-8, or a migration fails. No error holds the URL: there may be a password in it.
    pub async fn open(url: &str) -> Result<Self> {
        let pool = connect(url).await?;
        refuse_newer_schema(&pool).await?;
        MIGRATIONS.run(&pool).await.map_err(StoreError::Migration)?;
        Ok(Self {
            pool,
            known: Known::default(),
            room: Room::default(),
            partitions: partitions::Made::default(),
            workers: workers::Workers::default(),
        })
    }

    /// Whether the database that the URL names has a store in it. Makes nothing.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn is_there(url: &str) -> Result<bool> {
        has_migrations(&connect(url).await?).await
    }
}

async fn connect(url: &str) -> Result<PgPool> {
    let options: PgConnectOptions = url.parse().map_err(|_| StoreError::Url)?;
    let options = options.application_name("speurkaart");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT_TIMEOUT)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(SESSION).await.map(drop) }))
        .connect_with(options)
        .await?;
    refuse_unfit_server(&pool).await?;
    Ok(pool)
}

async fn refuse_unfit_server(pool: &PgPool) -> Result<()> {
    let (version, encoding): (i32, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::integer / 10000, current_setting('server_encoding')",
    )
    .fetch_one(pool)
    .await?;
    if version < OLDEST {
        return Err(StoreError::OldServer { found: version, oldest: OLDEST });
    }
    if encoding == "UTF8" { Ok(()) } else { Err(StoreError::Encoding) }
}

async fn has_migrations(pool: &PgPool) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?)
}

async fn refuse_newer_schema(pool: &PgPool) -> Result<()> {
    if !has_migrations(pool).await? {
        return Ok(());
    }
    let found: i64 =
        sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations").fetch_one(pool).await?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}

#[async_trait]
impl Store for PgStore {
    async fn ensure_case(&self, name: &str) -> Result<u16> {
        names::ensure_case(&self.pool, name).await
    }

    async fn ensure_source(&self, case_no: u16, name: &str, synthetic: bool) -> Result<u16> {
        names::ensure_source(&self.pool, case_no, name, synthetic).await
    }

    async fn source_map(&self, source_no: u16) -> Result<Option<String>> {
        import::source_map(&self.pool, source_no).await
    }

    async fn set_source_map(&self, source_no: u16, map: &str) -> Result<()> {
        import::set_source_map(&self.pool, source_no, map).await
    }

    async fn commit_batch(&self, batch: Batch) -> Result<BatchOutcome> {
        self.room.noted(import::commit(&self.pool, &self.known, &self.partitions, batch).await)
    }

    async fn begin_import(&self, import: NewImport<'_>, claim: &Claim) -> Result<ImportJob> {
        jobs::begin(&self.pool, &self.workers, import, claim).await
    }

    async fn grow_import(&self, job_no: i64, import: NewImport<'_>, claim: &Claim) -> Result<Option<ImportJob>> {
        jobs::grow(&self.pool, &self.workers, job_no, import, claim).await
    }

    async fn standing_import(&self, import: NewImport<'_>) -> Result<ImportJob> {
        jobs::standing(&self.pool, import).await
    }

    async fn queue_import(&self, import: NewImport<'_>) -> Result<ImportJob> {
        jobs::queue(&self.pool, import).await
    }

    async fn take_import(&self, claim: &Claim) -> Result<Option<ImportJob>> {
        jobs::take(&self.pool, &self.workers, claim, false).await
    }

    async fn take_listed_file(&self, claim: &Claim) -> Result<Option<ImportJob>> {
        jobs::take(&self.pool, &self.workers, claim, true).await
    }

    async fn hold_import(&self, job_no: i64, claim: &Claim) -> Result<bool> {
        jobs::hold(&self.pool, &self.workers, job_no, claim).await
    }

    async fn finish_import(
        &self,
        job_no: i64,
        worker: &str,
        state: JobState,
        error: Option<&str>,
        now_ms: TimeMs,
    ) -> Result<ImportJob> {
        jobs::finish(&self.pool, job_no, worker, (state, error, now_ms)).await
    }

    async fn cancel_import(&self, job_no: i64, now_ms: TimeMs) -> Result<Option<ImportJob>> {
        jobs::cancel(&self.pool, job_no, now_ms).await
    }

    async fn import_jobs(&self, which: JobQuery<'_>, now_ms: TimeMs) -> Result<Vec<ImportJob>> {
        jobs::list(&self.pool, which, now_ms).await
    }

    async fn rejected(&self, which: RejectedQuery) -> Result<Vec<RejectedRow>> {
        read::rejected(&self.pool, which).await
    }

    async fn commit_retry(&self, batch: Batch, cured: &[u64]) -> Result<BatchOutcome> {
        import::commit_retry(&self.pool, &self.known, &self.partitions, batch, cured).await
    }

    async fn places(&self, after: Option<u32>) -> Result<Vec<(u32, Place)>> {
        read::places(&self.pool, after).await
    }

    async fn topics(&self) -> Result<Vec<TopicRow>> {
        topics::all(&self.pool).await
    }

    async fn index_rows(&self, after: u64, limit: u32) -> Result<Vec<IndexRow>> {
        read::index_rows(&self.pool, after, limit).await
    }

    async fn coverage(&self) -> Result<Vec<Coverage>> {
        read::coverage(&self.pool).await
    }

    async fn conversation_spans(&self, after: u64) -> Result<Vec<ConversationSpan>> {
        spans::changed(&self.pool, after).await
    }

    async fn shared_messages(&self, after: u64, limit: u32) -> Result<Vec<SharedRow>> {
        read::shared_messages(&self.pool, after, limit).await
    }

    async fn messages(&self, message_nos: &[u64]) -> Result<Vec<StoredMessage>> {
        read::messages(&self.pool, message_nos).await
    }

    async fn search(&self, words: &str, limit: usize) -> Result<Vec<u64>> {
        search::search(&self.pool, words, limit).await
    }

    async fn cases(&self) -> Result<Vec<CaseRow>> {
        read::cases(&self.pool).await
    }

    async fn sources(&self) -> Result<Vec<SourceRow>> {
        read::sources(&self.pool).await
    }

    async fn source_files(&self) -> Result<Vec<(u16, String)>> {
        read::source_files(&self.pool).await
    }

    async fn totals(&self) -> Result<Totals> {
        read::totals(&self.pool).await
    }

    async fn data_version(&self) -> Result<u64> {
        read::meta(&self.pool, "data_version").await
    }

    async fn rewritten(&self) -> Result<u64> {
        read::meta(&self.pool, "rewritten").await
    }

    async fn message_of_mention(&self, mention_no: u64) -> Result<Option<u64>> {
        read::message_of_mention(&self.pool, mention_no).await
    }

    async fn phrases(&self, words: &[&str]) -> Result<Vec<PhraseRow>> {
        phrases::of_words(&self.pool, words).await
    }

    async fn decisions(&self) -> Result<Vec<Decision>> {
        decisions::all(&self.pool).await
    }

    async fn decide(&self, decision: NewDecision) -> Result<(Decision, bool)> {
        decisions::decide(&self.pool, &self.known, decision).await
    }

    async fn undo_decision(&self, number: u64, now_ms: TimeMs) -> Result<Option<Decision>> {
        decisions::undo(&self.pool, number, now_ms).await
    }

    async fn batches(&self, case_no: Option<u16>) -> Result<Vec<(u64, u64)>> {
        rewrite::batches(&self.pool, case_no).await
    }

    async fn rewrite_mentions(&self, changes: Vec<MentionChange>) -> Result<()> {
        self.room.noted(rewrite::rewrite(&self.pool, &self.known, changes).await)
    }

    async fn setting(&self, key: &str) -> Result<Option<String>> {
        settings::get(&self.pool, key).await
    }

    async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<()> {
        settings::set(&self.pool, key, value).await
    }

    async fn catch_up(&self, _limit: u32) -> Result<u64> {
        search::merge_what_waits(&self.pool).await
    }

    async fn mention_sums(&self, upto: u64) -> Result<(u64, u64)> {
        read::mention_sums(&self.pool, upto).await
    }

    async fn user_count(&self) -> Result<u64> {
        people::count(&self.pool).await
    }

    async fn ensure_user(&self, name: &str) -> Result<User> {
        people::ensure(&self.pool, name).await
    }

    async fn create_sign_in_token(&self, hash: &[u8; 32], user_no: i64, expires_ms: TimeMs) -> Result<()> {
        people::create_token(&self.pool, hash, user_no, expires_ms).await
    }

    async fn redeem_sign_in_token(&self, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>> {
        people::redeem_token(&self.pool, hash, now_ms).await
    }

    async fn create_session(&self, hash: &[u8; 32], user_no: i64, now_ms: TimeMs, expires_ms: TimeMs) -> Result<()> {
        people::create_session(&self.pool, hash, user_no, now_ms, expires_ms).await
    }

    async fn session(&self, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>> {
        people::session(&self.pool, hash, now_ms).await
    }

    async fn delete_session(&self, hash: &[u8; 32]) -> Result<()> {
        people::delete_session(&self.pool, hash).await
    }

    async fn ping(&self) -> Result<()> {
        sqlx::query("UPDATE meta SET value = value + 1 WHERE key = 'pings'").execute(&self.pool).await?;
        Ok(())
    }

    fn want_of_room(&self) -> Option<StoreError> {
        self.room.wanted()
    }
}
