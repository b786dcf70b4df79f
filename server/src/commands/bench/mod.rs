//! `speurkaart bench`: how fast, and how right. What is printed is measured in this run, on this machine.

mod accuracy;
mod bare;
mod fit;
mod geoparse;
mod hotspots;
mod import;
mod labelled;
mod memory;
mod query;

use std::path::Path;

use crate::cli::BenchCommand;
use crate::knowledge::Knowledge;

pub(crate) async fn run(data: &Path, command: &BenchCommand) -> anyhow::Result<()> {
    match command {
        BenchCommand::Geoparse { messages, file } => {
            geoparse::run(&Knowledge::load(data, None)?, *messages, file.as_deref())
        }
        BenchCommand::Hotspots { mentions, worlds } => hotspots::run(*mentions, *worlds),
        BenchCommand::Import(args) => import::run(args).await,
        BenchCommand::Query(args) => query::run(data, args).await,
        BenchCommand::Fit { corpus, out } => fit::run(&Knowledge::load(data, None)?, corpus, out),
        BenchCommand::Accuracy { corpus, mistakes } => accuracy::run(&Knowledge::load(data, None)?, corpus, *mistakes),
    }
}
