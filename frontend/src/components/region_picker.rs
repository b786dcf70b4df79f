//! The search for a region, for the filter and for the home region: a combobox after the ARIA authoring practices (list autocomplete, manual selection).

use std::sync::Arc;

use leptos::prelude::*;
use model::RegionKind;

use super::icons::{self, Icon};
use crate::api::{RegionInfo, RegionLayer};
use crate::dom;
use crate::state::use_app;

/// Regions shown at once.
const SHOWN: usize = 40;

/// The search box with its list.
#[component]
pub(crate) fn RegionPicker(
    /// What its ids and marks for tests begin with; no other on the screen has the same.
    name: &'static str,
    /// What it is for, read aloud.
    label: Signal<&'static str>,
    /// What no region means.
    none: Signal<&'static str>,
    /// Id of the region chosen.
    #[prop(into)]
    chosen: Signal<Option<String>>,
    /// Chooses another.
    choose: Callback<Option<String>>,
    /// Nothing can be chosen now.
    #[prop(into, default = false.into())]
    disabled: Signal<bool>,
) -> impl IntoView {
    let app = use_app();
    let typed = RwSignal::new(None::<String>);
    let active = RwSignal::new(0_usize);
    let open = move || typed.with(Option::is_some);
    let found = Memo::new(move |_| {
        let text = typed.get().unwrap_or_default();
        app.regions.with(|layers| search(layers, &text))
    });
    let chosen_name = move || chosen.get().and_then(|id| app.region(&id)).map(|r| r.name).unwrap_or_default();
    let choose = move |id: Option<String>| {
        choose.run(id);
        typed.set(None);
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let last = found.with(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if !open() => typed.set(Some(String::new())),
            "ArrowDown" => active.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => active.update(|at| *at = at.saturating_sub(1)),
            "Enter" if open() => {
                if let Some(region) = found.with(|f| f.get(active.get()).cloned()) {
                    choose(Some(region.id));
                }
            }
            "Escape" if open() => typed.set(None),
            _ => return,
        }
        event.prevent_default();
        dom::scroll_to(&option_id(name, active.get_untracked()));
    };
    view! {
        <div class="picker">
            <span class="field field-search">
                <Icon path=icons::PIN />
                <input id=format!("{name}-search") type="text" role="combobox" autocomplete="off" spellcheck="false" data-testid=format!("{name}-search")
                    aria-label=label aria-autocomplete="list" aria-controls=format!("{name}-list") disabled=disabled
                    aria-expanded=move || open().to_string()
                    aria-activedescendant=move || open().then(|| option_id(name, active.get()))
                    placeholder=move || if chosen.with(Option::is_some) { label.get() } else { app.t().region_search }
                    prop:value=move || typed.get().unwrap_or_else(chosen_name)
                    on:focus=move |event| { typed.set(Some(String::new())); event_target::<web_sys::HtmlInputElement>(&event).select(); }
                    on:blur=move |_| typed.set(None)
                    on:input=move |event| { typed.set(Some(event_target_value(&event))); active.set(0); }
                    on:keydown=on_key />
                <Show when=move || chosen.with(Option::is_some) && !disabled.get()>
                    <button type="button" class="field-clear" aria-label=none title=none
                        on:click=move |_| choose(None)><Icon path=icons::CLOSE /></button>
                </Show>
            </span>
            <ul id=format!("{name}-list") class="picker-list" role="listbox" aria-label=label hidden=move || !open()>
                {move || {
                    let regions = found.get();
                    if regions.is_empty() {
                        return view! { <li class="picker-none">{app.t().no_region_found}</li> }.into_any();
                    }
                    let mut heading = None;
                    regions.into_iter().enumerate().map(|(at, region)| {
                        let new_kind = heading.replace(region.kind) != Some(region.kind);
                        let id = region.id.clone();
                        let selected = chosen.with(|chosen| chosen.as_deref() == Some(id.as_str()));
                        view! {
                            {new_kind.then(|| view! { <li class="picker-kind" role="presentation">{app.t().region_kinds(region.kind)}</li> })}
                            <li id=option_id(name, at) role="option" class="picker-option" class:active=move || active.get() == at
                                aria-selected=selected.to_string() data-testid=format!("{name}-option-{id}")
                                on:mousedown=|event| event.prevent_default()
                                on:mousemove=move |_| if active.get_untracked() != at { active.set(at); }
                                on:click=move |_| { choose(Some(id.clone())); dom::blur(); }>
                                <span>{region.name.clone()}</span>
                                <small>{region.province.clone().filter(|_| region.kind == RegionKind::Municipality)}</small>
                            </li>
                        }
                    }).collect_view().into_any()
                }}
            </ul>
        </div>
    }
}

fn option_id(name: &str, at: usize) -> String {
    format!("{name}-option-{at}")
}

/// Regions whose name holds the text, those that begin with it first; the large ones when nothing is typed.
fn search(layers: &[Arc<RegionLayer>], text: &str) -> Vec<RegionInfo> {
    let text = fold(text);
    let mut found: Vec<(bool, &RegionInfo)> = Vec::new();
    for layer in
        layers.iter().filter(|l| !text.is_empty() || !matches!(l.kind, RegionKind::Municipality | RegionKind::Custom))
    {
        let mut of_kind: Vec<_> = layer
            .regions
            .iter()
            .filter_map(|region| {
                let names = std::iter::once(&region.name).chain(&region.names).map(|name| fold(name));
                names
                    .filter(|name| name.contains(&text))
                    .map(|name| !name.starts_with(&text))
                    .min()
                    .map(|later| (later, region))
            })
            .collect();
        of_kind.sort_by(|(a_later, a), (b_later, b)| (a_later, fold(&a.name)).cmp(&(b_later, fold(&b.name))));
        found.extend(of_kind);
    }
    found.into_iter().take(SHOWN).map(|(_, region)| region.clone()).collect()
}

/// Lower case without the marks and signs of Dutch and Frisian names.
fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            'á' | 'à' | 'â' | 'ä' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'í' | 'ì' | 'î' | 'ï' => Some('i'),
            'ó' | 'ò' | 'ô' | 'ö' => Some('o'),
            'ú' | 'ù' | 'û' | 'ü' => Some('u'),
            '-' => Some(' '),
            '\'' | '’' | '.' => None,
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(kind: RegionKind, names: &[(&str, &[&str])]) -> Arc<RegionLayer> {
        let regions = names
            .iter()
            .map(|(name, others)| RegionInfo {
                id: format!("{}/{name}", kind.as_str()),
                name: (*name).to_owned(),
                names: others.iter().map(|o| (*o).to_owned()).collect(),
                kind,
                province: None,
                population: None,
                area_km2: None,
                bbox: None,
            })
            .collect();
        Arc::new(RegionLayer { kind, regions, geojson: String::new() })
    }

    fn names(layers: &[Arc<RegionLayer>], text: &str) -> Vec<String> {
        search(layers, text).into_iter().map(|r| r.name).collect()
    }

    #[test]
    fn the_search_finds_names_without_their_marks_and_by_other_names() {
        let layers = [
            layer(RegionKind::Province, &[("Drenthe", &[]), ("Groningen", &[])]),
            layer(
                RegionKind::Municipality,
                &[
                    ("Súdwest-Fryslân", &[]),
                    ("'s-Gravenhage", &["Den Haag"]),
                    ("Midden-Groningen", &[]),
                    ("Groningen", &[]),
                ],
            ),
        ];
        assert_eq!(names(&layers, "sudwest f"), ["Súdwest-Fryslân"]);
        assert_eq!(names(&layers, "den haag"), ["'s-Gravenhage"]);
        assert_eq!(names(&layers, "gron"), ["Groningen", "Groningen", "Midden-Groningen"]);
        assert_eq!(names(&layers, ""), ["Drenthe", "Groningen"]);
        assert!(names(&layers, "xyz").is_empty());
    }
}
