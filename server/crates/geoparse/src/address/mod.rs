//! Streets and addresses: files of them that are mapped rather than loaded, and their mentions in text.
//!
//! Nine million addresses do not fit beside the names of the gazetteer in one table that is built at every start. They stay
//! in files of fixed-size records (see `layout`), opened by their header alone. A message is looked at only where it shows a
//! sign of a street: a word that ends as streets do, a number behind a word, a postcode; see `recognise`. Which of several
//! streets of one name is meant, `choose` decides; whether it is a street at all, `odds`.

mod build;
mod choose;
pub mod columns;
mod file;
mod import;
mod key;
mod layout;
mod lookup;
mod number;
mod odds;
pub(crate) mod recognise;
mod sections;
mod told;

pub use build::Built;
pub use file::{AddressFile, AddressFileError, Bytes};
pub use import::{AddressBuilder, ImportReport, decoded, split};

use crate::filter::Filter;

/// Addresses of the Netherlands, to the hundred thousand (Basisregistratie Adressen en Gebouwen, 2026).
const DUTCH_ADDRESSES: f32 = 9_900_000.0;
/// However few addresses there are, they are no smaller share.
const LEAST_COVERAGE: f32 = 0.001;

/// All address files in use.
#[derive(Default)]
pub struct Addresses {
    files: Vec<AddressFile>,
    /// The share of the country's streets that the files have.
    coverage: f32,
    /// The keys of all files' names: most words are in none, and no file need be asked for them.
    keys: Filter,
}

impl Addresses {
    /// These files.
    pub fn new(files: Vec<AddressFile>) -> Self {
        let hashes: Vec<u64> = files.iter().flat_map(AddressFile::keys).map(layout::hash).collect();
        let addresses: u64 = files.iter().map(AddressFile::addresses).sum();
        let coverage = (addresses as f32 / DUTCH_ADDRESSES).clamp(LEAST_COVERAGE, 1.0);
        Self { keys: Filter::new(hashes.into_iter()), files, coverage }
    }

    /// The same, taken for so large a share of the streets that messages speak of: a made-up country in a test is whole.
    #[must_use]
    pub fn covering(mut self, share: f32) -> Self {
        self.coverage = share.clamp(LEAST_COVERAGE, 1.0);
        self
    }

    /// The share of the streets that messages speak of that the files have, as far as their number tells.
    pub(crate) fn coverage(&self) -> f32 {
        self.coverage
    }

    /// The files.
    pub fn files(&self) -> &[AddressFile] {
        &self.files
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
