//! The menu that saves the hotspot list as a file.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};

use super::icons::{self, Icon};
use crate::api;
use crate::i18n::{Texts, drawing};
use crate::state::{App, for_hotspots, use_app};

/// A word of the screen in the language shown.
type Word = fn(&Texts) -> &'static str;

/// A form of the list: its name in the API, how its file's name ends, its media type.
#[derive(Debug, Clone, Copy)]
struct Form {
    name: &'static str,
    extension: &'static str,
    media_type: &'static str,
    title: Word,
    hint: Word,
}

const fn form(name: &'static str, media_type: &'static str, title: Word, hint: Word) -> Form {
    Form { name, extension: name, media_type, title, hint }
}

/// The forms by what they are for.
const GROUPS: [(Word, &[Form]); 4] = [
    (
        |t| t.export_report,
        &[
            form("pdf", "application/pdf", |_| "PDF", |t| t.export_pdf_hint),
            form("html", "text/html", |t| t.export_html, |t| t.export_html_hint),
        ],
    ),
    (
        |t| t.export_table,
        &[
            form(
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                |_| "Excel",
                |t| t.export_xlsx_hint,
            ),
            form("csv", "text/csv", |_| "CSV", |t| t.export_csv_hint),
        ],
    ),
    (
        |t| t.export_map,
        &[
            form("gpkg", "application/geopackage+sqlite3", |_| "GeoPackage", |t| t.export_gpkg_hint),
            form("geojson", "application/geo+json", |_| "GeoJSON", |t| t.export_geojson_hint),
            form("kml", "application/vnd.google-earth.kml+xml", |_| "KML", |t| t.export_kml_hint),
            form("kmz", "application/vnd.google-earth.kmz", |_| "KMZ", |t| t.export_kmz_hint),
            form("gpx", "application/gpx+xml", |_| "GPX", |t| t.export_gpx_hint),
        ],
    ),
    (
        |t| t.export_with_messages,
        &[Form {
            name: "pack",
            extension: "zip",
            media_type: "application/zip",
            title: |t| t.export_pack,
            hint: |t| t.export_pack_hint,
        }],
    ),
];

/// A button that opens a menu with one entry a form, grouped by what they are for.
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
    let save = move |form: Form| {
        open.set(false);
        save(app, form);
    };
    let entry = move |form: &'static Form| {
        view! {
            <button type="button" role="menuitem" data-testid=format!("export-{}", form.name) on:click=move |_| save(*form)>
                <b>{move || (form.title)(app.t())}</b><small>{move || (form.hint)(app.t())}</small>
            </button>
        }
    };
    let group = move |(title, forms): &'static (Word, &'static [Form])| {
        view! {
            <div class="menu-group" role="group" aria-label=move || title(app.t())>
                <span class="menu-title" aria-hidden="true">{move || title(app.t())}</span>
                {forms.iter().map(entry).collect_view()}
            </div>
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            crate::dom::focus_in(root.get_untracked().as_deref(), "[aria-haspopup]", 0);
        } else if let Some(step) = step(&event.key()).filter(|_| open.get_untracked()) {
            event.prevent_default();
            crate::dom::focus_in(root.get_untracked().as_deref(), "[role=menuitem]", step);
        }
    };
    view! {
        <div class="menu" node_ref=root on:keydown=on_key>
            <button type="button" class="button" aria-haspopup="menu" aria-expanded=move || open.get().to_string()
                data-testid="export" on:click=move |_| open.update(|o| *o = !*o)>
                <Icon path=icons::DOWNLOAD /><span class="wide-only">{move || app.t().export}</span>
            </button>
            <div class="menu-list export-list" role="menu" aria-label=move || app.t().export hidden=move || !open.get()>
                {GROUPS.iter().map(group).collect_view()}
            </div>
        </div>
    }
}

/// How far an arrow key moves the focus among the entries.
fn step(key: &str) -> Option<i32> {
    match key {
        "ArrowDown" => Some(1),
        "ArrowUp" => Some(-1),
        _ => None,
    }
}

/// Fetches the list in a form, with the filters and the language of the screen, and offers it as a file named after region and period;
/// of a drawn area its name says only that there is one.
fn save(app: App, form: Form) {
    let count = app.view.with_untracked(|v| v.count);
    let filter = for_hotspots(&app.filter.get_untracked(), app.unit.get_untracked(), count);
    let name = untrack(|| file_name(app, form.extension));
    let lang = app.lang.get_untracked();
    app.busy.update(|n| *n += 1);
    spawn_local(async move {
        match api::download(form.name, lang, &filter).await {
            Ok(bytes) => {
                crate::dom::save_file(&bytes, &name, form.media_type);
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
    let drawn = app
        .filter
        .with(|filter| filter.polygon.is_some())
        .then(|| format!("-{}", slug(drawing::Texts::of(app.lang.get()).area)));
    let period = app.window().map(|w| format!("-{}-{}", w.from, w.to.plus(-1)));
    format!(
        "hotspots{}{}{}.{extension}",
        region.unwrap_or_default(),
        drawn.unwrap_or_default(),
        period.unwrap_or_default()
    )
}

/// A name that every file system takes.
fn slug(name: &str) -> String {
    let plain = name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
    plain.trim_matches('-').to_owned()
}
