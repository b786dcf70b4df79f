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
use ingest::{Item, Position, Reader};
use model::{Message, Rejected};
use store::{Batch, JobCounts, JobState, NewImport, ParsedMessage, Store};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::conversation::{Said, mentions_in_context};
use crate::knowledge::Knowledge;
use crate::live;

/// Items of one transaction: large enough for fast inserts, small enough to lose little to a crash.
const BATCH: usize = 10_000;
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
        let begun = Instant::now();
        let name = import.source.name().display().to_string();
        let mut reader = open(&import.source, &import.options, None)?;
        let fingerprint = fingerprint(import.source.file()).with_context(|| format!("{name}: cannot be read"))?;
        let job = self
            .store
            .begin_import(NewImport {
                source_no: import.source_no,
                file_name: &name,
                fingerprint: &fingerprint,
                file_bytes: reader.total_bytes(),
                now_ms: self.clock.now_ms(),
            })
            .await?;
        if job.offset > 0 {
            reader = open(&import.source, &import.options, Some(Position { line: job.line, offset: job.offset }))?;
        }
        let total_bytes = reader.total_bytes();
        let mut report = Report {
            counts: JobCounts::default(),
            seconds: 0.0,
            bytes: 0,
            description: reader.description().to_string(),
            notes: ingest::Notes::default(),
            notices: 0,
            rejected: Vec::new(),
        };
        let (read, unread) = mpsc::channel::<anyhow::Result<Prepared<Message>>>(AHEAD);
        let reading = tokio::task::spawn_blocking(move || {
            read_batches(&mut reader, &read);
            reader.notes().clone()
        });
        let (geoparsed, mut receiver) = mpsc::channel(AHEAD);
        let pipeline = self.clone();
        let geoparsing = tokio::task::spawn_blocking(move || pipeline.geoparse_batches(unread, &geoparsed));
        while let Some(prepared) = receiver.recv().await {
            let prepared = match prepared {
                Ok(prepared) => prepared,
                Err(error) => {
                    self.catch_up_text().await?;
                    self.store.finish_import(job.job_no, JobState::Failed, self.clock.now_ms()).await?;
                    return Err(error.context(name));
                }
            };
            self.commit(&import, job.job_no, prepared, &mut report)
                .await
                .with_context(|| format!("{name}: storing"))?;
            progress(Progress { counts: report.counts, bytes: report.bytes, total_bytes });
        }
        report.notes = reading.await.map_err(|_| anyhow!("{name}: the reading thread panicked"))?;
        geoparsing.await.map_err(|_| anyhow!("{name}: the geoparsing thread panicked"))?;
        let text = async { self.catch_up_text().await.context("full text") };
        tokio::try_join!(text, index).with_context(|| name.clone())?;
        self.store.finish_import(job.job_no, JobState::Done, self.clock.now_ms()).await?;
        report.seconds = begun.elapsed().as_secs_f64();
        Ok(report)
    }

    async fn commit(
        &self,
        import: &Import,
        job_no: i64,
        prepared: Prepared<ParsedMessage>,
        report: &mut Report,
    ) -> Result<(), store::StoreError> {
        let read = (prepared.messages.len() + prepared.rejected.len()) as u64;
        let rejected = prepared.rejected.len() as u64;
        let is_notice = |rejected: &&Rejected| rejected.code == ingest::SYSTEM_NOTICE;
        report.notices += prepared.rejected.iter().filter(is_notice).count() as u64;
        let failures = prepared.rejected.iter().filter(|rejected| !is_notice(rejected));
        let named = failures.map(|rejected| (rejected.line, rejected.reason.clone()));
        report.rejected.extend(named.take(NAMED_REJECTIONS.saturating_sub(report.rejected.len())));
        let outcome = self
            .store
            .commit_batch(Batch {
                job_no,
                case_no: import.case_no,
                source_no: import.source_no,
                messages: prepared.messages,
                rejected: prepared.rejected,
                line: prepared.after.line,
                offset: prepared.after.offset,
                now_ms: self.clock.now_ms(),
            })
            .await?;
        report.counts.read += read;
        report.counts.rejected += rejected;
        report.counts.imported += outcome.imported;
        report.counts.duplicates += outcome.duplicates;
        report.counts.mentions += outcome.mentions;
        report.bytes = prepared.done_bytes;
        Ok(())
    }

    /// Adds to the full text what large batches left out.
    pub(crate) async fn catch_up_text(&self) -> Result<(), store::StoreError> {
        while self.store.index_text(TEXT_STEP).await? > 0 {}
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
        let said: Vec<Said<'_>> = messages
            .iter()
            .map(|m| Said {
                conversation: &m.conversation,
                at: Some(m.sent_at_ms),
                text: &m.text,
                location: m.location.as_ref(),
            })
            .collect();
        let mentions = mentions_in_context(&self.knowledge, &said);
        messages.into_iter().zip(mentions).map(|(message, mentions)| ParsedMessage { message, mentions }).collect()
    }
}

/// Runs on its own thread: reads batches and hands them over. Stops at the end, at an error, and when nobody listens any more.
fn read_batches(reader: &mut Reader, sender: &mpsc::Sender<anyhow::Result<Prepared<Message>>>) {
    loop {
        let (mut messages, mut rejected, mut failure) = (Vec::with_capacity(BATCH), Vec::new(), None);
        let (mut bytes, mut is_done) = (0, false);
        while messages.len() + rejected.len() < BATCH && bytes < BATCH_BYTES {
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

/// What a file's content is known by: its size, its beginning and its end. A file that grew is another file; what it shares
/// with its former self is met again as duplicates.
fn fingerprint(path: &Path) -> std::io::Result<String> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_le_bytes());
    let mut ends = Vec::new();
    (&mut file).take(FINGERPRINT_BYTES).read_to_end(&mut ends)?;
    if size > FINGERPRINT_BYTES {
        file.seek(SeekFrom::Start(size.saturating_sub(FINGERPRINT_BYTES)))?;
        file.take(FINGERPRINT_BYTES).read_to_end(&mut ends)?;
    }
    hasher.update(&ends);
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}
