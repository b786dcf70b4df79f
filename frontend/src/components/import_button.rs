//! The button that opens the panel for bringing messages in, and how far that is while it goes on.

use leptos::prelude::*;

use super::icons::{self, Icon};
use crate::importing::{Importing, Phase, is_active};
use crate::panels::import::words;
use crate::state::use_app;

/// The button.
#[component]
pub(crate) fn ImportButton() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let open = app.part(|v| v.import);
    let far = Memo::new(move |_| percent(importing));
    let label = move || {
        let far = far.get().map(|percent| format!(" ({percent}%)")).unwrap_or_default();
        format!("{}{far}", words(app).title)
    };
    let toggle = move |_| {
        app.change(|v| {
            v.import = !v.import;
            v.review = false;
            v.analyses = None;
        });
    };
    view! {
        <button type="button" class="button import-open" id="import-open" data-testid="import-open" aria-pressed=move || open.get().to_string()
            title=move || words(app).hint aria-label=label on:click=toggle>
            <Icon path=icons::UPLOAD /><span class="wide-only">{move || words(app).title}</span>
            <Show when=move || far.get().is_some()><span class="count" data-testid="import-far">{move || far.get()} "%"</span></Show>
        </button>
        <span class="sr-only" role="status" aria-live="polite">{move || importing.said.get()}</span>
    }
}

/// How much of what is being sent and read is behind, by bytes; `None` while nothing is.
fn percent(importing: Importing) -> Option<u64> {
    let (mut done, mut total) = importing.incoming.with(|all| {
        all.iter().filter(|file| file.is_under_way()).fold((0, 0), |(done, total), file| match file.phase {
            Phase::Sending(sent) => (done + sent, total + file.bytes),
            _ => (done, total + file.bytes),
        })
    });
    importing.jobs.with(|jobs| {
        for job in jobs.iter().flat_map(|jobs| jobs.iter()).filter(|job| is_active(job)) {
            done += job.bytes_done;
            // A job that is not opened yet still is one.
            total += job.bytes_total.max(1);
        }
    });
    (total > 0).then(|| done * 100 / total)
}
