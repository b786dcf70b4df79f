//! Read-only memory maps of files that are replaced by renaming and never changed in place.
//!
//! The one place of the product with unsafe code, kept apart so that it can be read in a minute. Never here: anything that
//! looks into the bytes.

use std::fs::File;
use std::io::Result;
use std::path::Path;

/// A file as bytes. Only the pages that are looked at take memory, and the system may drop them again.
#[derive(Debug)]
pub struct Mapped(memmap2::Mmap);

/// Maps a file.
///
/// # Errors
/// When it cannot be opened or mapped.
pub fn open(path: &Path) -> Result<Mapped> {
    let file = File::open(path)?;
    #[expect(unsafe_code, reason = "a memory map cannot be had without; see the safety comment")]
    // SAFETY: the bytes behind a map must not change while it lives. The files mapped here are written under another name,
    // synced, and renamed into place (`gazetteer import`): a later import puts another file in their place and leaves the mapped
    // one, which lives on until it is unmapped, as it is. Nothing of the product opens them for writing, and the data directory is
    // its owner's alone.
    let map = unsafe { memmap2::Mmap::map(&file)? };
    Ok(Mapped(map))
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn a_map_keeps_its_bytes_when_the_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"first").unwrap();
        let map = open(&path).unwrap();
        std::fs::write(folder.path().join("b"), b"second").unwrap();
        std::fs::rename(folder.path().join("b"), &path).unwrap();
        assert_eq!(map.as_ref(), b"first");
        assert_eq!(open(&path).unwrap().as_ref(), b"second");
    }

    #[test]
    fn an_empty_file_is_no_bytes_and_a_missing_one_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("empty"), b"").unwrap();
        assert_eq!(open(&folder.path().join("empty")).unwrap().as_ref(), b"");
        assert!(open(&folder.path().join("none")).is_err());
    }
}
