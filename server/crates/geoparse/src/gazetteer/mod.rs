//! The gazetteer: places with their names, qualifiers and postcodes, from one or more tables.
//!
//! Never here: matching in text (see `names`) or choosing among namesakes (see `resolve`).

mod row;
pub(crate) mod variants;

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};

use model::{Place, PlaceKind};

use crate::error::{GeoparseError, RowError};
use crate::fold::fold_name;

/// Columns of the table, tab-separated; names and qualifiers are split by `|`, postcodes by `,`.
pub const COLUMNS: &str =
    "id name kind lon lat radius_m municipality province police_unit country population postcodes names qualifiers";

/// A place with everything the geoparser knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The place as others see it.
    pub place: Place,
    /// Four-digit postcodes.
    pub postcodes: Vec<u16>,
    /// Other names.
    pub names: Vec<String>,
    /// What people write behind the name to tell it from its namesakes: `Dr`, `Gld`, the municipality.
    pub qualifiers: Vec<String>,
}

/// All places, by number and by name.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    entries: Vec<Entry>,
    by_id: HashMap<String, u32>,
    by_name: HashMap<String, Vec<u32>>,
}

/// How much a gazetteer holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Places by kind.
    pub places: BTreeMap<&'static str, usize>,
    /// All places.
    pub total: usize,
    /// Distinct folded names.
    pub names: usize,
    /// Names that more than one place bears.
    pub ambiguous_names: usize,
}

impl Gazetteer {
    /// Reads the table. Broken rows are reported with line and reason; the rest loads.
    ///
    /// # Errors
    /// When the source cannot be read or its first line does not name [`COLUMNS`].
    pub fn from_tsv(source: impl Read) -> Result<(Self, Vec<RowError>), GeoparseError> {
        let mut reader = BufReader::new(source);
        let (mut gazetteer, mut errors, mut line, mut line_no) = (Self::default(), Vec::new(), Vec::new(), 0_u64);
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(GeoparseError::Read)? == 0 {
                break;
            }
            line_no += 1;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\n', '\r']);
            if line_no == 1 {
                if !text.trim_start_matches('\u{feff}').split('\t').eq(COLUMNS.split(' ')) {
                    return Err(GeoparseError::Header { expected: COLUMNS });
                }
            } else if !text.is_empty() {
                match row::parse(text) {
                    Ok(entry) => gazetteer.insert(entry),
                    Err(reason) => errors.push(RowError { line: line_no, reason }),
                }
            }
        }
        if line_no == 0 {
            return Err(GeoparseError::Header { expected: COLUMNS });
        }
        Ok((gazetteer, errors))
    }

    /// A gazetteer of these places; of two with one id the later counts.
    pub fn from_parts(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut gazetteer = Self::default();
        for entry in entries {
            gazetteer.insert(entry);
        }
        gazetteer
    }

    /// Takes in another gazetteer; where both have an id, the other's row replaces ours.
    pub fn merge(&mut self, other: Self) {
        for entry in other.entries {
            self.insert(entry);
        }
    }

    /// Writes the table that [`Self::from_tsv`] reads.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn to_tsv(&self, mut target: impl Write) -> std::io::Result<()> {
        writeln!(target, "{}", COLUMNS.replace(' ', "\t"))?;
        for entry in &self.entries {
            writeln!(target, "{}", row::write(entry))?;
        }
        Ok(())
    }

    /// Hash of the content, 12 hexadecimal digits: the same content has the same version wherever it was loaded.
    pub fn version(&self) -> String {
        let mut rows: Vec<String> = self.entries.iter().map(row::write).collect();
        rows.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for row in rows {
            hasher.update(row.as_bytes());
            hasher.update(b"\n");
        }
        hasher.finalize().to_hex()[..12].to_owned()
    }

    /// The places that bear a name, in any spelling that folds alike, most inhabitants first.
    pub fn lookup(&self, name: &str) -> Vec<&Place> {
        let mut found: Vec<&Place> = self
            .by_name
            .get(&fold_name(name))
            .into_iter()
            .flatten()
            .map(|&number| &self.entries[number as usize].place)
            .collect();
        found.sort_by_key(|place| std::cmp::Reverse(place.population));
        found
    }

    /// The place with this id.
    pub fn by_id(&self, id: &str) -> Option<&Place> {
        self.number_of(id).map(|number| &self.entries[number as usize].place)
    }

    /// Counts by kind.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats {
            total: self.entries.len(),
            names: self.by_name.len(),
            ambiguous_names: self.by_name.values().filter(|places| places.len() > 1).count(),
            ..Stats::default()
        };
        for entry in &self.entries {
            *stats.places.entry(entry.place.kind.as_str()).or_default() += 1;
        }
        stats
    }

    /// Every place, in the order of the tables.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there are no places.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The municipality of this name, as a foreign table may write it: without what tells it from its namesakes.
    pub(crate) fn municipality(&self, name: &str, province: &str) -> Option<&Place> {
        let fitting = |name: &str| {
            let numbers = self.by_name.get(&fold_name(name)).into_iter().flatten();
            let mut places = numbers
                .map(|&number| &self.entries[number as usize].place)
                .filter(|place| place.kind == PlaceKind::Municipality);
            let folded = fold_name(province);
            places.find(|place| folded.is_empty() || place.province.as_deref().is_some_and(|p| fold_name(p) == folded))
        };
        fitting(name).or_else(|| fitting(name.split_once(" (")?.0))
    }

    pub(crate) fn number_of(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    /// The four-digit postcode as a place.
    pub(crate) fn postcode(&self, digits: u16) -> Option<u32> {
        self.number_of(&format!("pc4/{digits}"))
    }

    fn insert(&mut self, entry: Entry) {
        let number = if let Some(&number) = self.by_id.get(&entry.place.id) {
            self.forget_names(number);
            self.entries[number as usize] = entry;
            number
        } else {
            let number = self.entries.len() as u32;
            self.by_id.insert(entry.place.id.clone(), number);
            self.entries.push(entry);
            number
        };
        let entry = &self.entries[number as usize];
        if entry.place.kind == PlaceKind::Postcode {
            return;
        }
        for name in std::iter::once(&entry.place.name).chain(&entry.names) {
            let places = self.by_name.entry(fold_name(name)).or_default();
            if !places.contains(&number) {
                places.push(number);
            }
        }
    }

    fn forget_names(&mut self, number: u32) {
        self.by_name.retain(|_, places| {
            places.retain(|&place| place != number);
            !places.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&str]) -> String {
        let mut text = COLUMNS.replace(' ', "\t");
        for row in rows {
            text.push('\n');
            text.push_str(row);
        }
        text
    }

    const EMMEN: &str = "nl/emmen/emmen\tEmmen\tlocality\t6.9\t52.78\t4000\tEmmen\tDrenthe\tNoord-Nederland\tNL\t57010\t7811,7812\tEmm'n\tDr|Drenthe";

    #[test]
    fn broken_rows_are_reported_and_the_rest_loads() {
        let text = table(&[
            EMMEN,
            "x\tX",
            "y\tY\tcastle\t1\t2\t3\t\t\t\t\t\t\t\t",
            "z\tZ\tlocality\t181\t2\t3\t\t\t\t\t\t\t\t",
            "",
        ]);
        let (gazetteer, errors) = Gazetteer::from_tsv(text.as_bytes()).unwrap();
        assert_eq!(gazetteer.entries().len(), 1);
        assert_eq!(errors.iter().map(|e| e.line).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(errors[0].reason.contains("columns") && errors[2].reason.contains("globe"), "{errors:?}");
    }

    #[test]
    fn a_table_without_its_header_is_refused() {
        assert!(matches!(Gazetteer::from_tsv(EMMEN.as_bytes()), Err(GeoparseError::Header { .. })));
        assert!(matches!(Gazetteer::from_tsv(&b""[..]), Err(GeoparseError::Header { .. })));
    }

    #[test]
    fn writing_and_reading_gives_the_same_version() {
        let (gazetteer, _) = Gazetteer::from_tsv(table(&[EMMEN]).as_bytes()).unwrap();
        let mut written = Vec::new();
        gazetteer.to_tsv(&mut written).unwrap();
        let (again, errors) = Gazetteer::from_tsv(written.as_slice()).unwrap();
        assert!(errors.is_empty());
        assert_eq!(gazetteer.version(), again.version());
        assert_eq!(gazetteer.version().len(), 12);
    }

    #[test]
    fn a_merged_row_replaces_the_one_with_its_id() {
        let (mut gazetteer, _) = Gazetteer::from_tsv(table(&[EMMEN]).as_bytes()).unwrap();
        let mut entry = gazetteer.entries()[0].clone();
        entry.place.name = "Emmen-stad".to_owned();
        let before = gazetteer.version();
        gazetteer.merge(Gazetteer::from_parts([entry]));
        assert_eq!(gazetteer.entries().len(), 1);
        assert!(gazetteer.lookup("emmen").is_empty());
        assert_eq!(gazetteer.lookup("EMMEN STAD").len(), 1);
        assert_ne!(gazetteer.version(), before);
    }
}
