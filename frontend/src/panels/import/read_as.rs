//! What a file is read as: format, time zone, columns. Each is found out and can be said by hand; the preview follows at once.

use leptos::prelude::*;
use model::imports::{FilePreview, Mapping, Preview};

use super::choice::{Choice, Groups, Named};
use super::mapping::MappingFields;
use super::words;
use crate::dom;
use crate::i18n::imports;
use crate::importing::Wishes;
use crate::state::{App, use_app};

/// Formats that can be asked for, as the command line names them.
const FORMATS: [&str; 14] = [
    "csv", "xlsx", "jsonl", "json", "whatsapp", "telegram", "ufed", "axiom", "hansken", "case", "mail", "sqlite",
    "parquet", "text",
];
/// Zones that come first in the list.
const OFTEN: [&str; 4] = ["Europe/Amsterdam", "UTC", "Europe/London", "America/Curacao"];
/// The format of a file that nobody could open yet.
const AUTO: &str = "auto";
/// The format that names no time.
const PLAIN_TEXT: &str = "text";

/// The choices for one file.
#[component]
pub(super) fn ReadAs(id: u32) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let wishes = importing.part(id, |file| file.wishes.clone());
    let wishes = Memo::new(move |_| wishes.get().unwrap_or_default());
    let first = importing.part(id, |file| file.preview.as_deref().and_then(first_file).cloned());
    let first = Memo::new(move |_| first.get().flatten());
    let wish = move |change: fn(&mut Wishes, Option<String>)| {
        Callback::new(move |value: String| {
            importing.wish(app, id, |wishes| change(wishes, Some(value).filter(|value| !value.is_empty())));
        })
    };
    let format = Memo::new(move |_| wishes.with(|w| w.format.clone()).unwrap_or_default());
    let found = Memo::new(move |_| {
        first.with(|first| first.as_ref().filter(|f| f.format_guessed && f.format != AUTO).map(|f| f.format.clone()))
    });
    let zone = Memo::new(move |_| {
        let said = wishes.with(|w| w.timezone.clone());
        said.or_else(|| first.with(|first| first.as_ref().map(|first| first.timezone.clone()))).unwrap_or_default()
    });
    let columns = Memo::new(move |_| {
        importing.incoming.with(|all| {
            let preview = all.iter().find(|file| file.id == id).and_then(|file| file.preview.as_ref());
            preview.map(|preview| columns(preview)).unwrap_or_default()
        })
    });
    let is_text = Memo::new(move |_| {
        first.with(|f| f.as_ref().is_some_and(|f| f.format == PLAIN_TEXT)) || format.get() == PLAIN_TEXT
    });
    let read =
        Memo::new(move |_| first.with(|first| first.as_ref().map(|first| first.map.clone()).unwrap_or_default()));
    let said = Memo::new(move |_| wishes.with(|wishes| wishes.map.clone()));
    let change = Callback::new(move |map: Mapping| importing.wish(app, id, |wishes| wishes.map = map));
    view! {
        <div class="read-as">
            <div class="read-as-row">
                <Choice test_id="import-format" label=Signal::derive(move || words(app).format.to_owned())
                    note=Signal::derive(move || if format.with(String::is_empty) { "" } else { words(app).by_hand }.to_owned())
                    groups=Signal::derive(move || formats(app, automatic(app, found.get().as_deref()))) value=format
                    choose=wish(|wishes, format| wishes.format = format) />
                <Choice test_id="import-timezone" label=Signal::derive(move || words(app).timezone.to_owned())
                    note=Signal::derive(move || words(app).timezone_hint.to_owned())
                    groups=Signal::derive(move || zones(app, &zone.get())) value=zone
                    choose=wish(|wishes, zone| wishes.timezone = zone) />
                <Show when=move || is_text.get()>
                    <label class="stacked">
                        <span class="stacked-label">{move || words(app).stated_time} " " <small>{move || words(app).stated_time_hint}</small></span>
                        <span class="field"><input type="datetime-local" data-testid="import-time"
                            prop:value=move || wishes.with(|w| w.time.clone()).unwrap_or_default()
                            on:change=move |event| wish(|wishes, time| wishes.time = time).run(event_target_value(&event)) /></span>
                    </label>
                </Show>
            </div>
            <Show when=move || columns.with(|columns| !columns.is_empty())
                fallback=move || view! { <Fixed id first read said change /> }>
                <fieldset class="mapping">
                    <legend>{move || words(app).columns} " " <small>{move || words(app).columns_hint}</small></legend>
                    <MappingFields name="map" columns read said change />
                </fieldset>
            </Show>
        </div>
    }
}

/// A format whose fields are not to be chosen; where nothing could be read, columns can be named all the same.
#[component]
fn Fixed(
    id: u32,
    first: Memo<Option<FilePreview>>,
    read: Memo<Mapping>,
    said: Memo<Mapping>,
    change: Callback<Mapping>,
) -> impl IntoView {
    let app = use_app();
    let failed = app.importing().part(id, |file| file.error.is_some());
    let is_read =
        Memo::new(move |_| first.with(|first| first.as_ref().is_some_and(|first| !first.messages.is_empty())));
    let is_unread = move || (failed.get() == Some(true) || first.with(Option::is_some)) && !is_read.get();
    view! {
        <Show when=move || is_read.get()><p class="faint">{move || words(app).columns_fixed}</p></Show>
        <Show when=is_unread>
            <fieldset class="mapping">
                <legend>{move || words(app).columns} " " <small>{move || words(app).retry_columns}</small></legend>
                <MappingFields name="map" columns=Signal::derive(Vec::new) read said change />
            </fieldset>
        </Show>
    }
}

/// The file that the choices speak of: the first that messages were found in.
fn first_file(preview: &Preview) -> Option<&FilePreview> {
    preview.files.iter().find(|file| !file.messages.is_empty()).or_else(|| preview.files.first())
}

/// Names of columns in any of the files, each once.
fn columns(preview: &Preview) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for column in preview.files.iter().flat_map(|file| &file.columns) {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    columns
}

/// Finding out, with what was found.
fn automatic(app: App, found: Option<&str>) -> String {
    let auto = words(app).auto;
    found.map_or_else(|| auto.to_owned(), |found| format!("{auto}: {}", imports::format_name(app.lang.get(), found)))
}

/// What it is without a choice, then every format by name.
pub(super) fn formats(app: App, open: String) -> Groups {
    let name = |format: &&str| ((*format).to_owned(), imports::format_name(app.lang.get(), format).to_owned());
    let named = FORMATS.iter().map(name);
    vec![(String::new(), std::iter::once((String::new(), open)).chain(named).collect())]
}

/// Those often used, then all that the browser knows; the one in use is among them.
pub(super) fn zones(app: App, used: &str) -> Groups {
    let named = |zone: &str| (zone.to_owned(), zone.replace('_', " "));
    let mut often: Vec<Named> = OFTEN.iter().map(|zone| named(zone)).collect();
    let mut all: Vec<Named> =
        dom::time_zones().iter().filter(|zone| !OFTEN.contains(&zone.as_str())).map(|zone| named(zone)).collect();
    let is_known = |zones: &[Named]| zones.iter().any(|(zone, _)| zone == used);
    if !used.is_empty() && !is_known(&often) && !is_known(&all) {
        often.push(named(used));
    }
    all.sort();
    vec![(words(app).zones_often.to_owned(), often), (words(app).zones_all.to_owned(), all)]
}
