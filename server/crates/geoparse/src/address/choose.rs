//! Which of several streets of one name is meant, and how sure that is.
//!
//! Evidence is added up as log-odds: one sum for each street that bears the name, one for a street that no file has, and one for
//! "these words are a street at all" (see `odds`). All weights were set by hand on development texts.

use std::cell::OnceCell;

use model::{ACCEPTANCE_THRESHOLD, Alternative, LonLat, Mention, Place, PlaceKind, RegionKind};

use super::file::{Address, AddressFile};
use super::layout::postcode_digits;
use super::lookup::Candidate;
use super::number::HouseNumber;
use super::odds::{is_part_of_names, is_street, stands_out, unknown_street};
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
/// Weight of a place beside a street that is written there, but was not taken for a place by itself.
const WRITTEN: f32 = 6.0;
/// Farther than this, a place says nothing more about a street.
const FAR_M: f64 = 40_000.0;
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

/// The key of a place's name, made when it is needed: most names begin differently.
#[derive(Debug, Clone)]
pub(super) struct LazyKey<'s> {
    name: &'s str,
    key: OnceCell<Vec<u8>>,
}

impl<'s> LazyKey<'s> {
    pub(super) fn of(name: &'s str) -> Self {
        Self { name, key: OnceCell::new() }
    }

    fn is(&self, key: &[u8]) -> bool {
        !begin_differently(self.name.as_bytes(), key) && self.key.get_or_init(|| key_of_place(self.name)) == key
    }
}

/// Words beside a street that may be its place.
#[derive(Debug, Clone)]
pub(super) struct WrittenPlace<'s> {
    key: LazyKey<'s>,
    /// Without one, only a number that the street has there makes a place of them.
    has_capital: bool,
}

impl<'s> WrittenPlace<'s> {
    pub(super) fn of(words: &'s str) -> Self {
        let name = ["de ", "den ", "het ", "'t ", "’t "].iter().find_map(|article| words.strip_prefix(article));
        let name = name.unwrap_or(words).trim_start_matches(['\'', '’']);
        Self { key: LazyKey::of(words), has_capital: name.starts_with(char::is_uppercase) }
    }
}

/// Where a house number stands to its street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// "Dorpsstraat 12"
    Behind,
    /// "12 Dorpsstraat": counts only where the street has it.
    Before,
    /// "Dorpsstraat in Ruinen 12": likewise.
    Apart,
}

/// A street's name where it stands, with everything around it that may belong to it.
pub(super) struct Sighting<'s> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The name in folded bytes.
    pub(super) folded: (usize, usize),
    pub(super) words: usize,
    pub(super) number: Option<(HouseNumber, Standing)>,
    /// A postcode, and where it ends when it stands right behind.
    pub(super) postcode: Option<(Code, Option<usize>)>,
    pub(super) places: Vec<WrittenPlace<'s>>,
    pub(super) candidates: Vec<Candidate>,
}

impl Sighting<'_> {
    /// Whether it is a part of the name of a place, and not all of it.
    pub(super) fn is_within(&self, place: &Beside<'_>) -> bool {
        place.start < self.start || place.end > self.end
    }

    /// Bytes that the number takes between the street and a place beside it.
    fn between(&self) -> usize {
        match &self.number {
            Some((number, Standing::Behind)) => number.reach() - self.end,
            Some((number, Standing::Before)) => self.start - number.start,
            _ => 0,
        }
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
    /// What the place beside it would weigh more if it were sure to be a place: the number that the street has there makes it so.
    sureness: f32,
    /// The place is written beside it in small letters.
    written_small: bool,
    pub(super) postcode: bool,
    pub(super) against: bool,
    pub(super) conversation: bool,
    pub(super) home: bool,
}

/// Decides, by the places named `around` it. `None` when the words are hardly a street.
pub(super) fn choose(scene: &Scene<'_>, mut sighting: Sighting<'_>, around: &[Beside<'_>]) -> Option<Mention> {
    let overlaps = |beside: &&Beside<'_>| beside.start < sighting.end && sighting.start < beside.end;
    let own = around.iter().find(|beside| overlaps(beside) && beside.is_place * beside.share >= 0.5).copied();
    if sighting.number.is_none()
        && (own.is_some_and(|own| sighting.is_within(&own)) || is_part_of_names(scene, &sighting))
    {
        return None;
    }
    let named: Vec<Beside<'_>> = around.iter().filter(|beside| !overlaps(beside)).copied().collect();
    let mut weighed = weigh(scene, &sighting, &named);
    if weighed.iter().all(|(_, weighed)| weighed.address.is_none()) {
        sighting.number = sighting.number.filter(|(_, standing)| *standing == Standing::Behind);
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
            let id = scene.addresses.street_id(candidate);
            Alternative { name: told_apart(scene, candidate), id, confidence }
        })
        .collect();
    let reasons = reasons(scene, &sighting, &best, &chosen, weighed.len(), share(chosen.score));
    Some(mention(scene, &sighting, &best, &chosen, confidence, reasons, alternatives))
}

/// A postcode with a house number.
pub(super) fn of_postcode(
    scene: &Scene<'_>,
    (start, end): (usize, usize),
    (number, standing): (&HouseNumber, Standing),
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
    let span = match standing {
        Standing::Before => (number.start, end),
        _ => (start, end_of_number(number, fit)),
    };
    Some(assembled(scene, span, place, POSTCODE_CONFIDENCE, reasons, Vec::new()))
}

fn weigh<'s>(scene: &Scene<'_>, sighting: &Sighting<'_>, named: &[Beside<'s>]) -> Vec<(Candidate, Weighed<'s>)> {
    let keys: Vec<LazyKey<'_>> = named.iter().map(|beside| LazyKey::of(&beside.place.name)).collect();
    let of_code: Vec<(usize, u32)> = match sighting.postcode {
        Some((Code::Six(code), _)) => streets_of_code(scene, code),
        _ => Vec::new(),
    };
    let mut weighed: Vec<(Candidate, Weighed<'s>)> = sighting
        .candidates
        .iter()
        .map(|candidate| (*candidate, weigh_one(scene, sighting, named, &keys, &of_code, candidate)))
        .collect();
    if let Some((number, _)) = &sighting.number {
        if weighed.len() > SEARCHED {
            weighed.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score));
        }
        for (candidate, weighed) in weighed.iter_mut().take(SEARCHED) {
            weighed.address = address_of(scene, candidate, number, sighting.postcode);
            if weighed.written_small && weighed.address.is_some() {
                weighed.written = true;
                weighed.beside = true;
            }
            weighed.score += match weighed.address {
                Some((_, Fit::Number)) => 1.8,
                Some(_) => 2.5 + weighed.sureness,
                None => 0.0,
            };
        }
    }
    weighed
}

fn weigh_one<'s>(
    scene: &Scene<'_>,
    sighting: &Sighting<'_>,
    named: &[Beside<'s>],
    keys: &[LazyKey<'_>],
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
        let is_beside = gap <= BESIDE_BYTES + sighting.between();
        let distance_m = distance_up_to_far(street.point, beside.place);
        let is_it = match beside.place.kind {
            PlaceKind::Municipality => same_area(&beside.place.name, municipality),
            PlaceKind::Province => same_area(&beside.place.name, province),
            _ => distance_m < 20_000.0 && key.is(file.place_key(street.place)),
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
        let sure = weight * (0.5 + 0.5 * beside.share);
        let weight = sure * beside.is_place;
        if is_it && beside.place.kind != PlaceKind::Province {
            if weighed.through.is_none() || is_beside {
                weighed.through = Some(beside.place);
            }
            weighed.beside |= is_beside;
            if is_beside {
                weighed.sureness = weighed.sureness.max(sure - weight);
            }
        } else if weight >= 1.0 {
            weighed.nearby = Some(beside.place);
        }
        best = Some(best.map_or(weight, |best| best.max(weight)));
    }
    let written = sighting.places.iter().filter(|place| place.key.is(file.place_key(street.place)));
    if weighed.through.is_none()
        && let Some(has_capital) = written.map(|place| place.has_capital).max()
    {
        if has_capital {
            weighed.written = true;
            weighed.beside = true;
            best = Some(best.unwrap_or(0.0).max(WRITTEN));
        } else {
            weighed.sureness = WRITTEN - best.unwrap_or(0.0).max(0.0);
            weighed.written_small = true;
        }
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

/// The distance between a street and a place; infinite where that is plain to see: most namesakes are far away.
fn distance_up_to_far(street: LonLat, place: &Place) -> f64 {
    let is_small = f64::from(place.radius_m) < FAR_M / 2.0;
    // A degree of latitude is 111 km, one of longitude at least 60 km where there are streets of ours.
    let is_far =
        (street.lat - place.lat).abs() * 111_000.0 > FAR_M || (street.lon - place.lon).abs() * 60_000.0 > FAR_M;
    if is_small && is_far { f64::INFINITY } else { street.distance_m(place.point()) }
}

/// Names of areas, without what tells them from their namesakes: `Middelburg (Z.)`.
fn same_area(ours: &str, theirs: &str) -> bool {
    if begin_differently(ours.as_bytes(), theirs.as_bytes()) {
        return false;
    }
    let plain = |name: &str| fold_name(name.split(" (").next().unwrap_or_default());
    !theirs.is_empty() && plain(ours) == plain(theirs)
}

/// Whether two names, however they are folded, cannot be the same: most are told apart so, and need no folding.
fn begin_differently(ours: &[u8], theirs: &[u8]) -> bool {
    let (Some(a), Some(b)) = (ours.first(), theirs.first()) else { return false };
    a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && !a.eq_ignore_ascii_case(b)
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
