//! Conversations: from when to when each has messages, and which of them speak of what passes a filter.

use std::collections::HashMap;

use model::TimeMs;
use model::api::Counts;

use crate::distinct::{Distinct, Tally};
use crate::index::Index;
use crate::selection::Selection;

/// From when to when a conversation has messages, with a place or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConversationSpan {
    /// Number of the conversation.
    pub conversation_no: u32,
    /// When its first message was sent.
    pub first_ms: TimeMs,
    /// When its last message was sent.
    pub last_ms: TimeMs,
    /// How many there are.
    pub messages: u64,
}

/// A conversation that speaks of what passes, in the period or in the equally long one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversation {
    /// Its messages in the period.
    pub messages: u64,
    /// Its messages in the period before.
    pub before: u64,
    /// One of them, to name it by.
    pub message_no: u64,
    /// From when to when it has messages at all; `None` while that is not known.
    pub span: Option<ConversationSpan>,
}

impl ConversationSpan {
    /// Whether it may have messages between these times, the latter not included: it has none before the first and after the last.
    pub fn reaches(&self, from_ms: TimeMs, to_ms: TimeMs) -> bool {
        self.first_ms < to_ms && self.last_ms >= from_ms
    }
}

/// Spans by number of the conversation.
#[derive(Debug, Clone, Default)]
pub(crate) struct SpanTable(Vec<Option<ConversationSpan>>);

impl SpanTable {
    pub(crate) fn update(&mut self, spans: &[ConversationSpan]) {
        let most = spans.iter().map(|span| span.conversation_no as usize + 1).max().unwrap_or(0);
        if self.0.len() < most {
            self.0.resize(most, None);
        }
        for span in spans {
            self.0[span.conversation_no as usize] = Some(*span);
        }
    }

    fn get(&self, conversation: u32) -> Option<ConversationSpan> {
        self.0.get(conversation as usize).copied().flatten()
    }
}

impl Index {
    /// From when to when the conversation has messages; `None` while that is not known.
    pub(crate) fn span(&self, conversation: u32) -> Option<ConversationSpan> {
        self.spans.get(conversation)
    }
}

impl Selection<'_> {
    /// Conversations that speak of what passes from `from_ms` up to `to_ms` (in place of the filter's own time), or of what passes in the
    /// equally long period before: those with most messages first.
    pub fn conversations(&self, from_ms: TimeMs, to_ms: TimeMs) -> Vec<Conversation> {
        let before_ms = from_ms.saturating_sub(to_ms.saturating_sub(from_ms).max(1));
        let mut found: HashMap<u32, Conversation> = HashMap::new();
        let mut seen = Distinct::default();
        for row in self.during(before_ms, to_ms).all_rows().filter(|row| seen.insert(row.message)) {
            let one = found.entry(row.conversation).or_insert_with(|| Conversation {
                messages: 0,
                before: 0,
                message_no: row.message.into(),
                span: self.index().span(row.conversation),
            });
            one.message_no = one.message_no.min(row.message.into());
            *if row.at_ms < from_ms { &mut one.before } else { &mut one.messages } += 1;
        }
        let mut found: Vec<Conversation> = found.into_values().collect();
        found.sort_unstable_by_key(|one| {
            (std::cmp::Reverse(one.messages), std::cmp::Reverse(one.before), one.message_no)
        });
        found
    }

    /// Counts of what passes at these places in conversations that have messages between these times, too.
    pub(crate) fn of_lasting_conversations(&self, slots: &[u32], from_ms: TimeMs, to_ms: TimeMs) -> Counts {
        let mut tally = Tally::lent();
        for row in slots.iter().flat_map(|slot| self.rows(*slot)) {
            if self.index().span(row.conversation).is_none_or(|span| span.reaches(from_ms, to_ms)) {
                tally.add(&row);
            }
        }
        tally.counts()
    }
}
