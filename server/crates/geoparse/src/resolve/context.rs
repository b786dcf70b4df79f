//! What stands around a name: the words before and after, capitals, hashtags, signs of a person.

use crate::fold::{Folded, HARD, SOFT};
use crate::lexicon::{Lexicon, Wordiness};
use crate::names::{Found, Name};

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
fn preceding_sign(text: &str, start: usize) -> Option<char> {
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

fn starts_upper(text: &str, folded: &Folded, word: &Word<'_>) -> bool {
    let (start, _) = folded.source_range(word.start, word.start);
    text[start..].chars().next().is_some_and(char::is_uppercase)
}

/// First name, title or initials before the name, with nothing or "van" between: a surname.
fn is_person(text: &str, folded: &Folded, found: Found, around: &Around<'_>, signs: &Signs, lexicon: &Lexicon) -> bool {
    let mut position = 0;
    while position < 2 && is_particle(around.before[position].bytes) {
        position += 1;
    }
    // "De Vries", with whatever before it.
    if position > 0 && lexicon.is_surname(&folded.bytes[around.before[position - 1].start..found.end as usize]) {
        return true;
    }
    let word = around.before[position];
    if word.bytes.is_empty() {
        return position == 1 && speaks(text, folded, around, signs);
    }
    if is_title(word.bytes) {
        return true;
    }
    let (_, end) = folded.source_range(word.start, word.start + word.bytes.len());
    let upper = starts_upper(text, folded, &word);
    if position > 0 && signs.case != Case::Lower {
        let particle = around.before[position - 1].bytes;
        // "Diederick de Vries": a capitalised word, "de", a name. "Politie van Assen" is about a place.
        let inside = particle != b"van"
            && upper
            && !is_place_word_before(word.bytes)
            && !is_small_word(word.bytes)
            && strong_preposition(word.bytes).is_none();
        if inside && weak_preposition(word.bytes).is_none() {
            return true;
        }
    }
    let initials = word.bytes.len() == 1 || word.bytes.len() == 2 && text[..end].ends_with(char::is_uppercase);
    if initials && upper && text[end..].starts_with('.') && signs.case != Case::Lower {
        return true;
    }
    // "Van Best" with a capital inside a sentence is a surname.
    if position > 0 && signs.case == Case::Capital {
        let van = around.before[position - 1];
        let (van_start, _) = folded.source_range(van.start, van.start);
        let inside = preceding_sign(text, van_start).is_some_and(|c| c.is_alphanumeric() || c == ',');
        if inside && van.bytes == b"van" && starts_upper(text, folded, &van) && folded.upper < folded.lower {
            return true;
        }
    }
    let known = lexicon.is_first_name(word.bytes) && (upper || signs.case == Case::Lower);
    // In lower case only a name that is no small word: "ben", "can", "bas" are verbs and nouns. "In de Roos" is no person.
    let after_article = position < 2 && is_article(around.before[position + 1].bytes);
    known && (upper || word.bytes.len() > 3) && !after_article
}

/// "Kenya is zwanger", "Sydney komt met haar zus": what only people are and do.
fn is_subject(around: &Around<'_>, signs: &Signs) -> bool {
    const DO: [&[u8]; 12] = [
        b"belt", b"appt", b"slaapt", b"huilt", b"lacht", b"snapt", b"rookt", b"typt", b"chillt", b"trouwt", b"zucht",
        b"belde",
    ];
    const ARE: [&[u8]; 16] = [
        b"zwanger",
        b"ziek",
        b"jarig",
        b"boos",
        b"moe",
        b"verliefd",
        b"dronken",
        b"verdrietig",
        b"getrouwd",
        b"gescheiden",
        b"wakker",
        b"thuis",
        b"bang",
        b"jaloers",
        b"opgepakt",
        b"verkouden",
    ];
    const WITH: [&[u8]; 2] = [b"met", b"zonder"];
    let [first, second] = around.after.map(|word| word.bytes);
    let is_alone = !signs.has(Cue::Preposition) && !signs.has(Cue::PlaceWordBefore) && !signs.hashtag;
    is_alone
        && (DO.contains(&first)
            || (matches!(first, b"is" | b"was" | b"werd" | b"wordt" | b"zit") && ARE.contains(&second))
            || (matches!(first, b"komt" | b"kwam") && WITH.contains(&second)))
}

/// "zij heet Paris", "heet Hardenberg van achternaam": names that people are given.
fn is_given(around: &Around<'_>) -> bool {
    let [first, second, _] = around.before.map(|word| word.bytes);
    let [after, behind] = around.after.map(|word| word.bytes);
    let of_people = matches!(
        second,
        b"ik"
            | b"jij"
            | b"je"
            | b"hij"
            | b"zij"
            | b"ze"
            | b"zoon"
            | b"dochter"
            | b"broer"
            | b"zus"
            | b"vriendin"
            | b"vriend"
            | b"gast"
            | b"baby"
    );
    let is_called = matches!(first, b"heet" | b"heette" | b"heten" | b"genaamd");
    is_called && of_people || after == b"van" && matches!(behind, b"achternaam" | b"voornaam")
}

/// "Van Hove zegt": a sentence that begins with a surname, which does what only people do.
fn speaks(text: &str, folded: &Folded, around: &Around<'_>, signs: &Signs) -> bool {
    let does = matches!(
        around.after[0].bytes,
        b"zegt"
            | b"zei"
            | b"vindt"
            | b"vond"
            | b"denkt"
            | b"wil"
            | b"heeft"
            | b"had"
            | b"is"
            | b"was"
            | b"won"
            | b"werd"
            | b"gaf"
            | b"neemt"
            | b"belt"
            | b"belde"
            | b"komt"
            | b"kan"
            | b"moet"
            | b"krijgt"
            | b"weet"
            | b"doet"
    );
    let is_way = matches!(around.after[1].bytes, b"het" | b"naar" | b"tot" | b"t" | b"er");
    signs.case == Case::Capital
        && does
        && !is_way
        && starts_upper(text, folded, &around.before[0])
        && around.before[0].bytes == b"van"
}

fn is_particle(word: &[u8]) -> bool {
    matches!(word, b"van" | b"de" | b"der" | b"den" | b"vd" | b"v" | b"ter" | b"ten")
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

/// Words that sentences start with, however capital they are then: no names.
fn is_small_word(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 40] = [
        b"als", b"zelfs", b"maar", b"want", b"dat", b"omdat", b"wanneer", b"toen", b"ook", b"en", b"hoe", b"wat",
        b"waar", b"wie", b"met", b"voor", b"na", b"sinds", b"zo", b"dus", b"nu", b"dan", b"is", b"was", b"zijn",
        b"heeft", b"kan", b"om", b"of", b"terwijl", b"zoals", b"volgens", b"daar", b"hier", b"nog", b"al", b"niet",
        b"alleen", b"hij", b"ze",
    ];
    WORDS.contains(&word)
}

fn is_title(word: &[u8]) -> bool {
    matches!(
        word,
        b"mevrouw"
            | b"mevr"
            | b"mvr"
            | b"mw"
            | b"meneer"
            | b"dhr"
            | b"heer"
            | b"mijnheer"
            | b"familie"
            | b"fam"
            | b"oom"
            | b"tante"
            | b"opa"
            | b"oma"
            | b"juf"
            | b"dokter"
            | b"dr"
            | b"prof"
            | b"professor"
            | b"mr"
            | b"mrs"
            | b"ds"
            | b"dominee"
    )
}

const STRONG_PREPOSITIONS: [(&[u8], &str); 17] = [
    (b"in", "in"),
    (b"te", "te"),
    (b"naar", "naar"),
    (b"nr", "naar"),
    (b"richting", "richting"),
    (b"vanuit", "vanuit"),
    (b"nabij", "nabij"),
    (b"omgeving", "omgeving"),
    (b"tussen", "tussen"),
    (b"rond", "rond"),
    (b"rondom", "rondom"),
    (b"regio", "regio"),
    (b"near", "near"),
    (b"uit", "uit"),
    (b"hartje", "hartje"),
    (b"onder", "onder"),
    (b"heel", "heel"),
];

fn strong_preposition(word: &[u8]) -> Option<&'static str> {
    STRONG_PREPOSITIONS.iter().find(|(known, _)| *known == word).map(|(_, preposition)| *preposition)
}

fn weak_preposition(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"van" => "van",
        b"bij" => "bij",
        b"via" => "via",
        b"langs" => "langs",
        b"op" => "op",
        b"voor" => "voor",
        b"from" => "from",
        b"at" => "at",
        b"to" => "to",
        b"tot" => "tot",
        b"door" => "door",
        b"over" => "over",
        b"en" => "en",
        b"aan" => "aan",
        b"tegen" => "tegen",
        b"boven" => "boven",
        b"buiten" => "buiten",
        _ => return None,
    })
}

fn is_article(word: &[u8]) -> bool {
    matches!(
        word,
        b"de"
            | b"het"
            | b"een"
            | b"n"
            | b"t"
            | b"the"
            | b"a"
            | b"mijn"
            | b"mn"
            | b"je"
            | b"jouw"
            | b"zijn"
            | b"zn"
            | b"haar"
            | b"onze"
            | b"ons"
            | b"hun"
            | b"deze"
            | b"die"
            | b"dit"
            | b"dat"
            | b"geen"
            | b"elke"
            | b"alle"
            | b"my"
            | b"your"
    )
}

const PLACE_WORDS_BEFORE: [&[u8]; 27] = [
    b"gemeente",
    b"gemeent",
    b"gem",
    b"stad",
    b"dorp",
    b"gehucht",
    b"buurtschap",
    b"station",
    b"centrum",
    b"provincie",
    b"prov",
    b"politie",
    b"brandweer",
    b"afslag",
    b"wijk",
    b"buurt",
    b"stadsdeel",
    b"knooppunt",
    b"haven",
    b"gevangenis",
    b"pi",
    b"azc",
    b"burgemeester",
    b"inwoners",
    b"omstreken",
    b"ambulance",
    b"provinciehuis",
];

fn is_place_word_before(word: &[u8]) -> bool {
    PLACE_WORDS_BEFORE.contains(&word)
}

/// `5 km van`, `3km onder`, `10 minuten van`: what distances are told from is a place.
fn is_distance(word: &[u8]) -> bool {
    let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
    matches!(
        &word[digits..],
        b"km" | b"kilometer" | b"kilometers" | b"minuten" | b"minuutjes" | b"kwartier" | b"rijden"
    )
}

/// `A28`, `N377`: where a road is named, a place beside it is likely.
fn is_road(word: &[u8]) -> bool {
    matches!(word, [b'a' | b'n' | b'e', digits @ ..] if (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit))
}

fn is_place_word_after(word: &[u8]) -> bool {
    matches!(
        word,
        b"centrum"
            | b"noord"
            | b"zuid"
            | b"oost"
            | b"west"
            | b"cs"
            | b"centraal"
            | b"station"
            | b"stad"
            | b"city"
            | b"haven"
            | b"binnenstad"
            | b"noordoost"
            | b"noordwest"
            | b"zuidoost"
            | b"zuidwest"
    )
}
