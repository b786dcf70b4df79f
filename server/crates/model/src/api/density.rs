//! Answer of `/density`: levels, contours, and the ratio of two densities.

use serde::{Deserialize, Serialize};

use super::{DensityBands, Sentence, Unsaid};

/// Kernel of a density surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kernel {
    /// `3 / (π h²) (1 − d² / h²)²`, zero beyond the bandwidth.
    #[default]
    Quartic,
    /// Normal in both directions, the bandwidth its standard deviation.
    Gaussian,
}

/// A level of a density surface.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DensityLevel {
    /// Share of all activity within it.
    pub share: f64,
    /// Mentions per km² at its border.
    pub per_km2: f64,
    /// Area in km².
    pub area_km2: f64,
}

/// Contours as a GeoJSON feature collection (RFC 7946).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contours {
    /// `FeatureCollection`.
    pub r#type: String,
    /// A feature a level, widest last.
    pub features: Vec<Contour>,
}

/// A level's outline as a GeoJSON feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contour {
    /// `Feature`.
    pub r#type: String,
    /// Where.
    pub geometry: MultiPolygonGeometry,
    /// The level.
    pub properties: DensityLevel,
}

/// A GeoJSON multipolygon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MultiPolygonGeometry {
    /// `MultiPolygon`.
    pub r#type: String,
    /// Polygons of rings of positions: lon, lat.
    pub coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

impl MultiPolygonGeometry {
    /// From polygons of rings of points of another kind.
    pub fn of<P>(polygons: &[Vec<Vec<P>>], position: impl Fn(&P) -> [f64; 2]) -> Self {
        let ring = |ring: &Vec<P>| ring.iter().map(&position).collect();
        let coordinates = polygons.iter().map(|rings| rings.iter().map(ring).collect()).collect();
        Self { r#type: "MultiPolygon".into(), coordinates }
    }
}

/// Answer of `/density`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Density {
    /// Unit of the surface: `mentions/km²`, or what is counted.
    pub unit: String,
    /// Kernel.
    pub kernel: Kernel,
    /// Bandwidth in metres.
    pub bandwidth_m: f64,
    /// Whether the bandwidth was given (`given`), by Silverman's rule, which is Scott's too (`rule`), or by likelihood cross-validation
    /// (`cross_validated`).
    pub bandwidth_by: String,
    /// `open`, or `corrected` where nothing is smoothed over the border.
    pub edges: String,
    /// Side of a cell of the grid in metres.
    pub cell_m: f64,
    /// Largest density.
    pub max_per_km2: f64,
    /// What is counted, over the surface.
    pub total: f64,
    /// Mentions left out because they say where less precisely than the bandwidth can show.
    pub too_coarse: u64,
    /// Levels that hold half, three quarters and nine tenths.
    pub levels: Vec<DensityLevel>,
    /// GeoJSON feature collection: a multipolygon a level.
    pub contours: Contours,
    /// The surface in bands of a fixed scale (1, 3, 10, 30 … per km²).
    #[serde(default)]
    pub bands: DensityBands,
    /// The ratio to another density, where one was asked for.
    pub relative: Option<RelativeDensity>,
    /// Why there are no levels.
    pub reason: Option<Unsaid>,
    /// What it shows and what it leaves out.
    pub sentence: Sentence,
    /// Grows with every change of data.
    pub data_version: u64,
}

/// How many times denser it is here than another density makes one expect: both scaled to a whole of one (relative risk).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelativeDensity {
    /// What it is compared with: `all` or `always`.
    pub to: String,
    /// What is counted there, over its surface.
    pub total: f64,
    /// Largest ratio; `None` when none can be said.
    pub max_ratio: Option<f64>,
    /// Ratios that are reached.
    pub levels: Vec<RatioLevel>,
    /// GeoJSON feature collection: a multipolygon a level.
    pub contours: RatioContours,
    /// The ratio in bands of a fixed scale around one, where enough is there to compare with.
    #[serde(default)]
    pub bands: RatioBands,
    /// Why nothing can be said.
    pub reason: Option<Unsaid>,
    /// What it shows, and that a ratio of little is chance: it carries no test.
    pub sentence: Sentence,
}

/// A ratio and where it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatioLevel {
    /// Times as dense as expected, at its border.
    pub ratio: f64,
    /// Share of what is counted that lies within.
    pub share: f64,
    /// Area in km².
    pub area_km2: f64,
}

/// Contours of a ratio as a GeoJSON feature collection (RFC 7946).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatioContours {
    /// `FeatureCollection`.
    pub r#type: String,
    /// A feature a level, widest first.
    pub features: Vec<RatioContour>,
}

/// A ratio's outline as a GeoJSON feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatioContour {
    /// `Feature`.
    pub r#type: String,
    /// Where.
    pub geometry: MultiPolygonGeometry,
    /// The level.
    pub properties: RatioLevel,
}

/// Where the ratio lies between two values of a fixed scale, as a GeoJSON feature collection (RFC 7946): a colour by value means the same in
/// every answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatioBands {
    /// `FeatureCollection`.
    pub r#type: String,
    /// A feature a band, smallest ratio first.
    pub features: Vec<RatioBand>,
}

/// A band of a ratio as a GeoJSON feature; bands do not overlap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatioBand {
    /// `Feature`.
    pub r#type: String,
    /// Where.
    pub geometry: MultiPolygonGeometry,
    /// Its values.
    pub properties: RatioValues,
}

/// The values of a band of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatioValues {
    /// Smallest ratio in it: one of [`RATIO_SCALE`].
    pub from_ratio: f64,
}

/// Where the bands of a ratio begin: as far below one as above it.
pub const RATIO_SCALE: [f64; 11] = [0.0, 0.1, 0.2, 1.0 / 3.0, 0.5, 1.0 / 1.5, 1.5, 2.0, 3.0, 5.0, 10.0];
