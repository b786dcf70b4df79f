//! What can be wrong with regions and rows. Never holds message text.

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

/// Why rows could not be indexed: the store and the index disagree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A mention of a place that was never given.
    #[error("message {message_no} mentions place {place_no}, which is not among the places")]
    UnknownPlace {
        /// Number of the place.
        place_no: u32,
        /// Number of the message.
        message_no: u64,
    },
    /// Message numbers are kept in 32 bits.
    #[error("message number {message_no} is above {}", u32::MAX)]
    MessageNumber {
        /// Number of the message.
        message_no: u64,
    },
    /// Pairs of case and source are numbered in 16 bits.
    #[error("there are more than 65,536 pairs of case and source")]
    TooManySources,
}
