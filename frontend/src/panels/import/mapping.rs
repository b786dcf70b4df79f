//! Which column is what: a list to choose from for each slot, or a line to write in where columns are not known.

use leptos::prelude::*;
use model::imports::Mapping;

use super::choice::{Choice, Named};
use super::words;
use crate::i18n::imports::Texts;
use crate::importing::Slot;
use crate::state::use_app;

/// The fields for all slots.
#[component]
pub(super) fn MappingFields(
    /// Beginning of the fields' names for tests.
    name: &'static str,
    /// Names of columns that can be chosen; none when they are not known.
    #[prop(into)]
    columns: Signal<Vec<String>>,
    /// What is read now, guesses among it.
    #[prop(into)]
    read: Signal<Mapping>,
    /// What was said by hand.
    #[prop(into)]
    said: Signal<Mapping>,
    change: Callback<Mapping>,
    /// Whether what is left open stays as it was, so that nothing need be said.
    #[prop(optional)]
    again: bool,
) -> impl IntoView {
    let known = Memo::new(move |_| columns.with(|columns| !columns.is_empty()));
    view! {
        <div class="mapping-fields">
            {move || Slot::ALL.map(|slot| {
                let put = Callback::new(move |column: String| {
                    let column = Some(column.trim().to_owned()).filter(|column| !column.is_empty());
                    change.run(slot.put(&said.get_untracked(), &read.get_untracked(), column));
                });
                if known.get() {
                    view! { <ChosenField name which=slot columns read said put again /> }.into_any()
                } else {
                    view! { <WrittenField name which=slot said put /> }.into_any()
                }
            })}
        </div>
    }
}

#[component]
fn ChosenField(
    name: &'static str,
    which: Slot,
    columns: Signal<Vec<String>>,
    read: Signal<Mapping>,
    said: Signal<Mapping>,
    put: Callback<String>,
    again: bool,
) -> impl IntoView {
    let app = use_app();
    let value = Memo::new(move |_| {
        // While the answer to what was said is under way, what was said is shown.
        let said = said.with(|said| which.of(said));
        said.or_else(|| read.with(|read| which.of(read))).unwrap_or_default()
    });
    let note = move || match (said.with(|said| which.of(said)), value.with(String::is_empty)) {
        (Some(_), _) => words(app).by_hand,
        (None, true) if is_required(which) && !again => words(app).required,
        (None, _) => "",
    };
    let groups = move || {
        let none = match which {
            _ if again => words(app).as_it_was,
            Slot::Clock => words(app).no_clock,
            _ => words(app).not_there,
        };
        let mut choices: Vec<Named> = vec![(String::new(), none.to_owned())];
        choices.extend(columns.get().into_iter().map(|column| (column.clone(), column)));
        // A field deep in an object, or a column of another file.
        let now = value.get();
        if !choices.iter().any(|(column, _)| *column == now) {
            choices.push((now.clone(), now));
        }
        vec![(String::new(), choices)]
    };
    view! {
        <Choice test_id=test_id(name, which) label=Signal::derive(move || label(words(app), which).to_owned())
            note=Signal::derive(move || note().to_owned()) groups=Signal::derive(groups) value choose=put />
    }
}

#[component]
fn WrittenField(name: &'static str, which: Slot, said: Signal<Mapping>, put: Callback<String>) -> impl IntoView {
    let app = use_app();
    view! {
        <label class="stacked">
            <span class="stacked-label">{move || label(words(app), which)}</span>
            <span class="field">
                <input type="text" autocomplete="off" spellcheck="false" data-testid=test_id(name, which)
                    prop:value=move || said.with(|said| which.of(said)).unwrap_or_default()
                    on:change=move |event| put.run(event_target_value(&event)) />
            </span>
        </label>
    }
}

/// Without these there is no message.
fn is_required(slot: Slot) -> bool {
    matches!(slot, Slot::Text | Slot::Time)
}

fn label(t: &Texts, slot: Slot) -> &'static str {
    match slot {
        Slot::Text => t.field_text,
        Slot::Time => t.field_time,
        Slot::Clock => t.field_clock,
        Slot::Sender => t.field_sender,
        Slot::Conversation => t.field_conversation,
        Slot::Id => t.field_id,
    }
}

fn test_id(name: &str, slot: Slot) -> String {
    format!("import-{name}-{}", slot.as_str())
}
