//! Place codes of emergency pagers: `SGRAVH`, `ZOETMR`, `NDWKZH`. Six capitals, now and then five, in the order of the name.
//!
//! The control rooms' own table is not public; the codes follow a habit, though. A code keeps the first three letters or more, and
//! of the rest what sounds: the letters that begin its parts, and the last. `Nieuw`, `Noord`, `Oude` and the like are cut short
//! (`NW`, `ND`, `OD`). A name that other provinces have, too, is told by its province in the last two letters (`RIJSZH`). What the
//! habit does not give stands in [`EXCEPTIONS`]. Never here: whether a text is a pager message (see `pager`).

use std::collections::HashMap;

use model::{LonLat, PlaceKind};

use crate::fold::fold_name;
use crate::gazetteer::Gazetteer;
use crate::names::Names;

/// Letters of a code; a shorter one counts when it is all of a name cut short.
const LETTERS: std::ops::RangeInclusive<usize> = 5..=6;
const SHORTEST: usize = 4;
/// A code begins as its name does, for so many letters at least.
const LEAST_PREFIX: usize = 3;
/// Behind so many first letters one may be anything: `BRUINN` for Bruinisse.
const SURE_PREFIX: usize = 5;
/// What is put behind three or four letters to tell namesakes apart.
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
/// How names begin and what codes make of it.
const CUT: [(&str, &str); 8] = [
    ("nieuwer", "nw"),
    ("nieuwe", "nw"),
    ("nieuw", "nw"),
    ("noor", "n"),
    ("oost", "ot"),
    ("ouder", "od"),
    ("west", "w"),
    ("zuid", "z"),
];
/// Codes outside the habit, and the folded name they stand for.
const EXCEPTIONS: [(&str, &str); 3] = [("lage", "lage zwaluwe"), ("schild", "schipluiden"), ("sgravd", "s gravendeel")];
/// Codes are a habit of the control rooms of Zuid-Holland: they mean a place near here more often than elsewhere.
const HABIT: (f64, f64) = (4.5, 51.97);
/// A region reaches about so far, and beyond it the evidence falls by e over half as much.
const REACH_M: f64 = 30_000.0;
/// What lying in the region is worth, in letters.
const NEAR: f64 = 2.0;
/// The same for where the habit is at home.
const NEAR_HABIT: f64 = 1.0;

/// A name that codes stand for.
#[derive(Debug, PartialEq, PartialOrd)]
struct Known {
    /// Folded, without spaces, as codes begin it.
    name: String,
    place: u32,
    number: u32,
    province: &'static str,
    /// Places of this name lie in other provinces, too.
    has_namesakes: bool,
}

/// Names that codes stand for.
#[derive(Debug, Default)]
pub(crate) struct PagerCodes {
    /// Sorted.
    names: Vec<Known>,
    points: HashMap<u32, LonLat>,
    /// Exceptions, with the number of the name and the place.
    exceptions: Vec<(&'static str, u32, u32)>,
}

impl PagerCodes {
    /// Every name of the official Dutch places.
    pub(crate) fn new(gazetteer: &Gazetteer, names: &Names) -> Self {
        let mut codes = Self::default();
        let mut bearers: HashMap<String, Vec<Option<&str>>> = HashMap::new();
        let dutch = |place: &model::Place| place.country.as_deref() == Some("NL");
        for entry in gazetteer.entries().iter().filter(|entry| dutch(&entry.place)) {
            if matches!(entry.place.kind, PlaceKind::Locality | PlaceKind::District) {
                bearers.entry(fold_name(&entry.place.name)).or_default().push(entry.place.province.as_deref());
            }
        }
        for (place_number, entry) in gazetteer.entries().iter().enumerate() {
            let place = &entry.place;
            if place.kind != PlaceKind::Locality || !dutch(place) || entry.postcodes.is_empty() {
                continue;
            }
            let province =
                PROVINCES.iter().find(|(name, _)| place.province.as_deref() == Some(name)).map_or("", |(_, code)| code);
            // Where an official name stands beside the usual one (Den Haag, 's-Gravenhage), codes are made of it.
            let official = entry.names.iter().any(|name| name.starts_with("'s-"));
            let own = std::iter::once(&place.name).filter(|_| !official);
            for name in own.chain(&entry.names) {
                let folded = fold_name(name);
                let Some(number) = names.number(&folded) else { continue };
                let has_namesakes = bearers
                    .get(&folded)
                    .is_some_and(|provinces| provinces.iter().any(|other| *other != place.province.as_deref()));
                if let Some((code, _)) = EXCEPTIONS.iter().find(|(_, known)| *known == folded) {
                    codes.exceptions.push((code, number, place_number as u32));
                }
                codes.points.insert(place_number as u32, place.point());
                for name in spellings(&folded.replace(' ', "")) {
                    codes.names.push(Known { name, place: place_number as u32, number, province, has_namesakes });
                }
            }
        }
        codes.names.sort_unstable_by(|a, b| a.name.cmp(&b.name).then(a.place.cmp(&b.place)));
        codes.names.dedup();
        codes
    }

    /// The name and the place that a folded code stands for, in a message of a region or of one that does not say.
    pub(crate) fn meaning(&self, code: &[u8], region: Option<LonLat>) -> Option<(u32, u32)> {
        let code = std::str::from_utf8(code).ok().filter(|code| (SHORTEST..=*LETTERS.end()).contains(&code.len()))?;
        if !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        if let Some((_, number, place)) = self.exceptions.iter().find(|(known, ..)| *known == code) {
            return Some((*number, *place));
        }
        let prefix = &code[..LEAST_PREFIX];
        let from = self.names.partition_point(|known| known.name.as_str() < prefix);
        let alike = self.names[from..].iter().take_while(|known| known.name.starts_with(prefix));
        alike
            .filter_map(|known| Some((fit(code, known)? + self.nearness(known.place, region), known)))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, known)| (known.number, known.place))
    }

    fn nearness(&self, place: u32, region: Option<LonLat>) -> f64 {
        let Some(point) = self.points.get(&place) else { return 0.0 };
        let near = |middle: LonLat| {
            let beyond = (point.distance_m(middle) - REACH_M).max(0.0);
            (-2.0 * beyond / REACH_M).exp()
        };
        let habit = LonLat::new(HABIT.0, HABIT.1).map_or(0.0, |middle| NEAR_HABIT * near(middle));
        habit + region.map_or(0.0, |middle| NEAR * near(middle))
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let names: usize = self.names.iter().map(|known| known.name.capacity()).sum();
        names
            + self.names.capacity() * size_of::<Known>()
            + self.points.capacity() * size_of::<(u32, LonLat)>()
            + self.exceptions.capacity() * size_of::<(&str, u32, u32)>()
    }
}

/// A name without spaces, and as its beginning is cut short.
fn spellings(name: &str) -> Vec<String> {
    let cut = CUT.iter().filter_map(|(whole, short)| Some(format!("{short}{}", name.strip_prefix(whole)?)));
    std::iter::once(name.to_owned())
        .chain(cut)
        .chain(name.strip_prefix("ter").map(|rest| format!("tr{rest}")))
        .collect()
}

/// How well a code fits a name, in letters; `None` when it does not.
fn fit(code: &str, known: &Known) -> Option<f64> {
    let name = known.name.as_str();
    if code.len() < *LETTERS.start() {
        return (code == name).then_some(code.len() as f64);
    }
    // A short code drops vowels, or everything behind it: `BOSKP`, `VOORB`, but nothing as `EINDE`.
    let cuts_vowels = code.len() > *LETTERS.start() || name.starts_with(code) || !code.ends_with(is_vowel);
    let whole = within(code, name).filter(|_| cuts_vowels);
    let (stem, province) = code.split_at(code.len() - 2);
    let told = (province == known.province && stem.len() >= LEAST_PREFIX)
        .then(|| within(stem, name))
        .flatten()
        // Who tells the province of a name that is the only one of it?
        .map(|fit| fit + if known.has_namesakes { 2.5 } else { 0.0 });
    let nearly = (code.len() > SURE_PREFIX && name.len() > 4 && name.starts_with(&code[..SURE_PREFIX]))
        .then_some(SURE_PREFIX as f64 - 1.0);
    whole.into_iter().chain(told).chain(nearly).max_by(f64::total_cmp)
}

/// Letters that code and name begin with, less what speaks against the others; `None` when they do not come in this order.
fn within(code: &str, name: &str) -> Option<f64> {
    let prefix = code.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    if prefix < LEAST_PREFIX {
        return None;
    }
    let name = name.as_bytes();
    let mut at = prefix;
    let mut onsets = 0;
    for letter in code[prefix..].bytes() {
        at += name[at..].iter().position(|other| *other == letter)? + 1;
        // What begins a part of the name is said more often than what ends one.
        onsets += usize::from(name.get(at).is_some_and(|next| is_vowel(char::from(*next))));
    }
    let rest = (code.len() - prefix) as f64;
    let letters_left = (name.len() - prefix) as f64;
    let onset = if rest > 0.0 { onsets as f64 / rest } else { 1.0 };
    Some(prefix as f64 + onset - 0.08 * letters_left)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str, province: &'static str, has_namesakes: bool) -> Known {
        Known { name: name.to_owned(), place: 0, number: 0, province, has_namesakes }
    }

    #[test]
    fn letters_must_come_in_order() {
        assert!(within("zoetmr", "zoetermeer").is_some());
        assert!(within("zoemrt", "zoetermeer").is_none());
        assert!(within("zmeter", "zoetermeer").is_none());
        assert!(within("sgravh", "sgravenhage") > within("sgravh", "sgravelandschehuis"));
        // The part begins with it: deel, not land.
        assert!(within("sgravd", "sgravendeel") > within("sgravd", "sgraveland"));
    }

    #[test]
    fn a_province_tells_namesakes_apart() {
        assert!(fit("rijszh", &known("rijswijk", "zh", true)) > fit("rijszh", &known("rijswijk", "ge", true)));
        assert!(fit("zevhzh", &known("zevenhuizen", "zh", true)) > fit("zevhzh", &known("zevenhoven", "zh", false)));
    }

    #[test]
    fn beginnings_are_cut_short() {
        assert!(spellings("nieuwerkerkaandenijssel").contains(&"nwkerkaandenijssel".to_owned()));
        assert!(spellings("noordwijk").contains(&"ndwijk".to_owned()));
        assert!(spellings("terheijde").contains(&"trheijde".to_owned()));
        assert_eq!(spellings("assen"), ["assen"]);
    }
}
