//! Streets and addresses in text.
//!
//! Looked at are words that end as streets do, words with a digit behind them and, in pager messages, all words; from each the
//! longest phrase that ends there and is a street of the files. Never more than a few words are looked at around a sign, so
//! that the time grows with the text and no faster.

use model::{LonLat, Mention};

pub(crate) use super::choose::Beside;
use super::choose::{Code, Sighting, choose, of_postcode};
use super::key::{
    MOST_WORDS, ends_like_a_street, is_abbreviation, is_bare_ending, key, key_of_word, keys_of_name, may_stand_apart,
};
use super::layout::postcode_number;
use super::lookup::{Candidate, postcode_at};
use super::number::{self, HouseNumber};
use super::odds::{is_function_word, word_before};
use super::{Addresses, lookup};
use crate::fold::{Folded, HARD, SOFT};
use crate::gazetteer::Gazetteer;
use crate::lexicon::Lexicon;
use crate::recognise::postcode::Postcode;
use crate::resolve::context::words;
use crate::resolve::home::Home;

/// Characters of the longest place that is looked for beside an address.
const PLACE_BYTES: usize = 40;
/// Addresses of one number in one postcode that are looked at: flats with all their additions.
const MOST_OF_A_POSTCODE: usize = 512;
/// Longer words are no part of a street's name.
const LONGEST_WORD: usize = 40;
/// Words before a bare ending that may belong to it: "Anne Frank straat".
const WORDS_OF_BARE_ENDING: usize = 4;

/// What is needed to read a text.
pub(crate) struct Scene<'s> {
    pub(crate) addresses: &'s Addresses,
    pub(crate) gazetteer: &'s Gazetteer,
    pub(crate) lexicon: &'s Lexicon,
    pub(crate) text: &'s str,
    pub(crate) folded: &'s Folded,
    pub(crate) postcodes: &'s [Postcode],
    /// Places named in the text, in order.
    pub(crate) named: &'s dyn Fn(usize, usize) -> Vec<Beside<'s>>,
    /// Places of the conversation.
    pub(crate) seen: &'s std::collections::VecDeque<LonLat>,
    /// The asker's own region.
    pub(crate) home: Option<&'s Home>,
    pub(crate) is_pager: bool,
}

/// Buffers that are used again and again.
#[derive(Default)]
struct Buffers {
    key: Vec<u8>,
    /// Starts of words to the left, nearest first.
    starts: Vec<usize>,
}

/// Everything in a text that is a street, an address, or a postcode with a house number; in order, without overlaps.
pub(crate) fn recognise(scene: &Scene<'_>) -> Vec<Mention> {
    let bytes = scene.folded.bytes.as_slice();
    let mut mentions: Vec<Mention> = Vec::new();
    let mut buffers = Buffers::default();
    // Where the last mention ends, and the one before it.
    let (mut done, mut done_before) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    let mut tried = true;
    let mut end = 0;
    // As `words`, but by bytes: this loop sees every word of every message.
    while end < bytes.len() {
        if bytes[end] <= SOFT {
            end += 1;
            continue;
        }
        let start = end;
        while end < bytes.len() && bytes[end] > SOFT {
            end += 1;
        }
        let word = &bytes[start..end];
        let is_digits = word.first().is_some_and(u8::is_ascii_digit);
        let mut found = None;
        if is_digits {
            if let Some(previous) = last.filter(|_| !tried) {
                found = phrase(scene, previous, done, &mut buffers);
            }
            if found.is_none() {
                found = by_postcode(scene, start, done);
            }
        }
        // What a street's name may go on with: "Europaweg-Zuid", "Plein 1945".
        let goes_on = tried && (is_digits || is_direction(word));
        let signed = ends_like_a_street(word) || scene.is_pager || goes_on;
        if found.is_none() && signed {
            // The longer name takes in the shorter one that was just found.
            let from = if goes_on { done_before } else { done };
            found = phrase(scene, (start, end), from, &mut buffers);
        }
        tried = signed && !is_digits;
        last = Some((start, end));
        if let Some(mention) = found {
            while mentions.last().is_some_and(|earlier| earlier.end > mention.start) {
                mentions.pop();
            }
            done_before = mentions.last().map_or(0, |earlier| earlier.end as usize);
            done = mention.end as usize;
            mentions.push(mention);
        }
    }
    mentions
}

/// Words behind the ending of a street's name that belong to it.
fn is_direction(word: &[u8]) -> bool {
    matches!(word, b"noord" | b"zuid" | b"oost" | b"west" | b"nz" | b"zz" | b"oz" | b"wz")
}

/// The longest street that ends in this word.
fn phrase(scene: &Scene<'_>, word: (usize, usize), done: usize, buffers: &mut Buffers) -> Option<Mention> {
    let bytes = scene.folded.bytes.as_slice();
    let (start, end) = word;
    if end - start > LONGEST_WORD || start == end {
        return None;
    }
    key_of_word(&bytes[start..end], &mut buffers.key);
    let mut longest = scene.addresses.longest(&buffers.key);
    if is_bare_ending(&bytes[start..end]) {
        longest = Some(longest.unwrap_or(1).max(WORDS_OF_BARE_ENDING));
    }
    // Two more than the file's own writing, for "v. d." and the like.
    let most = (longest? + 2).min(MOST_WORDS);
    words_to_the_left(scene, start, done, most, &mut buffers.starts);
    for count in (0..buffers.starts.len()).rev() {
        let from = buffers.starts[count];
        let phrase = words(&bytes[from - 1..end]).map(|(a, b)| &bytes[from - 1 + a..from - 1 + b]);
        let counted = key(phrase, &mut buffers.key);
        let mut candidates = scene.addresses.candidates(&buffers.key);
        if counted > 1 {
            // A key has no spaces: "ga weg" is no Gaweg and "van een straat" no Veenstraat, but "dorps straat" is a Dorpsstraat.
            let apart = usize::from(may_stand_apart(&bytes[start..end]) && is_stem(word_before(bytes, start)));
            let words_of = |name: &str| keys_of_name(name).map_or(0, |keys| keys.counted);
            candidates.retain(|candidate| counted <= words_of(scene.addresses.name(candidate)) + apart);
        }
        if !candidates.is_empty() {
            return sighted(scene, from, end, candidates, count + 1, done);
        }
    }
    None
}

/// Whether a word may be the first part of a street's name whose ending is written apart.
fn is_stem(word: &[u8]) -> bool {
    word.len() > 3 && !is_function_word(word)
}

/// Starts of the word itself and of words to its left, as far as nothing stands between that ends a name.
fn words_to_the_left(scene: &Scene<'_>, start: usize, done: usize, most: usize, starts: &mut Vec<usize>) {
    let bytes = scene.folded.bytes.as_slice();
    starts.clear();
    let mut at = start;
    loop {
        if scene.folded.source_range(at, at).0 < done {
            return;
        }
        starts.push(at);
        if starts.len() == most {
            return;
        }
        let Some(mut end) = at.checked_sub(1).filter(|end| bytes.get(*end) == Some(&SOFT)) else { return };
        let hard = end > 0 && bytes[end - 1] == HARD;
        end -= usize::from(hard);
        let floor = end.saturating_sub(LONGEST_WORD);
        let Some(before) = memchr::memrchr(SOFT, &bytes[floor..end]).map(|before| floor + before + 1) else { return };
        let word = &bytes[before..end];
        if word.is_empty() {
            return;
        }
        if hard {
            let (source, _) = scene.folded.source_range(end, end);
            if !(is_abbreviation(word) && scene.text[source..].starts_with('.')) {
                return;
            }
        }
        at = before;
    }
}

/// A street's name where it stands, with number and postcode around it, becomes a mention.
fn sighted(
    scene: &Scene<'_>,
    from: usize,
    end: usize,
    candidates: Vec<Candidate>,
    words: usize,
    done: usize,
) -> Option<Mention> {
    let (start, stop) = scene.folded.name_range(scene.text, from, end);
    let start = start.max(done);
    let number = number::after(scene.text, stop);
    let is_postcode = number.as_ref().is_some_and(|number| postcode_at(scene.text, number.start).is_some());
    let behind = number.filter(|_| !is_postcode);
    // In pager messages a number before a street is that of a unit or a channel.
    let before = if behind.is_none() && !scene.is_pager {
        number::before(scene.text, start).filter(|number| number.start >= done)
    } else {
        None
    };
    let reach = behind.as_ref().map_or(stop, HouseNumber::reach);
    let places = [places_behind(scene.text, reach), places_before(scene.text, start)].concat();
    let mut sighting = Sighting {
        places,
        start,
        end: stop,
        folded: (from, end),
        words,
        number: behind,
        number_before: before,
        postcode: None,
        candidates,
    };
    sighting.postcode = adjacent_postcode(scene.text, reach).or_else(|| nearest_postcode(scene, start, stop));
    choose(scene, sighting)
}

/// Keys of the one to three capitalised words right behind an address, after ", ", " in " or " te ": a place so small or ordinary
/// that its name alone was not taken for one.
fn places_behind(text: &str, from: usize) -> Vec<Vec<u8>> {
    let rest = text[from..].trim_start_matches([' ', ',']);
    let gap = text.len() - from - rest.len();
    if gap > 3 {
        return Vec::new();
    }
    let rest = ["in ", "te "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let name =
        ["de ", "den ", "het ", "'t ", "’t "].iter().find_map(|article| rest.strip_prefix(article)).unwrap_or(rest);
    if !name.trim_start_matches(['\'', '’']).starts_with(char::is_uppercase) {
        return Vec::new();
    }
    let end = |words: usize| {
        let mut ends = rest.char_indices().take(PLACE_BYTES).filter(|(_, c)| matches!(c, ' ' | ',' | '.' | ')' | ';'));
        ends.nth(words)
            .map_or_else(|| rest.char_indices().nth(PLACE_BYTES).map_or(rest.len(), |(at, _)| at), |(at, _)| at)
    };
    (0..3).map(|words| key_of_place(&rest[..end(words)])).filter(|key| !key.is_empty()).collect()
}

/// The same for the words right before.
fn places_before(text: &str, to: usize) -> Vec<Vec<u8>> {
    let head = text[..to].trim_end_matches([' ', ',', ':']);
    if to - head.len() > 3 || to == head.len() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    let mut starts = head.char_indices().rev().take(PLACE_BYTES).filter(|(_, c)| matches!(c, ' ' | ',' | '.' | '('));
    for _ in 0..3 {
        let start = starts.next().map(|(at, _)| at + 1);
        let words = &head[start.unwrap_or(0)..];
        if words.chars().count() < PLACE_BYTES && words.starts_with(char::is_uppercase) {
            keys.push(key_of_place(words));
        }
        if start.is_none() {
            break;
        }
    }
    keys
}

/// A six-character postcode right behind: it becomes part of the address.
fn adjacent_postcode(text: &str, from: usize) -> Option<(Code, Option<usize>)> {
    let gap = text.as_bytes().get(from..)?.iter().take(3).take_while(|byte| matches!(byte, b' ' | b',')).count();
    let (number, end) = postcode_at(text, from + gap).filter(|_| gap > 0)?;
    Some((Code::Six(number), Some(end)))
}

/// The nearest other postcode of the message.
fn nearest_postcode(scene: &Scene<'_>, start: usize, end: usize) -> Option<(Code, Option<usize>)> {
    let next = scene.postcodes.partition_point(|postcode| postcode.start < end);
    let before = next.checked_sub(1).map(|index| &scene.postcodes[index]);
    let after = scene.postcodes.get(next);
    let gap = |postcode: &&Postcode| {
        if postcode.start >= end { postcode.start - end } else { start.saturating_sub(postcode.end) }
    };
    let nearest = before.into_iter().chain(after).filter(|postcode| gap(postcode) < 60).min_by_key(gap)?;
    let six = nearest.letters.and_then(|letters| postcode_number(nearest.digits, letters));
    Some((six.map_or(Code::Four(nearest.digits), Code::Six), None))
}

/// A postcode and a house number are an address, when the files have it.
fn by_postcode(scene: &Scene<'_>, folded_start: usize, done: usize) -> Option<Mention> {
    let (start, _) = scene.folded.source_range(folded_start, folded_start);
    if start < done || scene.text[..start].ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let (postcode, end) = postcode_at(scene.text, start)?;
    let number = number::after(scene.text, end)?;
    let found: Vec<_> = scene.addresses.of_postcode(postcode, number.number).take(MOST_OF_A_POSTCODE).collect();
    of_postcode(scene, start, &number, &found)
}

/// The postcode as a place, when a file has its addresses.
pub(crate) fn place_of_postcode(
    addresses: &Addresses,
    gazetteer: &Gazetteer,
    postcode: &Postcode,
) -> Option<model::Place> {
    let number = postcode_number(postcode.digits, postcode.letters?)?;
    let (code, street) = addresses.code(number)?;
    Some(addresses.code_place(number, &code, street, gazetteer))
}

/// The key by which a place of the gazetteer and a place of a file are the same.
pub(crate) fn key_of_place(name: &str) -> Vec<u8> {
    lookup::place_key(name)
}
