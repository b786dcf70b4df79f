//! How many parts a ZIP archive states to have, before its list of them is read into memory.

use std::io::{self, Read, Seek, SeekFrom};

const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
/// The end record, with the longest comment, and the records of ZIP64 before it.
const TAIL_BYTES: u64 = 22 + 65_535 + 20 + 56;

/// The number that the end of the archive states; `None` where there is no end to be found.
pub(crate) fn stated_entries<R: Read + Seek>(file: &mut R) -> io::Result<Option<u64>> {
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    let number = |at: usize, len: usize| {
        let bytes = tail.get(at..at + len)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    };
    let Some(end) = memchr::memmem::rfind(&tail, END) else {
        return Ok(None);
    };
    let stated = number(end + 10, 2);
    if stated == Some(0xFFFF)
        && let Some(end_64) = memchr::memmem::rfind(&tail[..end], END_64)
    {
        return Ok(number(end_64 + 32, 8));
    }
    Ok(stated)
}
