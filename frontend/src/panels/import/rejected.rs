//! What a job could not read: how much for which reason, where, the input itself when asked for, as a file, and read once more.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::imports::{RejectedView, Retried};

use super::rejected_rows::{Rows, by_reason};
use super::retry::{Retry, RetrySaid};
use super::troubles::told;
use super::words;
use crate::api::{self, ApiError};
use crate::components::icons::{self, Icon};
use crate::components::states::ErrorNote;
use crate::dom;
use crate::format;
use crate::i18n;
use crate::importing::Pane;
use crate::state::{App, use_app};

/// Rows fetched; a file has them all.
const LIMIT: u32 = 500;

/// What is known of the rejected input of a job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    job: u64,
    rows: RwSignal<Option<Arc<Vec<RejectedView>>>>,
    error: RwSignal<Option<ApiError>>,
    /// Whether the input itself is shown.
    raw: RwSignal<bool>,
    /// What came of reading once more.
    pub(super) result: RwSignal<Option<Result<Retried, ApiError>>>,
}

impl Known {
    /// Asks for the rows.
    pub(super) fn ask(self, app: App) {
        let raw = self.raw.get_untracked();
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            let answer = api::imports::rejected(self.job, LIMIT, raw).await;
            app.busy.update(|n| *n -= 1);
            match answer {
                // The view may have been left meanwhile.
                Ok(rows) => {
                    let _ = self.error.try_set(None);
                    let _ = self.rows.try_set(Some(Arc::new(rows)));
                }
                Err(error) => {
                    app.note(&error);
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }
}

/// The view of one job's rejected input.
#[component]
pub(super) fn RejectedInput(job: u64) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    importing.watch(app);
    let known = Known {
        job,
        rows: RwSignal::new(None),
        error: RwSignal::new(None),
        raw: RwSignal::new(false),
        result: RwSignal::new(None),
    };
    known.ask(app);
    let state = importing.job(job);
    let file = move || state.with(|job| job.as_ref().map(|job| job.file.clone())).unwrap_or_default();
    let can_retry = Memo::new(move |_| state.with(|job| job.as_ref().is_some_and(|job| job.can_retry)));
    let only = RwSignal::new(None::<String>);
    let none = move || known.rows.with(|rows| rows.as_ref().is_some_and(|rows| rows.is_empty()));
    Effect::new(move |_| dom::focus("rejected-back"));
    view! {
        <div class="drawer-scroll import-scroll" data-testid="rejected">
            <button type="button" class="button button-quiet button-small rejected-back" id="rejected-back" data-testid="rejected-back"
                on:click=move |_| importing.pane.set(Pane::Jobs)><Icon path=icons::LEFT />{move || words(app).to_jobs}</button>
            <h3 class="rejected-title">{move || words(app).rejected_input} " " <span class="faint">{file}</span></h3>
            {move || known.error.get().map(|error| {
                view! { <ErrorNote error retry=Callback::new(move |()| known.ask(app)) /> }
            })}
            <RetrySaid result=known.result />
            <Show when=none><p class="import-note import-note-good" data-testid="rejected-none"><Icon path=icons::TICK />{move || words(app).rejected_none}</p></Show>
            <Show when=move || can_retry.get() && !none()><Retry job known /></Show>
            <Show when=move || known.rows.with(Option::is_some) && !none()>
                <Reasons known only />
                <Downloads known />
                <Rows rows=known.rows only />
            </Show>
        </div>
    }
}

/// How much for which reason; one that is pressed shows only what it counts.
#[component]
fn Reasons(known: Known, only: RwSignal<Option<String>>) -> impl IntoView {
    let app = use_app();
    let total = app.importing().job(known.job);
    let counts =
        Memo::new(move |_| known.rows.with(|rows| rows.as_ref().map(|rows| by_reason(rows)).unwrap_or_default()));
    let chip = move |code: Option<String>, label: String, number: u64| {
        let (this, wanted) = (code.clone(), code);
        view! {
            <button type="button" class="reason-chip" data-testid="rejected-reason" aria-pressed=move || (only.get() == this).to_string()
                on:click=move |_| only.set(wanted.clone())>{label} <b>{format::count(app.lang.get_untracked(), number)}</b></button>
        }
    };
    let shown = move || known.rows.with(|rows| rows.as_ref().map_or(0, |rows| rows.len() as u64));
    let chips = move || {
        let counts = counts.get();
        let all = (counts.len() > 1).then(|| chip(None, words(app).all_reasons.to_owned(), shown()));
        let each = counts
            .into_iter()
            .map(|(code, reason, number)| chip(Some(code.clone()), told(app, &code, &reason), number));
        view! { {all} {each.collect_view()} }
    };
    let part = move || {
        let all = total.with(|job| job.as_ref().map_or(0, |job| job.rejected));
        let lang = app.lang.get();
        (shown() == u64::from(LIMIT) && all > shown())
            .then(|| i18n::of_total(lang, &format::count(lang, shown()), &format::count(lang, all)))
    };
    view! {
        <div class="reason-chips">{chips}</div>
        {move || part().map(|part| view! { <p class="faint">{part}</p> })}
    }
}

/// The input as a file, or on the screen.
#[component]
fn Downloads(known: Known) -> impl IntoView {
    let app = use_app();
    let save = move |format: &'static str, media_type: &'static str| {
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            match api::imports::rejected_file(known.job, format).await {
                Ok(bytes) => {
                    dom::save_file(&bytes, &format!("rejected-{}.{format}", known.job), media_type);
                }
                Err(error) => {
                    app.note(&error);
                    let _ = known.error.try_set(Some(error));
                }
            }
            app.busy.update(|n| *n -= 1);
        });
    };
    let toggle = move |_| {
        known.raw.update(|raw| *raw = !*raw);
        known.ask(app);
    };
    view! {
        <div class="rejected-do">
            <button type="button" class="button button-small" data-testid="rejected-csv" on:click=move |_| save("csv", "text/csv")>
                <Icon path=icons::DOWNLOAD />"CSV"</button>
            <button type="button" class="button button-small" data-testid="rejected-jsonl" on:click=move |_| save("jsonl", "application/x-ndjson")>
                <Icon path=icons::DOWNLOAD />"JSONL"</button>
            <button type="button" class="button button-small" data-testid="rejected-raw" aria-pressed=move || known.raw.get().to_string() on:click=toggle>
                <Icon path=icons::EYE />{move || words(app).show_input}</button>
            <span class="faint">{move || words(app).rejected_raw}</span>
        </div>
    }
}
