//! `speurkaart regeoparse`: everything read once more with today's gazetteer and lexicon, and a report of what changed.

use std::sync::Arc;

use anyhow::anyhow;
use serde_json::json;

use crate::cli::{RegeoparseArgs, ReportArg};
use crate::clock::SystemClock;
use crate::commands::import::bar;
use crate::config::Data;
use crate::home::RunHome;
use crate::knowledge::Knowledge;
use crate::pipeline::Pipeline;
use crate::rereading::Rereading;

/// Words named in the report.
const TOP_WORDS: usize = 20;

pub(crate) async fn run(data: &Data, args: RegeoparseArgs) -> anyhow::Result<()> {
    let store = data.open().await?;
    let home = RunHome::new(&*store, args.home.as_deref()).await?;
    let knowledge = Arc::new(Knowledge::load(&data.directory, home.region())?);
    let case_no = match &args.case {
        Some(name) => {
            let cases = store.cases().await?;
            let known = cases.iter().find(|case| case.name == *name).map(|case| case.case_no);
            Some(known.ok_or_else(|| {
                let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
                anyhow!("--case: no case is called {name:?}; there are: {}", names.join(", "))
            })?)
        }
        None => None,
    };
    let pipeline = Pipeline { store: Arc::clone(&store), knowledge, clock: Arc::new(SystemClock) };
    let bar = bar();
    let report = pipeline
        .regeoparse(case_no, &mut |report, total| {
            bar.set_length(total);
            bar.set_position(report.read);
            bar.set_message(format!("{} messages  {} mentions changed", report.read, changed(report)));
        })
        .await;
    bar.finish_and_clear();
    let report = report?;
    if case_no.is_none() {
        home.all_was_read(&*store).await?;
    }
    match args.report {
        ReportArg::Json => println!("{}", in_json(&report)),
        ReportArg::Text => print!("{}", in_words(&report)),
    }
    Ok(())
}

fn changed(report: &Rereading) -> u64 {
    report.added + report.removed + report.moved + report.reweighed
}

fn in_json(report: &Rereading) -> serde_json::Value {
    json!({
        "read": report.read, "unchanged": report.unchanged, "reweighed": report.reweighed, "added": report.added,
        "removed": report.removed, "moved": report.moved, "accepted": report.accepted, "unaccepted": report.unaccepted,
        "retold": report.retold, "decisions": report.decisions, "seconds": (report.seconds * 1000.0).round() / 1000.0,
    })
}

fn in_words(report: &Rereading) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let Rereading {
        read,
        unchanged,
        reweighed,
        added,
        removed,
        moved,
        accepted,
        unaccepted,
        retold,
        decisions,
        seconds,
        ..
    } = report;
    let _ = writeln!(out, "{read} messages read; {decisions} decisions in force, all kept; {seconds:.1} s");
    let _ = writeln!(
        out,
        "mentions: {unchanged} unchanged, {added} added, {removed} gone, {moved} moved to another place, {reweighed} with other \
         evidence; {accepted} newly on the map, {unaccepted} no longer on it"
    );
    if *retold > 0 {
        let _ = writeln!(out, "topics: {retold} messages are about others than before");
    }
    let words = report.top_words(TOP_WORDS);
    if !words.is_empty() {
        let _ = writeln!(out, "moved, came or went most:");
        for (words, changes) in words {
            let _ = writeln!(out, "{changes:>8}  {words}");
        }
    }
    out
}
