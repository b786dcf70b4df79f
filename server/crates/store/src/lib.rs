//! Where everything is kept: messages, mentions, import jobs, rejected input, settings, people and their sessions.
//!
//! The rest of the product knows only [`Store`], behind an `Arc<dyn Store>`. A backend is a folder here (`sqlite`, `postgres`);
//! it must pass the contract suite in `tests/contract`. Never here: parsing, geoparsing, HTTP, or a clock (callers pass the time).

mod batch;
mod columns;
mod content_hash;
mod error;
mod known;
mod location;
mod migrations;
mod phrase_memory;
pub mod postgres;
mod room;
mod spans;
pub mod sqlite;
mod topics;
mod types;
mod words;

use async_trait::async_trait;
use model::{Decision, Place, TimeMs};

pub use content_hash::content_hash;
pub use error::StoreError;
pub use location::{DatabaseUrl, open, open_if_there};
pub use model::imports::JobState;
pub use topics::TopicRow;
pub use types::{
    Batch, BatchOutcome, CaseRow, Claim, ConversationSpan, Coverage, ImportJob, IndexRow, JobCounts, JobQuery,
    MentionChange, NewDecision, NewImport, ParsedMessage, PhraseRow, RejectedQuery, RejectedRow, SharedRow, SourceRow,
    StoredMention, StoredMessage, Totals, User,
};

/// What `upload` begins with where a job is no upload, but a file to be read where it stands.
pub const FILE_LIST: &str = "path:";

/// Result of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What every backend does. All methods may be called from several tasks, and from several processes on one database.
#[async_trait]
pub trait Store: Send + Sync {
    /// The number of the case of this name, made when there is none.
    async fn ensure_case(&self, name: &str) -> Result<u16>;

    /// The number of the source of this name in the case, made when there is none.
    async fn ensure_source(&self, case_no: u16, name: &str, synthetic: bool) -> Result<u16>;

    /// Which column or field is what in this source, as it was last said by hand.
    async fn source_map(&self, source_no: u16) -> Result<Option<String>>;

    /// Remembers which column or field is what in this source.
    async fn set_source_map(&self, source_no: u16, map: &str) -> Result<()>;

    /// Stores a batch in one transaction: messages, mentions, rejected input, offset and counts together or not at all. What
    /// follows a large batch may be made later: see [`Store::catch_up`].
    ///
    /// Fails with [`StoreError::JobLost`] when the worker of `batch.claim` does not have the job any more; else its lease is renewed.
    async fn commit_batch(&self, batch: Batch) -> Result<BatchOutcome>;

    // Import jobs: the list that people see and steer, shared by all processes. A running job is held by a worker (see `Claim`); one
    // whose worker is gone comes out of every method here as interrupted.

    /// Begins to import a file where it stands, or goes on with the unfinished job for the same file and content that nobody holds.
    ///
    /// A file whose job is done, or is being read by another worker, gets a new job: its messages will be duplicates. One that was
    /// cancelled or failed goes on.
    async fn begin_import(&self, import: NewImport<'_>, claim: &Claim) -> Result<ImportJob>;

    /// Goes on with a job whose file has grown since: what is known of the file is replaced, the position stays. `None` when another
    /// worker has it.
    async fn grow_import(&self, job_no: i64, import: NewImport<'_>, claim: &Claim) -> Result<Option<ImportJob>>;

    /// The job of this file name and fingerprint that takes in what has no end, such as live messages, made when there is none.
    /// Nobody holds it, and it is done after every batch.
    async fn standing_import(&self, import: NewImport<'_>) -> Result<ImportJob>;

    /// Puts a job on the list, for whichever worker comes first.
    async fn queue_import(&self, import: NewImport<'_>) -> Result<ImportJob>;

    /// Gives the worker the next job of an upload: one that was interrupted, or else one that waits. Of two workers, only one gets it.
    /// Uploads of which nothing is being read come before those that others are busy with, then the order of the list counts.
    async fn take_import(&self, claim: &Claim) -> Result<Option<ImportJob>>;

    /// The same for files that stand where every worker can read them: jobs whose `upload` begins with [`FILE_LIST`], which
    /// [`Store::take_import`] leaves alone.
    async fn take_listed_file(&self, claim: &Claim) -> Result<Option<ImportJob>>;

    /// Says that the worker is still at it, and tells whether somebody wants the job to stop. Fails with [`StoreError::JobLost`] when
    /// it does not have the job any more.
    async fn hold_import(&self, job_no: i64, claim: &Claim) -> Result<bool>;

    /// Ends a job that the worker has, or lays it down as interrupted. Fails with [`StoreError::JobLost`] when it has it no more.
    async fn finish_import(
        &self,
        job_no: i64,
        worker: &str,
        state: JobState,
        error: Option<&str>,
        now_ms: TimeMs,
    ) -> Result<ImportJob>;

    /// Stops a job: at once when nobody reads it, else its worker is told and stops after the batch. One that has ended stays as it
    /// is. `None` when there is no such job.
    async fn cancel_import(&self, job_no: i64, now_ms: TimeMs) -> Result<Option<ImportJob>>;

    /// Jobs, newest first.
    async fn import_jobs(&self, which: JobQuery<'_>, now_ms: TimeMs) -> Result<Vec<ImportJob>>;

    /// Rejected input, newest first.
    async fn rejected(&self, which: RejectedQuery) -> Result<Vec<RejectedRow>>;

    /// Stores what became of rejected pieces of a job that were read once more: those that began at `cured` leave the table, those
    /// in `batch.rejected` get their new reason. The position of the job stays.
    async fn commit_retry(&self, batch: Batch, cured: &[u64]) -> Result<BatchOutcome>;

    /// Places with a number above `after`, by number.
    async fn places(&self, after: Option<u32>) -> Result<Vec<(u32, Place)>>;

    /// Topics that a message is about, or was, by number.
    async fn topics(&self) -> Result<Vec<TopicRow>>;

    /// Mentions with a number above `after`, by number: what the activity index is built from.
    async fn index_rows(&self, after: u64, limit: u32) -> Result<Vec<IndexRow>>;

    /// All messages per case, source and UTC day, with a place or without.
    async fn coverage(&self) -> Result<Vec<Coverage>>;

    /// From when to when conversations have messages: those that changed after so many messages were stored.
    async fn conversation_spans(&self, after: u64) -> Result<Vec<ConversationSpan>>;

    // What several sources hold.

    /// Messages met again in another source of their case, with a number above `after`, by number; noted in the batch that met them.
    async fn shared_messages(&self, after: u64, limit: u32) -> Result<Vec<SharedRow>>;

    /// These messages with all their mentions, in the order asked; unknown numbers are left out.
    async fn messages(&self, message_nos: &[u64]) -> Result<Vec<StoredMessage>>;

    /// Numbers of messages that hold all the words, ascending, at most `limit`. No words select nothing.
    async fn search(&self, words: &str, limit: usize) -> Result<Vec<u64>>;

    /// All cases.
    async fn cases(&self) -> Result<Vec<CaseRow>>;

    /// All sources.
    async fn sources(&self) -> Result<Vec<SourceRow>>;

    /// Names of the files imported into each source, by number of the source, then in order of import.
    async fn source_files(&self) -> Result<Vec<(u16, String)>>;

    /// Counts over everything.
    async fn totals(&self) -> Result<Totals>;

    /// Grows with every change of data.
    async fn data_version(&self) -> Result<u64>;

    /// Grows when stored mentions changed, so that an index built from them must be built anew.
    async fn rewritten(&self) -> Result<u64>;

    /// Number of the message that holds the mention; `None` when there is no such mention.
    async fn message_of_mention(&self, mention_no: u64) -> Result<Option<u64>>;

    /// Every reading of these folded words.
    async fn phrases(&self, words: &[&str]) -> Result<Vec<PhraseRow>>;

    /// All decisions, newest first, undone ones too.
    async fn decisions(&self) -> Result<Vec<Decision>>;

    /// Makes a decision, and says whether it is new: the same one again, in force and not overruled since, is given back as it is.
    async fn decide(&self, decision: NewDecision) -> Result<(Decision, bool)>;

    /// Undoes a decision; once undone it stays as it is. `None` when there is none of this number.
    async fn undo_decision(&self, number: u64, now_ms: TimeMs) -> Result<Option<Decision>>;

    /// The batches that messages were stored in, as the first message of each and the one after its last; those that hold messages
    /// of a case, or all.
    async fn batches(&self, case_no: Option<u16>) -> Result<Vec<(u64, u64)>>;

    /// Changes stored mentions in one transaction. A decision about what was read before speaks for what is read instead, too.
    async fn rewrite_mentions(&self, changes: Vec<MentionChange>) -> Result<()>;

    /// The value of a setting; `None` when it is not set.
    async fn setting(&self, key: &str) -> Result<Option<String>>;

    /// Sets a setting, or takes it away.
    async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<()>;

    // Large loads, and an index that starts from a snapshot.

    /// Adds up to `limit` of the messages that large batches left out to the full text and to the spans of conversations; how many are
    /// left. A backend that always keeps both current has nothing to do.
    async fn catch_up(&self, limit: u32) -> Result<u64> {
        let _ = limit;
        Ok(0)
    }

    /// How many mentions there are up to and including this number, and the sum of the numbers of their messages (modulo 2⁶⁴):
    /// what a copy of them is verified by.
    async fn mention_sums(&self, upto: u64) -> Result<(u64, u64)>;

    // People and their sessions.

    /// How many people there are.
    async fn user_count(&self) -> Result<u64>;

    /// The person of this name, made when there is none.
    async fn ensure_user(&self, name: &str) -> Result<User>;

    /// Stores the hash of a one-time sign-in token.
    async fn create_sign_in_token(&self, hash: &[u8; 32], user_no: i64, expires_ms: TimeMs) -> Result<()>;

    /// Uses a token up; `None` when it is unknown, used or too old. Of two at once, one wins.
    async fn redeem_sign_in_token(&self, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>>;

    /// Stores the hash of a session.
    async fn create_session(&self, hash: &[u8; 32], user_no: i64, now_ms: TimeMs, expires_ms: TimeMs) -> Result<()>;

    /// Whose session it is; `None` when it is unknown or over.
    async fn session(&self, hash: &[u8; 32], now_ms: TimeMs) -> Result<Option<User>>;

    /// Forgets a session.
    async fn delete_session(&self, hash: &[u8; 32]) -> Result<()>;

    /// Fails when the store cannot be read and written.
    async fn ping(&self) -> Result<()>;

    /// What the last batch or the last rewriting of mentions by this process failed with, when that was want of room
    /// ([`StoreError::is_want_of_room`]): small writes may pass where large ones do not.
    fn want_of_room(&self) -> Option<StoreError>;
}
