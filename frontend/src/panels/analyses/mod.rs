//! Analyses: three questions to what passes the filter, each asked when somebody says so, with its answer in sentences, figures and on
//! the map.

mod asking;
mod clusters;
mod form;
mod near_repeat;
mod row;
mod scan;

use asking::Asking;
use leptos::prelude::*;
use model::api::Sentence;

use crate::analysing::Question;
use crate::components::icons::{self, Icon};
use crate::dom;
use crate::i18n::analyses::Texts;
use crate::panels::filters::Chips;
use crate::state::{App, use_app};
use crate::url::Lang;

/// The words of this panel in the language shown.
pub(crate) fn words(app: App) -> &'static Texts {
    Texts::of(app.lang.get())
}

/// What the server says, in the language shown.
fn told(app: App, sentence: &Sentence) -> String {
    if app.lang.get() == Lang::Nl { sentence.nl.clone() } else { sentence.en.clone() }
}

/// The panel; open while the view names a question.
#[component]
pub(crate) fn Analyses() -> impl IntoView {
    let app = use_app();
    let question = app.part(|v| v.analyses);
    let open = Memo::new(move |_| question.with(Option::is_some));
    Effect::new(move |was_open: Option<bool>| {
        let open = open.get();
        match (was_open, open) {
            (Some(false), true) => dom::focus("analyses-close"),
            (Some(true), false) => dom::focus("analyses-open"),
            _ => {}
        }
        open
    });
    // Both stand in the same place: whoever chooses a line wants to see it.
    let place = app.part(|v| v.place.clone());
    Effect::new(move |before: Option<Option<String>>| {
        let place = place.get();
        if before.is_some_and(|before| before != place) && place.is_some() {
            app.change(|v| v.analyses = None);
        }
        place
    });
    let close = move || app.change(|v| v.analyses = None);
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let tab = move |one: Question| {
        let id = format!("analyses-tab-{}", one.as_str());
        view! {
            <button type="button" role="tab" id=id.clone() data-testid=id aria-controls="analyses-body"
                aria-selected=move || (question.get() == Some(one)).to_string()
                on:click=move |_| app.change(|v| v.analyses = Some(one))>{move || words(app).question(one)[0]}</button>
        }
    };
    view! {
        <Show when=move || open.get()>
            <section class="drawer analyses" aria-label=move || words(app).title data-testid="analyses" on:keydown=on_key>
                <header class="drawer-head">
                    <div class="drawer-title">
                        <h2>{move || words(app).title}</h2>
                        <div class="segmented" role="tablist" aria-label=move || words(app).title>{Question::ALL.map(tab)}</div>
                    </div>
                    <button type="button" id="analyses-close" class="button button-quiet button-icon" aria-label=move || app.t().close
                        title=move || app.t().close on:click=move |_| close()><Icon path=icons::CLOSE /></button>
                </header>
                <div class="drawer-scroll" id="analyses-body" role="tabpanel">
                    {move || question.get().map(|question| view! { <One question /> })}
                </div>
            </section>
        </Show>
    }
}

/// A question: what it is, how it is asked, what the answer is.
#[component]
fn One(question: Question) -> impl IntoView {
    let app = use_app();
    let analysing = app.analysing();
    analysing.hovered.set(None);
    analysing.chosen.set(None);
    let part = move |at: usize| words(app).question(question)[at];
    view! {
        <section class="question">
            <h3>{move || part(1)}</h3>
            <p class="question-about">{move || part(2)} " " <span class="faint">{move || part(3)}</span></p>
            <Chips />
            <form::Form question />
        </section>
        {match question {
            Question::Scan => view! { <Asking run=analysing.scan /><scan::Answer run=analysing.scan /> }.into_any(),
            Question::Clusters => view! { <Asking run=analysing.clusters /><clusters::Answer run=analysing.clusters /> }.into_any(),
            Question::NearRepeat => {
                view! { <Asking run=analysing.near_repeat /><near_repeat::Answer run=analysing.near_repeat /> }.into_any()
            }
        }}
    }
}
