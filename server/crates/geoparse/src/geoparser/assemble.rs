//! From what was found to mentions: words, place, confidence, reasons and alternatives put together.

use model::{ACCEPTANCE_THRESHOLD, Alternative, Mention, Place, PlaceKind};

use super::{Geoparser, PRECISE_M};
use crate::fold::Folded;
use crate::recognise::plus_code::Short;
use crate::recognise::postcode::Postcode;
use crate::recognise::road::Road;
use crate::recognise::{Point, plus_code};
use crate::resolve::score::Reading;
use crate::resolve::weights::{Cue, calibrated};

/// A road that is placed by the place beside it may be this far from it.
const ROAD_REACH_M: u32 = 5_000;
/// A namesake less likely than this is not told.
const LEAST_SHOWN: f32 = 0.01;
/// How sure such a placing is.
const ROAD_CONFIDENCE: f32 = 0.6;

impl Geoparser {
    /// Four digits are a postcode when a place that has it follows: "7934 Kerkenveld".
    pub(super) fn bare_postcodes(
        &self,
        text: &str,
        folded: &Folded,
        postcodes: &[Postcode],
        readings: &[Reading],
        mentions: &mut Vec<Mention>,
    ) {
        for found in postcodes.iter().filter(|p| !p.sure) {
            let starts_at = |r: &Reading| folded.source_range(r.found.start as usize, r.found.end as usize).0;
            let next = readings.partition_point(|r| starts_at(r) <= found.end);
            let named = readings.get(next).filter(|r| {
                let start = starts_at(r);
                start > found.end && start <= found.end + 2 && text[found.end..start].trim().is_empty()
            });
            let belongs = named.is_some_and(|r| {
                calibrated(r.confidence()) >= ACCEPTANCE_THRESHOLD
                    && self.gazetteer.entry(r.places[0].0).postcodes.contains(&found.digits)
            });
            if belongs && let Some(place) = self.gazetteer.postcode(found.digits) {
                let mut mention = self.postcode_mention(text, *found, place, 0.9);
                mention.reasons.push("place_follows".to_owned());
                mentions.push(mention);
            }
        }
    }

    /// What says by itself not where it is: roads, and plus codes cut short. Each is placed by the place named nearest to it in the
    /// message; without one it is left out.
    pub(super) fn placed_by_others(
        &self,
        text: &str,
        folded: &Folded,
        roads: &[Road],
        codes: &[Short],
        readings: &[Reading],
        mentions: &mut Vec<Mention>,
    ) {
        if roads.is_empty() && codes.is_empty() {
            return;
        }
        let named = self.named(folded, readings);
        for road in roads {
            if let Some(beside) = nearest(&named, road.start, road.end) {
                mentions.push(self.road_mention(text, *road, beside));
            }
        }
        for code in codes {
            let Some(beside) = nearest(&named, code.start, code.end) else { continue };
            let through = &self.gazetteer.entry(beside).place;
            if let Some(point) = plus_code::near(text, *code, through.point()) {
                let mut mention = point_mention(text, point);
                mention.reasons.push(format!("through:{}", through.name));
                mentions.push(mention);
            }
        }
    }

    /// Where the names stand that are surely read and precise, in order, with their places.
    fn named(&self, folded: &Folded, readings: &[Reading]) -> Vec<(usize, usize, u32)> {
        let can_place = |r: &&Reading| {
            let radius_m = self.gazetteer.entry(r.places[0].0).place.radius_m;
            calibrated(r.confidence()) >= ACCEPTANCE_THRESHOLD && radius_m < PRECISE_M
        };
        readings
            .iter()
            .filter(can_place)
            .map(|r| {
                let (start, end) = folded.source_range(r.found.start as usize, r.found.end as usize);
                (start, end, r.places[0].0)
            })
            .collect()
    }

    fn road_mention(&self, text: &str, road: Road, beside: u32) -> Mention {
        let through = &self.gazetteer.entry(beside).place;
        let name = format!("{}{}", road.letter, road.number);
        let place = Place {
            id: format!("road/{}/{}", name.to_ascii_lowercase(), through.id),
            name: name.clone(),
            kind: PlaceKind::Road,
            radius_m: through.radius_m + ROAD_REACH_M,
            population: None,
            ..through.clone()
        };
        let reasons = vec![format!("road:{name}"), format!("through:{}", through.name)];
        mention(text, road.start, road.end, place, ROAD_CONFIDENCE, reasons)
    }

    pub(super) fn postcode_mention(&self, text: &str, found: Postcode, place: u32, confidence: f32) -> Mention {
        let mut place = self.gazetteer.entry(place).place.clone();
        let mut reasons = Vec::new();
        if let Some([a, b]) = found.letters {
            let (a, b) = (char::from(a), char::from(b));
            place.id = format!("pc6/{}{a}{b}", found.digits);
            place.name = format!("{} {a}{b}", found.digits);
            reasons.push("postcode_letters".to_owned());
        }
        if found.announced {
            reasons.push("announced".to_owned());
        }
        mention(text, found.start, found.end, place, confidence, reasons)
    }

    /// The likeliest namesake beyond the border: "net over de grens bij Meppen".
    pub(super) fn namesake_abroad(&self, mention: &Mention) -> Option<Place> {
        let abroad = |place: &Place| place.country.as_deref().is_some_and(|country| country != "NL");
        let mut places = mention.alternatives.iter().filter_map(|other| self.gazetteer.by_id(&other.id));
        places.find(|place| abroad(place)).cloned()
    }

    pub(super) fn name_mention(&self, text: &str, folded: &Folded, reading: &Reading) -> Mention {
        let (start, end) = folded.name_range(text, reading.found.start as usize, reading.found.end as usize);
        let place = self.gazetteer.entry(reading.places[0].0).place.clone();
        let reasons = self.reasons(text, folded, reading);
        let confidence = calibrated(reading.confidence());
        // Others share what is left in proportion, being no place included.
        let left = (1.0 - confidence) / (1.0 - reading.confidence()).max(f32::MIN_POSITIVE);
        let mut mention = mention(text, start, end, place, confidence, reasons);
        mention.alternatives = reading.places[1..reading.kept]
            .iter()
            .map(|&(place, share)| (place, share * reading.is_place * left))
            .filter(|&(_, confidence)| confidence >= LEAST_SHOWN)
            .map(|(place, confidence)| {
                let place = &self.gazetteer.entry(place).place;
                Alternative { id: place.id.clone(), name: told_apart(place), confidence }
            })
            .collect();
        mention
    }

    fn reasons(&self, text: &str, folded: &Folded, reading: &Reading) -> Vec<String> {
        let signs = &reading.signs;
        let mut reasons = vec!["name".to_owned()];
        for cue in Cue::ALL.into_iter().filter(|&cue| signs.has(cue)) {
            reasons.push(match cue {
                Cue::Preposition | Cue::WeakPreposition => {
                    format!("preposition:{}", signs.preposition)
                }
                Cue::Qualifier => reading.qualifier.map_or_else(
                    || cue.code().to_owned(),
                    |(from, to)| {
                        let (start, end) = folded.source_range(from as usize, to as usize);
                        format!("qualifier:{}", &text[start..end])
                    },
                ),
                _ => cue.code().to_owned(),
            });
        }
        if let Some(place) = reading.nearby {
            reasons.push(format!("nearby:{}", self.gazetteer.entry(place).place.name));
        }
        if reading.in_conversation {
            reasons.push("conversation".to_owned());
        }
        if reading.in_region {
            reasons.push("pager_region".to_owned());
        }
        if reading.home {
            reasons.push("home".to_owned());
        }
        if reading.places[0].1 < 0.75 {
            reasons.push("ambiguous".to_owned());
        }
        // What told it from the runner-up, when that one is shown.
        if let Some(code) = reading.decided_by.filter(|_| reading.places[1].1 * reading.is_place >= LEAST_SHOWN) {
            reasons.push(code.to_owned());
        }
        reasons
    }
}

/// The place of the name nearest to a span, when none overlaps it: the last before or the first behind.
fn nearest(named: &[(usize, usize, u32)], start: usize, end: usize) -> Option<u32> {
    let behind = named.partition_point(|&(from, ..)| from < start);
    let before = named[..behind].last().map(|&(_, to, place)| (start.checked_sub(to), place));
    let behind = named.get(behind).map(|&(from, _, place)| (from.checked_sub(end), place));
    let (gap, place) = before.into_iter().chain(behind).min_by_key(|&(gap, _)| gap)?;
    gap.map(|_| place)
}

/// The name with the area that tells it from its namesakes.
fn told_apart(place: &Place) -> String {
    let area = match place.kind {
        PlaceKind::Province => Some("provincie"),
        PlaceKind::Municipality => Some("gemeente"),
        PlaceKind::Country => None,
        _ => place.municipality.as_deref().or(place.country.as_deref()),
    };
    area.map_or_else(|| place.name.clone(), |area| format!("{} ({area})", place.name))
}

pub(super) fn point_mention(text: &str, point: Point) -> Mention {
    let place = Place {
        id: format!("xy/{:.5},{:.5}", point.lon, point.lat),
        name: format!("{:.5}, {:.5}", point.lat, point.lon),
        kind: PlaceKind::Coordinate,
        lon: point.lon,
        lat: point.lat,
        radius_m: point.radius_m,
        municipality: None,
        province: None,
        police_unit: None,
        country: None,
        population: None,
    };
    mention(text, point.start, point.end, place, point.confidence, vec![point.code.to_owned()])
}

fn mention(text: &str, start: usize, end: usize, place: Place, confidence: f32, reasons: Vec<String>) -> Mention {
    Mention {
        start: start as u32,
        end: end as u32,
        text: text[start..end].to_owned(),
        kind: place.kind,
        confidence,
        accepted: confidence >= ACCEPTANCE_THRESHOLD,
        place,
        alternatives: Vec::new(),
        reasons,
    }
}
