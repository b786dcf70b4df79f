//! An area while it is being drawn: corners come by clicks and go by Backspace; a click on the first or the last one closes.

use model::LonLat;

use super::ring::{self, Flaw};

/// A click so near to the last corner means it, in pixels: it is the second one of a double click, however slow.
const TWICE_PX: f64 = 6.0;

/// The corners so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Draft {
    /// In the order of their clicks; no line between them meets another.
    pub(crate) corners: Vec<LonLat>,
    /// Why what was wanted last did not happen.
    pub(crate) refused: Option<Flaw>,
}

impl Draft {
    /// A click at a point, on a map of this zoom where a click means a corner within `reach_px` of it: one more corner, or on the first
    /// or last one the end. Gives the ring where it is the end.
    pub(crate) fn click(&mut self, at: LonLat, zoom: f64, reach_px: f64) -> Option<Vec<LonLat>> {
        let is_near = |corner: &LonLat, reach: f64| ring::apart_px(*corner, at, zoom) <= reach;
        let on_first = self.corners.len() >= 3 && is_near(&self.corners[0], reach_px);
        if on_first || self.corners.last().is_some_and(|last| is_near(last, TWICE_PX)) {
            return self.close();
        }
        if ring::crosses(&self.corners, at) {
            self.refused = Some(Flaw::Crosses);
        } else {
            self.refused = None;
            self.corners.push(at);
        }
        None
    }

    /// The end: the ring, or why there is none.
    pub(crate) fn close(&mut self) -> Option<Vec<LonLat>> {
        self.refused = ring::flaw(&self.corners);
        self.refused.is_none().then(|| self.corners.clone())
    }

    /// Takes the last corner away.
    pub(crate) fn back(&mut self) {
        self.corners.pop();
        self.refused = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZOOM: f64 = 9.0;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat { lon, lat }
    }

    fn drawn(points: &[(f64, f64)]) -> Draft {
        let mut draft = Draft::default();
        for (lon, lat) in points {
            assert_eq!(draft.click(at(*lon, *lat), ZOOM, 12.0), None);
        }
        draft
    }

    #[test]
    fn the_first_corner_a_double_click_and_enter_close() {
        let triangle = [(6.0, 52.0), (7.0, 52.0), (7.0, 53.0)];
        let ring: Vec<_> = triangle.iter().map(|(lon, lat)| at(*lon, *lat)).collect();
        // Some pixels beside it.
        assert_eq!(drawn(&triangle).click(at(6.01, 52.0), ZOOM, 12.0).as_ref(), Some(&ring));
        assert_eq!(drawn(&triangle).close().as_ref(), Some(&ring));
        // The last one again is a double click.
        assert_eq!(drawn(&triangle).click(at(7.001, 53.0), ZOOM, 12.0).as_ref(), Some(&ring));
    }

    #[test]
    fn fewer_than_three_corners_do_not_close() {
        let mut draft = drawn(&[(6.0, 52.0), (7.0, 52.0)]);
        assert_eq!((draft.close(), draft.refused), (None, Some(Flaw::TooFew)));
        assert_eq!(draft.click(at(7.0, 52.0), ZOOM, 12.0), None);
        assert_eq!((draft.corners.len(), draft.refused), (2, Some(Flaw::TooFew)));
        draft.back();
        assert_eq!((draft.corners.len(), draft.refused), (1, None));
        draft.back();
        draft.back();
        assert_eq!(draft, Draft::default());
    }

    #[test]
    fn a_corner_whose_line_would_cross_another_is_refused() {
        let mut draft = drawn(&[(6.0, 52.0), (7.0, 52.0), (7.0, 53.0)]);
        assert_eq!(draft.click(at(6.5, 51.5), ZOOM, 12.0), None);
        assert_eq!((draft.corners.len(), draft.refused), (3, Some(Flaw::Crosses)));
        assert_eq!(draft.click(at(6.5, 51.5), ZOOM, 12.0), None);
        assert_eq!(draft.click(at(6.0, 53.0), ZOOM, 12.0), None);
        assert_eq!((draft.corners.len(), draft.refused), (4, None));
    }

    #[test]
    fn a_line_back_that_would_cross_another_is_refused() {
        let mut outside = drawn(&[(6.5, 52.5), (7.0, 52.5), (7.0, 52.0), (6.0, 52.0), (6.0, 51.0)]);
        assert_eq!((outside.close(), outside.refused), (None, Some(Flaw::ClosingCrosses)));
        assert_eq!(outside.click(at(6.0, 53.0), ZOOM, 12.0), None);
        assert_eq!(outside.refused, Some(Flaw::Crosses), "back over the last line");
    }
}
