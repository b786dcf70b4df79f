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
    /// Answers of analyses.
    pub(crate) analysis: &'static str,
    /// A ratio by the scale of `RATIO_SCALE`: less than usual, about as usual, more. Violet and orange are told apart whatever colours one
    /// sees, and their strength tells how far from one it is.
    pub(crate) ratios: [&'static str; 11],
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
    analysis: "#6a3fc4",
    ratios: [
        "#4b2e83", "#6a52a3", "#8d80bd", "#b3abd6", "#d2cee6", "#e2e0da", "#f7cf99", "#f0a94e", "#db7b12", "#aa5106",
        "#6e3106",
    ],
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
    analysis: "#c3a8ff",
    ratios: [
        "#a79fd6", "#8f86c4", "#776eae", "#5f5890", "#4a466f", "#353b44", "#66502c", "#946a25", "#c98524", "#f2ab4d",
        "#ffdb9f",
    ],
    ramp: ["#3a2233", "#6b2a44", "#a03a45", "#d35e40", "#f0964f", "#fbd58a"],
};

/// The ends of the scale of densities, per km². What lies beyond has the colour of its end.
const DENSITIES: (f64, f64) = (0.001, 300.0);

impl Palette {
    /// The colour of a density per km²: by the logarithm on a fixed scale, so that it means the same in every answer.
    pub(crate) fn density(&self, per_km2: f64) -> String {
        let (least, most) = DENSITIES;
        self.along((per_km2.max(least) / least).ln() / (most / least).ln())
    }

    /// The colour at a share of the way along the ramp.
    pub(super) fn along(&self, share: f64) -> String {
        let at = share.clamp(0.0, 1.0) * (self.ramp.len() - 1) as f64;
        let below = (at as usize).min(self.ramp.len() - 2);
        let channel = |color: &str, from: usize| {
            f64::from(color.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0))
        };
        let mixed = [1, 3, 5].map(|from| {
            let (low, high) = (channel(self.ramp[below], from), channel(self.ramp[below + 1], from));
            (low + (high - low) * (at - below as f64)).round() as u8
        });
        format!("#{:02x}{:02x}{:02x}", mixed[0], mixed[1], mixed[2])
    }

    /// The colours of a theme.
    pub(crate) fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_stronger_the_further_it_is_from_one() {
        let brightness = |color: &str| -> u32 {
            [1, 3, 5].iter().filter_map(|from| u32::from_str_radix(color.get(*from..from + 2)?, 16).ok()).sum()
        };
        for (palette, is_dark) in [(&LIGHT, false), (&DARK, true)] {
            let steps: Vec<u32> = palette.ratios.iter().map(|color| brightness(color)).collect();
            let (less, more) = (&steps[..6], &steps[5..]);
            assert!(less.windows(2).all(|two| (two[0] > two[1]) == is_dark), "{steps:?}");
            assert!(more.windows(2).all(|two| (two[1] > two[0]) == is_dark), "{steps:?}");
        }
    }

    #[test]
    fn a_density_has_one_colour_whatever_else_there_is() {
        let light = Palette::of(Theme::Light);
        assert_eq!(light.density(0.0), light.ramp[0]);
        assert_eq!(light.density(1e9), light.ramp[5]);
        let steps = ["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10", "30", "100", "300"];
        let colours: std::collections::BTreeSet<_> =
            steps.iter().filter_map(|step| step.parse().ok()).map(|step| light.density(step)).collect();
        assert_eq!(colours.len(), steps.len());
    }
}
