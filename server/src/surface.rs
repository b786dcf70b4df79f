//! The density of mentions as contours, and its ratio to another.

mod relative;

use activity::{PlaceCounts, Regions};
use hotspot::contours::contours;
use hotspot::density::{
    Grid, LEAST_BANDWIDTH_M, Spot, cross_validated, rule_of_thumb, surface, together, volume_levels,
};
use hotspot::near_repeat::thinned;
use hotspot::number::{decimal, whole};
use hotspot::{Metres, Plane};
use model::api::{Contour, Contours, CountBy, Density, DensityLevel, Kernel, MultiPolygonGeometry, Sentence, Unsaid};
use model::{BBox, Filter, PlaceKind, TimeRange};
use relative::relative;

use crate::bands::bands;
use crate::state::Live;

/// Cells along the longer side of the grid: a contour is finer than a pixel of a phone, and the whole is quick.
const CELLS: usize = 256;
/// At most so many, where a narrow bandwidth over a wide area asks for more.
const MOST_CELLS: f64 = 640.0;
/// Cells that a bandwidth spans, where [`MOST_CELLS`] allows it: a kernel on fewer is no longer round.
const CELLS_A_BANDWIDTH: f64 = 4.0;
/// Shares of the activity that levels hold.
const SHARES: [f64; 3] = [0.5, 0.75, 0.9];
/// Spots that cross-validation reads at most: its time grows with their square.
const CROSS_VALIDATED: usize = 1_000;

/// How a surface is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Smoothing {
    pub(crate) count: CountBy,
    pub(crate) kernel: Kernel,
    /// `None` takes the rule.
    pub(crate) bandwidth_m: Option<f64>,
    /// Likelihood cross-validation instead of Silverman's rule.
    pub(crate) cross_validate: bool,
    /// Nothing is smoothed over the border.
    pub(crate) corrected: bool,
    /// `all` or `always`: what the density is also compared with.
    pub(crate) relative_to: Option<&'static str>,
}

/// The density of everything that passes the filter.
pub(crate) fn density(live: &Live, regions: &Regions, filter: &Filter, smoothing: Smoothing) -> Density {
    let Smoothing { count, kernel, .. } = smoothing;
    let places = live.index.query(filter).places();
    let (areas, points): (Vec<_>, Vec<_>) = places.into_iter().partition(|found| is_area(found.place.kind));
    let bbox =
        filter.bbox.or_else(|| bounds(&points)).unwrap_or(BBox { west: 5.0, south: 52.0, east: 6.0, north: 53.0 });
    let plane = Plane::of(bbox);
    let spot = |found: &PlaceCounts<'_>| Spot {
        at: plane.project(found.place.point()),
        weight: count.of(&found.counts, found.weight) as f64,
        radius_m: f64::from(found.place.radius_m),
    };
    let all: Vec<Spot> = points.iter().map(spot).collect();
    let (used_m, bandwidth_by) = bandwidth(&all, smoothing);
    // What says where less precisely than the surface shows would only blur it.
    let (fine, coarse): (Vec<_>, Vec<_>) = points.iter().partition(|found| f64::from(found.place.radius_m) <= used_m);
    let mentions = |found: &PlaceCounts<'_>| found.counts.mentions;
    let too_coarse = areas.iter().map(mentions).sum::<u64>() + coarse.into_iter().map(mentions).sum::<u64>();
    let spots: Vec<Spot> = fine.into_iter().map(spot).collect();
    let grid = grid(&spots, filter.bbox, &plane, used_m);
    let land = smoothing.corrected.then(|| {
        let land = regions.land(filter);
        let middles = (0..grid.rows).flat_map(|row| (0..grid.columns).map(move |column| grid.middle(column, row)));
        middles.map(|at| land.holds(plane.unproject(at))).collect::<Vec<bool>>()
    });
    let made = surface(&together(&spots, kernel, used_m), kernel, used_m, grid, land.as_deref());
    let levels: Vec<DensityLevel> = volume_levels(&made, &SHARES)
        .into_iter()
        .map(|level| DensityLevel { share: level.share, per_km2: level.per_km2, area_km2: level.area_km2 })
        .collect();
    let thresholds: Vec<f64> = levels.iter().map(|level| level.per_km2).collect();
    let position = |at: &Metres| {
        let at = plane.unproject(*at);
        // Seven digits are a centimetre.
        [at.lon, at.lat].map(|degrees| (degrees * 1e7).round() / 1e7)
    };
    let relative = smoothing.relative_to.map(|to| {
        let (wider, reason) = compared(filter, to);
        let others = live.index.query(&wider).places();
        let others: Vec<Spot> = others
            .iter()
            .filter(|found| !is_area(found.place.kind) && f64::from(found.place.radius_m) <= used_m)
            .map(spot)
            .collect();
        let controls = surface(&together(&others, kernel, used_m), kernel, used_m, grid, land.as_deref());
        let total = others.iter().map(|spot| spot.weight).sum();
        relative(to, &made, &controls, total, used_m, reason, position)
    });
    let features = levels
        .iter()
        .zip(contours(&made, &thresholds))
        .map(|(level, polygons)| Contour {
            r#type: "Feature".into(),
            geometry: MultiPolygonGeometry::of(&polygons, position),
            properties: *level,
        })
        .collect();
    Density {
        unit: format!("{}/km²", count.as_str()),
        kernel,
        bandwidth_m: used_m,
        bandwidth_by: bandwidth_by.to_owned(),
        edges: if smoothing.corrected { "corrected" } else { "open" }.to_owned(),
        relative,
        reason: spots.is_empty().then_some(if too_coarse == 0 {
            Unsaid::NothingCounted
        } else {
            Unsaid::NothingPrecise
        }),
        cell_m: grid.step_m,
        max_per_km2: made.per_km2.iter().copied().fold(0.0, f64::max),
        total: spots.iter().map(|spot| spot.weight).sum(),
        too_coarse,
        sentence: sentence(count, used_m, spots.len(), too_coarse, levels.first()),
        levels,
        contours: Contours { r#type: "FeatureCollection".into(), features },
        bands: bands(&made, &plane),
        data_version: live.data_version,
    }
}

/// The bandwidth, and how it came about.
fn bandwidth(spots: &[Spot], smoothing: Smoothing) -> (f64, &'static str) {
    if let Some(given_m) = smoothing.bandwidth_m {
        return (given_m, "given");
    }
    let rule_m = rule_of_thumb(spots, smoothing.kernel);
    // From an eighth of the rule to twice as much, each √2 times the one before.
    let candidates: Vec<f64> =
        (-6..=2).map(|step| rule_m * 2.0_f64.powf(f64::from(step) / 2.0)).filter(|m| *m >= LEAST_BANDWIDTH_M).collect();
    let chosen_m = smoothing
        .cross_validate
        .then(|| cross_validated(&thinned(spots, CROSS_VALIDATED, 1), smoothing.kernel, &candidates))
        .flatten();
    chosen_m.map_or((rule_m, "rule"), |chosen_m| (chosen_m, "cross_validated"))
}

/// What a density is compared with; a reason where that is itself.
fn compared(filter: &Filter, to: &str) -> (Filter, Option<Unsaid>) {
    let wider = if to == "always" {
        Filter { time: TimeRange::default(), ..filter.clone() }
    } else {
        Filter { message_nos: None, topics: None, sources: Vec::new(), ..filter.clone() }
    };
    let same = wider == *filter;
    (wider, same.then_some(Unsaid::SameAsAll))
}

/// Kinds that say where only by the size of a region.
pub(crate) fn is_area(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Country | PlaceKind::Province | PlaceKind::Region | PlaceKind::Municipality)
}

pub(crate) fn bounds(points: &[PlaceCounts<'_>]) -> Option<BBox> {
    let first = points.first()?.place;
    let start = BBox { west: first.lon, south: first.lat, east: first.lon, north: first.lat };
    Some(points.iter().fold(start, |bbox, found| BBox {
        west: bbox.west.min(found.place.lon),
        south: bbox.south.min(found.place.lat),
        east: bbox.east.max(found.place.lon),
        north: bbox.north.max(found.place.lat),
    }))
}

/// The grid over the asked box, or over all spots as far as their kernels reach.
fn grid(spots: &[Spot], asked: Option<BBox>, plane: &Plane, bandwidth_m: f64) -> Grid {
    let corners: Vec<Metres> = match asked {
        // Meridians are bent on the plane: corners and middles of the sides bound the box.
        Some(BBox { west, south, east, north }) => {
            let east = if east < west { east + 360.0 } else { east };
            let lons = [west, west.midpoint(east), east];
            lons.iter()
                .flat_map(|lon| [south, north].map(|lat| plane.project(model::LonLat { lon: *lon, lat })))
                .collect()
        }
        None => spots.iter().map(|spot| spot.at).collect(),
    };
    let margin = if asked.is_some() { 0.0 } else { bandwidth_m };
    let least = |of: fn(&Metres) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min) - margin;
    let most = |of: fn(&Metres) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max) + margin;
    if corners.is_empty() {
        let origin = Metres { x: 0.0, y: 0.0 };
        return Grid::over(origin, origin, 1);
    }
    let (west, east) = (least(|at| at.x), most(|at| at.x));
    let (south, north) = (least(|at| at.y), most(|at| at.y));
    let wanted = ((east - west).max(north - south) / bandwidth_m * CELLS_A_BANDWIDTH).min(MOST_CELLS);
    Grid::over(Metres { x: west, y: south }, Metres { x: east, y: north }, CELLS.max(wanted as usize))
}

fn sentence(count: CountBy, bandwidth_m: f64, spots: usize, too_coarse: u64, half: Option<&DensityLevel>) -> Sentence {
    let [[_, nl], [_, en]] = count.words();
    let [coarse_nl, coarse_en] = whole(too_coarse);
    let Some(half) = half.filter(|_| spots > 0) else {
        return Sentence {
            nl: format!(
                "Er is niets dat precies genoeg is om dichtheid van te tonen; {coarse_nl} vermeldingen zijn te grof."
            ),
            en: format!("There is nothing precise enough to show a density of; {coarse_en} mentions are too coarse."),
        };
    };
    let ([km_nl, km_en], [area_nl, area_en]) = (decimal(bandwidth_m / 1000.0, 1), decimal(half.area_km2, 1));
    Sentence {
        nl: format!(
            "Dichtheid van {nl}, uitgesmeerd over {km_nl} km; de helft ligt op {area_nl} km²; {coarse_nl} te grove vermeldingen niet getoond."
        ),
        en: format!(
            "Density of {en}, smoothed over {km_en} km; half of it lies on {area_en} km²; {coarse_en} too coarse mentions not shown."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_bandwidth_gets_finer_cells_as_far_as_they_go() {
        let bbox = BBox { west: 3.0, south: 50.5, east: 7.5, north: 53.5 };
        let longest = |bandwidth_m: f64| {
            let grid = grid(&[], Some(bbox), &Plane::of(bbox), bandwidth_m);
            grid.columns.max(grid.rows)
        };
        assert_eq!((longest(50_000.0), longest(500.0)), (256, 640));
        assert!((257..640).contains(&longest(3_000.0)), "{}", longest(3_000.0));
    }
}
