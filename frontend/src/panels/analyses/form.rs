//! The forms: few fields, each with what it usually is.

use std::ops::RangeInclusive;

use leptos::prelude::*;
use model::RegionKind;

use super::words;
use crate::analysing::Question;
use crate::analysing::choices::{AGAINST, Choices, LEAST, REACH_M, REPLICAS, days, distances, listed};
use crate::components::icons::{self, Icon};
use crate::format;
use crate::i18n::analyses::Texts;
use crate::i18n::{analyses, statistics};
use crate::state::{App, use_app};
use crate::units::REGIONS;

/// A text of this panel.
type Word = fn(&Texts) -> &'static str;

/// The form of a question.
#[component]
pub(super) fn Form(question: Question) -> impl IntoView {
    let fields = match question {
        Question::Scan => view! { <Scan /> }.into_any(),
        Question::Clusters => view! { <Clusters /> }.into_any(),
        Question::NearRepeat => view! { <NearRepeat /> }.into_any(),
    };
    let app = use_app();
    view! { <div class="ask-form" role="group" aria-label=move || words(app).form>{fields}</div> }
}

fn change(app: App, change: impl FnOnce(&mut Choices)) {
    app.change(|view| change(&mut view.asked));
}

#[component]
fn Scan() -> impl IntoView {
    let app = use_app();
    let by = app.part(|v| v.asked.by);
    let only_space = app.part(|v| v.asked.only_space);
    let against = app.part(|v| v.asked.against);
    let units = move || {
        let one = |kind: RegionKind| (kind.as_str().to_owned(), analyses::units(app.lang.get(), kind).to_owned());
        REGIONS.map(one).to_vec()
    };
    let over = move || {
        let t = words(app);
        vec![("space_time".to_owned(), t.space_time.to_owned()), ("space".to_owned(), t.space.to_owned())]
    };
    let all_against = move || {
        let one = |name: Option<&str>| (name.unwrap_or_default().to_owned(), words(app).against(name).to_owned());
        std::iter::once(None).chain(AGAINST.map(Some)).map(one).collect()
    };
    view! {
        <Choose id="scan-by" label={|t| t.unit} hint=Signal::derive(|| "") options=Signal::derive(units)
            chosen=Signal::derive(move || by.get().as_str().to_owned())
            choose=Callback::new(move |value: String| change(app, |c| c.read("scan-by", &value))) />
        <Choose id="scan-over" label={|t| t.over} options=Signal::derive(over)
            hint=Signal::derive(move || if only_space.get() { words(app).space_hint } else { words(app).space_time_hint })
            chosen=Signal::derive(move || if only_space.get() { "space" } else { "space_time" }.to_owned())
            choose=Callback::new(move |value: String| change(app, |c| c.read("scan-over", &value))) />
        <Choose id="scan-against" label={|t| t.against} hint=Signal::derive(|| "") options=Signal::derive(all_against)
            chosen=Signal::derive(move || against.get().unwrap_or_default().to_owned())
            choose=Callback::new(move |value: String| change(app, |c| c.read("scan-against", &value))) />
        <Replicas />
    }
}

#[component]
fn Clusters() -> impl IntoView {
    let app = use_app();
    let hdbscan = app.part(|v| v.asked.hdbscan);
    let convex = app.part(|v| v.asked.convex);
    let reach_m = app.part(|v| v.asked.reach_m);
    let least = app.part(|v| v.asked.least);
    let count = app.part(|v| v.count.unwrap_or_default());
    let methods = || vec![("dbscan".to_owned(), "DBSCAN".to_owned()), ("hdbscan".to_owned(), "HDBSCAN".to_owned())];
    let hulls = move || {
        let t = words(app);
        vec![("concave".to_owned(), t.concave.to_owned()), ("convex".to_owned(), t.convex.to_owned())]
    };
    let unit = move || statistics::counted(app.lang.get(), count.get());
    view! {
        <Number id="reach" label={|t| t.reach} unit=Signal::derive(|| "") hint={|t| t.reach_hint} value=reach_m.into() range=REACH_M
            choose=Callback::new(move |metres| change(app, |c| c.reach_m = metres)) />
        <Number id="least" label={|t| t.least} unit=Signal::derive(unit) hint={|t| t.least_hint} value=least.into() range=LEAST
            choose=Callback::new(move |number| change(app, |c| c.least = number)) />
        <Choose id="method" label={|t| t.method} options=Signal::derive(methods)
            hint=Signal::derive(move || if hdbscan.get() { words(app).hdbscan_hint } else { words(app).dbscan_hint })
            chosen=Signal::derive(move || if hdbscan.get() { "hdbscan" } else { "dbscan" }.to_owned())
            choose=Callback::new(move |value: String| change(app, |c| c.read("cluster", &value))) />
        <Choose id="hull" label={|t| t.hull} hint=Signal::derive(|| "") options=Signal::derive(hulls)
            chosen=Signal::derive(move || if convex.get() { "convex" } else { "concave" }.to_owned())
            choose=Callback::new(move |value: String| change(app, |c| c.read("hull", &value))) />
    }
}

#[component]
fn NearRepeat() -> impl IntoView {
    let app = use_app();
    let distances_m = app.part(|v| v.asked.distances_m.clone());
    let bands_of_days = app.part(|v| v.asked.days.clone());
    view! {
        <Bands id="distances" label={|t| t.distances} value=distances_m.into() read=distances
            choose=Callback::new(move |bands| change(app, |c| c.distances_m = bands)) />
        <Bands id="days" label={|t| t.days} value=bands_of_days.into() read=days
            choose=Callback::new(move |bands| change(app, |c| c.days = bands)) />
        <Replicas />
    }
}

#[component]
fn Replicas() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.asked.replicas);
    let options =
        move || REPLICAS.map(|number| (number.to_string(), format::count(app.lang.get(), number.into()))).to_vec();
    view! {
        <Choose id="replicas" label={|t| t.replicas} options=Signal::derive(options) hint=Signal::derive(move || words(app).replicas_hint)
            chosen=Signal::derive(move || chosen.get().to_string())
            choose=Callback::new(move |value: String| change(app, |c| c.read("replicas", &value))) />
    }
}

/// A field with a few values to choose from; `hint` says what the chosen one means.
#[component]
fn Choose(
    id: &'static str,
    label: Word,
    hint: Signal<&'static str>,
    options: Signal<Vec<(String, String)>>,
    chosen: Signal<String>,
    choose: Callback<String>,
) -> impl IntoView {
    let app = use_app();
    let options = move || {
        let one = |(value, name): (String, String)| {
            let selected = {
                let value = value.clone();
                move || chosen.get() == value
            };
            view! { <option value=value selected=selected>{name}</option> }
        };
        options.get().into_iter().map(one).collect_view()
    };
    view! {
        <label class="ask-field" title=move || hint.get()>
            <span>{move || label(words(app))}</span>
            <span class="choice">
                <select data-testid=id on:change=move |event| choose.run(event_target_value(&event))>{options}</select>
                <Icon path=icons::DOWN />
            </span>
        </label>
    }
}

/// A whole number within bounds.
#[component]
fn Number(
    id: &'static str,
    label: Word,
    unit: Signal<&'static str>,
    hint: Word,
    value: Signal<u32>,
    range: RangeInclusive<u32>,
    choose: Callback<u32>,
) -> impl IntoView {
    let app = use_app();
    let (least, most) = range.into_inner();
    let change = move |event: web_sys::Event| {
        let number = event_target_value(&event).trim().parse::<u32>().ok();
        choose.run(number.map_or_else(|| value.get_untracked(), |number| number.clamp(least, most)));
    };
    view! {
        <label class="ask-field" title=move || hint(words(app))>
            <span>{move || label(words(app))} {move || (!unit.get().is_empty()).then(|| format!(" ({})", unit.get()))}</span>
            <input type="number" min=least.to_string() max=most.to_string() data-testid=id prop:value=move || value.get().to_string() on:change=change />
        </label>
    }
}

/// Ascending bounds as text; what makes no sense is said and not taken.
#[component]
fn Bands(
    id: &'static str,
    label: Word,
    value: Signal<Vec<u32>>,
    read: fn(&str) -> Option<Vec<u32>>,
    choose: Callback<Vec<u32>>,
) -> impl IntoView {
    let app = use_app();
    let wrong = RwSignal::new(false);
    let change = move |event: web_sys::Event| {
        let bands = read(&event_target_value(&event));
        wrong.set(bands.is_none());
        if let Some(bands) = bands {
            choose.run(bands);
        }
    };
    view! {
        <label class="ask-field ask-field-wide" title=move || words(app).bands_hint>
            <span>{move || label(words(app))}</span>
            <input type="text" inputmode="numeric" autocomplete="off" data-testid=id aria-invalid=move || wrong.get().to_string()
                prop:value=move || listed(&value.get(), ", ") on:change=change />
            <Show when=move || wrong.get()><em role="alert" data-testid=format!("{id}-wrong")>{move || words(app).bands_hint}</em></Show>
        </label>
    }
}
