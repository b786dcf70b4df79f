//! The screen follows the data: what arrives by an import, live, or from the command line is on the map without a reload.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::dom;
use crate::state::App;

/// The server is asked this often whether its data changed, while the page is looked at.
const ASK_AGAIN: Duration = Duration::from_secs(4);

/// Follows from now on.
pub(crate) fn follow(app: App) {
    set_timeout(move || ask(app), ASK_AGAIN);
}

fn ask(app: App) {
    let known = app.meta.with_untracked(|meta| meta.as_ref().map(|meta| meta.data_version));
    if dom::is_hidden() || known.is_none() || app.meta_error.with_untracked(Option::is_some) {
        follow(app);
        return;
    }
    spawn_local(async move {
        match api::meta().await {
            // Somebody may have decided something here meanwhile: then the screen has asked already.
            Ok(meta) if app.meta.with_untracked(|m| m.as_ref().is_some_and(|m| m.data_version < meta.data_version)) => {
                app.meta.set(Some(Arc::new(meta)));
                app.importing().arrivals.update(|n| *n += 1);
            }
            Ok(_) => {}
            // Without a connection there is nothing to follow; what somebody does next says so.
            Err(error) => app.note(&error),
        }
        follow(app);
    });
}
