//! `speurkaart import --watch FOLDER`: imports what comes into a folder, and what is added to its files.
//!
//! What was done is remembered in the list of jobs, by content: it survives a restart, and a file that is moved is not read again. A file
//! is read when it has stopped changing; of one that a line at a time is added to, only whole lines.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use ingest::{Description, Encoding, FieldMap, Format, Options, Source};
use serde_json::json;
use store::{ImportJob, JobQuery, JobState, NewImport};

use super::import::{explain, worker_until_signal};
use crate::choosing;
use crate::cli::{ImportArgs, ReportArg};
use crate::clock::SystemClock;
use crate::config::Data;
use crate::home::RunHome;
use crate::knowledge::Knowledge;
use crate::pipeline::{Import, Pipeline, Report, fingerprint};
use crate::reading::Reading;
use crate::worker::Worker;

/// How often the folder is looked through; what did not change in between is taken for complete.
const POLL: Duration = Duration::from_secs(1);
/// A last line without its end is read, too, when nothing came after it for so long.
const QUIET: Duration = Duration::from_secs(30);
/// Folders in folders.
const MAX_DEPTH: usize = 32;

pub(super) async fn run(
    data: &Data,
    args: &ImportArgs,
    by_hand: Option<&FieldMap>,
    options: impl Fn(&str) -> Options,
) -> anyhow::Result<()> {
    for folder in &args.paths {
        if !folder.is_dir() {
            bail!("{}: is no folder to watch", folder.display());
        }
    }
    let worker = worker_until_signal()?;
    let store = data.open().await?;
    let home = RunHome::new(&*store, args.home.as_deref()).await?;
    let knowledge = Arc::new(Knowledge::load(&data.directory, home.region())?);
    let pipeline = Pipeline { store, knowledge, clock: Arc::new(SystemClock) };
    let case_no = pipeline.store.ensure_case(&args.case).await?;
    let mut folders = Vec::new();
    for path in &args.paths {
        let name =
            args.source.clone().or_else(|| choosing::name_of(path)).context("a source needs a name: give --source")?;
        let source_no = pipeline.store.ensure_source(case_no, &name, false).await?;
        if let Some(map) = by_hand {
            pipeline.store.set_source_map(source_no, &map.to_string()).await?;
        }
        let batch = args.batch as usize;
        let to = Target { case_no, source_no, options: options(&name), batch, worker: worker.clone() };
        folders.push((path, to, HashMap::new()));
    }
    let data = data.directory.canonicalize().unwrap_or_else(|_| data.directory.clone());
    let mut watch = Watch { pipeline, home, flag: args.home.clone(), data, report: args.report };
    eprintln!("watching; Ctrl-C ends it");
    while !worker.is_stopped() {
        watch.follow_home().await?;
        for (folder, to, seen) in &mut folders {
            watch.look_through(folder, to, seen).await?;
        }
        tokio::select! {
            () = worker.stopped() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    Ok(())
}

/// Where messages go and how they are read.
struct Target {
    case_no: u16,
    source_no: u16,
    options: Options,
    batch: usize,
    worker: Worker,
}

struct Watch {
    pipeline: Pipeline,
    home: RunHome,
    flag: Option<String>,
    /// The data directory, which may lie in the folder.
    data: PathBuf,
    report: ReportArg,
}

/// A file as it was seen last.
struct Seen {
    size: u64,
    changed: Option<SystemTime>,
    /// When it was first seen so.
    since: Instant,
    /// How much of it was dealt with.
    dealt_with: Option<u64>,
}

/// What became of a file.
enum Dealt {
    /// Everything was there already.
    Known,
    /// So much of it was read.
    Read(Vec<Report>, u64),
    /// Nothing to be read yet.
    Waits,
}

impl Watch {
    /// Another home region may have been set on the screen.
    async fn follow_home(&mut self) -> anyhow::Result<()> {
        if self.flag.is_some() || !self.home.some_were_read_quietly(&*self.pipeline.store).await? {
            return Ok(());
        }
        self.home = RunHome::new(&*self.pipeline.store, None).await?;
        self.pipeline.knowledge = Arc::new(Knowledge::load(&self.data, self.home.region())?);
        Ok(())
    }

    async fn look_through(&self, folder: &Path, to: &Target, seen: &mut HashMap<PathBuf, Seen>) -> anyhow::Result<()> {
        let mut files = Vec::new();
        list(folder, &self.data, 0, &mut files);
        seen.retain(|path, _| files.iter().any(|(file, ..)| file == path));
        for (path, size, changed) in files {
            if to.worker.is_stopped() {
                return Ok(());
            }
            let file = seen.entry(path.clone()).or_insert_with(|| Seen {
                size: u64::MAX,
                changed: None,
                since: Instant::now(),
                dealt_with: None,
            });
            if (file.size, file.changed) != (size, changed) {
                *file = Seen { size, changed, since: Instant::now(), dealt_with: None };
                continue;
            }
            let is_quiet = file.since.elapsed() >= QUIET;
            if size == 0 || file.dealt_with.is_some_and(|upto| upto == size || !is_quiet) {
                continue;
            }
            file.dealt_with = Some(match self.deal_with(&path, size, is_quiet, to).await {
                Ok(Dealt::Known) => size,
                Ok(Dealt::Waits) => 0,
                Ok(Dealt::Read(reports, upto)) => {
                    self.tell(&path, &reports);
                    if reports.iter().any(|report| report.ended == JobState::Interrupted) {
                        return Ok(());
                    }
                    upto
                }
                // The store is everybody's; a broken file is its own affair.
                Err(error) if error.downcast_ref::<store::StoreError>().is_some() => return Err(error),
                Err(error) => {
                    self.tell_failure(&path, &error);
                    size
                }
            });
        }
        Ok(())
    }

    async fn deal_with(&self, path: &Path, size: u64, is_quiet: bool, to: &Target) -> anyhow::Result<Dealt> {
        let name = path.display().to_string();
        let grows = |found: &Description| {
            matches!(found.format, Format::Csv | Format::Jsonl | Format::Text | Format::WhatsApp)
                && matches!(found.encoding, Encoding::Utf8 | Encoding::Windows1252)
        };
        let mut passed_over = Vec::new();
        let parts = choosing::parts(path, path, &mut passed_over)?;
        let mut size = size;
        if let [source] = parts.as_slice()
            && source.is_plain_file()
            && !is_quiet
            && ingest::open_source(source, &to.options).is_ok_and(|reader| grows(reader.description()))
        {
            size = whole_lines(path, size)?;
            if size == 0 {
                return Ok(Dealt::Waits);
            }
        }
        let content = fingerprint(path, Some(size))?;
        let of_content = self.jobs(to, JobQuery { fingerprint: Some(&content), ..JobQuery::default() }).await?;
        let mut reports = Vec::new();
        let mut first_error = None;
        let count = parts.len();
        for source in parts {
            let part = source.name().strip_prefix(path).unwrap_or(Path::new("")).display().to_string();
            let is_done = |job: &ImportJob| job.state == JobState::Done && job.file_name.ends_with(&part);
            if of_content.iter().any(is_done) {
                continue;
            }
            match self.import(source.up_to(size), &content, size, to).await {
                Ok(report) => reports.push(report),
                Err(error) if error.downcast_ref::<store::StoreError>().is_some() => return Err(error),
                // Archives hold files that are no messages.
                Err(error) => drop(first_error.get_or_insert(error)),
            }
        }
        match (reports.is_empty(), first_error) {
            (true, Some(error)) => Err(error),
            (true, None) if count == 0 => {
                bail!("{name}: {}", passed_over.first().map_or("nothing to read", |passed| passed.reason.as_str()))
            }
            (true, None) => Ok(Dealt::Known),
            (false, _) => Ok(Dealt::Read(reports, size)),
        }
    }

    /// Imports a file, or what was added to it since it was read last.
    async fn import(&self, source: Source, content: &str, size: u64, to: &Target) -> anyhow::Result<Report> {
        let name = source.name().display().to_string();
        let path = source.file().to_path_buf();
        let Target { case_no, source_no, options, batch, worker } = to;
        let import = Import {
            source,
            case_no: *case_no,
            source_no: *source_no,
            options: options.clone(),
            batch: *batch,
            worker: worker.clone(),
        };
        let reader = ingest::open_source(&import.source, options)?;
        let new = NewImport {
            source_no: *source_no,
            file_name: &name,
            fingerprint: content,
            file_bytes: reader.total_bytes(),
            format: reader.description().format.as_str(),
            reading: &Reading::new(options, reader.description(), 0).kept(),
            now_ms: self.pipeline.clock.now_ms(),
            ..NewImport::default()
        };
        let claim = worker.claim(new.now_ms);
        let before = self.jobs(to, JobQuery { file_name: Some(&name), ..JobQuery::default() }).await?;
        let grown = before.first().filter(|job| import.source.is_plain_file() && has_grown(job, &path, size));
        let job = match grown {
            Some(job) => self.pipeline.store.grow_import(job.job_no, new, &claim).await?,
            None => None,
        };
        let job = match job {
            Some(job) => job,
            None => self.pipeline.store.begin_import(new, &claim).await?,
        };
        self.pipeline.go_on(&import, &job, &mut |_| {}, std::future::ready(Ok(()))).await
    }

    async fn jobs(&self, to: &Target, which: JobQuery<'_>) -> anyhow::Result<Vec<ImportJob>> {
        let which = JobQuery { source_no: Some(to.source_no), limit: u32::MAX, ..which };
        Ok(self.pipeline.store.import_jobs(which, self.pipeline.clock.now_ms()).await?)
    }

    fn tell(&self, path: &Path, reports: &[Report]) {
        let mut sum = store::JobCounts::default();
        for Report { counts, .. } in reports {
            sum.read += counts.read;
            sum.imported += counts.imported;
            sum.duplicates += counts.duplicates;
            sum.rejected += counts.rejected;
            sum.notices += counts.notices;
            sum.mentions += counts.mentions;
        }
        let seconds: f64 = reports.iter().map(|report| report.seconds).sum();
        let file = path.display();
        match self.report {
            ReportArg::Json => println!(
                "{}",
                json!({
                    "file": file.to_string(), "read": sum.read, "imported": sum.imported, "duplicates": sum.duplicates,
                    "rejected": sum.rejected, "mentions": sum.mentions, "notices": sum.notices,
                    "seconds": (seconds * 1000.0).round() / 1000.0,
                })
            ),
            ReportArg::Text => {
                for report in reports {
                    explain(path, report);
                }
                println!(
                    "{file}: {} read, {} imported, {} there already, {} rejected; {} mentions placed; {seconds:.1} s",
                    sum.read, sum.imported, sum.duplicates, sum.rejected, sum.mentions
                );
            }
        }
    }

    fn tell_failure(&self, path: &Path, error: &anyhow::Error) {
        match self.report {
            ReportArg::Json => {
                println!("{}", json!({ "file": path.display().to_string(), "error": format!("{error:#}") }));
            }
            ReportArg::Text => eprintln!("{error:#}"),
        }
    }
}

/// Whether a file is what a job read, and more: the same up to where it ended then, and that was the end of a line.
fn has_grown(job: &ImportJob, path: &Path, size: u64) -> bool {
    let ended_a_line = || whole_lines(path, job.file_bytes).is_ok_and(|end| end == job.file_bytes);
    job.file_bytes > 0
        && job.file_bytes < size
        && job.state != JobState::Running
        && fingerprint(path, Some(job.file_bytes)).is_ok_and(|then| then == job.fingerprint)
        && ended_a_line()
}

/// Where the last whole line within the first `size` bytes ends; 0 when there is none.
fn whole_lines(path: &Path, size: u64) -> std::io::Result<u64> {
    const STEP: u64 = 64 * 1024;
    let mut file = std::fs::File::open(path)?;
    let mut end = size;
    let mut piece = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(start))?;
        piece.clear();
        (&mut file).take(end - start).read_to_end(&mut piece)?;
        if let Some(at) = piece.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Files under a folder with size and time of change, in order of name. Links and hidden files are left alone, and so is the data
/// directory; what cannot be read now may be read later.
fn list(folder: &Path, data: &Path, depth: usize, files: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
    let is_data = folder.canonicalize().is_ok_and(|folder| folder == data);
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    if is_data || depth > MAX_DEPTH {
        return;
    }
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !is_hidden => list(&entry.path(), data, depth + 1, files),
            Ok(kind) if kind.is_file() && !is_hidden => {
                if let Ok(metadata) = entry.metadata() {
                    files.push((entry.path(), metadata.len(), metadata.modified().ok()));
                }
            }
            _ => {}
        }
    }
}
