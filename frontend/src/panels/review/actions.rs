//! What can be decided about a mention: the same buttons on a card of the queue and beside a mention in a message.

use leptos::prelude::*;
use model::api::{DecisionBody, DecisionScope};
use model::{DecisionAction, Place};

use super::decide;
use super::place_picker::PlacePicker;
use crate::components::icons::{self, Icon};
use crate::state::use_app;

/// What is decided on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subject {
    /// Number of the mention.
    pub(crate) mention: u64,
    /// Its words.
    pub(crate) words: String,
    /// The place read.
    pub(crate) place: Place,
}

impl Subject {
    fn body(&self, action: DecisionAction, scope: DecisionScope, place: Option<String>) -> DecisionBody {
        DecisionBody { action, mention: Some(self.mention), words: None, scope, case: None, place, note: None }
    }

    /// It is the place read.
    pub(super) fn confirm(&self) -> DecisionBody {
        self.body(DecisionAction::Confirm, DecisionScope::Case, None)
    }

    /// It is no place here.
    pub(super) fn reject(&self) -> DecisionBody {
        self.body(DecisionAction::Reject, DecisionScope::Case, None)
    }

    /// It is another place here.
    pub(super) fn choose(&self, place: String) -> DecisionBody {
        self.body(DecisionAction::Choose, DecisionScope::Case, Some(place))
    }

    fn never(&self, scope: DecisionScope) -> DecisionBody {
        self.body(DecisionAction::Never, scope, None)
    }

    fn always(&self, scope: DecisionScope) -> DecisionBody {
        self.body(DecisionAction::Always, scope, Some(self.place.id.clone()))
    }
}

/// The buttons, none of them put forward: the screen has no opinion. `picking` opens the search for another place; `done` runs when a decision holds.
#[component]
pub(crate) fn Actions(subject: Subject, picking: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let app = use_app();
    let subject = StoredValue::new(subject);
    let run = move |body: DecisionBody| decide(app, body, done);
    let choose = Callback::new(move |place: Place| run(subject.with_value(|subject| subject.choose(place.id.clone()))));
    let close = Callback::new(move |()| picking.set(false));
    let for_word = move |test_id: &'static str,
                         label: fn(crate::state::App) -> &'static str,
                         make: fn(&Subject, DecisionScope) -> DecisionBody| {
        view! {
            <div class="word-row" role="group" aria-label=move || label(app)>
                <span>{move || label(app)}</span>
                <button type="button" class="button button-small" data-testid=format!("{test_id}-case")
                    on:click=move |_| run(subject.with_value(|subject| make(subject, DecisionScope::Case)))>{move || app.t().in_this_case}</button>
                <button type="button" class="button button-small" data-testid=format!("{test_id}-team")
                    on:click=move |_| run(subject.with_value(|subject| make(subject, DecisionScope::Team)))>{move || app.t().for_team}</button>
            </div>
        }
    };
    view! {
        <div class="actions">
            <div class="actions-row">
                <button type="button" class="button" data-testid="decide-confirm"
                    on:click=move |_| run(subject.with_value(Subject::confirm))><Icon path=icons::TICK />{move || app.t().is_right}</button>
                <button type="button" class="button" data-testid="decide-reject"
                    on:click=move |_| run(subject.with_value(Subject::reject))><Icon path=icons::CLOSE />{move || app.t().no_place}</button>
                <button type="button" class="button" data-testid="decide-choose" aria-expanded=move || picking.get().to_string()
                    on:click=move |_| picking.update(|p| *p = !*p)><Icon path=icons::PIN />{move || app.t().other_place}</button>
            </div>
            <Show when=move || picking.get()><PlacePicker first=subject.with_value(|s| s.words.clone()) chosen=choose close /></Show>
            <details class="card-more" data-testid="decide-more">
                <summary>{move || app.t().more_actions}</summary>
                {for_word("decide-never", |app| app.t().never_place, Subject::never)}
                {for_word("decide-always", |app| app.t().always_place, Subject::always)}
            </details>
        </div>
    }
}
