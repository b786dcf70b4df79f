//! Tables of topics: read, checked, and kept as they were given, so that they can be shown.

use std::collections::HashMap;
use std::io::Read;

use super::LEAST_STEM;
use crate::error::{GeoparseError, RowError};
use crate::fold::fold_name;
use crate::lexicon::{Lexicon, Wordiness, rows};

/// As many topics as there are bits in a set.
pub const MOST_TOPICS: usize = 32;

/// How a term is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// As a whole word.
    Word,
    /// As words behind each other.
    Phrase,
    /// As the beginning of a word.
    Stem,
}

impl TermKind {
    /// As in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Phrase => "phrase",
            Self::Stem => "stem",
        }
    }
}

/// How much a term says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// It is enough by itself.
    Strong,
    /// It needs another weak one of its topic.
    Weak,
    /// It never counts, nor does what overlaps it.
    Off,
}

impl Strength {
    /// As in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Weak => "weak",
            Self::Off => "off",
        }
    }
}

/// A word or words of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As given.
    pub text: String,
    /// How it is looked for.
    pub kind: TermKind,
    /// How much it says.
    pub strength: Strength,
    /// For people.
    pub note: Option<String>,
}

/// A topic with its terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topic {
    id: String,
    name_nl: Option<String>,
    name_en: Option<String>,
    terms: Vec<Term>,
    /// Where a term stands, by what is looked for and whether it is a stem.
    places: HashMap<(String, bool), usize>,
}

impl Topic {
    /// What filters and links call it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is called in Dutch; its id when no row says so.
    pub fn name_nl(&self) -> &str {
        self.name_nl.as_deref().unwrap_or(&self.id)
    }

    /// What it is called in English; as in Dutch when no row says so.
    pub fn name_en(&self) -> &str {
        self.name_en.as_deref().unwrap_or_else(|| self.name_nl())
    }

    /// Its terms, in the order of the table.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Puts a term in, in place of one that is looked for alike.
    fn put(&mut self, term: Term) {
        let place =
            *self.places.entry((fold_name(&term.text), term.kind == TermKind::Stem)).or_insert(self.terms.len());
        match self.terms.get_mut(place) {
            Some(known) => *known = term,
            None => self.terms.push(term),
        }
    }
}

/// All topics, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopicLexicon {
    topics: Vec<Topic>,
}

impl TopicLexicon {
    /// The topics.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic of this id or of this name in either language, whatever its case.
    pub fn find(&self, name: &str) -> Option<&Topic> {
        let asked = fold_name(name);
        let is = |known: &str| fold_name(known) == asked;
        self.topics.iter().find(|topic| is(&topic.id) || is(topic.name_nl()) || is(topic.name_en()))
    }

    /// Adds a table to the topic of this id: term, kind, strength and an optional note, tab-separated. What it says of a term goes
    /// over what was said before.
    ///
    /// # Errors
    /// When the source cannot be read, or there are more than [`MOST_TOPICS`]. Broken rows are returned.
    pub fn add(&mut self, id: &str, source: impl Read) -> Result<Vec<RowError>, GeoparseError> {
        let at = match self.topics.iter().position(|topic| topic.id == id) {
            Some(at) => at,
            None if self.topics.len() == MOST_TOPICS => return Err(GeoparseError::TooManyTopics(MOST_TOPICS)),
            None => {
                self.topics.push(Topic { id: id.to_owned(), ..Topic::default() });
                self.topics.len() - 1
            }
        };
        let topic = &mut self.topics[at];
        rows(source, "term", |cells| {
            match cells {
                [name, "name_nl", ..] if !name.is_empty() => topic.name_nl = Some((*name).to_owned()),
                [name, "name_en", ..] if !name.is_empty() => topic.name_en = Some((*name).to_owned()),
                _ => topic.put(term(cells)?),
            }
            Ok(())
        })
    }

    /// Strong words that are ordinary words, too: topic and word. They count wherever they stand.
    pub fn ordinary<'a>(&'a self, lexicon: &'a Lexicon) -> impl Iterator<Item = (&'a Topic, &'a Term)> {
        let terms = self.topics.iter().flat_map(|topic| topic.terms.iter().map(move |term| (topic, term)));
        terms.filter(|(_, term)| {
            term.kind == TermKind::Word
                && term.strength == Strength::Strong
                && lexicon.wordiness_of(&term.text) >= Wordiness::Common
        })
    }
}

/// A row as a term, or what is wrong with it.
fn term(cells: &[&str]) -> Result<Term, String> {
    let [text, kind, strength, note @ ..] = cells else {
        return Err(format!("{} columns instead of 3", cells.len()));
    };
    let folded = fold_name(text);
    let words = folded.split(' ').count();
    let kind = match *kind {
        "word" => TermKind::Word,
        "phrase" => TermKind::Phrase,
        "stem" => TermKind::Stem,
        _ => return Err("kind is none of word, phrase, stem, name_nl, name_en".to_owned()),
    };
    let strength = match *strength {
        "strong" => Strength::Strong,
        "weak" => Strength::Weak,
        "off" => Strength::Off,
        _ => return Err("strength is none of strong, weak, off".to_owned()),
    };
    if folded.is_empty() {
        return Err("the term has no letters or digits".to_owned());
    }
    if kind != TermKind::Phrase && words > 1 {
        return Err("a term of several words is a phrase".to_owned());
    }
    if kind == TermKind::Stem && folded.len() < LEAST_STEM {
        return Err(format!("a stem has at least {LEAST_STEM} letters"));
    }
    let note = note.first().filter(|note| !note.is_empty()).map(|note| (*note).to_owned());
    Ok(Term { text: (*text).to_owned(), kind, strength, note })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn broken_rows_are_reported_with_their_line() {
        let mut lexicon = TopicLexicon::default();
        let table = "term\tkind\tstrength\nvaten\tword\tmaybe\nlab\tnoun\tweak\nlab\n--\tword\tweak\nzoute drop\tword\tweak\nla\tstem\tweak\n";
        let errors = lexicon.add("drugs", table.as_bytes()).unwrap();
        let told: Vec<_> = errors.iter().map(|error| (error.line, error.reason.as_str())).collect();
        assert_eq!(
            told,
            [
                (2, "strength is none of strong, weak, off"),
                (3, "kind is none of word, phrase, stem, name_nl, name_en"),
                (4, "1 columns instead of 3"),
                (5, "the term has no letters or digits"),
                (6, "a term of several words is a phrase"),
                (7, "a stem has at least 4 letters"),
            ]
        );
        assert!(lexicon.topics()[0].terms().is_empty());
    }

    #[test]
    fn a_later_row_goes_over_an_earlier_one_and_names_are_found_in_any_case() {
        let mut lexicon = TopicLexicon::default();
        lexicon.add("money", &b"Geldstromen\tname_nl\nMoney flows\tname_en\ntoken\tword\tstrong\n"[..]).unwrap();
        lexicon.add("money", &b"TOKEN\tword\toff\n"[..]).unwrap();
        lexicon.add("bikes", &b"fiets\tword\tstrong\n"[..]).unwrap();
        let money = &lexicon.topics()[0];
        assert_eq!((money.terms().len(), money.terms()[0].strength), (1, Strength::Off));
        for name in ["money", "GELDSTROMEN", "money flows"] {
            assert_eq!(lexicon.find(name).map(Topic::id), Some("money"), "{name}");
        }
        assert_eq!(lexicon.find("bikes").map(Topic::name_en), Some("bikes"));
        assert_eq!(lexicon.find("geld"), None);
    }

    #[test]
    fn there_are_no_more_topics_than_bits() {
        let mut lexicon = TopicLexicon::default();
        for number in 0..MOST_TOPICS {
            lexicon.add(&number.to_string(), &b""[..]).unwrap();
        }
        assert!(lexicon.add("0", &b""[..]).is_ok());
        assert!(matches!(lexicon.add("one more", &b""[..]), Err(GeoparseError::TooManyTopics(32))));
    }

    #[test]
    fn a_strong_word_that_is_ordinary_is_told() {
        let mut words = Lexicon::new();
        words.add_word_use(&b"haven\teveryday\nvaten\tcommon\n"[..]).unwrap();
        let mut lexicon = TopicLexicon::default();
        lexicon.add("x", &b"haven\tword\tstrong\nvaten\tword\tweak\nbmk\tword\tstrong\n"[..]).unwrap();
        let told: Vec<_> = lexicon.ordinary(&words).map(|(_, term)| term.text.as_str()).collect();
        assert_eq!(told, ["haven"]);
    }
}
