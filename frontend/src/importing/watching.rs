//! How far jobs are: asked once a second, only while one runs and the page is looked at.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::imports::{Job, JobState};

use super::Importing;
use crate::api;
use crate::dom;
use crate::i18n::imports;
use crate::state::App;

/// Jobs are asked for this often.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Whether it waits or runs.
pub(crate) fn is_active(job: &Job) -> bool {
    matches!(job.state, JobState::Queued | JobState::Running)
}

impl Importing {
    /// Asks how far jobs are, and again while one runs. Does nothing while it is asking already.
    pub(crate) fn watch(self, app: App) {
        if self.watching.get_value() {
            return;
        }
        self.watching.set_value(true);
        self.ask_jobs(app);
    }

    fn ask_jobs(self, app: App) {
        spawn_local(async move {
            let goes_on = match api::imports::jobs().await {
                Ok(jobs) => {
                    self.error.set(None);
                    self.heard(app, jobs.jobs)
                }
                Err(error) => {
                    app.note(&error);
                    self.error.set(Some(error));
                    false
                }
            };
            if goes_on {
                set_timeout(move || self.ask_when_seen(app), ASK_AGAIN);
            } else {
                self.watching.set_value(false);
            }
        });
    }

    /// A page that nobody looks at asks nothing.
    fn ask_when_seen(self, app: App) {
        if dom::is_hidden() {
            set_timeout(move || self.ask_when_seen(app), ASK_AGAIN);
        } else {
            self.ask_jobs(app);
        }
    }

    /// Takes the list as it is now; tells whether to ask again.
    fn heard(self, app: App, jobs: Vec<Job>) -> bool {
        let ended: Vec<&Job> = self.jobs.with_untracked(|before| {
            let was_active = |job: &&Job| {
                let before = before.as_ref().and_then(|before| before.iter().find(|old| old.number == job.number));
                before.is_some_and(is_active)
            };
            jobs.iter().filter(|job| !is_active(job)).filter(was_active).collect()
        });
        if !ended.is_empty() {
            let lang = app.lang.get_untracked();
            let said =
                ended.iter().map(|job| imports::ended(lang, &job.file, job.state, job.imported)).collect::<Vec<_>>();
            self.said.set(said.join(". "));
        }
        let goes_on = jobs.iter().any(is_active);
        if self.jobs.with_untracked(|before| before.as_ref().is_none_or(|before| **before != jobs)) {
            self.jobs.set(Some(Arc::new(jobs)));
        }
        goes_on
    }
}
