//! The list as KML 2.2 (OGC 07-147r2) and as KMZ, its zipped form: for Google Earth and most other maps.

use std::io::{Cursor, Write as _};

use model::api::{Hotspot, HotspotClass, Hotspots};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::columns::{COLUMNS, class_name};
use crate::error::ExportError;
use crate::provenance::{Provenance, ROWS_SHA256_COVERS};
use crate::report::{class_word, title};
use crate::xml::Xml;

/// Colours of the classes as KML writes them: alpha, blue, green, red. The same as in the report.
const STYLES: [(HotspotClass, &str); 5] = [
    (HotspotClass::New, "ffc43f6a"),
    (HotspotClass::Rising, "ff1f43b2"),
    (HotspotClass::Steady, "ff7e7169"),
    (HotspotClass::Falling, "ff6a7011"),
    (HotspotClass::Unknown, "ff7e7169"),
];

/// The list as a document of placemarks, with every column as extended data.
///
/// # Errors
/// When the sum of the rows cannot be made.
pub fn kml(list: &Hotspots, provenance: &Provenance) -> Result<String, ExportError> {
    let language = provenance.language;
    let mut xml = Xml::declared();
    xml.open("kml", &[("xmlns", "http://www.opengis.net/kml/2.2")]);
    xml.open("Document", &[]);
    xml.leaf("name", &[], &title(provenance));
    xml.leaf("description", &[], &language.period(&list.from, &list.to, &provenance.zone));
    for (class, color) in STYLES {
        xml.open("Style", &[("id", class_name(class))]);
        xml.open("IconStyle", &[]);
        xml.leaf("color", &[], color);
        xml.leaf("scale", &[], "1.1");
        xml.close();
        xml.close_line();
    }
    xml.open("ExtendedData", &[]);
    for said in provenance.said(list)? {
        data(&mut xml, said.name, language.of(said.title), &said.text());
    }
    data(&mut xml, "rows_sha256_covers", "", language.of(ROWS_SHA256_COVERS));
    xml.close_line();
    for hotspot in &list.hotspots {
        xml.open("Placemark", &[]);
        xml.leaf("name", &[], &format!("{}. {}", hotspot.rank, hotspot.name));
        xml.leaf("description", &[], language.of([&hotspot.sentence.nl, &hotspot.sentence.en]));
        xml.open("TimeSpan", &[]);
        xml.leaf("begin", &[], &hotspot.first_seen);
        xml.leaf("end", &[], &hotspot.last_seen);
        xml.close();
        xml.leaf("styleUrl", &[], &format!("#{}", class_name(hotspot.class)));
        xml.open("ExtendedData", &[]);
        for column in COLUMNS {
            data(&mut xml, column.name, language.of(column.title), &(column.take)(hotspot).text());
        }
        data(&mut xml, "class_said", "", class_word(language, hotspot.class));
        xml.close();
        place(&mut xml, hotspot);
        xml.close_line();
    }
    Ok(xml.finish())
}

/// Where it lies; a unit of a grid with its outline.
fn place(xml: &mut Xml, hotspot: &Hotspot) {
    let has_outline = !hotspot.outline.is_empty();
    if has_outline {
        xml.open("MultiGeometry", &[]);
    }
    xml.open("Point", &[]);
    xml.leaf("coordinates", &[], &format!("{},{}", hotspot.lon, hotspot.lat));
    xml.close();
    if has_outline {
        let corners: Vec<String> = hotspot.outline.iter().map(|[lon, lat]| format!("{lon},{lat}")).collect();
        for name in ["Polygon", "outerBoundaryIs", "LinearRing"] {
            xml.open(name, &[]);
        }
        xml.leaf("coordinates", &[], &corners.join(" "));
        for _ in 0..4 {
            xml.close();
        }
    }
}

fn data(xml: &mut Xml, name: &str, title: &str, value: &str) {
    xml.open("Data", &[("name", name)]);
    if !title.is_empty() {
        xml.leaf("displayName", &[], title);
    }
    xml.leaf("value", &[], value);
    xml.close();
}

/// The same, zipped.
///
/// # Errors
/// When the document or the archive cannot be made.
pub fn kmz(list: &Hotspots, provenance: &Provenance) -> Result<Vec<u8>, ExportError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("doc.kml", SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
    zip.write_all(kml(list, provenance)?.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}
