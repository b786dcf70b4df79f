//! Streets and addresses as places: ids, names, areas; and what a line typed by hand means.

use model::{LonLat, Place, PlaceKind};

use super::Addresses;
use super::file::{Address, AddressFile, Code, Named, Street};
use super::key::{key, keys_of_name};
use super::layout::{hash, postcode_number, postcode_text};
use super::number;
use crate::fold::fold_name;
use crate::gazetteer::Gazetteer;

/// How precise the point of an address is.
pub(super) const ADDRESS_RADIUS_M: u32 = 15;
/// Streets that a lookup by hand shows.
const MOST_SHOWN: usize = 200;

/// A street of one of the files.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) file: usize,
    pub(super) street: Street,
    /// Found by its name without article or title.
    pub(super) shorter: bool,
}

impl Addresses {
    /// The places that a line typed by hand means: a street, a street with a number, a postcode.
    pub fn lookup(&self, line: &str, gazetteer: &Gazetteer) -> Vec<Place> {
        let line = line.trim();
        if let Some((postcode, end)) = postcode_at(line, 0) {
            return match number::after(line, end) {
                Some(number) => self
                    .of_postcode(postcode, number.number)
                    .map(|(candidate, address)| self.address_place(&candidate, &address, gazetteer))
                    .collect(),
                None if end == line.len() => self
                    .code(postcode)
                    .map(|(code, street)| self.code_place(postcode, &code, street, gazetteer))
                    .into_iter()
                    .collect(),
                None => Vec::new(),
            };
        }
        let number = line.rfind(' ').and_then(|at| Some((at, number::after(line, at)?)));
        let name = number.as_ref().map_or(line, |(at, _)| &line[..*at]);
        let candidates = self.streets_called(name);
        let addresses = |number: u32| {
            candidates.iter().flat_map(move |candidate| {
                self.files[candidate.file]
                    .numbered(candidate.street, number)
                    .map(move |address| self.address_place(candidate, &address, gazetteer))
            })
        };
        match number {
            Some((_, number)) => addresses(number.number).take(MOST_SHOWN).collect(),
            None => {
                candidates.iter().take(MOST_SHOWN).map(|candidate| self.street_place(candidate, gazetteer)).collect()
            }
        }
    }

    fn streets_called(&self, name: &str) -> Vec<Candidate> {
        let Some(keys) = keys_of_name(name) else { return Vec::new() };
        self.candidates(&keys.whole)
    }

    /// The streets of a key in all files.
    pub(super) fn candidates(&self, key: &[u8]) -> Vec<Candidate> {
        let named = self.named(key);
        named
            .flat_map(|(file, named)| {
                let streets = self.files[file].streets_of(named);
                streets.map(move |(street, shorter)| Candidate { file, street, shorter })
            })
            .collect()
    }

    /// Words of the longest name that ends in a word of this key.
    pub(super) fn longest(&self, key: &[u8]) -> Option<usize> {
        self.named(key).map(|(_, named)| named.longest.max(1)).max()
    }

    /// What the files know of a key.
    fn named<'a>(&'a self, key: &'a [u8]) -> impl Iterator<Item = (usize, Named)> + 'a {
        let hash = hash(key);
        let files: &[AddressFile] = if self.keys.may_know(hash) { &self.files } else { &[] };
        files.iter().enumerate().filter_map(move |(file, addresses)| Some((file, addresses.named(key, hash)?)))
    }

    /// The addresses of a postcode that have a house number.
    pub(super) fn of_postcode(&self, postcode: u32, number: u32) -> impl Iterator<Item = (Candidate, Address)> + '_ {
        self.files.iter().enumerate().flat_map(move |(file, addresses)| {
            let code = addresses.code(postcode);
            let streets = code.into_iter().flat_map(|code| addresses.streets_of_code(code));
            streets.flat_map(move |street| {
                addresses
                    .numbered(street, number)
                    .filter(move |address| address.postcode == postcode)
                    .map(move |address| (Candidate { file, street, shorter: false }, address))
            })
        })
    }

    /// The area of a postcode and a street of it.
    pub(super) fn code(&self, postcode: u32) -> Option<(Code, Candidate)> {
        self.files.iter().enumerate().find_map(|(file, addresses)| {
            let code = addresses.code(postcode)?;
            let street = addresses.streets_of_code(code).next()?;
            Some((code, Candidate { file, street, shorter: false }))
        })
    }

    /// Name of a street.
    pub(super) fn name(&self, candidate: &Candidate) -> &str {
        self.files[candidate.file].street_name(candidate.street.number)
    }

    /// Place, municipality and province of a street.
    pub(super) fn area(&self, candidate: &Candidate) -> [&str; 3] {
        self.files[candidate.file].area(candidate.street.place)
    }

    /// A street as a place: its middle and extent.
    pub(super) fn street_place(&self, candidate: &Candidate, gazetteer: &Gazetteer) -> Place {
        let name = self.name(candidate);
        let id = self.street_id(candidate);
        let street = &candidate.street;
        self.place(candidate, id, name.to_owned(), PlaceKind::Street, (street.point, street.radius_m), gazetteer)
    }

    /// The id of a street as a place.
    pub(super) fn street_id(&self, candidate: &Candidate) -> String {
        format!("nl/straat/{}", self.slug(candidate))
    }

    /// An address as a place.
    pub(super) fn address_place(&self, candidate: &Candidate, address: &Address, gazetteer: &Gazetteer) -> Place {
        let suffix = self.files[candidate.file].suffix(address.suffix);
        let gap =
            if suffix.len() > 1 && suffix.starts_with(char::is_alphabetic) && !suffix.contains('-') { " " } else { "" };
        let name = format!("{} {}{gap}{suffix}", self.name(candidate), address.number);
        let number = slug(&format!("{}{suffix}", address.number));
        let id = match postcode_text(address.postcode).to_lowercase() {
            code if code.is_empty() => format!("nl/adres/{}-{number}", self.slug(candidate)),
            code => format!("nl/adres/{code}-{number}"),
        };
        self.place(candidate, id, name, PlaceKind::Address, (address.point, ADDRESS_RADIUS_M), gazetteer)
    }

    /// A postcode as a place: middle and extent of its addresses.
    pub(super) fn code_place(&self, postcode: u32, code: &Code, of: Candidate, gazetteer: &Gazetteer) -> Place {
        let written = postcode_text(postcode);
        let (digits, letters) = written.split_at(4.min(written.len()));
        let (id, name) = (format!("pc6/{written}"), format!("{digits} {letters}"));
        self.place(&of, id, name, PlaceKind::Postcode, (code.point, code.radius_m), gazetteer)
    }

    fn place(
        &self,
        candidate: &Candidate,
        id: String,
        name: String,
        kind: PlaceKind,
        (point, radius_m): (LonLat, u32),
        gazetteer: &Gazetteer,
    ) -> Place {
        let [_, municipality, province] = self.area(candidate);
        let of_record = gazetteer.municipality(municipality, province);
        Place {
            id,
            name,
            kind,
            lon: point.lon,
            lat: point.lat,
            radius_m,
            municipality: of_record.and_then(|place| place.municipality.clone()),
            province: of_record.and_then(|place| place.province.clone()),
            police_unit: of_record.and_then(|place| place.police_unit.clone()),
            country: of_record.and_then(|place| place.country.clone()),
            population: None,
        }
    }

    /// `de-wolden/kerkenveld/dorpsstraat`, as ids of places are made.
    fn slug(&self, candidate: &Candidate) -> String {
        let [place, municipality, _] = self.area(candidate);
        let parts = [municipality, place, self.name(candidate)];
        parts.into_iter().filter(|part| !part.is_empty()).map(slug).collect::<Vec<_>>().join("/")
    }
}

/// Six characters of a postcode at a place in the text, with where they end.
pub(super) fn postcode_at(text: &str, at: usize) -> Option<(u32, usize)> {
    let bytes = text.as_bytes();
    let four: &[u8; 4] = bytes.get(at..)?.first_chunk()?;
    if !four.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut end = at + 4;
    if bytes.get(end) == Some(&b' ') {
        end += 1;
    } else if text.get(end..).is_some_and(|rest| rest.starts_with('\u{a0}')) {
        end += 2;
    }
    let letters: &[u8; 2] = bytes.get(end..)?.first_chunk()?;
    let closed = text.get(end + 2..)?.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let digits = four.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    postcode_number(digits, letters.map(|letter| letter.to_ascii_uppercase()))
        .filter(|_| closed && letters.iter().all(u8::is_ascii_alphabetic))
        .map(|number| (number, end + 2))
}

fn slug(name: &str) -> String {
    fold_name(name).replace([' ', '\''], "-")
}

/// The key of a place's name.
pub(super) fn place_key(name: &str) -> Vec<u8> {
    let folded = fold_name(name);
    let mut out = Vec::new();
    key(folded.split(' ').map(str::as_bytes), &mut out);
    out
}
