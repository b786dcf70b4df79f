//! Web Mercator tiles of points, as Mapbox Vector Tiles.
//!
//! Never here: what the points mean, or where they come from.

mod encode;
mod mercator;
mod message;

pub use encode::{Feature, Value, encode};
pub use mercator::{MAX_ZOOM, TileError, TileId};
