//! What the list ranks and what it counts.

use leptos::prelude::*;
use model::RegionKind;
use model::api::CountBy;

use crate::components::icons::{self, Icon};
use crate::i18n::{self, statistics};
use crate::state::{App, use_app};
use crate::url::{Layer, UNITS};

fn t(app: App) -> &'static statistics::Texts {
    statistics::Texts::of(app.lang.get())
}

/// Two small lists to choose from.
#[component]
pub(crate) fn Choices() -> impl IntoView {
    view! { <div class="choices"><Units /><Counts /></div> }
}

/// Places, or regions of a kind; the map follows.
#[component]
fn Units() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.by);
    let choose = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        let by = UNITS.into_iter().find(|kind| kind.as_str() == value);
        app.change(|v| {
            // What was chosen is no line of the other list.
            v.place = None;
            v.by = by;
            v.layer = match (by, v.layer) {
                (Some(kind), Layer::Regions(_) | Layer::Heat) => Layer::Regions(kind),
                (None, Layer::Regions(_)) => Layer::Heat,
                (_, layer) => layer,
            };
        });
    };
    let option = move |kind: Option<RegionKind>| {
        view! {
            <option value=kind.map_or("place", RegionKind::as_str) selected=move || chosen.get() == kind>
                {move || i18n::statistics::unit(app.lang.get(), kind)}
            </option>
        }
    };
    view! {
        <label class="choice">
            <select data-testid="unit" aria-label=move || t(app).ranked title=move || t(app).ranked on:change=choose>
                {option(None)} {UNITS.map(|kind| option(Some(kind)))}
            </select>
            <Icon path=icons::DOWN />
        </label>
    }
}

/// What is counted; the server's own choice is none in the link.
#[component]
fn Counts() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.count);
    let choose = move |event: web_sys::Event| {
        let count = event_target_value(&event).parse::<CountBy>().ok();
        app.change(|v| v.count = count.filter(|count| *count != CountBy::default()));
    };
    let option = move |count: CountBy| {
        view! {
            <option value=count.as_str() selected=move || chosen.get().unwrap_or_default() == count>
                {move || {
                    let name = statistics::counted(app.lang.get(), count);
                    if count == CountBy::default() { format!("{name} ({})", t(app).by_default) } else { name.to_owned() }
                }}
            </option>
        }
    };
    view! {
        <label class="choice">
            <select data-testid="count" aria-label=move || t(app).counted title=move || t(app).counted_hint on:change=choose>
                {CountBy::ALL.map(option)}
            </select>
            <Icon path=icons::DOWN />
        </label>
    }
}
