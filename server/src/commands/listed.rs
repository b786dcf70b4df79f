//! Files on the list of imports: `import --enqueue` puts them there, any number of `import --worker` read them, each file once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use ingest::{Options, Source};
use store::{FILE_LIST, ImportJob, JobQuery, JobState, NewImport, Store, StoreError};

use super::import::{Total, bar, explain, show, worker_until_signal};
use crate::choosing::{self, Choice, Chosen};
use crate::cli::ImportArgs;
use crate::clock::{Clock, SystemClock};
use crate::config::Data;
use crate::home::RunHome;
use crate::knowledge::Knowledge;
use crate::pipeline::{Import, Pipeline, Report, fingerprint};
use crate::reading::Reading;
use crate::worker::Worker;

/// How often a worker that found nothing looks again.
const LOOK: Duration = Duration::from_secs(1);
/// Jobs looked through for one that is not ended.
const JOBS: u32 = 10_000;

/// Puts what was chosen on the list.
pub(super) async fn enqueue(
    data: &Data,
    args: &ImportArgs,
    choice: &Choice,
    options: impl Fn(&str) -> Options,
) -> anyhow::Result<()> {
    let store = data.open().await?;
    let case_no = store.ensure_case(&args.case).await?;
    let mut files = HashMap::new();
    for Chosen { source, source_name, description, total_bytes, .. } in &choice.chosen {
        let source_no = store.ensure_source(case_no, source_name, false).await?;
        if let Some(map) = &args.map {
            store.set_source_map(source_no, map).await?;
        }
        let name = source.name().display().to_string();
        let file = source.file();
        if !files.contains_key(file) {
            files.insert(file, Listed::new(file).with_context(|| format!("{name}: cannot be read"))?);
        }
        let listed = &files[file];
        let part = listed.parts.iter().position(|part| part == source.name()).unwrap_or_default();
        store
            .queue_import(NewImport {
                source_no,
                file_name: &name,
                fingerprint: &listed.fingerprint,
                file_bytes: *total_bytes,
                format: description.format.as_str(),
                reading: &Reading::new(&options(source_name), description, part).kept(),
                upload: Some(&format!("{FILE_LIST}{}", listed.path.display())),
                made_by: None,
                now_ms: SystemClock.now_ms(),
            })
            .await?;
    }
    println!("{} files on the list; `speurkaart import --worker` reads them", choice.chosen.len());
    Ok(())
}

/// A file on disk that jobs on the list are of.
struct Listed {
    path: PathBuf,
    fingerprint: String,
    /// Names of what is in it, in the order in which they are found again.
    parts: Vec<PathBuf>,
}

impl Listed {
    fn new(file: &Path) -> anyhow::Result<Self> {
        let parts = choosing::parts(file, file, &mut Vec::new())?;
        Ok(Self {
            path: file.canonicalize()?,
            fingerprint: fingerprint(file, None)?,
            parts: parts.iter().map(|part| part.name().to_path_buf()).collect(),
        })
    }
}

/// Reads listed files, one after the other, until stopped or, if wanted, until there are none.
pub(super) async fn work(data: &Data, args: &ImportArgs) -> anyhow::Result<()> {
    let worker = worker_until_signal()?;
    let store = data.open().await?;
    let home = RunHome::new(&*store, args.home.as_deref()).await?;
    let knowledge = Arc::new(Knowledge::load(&data.directory, home.region())?);
    let pipeline = Pipeline { store: Arc::clone(&store), knowledge, clock: Arc::new(SystemClock) };
    let mut total = Total::default();
    while !worker.is_stopped() {
        let Some(job) = store.take_listed_file(&worker.claim(SystemClock.now_ms())).await? else {
            if args.until_empty && !is_any_open(&*store).await? {
                break;
            }
            tokio::select! {
                () = worker.stopped() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            continue;
        };
        match read(&pipeline, &job, args.batch as usize, &worker).await {
            Ok(report) => {
                home.some_were_read(&*store).await?;
                explain(Path::new(&job.file_name), &report);
                total.add(&report);
            }
            // Somebody else has it now.
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::JobLost)) => eprintln!("{error:#}"),
            // What the store cannot take ends the worker; what a file is, only its job.
            Err(error) if error.downcast_ref::<StoreError>().is_some() => return Err(error),
            Err(error) => eprintln!("{error:#}"),
        }
    }
    total.print(args.report, 0);
    Ok(())
}

async fn read(pipeline: &Pipeline, job: &ImportJob, batch: usize, worker: &Worker) -> anyhow::Result<Report> {
    let source = match open(job).await {
        Ok(source) => source,
        Err(error) => {
            let (why, now_ms) = (format!("{error:#}"), pipeline.clock.now_ms());
            pipeline.store.finish_import(job.job_no, worker.name(), JobState::Failed, Some(&why), now_ms).await?;
            return Err(error.context(job.file_name.clone()));
        }
    };
    let import = Import {
        source,
        case_no: job.case_no,
        source_no: job.source_no,
        options: Reading::parse(&job.reading).options(),
        batch,
        worker: worker.clone(),
    };
    let bar = bar();
    let report = pipeline.go_on(&import, job, &mut |progress| show(&bar, progress), std::future::ready(Ok(()))).await;
    bar.finish_and_clear();
    report
}

/// The file of a job.
async fn open(job: &ImportJob) -> anyhow::Result<Source> {
    let path = job.upload.as_deref().and_then(|upload| upload.strip_prefix(FILE_LIST));
    let path = PathBuf::from(path.context("the job names no file")?);
    let part = Reading::parse(&job.reading).part;
    let parts = tokio::task::spawn_blocking(move || choosing::parts(&path, &path, &mut Vec::new())).await??;
    parts.into_iter().nth(part).context("what was put on the list is not in the file any more")
}

async fn is_any_open(store: &dyn Store) -> anyhow::Result<bool> {
    let jobs = store.import_jobs(JobQuery { limit: JOBS, ..JobQuery::default() }, SystemClock.now_ms()).await?;
    let is_listed = |job: &ImportJob| job.upload.as_deref().is_some_and(|upload| upload.starts_with(FILE_LIST));
    Ok(jobs.iter().any(|job| is_listed(job) && job.state.is_open()))
}
