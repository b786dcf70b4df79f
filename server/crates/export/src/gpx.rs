//! The list as waypoints (GPX 1.1): for navigation devices and field maps.

use model::api::Hotspots;

use crate::error::ExportError;
use crate::provenance::{Provenance, ROWS_SHA256_COVERS};
use crate::report::{class_word, title};
use crate::xml::Xml;

/// Namespace of what GPX has no element for.
const NAMESPACE: &str = "urn:speurkaart:gpx:1";

/// The list as waypoints, elements in the order that the schema wants.
///
/// # Errors
/// When the sum of the rows cannot be made.
pub fn gpx(list: &Hotspots, provenance: &Provenance) -> Result<String, ExportError> {
    let language = provenance.language;
    let mut xml = Xml::declared();
    xml.open(
        "gpx",
        &[
            ("version", "1.1"),
            ("creator", &provenance.product),
            ("xmlns", "http://www.topografix.com/GPX/1/1"),
            ("xmlns:s", NAMESPACE),
        ],
    );
    xml.open("metadata", &[]);
    xml.leaf("name", &[], &title(provenance));
    xml.leaf("desc", &[], &language.period(&list.from, &list.to, &provenance.zone));
    xml.leaf("time", &[], &provenance.generated_at);
    xml.open("extensions", &[]);
    for said in provenance.said(list)? {
        xml.leaf("s:said", &[("name", said.name)], &said.text());
    }
    xml.leaf("s:said", &[("name", "rows_sha256_covers")], language.of(ROWS_SHA256_COVERS));
    xml.close();
    xml.close_line();
    for hotspot in &list.hotspots {
        xml.open("wpt", &[("lat", &hotspot.lat.to_string()), ("lon", &hotspot.lon.to_string())]);
        xml.leaf("name", &[], &format!("{}. {}", hotspot.rank, hotspot.name));
        xml.leaf("cmt", &[], class_word(language, hotspot.class));
        xml.leaf("desc", &[], language.of([&hotspot.sentence.nl, &hotspot.sentence.en]));
        xml.leaf("type", &[], &hotspot.kind);
        xml.close_line();
    }
    Ok(xml.finish())
}
