//! Live messages: a batch of JSON objects, a line each, stored when the answer is there. Late, out of order, or sent again: each is in
//! once.

use std::sync::Arc;

use axum::body::Bytes;
use futures_util::Stream;
use ingest::{Format, IngestError, Item, Options};
use model::imports::Received;
use model::{Message, Rejected};
use store::{Batch, NewImport};

use crate::error::ApiError;
use crate::importing;
use crate::pipeline::Pipeline;
use crate::reading::Reading;
use crate::state::App;
use crate::uploads::UploadError;

/// Largest batch.
pub(crate) const LIMIT_BYTES: u64 = 64 << 20;
/// Lines of one transaction.
const STEP: usize = 10_000;
/// The source when none is named, and the name of the job that takes messages in.
pub(crate) const LIVE: &str = "live";

/// Stores a batch of live messages.
///
/// # Errors
/// When the batch is too large, cut off, or names neither text nor time; when the store fails: what was stored stays, and sending the
/// batch again stores the rest.
pub(crate) async fn receive<E>(
    app: &Arc<App>,
    (case, source): (&str, &str),
    body: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Received, ApiError> {
    let case = importing::named(case, "case")?;
    let source_name = importing::named(source, "source")?;
    let id = crate::secret::hex(16)?;
    let (part, bytes) =
        app.importing.uploads.receive_part(&format!("{LIVE}-{id}"), body, LIMIT_BYTES).await.map_err(|error| {
            match error {
                UploadError::TooLarge(_) => ApiError::too_large(format!(
                    "a batch of messages holds at most {} MiB: send several",
                    LIMIT_BYTES >> 20
                )),
                error => error.into(),
            }
        })?;
    let map = importing::remembered_map(app, case, source_name).await?;
    let case_no = app.store.ensure_case(case).await?;
    let source_no = app.store.ensure_source(case_no, source_name, false).await?;
    let options = Options { format: Format::Jsonl, timezone: app.config.timezone.clone(), map, ..Options::default() };
    let standing = Standing { job_no: standing_job(app, source_no, &options).await?, case_no, source_no };
    let (pipeline, home) = importing::pipeline(app).await?;
    let mut received = Received::default();
    let path = ingest::Source::on_disk(part.path()).renamed(part.path(), LIVE.as_ref());
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || read(&path, &options, &sender));
    while let Some((messages, rejected)) = receiver.recv().await {
        standing.store(&pipeline, messages, rejected, bytes, &mut received).await?;
    }
    match reading.await.map_err(anyhow::Error::from)? {
        Ok(()) | Err(IngestError::Empty(_)) => {}
        Err(error @ (IngestError::NoColumn { .. } | IngestError::UnknownColumn { .. })) => {
            return Err(ApiError::bad_request("no_text_or_time", error.to_string()));
        }
        Err(error) => return Err(importing::cannot_be_read(&error)),
    }
    if home.some_were_read_quietly(&*app.store).await? {
        crate::home::go_on(app).await?;
    }
    Ok(received)
}

/// The job that takes in what is sent to a source.
async fn standing_job(app: &App, source_no: u16, options: &Options) -> Result<i64, ApiError> {
    let reading = Reading::of(options);
    let new = NewImport {
        source_no,
        file_name: LIVE,
        fingerprint: LIVE,
        format: options.format.as_str(),
        reading: &reading.kept(),
        now_ms: app.clock.now_ms(),
        ..NewImport::default()
    };
    Ok(app.store.standing_import(new).await?.job_no)
}

type Step = (Vec<Message>, Vec<Rejected>);

fn read(
    source: &ingest::Source,
    options: &Options,
    sender: &tokio::sync::mpsc::Sender<Step>,
) -> Result<(), IngestError> {
    let (mut messages, mut rejected) = (Vec::new(), Vec::new());
    for item in ingest::open_source(source, options)? {
        match item? {
            Item::Message(message) => messages.push(message),
            Item::Rejected(piece) => rejected.push(in_no_file(piece)),
        }
        if messages.len() + rejected.len() == STEP {
            let step = (std::mem::take(&mut messages), std::mem::take(&mut rejected));
            if sender.blocking_send(step).is_err() {
                return Ok(());
            }
        }
    }
    if !(messages.is_empty() && rejected.is_empty()) {
        let _ = sender.blocking_send((messages, rejected));
    }
    Ok(())
}

/// There is no file for the offset to be in: instead it is made from the bytes, so that a line that is sent again is kept once. It
/// stays below 2⁵³, so that scripts can hold it.
fn in_no_file(piece: Rejected) -> Rejected {
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(&piece.raw).as_bytes()[..8]);
    Rejected { offset: u64::from_be_bytes(first) >> 16, ..piece }
}

/// Where live messages go.
#[expect(clippy::struct_field_names, reason = "numbers of three things")]
struct Standing {
    job_no: i64,
    case_no: u16,
    source_no: u16,
}

impl Standing {
    async fn store(
        &self,
        pipeline: &Pipeline,
        messages: Vec<Message>,
        rejected: Vec<Rejected>,
        bytes: u64,
        received: &mut Received,
    ) -> Result<(), ApiError> {
        received.read += (messages.len() + rejected.len()) as u64;
        received.rejected += rejected.len() as u64;
        let parsing = pipeline.clone();
        let parsed = tokio::task::spawn_blocking(move || parsing.geoparse_all(messages));
        let batch = Batch {
            job_no: self.job_no,
            case_no: self.case_no,
            source_no: self.source_no,
            messages: parsed.await.map_err(anyhow::Error::from)?,
            rejected,
            done_bytes: bytes,
            now_ms: pipeline.clock.now_ms(),
            ..Batch::default()
        };
        let outcome = pipeline.store.commit_batch(batch).await?;
        received.imported += outcome.imported;
        received.duplicates += outcome.duplicates;
        received.mentions += outcome.mentions;
        Ok(())
    }
}
