//! Review: the queue of uncertain mentions, messages with decisions laid over them, and decisions as they are made and shown.

use std::collections::HashMap;

use geoparse::Topics;
use model::api::{
    Decided, DecisionBody, DecisionScope, DecisionView, FilterBody, MentionView, MessageView, ReviewExample,
    ReviewGroup, ReviewQueue,
};
use model::{Decision, Decisions, Filter, Likeness, Place, TimeMs, folded_words};
use store::{NewDecision, StoredMention, StoredMessage};

use crate::asking::Asker;
use crate::error::ApiError;
use crate::place_search::PlaceSearch;
use crate::times::rfc3339;
use crate::topics::of_message;

/// Groups of the queue when nobody asks for more.
const DEFAULT_GROUPS: usize = 50;
/// Messages that show a group.
const EXAMPLES: usize = 3;
/// A note is a sentence or two.
const LONGEST_NOTE: usize = 1_000;
/// Words of a place name are never longer.
const LONGEST_WORDS: usize = 200;

impl Asker<'_> {
    /// A message as the screen shows it: what was decided lies over what was read.
    pub(crate) fn view(&self, message: StoredMessage) -> MessageView {
        view(&self.live.decisions, &self.topics, message)
    }

    /// The queue, most consequential first. Every filter counts but the least confidence: what is unsure is what is asked for.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn review(&self, asked: &FilterBody) -> Result<ReviewQueue, ApiError> {
        let limit = asked.limit.map_or(DEFAULT_GROUPS, |limit| limit as usize);
        if !(1..=200).contains(&limit) {
            return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 200"));
        }
        let filter = Filter { min_confidence: Some(0.0), ..self.filter(asked).await? };
        let waiting = self.work(|| self.live.index.query(&filter).waiting(limit, EXAMPLES)).await;
        let mut numbers: Vec<u64> = waiting.first.iter().flat_map(|group| group.message_nos.iter().copied()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let messages = self.store.messages(&numbers).await?;
        let by_number: HashMap<u64, StoredMessage> = messages.into_iter().map(|m| (m.message_no, m)).collect();
        let mut groups = Vec::with_capacity(waiting.first.len());
        for group in waiting.first {
            let examples: Vec<(&StoredMessage, &StoredMention)> = group
                .message_nos
                .iter()
                .filter_map(|number| {
                    let message = by_number.get(number)?;
                    let mention = message.mentions.iter().find(|m| m.phrase_no == group.key.1)?;
                    Some((message, mention))
                })
                .collect();
            // Gone since the index was built: the next answer will be without it.
            let Some((message, first)) = examples.first() else { continue };
            let mention = &first.mention;
            groups.push(ReviewGroup {
                mention: first.mention_no,
                text: mention.text.clone(),
                case: message.case.clone(),
                place: mention.place.clone(),
                confidence: group.confidence,
                alternatives: mention.alternatives.clone(),
                reasons: mention.reasons.clone(),
                counts: group.counts,
                consequence: group.consequence,
                examples: examples
                    .iter()
                    .map(|(message, mention)| ReviewExample {
                        mention: mention.mention_no,
                        message: self.view((*message).clone()),
                    })
                    .collect(),
            });
        }
        Ok(ReviewQueue {
            total: waiting.groups,
            mentions: waiting.mentions,
            groups,
            data_version: self.live.data_version,
        })
    }

    /// What a body asks to be decided, checked.
    ///
    /// # Errors
    /// A `bad_request` that names the parameter and says what would make sense.
    pub(crate) async fn decision(
        &self,
        body: DecisionBody,
        places: &PlaceSearch,
        made_by: &str,
        made_at_ms: TimeMs,
    ) -> Result<NewDecision, ApiError> {
        let action = body.action;
        let decided_on = match (body.mention, &body.words) {
            (Some(_), Some(_)) => {
                return Err(ApiError::bad_request("two_subjects", "give `mention` or `words`, not both"));
            }
            (Some(number), None) => Some(self.mention_to_decide(number).await?),
            (None, Some(_)) if action.is_about_words() => None,
            (None, _) => {
                return Err(ApiError::bad_request(
                    "missing_mention",
                    "`mention` is the number of the mention decided on; `never` and `always` may give `words` instead",
                ));
            }
        };
        let words = match &decided_on {
            Some((_, mention)) => folded_words(&mention.mention.text),
            None => folded_words(body.words.as_deref().unwrap_or_default()),
        };
        if words.is_empty() || words.chars().count() > LONGEST_WORDS {
            return Err(ApiError::bad_request("bad_words", "`words` are one or a few words with letters or digits"));
        }
        if body.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
            return Err(ApiError::bad_request("bad_note", "`note` has at most 1000 characters"));
        }
        let case_no = match (body.scope, &body.case, &decided_on) {
            (DecisionScope::Team, None, _) => None,
            (DecisionScope::Team, Some(_), _) => {
                return Err(ApiError::bad_request("bad_scope", "`case` goes with `scope` case only"));
            }
            (DecisionScope::Case, Some(name), _) => Some(self.case(name)?),
            (DecisionScope::Case, None, Some((case_no, _))) => Some(*case_no),
            (DecisionScope::Case, None, None) => {
                return Err(ApiError::bad_request(
                    "missing_case",
                    "`case` names the case that the words are decided for; or give `scope` team",
                ));
            }
        };
        let read = decided_on.map(|(_, mention)| mention.mention);
        let place = match (&body.place, action.has_place()) {
            (None, false) => None,
            (Some(_), false) => {
                return Err(ApiError::bad_request("bad_place", "`place` goes with the actions choose and always only"));
            }
            (Some(id), true) => Some(self.place(id, places)?),
            (None, true) => match (&read, action.is_about_words()) {
                // "Always this place": the one that is proposed.
                (Some(mention), true) => Some(mention.place.clone()),
                _ => {
                    return Err(ApiError::bad_request(
                        "missing_place",
                        "`place` is the id of a place: see /api/v1/places",
                    ));
                }
            },
        };
        let reading = read.filter(|_| !action.is_about_words()).map(|mention| {
            let like = Likeness::of(&mention);
            (like.signs, like.place)
        });
        let note = body.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
        Ok(NewDecision { action, words, reading, case_no, place, made_by: made_by.to_owned(), made_at_ms, note })
    }

    /// The mention of this number as read, with the case it is in.
    async fn mention_to_decide(&self, number: u64) -> Result<(u16, StoredMention), ApiError> {
        let unknown = || ApiError::bad_request("unknown_mention", "`mention`: no mention has this number");
        let message_no = self.store.message_of_mention(number).await?.ok_or_else(unknown)?;
        let message = self.store.messages(&[message_no]).await?.pop();
        let message = message.filter(|message| self.scope.allows(message.case_no)).ok_or_else(unknown)?;
        let case_no = message.case_no;
        let mention = message.mentions.into_iter().find(|m| m.mention_no == number).ok_or_else(unknown)?;
        if mention.phrase_no == 0 {
            return Err(ApiError::bad_request(
                "not_prepared",
                "`mention` was stored by an earlier version: run `speurkaart regeoparse` once, then decide",
            ));
        }
        Ok((case_no, mention))
    }

    fn place(&self, id: &str, places: &PlaceSearch) -> Result<Place, ApiError> {
        let known = places.by_id(id).or_else(|| self.live.index.place(id).map(|(_, place)| place));
        known.cloned().ok_or_else(|| {
            ApiError::bad_request("unknown_place", format!("`place`: no place has the id {id:?}; see /api/v1/places"))
        })
    }

    /// Decisions as the screen shows them, with how many mentions each speaks for; only those of cases that the asker may see.
    pub(crate) fn decision_views(&self, decisions: Vec<Decision>) -> Vec<DecisionView> {
        let rulings = &self.live.rulings;
        let mut mentions: HashMap<u64, u64> = HashMap::new();
        for (key, count) in self.live.index.count_phrases(rulings.keys().map(|(_, phrase_no)| *phrase_no)) {
            if let Some(ruling) = rulings.get(&key).filter(|_| self.scope.allows(key.0)) {
                *mentions.entry(ruling.decision).or_default() += count;
            }
        }
        let case = |case_no: u16| {
            let found = self.live.cases.iter().find(|case| case.case_no == case_no);
            found.map(|case| case.name.clone()).unwrap_or_default()
        };
        decisions
            .into_iter()
            .filter(|decision| decision.case_no.is_none_or(|case_no| self.scope.allows(case_no)))
            .map(|decision| DecisionView {
                number: decision.number,
                action: decision.action,
                words: decision.words,
                scope: if decision.case_no.is_some() { DecisionScope::Case } else { DecisionScope::Team },
                case: decision.case_no.map(case),
                read_place: decision.readings.into_iter().next().map(|(_, place)| place),
                place: decision.place,
                made_by: decision.made_by,
                made_at: rfc3339(decision.made_at_ms),
                note: decision.note,
                undone_at: decision.undone_at_ms.map(rfc3339),
                mentions: mentions.get(&decision.number).copied().unwrap_or_default(),
            })
            .collect()
    }
}

/// A message as the screen and a pack show it: what was decided lies over what was read.
pub(crate) fn view(decisions: &Decisions, topics: &Topics, message: StoredMessage) -> MessageView {
    let case_no = message.case_no;
    MessageView {
        topics: of_message(topics, &message.topics, &message.text),
        id: message.message_no,
        sent_at: rfc3339(message.sent_at_ms),
        conversation: message.conversation,
        sender: message.sender,
        source: message.source,
        sources: message.sources,
        case: message.case,
        text: message.text,
        mentions: message.mentions.into_iter().map(|stored| mention_view(decisions, case_no, stored)).collect(),
    }
}

fn mention_view(decisions: &Decisions, case_no: u16, stored: StoredMention) -> MentionView {
    let StoredMention { mention_no, uncertain, mut mention, .. } = stored;
    let decided = decisions.of(case_no, &mention).map(|decision| {
        let decided = Decided {
            decision: decision.number,
            action: decision.action,
            made_by: decision.made_by.clone(),
            made_at: rfc3339(decision.made_at_ms),
            read_place: mention.place.clone(),
            read_confidence: mention.confidence,
        };
        decision.apply(&mut mention);
        decided
    });
    MentionView { number: mention_no, mention, uncertain, decided }
}
