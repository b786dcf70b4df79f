//! `speurkaart bench import`: a file of synthetic messages to searchable and on the map, beside the bare time of the store.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::json;
use store::Store;
use store::sqlite::{FILE_NAME, SqliteStore};

use super::bare::{self, Bare};
use super::memory::{peak_bytes, reset_peak};
use crate::cli::{BenchImportArgs, ReportArg, SynthFormat};
use crate::clock::SystemClock;
use crate::knowledge::Knowledge;
use crate::pipeline::{BATCH, Import, Pipeline, Report};
use crate::worker::Worker;

/// Case and source of what is imported.
const NAME: &str = "synthetic";
const MEBIBYTE: f64 = 1_048_576.0;

pub(crate) async fn run(args: &BenchImportArgs) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = args.keep.clone().unwrap_or_else(|| folder.path().join("data"));
    let file = folder.path().join(if args.format == SynthFormat::Csv { "messages.csv" } else { "messages.jsonl" });
    let bytes = write(&file, args)?;
    reset_peak();
    let begun = Instant::now();
    let report = import(&data, &file).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let peak = peak_bytes();
    std::fs::remove_file(&file)?;
    let stored_bytes = std::fs::metadata(data.join(FILE_NAME))?.len();
    let bare = bare::measure(&data.join(FILE_NAME), folder.path()).await?;
    Outcome { args, bytes, stored_bytes, report, seconds, peak, bare }.print();
    Ok(())
}

/// Writes the messages; returns how many bytes they take.
fn write(file: &Path, args: &BenchImportArgs) -> anyhow::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 20, std::fs::File::create(file)?);
    if args.format == SynthFormat::Csv {
        writeln!(out, "{}", synth::CSV_HEADER)?;
    }
    let config = synth::Config { messages: args.messages, ..synth::Config::default() };
    for message in synth::generate(&config) {
        match args.format {
            SynthFormat::Jsonl => synth::write_jsonl(&message.message, &mut out)?,
            SynthFormat::Csv => synth::write_csv(&message.message, &mut out)?,
        }
    }
    out.into_inner().context("the synthetic file")?.sync_all()?;
    Ok(std::fs::metadata(file)?.len())
}

/// Everything that `speurkaart import` does, from opening the store to the finished index.
async fn import(data: &Path, file: &Path) -> anyhow::Result<Report> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data).await?);
    if store.totals().await?.messages > 0 {
        bail!("{} holds messages already: --keep wants a new directory", data.display());
    }
    let knowledge = Arc::new(Knowledge::load(data, None)?);
    let pipeline = Pipeline { store, knowledge, clock: Arc::new(SystemClock) };
    let case_no = pipeline.store.ensure_case(NAME).await?;
    let source_no = pipeline.store.ensure_source(case_no, NAME, true).await?;
    let source = ingest::Source::on_disk(file);
    let worker = Worker::new()?;
    let options = ingest::Options::default();
    let import = Import { source, case_no, source_no, options, batch: BATCH, worker };
    pipeline.import_and_index(import, &mut |_| {}, data).await
}

struct Outcome<'a> {
    args: &'a BenchImportArgs,
    bytes: u64,
    stored_bytes: u64,
    report: Report,
    seconds: f64,
    peak: Option<u64>,
    bare: Bare,
}

impl Outcome<'_> {
    fn print(&self) {
        let Self { bare, report, seconds, .. } = self;
        let ratio = seconds / bare.total().max(f64::MIN_POSITIVE);
        let per_second = report.counts.imported as f64 / seconds.max(f64::MIN_POSITIVE);
        if self.args.report == ReportArg::Json {
            println!(
                "{}",
                json!({
                    "messages": self.args.messages, "imported": report.counts.imported, "file_bytes": self.bytes,
                    "mentions_placed": report.counts.mentions, "mention_rows": bare.mention_rows, "stored_bytes": self.stored_bytes,
                    "import_s": seconds, "messages_per_s": per_second, "peak_bytes": self.peak,
                    "bare": { "messages_s": bare.messages, "mentions_s": bare.mentions, "indexes_s": bare.indexes, "text_s": bare.text,
                              "total_s": bare.total() },
                    "ratio": ratio,
                })
            );
            return;
        }
        println!(
            "{} messages, {:.0} MiB; {} mentions stored, {} placed; {:.0} MiB on disk",
            report.counts.imported,
            self.bytes as f64 / MEBIBYTE,
            bare.mention_rows,
            report.counts.mentions,
            self.stored_bytes as f64 / MEBIBYTE
        );
        println!("{:<34}{:>10}", "bare: messages", format!("{:.1} s", bare.messages));
        println!("{:<34}{:>10}", "bare: mentions", format!("{:.1} s", bare.mentions));
        println!("{:<34}{:>10}", "bare: indexes", format!("{:.1} s", bare.indexes));
        println!("{:<34}{:>10}", "bare: full text", format!("{:.1} s", bare.text));
        println!("{:<34}{:>10}", "bare: all", format!("{:.1} s", bare.total()));
        println!("{:<34}{:>10}", "import, to searchable and mapped", format!("{seconds:.1} s"));
        println!("{:<34}{:>10}", "messages a second", format!("{per_second:.0}"));
        println!("{:<34}{:>10}", "import : bare", format!("{ratio:.2}"));
        if let Some(peak) = self.peak {
            println!("{:<34}{:>10}", "peak memory of the import", format!("{:.0} MiB", peak as f64 / MEBIBYTE));
        }
    }
}
