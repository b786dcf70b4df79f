//! Places that a text can mean, and regions that hold them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::LonLat;

/// What sort of thing a place is; the API's `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A country.
    Country,
    /// One of the twelve Dutch provinces.
    Province,
    /// An area without its own government: "de Veluwe", "Twente".
    Region,
    /// A Dutch municipality.
    Municipality,
    /// A place of any size, hamlet to metropolis.
    Locality,
    /// A district or neighbourhood of a place.
    District,
    /// A street.
    Street,
    /// A street with a house number.
    Address,
    /// A Dutch postcode, four digits or six characters.
    Postcode,
    /// A numbered road.
    Road,
    /// Water: river, lake, canal.
    Water,
    /// A point given by numbers or a map link.
    Coordinate,
}

/// Every kind with its name in JSON, files and parameters.
const KIND_NAMES: [(PlaceKind, &str); 12] = [
    (PlaceKind::Country, "country"),
    (PlaceKind::Province, "province"),
    (PlaceKind::Region, "region"),
    (PlaceKind::Municipality, "municipality"),
    (PlaceKind::Locality, "locality"),
    (PlaceKind::District, "district"),
    (PlaceKind::Street, "street"),
    (PlaceKind::Address, "address"),
    (PlaceKind::Postcode, "postcode"),
    (PlaceKind::Road, "road"),
    (PlaceKind::Water, "water"),
    (PlaceKind::Coordinate, "coordinate"),
];

impl PlaceKind {
    /// The name used in JSON, files and parameters.
    pub fn as_str(self) -> &'static str {
        KIND_NAMES.iter().find(|(kind, _)| *kind == self).map_or("locality", |(_, name)| name)
    }
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PlaceKind {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        KIND_NAMES
            .iter()
            .find(|(_, name)| *name == s)
            .map(|(kind, _)| *kind)
            .ok_or_else(|| format!("unknown place kind {s:?}"))
    }
}

/// A place with its point, its extent, and the areas it belongs to by record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// Stable id: `nl/de-wolden/kerkenveld`, `nl/straat/de-wolden/kerkenveld/dorpsstraat`, `nl/adres/7934ab-12a`, `province/drenthe`,
    /// `pc4/7934`, `xy/6.50000,52.67000`.
    pub id: String,
    /// Preferred name.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// How far the place extends around its point, in metres: the precision of a mention of it.
    pub radius_m: u32,
    /// Dutch municipality, by record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Dutch province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// Regional unit of the Dutch police.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub police_unit: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Inhabitants, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<u32>,
}

impl Place {
    /// The point of the place.
    pub fn point(&self) -> LonLat {
        LonLat { lon: self.lon, lat: self.lat }
    }
}

/// The layers of region polygons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegionKind {
    /// Twelve provinces.
    Province,
    /// 342 municipalities.
    Municipality,
    /// Ten regional police units.
    PoliceUnit,
    /// Areas without official borders, such as the Veluwe, made of whole municipalities; they overlap.
    Custom,
}

impl RegionKind {
    /// All layers, largest areas of government first.
    pub const ALL: [Self; 4] = [Self::Province, Self::PoliceUnit, Self::Municipality, Self::Custom];

    /// The name used in JSON, files and parameters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Municipality => "municipality",
            Self::PoliceUnit => "police_unit",
            Self::Custom => "custom",
        }
    }
}

impl FromStr for RegionKind {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == s).ok_or_else(|| format!("unknown region kind {s:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_names_agree_with_their_json() {
        for (kind, name) in KIND_NAMES {
            assert_eq!(kind.as_str(), name);
            assert_eq!(name.parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{name}\""));
        }
    }
}
