//! What is mentioned too coarsely to lie in one unit of a grid, spread over its extent.

use std::collections::HashMap;
use std::f64::consts::PI;

use model::api::Counts;
use model::{LonLat, PlaceKind, RegionKind};

use crate::grid::{Grid, GridUnit};
use crate::group::{Group, Table};
use crate::index::Index;
use crate::selection::PlaceCounts;

/// A municipality of so many units and more is spread over its own shape; a smaller one over a disc, of which units hold parts.
const UNITS_OF_A_SHAPE: f64 = 8.0;
/// Kilometres of a degree of latitude.
const KM_PER_DEGREE: f64 = 111.195;

/// Places that extend beyond a unit, with what is counted there.
///
/// What is counted spreads evenly over the shape of a municipality, or over the disc of a place: a unit gets the share of its own area, so
/// that all units together get the whole, up to the roughness of units at the edge. Provinces, regions and countries are not spread.
#[derive(Debug, Default)]
pub struct Spread<'a> {
    index: Option<&'a Index>,
    /// From south to north.
    discs: Vec<Disc>,
    most_radius_km: f64,
    /// Counted by km², by slot of the municipality.
    by_municipality: HashMap<u16, f64>,
}

#[derive(Debug, Clone, Copy)]
struct Disc {
    at: LonLat,
    radius_km: f64,
    counted: f64,
}

/// Whether the place may be spread over units: it says more than that it is somewhere in a province.
pub(crate) fn is_spread(kind: PlaceKind) -> bool {
    !matches!(kind, PlaceKind::Country | PlaceKind::Province | PlaceKind::Region)
}

impl<'a> Spread<'a> {
    fn new(index: &'a Index, grid: Grid, coarse: &[PlaceCounts<'_>], of: impl Fn(&Counts, f64) -> u64) -> Self {
        let least_km2 = UNITS_OF_A_SHAPE * grid.area_km2();
        let mut spread = Self { index: Some(index), ..Self::default() };
        for found in coarse {
            let (place, counted) = (found.place, of(&found.counts, found.weight) as f64);
            let shape = (place.kind == PlaceKind::Municipality)
                .then(|| index.region_of_place(&place.id, RegionKind::Municipality))
                .flatten()
                .map(|slot| (slot, index.regions.slots()[usize::from(slot)].area_km2))
                .filter(|(_, area_km2)| *area_km2 >= least_km2);
            if let Some((slot, area_km2)) = shape {
                *spread.by_municipality.entry(slot).or_default() += counted / area_km2;
            } else {
                // An area whose extent nobody told lies at its point.
                let radius_km = f64::from(place.radius_m.max(1)) / 1000.0;
                spread.most_radius_km = spread.most_radius_km.max(radius_km);
                spread.discs.push(Disc { at: place.point(), radius_km, counted });
            }
        }
        spread.discs.sort_by(|a, b| a.at.lat.total_cmp(&b.at.lat));
        spread
    }

    /// What of it falls on the unit; `None` where nothing is spread, because it is none of a grid.
    pub fn over(&self, group: &Group<'_>) -> Option<f64> {
        Some(self.over_unit(self.index?, group.key.grid_unit()?))
    }

    fn over_unit(&self, index: &Index, unit: GridUnit) -> f64 {
        let (centre, area_km2) = (unit.centre(), unit.area_km2());
        // As a disc of the same area.
        let radius_km = (area_km2 / PI).sqrt();
        let reach = (self.most_radius_km + radius_km) / KM_PER_DEGREE;
        let from = self.discs.partition_point(|disc| disc.at.lat < centre.lat - reach);
        let near = self.discs[from..].iter().take_while(|disc| disc.at.lat <= centre.lat + reach);
        let discs: f64 = near
            .map(|disc| {
                let east = (disc.at.lon - centre.lon) * centre.lat.to_radians().cos();
                let apart_km = KM_PER_DEGREE * east.hypot(disc.at.lat - centre.lat);
                disc.counted * shared_km2(apart_km, disc.radius_km, radius_km) / (PI * disc.radius_km * disc.radius_km)
            })
            .sum();
        let municipality = if self.by_municipality.is_empty() {
            None
        } else {
            // A unit in the water beside a municipality is none of its shape.
            let located = index.regions.locate(centre);
            located.municipality.filter(|_| located.off_edge_m <= 0.0).and_then(|region| index.regions.slot(region))
        };
        let shape = municipality.and_then(|slot| self.by_municipality.get(&slot)).map_or(0.0, |rate| rate * area_km2);
        discs + shape
    }
}

impl<'a> Table<'a> {
    /// What is counted at places that extend beyond a unit of the grid; nothing where it is none of a grid that counts.
    pub fn spread(&self, of: impl Fn(&Counts, f64) -> u64) -> Spread<'a> {
        match self.grid {
            Some(grid) => Spread::new(self.index(), grid, &self.coarse, of),
            None => Spread::default(),
        }
    }
}

/// The area that two discs share.
fn shared_km2(apart: f64, one: f64, other: f64) -> f64 {
    let (large, small) = (one.max(other), one.min(other));
    if apart >= large + small {
        return 0.0;
    }
    if apart <= large - small {
        return PI * small * small;
    }
    // Two segments of circles, on both sides of the chord through the crossings.
    let segment = |radius: f64, to_chord: f64| {
        radius * radius * (to_chord / radius).clamp(-1.0, 1.0).acos()
            - to_chord * (radius * radius - to_chord * to_chord).max(0.0).sqrt()
    };
    let to_chord = (apart * apart + large * large - small * small) / (2.0 * apart);
    segment(large, to_chord) + segment(small, apart - to_chord)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::collections::BTreeSet;
    use std::sync::Arc;

    use model::Place;

    use super::*;
    use crate::regions::Regions;

    /// A municipality of about 4 by 4 km.
    const SQUARE: &str = r#"{"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"id":"municipality/proef","kind":"municipality","name":"Proef","names":[],"code":"","area_km2":15.09},
       "geometry":{"type":"Polygon","coordinates":[[[6.48,52.68],[6.54,52.68],[6.54,52.7135],[6.48,52.7135],[6.48,52.68]]]}}]}"#;

    fn place(id: &str, kind: PlaceKind, radius_m: u32) -> Place {
        Place {
            id: id.into(),
            name: "Proef".into(),
            kind,
            lon: 6.51,
            lat: 52.697,
            radius_m,
            municipality: Some("Proef".into()),
            province: None,
            police_unit: None,
            country: None,
            population: None,
        }
    }

    /// Everything that falls on the units around, and how many of them get something.
    fn fallen(place: &Place, grid: Grid) -> (f64, usize) {
        let index = Index::new(Arc::new(Regions::from_geojson(SQUARE.as_bytes()).unwrap()));
        let index = index.append(vec![(1, place.clone())], &[]).unwrap();
        let coarse = [PlaceCounts { place, counts: Counts { senders: 40, ..Counts::default() }, weight: 0.0 }];
        let spread = Spread::new(&index, grid, &coarse, |counts, _| counts.senders);
        let units: BTreeSet<GridUnit> = (-120..=120)
            .flat_map(|x| (-120..=120).map(move |y| (x, y)))
            .filter_map(|(x, y)| {
                grid.unit_at(LonLat { lon: 6.51 + f64::from(x) * 0.0015, lat: 52.697 + f64::from(y) * 0.001 })
            })
            .collect();
        let shares: Vec<f64> = units.into_iter().map(|unit| spread.over_unit(&index, unit)).collect();
        (shares.iter().sum(), shares.iter().filter(|share| **share > 0.0).count())
    }

    #[test]
    fn what_is_spread_comes_to_what_was_counted() {
        for (grid, radius_m) in [
            (Grid::squares(500).unwrap(), 600),
            (Grid::squares(500).unwrap(), 4_000),
            (Grid::squares(1_000).unwrap(), 2_500),
            (Grid::hexagons(8).unwrap(), 1_000),
            (Grid::hexagons(7).unwrap(), 5_000),
        ] {
            let (fallen, units) = fallen(&place("dorp", PlaceKind::Locality, radius_m), grid);
            assert!((fallen / 40.0 - 1.0).abs() < 0.05 && units > 3, "{grid:?} {radius_m}: {fallen} on {units}");
        }
    }

    #[test]
    fn a_municipality_lies_in_its_own_shape_and_never_in_one_unit() {
        let municipality = place("gemeente", PlaceKind::Municipality, 2_190);
        let (in_shape, units) = fallen(&municipality, Grid::squares(500).unwrap());
        assert!((in_shape / 40.0 - 1.0).abs() < 0.1, "{in_shape}");
        assert!((50..=80).contains(&units), "{units} units of a quarter of a km²");
        // Of few units, its disc.
        let (in_disc, units) = fallen(&municipality, Grid::hexagons(7).unwrap());
        assert!((in_disc / 40.0 - 1.0).abs() < 0.05 && units > 3, "{in_disc} on {units}");
    }

    #[test]
    fn an_area_without_an_extent_falls_on_one_unit_and_gives_no_nan() {
        let (whole, units) = fallen(&place("gemeente", PlaceKind::Municipality, 0), Grid::hexagons(6).unwrap());
        assert!((whole / 40.0 - 1.0).abs() < 0.05 && units == 1, "{whole} on {units}");
    }

    #[test]
    fn discs_share_nothing_a_part_or_the_smaller_one() {
        assert!(shared_km2(3.0, 1.0, 2.0).abs() < 1e-12);
        assert!((shared_km2(0.5, 1.0, 2.0) - PI).abs() < 1e-12);
        // Of two equal discs through each other's middle: 2π/3 − √3/2.
        assert!((shared_km2(1.0, 1.0, 1.0) - (2.0 * PI / 3.0 - 3.0_f64.sqrt() / 2.0)).abs() < 1e-12);
    }
}
