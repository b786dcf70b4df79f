//! From files that were looked at to jobs.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::imports::{ImportBody, Job};

use super::looking::{said, written};
use super::{Importing, Incoming, Phase, Step, Wishes};
use crate::api;
use crate::state::App;

impl Importing {
    /// Puts every readable file into the queue. What cannot be started stays where it is, with the reason.
    pub(crate) fn start(self, app: App) {
        let Some(case) = written(self.case).filter(|_| !self.starting.get_untracked()) else { return };
        let files =
            self.incoming.with_untracked(|all| all.iter().filter(|f| f.is_readable()).cloned().collect::<Vec<_>>());
        self.starting.set(true);
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            for file in files {
                self.start_one(app, &case, file).await;
            }
            self.starting.set(false);
            app.busy.update(|n| *n -= 1);
            if !self.started.with_untracked(Vec::is_empty) {
                self.step.set(Step::Read);
                self.watch(app);
            }
        });
    }

    async fn start_one(self, app: App, case: &str, file: Incoming) {
        let Phase::Here(upload) = file.phase else { return };
        let Wishes { format, timezone, map, time } = file.wishes;
        let body = ImportBody {
            upload,
            case: case.to_owned(),
            source: written(self.source),
            format,
            timezone,
            map: said(map),
            time,
            synthetic: false,
        };
        match api::imports::start(&body).await {
            Ok(jobs) => {
                self.held.update_value(|held| drop(held.remove(&file.id)));
                self.change(file.id, |file| file.phase = Phase::Started);
                self.started.update(|started| started.extend(jobs.jobs.iter().map(|job| job.number)));
                self.add_jobs(jobs.jobs);
            }
            Err(error) => {
                app.note(&error);
                self.change(file.id, |file| file.error = Some(error));
            }
        }
    }

    /// Puts jobs that the list does not hold yet at its head.
    fn add_jobs(self, new: Vec<Job>) {
        self.jobs.update(|jobs| {
            let known = jobs.as_ref().map(|known| known.to_vec()).unwrap_or_default();
            let mut all = new;
            all.sort_by_key(|job| std::cmp::Reverse(job.number));
            all.extend(
                known.into_iter().filter(|job| !all.iter().any(|newer| newer.number == job.number)).collect::<Vec<_>>(),
            );
            *jobs = Some(Arc::new(all));
        });
    }

    /// Puts a job as it is now into the list.
    pub(crate) fn put_job(self, job: Job) {
        self.jobs.update(|jobs| {
            let mut all = jobs.as_ref().map(|known| known.to_vec()).unwrap_or_default();
            if let Some(known) = all.iter_mut().find(|known| known.number == job.number) {
                *known = job;
            }
            *jobs = Some(Arc::new(all));
        });
    }

    /// Back to choosing files: those that were started are done with.
    pub(crate) fn begin_anew(self) {
        self.incoming.update(|all| all.retain(|file| file.phase != Phase::Started));
        self.started.set(Vec::new());
        self.shown.set(self.first_here());
        self.step.set(Step::Files);
    }

    /// Stops a job; what is stored stays.
    pub(crate) fn cancel_job(self, app: App, number: u64) {
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            match api::imports::cancel(number).await {
                Ok(job) => self.put_job(job),
                Err(error) => {
                    app.note(&error);
                    self.error.set(Some(error));
                }
            }
            app.busy.update(|n| *n -= 1);
            self.watch(app);
        });
    }
}
