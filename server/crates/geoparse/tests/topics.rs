//! The shipped topics: good tables, and what they find in a corpus of cases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shipped;

use geoparse::{Context, Strength, TopicLexicon};
use serde_json::Value;

fn cases() -> Vec<(String, Vec<String>)> {
    let table = std::fs::read_to_string(shipped::root().join("tests/corpus/topics.jsonl")).unwrap();
    let case = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        let topics = row["topics"].as_array().unwrap().iter().map(|topic| topic.as_str().unwrap().to_owned());
        (row["text"].as_str().unwrap().to_owned(), topics.collect())
    };
    table.lines().map(case).collect()
}

#[test]
fn every_shipped_table_is_whole_and_named_in_both_languages() {
    let lexicon: TopicLexicon = shipped::topics();
    let ids: Vec<&str> = lexicon.topics().iter().map(geoparse::Topic::id).collect();
    assert_eq!(ids, ["drugs", "money", "transport", "violence", "waste", "weapons"]);
    for topic in lexicon.topics() {
        assert_ne!(topic.name_nl(), topic.id());
        assert_ne!(topic.name_en(), topic.name_nl());
        for strength in [Strength::Strong, Strength::Weak] {
            let terms = topic.terms().iter().filter(|term| term.strength == strength).count();
            assert!(terms >= 20, "{} has {terms} terms that are {}", topic.id(), strength.as_str());
        }
    }
}

#[test]
fn no_strong_word_is_an_ordinary_one() {
    let (lexicon, topics) = (shipped::lexicon(), shipped::topics());
    let ordinary: Vec<_> = topics.ordinary(&lexicon).map(|(topic, term)| (topic.id(), &term.text)).collect();
    assert!(ordinary.is_empty(), "{ordinary:?}");
}

#[test]
fn the_corpus_is_told_as_it_is_labelled_with_names_and_without() {
    let topics = geoparse::Topics::new(shipped::topics());
    let geoparser = shipped::geoparser().with_topics(std::sync::Arc::new(geoparse::Topics::new(shipped::topics())));
    let cases = cases();
    assert!(cases.len() > 90);
    let mut wrong = Vec::new();
    for (text, expected) in &cases {
        let set = topics.of(text);
        assert_eq!(geoparser.parse(text, &Context::default()).topics, set, "found with names as without: {text}");
        let all = topics.lexicon().topics().iter().enumerate();
        let told: Vec<&str> = all.filter(|(at, _)| set & (1 << at) != 0).map(|(_, topic)| topic.id()).collect();
        if told != *expected {
            wrong.push(format!("{text:?}: {told:?} instead of {expected:?}"));
        }
        let mut from_spans = 0;
        for span in topics.spans(text) {
            from_spans |= 1 << span.topic;
            assert!(text.get(span.start..span.end).is_some_and(|words| !words.trim().is_empty()), "{text}");
        }
        assert_eq!(from_spans, set, "words stand behind every topic and behind no other: {text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
