//! Pieces of the screen that panels share.

pub(crate) mod analyses_button;
pub(crate) mod density_legend;
pub(crate) mod drawn_area;
pub(crate) mod export_menu;
pub(crate) mod header;
pub(crate) mod home_region;
pub(crate) mod icons;
pub(crate) mod import_button;
pub(crate) mod map_tools;
pub(crate) mod region_picker;
pub(crate) mod sparkline;
pub(crate) mod states;
pub(crate) mod toast;
pub(crate) mod tooltip;
pub(crate) mod units_legend;
