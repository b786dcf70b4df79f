//! One question: under way, answered, refused or cut off.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::api::FilterBody;
use serde::de::DeserializeOwned;
use web_sys::AbortController;

use super::Question;
use crate::api::{ApiError, analyses};
use crate::state::App;

/// How far a question is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Phase {
    /// It is not being asked.
    Rests,
    /// The server works; so many rounds are done, of so many, once it has said so.
    Running(Option<(u32, u32)>),
    /// Somebody ended it.
    CutOff,
    /// The server refused, or the way there did.
    Failed(ApiError),
}

/// An answer with what was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told<T> {
    /// The question.
    pub(crate) asked: FilterBody,
    /// The answer.
    pub(crate) answer: T,
    /// The data it is about.
    pub(crate) data_version: u64,
}

/// A question with its latest answer.
#[derive(Debug)]
pub(crate) struct Run<T: Send + Sync + 'static> {
    /// Which question it is.
    pub(crate) question: Question,
    /// How far it is.
    pub(crate) phase: RwSignal<Phase>,
    /// The latest answer.
    pub(crate) told: RwSignal<Option<Arc<Told<T>>>>,
    version: fn(&T) -> u64,
    /// The request under way, by its number.
    request: StoredValue<(u32, Option<AbortController>), LocalStorage>,
}

impl<T: Send + Sync + 'static> Clone for Run<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Run<T> {}

impl<T: DeserializeOwned + Send + Sync + 'static> Run<T> {
    pub(super) fn new(question: Question, version: fn(&T) -> u64) -> Self {
        Self {
            question,
            phase: RwSignal::new(Phase::Rests),
            told: RwSignal::new(None),
            version,
            request: StoredValue::new_local((0, None)),
        }
    }

    /// Asks; a request under way ends, and the server's work with it.
    pub(crate) fn ask(self, app: App, asked: FilterBody) {
        self.end();
        let Ok(abort) = AbortController::new() else { return };
        let signal = abort.signal();
        self.request.update_value(|(_, request)| *request = Some(abort));
        let number = self.request.with_value(|(number, _)| *number);
        let is_current = move || self.request.with_value(|(current, _)| *current == number);
        self.phase.set(Phase::Running(None));
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            let far = |done, of| {
                if is_current() {
                    self.phase.set(Phase::Running(Some((done, of))));
                }
            };
            let answer = analyses::ask::<T>(self.question.as_str(), &asked, &signal, far).await;
            app.busy.update(|n| *n -= 1);
            if !is_current() {
                return;
            }
            match answer {
                Ok(answer) => {
                    let analysing = app.analysing();
                    analysing.hovered.set(None);
                    analysing.chosen.set(None);
                    self.phase.set(Phase::Rests);
                    let data_version = (self.version)(&answer);
                    self.told.set(Some(Arc::new(Told { asked, answer, data_version })));
                }
                Err(error) => {
                    app.note(&error);
                    self.phase.set(Phase::Failed(error));
                }
            }
        });
    }

    /// Ends the request under way; the server, whom nobody waits for any more, stops working.
    pub(crate) fn cut_off(self) {
        self.end();
        self.phase.set(Phase::CutOff);
    }

    fn end(self) {
        self.request.update_value(|(number, request)| {
            *number += 1;
            if let Some(request) = request.take() {
                request.abort();
            }
        });
    }
}
