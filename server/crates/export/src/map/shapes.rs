//! What the ground of a picture is made of, read from GeoJSON.

use geojson::{FeatureCollection, GeometryValue, Position};

use crate::error::ExportError;

/// Rings of an area, or lines, with the box around them. Longitude first.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) parts: Vec<Vec<[f64; 2]>>,
    /// West, south, east, north.
    pub(crate) bounds: [f64; 4],
}

impl Shape {
    pub(crate) fn new(parts: Vec<Vec<[f64; 2]>>) -> Self {
        let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for [lon, lat] in parts.iter().flatten() {
            bounds = [bounds[0].min(*lon), bounds[1].min(*lat), bounds[2].max(*lon), bounds[3].max(*lat)];
        }
        Self { parts, bounds }
    }
}

/// A town whose name helps to find one's way.
#[derive(Debug, Clone)]
pub(crate) struct Town {
    pub(crate) name: String,
    /// 1 is the greatest.
    pub(crate) rank: u64,
    pub(crate) at: [f64; 2],
}

/// GeoJSON documents of the layers.
#[derive(Debug, Clone, Copy)]
pub struct ShapeSources<'a> {
    /// Land, as areas.
    pub land: &'a [&'a str],
    /// Water upon it, as areas.
    pub water: &'a str,
    /// Rivers, as lines.
    pub rivers: &'a str,
    /// Borders of countries (property `level` 2), as lines.
    pub borders: &'a str,
    /// Towns: points with `name`, `rank`, `kind`.
    pub towns: &'a str,
    /// Provinces, as areas.
    pub provinces: &'a str,
    /// Municipalities, as areas.
    pub municipalities: &'a str,
}

/// The ground of all pictures.
#[derive(Debug, Clone)]
pub struct Shapes {
    pub(crate) land: Vec<Shape>,
    pub(crate) water: Vec<Shape>,
    pub(crate) rivers: Vec<Shape>,
    pub(crate) borders: Vec<Shape>,
    pub(crate) provinces: Vec<Shape>,
    pub(crate) municipalities: Vec<Shape>,
    towns: Vec<Town>,
}

impl Shapes {
    /// Reads the layers.
    ///
    /// # Errors
    /// When one is no feature collection.
    pub fn read(sources: ShapeSources<'_>) -> Result<Self, ExportError> {
        let mut land = Vec::new();
        for source in sources.land {
            land.extend(shapes(source, |_| true)?);
        }
        Ok(Self {
            land,
            water: shapes(sources.water, |_| true)?,
            rivers: shapes(sources.rivers, |_| true)?,
            borders: shapes(sources.borders, |level| level == Some(2))?,
            provinces: shapes(sources.provinces, |_| true)?,
            municipalities: shapes(sources.municipalities, |_| true)?,
            towns: towns(sources.towns)?,
        })
    }

    /// Towns of this rank and greater ones, the greatest first.
    pub(crate) fn towns(&self, rank: u64) -> impl Iterator<Item = &Town> {
        self.towns.iter().take_while(move |town| town.rank <= rank)
    }
}

fn collection(source: &str) -> Result<FeatureCollection, ExportError> {
    source.parse().map_err(|error: geojson::Error| ExportError::Shapes(Box::new(error)))
}

fn shapes(source: &str, of_level: impl Fn(Option<u64>) -> bool) -> Result<Vec<Shape>, ExportError> {
    let ring = |positions: &Vec<Position>| -> Vec<[f64; 2]> { positions.iter().map(|p| [p[0], p[1]]).collect() };
    let mut found = Vec::new();
    for feature in collection(source)?.features {
        let level = feature.property("level").and_then(serde_json::Value::as_u64);
        let Some(geometry) = feature.geometry.filter(|_| of_level(level)) else { continue };
        match geometry.value {
            GeometryValue::Polygon { coordinates } => found.push(Shape::new(coordinates.iter().map(ring).collect())),
            GeometryValue::MultiPolygon { coordinates } => {
                found.extend(coordinates.iter().map(|polygon| Shape::new(polygon.iter().map(ring).collect())));
            }
            GeometryValue::LineString { coordinates } => found.push(Shape::new(vec![ring(&coordinates)])),
            GeometryValue::MultiLineString { coordinates } => {
                found.push(Shape::new(coordinates.iter().map(ring).collect()));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn towns(source: &str) -> Result<Vec<Town>, ExportError> {
    let mut found: Vec<(u64, Town)> = Vec::new();
    for feature in collection(source)?.features {
        let number = |name| feature.property(name).and_then(serde_json::Value::as_u64);
        let text = |name| feature.property(name).and_then(serde_json::Value::as_str);
        if text("kind") == Some("province") {
            continue;
        }
        if let (Some(name), Some(rank), Some(GeometryValue::Point { coordinates })) =
            (text("name"), number("rank"), feature.geometry.as_ref().map(|geometry| &geometry.value))
        {
            let town = Town { name: name.to_owned(), rank, at: [coordinates[0], coordinates[1]] };
            found.push((number("pop").unwrap_or(0), town));
        }
    }
    found.sort_by(|(a_pop, a), (b_pop, b)| a.rank.cmp(&b.rank).then(b_pop.cmp(a_pop)).then(a.name.cmp(&b.name)));
    Ok(found.into_iter().map(|(_, town)| town).collect())
}
