//! Words that tell the messages of a hotspot from all others.
//!
//! They come from texts: only messages that the asker may read are read, and no more than a sample of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use hotspot::number::whole;
use hotspot::words::telling_words;
use model::api::{FilterBody, Hotspots, TellingWord, TellingWords, Unsaid};
use model::{Filter, TimeRange, folded_words};
use store::StoredMessage;

use super::said;
use crate::asking::{Asker, grouping};
use crate::error::ApiError;

/// Messages read at most, here and elsewhere.
const READ_HERE: usize = 500;
const READ_ELSEWHERE: usize = 1_500;
/// Words told at most.
const WORDS: usize = 20;

/// Lines of a list that get words of their own.
const LINES: usize = 50;
/// Words that such a line gets at most.
const WORDS_A_LINE: usize = 8;

/// What the messages of a place are compared with.
pub(super) struct Rest {
    /// All messages that pass, whatever the place.
    of: u64,
    /// A sample of them.
    messages: Vec<StoredMessage>,
}

impl Asker<'_> {
    /// A sample of all messages that pass.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn rest(&self, all: &Filter) -> Result<Rest, ApiError> {
        let sample = self.work(|| self.live.index.query(all).sample(READ_ELSEWHERE)).await;
        Ok(Rest { of: sample.of, messages: self.store.messages(&sample.message_nos).await? })
    }

    /// Tells the first lines of a list the words of their messages.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn tell_words(&self, list: &mut Hotspots, asked: &FilterBody) -> Result<(), ApiError> {
        let grouping = grouping(asked)?;
        let filter = self.filter(asked).await?;
        let (from_ms, to_ms) = self.period(&filter);
        let all = Filter { time: TimeRange { from_ms: Some(from_ms), to_ms: Some(to_ms) }, ..filter };
        let rest = self.rest(&all).await?;
        for line in list.hotspots.iter_mut().take(LINES) {
            let here = Filter { places: self.places_of(&line.id, Some(grouping), &all), ..all.clone() };
            let told = self.telling(&here, &rest).await?;
            line.words = told.words.into_iter().map(|told| told.word).take(WORDS_A_LINE).collect();
        }
        Ok(())
    }

    /// Words of what passes `here`, whose places these are, against the rest that is not here.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn telling(&self, here: &Filter, rest: &Rest) -> Result<TellingWords, ApiError> {
        let selection = self.live.index.query(here);
        let (some, every_one) = self.work(|| (selection.sample(READ_HERE), selection.message_nos())).await;
        let own: HashSet<&str> = here.places.iter().map(String::as_str).collect();
        let texts = self.store.messages(&some.message_nos).await?;
        let others: Vec<&StoredMessage> =
            rest.messages.iter().filter(|message| every_one.binary_search(&message.message_no).is_err()).collect();
        let elsewhere = rest.of.saturating_sub(some.of);
        let (bag, rest_bag) = (Bag::new(&texts, &own), Bag::new(others.iter().copied(), &own));
        let words: Vec<TellingWord> = telling_words(&bag.of_several(), &rest_bag.counts(), WORDS)
            .into_iter()
            .map(|told| TellingWord {
                here: bag.count(&told.word),
                elsewhere: rest_bag.count(&told.word),
                word: told.word,
                log_odds: told.log_odds,
                z: told.z,
            })
            .collect();
        let reason = if texts.is_empty() {
            Some(Unsaid::NothingCounted)
        } else if others.is_empty() {
            Some(Unsaid::NothingToCompare)
        } else {
            words.is_empty().then_some(Unsaid::TooFew)
        };
        let [read_here, read_elsewhere] = [texts.len() as u64, others.len() as u64];
        let read = [read_here, some.of, read_elsewhere, elsewhere].map(whole);
        let sentence = match reason {
            Some(Unsaid::NothingCounted) => said("Er zijn geen berichten.", "There are no messages."),
            Some(Unsaid::NothingToCompare) => said(
                "Er zijn geen andere berichten om mee te vergelijken.",
                "There are no other messages to compare with.",
            ),
            _ => {
                let [nl, en] = if words.is_empty() {
                    [
                        "Geen woord komt hier duidelijk vaker voor dan elders",
                        "No word is clearly used more here than elsewhere",
                    ]
                } else {
                    [
                        "Woorden die hier duidelijk vaker voorkomen dan elders",
                        "Words used clearly more here than elsewhere",
                    ]
                };
                said(
                    format!(
                        "{nl}; gelezen: {} van {} berichten hier, {} van {} elders.",
                        read[0][0], read[1][0], read[2][0], read[3][0]
                    ),
                    format!(
                        "{en}; read: {} of {} messages here, {} of {} elsewhere.",
                        read[0][1], read[1][1], read[2][1], read[3][1]
                    ),
                )
            }
        };
        Ok(TellingWords { words, here: some.of, read_here, elsewhere, read_elsewhere, reason, sentence })
    }
}

/// In how many messages each word stands, and of whom. The same text counts once, however often it was sent on.
struct Bag<'a>(HashMap<String, (u64, BTreeSet<&'a str>)>);

impl<'a> Bag<'a> {
    /// The names of these places themselves are left out: that a place is named there tells nothing.
    fn new(messages: impl IntoIterator<Item = &'a StoredMessage>, places: &HashSet<&str>) -> Self {
        let (mut texts, mut words) = (HashSet::new(), HashMap::new());
        for message in messages {
            let text = without_places(message, places);
            let folded = folded_words(&text);
            if texts.contains(&folded) {
                continue;
            }
            let own: BTreeSet<&str> = folded.split(' ').filter(|word| is_telling(word)).collect();
            for word in own {
                let (count, senders): &mut (u64, BTreeSet<&str>) = words.entry(word.to_owned()).or_default();
                *count += 1;
                senders.insert(&message.sender);
            }
            texts.insert(folded);
        }
        Self(words)
    }

    fn count(&self, word: &str) -> u64 {
        self.0.get(word).map_or(0, |(count, _)| *count)
    }

    fn counts(&self) -> BTreeMap<String, u64> {
        self.0.iter().map(|(word, (count, _))| (word.clone(), *count)).collect()
    }

    /// What one sender alone says is how that one writes, not what is talked about.
    fn of_several(&self) -> BTreeMap<String, u64> {
        let several = self.0.iter().filter(|(_, (_, senders))| senders.len() > 1);
        several.map(|(word, (count, _))| (word.clone(), *count)).collect()
    }
}

/// A number tells nothing by itself, and neither does a letter.
fn is_telling(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().any(char::is_alphabetic)
}

fn without_places(message: &StoredMessage, places: &HashSet<&str>) -> String {
    let mut text = String::with_capacity(message.text.len());
    let mut from = 0;
    for mention in message.mentions.iter().map(|stored| &stored.mention) {
        let (start, end) = (mention.start as usize, mention.end as usize);
        if places.contains(mention.place.id.as_str())
            && from <= start
            && let Some(before) = message.text.get(from..start)
        {
            text.push_str(before);
            text.push(' ');
            from = end;
        }
    }
    text.push_str(message.text.get(from..).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(sender: &str, text: &str) -> StoredMessage {
        StoredMessage {
            message_no: 1,
            sent_at_ms: 0,
            conversation: "groep".into(),
            sender: sender.into(),
            source: String::new(),
            sources: Vec::new(),
            case: String::new(),
            case_no: 1,
            text: text.into(),
            mentions: Vec::new(),
            topics: Vec::new(),
        }
    }

    #[test]
    fn a_text_sent_on_counts_once_and_words_of_one_sender_are_his_own() {
        let messages = [
            message("a", "De loods, 12 u!"),
            message("b", "de LOODS 12 u"),
            message("b", "nog een loods"),
            message("c", "mijn stopwoord stopwoord"),
            message("c", "weer stopwoord"),
        ];
        let bag = Bag::new(&messages, &HashSet::new());
        assert_eq!((bag.count("loods"), bag.count("stopwoord"), bag.count("12")), (2, 2, 0));
        let several = bag.of_several();
        assert!(several.contains_key("loods") && !several.contains_key("stopwoord"));
    }
}
