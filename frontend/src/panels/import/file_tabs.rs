//! Which of several files is looked at, each with whether it can be read.

use leptos::prelude::*;

use super::words;
use crate::components::icons::{self, Icon};
use crate::importing::Incoming;
use crate::state::use_app;

/// The files, when there are several.
#[component]
pub(super) fn FileTabs() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let ids = Memo::new(move |_| {
        importing.incoming.with(|all| all.iter().filter(|file| file.is_here()).map(|file| file.id).collect::<Vec<_>>())
    });
    view! {
        <Show when=move || ids.with(|ids| ids.len() > 1)>
            <ul class="file-tabs">
                <For each=move || ids.get() key=|id| *id let:id><FileTab id /></For>
            </ul>
        </Show>
    }
}

#[component]
fn FileTab(id: u32) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let name = importing.part(id, |file| file.name.clone());
    let name = move || name.get().unwrap_or_default();
    let readable = importing.part(id, Incoming::is_readable);
    let looking = importing.part(id, |file| file.looking);
    let icon = move || match (looking.get(), readable.get()) {
        (Some(true), _) => ().into_any(),
        (_, Some(true)) => view! { <Icon path=icons::TICK /> }.into_any(),
        _ => view! { <Icon path=icons::WARNING /> }.into_any(),
    };
    let shown = move || importing.shown.get() == Some(id);
    view! {
        <li class="file-tab" class:file-tab-bad=move || looking.get() == Some(false) && readable.get() == Some(false)>
            <button type="button" class="file-tab-name" aria-pressed=move || shown().to_string() data-testid="import-file-tab" title=name
                on:click=move |_| importing.shown.set(Some(id))>{icon}<span>{name}</span></button>
            <button type="button" class="file-tab-off" aria-label=move || format!("{}: {}", words(app).remove, name())
                title=move || words(app).remove on:click=move |_| importing.remove(app, id)><Icon path=icons::CLOSE /></button>
        </li>
    }
}
