//! What is known of each place before a text is read: inhabitants, country, home, and what people write behind its name.

use std::collections::HashMap;

use model::{LonLat, PlaceKind, RegionKind};

use super::home::Home;
use super::weights;
use crate::fold::fold_name;
use crate::gazetteer::{Entry, Gazetteer};

/// What is known of each place that scoring needs, prepared once.
pub(crate) struct Priors {
    places: Vec<Prior>,
    /// Folded qualifiers; places of one municipality share theirs.
    qualifiers: Vec<Vec<String>>,
}

/// What people write behind a place abroad: its country, and the parts of the neighbours.
fn names_of_countries(gazetteer: &Gazetteer) -> HashMap<&str, Vec<String>> {
    const PARTS: [(&str, &[&str]); 3] = [
        (
            "BE",
            &[
                "vlaanderen",
                "west vlaanderen",
                "oost vlaanderen",
                "vlaams brabant",
                "waals brabant",
                "vlaams gewest",
                "henegouwen",
                "provincie antwerpen",
                "brussels hoofdstedelijk gewest",
                "wallonie",
                "be",
            ],
        ),
        ("DE", &["nrw", "nordrhein westfalen", "niedersachsen", "nedersaksen", "duitsland", "de", "ger"]),
        ("US", &["usa", "vs", "verenigde staten"]),
    ];
    let mut names: HashMap<&str, Vec<String>> = HashMap::new();
    for entry in gazetteer.entries().iter().filter(|entry| entry.place.kind == PlaceKind::Country) {
        if let Some(code) = entry.place.country.as_deref() {
            let own = std::iter::once(&entry.place.name).chain(&entry.names).map(|name| fold_name(name));
            names.entry(code).or_default().extend(own);
        }
    }
    for (code, parts) in PARTS {
        names.entry(code).or_default().extend(parts.iter().map(|&part| part.to_owned()));
    }
    names
}

/// Whether a municipality, without what tells it from its namesakes, is called so.
fn is_called(municipality: &str, name: &str) -> bool {
    municipality.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

pub(super) struct Prior {
    pub(super) point: LonLat,
    pub(super) of_people: f32,
    pub(super) of_country: f32,
    pub(super) of_home: f32,
    pub(super) population: f32,
    pub(super) kind: PlaceKind,
    pub(super) dutch: bool,
    pub(super) near_border: bool,
    pub(super) qualifiers: u32,
}

impl Priors {
    pub(crate) fn new(gazetteer: &Gazetteer, home: Option<&str>) -> Self {
        let home = home.map(Home::new);
        let inhabitants: HashMap<&str, u32> = gazetteer
            .entries()
            .iter()
            .filter(|entry| entry.place.kind == PlaceKind::Municipality)
            .filter_map(|entry| Some((entry.place.municipality.as_deref()?, entry.place.population?)))
            .collect();
        let abroad = names_of_countries(gazetteer);
        let mut sets = HashMap::new();
        let mut qualifiers = vec![Vec::new()];
        let places = gazetteer
            .entries()
            .iter()
            .map(|entry| {
                let mut folded: Vec<String> =
                    entry.qualifiers.iter().map(|q| fold_name(q)).filter(|q| !q.is_empty()).collect();
                if folded.is_empty() && entry.place.kind == PlaceKind::Locality {
                    folded = entry
                        .place
                        .country
                        .as_ref()
                        .and_then(|code| abroad.get(code.as_str()).cloned())
                        .unwrap_or_default();
                }
                let number = *sets.entry(folded.clone()).or_insert_with(|| {
                    qualifiers.push(folded);
                    qualifiers.len() as u32 - 1
                });
                let own = entry
                    .place
                    .municipality
                    .as_deref()
                    .filter(|m| !entry.postcodes.is_empty() && is_called(m, &entry.place.name));
                let people = own.and_then(|municipality| inhabitants.get(municipality).copied());
                prior(entry, home.as_ref(), number, people)
            })
            .collect();
        Self { places, qualifiers }
    }

    pub(super) fn of(&self, place: u32) -> &Prior {
        &self.places[place as usize]
    }

    pub(super) fn qualifiers(&self, place: u32) -> &[String] {
        &self.qualifiers[self.of(place).qualifiers as usize]
    }
}

fn prior(entry: &Entry, home: Option<&Home>, qualifiers: u32, namesake_municipality: Option<u32>) -> Prior {
    let place = &entry.place;
    let population = place.population.filter(|&people| people > 0).map_or_else(
        // The more postcodes, the larger the place; the town that a municipality is named after has most of its people.
        || {
            let by_postcodes = weights::UNKNOWN_POPULATION.max(1_200.0 * entry.postcodes.len() as f32);
            by_postcodes.max(0.5 * namesake_municipality.unwrap_or(0) as f32)
        },
        |people| people as f32,
    );
    let country = place.country.as_deref();
    let of_country = match country {
        Some("NL") => weights::DUTCH,
        Some("BE") => weights::BELGIAN,
        Some("DE") => weights::GERMAN,
        _ => 0.0,
    };
    // A country or province is not likelier than a town in proportion to its inhabitants.
    let people = if matches!(place.kind, PlaceKind::Locality | PlaceKind::District) {
        population
    } else {
        population.min(50_000.0)
    };
    let home = home.is_some_and(|home| {
        home.is(RegionKind::Province, place.province.as_deref())
            || home.is(RegionKind::Municipality, place.municipality.as_deref())
            || home.is(RegionKind::PoliceUnit, place.police_unit.as_deref())
    });
    let unofficial = country == Some("NL") && place.kind == PlaceKind::Locality && entry.postcodes.is_empty();
    let uncounted = place.kind == PlaceKind::District && place.population.is_none();
    let of_people = (people + 300.0).ln()
        + if unofficial { weights::UNOFFICIAL } else { 0.0 }
        + if uncounted { weights::UNCOUNTED_DISTRICT } else { 0.0 };
    let of_home = if home { weights::HOME } else { 0.0 };
    Prior {
        point: place.point(),
        of_people,
        of_country,
        of_home,
        population,
        kind: place.kind,
        dutch: country == Some("NL"),
        near_border: matches!(country, Some("BE" | "DE" | "LU")),
        qualifiers,
    }
}
