//! Which of several streets of one name is meant, and how sure that is.
//!
//! Evidence is added up as log-odds: one sum for each street that bears the name, one for a street that no file has, and one for
//! "these words are a street at all" (see `odds`). All weights were set by hand on development texts.

use model::{ACCEPTANCE_THRESHOLD, Alternative, Mention, Place, PlaceKind, RegionKind};

use super::file::{Address, AddressFile};
use super::layout::postcode_digits;
use super::lookup::Candidate;
use super::number::HouseNumber;
use super::odds::{is_street, stands_out, unknown_street};
use super::recognise::{Scene, key_of_place};
use super::told::{assembled, end_of_number, mention, reasons, told_apart};
use crate::fold::fold_name;
use crate::resolve::home::Home;
use crate::resolve::weights::FLOOR;

/// Streets whose addresses are searched for the number: the best by everything else.
const SEARCHED: usize = 48;
/// Addresses of one number that are looked at.
const MOST_OF_A_NUMBER: usize = 4_096;
/// Bytes between a street and a place that stands beside it: ", ", " bij ", " in het ".
const BESIDE_BYTES: usize = 12;
/// Alternatives that are told.
const ALTERNATIVES: usize = 3;
/// Nothing found by rules is surer than this.
const MOST_CONFIDENCE: f32 = 0.98;
/// A postcode and its number leave little to doubt.
const POSTCODE_CONFIDENCE: f32 = 0.95;

/// A place named in the message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'s> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) place: &'s Place,
    /// Probability that the words mean a place.
    pub(crate) is_place: f32,
    /// The share of this place among its namesakes.
    pub(crate) share: f32,
}

/// A postcode beside a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Four(u16),
    Six(u32),
}

/// A street's name where it stands, with everything around it that may belong to it.
pub(super) struct Sighting {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The name in folded bytes.
    pub(super) folded: (usize, usize),
    pub(super) words: usize,
    pub(super) number: Option<HouseNumber>,
    pub(super) number_before: Option<HouseNumber>,
    /// A postcode, and where it ends when it stands right behind.
    pub(super) postcode: Option<(Code, Option<usize>)>,
    /// Keys of words beside it that may be the place.
    pub(super) places: Vec<Vec<u8>>,
    pub(super) candidates: Vec<Candidate>,
}

impl HouseNumber {
    /// Where the number ends with everything that may belong to it.
    pub(super) fn reach(&self) -> usize {
        self.suffix.as_ref().map_or(self.end, |(_, end)| *end)
    }
}

/// How an address fits the number as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The number is there, its letter is not.
    Number,
    /// The number is there, and what stands behind it with a space is something else.
    NumberAlone,
    /// All of it.
    Whole,
}

/// What speaks for a candidate.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign that becomes a reason")]
pub(super) struct Weighed<'s> {
    pub(super) score: f32,
    pub(super) address: Option<(Address, Fit)>,
    pub(super) through: Option<&'s Place>,
    /// The place is written beside it, whatever else its words may mean.
    pub(super) written: bool,
    pub(super) nearby: Option<&'s Place>,
    pub(super) beside: bool,
    pub(super) postcode: bool,
    pub(super) against: bool,
    pub(super) conversation: bool,
    pub(super) home: bool,
}

/// Decides. `None` when the words are hardly a street.
pub(super) fn choose(scene: &Scene<'_>, mut sighting: Sighting) -> Option<Mention> {
    let around = (scene.named)(sighting.start, sighting.end);
    let overlaps = |beside: &&Beside<'_>| beside.start < sighting.end && sighting.start < beside.end;
    let own = around.iter().find(|beside| overlaps(beside) && beside.is_place * beside.share >= 0.5).copied();
    let named: Vec<Beside<'_>> = around.iter().filter(|beside| !overlaps(beside)).copied().collect();
    let mut weighed = weigh(scene, &sighting, &named);
    if weighed.iter().all(|(_, weighed)| weighed.address.is_none()) {
        sighting.number_before = None;
    }
    weighed.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score));
    let (best, chosen) = *weighed.first()?;
    let is_street = is_street(scene, &sighting, &chosen, own.as_ref())?;
    let unknown = unknown_street(scene, &sighting, &chosen, &named);
    let top = chosen.score.max(unknown);
    let sum: f32 = weighed.iter().map(|(_, weighed)| (weighed.score - top).exp()).sum::<f32>() + (unknown - top).exp();
    let share = |score: f32| (score - top).exp() / sum;
    let confidence = (is_street * share(chosen.score)).min(MOST_CONFIDENCE);
    let weak = chosen.address.is_none() && !stands_out(scene, &sighting);
    // A name that is plainly a street's is kept for review, however many streets bear it.
    if weak && confidence < ACCEPTANCE_THRESHOLD || confidence < FLOOR && !stands_out(scene, &sighting) {
        return None;
    }
    let alternatives = weighed[1..]
        .iter()
        .map(|(candidate, weighed)| (candidate, is_street * share(weighed.score)))
        .take(ALTERNATIVES)
        .filter(|(_, confidence)| *confidence >= 0.01)
        .map(|(candidate, confidence)| {
            let place = scene.addresses.street_place(candidate, scene.gazetteer);
            Alternative { name: told_apart(scene, candidate), id: place.id, confidence }
        })
        .collect();
    let reasons = reasons(scene, &sighting, &best, &chosen, weighed.len(), share(chosen.score));
    Some(mention(scene, &sighting, &best, &chosen, confidence, reasons, alternatives))
}

/// A postcode with a house number.
pub(super) fn of_postcode(
    scene: &Scene<'_>,
    start: usize,
    number: &HouseNumber,
    found: &[(Candidate, Address)],
) -> Option<Mention> {
    let fits = found.iter().filter_map(|(candidate, address)| {
        let fit = fit(&scene.addresses.files()[candidate.file], address, number)?;
        Some((fit, std::cmp::Reverse(address.suffix), candidate, address))
    });
    let (fit, _, candidate, address) = fits.max_by_key(|(fit, suffix, ..)| (*fit, *suffix))?;
    let place = scene.addresses.address_place(candidate, address, scene.gazetteer);
    let mut reasons = vec!["postcode_number".to_owned()];
    if fit == Fit::Number {
        reasons.push("suffix_unknown".to_owned());
    }
    let stop = end_of_number(number, fit);
    Some(assembled(scene, (start, stop), place, POSTCODE_CONFIDENCE, reasons, Vec::new()))
}

fn weigh<'s>(scene: &Scene<'_>, sighting: &Sighting, named: &[Beside<'s>]) -> Vec<(Candidate, Weighed<'s>)> {
    let keys: Vec<Vec<u8>> = named.iter().map(|beside| key_of_place(&beside.place.name)).collect();
    let of_code: Vec<(usize, u32)> = match sighting.postcode {
        Some((Code::Six(code), _)) => streets_of_code(scene, code),
        _ => Vec::new(),
    };
    let mut weighed: Vec<(Candidate, Weighed<'s>)> = sighting
        .candidates
        .iter()
        .map(|candidate| (*candidate, weigh_one(scene, sighting, named, &keys, &of_code, candidate)))
        .collect();
    if let Some(number) = sighting.number.as_ref().or(sighting.number_before.as_ref()) {
        if weighed.len() > SEARCHED {
            weighed.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score));
        }
        for (candidate, weighed) in weighed.iter_mut().take(SEARCHED) {
            weighed.address = address_of(scene, candidate, number, sighting.postcode);
            weighed.score += match weighed.address {
                Some((_, Fit::Number)) => 1.8,
                Some(_) => 2.5,
                None => 0.0,
            };
        }
    }
    weighed
}

fn weigh_one<'s>(
    scene: &Scene<'_>,
    sighting: &Sighting,
    named: &[Beside<'s>],
    keys: &[Vec<u8>],
    of_code: &[(usize, u32)],
    candidate: &Candidate,
) -> Weighed<'s> {
    let file = &scene.addresses.files()[candidate.file];
    let street = &candidate.street;
    let mut weighed =
        Weighed { score: (1.0 + f64::from(street.end - street.first)).ln() as f32 * 0.25, ..Weighed::default() };
    if candidate.shorter {
        weighed.score -= 1.2;
    }
    if let Some((code, _)) = sighting.postcode {
        let digits = |digits: u16| file.sample(*street).any(|address| postcode_digits(address.postcode) == digits);
        let fits = match code {
            Code::Six(_) if of_code.contains(&(candidate.file, street.number)) => 8.0,
            Code::Six(number) if digits(postcode_digits(number)) => 3.0,
            Code::Four(four) if digits(four) => 5.0,
            _ => -4.0,
        };
        weighed.postcode = fits > 3.0;
        weighed.score += fits;
    }
    let [_, municipality, province] = file.area(street.place);
    let mut best: Option<f32> = None;
    for (beside, key) in named.iter().zip(keys) {
        let gap = if beside.start >= sighting.end { beside.start - sighting.end } else { sighting.start - beside.end };
        let is_beside =
            gap <= BESIDE_BYTES + sighting.number.as_ref().map_or(0, |number| number.reach() - sighting.end);
        let distance_m = street.point.distance_m(beside.place.point());
        let is_it = match beside.place.kind {
            PlaceKind::Municipality => same_area(&beside.place.name, municipality),
            PlaceKind::Province => same_area(&beside.place.name, province),
            _ => distance_m < 20_000.0 && key == file.place_key(street.place),
        };
        let weight = match beside.place.kind {
            PlaceKind::Province | PlaceKind::Region if is_it => 2.0,
            PlaceKind::Province if !province.is_empty() => -2.0,
            PlaceKind::Country | PlaceKind::Region | PlaceKind::Province => 0.0,
            _ if is_it && is_beside => 7.0,
            _ if is_it => 5.5,
            PlaceKind::Municipality => -1.0,
            _ if distance_m < f64::from(beside.place.radius_m).max(1_500.0) => 4.0,
            _ if distance_m < 5_000.0 => 3.0,
            _ if distance_m < 15_000.0 => 1.5,
            _ if distance_m < 30_000.0 => 0.3,
            _ => -1.5,
        };
        let weight = weight * beside.is_place * (0.5 + 0.5 * beside.share);
        if is_it && beside.place.kind != PlaceKind::Province {
            if weighed.through.is_none() || is_beside {
                weighed.through = Some(beside.place);
            }
            weighed.beside |= is_beside;
        } else if weight >= 1.0 {
            weighed.nearby = Some(beside.place);
        }
        best = Some(best.map_or(weight, |best| best.max(weight)));
    }
    if weighed.through.is_none() && sighting.places.iter().any(|key| key == file.place_key(street.place)) {
        weighed.written = true;
        weighed.beside = true;
        best = Some(best.unwrap_or(0.0).max(6.0));
    }
    weighed.against = best.is_some_and(|best| best < 0.0);
    weighed.score += best.unwrap_or(0.0);
    if weighed.through.is_none() && !weighed.written {
        let nearest = scene.seen.iter().map(|seen| seen.distance_m(street.point)).fold(f64::INFINITY, f64::min);
        let of_conversation = match nearest {
            near if near < 5_000.0 => 2.5,
            near if near < 15_000.0 => 1.5,
            near if near < 40_000.0 => 0.5,
            _ => 0.0,
        };
        weighed.conversation = of_conversation >= 1.5;
        weighed.score += of_conversation;
        weighed.home = scene.home.is_some_and(|home| is_home(scene, municipality, province, home));
        weighed.score += if weighed.home { 2.0 } else { 0.0 };
    }
    weighed
}

/// Names of areas, without what tells them from their namesakes: `Middelburg (Z.)`.
fn same_area(ours: &str, theirs: &str) -> bool {
    let plain = |name: &str| fold_name(name.split(" (").next().unwrap_or_default());
    !theirs.is_empty() && plain(ours) == plain(theirs)
}

fn is_home(scene: &Scene<'_>, municipality: &str, province: &str, home: &Home) -> bool {
    let unit = || scene.gazetteer.municipality(municipality, province)?.police_unit.as_deref();
    home.is(RegionKind::Municipality, Some(municipality))
        || home.is(RegionKind::Province, Some(province))
        || home.is(RegionKind::PoliceUnit, unit())
}

fn streets_of_code(scene: &Scene<'_>, code: u32) -> Vec<(usize, u32)> {
    let files = scene.addresses.files().iter().enumerate();
    files
        .flat_map(|(index, file)| {
            let code = file.code(code);
            code.into_iter().flat_map(|code| file.streets_of_code(code)).map(move |street| (index, street.number))
        })
        .collect()
}

/// The address of a street that fits the number best.
fn address_of(
    scene: &Scene<'_>,
    candidate: &Candidate,
    number: &HouseNumber,
    postcode: Option<(Code, Option<usize>)>,
) -> Option<(Address, Fit)> {
    let file = &scene.addresses.files()[candidate.file];
    let six = match postcode {
        Some((Code::Six(code), _)) => code,
        _ => 0,
    };
    file.numbered(candidate.street, number.number)
        .take(MOST_OF_A_NUMBER)
        .filter_map(|address| Some((address, fit(file, &address, number)?)))
        .max_by_key(|(address, fit)| (*fit, address.postcode == six, std::cmp::Reverse(address.suffix)))
}

fn fit(file: &AddressFile, address: &Address, number: &HouseNumber) -> Option<Fit> {
    let ours = file.suffix(address.suffix).bytes().filter(|byte| *byte != b'-');
    let Some((suffix, end)) = &number.suffix else { return Some(Fit::Whole) };
    if ours.eq(suffix.bytes().filter(|byte| *byte != b'-')) {
        return Some(Fit::Whole);
    }
    // A letter behind a space is more often the next word than a letter of the house.
    let apart = *end > number.end + suffix.trim_start_matches('-').len() && !suffix.contains('-');
    if !number.alone {
        None
    } else if apart {
        Some(Fit::NumberAlone)
    } else {
        Some(Fit::Number)
    }
}
