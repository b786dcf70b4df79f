//! An address file in use: opened by looking at its header only, every answer bounds-checked.
//!
//! The header is believed no further than the length of the file goes; what stands behind it is never trusted. A file that lies
//! gives wrong answers or none, but no panic.

use std::sync::Arc;

use model::LonLat;

use super::layout::{
    CHECKSUM_AT, COUNT_AT, HASH_AT, HEADER, MAGIC, SECTIONS, SECTIONS_AT, SHORTER, Section, VERSION, read_u32,
    read_u64, tag, unpack,
};

/// Slots looked at before a key counts as absent: a sound table is at most half full.
const MOST_PROBES: u64 = 64;
/// Streets of one name that are looked at; the most frequent Dutch name has some 800.
const MOST_NAMESAKES: usize = 4_096;

/// The bytes of a file, in memory or mapped.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Why a file is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressFileError {
    /// It does not begin as address files do.
    #[error("it is no address file")]
    Foreign,
    /// It was made by another version.
    #[error("it has form {found}, and this version reads form {VERSION}: import the addresses again")]
    Version {
        /// What it says.
        found: u32,
    },
    /// Its header is damaged.
    #[error("its header is damaged: import the addresses again")]
    Header,
    /// It ends before its header says.
    #[error("it is cut off: import the addresses again")]
    CutOff,
}

/// An opened file.
pub struct AddressFile {
    bytes: Bytes,
    /// Offset and records of each section.
    sections: [(usize, usize); SECTIONS],
    addresses: u64,
    hash: [u8; 32],
    source: String,
}

/// A street of a file with what is needed to choose among its namesakes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Street {
    pub(crate) number: u32,
    pub(crate) place: u32,
    /// Its addresses, as a range of the section.
    pub(crate) first: u32,
    pub(crate) end: u32,
    pub(crate) point: LonLat,
    pub(crate) radius_m: u32,
}

/// An address of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Address {
    pub(crate) number: u32,
    pub(crate) suffix: u32,
    pub(crate) postcode: u32,
    pub(crate) point: LonLat,
}

/// The area of a six-character postcode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Code {
    pub(crate) point: LonLat,
    pub(crate) radius_m: u32,
    /// Its streets, as a range of pairs.
    first: u32,
    end: u32,
}

/// What a key leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    /// The most words of a name that ends in it.
    pub(crate) longest: usize,
    first: u32,
    count: u32,
}

impl AddressFile {
    /// Opens a file: checks its header and that all sections lie within it. Takes the same time whatever the size. `source` is
    /// what it is called.
    ///
    /// # Errors
    /// When it is no address file, or not a whole one.
    pub fn open(bytes: Bytes, source: String) -> Result<Self, AddressFileError> {
        let data = (*bytes).as_ref();
        if data.len() < MAGIC.len() || data[..MAGIC.len()] != *MAGIC {
            return Err(AddressFileError::Foreign);
        }
        let header = data.get(..HEADER).ok_or(AddressFileError::CutOff)?;
        let field = |at| read_u64(header, at).ok_or(AddressFileError::Header);
        let found = read_u32(header, MAGIC.len()).ok_or(AddressFileError::Header)?;
        if found != VERSION {
            return Err(AddressFileError::Version { found });
        }
        if blake3::hash(&header[..CHECKSUM_AT]).as_bytes()[..8] != header[CHECKSUM_AT..] {
            return Err(AddressFileError::Header);
        }
        let mut sections = [(0, 0); SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            let (at, length) = (field(SECTIONS_AT + index * 16)?, field(SECTIONS_AT + index * 16 + 8)?);
            let end = at.checked_add(length).ok_or(AddressFileError::Header)?;
            if end > data.len() as u64 {
                return Err(AddressFileError::CutOff);
            }
            *section = (at as usize, length as usize / Section::RECORD[index]);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(&header[HASH_AT..HASH_AT + 32]);
        let addresses = field(COUNT_AT)?;
        Ok(Self { bytes, sections, addresses, hash, source })
    }

    /// What it is called.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Hash of the content, as said in the header.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Addresses with a house number.
    pub fn addresses(&self) -> u64 {
        self.addresses
    }

    /// Streets, one for each place it lies in.
    pub fn streets(&self) -> usize {
        self.count(Section::Streets)
    }

    /// Six-character postcodes.
    pub fn postcodes(&self) -> usize {
        self.count(Section::Codes)
    }

    /// Bytes of the file.
    pub fn size(&self) -> usize {
        self.data().len()
    }

    /// Looks up a key by its hash.
    pub(crate) fn named(&self, key: &[u8], hash: u64) -> Option<Named> {
        let slots = self.count(Section::Slots) as u64;
        if slots == 0 {
            return None;
        }
        for probe in 0..MOST_PROBES.min(slots) {
            let slot = self.u32_of(Section::Slots, (hash.wrapping_add(probe) & (slots - 1)) as usize)?;
            if slot == 0 {
                return None;
            }
            if slot & 0xff00_0000 != tag(hash) {
                continue;
            }
            let record = self.record(Section::Names, (slot as usize & 0x00ff_ffff).checked_sub(1)?)?;
            if self.key(record) == Some(key) {
                return Some(Named {
                    longest: usize::from(record[6]),
                    first: read_u32(record, 8)?,
                    count: read_u32(record, 12)?,
                });
            }
        }
        None
    }

    /// The keys of all names.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count(Section::Names)).filter_map(|index| self.key(self.record(Section::Names, index)?))
    }

    fn key(&self, name: &[u8]) -> Option<&[u8]> {
        self.text(read_u32(name, 0)?, usize::from(u16::from_le_bytes([name[4], name[5]])))
    }

    /// The streets of a name; `true` with those whose name is longer by an article or title.
    pub(crate) fn streets_of(&self, named: Named) -> impl Iterator<Item = (Street, bool)> + '_ {
        (0..named.count as usize).take(MOST_NAMESAKES).map_while(move |index| {
            let posting = self.u32_of(Section::Postings, (named.first as usize).checked_add(index)?)?;
            Some((self.street(posting & !SHORTER)?, posting & SHORTER != 0))
        })
    }

    /// A street by number.
    pub(crate) fn street(&self, number: u32) -> Option<Street> {
        let record = self.record(Section::Streets, number as usize)?;
        let all = self.count(Section::Addresses) as u32;
        let end = self.record(Section::Streets, number as usize + 1).map_or(Some(all), |next| read_u32(next, 12))?;
        let first = read_u32(record, 12)?;
        Some(Street {
            number,
            place: read_u32(record, 8)?,
            first,
            end: end.min(all).max(first),
            point: point(record, 16)?,
            radius_m: read_u32(record, 24)?,
        })
    }

    /// The name of a street.
    pub(crate) fn street_name(&self, street: u32) -> &str {
        let name = self.record(Section::Streets, street as usize).and_then(|record| {
            self.text(read_u32(record, 0)?, usize::from(u16::from_le_bytes([record[4], record[5]])))
        });
        utf8(name)
    }

    /// Place, municipality and province of a street; the last two may be empty.
    pub(crate) fn area(&self, place: u32) -> [&str; 3] {
        let Some(record) = self.record(Section::Places, place as usize) else { return [""; 3] };
        let cell = |at: usize, length_at: usize| {
            let length = u16::from_le_bytes([record[length_at], record[length_at + 1]]);
            utf8(read_u32(record, at).and_then(|at| self.text(at, usize::from(length))))
        };
        [cell(0, 4), cell(8, 6), cell(12, 16)]
    }

    /// The key of a place's name.
    pub(crate) fn place_key(&self, place: u32) -> &[u8] {
        let key = self.record(Section::Places, place as usize).and_then(|record| {
            self.text(read_u32(record, 20)?, usize::from(u16::from_le_bytes([record[18], record[19]])))
        });
        key.unwrap_or_default()
    }

    /// The addresses of a street that have this house number.
    pub(crate) fn numbered(&self, street: Street, number: u32) -> impl Iterator<Item = Address> + '_ {
        let (mut low, mut high) = (street.first as usize, street.end as usize);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.address(middle).is_some_and(|address| address.number < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..street.end as usize).map_while(|at| self.address(at)).take_while(move |address| address.number == number)
    }

    /// Some addresses of a street, spread over it: what its postcodes are.
    pub(crate) fn sample(&self, street: Street) -> impl Iterator<Item = Address> + '_ {
        let (first, count) = (street.first as usize, (street.end - street.first) as usize);
        (0..count).step_by((count / 24).max(1)).filter_map(move |at| self.address(first + at))
    }

    /// The area of a postcode, when the file has it.
    pub(crate) fn code(&self, postcode: u32) -> Option<Code> {
        let count = self.count(Section::Codes);
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.code_at(middle)? < postcode {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let record = self.record(Section::Codes, low).filter(|record| read_u32(record, 0) == Some(postcode))?;
        let pairs = self.count(Section::Pairs) as u32;
        let end = self.record(Section::Codes, low + 1).map_or(Some(pairs), |next| read_u32(next, 4))?;
        Some(Code { point: point(record, 8)?, radius_m: read_u32(record, 16)?, first: read_u32(record, 4)?, end })
    }

    /// The streets of a postcode.
    pub(crate) fn streets_of_code(&self, code: Code) -> impl Iterator<Item = Street> + '_ {
        (code.first..code.end)
            .take(MOST_NAMESAKES)
            .map_while(|pair| self.street(self.u32_of(Section::Pairs, pair as usize)?))
    }

    /// Letters and addition of a house number: `a`, `a-2`, `bis`; empty for none.
    pub(crate) fn suffix(&self, suffix: u32) -> &str {
        let text = self
            .record(Section::Suffixes, suffix as usize)
            .and_then(|record| self.text(read_u32(record, 0)?, read_u32(record, 4)? as usize));
        utf8(text)
    }

    fn code_at(&self, index: usize) -> Option<u32> {
        read_u32(self.record(Section::Codes, index)?, 0)
    }

    fn address(&self, index: usize) -> Option<Address> {
        let record = self.record(Section::Addresses, index)?;
        let (number, suffix, postcode) = unpack(read_u64(record, 0)?);
        Some(Address { number, suffix, postcode, point: point(record, 8)? })
    }

    fn data(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    fn count(&self, section: Section) -> usize {
        self.sections[section as usize].1
    }

    fn record(&self, section: Section, index: usize) -> Option<&[u8]> {
        let (at, count) = self.sections[section as usize];
        let size = section.record();
        if index >= count {
            return None;
        }
        self.data().get(at + index * size..at + (index + 1) * size)
    }

    fn u32_of(&self, section: Section, index: usize) -> Option<u32> {
        read_u32(self.record(section, index)?, 0)
    }

    fn text(&self, at: u32, length: usize) -> Option<&[u8]> {
        let (start, count) = self.sections[Section::Text as usize];
        let end = (at as usize).checked_add(length).filter(|end| *end <= count)?;
        self.data().get(start + at as usize..start + end)
    }
}

/// A point that is on the globe whatever the file says.
fn point(record: &[u8], at: usize) -> Option<LonLat> {
    let degrees = |at| Some(f64::from(read_u32(record, at)? as i32) / 1e7);
    LonLat::new(degrees(at)?, degrees(at + 4)?)
}

fn utf8(bytes: Option<&[u8]>) -> &str {
    bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}
