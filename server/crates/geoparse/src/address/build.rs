//! Builds an address file: rows are collected (by as many collectors as there are threads), sorted, made distinct and written.
//!
//! A row in memory is 32 bytes: names are kept once. Nine million rows take some 300 MB, and the file's sections the same again.

use std::collections::HashMap;
use std::io::Write;

use model::LonLat;

use super::layout::{SUFFIX_MASK, Section, pack, unpack};
use super::sections::Sections;

/// Names longer than this are no names.
pub(crate) const LONGEST_NAME: usize = 120;

/// One address, or one street when the number is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row<'r> {
    pub(crate) street: &'r str,
    pub(crate) number: u32,
    /// Letters and addition in small letters.
    pub(crate) suffix: &'r str,
    /// See [`super::layout::postcode_number`]; 0 for none.
    pub(crate) postcode: u32,
    pub(crate) place: &'r str,
    pub(crate) municipality: &'r str,
    pub(crate) province: &'r str,
    pub(crate) point: LonLat,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Built {
    /// Distinct addresses.
    pub addresses: u64,
    /// Rows that said again what another had said.
    pub duplicates: u64,
    /// Streets, one for each place.
    pub streets: u64,
    /// Six-character postcodes.
    pub postcodes: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Texts by number.
pub(super) type Texts = Vec<Box<[u8]>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    pub(super) street: u32,
    pub(super) lon: i32,
    pub(super) packed: u64,
    pub(super) lat: i32,
}

/// Takes rows.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// Street, place, municipality, province, with a byte between that no name has.
    streets: Names,
    suffixes: Names,
    records: Vec<Record>,
    joined: Vec<u8>,
}

/// Texts, each once, by number.
#[derive(Debug, Default)]
struct Names {
    numbers: HashMap<Box<[u8]>, u32>,
    last: Vec<u8>,
    last_number: u32,
}

impl Names {
    fn number(&mut self, name: &[u8]) -> u32 {
        // Neighbouring rows mostly share their street.
        if !self.numbers.is_empty() && self.last == name {
            return self.last_number;
        }
        let next = self.numbers.len() as u32;
        let number = if let Some(&known) = self.numbers.get(name) {
            known
        } else {
            self.numbers.insert(name.into(), next);
            next
        };
        self.last.clear();
        self.last.extend_from_slice(name);
        self.last_number = number;
        number
    }

    /// The texts in the order of their numbers.
    fn into_order(self) -> Texts {
        let mut ordered = vec![Box::default(); self.numbers.len()];
        for (name, number) in self.numbers {
            ordered[number as usize] = name;
        }
        ordered
    }
}

/// Stands between the parts of a street's text; no name has it.
pub(super) const BETWEEN: u8 = 0x1f;

impl Collector {
    pub(crate) fn add(&mut self, row: &Row<'_>) {
        self.joined.clear();
        for (index, cell) in [row.street, row.place, row.municipality, row.province].into_iter().enumerate() {
            if index > 0 {
                self.joined.push(BETWEEN);
            }
            self.joined.extend_from_slice(cell.as_bytes());
        }
        let street = self.streets.number(&self.joined);
        let suffix = self.suffixes.number(row.suffix.as_bytes());
        let degrees = |value: f64| (value * 1e7).round() as i32;
        self.records.push(Record {
            street,
            packed: pack(row.number, suffix, row.postcode),
            lon: degrees(row.point.lon),
            lat: degrees(row.point.lat),
        });
    }
}

/// Writes everything collected as one file.
///
/// # Errors
/// When the target cannot be written.
pub(crate) fn write(collectors: Vec<Collector>, target: &mut impl Write) -> std::io::Result<Built> {
    let (mut records, names, suffixes) = merged(collectors);
    sort(&mut records);
    let rows = records.len();
    records.dedup_by_key(|record| (record.street, record.packed));
    let duplicates = (rows - records.len()) as u64;
    let mut sections = Sections::default();
    let ends = ends_of_streets(&records, names.len());
    sections.streets(&names, &records, &ends);
    sections.names(&names);
    sections.codes(&records);
    for record in &records {
        sections.push(Section::Addresses, &record.packed.to_le_bytes());
        sections.point(Section::Addresses, record.lon, record.lat);
    }
    for suffix in &suffixes {
        let at = sections.text(suffix);
        sections.push(Section::Suffixes, &at.to_le_bytes());
        sections.push(Section::Suffixes, &(suffix.len() as u32).to_le_bytes());
    }
    let addresses = records.iter().filter(|record| unpack(record.packed).0 > 0).count() as u64;
    let bytes = sections.write(addresses, target)?;
    Ok(Built { addresses, duplicates, streets: names.len() as u64, postcodes: sections.count(Section::Codes), bytes })
}

/// Puts the collectors' numbers on one footing: streets in the order of key and place, suffixes in that of their letters.
fn merged(collectors: Vec<Collector>) -> (Vec<Record>, Texts, Texts) {
    let (mut all, mut streets, mut suffixes) = (Vec::new(), Vec::new(), Vec::new());
    let mut parts = Vec::new();
    for collector in collectors {
        let (own_streets, own_suffixes) = (collector.streets.into_order(), collector.suffixes.into_order());
        streets.extend(own_streets.iter().cloned());
        suffixes.extend(own_suffixes.iter().cloned());
        parts.push((collector.records, own_streets, own_suffixes));
    }
    for names in [&mut streets, &mut suffixes] {
        names.sort_unstable();
        names.dedup();
    }
    let place_in = |names: &[Box<[u8]>], own: &[Box<[u8]>]| -> Vec<u32> {
        own.iter().map(|name| names.partition_point(|known| known < name) as u32).collect()
    };
    all.reserve_exact(parts.iter().map(|(records, ..)| records.len()).sum());
    for (records, own_streets, own_suffixes) in parts {
        let (streets, suffixes) = (place_in(&streets, &own_streets), place_in(&suffixes, &own_suffixes));
        all.extend(records.into_iter().map(|record| {
            let (number, suffix, postcode) = unpack(record.packed);
            Record {
                street: streets[record.street as usize],
                packed: pack(number, suffixes[suffix as usize] & SUFFIX_MASK, postcode),
                ..record
            }
        }));
    }
    (all, streets, suffixes)
}

/// Sorts by street and address, one half on each of two threads.
fn sort(records: &mut [Record]) {
    let order = |record: &Record| (record.street, record.packed, record.lon, record.lat);
    let middle = records.len() / 2;
    if middle == 0 {
        return;
    }
    records.select_nth_unstable_by_key(middle, order);
    let (low, high) = records.split_at_mut(middle);
    std::thread::scope(|scope| {
        scope.spawn(move || low.sort_unstable_by_key(order));
        high.sort_unstable_by_key(order);
    });
}

/// Where the addresses of each street end.
fn ends_of_streets(records: &[Record], streets: usize) -> Vec<u32> {
    let mut ends = vec![0; streets];
    for record in records {
        ends[record.street as usize] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    ends
}
