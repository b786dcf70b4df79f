//! The part of the world that a picture shows, and how it gets onto paper.

use std::f64::consts::PI;

use crate::drawing::Point;

use super::shapes::Shape;

/// How far beyond its edges shapes are still drawn, so that their cut edges stay out of sight.
const BLEED: f32 = 12.0;
/// Points of an outline closer than this to the one before say nothing on paper.
const STEP: f32 = 0.35;

/// From degrees to points of paper.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Mercator's coordinates (radians) of the upper left corner.
    left: f64,
    top: f64,
    /// Points of paper a radian.
    scale: f64,
    middle_lat: f64,
}

fn mercator(lat: f64) -> f64 {
    (PI / 4.0 + lat.clamp(-85.0, 85.0).to_radians() / 2.0).tan().ln()
}

impl Frame {
    /// Shows the whole box (west, south, east, north) in a picture of at most this size; it is made less high where the box is flat.
    pub(crate) fn fitting([west, south, east, north]: [f64; 4], width: f32, greatest_height: f32) -> Self {
        let (left, right) = (west.to_radians(), east.to_radians());
        let (bottom, top) = (mercator(south), mercator(north));
        let (across, down) = ((right - left).max(1e-4), (top - bottom).max(1e-4));
        let room = 1.06;
        let scale = (f64::from(width) / (across * room)).min(f64::from(greatest_height) / (down * room));
        let height = ((down * room * scale) as f32).clamp(greatest_height * 0.6, greatest_height);
        let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        Self::centred(middle, scale, width, height)
    }

    /// Shows so many metres to each side of a point.
    pub(crate) fn around(lon: f64, lat: f64, metres: f64, width: f32, height: f32) -> Self {
        let radians = metres / (model::EARTH_RADIUS_M * lat.to_radians().cos().max(0.05));
        let scale = f64::from(width.min(height)) / (2.0 * radians);
        Self::centred((lon.to_radians(), mercator(lat)), scale, width, height)
    }

    fn centred((x, y): (f64, f64), scale: f64, width: f32, height: f32) -> Self {
        Self {
            width,
            height,
            left: x - f64::from(width) / 2.0 / scale,
            top: y + f64::from(height) / 2.0 / scale,
            scale,
            middle_lat: (2.0 * y.exp().atan() - PI / 2.0).to_degrees(),
        }
    }

    /// Where a place lies on the paper.
    pub(crate) fn at(&self, lon: f64, lat: f64) -> Point {
        let x = (lon.to_radians() - self.left) * self.scale;
        let y = (self.top - mercator(lat)) * self.scale;
        [x as f32, y as f32]
    }

    /// Whether a place lies in the picture.
    pub(crate) fn holds(&self, lon: f64, lat: f64) -> bool {
        let [x, y] = self.at(lon, lat);
        (0.0..=self.width).contains(&x) && (0.0..=self.height).contains(&y)
    }

    /// Points of paper a metre, at a latitude.
    pub(crate) fn points_a_metre(&self, lat: f64) -> f64 {
        self.scale / (model::EARTH_RADIUS_M * lat.to_radians().cos())
    }

    /// Kilometres from the left to the right edge, at the middle.
    pub(crate) fn km_across(&self) -> f64 {
        f64::from(self.width) / self.points_a_metre(self.middle_lat) / 1000.0
    }

    /// A round number of metres whose bar takes at most this share of the width, and the length of the bar.
    pub(crate) fn scale_bar(&self, share: f64) -> (f64, f32) {
        let most = f64::from(self.width) * share / self.points_a_metre(self.middle_lat);
        let ten = 10_f64.powf(most.log10().floor());
        let metres = [5.0, 2.0, 1.0].into_iter().map(|step| step * ten).find(|metres| *metres <= most).unwrap_or(ten);
        (metres, (metres * self.points_a_metre(self.middle_lat)) as f32)
    }

    /// The rings of an area cut to the picture; `None` when nothing is left.
    pub(crate) fn area(&self, shape: &Shape) -> Option<Vec<Vec<Point>>> {
        if !self.meets(shape) {
            return None;
        }
        let rings: Vec<_> =
            shape.parts.iter().map(|ring| self.cut(&self.thinned(ring))).filter(|r| r.len() > 2).collect();
        (!rings.is_empty()).then_some(rings)
    }

    /// The pieces of lines that come into the picture.
    pub(crate) fn lines(&self, shape: &Shape) -> Vec<Vec<Point>> {
        if !self.meets(shape) {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        for part in &shape.parts {
            let mut piece: Vec<Point> = Vec::new();
            for pair in self.thinned(part).windows(2) {
                if self.near(pair[0], pair[1]) {
                    if piece.is_empty() {
                        piece.push(pair[0]);
                    }
                    piece.push(pair[1]);
                } else if !piece.is_empty() {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            if piece.len() > 1 {
                pieces.push(piece);
            }
        }
        pieces
    }

    fn meets(&self, shape: &Shape) -> bool {
        let [west, south, east, north] = shape.bounds;
        let ([left, top], [right, bottom]) = (self.at(west, north), self.at(east, south));
        right >= -BLEED && left <= self.width + BLEED && bottom >= -BLEED && top <= self.height + BLEED
    }

    /// Whether the box around a piece of line meets the picture.
    fn near(&self, [ax, ay]: Point, [bx, by]: Point) -> bool {
        ax.max(bx) >= -BLEED
            && ax.min(bx) <= self.width + BLEED
            && ay.max(by) >= -BLEED
            && ay.min(by) <= self.height + BLEED
    }

    /// On paper, without points that say nothing.
    fn thinned(&self, points: &[[f64; 2]]) -> Vec<Point> {
        let mut out: Vec<Point> = Vec::with_capacity(points.len());
        for (no, [lon, lat]) in points.iter().enumerate() {
            let at = self.at(*lon, *lat);
            let far = out.last().is_none_or(|last| (last[0] - at[0]).hypot(last[1] - at[1]) >= STEP);
            if far || no + 1 == points.len() {
                out.push(at);
            }
        }
        out
    }

    /// A ring cut to the picture with its bleed (Sutherland and Hodgman 1974).
    fn cut(&self, ring: &[Point]) -> Vec<Point> {
        let edges = [(0, -BLEED, 1.0), (0, self.width + BLEED, -1.0), (1, -BLEED, 1.0), (1, self.height + BLEED, -1.0)];
        let mut points = ring.to_vec();
        for (axis, limit, sign) in edges {
            let inside = |p: &Point| (p[axis] - limit) * sign >= 0.0;
            let mut next = Vec::with_capacity(points.len());
            for (no, point) in points.iter().enumerate() {
                let before = &points[(no + points.len() - 1) % points.len()];
                if inside(before) != inside(point) {
                    let along = (limit - before[axis]) / (point[axis] - before[axis]);
                    let mut crossing = [0.0; 2];
                    crossing[axis] = limit;
                    crossing[1 - axis] = before[1 - axis] + along * (point[1 - axis] - before[1 - axis]);
                    next.push(crossing);
                }
                if inside(point) {
                    next.push(*point);
                }
            }
            points = next;
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_and_the_scale_holds_in_the_middle() {
        let frame = Frame::around(6.5, 52.7, 10_000.0, 200.0, 200.0);
        let [x, y] = frame.at(6.5, 52.7);
        assert!((x - 100.0).abs() < 1e-3 && (y - 100.0).abs() < 1e-3);
        assert!(frame.at(6.5, 52.8)[1] < y && frame.at(6.6, 52.7)[0] > x);
        // Ten kilometres north of the middle is the upper edge.
        let [_, top] = frame.at(6.5, 52.7 + (10_000.0 / model::EARTH_RADIUS_M).to_degrees());
        assert!(top.abs() < 0.2, "{top}");
        let (metres, length) = frame.scale_bar(0.3);
        assert!((metres - 5_000.0).abs() < 1e-9);
        assert!((f64::from(length) - 50.0).abs() < 0.1, "{length}");
    }

    #[test]
    fn what_is_cut_lies_within_the_bleed_and_what_is_outside_is_gone() {
        let frame = Frame::fitting([6.0, 52.0, 7.0, 53.0], 300.0, 400.0);
        let shape = |west: f64, east: f64| {
            Shape::new(vec![vec![[west, 50.0], [east, 50.0], [east, 55.0], [west, 55.0], [west, 50.0]]])
        };
        let rings = frame.area(&shape(0.0, 20.0)).unwrap();
        for [x, y] in rings.concat() {
            assert!((-BLEED..=frame.width + BLEED).contains(&x) && (-BLEED..=frame.height + BLEED).contains(&y));
        }
        assert!(frame.area(&shape(20.0, 30.0)).is_none());
    }
}
