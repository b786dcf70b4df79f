//! Files dropped anywhere on the window, and the place in the panel that invites to it.

use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast as _;
use web_sys::{DataTransfer, DragEvent, File, FileList, HtmlInputElement};

use super::words;
use crate::components::icons::{self, Icon};
use crate::state::use_app;

/// The note over everything while files are dragged over the window.
#[component]
pub(crate) fn DropAnywhere() -> impl IntoView {
    let app = use_app();
    let dragging = app.importing().dragging;
    let over = move |event: DragEvent| {
        if event.data_transfer().is_some_and(|carried| carries_files(&carried)) {
            // Without this the browser would open the file in place of the page.
            event.prevent_default();
            if !dragging.get_untracked() {
                dragging.set(true);
            }
        }
    };
    let listeners = [
        window_event_listener(ev::dragenter, over),
        window_event_listener(ev::dragover, over),
        window_event_listener(ev::dragleave, move |event| {
            // Only out of the window, not from one element to the next.
            if event.related_target().is_none() {
                dragging.set(false);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            dragging.set(false);
            if let Some(carried) = event.data_transfer().filter(carries_files) {
                event.prevent_default();
                app.importing().take(app, dropped(&carried));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(leptos::prelude::WindowListenerHandle::remove));
    view! {
        <Show when=move || dragging.get()>
            <div class="drop-over" aria-hidden="true">
                <div class="drop-card">
                    <Icon path=icons::UPLOAD />
                    <b>{move || words(app).drop_release}</b>
                    <span>{move || words(app).drop_release_hint}</span>
                </div>
            </div>
        </Show>
    }
}

/// The place to drop files, large while nothing is chosen, and the button that chooses them.
#[component]
pub(super) fn DropZone(small: Signal<bool>) -> impl IntoView {
    let app = use_app();
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |event: ev::Event| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
        let files = input.files().map(|list| listed(&list)).unwrap_or_default();
        // The same file may be chosen once more.
        input.set_value("");
        app.importing().take(app, files.into_iter().map(|file| (file, false)).collect());
    };
    view! {
        <div class="dropzone" class:dropzone-small=move || small.get()>
            <Icon path=icons::UPLOAD />
            <p class="drop-title">{move || words(app).drop_title}</p>
            <p class="drop-or faint">{move || words(app).drop_or}</p>
            <button type="button" class="button" class:button-primary=move || !small.get() data-testid="import-choose" on:click=choose>
                {move || if small.get() { words(app).add_files } else { words(app).choose_files }}
            </button>
            <input node_ref=input type="file" multiple hidden data-testid="import-input" tabindex="-1"
                aria-label=move || words(app).choose_files on:change=chosen />
            <p class="drop-formats faint">{move || words(app).drop_formats}</p>
        </div>
    }
}

fn carries_files(carried: &DataTransfer) -> bool {
    carried.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files"))
}

fn listed(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}

/// The files dropped, each with whether it is a folder in truth.
fn dropped(carried: &DataTransfer) -> Vec<(File, bool)> {
    let items = carried.items();
    let items: Vec<_> =
        (0..items.length()).filter_map(|at| items.get(at)).filter(|item| item.kind() == "file").collect();
    items
        .into_iter()
        .filter_map(|item| {
            let is_folder = item.webkit_get_as_entry().ok().flatten().is_some_and(|entry| entry.is_directory());
            Some((item.get_as_file().ok()??, is_folder))
        })
        .collect()
}
