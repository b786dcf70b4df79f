//! The map: what is drawn ([`layers`], [`basemap`], [`scene`]) and the component that draws it ([`view`]).
//!
//! Only [`maplibre`] touches the map library.

mod basemap;
mod camera;
mod layers;
mod maplibre;
pub(crate) mod palette;
pub(crate) mod scene;
mod view;

pub(crate) use view::{DEFAULT_BANDWIDTH_M, Look, MapView};
