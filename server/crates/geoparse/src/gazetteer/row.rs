//! One row of the table, read and written.

use std::fmt::Display;
use std::str::FromStr;

use model::{LonLat, Place, PlaceKind};

use super::Entry;

const CELLS: usize = 14;

/// Reads a row; the error is a sentence that names the column and never repeats the cell.
pub(super) fn parse(line: &str) -> Result<Entry, String> {
    let cells: Vec<&str> = line.split('\t').collect();
    if cells.len() != CELLS {
        return Err(format!("{} columns instead of {CELLS}", cells.len()));
    }
    let (id, name) = (cells[0].trim(), cells[1].trim());
    if id.is_empty() || name.is_empty() {
        return Err("id or name is empty".to_owned());
    }
    let kind: PlaceKind = cells[2].parse().map_err(|_| "kind is not one we know".to_owned())?;
    let (lon, lat): (f64, f64) = (number(cells[3], "lon")?, number(cells[4], "lat")?);
    if LonLat::new(lon, lat).is_none() {
        return Err("lon and lat are not on the globe".to_owned());
    }
    let population = if cells[10].is_empty() { None } else { Some(number(cells[10], "population")?) };
    let postcodes = list(cells[11], ',').map(|code| number(code, "postcodes")).collect::<Result<Vec<u16>, _>>()?;
    Ok(Entry {
        place: Place {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            lon,
            lat,
            radius_m: number(cells[5], "radius_m")?,
            municipality: optional(cells[6]),
            province: optional(cells[7]),
            police_unit: optional(cells[8]),
            country: optional(cells[9]),
            population,
        },
        postcodes,
        names: list(cells[12], '|').map(str::to_owned).collect(),
        qualifiers: list(cells[13], '|').map(str::to_owned).collect(),
    })
}

/// Writes a row, so that reading it gives the same entry.
pub(super) fn write(entry: &Entry) -> String {
    let place = &entry.place;
    let text = |cell: &Option<String>| cell.as_deref().map(clean).unwrap_or_default();
    [
        clean(&place.id),
        clean(&place.name),
        place.kind.as_str().to_owned(),
        format!("{:.5}", place.lon),
        format!("{:.5}", place.lat),
        place.radius_m.to_string(),
        text(&place.municipality),
        text(&place.province),
        text(&place.police_unit),
        text(&place.country),
        place.population.map(|people| people.to_string()).unwrap_or_default(),
        joined(&entry.postcodes, ","),
        joined(&entry.names, "|"),
        joined(&entry.qualifiers, "|"),
    ]
    .join("\t")
}

fn number<T: FromStr>(cell: &str, column: &str) -> Result<T, String> {
    cell.trim().parse().map_err(|_| format!("{column} is not a number of its kind"))
}

fn optional(cell: &str) -> Option<String> {
    let cell = cell.trim();
    (!cell.is_empty()).then(|| cell.to_owned())
}

fn list(cell: &str, split: char) -> impl Iterator<Item = &str> {
    cell.split(split).map(str::trim).filter(|part| !part.is_empty())
}

fn joined<T: Display>(parts: &[T], by: &str) -> String {
    parts.iter().map(|part| clean(&part.to_string())).collect::<Vec<_>>().join(by)
}

/// A cell may not hold what separates cells and rows.
fn clean(cell: &str) -> String {
    cell.replace(['\t', '\n', '\r'], " ")
}
