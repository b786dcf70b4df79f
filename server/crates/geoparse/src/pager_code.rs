//! Place codes of emergency pagers: `SGRAVH`, `ZOETMR`, `NDWKZH`. Six capitals, now and then five, in the order of the name.
//!
//! The control rooms' own table is not public; the codes follow a habit, though, and of 157 known ones the rule here finds more than nine in ten. Never
//! here: whether a text is a pager message that may hold one (see [`is_pager_message`], which its caller asks first).

use model::PlaceKind;

use crate::fold::fold_name;
use crate::gazetteer::Gazetteer;
use crate::names::Names;

/// Letters of a code.
const LETTERS: std::ops::RangeInclusive<usize> = 5..=6;
/// A code begins as its name does, for so many letters at least.
const LEAST_PREFIX: usize = 1;
/// What is put behind four letters to tell namesakes apart.
const PROVINCES: [(&str, &str); 12] = [
    ("Drenthe", "dr"),
    ("Flevoland", "fl"),
    ("Friesland", "fr"),
    ("Gelderland", "ge"),
    ("Groningen", "gn"),
    ("Limburg", "lb"),
    ("Noord-Brabant", "nb"),
    ("Noord-Holland", "nh"),
    ("Overijssel", "ov"),
    ("Utrecht", "ut"),
    ("Zeeland", "ze"),
    ("Zuid-Holland", "zh"),
];

/// Names that codes stand for.
#[derive(Debug, Default)]
pub(crate) struct PagerCodes {
    /// Folded name without spaces, number of the name, abbreviation of the province; sorted.
    names: Vec<(String, u32, &'static str)>,
}

impl PagerCodes {
    /// Every name of the official Dutch places.
    pub(crate) fn new(gazetteer: &Gazetteer, names: &Names) -> Self {
        let mut known = Vec::new();
        for entry in gazetteer.entries() {
            let place = &entry.place;
            if place.kind != PlaceKind::Locality || place.country.as_deref() != Some("NL") || entry.postcodes.is_empty()
            {
                continue;
            }
            let province =
                PROVINCES.iter().find(|(name, _)| place.province.as_deref() == Some(name)).map_or("", |(_, code)| code);
            for name in std::iter::once(&place.name).chain(&entry.names) {
                let folded = fold_name(name);
                if let Some(number) = names.number(&folded) {
                    known.push((folded.replace(' ', ""), number, province));
                }
            }
        }
        known.sort_unstable();
        known.dedup();
        Self { names: known }
    }

    /// The name that a folded code stands for: the one it shares most first letters with; of those the shortest.
    pub(crate) fn name_of(&self, code: &[u8]) -> Option<u32> {
        let code = std::str::from_utf8(code).ok().filter(|code| LETTERS.contains(&code.len()))?;
        if !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        self.best(code, None).or_else(|| {
            let (stem, province) = code.split_at(code.len() - 2);
            self.best(stem, Some(province))
        })
    }

    fn best(&self, code: &str, province: Option<&str>) -> Option<u32> {
        let from = self.names.partition_point(|(name, ..)| name.as_str() < &code[..1]);
        let same_letter = self.names[from..].iter().take_while(|(name, ..)| name.starts_with(&code[..1]));
        same_letter
            .filter(|(name, _, of)| province.is_none_or(|province| province == *of) && is_within(code, name))
            .map(|(name, number, _)| (shared_prefix(code, name), std::cmp::Reverse(name.len()), *number))
            .filter(|(prefix, ..)| *prefix >= LEAST_PREFIX)
            .max()
            .map(|(.., number)| number)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let names: usize = self.names.iter().map(|(name, ..)| name.capacity()).sum();
        names + self.names.capacity() * size_of::<(String, u32, &'static str)>()
    }
}

/// Whether the text begins as the messages of Dutch emergency pagers do: `A1 `, `B2 `, `P 1 `, `PRIO 2 `.
pub(crate) fn is_pager_message(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let Some(first) = words.next() else { return false };
    let digit = |word: &str| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_digit());
    let urgency = |word: &str| {
        let bytes = word.as_bytes();
        matches!(bytes, [b'A' | b'B' | b'P', digit] if digit.is_ascii_digit())
    };
    urgency(first) || (matches!(first, "P" | "PRIO" | "Prio") && words.next().is_some_and(digit))
}

/// Whether all letters of the code come in the name in this order.
fn is_within(code: &str, name: &str) -> bool {
    let mut letters = name.bytes();
    code.bytes().all(|letter| letters.any(|other| other == letter))
}

fn shared_prefix(code: &str, name: &str) -> usize {
    code.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pager_messages_are_told_by_their_urgency() {
        for text in ["A1 Ambu 08117", "B2 13206 Oosterpark", "P 1 BDH-03 brand", "PRIO 1 letsel", "A2 (dia: ja) 10341"]
        {
            assert!(is_pager_message(text), "{text}");
        }
        for text in ["Assen vandaag", "P zegt hoi", "", "APV 1"] {
            assert!(!is_pager_message(text), "{text}");
        }
    }

    #[test]
    fn letters_must_come_in_order() {
        assert!(is_within("zoetmr", "zoetermeer"));
        assert!(!is_within("zmeter", "zoetermeer"));
        assert_eq!(shared_prefix("sgravh", "sgravenhage"), 5);
    }
}
