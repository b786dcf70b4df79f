//! The note after a decision: what was decided, for how many mentions, and the way back.

use std::time::Duration;

use leptos::prelude::*;
use model::api::DecisionView;

use super::icons::{self, Icon};
use super::states;
use crate::format;
use crate::i18n;
use crate::panels::review::undo;
use crate::state::{App, Toast, use_app};

/// How long it stays. Nothing is lost with it: the list of decisions undoes, too.
const STAYS: Duration = Duration::from_secs(12);

/// The note, while there is one.
#[component]
pub(crate) fn ToastNote() -> impl IntoView {
    let app = use_app();
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let shown = app.deciding().toast.with(Option::is_some);
        pending.update_value(|handle| {
            if let Some(handle) = handle.take() {
                handle.clear();
            }
            if shown {
                *handle = set_timeout_with_handle(move || app.deciding().toast.set(None), STAYS).ok();
            }
        });
    });
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || app.deciding().toast.get().map(|toast| {
                let number = match &toast {
                    Toast::Decided(decision) => Some(decision.number),
                    Toast::Undone(_) | Toast::Failed(_) => None,
                };
                view! {
                    <div class="toast" class:toast-error=matches!(toast, Toast::Failed(_)) data-testid="toast">
                        <span>{text(app, &toast)}</span>
                        {number.map(|number| view! {
                            <button type="button" class="button button-quiet" data-testid="toast-undo" on:click=move |_| undo(app, number)>
                                <Icon path=icons::UNDO />{app.t().undo}
                            </button>
                        })}
                        <button type="button" class="button button-quiet button-icon" aria-label=app.t().close title=app.t().close
                            on:click=move |_| app.deciding().toast.set(None)><Icon path=icons::CLOSE /></button>
                    </div>
                }
            })}
        </div>
    }
}

fn text(app: App, toast: &Toast) -> String {
    match toast {
        Toast::Decided(decision) => sentence(app, decision),
        Toast::Undone(_) => app.t().decision_undone.to_owned(),
        Toast::Failed(error) => states::sentence(app.t(), error),
    }
}

/// "‘goes’ is hier geen plaats · 12 vermeldingen · zaak 7"
pub(crate) fn sentence(app: App, decision: &DecisionView) -> String {
    let lang = app.lang.get();
    let place = decision.place.as_ref().map(|place| place.name.as_str()).unwrap_or_default();
    let said = i18n::decision(lang, decision.action, &decision.words, place);
    let number = i18n::speaks_for(lang, &format::count(lang, decision.mentions), decision.mentions == 1);
    let reach = decision
        .case
        .as_ref()
        .map_or_else(|| app.t().all_cases.to_owned(), |case| format!("{} {case}", app.t().in_case));
    format!("{said} · {number} · {reach}")
}
