//! The picture of the list on a map: outlines and water, the ranked places as circles, scale, north.
//!
//! Mercator's projection, as on the screen: angles are right, and the scale holds at the middle of the picture.

mod frame;
mod labels;
mod shapes;

use model::api::{Hotspot, HotspotClass};

use crate::drawing::{Anchor, Drawing, Item, Rgb};
use crate::words::Language;
use frame::Frame;
use labels::Labels;
pub use shapes::{ShapeSources, Shapes};

pub(crate) const WATER: Rgb = Rgb(0xd3, 0xe2, 0xec);
const LAND: Rgb = Rgb(0xf7, 0xf6, 0xf2);
const RIVER: Rgb = Rgb(0xb9, 0xd0, 0xdf);
const MUNICIPALITY: Rgb = Rgb(0xd9, 0xd6, 0xce);
const PROVINCE: Rgb = Rgb(0x9c, 0xa0, 0xa8);
const BORDER: Rgb = Rgb(0x6d, 0x73, 0x7e);
const INK: Rgb = Rgb(0x16, 0x19, 0x1f);
const FAINT: Rgb = Rgb(0x69, 0x71, 0x7e);
const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);

/// West, south, east, north of the Netherlands: what a picture shows when nothing else is asked.
const NETHERLANDS: [f64; 4] = [3.3, 50.72, 7.25, 53.6];
/// Radius of the greatest circle.
const GREATEST: f32 = 17.0;
/// Radius of the least: still to be seen.
const LEAST: f32 = 2.6;
/// Places that get their names on the overview; the rest have their rank in the list.
const NAMED: usize = 15;

/// A picture wider than this is of the country: without municipalities and lesser towns.
const COUNTRYWIDE_KM: f64 = 160.0;
/// Names on the overview, towns for one's bearings among them.
const NAMES: usize = 32;

/// The colour of a class, as on the screen.
pub(crate) fn color(class: HotspotClass) -> Rgb {
    match class {
        HotspotClass::New => Rgb(0x6a, 0x3f, 0xc4),
        HotspotClass::Rising => Rgb(0xb2, 0x43, 0x1f),
        HotspotClass::Falling => Rgb(0x11, 0x70, 0x6a),
        HotspotClass::Steady | HotspotClass::Unknown => FAINT,
    }
}

/// A picture with how many places of the list lie outside it.
pub(crate) struct Overview {
    pub(crate) drawing: Drawing,
    pub(crate) outside: usize,
    /// Conversations of the greatest circle.
    pub(crate) greatest: u64,
}

/// Radius of the circle of a place: its area goes by conversations.
pub(crate) fn radius(conversations: u64, greatest: u64) -> f32 {
    let share = conversations as f32 / greatest.max(1) as f32;
    (GREATEST * share.sqrt()).max(LEAST)
}

/// The whole list; `focus` is what is to be seen whole (west, south, east, north), or else the list itself.
pub(crate) fn overview(
    shapes: &Shapes,
    hotspots: &[Hotspot],
    focus: Option<[f64; 4]>,
    size: (f32, f32),
    language: Language,
) -> Overview {
    let frame = Frame::fitting(focus.unwrap_or_else(|| extent(hotspots)), size.0, size.1);
    let mut drawing = ground(shapes, &frame, true);
    let shown: Vec<&Hotspot> = hotspots.iter().filter(|hotspot| frame.holds(hotspot.lon, hotspot.lat)).collect();
    let greatest = shown.iter().map(|hotspot| hotspot.counts.conversations).max().unwrap_or(0);
    let mut labels = Labels::new(&frame);
    // The greatest first, so that small ones lie on top and stay to be seen.
    let mut by_size = shown.clone();
    by_size.sort_by_key(|hotspot| (std::cmp::Reverse(hotspot.counts.conversations), hotspot.rank));
    for hotspot in &by_size {
        let at = frame.at(hotspot.lon, hotspot.lat);
        let r = radius(hotspot.counts.conversations, greatest);
        let fill = color(hotspot.class);
        drawing.items.push(Item::Circle { at, radius: r, fill: Some(fill), opacity: 0.8, line: Some((WHITE, 0.8)) });
        labels.keep_clear(at, r);
        // With its circle, so that a smaller one on top covers both and no two numbers stand over each other.
        if r > 6.5 {
            drawing.text([at[0], at[1] + 2.7], 7.5, Anchor::Middle, true, WHITE, hotspot.rank.to_string());
        }
    }
    for hotspot in shown.iter().take(NAMED) {
        let at = frame.at(hotspot.lon, hotspot.lat);
        let r = radius(hotspot.counts.conversations, greatest);
        labels.beside(&mut drawing, at, r, 8.2, true, INK, &hotspot.name);
    }
    let least_rank = if frame.km_across() > COUNTRYWIDE_KM { 2 } else { 3 };
    for label in shapes.towns(least_rank) {
        if labels.count() >= NAMES {
            break;
        }
        if frame.holds(label.at[0], label.at[1]) && !shown.iter().any(|hotspot| hotspot.name == label.name) {
            let at = frame.at(label.at[0], label.at[1]);
            if labels.beside(&mut drawing, at, 1.2, 7.0, false, FAINT, &label.name) {
                drawing.items.push(Item::Circle { at, radius: 1.0, fill: Some(FAINT), opacity: 1.0, line: None });
            }
        }
    }
    furniture(&mut drawing, &frame, language, true);
    Overview { drawing, outside: hotspots.len() - shown.len(), greatest }
}

/// The surroundings of one place, with its extent as a ring; the other places of the list are small.
pub(crate) fn surroundings(
    shapes: &Shapes,
    hotspot: &Hotspot,
    others: &[Hotspot],
    side: f32,
    language: Language,
) -> Drawing {
    let radius_m = f64::from(hotspot.radius_m);
    let frame = Frame::around(hotspot.lon, hotspot.lat, (radius_m * 2.2).clamp(8_000.0, 200_000.0), side, side);
    let mut drawing = ground(shapes, &frame, false);
    let mut labels = Labels::new(&frame);
    let at = frame.at(hotspot.lon, hotspot.lat);
    let tint = color(hotspot.class);
    let extent = (radius_m * frame.points_a_metre(hotspot.lat)) as f32;
    drawing.items.push(Item::Circle { at, radius: extent, fill: Some(tint), opacity: 0.16, line: Some((tint, 0.8)) });
    for other in others.iter().filter(|other| other.rank != hotspot.rank && frame.holds(other.lon, other.lat)) {
        let at = frame.at(other.lon, other.lat);
        drawing.items.push(Item::Circle {
            at,
            radius: 2.0,
            fill: Some(color(other.class)),
            opacity: 0.6,
            line: Some((WHITE, 0.5)),
        });
        labels.keep_clear(at, 2.0);
    }
    drawing.items.push(Item::Circle { at, radius: 3.6, fill: Some(tint), opacity: 1.0, line: Some((WHITE, 1.0)) });
    labels.keep_clear(at, 3.6);
    labels.beside(&mut drawing, at, 3.6, 7.2, true, INK, &hotspot.name);
    for label in shapes.towns(6).filter(|label| label.name != hotspot.name) {
        if labels.count() > 5 {
            break;
        }
        if frame.holds(label.at[0], label.at[1]) {
            labels.beside(&mut drawing, frame.at(label.at[0], label.at[1]), 0.5, 6.0, false, FAINT, &label.name);
        }
    }
    furniture(&mut drawing, &frame, language, false);
    drawing
}

/// Land, water and borders.
fn ground(shapes: &Shapes, frame: &Frame, overview: bool) -> Drawing {
    let mut drawing = Drawing::new(frame.width, frame.height);
    drawing.rectangle([0.0, 0.0], frame.width, frame.height, WATER, 1.0);
    let area = |rings, fill, line| Item::Area { rings, fill, opacity: 1.0, line };
    for land in &shapes.land {
        drawing.items.extend(frame.area(land).map(|rings| area(rings, Some(LAND), None)));
    }
    for water in &shapes.water {
        drawing.items.extend(frame.area(water).map(|rings| area(rings, Some(WATER), None)));
    }
    for river in &shapes.rivers {
        drawing.items.extend(frame.lines(river).into_iter().map(|points| Item::Line {
            points,
            color: RIVER,
            width: 0.9,
        }));
    }
    // On a map of the whole country municipalities would be a net over everything.
    if !overview || frame.km_across() < COUNTRYWIDE_KM {
        for region in &shapes.municipalities {
            drawing.items.extend(frame.area(region).map(|rings| area(rings, None, Some((MUNICIPALITY, 0.45)))));
        }
    }
    for region in &shapes.provinces {
        drawing.items.extend(frame.area(region).map(|rings| area(rings, None, Some((PROVINCE, 0.7)))));
    }
    for border in &shapes.borders {
        drawing.items.extend(frame.lines(border).into_iter().map(|points| Item::Line {
            points,
            color: BORDER,
            width: 0.9,
        }));
    }
    drawing
}

/// Scale bar, north, and a frame.
fn furniture(drawing: &mut Drawing, frame: &Frame, language: Language, north: bool) {
    let (metres, length) = frame.scale_bar(if north { 0.25 } else { 0.4 });
    let said = if metres >= 1000.0 {
        format!("{} km", language.whole((metres / 1000.0) as u64))
    } else {
        format!("{} m", language.whole(metres as u64))
    };
    let (left, base) = (8.0, frame.height - 8.0);
    drawing.rectangle([left - 4.0, base - 13.0], length + 8.0, 17.0, WHITE, 0.8);
    let bar = vec![[left, base - 3.0], [left, base], [left + length, base], [left + length, base - 3.0]];
    drawing.line(bar, INK, 0.9);
    drawing.text([left + length / 2.0, base - 4.5], 6.5, Anchor::Middle, false, INK, said);
    if north {
        let (x, y) = (frame.width - 14.0, 12.0);
        drawing.rectangle([x - 8.0, y - 7.0], 16.0, 29.0, WHITE, 0.8);
        let arrow = vec![[x, y - 4.0], [x + 4.0, y + 8.0], [x, y + 5.0], [x - 4.0, y + 8.0]];
        drawing.items.push(Item::Area { rings: vec![arrow], fill: Some(INK), opacity: 1.0, line: None });
        drawing.text([x, y + 18.0], 8.0, Anchor::Middle, true, INK, "N");
    }
    let edge = vec![vec![[0.0, 0.0], [frame.width, 0.0], [frame.width, frame.height], [0.0, frame.height]]];
    drawing.items.push(Item::Area { rings: edge, fill: None, opacity: 1.0, line: Some((PROVINCE, 1.0)) });
}

/// Where the list lies, with some room; far-off places do not shrink the rest to a dot.
fn extent(hotspots: &[Hotspot]) -> [f64; 4] {
    let [west, south, east, north] = NETHERLANDS;
    let near: Vec<_> = hotspots
        .iter()
        .filter(|h| (west - 0.5..=east + 0.5).contains(&h.lon) && (south - 0.5..=north + 0.5).contains(&h.lat))
        .collect();
    let Some(first) = near.first() else { return NETHERLANDS };
    let room = 0.12;
    let mut bounds = [first.lon - room, first.lat - room, first.lon + room, first.lat + room];
    for h in near {
        bounds = [
            bounds[0].min(h.lon - room),
            bounds[1].min(h.lat - room),
            bounds[2].max(h.lon + room),
            bounds[3].max(h.lat + room),
        ];
    }
    bounds
}
