//! From what was asked to a file that travels: the list, where it came from, and, in a pack, the messages behind it.
//!
//! Routes and the command line export through here alone, so that both say the same and both are logged.

mod pack;

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use export::{Language, Provenance, ShapeSources, Shapes, Typefaces};
use model::api::{FilterBody, Hotspots};
use model::{RegionKind, TimeMs};
use serde::Deserialize;

use crate::asking::{Asker, filter_pairs};
use crate::error::ApiError;
use crate::{shipped, times};
pub(crate) use pack::PackOrder;

/// The forms in which a list is given away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// A table for anything (RFC 4180).
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// Points for web maps (RFC 7946).
    Geojson,
    /// Points for Google Earth.
    Kml,
    /// The same, zipped.
    Kmz,
    /// Waypoints (GPX 1.1).
    Gpx,
    /// A `GeoPackage`.
    Gpkg,
    /// The report as one HTML file.
    Html,
    /// The report as PDF.
    Pdf,
    /// A zip with all of these and the messages behind the list.
    Pack,
}

impl Format {
    /// Every form with its name.
    pub(crate) const ALL: [(&'static str, Self); 10] = [
        ("csv", Self::Csv),
        ("xlsx", Self::Xlsx),
        ("geojson", Self::Geojson),
        ("kml", Self::Kml),
        ("kmz", Self::Kmz),
        ("gpx", Self::Gpx),
        ("gpkg", Self::Gpkg),
        ("html", Self::Html),
        ("pdf", Self::Pdf),
        ("pack", Self::Pack),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Geojson => "application/geo+json",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::Kmz => "application/vnd.google-earth.kmz",
            Self::Gpx => "application/gpx+xml",
            Self::Gpkg => "application/geopackage+sqlite3",
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Pack => "application/zip",
        }
    }

    /// How the name of a file of this form ends.
    pub(crate) fn extension(self) -> &'static str {
        if self == Self::Pack { "zip" } else { self.name() }
    }

    /// Whether people can read it as it is.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::Geojson | Self::Kml | Self::Gpx | Self::Html)
    }
}

/// Who exports, when, in which language, with which gazetteer.
#[derive(Debug, Clone)]
pub(crate) struct Exporter {
    pub(crate) user: String,
    pub(crate) now_ms: TimeMs,
    pub(crate) language: Language,
    pub(crate) gazetteer: String,
}

/// A list ready to be written in any form.
#[derive(Debug, Clone)]
pub(crate) struct Export {
    pub(crate) list: Hotspots,
    pub(crate) provenance: Provenance,
    /// The box of the region asked for: west, south, east, north.
    focus: Option<[f64; 4]>,
}

impl Export {
    /// Ranks what was asked for, within the asker's rights, and notes where it came from.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn new(asker: &Asker<'_>, asked: &FilterBody, exporter: Exporter) -> Result<Self, ApiError> {
        let mut list = asker.hotspots(asked).await?;
        asker.tell_words(&mut list, asked).await?;
        let region = asked.region.as_deref().and_then(|name| asker.regions.find(name));
        let provenance = Provenance {
            filter: filter_pairs(asked),
            product: format!("speurkaart {}", env!("CARGO_PKG_VERSION")),
            gazetteer: exporter.gazetteer,
            user: exporter.user,
            generated_at: times::rfc3339(exporter.now_ms),
            synthetic: synthetic(asker, asked),
            region: region.map(|region| region.name.clone()),
            zone: asker.zone.clone(),
            language: exporter.language,
        };
        let focus = region.map(|region| [region.bbox.west, region.bbox.south, region.bbox.east, region.bbox.north]);
        Ok(Self { list, provenance, focus })
    }

    /// The list in a form other than a pack, which is written by a [`PackOrder`].
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) async fn bytes(self, format: Format) -> anyhow::Result<Vec<u8>> {
        if format == Format::Gpkg {
            return Ok(export::geopackage(&self.list, &self.provenance).await?);
        }
        // Drawing and compressing take a while: not on a thread that serves others.
        tokio::task::spawn_blocking(move || self.rendered(format)).await?
    }

    fn rendered(&self, format: Format) -> anyhow::Result<Vec<u8>> {
        let Self { list, provenance, focus } = self;
        Ok(match format {
            Format::Csv => export::csv(list, provenance)?,
            Format::Geojson => export::geojson(list, provenance)?.into_bytes(),
            Format::Xlsx => export::xlsx(list, provenance)?,
            Format::Kml => export::kml(list, provenance)?.into_bytes(),
            Format::Kmz => export::kmz(list, provenance)?,
            Format::Gpx => export::gpx(list, provenance)?.into_bytes(),
            Format::Html => export::html(list, provenance, shapes()?, *focus)?.into_bytes(),
            Format::Pdf => export::pdf(list, provenance, shapes()?, *focus, typefaces()?)?,
            Format::Gpkg | Format::Pack => anyhow::bail!("{} is not written this way", format.name()),
        })
    }

    /// `hotspots-drenthe-2020-05-01-2020-06-15.pdf`: what it is of, in letters that every file system and header takes.
    pub(crate) fn file_name(&self, format: Format) -> String {
        let day = |text: &str, before_ms: TimeMs| {
            let at = text.parse::<jiff::Timestamp>().ok()?.as_millisecond() - before_ms;
            let at = jiff::Timestamp::from_millisecond(at).ok()?;
            Some(at.to_zoned_datetime(self.provenance.zone.clone()).date().to_string())
        };
        let region = self.provenance.region.as_deref().map(slug);
        let parts = [region, day(&self.list.from, 0), day(&self.list.to, 1)];
        let name: String = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .fold("hotspots".to_owned(), |name, part| format!("{name}-{part}"));
        format!("{name}.{}", format.extension())
    }

    /// Notes in the log who took what along: names of parameters and times, never words or names in them.
    pub(crate) fn log(&self, format: Format, messages: Option<usize>) {
        let parameters: Vec<&str> = self.provenance.filter.iter().map(|(name, _)| name.as_str()).collect();
        tracing::info!(
            user = self.provenance.user,
            format = format.name(),
            from = self.list.from,
            to = self.list.to,
            filter = parameters.join(","),
            hotspots = self.list.hotspots.len(),
            messages,
            "exported"
        );
    }
}

/// Whether any source that the list may come from is made up.
fn synthetic(asker: &Asker<'_>, asked: &FilterBody) -> bool {
    asker.live.sources.iter().any(|source| {
        source.synthetic
            && asker.scope.allows(source.case_no)
            && asked.case.as_ref().is_none_or(|case| *case == source.case)
            && asked.source.as_ref().is_none_or(|name| *name == source.name)
    })
}

fn slug(name: &str) -> String {
    let plain: String =
        name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    plain.trim_matches('-').to_owned()
}

/// The ground of the reports' pictures, read once.
fn shapes() -> anyhow::Result<&'static Shapes> {
    static SHAPES: OnceLock<Shapes> = OnceLock::new();
    if let Some(shapes) = SHAPES.get() {
        return Ok(shapes);
    }
    let layer = |name: &str| -> anyhow::Result<String> {
        let (_, bytes) =
            shipped::BASEMAP.iter().find(|(layer, _)| *layer == name).context("a basemap layer is missing")?;
        shipped::gunzip(bytes)
    };
    let regions = crate::knowledge::Knowledge::regions()?;
    let shapes = Shapes::read(ShapeSources {
        land: &[&layer("world-lowres")?, &layer("land")?],
        water: &layer("water")?,
        rivers: &layer("rivers")?,
        borders: &layer("borders")?,
        towns: &layer("labels")?,
        provinces: &regions.geojson(RegionKind::Province),
        municipalities: &regions.geojson(RegionKind::Municipality),
    })?;
    Ok(SHAPES.get_or_init(|| shapes))
}

/// The typefaces of the PDF, unpacked once.
fn typefaces() -> anyhow::Result<&'static Typefaces> {
    static TYPEFACES: OnceLock<Typefaces> = OnceLock::new();
    if let Some(faces) = TYPEFACES.get() {
        return Ok(faces);
    }
    let [regular, semibold] = shipped::TYPEFACES.map(shipped::gunzip_bytes);
    let faces = Typefaces::new(regular?, semibold?)?;
    Ok(TYPEFACES.get_or_init(|| faces))
}

/// A store that outlives the request.
pub(crate) type SharedStore = Arc<dyn store::Store>;
