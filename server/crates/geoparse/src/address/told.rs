//! A street or address as a mention: its span, its reasons, its alternatives' names.

use model::{ACCEPTANCE_THRESHOLD, Alternative, Mention, Place};

use super::choose::{Fit, Sighting, Standing, Weighed};
use super::lookup::Candidate;
use super::number::HouseNumber;
use super::odds::preposition;
use super::recognise::Scene;

/// The codes of what speaks for it.
pub(super) fn reasons(
    scene: &Scene<'_>,
    sighting: &Sighting<'_>,
    best: &Candidate,
    chosen: &Weighed<'_>,
    namesakes: usize,
    share: f32,
) -> Vec<String> {
    let mut reasons = vec![if chosen.address.is_some() { "address" } else { "street" }.to_owned()];
    match (&sighting.number, chosen.address) {
        (_, Some((_, Fit::Number))) => reasons.push("suffix_unknown".to_owned()),
        (Some((number, _)), None) if is_missed(scene, number) => reasons.push("number_unknown".to_owned()),
        _ => {}
    }
    if let Some(preposition) = preposition(&scene.folded.bytes, sighting.folded.0) {
        reasons.push(format!("preposition:{preposition}"));
    }
    if chosen.postcode {
        reasons.push("postcode".to_owned());
    }
    if let Some(place) = chosen.through {
        reasons.push(format!("through:{}", place.name));
    } else if chosen.written {
        reasons.push(format!("through:{}", scene.addresses.area(best)[0]));
    } else if let Some(place) = chosen.nearby {
        reasons.push(format!("nearby:{}", place.name));
    }
    if chosen.conversation {
        reasons.push("conversation".to_owned());
    }
    if chosen.home {
        reasons.push("home".to_owned());
    }
    if namesakes == 1 {
        reasons.push("only_street".to_owned());
    } else if share < 0.75 {
        reasons.push("ambiguous_street".to_owned());
    }
    reasons
}

/// Whether a number that the street does not have was meant as a house number.
fn is_missed(scene: &Scene<'_>, number: &HouseNumber) -> bool {
    number.alone && number.number < 10_000 && scene.postcodes.binary_search_by_key(&number.start, |p| p.start).is_err()
}

/// The mention of a street, or of its address.
pub(super) fn mention(
    scene: &Scene<'_>,
    sighting: &Sighting<'_>,
    best: &Candidate,
    chosen: &Weighed<'_>,
    confidence: f32,
    reasons: Vec<String>,
    alternatives: Vec<Alternative>,
) -> Mention {
    let Some((address, fit)) = &chosen.address else {
        let place = scene.addresses.street_place(best, scene.gazetteer);
        let span = (sighting.start, sighting.end);
        return assembled(scene, span, place, confidence, reasons, alternatives);
    };
    let place = scene.addresses.address_place(best, address, scene.gazetteer);
    let span = match &sighting.number {
        Some((number, Standing::Behind)) => {
            let stop = end_of_number(number, *fit);
            // The postcode belongs to the address when nothing but the number stands between.
            let with_code =
                sighting.postcode.and_then(|(_, end)| end).filter(|_| chosen.postcode && stop == number.reach());
            (sighting.start, with_code.unwrap_or(stop))
        }
        Some((number, Standing::Before)) => (number.start, sighting.end),
        Some((number, Standing::Apart)) if chosen.postcode && is_right_behind(sighting, number) => {
            (sighting.start, end_of_number(number, *fit))
        }
        // What stands between is a name of its own.
        Some((_, Standing::Apart)) | None => (sighting.start, sighting.end),
    };
    assembled(scene, span, place, confidence, reasons, alternatives)
}

/// Whether nothing but the postcode stands between a street and its number.
fn is_right_behind(sighting: &Sighting<'_>, number: &HouseNumber) -> bool {
    const GAP: usize = 2;
    let code_end = sighting.postcode.and_then(|(_, end)| end);
    code_end.is_some_and(|end| end <= number.start && number.start - end <= GAP)
}

/// A mention of these parts.
pub(super) fn assembled(
    scene: &Scene<'_>,
    (start, end): (usize, usize),
    place: Place,
    confidence: f32,
    reasons: Vec<String>,
    alternatives: Vec<Alternative>,
) -> Mention {
    Mention {
        start: start as u32,
        end: end as u32,
        text: scene.text[start..end].to_owned(),
        kind: place.kind,
        confidence,
        accepted: confidence >= ACCEPTANCE_THRESHOLD,
        place,
        alternatives,
        reasons,
    }
}

/// The name of a street with the place that tells it from its namesakes.
pub(super) fn told_apart(scene: &Scene<'_>, candidate: &Candidate) -> String {
    let [place, municipality, _] = scene.addresses.area(candidate);
    let name = scene.addresses.name(candidate);
    if municipality.is_empty() || municipality == place {
        format!("{name} ({place})")
    } else {
        format!("{name} ({place}, {municipality})")
    }
}

/// Where a number ends with what of it is meant.
pub(super) fn end_of_number(number: &HouseNumber, fit: Fit) -> usize {
    if fit == Fit::NumberAlone { number.end } else { number.reach() }
}
