//! Topics between their lexicon, which knows words, and the store, which knows numbers.

use geoparse::{Topic, Topics};
use model::api::{MessageTopic, TopicInfo, TopicMark, TopicTerm, TopicWords};
use store::TopicRow;

use crate::error::ApiError;

/// What a text is about, with the words that say so.
pub(crate) fn topics_in(topics: &Topics, text: &str) -> Vec<MessageTopic> {
    let mut found: Vec<MessageTopic> = Vec::new();
    for span in topics.spans(text) {
        let Some(topic) = topics.lexicon().topics().get(span.topic) else { continue };
        let mark =
            TopicMark { start: span.start as u32, end: span.end as u32, text: text[span.start..span.end].to_owned() };
        match found.iter_mut().find(|known| known.topic == topic.id()) {
            Some(known) => known.words.push(mark),
            None => found.push(MessageTopic { topic: topic.id().to_owned(), words: vec![mark] }),
        }
    }
    found
}

/// The topics that a message was stored with, each with the words that say so today.
pub(crate) fn of_message(topics: &Topics, stored: &[String], text: &str) -> Vec<MessageTopic> {
    if stored.is_empty() {
        return Vec::new();
    }
    let mut said = topics_in(topics, text);
    let mut words =
        |id: &String| said.iter_mut().find(|one| one.topic == *id).map(|one| std::mem::take(&mut one.words));
    stored.iter().map(|id| MessageTopic { topic: id.clone(), words: words(id).unwrap_or_default() }).collect()
}

/// The bits of the topics with these names, with commas between them; `None` when none is named.
///
/// # Errors
/// When there is no topic of a name.
pub(crate) fn bits(topics: &Topics, rows: &[TopicRow], names: &str) -> Result<Option<u32>, ApiError> {
    let mut bits = None;
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let id = topics.lexicon().find(name).map_or(name, Topic::id);
        let row = rows.iter().find(|row| row.id == id);
        if row.is_none() && topics.lexicon().find(name).is_none() {
            let known: Vec<&str> = topics.lexicon().topics().iter().map(Topic::id).collect();
            let detail = format!("no topic is called {name:?}; there are: {}", known.join(", "));
            return Err(ApiError::bad_request("unknown_topic", detail));
        }
        // One that no message is about yet has no number: nothing passes.
        *bits.get_or_insert(0) |= row.map_or(0, TopicRow::bit);
    }
    Ok(bits)
}

/// Every topic to filter by.
pub(crate) fn infos(topics: &Topics) -> Vec<TopicInfo> {
    topics.lexicon().topics().iter().map(info).collect()
}

/// Every topic with its words.
pub(crate) fn words(topics: &Topics) -> Vec<TopicWords> {
    let all = topics.lexicon().topics().iter();
    all.map(|topic| {
        let terms = topic.terms().iter().map(|term| TopicTerm {
            term: term.text.clone(),
            kind: term.kind.as_str().to_owned(),
            strength: term.strength.as_str().to_owned(),
            note: term.note.clone(),
        });
        TopicWords { topic: info(topic), terms: terms.collect() }
    })
    .collect()
}

fn info(topic: &Topic) -> TopicInfo {
    TopicInfo { id: topic.id().to_owned(), nl: topic.name_nl().to_owned(), en: topic.name_en().to_owned() }
}
