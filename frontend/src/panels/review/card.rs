//! A group of like mentions: an example, the place proposed and how sure that is, why, what hangs on it, and what to decide.

use leptos::prelude::*;
use model::api::{ReviewExample, ReviewGroup};

use super::actions::{Actions, Subject};
use super::decide;
use crate::components::icons::{self, Icon};
use crate::dom;
use crate::format;
use crate::i18n;
use crate::panels::mention::{Certainty, area};
use crate::state::{App, use_app};

/// Id of the card's element.
pub(super) fn card_id(mention: u64) -> String {
    format!("review-card-{mention}")
}

/// A card. `decided` is told when it is done with, `step` when another one is to take the focus.
#[component]
pub(super) fn Card(group: ReviewGroup, decided: Callback<u64>, step: Callback<(u64, isize)>) -> impl IntoView {
    let app = use_app();
    let mention = group.mention;
    let ReviewGroup { text, case, place, confidence, alternatives, reasons, counts, examples, .. } = group;
    let many_cases = move || {
        let first = app.meta.with(|m| m.as_ref().and_then(|m| m.sources.first().map(|s| s.case.clone())));
        app.meta.with(|m| m.as_ref().is_some_and(|m| m.sources.iter().any(|s| Some(&s.case) != first.as_ref())))
    };
    let at = RwSignal::new(0_usize);
    let last = examples.len().saturating_sub(1);
    let picking = RwSignal::new(false);
    let done = Callback::new(move |()| decided.run(mention));
    let subject = Subject { mention, words: text.clone(), place: place.clone() };
    let place_id = StoredValue::new(place.id.clone());
    let keyed = StoredValue::new(subject.clone());
    let on_key = move |event: web_sys::KeyboardEvent| {
        if dom::is_typing(&event) {
            return;
        }
        match event.key().as_str() {
            "1" => decide(app, keyed.with_value(Subject::confirm), done),
            "2" => decide(app, keyed.with_value(Subject::reject), done),
            "3" => picking.set(true),
            "ArrowDown" => step.run((mention, 1)),
            "ArrowUp" => step.run((mention, -1)),
            "ArrowLeft" => at.update(|at| *at = at.saturating_sub(1)),
            "ArrowRight" => at.update(|at| *at = (*at + 1).min(last)),
            _ => return,
        }
        event.prevent_default();
    };
    let hangs = move || {
        let lang = app.lang.get();
        let (messages, conversations) = (counts.messages, counts.conversations);
        let count = |number| format::count(lang, number);
        i18n::what_hangs(lang, &count(messages), messages == 1, &count(conversations), conversations == 1)
    };
    let label = format!("{text}: {}", place.name);
    let kind = place.kind;
    view! {
        <li>
            <article class="card" id=card_id(mention) tabindex="0" data-testid="review-card" aria-label=label on:keydown=on_key
                on:focus=move |_| app.hovered.set(Some(place_id.get_value())) on:blur=move |_| app.hovered.set(None)>
                <header class="card-head">
                    <h3>"“" {text.clone()} "”"</h3>
                    <span class="card-hangs" data-testid="review-hangs">{hangs}</span>
                </header>
                <Show when=many_cases><p class="card-case faint">{app.t().in_case} " " {case.clone()}</p></Show>
                <Examples examples at />
                <div class="card-proposal">
                    <h4>{move || app.t().proposed}</h4>
                    <Certainty name=place.name.clone() area=area(&place) confidence />
                    <p class="faint">{move || i18n::place_kind(app.lang.get(), kind)} " · " {move || i18n::sureness(app.t(), confidence)}</p>
                    {(!alternatives.is_empty()).then(|| view! { <h4>{move || app.t().alternatives}</h4> })}
                    {alternatives.into_iter().take(3).map(|other| {
                        let body = keyed.with_value(|subject| subject.choose(other.id.clone()));
                        let (name, spoken) = (other.name.clone(), other.name.clone());
                        view! {
                            <div class="card-other">
                                <Certainty name area=String::new() confidence=other.confidence />
                                <button type="button" class="button button-small" aria-label=move || format!("{} {spoken}", app.t().choose_this)
                                    on:click=move |_| decide(app, body.clone(), done)>{move || app.t().choose_this}</button>
                            </div>
                        }
                    }).collect_view()}
                </div>
                <h4>{move || app.t().why_unsure}</h4>
                <p class="card-why" data-testid="review-why">
                    {move || reasons.iter().map(|code| i18n::reason(app.lang.get(), code)).collect::<Vec<_>>().join(" ")}
                </p>
                <Actions subject picking done />
            </article>
        </li>
    }
}

/// One message at a time, with the words of the group marked.
#[component]
fn Examples(examples: Vec<ReviewExample>, at: RwSignal<usize>) -> impl IntoView {
    let app = use_app();
    let number = examples.len();
    let examples = StoredValue::new(examples);
    view! {
        <div class="example">
            {move || examples.with_value(|examples| examples.get(at.get()).map(|example| one(app, example)))}
            {(number > 1).then(|| view! {
                <div class="example-step">
                    <button type="button" class="button button-quiet button-icon" aria-label=move || app.t().example_before
                        title=move || app.t().example_before disabled=move || at.get() == 0
                        on:click=move |_| at.update(|at| *at = at.saturating_sub(1))><Icon path=icons::LEFT /></button>
                    <span class="faint">{move || format!("{}/{number}", at.get() + 1)}</span>
                    <button type="button" class="button button-quiet button-icon" data-testid="example-next" aria-label=move || app.t().example_next
                        title=move || app.t().example_next disabled=move || { at.get() + 1 >= number }
                        on:click=move |_| at.update(|at| *at = (*at + 1).min(number - 1))><Icon path=icons::RIGHT /></button>
                </div>
            })}
        </div>
    }
}

fn one(app: App, example: &ReviewExample) -> impl IntoView + use<> {
    let message = &example.message;
    let span = message.mentions.iter().find(|m| m.number == example.mention).map(|m| &m.mention);
    let (start, end) = span.map_or((0, 0), |mention| (mention.start as usize, mention.end as usize));
    let part = |from: usize, to: usize| message.text.get(from..to).unwrap_or_default().to_owned();
    let (before, marked, after) = match message.text.get(start..end) {
        Some(_) => (part(0, start), part(start, end), part(end, message.text.len())),
        None => (message.text.clone(), String::new(), String::new()),
    };
    view! {
        <div class="example-message">
            <p class="message-text" data-testid="example">{before}<mark class="mention-focus">{marked}</mark>{after}</p>
            <p class="message-who">
                <b>{message.sender.clone()}</b>
                <span title=app.t().in_conversation>{message.conversation.clone()}</span>
                <time datetime=message.sent_at.clone()>{format::moment(app.lang.get(), &message.sent_at)}</time>
            </p>
        </div>
    }
}
