//! What stands around a name: the words before and after, capitals, hashtags, signs of a person.

use crate::fold::{Folded, HARD, SOFT};
use crate::lexicon::{Lexicon, Wordiness};
use crate::names::{Found, Name};

use super::person::{is_given, is_person, is_subject};
use super::vocabulary::{
    PLACE_WORDS_BEFORE, STRONG_PREPOSITIONS, is_article, is_distance, is_particle, is_place_word_after,
    is_place_word_before, is_road, strong_preposition, weak_preposition,
};
use super::weights::{Case, Cue};

/// The words around a name, folded; empty where a hard separator or the text's end comes first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'t> {
    pub(crate) before: [Word<'t>; 3],
    pub(crate) after: [Word<'t>; 2],
}

/// A folded word and where it lies.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Word<'t> {
    pub(crate) bytes: &'t [u8],
    pub(crate) start: usize,
}

/// What the context says, before the places themselves are looked at.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign by itself")]
pub(crate) struct Signs {
    pub(crate) cues: u64,
    pub(crate) case: Case,
    pub(crate) hashtag: bool,
    /// The preposition, for the reason.
    pub(crate) preposition: &'static str,
    /// `gemeente` stands before it.
    pub(crate) municipality_named: bool,
    /// `provincie` stands before it.
    pub(crate) province_named: bool,
    /// Right before or after it, within a sentence, stands a capitalised word that is no adjective.
    pub(crate) within_name: bool,
}

impl Signs {
    pub(crate) fn has(&self, cue: Cue) -> bool {
        self.cues & (1 << cue as u8) != 0
    }

    pub(crate) fn add(&mut self, cue: Cue) {
        self.cues |= 1 << cue as u8;
    }
}

impl<'t> Around<'t> {
    pub(crate) fn of(folded: &'t Folded, found: Found) -> Self {
        let bytes = folded.bytes.as_slice();
        let mut before = [Word::default(); 3];
        let mut at = found.start as usize;
        for word in &mut before {
            let Some(found) = word_before(bytes, at) else {
                break;
            };
            *word = found;
            at = found.start;
        }
        let mut after = [Word::default(); 2];
        let mut at = found.end as usize;
        for word in &mut after {
            let Some(found) = word_after(bytes, at) else {
                break;
            };
            *word = found;
            at = found.start + found.bytes.len();
        }
        Self { before, after }
    }
}

/// Words of folded text, without what separates them.
pub(crate) fn words(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut starts = memchr::memchr_iter(SOFT, bytes).map(|at| at + 1).peekable();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        let next = starts.peek().map_or(bytes.len(), |next| next - 1);
        // A hard separator stands right before the next soft one.
        let cut = next > start && bytes[next - 1] == HARD;
        Some((start, next - usize::from(cut)))
    })
}

/// Words that a place follows: prepositions, `gemeente`.
pub(crate) fn place_words() -> impl Iterator<Item = &'static [u8]> {
    STRONG_PREPOSITIONS.iter().map(|(word, _)| *word).chain(PLACE_WORDS_BEFORE.iter().copied())
}

/// The word that ends before the separator at `at - 1`.
fn word_before(bytes: &[u8], at: usize) -> Option<Word<'_>> {
    let end = at.checked_sub(1).filter(|&end| bytes.get(end) == Some(&SOFT))?;
    if end == 0 || bytes[end - 1] == HARD {
        return None;
    }
    let start = memchr::memrchr(SOFT, &bytes[..end])? + 1;
    Some(Word { bytes: &bytes[start..end], start })
}

fn word_after(bytes: &[u8], at: usize) -> Option<Word<'_>> {
    if bytes.get(at) != Some(&SOFT) {
        return None;
    }
    let rest = &bytes[at + 1..];
    let length = memchr::memchr2(SOFT, HARD, rest).unwrap_or(rest.len());
    (length > 0).then_some(Word { bytes: &rest[..length], start: at + 1 })
}

/// Reads the context of a name.
pub(crate) fn signs(
    text: &str,
    folded: &Folded,
    found: Found,
    name: &Name,
    around: &Around<'_>,
    lexicon: &Lexicon,
) -> Signs {
    let (start, end) = folded.source_range(found.start as usize, found.end as usize);
    let mut signs = Signs {
        cues: 0,
        case: Case::Lower,
        hashtag: text[..start].ends_with('#'),
        preposition: "",
        municipality_named: false,
        province_named: false,
        within_name: false,
    };
    let preceding = preceding_sign(text, start);
    case(text, folded, start, end, preceding, &mut signs);
    before(text, folded, found, name, around, preceding, &mut signs);
    if around.after.iter().any(|word| is_place_word_after(word.bytes)) && is_place_word_after(around.after[0].bytes) {
        signs.add(Cue::PlaceWordAfter);
    }
    if preceding.is_none() && signs.case != Case::Lower && is_dateline(&text[end..]) {
        signs.add(Cue::Dateline);
    }
    if name.wordiness > Wordiness::None {
        signs.add(Cue::OrdinaryWord);
    }
    if name.personal {
        signs.add(Cue::FirstName);
    }
    if name.length <= 3 && !name.area_code {
        signs.add(Cue::ShortName);
    }
    if is_person(text, folded, found, around, &signs, lexicon) || is_subject(around, &signs) || is_given(around) {
        // "van" belongs to the surname then.
        signs.cues &= !(1 << Cue::WeakPreposition as u8);
        signs.add(Cue::PersonName);
    }
    signs
}

/// What follows the place of a dateline: a dash between spaces, a colon, a bar.
fn is_dateline(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    rest.starts_with(": ") || rest.starts_with("| ") || ["- ", "– ", "— "].iter().any(|dash| rest.starts_with(dash))
}

/// The last character before the name that is no space, quote or bracket; `None` at the start of the text.
pub(super) fn preceding_sign(text: &str, start: usize) -> Option<char> {
    text[..start]
        .chars()
        .rev()
        .take(12)
        .find(|c| !matches!(c, ' ' | '"' | '\'' | '“' | '”' | '‘' | '’' | '(' | '[' | '*'))
}

fn case(text: &str, folded: &Folded, start: usize, end: usize, preceding: Option<char>, signs: &mut Signs) {
    let (mut upper, mut lower, mut first_upper, mut first) = (0, 0, false, true);
    for c in text[start..end].chars() {
        if c.is_uppercase() {
            upper += 1;
            first_upper |= first;
        } else if c.is_lowercase() {
            lower += 1;
        } else {
            continue;
        }
        first = false;
    }
    // 't Harde and 's-Gravenhage start small.
    let capital = first_upper || (upper > 0 && text[start..end].len() > 3 && text[start..].starts_with(['t', 's']));
    if signs.hashtag {
        signs.add(Cue::Hashtag);
        signs.case = if capital && lower > 0 { Case::Tag } else { Case::Lower };
    } else if !capital {
        signs.add(Cue::LowerCase);
        signs.case = Case::Lower;
    } else if lower == 0 && upper > 1 {
        signs.add(Cue::AllCapitals);
        signs.case = if folded.upper > folded.lower { Case::Uninformative } else { Case::Capital };
    } else if preceding.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, ',' | '-' | '/' | '&' | '@' | '+')))
        || after_handle(text, start)
    {
        signs.add(Cue::SentenceStart);
        signs.case = Case::Uninformative;
    } else {
        signs.add(Cue::Capitalised);
        signs.case = Case::Capital;
    }
}

/// Characters of the longest handle looked for.
const LONGEST_HANDLE: usize = 48;

/// Whether the word before is an @-handle or hashtag: what follows may start a sentence.
fn after_handle(text: &str, start: usize) -> bool {
    // Bounded, so that a text without any space is not walked back for each of its names.
    let mut before = text[..start].chars().rev().take(LONGEST_HANDLE).skip_while(|c| *c == ' ').peekable();
    let is_word = before.peek().is_some_and(|c| c.is_alphanumeric() || *c == '_');
    is_word && matches!(before.find(|c| !(c.is_alphanumeric() || *c == '_')), Some('@' | '#'))
}

fn before(
    text: &str,
    folded: &Folded,
    found: Found,
    name: &Name,
    around: &Around<'_>,
    preceding: Option<char>,
    signs: &mut Signs,
) {
    let word = around.before[0].bytes;
    if let Some(preposition) = strong_preposition(word) {
        // "te leiden" is a verb.
        if !(word == b"te" && name.wordiness > Wordiness::None && signs.case == Case::Lower) {
            signs.preposition = preposition;
            signs.add(Cue::Preposition);
        }
    } else if let Some(preposition) = weak_preposition(word) {
        signs.preposition = preposition;
        signs.add(Cue::WeakPreposition);
        if is_place_word_before(around.before[1].bytes) || is_distance(around.before[1].bytes) {
            signs.add(Cue::PlaceWordBefore);
        }
    } else if preceding == Some('@') {
        signs.preposition = "@";
        signs.add(if name.wordiness > Wordiness::None { Cue::WeakPreposition } else { Cue::Preposition });
    } else if is_article(word) {
        signs.add(Cue::Article);
    } else if is_place_word_before(word) || is_road(word) {
        signs.municipality_named = matches!(word, b"gemeente" | b"gem" | b"gemeent");
        signs.province_named = matches!(word, b"provincie" | b"prov");
        signs.add(Cue::PlaceWordBefore);
        if signs.municipality_named {
            // "gemeente huizen": however it is written, it is a name.
            signs.case = Case::Capital;
        }
    } else if around.after[0].bytes == b"provincie" {
        signs.province_named = true;
    }
    let neighbours_capital = |word: &Word<'_>| {
        word.bytes.len() > 1 && word.bytes.iter().all(|b| !b.is_ascii_digit()) && starts_upper(text, folded, word)
    };
    let alone = signs.cues
        & (1 << Cue::Preposition as u8 | 1 << Cue::WeakPreposition as u8 | 1 << Cue::PlaceWordBefore as u8)
        == 0;
    let wordy = name.wordiness > Wordiness::Rare || name.length <= 3;
    if signs.case != Case::Lower
        && folded.upper < folded.lower
        && ((alone && neighbours_capital(&around.before[0]))
            || ((alone || wordy) && neighbours_capital(&around.after[0])))
        && !is_place_word_after(around.after[0].bytes)
    {
        signs.add(Cue::PartOfName);
        // "België-Turkije" is told by its pair.
        let (start, end) = folded.source_range(found.start as usize, found.end as usize);
        let joined = text[..start].ends_with('-') || text[end..].starts_with('-');
        signs.within_name = !joined
            && (neighbours_capital(&around.after[0])
                || (neighbours_capital(&around.before[0]) && !may_stand_before(text, folded, &around.before[0])));
    }
    if is_named_after(text, folded, found, around) {
        signs.add(Cue::NamedAfter);
    }
    let street = |word: &Word<'_>| is_street(word.bytes);
    if alone && (street(&around.after[0]) || (is_particle(around.after[0].bytes) && street(&around.after[1]))) {
        signs.add(Cue::StreetAfter);
    }
}

/// Whether a capitalised word leaves the name behind it on its own: a sentence starts with it, or it is an adjective ("Franse").
fn may_stand_before(text: &str, folded: &Folded, word: &Word<'_>) -> bool {
    let (start, _) = folded.source_range(word.start, word.start);
    word.bytes.ends_with(b"se")
        || preceding_sign(text, start).is_none_or(|sign| !(sign.is_alphanumeric() || sign == ','))
}

pub(super) fn starts_upper(text: &str, folded: &Folded, word: &Word<'_>) -> bool {
    let (start, _) = folded.source_range(word.start, word.start);
    text[start..].chars().next().is_some_and(char::is_uppercase)
}

/// `harenstraat`, `debussylaan`: a name and what streets end with.
fn is_street(word: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 9] =
        [b"straat", b"laan", b"weg", b"plein", b"kade", b"dijk", b"singel", b"gracht", b"dreef"];
    ENDINGS.iter().any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending))
}

/// Something else that bears the place's name: a club, a paper, a race, a compound ("DDR-tijd").
fn is_named_after(text: &str, folded: &Folded, found: Found, around: &Around<'_>) -> bool {
    // Clubs that play all over and stations of whole provinces; clubs of a village ("VV Zuidhorn") are where it is.
    const BEFORE: [&[u8]; 19] = [
        b"omroep",
        b"rtv",
        b"fc",
        b"sc",
        b"ac",
        b"as",
        b"rsc",
        b"afc",
        b"slavia",
        b"sparta",
        b"dynamo",
        b"lokomotiv",
        b"lazio",
        b"inter",
        b"olympique",
        b"atletico",
        b"racing",
        b"studio",
        b"gp",
    ];
    const AFTER: [&[u8]; 10] =
        [b"united", b"bulls", b"lakers", b"post", b"times", b"herald", b"tribune", b"festival", b"marathon", b"fm"];
    const EVENTS: [&[u8]; 7] = [b"ronde", b"prijs", b"slag", b"vrede", b"verdrag", b"festival", b"uren"];
    const CHANNELS: [&[u8]; 2] = [b"nederland", b"france"];
    let [first, second, _] = around.before.map(|word| word.bytes);
    let capital = |word: &Word<'_>| !word.bytes.is_empty() && starts_upper(text, folded, word);
    let after = &around.after[0];
    let (_, end) = folded.source_range(found.start as usize, found.end as usize);
    let mut rest = text[end..].chars();
    // "China-reiziger"; "Assen-noord" is a part of Assen.
    let compound = rest.next() == Some('-')
        && rest.next().is_some_and(char::is_lowercase)
        && !is_place_word_after(after.bytes)
        && after.bytes.len() > 2;
    // Channels: "Nederland 3", "France 2".
    let channel = matches!(after.bytes, [b'1'..=b'3']) && text[end..].starts_with(' ');
    (BEFORE.contains(&first) && capital(&around.before[0]))
        || channel && CHANNELS.contains(&&folded.bytes[found.start as usize..found.end as usize])
        || (AFTER.contains(&after.bytes) && capital(after))
        || (matches!(first, b"van" | b"bij") && EVENTS.contains(&second) && capital(&around.before[1]))
        || compound
}
