//! Names beside their points, none over another.

use crate::drawing::{Anchor, Drawing, Point, Rgb};

use super::frame::Frame;

/// Width of a letter as a share of its size: on the wide side, so that names keep apart in any typeface.
const LETTER: f32 = 0.56;

/// Where something is already: left, top, right, bottom.
type Taken = [f32; 4];

/// Names that were put down, and what they keep clear of.
pub(super) struct Labels {
    width: f32,
    height: f32,
    taken: Vec<Taken>,
    put: usize,
}

impl Labels {
    pub(super) fn new(frame: &Frame) -> Self {
        // Scale bar and north arrow.
        let bar = [0.0, frame.height - 26.0, frame.width * 0.3, frame.height];
        let north = [frame.width - 24.0, 0.0, frame.width, 38.0];
        Self { width: frame.width, height: frame.height, taken: vec![bar, north], put: 0 }
    }

    /// Keeps names off a circle.
    pub(super) fn keep_clear(&mut self, [x, y]: Point, radius: f32) {
        let r = radius * 0.8;
        self.taken.push([x - r, y - r, x + r, y + r]);
    }

    /// How many names were put down.
    pub(super) fn count(&self) -> usize {
        self.put
    }

    /// Puts a name to the right of its point, to the left, below or above, wherever there is room first; says whether there was.
    #[allow(clippy::too_many_arguments, reason = "a label is that many things")]
    pub(super) fn beside(
        &mut self,
        drawing: &mut Drawing,
        [x, y]: Point,
        radius: f32,
        size: f32,
        bold: bool,
        color: Rgb,
        name: &str,
    ) -> bool {
        let width = name.chars().count() as f32 * size * LETTER;
        let gap = radius + 2.0;
        let places = [
            (Anchor::Start, x + gap, y + size * 0.35),
            (Anchor::End, x - gap, y + size * 0.35),
            (Anchor::Middle, x, y + gap + size * 0.8),
            (Anchor::Middle, x, y - gap - size * 0.2),
        ];
        for (anchor, at_x, base) in places {
            let left = match anchor {
                Anchor::Start => at_x,
                Anchor::Middle => at_x - width / 2.0,
                Anchor::End => at_x - width,
            };
            let wanted = [left - 1.0, base - size * 0.8, left + width + 1.0, base + size * 0.25];
            let inside =
                wanted[0] >= 2.0 && wanted[2] <= self.width - 2.0 && wanted[1] >= 2.0 && wanted[3] <= self.height - 2.0;
            if inside && !self.taken.iter().any(|taken| overlap(taken, &wanted)) {
                self.taken.push(wanted);
                self.put += 1;
                drawing.text([at_x, base], size, anchor, bold, color, name);
                return true;
            }
        }
        false
    }
}

fn overlap(a: &Taken, b: &Taken) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
