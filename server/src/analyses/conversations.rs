//! Who speaks of a place, and whether there are data of those who do not.

use std::collections::HashMap;

use activity::Conversation;
use hotspot::number::whole;
use model::api::{Conversations, Sentence, SpeakingConversation};
use model::{Filter, TimeMs};

use super::said;
use crate::asking::Asker;
use crate::error::ApiError;
use crate::times;

/// Conversations that are told one by one.
const LISTED: usize = 10;

impl Asker<'_> {
    /// Conversations that speak of what passes in the period, or did in the equally long one before, and from when to when each has
    /// messages at all.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn conversations(
        &self,
        here: &Filter,
        from_ms: TimeMs,
        to_ms: TimeMs,
    ) -> Result<Conversations, ApiError> {
        let found = self.work(|| self.live.index.query(here).conversations(from_ms, to_ms)).await;
        let before_ms = from_ms.saturating_sub(to_ms.saturating_sub(from_ms).max(1));
        let silent = |one: &Conversation, from_ms, to_ms| one.span.is_some_and(|span| !span.reaches(from_ms, to_ms));
        let number = |of: &dyn Fn(&Conversation) -> bool| found.iter().filter(|one| of(one)).count() as u64;
        let counts = Speaking {
            now: number(&|one| one.messages > 0),
            before: number(&|one| one.before > 0),
            without_data: number(&|one| one.before > 0 && silent(one, from_ms, to_ms)),
            begun: number(&|one| one.messages > 0 && silent(one, before_ms, from_ms)),
        };
        let most = &found[..found.len().min(LISTED)];
        let numbers: Vec<u64> = most.iter().map(|one| one.message_no).collect();
        let messages = self.store.messages(&numbers).await?;
        let names: HashMap<u64, (String, String)> =
            messages.into_iter().map(|message| (message.message_no, (message.conversation, message.case))).collect();
        let listed = most.iter().filter_map(|one| {
            let (name, case) = names.get(&one.message_no)?.clone();
            Some(SpeakingConversation {
                name,
                case,
                messages: one.messages,
                before: one.before,
                first: one.span.map(|span| times::rfc3339(span.first_ms)),
                last: one.span.map(|span| times::rfc3339(span.last_ms)),
                read: one.span.map(|span| span.messages),
                has_data: !silent(one, from_ms, to_ms),
                had_data: !silent(one, before_ms, from_ms),
            })
        });
        Ok(Conversations {
            of: found.len() as u64,
            now: counts.now,
            before: counts.before,
            without_data: counts.without_data,
            begun: counts.begun,
            listed: listed.collect(),
            sentence: counts.sentence(),
        })
    }
}

/// How many conversations speak of a place.
#[derive(Debug, Clone, Copy)]
struct Speaking {
    now: u64,
    before: u64,
    /// Of those before: have no messages at all in the period.
    without_data: u64,
    /// Of those now: have no messages at all in the period before.
    begun: u64,
}

impl Speaking {
    fn sentence(self) -> Sentence {
        let [now, before, without_data, begun] = [self.now, self.before, self.without_data, self.begun].map(whole);
        let [speak_nl, speak_en] = if self.now == 1 {
            ["gesprek spreekt", "conversation speaks"]
        } else {
            ["gesprekken spreken", "conversations speak"]
        };
        let have = |number: u64| if number == 1 { ["heeft", "has"] } else { ["hebben", "have"] };
        let [silent_nl, silent_en] = match (self.without_data, have(self.without_data)) {
            (0, _) => Default::default(),
            (_, [nl, en]) => [
                format!(
                    " Van die {} {nl} er {} in deze periode geen enkel bericht: hun stilte zegt niets.",
                    before[0], without_data[0]
                ),
                format!(
                    " Of those {}, {} {en} no message at all in this period: their silence says nothing.",
                    before[1], without_data[1]
                ),
            ],
        };
        let [begun_nl, begun_en] = match (self.begun, have(self.begun)) {
            (0, _) => Default::default(),
            (_, [nl, en]) => [
                format!(
                    " Van de {} die er nu over spreken {nl} er {} in de periode ervoor geen enkel bericht.",
                    now[0], begun[0]
                ),
                format!(
                    " Of the {} that speak of it now, {} {en} no message at all in the period before.",
                    now[1], begun[1]
                ),
            ],
        };
        said(
            format!(
                "{} {speak_nl} erover; in de even lange periode ervoor: {}.{silent_nl}{begun_nl}",
                now[0], before[0]
            ),
            format!(
                "{} {speak_en} of it; in the equally long period before: {}.{silent_en}{begun_en}",
                now[1], before[1]
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_without_data_is_told_and_nothing_else() {
        let all = Speaking { now: 1, before: 1_200, without_data: 0, begun: 0 };
        assert_eq!(all.sentence().nl, "1 gesprek spreekt erover; in de even lange periode ervoor: 1.200.");
        let some = Speaking { now: 3, before: 9, without_data: 1, begun: 2 }.sentence();
        assert!(some.nl.contains("Van die 9 heeft er 1 in deze periode geen enkel bericht"), "{}", some.nl);
        assert!(some.en.ends_with("Of the 3 that speak of it now, 2 have no message at all in the period before."));
    }
}
