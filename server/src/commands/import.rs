//! `speurkaart import`: files in, with a bar on a terminal and a report at the end.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::{FieldMap, Format};
use serde_json::json;
use store::Store;
use store::sqlite::SqliteStore;

use crate::cli::{FormatArg, ImportArgs, ReportArg};
use crate::clock::SystemClock;
use crate::config;
use crate::home::RunHome;
use crate::knowledge::Knowledge;
use crate::pipeline::{Import, Pipeline, Progress, Report};

pub(crate) async fn run(data: &Path, args: ImportArgs) -> anyhow::Result<()> {
    let options = ingest::Options {
        format: match args.format {
            FormatArg::Auto => Format::Auto,
            FormatArg::Csv => Format::Csv,
            FormatArg::Jsonl => Format::Jsonl,
        },
        timezone: config::timezone(&args.timezone)?,
        map: args.map.as_deref().map(FieldMap::parse).transpose()?.unwrap_or_default(),
        ..ingest::Options::default()
    };
    // A file that cannot be read at all is said before anything is stored.
    for path in &args.paths {
        ingest::open(path, &options)?;
    }
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data).await?);
    let home = RunHome::new(&*store, args.home.as_deref()).await?;
    let knowledge = Arc::new(Knowledge::load(data, home.region())?);
    let pipeline = Pipeline { store, knowledge, clock: Arc::new(SystemClock) };
    let case_no = pipeline.store.ensure_case(&args.case).await?;
    let (mut total, mut seconds) = (store::JobCounts::default(), 0.0);
    for path in &args.paths {
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let source = args.source.clone().or(file_name).context("a source needs a name: give --source")?;
        let source_no = pipeline.store.ensure_source(case_no, &source, false).await?;
        let bar = bar();
        let import = Import { path: path.clone(), case_no, source_no, options: options.clone() };
        let report = pipeline.import(import, &mut |progress| show(&bar, progress)).await;
        bar.finish_and_clear();
        let report = report?;
        home.some_were_read(&*pipeline.store).await?;
        explain(path, &report);
        total.read += report.counts.read;
        total.imported += report.counts.imported;
        total.duplicates += report.counts.duplicates;
        total.rejected += report.counts.rejected;
        total.mentions += report.counts.mentions;
        seconds += report.seconds;
    }
    match args.report {
        ReportArg::Json => println!(
            "{}",
            json!({
                "read": total.read, "imported": total.imported, "duplicates": total.duplicates, "rejected": total.rejected,
                "mentions": total.mentions, "seconds": (seconds * 1000.0).round() / 1000.0,
            })
        ),
        ReportArg::Text => println!(
            "{} read, {} imported, {} there already, {} rejected; {} mentions placed; {seconds:.1} s",
            total.read, total.imported, total.duplicates, total.rejected, total.mentions
        ),
    }
    Ok(())
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
fn explain(path: &Path, report: &Report) {
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
    let more = report.counts.rejected.saturating_sub(report.rejected.len() as u64);
    if more > 0 {
        eprintln!("{file}: {more} more rejected; all are kept with their reason");
    }
}
