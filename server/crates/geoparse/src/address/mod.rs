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

/// All address files in use.
#[derive(Default)]
pub struct Addresses {
    files: Vec<AddressFile>,
    /// The keys of all files' names: most words are in none, and no file need be asked for them.
    keys: Filter,
}

impl Addresses {
    /// These files.
    pub fn new(files: Vec<AddressFile>) -> Self {
        let hashes: Vec<u64> = files.iter().flat_map(AddressFile::keys).map(layout::hash).collect();
        Self { keys: Filter::new(hashes.into_iter()), files }
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
