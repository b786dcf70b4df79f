//! What the people of a conversation spoke of within hours tells namesakes apart: messages are read once for themselves, and those
//! that left something open once more in the light of the others.

use std::collections::HashMap;

use geoparse::{Context, Parsed, helps_others};
use model::{Message, SharedLocation, TimeMs};

use crate::knowledge::Knowledge;

/// How long a place that somebody named speaks for what else is said.
const WITHIN_MS: i64 = 6 * 60 * 60 * 1000;
/// Messages of the conversation that are looked at on each side: enough for a talk, and a bound for a busy channel.
const NEIGHBOURS: usize = 24;
/// A mention this sure, without namesakes, leaves nothing open.
const SURE: f32 = 0.9;

/// A message as far as reading it needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'m> {
    pub(crate) conversation: &'m str,
    /// When; messages without a time are near to all others of their conversation.
    pub(crate) at: Option<TimeMs>,
    pub(crate) text: &'m str,
    /// The location that came with the message.
    pub(crate) location: Option<&'m SharedLocation>,
}

impl<'m> Said<'m> {
    /// A message as it is read.
    pub(crate) fn of(message: &'m Message) -> Self {
        Self {
            conversation: &message.conversation,
            at: Some(message.sent_at_ms),
            text: &message.text,
            location: message.location.as_ref(),
        }
    }
}

/// Geoparses messages on all cores, in their order, each by itself.
pub(crate) fn parse(knowledge: &Knowledge, messages: &[Said<'_>]) -> Vec<Parsed> {
    on_all_cores(messages, |message| read(knowledge, message, &Context::default()))
}

/// The same, with what the others of the conversation spoke of as context. Depends on nothing but these messages, so the same
/// batch gives the same mentions whenever it is read.
pub(crate) fn parse_in_context(knowledge: &Knowledge, messages: &[Said<'_>]) -> Vec<Parsed> {
    let mut parsed = parse(knowledge, messages);
    let mut spoken: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, message) in messages.iter().enumerate() {
        if parsed[index].mentions.iter().any(helps_others) {
            spoken.entry(message.conversation).or_default().push(index);
        }
    }
    for indices in spoken.values_mut() {
        indices.sort_by_key(|&index| (messages[index].at, index));
    }
    let open: Vec<(usize, Context)> = (0..messages.len())
        .filter(|&index| parsed[index].mentions.iter().any(|m| m.confidence < SURE || !m.alternatives.is_empty()))
        .filter_map(|index| {
            let context = context(messages, &parsed, spoken.get(messages[index].conversation)?, index)?;
            Some((index, context))
        })
        .collect();
    let again = on_all_cores(&open, |(index, context)| read(knowledge, &messages[*index], context));
    for ((index, _), reread) in open.iter().zip(again) {
        parsed[*index] = reread;
    }
    parsed
}

/// What a message says by itself: the location that came with it, then the places in its words.
fn read(knowledge: &Knowledge, message: &Said<'_>, context: &Context) -> Parsed {
    let mut parsed = knowledge.parse(message.text, context);
    if let Some(location) = message.location {
        parsed.mentions.insert(0, knowledge.shared(location));
    }
    parsed
}

/// The places that the conversation named around a message, the nearest in time last; `None` without any.
fn context(messages: &[Said<'_>], parsed: &[Parsed], spoken: &[usize], index: usize) -> Option<Context> {
    let own = (messages[index].at, index);
    let here = spoken.partition_point(|&other| (messages[other].at, other) < own);
    let (from, to) = (here.saturating_sub(NEIGHBOURS), (here + NEIGHBOURS + 1).min(spoken.len()));
    let gap = |other: usize| match (messages[other].at, messages[index].at) {
        (Some(then), Some(now)) => then.abs_diff(now),
        _ => 0,
    };
    let mut near: Vec<usize> = spoken[from..to]
        .iter()
        .copied()
        .filter(|&other| other != index && gap(other) <= WITHIN_MS.unsigned_abs())
        .collect();
    near.sort_by_key(|&other| std::cmp::Reverse((gap(other), other.abs_diff(index))));
    let mut context = Context::default();
    for &other in &near {
        context.remember_mentions(&parsed[other].mentions);
    }
    (!near.is_empty()).then_some(context)
}

/// Does the work in equal shares on all cores, keeping the order.
pub(crate) fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = items
            .chunks(items.len().div_ceil(cores).max(1))
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    fn read(messages: &[(&str, Option<i64>, &str)]) -> Vec<Option<String>> {
        let knowledge = Knowledge::load("no data directory".as_ref(), None).unwrap();
        let said: Vec<_> =
            messages.iter().map(|&(conversation, at, text)| Said { conversation, at, text, location: None }).collect();
        parse_in_context(&knowledge, &said)
            .iter()
            .map(|found| found.mentions.last().and_then(|mention| mention.place.province.clone()))
            .collect()
    }

    #[test]
    fn a_namesake_is_told_by_what_the_conversation_spoke_of_within_hours() {
        const HOUR: i64 = 3_600_000;
        let found = read(&[
            ("a", Some(0), "sta nu in Meppel"),
            ("a", Some(HOUR), "rij zo door naar Zuidwolde"),
            ("b", Some(0), "sta nu in Bedum"),
            ("b", Some(HOUR), "rij zo door naar Zuidwolde"),
            // Said before the place that tells.
            ("c", Some(0), "rij zo door naar Zuidwolde"),
            ("c", Some(HOUR), "ben in Bedum"),
            // Too long ago.
            ("d", Some(0), "sta nu in Bedum"),
            ("d", Some(20 * HOUR), "rij zo door naar Zuidwolde"),
            // Lines without a time.
            ("e", None, "bedum"),
            ("e", None, "naar Zuidwolde"),
        ]);
        let province = |index: usize| found[index].as_deref();
        assert_eq!(province(1), Some("Drenthe"));
        assert_eq!(province(3), Some("Groningen"));
        assert_eq!(province(4), Some("Groningen"));
        assert_eq!(province(7), Some("Drenthe"));
        assert_eq!(province(9), Some("Groningen"));
    }
}
