//! What can be wrong with regions.

/// Why regions could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RegionError {
    /// The bytes could not be read or are not GeoJSON.
    #[error("the regions are not a GeoJSON feature collection")]
    NotGeoJson(#[source] Box<geojson::Error>),
    /// A feature lacks something or holds nonsense.
    #[error("region {feature} (counted from 0): {what}")]
    BadFeature {
        /// Position of the feature in the file.
        feature: usize,
        /// What is wrong with it.
        what: String,
    },
    /// Two features have one id.
    #[error("region id {id:?} is there twice")]
    DuplicateId {
        /// The id.
        id: String,
    },
}
