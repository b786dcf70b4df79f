//! Reads an official GeoNames dump (`NL.txt`, 19 tab-separated columns) into places of our own table.
//!
//! Hamlets, waters, estates and parks come in; what the gazetteer already has stays as it is. Zip files are opened by the
//! caller.

mod features;
mod own;

pub use own::{OwnPlaces, kind_called};

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read};

use model::{LonLat, Place, PlaceKind};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::error::{GeoparseError, RowError};
use crate::fold::fold_name;
use crate::gazetteer::{Entry, Gazetteer};

const COLUMNS: usize = 19;
/// Two features of one name nearer than this are one place.
const SAME_PLACE_M: f64 = 5_000.0;
/// Alternative names taken of one feature; the rest are spellings in other scripts.
const MOST_NAMES: usize = 6;

/// What became of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// New places.
    pub added: u64,
    /// Features that the gazetteer already has.
    pub merged: u64,
    /// Features left out, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Rows that could not be read.
    pub rejected: Vec<RowError>,
}

/// Reads the dump; returns the places to add to `known`.
///
/// # Errors
/// When the source cannot be read.
pub fn read(source: impl Read, known: &Gazetteer) -> Result<(Gazetteer, Report), GeoparseError> {
    let mut importer = Importer::new(known);
    let mut reader = BufReader::new(source);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(GeoparseError::Read)? == 0 {
            break;
        }
        importer.report.rows += 1;
        let text = String::from_utf8_lossy(&line);
        importer.row(text.trim_end_matches(['\n', '\r']));
    }
    Ok((Gazetteer::from_parts(importer.added), importer.report))
}

type Located = GeomWithData<[f64; 2], u32>;

struct Importer<'g> {
    known: &'g Gazetteer,
    /// Dutch localities of record, to look up municipality and province.
    localities: RTree<Located>,
    /// Folded name → points that bear it, known or added.
    bearers: HashMap<String, Vec<LonLat>>,
    added: Vec<Entry>,
    report: Report,
}

impl<'g> Importer<'g> {
    fn new(known: &'g Gazetteer) -> Self {
        let mut bearers: HashMap<String, Vec<LonLat>> = HashMap::new();
        let mut located = Vec::new();
        for (number, entry) in known.entries().iter().enumerate() {
            let place = &entry.place;
            if place.kind == PlaceKind::Locality && place.country.as_deref() == Some("NL") {
                located.push(Located::new(plane(place.point()), number as u32));
            }
            if !matches!(
                place.kind,
                PlaceKind::Postcode | PlaceKind::Municipality | PlaceKind::Province | PlaceKind::Country
            ) {
                for name in std::iter::once(&place.name).chain(&entry.names) {
                    bearers.entry(fold_name(name)).or_default().push(place.point());
                }
            }
        }
        Self { known, localities: RTree::bulk_load(located), bearers, added: Vec::new(), report: Report::default() }
    }

    fn row(&mut self, line: &str) {
        let cells: Vec<&str> = line.split('\t').collect();
        let line_no = self.report.rows;
        let mut reject = |reason: &str| {
            self.report.rejected.push(RowError { line: line_no, reason: reason.to_owned() });
        };
        if cells.len() != COLUMNS {
            reject(&format!("{} columns instead of {COLUMNS}", cells.len()));
            return;
        }
        let point = cells[5].parse().ok().zip(cells[4].parse().ok()).and_then(|(lon, lat)| LonLat::new(lon, lat));
        let (Some(point), false, true) = (point, cells[1].trim().is_empty(), cells[0].parse::<u64>().is_ok()) else {
            reject("id, name or coordinates cannot be read");
            return;
        };
        let (kind, radius_m) = match features::kind_of(cells[6], cells[7]) {
            Ok(known) => known,
            Err(reason) => return self.skip(reason),
        };
        let folded = fold_name(cells[1]);
        if folded.len() < 2 || folded.bytes().all(|b| b.is_ascii_digit()) {
            return self.skip("name too short");
        }
        if self.knows(&folded, point) {
            self.report.merged += 1;
            return;
        }
        self.bearers.entry(folded).or_default().push(point);
        let entry = self.entry(&cells, point, kind, radius_m);
        self.added.push(entry);
        self.report.added += 1;
    }

    /// Whether a place of this name is known nearby.
    fn knows(&self, folded: &str, point: LonLat) -> bool {
        self.bearers.get(folded).is_some_and(|points| points.iter().any(|p| p.distance_m(point) < SAME_PLACE_M))
    }

    fn skip(&mut self, reason: &'static str) {
        *self.report.skipped.entry(reason).or_default() += 1;
    }

    fn entry(&self, cells: &[&str], point: LonLat, kind: PlaceKind, radius_m: u32) -> Entry {
        let population = cells[14].parse().ok().filter(|&people: &u32| people > 0);
        let record = if cells[8] == "NL" { self.record(cells[11], point) } else { None };
        let of_record = |pick: fn(&Place) -> &Option<String>| record.and_then(|entry| pick(&entry.place).clone());
        Entry {
            place: Place {
                id: format!("gn/{}", cells[0]),
                name: cells[1].trim().to_owned(),
                kind,
                lon: point.lon,
                lat: point.lat,
                radius_m: population.map_or(radius_m, |people| {
                    // 1,500 inhabitants a km² of town, as in the shipped gazetteer.
                    radius_m.max((1000.0 * (f64::from(people) / 1500.0 / std::f64::consts::PI).sqrt()) as u32 + 400)
                }),
                municipality: of_record(|place| &place.municipality),
                province: of_record(|place| &place.province),
                police_unit: of_record(|place| &place.police_unit),
                country: Some(cells[8].to_owned()).filter(|code| code.len() == 2),
                population,
            },
            postcodes: Vec::new(),
            names: other_names(cells[1], cells[3]),
            qualifiers: record.map(|entry| entry.qualifiers.clone()).unwrap_or_default(),
        }
    }

    /// The place whose municipality, province and unit count for this point: the municipality of the code, else (codes of
    /// merged municipalities live on in old dumps) the nearest locality of record.
    fn record(&self, admin2: &str, point: LonLat) -> Option<&'g Entry> {
        let nearest = self.localities.nearest_neighbor(&plane(point)).map(|located| self.known.entry(located.data));
        let municipality =
            admin2.parse::<u32>().ok().and_then(|code| self.known.number_of(&format!("municipality/GM{code:04}")));
        let Some(municipality) = municipality.map(|number| self.known.entry(number)) else {
            return nearest;
        };
        // Prefer a locality of that municipality: it has qualifiers.
        nearest.filter(|entry| entry.place.municipality == municipality.place.municipality).or(Some(municipality))
    }
}

/// Degrees scaled so that distances compare; good enough to find what is nearest within the Netherlands.
fn plane(point: LonLat) -> [f64; 2] {
    [point.lon * 0.61, point.lat]
}

/// Alternative names in Latin script that fold otherwise than the name.
fn other_names(name: &str, alternatives: &str) -> Vec<String> {
    let mut folded = vec![fold_name(name)];
    let mut names = Vec::new();
    for other in alternatives.split(',').map(str::trim) {
        let latin = other.chars().all(|c| c.is_ascii() || ('\u{c0}'..'\u{180}').contains(&c) || c == '’');
        let key = fold_name(other);
        if latin && key.len() > 3 && !folded.contains(&key) && names.len() < MOST_NAMES {
            folded.push(key);
            names.push(other.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "municipality/GM0109\tCoevorden\tmunicipality\t6.74\t52.66\t9000\tCoevorden\tDrenthe\tNoord-Nederland\tNL\t35000\t\t\t\n\
        nl/coevorden/zweeloo\tZweeloo\tlocality\t6.72\t52.79\t600\tCoevorden\tDrenthe\tNoord-Nederland\tNL\t\t7851\t\tDrenthe|Dr";

    fn feature(id: u32, name: &str, lat: f64, lon: f64, class: &str, code: &str, admin2: &str) -> String {
        format!(
            "{id}\t{name}\t{name}\t\t{lat}\t{lon}\t{class}\t{code}\tNL\t\t01\t{admin2}\t\t\t0\t\t3\tEurope/Amsterdam\t2012-01-17\n"
        )
    }

    #[test]
    fn hamlets_and_waters_come_in_and_known_places_stay() {
        let table = format!("{}\n{KNOWN}", crate::COLUMNS.replace(' ', "\t"));
        let (known, errors) = Gazetteer::from_tsv(table.as_bytes()).unwrap();
        assert!(errors.is_empty(), "{errors:?}");
        let dump = [
            feature(1, "Wezup", 52.80, 6.73, "P", "PPL", "0109"),
            feature(2, "Zweeloo", 52.791, 6.721, "P", "PPL", "0109"),
            feature(3, "Loodiep", 52.79, 6.70, "H", "STM", "9999"),
            feature(4, "Hotel X", 52.79, 6.70, "S", "HTL", "0109"),
            "5\tbroken\n".to_owned(),
        ]
        .concat();
        let (added, report) = read(dump.as_bytes(), &known).unwrap();
        assert_eq!((report.rows, report.added, report.merged), (5, 2, 1));
        assert_eq!(report.skipped.values().sum::<u64>(), 1);
        assert_eq!(report.rejected[0].line, 5);
        let wezup = added.lookup("wezup")[0];
        assert_eq!(wezup.municipality.as_deref(), Some("Coevorden"));
        let loodiep = added.lookup("loodiep")[0];
        assert_eq!((loodiep.kind, loodiep.province.as_deref()), (PlaceKind::Water, Some("Drenthe")));
    }
}
