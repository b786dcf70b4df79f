//! Import jobs of a server: put on the list from uploads, read in turn, several at once, and shown.
//!
//! What one server does not finish, the next one goes on with.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use ingest::{FieldMap, Options};
use jiff::tz::TimeZone;
use model::TimeMs;
use model::imports::{ImportBody, Job, JobState, Jobs, Mapping, PassedOver, Preview, PreviewBody};
use store::{ImportJob, JobQuery, NewImport};
use tokio::sync::{Mutex, Notify};

use crate::choosing::{self, Choice};
use crate::error::ApiError;
use crate::home::{self, RunHome};
use crate::knowledge::Knowledge;
use crate::live;
use crate::pipeline::{self, BATCH, Import, Pipeline};
use crate::previewing;
use crate::reading::{self, Reading};
use crate::state::App;
use crate::times::{self, rfc3339};
use crate::uploads::Uploads;
use crate::worker::Worker;

/// How often the list is looked at for what other processes put there.
const POLL: Duration = Duration::from_secs(2);
/// How long a worker rests after the store failed.
const REST: Duration = Duration::from_secs(10);
/// How often uploads that nobody needs any more are looked for.
const SWEEP: Duration = Duration::from_mins(10);
/// The case when none is named.
pub(crate) const DEFAULT_CASE: &str = "default";

/// What a server needs to bring messages in.
pub(crate) struct Importing {
    pub(crate) uploads: Uploads,
    /// Something was put on the list.
    queued: Notify,
    /// What was last read with.
    knowledge: Mutex<Option<Known>>,
    /// Held by whoever reads rejected input once more.
    pub(crate) retrying: Mutex<()>,
}

/// What messages are read with, and what it was made of.
struct Known {
    region: Option<String>,
    /// Of the files that it was loaded from.
    stamp: String,
    knowledge: Arc<Knowledge>,
}

impl Importing {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            uploads: Uploads::new(data),
            queued: Notify::new(),
            knowledge: Mutex::default(),
            retrying: Mutex::default(),
        }
    }
}

/// What turns files into stored messages, with the home region and the gazetteer of this moment.
///
/// # Errors
/// When the store fails or something does not read.
pub(crate) async fn pipeline(app: &App) -> anyhow::Result<(Pipeline, RunHome)> {
    let home = RunHome::stored(&*app.store).await?;
    let stamp = Knowledge::stamp(&app.config.data);
    let mut kept = app.importing.knowledge.lock().await;
    let region = home.region().map(str::to_owned);
    let knowledge = match &*kept {
        Some(known) if known.region == region && known.stamp == stamp => Arc::clone(&known.knowledge),
        _ => {
            let (data, with) = (app.config.data.clone(), region.clone());
            let load = tokio::task::spawn_blocking(move || Knowledge::load(&data, with.as_deref()));
            let knowledge = Arc::new(load.await??);
            app.topics.store(Arc::clone(knowledge.geoparser().topics()));
            *kept = Some(Known { region, stamp, knowledge: Arc::clone(&knowledge) });
            knowledge
        }
    };
    Ok((Pipeline { store: Arc::clone(&app.store), knowledge, clock: Arc::clone(&app.clock) }, home))
}

/// Reads jobs until the server stops: several at once, each worker one.
pub(crate) fn start(app: &Arc<App>, workers: usize) -> anyhow::Result<Vec<(Worker, tokio::task::JoinHandle<()>)>> {
    let swept = Arc::clone(app);
    tokio::spawn(async move {
        loop {
            if let Err(error) = swept.importing.uploads.sweep(&*swept.store, swept.clock.now_ms()).await {
                tracing::warn!(cause = format!("{error:#}"), "uploads could not be looked through");
            }
            tokio::time::sleep(SWEEP).await;
        }
    });
    (0..workers)
        .map(|_| {
            let worker = Worker::new()?;
            Ok((worker.clone(), tokio::spawn(work(Arc::clone(app), worker))))
        })
        .collect()
}

async fn work(app: Arc<App>, worker: Worker) {
    while !worker.is_stopped() {
        let rest = match work_once(&app, &worker).await {
            Ok(true) => continue,
            Ok(false) => POLL,
            Err(error) => {
                tracing::error!(cause = format!("{error:#}"), "an import stopped; it goes on later");
                REST
            }
        };
        tokio::select! {
            () = worker.stopped() => {}
            () = app.importing.queued.notified() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Reads the next job; false when there is none.
async fn work_once(app: &Arc<App>, worker: &Worker) -> anyhow::Result<bool> {
    let Some(job) = app.store.take_import(&worker.claim(app.clock.now_ms())).await? else { return Ok(false) };
    tracing::info!(job = job.job_no, bytes = job.file_bytes, resumed = job.offset > 0, "an import begins");
    let fail = async |reason: String| {
        let now_ms = app.clock.now_ms();
        app.store.finish_import(job.job_no, worker.name(), JobState::Failed, Some(&reason), now_ms).await
    };
    let source = match source(&app.importing.uploads, &job).await? {
        Ok(source) => source,
        Err(reason) => {
            fail(reason).await?;
            return Ok(true);
        }
    };
    let (pipeline, home) = match pipeline(app).await {
        Ok(pipeline) => pipeline,
        Err(error) => {
            fail("what the product knows of places cannot be loaded; the log of the server says more".into()).await?;
            return Err(error);
        }
    };
    let options = Reading::parse(&job.reading).options();
    let (case_no, source_no, worker) = (job.case_no, job.source_no, worker.clone());
    let import = Import { source, case_no, source_no, options, batch: BATCH, worker };
    // Whoever sees that it is done finds its messages on the map.
    match pipeline.go_on(&import, &job, &mut |_| {}, live::refresh(app)).await {
        Ok(report) => tracing::info!(
            job = job.job_no,
            ended = report.ended.as_str(),
            read = report.counts.read,
            imported = report.counts.imported,
            rejected = report.counts.rejected,
            seconds = report.seconds,
            "an import ended"
        ),
        // A file that cannot be read is the affair of whoever sent it; the list says why.
        Err(error) if error.downcast_ref::<store::StoreError>().is_none() => {
            tracing::info!(job = job.job_no, ended = JobState::Failed.as_str(), "an import ended");
        }
        Err(error) => return Err(error),
    }
    if home.some_were_read_quietly(&*app.store).await? {
        home::go_on(app).await?;
    }
    Ok(true)
}

/// The file of a job, or why it is not there.
async fn source(uploads: &Uploads, job: &ImportJob) -> anyhow::Result<Result<ingest::Source, String>> {
    let gone = || Ok(Err("the upload is not there any more: send the file again".to_owned()));
    let Some(uploaded) = job.upload.as_deref().and_then(|id| uploads.find(id)) else { return gone() };
    let part = Reading::parse(&job.reading).part;
    let parts =
        tokio::task::spawn_blocking(move || choosing::parts(&uploaded.path, uploaded.name.as_ref(), &mut Vec::new()));
    match parts.await?.map(|parts| parts.into_iter().nth(part)) {
        Ok(Some(source)) => Ok(Ok(source)),
        Ok(None) => gone(),
        Err(error) => Ok(Err(error.to_string())),
    }
}

/// The file of a job as it was sent, while it is still there.
///
/// # Errors
/// When the machine fails.
pub(crate) async fn kept_source(app: &App, job: &ImportJob) -> anyhow::Result<Option<ingest::Source>> {
    Ok(source(&app.importing.uploads, job).await?.ok())
}

/// How an upload would be read.
///
/// # Errors
/// When there is no such upload, something asked for makes no sense, or the store fails.
pub(crate) async fn preview(app: &Arc<App>, upload: &str, body: PreviewBody) -> Result<Preview, ApiError> {
    let uploaded = app.importing.uploads.find(upload).ok_or(ApiError::NotFound)?;
    let case = body.case.as_deref().unwrap_or(DEFAULT_CASE);
    let source_name = body.source.as_deref().unwrap_or(&uploaded.name).to_owned();
    let map = match &body.map {
        Some(map) => reading::field_map(map),
        None => remembered_map(app, case, &source_name).await?,
    };
    let wish = Wish { format: &body.format, timezone: &body.timezone, time: &body.time };
    let options = wish.options(app, map)?;
    let (pipeline, _) = pipeline(app).await?;
    let zone_guessed = body.timezone.is_none();
    let preview = tokio::task::spawn_blocking(move || {
        let choice = choosing::look(&uploaded.path, uploaded.name.as_ref(), &source_name, &options)?;
        previewing::preview(&choice, |_| options.clone(), Some(&pipeline.knowledge))
    });
    let mut preview = preview.await.map_err(anyhow::Error::from)?.map_err(|error| cannot_be_read(&error))?;
    for file in &mut preview.files {
        file.zone_guessed = Some(zone_guessed);
    }
    Ok(preview)
}

/// Puts the files of an upload on the list.
///
/// # Errors
/// When there is no such upload, no file of messages in it, something asked for makes no sense, or the store fails.
pub(crate) async fn queue(app: &Arc<App>, by: &str, body: ImportBody) -> Result<Jobs, ApiError> {
    let uploaded = app.importing.uploads.find(&body.upload).ok_or_else(|| {
        ApiError::bad_request("unknown_upload", "there is no upload of this id; send the file to /api/v1/uploads again")
    })?;
    let case = named(&body.case, "case")?;
    let source_name = named(body.source.as_deref().unwrap_or(&uploaded.name), "source")?.to_owned();
    let map = match &body.map {
        Some(map) => reading::field_map(map),
        None => remembered_map(app, case, &source_name).await?,
    };
    let wish = Wish { format: &body.format, timezone: &body.timezone, time: &body.time };
    let options = wish.options(app, map)?;
    let (path, with, for_source) = (uploaded.path.clone(), options.clone(), source_name.clone());
    let look = tokio::task::spawn_blocking(move || {
        let choice = choosing::look(&uploaded.path, uploaded.name.as_ref(), &for_source, &with)?;
        let fingerprint = pipeline::fingerprint(&path, None)
            .map_err(|error| ingest::IngestError::Open { path: uploaded.name.into(), source: error })?;
        Ok::<_, ingest::IngestError>((choice, fingerprint))
    });
    let (choice, fingerprint) = look.await.map_err(anyhow::Error::from)?.map_err(|error| cannot_be_read(&error))?;
    let Choice { chosen, passed_over } = choice;
    if chosen.is_empty() {
        let first = passed_over.first().map(|passed| match &passed.error {
            Some(error) => error.to_string(),
            None => format!("{}: {}", passed.name.display(), passed.reason),
        });
        let detail = format!("there is no file of messages in it; {}", first.unwrap_or_default());
        return Err(ApiError::bad_request("no_messages", detail));
    }
    let case_no = app.store.ensure_case(case).await?;
    let source_no = app.store.ensure_source(case_no, &source_name, body.synthetic).await?;
    if let Some(map) = &body.map {
        app.store.set_source_map(source_no, &reading::field_map(map).to_string()).await?;
    }
    let mut jobs = Vec::with_capacity(chosen.len());
    for chosen in chosen {
        let new = NewImport {
            source_no,
            file_name: &chosen.source.name().display().to_string(),
            fingerprint: &fingerprint,
            file_bytes: chosen.total_bytes,
            format: chosen.description.format.as_str(),
            reading: &Reading::new(&options, &chosen.description, chosen.part).kept(),
            upload: Some(&body.upload),
            made_by: Some(by),
            now_ms: app.clock.now_ms(),
        };
        jobs.push(shown(app, app.store.queue_import(new).await?));
    }
    app.importing.queued.notify_waiters();
    tracing::info!(jobs = jobs.len(), by, "imports were put on the list");
    let passed_over = passed_over
        .into_iter()
        .map(|passed| PassedOver { file: passed.name.display().to_string(), reason: passed.reason })
        .collect();
    Ok(Jobs { jobs, passed_over })
}

/// How somebody wants files to be read.
pub(crate) struct Wish<'a> {
    pub(crate) format: &'a Option<String>,
    pub(crate) timezone: &'a Option<String>,
    pub(crate) time: &'a Option<String>,
}

impl Wish<'_> {
    /// The options for that, or what makes no sense.
    ///
    /// # Errors
    /// When the format, the zone or the time is none.
    pub(crate) fn options(&self, app: &App, map: FieldMap) -> Result<Options, ApiError> {
        let timezone = match self.timezone {
            Some(name) => TimeZone::get(name).map_err(|_| {
                ApiError::bad_request("bad_timezone", "`timezone` is an IANA name, such as Europe/Amsterdam")
            })?,
            None => app.config.timezone.clone(),
        };
        let format = self.format.as_deref().unwrap_or("auto").parse().map_err(|_| {
            let known: Vec<_> = ingest::Format::names().collect();
            ApiError::bad_request("bad_format", format!("`format` is one of {}", known.join(", ")))
        })?;
        let stated_time = self.time.as_deref().map(|time| times::parse(time, &timezone)).transpose();
        let stated_time = stated_time.map_err(|error| ApiError::bad_request("bad_time", error))?;
        Ok(Options { format, timezone, map, stated_time, ..Options::default() })
    }
}

/// The mapping that a source was last imported with by hand.
///
/// # Errors
/// When the store fails.
pub(crate) async fn remembered_map(app: &App, case: &str, source: &str) -> Result<FieldMap, ApiError> {
    let sources = app.store.sources().await?;
    let Some(row) = sources.into_iter().find(|row| row.case == case && row.name == source) else {
        return Ok(FieldMap::default());
    };
    let written = app.store.source_map(row.source_no).await?;
    Ok(written.and_then(|map| FieldMap::parse(&map).ok()).unwrap_or_default())
}

/// A name for a case or a source.
///
/// # Errors
/// When it is empty or holds what could move a cursor.
pub(crate) fn named<'a>(name: &'a str, what: &'static str) -> Result<&'a str, ApiError> {
    let name = name.trim();
    if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
        return Err(ApiError::bad_request("bad_name", format!("`{what}` is a name of 1 to 200 bytes on one line")));
    }
    Ok(name)
}

/// A file that cannot be read at all; the sentence names the file as the client does, and never its text.
pub(crate) fn cannot_be_read(error: &ingest::IngestError) -> ApiError {
    ApiError::bad_request("unreadable", error.to_string())
}

/// The job of this number, where the actor may see its case.
///
/// # Errors
/// When there is none, or the store fails.
pub(crate) async fn find(app: &App, scope: &model::Scope, number: &str) -> Result<ImportJob, ApiError> {
    let job_no: i64 = number.parse().map_err(|_| {
        ApiError::bad_request("bad_number", "`number` is the number of an import job: see /api/v1/imports")
    })?;
    let which = JobQuery { job_no: Some(job_no), limit: 1, ..JobQuery::default() };
    let found = app.store.import_jobs(which, app.clock.now_ms()).await?;
    found.into_iter().find(|job| scope.allows(job.case_no)).ok_or(ApiError::NotFound)
}

/// A job as the API shows it.
pub(crate) fn shown(app: &App, job: ImportJob) -> Job {
    let is_running = job.state == JobState::Running;
    let seconds = (app.clock.now_ms() - job.run_started_ms) as f64 / 1000.0;
    let read = job.counts.read.saturating_sub(job.run_read);
    let is_kept = || job.upload.as_deref().is_some_and(|id| app.importing.uploads.find(id).is_some());
    let has_failures = job.counts.rejected > job.counts.notices;
    let can_retry = !job.state.is_open() && has_failures && (is_kept() || crate::retrying::by_pieces(&job.format));
    let time = |at_ms: TimeMs| rfc3339(at_ms);
    Job {
        number: job.job_no.unsigned_abs(),
        case: job.case,
        source: job.source,
        file: job.file_name,
        format: if job.format.is_empty() { "auto".into() } else { job.format },
        state: job.state,
        read: job.counts.read,
        imported: job.counts.imported,
        duplicates: job.counts.duplicates,
        rejected: job.counts.rejected,
        notices: job.counts.notices,
        mentions: job.counts.mentions,
        bytes_done: job.done_bytes,
        bytes_total: job.file_bytes,
        created: time(job.created_ms),
        started: job.started_ms.map(time),
        finished: job.ended_ms.map(time),
        rate: (is_running && seconds > 0.0).then(|| read as f64 / seconds),
        error: job.error,
        by: job.made_by,
        can_cancel: job.state.is_open() && !job.is_cancelled,
        can_retry,
    }
}

/// The mapping of a retry: what is said now over what was said before.
pub(crate) fn over(now: Mapping, before: Mapping) -> Mapping {
    Mapping {
        text: now.text.or(before.text),
        time: now.time.or(before.time),
        sender: now.sender.or(before.sender),
        conversation: now.conversation.or(before.conversation),
        id: now.id.or(before.id),
    }
}

/// The zone of a job, for lines that name none.
pub(crate) fn zone(name: &str) -> anyhow::Result<TimeZone> {
    TimeZone::get(name).with_context(|| format!("no time zone is called {name:?}"))
}
