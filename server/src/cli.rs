//! The command line: every command and flag, nothing of what they do (that is in `commands`).

mod analyses;
mod by;
mod filter;
mod polygon;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use geoparse::address::columns::{self, Mapping};
use model::PlaceKind;
use store::DatabaseUrl;

pub(crate) use analyses::{AnalysisFormat, AskedArgs, ClustersArgs, HotspotArgs, NearRepeatArgs, ScanArgs, TestArgs};
pub(crate) use by::ByArgs;
pub(crate) use filter::FilterArgs;

/// Messages in, hotspots of activity on a map out. Runs on closed networks: nothing is fetched.
#[derive(Debug, Parser)]
#[command(name = "speurkaart", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Where data lives.
    #[arg(long, global = true, env = "SPEURKAART_DATA", default_value = "./speurkaart-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// A PostgreSQL database to keep messages in instead of the data directory: `postgres://USER@HOST/DATABASE`. A password is better
    /// given in the environment, where other users of the machine do not see it.
    #[arg(long, global = true, env = "SPEURKAART_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<DatabaseUrl>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API and the screen.
    Serve(ServeArgs),
    /// Read files of messages, find the places in them, store both.
    Import(ImportArgs),
    /// Read all stored messages once more, after the gazetteer or the lexicon changed, and say what changed. Decisions stay.
    Regeoparse(RegeoparseArgs),
    /// Find the places in texts, a message a line, without storing anything.
    Geoparse(GeoparseArgs),
    /// Print the ranked list of hotspots.
    Hotspots(HotspotsArgs),
    /// Tell all that is known of one line of that list: its course, what carries it, and the words that tell it from the rest.
    Hotspot(HotspotArgs),
    /// Tell from when to when each source has messages: where there are none, silence says nothing.
    Coverage(CoverageArgs),
    /// Find circles of municipalities in which more is counted than usual (scan statistic).
    Scan(ScanArgs),
    /// Find clusters of precise mentions and their outlines (DBSCAN, HDBSCAN).
    Clusters(ClustersArgs),
    /// Test whether what is near in space is near in time, too (Knox).
    NearRepeat(NearRepeatArgs),
    /// Check exports that came back.
    #[command(subcommand)]
    Export(ExportCommand),
    /// Replay the past: how well would the list have described where known events came to be? It predicts nobody's behaviour.
    Evaluate(EvaluateArgs),
    /// Write synthetic Dutch chats with planted hotspots.
    Synth(SynthArgs),
    /// Look into the gazetteer or add to it.
    #[command(subcommand)]
    Gazetteer(GazetteerCommand),
    /// People who may sign in.
    #[command(subcommand)]
    User(UserCommand),
    /// Measure speed and accuracy on this machine.
    #[command(subcommand)]
    Bench(BenchCommand),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address and port; port 0 takes a free one.
    #[arg(long, env = "SPEURKAART_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Fill an empty data directory with synthetic messages first.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Messages that --demo makes.
    #[arg(long, default_value_t = 60_000, value_name = "N", requires = "demo")]
    pub(crate) demo_messages: u64,
    /// Most bytes of a file that is uploaded: a number, or one with MiB or GiB.
    #[arg(long, default_value = "8GiB", value_name = "BYTES", value_parser = crate::config::bytes)]
    pub(crate) upload_limit: u64,
    /// Imports of uploads that are read at the same time; 0 leaves them to other servers on the same data.
    #[arg(long, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=64))]
    pub(crate) import_jobs: u16,
    /// A PMTiles file (Protomaps basemap schema) to draw instead of the built-in basemap.
    #[arg(long, value_name = "FILE")]
    pub(crate) basemap: Option<PathBuf>,
    /// Free space in MiB on the disk of the data directory under which /health/ready says degraded.
    #[arg(long, default_value_t = 512, value_name = "MIB")]
    pub(crate) low_space: u64,
    /// Certificate chain in PEM, to speak TLS.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Private key in PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// The https:// address of the TLS proxy in front.
    #[arg(long, value_name = "URL")]
    pub(crate) behind_proxy: Option<String>,
    /// Zone in which dates of filters and days of histograms are meant.
    #[arg(long, default_value = "Europe/Amsterdam", value_name = "ZONE")]
    pub(crate) timezone: String,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ImportArgs {
    /// Files, archives and folders to read.
    #[arg(required_unless_present = "worker", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Watch the folder and import what comes into it or is added to its files, until stopped.
    #[arg(long, conflicts_with = "preview")]
    pub(crate) watch: bool,
    /// Put the files on the list of imports instead of reading them: processes with --worker do, wherever they run. They must find
    /// the files under the same paths.
    #[arg(long, conflicts_with_all = ["preview", "worker", "watch"])]
    pub(crate) enqueue: bool,
    /// Read files from the list of imports, beside other such processes on the same data, until stopped.
    #[arg(long, conflicts_with_all = ["paths", "preview", "watch", "format", "case", "source", "timezone", "map", "time"])]
    pub(crate) worker: bool,
    /// End when the list is empty and nobody is reading any more.
    #[arg(long, requires = "worker")]
    pub(crate) until_empty: bool,
    /// Show how the files would be read, their first messages, and what would be rejected; nothing is stored.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Format of the files; found out from their content by default.
    #[arg(long, default_value = "auto", value_parser = clap::builder::PossibleValuesParser::new(ingest::Format::names()))]
    pub(crate) format: String,
    /// Case the messages belong to.
    #[arg(long, default_value = "default", value_name = "NAME")]
    pub(crate) case: String,
    /// Name of the source; the file's name when not given.
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Zone of times that do not name one.
    #[arg(long, default_value = "Europe/Amsterdam", value_name = "ZONE")]
    pub(crate) timezone: String,
    /// The team's own region: among namesakes its places become more likely, and the reason says so. Without it, the one set on
    /// the screen; `none` for none.
    #[arg(long, env = "SPEURKAART_HOME", value_name = "REGION")]
    pub(crate) home: Option<String>,
    /// Which column or field is what: text=…,time=…,sender=…,conversation=…,id=…; remembered for the source.
    #[arg(long, value_name = "FIELD=NAME,…")]
    pub(crate) map: Option<String>,
    /// When messages without any time were sent; for plain text.
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,
    /// Messages stored in one transaction. Fewer let other processes write sooner and lose less to a crash, and take longer.
    #[arg(long, default_value_t = crate::pipeline::BATCH as u64, value_parser = clap::value_parser!(u64).range(1..=100_000), value_name = "N")]
    pub(crate) batch: u64,
    /// What is printed at the end.
    #[arg(long, value_enum, default_value_t = ReportArg::Text)]
    pub(crate) report: ReportArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportArg {
    /// Sentences.
    Text,
    /// One JSON object as the last line on stdout.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct RegeoparseArgs {
    /// Only messages of this case.
    #[arg(long, value_name = "NAME")]
    pub(crate) case: Option<String>,
    /// The team's own region for this run, as for `import`; without it, the one set on the screen.
    #[arg(long, env = "SPEURKAART_HOME", value_name = "REGION")]
    pub(crate) home: Option<String>,
    /// What is printed at the end.
    #[arg(long, value_enum, default_value_t = ReportArg::Text)]
    pub(crate) report: ReportArg,
}

#[derive(Debug, Args)]
pub(crate) struct GeoparseArgs {
    /// File to read; standard input when not given.
    pub(crate) file: Option<PathBuf>,
    /// A text a line, or a JSON object with `text` a line.
    #[arg(long, value_enum, default_value_t = InputArg::Text)]
    pub(crate) input: InputArg,
    /// Write mentions below the acceptance threshold too.
    #[arg(long)]
    pub(crate) all: bool,
    /// The asker's own region: its places become more likely.
    #[arg(long, value_name = "REGION")]
    pub(crate) home: Option<String>,
    /// Let lines of one conversation inform each other.
    #[arg(long)]
    pub(crate) context: bool,
    /// Tell in sentences which place was chosen, why, and what else it could be, instead of JSON.
    #[arg(long, value_enum, value_name = "LANGUAGE", num_args = 0..=1, default_missing_value = "nl")]
    pub(crate) explain: Option<Language>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Dutch.
    Nl,
    /// English.
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputArg {
    /// A text a line.
    Text,
    /// A JSON object a line: `text`, optionally `id`, `conversation`, `time`.
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct HotspotsArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    /// At most this many.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(crate) format: ListFormat,
    /// Language of reports and of titles in other formats.
    #[arg(long, value_enum, default_value_t = Language::Nl)]
    pub(crate) language: Language,
    /// File to write; standard output when not given. Nobody but you can read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// Columns for reading.
    Table,
    /// As the API answers.
    Json,
    /// A table for anything (RFC 4180).
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// Points for web maps (RFC 7946).
    Geojson,
    /// Points for Google Earth.
    Kml,
    /// The same, zipped.
    Kmz,
    /// Waypoints for navigation (GPX 1.1).
    Gpx,
    /// Points for QGIS, an SQLite file.
    Gpkg,
    /// The report as a web page.
    Html,
    /// The report as PDF.
    Pdf,
    /// A zip with all of these, the messages behind the list, and a manifest.
    Pack,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// Sum up a pack, or a CSV or GeoJSON export, again and say what does not agree.
    Verify {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// Events: CSV or JSON Lines with `date` and either `lon` and `lat` or `place`; or the truth that `synth --truth` writes.
    #[arg(long, value_name = "FILE")]
    pub(crate) events: PathBuf,
    /// What is ranked.
    #[arg(long, default_value = "municipality", value_parser = ["municipality", "cell"])]
    pub(crate) by: String,
    /// What is counted.
    #[arg(long, default_value = "senders", value_parser = ["conversations", "senders", "messages", "mentions", "weighted"])]
    pub(crate) count: String,
    /// Weeks that a list looks back on.
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=52))]
    pub(crate) weeks: u32,
    /// Share of the area that a list may choose.
    #[arg(long, default_value_t = 0.05, value_name = "SHARE")]
    pub(crate) area: f64,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = ReportArg::Text)]
    pub(crate) report: ReportArg,
    /// Zone in which dates are meant.
    #[arg(long, default_value = "Europe/Amsterdam", value_name = "ZONE")]
    pub(crate) timezone: String,
}

#[derive(Debug, Args)]
pub(crate) struct CoverageArgs {
    /// What is printed.
    #[arg(long, value_enum, default_value_t = ReportArg::Text)]
    pub(crate) report: ReportArg,
}

#[derive(Debug, Args)]
pub(crate) struct SynthArgs {
    /// How many.
    #[arg(long, value_name = "N")]
    pub(crate) messages: u64,
    /// The same seed gives the same messages.
    #[arg(long, default_value_t = 2020, value_name = "S")]
    pub(crate) seed: u64,
    /// First day.
    #[arg(long, default_value = "2020-01-01", value_name = "DATE")]
    pub(crate) from: jiff::civil::Date,
    /// Day after the last.
    #[arg(long, default_value = "2020-10-01", value_name = "DATE")]
    pub(crate) to: jiff::civil::Date,
    /// How they are written.
    #[arg(long, value_enum, default_value_t = SynthFormat::Jsonl)]
    pub(crate) format: SynthFormat,
    /// Where to write what was planted.
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SynthFormat {
    /// A JSON object a line.
    Jsonl,
    /// With a header.
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GazetteerCommand {
    /// Pack everything in use (shipped and imported) into one file that `import` reads elsewhere.
    Build {
        /// File to write (.tsv.gz).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Add places, streets and addresses: tables (.csv, also .gz or .zst), GeoJSON, GeoPackage, a GeoNames dump (NL.txt or
    /// NL.zip), or a file of our own columns (.tsv, .tsv.gz).
    Import {
        /// The files; importing one of the same name again replaces what it added.
        #[arg(required = true, num_args = 1.., value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Which column is what, where its name does not say it:
        /// street=…,number=…,letter=…,suffix=…,postcode=…,place=…,municipality=…,province=…,lon=…,lat=…,name=…,kind=…,radius=…
        #[arg(long, value_name = "FIELD=COLUMN,…", value_parser = mapping)]
        map: Option<Mapping>,
        /// What the places are where no column says it: locality, district, region or water (also Dutch: wijk, buurt, …).
        #[arg(long, value_name = "KIND", value_parser = geoparse::geonames::kind_called)]
        kind: Option<PlaceKind>,
    },
    /// Show what a name can mean.
    Lookup {
        /// The name.
        name: String,
    },
    /// Count what is there.
    Stats,
}

/// Reads `--map` of `gazetteer import`.
fn mapping(text: &str) -> Result<Mapping, String> {
    columns::parse_mapping(text)
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Speed of the geoparser: lines and bytes a second, by stage, on one core and on all.
    Geoparse {
        /// Synthetic messages to read.
        #[arg(long, default_value_t = 200_000, value_name = "N")]
        messages: u64,
        /// Read these lines instead: texts, or JSON objects with `text`.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Whether planted hotspots are found among a million synthetic messages, and how often chance alone makes one.
    Hotspots {
        /// Mentions of each world.
        #[arg(long, default_value_t = 1_000_000, value_name = "N")]
        mentions: u64,
        /// Worlds without a planted hotspot.
        #[arg(long, default_value_t = 100, value_name = "N")]
        worlds: u64,
    },
    /// Importing synthetic messages, beside the least that storing the same rows takes: bare inserts, indexes, full text.
    Import(BenchImportArgs),
    /// How long a server takes to answer mixed questions of one client and of many at once.
    Query(BenchQueryArgs),
    /// How right the geoparser is on labelled texts, and how well it knows.
    Accuracy {
        /// Labelled texts, JSON Lines; may be given several times.
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        corpus: Vec<PathBuf>,
        /// Print file and line of every text with a mistake.
        #[arg(long)]
        mistakes: bool,
    },
    /// Fit the geoparser's weights and calibration to labelled texts; what is written is compiled into the next build.
    Fit {
        /// Labelled texts, JSON Lines; may be given several times.
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        corpus: Vec<PathBuf>,
        /// Where to write the table.
        #[arg(long, value_name = "FILE", default_value = "server/crates/geoparse/src/resolve/weights.tsv")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BenchImportArgs {
    /// Synthetic messages to import.
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    pub(crate) messages: u64,
    /// How they are written.
    #[arg(long, value_enum, default_value_t = SynthFormat::Jsonl)]
    pub(crate) format: SynthFormat,
    /// Import into this directory, which must not hold messages yet, and leave it there; a temporary one when not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// What is printed at the end.
    #[arg(long, value_enum, default_value_t = ReportArg::Text)]
    pub(crate) report: ReportArg,
}

#[derive(Debug, Args)]
pub(crate) struct BenchQueryArgs {
    /// A sign-in link to a running server, as `user link` prints it; without it, a server of our own on the data directory.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Numbers of clients that ask at once, a round each.
    #[arg(long, value_delimiter = ',', default_value = "1,10,100", value_name = "N,…")]
    pub(crate) clients: Vec<usize>,
    /// Length of a round.
    #[arg(long, default_value_t = 20, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) seconds: u64,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = ReportArg::Text)]
    pub(crate) report: ReportArg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Print a new one-time sign-in link for the administrator.
    Link {
        /// The address that people open.
        #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
        url: String,
    },
}
