//! The first step: files chosen, each with how far it is on its way.

use leptos::prelude::*;

use super::drop::DropZone;
use super::words;
use crate::components::icons::{self, Icon};
use crate::components::states::sentence;
use crate::format;
use crate::i18n::imports;
use crate::importing::{Incoming, Phase, Trouble};
use crate::state::{App, use_app};

/// The place to drop files and the list of those chosen.
#[component]
pub(super) fn Files() -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let ids = Memo::new(move |_| importing.incoming.with(|all| all.iter().map(|file| file.id).collect::<Vec<_>>()));
    let some = Signal::derive(move || ids.with(|ids| !ids.is_empty()));
    let can_go = Memo::new(move |_| importing.incoming.with(|all| all.iter().any(Incoming::is_here)));
    view! {
        <div class="drawer-scroll import-scroll">
            <DropZone small=some />
            <ul class="incoming-list">
                <For each=move || ids.get() key=|id| *id let:id><Row id /></For>
            </ul>
            <p class="import-safe faint"><Icon path=icons::SHIELD />{move || words(app).drop_safe}</p>
        </div>
        <footer class="import-foot" hidden=move || !some.get()>
            <button type="button" class="button button-primary" data-testid="import-check" disabled=move || !can_go.get()
                on:click=move |_| importing.check(app)>{move || words(app).to_check}<Icon path=icons::RIGHT /></button>
        </footer>
    }
}

#[component]
fn Row(id: u32) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let Some(file) = importing.incoming.with_untracked(|all| all.iter().find(|file| file.id == id).cloned()) else {
        return ().into_any();
    };
    let Incoming { name, bytes, .. } = file;
    let phase = importing.part(id, |file| file.phase.clone());
    let looking = importing.part(id, |file| file.looking);
    let is_sending = move || phase.with(|phase| matches!(phase, Some(Phase::Waiting | Phase::Sending(_))));
    let sent = move || phase.with(|phase| if let Some(Phase::Sending(sent)) = phase { *sent } else { 0 });
    let failed = move || phase.with(|phase| matches!(phase, Some(Phase::Unsent(_))));
    let can_try_again =
        move || phase.with(|phase| matches!(phase, Some(Phase::Unsent(Trouble::Cancelled | Trouble::Failed(_)))));
    let said =
        move || phase.with(|phase| phase.as_ref().map(|phase| said(app, phase, bytes, looking.get() == Some(true))));
    let title = name.clone();
    view! {
        <li class="incoming" class:incoming-failed=failed data-testid="incoming">
            <Icon path=icons::FILE />
            <span class="incoming-name" title=title>{name.clone()}</span>
            <span class="incoming-size faint">{move || format::bytes(app.lang.get(), bytes)}</span>
            <p class="incoming-said" data-testid="incoming-said">{said}</p>
            <Show when=is_sending>
                <progress aria-label=name.clone() max=bytes.to_string() prop:value=move || sent() as f64></progress>
            </Show>
            <span class="incoming-do">
                <Show when=is_sending>
                    <button type="button" class="button button-small" data-testid="incoming-cancel"
                        on:click=move |_| importing.cancel_sending(id)>{move || words(app).cancel}</button>
                </Show>
                <Show when=can_try_again>
                    <button type="button" class="button button-small" data-testid="incoming-again"
                        on:click=move |_| importing.send_again(app, id)>{move || words(app).again}</button>
                </Show>
                <Show when=move || !is_sending()>
                    <button type="button" class="button button-quiet button-icon" aria-label=move || words(app).remove
                        title=move || words(app).remove on:click=move |_| importing.remove(app, id)><Icon path=icons::CLOSE /></button>
                </Show>
            </span>
        </li>
    }
    .into_any()
}

/// How far a file is, in words.
fn said(app: App, phase: &Phase, bytes: u64, looking: bool) -> String {
    let (t, lang) = (words(app), app.lang.get());
    match phase {
        Phase::Waiting => t.waiting.to_owned(),
        Phase::Sending(sent) => format!("{}: {}", t.sending, imports::sent(lang, *sent, bytes)),
        Phase::Here(_) if looking => t.looking.to_owned(),
        Phase::Here(_) | Phase::Started => t.ready.to_owned(),
        Phase::Unsent(Trouble::Cancelled) => t.cancelled.to_owned(),
        Phase::Unsent(Trouble::Empty) => t.empty_file.to_owned(),
        Phase::Unsent(Trouble::Folder) => t.a_folder.to_owned(),
        Phase::Unsent(Trouble::TooLarge(limit)) => imports::too_large(lang, *limit),
        Phase::Unsent(Trouble::Failed(error)) => sentence(app.t(), error),
    }
}
