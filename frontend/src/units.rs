//! What the ranked list is made of: places, regions, hexagons or squares; how that stands in a link and in a question.

use model::RegionKind;
use model::api::FilterBody;

use crate::scale::{REFERENCE_LAT, metres_per_pixel};

/// Resolutions of hexagons (H3) and the length of their edges in metres as they are in the Netherlands, within some 6 %: they are not all
/// alike, and those of the globe are 8 % longer in the mean.
pub(crate) const HEXAGONS: [(u8, f64); 6] =
    [(4, 24_000.0), (5, 9_100.0), (6, 3_430.0), (7, 1_300.0), (8, 490.0), (9, 185.0)];

/// Sides of squares in metres that can be chosen.
pub(crate) const SIDES_M: [u32; 7] = [125, 250, 500, 1000, 2000, 5000, 10_000];

/// Kinds of regions that can be ranked and scanned, small to large.
pub(crate) const REGIONS: [RegionKind; 3] = [RegionKind::Municipality, RegionKind::PoliceUnit, RegionKind::Province];

/// Side of squares before one is chosen: large enough to be seen when the whole country is.
const SIDE_M: u32 = 5000;

/// A unit is at least this wide on the screen where its size follows the map, and once it is chosen: a little wider than the disc with its
/// number.
const LEAST_PIXELS: f64 = 26.0;

/// What the list ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unit {
    /// Places.
    #[default]
    Places,
    /// Regions of a kind.
    Regions(RegionKind),
    /// Hexagons of a resolution of H3; without one, its size follows the map.
    Hexagons(Option<u8>),
    /// Squares of the Dutch national grid with sides of so many metres.
    Squares(u32),
}

impl Unit {
    /// All there are, each in the size that it begins with, in the order of the choice.
    pub(crate) const ALL: [Self; 6] = [
        Self::Places,
        Self::Regions(REGIONS[0]),
        Self::Regions(REGIONS[1]),
        Self::Regions(REGIONS[2]),
        Self::Hexagons(None),
        Self::Squares(SIDE_M),
    ];

    /// Its name in the API and in links, whatever its size.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Places => "place",
            Self::Regions(kind) => kind.as_str(),
            Self::Hexagons(_) => "cell",
            Self::Squares(_) => "square",
        }
    }

    /// The unit of this name in the size that it begins with.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name)
    }

    /// The same in another size: a resolution, or a side in metres. Nonsense leaves it as it is.
    pub(crate) fn sized(self, size: &str) -> Self {
        match self {
            Self::Hexagons(_) => Self::Hexagons(size.parse().ok().filter(|size| edge_m(*size).is_some())),
            Self::Squares(side_m) => {
                Self::Squares(size.parse().ok().filter(|size| SIDES_M.contains(size)).unwrap_or(side_m))
            }
            other => other,
        }
    }

    /// Its size as [`Self::sized`] takes it; `None` where it has none, or follows the map.
    pub(crate) fn size(self) -> Option<String> {
        match self {
            Self::Hexagons(resolution) => resolution.map(|resolution| resolution.to_string()),
            Self::Squares(side_m) => Some(side_m.to_string()),
            Self::Places | Self::Regions(_) => None,
        }
    }

    /// Whether it is of a grid.
    pub(crate) fn is_of_grid(self) -> bool {
        matches!(self, Self::Hexagons(_) | Self::Squares(_))
    }

    /// The same with the size that it has at a zoom of the map.
    pub(crate) fn at_zoom(self, zoom: f64) -> Self {
        match self {
            Self::Hexagons(None) => {
                let seen = |resolution: &u8| Self::Hexagons(Some(*resolution)).least_zoom() <= zoom;
                let finest = HEXAGONS.iter().rev().map(|(resolution, _)| *resolution).find(seen);
                Self::Hexagons(Some(finest.unwrap_or(HEXAGONS[0].0)))
            }
            other => other,
        }
    }

    /// From one edge to the one opposite, in metres; `None` where it has no size of its own.
    pub(crate) fn width_m(self) -> Option<f64> {
        match self {
            Self::Hexagons(resolution) => edge_m(resolution?).map(|edge_m| edge_m * 3_f64.sqrt()),
            Self::Squares(side_m) => Some(f64::from(side_m)),
            Self::Places | Self::Regions(_) => None,
        }
    }

    /// The zoom from which on it is wide enough to be seen and clicked.
    pub(crate) fn least_zoom(self) -> f64 {
        self.width_m().map_or(0.0, |width_m| (metres_per_pixel(0.0, REFERENCE_LAT) * LEAST_PIXELS / width_m).log2())
    }

    /// The unit of a grid that this is the id of.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        if let Some(square) = id.strip_prefix("rd/") {
            return square.split('/').next()?.parse().ok().map(Self::Squares);
        }
        // H3: sixty-four bits as hexadecimal digits, of which the second is the resolution.
        let is_h3 = id.len() == 15 && id.starts_with('8') && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let resolution = id.get(1..2).filter(|_| is_h3).and_then(|digit| u8::from_str_radix(digit, 16).ok())?;
        edge_m(resolution).map(|_| Self::Hexagons(Some(resolution)))
    }

    /// What the line of this id is of, in a list of these: a click on the map may have chosen a place, and zooming makes other hexagons.
    pub(crate) fn of_line(self, id: &str) -> Self {
        let of_kind = |kind: RegionKind| id.strip_prefix(kind.as_str()).is_some_and(|rest| rest.starts_with('/'));
        match self {
            Self::Regions(kind) if of_kind(kind) => self,
            _ => Self::of_id(id).unwrap_or_default(),
        }
    }

    /// The filter with the question for these.
    pub(crate) fn asked_in(self, filter: &FilterBody) -> FilterBody {
        FilterBody {
            by: (self != Self::Places).then(|| self.as_str().to_owned()),
            resolution: if let Self::Hexagons(resolution) = self { resolution } else { None },
            side_m: if let Self::Squares(side_m) = self { Some(side_m) } else { None },
            ..filter.clone()
        }
    }
}

/// The edge of hexagons of a resolution in metres.
pub(crate) fn edge_m(resolution: u8) -> Option<f64> {
    HEXAGONS.iter().find(|(one, _)| *one == resolution).map(|(_, edge_m)| *edge_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexagons_that_follow_the_map_change_in_steps_and_are_always_wide_enough_to_be_seen() {
        let at = |zoom: f64| Unit::Hexagons(None).at_zoom(zoom);
        assert_eq!([3.0, 6.4, 8.0, 9.5, 11.0, 17.0].map(at), [4, 5, 6, 7, 8, 9].map(|r| Unit::Hexagons(Some(r))));
        // A little more or less of zoom asks for the same.
        assert_eq!(at(6.4), at(7.0));
        for zoom in [6.0, 7.5, 9.1, 10.8, 12.0] {
            let width_m = at(zoom).width_m().unwrap_or_default();
            let pixels = width_m / metres_per_pixel(zoom, REFERENCE_LAT);
            assert!(pixels >= LEAST_PIXELS, "{zoom}: {pixels}");
        }
        assert_eq!(Unit::Squares(500).at_zoom(3.0), Unit::Squares(500));
        // Going to a chosen one does not make others of them.
        let six = Unit::Hexagons(Some(6));
        assert_eq!(at(six.least_zoom() + 1e-9), six);
    }

    #[test]
    fn the_id_of_a_line_tells_its_grid() {
        assert_eq!(Unit::of_id("861969b57ffffff"), Some(Unit::Hexagons(Some(6))));
        assert_eq!(Unit::of_id("rd/1000/229000/521000"), Some(Unit::Squares(1000)));
        for id in ["nl/de-wolden/kerkenveld", "province/drenthe", "8f1969b57ffffff", "zuidwolde-drent", "", "8"] {
            assert_eq!(Unit::of_id(id), None, "{id}");
        }
        let provinces = Unit::Regions(RegionKind::Province);
        assert_eq!(provinces.of_line("province/drenthe"), provinces);
        assert_eq!(provinces.of_line("nl/de-wolden/kerkenveld"), Unit::Places);
        assert_eq!(Unit::Hexagons(None).of_line("851969b7fffffff"), Unit::Hexagons(Some(5)));
    }

    #[test]
    fn a_question_names_kind_and_size() {
        let asked = |unit: Unit| {
            let FilterBody { by, resolution, side_m, .. } = unit.asked_in(&FilterBody::default());
            (by, resolution, side_m)
        };
        assert_eq!(asked(Unit::Places), (None, None, None));
        assert_eq!(asked(Unit::Hexagons(Some(7))), (Some("cell".into()), Some(7), None));
        assert_eq!(asked(Unit::Squares(500)), (Some("square".into()), None, Some(500)));
        assert_eq!(asked(Unit::Regions(RegionKind::PoliceUnit)), (Some("police_unit".into()), None, None));
    }

    #[test]
    fn sizes_that_are_not_offered_are_passed_over() {
        assert_eq!(Unit::Hexagons(Some(6)).sized("99"), Unit::Hexagons(None));
        assert_eq!(Unit::Squares(1000).sized("7"), Unit::Squares(1000));
        assert_eq!(Unit::Squares(1000).sized("250").size().as_deref(), Some("250"));
        assert_eq!(Unit::Places.sized("6"), Unit::Places);
    }
}
