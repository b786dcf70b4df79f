//! A picture of shapes and words that becomes SVG in the HTML report and vectors in the PDF.

use crate::xml::Xml;

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Rgb {
    fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Points of paper: across, down.
pub(crate) type Point = [f32; 2];

/// Which part of a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One thing drawn.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// Rings filled by the even–odd rule.
    Area { rings: Vec<Vec<Point>>, fill: Option<Rgb>, opacity: f32, line: Option<(Rgb, f32)> },
    /// A line.
    Line { points: Vec<Point>, color: Rgb, width: f32 },
    /// A circle.
    Circle { at: Point, radius: f32, fill: Option<Rgb>, opacity: f32, line: Option<(Rgb, f32)> },
    /// A line of text on its baseline.
    Text { at: Point, size: f32, anchor: Anchor, bold: bool, color: Rgb, text: String },
    /// Another picture within this one, cut off at its edges.
    Picture { at: Point, picture: Drawing },
}

/// A picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawing {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
}

impl Drawing {
    pub(crate) fn new(width: f32, height: f32) -> Self {
        Self { width, height, items: Vec::new() }
    }

    /// A filled rectangle.
    pub(crate) fn rectangle(&mut self, [left, top]: Point, width: f32, height: f32, fill: Rgb, opacity: f32) {
        let (right, bottom) = (left + width, top + height);
        let ring = vec![[left, top], [right, top], [right, bottom], [left, bottom]];
        self.items.push(Item::Area { rings: vec![ring], fill: Some(fill), opacity, line: None });
    }

    pub(crate) fn text(
        &mut self,
        at: Point,
        size: f32,
        anchor: Anchor,
        bold: bool,
        color: Rgb,
        text: impl Into<String>,
    ) {
        self.items.push(Item::Text { at, size, anchor, bold, color, text: text.into() });
    }

    pub(crate) fn line(&mut self, points: Vec<Point>, color: Rgb, width: f32) {
        self.items.push(Item::Line { points, color, width });
    }

    /// As inline SVG; `name` is what a screen reader says of it.
    pub(crate) fn svg(&self, xml: &mut Xml, class: &str, name: &str) {
        let view = format!("0 0 {} {}", short(self.width), short(self.height));
        xml.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("class", class),
                ("viewBox", &view),
                ("width", &short(self.width)),
                ("height", &short(self.height)),
                ("role", "img"),
                ("aria-label", name),
            ],
        );
        for item in &self.items {
            item.svg(xml);
        }
        xml.close();
    }
}

impl Item {
    fn svg(&self, xml: &mut Xml) {
        match self {
            Self::Area { rings, fill, opacity, line } => {
                let mut path = String::new();
                for ring in rings {
                    outline(&mut path, ring);
                    path.push('Z');
                }
                let (stroke, width) = stroke(*line);
                xml.empty(
                    "path",
                    &[
                        ("d", &path),
                        ("fill", &fill.map_or_else(|| "none".to_owned(), Rgb::css)),
                        ("fill-rule", "evenodd"),
                        ("fill-opacity", &short2(*opacity)),
                        ("stroke", &stroke),
                        ("stroke-width", &width),
                        ("stroke-linejoin", "round"),
                    ],
                );
            }
            Self::Line { points, color, width } => {
                let mut path = String::new();
                outline(&mut path, points);
                xml.empty(
                    "path",
                    &[
                        ("d", &path),
                        ("fill", "none"),
                        ("stroke", &color.css()),
                        ("stroke-width", &short2(*width)),
                        ("stroke-linejoin", "round"),
                        ("stroke-linecap", "round"),
                    ],
                );
            }
            Self::Circle { at, radius, fill, opacity, line } => {
                let (stroke, width) = stroke(*line);
                xml.empty(
                    "circle",
                    &[
                        ("cx", &short(at[0])),
                        ("cy", &short(at[1])),
                        ("r", &short(*radius)),
                        ("fill", &fill.map_or_else(|| "none".to_owned(), Rgb::css)),
                        ("fill-opacity", &short2(*opacity)),
                        ("stroke", &stroke),
                        ("stroke-width", &width),
                    ],
                );
            }
            Self::Text { at, size, anchor, bold, color, text } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                xml.leaf(
                    "text",
                    &[
                        ("x", &short(at[0])),
                        ("y", &short(at[1])),
                        ("font-size", &short(*size)),
                        ("font-weight", if *bold { "600" } else { "400" }),
                        ("text-anchor", anchor),
                        ("fill", &color.css()),
                    ],
                    text,
                );
            }
            Self::Picture { at, picture } => {
                xml.open(
                    "svg",
                    &[
                        ("x", &short(at[0])),
                        ("y", &short(at[1])),
                        ("width", &short(picture.width)),
                        ("height", &short(picture.height)),
                    ],
                );
                for item in &picture.items {
                    item.svg(xml);
                }
                xml.close();
            }
        }
    }
}

fn stroke(line: Option<(Rgb, f32)>) -> (String, String) {
    line.map_or_else(|| ("none".to_owned(), "0".to_owned()), |(color, width)| (color.css(), short2(width)))
}

/// The points of a path, in tenths.
fn outline(path: &mut String, points: &[Point]) {
    for (at, [x, y]) in points.iter().enumerate() {
        path.push(if at == 0 { 'M' } else { 'L' });
        path.push_str(&short(*x));
        path.push(' ');
        path.push_str(&short(*y));
    }
}

/// A number with at most one decimal.
fn short(number: f32) -> String {
    ((number * 10.0).round() / 10.0).to_string()
}

/// A number with at most two decimals.
fn short2(number: f32) -> String {
    ((number * 100.0).round() / 100.0).to_string()
}
