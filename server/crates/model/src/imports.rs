//! JSON shapes of bringing messages in, shared by server and screen: uploads, previews, import jobs, rejected input, live intake.
//!
//! Times are RFC 3339 strings in UTC. Names that clients give to files are labels, never paths.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Mention;

/// A file that was sent and waits to be imported. Answer of `POST /uploads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// Random id: what `/imports` and `/uploads/{id}/preview` take.
    pub upload: String,
    /// What the client calls it.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// Which column or field is what. What is left out is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// The words of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it was sent; `date+clock` joins two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Who sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// The conversation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The source's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// How to read an upload. Body of `POST /uploads/{id}/preview`; everything may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PreviewBody {
    /// Format, as in `import --format`; found out from the content without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Zone of times that name none; the server's without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Which column or field is what; what was last said for the source without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<Mapping>,
    /// Case that it would go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Source that it would go to; the file's name without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// When messages were sent that carry no time (plain text).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// How files would be read. Answer of `POST /uploads/{id}/preview` and of `speurkaart import --preview --report json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// What would be read, a file each.
    pub files: Vec<FilePreview>,
    /// What would not.
    pub passed_over: Vec<PassedOver>,
}

/// How a file would be read, from its beginning.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilePreview {
    /// The file; behind the name of its archive where it is in one.
    pub file: String,
    /// Its format.
    pub format: String,
    /// Whether the format was found out, not asked for.
    pub format_guessed: bool,
    /// How its characters are written, where it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What parts its columns, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Names of columns found.
    pub columns: Vec<String>,
    /// What else was found out: the sheet, the tables, the order of dates.
    pub remarks: Vec<String>,
    /// Which column or field is what, said or guessed. In JSON only what was said: the rest is found object by object.
    pub map: Mapping,
    /// The zone that times without one are read in.
    pub timezone: String,
    /// Whether that zone is the usual one of this server and not one that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_guessed: Option<bool>,
    /// The first ten messages.
    pub messages: Vec<PreviewMessage>,
    /// Pieces looked at: messages and rejected.
    pub read: u64,
    /// How many of these would be rejected, notices among them.
    pub rejected: u64,
    /// The first of each kind of rejection.
    pub rejected_examples: Vec<RejectedExample>,
    /// How many of the rejected are notices of an application ("… joined").
    pub notices: u64,
    /// Whether that is the whole file and not only its beginning.
    pub whole_file: bool,
    /// Times that the clock showed twice, read as the first.
    pub ambiguous_times: u64,
    /// Times that the clock never showed, moved forward.
    pub nonexistent_times: u64,
    /// Dates without a time of day.
    pub dates_without_time: u64,
    /// What no column was found for (`text` or `time`): name one of `columns` in `map`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Why the file cannot be read as things stand; there are no messages then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A message of a preview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewMessage {
    /// When it was sent.
    pub time: String,
    /// Who sent it; empty when the source does not say.
    pub sender: String,
    /// Conversation.
    pub conversation: String,
    /// Its words.
    pub text: String,
    /// The source's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The location that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<PreviewLocation>,
    /// Places found in it, accepted or not; left out on the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Vec<Mention>>,
}

/// A location that came with a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewLocation {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// How far off it may be, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_m: Option<u32>,
    /// What the source calls the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Where and why something would be rejected; never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedExample {
    /// Line, from 1; none in formats that have no lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Byte offset, or row.
    pub offset: u64,
    /// Stable code.
    pub reason_code: String,
    /// What was wrong.
    pub reason: String,
    /// How many of this code there are in what was looked at.
    pub count: u64,
}

/// A file that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PassedOver {
    /// The file.
    pub file: String,
    /// Why not.
    pub reason: String,
}

/// An upload to be imported. Body of `POST /imports`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportBody {
    /// Id of the upload.
    pub upload: String,
    /// Case that its messages go to, made when there is none of this name.
    pub case: String,
    /// Name of the source; the file's name without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Format, as in `import --format`; found out from the content without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Zone of times that name none; the server's without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Which column or field is what; remembered for the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Mapping>,
    /// When messages were sent that carry no time (plain text).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Whether the messages are made up.
    #[serde(default)]
    pub synthetic: bool,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// Is being read.
    Running,
    /// Read to the end.
    Done,
    /// Cannot be read; what was stored until then stays.
    Failed,
    /// Stopped by somebody; what was stored until then stays.
    Cancelled,
    /// Whoever read it stopped in the middle; it goes on where it was.
    Interrupted,
}

impl JobState {
    /// Every state with its name.
    const ALL: [(Self, &'static str); 6] = [
        (Self::Queued, "queued"),
        (Self::Running, "running"),
        (Self::Done, "done"),
        (Self::Failed, "failed"),
        (Self::Cancelled, "cancelled"),
        (Self::Interrupted, "interrupted"),
    ];

    /// Its name, as stored and in JSON.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    /// Whether there is still something to be read.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Interrupted)
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// There is no state of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownJobState;

impl FromStr for JobState {
    type Err = UnknownJobState;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(state, _)| *state).ok_or(UnknownJobState)
    }
}

/// An import job: one file of messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its number.
    pub number: u64,
    /// Case.
    pub case: String,
    /// Source.
    pub source: String,
    /// The file; behind the name of its archive where it is in one.
    pub file: String,
    /// Its format; `auto` until it was opened.
    pub format: String,
    /// How far it is.
    pub state: JobState,
    /// Pieces of input read.
    pub read: u64,
    /// Messages stored.
    pub imported: u64,
    /// Messages that were there already.
    pub duplicates: u64,
    /// Pieces that could not be read, notices among them.
    pub rejected: u64,
    /// How many of the rejected are notices of an application.
    pub notices: u64,
    /// Mentions accepted and placed.
    pub mentions: u64,
    /// Bytes behind the last stored batch.
    pub bytes_done: u64,
    /// Size of the file.
    pub bytes_total: u64,
    /// When it was put on the list.
    pub created: String,
    /// When reading began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// Pieces read a second while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Why it failed; never message text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Who put it on the list; none from the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether it can be cancelled.
    pub can_cancel: bool,
    /// Whether what was rejected can be read once more.
    pub can_retry: bool,
}

/// Answer of `GET /imports`, newest first, and of `POST /imports`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jobs {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// `POST`: files of the upload that are not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<PassedOver>,
}

/// How to read once more what was rejected. Body of `POST /imports/{number}/retry`; what is left out stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RetryBody {
    /// Which column or field is what; remembered for the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<Mapping>,
    /// Format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Zone of times that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// What reading once more did. Answer of `POST /imports/{number}/retry`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retried {
    /// The job as it is now.
    pub job: Job,
    /// Rejected pieces that were read once more.
    pub tried: u64,
    /// How many of them are messages now; they have left the table of rejected input.
    pub cured: u64,
    /// How many of the cured are new; the others were stored already.
    pub imported: u64,
    /// How many are still rejected.
    pub still_rejected: u64,
}

/// What a batch of live messages did. Answer of `POST /messages` with `Content-Type: application/x-ndjson`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Received {
    /// Lines read.
    pub read: u64,
    /// Messages stored.
    pub imported: u64,
    /// Messages that were there already.
    pub duplicates: u64,
    /// Lines that could not be read; see `/rejected`.
    pub rejected: u64,
    /// Mentions accepted and placed.
    pub mentions: u64,
}

/// Answer of `POST /messages`: what it is, the kind of the body says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum MessagesAnswer {
    /// To a question in JSON.
    Page(crate::api::MessagePage),
    /// To live messages.
    Received(Received),
}

/// A piece of input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedView {
    /// Number of its job.
    pub job: u64,
    /// Source.
    pub source: String,
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Byte offset, or row. In live intake, which has no file, a number made from the bytes.
    pub offset: u64,
    /// Stable code.
    pub code: String,
    /// What was wrong.
    pub reason: String,
    /// The first 4 KiB of it in base64: in downloads, and where `raw=true` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_called_the_same_in_the_store_and_in_json() {
        for (state, name) in JobState::ALL {
            assert_eq!(serde_json::to_string(&state).ok(), Some(format!("{name:?}")));
            assert_eq!(name.parse(), Ok(state));
        }
        assert_eq!("asleep".parse::<JobState>(), Err(UnknownJobState));
    }
}
