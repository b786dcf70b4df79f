//! Provinces, municipalities, police units and areas without official borders: their polygons in an R-tree, and their names.
//!
//! Never here: which place belongs to which region by record; that is the business of `places`.

mod land;
mod locate;
mod names;
mod read;

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::sync::OnceLock;

use geo::{CoordsIter as _, MultiPolygon};
use geojson::{Feature, FeatureCollection, Geometry};
use model::{BBox, LonLat, RegionKind};
use serde_json::{Map, Value};

use crate::error::RegionError;
pub use land::Land;
pub use locate::Located;
use locate::RegionTree;
use names::NameTable;

/// An area of government or police, or one that only people know, with its outline.
#[derive(Debug, Clone)]
pub struct Region {
    /// Stable id: `province/drenthe`, `municipality/GM1680`, `police_unit/noord-nederland`.
    pub id: String,
    /// Layer.
    pub kind: RegionKind,
    /// Preferred name.
    pub name: String,
    /// Other names.
    pub names: Vec<String>,
    /// Official code, such as `GM1680`; empty when there is none.
    pub code: String,
    /// Province of a municipality.
    pub province: Option<String>,
    /// Police unit of a municipality, or of a province that lies in one unit alone.
    pub police_unit: Option<String>,
    /// Inhabitants, where known.
    pub population: Option<u64>,
    /// Area in km².
    pub area_km2: f64,
    /// Outline in degrees, longitude first; simplified for display.
    pub geometry: MultiPolygon<f64>,
    /// Smallest box around the outline.
    pub bbox: BBox,
    /// Names of the municipalities that an area without official borders is made of.
    pub members: Vec<String>,
    /// A point inside, where a label can stand.
    pub label: LonLat,
}

/// All regions.
#[derive(Debug)]
pub struct Regions {
    all: Vec<Region>,
    by_id: HashMap<String, usize>,
    names: NameTable,
    tree: RegionTree,
    borders: OnceLock<Vec<(u16, u16)>>,
}

impl Regions {
    /// Reads a GeoJSON feature collection with the properties `id`, `kind`, `name`, `names`, `code`, `province`, `police_unit`,
    /// `population`, `area_km2` and `members`.
    ///
    /// # Errors
    /// When it is not GeoJSON, or a feature lacks an id, name, kind or polygon; names the feature.
    pub fn from_geojson(reader: impl Read) -> Result<Self, RegionError> {
        let all = read::regions(reader)?;
        let mut by_id = HashMap::with_capacity(all.len());
        for (slot, region) in all.iter().enumerate() {
            if by_id.insert(region.id.clone(), slot).is_some() {
                return Err(RegionError::DuplicateId { id: region.id.clone() });
            }
        }
        Ok(Self { names: NameTable::new(&all), tree: RegionTree::new(&all), all, by_id, borders: OnceLock::new() })
    }

    /// The region with this id or name.
    ///
    /// Case, accents and punctuation do not matter. A name that several layers share means the province before the police unit before
    /// the municipality, unless a word before it says which: "gemeente Utrecht", "politie-eenheid Limburg".
    pub fn find(&self, name_or_id: &str) -> Option<&Region> {
        let slot = self.by_id.get(name_or_id.trim()).copied().or_else(|| self.names.find(name_or_id))?;
        self.all.get(slot)
    }

    /// Names like the given one, most alike first: for the error that says there is no such region.
    pub fn suggest(&self, name: &str) -> Vec<String> {
        self.names.suggest(name, &self.all)
    }

    /// All regions of a layer, by name.
    pub fn by_kind(&self, kind: RegionKind) -> impl Iterator<Item = &Region> {
        self.all.iter().filter(move |region| region.kind == kind)
    }

    /// Which regions the point lies in.
    pub fn locate(&self, point: LonLat) -> Located<'_> {
        self.tree.locate(point, &self.all)
    }

    /// A layer as a GeoJSON feature collection (RFC 7946) for display.
    pub fn geojson(&self, kind: RegionKind) -> String {
        let features = self.by_kind(kind).map(feature).collect();
        FeatureCollection { bbox: None, features, foreign_members: None }.to_string()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Pairs of slots of one layer that share a border: their outlines have a corner in common.
    ///
    /// Outlines of a layer are simplified together, so that neighbours keep the same corners (`data/regions`).
    pub(crate) fn borders(&self) -> &[(u16, u16)] {
        self.borders.get_or_init(|| {
            // To the hundred-millionth of a degree, a millimetre: the same number in the file is the same corner.
            let corner = |degrees: f64| (degrees * 1e8).round() as i64;
            let mut at_corner: HashMap<(RegionKind, i64, i64), Vec<u16>> = HashMap::new();
            for (slot, region) in self.all.iter().enumerate() {
                for at in region.geometry.coords_iter() {
                    let slots = at_corner.entry((region.kind, corner(at.x), corner(at.y))).or_default();
                    if slots.last() != Some(&(slot as u16)) {
                        slots.push(slot as u16);
                    }
                }
            }
            let pairs: BTreeSet<(u16, u16)> = at_corner
                .values()
                .flat_map(|slots| {
                    slots.iter().flat_map(move |a| slots.iter().filter(move |b| a < *b).map(|b| (*a, *b)))
                })
                .collect();
            pairs.into_iter().collect()
        })
    }

    /// Every region, by its slot.
    pub(crate) fn slots(&self) -> &[Region] {
        &self.all
    }

    /// The slot of the region of this layer with this name.
    pub(crate) fn slot_of(&self, kind: RegionKind, name: &str) -> Option<u16> {
        self.names.slot_of(kind, name)
    }

    /// The slots that places are known to belong to where this region is meant: its own, or those of its municipalities.
    pub(crate) fn slots_of(&self, region: &Region) -> Vec<u16> {
        if region.kind == RegionKind::Custom {
            let municipality = |name: &String| self.slot_of(RegionKind::Municipality, name);
            return region.members.iter().filter_map(municipality).collect();
        }
        self.by_id.get(&region.id).map(|slot| *slot as u16).into_iter().collect()
    }

    /// The slot of a region taken from this collection.
    pub(crate) fn slot(&self, region: &Region) -> Option<u16> {
        self.by_id.get(&region.id).map(|slot| *slot as u16)
    }
}

fn feature(region: &Region) -> Feature {
    let BBox { west, south, east, north } = region.bbox;
    let properties: Map<String, Value> = [
        ("id", Value::from(region.id.as_str())),
        ("name", region.name.as_str().into()),
        ("kind", region.kind.as_str().into()),
        ("code", region.code.as_str().into()),
        ("province", region.province.clone().into()),
        ("police_unit", region.police_unit.clone().into()),
        ("population", region.population.into()),
        ("area_km2", region.area_km2.into()),
        ("bbox", vec![west, south, east, north].into()),
        ("label_lon", region.label.lon.into()),
        ("label_lat", region.label.lat.into()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect();
    Feature {
        bbox: Some(vec![west, south, east, north]),
        geometry: Some(Geometry::new((&region.geometry).into())),
        id: Some(geojson::feature::Id::String(region.id.clone())),
        properties: Some(properties),
        foreign_members: None,
    }
}
