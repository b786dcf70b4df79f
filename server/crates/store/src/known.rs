//! Numbers of committed names, remembered so that a batch asks the database only for new ones. They never change, so a copy
//! cannot go stale; other processes' names are simply asked for.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::Place;

use crate::batch::Fresh;
use crate::phrase_memory::{Phrases, Remembered};

/// Names of one kind remembered; beyond this many, all are forgotten and asked for again.
const REMEMBERED: usize = 1 << 20;

/// Numbers by case and name.
type ByCase = HashMap<u16, HashMap<String, u32>>;

/// Everything remembered, shared by the tasks of a process.
#[derive(Default)]
pub(crate) struct Known(Mutex<Names>);

#[derive(Default)]
pub(crate) struct Names {
    conversations: ByCase,
    senders: ByCase,
    places: HashMap<String, u32>,
    pub(crate) phrases: Remembered,
}

impl Names {
    fn remember_places(&mut self, places: PlaceNumbers<'_>) {
        if self.places.len() > REMEMBERED {
            self.places.clear();
        }
        self.places.extend(places.new);
    }
}

/// Names of one kind in a batch: numbers of those known, and those to be asked for.
#[derive(Default)]
pub(crate) struct Numbered<'b> {
    numbers: HashMap<&'b str, u32>,
    /// Not known.
    pub(crate) unknown: Vec<&'b str>,
    new: Vec<(String, u32)>,
}

impl Numbered<'_> {
    /// The number of a name.
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// Takes the numbers that were asked for.
    pub(crate) fn learn(&mut self, found: Vec<(String, u32)>) {
        let found: HashMap<String, u32> = found.into_iter().collect();
        for name in self.unknown.drain(..) {
            if let Some(number) = found.get(name) {
                self.numbers.insert(name, *number);
            }
        }
        self.new = found.into_iter().collect();
    }
}

/// Numbers of the places of some mentions, and the places to be asked for.
#[derive(Default)]
pub(crate) struct PlaceNumbers<'b> {
    numbers: HashMap<String, u32>,
    /// Not known, each once.
    pub(crate) unknown: Vec<&'b Place>,
    new: Vec<(String, u32)>,
}

impl PlaceNumbers<'_> {
    /// The number of a place.
    pub(crate) fn get(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// Takes the numbers that were asked for.
    pub(crate) fn learn(&mut self, found: Vec<(String, u32)>) {
        self.unknown.clear();
        self.numbers.extend(found.iter().cloned());
        self.new = found;
    }
}

/// The numbers that a batch was stored with.
pub(crate) struct Learnt<'b> {
    pub(crate) case_no: u16,
    pub(crate) conversations: Numbered<'b>,
    pub(crate) senders: Numbered<'b>,
    pub(crate) places: PlaceNumbers<'b>,
    pub(crate) phrases: Phrases,
}

impl Known {
    pub(crate) fn names(&self) -> MutexGuard<'_, Names> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the conversations and of the senders of fresh messages.
    pub(crate) fn recall_names<'b>(&self, case_no: u16, fresh: &Fresh<'b>) -> (Numbered<'b>, Numbered<'b>) {
        let names = self.names();
        let messages = || fresh.iter().map(|(_, parsed)| &parsed.message);
        (
            recall(names.conversations.get(&case_no), messages().map(|message| message.conversation.as_str())),
            recall(names.senders.get(&case_no), messages().map(|message| message.sender.as_str())),
        )
    }

    /// What is known of the numbers of places.
    pub(crate) fn recall_places<'b>(&self, wanted: impl Iterator<Item = &'b Place>) -> PlaceNumbers<'b> {
        let names = self.names();
        let mut places = PlaceNumbers::default();
        let mut asked = HashSet::new();
        for place in wanted {
            if places.numbers.contains_key(&place.id) {
                continue;
            }
            match names.places.get(&place.id) {
                Some(number) => drop(places.numbers.insert(place.id.clone(), *number)),
                None if asked.insert(place.id.as_str()) => places.unknown.push(place),
                None => {}
            }
        }
        places
    }

    /// Remembers what was committed.
    pub(crate) fn remember(&self, learnt: Learnt<'_>) {
        let mut names = self.names();
        remember(&mut names.conversations, learnt.case_no, learnt.conversations);
        remember(&mut names.senders, learnt.case_no, learnt.senders);
        names.remember_places(learnt.places);
        names.phrases.extend(learnt.phrases);
    }

    /// Remembers what was committed.
    pub(crate) fn remember_places(&self, places: PlaceNumbers<'_>) {
        self.names().remember_places(places);
    }

    /// Remembers what was committed.
    pub(crate) fn remember_phrases(&self, phrases: Phrases) {
        self.names().phrases.extend(phrases);
    }
}

fn recall<'b>(known: Option<&HashMap<String, u32>>, names: impl Iterator<Item = &'b str>) -> Numbered<'b> {
    let mut numbered = Numbered::default();
    let mut unknown = HashSet::new();
    for name in names {
        if numbered.numbers.contains_key(name) {
            continue;
        }
        match known.and_then(|known| known.get(name)) {
            Some(number) => drop(numbered.numbers.insert(name, *number)),
            None if unknown.insert(name) => numbered.unknown.push(name),
            None => {}
        }
    }
    numbered
}

/// Remembers what was committed.
fn remember(known: &mut ByCase, case_no: u16, numbered: Numbered<'_>) {
    if known.values().map(HashMap::len).sum::<usize>() > REMEMBERED {
        known.clear();
    }
    known.entry(case_no).or_default().extend(numbered.new);
}
