//! Places of a team's own tables: a name and a point; municipality and province by record, as for a dump.

use model::{LonLat, Place, PlaceKind};

use super::{Importer, SAME_PLACE_M};
use crate::address::ImportReport;
use crate::address::columns::{Cells, Field};
use crate::fold::fold_name;
use crate::gazetteer::{Entry, Gazetteer};

/// Extent of a place of which only the point is known.
const RADIUS_M: u32 = 500;
/// Longer names are no names.
const LONGEST_NAME: usize = 120;

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

    /// Takes a place.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn add(&mut self, cells: &Cells<'_>, point: LonLat) -> Result<(), String> {
        let cell = |field: Field| cells[field as usize];
        let name = if cell(Field::Name).is_empty() { cell(Field::Place) } else { cell(Field::Name) };
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
                kind: PlaceKind::Locality,
                lon: point.lon,
                lat: point.lat,
                radius_m: RADIUS_M,
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
