//! What the screen says when there is nothing to show: signed out, an error, no data, no hits.

use leptos::prelude::*;

use super::icons::{self, Icon};
use crate::api::ApiError;
use crate::i18n::{Texts, errors};
use crate::panels::import::words;
use crate::state::use_app;

/// No session: how to get a link.
#[component]
pub(crate) fn SignedOut() -> impl IntoView {
    let app = use_app();
    view! {
        <main class="full" data-testid="signed-out">
            <div class="full-card">
                <span class="brand-mark" aria-hidden="true"></span>
                <h1>{move || app.t().signed_out_title}</h1>
                <p>{move || app.t().signed_out_text}</p>
                <pre><code>"speurkaart user link"</code></pre>
                <a class="button button-primary" href="/">{move || app.t().try_again}</a>
            </div>
        </main>
    }
}

/// The screen cannot begin.
#[component]
pub(crate) fn FullError(error: ApiError, retry: Callback<()>) -> impl IntoView {
    view! {
        <main class="full">
            <div class="full-card">
                <span class="brand-mark" aria-hidden="true"></span>
                <ErrorNote error retry />
            </div>
        </main>
    }
}

/// What went wrong in a sentence: the server's, in the language shown.
pub(crate) fn sentence(t: &Texts, error: &ApiError) -> String {
    match error {
        ApiError::Problem(problem) => errors::sentence(t, problem),
        ApiError::Network => t.network_error.to_owned(),
        ApiError::Unreadable => t.unreadable.to_owned(),
        ApiError::SignedOut => t.signed_out_title.to_owned(),
    }
}

/// What went wrong, and a way to try again.
#[component]
pub(crate) fn ErrorNote(error: ApiError, retry: Callback<()>) -> impl IntoView {
    let app = use_app();
    let incident = match &error {
        ApiError::Problem(problem) => problem.incident.clone(),
        _ => None,
    };
    let detail = move || sentence(app.t(), &error);
    view! {
        <div class="note note-error" role="alert" data-testid="error">
            <Icon path=icons::WARNING />
            <h2>{move || app.t().error_title}</h2>
            <p>{detail}</p>
            {incident.map(|id| view! { <p class="faint">{move || app.t().incident} " " <code>{id.clone()}</code></p> })}
            <button type="button" class="button" on:click=move |_| retry.run(())>{move || app.t().try_again}</button>
        </div>
    }
}

/// No message at all: how to bring some in.
#[component]
pub(crate) fn NoData() -> impl IntoView {
    let app = use_app();
    view! {
        <div class="note" data-testid="empty">
            <Icon path=icons::TALK />
            <h2>{move || app.t().empty_title}</h2>
            <p>{move || app.t().empty_text}</p>
            <button type="button" class="button button-primary" data-testid="empty-import" on:click=move |_| app.change(|v| v.import = true)>
                <Icon path=icons::UPLOAD />{move || words(app).title}
            </button>
            <pre><code>"speurkaart import berichten.csv\nspeurkaart serve --demo"</code></pre>
        </div>
    }
}

/// Nothing passes: which filters to loosen, each with the button that does so.
#[component]
pub(crate) fn NoHits() -> impl IntoView {
    let app = use_app();
    let any = move || app.filter.with(|f| *f != model::api::FilterBody::default());
    view! {
        <div class="note" data-testid="empty">
            <Icon path=icons::SEARCH />
            <h2>{move || app.t().no_hits_title}</h2>
            <p>{move || if any() { app.t().no_hits_text } else { app.t().no_hits_plain }}</p>
            <crate::panels::filters::Chips />
        </div>
    }
}
