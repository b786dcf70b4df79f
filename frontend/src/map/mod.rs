//! The map: what is drawn ([`layers`], [`units`], [`basemap`], [`scene`]) and the component that draws it ([`view`]).
//!
//! Only [`maplibre`] touches the map library.

mod analysis;
mod basemap;
mod camera;
mod drawing;
mod layers;
mod maplibre;
pub(crate) mod palette;
pub(crate) mod scene;
pub(crate) mod units;
mod view;

pub(crate) use view::{DEFAULT_BANDWIDTH_M, Look, MapView};
