//! From GeoJSON features to regions.

use std::io::Read;

use geo::{BoundingRect, Centroid, InteriorPoint, Intersects, MultiPolygon};
use geojson::{Feature, FeatureCollection, GeoJson};
use model::{BBox, LonLat, RegionKind};
use serde_json::Value;

use super::Region;
use crate::error::RegionError;

/// All regions, by layer and name, so that lists need no sorting later.
pub(super) fn regions(mut reader: impl Read) -> Result<Vec<Region>, RegionError> {
    let mut text = String::new();
    let not_geojson = |why: geojson::Error| RegionError::NotGeoJson(Box::new(why));
    reader.read_to_string(&mut text).map_err(|why| not_geojson(why.into()))?;
    let geojson: GeoJson = text.parse().map_err(not_geojson)?;
    let collection = FeatureCollection::try_from(geojson).map_err(not_geojson)?;
    let mut all = collection
        .features
        .into_iter()
        .enumerate()
        .map(|(at, feature)| region(&feature).map_err(|what| RegionError::BadFeature { feature: at, what }))
        .collect::<Result<Vec<_>, _>>()?;
    all.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    if all.len() > usize::from(u16::MAX) {
        return Err(RegionError::BadFeature {
            feature: usize::from(u16::MAX),
            what: "there are more than 65,535 regions".to_owned(),
        });
    }
    Ok(all)
}

fn region(feature: &Feature) -> Result<Region, String> {
    let text = |key: &str| {
        feature.property(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let required = |key: &str| text(key).ok_or_else(|| format!("no property {key:?}"));
    let names = match feature.property("names") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let members = match feature.property("members") {
        Some(Value::Array(members)) => members.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let area_km2 = feature.property("area_km2").and_then(Value::as_f64).filter(|area| area.is_finite() && *area > 0.0);
    let (id, kind, name) = (required("id")?, required("kind")?.parse::<RegionKind>()?, required("name")?);
    let (code, province, police_unit) = (text("code").unwrap_or_default(), text("province"), text("police_unit"));
    let population = feature.property("population").and_then(Value::as_u64);
    let area_km2 = area_km2.ok_or("no positive property \"area_km2\"")?;
    let geometry = multi_polygon(feature)?;
    let bounds = geometry.bounding_rect().ok_or("the outline is empty")?;
    Ok(Region {
        id,
        kind,
        name,
        names,
        code,
        province,
        police_unit,
        population,
        members,
        area_km2,
        bbox: BBox { west: bounds.min().x, south: bounds.min().y, east: bounds.max().x, north: bounds.max().y },
        label: label_point(&geometry).ok_or("the outline is empty")?,
        geometry,
    })
}

fn multi_polygon(feature: &Feature) -> Result<MultiPolygon<f64>, String> {
    let geometry = feature.geometry.as_ref().ok_or("no geometry")?;
    let outline = geo::Geometry::try_from(geometry).map_err(|why| why.to_string())?;
    let polygons = match outline {
        geo::Geometry::Polygon(polygon) => MultiPolygon::new(vec![polygon]),
        geo::Geometry::MultiPolygon(polygons) => polygons,
        _ => return Err("the geometry is neither a polygon nor a multipolygon".to_owned()),
    };
    let on_the_globe =
        polygons.iter().flat_map(|polygon| polygon.exterior().coords()).all(|c| LonLat::new(c.x, c.y).is_some());
    if on_the_globe { Ok(polygons) } else { Err("a point of the outline is not on the globe".to_owned()) }
}

/// The centroid where it lies inside, else a point on the widest line through the middle of the outline.
fn label_point(geometry: &MultiPolygon<f64>) -> Option<LonLat> {
    let centroid = geometry.centroid().filter(|centroid| geometry.intersects(centroid));
    let point = centroid.or_else(|| geometry.interior_point())?;
    LonLat::new(point.x(), point.y())
}
