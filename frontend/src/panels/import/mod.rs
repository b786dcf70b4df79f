//! Bringing messages in: choose files, see how they would be read, read them, see what came of it.

mod check;
mod choice;
mod drop;
mod file_tabs;
mod files;
mod job_card;
mod jobs;
mod mapping;
mod numbers;
mod read_as;
mod reading;
mod rejected;
mod rejected_rows;
mod retry;
mod sample;
mod settings;
mod steps;
mod troubles;

use leptos::prelude::*;

use check::Check;
pub(crate) use drop::DropAnywhere;
use files::Files;
use jobs::JobList;
use reading::Reading;
use rejected::RejectedInput;
use steps::Steps;

use crate::components::icons::{self, Icon};
use crate::dom;
use crate::i18n::imports::Texts;
use crate::importing::{Pane, Step};
use crate::state::{App, use_app};

/// The words of this panel in the language shown.
pub(crate) fn words(app: App) -> &'static Texts {
    Texts::of(app.lang.get())
}

/// The panel; open while the view says so.
#[component]
pub(crate) fn Import() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let open = app.part(|v| v.import);
    Effect::new(move |was_open: Option<bool>| {
        let open = open.get();
        match (was_open.unwrap_or_default(), open) {
            (false, true) => {
                importing.watch(app);
                dom::focus("import-close");
            }
            (true, false) => dom::focus("import-open"),
            _ => {}
        }
        open
    });
    let close = move || app.change(|v| v.import = false);
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let tab = move |pane: Pane, id: &'static str, label: fn(&Texts) -> &'static str| {
        let chosen = move || (importing.pane.get() == Pane::New) == (pane == Pane::New);
        view! {
            <button type="button" role="tab" id=id data-testid=id aria-controls="import-body" aria-selected=move || chosen().to_string()
                on:click=move |_| importing.pane.set(pane)>{move || label(words(app))}</button>
        }
    };
    view! {
        <Show when=move || open.get()>
            <section class="drawer import" aria-label=move || words(app).title data-testid="import" on:keydown=on_key>
                <header class="drawer-head">
                    <div class="drawer-title">
                        <h2>{move || words(app).title}</h2>
                        <div class="segmented" role="tablist" aria-label=move || words(app).title>
                            {tab(Pane::New, "import-tab-new", |t| t.tab_new)}
                            {tab(Pane::Jobs, "import-tab-jobs", |t| t.tab_jobs)}
                        </div>
                    </div>
                    <button type="button" id="import-close" class="button button-quiet button-icon" aria-label=move || app.t().close
                        title=move || app.t().close on:click=move |_| close()><Icon path=icons::CLOSE /></button>
                </header>
                <div class="import-pane" id="import-body" role="tabpanel" tabindex="-1">
                    {move || match importing.pane.get() {
                        Pane::New => view! { <New /> }.into_any(),
                        Pane::Jobs => view! { <JobList /> }.into_any(),
                        Pane::Rejected(job) => view! { <RejectedInput job /> }.into_any(),
                    }}
                </div>
            </section>
        </Show>
    }
}

/// The steps, one after the other.
#[component]
fn New() -> impl IntoView {
    let importing = use_app().importing();
    Effect::new(move |before: Option<Step>| {
        let step = importing.step.get();
        // What had the focus is gone with the step before.
        if before.is_some_and(|before| before != step) {
            dom::focus("import-body");
        }
        step
    });
    view! {
        <Steps />
        {move || match importing.step.get() {
            Step::Files => view! { <Files /> }.into_any(),
            Step::Check => view! { <Check /> }.into_any(),
            Step::Read => view! { <Reading /> }.into_any(),
        }}
    }
}
