//! Bringing messages in: files on their way, how they would be read, and the jobs that read them.
//!
//! Here lives what the screen knows and does; what is seen of it is in `panels/import`. Never in a link or in the browser's
//! storage: names of files, names of columns, words of messages.

mod looking;
mod mapping;
mod sending;
mod starting;
mod watching;

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
pub(crate) use mapping::Slot;
use model::imports::{Job, Mapping, Preview};
pub(crate) use watching::is_active;
use web_sys::{File, XmlHttpRequest};

use crate::api::ApiError;

/// What a file is asked to be read as; what is `None` is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Wishes {
    /// The format.
    pub(crate) format: Option<String>,
    /// The zone of times that name none.
    pub(crate) timezone: Option<String>,
    /// Which column is what.
    pub(crate) map: Mapping,
    /// When messages without a time were sent.
    pub(crate) time: Option<String>,
}

/// Why a file is not on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Somebody cut it off.
    Cancelled,
    /// There is nothing in it.
    Empty,
    /// It is a folder.
    Folder,
    /// It is larger than so many bytes, which the server takes at most.
    TooLarge(u64),
    /// The server or the way there said no.
    Failed(ApiError),
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Waits for those before it.
    Waiting,
    /// So many of its bytes are out.
    Sending(u64),
    /// It did not arrive.
    Unsent(Trouble),
    /// The server keeps it under this id until it is read or removed.
    Here(String),
    /// Its jobs have begun.
    Started,
}

/// A file that somebody chose.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Incoming {
    /// Number on this screen.
    pub(crate) id: u32,
    /// What it is called.
    pub(crate) name: String,
    /// Its size.
    pub(crate) bytes: u64,
    /// How far it is.
    pub(crate) phase: Phase,
    /// What it is asked to be read as.
    pub(crate) wishes: Wishes,
    /// How it would be read, as far as the server said.
    pub(crate) preview: Option<Arc<Preview>>,
    /// Whether the server is being asked.
    pub(crate) looking: bool,
    /// Why it cannot be looked at, or not be read.
    pub(crate) error: Option<ApiError>,
}

impl Incoming {
    /// Whether it is still to arrive.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.phase, Phase::Waiting | Phase::Sending(_))
    }

    /// Whether it is on the server and somebody may still change how it is read.
    pub(crate) fn is_here(&self) -> bool {
        matches!(self.phase, Phase::Here(_))
    }

    /// Whether something in it can be read.
    pub(crate) fn is_readable(&self) -> bool {
        self.is_here()
            && self.error.is_none()
            && self.preview.as_ref().is_some_and(|preview| preview.files.iter().any(|file| file.read > 0))
    }
}

/// The steps of bringing files in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Choosing files.
    Files,
    /// Seeing how they would be read.
    Check,
    /// Reading them, and what came of it.
    Read,
}

/// What the panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pane {
    /// The steps.
    New,
    /// All jobs.
    Jobs,
    /// What a job rejected.
    Rejected(u64),
}

/// A file as the browser holds it, and the request that sends it.
type Held = HashMap<u32, (File, Option<XmlHttpRequest>)>;

/// The state; copies share it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Importing {
    /// The files of this round.
    pub(crate) incoming: RwSignal<Vec<Incoming>>,
    /// Where this round is.
    pub(crate) step: RwSignal<Step>,
    /// Which of the files is looked at.
    pub(crate) shown: RwSignal<Option<u32>>,
    /// What the panel shows.
    pub(crate) pane: RwSignal<Pane>,
    /// The case that messages go to.
    pub(crate) case: RwSignal<String>,
    /// The source that they come from; empty for the names of the files.
    pub(crate) source: RwSignal<String>,
    /// Numbers of the jobs of this round.
    pub(crate) started: RwSignal<Vec<u64>>,
    /// Whether jobs are being started.
    pub(crate) starting: RwSignal<bool>,
    /// All jobs, newest first, as last heard.
    pub(crate) jobs: RwSignal<Option<Arc<Vec<Job>>>>,
    /// What went wrong with asking for them.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Grows when the server holds other data than before, whoever brought it in: map and list ask again.
    pub(crate) arrivals: RwSignal<u32>,
    /// What is said aloud.
    pub(crate) said: RwSignal<String>,
    /// Whether a file is being dragged over the window.
    pub(crate) dragging: RwSignal<bool>,
    /// Names of columns seen in previews, by source: for reading again.
    pub(crate) columns: StoredValue<HashMap<String, Vec<String>>>,
    held: StoredValue<Held, LocalStorage>,
    last_id: StoredValue<u32>,
    watching: StoredValue<bool>,
}

impl Importing {
    /// Nothing chosen, nothing known.
    pub(crate) fn new() -> Self {
        Self {
            incoming: RwSignal::new(Vec::new()),
            step: RwSignal::new(Step::Files),
            shown: RwSignal::new(None),
            pane: RwSignal::new(Pane::New),
            case: RwSignal::new(String::new()),
            source: RwSignal::new(String::new()),
            started: RwSignal::new(Vec::new()),
            starting: RwSignal::new(false),
            jobs: RwSignal::new(None),
            error: RwSignal::new(None),
            arrivals: RwSignal::new(0),
            said: RwSignal::new(String::new()),
            dragging: RwSignal::new(false),
            columns: StoredValue::new(HashMap::new()),
            held: StoredValue::new_local(HashMap::new()),
            last_id: StoredValue::new(0),
            watching: StoredValue::new(false),
        }
    }

    /// A part of a file's state, tracked; `None` once the file is gone.
    pub(crate) fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        id: u32,
        part: impl Fn(&Incoming) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| self.incoming.with(|all| all.iter().find(|file| file.id == id).map(&part)))
    }

    /// A job by its number, tracked.
    pub(crate) fn job(self, number: u64) -> Memo<Option<Job>> {
        Memo::new(move |_| self.jobs.with(|jobs| jobs.as_ref()?.iter().find(|job| job.number == number).cloned()))
    }

    /// Changes a file's state.
    fn change(self, id: u32, change: impl FnOnce(&mut Incoming)) {
        self.incoming.update(|all| {
            if let Some(file) = all.iter_mut().find(|file| file.id == id) {
                change(file);
            }
        });
    }

    /// A file's state as it is now.
    fn now(self, id: u32) -> Option<Incoming> {
        self.incoming.with_untracked(|all| all.iter().find(|file| file.id == id).cloned())
    }
}
