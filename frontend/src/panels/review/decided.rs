//! Decisions as they were made: what, by whom, when, for how many mentions, and the way back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::api::DecisionView;

use super::undo;
use crate::api::{self, ApiError};
use crate::components::icons::{self, Icon};
use crate::components::states::ErrorNote;
use crate::components::toast::sentence;
use crate::format;
use crate::state::use_app;

/// The list, newest first.
#[component]
pub(super) fn Decided() -> impl IntoView {
    let app = use_app();
    let decisions = RwSignal::new(None::<Vec<DecisionView>>);
    let error = RwSignal::new(None::<ApiError>);
    let load = move || {
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            // The tab may have been left meanwhile: then nobody listens.
            match api::decisions().await {
                Ok(list) => {
                    error.try_set(None);
                    decisions.try_set(Some(list));
                }
                Err(failed) => {
                    app.note(&failed);
                    error.try_set(Some(failed));
                }
            }
            app.busy.update(|n| *n -= 1);
        });
    };
    Effect::new(move |_| {
        app.deciding().changes.track();
        load();
    });
    view! {
        {move || error.get().map(|error| view! { <ErrorNote error retry=Callback::new(move |()| load()) /> })}
        {move || decisions.get().map(|list| if list.is_empty() {
            view! {
                <div class="note" data-testid="decided-empty">
                    <Icon path=icons::REVIEW />
                    <h2>{app.t().decided_empty_title}</h2>
                    <p>{app.t().decided_empty_text}</p>
                </div>
            }.into_any()
        } else {
            view! { <ol class="decided" data-testid="decided">{list.into_iter().map(|d| view! { <Row decision=d /> }).collect_view()}</ol> }.into_any()
        })}
    }
}

#[component]
fn Row(decision: DecisionView) -> impl IntoView {
    let app = use_app();
    let number = decision.number;
    let undone = decision.undone_at.is_some();
    let note = decision.note.clone();
    let (made_by, made_at) = (decision.made_by.clone(), decision.made_at.clone());
    view! {
        <li class="decided-row" class:decided-undone=undone data-testid="decided-row">
            <p class="decided-text">{move || sentence(app, &decision)}</p>
            <p class="faint">
                {made_by} ", " <time datetime=made_at.clone()>{format::moment(app.lang.get(), &made_at)}</time>
                {undone.then(|| view! { " · " <b>{move || app.t().undone}</b> })}
            </p>
            {note.map(|note| view! { <p class="faint">{note}</p> })}
            {(!undone).then(|| view! {
                <button type="button" class="button button-small" data-testid=format!("undo-{number}") on:click=move |_| undo(app, number)>
                    <Icon path=icons::UNDO />{move || app.t().undo}
                </button>
            })}
        </li>
    }
}
