//! The stored data, opened to be questioned, and what commands that question it share.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use activity::Regions;
use anyhow::Context as _;
use geoparse::Topics;
use jiff::tz::TimeZone;
use model::Scope;
use model::api::SourceInfo;
use store::Store;

use crate::asking::Asker;
use crate::config::{self, Data};
use crate::error::ApiError;
use crate::knowledge::Knowledge;
use crate::live;
use crate::sources;
use crate::state::Live;

/// Store and index of a data directory.
pub(super) struct Opened {
    store: Arc<dyn Store>,
    regions: Arc<Regions>,
    live: Live,
    zone: TimeZone,
    topics: Arc<Topics>,
}

impl Opened {
    pub(super) async fn new(data: &Data, timezone: &str) -> anyhow::Result<Self> {
        let zone = config::timezone(timezone)?;
        let regions = Arc::new(Knowledge::regions()?);
        let store = data.open().await?;
        let live = live::load(&store, &regions, &data.directory).await?;
        let topics = Arc::new(Knowledge::topics(&data.directory)?);
        Ok(Self { store, regions, live, zone, topics })
    }

    /// All sources.
    pub(super) fn sources(&self) -> Vec<SourceInfo> {
        sources::infos(&self.live, &Scope::All)
    }

    /// Whoever can read the data sees every case in it.
    pub(super) fn asker(&self) -> Asker<'_> {
        Asker {
            store: &self.store,
            regions: &self.regions,
            live: &self.live,
            zone: &self.zone,
            topics: Arc::clone(&self.topics),
            scope: Scope::All,
            answers: None,
            turns: None,
        }
    }
}

/// Writes to a file that is there only once it is whole, and that nobody else can read; or to standard output.
pub(super) fn give(out: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let Some(path) = out else {
        let mut screen = std::io::stdout().lock();
        write(&mut screen)?;
        return Ok(screen.flush()?);
    };
    let said = || format!("{}: cannot be written", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(said)?;
    let mut buffered = std::io::BufWriter::new(file.as_file_mut());
    write(&mut buffered).with_context(said)?;
    buffered.flush().with_context(said)?;
    drop(buffered);
    file.persist(path).with_context(said)?;
    Ok(())
}

/// What went wrong, without what only clients of the API need.
pub(super) fn plain(error: ApiError) -> anyhow::Error {
    match error {
        ApiError::BadRequest { detail, .. } => anyhow::anyhow!(detail),
        ApiError::Internal(cause) => cause,
        other => anyhow::anyhow!(other.to_string()),
    }
}
