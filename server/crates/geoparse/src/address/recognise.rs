//! Streets and addresses in text.
//!
//! Looked at are words that end as streets do, words with a digit behind them and, in pager messages, with a place; from each the
//! longest phrase that ends there and is a street of the files. Never more than a few words are looked at around a sign, so
//! that the time grows with the text and no faster.

use model::{LonLat, Mention, PlaceKind};

pub(crate) use super::choose::Beside;
use super::choose::{Code, Sighting, Standing, WrittenPlace, choose, of_postcode};
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
/// Bytes between a street and its place when the number comes last.
const BETWEEN_BYTES: usize = 10;
/// Words of a street's name that begins right behind its number.
const WORDS_BEHIND_NUMBER: usize = 4;
/// Words between a number and the street's name before them.
const WORDS_TO_ITS_PLACE: usize = 8;
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
    /// Whether a place is named from here on (in folded bytes).
    pub(crate) begins_name: &'s dyn Fn(usize) -> bool,
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
    // Where a street's name would begin behind a number, and how many more words of it are looked at.
    let mut behind_number: Option<(usize, usize)> = None;
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
        if (is_digits || scene.is_pager && (scene.begins_name)(start))
            && let Some(previous) = last.filter(|_| !tried)
        {
            // Some streets end in a number: "Tjalk 34".
            let whole =
                if is_digits && scene.is_pager { phrase(scene, (start, end), [done; 2], &mut buffers) } else { None };
            found = whole.or_else(|| phrase(scene, previous, [done; 2], &mut buffers));
        }
        if is_digits {
            found = found
                .or_else(|| by_postcode(scene, start, done))
                .or_else(|| before_its_place(scene, start, done, &mut buffers));
        }
        // What a street's name may go on with: "Europaweg-Zuid", "Plein 1945".
        let goes_on = tried && (is_digits || is_direction(word));
        let signed = ends_like_a_street(word) || goes_on;
        if found.is_none() && signed {
            // The longer name takes in the shorter one that was just found.
            let from = if goes_on { done_before } else { done };
            found = phrase(scene, (start, end), [from; 2], &mut buffers);
        }
        if is_digits {
            behind_number = begins_behind(scene, end).map(|from| (from, WORDS_BEHIND_NUMBER));
        } else if let Some((from, left)) = behind_number.take() {
            if found.is_none() && !signed {
                found = phrase(scene, (start, end), [from.max(done), done], &mut buffers)
                    .filter(|mention| is_sure_address(scene, mention));
            }
            behind_number = (left > 1 && found.is_none()).then_some((from, left - 1));
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

/// Where a street's name would begin behind a number that ends here, if it may be a house number.
fn begins_behind(scene: &Scene<'_>, folded_end: usize) -> Option<usize> {
    let (_, end) = scene.folded.source_range(folded_end, folded_end);
    let rest = &scene.text[end..];
    let from = scene.text.len() - rest.trim_start_matches([' ', ',']).len();
    if scene.is_pager { None } else { number::before(scene.text, from).map(|_| from) }
}

/// Whether a name with nothing of a street about it is one: it has the number beside it, and a capital or its place right there.
fn is_sure_address(scene: &Scene<'_>, mention: &Mention) -> bool {
    let (start, end) = (mention.start as usize, mention.end as usize);
    let is_beside = |place: &str| {
        let behind = scene.text[end..].trim_start_matches([' ', ',']);
        let behind = ["in ", "te "].iter().find_map(|word| behind.strip_prefix(word)).unwrap_or(behind);
        let before = scene.text[..start].trim_end_matches([' ', ',']);
        let same = |words: Option<&str>| words.is_some_and(|words| words.eq_ignore_ascii_case(place));
        same(behind.get(..place.len())) || same(before.len().checked_sub(place.len()).and_then(|at| before.get(at..)))
    };
    let place = mention.reasons.iter().find_map(|reason| reason.strip_prefix("through:"));
    mention.kind == PlaceKind::Address
        && mention.accepted
        && (scene.text[start..end].contains(char::is_uppercase) || place.is_some_and(is_beside))
}

/// A name with nothing of a street about it, in a place behind which stands its number: "Brink in Ruinen 12".
fn before_its_place(scene: &Scene<'_>, folded_start: usize, done: usize, buffers: &mut Buffers) -> Option<Mention> {
    let (at, _) = scene.folded.source_range(folded_start, folded_start);
    if scene.is_pager {
        // There it is that of an order or a unit.
        return None;
    }
    let around = (scene.named)(at, at);
    let place = around.iter().filter(|beside| beside.end <= at).max_by_key(|beside| beside.end)?;
    number::after(scene.text, place.end).filter(|number| number.start == at)?;
    let bytes = scene.folded.bytes.as_slice();
    let mut start = folded_start;
    for _ in 0..WORDS_TO_ITS_PLACE {
        let end = bytes[..start].iter().rposition(|byte| *byte > SOFT)? + 1;
        start = end - word_before(bytes, end + 1).len();
        let is_before = scene.folded.source_range(end, end).0 <= place.start;
        if is_before && !matches!(&bytes[start..end], b"in" | b"te" | b"de" | b"het") {
            return phrase(scene, (start, end), [done; 2], buffers).filter(|mention| is_sure_address(scene, mention));
        }
    }
    None
}

/// Words behind the ending of a street's name that belong to it.
fn is_direction(word: &[u8]) -> bool {
    matches!(word, b"noord" | b"zuid" | b"oost" | b"west" | b"nz" | b"zz" | b"oz" | b"wz")
}

/// The longest street that ends in this word: not before where a name may begin, its number not before where what was found ends.
fn phrase(
    scene: &Scene<'_>,
    word: (usize, usize),
    [begin, done]: [usize; 2],
    buffers: &mut Buffers,
) -> Option<Mention> {
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
    words_to_the_left(scene, start, begin, most, &mut buffers.starts);
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
            return sighted(scene, (from, end), candidates, count + 1, [begin, done]);
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
    (from, end): (usize, usize),
    candidates: Vec<Candidate>,
    words: usize,
    [begin, done]: [usize; 2],
) -> Option<Mention> {
    let (start, stop) = scene.folded.name_range(scene.text, from, end);
    let start = start.max(begin);
    let around = (scene.named)(start, stop);
    let number = house_number(scene, start, stop, done, &around);
    let (first, reach) = match &number {
        Some((number, Standing::Behind)) => (start, number.reach()),
        Some((number, Standing::Before)) => (number.start, stop),
        _ => (start, stop),
    };
    let mut places = places_behind(scene.text, reach);
    places.extend(places_before(scene.text, first));
    let mut sighting =
        Sighting { places, start, end: stop, folded: (from, end), words, number, postcode: None, candidates };
    sighting.postcode = adjacent_postcode(scene.text, reach)
        .or_else(|| postcode_before(scene.text, first))
        .or_else(|| nearest_postcode(scene, start, stop));
    choose(scene, sighting, &around)
}

/// The house number of a street: behind it, before it, or behind what tells where the street is.
fn house_number(
    scene: &Scene<'_>,
    start: usize,
    stop: usize,
    done: usize,
    around: &[Beside<'_>],
) -> Option<(HouseNumber, Standing)> {
    let behind =
        |from: usize| number::after(scene.text, from).filter(|number| postcode_at(scene.text, number.start).is_none());
    if let Some(number) = behind(stop) {
        return Some((number, Standing::Behind));
    }
    // "Dorpsstraat 7963 AA 12", "Dorpsstraat in Ruinen nr 12"
    let code = adjacent_postcode(scene.text, stop).and_then(|(_, end)| end).unwrap_or(stop);
    let place = around.iter().find(|beside| beside.start >= code && leads_to_place(&scene.text[code..beside.start]));
    let told = place.map_or(code, |place| place.end);
    if told > stop
        && let Some(number) = behind(told).filter(|number| number.alone)
    {
        return Some((number, Standing::Apart));
    }
    // In pager messages a number before a street is that of a unit or a channel.
    let before = if scene.is_pager { None } else { number::before(scene.text, start) };
    before.filter(|number| number.start >= done).map(|number| (number, Standing::Before))
}

/// What may stand between a street and its place.
fn leads_to_place(between: &str) -> bool {
    between.len() <= BETWEEN_BYTES && matches!(between.trim_matches([' ', ',']), "" | "in" | "te" | "in de" | "in het")
}

/// Keys of the one to three words right behind an address, after ", ", " in " or " te ": a place so small or ordinary that its
/// name alone was not taken for one.
fn places_behind(text: &str, from: usize) -> Vec<WrittenPlace<'_>> {
    let rest = text[from..].trim_start_matches([' ', ',']);
    let gap = text.len() - from - rest.len();
    if gap > 3 {
        return Vec::new();
    }
    let rest = ["in ", "te "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let end = |words: usize| {
        let mut ends = rest.char_indices().take(PLACE_BYTES).filter(|(_, c)| matches!(c, ' ' | ',' | '.' | ')' | ';'));
        ends.nth(words)
            .map_or_else(|| rest.char_indices().nth(PLACE_BYTES).map_or(rest.len(), |(at, _)| at), |(at, _)| at)
    };
    (0..3).map(|words| &rest[..end(words)]).filter(|words| !words.is_empty()).map(WrittenPlace::of).collect()
}

/// The same for the words right before.
fn places_before(text: &str, to: usize) -> Vec<WrittenPlace<'_>> {
    let head = text[..to].trim_end_matches([' ', ',', ':']);
    if to - head.len() > 3 || to == head.len() {
        return Vec::new();
    }
    let mut places = Vec::new();
    let mut starts = head.char_indices().rev().take(PLACE_BYTES).filter(|(_, c)| matches!(c, ' ' | ',' | '.' | '('));
    for _ in 0..3 {
        let start = starts.next().map(|(at, _)| at + 1);
        let words = &head[start.unwrap_or(0)..];
        if words.chars().count() < PLACE_BYTES {
            places.push(WrittenPlace::of(words));
        }
        if start.is_none() {
            break;
        }
    }
    places
}

/// A six-character postcode right behind: it becomes part of the address.
fn adjacent_postcode(text: &str, from: usize) -> Option<(Code, Option<usize>)> {
    let gap = text.as_bytes().get(from..)?.iter().take(3).take_while(|byte| matches!(byte, b' ' | b',')).count();
    let (number, end) = postcode_at(text, from + gap).filter(|_| gap > 0)?;
    Some((Code::Six(number), Some(end)))
}

/// A six-character postcode right before.
fn postcode_before(text: &str, to: usize) -> Option<(Code, Option<usize>)> {
    let end = text[..to].trim_end_matches([' ', ',', ':']).len();
    // With a space between digits and letters, or without.
    let starts =
        [6, 7].into_iter().filter_map(|length| end.checked_sub(length)).filter(|_| (1..=3).contains(&(to - end)));
    let mut codes = starts.filter_map(|start| postcode_at(text, start).filter(|(_, stop)| *stop == end));
    codes.next().map(|(number, _)| (Code::Six(number), None))
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
    let of = |number: HouseNumber, standing: Standing| {
        let found: Vec<_> = scene.addresses.of_postcode(postcode, number.number).take(MOST_OF_A_POSTCODE).collect();
        of_postcode(scene, (start, end), (&number, standing), &found)
    };
    let behind = number::after(scene.text, end).and_then(|number| of(number, Standing::Behind));
    let before = || number::before(scene.text, start).filter(|number| number.start >= done && !scene.is_pager);
    behind.or_else(|| of(before()?, Standing::Before))
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
