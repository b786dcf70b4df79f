//! Every name of gazetteer and lexicon compiled into one Aho–Corasick automaton over folded text.
//!
//! A pattern is a name with the separator before it, so that a match can only start at the start of a word; whether it ends
//! at the end of one is looked at per match. Overlapping matches are kept: the longest that can stand wins later.

use std::collections::HashMap;

use daachorse::DoubleArrayAhoCorasick;

use crate::error::GeoparseError;
use crate::fold::{Folded, HARD, SOFT, fold_name};
use crate::gazetteer::Gazetteer;
use crate::gazetteer::variants::{Form, inflections, variants};
use crate::lexicon::{Lexicon, Wordiness};

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
    automaton: DoubleArrayAhoCorasick<u32>,
    known: Vec<Name>,
    candidates: Vec<Candidate>,
}

impl Names {
    pub(crate) fn compile(gazetteer: &Gazetteer, lexicon: &Lexicon) -> Result<Self, GeoparseError> {
        let mut forms = spellings(gazetteer, lexicon).into_iter().collect::<Vec<_>>();
        forms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (mut names, mut candidates, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
        for (folded, of_name) in forms {
            names.push(Name {
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
                length: folded.len() as u32,
            });
            patterns.push((format!(" {folded}"), names.len() as u32 - 1));
            candidates.extend(of_name);
        }
        if patterns.is_empty() {
            // An automaton needs a pattern; this one cannot occur in folded text.
            patterns.push(("\u{2}".to_owned(), 0));
        }
        let automaton =
            DoubleArrayAhoCorasick::with_values(patterns).map_err(|error| GeoparseError::Compile(error.to_string()))?;
        Ok(Self { automaton, known: names, candidates })
    }

    /// All names that stand as whole words.
    pub(crate) fn find<'t>(&'t self, folded: &'t Folded) -> impl Iterator<Item = Found> + 't {
        let bytes = &folded.bytes;
        self.automaton.find_overlapping_iter(bytes).filter_map(move |hit| {
            word_ends(bytes, hit.end()).then_some(Found {
                start: hit.start() as u32 + 1,
                end: hit.end() as u32,
                name: hit.value(),
                written: Written::AsItIs,
            })
        })
    }

    /// The number of a folded name.
    pub(crate) fn number(&self, folded: &str) -> Option<u32> {
        let pattern = format!(" {folded}");
        let mut hits = self.automaton.find_overlapping_iter(&pattern);
        hits.find(|hit| hit.start() == 0 && hit.end() == pattern.len()).map(|hit| hit.value())
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
        self.automaton.heap_bytes()
            + self.known.capacity() * size_of::<Name>()
            + self.candidates.capacity() * size_of::<Candidate>()
    }
}

/// A word ends at a separator, at the end of the text, and before a possessive `'s`.
fn word_ends(bytes: &[u8], end: usize) -> bool {
    match bytes.get(end) {
        None | Some(&(SOFT | HARD)) => true,
        Some(b'\'') => bytes.get(end + 1) == Some(&b's') && matches!(bytes.get(end + 2), None | Some(&(SOFT | HARD))),
        Some(_) => false,
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
