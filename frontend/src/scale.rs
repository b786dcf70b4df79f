//! Class breaks of the choropleth and the units of the heatmap: pure arithmetic.

/// Metres that a screen pixel spans at zoom 0 on the equator, with MapLibre's tiles of 512 px:
/// equatorial circumference 40075016.686 m / 512 px.
const METRES_PER_PIXEL_ZOOM_0: f64 = 40_075_016.686 / 512.0;

/// Latitude for which distances on the whole map are drawn: the middle of the Netherlands, in degrees.
pub(crate) const REFERENCE_LAT: f64 = 52.2;

/// Coefficient of MapLibre's heatmap kernel, 1 / √(2π) (its shader's `GAUSS_COEF`).
pub(crate) const GAUSS_COEF: f64 = 0.398_942_280_401_432_7;

/// Metres per screen pixel at a zoom and latitude.
pub(crate) fn metres_per_pixel(zoom: f64, lat: f64) -> f64 {
    METRES_PER_PIXEL_ZOOM_0 * lat.to_radians().cos() / zoom.exp2()
}

/// Round class breaks for values up to `max`: at most `count` steps of 1–2–5 down from the greatest round number that
/// is not above `max`. They depend on the greatest value only, so a colour keeps its meaning while a window is dragged.
pub(crate) fn class_breaks(max: f64, count: usize) -> Vec<f64> {
    if !max.is_finite() || max <= 0.0 {
        return Vec::new();
    }
    let mut exponent = max.log10().floor() as i32;
    let mut step = [5.0, 2.0, 1.0].iter().position(|m| m * 10f64.powi(exponent) <= max * (1.0 + 1e-9)).unwrap_or(2);
    let mut breaks = Vec::with_capacity(count);
    while breaks.len() < count {
        breaks.push([5.0, 2.0, 1.0][step] * 10f64.powi(exponent));
        step += 1;
        if step == 3 {
            step = 0;
            exponent -= 1;
        }
    }
    breaks.reverse();
    breaks
}

/// The class of a value: the number of breaks at or below it.
pub(crate) fn class_of(value: f64, breaks: &[f64]) -> usize {
    breaks.iter().filter(|b| value >= **b * (1.0 - 1e-9)).count()
}

/// The heatmap intensity that puts heat 1 at `density` conversations per km², for a kernel of standard deviation
/// `bandwidth_m`.
///
/// MapLibre sums `weight · intensity · GAUSS_COEF · exp(−d²/2σ²)`; a kernel density is `weight / (2πσ²) · exp(−d²/2σ²)`.
pub(crate) fn intensity_for(density: f64, bandwidth_m: f64) -> f64 {
    let sigma_km = bandwidth_m / 1000.0;
    1.0 / (GAUSS_COEF * density * std::f64::consts::TAU * sigma_km * sigma_km)
}

/// The greatest kernel density, in weight per km², at any of the first `candidates` points.
///
/// # Parameters
/// `points`: longitude, latitude (degrees) and weight, heaviest first. `bandwidth_m`: the kernel's standard deviation.
pub(crate) fn peak_density(points: &[(f64, f64, f64)], bandwidth_m: f64, candidates: usize) -> f64 {
    // Kilometres of a degree of latitude on a sphere of 6371.0088 km.
    const KM_PER_DEGREE: f64 = 111.195_080;
    let sigma_km = bandwidth_m / 1000.0;
    let density = |lon: f64, lat: f64| -> f64 {
        let lon_scale = KM_PER_DEGREE * lat.to_radians().cos();
        let sum: f64 = points
            .iter()
            .map(|(other_lon, other_lat, weight)| {
                let (dx, dy) = ((other_lon - lon) * lon_scale, (other_lat - lat) * KM_PER_DEGREE);
                weight * (-(dx * dx + dy * dy) / (2.0 * sigma_km * sigma_km)).exp()
            })
            .sum();
        sum / (std::f64::consts::TAU * sigma_km * sigma_km)
    };
    points.iter().take(candidates).map(|(lon, lat, _)| density(*lon, *lat)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_round_and_end_at_or_below_the_greatest_value() {
        assert_eq!(class_breaks(7.3, 5), vec![0.2, 0.5, 1.0, 2.0, 5.0]);
        assert_eq!(class_breaks(1.0, 3), vec![0.2, 0.5, 1.0]);
        assert_eq!(class_breaks(0.0, 5), Vec::<f64>::new());
        assert_eq!(class_breaks(f64::NAN, 5), Vec::<f64>::new());
    }

    #[test]
    fn a_value_on_a_break_belongs_to_the_class_above_it() {
        let breaks = [1.0, 2.0, 5.0];
        assert_eq!([0.5, 1.0, 4.9, 5.0, 90.0].map(|v| class_of(v, &breaks)), [0, 1, 2, 3, 3]);
    }

    #[test]
    fn a_pixel_is_about_750_metres_over_the_netherlands_at_zoom_six() {
        // 40075016.686 m · cos 52.2° / (512 px · 2⁶) = 749.6 m
        assert!((metres_per_pixel(6.0, REFERENCE_LAT) - 749.6).abs() < 0.5);
    }

    #[test]
    fn heat_is_one_where_the_density_is_that_of_the_intensity() {
        let alone = [(6.5, 52.67, 4.0)];
        let peak = peak_density(&alone, 3000.0, 10);
        assert!((peak - 4.0 / (std::f64::consts::TAU * 9.0)).abs() < 1e-12);
        let heat = 4.0 * intensity_for(peak, 3000.0) * GAUSS_COEF;
        assert!((heat - 1.0).abs() < 1e-12);
    }

    #[test]
    fn neighbours_within_the_bandwidth_add_up_and_far_places_do_not() {
        let near = peak_density(&[(6.5, 52.67, 1.0), (6.5, 52.67, 1.0)], 3000.0, 10);
        let far = peak_density(&[(6.5, 52.67, 1.0), (4.5, 51.0, 1.0)], 3000.0, 10);
        assert!((near / far - 2.0).abs() < 1e-9);
    }
}
