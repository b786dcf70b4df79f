//! Which units lie near which: binary weights for statistics of neighbourhoods.

use model::{EARTH_RADIUS_M, LonLat};
use rayon::prelude::*;

/// Symmetric neighbours of units numbered from 0, each unit without itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    starts: Vec<u32>,
    others: Vec<u32>,
}

impl Neighbours {
    /// Neighbours from pairs; direction, repetition, pairs of a unit with itself and numbers beyond `units` do not matter.
    pub fn from_pairs(units: usize, pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let inside = |(a, b): &(u32, u32)| a != b && (*a as usize) < units && (*b as usize) < units;
        let mut both: Vec<(u32, u32)> = pairs.into_iter().filter(inside).flat_map(|(a, b)| [(a, b), (b, a)]).collect();
        both.sort_unstable();
        both.dedup();
        let mut starts = vec![0_u32; units + 1];
        for (a, _) in &both {
            starts[*a as usize + 1] += 1;
        }
        for unit in 0..units {
            starts[unit + 1] += starts[unit];
        }
        Self { starts, others: both.into_iter().map(|(_, b)| b).collect() }
    }

    /// All pairs of points no further apart than `band_m` metres (great circle).
    ///
    /// # Algorithm
    /// A grid of squares as wide as the band, so that only points in squares that touch are compared. Longitudes are scaled by the least
    /// cosine of any latitude: a square is never narrower than the band.
    pub fn within(points: &[LonLat], band_m: f64) -> Self {
        if !(band_m.is_finite() && band_m > 0.0) {
            return Self::from_pairs(points.len(), []);
        }
        let step_lat = (band_m / EARTH_RADIUS_M).to_degrees();
        // At a pole all longitudes are near; the floor keeps the squares finite, and there they are merely too wide.
        let cosine = points.iter().map(|point| point.lat.to_radians().cos()).fold(1.0, f64::min).max(0.01);
        let step_lon = step_lat / cosine;
        let columns = (360.0 / step_lon).floor().max(1.0) as i64;
        let square = |point: &LonLat| {
            let column = (((point.lon + 180.0) / step_lon).floor() as i64).min(columns - 1);
            (column, (point.lat / step_lat).floor() as i64)
        };
        // Points on the unit sphere: no further apart on it is no further apart through it.
        let on_sphere = |point: &LonLat| {
            let (lon, lat) = (point.lon.to_radians(), point.lat.to_radians());
            [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
        };
        let chord = 2.0 * (band_m / EARTH_RADIUS_M / 2.0).min(std::f64::consts::FRAC_PI_2).sin();
        let mut by_square: Vec<((i64, i64), u32, [f64; 3])> =
            points.iter().zip(0..).map(|(point, at)| (square(point), at, on_sphere(point))).collect();
        by_square.sort_unstable_by_key(|(square, at, _)| (*square, *at));
        // Squares of a column that touch lie one after the other.
        let beside = |column: i64, row: i64| {
            let from = by_square.partition_point(|(square, ..)| *square < (column, row - 1));
            by_square[from..].iter().take_while(move |(square, ..)| *square <= (column, row + 1))
        };
        let near_point = |point: &LonLat, at: u32| {
            let ((column, row), here) = (square(point), on_sphere(point));
            // The last column is wider; across the date line the first follows it. Where there are fewer than three, none twice.
            let mut columns_near = [-1, 0, 1].map(|d_column| (column + d_column).rem_euclid(columns));
            columns_near.sort_unstable();
            let mut others: Vec<u32> = Vec::new();
            for column in columns_near.chunk_by(|a, b| a == b).map(|same| same[0]) {
                for (_, other, there) in beside(column, row) {
                    let squared: f64 = here.iter().zip(there).map(|(a, b)| (a - b) * (a - b)).sum();
                    if *other != at && squared <= chord * chord {
                        others.push(*other);
                    }
                }
            }
            others.sort_unstable();
            others
        };
        let found: Vec<Vec<u32>> =
            points.par_iter().enumerate().map(|(at, point)| near_point(point, at as u32)).collect();
        let ends = found.iter().scan(0, |end, others| {
            *end += others.len() as u32;
            Some(*end)
        });
        Self { starts: std::iter::once(0).chain(ends).collect(), others: found.concat() }
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Neighbours of a unit, ascending.
    pub fn of(&self, unit: usize) -> &[u32] {
        &self.others[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pairs_count_once_and_both_ways() {
        let near = Neighbours::from_pairs(4, [(0, 1), (1, 0), (2, 2), (1, 2), (1, 9)]);
        assert_eq!((near.len(), near.of(0), near.of(1), near.of(2)), (4, &[1][..], &[0, 2][..], &[1][..]));
        assert!(near.of(3).is_empty() && Neighbours::from_pairs(0, []).is_empty());
    }

    #[test]
    fn a_band_reaches_over_the_date_line() {
        let near =
            Neighbours::within(&[LonLat { lon: 179.999, lat: 0.0 }, LonLat { lon: -179.999, lat: 0.0 }], 1_000.0);
        assert_eq!(near.of(0), [1]);
    }

    proptest! {
        #[test]
        fn a_band_finds_what_all_pairs_find(
            points in prop::collection::vec((3.0_f64..7.3, 50.7_f64..53.6), 0..60), band_m in 100.0_f64..200_000.0,
        ) {
            let points: Vec<_> = points.into_iter().map(|(lon, lat)| LonLat { lon, lat }).collect();
            let near = Neighbours::within(&points, band_m);
            for (a, point) in points.iter().enumerate() {
                let exact: Vec<u32> = (0..points.len())
                    .filter(|b| *b != a && point.distance_m(points[*b]) <= band_m).map(|b| b as u32).collect();
                prop_assert_eq!(near.of(a), &exact[..]);
            }
        }
    }
}
