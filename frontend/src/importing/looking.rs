//! How files would be read: asked again with every wish, the latest one counts.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::imports::{Mapping, PreviewBody};

use super::{Importing, Incoming, Phase, Step, Wishes};
use crate::api;
use crate::state::App;

impl Importing {
    /// Goes to the step that shows how the files would be read.
    pub(crate) fn check(self, app: App) {
        if let Some(first) = self.first_here() {
            let shown = self.shown.get_untracked().filter(|id| self.now(*id).is_some_and(|file| file.is_here()));
            self.shown.set(shown.or(Some(first)));
            self.suggest_case(app);
            self.step.set(Step::Check);
        }
    }

    /// Changes what a file is asked to be read as, and looks again.
    pub(crate) fn wish(self, app: App, id: u32, change: impl FnOnce(&mut Wishes)) {
        self.change(id, |file| change(&mut file.wishes));
        self.look(app, id);
    }

    /// Another case or source: what was remembered for it may be read otherwise.
    pub(crate) fn look_at_all(self, app: App) {
        let here = self
            .incoming
            .with_untracked(|all| all.iter().filter(|file| file.is_here()).map(|file| file.id).collect::<Vec<_>>());
        for id in here {
            self.look(app, id);
        }
    }

    /// Asks how a file would be read, now or as soon as the question under way is answered.
    pub(super) fn look(self, app: App, id: u32) {
        let Some(file) = self.now(id) else { return };
        if file.looking {
            return;
        }
        let Phase::Here(upload) = file.phase else { return };
        self.change(id, |file| file.looking = true);
        spawn_local(async move {
            loop {
                let Some(file) = self.now(id) else { return };
                let body = self.body(&file);
                app.busy.update(|n| *n += 1);
                let answer = api::imports::preview(&upload, &body).await;
                app.busy.update(|n| *n -= 1);
                let Some(now) = self.now(id) else { return };
                if self.body(&now) != body {
                    continue;
                }
                self.change(id, |file| {
                    file.looking = false;
                    match answer {
                        Ok(preview) => {
                            file.error = None;
                            file.preview = Some(Arc::new(preview));
                        }
                        Err(error) => {
                            app.note(&error);
                            file.error = Some(error);
                        }
                    }
                });
                self.remember_columns(id);
                return;
            }
        });
    }

    fn body(self, file: &Incoming) -> PreviewBody {
        let Wishes { format, timezone, map, time } = file.wishes.clone();
        PreviewBody { format, timezone, map: said(map), case: written(self.case), source: written(self.source), time }
    }

    fn remember_columns(self, id: u32) {
        let Some(preview) = self.now(id).and_then(|file| file.preview) else { return };
        self.columns.update_value(|known| {
            for file in preview.files.iter().filter(|file| !file.columns.is_empty()) {
                known.insert(file.file.clone(), file.columns.clone());
            }
        });
    }

    /// The case that messages are most likely for: the only one that holds real ones.
    fn suggest_case(self, app: App) {
        if !self.case.with_untracked(String::is_empty) {
            return;
        }
        let mut cases = app.meta.with_untracked(|meta| {
            let sources = meta.iter().flat_map(|meta| &meta.sources).filter(|source| !source.synthetic);
            sources.map(|source| source.case.clone()).collect::<Vec<_>>()
        });
        cases.sort();
        cases.dedup();
        if let [only] = &cases[..] {
            self.case.set(only.clone());
        }
    }
}

/// A mapping in which something is said.
pub(super) fn said(map: Mapping) -> Option<Mapping> {
    (map != Mapping::default()).then_some(map)
}

/// What stands in a field, if anything does.
pub(super) fn written(field: RwSignal<String>) -> Option<String> {
    Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}
