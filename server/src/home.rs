//! The team's own region: kept in the store as what every run reads messages with, and, when it changes, all messages are read
//! again in the background of the server.
//!
//! The words of messages that this tells a signed-in user of never go into a log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use activity::Region;
use model::Scope;
use model::api::{Home, HomeChanges, HomeProgress, WordChanges};
use store::Store;

use crate::error::ApiError;
use crate::knowledge::Knowledge;
use crate::live;
use crate::pipeline::Pipeline;
use crate::rereading::Rereading;
use crate::state::App;

/// Setting: id of the home region; not set when there is none.
const HOME: &str = "home";
/// Setting: the home that all messages were last read with, in the form of [`HOME`], or [`MIXED`]. What a run was told by
/// `--home` does not count: that is its own affair.
const HOME_READ: &str = "home_read";
/// Some messages were read with another home than others. No id of a region.
const MIXED: &str = "mixed";
/// What `--home` says for none.
const NONE: &str = "none";
/// Words named in an answer.
const TOP_WORDS: usize = 20;

/// The home that one run of the command line reads messages with.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunHome {
    region: Option<String>,
    /// It is the one in the store, not one of this run.
    is_stored: bool,
}

impl RunHome {
    /// What `--home` says, or else what is stored; that is said on stderr.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn new(store: &dyn Store, flag: Option<&str>) -> anyhow::Result<Self> {
        // An empty variable of the environment is none.
        match flag.map(str::trim).filter(|flag| !flag.is_empty()) {
            Some(flag) if flag.eq_ignore_ascii_case(NONE) => Ok(Self::default()),
            Some(flag) => Ok(Self { region: Some(flag.to_owned()), is_stored: false }),
            None => {
                let region = store.setting(HOME).await?;
                if let Some(region) = &region {
                    eprintln!("home region: {region} (as set on the screen; --home says otherwise for one run)");
                }
                Ok(Self { region, is_stored: true })
            }
        }
    }

    /// What is stored, for a run that nobody watches.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn stored(store: &dyn Store) -> anyhow::Result<Self> {
        Ok(Self { region: store.setting(HOME).await?, is_stored: true })
    }

    /// Name or id of the region.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Takes note that all messages were read with it.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn all_was_read(&self, store: &dyn Store) -> anyhow::Result<()> {
        if self.is_stored && store.setting(HOME).await? == self.region {
            store.set_setting(HOME_READ, self.region()).await?;
        }
        Ok(())
    }

    /// Takes note that some messages were read with it: when another was set meanwhile, they are to be read again.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn some_were_read(&self, store: &dyn Store) -> anyhow::Result<()> {
        if self.some_were_read_quietly(store).await? {
            eprintln!(
                "the home region was changed meanwhile: `speurkaart regeoparse` reads these messages with it, too"
            );
        }
        Ok(())
    }

    /// The same, and the answer whether they are to be read again.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn some_were_read_quietly(&self, store: &dyn Store) -> anyhow::Result<bool> {
        let is_changed = self.is_stored && store.setting(HOME).await? != self.region;
        if is_changed {
            store.set_setting(HOME_READ, Some(MIXED)).await?;
        }
        Ok(is_changed)
    }
}

/// Reading all messages again in the background: whether somebody does, and what the last time changed.
#[derive(Debug, Default)]
pub(crate) struct Rehoming(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    running: Option<HomeProgress>,
    changed: Option<HomeChanges>,
}

impl Rehoming {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to read all messages again; one has it at a time, and it ends however its holder ends.
struct Turn(Arc<App>);

impl Turn {
    fn take(app: &Arc<App>) -> Option<Self> {
        let mut state = app.rehoming.state();
        if state.running.is_some() {
            return None;
        }
        state.running = Some(HomeProgress::default());
        Some(Self(Arc::clone(app)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.rehoming.state().running = None;
    }
}

/// The home region, and how far reading with it is. Words of messages of all cases are for whoever may see all cases.
///
/// # Errors
/// When the store fails.
pub(crate) async fn get(app: &App, scope: &Scope) -> Result<Home, ApiError> {
    // First how far it is: what ends meanwhile is then told too late rather than too early.
    let (rereading, mut changed) = {
        let state = app.rehoming.state();
        (state.running, state.changed.clone())
    };
    if *scope != Scope::All
        && let Some(changed) = &mut changed
    {
        changed.top_words.clear();
    }
    let (region, read) = (app.store.setting(HOME).await?, app.store.setting(HOME_READ).await?);
    let name = region.as_deref().and_then(|id| app.regions.find(id)).map(|region| region.name.clone());
    Ok(Home { complete: rereading.is_none() && region == read, name, region, rereading, changed })
}

/// Sets the home region and starts to read all messages again with it.
///
/// # Errors
/// When messages are being read again already, or the store fails.
pub(crate) async fn set(app: &Arc<App>, region: Option<&Region>) -> Result<(), ApiError> {
    let turn = Turn::take(app).ok_or(ApiError::Conflict {
        code: "rereading",
        detail: "All messages are being read again with the home region set before: wait until that is done \
                 (`rereading` of GET /api/v1/home is null).",
    })?;
    // In this order: cut off in between, all messages are read again with the old one.
    app.store.set_setting(HOME_READ, Some(MIXED)).await?;
    app.store.set_setting(HOME, region.map(|region| region.id.as_str())).await?;
    tokio::spawn(read_again(turn));
    Ok(())
}

/// At the start of a server: goes on with what an earlier one did not finish.
///
/// # Errors
/// When the store fails.
pub(crate) async fn go_on(app: &Arc<App>) -> anyhow::Result<()> {
    if app.store.setting(HOME).await? != app.store.setting(HOME_READ).await?
        && let Some(turn) = Turn::take(app)
    {
        tracing::info!("not all messages have been read with the home region that is set: reading them again");
        tokio::spawn(read_again(turn));
    }
    Ok(())
}

/// Reads all messages again; when that fails, it is still to be done and the next start or the next wish does it.
async fn read_again(turn: Turn) {
    let app = &turn.0;
    match try_to_read_again(app).await {
        Ok(report) => app.rehoming.state().changed = Some(changes(&report)),
        Err(error) => tracing::error!(cause = format!("{error:#}"), "reading all messages again failed"),
    }
}

async fn try_to_read_again(app: &Arc<App>) -> anyhow::Result<Rereading> {
    let home = app.store.setting(HOME).await?;
    let (data, with) = (app.config.data.clone(), home.clone());
    let knowledge = tokio::task::spawn_blocking(move || Knowledge::load(&data, with.as_deref())).await??;
    app.topics.store(Arc::clone(knowledge.geoparser().topics()));
    let pipeline =
        Pipeline { store: Arc::clone(&app.store), knowledge: Arc::new(knowledge), clock: Arc::clone(&app.clock) };
    let mut progress = |report: &Rereading, total| {
        app.rehoming.state().running = Some(HomeProgress { read: report.read, total });
    };
    let report = pipeline.regeoparse(None, &mut progress).await?;
    app.store.set_setting(HOME_READ, home.as_deref()).await?;
    // Whoever hears that it is done finds it in every answer.
    live::refresh(app).await?;
    Ok(report)
}

fn changes(report: &Rereading) -> HomeChanges {
    let top_words = report.top_words(TOP_WORDS);
    HomeChanges {
        read: report.read,
        moved: report.moved,
        accepted: report.accepted,
        unaccepted: report.unaccepted,
        added: report.added,
        removed: report.removed,
        top_words: top_words
            .into_iter()
            .map(|(words, changes)| WordChanges { words: words.to_owned(), changes })
            .collect(),
        seconds: report.seconds,
    }
}
