//! Files on the list of imports: `import --enqueue` puts them there, any number of `import --worker` read them, each file once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use ingest::{FieldMap, Found, Options, Source};
use serde::{Deserialize, Serialize};
use store::{FILE_LIST, ImportJob, JobQuery, JobState, NewImport, Store};

use super::import::{Total, bar, explain, show};
use super::sources::{Choice, Chosen};
use crate::cli::ImportArgs;
use crate::clock::{Clock, SystemClock};
use crate::config::{self, Data};
use crate::home::RunHome;
use crate::knowledge::Knowledge;
use crate::pipeline::{Import, Pipeline, fingerprint};
use crate::secret;

/// How often a worker that found nothing looks again.
const LOOK: Duration = Duration::from_secs(1);
/// Jobs looked through for one that is not ended.
const JOBS: u32 = 10_000;

/// How a listed file is read: in the job, for whoever takes it.
#[derive(Serialize, Deserialize)]
struct Reading {
    /// Name of the file as it is found under its path.
    name: PathBuf,
    format: String,
    timezone: String,
    map: String,
    time_ms: Option<i64>,
}

impl Reading {
    fn new(name: &Path, options: &Options) -> Self {
        Self {
            name: name.to_owned(),
            format: options.format.as_str().to_owned(),
            timezone: options.timezone.iana_name().unwrap_or("UTC").to_owned(),
            map: options.map.to_string(),
            time_ms: options.stated_time,
        }
    }

    fn options(&self) -> anyhow::Result<Options> {
        Ok(Options {
            format: self.format.parse().map_err(anyhow::Error::msg)?,
            timezone: config::timezone(&self.timezone)?,
            map: if self.map.is_empty() { FieldMap::default() } else { FieldMap::parse(&self.map)? },
            stated_time: self.time_ms,
            ..Options::default()
        })
    }
}

/// Puts what was chosen on the list.
pub(super) async fn enqueue(
    data: &Data,
    args: &ImportArgs,
    choice: &Choice,
    options: impl Fn(&str) -> Options,
) -> anyhow::Result<()> {
    let store = data.open().await?;
    let case_no = store.ensure_case(&args.case).await?;
    let mut sources = HashMap::new();
    for Chosen { source, source_name } in &choice.chosen {
        if !sources.contains_key(source_name) {
            let source_no = store.ensure_source(case_no, source_name, false).await?;
            if let Some(map) = &args.map {
                store.set_source_map(source_no, map).await?;
            }
            sources.insert(source_name, source_no);
        }
        let name = source.name().display().to_string();
        let file = source.file().canonicalize().with_context(|| format!("{name}: cannot be read"))?;
        let options = options(source_name);
        store
            .queue_import(NewImport {
                source_no: sources[source_name],
                file_name: &name,
                fingerprint: &fingerprint(&file).with_context(|| format!("{name}: cannot be read"))?,
                file_bytes: file.metadata()?.len(),
                format: options.format.as_str(),
                reading: &serde_json::to_string(&Reading::new(&within(source), &options))?,
                upload: Some(&format!("{FILE_LIST}{}", file.display())),
                made_by: None,
                now_ms: SystemClock.now_ms(),
            })
            .await?;
    }
    println!("{} files on the list; `speurkaart import --worker` reads them", choice.chosen.len());
    Ok(())
}

/// Where in its file on disk a source is; empty for the file itself.
fn within(source: &Source) -> PathBuf {
    source.name().strip_prefix(source.file()).map(Path::to_owned).unwrap_or_default()
}

/// Reads listed files, one after the other, until stopped or, if wanted, until there are none.
pub(super) async fn work(data: &Data, args: &ImportArgs) -> anyhow::Result<()> {
    let store = data.open().await?;
    let home = RunHome::new(&*store, args.home.as_deref()).await?;
    let knowledge = Arc::new(Knowledge::load(&data.directory, home.region())?);
    let pipeline = Pipeline { store: Arc::clone(&store), knowledge, clock: Arc::new(SystemClock) };
    let worker = secret::hex(16)?;
    let mut total = Total::default();
    loop {
        let Some(job) = store.take_listed_file(&pipeline.claim(&worker)).await? else {
            if args.until_empty && !is_any_open(&*store).await? {
                break;
            }
            tokio::time::sleep(LOOK).await;
            continue;
        };
        match read(&pipeline, &job, &worker).await {
            Ok(report) => {
                explain(Path::new(&job.file_name), &report);
                total.add(&report);
                home.some_were_read(&*store).await?;
            }
            // What the store cannot take ends the worker; what a file is, only its job.
            Err(error) if error.downcast_ref::<store::StoreError>().is_some() => return Err(error),
            Err(error) => eprintln!("{error:#}"),
        }
    }
    total.print(args.report, 0);
    Ok(())
}

async fn read(pipeline: &Pipeline, job: &ImportJob, worker: &str) -> anyhow::Result<crate::pipeline::Report> {
    let opened = open(job).await;
    let import = match opened {
        Ok((source, options)) => Import { source, case_no: job.case_no, source_no: job.source_no, options },
        Err(error) => {
            let why = format!("{error:#}");
            let now_ms = pipeline.clock.now_ms();
            pipeline.store.finish_import(job.job_no, worker, JobState::Failed, Some(&why), now_ms).await?;
            return Err(error.context(job.file_name.clone()));
        }
    };
    let bar = bar();
    let report = pipeline.go_on(&import, job, worker, &mut |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    report
}

/// The file of a job, and how it is read.
async fn open(job: &ImportJob) -> anyhow::Result<(Source, Options)> {
    let path = job.upload.as_deref().and_then(|upload| upload.strip_prefix(FILE_LIST));
    let path = PathBuf::from(path.context("the job names no file")?);
    let reading: Reading = serde_json::from_str(&job.reading).context("the job does not say how its file is read")?;
    let options = reading.options()?;
    let source = tokio::task::spawn_blocking(move || {
        let found = ingest::find(&path)?.into_iter().find_map(|found| match found {
            Found::Source(source) if within(&source) == reading.name => Some(source),
            _ => None,
        });
        found.ok_or_else(|| anyhow!("the file is not there any more, or not under the same path on this machine"))
    });
    Ok((source.await??, options))
}

async fn is_any_open(store: &dyn Store) -> anyhow::Result<bool> {
    let jobs = store.import_jobs(JobQuery { limit: JOBS, ..JobQuery::default() }, SystemClock.now_ms()).await?;
    let is_listed = |job: &ImportJob| job.upload.as_deref().is_some_and(|upload| upload.starts_with(FILE_LIST));
    Ok(jobs.iter().any(|job| is_listed(job) && job.state.is_open()))
}
