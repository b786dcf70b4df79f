//! The first messages as they would be read, with the places that would be found in them.

use leptos::prelude::*;
use model::Mention;
use model::imports::PreviewMessage;

use super::words;
use crate::format;
use crate::i18n;
use crate::panels::mention::{area, segments, shared};
use crate::state::{App, use_app};

/// The table.
#[component]
pub(super) fn Sample(messages: Vec<PreviewMessage>) -> impl IntoView {
    let app = use_app();
    if messages.is_empty() {
        return view! { <p class="sample-none" data-testid="import-none">{move || words(app).no_messages}</p> }
            .into_any();
    }
    let heads: [fn(App) -> &'static str; 4] = [
        |app| words(app).field_time,
        |app| words(app).field_sender,
        |app| words(app).field_conversation,
        |app| words(app).field_text,
    ];
    view! {
        <div class="sample-head">
            <h4>{move || words(app).first_messages}</h4>
            <p class="sample-legend faint">
                <span class="mention-other">{move || words(app).mark_sure}</span>
                <span class="mention-doubt">{move || words(app).mark_unsure}</span>
            </p>
        </div>
        <table class="sample">
            <thead><tr>{heads.map(|head| view! { <th scope="col">{move || head(app)}</th> }).into_iter().collect_view()}</tr></thead>
            <tbody>{messages.into_iter().map(|message| view! { <Row message /> }).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(message: PreviewMessage) -> impl IntoView {
    let app = use_app();
    let PreviewMessage { time, sender, conversation, text, location, mentions, .. } = message;
    let mentions = mentions.unwrap_or_default();
    let found: Vec<&Mention> = mentions.iter().collect();
    let words = segments(&text, &found)
        .into_iter()
        .map(|piece| match piece.mention {
            Some(at) => mark(app, &mentions[at], piece.text).into_any(),
            None => piece.text.into_any(),
        })
        .collect_view();
    let mut beside: Vec<_> = shared(&found)
        .into_iter()
        .map(|(at, name)| view! { " " {mark(app, &mentions[at], name)} }.into_any())
        .collect();
    if beside.is_empty() {
        beside.extend(location.map(|shared| {
            let place = shared.label.unwrap_or_else(|| format!("{:.4}, {:.4}", shared.lon, shared.lat));
            view! { " " <span class="mention-other">{format!("⌖ {place}")}</span> }.into_any()
        }));
    }
    let machine_time = time.clone();
    view! {
        <tr data-testid="import-message">
            <td class="sample-time"><time datetime=machine_time>{move || format::moment(app.lang.get(), &time)}</time></td>
            <td class="sample-sender">{sender}</td>
            <td class="sample-conversation">{conversation}</td>
            <td class="sample-text">{words} {beside}</td>
        </tr>
    }
}

/// A place in the words: which one, and how sure that is, when pointed at.
fn mark(app: App, mention: &Mention, words: String) -> impl IntoView + use<> {
    let (place, kind, confidence) = (mention.place.clone(), mention.kind, mention.confidence);
    let title = move || {
        let kind = i18n::place_kind(app.lang.get(), kind);
        let area =
            Some(area(&place)).filter(|area| !area.is_empty()).map(|area| format!(", {area}")).unwrap_or_default();
        format!("{}{area} · {kind} · {}", place.name, format::percent(confidence))
    };
    let class = if mention.accepted { "sample-mark mention-other" } else { "sample-mark mention-doubt" };
    view! { <mark class=class title=title data-testid="import-mark">{words}</mark> }
}
