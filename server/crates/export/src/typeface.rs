//! The typefaces of the PDF: their bytes, and how wide a text runs.

use std::sync::Arc;

use krilla::text::Font;

use crate::error::ExportError;

/// Regular and semibold.
#[derive(Clone)]
pub struct Typefaces {
    regular: Typeface,
    semibold: Typeface,
}

#[derive(Clone)]
struct Typeface {
    bytes: Arc<Vec<u8>>,
    font: Font,
}

impl Typefaces {
    /// Takes two TrueType files.
    ///
    /// # Errors
    /// When one is no font.
    pub fn new(regular: Vec<u8>, semibold: Vec<u8>) -> Result<Self, ExportError> {
        Ok(Self { regular: Typeface::new(regular)?, semibold: Typeface::new(semibold)? })
    }

    pub(crate) fn font(&self, bold: bool) -> Font {
        self.of(bold).font.clone()
    }

    fn of(&self, bold: bool) -> &Typeface {
        if bold { &self.semibold } else { &self.regular }
    }

    /// A ruler for texts of one weight.
    pub(crate) fn ruler(&self, bold: bool) -> Option<Ruler<'_>> {
        ttf_parser::Face::parse(&self.of(bold).bytes, 0).ok().map(Ruler)
    }
}

impl Typeface {
    fn new(bytes: Vec<u8>) -> Result<Self, ExportError> {
        ttf_parser::Face::parse(&bytes, 0).map_err(|_| ExportError::Typeface)?;
        let bytes = Arc::new(bytes);
        let font = Font::new(bytes.as_ref().clone().into(), 0).ok_or(ExportError::Typeface)?;
        Ok(Self { bytes, font })
    }
}

/// Measures texts. Kerning is left out: it changes a line by less than the room beside it.
pub(crate) struct Ruler<'a>(ttf_parser::Face<'a>);

impl Ruler<'_> {
    /// How wide the text runs at this size.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let units: u32 = text
            .chars()
            .map(|c| {
                let glyph = self.0.glyph_index(c).unwrap_or_default();
                u32::from(self.0.glyph_hor_advance(glyph).unwrap_or(0))
            })
            .sum();
        units as f32 * size / f32::from(self.0.units_per_em())
    }

    /// The text in lines no wider than this: broken at spaces, and within a word that is wider by itself.
    pub(crate) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(c);
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// The text cut with an ellipsis to fit.
    pub(crate) fn fitted(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let room = width - self.width("…", size);
        let mut used = 0.0;
        let mut short = String::new();
        for c in text.chars() {
            used += self.width(c.encode_utf8(&mut [0; 4]), size);
            if used > room {
                break;
            }
            short.push(c);
        }
        short.push('…');
        short
    }
}
