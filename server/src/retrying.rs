//! Reading once more what was rejected: from the upload while it is there, else from the pieces that were kept.
//!
//! Only what was rejected is looked at: another mapping must not make other messages of those that were read before.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use ingest::{Item, Options, Position, Reader};
use model::imports::{Retried, RetryBody};
use model::{Message, Rejected};
use store::{Batch, ImportJob, RejectedQuery, RejectedRow, Store};

use crate::error::ApiError;
use crate::importing;
use crate::live;
use crate::pipeline::Pipeline;
use crate::reading::{self, Reading};
use crate::state::App;

/// Pieces of one transaction.
const STEP: usize = 10_000;
/// Rejected pieces that are asked for at once.
const PAGE: u32 = 10_000;

/// Whether pieces of this format can be read by themselves, without the file they stood in.
pub(crate) fn by_pieces(format: &str) -> bool {
    matches!(format, "csv" | "jsonl")
}

/// Where a rejected piece stood when it was read first: offset and line.
type Place = (u64, u64);

/// What the pieces became.
#[derive(Default)]
struct Reread {
    messages: Vec<Message>,
    cured: Vec<u64>,
    rejected: Vec<Rejected>,
}

/// Reads once more what a job rejected.
///
/// # Errors
/// When the job is not at an end, there is nothing left to read, something asked for makes no sense, or the store fails.
pub(crate) async fn retry(app: &Arc<App>, job: ImportJob, body: RetryBody) -> Result<Retried, ApiError> {
    if job.state.is_open() {
        return Err(ApiError::Conflict {
            code: "not_ended",
            detail: "The import has not ended: wait until it is done, or cancel it.",
        });
    }
    let _one_at_a_time = app.importing.retrying.lock().await;
    let kept = app.store.source_map(job.source_no).await?;
    let reading = wished(&job, &body, kept.as_deref())?;
    let options = reading.options();
    let pieces = pieces(&*app.store, job.job_no).await?;
    let tried = pieces.len() as u64;
    let source = importing::kept_source(app, &job).await?;
    if source.is_none() && !by_pieces(&reading.format) && !pieces.is_empty() {
        return Err(ApiError::Conflict {
            code: "upload_gone",
            detail: "The file is not kept any more, and its pieces cannot be read without it: send it again and import it; what is \
                     stored already will be duplicates.",
        });
    }
    let reread = tokio::task::spawn_blocking(move || match source {
        Some(source) => from_file(&source, &options, &pieces),
        None => from_pieces(&reading, &options, &pieces),
    });
    let reread = reread.await.map_err(anyhow::Error::from)?.map_err(|error| match error {
        Unread::File(error) => importing::cannot_be_read(&error),
        Unread::Machine(error) => ApiError::Internal(error.into()),
    })?;
    let (pipeline, _) = importing::pipeline(app).await?;
    let cured = reread.cured.len() as u64;
    let imported = store(&pipeline, &job, reread).await?;
    if let Some(map) = &body.map {
        app.store.set_source_map(job.source_no, &reading::field_map(map).to_string()).await?;
    }
    live::refresh(app).await?;
    tracing::info!(job = job.job_no, tried, cured, "rejected input was read once more");
    let job = importing::find(app, &model::Scope::All, &job.job_no.to_string()).await?;
    Ok(Retried { job: importing::shown(app, job), tried, cured, imported, still_rejected: tried - cured })
}

/// How to read now: what is wished for, else what was last said for the source, else as before.
fn wished(job: &ImportJob, body: &RetryBody, kept: Option<&str>) -> Result<Reading, ApiError> {
    let mut reading = Reading::parse(&job.reading);
    // Found out then, and so no more to be found out from a few pieces.
    reading.format.clone_from(&job.format);
    if let Some(format) = &body.format {
        format.parse::<ingest::Format>().map_err(|error| ApiError::bad_request("bad_format", error))?;
        reading.format.clone_from(format);
    }
    if let Some(timezone) = &body.timezone {
        importing::zone(timezone).map_err(|error| ApiError::bad_request("bad_timezone", error.to_string()))?;
        reading.timezone.clone_from(timezone);
    }
    let said = match &body.map {
        Some(map) => map.clone(),
        None => {
            kept.and_then(|map| ingest::FieldMap::parse(map).ok()).map(|map| reading::mapping(&map)).unwrap_or_default()
        }
    };
    reading.map = importing::over(said, reading.map);
    Ok(reading)
}

/// Everything that a job rejected but notices, by offset.
async fn pieces(store: &dyn Store, job_no: i64) -> Result<BTreeMap<u64, RejectedRow>, ApiError> {
    let mut which = RejectedQuery { job_no: Some(job_no), limit: PAGE, with_raw: true, ..RejectedQuery::default() };
    let mut pieces = BTreeMap::new();
    loop {
        let page = store.rejected(which).await?;
        let Some(last) = page.last() else { return Ok(pieces) };
        which.before = Some(last.rejected_no);
        let failures = page.into_iter().filter(|row| row.code != ingest::SYSTEM_NOTICE);
        pieces.extend(failures.map(|row| (row.offset, row)));
    }
}

/// Why pieces could not be read.
enum Unread {
    File(ingest::IngestError),
    Machine(std::io::Error),
}

impl From<ingest::IngestError> for Unread {
    fn from(error: ingest::IngestError) -> Self {
        Self::File(error)
    }
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Self::Machine(error)
    }
}

/// From the file as it was sent: from its first rejected piece to its last.
fn from_file(
    source: &ingest::Source,
    options: &Options,
    pieces: &BTreeMap<u64, RejectedRow>,
) -> Result<Reread, Unread> {
    let Some(first) = pieces.values().next() else { return Ok(Reread::default()) };
    let resume = Some(Position { line: first.line, offset: first.offset });
    let reader = ingest::open_source(source, &Options { resume, ..options.clone() })?;
    let wanted = pieces.values().map(|row| (row.offset, (row.offset, row.line))).collect();
    reread(reader, &wanted)
}

/// From what was kept of the pieces, one a line behind the header of their file. What was cut off when it was kept stays rejected.
fn from_pieces(reading: &Reading, options: &Options, pieces: &BTreeMap<u64, RejectedRow>) -> Result<Reread, Unread> {
    let mut file = tempfile::NamedTempFile::new()?;
    let mut written = match reading.format.as_str() {
        "csv" => header(reading)?,
        _ => Vec::new(),
    };
    let mut wanted = BTreeMap::new();
    for row in pieces.values().filter(|row| row.raw.len() < ingest::MAX_RAW_BYTES) {
        wanted.insert(written.len() as u64, (row.offset, row.line));
        written.extend_from_slice(row.raw.trim_ascii_end());
        written.push(b'\n');
    }
    if wanted.is_empty() {
        return Ok(Reread::default());
    }
    file.write_all(&written)?;
    file.flush()?;
    let source = ingest::Source::on_disk(file.path()).renamed(file.path(), "rejected".as_ref());
    let reader = ingest::open_source(&source, options)?;
    reread(reader, &wanted)
}

/// The first line of the file that the pieces stood in.
fn header(reading: &Reading) -> Result<Vec<u8>, std::io::Error> {
    if reading.header.is_empty() {
        return Ok(Vec::new());
    }
    let delimiter = reading.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok()).unwrap_or(b',');
    let mut line = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    line.write_record(&reading.header).map_err(std::io::Error::other)?;
    line.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

/// Takes out of a reader what stands where something is wanted; `wanted` is by offset in this reader.
fn reread(mut reader: Reader, wanted: &BTreeMap<u64, Place>) -> Result<Reread, Unread> {
    let mut reread = Reread::default();
    let Some((&last, _)) = wanted.last_key_value() else { return Ok(reread) };
    loop {
        let at = Reader::position(&reader).offset;
        if at > last {
            return Ok(reread);
        }
        let Some(item) = reader.next().transpose()? else { return Ok(reread) };
        let after = Reader::position(&reader).offset.max(at + 1);
        let here = wanted.range(at..after).map(|(_, place)| *place);
        match item {
            Item::Message(message) => {
                let before = reread.cured.len();
                reread.cured.extend(here.map(|(offset, _)| offset));
                if reread.cured.len() > before {
                    reread.messages.push(message);
                }
            }
            Item::Rejected(piece) => reread.rejected.extend(here.map(|(offset, line)| Rejected {
                offset,
                line,
                raw: Vec::new(),
                ..piece.clone()
            })),
        }
    }
}

/// Stores what the pieces became; returns how many messages are new.
async fn store(pipeline: &Pipeline, job: &ImportJob, reread: Reread) -> Result<u64, ApiError> {
    let Reread { mut messages, mut cured, mut rejected } = reread;
    let mut imported = 0;
    while !(messages.is_empty() && cured.is_empty() && rejected.is_empty()) {
        let some = messages.split_off(messages.len().saturating_sub(STEP));
        // Pieces leave the table with the last of the messages: cut off before, they are read once more and are duplicates.
        let is_last = messages.is_empty();
        let gone = if is_last { std::mem::take(&mut cured) } else { Vec::new() };
        let still = if is_last { std::mem::take(&mut rejected) } else { Vec::new() };
        let parsing = pipeline.clone();
        let parsed = tokio::task::spawn_blocking(move || parsing.geoparse_all(some));
        let batch = Batch {
            job_no: job.job_no,
            case_no: job.case_no,
            source_no: job.source_no,
            messages: parsed.await.map_err(anyhow::Error::from)?,
            rejected: still,
            now_ms: pipeline.clock.now_ms(),
            ..Batch::default()
        };
        imported += pipeline.store.commit_retry(batch, &gone).await?.imported;
    }
    pipeline.catch_up().await?;
    Ok(imported)
}
