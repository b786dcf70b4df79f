//! Grids of units of about the same size: hexagons of H3 over the globe, squares of the Dutch national grid.

use h3o::{CellIndex, LatLng, Resolution};
use model::{LonLat, rd};

/// Hexagons from 22.6 km to 175 m of edge: a region, and a street.
const RESOLUTIONS: std::ops::RangeInclusive<u8> = 4..=9;
/// Sides of squares in metres.
const SIDES_M: std::ops::RangeInclusive<u32> = 125..=10_000;

/// What a grid is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grid {
    /// Hexagons (H3) of a resolution.
    Hexagons(Resolution),
    /// Squares with sides of so many metres in RD New (EPSG:28992), whose areas are true to 0.02 %; none abroad.
    Squares(u32),
}

impl Grid {
    /// Hexagons with edges of 3.7 km, 36 km² on average: a Dutch village with its fields. Finer ones would hold fewer places than one, and make
    /// the point of a village look like more than it is.
    pub const VILLAGES: Self = Self::Hexagons(Resolution::Six);

    /// Hexagons of a resolution from 4 to 9; `None` for others.
    pub fn hexagons(resolution: u8) -> Option<Self> {
        Resolution::try_from(resolution).ok().filter(|_| RESOLUTIONS.contains(&resolution)).map(Self::Hexagons)
    }

    /// Squares with sides of 125 to 10,000 metres; `None` for others.
    pub fn squares(side_m: u32) -> Option<Self> {
        SIDES_M.contains(&side_m).then_some(Self::Squares(side_m))
    }

    /// The grid that a unit of this id is of; `None` when it is no id of one.
    pub fn of_id(id: &str) -> Option<Self> {
        if let Some(square) = id.strip_prefix("rd/") {
            return Self::squares(square.split('/').next()?.parse().ok()?);
        }
        Self::hexagons(id.parse::<CellIndex>().ok()?.resolution().into())
    }

    /// A unit can hold a mention of a place that extends no further than its edge (of hexagons, the average), in metres.
    pub(crate) fn edge_m(self) -> u32 {
        match self {
            Self::Hexagons(resolution) => resolution.edge_length_m().round() as u32,
            Self::Squares(side_m) => side_m,
        }
    }

    /// The area of a unit (of hexagons, about) in km².
    pub(crate) fn area_km2(self) -> f64 {
        let edge_km = f64::from(self.edge_m()) / 1000.0;
        match self {
            Self::Hexagons(_) => 1.5 * 3.0_f64.sqrt() * edge_km * edge_km,
            Self::Squares(_) => edge_km * edge_km,
        }
    }

    /// The unit that a point lies in.
    pub(crate) fn unit_at(self, point: LonLat) -> Option<GridUnit> {
        match self {
            Self::Hexagons(resolution) => {
                LatLng::new(point.lat, point.lon).ok().map(|at| GridUnit::Hexagon(at.to_cell(resolution)))
            }
            Self::Squares(side_m) => {
                let (x_m, y_m) = rd::from_lonlat(point)?;
                let number = |metres: f64| (metres / f64::from(side_m)).floor() as i32;
                Some(GridUnit::Square { side_m, column: number(x_m), row: number(y_m) })
            }
        }
    }
}

/// A unit of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum GridUnit {
    Hexagon(CellIndex),
    /// Column and row are easting and northing of the south-western corner in sides.
    Square {
        side_m: u32,
        column: i32,
        row: i32,
    },
}

impl GridUnit {
    /// The H3 index, or `rd/side/easting/northing` in metres, of the south-western corner.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Hexagon(cell) => cell.to_string(),
            Self::Square { side_m, column, row } => {
                let metres = |number: i32| i64::from(number) * i64::from(side_m);
                format!("rd/{side_m}/{}/{}", metres(column), metres(row))
            }
        }
    }

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Hexagon(_) => "cell",
            Self::Square { .. } => "square",
        }
    }

    pub(crate) fn centre(self) -> LonLat {
        match self {
            Self::Hexagon(cell) => {
                let at = LatLng::from(cell);
                LonLat { lon: at.lng(), lat: at.lat() }
            }
            Self::Square { side_m, column, row } => corner(side_m, f64::from(column) + 0.5, f64::from(row) + 0.5),
        }
    }

    /// Its corners, the first one again at the end: lon, lat to seven digits (a centimetre), against the clock.
    pub(crate) fn outline(self) -> Vec<[f64; 2]> {
        let corners: Vec<LonLat> = match self {
            Self::Hexagon(cell) => cell.boundary().iter().map(|at| LonLat { lon: at.lng(), lat: at.lat() }).collect(),
            Self::Square { side_m, column, row } => [(0, 0), (1, 0), (1, 1), (0, 1)]
                .map(|(east, north)| corner(side_m, f64::from(column + east), f64::from(row + north)))
                .into(),
        };
        let rounded = |at: &LonLat| [at.lon, at.lat].map(|degrees| (degrees * 1e7).round() / 1e7);
        corners.iter().chain(corners.first()).map(rounded).collect()
    }

    pub(crate) fn area_km2(self) -> f64 {
        match self {
            Self::Hexagon(cell) => cell.area_km2(),
            Self::Square { side_m, .. } => f64::from(side_m) * f64::from(side_m) / 1e6,
        }
    }

    /// Itself and the units around it: six hexagons, eight squares.
    pub(crate) fn around(self) -> Vec<Self> {
        match self {
            Self::Hexagon(cell) => cell.grid_disk::<Vec<_>>(1).into_iter().map(Self::Hexagon).collect(),
            Self::Square { side_m, column, row } => (-1..=1)
                .flat_map(|east| (-1..=1).map(move |north| (east, north)))
                .map(|(east, north)| Self::Square { side_m, column: column + east, row: row + north })
                .collect(),
        }
    }
}

/// A point of the national grid in sides; at its edge where it lies outside.
fn corner(side_m: u32, column: f64, row: f64) -> LonLat {
    let within = |number: f64, range: &std::ops::RangeInclusive<f64>| {
        (number * f64::from(side_m)).clamp(*range.start(), *range.end())
    };
    let at = rd::to_lonlat(within(column, &rd::X_RANGE_M), within(row, &rd::Y_RANGE_M));
    at.unwrap_or(LonLat { lon: 0.0, lat: 0.0 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use proptest::prelude::*;

    use super::*;

    const KERKENVELD: LonLat = LonLat { lon: 6.4889, lat: 52.6742 };

    #[test]
    fn only_sizes_that_say_something_are_grids() {
        assert!([4, 6, 9].into_iter().all(|resolution| Grid::hexagons(resolution).is_some()));
        assert!([0, 3, 10, 15, 99].into_iter().all(|resolution| Grid::hexagons(resolution).is_none()));
        assert!([125, 10_000].into_iter().all(|side| Grid::squares(side).is_some()));
        assert!([0, 124, 10_001].into_iter().all(|side| Grid::squares(side).is_none()));
        assert!(
            ["nl/emmen/emmen", "province/drenthe", "rd/", "rd/7/1/1", "rd/x/1/1", "ffff"]
                .into_iter()
                .all(|id| Grid::of_id(id).is_none())
        );
        assert_eq!((Grid::VILLAGES.edge_m(), Grid::Squares(500).edge_m()), (3_725, 500));
    }

    #[test]
    fn a_square_is_called_by_its_corner_in_metres() {
        let unit = Grid::Squares(1_000).unit_at(KERKENVELD).unwrap();
        assert_eq!((unit.id().as_str(), unit.kind()), ("rd/1000/229000/521000", "square"));
        assert!((unit.area_km2() - 1.0).abs() < 1e-12 && unit.around().len() == 9);
        assert!(Grid::Squares(1_000).unit_at(LonLat { lon: 13.4, lat: 52.5 }).is_none(), "Berlin is not in the grid");
    }

    proptest! {
        #[test]
        fn a_point_lies_in_its_unit_and_the_middle_of_a_unit_in_no_other(
            lon in 3.5_f64..7.2, lat in 50.8_f64..53.5, resolution in 4_u8..=9, side_m in 125_u32..=10_000,
        ) {
            for grid in [Grid::hexagons(resolution).unwrap(), Grid::squares(side_m).unwrap()] {
                let unit = grid.unit_at(LonLat { lon, lat }).unwrap();
                prop_assert_eq!(grid.unit_at(unit.centre()), Some(unit));
                prop_assert_eq!(Grid::of_id(&unit.id()), Some(grid));
                let outline = unit.outline();
                prop_assert_eq!(outline.first(), outline.last());
                let west = outline.iter().map(|at| at[0]).fold(f64::MAX, f64::min);
                let east = outline.iter().map(|at| at[0]).fold(f64::MIN, f64::max);
                prop_assert!((west - 1e-5..=east + 1e-5).contains(&lon), "{west} {lon} {east}");
                // Against the clock (RFC 7946): twice the area is positive.
                let area: f64 = outline.windows(2).map(|two| two[0][0] * two[1][1] - two[1][0] * two[0][1]).sum();
                prop_assert!(area > 0.0);
                prop_assert!(unit.around().contains(&unit));
            }
        }
    }
}
