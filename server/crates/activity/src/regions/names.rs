//! Finding regions by name: folded, with other names, and with suggestions for what is misspelt.

use std::collections::HashMap;

use model::RegionKind;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Region;

/// Suggestions in one error.
const MAX_SUGGESTIONS: usize = 5;
/// Least Jaro–Winkler similarity (0 to 1) of a suggestion: lets two letters in ten be wrong, and little else.
const LEAST_SIMILARITY: f64 = 0.82;
/// Words that say which layer is meant, folded.
const LAYER_WORDS: [(&str, RegionKind); 9] = [
    ("provincie ", RegionKind::Province),
    ("province ", RegionKind::Province),
    ("gemeente ", RegionKind::Municipality),
    ("municipality ", RegionKind::Municipality),
    ("politie eenheid ", RegionKind::PoliceUnit),
    ("politieeenheid ", RegionKind::PoliceUnit),
    ("police unit ", RegionKind::PoliceUnit),
    ("regionale eenheid ", RegionKind::PoliceUnit),
    ("eenheid ", RegionKind::PoliceUnit),
];

/// Folded name → slot, per layer.
#[derive(Debug)]
pub(super) struct NameTable {
    slots: HashMap<(RegionKind, String), usize>,
}

impl NameTable {
    pub(super) fn new(regions: &[Region]) -> Self {
        let mut slots = HashMap::new();
        // Own names first: another region's second name never hides them.
        for (slot, region) in regions.iter().enumerate() {
            for own in [&region.name, &region.code, &region.id] {
                slots.entry((region.kind, folded(own))).or_insert(slot);
            }
        }
        for (slot, region) in regions.iter().enumerate() {
            for other in &region.names {
                slots.entry((region.kind, folded(other))).or_insert(slot);
            }
        }
        slots.retain(|(_, name), _| !name.is_empty());
        Self { slots }
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = folded(name);
        let said = LAYER_WORDS.iter().find_map(|(word, kind)| name.strip_prefix(word).map(|rest| (*kind, rest)));
        said.and_then(|(kind, rest)| self.get(kind, rest))
            .or_else(|| RegionKind::ALL.into_iter().find_map(|kind| self.get(kind, &name)))
    }

    pub(super) fn slot_of(&self, kind: RegionKind, name: &str) -> Option<u16> {
        self.get(kind, &folded(name)).map(|slot| slot as u16)
    }

    pub(super) fn suggest(&self, name: &str, regions: &[Region]) -> Vec<String> {
        let name = folded(name);
        let mut alike: Vec<(f64, &str)> = self
            .slots
            .iter()
            .map(|((_, known), slot)| (strsim::jaro_winkler(&name, known), *slot))
            .filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY)
            .filter_map(|(similarity, slot)| regions.get(slot).map(|region| (similarity, region.name.as_str())))
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut names: Vec<String> = Vec::new();
        for (_, known) in alike {
            if names.len() < MAX_SUGGESTIONS && !names.iter().any(|name| name == known) {
                names.push(known.to_owned());
            }
        }
        names
    }

    fn get(&self, kind: RegionKind, folded_name: &str) -> Option<usize> {
        self.slots.get(&(kind, folded_name.to_owned())).copied()
    }
}

/// Lower case without accents; anything but letters and digits becomes one space.
pub(crate) fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_to_letters_digits_and_single_spaces() {
        for (name, expected) in [
            ("  Súdwest-Fryslân ", "sudwest fryslan"),
            ("'s-Gravenhage", "s gravenhage"),
            ("Bergen (L.)", "bergen l"),
            ("--", ""),
        ] {
            assert_eq!(folded(name), expected);
        }
    }
}
