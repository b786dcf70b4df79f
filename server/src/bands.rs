//! A density surface in bands of a fixed scale, so that colours are tied to values and not to what is in view.

use hotspot::Plane;
use hotspot::contours::bands as outlines;
use hotspot::density::Surface;
use model::api::{BandValues, DensityBand, DensityBands, MultiPolygonGeometry};

/// Steps of the scale that are told at most, from the densest down: three and a half powers of ten.
const MOST_BANDS: usize = 7;

/// The bands of a surface.
pub(crate) fn bands(surface: &Surface, plane: &Plane) -> DensityBands {
    let scale = scale(surface.per_km2.iter().copied().fold(0.0, f64::max));
    // Five digits are a metre: less than a surface knows.
    let position = |at: &hotspot::Metres| {
        let at = plane.unproject(*at);
        [at.lon, at.lat].map(|degrees| (degrees * 1e5).round() / 1e5)
    };
    let features = outlines(surface, &scale).into_iter().zip(&scale).map(|(polygons, from)| DensityBand {
        r#type: "Feature".into(),
        geometry: MultiPolygonGeometry::of(&polygons, position),
        properties: BandValues { from_per_km2: *from },
    });
    DensityBands { r#type: "FeatureCollection".into(), features: features.collect() }
}

/// The values of the fixed scale (1 and 3 times powers of ten) up to the largest density, at most [`MOST_BANDS`].
fn scale(max_per_km2: f64) -> Vec<f64> {
    if max_per_km2 <= 0.0 || !max_per_km2.is_finite() {
        return Vec::new();
    }
    let exponent = max_per_km2.log10().floor() as i32;
    let steps = (exponent - MOST_BANDS as i32..=exponent + 1).flat_map(|exponent| {
        // Read from text: the number nearest to the decimal one, whatever the power.
        ["1", "3"].iter().filter_map(move |digit| format!("{digit}e{exponent}").parse::<f64>().ok())
    });
    let mut steps: Vec<f64> = steps.filter(|step| *step <= max_per_km2).collect();
    steps.split_off(steps.len().saturating_sub(MOST_BANDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_made_of_the_same_values_whatever_the_density() {
        assert_eq!(scale(4.2), [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]);
        assert_eq!(scale(1.0).last(), Some(&1.0));
        assert_eq!(scale(0.9).last(), Some(&0.3));
        assert!([0.0, -1.0, f64::NAN, f64::INFINITY].into_iter().all(|none| scale(none).is_empty()));
    }
}
