//! Which messages count: region, drawn area, words, source, confidence, and the filters in force as chips.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::drawn_area::DrawnArea;
use crate::components::icons::{self, Icon};
use crate::components::region_picker::RegionPicker;
use crate::format;
use crate::i18n::{drawing, lines};
use crate::panels::topics::{self, TopicFilter};
use crate::state::{App, use_app};

/// Typing rests this long before words are searched.
const WORDS_DELAY: Duration = Duration::from_millis(350);

/// The filters.
#[component]
pub(crate) fn Filters() -> impl IntoView {
    let app = use_app();
    view! {
        <section class="filters" aria-label=move || app.t().filters>
            <RegionPicker name="region" label=Signal::derive(move || app.t().region) none=Signal::derive(move || app.t().whole_country)
                chosen=app.part(|v| v.region.clone()) choose=Callback::new(move |id| app.change(|v| v.region = id)) />
            <DrawnArea />
            <Words />
            <TopicFilter />
            <div class="filter-row">
                <Source />
                <Confidence />
            </div>
            <SourceSpans />
            <Chips />
        </section>
    }
}

#[component]
fn Words() -> impl IntoView {
    let app = use_app();
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let search = move |event: web_sys::Event| {
        let words = event_target_value(&event);
        pending.update_value(|handle| {
            if let Some(handle) = handle.take() {
                handle.clear();
            }
            *handle = set_timeout_with_handle(move || app.words.set(words), WORDS_DELAY).ok();
        });
    };
    view! {
        <label class="field field-search">
            <Icon path=icons::SEARCH />
            <input type="search" data-testid="words" autocomplete="off" aria-label=move || app.t().words_hint
                placeholder=move || app.t().words_hint prop:value=move || app.words.get() on:input=search />
        </label>
    }
}

#[component]
fn Source() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.source.clone());
    let sources = move || {
        let meta = app.meta.get();
        let mut names: Vec<String> = meta.iter().flat_map(|m| m.sources.iter().map(|s| s.name.clone())).collect();
        names.sort();
        names.dedup();
        names
            .into_iter()
            .map(|name| {
                let selected = chosen.get().as_deref() == Some(name.as_str());
                view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
            })
            .collect_view()
    };
    let choose = move |event: web_sys::Event| {
        let source = Some(event_target_value(&event)).filter(|name| !name.is_empty());
        app.change(|v| v.source = source);
    };
    view! {
        <label class="field field-select">
            <span class="field-label">{move || app.t().source}</span>
            <select data-testid="source" on:change=choose>
                <option value="" selected=move || chosen.with(Option::is_none)>{move || app.t().all_sources}</option>
                {sources}
            </select>
            <Icon path=icons::DOWN />
        </label>
    }
}

/// Where the chosen source pauses for long: in between, silence may be lack of data. Nothing of one that does not.
#[component]
fn SourceSpans() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.source.clone());
    move || {
        let (name, lang) = (chosen.get()?, app.lang.get());
        let spans = app.meta.with(|meta| {
            let sources = meta.iter().flat_map(|meta| &meta.sources).filter(|source| source.name == name);
            sources.flat_map(|source| source.spans.clone()).collect::<Vec<_>>()
        });
        let told = lines::source_spans(lang, &spans)?;
        Some(view! { <p class="faint" data-testid="source-spans">{told}</p> })
    }
}

#[component]
fn Confidence() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.confidence);
    let percent = move || chosen.get().unwrap_or_else(|| threshold(app));
    let choose = move |event: web_sys::Event| {
        let percent = event_target_value(&event).parse::<u8>().ok().filter(|p| *p != threshold(app));
        app.change(|v| v.confidence = percent);
    };
    view! {
        <label class="field field-range">
            <span class="field-label">{move || app.t().confidence}</span>
            <input type="range" min="0" max="100" step="5" data-testid="confidence" prop:value=move || percent().to_string() on:input=choose
                aria-valuetext=move || format!("{} {}%", app.t().confidence_from, percent()) />
            <output>"≥ " {move || percent()} "%"</output>
        </label>
    }
}

/// The server's acceptance threshold in percent.
fn threshold(app: App) -> u8 {
    let share = app.meta.with(|m| m.as_ref().map_or(model::ACCEPTANCE_THRESHOLD, |m| m.acceptance_threshold));
    (share * 100.0).round() as u8
}

/// A filter in force: what it is called, and how it is taken off.
struct Active {
    label: String,
    clear: fn(App),
}

fn active(app: App) -> Vec<Active> {
    let lang = app.lang.get();
    let view = app.view.read();
    let mut filters = Vec::new();
    let mut put = |label: Option<String>, clear: fn(App)| {
        filters.extend(label.map(|label| Active { label, clear }));
    };
    put(view.region.as_ref().map(|id| app.region(id).map_or_else(|| id.clone(), |r| r.name)), |app| {
        app.change(|v| v.region = None);
    });
    put(app.drawing().km2().map(|km2| drawing::area(lang, km2)), |app| app.drawing().clear());
    put(view.window.map(|w| format::period(lang, w)), |app| {
        app.change(|v| v.window = None);
    });
    put(Some(app.words.get().trim().to_owned()).filter(|w| !w.is_empty()).map(|w| format!("“{w}”")), |app| {
        app.words.set(String::new());
    });
    let topics: Vec<String> = view.topics.iter().map(|id| topics::name(app, id)).collect();
    put(Some(topics.join(", ")).filter(|names| !names.is_empty()), |app| app.change(|v| v.topics.clear()));
    put(view.source.clone(), |app| app.change(|v| v.source = None));
    put(view.confidence.map(|p| format!("{} ≥ {p}%", app.t().confidence)), |app| app.change(|v| v.confidence = None));
    filters
}

/// The filters in force, each with a cross.
#[component]
pub(crate) fn Chips() -> impl IntoView {
    let app = use_app();
    move || {
        let filters = active(app);
        (!filters.is_empty()).then(|| {
            let several = filters.len() > 1;
            let chips = filters.into_iter().map(|filter| {
                let clear = filter.clear;
                view! {
                    <button type="button" class="chip" aria-label=format!("{}: {}", app.t().clear, filter.label) on:click=move |_| clear(app)>
                        <span>{filter.label.clone()}</span><Icon path=icons::CLOSE />
                    </button>
                }
            });
            view! {
                <div class="chips">
                    {chips.collect_view()}
                    {several.then(|| view! {
                        <button type="button" class="chip chip-all" on:click=move |_| active_clear_all(app)>{app.t().clear_all}</button>
                    })}
                </div>
            }
        })
    }
}

fn active_clear_all(app: App) {
    app.words.set(String::new());
    app.drawing().clear();
    app.change(|v| {
        v.region = None;
        v.window = None;
        v.source = None;
        v.topics.clear();
        v.confidence = None;
    });
}
