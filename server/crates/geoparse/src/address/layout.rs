//! The form of an address file on disk: a checked header, then sections of fixed-size records, little-endian.
//!
//! | section | record | what |
//! |---|---|---|
//! | text | 1 | names, UTF-8, referred to by offset and length |
//! | places | 24 | place, municipality and province; the place's key |
//! | slots | 4 | hash table over keys: 8 bits of hash, 24 bits name number + 1 (0: empty) |
//! | names | 16 | a key, the most words of a name that it ends, its postings |
//! | postings | 4 | street numbers; the highest bit marks a name without its article or title |
//! | streets | 28 | name, place, first address, middle, extent |
//! | addresses | 16 | postcode, number and suffix packed, lon, lat; by street, number, suffix |
//! | suffixes | 8 | letters and additions of house numbers |
//! | codes | 20 | six-character postcodes, sorted: first pair, middle, extent |
//! | pairs | 4 | streets of each postcode |
//!
//! Coordinates are degrees times 10⁷ as `i32`. Never here: meaning; only where bytes stand.

/// First bytes of an address file.
pub(super) const MAGIC: &[u8; 8] = b"SPKADDR\0";
/// Raised whenever the form changes or keys are made otherwise.
pub(super) const VERSION: u32 = 1;
/// Bytes of the header.
pub(super) const HEADER: usize = 256;
/// Where the header's checksum stands: the first bytes of the BLAKE3 hash of what is before it.
pub(super) const CHECKSUM_AT: usize = HEADER - 8;
/// Where the table of sections stands.
pub(super) const SECTIONS_AT: usize = 56;
/// Where the number of addresses stands.
pub(super) const COUNT_AT: usize = 16;
/// Where the hash of the content stands.
pub(super) const HASH_AT: usize = 24;
/// Sections start at multiples of this.
pub(super) const ALIGNMENT: usize = 8;

/// The sections in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Text,
    Places,
    Slots,
    Names,
    Postings,
    Streets,
    Addresses,
    Suffixes,
    Codes,
    Pairs,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = 10;

impl Section {
    /// Bytes of a record, by section.
    pub(super) const RECORD: [usize; SECTIONS] = [1, 24, 4, 16, 4, 28, 16, 8, 20, 4];

    pub(super) fn record(self) -> usize {
        Self::RECORD[self as usize]
    }
}

/// Marks a posting of a name without its article or title.
pub(super) const SHORTER: u32 = 1 << 31;

/// Bits of a house number; 0 stands for a row that gave a street and no number.
pub(super) const NUMBER_BITS: u32 = 17;
/// The largest house number.
pub(crate) const MOST_NUMBER: u32 = (1 << NUMBER_BITS) - 1;
/// The bits of a suffix's number.
pub(super) const SUFFIX_MASK: u32 = (1 << 24) - 1;

/// Postcode (see [`postcode_number`]), house number and suffix in the order in which they matter within a street.
pub(super) fn pack(number: u32, suffix: u32, postcode: u32) -> u64 {
    u64::from(number) << 47 | u64::from(suffix) << 23 | u64::from(postcode)
}

/// The way back from [`pack`]: number, suffix, postcode.
pub(super) fn unpack(packed: u64) -> (u32, u32, u32) {
    ((packed >> 47) as u32, (packed >> 23) as u32 & SUFFIX_MASK, packed as u32 & ((1 << 23) - 1))
}

/// A postcode of four digits and two letters as a number above 0, in the order of postcodes; `None` when it is none.
pub(crate) fn postcode_number(digits: u16, letters: [u8; 2]) -> Option<u32> {
    let valid = (1000..10_000).contains(&digits) && letters.iter().all(u8::is_ascii_uppercase);
    valid.then(|| u32::from(digits - 1000) * 676 + u32::from(letters[0] - b'A') * 26 + u32::from(letters[1] - b'A') + 1)
}

/// The four digits of a postcode's number.
pub(crate) fn postcode_digits(number: u32) -> u16 {
    (number.saturating_sub(1) / 676 + 1000) as u16
}

/// The postcode as written, `7934AB`; empty for 0.
pub(crate) fn postcode_text(number: u32) -> String {
    let Some(number) = number.checked_sub(1) else { return String::new() };
    let letter = |value: u32| char::from(b'A' + (value % 26) as u8);
    format!("{}{}{}", number / 676 + 1000, letter(number / 26), letter(number))
}

/// Hash of a key: FNV-1a of 64 bits, mixed once more so that its high and low bits are both good.
pub(super) fn hash(key: &[u8]) -> u64 {
    let fnv = key
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (fnv ^ (fnv >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The part of a hash that stands in a slot, in its highest bits.
pub(super) fn tag(hash: u64) -> u32 {
    ((hash >> 56) as u32) << 24
}

pub(super) fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_and_numbers_survive_packing() {
        for (digits, letters) in [(1000, *b"AA"), (7934, *b"AB"), (9999, *b"ZZ")] {
            let number = postcode_number(digits, letters).unwrap();
            assert_eq!(postcode_digits(number), digits);
            assert_eq!(postcode_text(number), format!("{digits}{}", std::str::from_utf8(&letters).unwrap()));
            for (house, suffix) in [(0, 0), (12, 7), (MOST_NUMBER, SUFFIX_MASK)] {
                assert_eq!(unpack(pack(house, suffix, number)), (house, suffix, number));
            }
        }
        assert_eq!(postcode_number(999, *b"AA"), None);
        assert_eq!(postcode_number(1000, *b"a1"), None);
    }
}
