//! Places told by other places: "5 km onder Hoogeveen", "tussen Ruinen en Pesse", "net over de grens bij Meppen",
//! "omgeving Dwingeloo". What is meant is an area with a middle and a radius, and no named place.
//!
//! Works on the mentions of a text, when all names have been read.

use std::borrow::Cow;

use model::{LonLat, Mention, Place, PlaceKind};

use crate::recognise::DEGREE_M;

/// Bytes before a name that are looked at.
const LOOK_BACK: usize = 64;
/// Words before a name that are looked at.
const WORDS: usize = 9;
/// Farther than this from a place nobody tells a place by it.
const FARTHEST_M: f64 = 50_000.0;
/// Two places farther apart tell no place between them: "de trein tussen Utrecht en Zwolle".
const FARTHEST_BETWEEN_M: f64 = 20_000.0;
/// Only what is no larger tells another place.
const LARGEST_M: u32 = 20_000;
/// "Omgeving" reaches this far beyond the place.
const AROUND_M: u32 = 4_000;
/// "Net onder", "vlak buiten": this far, and not told more exactly.
const JUST_M: f64 = 1_500.0;
/// "Ten zuiden van" without a distance.
const SOMEWHERE_M: f64 = 4_000.0;
/// Of a distance told in passing so much is uncertain, the direction included (an eighth of the circle is 0.38).
const UNCERTAIN: f64 = 0.4;
/// Metres a minute on roads between villages (about 60 km/h).
const DRIVEN_M: f64 = 1_000.0;
/// Metres a minute on a bicycle, and on foot (15 and 5 km/h).
const CYCLED_M: f64 = 250.0;
const WALKED_M: f64 = 83.0;

/// What stands right before a name that tells another place.
const NEAREST: [&str; 19] = [
    "omgeving",
    "rondom",
    "nabij",
    "omstreken",
    "regio",
    "van",
    "bij",
    "met",
    "in",
    "boven",
    "onder",
    "buiten",
    "voor",
    "voorbij",
    "na",
    "vanaf",
    "uit",
    "naast",
    "achter",
];

/// How a place is told by another.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Relation {
    /// In its surroundings.
    Around,
    /// So far from it, in a direction (degrees clockwise from north) or in any.
    Away { distance_m: f64, towards: Option<f64> },
    /// Beyond the border beside it.
    AcrossBorder,
}

/// A relation, and where its words start.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Told {
    start: usize,
    relation: Relation,
}

/// Makes areas of the places that only tell where another place is. `abroad` gives a namesake beyond the border.
pub(crate) fn relate(text: &str, mentions: &mut Vec<Mention>, abroad: impl Fn(&Mention) -> Option<Place>) {
    join_between(text, mentions);
    let mut end_before = 0;
    for mention in mentions {
        let can_tell = mention.accepted && mention.place.radius_m < LARGEST_M && !is_told(mention);
        if can_tell && let Some(told) = told(text, end_before, mention.start as usize) {
            apply(text, mention, told, &abroad);
        }
        end_before = mention.end as usize;
    }
}

fn is_told(mention: &Mention) -> bool {
    mention.place.kind == PlaceKind::Region || mention.place.kind == PlaceKind::Road
}

fn apply(text: &str, mention: &mut Mention, told: Told, abroad: impl Fn(&Mention) -> Option<Place>) {
    let place = match told.relation {
        // One's own words, "omgeving", are told by the reason; the name stays the span.
        Relation::Around => Place {
            id: format!("around/{}", mention.place.id),
            name: format!("omgeving {}", mention.place.name),
            radius_m: mention.place.radius_m + AROUND_M,
            ..area(&mention.place)
        },
        Relation::Away { distance_m, towards } => {
            // "De 100 meter van Seoul": within the place itself it tells nothing.
            let inside = towards.is_none() && distance_m != JUST_M && distance_m < f64::from(mention.place.radius_m);
            if distance_m > FARTHEST_M || inside {
                return;
            }
            let from = mention.place.point();
            let (point, uncertain_m) = match towards {
                Some(bearing) => (moved(from, bearing, distance_m), UNCERTAIN * distance_m),
                // Anywhere on the ring.
                None => (from, distance_m),
            };
            Place {
                id: format!("near/{}/{:.0}{}", mention.place.id, distance_m, compass(towards)),
                name: written(text, told.start, mention.end),
                radius_m: (uncertain_m + f64::from(mention.place.radius_m) * 0.5).max(500.0).round() as u32,
                ..unlocated(point)
            }
        }
        Relation::AcrossBorder => {
            let beside = abroad(mention).unwrap_or_else(|| mention.place.clone());
            Place {
                id: format!("border/{}", beside.id),
                name: written(text, told.start, mention.end),
                radius_m: beside.radius_m + AROUND_M,
                ..area(&beside)
            }
        }
    };
    mention.place = place;
    mention.kind = PlaceKind::Region;
    if told.relation == Relation::Around {
        mention.reasons.push("around".to_owned());
    } else {
        widen(text, mention, told.start);
        mention.reasons.push("relative".to_owned());
    }
}

/// `tussen A en B`, when both are near each other: one area between them.
fn join_between(text: &str, mentions: &mut Vec<Mention>) {
    if mentions.len() < 2 {
        return;
    }
    let mut joined: Vec<Mention> = Vec::with_capacity(mentions.len());
    for b in std::mem::take(mentions) {
        match joined.last_mut().and_then(|a| Some((start_of_between(text, a, &b)?, a))) {
            Some((start, a)) => become_between(text, a, &b, start),
            None => joined.push(b),
        }
    }
    *mentions = joined;
}

/// Where the words start that say that something is between the two.
fn start_of_between(text: &str, a: &Mention, b: &Mention) -> Option<usize> {
    let between = &text[a.end as usize..b.start as usize];
    let small = |m: &Mention| m.accepted && m.place.radius_m < LARGEST_M && m.place.kind == PlaceKind::Locality;
    let can = matches!(between, " en " | " & " | "/" | " / ")
        && small(a)
        && small(b)
        && (500.0..FARTHEST_BETWEEN_M).contains(&a.place.point().distance_m(b.place.point()));
    words_before(text, 0, a.start as usize)
        .next()
        .filter(|word| can && matches!(&*word.text, "tussen" | "halverwege"))
        .map(|word| word.start)
}

/// Makes `a` the area between itself and `b`.
fn become_between(text: &str, a: &mut Mention, b: &Mention, start: usize) {
    let (from, to) = (a.place.point(), b.place.point());
    a.place = Place {
        id: format!("between/{}/{}", a.place.id, b.place.id),
        name: written(text, start, b.end),
        radius_m: (from.distance_m(to) / 2.0).round() as u32,
        ..unlocated(LonLat { lon: f64::midpoint(from.lon, to.lon), lat: f64::midpoint(from.lat, to.lat) })
    };
    a.kind = PlaceKind::Region;
    a.confidence = a.confidence.min(b.confidence);
    a.reasons.push("between".to_owned());
    a.end = b.end;
    widen(text, a, start);
}

/// The mention's span from `start` on.
fn widen(text: &str, mention: &mut Mention, start: usize) {
    mention.start = start as u32;
    text[start..mention.end as usize].clone_into(&mut mention.text);
    // The others are namesakes of the place told by, not of the area.
    mention.alternatives.clear();
}

/// The words as they stand, spaces made one.
fn written(text: &str, start: usize, end: u32) -> String {
    text[start..end as usize].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same spot as an area.
fn area(place: &Place) -> Place {
    Place { kind: PlaceKind::Region, population: None, ..place.clone() }
}

/// An area whose municipality is yet to be looked up.
fn unlocated(point: LonLat) -> Place {
    Place {
        id: String::new(),
        name: String::new(),
        kind: PlaceKind::Region,
        lon: point.lon,
        lat: point.lat,
        radius_m: 0,
        municipality: None,
        province: None,
        police_unit: None,
        country: None,
        population: None,
    }
}

/// The point so many metres away, on a plane: good to a thousandth over the distances meant here.
fn moved(from: LonLat, bearing: f64, distance_m: f64) -> LonLat {
    let (sin, cos) = bearing.to_radians().sin_cos();
    let lat = from.lat + distance_m * cos / DEGREE_M;
    let lon = from.lon + distance_m * sin / (DEGREE_M * from.lat.to_radians().cos().max(0.01));
    LonLat { lon, lat }
}

fn compass(towards: Option<f64>) -> &'static str {
    const NAMES: [&str; 8] = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
    towards.map_or("", |bearing| NAMES[(bearing / 45.0).round() as usize % 8])
}

/// A word before the name, in small letters, and where it starts.
struct Word<'t> {
    text: Cow<'t, str>,
    start: usize,
}

/// The words right before `end`, the nearest first, up to a sign that parts sentences.
fn words_before(text: &str, from: usize, end: usize) -> impl Iterator<Item = Word<'_>> {
    let mut cut = end.saturating_sub(LOOK_BACK).max(from);
    while !text.is_char_boundary(cut) {
        cut += 1;
    }
    let mut end = end;
    std::iter::from_fn(move || {
        let window = text[cut..end].trim_end_matches(|c: char| c == '~' || c == '±' || c.is_whitespace());
        let start = window
            .rfind(|c: char| c.is_whitespace() || matches!(c, '~' | '±' | '('))
            .map_or(0, |at| at + window[at..].chars().next().map_or(1, char::len_utf8));
        // A word cut by the window is none.
        let whole = start > 0 || cut == from || text[..cut].ends_with(char::is_whitespace);
        let word = &window[start..];
        if word.is_empty() || !whole || word.ends_with(['.', '!', '?', ';', ':', ',', ')']) {
            return None;
        }
        end = cut + start;
        let small = if word.contains(char::is_uppercase) { word.to_lowercase().into() } else { word.into() };
        Some(Word { text: small, start: end })
    })
    .take(WORDS)
}

/// Reads the words before a name, from the name backwards.
fn told(text: &str, from: usize, end: usize) -> Option<Told> {
    let mut before = words_before(text, from, end);
    let nearest = before.next().filter(|word| NEAREST.contains(&&*word.text))?;
    let words: Vec<Word<'_>> = std::iter::once(nearest).chain(before).collect();
    let word = |index: usize| words.get(index).map_or("", |word: &Word<'_>| &*word.text);
    let at = |count: usize| words[count - 1].start;
    if matches!(word(0), "omgeving" | "rondom" | "nabij" | "omstreken" | "regio")
        || (word(0) == "van" && matches!(word(1), "omgeving" | "buurt"))
    {
        return Some(Told { start: at(1), relation: Relation::Around });
    }
    // "(net) over de grens bij Meppen"
    if matches!(word(0), "bij" | "met" | "in" | "van") && word(1) == "grens" && word(2) == "de" && word(3) == "over" {
        let count = 4 + usize::from(is_just(word(4)));
        return Some(Told { start: at(count), relation: Relation::AcrossBorder });
    }
    let (towards, mut count) = direction(word(0), word(1), word(2))?;
    if let Some((distance_m, used)) = distance(&|index| word(count + index)) {
        count += used;
        return Some(Told { start: at(count), relation: Relation::Away { distance_m, towards } });
    }
    if is_just(word(count)) && count > 0 && word(0) != "van" {
        count += 1;
        // "een klein stukje boven"
        while matches!(word(count), "een" | "klein" | "heel") {
            count += 1;
        }
        return Some(Told { start: at(count), relation: Relation::Away { distance_m: JUST_M, towards } });
    }
    // "Vijfhonderd kilometer ten oosten van": a distance that was not understood is no nearness.
    let plain = towards.is_some() && count > 1 && metres_of(word(count)).is_none();
    plain.then(|| Told { start: at(count), relation: Relation::Away { distance_m: SOMEWHERE_M, towards } })
}

/// "onder", "ten noorden van", "zuidelijk van", "van", "buiten": where to, and how many words that took.
fn direction(first: &str, second: &str, third: &str) -> Option<(Option<f64>, usize)> {
    const NORTH: f64 = 0.0;
    const SOUTH: f64 = 180.0;
    match first {
        "boven" => return Some((Some(NORTH), 1)),
        "onder" => return Some((Some(SOUTH), 1)),
        "buiten" | "voor" | "voorbij" | "na" | "vanaf" | "uit" | "naast" | "achter" => return Some((None, 1)),
        "van" => {}
        _ => return None,
    }
    if let Some(bearing) = second.strip_suffix("elijk").or(second.strip_suffix("lijk")).and_then(bearing) {
        return Some((Some(bearing), 2));
    }
    if let Some(bearing) = second.strip_suffix("en").and_then(bearing).filter(|_| third == "ten") {
        return Some((Some(bearing), 3));
    }
    match second {
        "verwijderd" | "rijden" | "fietsen" | "lopen" | "afstand" | "buiten" => Some((None, 2)),
        _ => Some((None, 1)),
    }
}

fn bearing(word: &str) -> Option<f64> {
    Some(match word {
        "noord" => 0.0,
        "noordoost" => 45.0,
        "oost" => 90.0,
        "zuidoost" => 135.0,
        "zuid" => 180.0,
        "zuidwest" => 225.0,
        "west" => 270.0,
        "noordwest" => 315.0,
        _ => return None,
    })
}

/// "5 km", "10 minuten", "een kwartier", "paar km", read backwards: metres, and how many words that took.
fn distance<'w>(word: &impl Fn(usize) -> &'w str) -> Option<(f64, usize)> {
    let joined = |word: &'w str| {
        let digits = word.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))?;
        Some((number(&word[..digits])?, metres_of(&word[digits..])?))
    };
    if let Some((count, unit_m)) = joined(word(0)) {
        return Some((count * unit_m, 1));
    }
    let by = match word(0) {
        "fietsen" => CYCLED_M,
        "lopen" => WALKED_M,
        _ => DRIVEN_M,
    };
    let skipped = usize::from(matches!(word(0), "rijden" | "fietsen" | "lopen" | "verderop" | "verder"));
    match word(skipped) {
        "kwartier" | "kwartiertje" => return Some((15.0 * by, skipped + 1 + usize::from(word(skipped + 1) == "een"))),
        "halfuur" | "halfuurtje" => return Some((30.0 * by, skipped + 1 + usize::from(word(skipped + 1) == "een"))),
        _ => {}
    }
    let unit_m = metres_of(word(skipped))?;
    let unit_m = if unit_m == DRIVEN_M && is_minute(word(skipped)) { by } else { unit_m };
    let count = number(word(skipped + 1))?;
    let more = usize::from(word(skipped + 1) == "paar" && word(skipped + 2) == "een");
    Some((count * unit_m, skipped + 2 + more))
}

fn is_minute(word: &str) -> bool {
    matches!(word, "min" | "minuten" | "minuut" | "minuutjes")
}

fn metres_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "km" | "kilometer" | "kilometers" | "kms" => 1_000.0,
        "m" | "meter" | "mtr" => 1.0,
        unit if is_minute(unit) => DRIVEN_M,
        _ => return None,
    })
}

fn number(word: &str) -> Option<f64> {
    Some(match word {
        "een" | "één" => 1.0,
        "anderhalve" => 1.5,
        "twee" => 2.0,
        "paar" | "drie" => 3.0,
        "vier" => 4.0,
        "vijf" => 5.0,
        "zes" => 6.0,
        "zeven" => 7.0,
        "acht" => 8.0,
        "negen" => 9.0,
        "tien" => 10.0,
        "vijftien" => 15.0,
        "twintig" => 20.0,
        "dertig" => 30.0,
        _ => {
            let plain = word.len() <= 5 && word.starts_with(|c: char| c.is_ascii_digit());
            word.replace(',', ".").parse().ok().filter(|value: &f64| plain && *value > 0.0)?
        }
    })
}

fn is_just(word: &str) -> bool {
    matches!(word, "net" | "vlak" | "even" | "ff" | "stuk" | "stukje" | "pal" | "juist")
}
