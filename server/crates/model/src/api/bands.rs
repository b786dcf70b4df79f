//! A density surface in bands of a fixed scale, as `/density` answers it.

use serde::{Deserialize, Serialize};

use super::MultiPolygonGeometry;

/// Where the density lies between two values of a fixed scale, as a GeoJSON feature collection (RFC 7946): a colour by value means the same in
/// every answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DensityBands {
    /// `FeatureCollection`.
    pub r#type: String,
    /// A feature a band, least dense first.
    pub features: Vec<DensityBand>,
}

/// A band as a GeoJSON feature; bands do not overlap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DensityBand {
    /// `Feature`.
    pub r#type: String,
    /// Where.
    pub geometry: MultiPolygonGeometry,
    /// Its values.
    pub properties: BandValues,
}

/// The values of a band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BandValues {
    /// Least density in it, per km²: 1 or 3 times a power of ten.
    pub from_per_km2: f64,
}
