//! Builds an address file: rows are collected (by as many collectors as there are threads), sorted, made distinct and written.
//!
//! A row in memory is 32 bytes: names are kept once. Nine million rows take some 300 MB, and the file's sections the same again.

use std::collections::HashMap;
use std::io::Write;

use model::{EARTH_RADIUS_M, LonLat};

use super::key::keys_of_name;
use super::layout::{
    ALIGNMENT, CHECKSUM_AT, COUNT_AT, HASH_AT, HEADER, MAGIC, SECTIONS, SECTIONS_AT, SHORTER, Section, VERSION, hash,
    SUFFIX_MASK, pack, tag, unpack,
};

/// A middle is never more precise than this.
const LEAST_RADIUS_M: u32 = 25;
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

/// Keys that a slot can number.
const MOST_KEYS: usize = (1 << 24) - 2;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    street: u32,
    lon: i32,
    packed: u64,
    lat: i32,
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
    fn into_order(self) -> Vec<Box<[u8]>> {
        let mut ordered = vec![Box::default(); self.numbers.len()];
        for (name, number) in self.numbers {
            ordered[number as usize] = name;
        }
        ordered
    }
}

const BETWEEN: u8 = 0x1f;

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
    Ok(Built {
        addresses,
        duplicates,
        streets: names.len() as u64,
        postcodes: sections.count(Section::Codes),
        bytes,
    })
}

/// Puts the collectors' numbers on one footing: streets in the order of key and place, suffixes in that of their letters.
fn merged(collectors: Vec<Collector>) -> (Vec<Record>, Vec<Box<[u8]>>, Vec<Box<[u8]>>) {
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

/// Middle and extent of a set of points, taken in two passes.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    lon: i64,
    lat: i64,
    count: i64,
    radius_m: f64,
}

impl Spread {
    fn add(&mut self, record: &Record) {
        self.lon += i64::from(record.lon);
        self.lat += i64::from(record.lat);
        self.count += 1;
    }

    fn middle(&self) -> (i32, i32) {
        let count = self.count.max(1);
        ((self.lon / count) as i32, (self.lat / count) as i32)
    }

    /// The extent, by distances on a plane: exact to a thousandth over the length of a street.
    fn reach(&mut self, record: &Record) {
        let (lon, lat) = self.middle();
        let metres = |degrees: f64| (degrees / 1e7).to_radians() * EARTH_RADIUS_M;
        let east = metres(f64::from(record.lon) - f64::from(lon)) * (f64::from(lat) / 1e7).to_radians().cos();
        let north = metres(f64::from(record.lat) - f64::from(lat));
        self.radius_m = self.radius_m.max(east.hypot(north));
    }

    fn radius_m(&self) -> u32 {
        (self.radius_m.ceil() as u32).max(LEAST_RADIUS_M)
    }
}

#[derive(Default)]
struct Sections {
    bytes: [Vec<u8>; SECTIONS],
    texts: HashMap<Box<[u8]>, u32>,
}

impl Sections {
    fn push(&mut self, section: Section, bytes: &[u8]) {
        self.bytes[section as usize].extend_from_slice(bytes);
    }

    fn point(&mut self, section: Section, lon: i32, lat: i32) {
        self.push(section, &lon.to_le_bytes());
        self.push(section, &lat.to_le_bytes());
    }

    fn count(&self, section: Section) -> u64 {
        (self.bytes[section as usize].len() / section.record()) as u64
    }

    /// Where a text stands; each stands once.
    fn text(&mut self, text: &[u8]) -> u32 {
        if let Some(&at) = self.texts.get(text) {
            return at;
        }
        let at = self.bytes[Section::Text as usize].len() as u32;
        self.push(Section::Text, text);
        self.texts.insert(text.into(), at);
        at
    }

    fn streets(&mut self, names: &[Box<[u8]>], records: &[Record], ends: &[u32]) {
        let mut places: HashMap<&[u8], u32> = HashMap::new();
        let mut first = 0_u32;
        for (joined, &end) in names.iter().zip(ends) {
            let split = joined.iter().position(|byte| *byte == BETWEEN).unwrap_or(joined.len());
            let (name, area) = (&joined[..split], &joined[(split + 1).min(joined.len())..]);
            let next = places.len() as u32;
            let place = *places.entry(area).or_insert(next);
            if place == next {
                self.place(area);
            }
            let own = &records[first as usize..end as usize];
            let mut spread = Spread::default();
            own.iter().for_each(|record| spread.add(record));
            own.iter().for_each(|record| spread.reach(record));
            let at = self.text(name);
            let section = Section::Streets;
            self.push(section, &at.to_le_bytes());
            self.push(section, &(name.len() as u32).to_le_bytes());
            self.push(section, &place.to_le_bytes());
            self.push(section, &first.to_le_bytes());
            let (lon, lat) = spread.middle();
            self.point(section, lon, lat);
            self.push(section, &spread.radius_m().to_le_bytes());
            first = end;
        }
    }

    fn place(&mut self, area: &[u8]) {
        let mut cells = area.split(|byte| *byte == BETWEEN);
        let [name, municipality, province] = std::array::from_fn(|_| cells.next().unwrap_or_default());
        let key = std::str::from_utf8(name).ok().and_then(keys_of_name).map(|keys| keys.whole).unwrap_or_default();
        let ats = [name, municipality, province, &key].map(|text| self.text(text));
        let short = |text: &[u8]| (text.len() as u16).to_le_bytes();
        let section = Section::Places;
        self.push(section, &ats[0].to_le_bytes());
        self.push(section, &short(name));
        self.push(section, &short(municipality));
        self.push(section, &ats[1].to_le_bytes());
        self.push(section, &ats[2].to_le_bytes());
        self.push(section, &short(province));
        self.push(section, &short(&key));
        self.push(section, &ats[3].to_le_bytes());
    }

    /// Keys with their streets, and the hash table over them.
    fn names(&mut self, names: &[Box<[u8]>]) {
        let mut postings: Vec<(Vec<u8>, u32)> = Vec::new();
        let mut longest: HashMap<Vec<u8>, u8> = HashMap::new();
        for (street, joined) in names.iter().enumerate() {
            let split = joined.iter().position(|byte| *byte == BETWEEN).unwrap_or(joined.len());
            let Some(keys) = std::str::from_utf8(&joined[..split]).ok().and_then(keys_of_name) else { continue };
            let words = keys.words.min(usize::from(u8::MAX)) as u8;
            let most = longest.entry(keys.last).or_default();
            *most = (*most).max(words);
            postings.push((keys.whole, street as u32));
            postings.extend(keys.shorter.map(|key| (key, street as u32 | SHORTER)));
        }
        postings.sort_unstable();
        let mut keys: Vec<(Vec<u8>, u32, u32)> = Vec::new();
        for (index, (key, street)) in postings.into_iter().enumerate() {
            self.push(Section::Postings, &street.to_le_bytes());
            match keys.last_mut() {
                Some((last, _, count)) if *last == key => *count += 1,
                _ => keys.push((key, index as u32, 1)),
            }
        }
        let named = keys.len();
        for key in longest.keys() {
            if keys[..named].binary_search_by(|(known, ..)| known.cmp(key)).is_err() {
                keys.push((key.clone(), 0, 0));
            }
        }
        keys.sort_unstable();
        keys.truncate(MOST_KEYS);
        self.table(&keys, &longest);
    }

    fn table(&mut self, keys: &[(Vec<u8>, u32, u32)], longest: &HashMap<Vec<u8>, u8>) {
        let slots = (keys.len() * 2).next_power_of_two().max(2);
        let mut table = vec![0_u32; slots];
        for (number, (key, first, count)) in keys.iter().enumerate() {
            let hash = hash(key);
            let mut slot = hash as usize & (slots - 1);
            while table[slot] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            table[slot] = tag(hash) | (number as u32 + 1);
            let at = self.text(key);
            let section = Section::Names;
            self.push(section, &at.to_le_bytes());
            self.push(section, &(key.len() as u16).to_le_bytes());
            self.push(section, &[longest.get(key).copied().unwrap_or(0), 0]);
            self.push(section, &first.to_le_bytes());
            self.push(section, &count.to_le_bytes());
        }
        for slot in table {
            self.push(Section::Slots, &slot.to_le_bytes());
        }
    }

    /// Postcodes with their streets, middles and extents.
    fn codes(&mut self, records: &[Record]) {
        let mut pairs: Vec<(u32, u32)> = records
            .iter()
            .map(|record| (unpack(record.packed).2, record.street))
            .filter(|(postcode, _)| *postcode > 0)
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut codes: Vec<u32> = pairs.iter().map(|(postcode, _)| *postcode).collect();
        codes.dedup();
        // Postcodes are few enough for a table over all that there can be.
        let mut numbers = vec![u32::MAX; codes.last().map_or(0, |last| *last as usize + 1)];
        for (number, code) in codes.iter().enumerate() {
            numbers[*code as usize] = number as u32;
        }
        let number_of = |record: &Record| match unpack(record.packed).2 {
            0 => None,
            postcode => Some(numbers[postcode as usize] as usize),
        };
        let mut spreads = vec![Spread::default(); codes.len()];
        for record in records {
            number_of(record).into_iter().for_each(|number| spreads[number].add(record));
        }
        for record in records {
            number_of(record).into_iter().for_each(|number| spreads[number].reach(record));
        }
        let mut first = 0;
        for (code, spread) in codes.iter().zip(&spreads) {
            self.push(Section::Codes, &code.to_le_bytes());
            self.push(Section::Codes, &(first as u32).to_le_bytes());
            let (lon, lat) = spread.middle();
            self.point(Section::Codes, lon, lat);
            self.push(Section::Codes, &spread.radius_m().to_le_bytes());
            first += pairs[first..].iter().take_while(|(postcode, _)| postcode == code).count();
        }
        for (_, street) in pairs {
            self.push(Section::Pairs, &street.to_le_bytes());
        }
    }

    fn write(&self, addresses: u64, target: &mut impl Write) -> std::io::Result<u64> {
        let mut header = [0_u8; HEADER];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, MAGIC);
        put(MAGIC.len(), &VERSION.to_le_bytes());
        put(COUNT_AT, &addresses.to_le_bytes());
        let mut hasher = blake3::Hasher::new();
        let mut at = HEADER;
        for (index, section) in self.bytes.iter().enumerate() {
            hasher.update(section);
            put(SECTIONS_AT + index * 16, &(at as u64).to_le_bytes());
            put(SECTIONS_AT + index * 16 + 8, &(section.len() as u64).to_le_bytes());
            at = (at + section.len()).next_multiple_of(ALIGNMENT);
        }
        put(HASH_AT, hasher.finalize().as_bytes());
        let checksum = blake3::hash(&header[..CHECKSUM_AT]);
        header[CHECKSUM_AT..].copy_from_slice(&checksum.as_bytes()[..8]);
        target.write_all(&header)?;
        let mut written = HEADER;
        for section in &self.bytes {
            target.write_all(section)?;
            written += section.len();
            let padding = written.next_multiple_of(ALIGNMENT) - written;
            target.write_all(&[0; ALIGNMENT][..padding])?;
            written += padding;
        }
        Ok(written as u64)
    }
}
