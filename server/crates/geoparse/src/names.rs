//! Every name of gazetteer and lexicon, found in folded text.
//!
//! Names are whole words, so nothing need be looked at letter by letter: each word of a text is looked up in one hash table of
//! names and of what longer names begin with. Where a longer one can go on, the next word is looked up together with it.
//! Overlapping names are kept: the longest that can stand wins later.

use std::collections::HashMap;

use crate::fold::{Folded, HARD, SOFT, fold_name};

use crate::gazetteer::Gazetteer;
use crate::gazetteer::variants::{Form, inflections, variants};
use crate::lexicon::{Lexicon, Wordiness};
use crate::phrases::{NO_WORDS, Phrase, Phrases, Word, longer, word_behind, word_hash, words};
use crate::resolve::context::place_words;

/// A place that a name can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) place: u32,
    pub(crate) form: Form,
}

/// Where a name counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    /// Wherever it stands.
    Anywhere,
    /// In a hashtag only.
    InHashtag,
    /// In brackets or in capitals only.
    InBracketsOrCapitals,
}

/// What is known of a name wherever it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    first: u32,
    count: u32,
    pub(crate) wordiness: Wordiness,
    /// Also a first name.
    pub(crate) personal: bool,
    pub(crate) counts: Counts,
    pub(crate) area_code: bool,
    letters: u32,
    /// Bytes of the folded name.
    pub(crate) length: u32,
}

/// A name found in folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) name: u32,
    pub(crate) written: Written,
}

/// How a name stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// As it is.
    AsItIs,
    /// With so many letters wrong.
    Misspelt(u8),
    /// As the code that a pager message has for a place.
    PagerCode(u32),
}

/// The compiled names.
pub(crate) struct Names {
    phrases: Phrases,
    known: Vec<Name>,
    candidates: Vec<Candidate>,
    /// The folded names one behind the other, to compare what has the same hash.
    letters: Vec<u8>,
}

impl Names {
    pub(crate) fn compile(gazetteer: &Gazetteer, lexicon: &Lexicon) -> Self {
        let mut forms = spellings(gazetteer, lexicon).into_iter().collect::<Vec<_>>();
        forms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (mut known, mut candidates, mut letters) = (Vec::with_capacity(forms.len()), Vec::new(), Vec::new());
        let mut phrases: HashMap<u64, Phrase> = HashMap::new();
        for word in place_words() {
            phrases.entry(longer(NO_WORDS, word_hash(word))).or_default().place_follows = true;
        }
        for (number, (folded, of_name)) in forms.into_iter().enumerate() {
            known.push(Name {
                first: candidates.len() as u32,
                count: of_name.len() as u32,
                wordiness: lexicon.wordiness(&folded),
                personal: lexicon.is_first_name(folded.as_bytes()),
                counts: if of_name.iter().all(|c| c.form == Form::Spaceless) {
                    Counts::InHashtag
                } else if of_name.iter().all(|c| matches!(c.form, Form::Capitals | Form::Code)) {
                    Counts::InBracketsOrCapitals
                } else {
                    Counts::Anywhere
                },
                area_code: of_name.iter().any(|c| c.form == Form::AreaCode),
                letters: letters.len() as u32,
                length: folded.len() as u32,
            });
            let mut words = folded.as_bytes().split(|&byte| byte == SOFT).peekable();
            let mut hash = NO_WORDS;
            while let Some(word) = words.next() {
                hash = longer(hash, word_hash(word));
                let phrase = phrases.entry(hash).or_default();
                if words.peek().is_some() {
                    phrase.goes_on = true;
                } else {
                    phrase.name = Some(number as u32);
                }
            }
            letters.extend_from_slice(folded.as_bytes());
            candidates.extend(of_name);
        }
        Self { phrases: Phrases::new(&phrases), known, candidates, letters }
    }

    /// All names that stand as whole words, by where they start; the words right behind one that a place follows; and every word.
    pub(crate) fn find(
        &self,
        folded: &Folded,
        mut name: impl FnMut(Found),
        mut expected: impl FnMut(Word),
        mut each: impl FnMut(Word),
    ) {
        let bytes = folded.bytes.as_slice();
        let mut expects = false;
        for word in words(bytes) {
            each(word);
            let phrase = self.starting_with(bytes, word, &mut name);
            let expected_here = expects;
            expects = phrase.is_some_and(|phrase| phrase.place_follows) && bytes.get(word.end) != Some(&HARD);
            if expected_here && !expects {
                expected(word);
            }
        }
    }

    /// Tells the names that start with this word, shortest first; returns what is known of the word itself.
    fn starting_with(&self, bytes: &[u8], first: Word, name: &mut impl FnMut(Found)) -> Option<Phrase> {
        let (mut before, mut word) = (NO_WORDS, first);
        let mut of_first = None;
        loop {
            let hash = longer(before, word.hash);
            let phrase = self.phrases.get(hash);
            if before == NO_WORDS {
                of_first = phrase;
            }
            if let Some(stem) = bytes[word.start..word.end].strip_suffix(b"'s")
                && let Some(found) = self.named(longer(before, word_hash(stem)), bytes, first.start, word.end - 2)
            {
                name(found);
            }
            let Some(phrase) = phrase else { break };
            if let Some(found) = phrase.name.and_then(|name| self.verified(name, bytes, first.start, word.end)) {
                name(found);
            }
            // No name reaches across a hard separator.
            let Some(next) = word_behind(bytes, word.end).filter(|_| phrase.goes_on) else { break };
            (before, word) = (hash, next);
        }
        of_first
    }

    fn named(&self, hash: u64, bytes: &[u8], start: usize, end: usize) -> Option<Found> {
        self.phrases.get(hash)?.name.and_then(|name| self.verified(name, bytes, start, end))
    }

    fn verified(&self, name: u32, bytes: &[u8], start: usize, end: usize) -> Option<Found> {
        (self.letters(name) == &bytes[start..end]).then_some(Found {
            start: start as u32,
            end: end as u32,
            name,
            written: Written::AsItIs,
        })
    }

    fn letters(&self, name: u32) -> &[u8] {
        let name = self.name(name);
        &self.letters[name.letters as usize..(name.letters + name.length) as usize]
    }

    /// The number of a folded name.
    pub(crate) fn number(&self, folded: &str) -> Option<u32> {
        let words = folded.as_bytes().split(|&byte| byte == SOFT);
        let hash = words.fold(NO_WORDS, |hash, word| longer(hash, word_hash(word)));
        self.named(hash, folded.as_bytes(), 0, folded.len()).map(|found| found.name)
    }

    pub(crate) fn name(&self, number: u32) -> &Name {
        &self.known[number as usize]
    }

    pub(crate) fn candidates(&self, name: &Name) -> &[Candidate] {
        &self.candidates[name.first as usize..(name.first + name.count) as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.phrases.heap_bytes()
            + self.letters.capacity()
            + self.known.capacity() * size_of::<Name>()
            + self.candidates.capacity() * size_of::<Candidate>()
    }
}

/// Every folded spelling with the places it can mean; a place stands once per spelling, with its best form.
fn spellings(gazetteer: &Gazetteer, lexicon: &Lexicon) -> HashMap<String, Vec<Candidate>> {
    let mut all: HashMap<String, Vec<Candidate>> = HashMap::new();
    let mut add = |folded: String, place: u32, form: Form| {
        if folded.is_empty() || (folded.bytes().all(|b| b.is_ascii_digit()) && form != Form::AreaCode) {
            return;
        }
        let candidates = all.entry(folded).or_default();
        match candidates.iter_mut().find(|candidate| candidate.place == place) {
            Some(known) => known.form = known.form.min(form),
            None => candidates.push(Candidate { place, form }),
        }
    };
    for (number, entry) in gazetteer.entries().iter().enumerate() {
        if entry.place.kind == model::PlaceKind::Postcode {
            continue;
        }
        for (index, name) in std::iter::once(&entry.place.name).chain(&entry.names).enumerate() {
            let folded = fold_name(name);
            for (variant, form) in variants(&folded, entry.place.population) {
                add(variant, number as u32, form);
            }
            let dutch = entry.place.country.as_deref() == Some("NL");
            if dutch && matches!(entry.place.kind, model::PlaceKind::Locality | model::PlaceKind::Region) {
                for word in inflections(&folded, entry.place.population) {
                    add(word, number as u32, Form::Inflection);
                }
            }
            add(folded, number as u32, if index == 0 { Form::Preferred } else { Form::OtherName });
        }
    }
    for nickname in lexicon.nicknames() {
        if let Some(place) = gazetteer.number_of(&nickname.place) {
            add(nickname.form.clone(), place, nickname.kind);
        }
    }
    all
}
