//! The second step: how the files would be read, before anything is stored.

use leptos::prelude::*;
use model::imports::FilePreview;

use super::file_tabs::FileTabs;
use super::read_as::ReadAs;
use super::sample::Sample;
use super::settings::Settings;
use super::troubles::{PassedOverList, Troubles};
use super::words;
use crate::components::icons::{self, Icon};
use crate::components::states::sentence;
use crate::dom;
use crate::i18n::imports;
use crate::importing::{Incoming, Step};
use crate::state::use_app;

/// Case and source, the file looked at, and the button that begins.
#[component]
pub(super) fn Check() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let readable =
        Memo::new(move |_| importing.incoming.with(|all| all.iter().filter(|file| file.is_readable()).count()));
    let looking = Memo::new(move |_| importing.incoming.with(|all| all.iter().any(|file| file.looking)));
    let missing = RwSignal::new(false);
    let start = move |_| {
        if importing.case.with_untracked(|case| case.trim().is_empty()) {
            missing.set(true);
            dom::focus("import-case");
        } else {
            importing.start(app);
        }
    };
    let problem = move || {
        if missing.get() && importing.case.with(|case| case.trim().is_empty()) {
            Some(words(app).case_missing)
        } else {
            (readable.get() == 0 && !looking.get()).then_some(words(app).nothing_to_start)
        }
    };
    let button = move || if importing.starting.get() { words(app).starting } else { words(app).start };
    view! {
        <div class="drawer-scroll import-scroll">
            <Settings />
            <FileTabs />
            {move || importing.shown.get().map(|id| view! { <Look id /> })}
        </div>
        <footer class="import-foot">
            <p class="import-problem" role="alert" data-testid="import-problem">{problem}</p>
            <button type="button" class="button" on:click=move |_| importing.step.set(Step::Files)>
                <Icon path=icons::LEFT />{move || words(app).back}
            </button>
            <button type="button" class="button button-primary" data-testid="import-start"
                disabled=move || readable.get() == 0 || importing.starting.get() on:click=start>
                {button}
                <Show when=move || { readable.get() > 1 }><span class="count">{move || readable.get()}</span></Show>
            </button>
        </footer>
    }
}

/// How one file would be read.
#[component]
fn Look(id: u32) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let error = importing.part(id, |file| file.error.clone());
    let looking = importing.part(id, |file| file.looking);
    let preview = importing.part(id, |file: &Incoming| file.preview.clone());
    let preview = Memo::new(move |_| preview.get().flatten());
    let begins =
        move || preview.with(Option::is_none) && error.with(|error| error.as_ref().is_none_or(Option::is_none));
    view! {
        <ReadAs id />
        {move || error.get().flatten().map(|error| view! {
            <div class="import-note import-note-bad" role="alert" data-testid="import-error"><Icon path=icons::WARNING /><p>{sentence(app.t(), &error)}</p></div>
        })}
        <Show when=begins>
            <div class="skeleton" role="status" aria-label=move || app.t().loading>
                {(0..4).map(|_| view! { <div class="skeleton-row"><i></i><b></b><span></span></div> }).collect_view()}
            </div>
        </Show>
        <div class="looked" class:stale=move || looking.get() == Some(true) aria-busy=move || (looking.get() == Some(true)).to_string()>
            {move || preview.get().map(|preview| {
                let several = preview.files.len() > 1;
                let files = preview.files.iter().map(|file| view! { <OneFile file=file.clone() named=several /> }).collect_view();
                view! { {files} <PassedOverList files=preview.passed_over.clone() /> }
            })}
        </div>
    }
}

/// A file of an upload: what it is, its first messages, and what would be rejected; or why it cannot be read as things stand.
#[component]
fn OneFile(file: FilePreview, named: bool) -> impl IntoView {
    let name = named.then(|| view! { <h3>{file.file.clone()}</h3> });
    let body = match file.problem.clone() {
        Some(problem) => view! { <Unreadable problem missing=file.missing /> }.into_any(),
        None => view! { <Readable file /> }.into_any(),
    };
    view! { <section class="looked-file" data-testid="import-looked">{name} {body}</section> }
}

#[component]
fn Readable(file: FilePreview) -> impl IntoView {
    let app = use_app();
    let about = about(&file);
    let (format, messages, whole) = (file.format.clone(), file.read.saturating_sub(file.rejected), file.whole_file);
    let summary = move || {
        let lang = app.lang.get();
        let mut parts = vec![imports::format_name(lang, &format).to_owned()];
        parts.extend(about.iter().cloned());
        parts.push(imports::looked_at(lang, messages, whole));
        parts.join(" · ")
    };
    view! {
        <p class="looked-summary" data-testid="import-summary">{summary}</p>
        <Troubles file=file.clone() />
        <Sample messages=file.messages />
    }
}

/// Which column is wanted, or what else is in the way.
#[component]
fn Unreadable(problem: String, missing: Option<String>) -> impl IntoView {
    let app = use_app();
    let told = move || match missing.as_deref() {
        Some("text") => words(app).text_wanted.to_owned(),
        Some("time") => words(app).time_wanted.to_owned(),
        _ => problem.clone(),
    };
    view! {
        <div class="import-note import-note-bad" role="status" data-testid="import-wanted"><Icon path=icons::WARNING /><p>{told}</p></div>
    }
}

/// What else was found out about how the file is written.
fn about(file: &FilePreview) -> Vec<String> {
    let delimiter = file.delimiter.map(|delimiter| match delimiter {
        '\t' => "⇥".to_owned(),
        other => format!("‘{other}’"),
    });
    file.encoding.iter().cloned().chain(delimiter).chain(file.remarks.iter().cloned()).collect()
}
