//! Colours of the map, for light and dark. The rest of the screen takes its colours from `style/tokens.css`.

use crate::state::Theme;

/// The colours of one theme.
#[derive(Debug)]
pub(crate) struct Palette {
    /// Open water and everything unknown.
    pub(crate) water: &'static str,
    /// Land of the Netherlands and its neighbours.
    pub(crate) land: &'static str,
    /// National borders.
    pub(crate) border: &'static str,
    /// Provincial and regional borders.
    pub(crate) hairline: &'static str,
    /// Names on the map.
    pub(crate) label: &'static str,
    /// Names of what is small.
    pub(crate) label_faint: &'static str,
    /// What is chosen.
    pub(crate) accent: &'static str,
    /// Surface of markers.
    pub(crate) marker: &'static str,
    /// Text on markers.
    pub(crate) marker_text: &'static str,
    /// Points of places.
    pub(crate) point: &'static str,
    /// Roads of a basemap that has them.
    pub(crate) road: &'static str,
    /// Six steps from little to much: choropleth classes, and the heatmap's ramp.
    pub(crate) ramp: [&'static str; 6],
}

static LIGHT: Palette = Palette {
    water: "#d5e0e8",
    land: "#f6f5f2",
    border: "#a9a59c",
    hairline: "#cfccc4",
    label: "#4b515b",
    label_faint: "#7d838d",
    accent: "#2f55d4",
    marker: "#ffffff",
    marker_text: "#1a1d23",
    point: "#9c2f2a",
    road: "#e6e3dc",
    ramp: ["#fbe7c8", "#f8c48c", "#ef9a5c", "#dd6a42", "#b93d36", "#7c1d2f"],
};

static DARK: Palette = Palette {
    water: "#0c1015",
    land: "#181c22",
    border: "#4a525e",
    hairline: "#303740",
    label: "#b3bac4",
    label_faint: "#7b8490",
    accent: "#8aa9ff",
    marker: "#22272f",
    marker_text: "#f1f3f6",
    point: "#ffb36b",
    road: "#252b33",
    ramp: ["#3a2233", "#6b2a44", "#a03a45", "#d35e40", "#f0964f", "#fbd58a"],
};

impl Palette {
    /// The colours of a theme.
    pub(crate) fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}
