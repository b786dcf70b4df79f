//! What messages are about.

use serde::{Deserialize, Serialize};

/// A topic that messages are told by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicInfo {
    /// What filters and links call it.
    pub id: String,
    /// What it is called in Dutch.
    pub nl: String,
    /// What it is called in English.
    pub en: String,
}

/// A topic with the words it is told by: an item of the answer of `/topics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicWords {
    /// The topic.
    #[serde(flatten)]
    pub topic: TopicInfo,
    /// Its words.
    pub terms: Vec<TopicTerm>,
}

/// A word or words of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicTerm {
    /// As in the table.
    pub term: String,
    /// `word`, `phrase`, or `stem`: every word that begins so.
    pub kind: String,
    /// `strong`: one is enough; `weak`: needs another weak one; `off`: never.
    pub strength: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How much of what is said of a hotspot is about a topic. Told of everything that passes the filter but for its topics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicShare {
    /// The topic.
    pub topic: String,
    /// What is counted in the list (senders, conversations …), of messages about the topic. Weighted mentions are rounded.
    pub count: u64,
    /// That, over the count of messages about anything: 0 to 1.
    pub share: f64,
}

/// A topic of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageTopic {
    /// The topic.
    pub topic: String,
    /// The words that say so, by today's lexicon; none where it changed since the message was read.
    pub words: Vec<TopicMark>,
}

/// Words of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicMark {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The words.
    pub text: String,
}
