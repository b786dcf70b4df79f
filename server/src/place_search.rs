//! Finding a place of the gazetteer by the beginning of its name, for choosing one by hand.

use std::sync::Arc;

use geoparse::Gazetteer;
use model::{Place, folded_words};

/// Every name of the gazetteer in order.
pub(crate) struct PlaceSearch {
    gazetteer: Arc<Gazetteer>,
    /// Folded name and number of the entry, by name.
    names: Vec<(Box<str>, u32)>,
}

impl PlaceSearch {
    /// Makes the names of a gazetteer searchable.
    pub(crate) fn new(gazetteer: Arc<Gazetteer>) -> Self {
        let mut names: Vec<(Box<str>, u32)> = gazetteer
            .entries()
            .iter()
            .zip(0..)
            .flat_map(|(entry, number)| {
                let all = std::iter::once(&entry.place.name).chain(&entry.names);
                all.map(move |name| (searchable(name).into_boxed_str(), number))
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        Self { gazetteer, names }
    }

    /// The place of this id.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Place> {
        self.gazetteer.by_id(id)
    }

    /// Places with a name that begins so: those that bear just this name first, then by inhabitants.
    pub(crate) fn find(&self, text: &str, limit: usize) -> Vec<&Place> {
        let text = searchable(text);
        if text.is_empty() {
            return Vec::new();
        }
        let from = self.names.partition_point(|(name, _)| **name < *text);
        let mut found: Vec<(bool, u32)> = self.names[from..]
            .iter()
            .take_while(|(name, _)| name.starts_with(&text))
            .map(|(name, number)| (**name != *text, *number))
            .collect();
        found.sort_unstable_by_key(|(longer, number)| (*number, *longer));
        found.dedup_by_key(|(_, number)| *number);
        let place = |number: u32| &self.gazetteer.entries()[number as usize].place;
        found.sort_by_key(|(longer, number)| (*longer, std::cmp::Reverse(place(*number).population), *number));
        found.into_iter().take(limit).map(|(_, number)| place(number)).collect()
    }
}

/// As typed or as named, without what people leave out: `'s-Gravenhage` is found by `s gra`.
fn searchable(name: &str) -> String {
    folded_words(name).replace('\'', "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn places_are_found_by_the_beginning_of_any_of_their_names() {
        let search = PlaceSearch::new(Arc::new(Knowledge::gazetteer("no data directory".as_ref()).unwrap()));
        let names = |text: &str| search.find(text, 20).iter().map(|place| place.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("kerkenv"), ["Kerkenveld"]);
        assert!(names("ZUIDWOLDE").len() >= 2);
        assert_eq!(names("zuidwolde")[0], "Zuidwolde");
        assert!(names("sudwest").iter().any(|name| name == "Súdwest-Fryslân"));
        assert!(names("'s-grav").iter().any(|name| name.contains("ravenhage") || name == "Den Haag"));
        assert!(names("").is_empty() && names("!?").is_empty() && names("xqzz").is_empty());
        assert_eq!(search.find("a", 5).len(), 5);
        // Whoever bears just this name comes before larger ones whose name goes on.
        assert_eq!(names("ee")[0], "Ee");
    }
}
