//! The button that opens the panel of analyses, and how far they are while the server works.

use leptos::prelude::*;

use super::icons::{self, Icon};
use crate::analysing::Question;
use crate::panels::analyses::words;
use crate::state::use_app;

/// The button; it opens the question that was open last.
#[component]
pub(crate) fn AnalysesButton() -> impl IntoView {
    let app = use_app();
    let open = app.part(|v| v.analyses);
    let far = Memo::new(move |_| app.analysing().percent());
    let last = StoredValue::new(Question::Scan);
    Effect::new(move |_| {
        if let Some(question) = open.get() {
            last.set_value(question);
        }
    });
    let label = move || {
        let far = far.get().map(|percent| format!(" ({percent}%)")).unwrap_or_default();
        format!("{}{far}", words(app).title)
    };
    let toggle = move |_| {
        app.change(|v| {
            v.analyses = if v.analyses.is_some() { None } else { Some(last.get_value()) };
            v.review = false;
            v.import = false;
        });
    };
    view! {
        <button type="button" class="button analyses-open" id="analyses-open" data-testid="analyses-open"
            aria-pressed=move || open.with(Option::is_some).to_string() title=move || words(app).hint aria-label=label on:click=toggle>
            <Icon path=icons::ANALYSES /><span class="wide-only">{move || words(app).title}</span>
            <Show when=move || far.get().is_some()><span class="count" data-testid="analyses-far">{move || far.get()} "%"</span></Show>
        </button>
    }
}
