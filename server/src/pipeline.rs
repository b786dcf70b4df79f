//! The story of a message, in one file: read → geoparse → store → full text. The index follows the store (see `live`).
//!
//! Each stage has a thread of its own (geoparsing all cores) and a short queue before it: the slowest sets the pace, and what
//! waits between them stays the same however long the file is.
//!
//! This file and `asking` alone compose the crates; they do not know each other.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow};
use geoparse::Parsed;
use ingest::{Item, Position, Reader};
use model::{Message, Rejected};
use store::{Batch, ImportJob, JobCounts, JobState, NewImport, ParsedMessage, Store, StoreError};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::conversation::{Said, parse_in_context};
use crate::knowledge::Knowledge;
use crate::live;
use crate::reading::Reading;
use crate::worker::{Held, Worker};

/// Items of one transaction: large enough for fast inserts, small enough to lose little to a crash.
pub(crate) const BATCH: usize = 10_000;
/// Bytes of text at which a batch ends early, so that long messages do not fill the memory.
const BATCH_BYTES: usize = 16 << 20;
/// Batches that may wait before each stage: the one before it runs ahead by so much and no more.
const AHEAD: usize = 2;
/// Messages added to the full text in one transaction after a large load: enough to be fast, few enough that little is lost and
/// that others get to write.
pub(crate) const TEXT_STEP: u32 = 250_000;
/// Bytes at each end of a file that its fingerprint is made of, beside its size.
const FINGERPRINT_BYTES: u64 = 64 * 1024;

/// What turns files into stored messages.
#[derive(Clone)]
pub(crate) struct Pipeline {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) knowledge: Arc<Knowledge>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Where a file goes and how it is read.
#[derive(Clone)]
pub(crate) struct Import {
    pub(crate) source: ingest::Source,
    pub(crate) case_no: u16,
    pub(crate) source_no: u16,
    pub(crate) options: ingest::Options,
    /// Items of one transaction.
    pub(crate) batch: usize,
    pub(crate) worker: Worker,
}

/// How far an import is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    pub(crate) counts: JobCounts,
    pub(crate) bytes: u64,
    pub(crate) total_bytes: u64,
}

/// What an import did, and what there is to say about it.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) counts: JobCounts,
    pub(crate) seconds: f64,
    /// Bytes on disk that are behind the last stored batch.
    pub(crate) bytes: u64,
    /// What was guessed: format, encoding, columns, zone.
    pub(crate) description: String,
    pub(crate) notes: ingest::Notes,
    /// How many of the rejected are notices of an application: no messages, but no failures either.
    pub(crate) notices: u64,
    /// The first few other rejections, for the terminal: line and reason.
    pub(crate) rejected: Vec<(u64, String)>,
    /// Whether it was read to its end, or stopped.
    pub(crate) ended: JobState,
}

/// Rejections that a report names; the rest are in the store.
const NAMED_REJECTIONS: usize = 5;

/// A batch on its way from stage to stage: of messages, then of messages with their mentions.
struct Prepared<M> {
    messages: Vec<M>,
    rejected: Vec<Rejected>,
    after: Position,
    done_bytes: u64,
}

impl Pipeline {
    /// Reads a file to its end: every message stored exactly once, everything unreadable kept with its reason.
    ///
    /// A file whose import was cut off goes on where its last stored batch ended.
    ///
    /// # Errors
    /// When the file cannot be read or the store fails; what was stored until then stays, and the next run goes on.
    pub(crate) async fn import(
        &self,
        import: Import,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> anyhow::Result<Report> {
        self.import_and(import, progress, std::future::ready(Ok(()))).await
    }

    /// The same by a process that serves nothing: leaves the index ready for the next start beside the store.
    ///
    /// # Errors
    /// As [`Self::import`], and when the data directory cannot be written.
    pub(crate) async fn import_and_index(
        &self,
        import: Import,
        progress: &mut (dyn FnMut(Progress) + Send),
        data: &Path,
    ) -> anyhow::Result<Report> {
        // Read beside the full text, which is written.
        let index = live::save_after_load(&self.store, &self.knowledge.regions, data);
        self.import_and(import, progress, index).await
    }

    async fn import_and(
        &self,
        import: Import,
        progress: &mut (dyn FnMut(Progress) + Send),
        index: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<Report> {
        let name = import.source.name().display().to_string();
        let reader = open(&import.source, &import.options, None)?;
        let fingerprint = fingerprint(import.source.file(), None).with_context(|| format!("{name}: cannot be read"))?;
        let new = NewImport {
            source_no: import.source_no,
            file_name: &name,
            fingerprint: &fingerprint,
            file_bytes: reader.total_bytes(),
            format: reader.description().format.as_str(),
            reading: &Reading::new(&import.options, reader.description(), 0).kept(),
            now_ms: self.clock.now_ms(),
            ..NewImport::default()
        };
        let job = self.store.begin_import(new, &import.worker.claim(self.clock.now_ms())).await?;
        self.go_on(&import, &job, progress, index).await
    }

    /// Goes on with a job that the worker has, to its end or until somebody stops it, and says in the list how it ended. It is
    /// called done when `index` is, too.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub(crate) async fn go_on(
        &self,
        import: &Import,
        job: &ImportJob,
        progress: &mut (dyn FnMut(Progress) + Send),
        index: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<Report> {
        let begun = Instant::now();
        let name = import.source.name().display().to_string();
        let held = import.worker.hold(&self.store, &self.clock, job.job_no);
        let mut result = self.read_batches(import, job, &held, progress).await;
        let is_lost = |error: &anyhow::Error| error.downcast_ref::<StoreError>().is_some();
        if !result.as_ref().is_err_and(is_lost) {
            let text = async { self.catch_up().await.context("full text") };
            let followed = match &result {
                Ok(report) if report.ended == JobState::Done => tokio::try_join!(text, index).map(drop),
                _ => text.await,
            };
            result = followed.and(result);
        }
        // What the store could not take, it may take later; what the file is, it stays.
        let (state, error) = match &result {
            Ok(report) => (report.ended, None),
            Err(error) if is_lost(error) => (JobState::Interrupted, None),
            Err(error) => (JobState::Failed, Some(format!("{error:#}"))),
        };
        drop(held);
        let worker = import.worker.name();
        let finished = self.store.finish_import(job.job_no, worker, state, error.as_deref(), self.clock.now_ms()).await;
        let mut report = result.with_context(|| name.clone())?;
        finished.with_context(|| format!("{name}: storing"))?;
        report.seconds = begun.elapsed().as_secs_f64();
        Ok(report)
    }

    async fn read_batches(
        &self,
        import: &Import,
        job: &ImportJob,
        held: &Held,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> anyhow::Result<Report> {
        let resume = (job.offset > 0).then_some(Position { line: job.line, offset: job.offset });
        let mut reader = open(&import.source, &import.options, resume)?;
        let total_bytes = reader.total_bytes();
        let mut report = Report {
            counts: JobCounts::default(),
            seconds: 0.0,
            bytes: 0,
            description: reader.description().to_string(),
            notes: ingest::Notes::default(),
            notices: 0,
            rejected: Vec::new(),
            ended: JobState::Done,
        };
        let (read, unread) = mpsc::channel::<anyhow::Result<Prepared<Message>>>(AHEAD);
        let batch = import.batch;
        let reading = tokio::task::spawn_blocking(move || {
            read_batches(&mut reader, batch, &read);
            reader.notes().clone()
        });
        let (geoparsed, mut receiver) = mpsc::channel(AHEAD);
        let pipeline = self.clone();
        let geoparsing = tokio::task::spawn_blocking(move || pipeline.geoparse_batches(unread, &geoparsed));
        loop {
            let prepared = tokio::select! {
                biased;
                () = import.worker.stopped() => {
                    report.ended = JobState::Interrupted;
                    break;
                }
                () = held.cancelled() => {
                    report.ended = JobState::Cancelled;
                    break;
                }
                prepared = receiver.recv() => prepared,
            };
            let Some(prepared) = prepared else { break };
            let is_cancelled = self.commit(import, job.job_no, prepared?, &mut report).await?;
            progress(Progress { counts: report.counts, bytes: report.bytes, total_bytes });
            if is_cancelled {
                report.ended = JobState::Cancelled;
                break;
            }
        }
        // The threads stop when nobody listens any more.
        drop(receiver);
        report.notes = reading.await.map_err(|_| anyhow!("the reading thread panicked"))?;
        geoparsing.await.map_err(|_| anyhow!("the geoparsing thread panicked"))?;
        Ok(report)
    }

    /// Stores a batch, and says whether somebody wants the job to stop.
    async fn commit(
        &self,
        import: &Import,
        job_no: i64,
        prepared: Prepared<ParsedMessage>,
        report: &mut Report,
    ) -> Result<bool, StoreError> {
        let read = (prepared.messages.len() + prepared.rejected.len()) as u64;
        let rejected = prepared.rejected.len() as u64;
        let is_notice = |rejected: &&Rejected| rejected.code == ingest::SYSTEM_NOTICE;
        report.notices += prepared.rejected.iter().filter(is_notice).count() as u64;
        let failures = prepared.rejected.iter().filter(|rejected| !is_notice(rejected));
        let named = failures.map(|rejected| (rejected.line, rejected.reason.clone()));
        report.rejected.extend(named.take(NAMED_REJECTIONS.saturating_sub(report.rejected.len())));
        let now_ms = self.clock.now_ms();
        let outcome = self
            .store
            .commit_batch(Batch {
                job_no,
                claim: Some(import.worker.claim(now_ms)),
                case_no: import.case_no,
                source_no: import.source_no,
                messages: prepared.messages,
                rejected: prepared.rejected,
                line: prepared.after.line,
                offset: prepared.after.offset,
                done_bytes: prepared.done_bytes,
                now_ms,
            })
            .await?;
        report.counts.read += read;
        report.counts.rejected += rejected;
        report.counts.imported += outcome.imported;
        report.counts.duplicates += outcome.duplicates;
        report.counts.mentions += outcome.mentions;
        report.counts.notices = report.notices;
        report.bytes = prepared.done_bytes;
        Ok(outcome.is_cancelled)
    }

    /// Makes up for what large batches left out of the full text and the spans of conversations.
    pub(crate) async fn catch_up(&self) -> Result<(), store::StoreError> {
        while self.store.catch_up(TEXT_STEP).await? > 0 {}
        Ok(())
    }

    /// Runs on its own thread: geoparses batch after batch on all cores. Stops when nobody listens any more.
    fn geoparse_batches(
        &self,
        mut unread: mpsc::Receiver<anyhow::Result<Prepared<Message>>>,
        sender: &mpsc::Sender<anyhow::Result<Prepared<ParsedMessage>>>,
    ) {
        while let Some(batch) = unread.blocking_recv() {
            let batch = batch.map(|Prepared { messages, rejected, after, done_bytes }| Prepared {
                messages: self.geoparse_all(messages),
                rejected,
                after,
                done_bytes,
            });
            if sender.blocking_send(batch).is_err() {
                return;
            }
        }
    }

    /// Geoparses a batch on all cores, keeping the order. The one way from messages to mentions, now and when they are read again.
    pub(crate) fn geoparse_all(&self, messages: Vec<Message>) -> Vec<ParsedMessage> {
        let said: Vec<Said<'_>> = messages.iter().map(Said::of).collect();
        let parsed = parse_in_context(&self.knowledge, &said);
        let together = messages.into_iter().zip(parsed);
        together
            .map(|(message, Parsed { mentions, topics })| ParsedMessage {
                message,
                mentions,
                topics: self.knowledge.topic_ids(topics),
            })
            .collect()
    }
}

/// Runs on its own thread: reads batches and hands them over. Stops at the end, at an error, and when nobody listens any more.
fn read_batches(reader: &mut Reader, batch: usize, sender: &mpsc::Sender<anyhow::Result<Prepared<Message>>>) {
    loop {
        let (mut messages, mut rejected, mut failure) = (Vec::with_capacity(batch), Vec::new(), None);
        let (mut bytes, mut is_done) = (0, false);
        while messages.len() + rejected.len() < batch && bytes < BATCH_BYTES {
            match reader.next() {
                Some(Ok(Item::Message(message))) => {
                    bytes += message.text.len();
                    messages.push(message);
                }
                Some(Ok(Item::Rejected(piece))) => rejected.push(piece),
                Some(Err(error)) => {
                    // What was read before is stored first.
                    failure = Some(error);
                    break;
                }
                None => {
                    is_done = true;
                    break;
                }
            }
        }
        let (after, done_bytes) = (Reader::position(reader), reader.done_bytes());
        let is_heard = sender.blocking_send(Ok(Prepared { messages, rejected, after, done_bytes })).is_ok();
        if let Some(error) = failure {
            let _ = sender.blocking_send(Err(error.into()));
            return;
        }
        if is_done || !is_heard {
            return;
        }
    }
}

fn open(source: &ingest::Source, options: &ingest::Options, resume: Option<Position>) -> anyhow::Result<Reader> {
    Ok(ingest::open_source(source, &ingest::Options { resume, ..options.clone() })?)
}

/// What a file's content is known by: its size, its beginning and its end; with `size`, those of what the file was when it had that
/// size. A file that grew is another file; what it shares with its former self is met again as duplicates.
pub(crate) fn fingerprint(path: &Path, size: Option<u64>) -> std::io::Result<String> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = std::fs::File::open(path)?;
    let size = size.map_or_else(|| Ok(file.metadata()?.len()), std::io::Result::Ok)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_le_bytes());
    let mut ends = Vec::new();
    (&mut file).take(FINGERPRINT_BYTES.min(size)).read_to_end(&mut ends)?;
    if size > FINGERPRINT_BYTES {
        file.seek(SeekFrom::Start(size.saturating_sub(FINGERPRINT_BYTES)))?;
        file.take(FINGERPRINT_BYTES).read_to_end(&mut ends)?;
    }
    hasher.update(&ends);
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}
