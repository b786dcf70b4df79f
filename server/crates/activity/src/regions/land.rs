//! Where a filter lets anything lie at all: for surfaces that are to end at its border.

use geo::{Intersects as _, LineString, Point, Polygon};
use model::{Filter, LonLat, RegionKind};

use super::{Region, Regions};

/// The drawn polygon and the regions of a filter; Dutch land where it has neither.
#[derive(Debug)]
pub struct Land<'a> {
    regions: &'a Regions,
    ring: Option<Polygon<f64>>,
    asked: Vec<&'a Region>,
}

impl Regions {
    /// The land of a filter.
    pub fn land(&self, filter: &Filter) -> Land<'_> {
        let ring = |ring: &Vec<LonLat>| {
            Polygon::new(ring.iter().map(|at| (at.lon, at.lat)).collect::<LineString<f64>>(), Vec::new())
        };
        Land {
            regions: self,
            ring: filter.polygon.as_ref().map(ring),
            asked: filter.regions.iter().filter_map(|id| self.find(id)).collect(),
        }
    }
}

impl Land<'_> {
    /// Whether the point lies in it.
    pub fn holds(&self, at: LonLat) -> bool {
        if let Some(ring) = &self.ring {
            return ring.intersects(&Point::new(at.lon, at.lat)) && (self.asked.is_empty() || self.in_regions(at));
        }
        self.in_regions(at)
    }

    fn in_regions(&self, at: LonLat) -> bool {
        let located = self.regions.locate(at);
        if located.off_edge_m > 0.0 {
            return false;
        }
        let own = [located.municipality, located.province, located.police_unit];
        let is_in = |region: &&Region| match region.kind {
            RegionKind::Custom => located.municipality.is_some_and(|own| region.members.contains(&own.name)),
            _ => own.iter().flatten().any(|own| own.id == region.id),
        };
        if self.asked.is_empty() { own.iter().any(Option::is_some) } else { self.asked.iter().any(is_in) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"{"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"id":"province/west","kind":"province","name":"West","names":[],"code":"","area_km2":1.0},
       "geometry":{"type":"Polygon","coordinates":[[[5,52],[6,52],[6,53],[5,53],[5,52]]]}},
      {"type":"Feature","properties":{"id":"province/oost","kind":"province","name":"Oost","names":[],"code":"","area_km2":1.0},
       "geometry":{"type":"Polygon","coordinates":[[[6,52],[7,52],[7,53],[6,53],[6,52]]]}}]}"#;

    #[test]
    fn it_is_the_polygon_the_region_or_the_country() {
        let regions = Regions::from_geojson(TWO.as_bytes()).unwrap();
        let [west, east, sea] = [5.5, 6.5, 9.0].map(|lon| LonLat { lon, lat: 52.5 });
        let holds = |filter: &Filter| [west, east, sea].map(|at| regions.land(filter).holds(at));
        assert_eq!(holds(&Filter::default()), [true, true, false]);
        let region = Filter { regions: vec!["province/oost".into()], ..Filter::default() };
        assert_eq!(holds(&region), [false, true, false]);
        let ring = [(6.2, 52.2), (9.5, 52.2), (9.5, 52.8), (6.2, 52.8)].map(|(lon, lat)| LonLat { lon, lat }).to_vec();
        let drawn = Filter { polygon: Some(ring), ..Filter::default() };
        assert_eq!(holds(&drawn), [false, true, true]);
        assert_eq!(holds(&Filter { regions: region.regions, ..drawn }), [false, true, false]);
    }
}
