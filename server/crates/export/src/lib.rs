//! Ranked lists that travel: as tables, on maps, as a report for people, and as a pack with the messages behind them.
//!
//! Each says what it came from ([`Provenance`]), and all are written from one table of columns. Only the pack holds message text.
//! Never here: which list, and who may have it; that is decided before.

mod columns;
mod csv;
mod drawing;
mod error;
mod geojson;
mod geopackage;
mod gpx;
mod kml;
mod map;
mod pack;
mod pdf;
mod provenance;
mod report;
#[cfg(test)]
mod testing;
mod typeface;
mod verify;
mod words;
mod xlsx;
mod xml;

pub use csv::{csv, harmless};
pub use error::ExportError;
pub use geojson::geojson;
pub use geopackage::geopackage;
pub use gpx::gpx;
pub use kml::{kml, kmz};
pub use map::{ShapeSources, Shapes};
pub use pack::{Pack, PackedMessage, Packing, write_pack};
pub use pdf::pdf;
pub use provenance::{Provenance, rows_sha256};
pub use report::html;
pub use typeface::Typefaces;
pub use verify::{Verified, verify};
pub use words::Language;
pub use xlsx::xlsx;
