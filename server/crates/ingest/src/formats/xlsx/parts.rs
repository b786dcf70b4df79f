//! The parts of a workbook: which sheets there are, where their parts stand, and which styles are dates.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{DateTime, datetime};
use zip::ZipArchive;

use super::super::Opening;
use crate::find::entry_of;
use crate::source::{Base, Source, damaged};
use crate::window::Window;
use crate::xml_walk::{Step, Tag, XmlWalk};
use crate::zip_end::stated_entries;
use crate::{Encoding, IngestError};

/// Parts of a workbook; one for each sheet and picture.
const MAX_PARTS: u64 = 50_000;
/// Styles and sheets looked at; Excel itself stops at 65,490 styles.
const MAX_ENTRIES: usize = 70_000;
/// A built-in number format that is a date or a time: numbers 14 to 22 and 45 to 47 (ECMA-376 part 1, 18.8.30).
const DATE_FORMATS: [std::ops::RangeInclusive<u32>; 2] = [14..=22, 45..=47];
/// Days of dates that Excel can show.
const DAYS: std::ops::Range<f64> = 0.0..2_958_466.0;

pub(super) struct Workbook {
    base: Base,
    name: std::path::PathBuf,
    /// Name and part of each sheet, in order.
    pub(super) sheets: Vec<(String, Source)>,
    shared: Option<Source>,
    /// By style, whether it shows a date.
    dates: Vec<bool>,
    counts_from_1904: bool,
}

impl Workbook {
    pub(super) fn open(opening: &Opening<'_>) -> Result<Self, IngestError> {
        let broken = |source| IngestError::Open { path: opening.name().to_path_buf(), source };
        let base = opening.source.spooled().map_err(broken)?;
        let mut file = File::open(base.path()).map_err(broken)?;
        if stated_entries(&mut file).map_err(broken)?.is_some_and(|count| count > MAX_PARTS) {
            return Err(broken(damaged("a workbook with too many parts")));
        }
        let mut archive =
            ZipArchive::new(file).map_err(|_| broken(damaged("the list of parts of the workbook is broken")))?;
        let mut workbook = Self {
            base,
            name: opening.name().to_path_buf(),
            sheets: Vec::new(),
            shared: None,
            dates: Vec::new(),
            counts_from_1904: false,
        };
        workbook.read(&mut archive).map_err(broken)?;
        Ok(workbook)
    }

    fn read(&mut self, archive: &mut ZipArchive<File>) -> io::Result<()> {
        let mut targets = Vec::new();
        if let Some(part) = self.part(archive, "xl/_rels/workbook.xml.rels") {
            each_tag(&part, |tag, _| {
                if tag.name() == "Relationship" && targets.len() < MAX_ENTRIES {
                    targets.push((tag.attribute("Id"), tag.attribute("Target")));
                }
            })?;
        }
        let mut sheets = Vec::new();
        let mut counts_from_1904 = false;
        let workbook = self.part(archive, "xl/workbook.xml").ok_or(damaged("the workbook has no list of sheets"))?;
        each_tag(&workbook, |tag, _| match tag.name() {
            "sheet" if sheets.len() < MAX_ENTRIES => {
                let id = ["r:id", "id"].iter().map(|name| tag.attribute(name)).find(|id| !id.is_empty());
                sheets.push((tag.attribute("name"), id.unwrap_or_default()));
            }
            "workbookPr" => counts_from_1904 = matches!(tag.attribute("date1904").as_str(), "1" | "true"),
            _ => {}
        })?;
        self.counts_from_1904 = counts_from_1904;
        for (name, id) in sheets {
            let target = targets.iter().find(|(found, _)| *found == id).map(|(_, target)| target.as_str());
            let path = match target {
                Some(target) => target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned),
                None => continue,
            };
            self.sheets.extend(self.part(archive, &path).map(|part| (name, part)));
        }
        self.shared = self.part(archive, "xl/sharedStrings.xml");
        if let Some(styles) = self.part(archive, "xl/styles.xml") {
            self.dates = dates(&styles)?;
        }
        Ok(())
    }

    fn part(&self, archive: &mut ZipArchive<File>, path: &str) -> Option<Source> {
        let index = archive.index_for_name(path)?;
        let entry = entry_of(archive, index).ok()?;
        let name = self.name.join(path);
        let (file, base) = (self.name.clone(), self.base.clone());
        Some(Source { file, name, base, entry: Some(entry), packing: Vec::new(), end: None })
    }

    /// The part with the texts that cells share.
    pub(super) fn shared(&self) -> Option<&Source> {
        self.shared.as_ref()
    }

    pub(super) fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }

    /// A number of days as the date and time it shows: a time alone below one day, a date alone where it is whole.
    pub(super) fn date(&self, days: f64) -> Option<String> {
        if !DAYS.contains(&days) {
            return None;
        }
        // The count of 1900 has a 29 February that never was; from 1 March on its day 0 is 30 December 1899.
        let start: DateTime =
            if self.counts_from_1904 { datetime(1904, 1, 1, 0, 0, 0, 0) } else { datetime(1899, 12, 30, 0, 0, 0, 0) };
        let seconds = (days * 86_400.0).round() as i64;
        let at = start.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
        Some(if seconds < 86_400 {
            at.strftime("%H:%M:%S").to_string()
        } else if seconds % 86_400 == 0 {
            at.strftime("%Y-%m-%d").to_string()
        } else {
            at.strftime("%Y-%m-%d %H:%M:%S").to_string()
        })
    }
}

/// Whether each style shows a date.
fn dates(styles: &Source) -> io::Result<Vec<bool>> {
    let (mut own, mut dates) = (Vec::new(), Vec::new());
    each_tag(styles, |tag, parent| {
        let number: u32 = tag.attribute("numFmtId").parse().unwrap_or(0);
        match (tag.name(), parent) {
            ("numFmt", _) if own.len() < MAX_ENTRIES && shows_date(&tag.attribute("formatCode")) => own.push(number),
            ("xf", "cellXfs") if dates.len() < MAX_ENTRIES => {
                dates.push(own.contains(&number) || DATE_FORMATS.iter().any(|range| range.contains(&number)));
            }
            _ => {}
        }
    })?;
    Ok(dates)
}

/// Whether a format has letters of a date outside quotes and brackets.
fn shows_date(code: &str) -> bool {
    let (mut is_quoted, mut is_bracketed) = (false, false);
    code.chars().any(|c| {
        match c {
            '"' => is_quoted = !is_quoted,
            '[' => is_bracketed = true,
            ']' => is_bracketed = false,
            _ => {}
        }
        !is_quoted
            && !is_bracketed
            && matches!(c, 'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'm' | 'j' | 'J' | 'u' | 'U')
    })
}

/// Calls for each start tag of a part, with the name of the element around it.
fn each_tag(part: &Source, mut call: impl FnMut(&Tag, &str)) -> io::Result<()> {
    let mut walk = walk(part, 64 * 1024)?;
    let mut open: Vec<String> = Vec::new();
    loop {
        match walk.step().map_err(|_| damaged("a part of the workbook cannot be unpacked"))? {
            Step::Start(tag) => {
                call(&tag, open.last().map_or("", String::as_str));
                open.push(tag.name().to_owned());
            }
            Step::End => {
                open.pop();
            }
            Step::Text(_) => {}
            Step::Broken(reason) => return Err(damaged(reason)),
            Step::Done => return Ok(()),
        }
    }
}

/// A walk through a part, which is in UTF-8 or says otherwise by its byte order mark.
pub(super) fn walk(part: &Source, limit: usize) -> io::Result<XmlWalk> {
    let mut start = Vec::new();
    part.bytes(&Arc::default())?.take(4).read_to_end(&mut start)?;
    let (encoding, mark_len) = match Encoding::detect(&start) {
        (_, 0) => (Encoding::Utf8, 0),
        found => found,
    };
    let window = Window::open(part, encoding, mark_len, &Arc::default()).map_err(|error| match error {
        IngestError::Open { source, .. } => source,
        _ => damaged("a part of the workbook cannot be opened"),
    })?;
    Ok(XmlWalk::new(window, limit))
}

/// For errors in the middle of a sheet.
pub(super) fn open_error(path: &Path, source: io::Error) -> IngestError {
    IngestError::Open { path: path.to_path_buf(), source }
}
