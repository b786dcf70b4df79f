//! What a message is about, by words of editable lexicons: found in the pass that finds names, told by a bit a topic.
//!
//! A strong term is enough by itself. A weak one is an ordinary word and needs another weak one of its topic beside it. What is
//! `off` never counts, nor does what overlaps it. Never here: which topics there are; that is in `data/lexicon/topics`.

mod lexicon;

use std::collections::HashMap;

use memchr::memmem;

use crate::filter::Filter;
use crate::fold::{Folded, SOFT, fold, fold_name};
use crate::phrases::{NO_WORDS, Phrase, Phrases, Word, longer, word_behind, word_hash, words};
use crate::shield::shield;

pub use lexicon::{MOST_TOPICS, Strength, Term, TermKind, Topic, TopicLexicon};

/// Letters that a stem has at least: shorter ones begin too many words.
pub(crate) const LEAST_STEM: usize = 4;
/// Distinct weak terms of a topic that are compared with each other.
const MOST_COMPARED: usize = 16;

/// A set of topics, by their place in the lexicon.
pub type TopicSet = u32;

/// Words that say what a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicSpan {
    /// The topic, by its place in the lexicon.
    pub topic: usize,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A term found in folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    topic: u8,
    strength: Strength,
    form: u32,
    start: u32,
    end: u32,
}

/// What a form means to a topic.
#[derive(Debug, Clone, Copy)]
struct Use {
    topic: u8,
    strength: Strength,
}

/// A word, phrase or stem as it is looked for.
#[derive(Debug)]
struct Form {
    letters: Box<[u8]>,
    uses: Vec<Use>,
}

/// The lexicon, compiled.
#[derive(Debug)]
pub struct Topics {
    lexicon: TopicLexicon,
    forms: Vec<Form>,
    /// Words and phrases; the name of a phrase is its form.
    phrases: Phrases,
    /// Numbers of forms that are stems, by their letters.
    stems: Vec<u32>,
    /// By the first four letters of the stems: most words are told off by it.
    stem_filter: Filter,
}

impl Default for Topics {
    fn default() -> Self {
        Self::new(TopicLexicon::default())
    }
}

impl Topics {
    /// Compiles a lexicon.
    pub fn new(lexicon: TopicLexicon) -> Self {
        let mut by_letters: HashMap<(bool, String), Vec<Use>> = HashMap::new();
        for (topic, of_topic) in lexicon.topics().iter().enumerate() {
            for term in of_topic.terms() {
                let key = (term.kind == TermKind::Stem, fold_name(&term.text));
                by_letters.entry(key).or_default().push(Use { topic: topic as u8, strength: term.strength });
            }
        }
        let mut sorted: Vec<_> = by_letters.into_iter().collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (mut forms, mut stems, mut phrases) = (Vec::new(), Vec::new(), HashMap::<u64, Phrase>::new());
        for ((is_stem, letters), uses) in sorted {
            let number = forms.len() as u32;
            if is_stem {
                stems.push(number);
            } else {
                let mut hash = NO_WORDS;
                let mut words = letters.as_bytes().split(|&byte| byte == SOFT).peekable();
                while let Some(word) = words.next() {
                    hash = longer(hash, word_hash(word));
                    let phrase = phrases.entry(hash).or_default();
                    if words.peek().is_some() {
                        phrase.goes_on = true;
                    } else {
                        phrase.name = Some(number);
                    }
                }
            }
            forms.push(Form { letters: letters.into_bytes().into_boxed_slice(), uses });
        }
        let heads: Vec<u64> = stems.iter().filter_map(|stem| head(&forms[*stem as usize].letters)).collect();
        let stem_filter = Filter::new(heads.into_iter());
        Self { lexicon, forms, phrases: Phrases::new(&phrases), stems, stem_filter }
    }

    /// What it was made from.
    pub fn lexicon(&self) -> &TopicLexicon {
        &self.lexicon
    }

    /// The topics of a text.
    pub fn of(&self, text: &str) -> TopicSet {
        self.decide(&mut self.hits(&masked(text)))
    }

    /// The words that say what a text is about, in order, without overlaps within a topic.
    pub fn spans(&self, text: &str) -> Vec<TopicSpan> {
        let folded = masked(text);
        let mut hits = self.hits(&folded);
        let topics = self.decide(&mut hits);
        hits.retain(|hit| topics & (1 << hit.topic) != 0);
        hits.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.topic));
        let mut reach = [0; MOST_TOPICS];
        let mut spans = Vec::with_capacity(hits.len());
        for hit in hits {
            let reach = &mut reach[usize::from(hit.topic)];
            if hit.start < *reach {
                continue;
            }
            *reach = hit.end;
            let (start, end) = folded.source_range(hit.start as usize, hit.end as usize);
            spans.push(TopicSpan { topic: hit.topic.into(), start, end });
        }
        spans
    }

    pub(crate) fn hits(&self, folded: &Folded) -> Vec<Hit> {
        let mut hits = Vec::new();
        for word in words(&folded.bytes) {
            self.look(&folded.bytes, word, &mut hits);
        }
        hits
    }

    /// Notes the terms that begin with this word of folded text.
    #[inline]
    pub(crate) fn look(&self, bytes: &[u8], word: Word, hits: &mut Vec<Hit>) {
        let hash = longer(NO_WORDS, word.hash);
        if let Some(phrase) = self.phrases.get(hash) {
            self.follow(bytes, word, (hash, phrase), hits);
        }
        if let Some(head) = head(&bytes[word.start..word.end])
            && self.stem_filter.may_know(head)
        {
            self.stemmed(bytes, word, hits);
        }
    }

    /// Words and phrases that begin with a word of which something is known.
    fn follow(&self, bytes: &[u8], first: Word, (mut hash, mut phrase): (u64, Phrase), hits: &mut Vec<Hit>) {
        let mut word = first;
        loop {
            if let Some(form) = phrase.name
                && *self.forms[form as usize].letters == bytes[first.start..word.end]
            {
                self.note(form, first.start, word.end, hits);
            }
            // No phrase reaches across a hard separator.
            let Some(next) = word_behind(bytes, word.end).filter(|_| phrase.goes_on) else { return };
            hash = longer(hash, next.hash);
            let Some(known) = self.phrases.get(hash) else { return };
            (word, phrase) = (next, known);
        }
    }

    /// The stems that a word begins with.
    fn stemmed(&self, bytes: &[u8], word: Word, hits: &mut Vec<Hit>) {
        let letters = &bytes[word.start..word.end];
        let upto = self.stems.partition_point(|stem| *self.forms[*stem as usize].letters <= *letters);
        for &stem in self.stems[..upto].iter().rev() {
            let form = &self.forms[stem as usize].letters;
            if letters.starts_with(form) {
                self.note(stem, word.start, word.end, hits);
            } else if form.get(..LEAST_STEM) != letters.get(..LEAST_STEM) {
                return;
            }
        }
    }

    fn note(&self, form: u32, start: usize, end: usize, hits: &mut Vec<Hit>) {
        let uses = self.forms[form as usize].uses.iter();
        hits.extend(uses.map(|one| Hit {
            topic: one.topic,
            strength: one.strength,
            form,
            start: start as u32,
            end: end as u32,
        }));
    }

    /// Which topics the hits make, and takes away those that something `off` overlaps.
    pub(crate) fn decide(&self, hits: &mut Vec<Hit>) -> TopicSet {
        if hits.is_empty() {
            return 0;
        }
        if hits.iter().any(|hit| hit.strength == Strength::Off) {
            let off = Off::of(hits);
            hits.retain(|hit| !off.overlaps(hit));
        }
        let mut topics = 0;
        let mut weak: Vec<Hit> = Vec::new();
        for hit in hits.iter() {
            let bit = 1 << hit.topic;
            if topics & bit != 0 {
                continue;
            }
            if hit.strength == Strength::Strong || weak.iter().any(|other| self.are_two(other, hit)) {
                topics |= bit;
            } else if weak.len() < MOST_COMPARED * MOST_TOPICS
                && !weak.iter().any(|other| (other.topic, other.form) == (hit.topic, hit.form))
            {
                weak.push(*hit);
            }
        }
        topics
    }

    /// Whether two weak hits of one topic say more than one: other words, none a part of the other, in other places.
    fn are_two(&self, a: &Hit, b: &Hit) -> bool {
        let (first, second) = (&self.forms[a.form as usize].letters, &self.forms[b.form as usize].letters);
        let apart = a.end <= b.start || b.end <= a.start;
        a.topic == b.topic && apart && memmem::find(first, second).is_none() && memmem::find(second, first).is_none()
    }
}

/// What is `off`, by topic and start, each with how far those of its topic up to it reach.
struct Off(Vec<(u8, u32, u32)>);

impl Off {
    fn of(hits: &[Hit]) -> Self {
        let off = hits.iter().filter(|hit| hit.strength == Strength::Off);
        let mut spans: Vec<_> = off.map(|hit| (hit.topic, hit.start, hit.end)).collect();
        spans.sort_unstable();
        for at in 1..spans.len() {
            if spans[at].0 == spans[at - 1].0 {
                spans[at].2 = spans[at].2.max(spans[at - 1].2);
            }
        }
        Self(spans)
    }

    fn overlaps(&self, hit: &Hit) -> bool {
        let begun = self.0.partition_point(|(topic, start, _)| (*topic, *start) < (hit.topic, hit.end));
        self.0[..begun].last().is_some_and(|(topic, _, reach)| *topic == hit.topic && *reach > hit.start)
    }
}

/// A text as it is searched: without links, handles and addresses.
fn masked(text: &str) -> Folded {
    let masked: Vec<_> = shield(text).into_iter().map(|(start, end, _)| (start, end)).collect();
    fold(text, &masked)
}

/// A number of the first letters; `None` for words shorter than a stem.
fn head(letters: &[u8]) -> Option<u64> {
    let head = letters.first_chunk::<LEAST_STEM>()?;
    Some(longer(NO_WORDS, u32::from_le_bytes(*head).into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    const DRUGS: &str = "term\tkind\tstrength\tnote\nDrugs\tname_nl\napaan\tword\tstrong\npmk olie\tphrase\tstrong\n\
        vaten\tword\tweak\njerrycan\tword\tweak\njerrycans\tword\tweak\nblauwe vaten\tphrase\tweak\namfetamin\tstem\tstrong\n\
        amfetaminevrij\tword\toff\ncoke\tword\tweak\ncoke zero\tphrase\toff\n";

    fn topics() -> Topics {
        let mut lexicon = TopicLexicon::default();
        assert_eq!(lexicon.add("drugs", DRUGS.as_bytes()).unwrap(), []);
        assert_eq!(
            lexicon.add("waste", &b"vaten\tword\tweak\ndump\tstem\tweak\ndumpert\tword\toff\n"[..]).unwrap(),
            []
        );
        Topics::new(lexicon)
    }

    #[test]
    fn a_strong_term_is_enough_and_a_weak_one_is_not() {
        let topics = topics();
        for (text, expected) in [
            ("heb je APAAN gehaald", 1),
            ("pmk-olie is op", 1),
            ("pmk, olie", 0),
            ("amfetaminelab", 1),
            ("amfetaminevrij leven", 0),
            ("er staan vaten", 0),
            ("vaten en nog eens vaten", 0),
            ("jerrycan of jerrycans", 0),
            ("blauwe vaten en nog vaten", 0),
            ("vaten en een jerrycan", 1),
            ("vaten gaan we dumpen", 2),
            ("jerrycan vol, vaten vol, dan dumpen", 3),
            ("vaten op dumpert", 0),
            ("vaten met coke zero", 0),
            ("vaten met coke", 1),
            ("dumpert, dumpen van vaten", 2),
            ("coke zero en een jerrycan, geen coke", 1),
            ("zie www.apaan.nl en @apaan", 0),
        ] {
            assert_eq!(topics.of(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_are_the_words_in_the_text_as_written() {
        let topics = topics();
        let text = "Éérst blauwe Vaten 🚚 dan de Jerrycans";
        let spans: Vec<_> = topics.spans(text).iter().map(|s| (s.topic, &text[s.start..s.end])).collect();
        assert_eq!(spans, [(0, "blauwe Vaten"), (0, "Jerrycans")]);
        assert!(topics.spans("alleen vaten").is_empty());
    }

    #[test]
    fn no_lexicon_finds_nothing() {
        assert_eq!(Topics::default().of("apaan pmk"), 0);
    }
}
