//! A hash table of phrases, by the words they are made of: most words that are looked up begin none, and a filter says so first.

use std::collections::HashMap;

use crate::filter::Filter;
use crate::fold::{HARD, SOFT};

/// The hash of a phrase before its first word.
pub(crate) const NO_WORDS: u64 = 0;
/// Odd, with as many ones as zeros (2^64 over the golden ratio; Knuth, The Art of Computer Programming 3, 6.4).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// What is known of a phrase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// The number of the name it is.
    pub(crate) name: Option<u32>,
    /// Longer names begin with it.
    pub(crate) goes_on: bool,
    /// A word that a place follows.
    pub(crate) place_follows: bool,
}

/// Phrases by their hash. Two phrases of one hash are one entry: who must be sure compares the letters.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Small enough to stay in the cache of a core.
    filter: Filter,
    /// Open addressing: the upper half of the hash, and the phrase ([`packed`]); 0 is empty.
    slots: Vec<(u32, u32)>,
}

/// Set in a packed phrase when longer names begin with it, and when a place follows it; the rest is the name.
const GOES_ON: u32 = 1 << 31;
const PLACE_FOLLOWS: u32 = 1 << 30;
const NAME: u32 = PLACE_FOLLOWS - 1;

impl Phrases {
    pub(crate) fn new(phrases: &HashMap<u64, Phrase>) -> Self {
        let size = (phrases.len() * 2).next_power_of_two().max(64);
        let mut table = Self { filter: Filter::new(phrases.keys().copied()), slots: vec![(0, 0); size] };
        for (&hash, &phrase) in phrases {
            let mut at = table.first_slot(hash);
            while table.slots[at].1 != 0 {
                at = (at + 1) & (size - 1);
            }
            table.slots[at] = (upper(hash), packed(phrase));
        }
        table
    }

    pub(crate) fn get(&self, hash: u64) -> Option<Phrase> {
        if !self.filter.may_know(hash) {
            return None;
        }
        let mut at = self.first_slot(hash);
        loop {
            let (known, phrase) = self.slots[at];
            if phrase == 0 {
                return None;
            }
            if known == upper(hash) {
                return Some(unpacked(phrase));
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.filter.heap_bytes() + self.slots.capacity() * size_of::<(u32, u32)>()
    }

    fn first_slot(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }
}

fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The name's number and one in the lower bits, so that nothing known is 0; without a name all of them.
fn packed(phrase: Phrase) -> u32 {
    let follows = if phrase.place_follows { PLACE_FOLLOWS } else { 0 };
    phrase.name.map_or(NAME, |name| name + 1) | if phrase.goes_on { GOES_ON } else { 0 } | follows
}

fn unpacked(phrase: u32) -> Phrase {
    let name = phrase & NAME;
    Phrase {
        name: (name != NAME).then(|| name - 1),
        goes_on: phrase & GOES_ON != 0,
        place_follows: phrase & PLACE_FOLLOWS != 0,
    }
}

/// The hash of a phrase that a word is put behind.
pub(crate) fn longer(phrase: u64, word: u64) -> u64 {
    mixed(phrase.rotate_left(23) ^ word)
}

/// A word of folded text with its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) hash: u64,
}

/// The words of folded text.
pub(crate) fn words(bytes: &[u8]) -> impl Iterator<Item = Word> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        // A hard separator stands before the soft one.
        at += usize::from(bytes.get(at) == Some(&HARD));
        let word = word_behind(bytes, at)?;
        at = word.end;
        Some(word)
    })
}

/// The word behind the soft separator that stands here.
pub(crate) fn word_behind(bytes: &[u8], at: usize) -> Option<Word> {
    if bytes.get(at) != Some(&SOFT) {
        return None;
    }
    let (mut hash, mut end) = (0, at + 1);
    loop {
        let (chunk, length) = chunk(&bytes[end..]);
        if length > 0 {
            hash = mixed(hash ^ chunk);
        }
        end += length;
        if length < CHUNK {
            return Some(Word { start: at + 1, end, hash });
        }
    }
}

/// The hash of a word by itself.
pub(crate) fn word_hash(word: &[u8]) -> u64 {
    word.chunks(CHUNK).fold(0, |hash, bytes| mixed(hash ^ chunk(bytes).0))
}

/// Bytes looked at in one go.
const CHUNK: usize = 8;

/// The next bytes of a word as a number, and how many they are: fewer than [`CHUNK`] where the word ends.
fn chunk(bytes: &[u8]) -> (u64, usize) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let eight = match bytes.first_chunk::<CHUNK>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)),
    };
    // The highest bit of each byte that is no larger than the larger separator; right up to the first such byte.
    let ends = eight.wrapping_sub(EACH * u64::from(SOFT + 1)) & !eight & (EACH << 7);
    let length = ends.trailing_zeros() / 8;
    let inside = 1_u64.checked_shl(length * 8).map_or(u64::MAX, |bit| bit - 1);
    (eight & inside, length as usize)
}

/// Each bit comes to bear on all: the two halves of a product of 128 bits (Yi, wyhash).
fn mixed(hash: u64) -> u64 {
    let product = u128::from(hash ^ SPREAD) * u128::from(SPREAD.rotate_left(32));
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_is_found_and_nothing_else() {
        let hash = |text: &str| text.split(' ').fold(NO_WORDS, |hash, word| longer(hash, word_hash(word.as_bytes())));
        let mut known = HashMap::new();
        for number in 0..20_000 {
            let (name, goes_on) = ((number % 3 > 0).then_some(number), number % 3 != 1);
            let phrase = Phrase { name, goes_on, place_follows: number % 5 == 0 };
            known.insert(hash(&format!("place {number}")), phrase);
        }
        let phrases = Phrases::new(&known);
        assert_eq!(known.len(), 20_000, "no two have one hash");
        for (hash, phrase) in &known {
            assert_eq!(phrases.get(*hash), Some(*phrase));
        }
        assert!((20_000..200_000).all(|number| phrases.get(hash(&format!("place {number}"))).is_none()));
        assert_ne!(hash("a b"), hash("b a"));
    }

    #[test]
    fn words_that_differ_in_any_byte_differ() {
        let mut seen = std::collections::HashSet::new();
        for length in 0..40_usize {
            let word = vec![b'a'; length];
            assert!(seen.insert(word_hash(&word)));
            for at in 0..length {
                let mut other = word.clone();
                other[at] = b'b';
                assert!(seen.insert(word_hash(&other)), "{length} {at}");
            }
        }
    }
}
