//! An index as bytes, and back: so that a start does not have to read every mention from the store.
//!
//! Only what is made of mentions is in it. Places, regions and coverage come from where they are kept; the places must be the
//! same ones in the same order. Whoever keeps the bytes guards them by a checksum; what is wrong in spite of one is refused here,
//! so that no bytes whatever make an index that a question could trip over.

use std::io::{self, Write};
use std::sync::Arc;

use model::Place;

use crate::column::Input;
use crate::index::Index;
use crate::regions::Regions;
use crate::segment::Segment;

/// Changes with every change of the layout: older bytes are no snapshot then.
const LAYOUT: u32 = 2;

impl Index {
    /// Writes the index; in many small pieces, so `out` should gather them.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_snapshot(&self, out: &mut impl Write) -> io::Result<()> {
        let mut number = |number: u32| out.write_all(&number.to_le_bytes());
        number(LAYOUT)?;
        number(self.places.len() as u32)?;
        self.places.numbers().iter().try_for_each(|place_no| number(*place_no))?;
        number(self.origins.len() as u32)?;
        for (case_no, source_no) in self.origins.iter() {
            number((u32::from(*case_no) << 16) | u32::from(*source_no))?;
        }
        number(self.segments.len() as u32)?;
        self.segments.iter().try_for_each(|segment| segment.write(out))
    }

    /// The index that these bytes were written from, with these places, of which the first must be those it was written with;
    /// without coverage. `None` when the bytes are not exactly such an index.
    pub fn read_snapshot(bytes: &[u8], regions: Arc<Regions>, places: Vec<(u32, Place)>) -> Option<Self> {
        let input = &mut Input(bytes);
        if input.u32()? != LAYOUT {
            return None;
        }
        let mut index = Self::new(regions).append(places, &[]).ok()?;
        let count = input.u32()? as usize;
        if input.u32s(count)? != *index.places.numbers().get(..count)? {
            return None;
        }
        let count = input.u32()? as usize;
        let origins = input.u32s(count)?;
        index.origins = Arc::new(origins.iter().map(|pair| ((pair >> 16) as u16, (pair & 0xFFFF) as u16)).collect());
        let slots = index.places.len();
        let mut segments = Vec::new();
        for _ in 0..input.u32()? {
            segments.push(Segment::read(input, slots, count)?);
        }
        input.0.is_empty().then(|| index.with_segments(segments))
    }

    /// How many mentions there are, and the sum of the numbers of their messages (modulo 2⁶⁴): what the store must hold, too.
    pub fn sums(&self) -> (u64, u64) {
        let sum = self.segments.iter().fold(0_u64, |sum, segment| sum.wrapping_add(segment.message_sum()));
        (self.len() as u64, sum)
    }
}
