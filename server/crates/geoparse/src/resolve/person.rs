//! Whether a name is a person's: what stands before it, what it is and does.

use super::context::{Around, Signs, preceding_sign, starts_upper};
use super::vocabulary::{
    is_article, is_particle, is_place_word_before, is_small_word, is_title, strong_preposition, weak_preposition,
};
use super::weights::{Case, Cue};
use crate::fold::Folded;
use crate::lexicon::Lexicon;
use crate::names::Found;

/// First name, title or initials before the name, with nothing or "van" between: a surname.
pub(super) fn is_person(
    text: &str,
    folded: &Folded,
    found: Found,
    around: &Around<'_>,
    signs: &Signs,
    lexicon: &Lexicon,
) -> bool {
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
pub(super) fn is_subject(around: &Around<'_>, signs: &Signs) -> bool {
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
pub(super) fn is_given(around: &Around<'_>) -> bool {
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
