//! `speurkaart serve`: the API and the screen from one binary.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, bail};
use arc_swap::ArcSwap;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::answers::Answers;
use crate::cli::ServeArgs;
use crate::clock::{Clock, SystemClock};
use crate::commands::import::{bar, show};
use crate::commands::user::sign_in_link;
use crate::config::{self, Data, Protection, ServeConfig};
use crate::home::{self, Rehoming, RunHome};
use crate::importing::{self, Importing};
use crate::knowledge::Knowledge;
use crate::live;
use crate::pipeline::{BATCH, Import, Pipeline};
use crate::place_search::PlaceSearch;
use crate::router::router;
use crate::state::App;
use crate::turns::Turns;
use crate::worker::Worker;

/// Case and source of the demo's messages.
const DEMO: &str = "demo";
/// How long imports get to lay down their work when the server stops; the next one goes on with it in any case.
const LAYING_DOWN: std::time::Duration = std::time::Duration::from_secs(10);
/// The demo is the same for everybody.
const DEMO_SEED: u64 = 2020;

pub(crate) async fn run(data: &Data, args: ServeArgs) -> anyhow::Result<()> {
    let protection = Protection::decide(args.listen, args.tls_cert, args.tls_key, args.behind_proxy)?;
    if let Some(file) = &args.basemap {
        check_pmtiles(file)?;
    }
    let config = ServeConfig {
        data: data.directory.clone(),
        has_database: data.database.is_some(),
        listen: args.listen,
        protection,
        basemap: args.basemap,
        low_space_bytes: args.low_space.saturating_mul(1024 * 1024),
        timezone: config::timezone(&args.timezone)?,
        upload_limit: args.upload_limit,
    };
    let listener =
        std::net::TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let listen = listener.local_addr()?;
    let store = data.open().await?;
    // Only the demo is read with it: a region that no longer exists keeps nobody from the map.
    let home = if args.demo { RunHome::new(&*store, None).await? } else { RunHome::default() };
    let knowledge = Arc::new(Knowledge::load(&data.directory, home.region())?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let pipeline = Pipeline { store: Arc::clone(&store), knowledge: Arc::clone(&knowledge), clock: Arc::clone(&clock) };
    if args.demo {
        fill_with_demo(&pipeline, &data.directory, args.demo_messages).await?;
    }
    let live = live::load(&store, &knowledge.regions, &data.directory).await?;
    let is_new = store.user_count().await? == 0;
    let url = config.protection.public_url(listen);
    // The demo's data are made up: whoever may start it may look at them.
    let link = if is_new || args.demo { sign_in_link(&store, clock.as_ref(), &url).await? } else { url };
    let app = Arc::new(App {
        store,
        regions: Arc::clone(&knowledge.regions),
        gazetteer_version: knowledge.gazetteer_version.clone(),
        topics: ArcSwap::new(Arc::clone(knowledge.geoparser().topics())),
        place_search: PlaceSearch::new(Arc::clone(knowledge.geoparser().gazetteer())),
        clock,
        config,
        metrics: PrometheusBuilder::new().install_recorder().context("metrics")?,
        saved: Mutex::new(live.saved),
        live: ArcSwap::from_pointee(live),
        answers: Answers::default(),
        turns: Turns::default(),
        following: tokio::sync::Mutex::new(()),
        rehoming: Rehoming::default(),
        importing: Importing::new(&data.directory),
    });
    home::go_on(&app).await?;
    let workers = importing::start(&app, args.import_jobs.into())?;
    println!("Speurkaart: open {link}");
    std::io::stdout().flush()?;
    let following = tokio::spawn(live::keep_level(Arc::clone(&app)));
    listen_until_stopped(listener, Arc::clone(&app)).await?;
    for (worker, _) in &workers {
        worker.stop();
    }
    for (_, working) in workers {
        let _ = tokio::time::timeout(LAYING_DOWN, working).await;
    }
    following.abort();
    live::save(&app, &app.live()).await
}

async fn listen_until_stopped(listener: std::net::TcpListener, app: Arc<App>) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let service = router(Arc::clone(&app)).into_make_service();
    match &app.config.protection {
        Protection::Tls { certificate, key } => {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let tls =
                RustlsConfig::from_pem_file(certificate, key).await.context("certificate or key cannot be read")?;
            axum_server::from_tcp_rustls(listener, tls)?.handle(handle).serve(service).await?;
        }
        Protection::Loopback | Protection::Proxy { .. } => {
            axum_server::from_tcp(listener)?.handle(handle).serve(service).await?;
        }
    }
    Ok(())
}

/// Ctrl-C or SIGTERM: no new requests, the running ones get a few seconds.
async fn stop_on_signal(handle: Handle<std::net::SocketAddr>) {
    signal().await;
    handle.graceful_shutdown(Some(std::time::Duration::from_secs(5)));
}

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(tokio::signal::ctrl_c().await),
        }
    }
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
}

/// A file that is no PMTiles archive is said at the start, not as an empty map.
fn check_pmtiles(file: &Path) -> anyhow::Result<()> {
    use std::io::Read;
    let mut head = [0; 8];
    std::fs::File::open(file)
        .and_then(|mut file| file.read_exact(&mut head))
        .with_context(|| format!("{}: cannot be read", file.display()))?;
    if &head[..7] != b"PMTiles" || head[7] != 3 {
        bail!("{}: is no PMTiles archive of version 3", file.display());
    }
    Ok(())
}

/// Writes synthetic messages to a file and imports it like any other. Real and made-up messages never share a directory.
async fn fill_with_demo(pipeline: &Pipeline, data: &Path, messages: u64) -> anyhow::Result<()> {
    let sources = pipeline.store.sources().await?;
    if sources.iter().any(|source| !source.synthetic) {
        bail!(
            "there are messages that are not made up: --demo wants a data directory of its own (--data DIR), or a database of its own"
        );
    }
    if !sources.is_empty() {
        return Ok(());
    }
    let file = data.join("demo.jsonl");
    let mut out = std::io::BufWriter::new(
        std::fs::File::create(&file).with_context(|| format!("{}: cannot be written", file.display()))?,
    );
    let config = synth::Config { messages, seed: DEMO_SEED, ..synth::Config::default() };
    for message in synth::generate(&config) {
        synth::write_jsonl(&message.message, &mut out)?;
    }
    out.flush()?;
    let case_no = pipeline.store.ensure_case(DEMO).await?;
    let source_no = pipeline.store.ensure_source(case_no, DEMO, true).await?;
    eprintln!("making {messages} synthetic messages and finding the places in them");
    let bar = bar();
    let source = ingest::Source::on_disk(&file);
    let options = ingest::Options::default();
    let import = Import { source, case_no, source_no, options, batch: BATCH, worker: Worker::new()? };
    let report = pipeline.import(import, &mut |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    report?;
    Ok(())
}
