//! The search for another place: a combobox over the gazetteer, by name, with what tells namesakes apart.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::Place;

use crate::api;
use crate::components::icons::{self, Icon};
use crate::dom;
use crate::i18n;
use crate::panels::mention::area;
use crate::state::use_app;

/// Places shown.
const SHOWN: usize = 12;
/// Typing rests this long before the server is asked.
const DELAY: Duration = Duration::from_millis(120);

/// The search box, with the words themselves looked up first. Takes the focus when it appears.
#[component]
pub(super) fn PlacePicker(first: String, chosen: Callback<Place>, close: Callback<()>) -> impl IntoView {
    let app = use_app();
    let typed = RwSignal::new(first);
    let found = RwSignal::new(None::<Vec<Place>>);
    let active = RwSignal::new(0_usize);
    let asked = StoredValue::new(0_u32);
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let input = NodeRef::<html::Input>::new();
    let search = move || {
        let text = typed.get_untracked();
        if text.trim().is_empty() {
            found.set(None);
            return;
        }
        let Some(number) = asked.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            let answer = api::places(text.trim(), SHOWN).await;
            app.busy.update(|n| *n -= 1);
            // Only the latest wish counts, and only while the box is there.
            if asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(places) => {
                    found.set(Some(places));
                    active.set(0);
                }
                Err(error) => app.note(&error),
            }
        });
    };
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    search();
    let pick = move |at: usize| {
        if let Some(place) = found.with_untracked(|f| f.as_ref().and_then(|f| f.get(at).cloned())) {
            close.run(());
            chosen.run(place);
        }
    };
    let on_input = move |event: web_sys::Event| {
        typed.set(event_target_value(&event));
        pending.update_value(|handle| {
            if let Some(handle) = handle.take() {
                handle.clear();
            }
            *handle = set_timeout_with_handle(search, DELAY).ok();
        });
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let last = found.with_untracked(|f| f.as_ref().map_or(0, Vec::len)).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => active.update(|at| *at = at.saturating_sub(1)),
            "Enter" => pick(active.get_untracked()),
            "Escape" => close.run(()),
            _ => return,
        }
        event.prevent_default();
        // The panel around would close on Escape, too.
        event.stop_propagation();
        dom::scroll_to(&option_id(active.get_untracked()));
    };
    view! {
        <div class="place-picker">
            <span class="field field-search">
                <Icon path=icons::SEARCH />
                <input node_ref=input type="text" role="combobox" autocomplete="off" spellcheck="false" data-testid="place-search"
                    aria-label=move || app.t().place_search placeholder=move || app.t().place_search aria-autocomplete="list"
                    aria-controls="place-list" aria-expanded=move || found.with(|f| f.as_ref().is_some_and(|f| !f.is_empty())).to_string()
                    aria-activedescendant=move || found.with(Option::is_some).then(|| option_id(active.get()))
                    prop:value=move || typed.get() on:input=on_input on:keydown=on_key />
            </span>
            <ul id="place-list" class="place-list" role="listbox" aria-label=move || app.t().place_search>
                {move || found.get().map(|places| if places.is_empty() {
                    view! { <li class="picker-none">{app.t().no_place_found}</li> }.into_any()
                } else {
                    places.into_iter().enumerate().map(|(at, place)| view! {
                        <li id=option_id(at) role="option" class="picker-option" class:active=move || active.get() == at
                            aria-selected=move || (active.get() == at).to_string() data-testid=format!("place-option-{}", place.id)
                            on:mousedown=|event| event.prevent_default()
                            on:mousemove=move |_| if active.get_untracked() != at { active.set(at); }
                            on:click=move |_| pick(at)>
                            <span>{place.name.clone()}</span>
                            <small>{i18n::place_kind(app.lang.get(), place.kind)} {Some(area(&place)).filter(|a| !a.is_empty()).map(|a| format!(" · {a}"))}</small>
                        </li>
                    }).collect_view().into_any()
                })}
            </ul>
        </div>
    }
}

fn option_id(at: usize) -> String {
    format!("place-option-{at}")
}
