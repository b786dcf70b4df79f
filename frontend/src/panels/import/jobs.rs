//! All jobs, newest first, whoever started them.

use leptos::prelude::*;

use super::job_card::JobCard;
use super::words;
use crate::components::icons::{self, Icon};
use crate::components::states::ErrorNote;
use crate::state::use_app;

/// The list.
#[component]
pub(super) fn JobList() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    importing.watch(app);
    let numbers = Memo::new(move |_| {
        importing.jobs.with(|jobs| jobs.as_ref().map(|jobs| jobs.iter().map(|job| job.number).collect::<Vec<_>>()))
    });
    let unknown = move || numbers.with(Option::is_none) && importing.error.with(Option::is_none);
    view! {
        <div class="drawer-scroll import-scroll">
            {move || importing.error.get().map(|error| {
                view! { <ErrorNote error retry=Callback::new(move |()| importing.watch(app)) /> }
            })}
            <Show when=unknown>
                <div class="skeleton" role="status" aria-label=move || app.t().loading>
                    {(0..4).map(|_| view! { <div class="skeleton-row"><i></i><b></b><span></span></div> }).collect_view()}
                </div>
            </Show>
            <Show when=move || numbers.with(|numbers| numbers.as_ref().is_some_and(Vec::is_empty))>
                <div class="note" data-testid="jobs-empty">
                    <Icon path=icons::UPLOAD />
                    <h2>{move || words(app).no_jobs_title}</h2>
                    <p>{move || words(app).no_jobs_text}</p>
                </div>
            </Show>
            <ol class="jobs" data-testid="all-jobs">
                <For each=move || numbers.get().unwrap_or_default() key=|number| *number let:number><JobCard number /></For>
            </ol>
        </div>
    }
}
