//! Rings of drawn corners: whether they cross themselves, how large they are, where they lie. Pure arithmetic.
//!
//! An edge is straight in degrees, as the server takes it: [`outline`] draws just that, whatever the map's projection would make of it.

use model::{EARTH_RADIUS_M, LonLat};

/// Pieces of an edge are no higher than this, in degrees: then Mercator's straight lines are within a metre of those in degrees.
const PIECE_DEG: f64 = 0.05;

/// Why corners make no ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// There are fewer than three.
    TooFew,
    /// The line to a new corner meets another one.
    Crosses,
    /// The line back to the first corner meets another one.
    ClosingCrosses,
}

/// Whether the line from the last corner to `to` meets an earlier line: which of its sides is inside could then not be told.
pub(crate) fn crosses(corners: &[LonLat], to: LonLat) -> bool {
    let [rest @ .., before, last] = corners else { return false };
    folds(*before, *last, to) || edges(rest, Some(*before)).any(|edge| meet(edge, [*last, to]))
}

/// What keeps the corners from being a ring that does not meet itself.
pub(crate) fn flaw(corners: &[LonLat]) -> Option<Flaw> {
    let [first, second, .., before, last] = corners else {
        return match corners {
            [a, b, c] => (side(*a, *b, *c) == 0.0).then_some(Flaw::ClosingCrosses),
            _ => Some(Flaw::TooFew),
        };
    };
    let back = [*last, *first];
    let between = &corners[1..corners.len() - 1];
    let meets = folds(*before, *last, *first)
        || folds(*last, *first, *second)
        || edges(between, None).any(|edge| meet(edge, back));
    meets.then_some(Flaw::ClosingCrosses)
}

/// Area of a ring in km² on a sphere, with edges that are straight in degrees: the integral of sin φ dλ along them.
pub(crate) fn area_km2(ring: &[LonLat]) -> f64 {
    let closed = edges(ring, ring.first().copied());
    let sum: f64 = closed
        .map(|[from, to]| {
            let (middle, half) = ((from.lat + to.lat).to_radians() / 2.0, (to.lat - from.lat).to_radians() / 2.0);
            let mean_sine = middle.sin() * if half == 0.0 { 1.0 } else { half.sin() / half };
            (to.lon - from.lon).to_radians() * mean_sine
        })
        .sum();
    let radius_km = EARTH_RADIUS_M / 1000.0;
    sum.abs() * radius_km * radius_km
}

/// West, south, east, north.
pub(crate) fn bounds(ring: &[LonLat]) -> [f64; 4] {
    ring.iter()
        .fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |[west, south, east, north], at| {
            [west.min(at.lon), south.min(at.lat), east.max(at.lon), north.max(at.lat)]
        })
}

/// The line along the corners as positions that a map in Mercator can join by straight lines.
pub(crate) fn line(corners: &[LonLat]) -> Vec<[f64; 2]> {
    let mut positions: Vec<[f64; 2]> = corners.first().map(|at| [at.lon, at.lat]).into_iter().collect();
    for [from, to] in edges(corners, None) {
        let pieces = ((to.lat - from.lat).abs() / PIECE_DEG).ceil().max(1.0) as u32;
        positions.extend((1..=pieces).map(|piece| {
            let share = f64::from(piece) / f64::from(pieces);
            [from.lon + share * (to.lon - from.lon), from.lat + share * (to.lat - from.lat)]
        }));
    }
    positions
}

/// The same for a ring, closed and against the clock.
pub(crate) fn outline(ring: &[LonLat]) -> Vec<[f64; 2]> {
    let mut corners = ring.to_vec();
    corners.extend(ring.first());
    let doubled: f64 = edges(&corners, None).map(|[a, b]| a.lon * b.lat - b.lon * a.lat).sum();
    if doubled < 0.0 {
        corners.reverse();
    }
    line(&corners)
}

/// How far apart two points are on a map of this zoom, in pixels.
pub(crate) fn apart_px(a: LonLat, b: LonLat, zoom: f64) -> f64 {
    let mercator = |at: LonLat| (std::f64::consts::FRAC_PI_4 + at.lat.to_radians() / 2.0).tan().ln().to_degrees();
    let pixels_per_degree = 512.0 * zoom.exp2() / 360.0;
    (a.lon - b.lon).hypot(mercator(a) - mercator(b)) * pixels_per_degree
}

/// The lines from corner to corner, and to one more.
fn edges(corners: &[LonLat], more: Option<LonLat>) -> impl Iterator<Item = [LonLat; 2]> {
    let ends = corners.iter().skip(1).copied().chain(more);
    corners.iter().copied().zip(ends).map(|(from, to)| [from, to])
}

/// On which side of the line from `a` to `b` a point lies: positive to its left, nought on it.
fn side(a: LonLat, b: LonLat, at: LonLat) -> f64 {
    (b.lon - a.lon) * (at.lat - a.lat) - (b.lat - a.lat) * (at.lon - a.lon)
}

/// Whether two lines have a point in common.
fn meet([a, b]: [LonLat; 2], [c, d]: [LonLat; 2]) -> bool {
    let overlap = |a: f64, b: f64, c: f64, d: f64| a.min(b) <= c.max(d) && c.min(d) <= a.max(b);
    overlap(a.lon, b.lon, c.lon, d.lon)
        && overlap(a.lat, b.lat, c.lat, d.lat)
        && side(a, b, c) * side(a, b, d) <= 0.0
        && side(c, d, a) * side(c, d, b) <= 0.0
}

/// Whether a line goes back over the one before it.
fn folds(from: LonLat, corner: LonLat, to: LonLat) -> bool {
    let along = (from.lon - corner.lon) * (to.lon - corner.lon) + (from.lat - corner.lat) * (to.lat - corner.lat);
    side(from, corner, to) == 0.0 && along > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(points: &[(f64, f64)]) -> Vec<LonLat> {
        points.iter().map(|(lon, lat)| LonLat { lon: *lon, lat: *lat }).collect()
    }

    #[test]
    fn a_line_that_meets_an_earlier_one_is_told_from_one_that_does_not() {
        let path = corners(&[(6.0, 52.0), (7.0, 52.0), (7.0, 53.0)]);
        for (to, expected) in [
            ((6.0, 53.0), false),
            ((6.5, 51.5), true),
            ((6.5, 52.0), true),
            ((6.0, 52.0), true),
            ((7.0, 52.5), true),
            ((7.0, 53.5), false),
            ((7.5, 51.0), false),
        ] {
            assert_eq!(crosses(&path, LonLat { lon: to.0, lat: to.1 }), expected, "{to:?}");
        }
        assert!(!crosses(&path[..1], path[1]) && !crosses(&[], path[0]));
        assert!(crosses(&path[..2], LonLat { lon: 6.5, lat: 52.0 }), "straight back");
    }

    #[test]
    fn a_ring_has_three_corners_and_does_not_meet_itself() {
        let flaw = |points: &[(f64, f64)]| super::flaw(&corners(points));
        assert_eq!(flaw(&[]), Some(Flaw::TooFew));
        assert_eq!(flaw(&[(6.0, 52.0), (7.0, 52.0)]), Some(Flaw::TooFew));
        assert_eq!(flaw(&[(6.0, 52.0), (7.0, 52.0), (7.0, 53.0)]), None);
        assert_eq!(flaw(&[(6.0, 52.0), (7.0, 52.0), (6.5, 52.0)]), Some(Flaw::ClosingCrosses), "no area");
        assert_eq!(flaw(&[(6.0, 52.0), (6.5, 52.0), (7.0, 52.0)]), Some(Flaw::ClosingCrosses), "no area");
        assert_eq!(flaw(&[(6.0, 52.0), (7.0, 52.0), (7.0, 53.0), (6.0, 53.0)]), None);
        let spiral = [(6.5, 52.5), (7.0, 52.5), (7.0, 52.0), (6.0, 52.0), (6.0, 53.0), (6.8, 53.0), (6.8, 52.6)];
        assert_eq!(flaw(&spiral), None);
        assert_eq!(flaw(&[&spiral[..4], &[(6.0, 51.0)]].concat()), Some(Flaw::ClosingCrosses));
    }

    #[test]
    fn the_area_is_that_on_a_sphere() {
        // A zone between two parallels: R² Δλ (sin φ₂ − sin φ₁).
        let radius_km = EARTH_RADIUS_M / 1000.0;
        let zone = radius_km.powi(2) * 1_f64.to_radians() * (53_f64.to_radians().sin() - 52_f64.to_radians().sin());
        let square = corners(&[(6.0, 52.0), (7.0, 52.0), (7.0, 53.0), (6.0, 53.0)]);
        assert!((area_km2(&square) - zone).abs() < 1e-6, "{} is not {zone}", area_km2(&square));
        let reversed: Vec<_> = square.iter().rev().copied().collect();
        assert!((area_km2(&reversed) - zone).abs() < 1e-6);
        // A hundred metres square.
        let side = (100.0 / EARTH_RADIUS_M).to_degrees();
        let wide = side / 52_f64.to_radians().cos();
        let small = corners(&[(6.0, 52.0), (6.0 + wide, 52.0), (6.0 + wide, 52.0 + side), (6.0, 52.0 + side)]);
        assert!((area_km2(&small) - 0.01).abs() < 1e-6, "{}", area_km2(&small));
        assert!(area_km2(&square[..2]) < 1e-9 && area_km2(&[]) < 1e-9);
    }

    #[test]
    fn an_outline_is_closed_goes_against_the_clock_and_stays_on_the_edges() {
        let clockwise = corners(&[(6.0, 53.0), (7.0, 53.0), (6.0, 52.0)]);
        let drawn = outline(&clockwise);
        assert_eq!(drawn.first(), drawn.last());
        let doubled: f64 = drawn.windows(2).map(|two| two[0][0] * two[1][1] - two[1][0] * two[0][1]).sum();
        assert!(doubled > 0.0);
        assert!(drawn.iter().all(|[lon, lat]| (6.0..=7.0).contains(lon) && (52.0..=53.0).contains(lat)));
        // Halfway a slanting edge it is halfway in degrees.
        assert!(drawn.iter().any(|[lon, lat]| (lon - 6.5).abs() < 1e-9 && (lat - 52.5).abs() < 1e-9));
        assert_eq!(bounds(&clockwise).map(|edge| edge as i32), [6, 52, 7, 53]);
        assert!(line(&[]).is_empty());
    }

    #[test]
    fn pixels_double_with_every_zoom() {
        let [a, b] = [LonLat { lon: 6.0, lat: 52.0 }, LonLat { lon: 6.0, lat: 52.01 }];
        let at = |zoom| apart_px(a, b, zoom);
        assert!((at(10.0) / at(9.0) - 2.0).abs() < 1e-9);
        let metres = at(10.0) * crate::scale::metres_per_pixel(10.0, 52.005);
        assert!((metres - 0.01_f64.to_radians() * 6_378_137.0).abs() < 1.0, "{metres}");
    }
}
