//! Which column of a foreign table is what, and what its cells mean as an address.

use model::{LonLat, PlaceKind, rd};

use super::build::{LONGEST_NAME, Row};
use super::layout::{MOST_NUMBER, postcode_number};

/// What a column can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Name of the street.
    Street,
    /// House number, perhaps with its letter.
    Number,
    /// Letter of a house number.
    Letter,
    /// Addition to a house number.
    Suffix,
    /// Postcode.
    Postcode,
    /// Town or village.
    Place,
    /// Municipality.
    Municipality,
    /// Province.
    Province,
    /// Longitude in degrees, or easting in metres of the Dutch grid.
    Lon,
    /// Latitude in degrees, or northing in metres of the Dutch grid.
    Lat,
    /// Name of a place, in files that have no streets.
    Name,
    /// What a place is: a village, a neighbourhood, a lake.
    Kind,
    /// How far a place reaches from its point, in metres.
    Radius,
}

impl Field {
    /// All fields, in the order of [`Cells`].
    pub const ALL: [Self; FIELDS] = [
        Self::Street,
        Self::Number,
        Self::Letter,
        Self::Suffix,
        Self::Postcode,
        Self::Place,
        Self::Municipality,
        Self::Province,
        Self::Lon,
        Self::Lat,
        Self::Name,
        Self::Kind,
        Self::Radius,
    ];
}

/// How many fields there are.
pub const FIELDS: usize = 13;

/// Every field with the name that `--map` uses, and names of columns that mean it; compared without case and punctuation.
const KNOWN: [(Field, &str, &[&str]); FIELDS] = [
    (
        Field::Street,
        "street",
        &["straat", "straatnaam", "street", "streetname", "openbareruimte", "openbareruimtenaam", "addrstreet", "road"],
    ),
    (
        Field::Number,
        "number",
        &["huisnummer", "huisnr", "nummer", "number", "housenumber", "houseno", "addrhousenumber", "nr"],
    ),
    (Field::Letter, "letter", &["huisletter", "letter", "houseletter"]),
    (
        Field::Suffix,
        "suffix",
        &["huisnummertoevoeging", "toevoeging", "huisnummertoev", "suffix", "addition", "unit", "addrunit"],
    ),
    (Field::Postcode, "postcode", &["postcode", "postalcode", "zip", "zipcode", "pc6", "addrpostcode"]),
    (
        Field::Place,
        "place",
        &["woonplaats", "woonplaatsnaam", "plaats", "place", "city", "town", "locality", "addrcity"],
    ),
    (Field::Municipality, "municipality", &["gemeente", "gemeentenaam", "gmnaam", "municipality"]),
    (Field::Province, "province", &["provincie", "provincienaam", "province"]),
    (Field::Lon, "lon", &["lon", "long", "lng", "longitude", "lengtegraad", "x", "xcoordinaat", "rdx"]),
    (Field::Lat, "lat", &["lat", "latitude", "breedtegraad", "y", "ycoordinaat", "rdy"]),
    (
        Field::Name,
        "name",
        &[
            "naam",
            "name",
            "plaatsnaam",
            "placename",
            "toponym",
            "buurtnaam",
            "bunaam",
            "wijknaam",
            "wknaam",
            "stadsdeel",
        ],
    ),
    (Field::Kind, "kind", &["kind", "soort", "placetype"]),
    (Field::Radius, "radius", &["radius", "radiusm", "straal"]),
];

/// Names of columns of names that say what their places are.
const OF_DISTRICTS: [&str; 5] = ["buurtnaam", "bunaam", "wijknaam", "wknaam", "stadsdeel"];

/// Columns said by hand: field and name of the column.
pub type Mapping = Vec<(Field, String)>;

/// Reads `street=straat,number=nr`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn parse_mapping(text: &str) -> Result<Mapping, String> {
    text.split(',')
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let (field, column) =
                part.split_once('=').ok_or_else(|| format!("{part:?} is not of the form field=column"))?;
            let known = KNOWN.iter().find(|(_, name, _)| *name == field.trim());
            let fields = || KNOWN.map(|(_, name, _)| name).join(", ");
            let (field, ..) = known.ok_or_else(|| format!("{field:?} is none of {}", fields()))?;
            Ok((*field, column.trim().to_owned()))
        })
        .collect()
}

/// Which column is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Columns {
    at: [Option<usize>; FIELDS],
    /// Whether the column of names is one of districts.
    of_districts: bool,
}

/// The cells of a row by field; empty where there is none.
pub type Cells<'r> = [&'r str; FIELDS];

impl Columns {
    /// Finds the columns by their names: those said by hand, then those that are known.
    ///
    /// # Errors
    /// When one said by hand is not there.
    pub fn find<'h>(
        header: &(impl Iterator<Item = &'h str> + Clone),
        mapping: &[(Field, String)],
    ) -> Result<Self, String> {
        let mut columns = Self::default();
        for (field, column) in mapping {
            let at = header.clone().position(|name| name.trim() == column);
            columns.at[*field as usize] = Some(at.ok_or_else(|| format!("there is no column {column:?}"))?);
        }
        for (field, _, names) in KNOWN {
            let known = |at: &usize| !columns.at.contains(&Some(*at));
            let found = names.iter().find_map(|name| {
                let at = header.clone().position(|column| plain(column) == *name);
                at.filter(known)
            });
            columns.at[field as usize] = columns.at[field as usize].or(found);
        }
        let name = columns.at[Field::Name as usize].and_then(|at| header.clone().nth(at));
        columns.of_districts = name.is_some_and(|name| OF_DISTRICTS.contains(&plain(name).as_str()));
        Ok(columns)
    }

    /// Whether a column is there.
    pub fn has(&self, field: Field) -> bool {
        self.at[field as usize].is_some()
    }

    /// Where a column is.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.at[field as usize]
    }

    /// Whether rows have a point of their own.
    pub fn has_point(&self) -> bool {
        self.has(Field::Lon) && self.has(Field::Lat)
    }

    /// What the places of the table are as far as its columns say it.
    pub fn kind(&self) -> Option<PlaceKind> {
        self.of_districts.then_some(PlaceKind::District)
    }

    /// The cells by field.
    pub fn cells<'r>(&self, cell: impl Fn(usize) -> &'r str) -> Cells<'r> {
        self.at.map(|at| at.map_or("", &cell).trim())
    }
}

/// A name of a column without case and punctuation: `addr:street` and `Addr_Street` are the same.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A point from two cells: degrees, or metres of the Dutch grid.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn point_of(lon: &str, lat: &str) -> Result<LonLat, String> {
    let number = |cell: &str, name: &str| -> Result<f64, String> {
        let parsed = if cell.contains(',') { cell.replace(',', ".").parse() } else { cell.parse() };
        parsed.map_err(|_| format!("{name} is no number"))
    };
    point(number(lon, "lon")?, number(lat, "lat")?)
}

/// A point from two numbers: degrees (WGS 84, or ETRS 89, which differs by less than a metre), or metres of the Dutch grid
/// (EPSG:28992).
///
/// # Errors
/// A sentence that says what is wrong.
pub fn point(x: f64, y: f64) -> Result<LonLat, String> {
    if x == 0.0 && y == 0.0 {
        return Err("lon and lat are both 0".to_owned());
    }
    LonLat::new(x, y)
        .or_else(|| rd::to_lonlat(x, y))
        .ok_or_else(|| "lon and lat are neither degrees nor metres of the Dutch grid".to_owned())
}

/// The cells as a row; the suffix is put together in the buffer. Without a `point` the cells tell it.
pub(crate) fn row<'r>(cells: &Cells<'r>, point: Option<LonLat>, suffix: &'r mut String) -> Result<Row<'r>, String> {
    let cell = |field: Field| cells[field as usize];
    let street = name(cell(Field::Street), "street")?;
    let municipality = cell(Field::Municipality);
    let place = if cell(Field::Place).is_empty() { municipality } else { cell(Field::Place) };
    let place = name(place, "place")?;
    for (cell, column) in [(municipality, "municipality"), (cell(Field::Province), "province")] {
        if !cell.is_empty() {
            name(cell, column)?;
        }
    }
    let written = cell(Field::Number);
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let number = match written[..digits].parse::<u32>() {
        Ok(number) if (1..=MOST_NUMBER).contains(&number) => number,
        _ if written.is_empty() => 0,
        _ => return Err("number is no house number".to_owned()),
    };
    suffix.clear();
    if number > 0 {
        for part in [&written[digits..], cell(Field::Letter), cell(Field::Suffix)] {
            push_suffix(suffix, part);
        }
        if suffix.len() > 16 {
            return Err("the addition to the number is too long".to_owned());
        }
    }
    Ok(Row {
        street,
        number,
        suffix,
        postcode: postcode(cell(Field::Postcode))?,
        place,
        municipality,
        province: cell(Field::Province),
        point: match point {
            Some(point) => point,
            None => point_of(cell(Field::Lon), cell(Field::Lat))?,
        },
    })
}

/// Adds a part in small letters; digits are kept from digits or letters before them by a hyphen.
fn push_suffix(suffix: &mut String, part: &str) {
    let part = part.trim_matches(|c: char| !c.is_alphanumeric());
    if part.is_empty() {
        return;
    }
    if !suffix.is_empty() || part.starts_with(|c: char| c.is_ascii_digit()) {
        suffix.push('-');
    }
    suffix.extend(part.chars().flat_map(char::to_lowercase));
}

fn name<'r>(cell: &'r str, column: &str) -> Result<&'r str, String> {
    if cell.is_empty() {
        return Err(format!("{column} is empty"));
    }
    if cell.len() > LONGEST_NAME || cell.chars().any(char::is_control) {
        return Err(format!("{column} is no name"));
    }
    Ok(cell)
}

/// `7934AB`, `7934 ab`; 0 for none, and for four digits alone, which say nothing that the place does not.
fn postcode(cell: &str) -> Result<u32, String> {
    let mut written = [0_u8; 6];
    let mut length = 0;
    for byte in cell.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        *written.get_mut(length).ok_or("postcode is none")? = byte.to_ascii_uppercase();
        length += 1;
    }
    let is_digits = written[..length.min(4)].iter().all(u8::is_ascii_digit);
    match length {
        0 => Ok(0),
        4 if is_digits => Ok(0),
        6 if is_digits => {
            let digits = written[..4].iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
            postcode_number(digits, [written[4], written[5]]).ok_or_else(|| "postcode is none".to_owned())
        }
        _ => Err("postcode is none".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::layout::postcode_text;

    fn cells(header: &str, line: &'static str) -> Cells<'static> {
        let columns = Columns::find(&header.split(';'), &[]).unwrap();
        let line: Vec<&str> = line.split(';').collect();
        columns.cells(|at| line[at])
    }

    #[test]
    fn columns_are_guessed_in_dutch_and_english_and_said_by_hand() {
        for header in [
            "straat;huisnummer;huisletter;huisnummertoevoeging;postcode;woonplaats;gemeente;provincie;lat;lon",
            "Street;Number;Letter;Unit;Postal_Code;City;Municipality;Province;Latitude;Longitude",
            "addr:street;addr:housenumber;letter;addr:unit;addr:postcode;addr:city;gemeente;provincie;y;x",
        ] {
            let columns = Columns::find(&header.split(';'), &[]).unwrap();
            assert_eq!(columns.at[..10], [0, 1, 2, 3, 4, 5, 6, 7, 9, 8].map(Some), "{header}");
        }
        let mapping = parse_mapping("street=a, number=b").unwrap();
        let columns = Columns::find(&"b;a;straat".split(';'), &mapping).unwrap();
        assert_eq!((columns.position(Field::Street), columns.position(Field::Number)), (Some(1), Some(0)));
        assert!(Columns::find(&"a".split(';'), &mapping).is_err());
        assert!(parse_mapping("road=a").is_err() && parse_mapping("street").is_err());
    }

    #[test]
    fn cells_become_a_row_or_a_reason() {
        const HEADER: &str = "straat;huisnummer;huisletter;toevoeging;postcode;plaats;lon;lat";
        let mut suffix = String::new();
        for (line, number, expected) in [
            ("Weg;12;;;7934ab;Dorp;6.5;52.7", 12, ""),
            ("Weg;12;A;2;;Dorp;6.5;52.7", 12, "a-2"),
            ("Weg;12;;1;;Dorp;6.5;52.7", 12, "-1"),
            ("Weg;12 bis;;;7934 AB;Dorp;6.5;52.7", 12, "bis"),
            ("Weg;;;;;Dorp;233883;582065", 0, ""),
            ("Weg;7;;BIS;7934;Dorp;6,5;52,7", 7, "bis"),
        ] {
            let row = row(&cells(HEADER, line), None, &mut suffix).unwrap();
            assert_eq!((row.number, row.suffix), (number, expected), "{line}");
            assert!((6.0..7.0).contains(&row.point.lon), "{line}");
            let code = postcode_text(row.postcode);
            assert!(code.is_empty() || code == "7934AB", "{line}");
        }
        for (line, reason) in [
            (";12;;;;Dorp;6.5;52.7", "street is empty"),
            ("Weg;12;;;;;6.5;52.7", "place is empty"),
            ("Weg;x;;;;Dorp;6.5;52.7", "number is no house number"),
            ("Weg;0;;;;Dorp;6.5;52.7", "number is no house number"),
            ("Weg;999999;;;;Dorp;6.5;52.7", "number is no house number"),
            ("Weg;1;;;793AB;Dorp;6.5;52.7", "postcode is none"),
            ("Weg;1;;;;Dorp;;52.7", "lon is no number"),
            ("Weg;1;;;;Dorp;0;0", "lon and lat are both 0"),
            ("Weg;1;;;;Dorp;500;52.7", "lon and lat are neither degrees nor metres of the Dutch grid"),
        ] {
            assert_eq!(row(&cells(HEADER, line), None, &mut suffix).unwrap_err(), reason, "{line}");
        }
    }
}
