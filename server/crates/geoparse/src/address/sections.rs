//! The sections of an address file while it is made: records, texts, the hash table over keys, and the header over all.

use std::collections::HashMap;
use std::io::Write;

use model::EARTH_RADIUS_M;

use super::build::{BETWEEN, Record};
use super::key::keys_of_name;
use super::layout::{
    ALIGNMENT, CHECKSUM_AT, COUNT_AT, HASH_AT, HEADER, MAGIC, SECTIONS, SECTIONS_AT, SHORTER, Section, VERSION, hash,
    tag, unpack,
};

/// A middle is never more precise than this.
const LEAST_RADIUS_M: u32 = 25;
/// Keys that a slot can number.
const MOST_KEYS: usize = (1 << 24) - 2;

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
pub(super) struct Sections {
    bytes: [Vec<u8>; SECTIONS],
    texts: HashMap<Box<[u8]>, u32>,
}

impl Sections {
    pub(super) fn push(&mut self, section: Section, bytes: &[u8]) {
        self.bytes[section as usize].extend_from_slice(bytes);
    }

    pub(super) fn point(&mut self, section: Section, lon: i32, lat: i32) {
        self.push(section, &lon.to_le_bytes());
        self.push(section, &lat.to_le_bytes());
    }

    pub(super) fn count(&self, section: Section) -> u64 {
        (self.bytes[section as usize].len() / section.record()) as u64
    }

    /// Where a text stands; each stands once.
    pub(super) fn text(&mut self, text: &[u8]) -> u32 {
        if let Some(&at) = self.texts.get(text) {
            return at;
        }
        let at = self.bytes[Section::Text as usize].len() as u32;
        self.push(Section::Text, text);
        self.texts.insert(text.into(), at);
        at
    }

    pub(super) fn streets(&mut self, names: &[Box<[u8]>], records: &[Record], ends: &[u32]) {
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
            for record in own {
                spread.add(record);
            }
            for record in own {
                spread.reach(record);
            }
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
    pub(super) fn names(&mut self, names: &[Box<[u8]>]) {
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
    pub(super) fn codes(&mut self, records: &[Record]) {
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
            if let Some(number) = number_of(record) {
                spreads[number].add(record);
            }
        }
        for record in records {
            if let Some(number) = number_of(record) {
                spreads[number].reach(record);
            }
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

    pub(super) fn write(&self, addresses: u64, target: &mut impl Write) -> std::io::Result<u64> {
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
