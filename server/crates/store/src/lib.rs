//! Where everything is kept: messages, mentions, import jobs, rejected input, settings, people and their sessions.
//!
//! The rest of the product knows only [`Store`], behind an `Arc<dyn Store>`. A backend is a folder here (`sqlite`); it must pass
//! the contract suite in `tests/contract`. Never here: parsing, geoparsing, HTTP, or a clock (callers pass the time).

mod content_hash;
mod error;
pub mod sqlite;
mod types;
mod words;

use async_trait::async_trait;
use model::{Decision, Place, TimeMs};

pub use content_hash::content_hash;
pub use error::StoreError;
pub use types::{
    Batch, BatchOutcome, CaseRow, Coverage, ImportJob, IndexRow, JobCounts, JobState, MentionChange, NewDecision,
    NewImport, ParsedMessage, PhraseRow, RejectedRow, SharedRow, SourceRow, StoredMention, StoredMessage, Totals, User,
};
pub use words::match_expression;

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

    /// Begins to import a file, or goes on with the unfinished job for the same file and content.
    ///
    /// A file whose job is done gets a new job: its messages will all be duplicates.
    async fn begin_import(&self, import: NewImport<'_>) -> Result<ImportJob>;

    /// Stores a batch in one transaction: messages, mentions, rejected input, offset and counts together or not at all.
    async fn commit_batch(&self, batch: Batch) -> Result<BatchOutcome>;

    /// Ends a job.
    async fn finish_import(&self, job_no: i64, state: JobState, now_ms: TimeMs) -> Result<ImportJob>;

    /// Places with a number above `after`, by number.
    async fn places(&self, after: Option<u32>) -> Result<Vec<(u32, Place)>>;

    /// Mentions with a number above `after`, by number: what the activity index is built from.
    async fn index_rows(&self, after: u64, limit: u32) -> Result<Vec<IndexRow>>;

    /// All messages per case, source and UTC day, with a place or without.
    async fn coverage(&self) -> Result<Vec<Coverage>>;

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

    /// Rejected input, newest first, without its raw bytes.
    async fn rejected(&self, source_no: Option<u16>, limit: u32) -> Result<Vec<RejectedRow>>;

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
    fn want_of_room(&self) -> Option<StoreError> {
        None
    }
}
