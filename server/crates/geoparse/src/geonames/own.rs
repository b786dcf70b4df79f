//! Places of a team's own tables: a name and a point; municipality and province by record, as for a dump.

use model::{LonLat, Place, PlaceKind};

use super::{Importer, SAME_PLACE_M};
use crate::address::ImportReport;
use crate::address::columns::{Cells, Field};
use crate::fold::fold_name;
use crate::gazetteer::{Entry, Gazetteer};

/// Extent of a place of which only the point is known.
const RADIUS_M: u32 = 500;
/// Places reach no farther than this.
const MOST_RADIUS_M: u32 = 500_000;
/// Longer names are no names.
const LONGEST_NAME: usize = 120;

/// What tables call kinds of places, and what those are here.
const KINDS: [(PlaceKind, &[&str]); 4] = [
    (
        PlaceKind::Locality,
        &[
            "locality",
            "plaats",
            "woonplaats",
            "stad",
            "dorp",
            "gehucht",
            "buurtschap",
            "city",
            "town",
            "village",
            "hamlet",
        ],
    ),
    (
        PlaceKind::District,
        &["district", "wijk", "buurt", "stadsdeel", "neighbourhood", "neighborhood", "suburb", "quarter", "borough"],
    ),
    (PlaceKind::Region, &["region", "regio", "streek", "gebied", "natuurgebied", "area"]),
    (PlaceKind::Water, &["water", "meer", "plas", "rivier", "kanaal", "lake", "river", "canal", "stream"]),
];

/// The kind that a table means by a word.
///
/// # Errors
/// A sentence that names those that are known.
pub fn kind_called(word: &str) -> Result<PlaceKind, String> {
    let word = word.trim().to_lowercase();
    let known = KINDS.iter().find(|(_, words)| words.contains(&word.as_str()));
    known.map(|(kind, _)| *kind).ok_or_else(|| {
        let words: Vec<&str> = KINDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        format!("kind is none of {}", words.join(", "))
    })
}

/// Takes places one by one.
pub struct OwnPlaces<'g> {
    importer: Importer<'g>,
    report: ImportReport,
}

impl<'g> OwnPlaces<'g> {
    /// None yet; places that `known` has already stay as they are.
    pub fn new(known: &'g Gazetteer) -> Self {
        Self { importer: Importer::new(known), report: ImportReport::default() }
    }

    /// Takes a place at a point: of this kind where its cells do not say one, and as large as its outline tells where they do not
    /// say how large.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn add(
        &mut self,
        cells: &Cells<'_>,
        kind: PlaceKind,
        point: LonLat,
        extent: Option<u32>,
    ) -> Result<(), String> {
        let cell = |field: Field| cells[field as usize];
        let kind = if cell(Field::Kind).is_empty() { kind } else { kind_called(cell(Field::Kind))? };
        let radius_m = match cell(Field::Radius) {
            "" => extent.unwrap_or(RADIUS_M),
            metres => {
                metres.parse::<f64>().ok().filter(|metres| *metres >= 1.0).ok_or("radius is no number of metres")?
                    as u32
            }
        };
        let name = if cell(Field::Name).is_empty() { cell(Field::Place) } else { cell(Field::Name) };
        let name = if kind == PlaceKind::District { without_number(name) } else { name };
        let folded = fold_name(name);
        if folded.len() < 2 || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err("name is none".to_owned());
        }
        if self.importer.knows(&folded, point) {
            return Ok(());
        }
        let record = self.importer.record("", point);
        // Nearer to nothing of record than this, it is not in the Netherlands.
        let record = record.filter(|entry| entry.place.point().distance_m(point) < 3.0 * SAME_PLACE_M);
        let given = self.importer.known.municipality(cell(Field::Municipality), cell(Field::Province));
        let area = given.or(record.map(|entry| &entry.place));
        let of_area = |pick: fn(&Place) -> &Option<String>| area.and_then(|place| pick(place).clone());
        self.importer.bearers.entry(folded.clone()).or_default().push(point);
        self.importer.added.push(Entry {
            place: Place {
                id: format!("own/{}/{:.4},{:.4}", folded.replace([' ', '\''], "-"), point.lon, point.lat),
                name: name.to_owned(),
                kind,
                lon: point.lon,
                lat: point.lat,
                radius_m: radius_m.min(MOST_RADIUS_M),
                municipality: of_area(|place| &place.municipality),
                province: of_area(|place| &place.province),
                police_unit: of_area(|place| &place.police_unit),
                country: of_area(|place| &place.country),
                population: None,
            },
            postcodes: Vec::new(),
            names: Vec::new(),
            qualifiers: record.map(|entry| entry.qualifiers.clone()).unwrap_or_default(),
        });
        Ok(())
    }

    /// Counts a row and, when it was broken, why.
    pub fn count(&mut self, line: u64, added: Result<(), String>) {
        self.report.rows += 1;
        if let Err(reason) = added {
            self.report.reject(line, reason);
        }
    }

    /// The new places, and what became of the rows.
    pub fn finish(self) -> (Gazetteer, ImportReport) {
        (Gazetteer::from_parts(self.importer.added), self.report)
    }
}

/// A district's name without the number by which statistics know it: "Wijk 08 Groot-Ammers".
fn without_number(name: &str) -> &str {
    let rest = name.strip_prefix("Wijk ").or_else(|| name.strip_prefix("Buurt ")).unwrap_or_default();
    let (number, rest) = rest.split_once(' ').unwrap_or_default();
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) { rest.trim() } else { name }
}
