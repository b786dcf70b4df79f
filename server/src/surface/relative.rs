//! How many times denser it is than another density makes one expect.

use hotspot::Metres;
use hotspot::contours::{bands_where, contours};
use hotspot::density::{Grid, Surface, relative_risk};
use hotspot::number::decimal;
use model::api::{
    MultiPolygonGeometry, RATIO_SCALE, RatioBand, RatioBands, RatioContour, RatioContours, RatioLevel, RatioValues,
    RelativeDensity, Sentence, Unsaid,
};

/// Ratios whose outlines are told.
const RATIOS: [f64; 5] = [1.5, 2.0, 3.0, 5.0, 10.0];
/// Where fewer are counted in the comparison, spread over a disc of one bandwidth, a ratio would be made of chance.
const LEAST_COMPARED: f64 = 5.0;

/// The ratio of two surfaces over one grid, both scaled to a whole of one. `position` gives lon, lat.
pub(super) fn relative(
    to: &str,
    cases: &Surface,
    controls: &Surface,
    total: f64,
    bandwidth_m: f64,
    reason: Option<Unsaid>,
    position: impl Fn(&Metres) -> [f64; 2],
) -> RelativeDensity {
    let most = controls.per_km2.iter().copied().fold(0.0, f64::max);
    let least = LEAST_COMPARED / (std::f64::consts::PI * bandwidth_m * bandwidth_m / 1e6);
    let sum: f64 = cases.per_km2.iter().sum();
    let reason = reason.or(if sum <= 0.0 {
        Some(Unsaid::NothingCounted)
    } else {
        (most < least).then_some(Unsaid::NothingToCompare)
    });
    let ratios: Vec<Option<f64>> =
        if reason.is_some() { Vec::new() } else { relative_risk(cases, controls, least / most) };
    let max_ratio = ratios.iter().flatten().copied().reduce(f64::max);
    let cell_km2 = cases.grid.step_m * cases.grid.step_m / 1e6;
    let levels: Vec<RatioLevel> = RATIOS
        .into_iter()
        .filter(|ratio| max_ratio.is_some_and(|max| max >= *ratio))
        .map(|ratio| {
            let within: Vec<f64> = ratios
                .iter()
                .zip(&cases.per_km2)
                .filter(|(one, _)| one.is_some_and(|one| one >= ratio))
                .map(|(_, case)| *case)
                .collect();
            RatioLevel { ratio, share: within.iter().sum::<f64>() / sum, area_km2: within.len() as f64 * cell_km2 }
        })
        .collect();
    // Where nothing can be said there is no outline: a ratio of zero lies below each of them.
    let surface = Surface { grid: cases.grid, per_km2: ratios.iter().map(|ratio| ratio.unwrap_or(0.0)).collect() };
    let thresholds: Vec<f64> = levels.iter().map(|level| level.ratio).collect();
    let outlines = if levels.is_empty() { Vec::new() } else { contours(&surface, &thresholds) };
    let features = levels
        .iter()
        .zip(outlines)
        .map(|(level, polygons)| RatioContour {
            r#type: "Feature".into(),
            geometry: MultiPolygonGeometry::of(&polygons, &position),
            properties: *level,
        })
        .collect();
    RelativeDensity {
        to: to.to_owned(),
        total,
        max_ratio,
        sentence: sentence(to, max_ratio, reason),
        levels,
        contours: RatioContours { r#type: "FeatureCollection".into(), features },
        bands: RatioBands {
            r#type: "FeatureCollection".into(),
            features: if reason.is_some() { Vec::new() } else { bands(cases, controls, least, position) },
        },
        reason,
    }
}

/// Ratios with those beside them where there is none, so that up to the edge of what can be said a band goes on as it is; what lies beyond is
/// cut off.
fn continued(ratios: &[Option<f64>], grid: Grid) -> Vec<f64> {
    let near = |from: usize, end: usize| from.saturating_sub(1)..(from + 2).min(end);
    let beside = |at: usize| {
        let mut known = Vec::new();
        for row in near(at / grid.columns, grid.rows) {
            let columns = near(at % grid.columns, grid.columns);
            known.extend(columns.filter_map(|column| ratios[row * grid.columns + column]));
        }
        known.iter().sum::<f64>() / known.len().max(1) as f64
    };
    ratios.iter().enumerate().map(|(at, ratio)| ratio.unwrap_or_else(|| beside(at))).collect()
}

/// The ratio in bands of the fixed scale, where at least so much is compared with.
fn bands(cases: &Surface, controls: &Surface, least: f64, position: impl Fn(&Metres) -> [f64; 2]) -> Vec<RatioBand> {
    let surface = Surface { grid: cases.grid, per_km2: continued(&relative_risk(cases, controls, 0.0), cases.grid) };
    let made = bands_where(&surface, &RATIO_SCALE, controls, least).into_iter().zip(RATIO_SCALE);
    made.filter(|(polygons, _)| !polygons.is_empty())
        .map(|(polygons, from_ratio)| RatioBand {
            r#type: "Feature".into(),
            geometry: MultiPolygonGeometry::of(&polygons, &position),
            properties: RatioValues { from_ratio },
        })
        .collect()
}

fn sentence(to: &str, max_ratio: Option<f64>, reason: Option<Unsaid>) -> Sentence {
    let said = |nl: &str, en: &str| Sentence { nl: nl.to_owned(), en: en.to_owned() };
    let [than_nl, than_en] = if to == "always" {
        ["op enig moment", "at any time"]
    } else {
        [
            "in alle berichten, waarover en van welke bron ook",
            "in all messages, whatever they are about and their source",
        ]
    };
    match (reason, max_ratio) {
        (Some(Unsaid::SameAsAll), _) => said(
            "Alles wordt met zichzelf vergeleken: vraag om woorden, een onderwerp, een bron of een periode.",
            "Everything is compared with itself: ask for words, a topic, a source or a period.",
        ),
        (Some(Unsaid::NothingCounted), _) => {
            said("Er is niets geteld dat precies genoeg is.", "Nothing precise enough was counted.")
        }
        (Some(_), _) | (None, None) => {
            said("Er is te weinig om mee te vergelijken.", "There is too little to compare with.")
        }
        (None, Some(max)) => {
            let [max_nl, max_en] = decimal(max, 1);
            said(
                &format!(
                    "Hoeveel keer dichter dan {than_nl}: op het hoogst {max_nl} keer. Een verhouding zonder toets: waar weinig geteld is kan zij toeval zijn."
                ),
                &format!(
                    "How many times denser than {than_en}: {max_en} times at most. A ratio without a test: where little was counted it may be chance."
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use hotspot::density::{Spot, surface};
    use model::api::Kernel;

    use super::*;

    fn made(spots: &[(f64, f64)]) -> Surface {
        let grid = Grid::over(Metres { x: -20_000.0, y: -10_000.0 }, Metres { x: 20_000.0, y: 10_000.0 }, 100);
        let spots: Vec<Spot> = spots
            .iter()
            .map(|(x, weight)| Spot { at: Metres { x: *x, y: 0.0 }, weight: *weight, radius_m: 0.0 })
            .collect();
        surface(&spots, Kernel::Quartic, 3_000.0, grid, None)
    }

    fn flat(at: &Metres) -> [f64; 2] {
        [at.x, at.y]
    }

    #[test]
    fn where_a_share_is_larger_than_usual_the_ratio_says_so() {
        let (cases, controls) =
            (made(&[(-8_000.0, 30.0), (8_000.0, 10.0)]), made(&[(-8_000.0, 100.0), (8_000.0, 300.0)]));
        let found = relative("all", &cases, &controls, 400.0, 3_000.0, None, flat);
        // Three quarters here of what is a quarter of all.
        assert!((found.max_ratio.unwrap() - 3.0).abs() < 0.05, "{:?}", found.max_ratio);
        assert!((found.levels[0].ratio - 1.5).abs() < 1e-12);
        assert!((found.levels[0].share - 0.75).abs() < 0.05 && found.reason.is_none());
        let ring = &found.contours.features[0].geometry.coordinates[0][0];
        assert!(ring.iter().all(|[x, _]| *x < 0.0), "the outline lies where it is denser");
    }

    #[test]
    fn a_ratio_has_the_band_of_its_value_and_no_other_along_its_edge() {
        let (cases, controls) =
            (made(&[(-8_000.0, 32.0), (8_000.0, 8.0)]), made(&[(-8_000.0, 100.0), (8_000.0, 300.0)]));
        let found = relative("all", &cases, &controls, 400.0, 3_000.0, None, flat);
        // 3.2 times on the left, 0.27 times on the right, and nothing can be said in between.
        let is_left = |band: &RatioBand| band.geometry.coordinates.iter().flatten().flatten().all(|at| at[0] < 0.0);
        let bands: Vec<(f64, bool)> =
            found.bands.features.iter().map(|band| (band.properties.from_ratio, is_left(band))).collect();
        assert_eq!(bands, [(0.2, false), (3.0, true)]);
    }

    #[test]
    fn what_cannot_be_compared_has_a_reason() {
        let (some, nothing) = (made(&[(0.0, 9.0)]), made(&[]));
        for (cases, controls, asked, reason) in [
            (&some, &some, Some(Unsaid::SameAsAll), Unsaid::SameAsAll),
            (&nothing, &some, None, Unsaid::NothingCounted),
            (&some, &nothing, None, Unsaid::NothingToCompare),
        ] {
            let found = relative("always", cases, controls, 9.0, 3_000.0, asked, flat);
            assert_eq!((found.reason, found.max_ratio, found.levels.len()), (Some(reason), None, 0));
            assert!(!found.sentence.nl.is_empty() && found.sentence.nl != found.sentence.en);
        }
    }
}
