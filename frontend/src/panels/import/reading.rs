//! The third step and the fourth: the jobs of this round while they run, and what came of them.

use leptos::prelude::*;

use super::job_card::JobCard;
use super::words;
use crate::components::icons::{self, Icon};
use crate::components::states::sentence;
use crate::importing::Incoming;
use crate::state::use_app;

/// The cards of the jobs that were started, and the files that could not be.
#[component]
pub(super) fn Reading() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let failed = move || {
        importing.incoming.with(|all| {
            let failed = all.iter().filter(|file| file.is_here());
            failed.filter_map(|file: &Incoming| Some((file.name.clone(), file.error.clone()?))).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="drawer-scroll import-scroll">
            {move || failed().into_iter().map(|(name, error)| view! {
                <div class="import-note import-note-bad" role="alert"><Icon path=icons::WARNING /><p><b>{name}</b>": "{sentence(app.t(), &error)}</p></div>
            }).collect_view()}
            {move || importing.error.get().map(|error| view! {
                <div class="import-note import-note-bad" role="alert"><Icon path=icons::WARNING /><p>{sentence(app.t(), &error)}</p></div>
            })}
            <ol class="jobs" data-testid="import-jobs">
                <For each=move || importing.started.get() key=|number| *number let:number><JobCard number /></For>
            </ol>
        </div>
        <footer class="import-foot">
            <button type="button" class="button" data-testid="import-more" on:click=move |_| importing.begin_anew()>
                <Icon path=icons::PLUS />{move || words(app).bring_more}
            </button>
        </footer>
    }
}
