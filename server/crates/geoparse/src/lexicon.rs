//! What the geoparser knows of words: names that are ordinary words, first names, surnames, nicknames of places.

use std::collections::HashMap;
use std::io::Read;

use foldhash::fast::RandomState;

use crate::error::{GeoparseError, RowError};
use crate::fold::fold_name;
use crate::gazetteer::variants::Form;

/// How much of a place's name is an ordinary word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Wordiness {
    /// No ordinary word.
    #[default]
    None,
    /// A word, but whoever writes it after a preposition usually means the place: `in doorn`, `uit assen`.
    Rare,
    /// A word: `velden`, `buren`.
    Common,
    /// One of the words that every text is full of: `een`, `echt`, `best`.
    Everyday,
    /// A name, but of something else than the place: `Oranje` plays football.
    OtherName,
}

/// What people write for a place that is not its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nickname {
    pub(crate) form: String,
    pub(crate) place: String,
    pub(crate) kind: Form,
}

/// Words, names of people and nicknames.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// By their folded bytes.
    words: HashMap<Box<[u8]>, Known, RandomState>,
    nicknames: Vec<Nickname>,
}

/// What a word is known as.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    wordiness: Option<Wordiness>,
    /// It is near a name and no slip of it.
    near_name: bool,
    first_name: bool,
    surname: bool,
}

impl Lexicon {
    /// An empty lexicon.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds ordinary words: `word`, then 0 or 1 for Dutch and for English, tab-separated.
    ///
    /// # Errors
    /// When the source cannot be read. Broken rows are returned.
    pub fn add_words(&mut self, source: impl Read) -> Result<Vec<RowError>, GeoparseError> {
        rows(source, "word", |cells| {
            let [word, _, _] = cells else {
                return Err(format!("{} columns instead of 3", cells.len()));
            };
            self.add_ordinary(word, Wordiness::Common);
            Ok(())
        })
    }

    /// Says how ordinary words are: `word`, then `none`, `rare`, `common`, `everyday` or `other_name`, tab-separated. Goes over `add_words`.
    ///
    /// # Errors
    /// When the source cannot be read. Broken rows are returned.
    pub fn add_word_use(&mut self, source: impl Read) -> Result<Vec<RowError>, GeoparseError> {
        rows(source, "word", |cells| {
            let [word, wordiness] = cells else {
                return Err(format!("{} columns instead of 2", cells.len()));
            };
            let wordiness = match *wordiness {
                "none" => Wordiness::None,
                "rare" => Wordiness::Rare,
                "common" => Wordiness::Common,
                "everyday" => Wordiness::Everyday,
                "other_name" => Wordiness::OtherName,
                _ => return Err("use is none of none, rare, common, everyday, other_name".to_owned()),
            };
            self.known(word).wordiness = Some(wordiness);
            Ok(())
        })
    }

    /// Adds ordinary words that a misspelt name could be taken for, one a line.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn add_near_names(&mut self, source: impl Read) -> Result<(), GeoparseError> {
        self.each(source, |word| word.near_name = true)
    }

    /// Adds first names, one a line.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn add_first_names(&mut self, source: impl Read) -> Result<(), GeoparseError> {
        self.each(source, |word| word.first_name = true)
    }

    /// Adds surnames, one a line.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn add_surnames(&mut self, source: impl Read) -> Result<(), GeoparseError> {
        self.each(source, |word| word.surname = true)
    }

    /// Adds nicknames: form, place id, kind, and an optional note, tab-separated. The kind is `nickname`, `area_code` (a telephone
    /// area code used for a city), `capitals` (counts in capitals only: `VS`), `code` (counts in brackets only: `(Fra)`) or
    /// `inflection` (of the place: `Drents`).
    ///
    /// # Errors
    /// When the source cannot be read. Broken rows are returned.
    pub fn add_nicknames(&mut self, source: impl Read) -> Result<Vec<RowError>, GeoparseError> {
        rows(source, "form", |cells| {
            let [form, place, kind, ..] = cells else {
                return Err(format!("{} columns instead of 3", cells.len()));
            };
            let kind = match *kind {
                "nickname" => Form::Nickname,
                "area_code" => Form::AreaCode,
                "capitals" => Form::Capitals,
                "code" => Form::Code,
                "inflection" => Form::Inflection,
                _ => return Err("kind is none of nickname, area_code, capitals, code, inflection".to_owned()),
            };
            self.nicknames.push(Nickname { form: fold_name(form), place: (*place).to_owned(), kind });
            Ok(())
        })
    }

    /// Ids of the places that nicknames stand for.
    pub fn nickname_places(&self) -> impl Iterator<Item = &str> {
        self.nicknames.iter().map(|nickname| nickname.place.as_str())
    }

    /// Nicknames that count however they are written, folded.
    pub fn nickname_forms(&self) -> impl Iterator<Item = &str> {
        let any_case = |nickname: &&Nickname| matches!(nickname.kind, Form::Nickname | Form::Inflection);
        self.nicknames.iter().filter(any_case).map(|nickname| nickname.form.as_str())
    }

    /// Says how ordinary a word is, unless that is known.
    pub fn add_ordinary(&mut self, word: &str, wordiness: Wordiness) {
        self.known(word).wordiness.get_or_insert(wordiness);
    }

    /// Whether a folded word is common or everyday.
    pub fn is_ordinary(&self, folded: &str) -> bool {
        let word = self.word(folded.as_bytes());
        word.wordiness >= Some(Wordiness::Common) || word.near_name
    }

    /// How ordinary a word is, as it is written.
    pub fn wordiness_of(&self, word: &str) -> Wordiness {
        self.wordiness(&fold_name(word))
    }

    pub(crate) fn nicknames(&self) -> &[Nickname] {
        &self.nicknames
    }

    pub(crate) fn wordiness(&self, folded: &str) -> Wordiness {
        self.word(folded.as_bytes()).wordiness.unwrap_or_default()
    }

    /// Whether a folded word is known for something else than a misspelt name.
    pub(crate) fn is_known(&self, folded: &[u8]) -> bool {
        self.words.contains_key(folded)
    }

    pub(crate) fn is_first_name(&self, folded: &[u8]) -> bool {
        self.word(folded).first_name
    }

    pub(crate) fn is_surname(&self, folded: &[u8]) -> bool {
        self.word(folded).surname
    }

    fn word(&self, folded: &[u8]) -> Known {
        self.words.get(folded).copied().unwrap_or_default()
    }

    /// What is known of a word as it is written, to be added to.
    fn known(&mut self, word: &str) -> &mut Known {
        self.words.entry(fold_name(word).into_bytes().into_boxed_slice()).or_default()
    }

    /// Says something of each word of a list, one a line.
    fn each(&mut self, source: impl Read, say: impl Fn(&mut Known)) -> Result<(), GeoparseError> {
        for word in lines(source)?.lines().filter(|line| !line.trim().is_empty()) {
            say(self.known(word));
        }
        Ok(())
    }
}

fn lines(mut source: impl Read) -> Result<String, GeoparseError> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(GeoparseError::Read)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads tab-separated rows; a first line that starts with the header's word, empty lines and `#` lines are passed over.
pub(crate) fn rows(
    source: impl Read,
    header: &str,
    mut take: impl FnMut(&[&str]) -> Result<(), String>,
) -> Result<Vec<RowError>, GeoparseError> {
    let mut errors = Vec::new();
    for (index, line) in lines(source)?.lines().enumerate() {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        if line.trim().is_empty() || line.starts_with('#') || (index == 0 && cells[0] == header) {
            continue;
        }
        if let Err(reason) = take(&cells) {
            errors.push(RowError { line: index as u64 + 1, reason });
        }
    }
    Ok(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_use_goes_over_the_word_list() {
        let mut lexicon = Lexicon::new();
        assert!(lexicon.add_words(&b"word\tnl\ten\neen\t1\t0\nassen\t1\t0\n"[..]).unwrap().is_empty());
        let errors = lexicon.add_word_use(&b"een\teveryday\nassen\trare\nbest\tsometimes\n"[..]).unwrap();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].line, 3);
        assert_eq!(lexicon.wordiness("een"), Wordiness::Everyday);
        assert_eq!(lexicon.wordiness("assen"), Wordiness::Rare);
        assert_eq!(lexicon.wordiness("emmen"), Wordiness::None);
    }

    #[test]
    fn a_nickname_row_without_a_known_kind_is_reported() {
        let mut lexicon = Lexicon::new();
        let errors =
            lexicon.add_nicknames(&b"form\tplace\tkind\nmokum\tnl/a/a\tnickname\nx\tnl/x/x\tjoke\n"[..]).unwrap();
        assert_eq!(
            errors,
            [RowError {
                line: 3,
                reason: "kind is none of nickname, area_code, capitals, code, inflection".to_owned()
            }]
        );
        assert_eq!(lexicon.nickname_places().collect::<Vec<_>>(), ["nl/a/a"]);
    }
}
