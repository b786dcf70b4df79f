//! Names that are misspelt: which name of the gazetteer an unknown word may stand for.
//!
//! An index of deletion neighbourhoods, as in `SymSpell` (Garbe 2012): two words within `n` edits of each other have a common
//! word among what is left of them after at most `n` deletions. Only the hashes of those are kept; what they propose is
//! verified by distance. Never here: whether the context speaks for a place, or what else the word may be.

use std::collections::HashMap;

use model::PlaceKind;

use crate::fold::fold_name;
use crate::gazetteer::Gazetteer;
use crate::names::Names;

/// Shorter names are never guessed: almost any short word is near one.
const LEAST_LETTERS: usize = 5;
/// From this length on two edits are allowed.
const TWO_EDITS_FROM: usize = 9;
/// No name is longer, and no word looked up.
const MOST_LETTERS: usize = 24;
/// A place abroad is only guessed when it is this large.
const FOREIGN_POPULATION: u32 = 1_000_000;

/// A name that a word may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess {
    /// Number of the name in [`Names`].
    pub(crate) name: u32,
    /// How many letters are wrong, missing, too many or swapped; 0 when it only sounds the same.
    pub(crate) edits: u8,
}

/// The index.
#[derive(Debug, Default)]
pub(crate) struct Misspelt {
    /// Folded names that are guessed, with their number and inhabitants.
    targets: Vec<(String, u32, u32)>,
    /// Hash of what is left of a name after deletions → target.
    deletions: HashTable,
    /// How a name sounds → target.
    sounds: HashTable,
}

/// Pairs of hash and target, found by the hash's first bits: most words that are looked up are in no pair.
#[derive(Debug, Default)]
struct HashTable {
    /// Sorted.
    pairs: Vec<(u32, u32)>,
    /// Where the pairs of each beginning start, and their end.
    starts: Vec<u32>,
}

/// Bits of a hash that are looked up directly: a few pairs to each.
const FIRST_BITS: u32 = 16;

impl HashTable {
    fn new(mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let first = |pair: &(u32, u32)| pair.0 >> (32 - FIRST_BITS);
        let starts =
            (0..=1 << FIRST_BITS).map(|bits| pairs.partition_point(|pair| first(pair) < bits) as u32).collect();
        Self { pairs, starts }
    }

    fn get(&self, hash: u32) -> impl Iterator<Item = u32> + '_ {
        let first = (hash >> (32 - FIRST_BITS)) as usize;
        let (from, to) = (self.starts[first] as usize, self.starts[first + 1] as usize);
        self.pairs[from..to].iter().filter(move |(known, _)| *known == hash).map(|(_, target)| *target)
    }

    fn heap_bytes(&self) -> usize {
        self.pairs.capacity() * size_of::<(u32, u32)>() + self.starts.capacity() * size_of::<u32>()
    }
}

impl Misspelt {
    /// Indexes the names of one word of places in the Netherlands and of large cities elsewhere.
    pub(crate) fn new(gazetteer: &Gazetteer, names: &Names) -> Self {
        let mut inhabitants: HashMap<String, u32> = HashMap::new();
        for entry in gazetteer.entries() {
            let place = &entry.place;
            let people = place.population.unwrap_or(0);
            let dutch = place.country.as_deref() == Some("NL") && !entry.postcodes.is_empty();
            if place.kind != PlaceKind::Locality || !(dutch || people >= FOREIGN_POPULATION) {
                continue;
            }
            let folded = fold_name(&place.name);
            let one_word = folded.bytes().all(|byte| byte.is_ascii_lowercase());
            if one_word && (LEAST_LETTERS..=MOST_LETTERS).contains(&folded.len()) {
                let known = inhabitants.entry(folded).or_default();
                *known = people.max(*known);
            }
        }
        let mut targets: Vec<_> =
            inhabitants.into_iter().filter_map(|(name, people)| Some((names.number(&name)?, name, people))).collect();
        targets.sort_unstable();
        let targets: Vec<_> = targets.into_iter().map(|(number, name, people)| (name, number, people)).collect();
        let (mut deletions, mut sounds) = (Vec::new(), Vec::new());
        for (target, (name, ..)) in targets.iter().enumerate() {
            each_deletion(name.as_bytes(), edits_allowed(name.len()), |rest| deletions.push((rest, target as u32)));
            sounds.push((hash(&sound(name.as_bytes())), target as u32));
        }
        Self { targets, deletions: HashTable::new(deletions), sounds: HashTable::new(sounds) }
    }

    /// The likeliest name that a folded word stands for: fewest edits, then most inhabitants.
    pub(crate) fn guess(&self, word: &[u8]) -> Option<Guess> {
        let long_enough = (LEAST_LETTERS - 1..=MOST_LETTERS).contains(&word.len());
        let text = std::str::from_utf8(word).ok().filter(|_| long_enough && word.iter().all(u8::is_ascii_lowercase))?;
        let mut best: Option<(u8, std::cmp::Reverse<u32>, u32)> = None;
        let mut offer = |edits: u8, target: u32| {
            // "Meppels" is of Meppel, "Nederlandse" of Nederland.
            let rest = word.strip_prefix(self.targets[target as usize].0.as_bytes());
            if rest.is_some_and(|rest| matches!(rest, b"s" | b"se" | b"er" | b"ers")) {
                return;
            }
            let people = self.targets[target as usize].2;
            let offered = (edits, std::cmp::Reverse(people), target);
            best = Some(best.map_or(offered, |known| known.min(offered)));
        };
        for target in self.sounds.get(hash(&sound(word))) {
            let name = &self.targets[target as usize].0;
            if name.len().abs_diff(word.len()) <= 2 && name.as_bytes() != word && sound(name.as_bytes()) == sound(word)
            {
                offer(0, target);
            }
        }
        each_deletion(word, edits_allowed(word.len() + 1), |rest| {
            for target in self.deletions.get(rest) {
                let name = &self.targets[target as usize].0;
                let allowed = edits_allowed(name.len());
                // Nobody misses the first letter and another one.
                let edits = strsim::osa_distance(name, text);
                if edits > 0 && edits <= allowed && (edits == 1 || name.as_bytes()[0] == word[0]) {
                    offer(edits as u8, target);
                }
            }
        });
        best.map(|(edits, _, target)| Guess { name: self.targets[target as usize].1, edits })
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let names: usize = self.targets.iter().map(|(name, ..)| name.capacity()).sum();
        names
            + self.targets.capacity() * size_of::<(String, u32, u32)>()
            + self.deletions.heap_bytes()
            + self.sounds.heap_bytes()
    }
}

fn edits_allowed(letters: usize) -> usize {
    if letters >= TWO_EDITS_FROM { 2 } else { 1 }
}

/// Hashes of the word itself and of what is left of it after up to `most` (one or two) deletions. The hash is a polynomial in the
/// letters, so that it is put together from those of the parts that stay.
fn each_deletion(word: &[u8], most: usize, mut visit: impl FnMut(u32)) {
    // Of the letters before each position, and the powers that move them to the left.
    let (mut before, mut powers) = ([0_u64; MOST_LETTERS + 1], [1_u64; MOST_LETTERS + 1]);
    for (at, byte) in word.iter().enumerate() {
        before[at + 1] = append(before[at], *byte);
        powers[at + 1] = powers[at].wrapping_mul(BASE);
    }
    let end = word.len();
    let between = |from: usize, to: usize| before[to].wrapping_sub(before[from].wrapping_mul(powers[to - from]));
    visit(mixed(before[end]));
    for first in 0..end {
        let (head, tail) = (before[first], between(first + 1, end));
        visit(mixed(head.wrapping_mul(powers[end - first - 1]).wrapping_add(tail)));
        if most > 1 {
            for second in first + 1..end {
                let middle = between(first + 1, second);
                let head = head.wrapping_mul(powers[second - first - 1]).wrapping_add(middle);
                let tail = between(second + 1, end);
                visit(mixed(head.wrapping_mul(powers[end - second - 1]).wrapping_add(tail)));
            }
        }
    }
}

/// How a word sounds in Dutch, as letters: `ij`, `ei` and `y` alike, `ou` and `au`, `ch` and `g`, `c` and `k`, a final `d` and `t`,
/// `v` and `f`, `z` and `s`; doubled letters once.
fn sound(word: &[u8]) -> Vec<u8> {
    let mut heard: Vec<u8> = Vec::with_capacity(word.len());
    let mut at = 0;
    while at < word.len() {
        let next = word.get(at + 1).copied();
        let (letter, taken) = match (word[at], next) {
            (b'i', Some(b'j')) | (b'e', Some(b'i' | b'y')) | (b'u', Some(b'y')) => (b'y', 2),
            (b'o' | b'a', Some(b'u')) => (b'w', 2),
            (b'c' | b'g', Some(b'h')) => (b'g', 2),
            (b'c', Some(b'k')) => (b'k', 2),
            (b'p', Some(b'h')) => (b'f', 2),
            (b't', Some(b'h')) => (b't', 2),
            (b'c' | b'q', _) => (b'k', 1),
            (b'd', None) => (b't', 1),
            (b'v', _) => (b'f', 1),
            (b'z', _) => (b's', 1),
            (letter, _) => (letter, 1),
        };
        if heard.last() != Some(&letter) {
            heard.push(letter);
        }
        at += taken;
    }
    heard
}

/// Base of the polynomial: odd, so that no letter is lost, and large, so that short words differ.
const BASE: u64 = 0x0100_0000_01b3;

fn append(hash: u64, byte: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(byte))
}

/// Collisions cost a comparison, nothing else.
fn hash(bytes: &[u8]) -> u32 {
    mixed(bytes.iter().fold(0, |hash, byte| append(hash, *byte)))
}

/// Spreads a polynomial over the upper bits, by which tables are entered.
fn mixed(polynomial: u64) -> u32 {
    (polynomial.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_alike_is_written_alike() {
        for (a, b) in [
            ("koevorden", "coevorden"),
            ("leiden", "lijden"),
            ("gouda", "gauda"),
            ("maastricht", "maastrigt"),
            ("assen", "asen"),
            ("zuidlaren", "suidlaren"),
        ] {
            assert_eq!(sound(a.as_bytes()), sound(b.as_bytes()), "{a} {b}");
        }
        assert_ne!(sound(b"emmen"), sound(b"ommen"));
    }

    #[test]
    fn deletions_meet_within_the_allowed_edits() {
        let mut left = Vec::new();
        each_deletion(b"abc", 1, |rest| left.push(rest));
        assert_eq!(left, [b"abc".as_slice(), b"bc", b"ac", b"ab"].map(hash));
        left.clear();
        each_deletion(b"abcd", 2, |rest| left.push(rest));
        let expected = [b"abcd".as_slice(), b"bcd", b"cd", b"bd", b"bc", b"acd", b"ad", b"ac", b"abd", b"ab", b"abc"];
        assert_eq!(left, expected.map(hash));
    }
}
