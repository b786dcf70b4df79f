//! A picture onto a page of the PDF.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point as At, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

use crate::drawing::{Anchor, Drawing, Item, Point, Rgb};
use crate::typeface::Typefaces;

/// Circles by four cubic curves: this far along the tangent lies the control point, as a share of the radius.
const KAPPA: f32 = 0.552_285;
const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);

/// Paints everything; `on_map` gives dark words a light ground to be read on.
pub(super) fn drawing(surface: &mut Surface<'_>, drawing: &Drawing, at: Point, faces: &Typefaces, on_map: bool) {
    surface.push_transform(&Transform::from_translate(at[0], at[1]));
    for item in &drawing.items {
        paint(surface, item, faces, on_map);
    }
    surface.pop();
}

fn paint(surface: &mut Surface<'_>, item: &Item, faces: &Typefaces, on_map: bool) {
    match item {
        Item::Area { rings, fill, opacity, line } => {
            let mut path = PathBuilder::new();
            for ring in rings {
                trace(&mut path, ring);
                path.close();
            }
            stroke_and_fill(surface, path, fill.map(|fill| (fill, *opacity)), *line);
        }
        Item::Line { points, color, width } => {
            let mut path = PathBuilder::new();
            trace(&mut path, points);
            stroke_and_fill(surface, path, None, Some((*color, *width)));
        }
        Item::Circle { at, radius, fill, opacity, line } => {
            stroke_and_fill(surface, circle(*at, *radius), fill.map(|fill| (fill, *opacity)), *line);
        }
        Item::Text { at, size, anchor, bold, color, text } => {
            let width = faces.ruler(*bold).map_or(0.0, |ruler| ruler.width(text, *size));
            let left = match anchor {
                Anchor::Start => at[0],
                Anchor::Middle => at[0] - width / 2.0,
                Anchor::End => at[0] - width,
            };
            if on_map && *color != WHITE {
                let mut path = PathBuilder::new();
                if let Some(ground) = Rect::from_xywh(left - 0.8, at[1] - size * 0.8, width + 1.6, size * 1.05) {
                    path.push_rect(ground);
                }
                stroke_and_fill(surface, path, Some((WHITE, 0.55)), None);
            }
            surface.set_stroke(None);
            surface.set_fill(Some(filled(*color, 1.0)));
            surface.draw_text(At::from_xy(left, at[1]), faces.font(*bold), *size, text, false, TextDirection::Auto);
        }
        Item::Picture { at, picture } => {
            let mut edge = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(at[0], at[1], picture.width, picture.height) {
                edge.push_rect(rect);
            }
            let Some(edge) = edge.finish() else { return };
            surface.push_clip_path(&edge, &FillRule::NonZero);
            drawing(surface, picture, *at, faces, true);
            surface.pop();
        }
    }
}

fn trace(path: &mut PathBuilder, points: &[Point]) {
    for (at, [x, y]) in points.iter().enumerate() {
        if at == 0 {
            path.move_to(*x, *y);
        } else {
            path.line_to(*x, *y);
        }
    }
}

fn circle([x, y]: Point, r: f32) -> PathBuilder {
    let k = r * KAPPA;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
    path
}

fn stroke_and_fill(surface: &mut Surface<'_>, path: PathBuilder, fill: Option<(Rgb, f32)>, line: Option<(Rgb, f32)>) {
    let Some(path) = path.finish() else { return };
    surface.set_fill(fill.map(|(color, opacity)| filled(color, opacity)));
    surface.set_stroke(line.map(|(color, width)| Stroke {
        paint: ink(color).into(),
        width,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }));
    surface.draw_path(&path);
}

fn filled(color: Rgb, opacity: f32) -> Fill {
    Fill {
        paint: ink(color).into(),
        opacity: NormalizedF32::new(opacity.clamp(0.0, 1.0)).unwrap_or(NormalizedF32::ONE),
        rule: FillRule::EvenOdd,
    }
}

fn ink(Rgb(red, green, blue): Rgb) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}
