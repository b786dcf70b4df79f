//! The menu that saves the hotspot list as a file.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};

use super::icons::{self, Icon};
use crate::api;
use crate::state::{App, for_hotspots, use_app};

/// A button that opens a menu with one entry a format.
#[component]
pub(crate) fn ExportMenu() -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|t| wasm_bindgen::JsCast::dyn_into::<web_sys::Node>(t).ok());
        if root.get_untracked().is_some_and(|root| !root.contains(target.as_ref())) {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let save = move |extension: &'static str, media_type: &'static str| {
        open.set(false);
        save(app, extension, media_type);
    };
    view! {
        <div class="menu" node_ref=root on:keydown=move |event| if event.key() == "Escape" { open.set(false); }>
            <button type="button" class="button" aria-haspopup="menu" aria-expanded=move || open.get().to_string()
                data-testid="export" on:click=move |_| open.update(|o| *o = !*o)>
                <Icon path=icons::DOWNLOAD /><span class="wide-only">{move || app.t().export}</span>
            </button>
            <div class="menu-list" role="menu" hidden=move || !open.get()>
                <button type="button" role="menuitem" data-testid="export-csv" on:click=move |_| save("csv", "text/csv")>
                    <b>{move || app.t().export_csv}</b><small>{move || app.t().export_csv_hint}</small>
                </button>
                <button type="button" role="menuitem" data-testid="export-geojson" on:click=move |_| save("geojson", "application/geo+json")>
                    <b>{move || app.t().export_geojson}</b><small>{move || app.t().export_geojson_hint}</small>
                </button>
            </div>
        </div>
    }
}

/// Fetches the list in a format, with the filters of the screen, and offers it as a file named after region and period.
fn save(app: App, extension: &'static str, media_type: &'static str) {
    let filter = for_hotspots(&app.filter.get_untracked());
    let name = untrack(|| file_name(app, extension));
    app.busy.update(|n| *n += 1);
    spawn_local(async move {
        match api::download(&format!("hotspots.{extension}"), &filter).await {
            Ok(bytes) => {
                crate::dom::save_file(&bytes, &name, media_type);
            }
            Err(error) => {
                app.note(&error);
                app.hotspots.error.set(Some(error));
            }
        }
        app.busy.update(|n| *n -= 1);
    });
}

fn file_name(app: App, extension: &str) -> String {
    let region =
        app.view.with(|v| v.region.clone()).and_then(|id| app.region(&id)).map(|r| format!("-{}", slug(&r.name)));
    let period = app.window().map(|w| format!("-{}-{}", w.from, w.to.plus(-1)));
    format!("hotspots{}{}.{extension}", region.unwrap_or_default(), period.unwrap_or_default())
}

/// A name that every file system takes.
fn slug(name: &str) -> String {
    let plain = name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
    plain.trim_matches('-').to_owned()
}
