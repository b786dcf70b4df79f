//! The disclosure pack: every form of the list, the messages behind it, and a manifest with the SHA-256 of each file, in one zip archive.
//!
//! It is written as a stream, front to back. Messages come from an iterator and go straight through, so that memory does not grow with
//! their number.

mod messages;
mod readme;

use std::io::Write;

use model::api::{Hotspots, MessageView};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::error::ExportError;
use crate::map::Shapes;
use crate::provenance::{Provenance, hex};
use crate::typeface::Typefaces;
use crate::words::Language;
use crate::{csv, geojson, gpx, html, kml, kmz, pdf, xlsx};

/// What a manifest of this form calls itself.
pub(crate) const FORMAT: &str = "speurkaart-pack/1";
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SUMS: &str = "SHA256SUMS";
pub(crate) const MESSAGES: &str = "messages.jsonl";

/// A message with the files that its sources were read from.
#[derive(Debug, Clone)]
pub struct PackedMessage {
    /// The message with its mentions.
    pub message: MessageView,
    /// Names of the files imported into its sources.
    pub files: Vec<String>,
}

/// What goes into a pack.
pub struct Packing<'a> {
    /// The list.
    pub list: &'a Hotspots,
    /// Where it came from.
    pub provenance: &'a Provenance,
    /// Ground of the pictures.
    pub shapes: &'a Shapes,
    /// What the overview shows whole.
    pub focus: Option<[f64; 4]>,
    /// Typefaces of the PDF.
    pub faces: &'a Typefaces,
    /// The list as a `GeoPackage`, made before (it is made by SQLite, which is asynchronous).
    pub geopackage: Vec<u8>,
    /// The filter in full, with words and polygon: whoever gets the messages may know how they were chosen.
    pub asked: Value,
}

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Messages in it.
    pub messages: u64,
    /// SHA-256 of its manifest: note it down elsewhere, and the pack cannot be changed unseen.
    pub manifest_sha256: String,
}

/// Writes a pack. `messages` gives the messages behind the list, the same ones in the same order whenever it is called.
///
/// # Errors
/// When a form of the list cannot be made, messages cannot be read, or the archive cannot be written.
pub fn write_pack<W, I, E>(out: W, packing: &Packing<'_>, mut messages: impl FnMut() -> I) -> Result<Pack, ExportError>
where
    W: Write,
    I: Iterator<Item = Result<PackedMessage, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let Packing { list, provenance, shapes, focus, faces, .. } = *packing;
    let mut archive = Archive { zip: ZipWriter::new_stream(out), files: Vec::new() };
    archive.whole("README.md", readme::readme(Language::En, provenance).as_bytes())?;
    archive.whole("LEESMIJ.md", readme::readme(Language::Nl, provenance).as_bytes())?;
    archive.whole("hotspots.csv", &csv(list, provenance)?)?;
    archive.whole("hotspots.geojson", geojson(list, provenance)?.as_bytes())?;
    archive.whole("hotspots.xlsx", &xlsx(list, provenance)?)?;
    archive.whole("hotspots.kml", kml(list, provenance)?.as_bytes())?;
    archive.whole("hotspots.kmz", &kmz(list, provenance)?)?;
    archive.whole("hotspots.gpx", gpx(list, provenance)?.as_bytes())?;
    archive.whole("hotspots.gpkg", &packing.geopackage)?;
    archive.whole("report.html", html(list, provenance, shapes, focus)?.as_bytes())?;
    archive.whole("report.pdf", &pdf(list, provenance, shapes, focus, faces)?)?;
    let counted = archive.file(MESSAGES, |out| messages::json_lines(out, messages()))?;
    archive.file("messages.csv", |out| messages::csv(out, messages()))?;

    let files: Vec<Value> =
        archive.files.iter().map(|(name, bytes, sum)| json!({ "name": name, "bytes": bytes, "sha256": sum })).collect();
    let manifest = json!({
        "format": FORMAT,
        "provenance": provenance.json(list)?,
        "asked": packing.asked,
        "counts": { "hotspots": list.hotspots.len(), "messages": counted.messages, "mentions": counted.mentions },
        "files": files,
    });
    archive.whole(MANIFEST, &serde_json::to_vec_pretty(&manifest)?)?;
    let manifest_sha256 = archive.files.last().map(|(_, _, sum)| sum.clone()).unwrap_or_default();
    let sums: Vec<_> = archive.files.iter().map(|(name, _, sum)| format!("{sum}  {name}\n")).collect();
    archive.whole(SUMS, sums.concat().as_bytes())?;
    archive.zip.finish()?.flush()?;
    Ok(Pack { messages: counted.messages, manifest_sha256 })
}

/// An archive in the making, with name, size and sum of each file in it.
struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    files: Vec<(&'static str, u64, String)>,
}

impl<W: Write> Archive<W> {
    fn whole(&mut self, name: &'static str, bytes: &[u8]) -> Result<(), ExportError> {
        self.file(name, |out| Ok(out.write_all(bytes)?))
    }

    fn file<T>(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut dyn Write) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        // Messages may take more than four gigabytes; how much is not known when the file begins.
        let large = name.starts_with("messages");
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(large);
        self.zip.start_file(name, options)?;
        let mut summing = Summing { out: &mut self.zip, sum: Sha256::new(), bytes: 0 };
        let result = write(&mut summing)?;
        let (bytes, sum) = (summing.bytes, hex(&summing.sum.finalize()));
        self.files.push((name, bytes, sum));
        Ok(result)
    }
}

/// Sums up what passes through.
struct Summing<W> {
    out: W,
    sum: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
