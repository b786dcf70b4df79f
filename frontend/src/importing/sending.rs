//! Files to the server, one after the other.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{File, XmlHttpRequest};

use super::{Importing, Incoming, Pane, Phase, Step, Trouble, Wishes};
use crate::api;
use crate::state::App;
use crate::upload;

impl Importing {
    /// Takes files that somebody chose or dropped, and opens the panel on them.
    pub(crate) fn take(self, app: App, files: Vec<(File, bool)>) {
        if files.is_empty() {
            return;
        }
        if self.step.get_untracked() == Step::Read {
            self.begin_anew();
        }
        let limit = app.meta.with_untracked(|meta| meta.as_ref().map(|meta| meta.upload_limit));
        for (file, is_folder) in files {
            let trouble = match file.size() {
                _ if is_folder => Some(Trouble::Folder),
                size if size <= 0.0 => Some(Trouble::Empty),
                size => limit.filter(|limit| size > *limit as f64).map(Trouble::TooLarge),
            };
            self.last_id.update_value(|id| *id += 1);
            let id = self.last_id.get_value();
            let incoming = Incoming {
                id,
                name: file.name(),
                bytes: file.size() as u64,
                phase: trouble.map_or(Phase::Waiting, Phase::Unsent),
                wishes: Wishes::default(),
                preview: None,
                looking: false,
                error: None,
            };
            self.held.update_value(|held| {
                held.insert(id, (file, None));
            });
            self.incoming.update(|all| all.push(incoming));
        }
        self.pane.set(Pane::New);
        self.step.set(Step::Files);
        app.change(|view| {
            view.import = true;
            view.review = false;
        });
        self.send_next(app);
    }

    /// Sends a file that did not arrive once more.
    pub(crate) fn send_again(self, app: App, id: u32) {
        self.change(id, |file| file.phase = Phase::Waiting);
        self.send_next(app);
    }

    /// Cuts a file off that waits or is being sent.
    pub(crate) fn cancel_sending(self, id: u32) {
        let request = self.held.try_update_value(|held| held.get_mut(&id).and_then(|(_, request)| request.take()));
        self.change(id, |file| file.phase = Phase::Unsent(Trouble::Cancelled));
        if let Some(Some(request)) = request {
            // What is cut off already cannot be cut off again.
            let _ = request.abort();
        }
    }

    /// Forgets a file, here and on the server.
    pub(crate) fn remove(self, app: App, id: u32) {
        let Some(file) = self.now(id) else { return };
        if file.is_under_way() {
            self.cancel_sending(id);
        }
        self.held.update_value(|held| drop(held.remove(&id)));
        self.incoming.update(|all| all.retain(|file| file.id != id));
        if let Phase::Here(upload) = file.phase {
            spawn_local(async move {
                // The server forgets what is not used after a day, too.
                if let Err(error) = api::imports::forget(&upload).await {
                    app.note(&error);
                }
            });
        }
        if self.shown.get_untracked() == Some(id) {
            self.shown.set(self.first_here());
        }
        if self.first_here().is_none() && self.step.get_untracked() == Step::Check {
            self.step.set(Step::Files);
        }
        self.send_next(app);
    }

    /// The first file that can be looked at.
    pub(super) fn first_here(self) -> Option<u32> {
        self.incoming.with_untracked(|all| all.iter().find(|file| file.is_here()).map(|file| file.id))
    }

    fn send_next(self, app: App) {
        let next = self.incoming.with_untracked(|all| {
            let busy = all.iter().any(|file| matches!(file.phase, Phase::Sending(_)));
            if busy { None } else { all.iter().find(|file| file.phase == Phase::Waiting).map(|file| file.id) }
        });
        let Some(id) = next else {
            self.go_on(app);
            return;
        };
        let Some(request) = XmlHttpRequest::new().ok() else { return };
        let file = self.held.try_update_value(|held| {
            let (file, slot) = held.get_mut(&id)?;
            *slot = Some(request.clone());
            Some(file.clone())
        });
        let Some(Some(file)) = file else { return };
        self.change(id, |file| file.phase = Phase::Sending(0));
        spawn_local(async move {
            let progress = move |sent| self.progress(id, sent);
            let answer = upload::send(&request, &file, progress).await;
            self.arrived(app, id, answer.map(|upload| upload.upload));
            self.send_next(app);
        });
    }

    fn progress(self, id: u32, sent: u64) {
        self.change(id, |file| {
            if let Phase::Sending(before) = &mut file.phase {
                *before = sent.min(file.bytes);
            }
        });
    }

    /// Takes note of how sending ended, unless somebody cut it off.
    fn arrived(self, app: App, id: u32, answer: Result<String, api::ApiError>) {
        let is_wanted = self.now(id).is_some_and(|file| matches!(file.phase, Phase::Sending(_)));
        match answer {
            Ok(upload) if is_wanted => {
                self.change(id, |file| file.phase = Phase::Here(upload));
                self.look(app, id);
            }
            Err(error) if is_wanted => {
                app.note(&error);
                self.change(id, |file| file.phase = Phase::Unsent(Trouble::Failed(error)));
            }
            Ok(_) | Err(_) => {}
        }
    }

    /// When everything has arrived, the next step is to see how it would be read.
    fn go_on(self, app: App) {
        let all_are_here = self.incoming.with_untracked(|all| !all.is_empty() && all.iter().all(Incoming::is_here));
        if all_are_here && self.step.get_untracked() == Step::Files {
            self.check(app);
        }
    }
}
