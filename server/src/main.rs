//! Speurkaart: messages in, hotspots of activity on a map out.
//!
//! Exit status: 0 good, 1 failed, 2 wrong usage.

mod analyses;
mod answers;
mod asking;
mod bands;
mod choosing;
mod cli;
mod clock;
mod commands;
mod config;
mod conversation;
mod course;
mod error;
mod exporting;
mod extract;
mod heavy;
mod hits;
mod home;
mod importing;
mod intake;
mod knowledge;
mod live;
mod pipeline;
mod place_search;
mod previewing;
mod ranking;
mod reading;
mod rereading;
mod retrying;
mod reviewing;
mod router;
mod routes;
mod secret;
mod shipped;
mod snapshot;
mod sources;
mod space;
mod state;
mod surface;
mod times;
mod topics;
mod turns;
mod uploads;
mod worker;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::config::Data;

fn main() -> ExitCode {
    let Cli { command, data, database } = Cli::parse();
    let data = Data { directory: data, database };
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SPEURKAART_LOG")
                // How long a single statement takes is told by sqlx as a warning, and expected of loads.
                .unwrap_or_else(|_| "warn,sqlx=error,speurkaart=info".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(command, &data)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has closed it (`| head`): not our failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("speurkaart: {error:#}");
            if let Some(way_out) = space::way_out(&error, &data) {
                eprintln!("speurkaart: {way_out}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, data: &Data) -> anyhow::Result<()> {
    space::outlive_file_size_limits()?;
    match command {
        Command::Serve(args) => commands::serve::run(data, args).await,
        Command::Import(args) => commands::import::run(data, args).await,
        Command::Regeoparse(args) => commands::regeoparse::run(data, args).await,
        Command::Geoparse(args) => commands::geoparse::run(&data.directory, &args),
        Command::Hotspots(args) => commands::hotspots::run(data, args).await,
        Command::Hotspot(args) => commands::analyses::hotspot(data, args).await,
        Command::Coverage(args) => commands::coverage::run(data, &args).await,
        Command::Scan(args) => commands::analyses::scan(data, args).await,
        Command::Clusters(args) => commands::analyses::clusters(data, args).await,
        Command::NearRepeat(args) => commands::analyses::near_repeat(data, args).await,
        Command::Export(command) => commands::export::run(&command),
        Command::Evaluate(args) => commands::evaluate::run(data, &args).await,
        Command::Synth(args) => commands::synth::run(&args),
        Command::Gazetteer(command) => commands::gazetteer::run(&data.directory, command).await,
        Command::Bench(command) => commands::bench::run(&data.directory, &command).await,
        Command::User(command) => commands::user::run(data, command).await,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}
