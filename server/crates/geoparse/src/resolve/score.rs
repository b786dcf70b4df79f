//! Scoring: which place a name means, and how sure that is.

use model::{LonLat, PlaceKind};

use crate::fold::Folded;
use crate::gazetteer::Gazetteer;
use crate::gazetteer::variants::Form;
use crate::lexicon::Wordiness;
use crate::names::{Found, Name, Names, Written};
use crate::pager;

use super::context::{Around, Signs};
use super::prior::{Prior, Priors};
use super::weights::{self, Case, Cue};

/// How many places a reading keeps: the one chosen and the alternatives shown.
pub(crate) const KEPT: usize = 4;

/// Where the reader has another place from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// From this message.
    Here(u32),
    /// From an earlier one of the conversation.
    Before,
    /// From the number of the region that sent the message.
    ByRegion,
}

/// Another place that the reader has in mind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchor {
    pub(crate) point: LonLat,
    pub(crate) told: Told,
    /// Where its mention starts, so that it is no evidence for itself.
    pub(crate) start: u32,
}

/// A name read as a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) found: Found,
    pub(crate) signs: Signs,
    /// Probability that the name means a place at all.
    pub(crate) is_place: f32,
    /// Places with their share of that probability, most likely first.
    pub(crate) places: [(u32, f32); KEPT],
    pub(crate) kept: usize,
    pub(crate) form: Form,
    /// Words of the qualifier behind the name, as a range of folded bytes.
    pub(crate) qualifier: Option<(u32, u32)>,
    pub(crate) nearby: Option<u32>,
    /// What told the place chosen from the likeliest other one, most of all.
    pub(crate) decided_by: Option<&'static str>,
    pub(crate) in_conversation: bool,
    pub(crate) in_region: bool,
    pub(crate) home: bool,
}

impl Reading {
    pub(crate) fn confidence(&self) -> f32 {
        self.is_place * self.places[0].1
    }
}

/// What scoring looks at beside the name.
pub(crate) struct Scene<'s> {
    pub(crate) names: &'s Names,
    pub(crate) gazetteer: &'s Gazetteer,
    pub(crate) priors: &'s Priors,
    pub(crate) text: &'s str,
    pub(crate) folded: &'s Folded,
    pub(crate) anchors: &'s [Anchor],
}

/// Scores a name. `postcodes` are the four digits of those right before and right behind it.
pub(crate) fn score(
    scene: &Scene<'_>,
    found: Found,
    name: &Name,
    around: &Around<'_>,
    signs: Signs,
    postcodes: [Option<u16>; 2],
) -> Reading {
    let mut reading = Reading {
        found,
        signs,
        is_place: 0.0,
        places: [(0, 0.0); KEPT],
        kept: 0,
        form: Form::Preferred,
        qualifier: None,
        nearby: None,
        decided_by: None,
        in_conversation: false,
        in_region: false,
        home: false,
    };
    let mut total = 0.0_f64;
    let mut kept = [(0_u32, f32::NEG_INFINITY); KEPT];
    let mut best = Parts::default();
    // The strongest other one, for what decided.
    let mut second = Parts::default();
    for candidate in scene.names.candidates(name) {
        let counts = match candidate.form {
            Form::Code => in_brackets(scene.text, scene.folded, found),
            Form::Capitals => signs.has(Cue::AllCapitals),
            _ => true,
        };
        if !counts {
            continue;
        }
        let parts = parts(scene, candidate.place, candidate.form, found, around, &signs, postcodes[0]);
        total += f64::from(parts.logit).exp();
        keep(&mut kept, (candidate.place, parts.logit));
        if parts.logit > best.logit {
            second = std::mem::replace(&mut best, parts);
        } else if parts.logit > second.logit {
            second = parts;
        }
    }
    reading.form = best.form;
    reading.qualifier = best.qualifier;
    reading.home = best.of_home > 0.0;
    reading.nearby =
        best.anchor.and_then(|anchor| if let Told::Here(place) = anchor.told { Some(place) } else { None });
    reading.in_conversation = best.anchor.is_some_and(|anchor| anchor.told == Told::Before);
    reading.in_region = best.anchor.is_some_and(|anchor| anchor.told == Told::ByRegion);
    if best.of_postcode > 0.0 {
        reading.signs.add(Cue::Postcode);
    } else {
        reading.signs.cues &= !(1 << Cue::Postcode as u8);
    }
    if second.logit > f32::NEG_INFINITY {
        reading.decided_by = best.most_over(&second);
    }
    for (slot, &(place, logit)) in reading.places.iter_mut().zip(&kept) {
        if logit > f32::NEG_INFINITY {
            *slot = (place, (f64::from(logit).exp() / total) as f32);
            reading.kept += 1;
        }
    }
    if reading.kept > 0 {
        join_same(scene.priors, &mut reading);
        let own = &scene.gazetteer.entry(reading.places[0].0).postcodes;
        if postcodes[1].is_some_and(|code| !own.contains(&code)) && postcodes[0].is_none() {
            reading.signs.add(Cue::OtherPostcodeAfter);
        }
        reading.is_place = is_place(scene, &mut reading, name);
    }
    reading
}

/// What speaks for one of the namesakes, by what it comes from.
#[derive(Debug, Clone, Copy)]
struct Parts {
    /// The sum.
    logit: f32,
    form: Form,
    of_form: f32,
    of_people: f32,
    of_kind: f32,
    of_country: f32,
    of_home: f32,
    of_qualifier: f32,
    of_postcode: f32,
    of_nearby: f32,
    qualifier: Option<(u32, u32)>,
    anchor: Option<Anchor>,
}

impl Default for Parts {
    /// No candidate at all.
    fn default() -> Self {
        Self {
            logit: f32::NEG_INFINITY,
            form: Form::Preferred,
            of_form: 0.0,
            of_people: 0.0,
            of_kind: 0.0,
            of_country: 0.0,
            of_home: 0.0,
            of_qualifier: 0.0,
            of_postcode: 0.0,
            of_nearby: 0.0,
            qualifier: None,
            anchor: None,
        }
    }
}

impl Parts {
    /// The code of what this one is most over the other in.
    fn most_over(&self, other: &Self) -> Option<&'static str> {
        [
            ("decided_by_qualifier", self.of_qualifier - other.of_qualifier),
            ("decided_by_postcode", self.of_postcode - other.of_postcode),
            ("decided_by_nearby", self.of_nearby - other.of_nearby),
            ("decided_by_home", self.of_home - other.of_home),
            ("decided_by_population", self.of_people - other.of_people),
            ("decided_by_country", self.of_country - other.of_country),
            ("decided_by_kind", self.of_kind - other.of_kind),
            ("decided_by_spelling", self.of_form - other.of_form),
        ]
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, over)| *over > 0.0)
        .map(|(code, _)| code)
    }
}

fn parts(
    scene: &Scene<'_>,
    place: u32,
    form: Form,
    found: Found,
    around: &Around<'_>,
    signs: &Signs,
    postcode: Option<u16>,
) -> Parts {
    let prior = scene.priors.of(place);
    let is_named = (signs.municipality_named && prior.kind == PlaceKind::Municipality)
        || (signs.province_named && prior.kind == PlaceKind::Province);
    let is_coded = found.written == Written::PagerCode(place);
    let qualifier = qualifier_after(scene, around, found, place);
    let of_postcode = postcode.is_some_and(|code| scene.gazetteer.entry(place).postcodes.contains(&code));
    let near = nearby(scene.anchors, found.start, prior);
    let mut parts = Parts {
        logit: 0.0,
        form,
        of_form: weights::form(form, signs.hashtag),
        of_people: prior.of_people,
        of_kind: weights::kind(prior.kind) + if is_named { weights::KIND_NAMED } else { 0.0 },
        of_country: prior.of_country,
        of_home: prior.of_home,
        of_qualifier: if qualifier.is_some() || is_coded { weights::QUALIFIED } else { 0.0 },
        of_postcode: if of_postcode { weights::POSTCODE_OF_PLACE } else { 0.0 },
        of_nearby: near.map_or(0.0, |(weight, _)| weight),
        qualifier,
        anchor: near.map(|(_, anchor)| anchor),
    };
    parts.logit = parts.of_form
        + parts.of_people
        + parts.of_kind
        + parts.of_country
        + parts.of_home
        + parts.of_qualifier
        + parts.of_postcode
        + parts.of_nearby;
    parts
}

/// A municipality and its town, a village on both sides of a border: whoever reads the name means the one as much as the
/// other, so the place chosen takes the shares of what lies in the same spot. They stay as alternatives, with what is left.
fn join_same(priors: &Priors, reading: &mut Reading) {
    let chosen = priors.of(reading.places[0].0);
    let mut joined = 0.0;
    for (place, share) in &mut reading.places[1..reading.kept] {
        let other = priors.of(*place);
        let same = chosen.dutch
            && other.dutch
            && (other.kind == PlaceKind::Municipality || other.kind == chosen.kind)
            && chosen.point.distance_m(other.point) < weights::SAME_PLACE_M;
        if same {
            // What remains is enough to be offered, not to rival.
            joined += *share * 0.9;
            *share *= 0.1;
        }
    }
    reading.places[0].1 += joined;
}

/// Sums what speaks for a place at all, given the place chosen.
fn is_place(scene: &Scene<'_>, reading: &mut Reading, name: &Name) -> f32 {
    let prior = scene.priors.of(reading.places[0].0);
    if is_adjective(scene, reading) {
        reading.form = Form::Inflection;
    }
    let signs = &mut reading.signs;
    match reading.form {
        Form::OtherName if !prior.dutch => {}
        Form::OtherName | Form::Variant => signs.add(Cue::Alias),
        Form::Nickname => signs.add(Cue::Nickname),
        Form::AreaCode => signs.add(Cue::AreaCode),
        Form::Short => signs.add(Cue::ShortForm),
        Form::Code => signs.add(Cue::CountryCode),
        Form::Capitals => signs.add(Cue::Abbreviation),
        Form::Inflection => signs.add(Cue::Inflection),
        Form::Preferred | Form::Spaceless => {}
    }
    if matches!(reading.form, Form::Code | Form::Capitals) {
        // Short by nature, and "de VS" has its article.
        signs.cues &= !(1 << Cue::ShortName as u8 | 1 << Cue::Article as u8);
    }
    if reading.qualifier.is_some() {
        signs.add(Cue::Qualifier);
        // However short the name: nobody writes "(Dr)" behind a word.
        signs.cues &= !(1 << Cue::ShortName as u8);
    }
    if prior.population >= 20_000.0 && prior.dutch && prior.kind != PlaceKind::Country {
        signs.add(Cue::Populous);
    }
    if !prior.dutch && !matches!(prior.kind, PlaceKind::Country | PlaceKind::Region | PlaceKind::Water) {
        let (large, medium) = if prior.near_border {
            (weights::NEAR_BORDER_LARGE, weights::NEAR_BORDER_MEDIUM)
        } else {
            (weights::FOREIGN_LARGE, weights::FOREIGN_MEDIUM)
        };
        signs.add(match prior.population {
            people if people >= large => Cue::ForeignLarge,
            people if people >= medium => Cue::ForeignMedium,
            _ => Cue::ForeignSmall,
        });
    }
    if matches!(prior.kind, PlaceKind::District | PlaceKind::Region | PlaceKind::Water)
        && prior.population < weights::GREAT_AREA_POPULATION
    {
        signs.add(Cue::SmallFeature);
    }
    let is_great = matches!(prior.kind, PlaceKind::Country | PlaceKind::Region);
    if is_great && signs.within_name && !matches!(reading.form, Form::Code | Form::Capitals) {
        // "Export Vlaanderen", "India Today": whole countries seldom stand so without a preposition.
        signs.add(Cue::NamedAfter);
    }
    if matches!(prior.kind, PlaceKind::Region | PlaceKind::Water) {
        // "op de Veluwe", "langs de Maas": the article belongs there.
        signs.cues &= !(1 << Cue::Article as u8);
    }
    if scene.anchors.iter().any(|anchor| anchor.start != reading.found.start && anchor.told != Told::ByRegion) {
        signs.add(Cue::OtherPlace);
    }
    if name.wordiness == Wordiness::None && prior.dutch && signs.has(Cue::SmallFeature) && !signs.has(Cue::LowerCase) {
        signs.cues &= !(1 << Cue::SmallFeature as u8);
    }
    if pager::follows_the_place(rest_of(scene, reading.found)) && pager::is_pager_message(scene.text) {
        signs.add(Cue::PagerPlace);
        signs.cues &= !(1 << Cue::PartOfName as u8);
        // Where the place stands, a capital is that of a name.
        if signs.case == Case::Uninformative {
            signs.case = Case::Capital;
        }
    }
    signs.add(Cue::Name);
    let is_code = matches!(reading.found.written, Written::PagerCode(_));
    if let Some(cue) = weights::ordinary_word(name.wordiness, signs.case).filter(|_| !is_code) {
        signs.add(cue);
    }
    match reading.found.written {
        Written::AsItIs => {}
        Written::Misspelt(edits) => {
            signs.add(Cue::Misspelt);
            // A capital says that it is a name, not that it is this one.
            signs.cues &= !(1 << Cue::Capitalised as u8);
            signs.add(if edits > 1 { Cue::MisspeltTwoLetters } else { Cue::MisspeltOneLetter });
            if prior.population < weights::MISSPELT_SMALL_POPULATION {
                signs.add(Cue::MisspeltSmall);
            }
        }
        Written::PagerCode(_) => {
            signs.add(Cue::PagerCode);
            // "Linde ZOETMR" is a street and its place, nobody's name.
            signs.cues &= !(1 << Cue::AllCapitals as u8 | 1 << Cue::PartOfName as u8 | 1 << Cue::PersonName as u8);
        }
    }
    if name.wordiness == Wordiness::Rare && signs.has(Cue::LowerCase) && !signs.has(Cue::Preposition) {
        signs.add(Cue::RareWordAlone);
    }
    if signs.has(Cue::PartOfName) && name.wordiness > Wordiness::Rare {
        signs.add(Cue::WordInName);
    }
    if signs.has(Cue::ForeignSmall) && signs.has(Cue::LowerCase) {
        signs.add(Cue::ForeignSmallLower);
    }
    let probability = logistic(weights::sum(signs.cues));
    if is_bare_district(reading, prior, name) {
        return probability.min(weights::MOST_BARE_DISTRICT);
    }
    if reading.form == Form::Inflection { probability.min(weights::MOST_INFLECTION) } else { probability }
}

/// "Station", "de markt": a part of a town that is called so is meant where the town is spoken of.
fn is_bare_district(reading: &Reading, prior: &Prior, name: &Name) -> bool {
    let is_told = reading.qualifier.is_some() || reading.nearby.is_some() || reading.in_conversation || reading.home;
    prior.kind == PlaceKind::District
        && prior.population < weights::KNOWN_DISTRICT_POPULATION
        && name.wordiness >= Wordiness::Common
        && !is_told
}

/// "Brussels" is English for the city, and Dutch for what is of it: "het Brussels parlement".
fn is_adjective(scene: &Scene<'_>, reading: &Reading) -> bool {
    let name = &scene.gazetteer.entry(reading.places[0].0).place.name;
    let found = &scene.folded.bytes[reading.found.start as usize..reading.found.end as usize];
    reading.form == Form::OtherName
        && found.strip_suffix(b"s").is_some_and(|stem| name.as_bytes().eq_ignore_ascii_case(stem))
        && rest_of(scene, reading.found).strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// Takes a country for one side of a match: "België-Turkije".
pub(crate) fn play(reading: &mut Reading) {
    reading.signs.add(Cue::NamedAfter);
    reading.is_place = logistic(weights::sum(reading.signs.cues));
}

/// The text behind a name.
fn rest_of<'s>(scene: &Scene<'s>, found: Found) -> &'s str {
    &scene.text[scene.folded.source_range(found.start as usize, found.end as usize).1..]
}

pub(crate) fn logistic(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Whether an opening bracket stands right before the name, which is written as a code is: `(Fra)`, `(Oos / 16)`.
pub(crate) fn in_brackets(text: &str, folded: &Folded, found: Found) -> bool {
    let (start, _) = folded.source_range(found.start as usize, found.end as usize);
    text[..start].ends_with('(') && text[start..].starts_with(char::is_uppercase)
}

/// Inserts into the best few, best first.
fn keep(kept: &mut [(u32, f32); KEPT], new: (u32, f32)) {
    if let Some(at) = kept.iter().position(|old| new.1 > old.1) {
        kept[at..].rotate_right(1);
        kept[at] = new;
    }
}

/// What the anchors add together, and which lies nearest.
fn nearby(anchors: &[Anchor], start: u32, prior: &Prior) -> Option<(f32, Anchor)> {
    let mut sum = 0.0;
    let mut nearest: Option<(f32, Anchor)> = None;
    for anchor in anchors.iter().filter(|anchor| anchor.start != start) {
        let (full, reach_m) = match anchor.told {
            Told::Here(_) => (weights::NEARBY, weights::NEARBY_M),
            Told::Before => (weights::NEARBY_IN_CONVERSATION, weights::NEARBY_M),
            Told::ByRegion => (weights::IN_REGION, weights::REGION_M),
        };
        let weight = full * (-anchor.point.distance_m(prior.point) / reach_m).exp() as f32;
        sum += weight;
        if weight > 0.3 && nearest.is_none_or(|(best, _)| weight > best) {
            nearest = Some((weight, *anchor));
        }
    }
    nearest.map(|(_, anchor)| (sum.min(weights::MOST_NEARBY), anchor))
}

/// `(Dr)`, `, Utrecht`, `Gld`, `in Drenthe` behind the name, when it belongs to this place.
fn qualifier_after(scene: &Scene<'_>, around: &Around<'_>, found: Found, place: u32) -> Option<(u32, u32)> {
    let bytes = scene.folded.bytes.as_slice();
    let mut at = found.end as usize;
    let rest = rest_of(scene, found);
    let opened = rest.trim_start().starts_with('(');
    let comma = rest.starts_with(", ");
    if around.after[0].bytes == b"in" {
        at = around.after[0].start + 2;
    } else if (opened || comma) && bytes.get(at) == Some(&crate::fold::HARD) {
        at += 1;
    } else if around.after[0].bytes.is_empty() {
        return None;
    }
    let rest = bytes.get(at..)?.strip_prefix(b" ")?;
    at += 1;
    let rest =
        if opened { rest.strip_prefix(b"gem ").or(rest.strip_prefix(b"gemeente ")).unwrap_or(rest) } else { rest };
    scene.priors.qualifiers(place).iter().find_map(|qualifier| {
        let q = qualifier.as_bytes();
        let ends =
            rest.starts_with(q) && matches!(rest.get(q.len()), None | Some(&(crate::fold::SOFT | crate::fold::HARD)));
        if !ends {
            return None;
        }
        let (start, end) = (at as u32, (at + q.len()) as u32);
        let (source_start, _) = scene.folded.source_range(at, at + q.len());
        let capital = scene.text[source_start..].starts_with(char::is_uppercase);
        let counts = match q.len() {
            1 => opened && capital,
            2 | 3 => opened || capital,
            // "Zwolle Zwolle", "Bergen Limburg": a word of its own needs a sign that it belongs.
            _ => opened || comma || around.after[0].bytes == b"in" || capital,
        };
        // The place's own name behind it says nothing: "Utrecht, Utrecht" is the town in the province.
        counts.then_some((start, end))
    })
}
