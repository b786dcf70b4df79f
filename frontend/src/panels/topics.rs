//! What messages are about: topics to filter by, their shares of a hotspot, and their words in a message.

use leptos::prelude::*;
use model::api::{MessageTopic, TopicShare};

use crate::format;
use crate::i18n;
use crate::state::{App, use_app};
use crate::url::Lang;

/// A topic with a smaller share of a hotspot is not named in its row.
const LEAST_SHARE: f64 = 0.1;

/// What a topic is called in the language shown; its id as long as that is not known.
pub(crate) fn name(app: App, id: &str) -> String {
    let lang = app.lang.get();
    let known = app.meta.with(|meta| {
        let topic = meta.as_ref()?.topics.iter().find(|topic| topic.id == id)?;
        Some(if lang == Lang::Nl { topic.nl.clone() } else { topic.en.clone() })
    });
    known.unwrap_or_else(|| id.to_owned())
}

/// A button a topic: pressed, messages about it count; with none pressed, all do.
#[component]
pub(crate) fn TopicFilter() -> impl IntoView {
    let app = use_app();
    let chosen = app.part(|v| v.topics.clone());
    let button = move |id: String| {
        let id = StoredValue::new(id);
        let pressed = move || chosen.with(|chosen| chosen.contains(&*id.read_value()));
        let toggle = move |_| {
            app.change(|v| match v.topics.iter().position(|one| *one == *id.read_value()) {
                Some(at) => drop(v.topics.remove(at)),
                None => v.topics.push(id.get_value()),
            });
        };
        view! {
            <button type="button" class="topic" data-testid=format!("topic-{}", id.get_value()) aria-pressed=move || pressed().to_string()
                on:click=toggle>{move || name(app, &id.read_value())}</button>
        }
    };
    move || {
        let ids: Vec<String> =
            app.meta.with(|meta| meta.iter().flat_map(|m| m.topics.iter().map(|topic| topic.id.clone())).collect());
        (!ids.is_empty()).then(|| {
            view! {
                <div class="topics" role="group" aria-label=move || app.t().topics title=move || app.t().topics_hint>
                    {ids.into_iter().map(button).collect_view()}
                </div>
            }
        })
    }
}

/// The topics that are a good part of what is said of a hotspot, in a row of small labels.
#[component]
pub(crate) fn Shares(topics: Vec<TopicShare>) -> impl IntoView {
    let app = use_app();
    let told: Vec<TopicShare> = topics.into_iter().filter(|told| told.share >= LEAST_SHARE).collect();
    (!told.is_empty()).then(|| {
        let label = move |told: TopicShare| {
            let share = format::percent(told.share as f32);
            view! { <span>{move || name(app, &told.topic)} " " <b>{share}</b></span> }
        };
        view! {
            <span class="row-topics" title=move || app.t().topic_share_hint>{told.into_iter().map(label).collect_view()}</span>
        }
    })
}

/// The names of a message's topics, below its text.
#[component]
pub(crate) fn Told(topics: Vec<MessageTopic>) -> impl IntoView {
    let app = use_app();
    (!topics.is_empty()).then(|| {
        let label = move |topic: MessageTopic| view! { <span>{move || name(app, &topic.topic)}</span> };
        view! { <p class="message-topics">{topics.into_iter().map(label).collect_view()}</p> }
    })
}

/// A stretch of a message from byte `from` on, with the words marked that say what it is about.
pub(crate) fn marked(app: App, text: &str, from: usize, topics: &[MessageTopic]) -> impl IntoView + use<> {
    let pieces = pieces(text, from, topics).into_iter().map(|(words, topic)| match topic {
        Some(topic) => {
            view! { <mark class="topic-mark" title=move || i18n::about(app.lang.get(), &name(app, &topic))>{words}</mark> }.into_any()
        }
        None => words.into_any(),
    });
    pieces.collect_view()
}

/// The stretch cut where words of topics begin and end. A word that reaches beyond it, or over another one, is left unmarked.
fn pieces(text: &str, from: usize, topics: &[MessageTopic]) -> Vec<(String, Option<String>)> {
    let mut marks: Vec<(usize, usize, &str)> = topics
        .iter()
        .flat_map(|topic| topic.words.iter().map(|word| (word.start as usize, word.end as usize, topic.topic.as_str())))
        .collect();
    marks.sort_unstable();
    let (mut pieces, mut done) = (Vec::new(), 0);
    for (start, end, topic) in marks {
        let Some((start, end)) = start.checked_sub(from).zip(end.checked_sub(from)) else { continue };
        let Some(words) = text.get(start..end).filter(|words| start >= done && !words.is_empty()) else { continue };
        if start > done {
            pieces.push((text[done..start].to_owned(), None));
        }
        pieces.push((words.to_owned(), Some(topic.to_owned())));
        done = end;
    }
    if done < text.len() {
        pieces.push((text[done..].to_owned(), None));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::api::TopicMark;

    fn topic(topic: &str, words: &[(u32, u32)]) -> MessageTopic {
        let words = words.iter().map(|&(start, end)| TopicMark { start, end, text: String::new() }).collect();
        MessageTopic { topic: topic.to_owned(), words }
    }

    fn cut(text: &str, from: usize, topics: &[MessageTopic]) -> Vec<(String, Option<String>)> {
        pieces(text, from, topics)
    }

    #[test]
    fn words_are_marked_within_the_stretch_that_they_stand_in() {
        // The stretch begins at byte 6 of the message.
        let told = [topic("waste", &[(0, 5), (7, 12)]), topic("drugs", &[(7, 12), (17, 30)])];
        assert_eq!(
            cut(" vaten en glock", 6, &told),
            [(" ".into(), None), ("vaten".into(), Some("drugs".into())), (" en glock".into(), None)]
        );
    }

    #[test]
    fn spans_that_are_no_words_mark_nothing() {
        assert_eq!(cut("één", 0, &[topic("waste", &[(1, 2), (3, 3), (0, 99)])]), [("één".into(), None)]);
    }
}
