//! A list to choose from, with its name above it and a word on where its value comes from.

use leptos::prelude::*;

use crate::components::icons::{self, Icon};

/// A value and what it is called.
pub(super) type Named = (String, String);
/// Choices under a heading each; a heading may be empty.
pub(super) type Groups = Vec<(String, Vec<Named>)>;

/// The list. Groups of choices have a heading each; a group without one stands by itself.
#[component]
pub(super) fn Choice(
    /// Its name for tests.
    #[prop(into)]
    test_id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] note: Signal<String>,
    #[prop(into)] groups: Signal<Groups>,
    #[prop(into)] value: Signal<String>,
    choose: Callback<String>,
) -> impl IntoView {
    let groups = Memo::new(move |_| groups.get());
    let option = move |(key, title): Named| {
        let this = key.clone();
        view! { <option value=key prop:selected=move || value.with(|value| *value == this)>{title}</option> }
    };
    let group = move |(title, choices): (String, Vec<Named>)| {
        let choices = choices.into_iter().map(option).collect_view();
        if title.is_empty() {
            choices.into_any()
        } else {
            view! { <optgroup label=title>{choices}</optgroup> }.into_any()
        }
    };
    view! {
        <label class="stacked">
            <span class="stacked-label">{label} " " <small>{note}</small></span>
            <span class="field field-select">
                <select data-testid=test_id on:change=move |event| choose.run(event_target_value(&event))>
                    {move || groups.get().into_iter().map(group).collect_view()}
                </select>
                <Icon path=icons::DOWN />
            </span>
        </label>
    }
}
