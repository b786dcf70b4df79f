//! The texts that cells refer to by number, kept on disk.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use super::parts::{Workbook, walk};
use crate::source::damaged;
use crate::xml_walk::Step;

/// Short texts remembered: names of senders and conversations come again and again.
const REMEMBERED: usize = 4096;
const REMEMBERED_BYTES: usize = 256;
/// Bytes of one entry of the index: where the text ends.
const ENTRY_BYTES: u64 = 8;

pub(super) struct Shared {
    texts: File,
    ends: File,
    count: u64,
    remembered: HashMap<u64, String>,
}

impl Shared {
    /// Reads the part into files that vanish with this value.
    pub(super) fn read(workbook: &Workbook, limit: usize) -> io::Result<Self> {
        let (mut texts, mut ends) = (BufWriter::new(tempfile::tempfile()?), BufWriter::new(tempfile::tempfile()?));
        let (mut count, mut end) = (0, 0);
        if let Some(part) = workbook.shared() {
            let mut walk = walk(part, limit)?;
            let mut open: Vec<String> = Vec::new();
            loop {
                match walk.step().map_err(|_| damaged("the shared texts of the workbook cannot be unpacked"))? {
                    Step::Start(tag) => open.push(tag.name().to_owned()),
                    Step::End => {
                        if open.pop().as_deref() == Some("si") {
                            ends.write_all(&u64::to_le_bytes(end))?;
                            count += 1;
                        }
                    }
                    // `rPh` tells how Japanese words sound.
                    Step::Text(Some(text))
                        if open.last().is_some_and(|name| name == "t") && !open.contains(&"rPh".to_owned()) =>
                    {
                        texts.write_all(text.as_bytes())?;
                        end += text.len() as u64;
                    }
                    Step::Text(_) => {}
                    Step::Broken(reason) => return Err(damaged(reason)),
                    Step::Done => break,
                }
            }
        }
        let finished = |writer: BufWriter<File>| writer.into_inner().map_err(io::IntoInnerError::into_error);
        Ok(Self { texts: finished(texts)?, ends: finished(ends)?, count, remembered: HashMap::new() })
    }

    /// The text of this number; `None` when there is none.
    pub(super) fn get(&mut self, index: u64) -> Option<String> {
        if index >= self.count {
            return None;
        }
        if let Some(text) = self.remembered.get(&index) {
            return Some(text.clone());
        }
        let text = self.look_up(index).ok()?;
        if text.len() <= REMEMBERED_BYTES {
            if self.remembered.len() >= REMEMBERED {
                self.remembered.clear();
            }
            self.remembered.insert(index, text.clone());
        }
        Some(text)
    }

    fn look_up(&mut self, index: u64) -> io::Result<String> {
        let start = if index == 0 { 0 } else { self.end(index - 1)? };
        let end = self.end(index)?;
        self.texts.seek(SeekFrom::Start(start))?;
        let mut bytes = vec![0; (end - start) as usize];
        self.texts.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| damaged("a shared text is not UTF-8"))
    }

    fn end(&mut self, index: u64) -> io::Result<u64> {
        self.ends.seek(SeekFrom::Start(index * ENTRY_BYTES))?;
        let mut bytes = [0; ENTRY_BYTES as usize];
        self.ends.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}
