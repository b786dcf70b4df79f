//! One resource of the server on the screen: asks again when the filter changes, never twice at once.
//!
//! While a request is under way only the latest wish is remembered, so that dragging never queues; what was shown stays
//! until the next answer is in, so that nothing flickers.

use std::borrow::Cow;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::api::FilterBody;
use serde::de::DeserializeOwned;

use crate::api::{self, ApiError};
use crate::state::App;

/// Where it is asked, what was asked last, and whether that is still to be sent.
#[derive(Debug)]
struct Wish {
    path: Cow<'static, str>,
    filter: Option<FilterBody>,
    waiting: bool,
}

/// A resource with its latest answer.
#[derive(Debug)]
pub(crate) struct Loader<T: Send + Sync + 'static> {
    /// The latest answer.
    pub(crate) value: RwSignal<Option<Arc<T>>>,
    /// What went wrong with the latest request.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether a request is under way.
    pub(crate) loading: RwSignal<bool>,
    wish: StoredValue<Wish>,
}

impl<T: Send + Sync + 'static> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loader<T> {}

impl<T: DeserializeOwned + Send + Sync + 'static> Loader<T> {
    /// A resource at a path under `/api/v1`, not yet asked for.
    pub(crate) fn new(path: &'static str) -> Self {
        Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            wish: StoredValue::new(Wish { path: path.into(), filter: None, waiting: false }),
        }
    }

    /// Asks at another path from now on.
    pub(crate) fn ask_at(self, app: App, path: String, filter: FilterBody) {
        self.wish.update_value(|wish| wish.path = path.into());
        self.ask(app, filter);
    }

    /// Asks with this filter, now or as soon as the request under way has ended.
    pub(crate) fn ask(self, app: App, filter: FilterBody) {
        self.wish.update_value(|wish| {
            wish.filter = Some(filter);
            wish.waiting = true;
        });
        if self.loading.get_untracked() {
            return;
        }
        self.loading.set(true);
        spawn_local(async move {
            while let Some((path, filter)) = self.take() {
                app.busy.update(|n| *n += 1);
                let answer = api::ask::<T>(&path, &filter).await;
                app.busy.update(|n| *n -= 1);
                match answer {
                    Ok(value) => {
                        self.error.set(None);
                        self.value.set(Some(Arc::new(value)));
                    }
                    Err(error) => {
                        app.note(&error);
                        self.error.set(Some(error));
                    }
                }
            }
            self.loading.set(false);
        });
    }

    /// Asks once more with the latest filter.
    pub(crate) fn retry(self, app: App) {
        if let Some(filter) = self.wish.with_value(|wish| wish.filter.clone()) {
            self.ask(app, filter);
        }
    }

    /// The filter that is still to be sent, once, and where to.
    fn take(self) -> Option<(Cow<'static, str>, FilterBody)> {
        self.wish.try_update_value(|wish| {
            std::mem::take(&mut wish.waiting).then(|| wish.filter.clone().map(|filter| (wish.path.clone(), filter)))
        })??
    }

    /// Forgets the answer.
    pub(crate) fn clear(self) {
        self.wish.update_value(|wish| {
            wish.filter = None;
            wish.waiting = false;
        });
        self.value.set(None);
        self.error.set(None);
    }
}
