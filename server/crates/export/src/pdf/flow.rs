//! What comes next on the page, and a new page when there is no room.

use crate::drawing::{Anchor, Drawing, Item, Rgb};
use crate::error::ExportError;
use crate::typeface::{Ruler, Typefaces};

/// A4 in points.
pub(super) const PAGE: [f32; 2] = [595.28, 841.89];
pub(super) const LEFT: f32 = 48.0;
pub(super) const RIGHT: f32 = PAGE[0] - 48.0;
const TOP: f32 = 54.0;
const BOTTOM: f32 = PAGE[1] - 50.0;
/// Height of a line as a multiple of the size of its letters.
const LEADING: f32 = 1.36;

pub(super) const INK: Rgb = Rgb(0x16, 0x19, 0x1f);
pub(super) const SOFT: Rgb = Rgb(0x4a, 0x51, 0x5d);
pub(super) const FAINT: Rgb = Rgb(0x69, 0x71, 0x7e);
pub(super) const LINE: Rgb = Rgb(0xd9, 0xdd, 0xe4);

/// A heading: its text, the page it stands on from 0, and how far down.
pub(super) type Heading = (String, usize, f32);

/// Pages in the making.
pub(super) struct Flow<'a> {
    regular: Ruler<'a>,
    semibold: Ruler<'a>,
    pages: Vec<Drawing>,
    page: Drawing,
    headings: Vec<Heading>,
    y: f32,
}

impl<'a> Flow<'a> {
    pub(super) fn new(faces: &'a Typefaces) -> Result<Self, ExportError> {
        Ok(Self {
            regular: faces.ruler(false).ok_or(ExportError::Typeface)?,
            semibold: faces.ruler(true).ok_or(ExportError::Typeface)?,
            pages: Vec::new(),
            page: Drawing::new(PAGE[0], PAGE[1]),
            headings: Vec::new(),
            y: TOP,
        })
    }

    pub(super) fn finish(mut self) -> (Vec<Drawing>, Vec<Heading>) {
        self.pages.push(self.page);
        (self.pages, self.headings)
    }

    pub(super) fn y(&self) -> f32 {
        self.y
    }

    pub(super) fn go_to(&mut self, y: f32) {
        self.y = y;
    }

    pub(super) fn skip(&mut self, by: f32) {
        self.y += by;
    }

    /// Begins a page when there is less room than this; says whether it did.
    pub(super) fn needs(&mut self, height: f32) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        let full = std::mem::replace(&mut self.page, Drawing::new(PAGE[0], PAGE[1]));
        self.pages.push(full);
        self.y = TOP;
        true
    }

    pub(super) fn item(&mut self, item: Item) {
        self.page.items.push(item);
    }

    /// Puts a picture here; the place to go on stays.
    pub(super) fn picture(&mut self, left: f32, picture: Drawing) {
        let at = [left, self.y];
        self.item(Item::Picture { at, picture });
    }

    pub(super) fn rule(&mut self) {
        let y = self.y;
        self.page.line(vec![[LEFT, y], [RIGHT, y]], LINE, 0.6);
    }

    fn ruler(&self, bold: bool) -> &Ruler<'a> {
        if bold { &self.semibold } else { &self.regular }
    }

    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        self.regular.width(text, size)
    }

    pub(super) fn bold_width(&self, text: &str, size: f32) -> f32 {
        self.semibold.width(text, size)
    }

    pub(super) fn fitted(&self, text: &str, size: f32, bold: bool, width: f32) -> String {
        self.ruler(bold).fitted(text, size, width)
    }

    /// Text in as many lines as it takes, over pages if need be.
    pub(super) fn text(&mut self, left: f32, width: f32, size: f32, bold: bool, color: Rgb, text: &str) {
        for line in self.ruler(bold).lines(text, size, width) {
            self.line(left, size, bold, color, line);
        }
    }

    /// Text in at most so many lines; what does not fit is left out and marked.
    pub(super) fn text_at_most(&mut self, left: f32, width: f32, size: f32, color: Rgb, text: &str, most: usize) {
        let mut lines = self.regular.lines(text, size, width);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.regular.fitted(&format!("{last} …………"), size, width);
            }
        }
        for line in lines {
            self.line(left, size, false, color, line);
        }
    }

    fn line(&mut self, left: f32, size: f32, bold: bool, color: Rgb, text: String) {
        self.needs(size * LEADING);
        let base = self.y + size * 0.98;
        self.item(Item::Text { at: [left, base], size, anchor: Anchor::Start, bold, color, text });
        self.y += size * LEADING;
    }

    /// A heading that stays with at least so much of what follows.
    pub(super) fn heading(&mut self, text: &str, with: f32) {
        self.skip(18.0);
        if self.needs(24.0 + with) {
            self.skip(4.0);
        }
        self.headings.push((text.to_owned(), self.pages.len(), self.y - 6.0));
        self.line(LEFT, 13.0, true, INK, text.to_owned());
        self.skip(5.0);
    }

    /// Text on a coloured ground.
    pub(super) fn boxed(&mut self, size: f32, bold: bool, color: Rgb, ground: Rgb, text: &str) {
        let width = RIGHT - LEFT - 16.0;
        let lines = self.ruler(bold).lines(text, size, width);
        let height = lines.len() as f32 * size * LEADING + 9.0;
        self.needs(height);
        let top = self.y;
        self.page.rectangle([LEFT, top], RIGHT - LEFT, height, ground, 1.0);
        self.y += 4.5;
        for line in lines {
            self.line(LEFT + 8.0, size, bold, color, line);
        }
        self.y = top + height;
    }

    pub(super) fn bullet(&mut self, size: f32, text: &str) {
        self.needs(size * LEADING);
        let at = [LEFT + 4.0, self.y + size * 0.66];
        self.item(Item::Circle { at, radius: 1.3, fill: Some(SOFT), opacity: 1.0, line: None });
        self.text(LEFT + 12.0, RIGHT - LEFT - 12.0, size, false, INK, text);
        self.skip(2.0);
    }

    /// A name with its value beside it.
    pub(super) fn pair(&mut self, left: f32, width: f32, indent: f32, name: &str, value: &str) {
        let size = 8.5;
        self.needs(size * LEADING);
        let base = self.y + size * 0.98;
        let name = self.regular.fitted(name, size, indent - 6.0);
        let at = [left, base];
        self.item(Item::Text { at, size, anchor: Anchor::Start, bold: false, color: FAINT, text: name });
        self.text(left + indent, width - indent, size, false, INK, value);
        self.skip(1.5);
    }
}
