//! Review: what recognition is unsure about, group by group, and what was decided.
//!
//! A decision holds at once; map, counts and lists follow it. The next card takes the focus, so that one goes on by keyboard.

mod actions;
mod card;
mod decided;
mod place_picker;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::api::{DecisionBody, ReviewGroup};

pub(crate) use actions::{Actions, Subject};
use card::{Card, card_id};
use decided::Decided;

use crate::api::{self, ApiError};
use crate::components::icons::{self, Icon};
use crate::components::states::ErrorNote;
use crate::dom;
use crate::format;
use crate::panels::filters::Chips;
use crate::state::{App, Toast, use_app};

/// Makes a decision; `done` runs when it holds.
pub(crate) fn decide(app: App, body: DecisionBody, done: Callback<()>) {
    app.busy.update(|n| *n += 1);
    spawn_local(async move {
        match api::decide(&body).await {
            Ok(decision) => {
                app.deciding().toast.set(Some(Toast::Decided(decision)));
                done.try_run(());
                app.data_changed();
            }
            Err(error) => failed(app, error),
        }
        app.busy.update(|n| *n -= 1);
    });
}

/// Takes a decision back.
pub(crate) fn undo(app: App, number: u64) {
    app.busy.update(|n| *n += 1);
    spawn_local(async move {
        match api::undo(number).await {
            Ok(decision) => {
                app.deciding().toast.set(Some(Toast::Undone(decision)));
                app.data_changed();
            }
            Err(error) => failed(app, error),
        }
        app.busy.update(|n| *n -= 1);
    });
}

fn failed(app: App, error: ApiError) {
    app.note(&error);
    app.deciding().toast.set(Some(Toast::Failed(error)));
}

/// The panel; open while the view says so.
#[component]
pub(crate) fn Review() -> impl IntoView {
    let app = use_app();
    let open = app.part(|v| v.review);
    let tab_decided = RwSignal::new(false);
    let gone = RwSignal::new(BTreeSet::<u64>::new());
    Effect::new(move |_| {
        // A new answer is without what was decided, or with what was undone.
        app.deciding().queue.value.track();
        gone.set(BTreeSet::new());
    });
    Effect::new(move |was_open: Option<bool>| {
        let open = open.get();
        match (was_open, open) {
            (Some(false), true) => {
                tab_decided.set(false);
                dom::focus("review-close");
            }
            (Some(true), false) => dom::focus("review-open"),
            _ => {}
        }
        open
    });
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => app.change(|v| v.review = false),
        "z" | "Z" if !dom::is_typing(&event) => {
            if let Some(Toast::Decided(decision)) = app.deciding().toast.get_untracked() {
                undo(app, decision.number);
            }
        }
        _ => {}
    };
    let tab = move |decided: bool, id: &'static str, label: fn(App) -> &'static str| {
        view! {
            <button type="button" role="tab" id=id data-testid=id aria-controls="review-body" aria-selected=move || (tab_decided.get() == decided).to_string()
                on:click=move |_| tab_decided.set(decided)>{move || label(app)}</button>
        }
    };
    view! {
        <Show when=move || open.get()>
            <section class="drawer review" aria-label=move || app.t().review data-testid="review" on:keydown=on_key>
                <header class="drawer-head">
                    <div class="drawer-title">
                        <h2>{move || app.t().review}</h2>
                        <div class="segmented" role="tablist" aria-label=move || app.t().review>
                            {tab(false, "review-tab-queue", |app| app.t().review_queue)}
                            {tab(true, "review-tab-decided", |app| app.t().review_decided)}
                        </div>
                    </div>
                    <button type="button" id="review-close" class="button button-quiet button-icon" aria-label=move || app.t().close
                        title=move || app.t().close on:click=move |_| app.change(|v| v.review = false)><Icon path=icons::CLOSE /></button>
                </header>
                <div class="drawer-scroll" id="review-body" role="tabpanel">
                    {move || if tab_decided.get() {
                        view! { <Decided /> }.into_any()
                    } else {
                        view! { <Queue gone /> }.into_any()
                    }}
                </div>
                <footer class="review-keys wide-only" hidden=move || tab_decided.get()><b>{move || app.t().keys}</b> " " {move || app.t().keys_hint}</footer>
            </section>
        </Show>
    }
}

/// The cards, and what there is to say when there are none.
#[component]
fn Queue(gone: RwSignal<BTreeSet<u64>>) -> impl IntoView {
    let app = use_app();
    let groups = move || -> Vec<ReviewGroup> {
        let all = app
            .deciding()
            .queue
            .value
            .with(|queue| queue.as_ref().map(|queue| queue.groups.clone()).unwrap_or_default());
        gone.with(|gone| all.into_iter().filter(|group| !gone.contains(&group.mention)).collect())
    };
    let decided = Callback::new(move |mention: u64| {
        // The card after it, or the one before when it was the last, takes the focus.
        let next = untrack(groups);
        let at = next.iter().position(|group| group.mention == mention);
        let next =
            at.and_then(|at| next.get(at + 1).or_else(|| next.get(at.checked_sub(1)?))).map(|group| group.mention);
        gone.update(|gone| {
            gone.insert(mention);
        });
        dom::focus(&next.map_or_else(|| "review-close".to_owned(), card_id));
    });
    let step = Callback::new(move |(mention, by): (u64, isize)| {
        let groups = untrack(groups);
        let at = groups.iter().position(|group| group.mention == mention);
        if let Some(group) = at.and_then(|at| at.checked_add_signed(by)).and_then(|at| groups.get(at)) {
            dom::focus(&card_id(group.mention));
        }
    });
    let known = move || app.deciding().queue.value.with(Option::is_some);
    let nothing = Memo::new(move |_| {
        app.deciding().queue.value.with(|queue| queue.as_ref().is_some_and(|queue| queue.total == 0))
    });
    let shown = move || {
        let (lang, shown) = (app.lang.get(), groups().len() as u64);
        let total = app.deciding().queue.value.with(|queue| queue.as_ref().map_or(0, |queue| queue.total));
        let total = total.saturating_sub(gone.with(|gone| gone.len() as u64));
        crate::i18n::of_total(lang, &format::count(lang, shown), &format::count(lang, total))
    };
    view! {
        <div class="review-intro">
            <p class="faint">{move || app.t().review_intro}</p>
            <Chips />
        </div>
        {move || app.deciding().queue.error.get().map(|error| {
            view! { <ErrorNote error retry=Callback::new(move |()| app.deciding().queue.retry(app)) /> }
        })}
        <Show when=move || !known() && app.deciding().queue.error.with(Option::is_none)>
            <div class="skeleton" role="status" aria-label=move || app.t().loading>
                {(0..4).map(|_| view! { <div class="skeleton-row"><i></i><b></b><span></span></div> }).collect_view()}
            </div>
        </Show>
        <Show when=move || nothing.get()>
            <div class="note" data-testid="review-empty">
                <Icon path=icons::TICK />
                <h2>{move || app.t().review_empty_title}</h2>
                <p>{move || app.t().review_empty_text}</p>
            </div>
        </Show>
        <Show when=move || known() && !nothing.get()>
            <p class="review-total faint" data-testid="review-total">{shown}</p>
            <ol class="cards" class:stale=move || app.deciding().queue.loading.get()>
                <For each=groups key=group_key let:group><Card group decided step /></For>
            </ol>
        </Show>
    }
}

/// Everything that a card shows, as a key.
fn group_key(group: &ReviewGroup) -> (u64, u64, u64) {
    (group.mention, group.counts.mentions, group.counts.conversations)
}
