//! Whether words are a street at all: the signs beside them, as log-odds.

use model::PlaceKind;

use super::choose::{Beside, Sighting, Weighed};
use super::key::{ends_like_a_street, is_bare_ending};
use super::recognise::Scene;
use crate::fold::SOFT;

/// Probability that the words are a street; `None` when they are something else for certain.
pub(super) fn is_street(
    scene: &Scene<'_>,
    sighting: &Sighting<'_>,
    chosen: &Weighed<'_>,
    own: Option<&Beside<'_>>,
) -> Option<f32> {
    let has_number = chosen.address.is_some();
    if let Some(own) = own {
        let is_same = own.start <= sighting.start && own.end >= sighting.end;
        if !has_number && (sighting.is_within(own) || (is_same && !chosen.beside && !chosen.postcode)) {
            return None;
        }
    }
    let (from, end) = sighting.folded;
    let bytes = &scene.folded.bytes;
    let name = &bytes[from..end];
    let word = std::str::from_utf8(name).unwrap_or_default();
    let has_capital = scene.text[sighting.start..sighting.end].contains(char::is_uppercase);
    // A capital at the start of a sentence says nothing.
    let is_capital = has_capital
        && (scene.is_pager || scene.folded.upper < scene.folded.lower)
        && (scene.is_pager || sighting.words > 1 || !starts_sentence(&scene.text[..sighting.start]));
    if !has_capital && is_function_word(name) {
        return None;
    }
    let mut odds = 0.8;
    odds += if sighting.words > 1 && !is_article_and_word(name) { 0.7 } else { 0.0 };
    odds += if is_capital { 1.0 } else { 0.0 };
    odds += if has_number { 3.0 } else { 0.0 };
    // A number that the street has, and the place that it is in: that is no accident.
    odds += if has_number && chosen.beside { 4.0 } else { 0.0 };
    odds += match (chosen.through.is_some() || chosen.written, chosen.beside, chosen.nearby.is_some()) {
        (true, true, _) => 2.5,
        (true, false, _) | (_, _, true) => 1.0,
        _ => 0.0,
    };
    odds += if chosen.postcode { 4.0 } else { 0.0 };
    odds += if scene.is_pager { 0.8 } else { 0.0 };
    odds -= if scene.is_pager || chosen.beside { 0.0 } else { part_of_name(&scene.text[..sighting.start]) };
    let before = word_before(bytes, from);
    odds += if preposition(bytes, from).is_some() { 1.2 } else { 0.0 };
    let last = name.rsplit(|byte| *byte == SOFT).next().unwrap_or_default();
    if is_bare_ending(last) && sighting.words > 1 && !has_capital && !has_number {
        // "op de nieuwe markt", of trade.
        odds -= 1.5;
    }
    if is_bare(name) {
        let is_settled = is_capital || chosen.through.is_some() || chosen.written || chosen.postcode;
        // "ik ga weg 10 over 8": a number alone does not make a street of such a word.
        odds -= match (has_number, is_settled) {
            (true, true) => 1.5,
            (true, false) => 4.5,
            (false, _) => 3.5,
        };
    } else if !ends_like_a_street(last) {
        odds -= if is_capital { 2.8 } else { 5.5 };
        if sighting.words == 1 && scene.lexicon.is_known(name) {
            odds -= 1.5;
        }
        if name.len() < 4 {
            odds -= 1.5;
        }
        if own.is_some() {
            odds -= 2.0;
        }
    } else if is_common_street_word(name) || scene.lexicon.is_ordinary(word) {
        odds -= if has_number { 0.5 } else { 2.5 };
    }
    let person = scene.lexicon.is_first_name(before) && before.len() > 2 || is_title(before);
    if person && (is_bare(name) || !ends_like_a_street(last) || sighting.words == 1 && name.len() < 8) {
        odds -= 3.5;
    }
    Some(1.0 / (1.0 + f32::exp(-odds)))
}

fn starts_sentence(before: &str) -> bool {
    before.trim_end().chars().next_back().is_none_or(|c| matches!(c, '.' | '!' | '?' | ':' | '…'))
}

/// What it costs when a longer name seems to go before that no file has: "Jan van Nassauplein".
fn part_of_name(before: &str) -> f32 {
    // Bounded, so that a text without spaces is not walked back for each of its streets.
    let floor = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let mut words = before[floor..].strip_suffix(' ').unwrap_or_default().rsplit(' ');
    let last = words.next().unwrap_or_default();
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric) && word.len() > 1;
    if matches!(last, "van" | "der" | "den" | "ter" | "ten") && words.next().is_some_and(is_name) {
        return 1.5;
    }
    if is_name(last) && words.next().is_some_and(|word| word.ends_with(char::is_alphanumeric)) { 1.0 } else { 0.0 }
}

/// Whether words are nothing but a street's ending, perhaps with an article.
fn is_bare(name: &[u8]) -> bool {
    let rest = name.strip_prefix(b"de ").or_else(|| name.strip_prefix(b"het ")).or_else(|| name.strip_prefix(b"t "));
    is_bare_ending(rest.unwrap_or(name))
}

fn is_article_and_word(name: &[u8]) -> bool {
    name.starts_with(b"de ") || name.starts_with(b"het ") || name.starts_with(b"t ") || name.starts_with(b"n ")
}

/// Whether the name may stand in the review although it was not placed.
pub(super) fn stands_out(scene: &Scene<'_>, sighting: &Sighting) -> bool {
    let name = &scene.folded.bytes[sighting.folded.0..sighting.folded.1];
    let last = name.rsplit(|byte| *byte == SOFT).next().unwrap_or_default();
    ends_like_a_street(last) && !is_bare(name) && !is_common_street_word(name)
}

/// Words that are streets somewhere, and before a number are nearly always themselves: "kwart voor 8".
pub(super) fn is_function_word(name: &[u8]) -> bool {
    matches!(
        name,
        b"want"
            | b"voor"
            | b"na"
            | b"om"
            | b"tot"
            | b"weer"
            | b"laat"
            | b"gang"
            | b"in"
            | b"op"
            | b"over"
            | b"naar"
            | b"met"
            | b"bij"
            | b"van"
            | b"uit"
            | b"tegen"
            | b"rond"
            | b"per"
            | b"en"
            | b"of"
            | b"nog"
            | b"dan"
            | b"maar"
            | b"min"
            | b"plus"
            | b"nummer"
            | b"de"
            | b"het"
            | b"een"
            | b"t"
            | b"is"
            | b"was"
            | b"zo"
            | b"die"
            | b"dat"
            | b"al"
            | b"ook"
            | b"deel"
            | b"half"
            | b"kwart"
            | b"minder"
            | b"meer"
            | b"eind"
            | b"midden"
            | b"rechts"
            | b"links"
            | b"boven"
            | b"onder"
    )
}

/// Words that are streets somewhere, and mostly a part of other names: "Midden-Nederland", "Den Burg".
pub(super) fn is_part_of_names(scene: &Scene<'_>, sighting: &Sighting<'_>) -> bool {
    matches!(
        &scene.folded.bytes[sighting.folded.0..sighting.folded.1],
        b"noord"
            | b"oost"
            | b"zuid"
            | b"west"
            | b"midden"
            | b"centrum"
            | b"den"
            | b"ijssel"
            | b"rijn"
            | b"zoom"
            | b"stad"
    )
}

/// Words that end as streets do and mostly mean what they say.
fn is_common_street_word(name: &[u8]) -> bool {
    matches!(
        name,
        b"hoofdweg"
            | b"snelweg"
            | b"spoorweg"
            | b"autoweg"
            | b"ringweg"
            | b"rijksweg"
            | b"zandweg"
            | b"landweg"
            | b"uitweg"
            | b"omweg"
            | b"onderweg"
            | b"fietspad"
            | b"voetpad"
            | b"wandelpad"
            | b"zandpad"
            | b"tuinpad"
            | b"kerkhof"
            | b"zijstraat"
            | b"zijweg"
            | b"dwarsstraat"
            | b"winkelstraat"
            | b"supermarkt"
            | b"rommelmarkt"
            | b"kerstmarkt"
            | b"schoolplein"
            | b"parkeerplein"
            | b"marktplein"
            | b"dorpsplein"
            | b"rijbaan"
            | b"startbaan"
            | b"renbaan"
            | b"busbaan"
            | b"loopbaan"
            | b"begin"
            | b"uiteinde"
            | b"jachthaven"
            | b"vluchthaven"
            | b"binnenhaven"
            | b"stadspark"
            | b"industriepark"
            | b"vakantiepark"
            | b"pretpark"
            | b"achterweg"
            | b"halverweg"
            | b"heenweg"
            | b"terugweg"
            | b"voorrangsweg"
            | b"toegangsweg"
            | b"bosweg"
            | b"veldweg"
            | b"keukenhof"
            | b"buitenhof"
            | b"gerechtshof"
            | b"achterpad"
            | b"bospad"
    )
}

/// The folded word that ends before this one begins.
pub(super) fn word_before(bytes: &[u8], from: usize) -> &[u8] {
    let Some(end) = from.checked_sub(1) else { return &[] };
    let floor = end.saturating_sub(24);
    let start = bytes[floor..end].iter().rposition(|byte| *byte <= SOFT).map_or(floor, |at| floor + at + 1);
    &bytes[start..end]
}

/// The preposition before a street, over an article.
pub(super) fn preposition(bytes: &[u8], from: usize) -> Option<&str> {
    let word = word_before(bytes, from);
    let word = if matches!(word, b"de" | b"het" | b"t") { word_before(bytes, from - word.len() - 1) } else { word };
    let known =
        ["op", "aan", "in", "langs", "bij", "hoek", "thv", "vanaf", "tussen", "naar", "nabij", "via", "richting"];
    known.into_iter().find(|known| known.as_bytes() == word)
}

fn is_title(word: &[u8]) -> bool {
    matches!(word, b"dhr" | b"mevr" | b"mevrouw" | b"meneer" | b"mw" | b"fam" | b"familie" | b"heer" | b"van")
}

/// Streets of one name in the files promise so many elsewhere for each that their share of all streets lets expect: messages speak
/// of the area whose files somebody imported more often than of the rest. Set on tweets of the whole country with the files of one
/// province.
const ELSEWHERE: f32 = 0.25;
/// Log-odds of a street of middling length with nothing said for it: what each of those weighs.
const UNSEEN_STREET: f32 = 0.85;
/// Those have the number as often as not.
const UNSEEN_NUMBER: f32 = 1.25;

/// Log-odds of a street that no file has.
pub(super) fn unknown_street(
    scene: &Scene<'_>,
    sighting: &Sighting<'_>,
    chosen: &Weighed<'_>,
    named: &[Beside<'_>],
) -> f32 {
    let mut odds = -0.8;
    let is_settled = chosen.through.is_some() || chosen.written || chosen.nearby.is_some() || chosen.postcode;
    let precise = |beside: &&Beside<'_>| {
        beside.is_place * beside.share >= 0.5
            && !matches!(beside.place.kind, PlaceKind::Province | PlaceKind::Country | PlaceKind::Region)
    };
    if !is_settled && named.iter().any(|beside| precise(&beside)) {
        odds += 3.0;
    }
    if chosen.against {
        odds += 1.0;
    }
    if sighting.postcode.is_some() && !chosen.postcode {
        odds += 3.0;
    }
    if is_settled || chosen.home || chosen.conversation {
        return odds;
    }
    let coverage = scene.addresses.coverage();
    let unseen = ELSEWHERE * sighting.candidates.len() as f32 * (1.0 - coverage) / coverage;
    let each = UNSEEN_STREET + if chosen.address.is_some() { UNSEEN_NUMBER } else { 0.0 };
    (odds.exp() + unseen * each.exp()).ln()
}
