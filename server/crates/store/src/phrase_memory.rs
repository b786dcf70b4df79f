//! Phrases met before: what the geoparser could not tell apart has one number, and most mentions repeat one.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use model::{Likeness, Mention};

use crate::known::{Known, PlaceNumbers};

/// Readings remembered with their phrase; beyond this many, all are forgotten and asked for again.
const REMEMBERED: usize = 1 << 20;

/// Numbers of the phrases of readings met before, by a hash of the reading as it stands: a reading that is known needs neither
/// folding nor sorting nor the database.
#[derive(Default)]
pub(crate) struct Remembered {
    hasher: RandomState,
    numbers: HashMap<u64, u32>,
}

impl Remembered {
    fn key(&self, mention: &Mention) -> u64 {
        self.hasher.hash_one((&mention.text, &mention.place.id, &mention.reasons))
    }

    /// Remembers what was committed.
    pub(crate) fn extend(&mut self, phrases: Phrases) {
        if self.numbers.len() > REMEMBERED {
            self.numbers.clear();
        }
        self.numbers.extend(phrases.new);
    }
}

/// Numbers of the phrases of some mentions, some of them still to be asked for.
pub(crate) struct Asked<'b> {
    numbers: Vec<u32>,
    unknown: Vec<(usize, u64, &'b Mention)>,
    /// The phrases to be asked for, each once, with the number of its place.
    pub(crate) likenesses: Vec<(Likeness, u32)>,
}

/// Numbers of the phrases of some mentions.
pub(crate) struct Phrases {
    /// One for each mention, in their order.
    pub(crate) numbers: Vec<u32>,
    /// Readings that were not known before.
    new: Vec<(u64, u32)>,
}

/// What is known of the phrases of these mentions, whose places are numbered already.
pub(crate) fn recall<'b>(
    known: &Known,
    mentions: impl Iterator<Item = &'b Mention>,
    places: &PlaceNumbers<'_>,
) -> Asked<'b> {
    let (mut numbers, mut unknown) = (Vec::new(), Vec::new());
    {
        let names = known.names();
        for mention in mentions {
            let key = names.phrases.key(mention);
            let number = names.phrases.numbers.get(&key).copied();
            if number.is_none() {
                unknown.push((numbers.len(), key, mention));
            }
            numbers.push(number.unwrap_or_default());
        }
    }
    let likenesses: HashMap<Likeness, u32> = unknown
        .iter()
        .map(|(_, _, mention)| (Likeness::of(mention), places.get(&mention.place.id).unwrap_or_default()))
        .collect();
    Asked { numbers, unknown, likenesses: likenesses.into_iter().collect() }
}

impl Asked<'_> {
    /// All numbers, given those that were asked for.
    pub(crate) fn answered(mut self, found: &HashMap<Likeness, u32>) -> Phrases {
        let mut new = Vec::with_capacity(self.unknown.len());
        for (at, key, mention) in self.unknown {
            if let Some(number) = found.get(&Likeness::of(mention)) {
                self.numbers[at] = *number;
                new.push((key, *number));
            }
        }
        Phrases { numbers: self.numbers, new }
    }
}
