//! Who speaks of a place: its conversations, and whether there are data of those that do not.

use leptos::prelude::*;
use model::api::{Conversations, SpeakingConversation};

use crate::format;
use crate::i18n::lines;
use crate::state::use_app;
use crate::url::Lang;

/// The sentence, and the conversations with most messages, each with from when to when it has any.
#[component]
pub(super) fn Speaking(conversations: Conversations) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let t = lines::Texts::of(lang);
    let sentence = if lang == Lang::Nl { conversations.sentence.nl } else { conversations.sentence.en };
    let left = conversations.of.saturating_sub(conversations.listed.len() as u64);
    let rows = conversations.listed.into_iter().map(|one| {
        let counts = lines::now_and_before(lang, one.messages, one.before);
        let data = span(lang, &one);
        let silent = (one.before > 0 && !one.has_data).then(|| view! { <em class="verdict" title=t.no_data_hint>{t.no_data}</em> });
        let begun = (one.messages > 0 && !one.had_data).then(|| view! { <em class="verdict verdict-stays" title=t.begun_hint>{t.begun}</em> });
        view! {
            <li data-testid="speaking-conversation">
                <p class="without-head"><b title=one.name.clone()>{one.name.clone()}</b> <span class="faint">{counts}</span> {silent} {begun}</p>
                {data.map(|data| view! { <p class="faint">{data}</p> })}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h3>{t.speaking}</h3>
        <p data-testid="speaking">{sentence}</p>
        <ul class="without">{rows}</ul>
        {(left > 0).then(|| view! { <p class="faint">{lines::more_conversations(lang, left)}</p> })}
    }
}

/// From when to when it has messages, and how many; nothing while that is not known.
fn span(lang: Lang, one: &SpeakingConversation) -> Option<String> {
    let (first, last, read) = (one.first.as_deref()?, one.last.as_deref()?, one.read?);
    Some(lines::span(lang, &format::day_of(lang, first), &format::day_of(lang, last), read))
}
