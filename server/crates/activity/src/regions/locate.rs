//! Which regions a point lies in.

use geo::{BoundingRect, Intersects, Point, Polygon};
use model::{LonLat, RegionKind};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::Region;

/// How far off the land edge a point still counts as in the nearest region, in metres.
///
/// Outlines are simplified and cut at the coast; quays, piers and beaches fall outside them.
pub(super) const OFF_EDGE_M: f64 = 2_000.0;
/// Metres in a degree of latitude on a sphere of [`model::EARTH_RADIUS_M`].
const METRES_PER_DEGREE: f64 = model::EARTH_RADIUS_M * std::f64::consts::PI / 180.0;

/// The regions of a point.
#[derive(Debug, Clone, Copy, Default)]
pub struct Located<'a> {
    /// Municipality.
    pub municipality: Option<&'a Region>,
    /// Province.
    pub province: Option<&'a Region>,
    /// Police unit.
    pub police_unit: Option<&'a Region>,
    /// 0 inside; above 0 the point lies so far outside every outline, and the nearest regions were taken.
    pub off_edge_m: f64,
}

/// One polygon of one region.
#[derive(Debug)]
struct Part {
    slot: usize,
    polygon: Polygon<f64>,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Part {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl PointDistance for Part {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        rstar::Envelope::distance_2(&self.envelope, point)
    }
}

/// All polygons by their envelopes.
#[derive(Debug)]
pub(super) struct RegionTree {
    tree: RTree<Part>,
}

impl RegionTree {
    pub(super) fn new(regions: &[Region]) -> Self {
        // Areas without official borders overlap: a place is in those of its municipality.
        let official = regions.iter().enumerate().filter(|(_, region)| region.kind != RegionKind::Custom);
        let parts = official.flat_map(|(slot, region)| {
            region.geometry.iter().filter_map(move |polygon| {
                let bounds = polygon.bounding_rect()?;
                let envelope = AABB::from_corners(bounds.min().into(), bounds.max().into());
                Some(Part { slot, polygon: polygon.clone(), envelope })
            })
        });
        Self { tree: RTree::bulk_load(parts.collect()) }
    }

    /// The regions of each layer that hold the point; failing that, the nearest ones within [`OFF_EDGE_M`].
    pub(super) fn locate<'a>(&self, point: LonLat, regions: &'a [Region]) -> Located<'a> {
        let mut located = Located::default();
        let at = Point::new(point.lon, point.lat);
        for part in self.tree.locate_all_at_point(&[point.lon, point.lat]) {
            // Neighbours share their edges: a point on one goes to the first by slot, always the same.
            if part.polygon.intersects(&at)
                && let Some(region) = regions.get(part.slot)
                && let Some(layer) = located.layer(region.kind)
                && layer.is_none_or(|other| region.id < other.id)
            {
                *layer = Some(region);
            }
        }
        if located.municipality.is_none() && located.province.is_none() && located.police_unit.is_none() {
            self.locate_near(point, regions, &mut located);
        }
        located
    }

    fn locate_near<'a>(&self, point: LonLat, regions: &'a [Region], located: &mut Located<'a>) {
        let lat_margin = OFF_EDGE_M / METRES_PER_DEGREE;
        let lon_margin = lat_margin / point.lat.to_radians().cos().max(0.01);
        let around = AABB::from_corners(
            [point.lon - lon_margin, point.lat - lat_margin],
            [point.lon + lon_margin, point.lat + lat_margin],
        );
        let mut nearest = [OFF_EDGE_M; RegionKind::ALL.len()];
        for part in self.tree.locate_in_envelope_intersecting(&around) {
            let Some(region) = regions.get(part.slot) else { continue };
            let distance_m = distance_to_edge_m(point, &part.polygon);
            let least = &mut nearest[region.kind as usize];
            if distance_m < *least
                && let Some(layer) = located.layer(region.kind)
            {
                *least = distance_m;
                *layer = Some(region);
            }
        }
        located.off_edge_m = if located.province.or(located.municipality).or(located.police_unit).is_some() {
            nearest.into_iter().fold(OFF_EDGE_M, f64::min)
        } else {
            0.0
        };
    }
}

impl<'a> Located<'a> {
    fn layer(&mut self, kind: RegionKind) -> Option<&mut Option<&'a Region>> {
        match kind {
            RegionKind::Municipality => Some(&mut self.municipality),
            RegionKind::Province => Some(&mut self.province),
            RegionKind::PoliceUnit => Some(&mut self.police_unit),
            RegionKind::Custom => None,
        }
    }
}

/// Distance from a point outside to the outer ring of a polygon, in metres.
///
/// # Algorithm
/// Equirectangular projection around the point (good to 0.1 % within a few kilometres), then the least distance to any edge.
fn distance_to_edge_m(point: LonLat, polygon: &Polygon<f64>) -> f64 {
    let lon_scale = METRES_PER_DEGREE * point.lat.to_radians().cos();
    let projected = |c: geo::Coord<f64>| ((c.x - point.lon) * lon_scale, (c.y - point.lat) * METRES_PER_DEGREE);
    polygon
        .exterior()
        .lines()
        .map(|edge| {
            let ((ax, ay), (bx, by)) = (projected(edge.start), projected(edge.end));
            let (dx, dy) = (bx - ax, by - ay);
            let length_2 = dx * dx + dy * dy;
            // The point is the origin; `along` is where on the edge its foot stands.
            let along = if length_2 > 0.0 { (-(ax * dx + ay * dy) / length_2).clamp(0.0, 1.0) } else { 0.0 };
            (ax + along * dx).hypot(ay + along * dy)
        })
        .fold(f64::INFINITY, f64::min)
}
