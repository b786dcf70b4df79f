//! What can go wrong while loading. Geoparsing itself cannot fail.

/// Why a gazetteer or geoparser could not be made.
#[derive(Debug, thiserror::Error)]
pub enum GeoparseError {
    /// The source could not be read.
    #[error("the gazetteer could not be read")]
    Read(#[source] std::io::Error),
    /// The first line does not name the columns we know.
    #[error("the first line must name the columns: {expected}")]
    Header {
        /// The columns.
        expected: &'static str,
    },
    /// More topics than fit into a set.
    #[error("there are more than {0} topics")]
    TooManyTopics(usize),
}

/// A row that was left out while the rest loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// What was wrong, as a sentence.
    pub reason: String,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}
