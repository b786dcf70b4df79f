//! What the list ranks and what it counts.

use leptos::prelude::*;
use model::api::CountBy;

use crate::components::icons::{self, Icon};
use crate::i18n::{lines, statistics};
use crate::state::{App, use_app};
use crate::units::{HEXAGONS, SIDES_M, Unit};
use crate::url::Layer;

fn t(app: App) -> &'static statistics::Texts {
    statistics::Texts::of(app.lang.get())
}

/// Small lists to choose from, and what the chosen units cannot say.
#[component]
pub(crate) fn Choices() -> impl IntoView {
    let app = use_app();
    let of_grid = Memo::new(move |_| app.unit.get().is_of_grid());
    view! {
        <div class="choices">
            <Units /><Counts />
            <Show when=move || of_grid.get()><Sizes /><TooCoarse /></Show>
        </div>
    }
}

/// Places, regions of a kind, or units of a grid; the map follows.
#[component]
fn Units() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.by.as_str());
    let choose = move |event: web_sys::Event| {
        let by = Unit::named(&event_target_value(&event)).unwrap_or_default();
        app.change(|v| {
            // What was chosen is no line of the other list.
            v.place = None;
            v.by = by;
            v.layer = match (by, v.layer) {
                (_, Layer::Density) => Layer::Density,
                (Unit::Regions(kind), _) => Layer::Regions(kind),
                (Unit::Hexagons(_) | Unit::Squares(_), _) => Layer::Units,
                (Unit::Places, _) => Layer::Heat,
            };
        });
    };
    let option = move |unit: Unit| {
        view! {
            <option value=unit.as_str() selected=move || chosen.get() == unit.as_str()>{move || lines::units(app.lang.get(), unit)}</option>
        }
    };
    view! {
        <label class="choice">
            <select data-testid="unit" aria-label=move || t(app).ranked title=move || t(app).ranked on:change=choose>
                {Unit::ALL.map(option)}
            </select>
            <Icon path=icons::DOWN />
        </label>
    }
}

/// How large hexagons or squares are.
#[component]
fn Sizes() -> impl IntoView {
    let app = use_app();
    let by = app.part(|v| v.by);
    let choose = move |event: web_sys::Event| {
        let size = event_target_value(&event);
        app.change(|v| {
            v.place = None;
            v.by = v.by.sized(&size);
        });
    };
    let option = move |unit: Unit| {
        let lang = app.lang.get();
        let name = lines::size(lang, unit).map(|name| crate::i18n::capitalised(&name));
        view! { <option value=unit.size().unwrap_or_default() selected=by.get() == unit>{name.unwrap_or_else(|| lines::follows_map(lang, app.unit.get()))}</option> }
    };
    let options = move || {
        let sizes: Vec<Unit> = match by.get() {
            Unit::Squares(_) => SIDES_M.map(Unit::Squares).into(),
            _ => std::iter::once(None).chain(HEXAGONS.map(|(one, _)| Some(one))).map(Unit::Hexagons).collect(),
        };
        sizes.into_iter().map(option).collect_view()
    };
    let label = move || lines::Texts::of(app.lang.get()).size;
    view! {
        <label class="choice choice-size">
            <select data-testid="size" aria-label=label title=label on:change=choose>{options}</select>
            <Icon path=icons::DOWN />
        </label>
    }
}

/// How many mentions say where too coarsely for a unit of this size, and how many are spread over several.
#[component]
fn TooCoarse() -> impl IntoView {
    let app = use_app();
    let note = |name: &'static str, text: String| view! { <p class="choices-note faint" data-testid=name>{text}</p> };
    move || {
        let lang = app.lang.get();
        let (coarse, spread) =
            app.hotspots.value.with(|list| list.as_ref().map_or((0, 0), |list| (list.too_coarse, list.spread)));
        view! {
            {(spread > 0).then(|| note("spread", lines::spread(lang, spread)))}
            {(coarse > 0).then(|| note("too-coarse", lines::too_coarse(lang, coarse)))}
        }
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
