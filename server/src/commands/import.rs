//! `speurkaart import`: files in, with a bar on a terminal and a report at the end.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use anyhow::Error;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::FieldMap;
use serde_json::json;
use store::{JobState, Store};

use super::serve::signal;
use super::{listed, preview, watch};
use crate::choosing::{self, Chosen};
use crate::cli::{ImportArgs, ReportArg};
use crate::clock::SystemClock;
use crate::config::{self, Data};
use crate::home::RunHome;
use crate::knowledge::Knowledge;
use crate::pipeline::{Import, Pipeline, Progress, Report};
use crate::worker::Worker;
use crate::{previewing, times};

/// Files passed over that are named at the end.
const NAMED_PASSED_OVER: usize = 5;

pub(crate) async fn run(data: &Data, args: ImportArgs) -> anyhow::Result<()> {
    if args.worker {
        return listed::work(data, &args).await;
    }
    let timezone = config::timezone(&args.timezone)?;
    let by_hand = args.map.as_deref().map(FieldMap::parse).transpose()?;
    let stated_time = args.time.as_deref().map(|time| times::parse(time, &timezone)).transpose().map_err(Error::msg)?;
    let base = ingest::Options {
        format: args.format.parse().map_err(Error::msg)?,
        timezone,
        map: by_hand.clone().unwrap_or_default(),
        stated_time,
        ..ingest::Options::default()
    };
    // A preview leaves no trace: it does not even make the data directory.
    let before = if by_hand.is_none() { data.open_if_there().await? } else { None };
    let remembered = match &before {
        Some(store) => remembered_maps(&**store, &args.case).await?,
        None => HashMap::new(),
    };
    let options = |source: &str| {
        let map = remembered.get(source).unwrap_or(&base.map).clone();
        ingest::Options { map, ..base.clone() }
    };
    if args.watch {
        return watch::run(data, &args, by_hand.as_ref(), options).await;
    }
    let choice = choosing::choose(&args.paths, args.source.as_deref(), options)?;
    if args.preview {
        return preview::print_all(&previewing::preview(&choice, options, None)?, args.report);
    }
    if args.enqueue {
        return listed::enqueue(data, &args, &choice, options).await;
    }
    let worker = worker_until_signal()?;
    let store = data.open().await?;
    let home = RunHome::new(&*store, args.home.as_deref()).await?;
    let knowledge = Arc::new(Knowledge::load(&data.directory, home.region())?);
    let pipeline = Pipeline { store, knowledge, clock: Arc::new(SystemClock) };
    let case_no = pipeline.store.ensure_case(&args.case).await?;
    let mut total = Total::default();
    let mut stopped = 0;
    for Chosen { source, source_name, .. } in &choice.chosen {
        let source_no = pipeline.store.ensure_source(case_no, source_name, false).await?;
        if let Some(map) = &by_hand {
            pipeline.store.set_source_map(source_no, &map.to_string()).await?;
        }
        let bar = bar();
        let name = source.name().to_path_buf();
        let import = Import {
            source: source.clone(),
            case_no,
            source_no,
            options: options(source_name),
            batch: args.batch as usize,
            worker: worker.clone(),
        };
        let report = pipeline.import_and_index(import, &mut |progress| show(&bar, progress), &data.directory).await;
        bar.finish_and_clear();
        let report = report?;
        home.some_were_read(&*pipeline.store).await?;
        explain(&name, &report);
        total.add(&report);
        match report.ended {
            JobState::Interrupted => {
                total.print(args.report, choice.passed_over.len());
                anyhow::bail!("cut off; the same command goes on where it was");
            }
            JobState::Cancelled => {
                stopped += 1;
                eprintln!("{}: stopped by somebody; the same command goes on where it was", name.display());
            }
            _ => {}
        }
    }
    for passed in choice.passed_over.iter().take(NAMED_PASSED_OVER) {
        eprintln!("{}: passed over: {}", passed.name.display(), passed.reason);
    }
    let more = choice.passed_over.len().saturating_sub(NAMED_PASSED_OVER);
    if more > 0 {
        eprintln!("{more} more files passed over; --preview names them all");
    }
    total.print(args.report, choice.passed_over.len());
    anyhow::ensure!(stopped == 0, "{stopped} of {} imports were stopped by somebody", choice.chosen.len());
    Ok(())
}

/// A worker that lays down its work at Ctrl-C or SIGTERM; a second time ends the process at once.
pub(super) fn worker_until_signal() -> anyhow::Result<Worker> {
    let worker = Worker::new()?;
    let told = worker.clone();
    tokio::spawn(async move {
        signal().await;
        eprintln!("stopping after this batch…");
        told.stop();
        signal().await;
        std::process::exit(1);
    });
    Ok(worker)
}

/// The mapping that each source of a case was last imported with by hand.
async fn remembered_maps(store: &dyn Store, case: &str) -> anyhow::Result<HashMap<String, FieldMap>> {
    let mut maps = HashMap::new();
    for source in store.sources().await?.into_iter().filter(|source| source.case == case) {
        if let Some(written) = store.source_map(source.source_no).await? {
            maps.insert(source.name, FieldMap::parse(&written)?);
        }
    }
    Ok(maps)
}

/// What all files together gave.
#[derive(Default)]
pub(super) struct Total {
    counts: store::JobCounts,
    notices: u64,
    seconds: f64,
}

impl Total {
    pub(super) fn add(&mut self, report: &Report) {
        self.counts.read += report.counts.read;
        self.counts.imported += report.counts.imported;
        self.counts.duplicates += report.counts.duplicates;
        self.counts.rejected += report.counts.rejected;
        self.counts.mentions += report.counts.mentions;
        self.notices += report.notices;
        self.seconds += report.seconds;
    }

    pub(super) fn print(&self, report: ReportArg, passed_over: usize) {
        let Self { counts, notices, seconds } = self;
        match report {
            ReportArg::Json => println!(
                "{}",
                json!({
                    "read": counts.read, "imported": counts.imported, "duplicates": counts.duplicates,
                    "rejected": counts.rejected, "mentions": counts.mentions, "notices": notices,
                    "passed_over": passed_over, "seconds": (seconds * 1000.0).round() / 1000.0,
                })
            ),
            ReportArg::Text => {
                let of_which = if *notices > 0 { format!(" ({notices} of them notices)") } else { String::new() };
                println!(
                    "{} read, {} imported, {} there already, {} rejected{of_which}; {} mentions placed; {seconds:.1} s",
                    counts.read, counts.imported, counts.duplicates, counts.rejected, counts.mentions
                );
            }
        }
    }
}

/// A bar on a terminal; nothing where nobody watches.
pub(crate) fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {percent:>3}%  {msg}  {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

/// Moves the bar on.
pub(crate) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.total_bytes);
    bar.set_position(progress.bytes);
    let per_second = progress.counts.read as f64 / bar.elapsed().as_secs_f64().max(0.001);
    let counts = progress.counts;
    bar.set_message(format!(
        "{} messages  {per_second:.0}/s  {} mentions  {} rejected",
        counts.read, counts.mentions, counts.rejected
    ));
}

/// Says on stderr how the file was read and what stood out.
pub(super) fn explain(path: &Path, report: &Report) {
    let file = path.display();
    eprintln!("{file}: {}", report.description);
    let notes = &report.notes;
    if notes.ambiguous_times > 0 {
        eprintln!(
            "{file}: {} times that the clock showed twice (end of summer time), read as the first",
            notes.ambiguous_times
        );
    }
    if notes.nonexistent_times > 0 {
        eprintln!(
            "{file}: {} times that the clock never showed (start of summer time), moved forward",
            notes.nonexistent_times
        );
    }
    for (line, reason) in &report.rejected {
        eprintln!("{file}:{line}: rejected: {reason}");
    }
    let more = (report.counts.rejected - report.notices).saturating_sub(report.rejected.len() as u64);
    if more > 0 {
        eprintln!("{file}: {more} more rejected; all are kept with their reason");
    }
}
