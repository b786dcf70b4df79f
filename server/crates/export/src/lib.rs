//! Ranked lists that travel: as a table and on a map, each with what it came from.
//!
//! Never here: message text, or anything that the list itself does not say. Both forms are for machines and for people with a
//! spreadsheet: names of columns and properties are those of the API.

mod csv;
mod geojson;
mod provenance;

pub use csv::csv;
pub use geojson::geojson;
pub use provenance::{ExportError, Provenance};
