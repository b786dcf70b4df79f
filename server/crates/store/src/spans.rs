//! From when to when conversations have messages.

use std::collections::BTreeMap;

use model::TimeMs;

use crate::ConversationSpan;

/// Spans of the conversations of some messages.
#[derive(Default)]
pub(crate) struct Spans(BTreeMap<u32, ConversationSpan>);

impl Spans {
    pub(crate) fn add(&mut self, conversation_no: u32, sent_at_ms: TimeMs) {
        let first =
            ConversationSpan { conversation_no, first_ms: sent_at_ms, last_ms: sent_at_ms, messages: 0, upto: 0 };
        let span = self.0.entry(conversation_no).or_insert(first);
        span.first_ms = span.first_ms.min(sent_at_ms);
        span.last_ms = span.last_ms.max(sent_at_ms);
        span.messages += 1;
    }

    /// By number of the conversation, as of so many messages stored.
    pub(crate) fn upto(self, message_no: u64) -> Vec<ConversationSpan> {
        self.0.into_values().map(|span| ConversationSpan { upto: message_no, ..span }).collect()
    }
}
