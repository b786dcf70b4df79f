//! Where messages go: the case, and the source that they come from. Names that exist are suggested.

use leptos::prelude::*;
use model::api::SourceInfo;

use super::words;
use crate::i18n::imports::Texts;
use crate::state::{App, use_app};

/// Case and source.
#[component]
pub(super) fn Settings() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let cases = move || names(app, |source| Some(source.case.clone()));
    let sources = move || {
        let case = importing.case.get();
        names(app, |source| (source.case == case.trim()).then(|| source.name.clone()))
    };
    view! {
        <div class="import-where">
            {field(app, "case", importing.case, |t| t.case, |t| t.case_hint, Signal::derive(cases))}
            {field(app, "source", importing.source, |t| t.source, |t| t.source_hint, Signal::derive(sources))}
        </div>
    }
}

fn field(
    app: App,
    name: &'static str,
    value: RwSignal<String>,
    label: fn(&Texts) -> &'static str,
    hint: fn(&Texts) -> &'static str,
    known: Signal<Vec<String>>,
) -> impl IntoView {
    let list = format!("import-{name}-list");
    view! {
        <label class="stacked">
            <span class="stacked-label">{move || label(words(app))}</span>
            <span class="field">
                <input type="text" autocomplete="off" spellcheck="false" maxlength="200" data-testid=format!("import-{name}")
                    id=format!("import-{name}") list=list.clone() placeholder=move || hint(words(app)) prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:change=move |_| app.importing().look_at_all(app) />
            </span>
            <datalist id=list>
                {move || known.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
        </label>
    }
}

/// Names that sources of the server bear, each once.
fn names(app: App, name: impl Fn(&SourceInfo) -> Option<String>) -> Vec<String> {
    let mut names: Vec<String> =
        app.meta.with(|meta| meta.iter().flat_map(|meta| &meta.sources).filter_map(name).collect());
    names.sort();
    names.dedup();
    names
}
