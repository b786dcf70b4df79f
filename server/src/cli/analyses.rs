//! Flags of the analyses beside the list: `scan`, `clusters`, `near-repeat`, `hotspot`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Language;
use super::by::ByArgs;
use super::filter::FilterArgs;

/// What is looked at, and how it is told.
#[derive(Debug, Args)]
pub(crate) struct AskedArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = AnalysisFormat::Text)]
    pub(crate) format: AnalysisFormat,
    /// Language of the sentences.
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) language: Language,
    /// File to write; standard output when not given. Nobody but you can read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnalysisFormat {
    /// Columns and sentences for reading.
    Text,
    /// As the API answers; of clusters, GeoJSON.
    Json,
    /// A table (RFC 4180).
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// What circles are made of.
    #[arg(long, default_value = "municipality", value_parser = ["municipality", "police_unit", "province"])]
    pub(crate) by: String,
    /// Circles over a last stretch of time, or over all of it.
    #[arg(long, default_value = "space_time", value_parser = ["space_time", "space"])]
    pub(crate) over: String,
    /// What is usual: what was counted in the equally long period before (by default, where enough was read then), inhabitants, or all
    /// messages whatever their source.
    #[arg(long, value_parser = ["past", "population", "all"])]
    pub(crate) against: Option<String>,
    #[command(flatten)]
    pub(crate) test: TestArgs,
    /// At most this many clusters.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Replicas of the Monte Carlo test.
    #[arg(long, default_value_t = 999, value_name = "N", value_parser = clap::value_parser!(u32).range(9..=9999))]
    pub(crate) replicas: u32,
    /// The same seed gives the same p-values.
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(crate) seed: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ClustersArgs {
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// How they are found.
    #[arg(long, default_value = "dbscan", value_parser = ["dbscan", "hdbscan"])]
    pub(crate) method: String,
    /// What lies no further apart is joined, in metres; mentions that say where less precisely are left out.
    #[arg(long, default_value_t = 1000.0, value_name = "METRES")]
    pub(crate) reach: f64,
    /// So much of what is counted makes a cluster.
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) min_points: u32,
    /// Their outlines.
    #[arg(long, default_value = "concave", value_parser = ["concave", "convex"])]
    pub(crate) hull: String,
    /// At most this many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct NearRepeatArgs {
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// Ascending upper bounds of distance in metres; mentions that say where less precisely than the first are left out.
    #[arg(long, default_value = "1000,2500,5000,10000", value_name = "METRES,…")]
    pub(crate) distances: String,
    /// Ascending upper bounds of time in days.
    #[arg(long, default_value = "1,3,7,14,28", value_name = "DAYS,…")]
    pub(crate) days: String,
    #[command(flatten)]
    pub(crate) test: TestArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HotspotArgs {
    /// Name or id of a line of the list.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}
