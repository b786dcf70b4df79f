//! What goes into a store and comes out of it.

use model::imports::JobState;
use model::{Decision, DecisionAction, Likeness, Mention, Message, Place, Rejected, TimeMs};

/// A case: the unit of who may see what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its number.
    pub case_no: u16,
    /// Its name.
    pub name: String,
}

/// A source of messages within a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Its number.
    pub source_no: u16,
    /// Its name, unique in its case.
    pub name: String,
    /// Number of its case.
    pub case_no: u16,
    /// Name of its case.
    pub case: String,
    /// Whether its messages are made up.
    pub synthetic: bool,
    /// Messages first read from it.
    pub messages: u64,
    /// Messages that it holds too, first read from another source.
    pub shared: u64,
    /// Pieces of input that could not be read.
    pub rejected: u64,
    /// First message.
    pub first_ms: Option<TimeMs>,
    /// Last message.
    pub last_ms: Option<TimeMs>,
}

/// A file about to be imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewImport<'a> {
    /// Where its messages go.
    pub source_no: u16,
    /// Its name.
    pub file_name: &'a str,
    /// What its content is known by.
    pub fingerprint: &'a str,
    /// Its size.
    pub file_bytes: u64,
    /// Its format.
    pub format: &'a str,
    /// How it is read, in the words of whoever reads it.
    pub reading: &'a str,
    /// The upload that it is, or is a part of; `None` when a process reads it where it stands.
    pub upload: Option<&'a str>,
    /// Who wants it imported.
    pub made_by: Option<&'a str>,
    /// Now.
    pub now_ms: TimeMs,
}

/// Who reads a job, and until when it counts as being read without another word.
///
/// A worker is a process, or a part of one, by a name that no other has. When its lease has run out, or the backend knows that it is
/// gone, its job is interrupted, and somebody else may go on with it; what it would still store is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The worker.
    pub worker: String,
    /// Now.
    pub now_ms: TimeMs,
    /// End of the lease.
    pub until_ms: TimeMs,
}

/// What a job did, all its runs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobCounts {
    /// Pieces of input seen.
    pub read: u64,
    /// Messages stored.
    pub imported: u64,
    /// Messages that were there already.
    pub duplicates: u64,
    /// Pieces that could not be read, notices among them.
    pub rejected: u64,
    /// Rejected pieces that are notices of an application.
    pub notices: u64,
    /// Mentions accepted and placed.
    pub mentions: u64,
}

/// An import job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportJob {
    /// Its number.
    pub job_no: i64,
    /// Number of its case.
    pub case_no: u16,
    /// Name of its case.
    pub case: String,
    /// Number of its source.
    pub source_no: u16,
    /// Name of its source.
    pub source: String,
    /// Name of the file.
    pub file_name: String,
    /// What the content of the file is known by.
    pub fingerprint: String,
    /// Size of the file.
    pub file_bytes: u64,
    /// How much of it is behind the last stored batch.
    pub done_bytes: u64,
    /// Its format; empty when not known.
    pub format: String,
    /// How it is read, in the words of whoever reads it.
    pub reading: String,
    /// The upload that it is, or is a part of.
    pub upload: Option<String>,
    /// Who wanted it imported.
    pub made_by: Option<String>,
    /// How far it is.
    pub state: JobState,
    /// Line where it goes on, from 1.
    pub line: u64,
    /// Byte offset where it goes on.
    pub offset: u64,
    /// What it did so far.
    pub counts: JobCounts,
    /// When it was put on the list.
    pub created_ms: TimeMs,
    /// When reading began.
    pub started_ms: Option<TimeMs>,
    /// When the run that goes on now, or went last, began.
    pub run_started_ms: TimeMs,
    /// What had been read before that run.
    pub run_read: u64,
    /// When it ended.
    pub ended_ms: Option<TimeMs>,
    /// Why it failed.
    pub error: Option<String>,
    /// Whether somebody wants it to stop.
    pub is_cancelled: bool,
}

/// Which jobs.
#[derive(Debug, Clone, Copy, Default)]
pub struct JobQuery<'a> {
    /// This one.
    pub job_no: Option<i64>,
    /// Of this source.
    pub source_no: Option<u16>,
    /// Of files of this name.
    pub file_name: Option<&'a str>,
    /// Of files of this content.
    pub fingerprint: Option<&'a str>,
    /// Of this upload.
    pub upload: Option<&'a str>,
    /// At most so many.
    pub limit: u32,
}

/// A message with what was found in it.
#[derive(Debug, Clone)]
pub struct ParsedMessage {
    /// The message.
    pub message: Message,
    /// Its mentions, accepted or not.
    pub mentions: Vec<Mention>,
    /// Ids of the topics it is about.
    pub topics: Vec<String>,
}

/// A batch of one job, stored together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Job.
    pub job_no: i64,
    /// Who reads it; stored only while that worker has the job. `None` for jobs that nobody holds, such as live intake.
    pub claim: Option<Claim>,
    /// Case.
    pub case_no: u16,
    /// Source.
    pub source_no: u16,
    /// Messages in file order.
    pub messages: Vec<ParsedMessage>,
    /// What could not be read.
    pub rejected: Vec<Rejected>,
    /// Line after the batch.
    pub line: u64,
    /// Byte offset after the batch.
    pub offset: u64,
    /// How much of the file is behind the batch.
    pub done_bytes: u64,
    /// Now.
    pub now_ms: TimeMs,
}

/// What a batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BatchOutcome {
    /// Messages stored.
    pub imported: u64,
    /// Messages that were there already.
    pub duplicates: u64,
    /// Accepted mentions stored.
    pub mentions: u64,
    /// Data version after the batch.
    pub data_version: u64,
    /// Whether somebody wants the job to stop.
    pub is_cancelled: bool,
}

/// A mention as the activity index needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndexRow {
    /// Number of the mention.
    pub mention_no: u64,
    /// Number of the place.
    pub place_no: u32,
    /// When the message was sent.
    pub sent_at_ms: TimeMs,
    /// Number of the message.
    pub message_no: u64,
    /// Number of the conversation.
    pub conversation_no: u32,
    /// Number of the sender.
    pub sender_no: u32,
    /// Case.
    pub case_no: u16,
    /// Source.
    pub source_no: u16,
    /// Confidence as read, 0 to 1.
    pub confidence: f32,
    /// Number of what the geoparser could not tell it from; 0 when it was stored before there were phrases.
    pub phrase_no: u32,
    /// Whether it waits for review when nobody decided.
    pub uncertain: bool,
    /// Bits of the topics that its message is about.
    pub topics: u32,
}

/// All messages of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Case.
    pub case_no: u16,
    /// Source.
    pub source_no: u16,
    /// Days since 1970-01-01 (UTC).
    pub day: i32,
    /// Messages first read from this source, with a place or without.
    pub messages: u64,
    /// Messages of this source that were first read from another one.
    pub shared: u64,
}

/// From when to when a conversation has messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConversationSpan {
    /// Conversation.
    pub conversation_no: u32,
    /// When its first message was sent.
    pub first_ms: TimeMs,
    /// When its last message was sent.
    pub last_ms: TimeMs,
    /// How many there are, with a place or without.
    pub messages: u64,
    /// The last message that was stored when this last changed.
    pub upto: u64,
}

/// A message met again in another source than the one it was first read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedRow {
    /// Number of this row: grows with what comes in.
    pub shared_no: u64,
    /// Number of the message.
    pub message_no: u64,
    /// Number of the other source.
    pub source_no: u16,
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredMessage {
    /// Its number.
    pub message_no: u64,
    /// When it was sent.
    pub sent_at_ms: TimeMs,
    /// Conversation.
    pub conversation: String,
    /// Sender.
    pub sender: String,
    /// Name of the source that it was first read from.
    pub source: String,
    /// Names of all sources that hold it, that one first.
    pub sources: Vec<String>,
    /// Name of its case.
    pub case: String,
    /// Number of its case.
    pub case_no: u16,
    /// Its words.
    pub text: String,
    /// Its mentions by place in the text.
    pub mentions: Vec<StoredMention>,
    /// Ids of the topics it is about, by number.
    pub topics: Vec<String>,
}

/// A mention as the geoparser read it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredMention {
    /// Its number.
    pub mention_no: u64,
    /// Number of what the geoparser could not tell it from.
    pub phrase_no: u32,
    /// Whether it waits for review when nobody decided.
    pub uncertain: bool,
    /// The mention.
    pub mention: Mention,
}

/// What the geoparser could not tell apart, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseRow {
    /// Its number.
    pub phrase_no: u32,
    /// Folded words.
    pub words: String,
    /// Signs.
    pub signs: String,
    /// Number of the place read.
    pub place_no: u32,
    /// Its id.
    pub place: String,
}

/// A decision to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDecision {
    /// What is decided.
    pub action: DecisionAction,
    /// Folded words.
    pub words: String,
    /// Signs and id of the place read; `None` when it is about the words however they are read.
    pub reading: Option<(String, String)>,
    /// The case it holds for; `None` for all.
    pub case_no: Option<u16>,
    /// The place, for actions that name one. Stored with the others when no message speaks of it yet.
    pub place: Option<Place>,
    /// Who decides.
    pub made_by: String,
    /// Now.
    pub made_at_ms: TimeMs,
    /// Why.
    pub note: Option<String>,
}

impl NewDecision {
    /// The same decision where it is in force and not overruled since, given the decisions about its words, newest first.
    pub(crate) fn already_made(&self, about_its_words: Vec<Decision>) -> Option<Decision> {
        let latest = about_its_words.into_iter().find(|old| self.rivals(old))?;
        let id = |place: &Option<Place>| place.as_ref().map(|place| place.id.clone());
        (latest.action == self.action && id(&latest.place) == id(&self.place)).then_some(latest)
    }

    /// Whether an older decision speaks, in force, for the very same mentions.
    fn rivals(&self, old: &Decision) -> bool {
        let same_reading = match &self.reading {
            Some(reading) => old.readings.contains(reading),
            None => old.readings.is_empty(),
        };
        old.undone_at_ms.is_none() && old.case_no == self.case_no && same_reading
    }

    /// The decision that it is from now on.
    pub(crate) fn made(self, number: u64) -> Decision {
        Decision {
            number,
            action: self.action,
            words: self.words,
            readings: self.reading.into_iter().collect(),
            case_no: self.case_no,
            place: self.place,
            made_by: self.made_by,
            made_at_ms: self.made_at_ms,
            note: self.note,
            undone_at_ms: None,
        }
    }
}

/// What re-geoparsing does to a mention.
#[derive(Debug, Clone, PartialEq)]
pub enum MentionChange {
    /// It is found no more.
    Removed {
        /// Its number.
        mention_no: u64,
    },
    /// It was not found before.
    Added {
        /// Message it is in.
        message_no: u64,
        /// What is read.
        mention: Mention,
    },
    /// The same words are read otherwise.
    Replaced {
        /// Its number, which stays.
        mention_no: u64,
        /// What is read now.
        mention: Mention,
        /// What it was like.
        was: Likeness,
        /// Case of its message.
        case_no: u16,
    },
    /// Its message is about other topics.
    Topics {
        /// The message.
        message_no: u64,
        /// Ids of the topics it is about.
        topics: Vec<String>,
    },
}

impl MentionChange {
    /// Topics that a message is about now.
    pub(crate) fn topics(&self) -> &[String] {
        if let Self::Topics { topics, .. } = self { topics } else { &[] }
    }

    /// What is read now.
    pub fn mention(&self) -> Option<&Mention> {
        match self {
            Self::Removed { .. } | Self::Topics { .. } => None,
            Self::Added { mention, .. } | Self::Replaced { mention, .. } => Some(mention),
        }
    }
}

/// Which rejected input.
#[derive(Debug, Clone, Copy, Default)]
pub struct RejectedQuery {
    /// Of this job.
    pub job_no: Option<i64>,
    /// Of this source.
    pub source_no: Option<u16>,
    /// Before this number: the next page.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
    /// Whether the raw bytes are wanted.
    pub with_raw: bool,
}

/// Input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its number.
    pub rejected_no: i64,
    /// Its job.
    pub job_no: i64,
    /// Case it would have gone to.
    pub case_no: u16,
    /// Name of its source.
    pub source: String,
    /// File.
    pub file_name: String,
    /// Line, from 1.
    pub line: u64,
    /// Byte offset.
    pub offset: u64,
    /// Stable code.
    pub code: String,
    /// What was wrong.
    pub reason: String,
    /// The beginning of it; empty where it was not wanted.
    pub raw: Vec<u8>,
}

/// Counts over everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Messages.
    pub messages: u64,
    /// First message.
    pub first_ms: Option<TimeMs>,
    /// Last message.
    pub last_ms: Option<TimeMs>,
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Number.
    pub user_no: i64,
    /// Name.
    pub name: String,
}
