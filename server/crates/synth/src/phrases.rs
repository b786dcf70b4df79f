//! The phrases, by topic, taken apart into words and slots.

use std::collections::BTreeMap;

/// A piece of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words as they stand.
    Words(&'static str),
    /// A place is named here.
    Place,
    /// Something of this list is named here.
    Choice(&'static [&'static str]),
    /// A time of day.
    Time,
    /// A number from 1 to 12.
    Number,
    /// An amount of money.
    Money,
}

/// A phrase with its slots.
pub(crate) type Phrase = Vec<Piece>;

const DAYS: &[&str] = &[
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "morgen",
    "vanavond",
    "straks",
    "overmorgen",
    "dit weekend",
    "ma",
    "di",
    "do",
    "vr",
    "za",
];
const ADDRESSES: &[&str] = &["bro", "fam", "gap", "swa", "man", "maat", "broer", "gast", "chef", "neef", "mattie", "G"];
const THINGS: &[&str] =
    &["spullen", "vaten", "dozen", "jerrycans", "pallets", "zakken", "kratten", "die dingen", "gereedschap", "slangen"];
const FOOD: &[&str] =
    &["friet", "kapsalon", "pizza", "shoarma", "broodjes", "nasi", "frikandel", "soep", "pannenkoeken", "chinees"];
const CLUBS: &[&str] =
    &["ajax", "feyenoord", "psv", "fc emmen", "fc groningen", "heerenveen", "twente", "het tweede", "we"];

/// All phrases: with a slot for a place, and without.
pub(crate) struct Phrases {
    pub(crate) plain: Vec<Phrase>,
    /// By topic, so that a planted place is talked about in its own tone.
    pub(crate) with_place: BTreeMap<&'static str, Vec<Phrase>>,
}

impl Phrases {
    pub(crate) fn load() -> Self {
        let mut phrases = Self { plain: Vec::new(), with_place: BTreeMap::new() };
        let mut topic = "";
        for line in include_str!("phrases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                topic = name;
                continue;
            }
            let phrase = parse(line);
            if phrase.contains(&Piece::Place) {
                phrases.with_place.entry(topic).or_default().push(phrase);
            } else {
                phrases.plain.push(phrase);
            }
        }
        phrases
    }
}

fn parse(line: &'static str) -> Phrase {
    let mut phrase = Vec::new();
    let mut rest = line;
    while let Some((words, behind)) = rest.split_once('{') {
        let Some((slot, after)) = behind.split_once('}') else {
            break;
        };
        if !words.is_empty() {
            phrase.push(Piece::Words(words));
        }
        phrase.extend(piece(slot));
        rest = after;
    }
    if !rest.is_empty() {
        phrase.push(Piece::Words(rest));
    }
    phrase
}

fn piece(slot: &str) -> Option<Piece> {
    Some(match slot {
        "plaats" => Piece::Place,
        "tijd" => Piece::Time,
        "dag" => Piece::Choice(DAYS),
        "aantal" => Piece::Number,
        "geld" => Piece::Money,
        "wie" => Piece::Choice(ADDRESSES),
        "ding" => Piece::Choice(THINGS),
        "eten" => Piece::Choice(FOOD),
        "club" => Piece::Choice(CLUBS),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_many_phrases_and_every_slot_is_known() {
        let phrases = Phrases::load();
        let with_place: usize = phrases.with_place.values().map(Vec::len).sum();
        assert!(phrases.plain.len() >= 150 && with_place >= 60, "{} and {with_place}", phrases.plain.len());
        let all = phrases.plain.iter().chain(phrases.with_place.values().flatten());
        for piece in all.flatten() {
            assert!(!matches!(piece, Piece::Words(words) if words.contains(['{', '}'])), "{piece:?}");
        }
        let lines = include_str!("phrases.txt").lines().filter(|line| !line.starts_with(['#', '[']));
        let slots: usize = lines.map(|line| line.matches('{').count()).sum();
        let is_slot = |piece: &&Piece| !matches!(piece, Piece::Words(_));
        let all = phrases.plain.iter().chain(phrases.with_place.values().flatten());
        assert_eq!(all.flatten().filter(is_slot).count(), slots);
    }
}
