//! Why an export could not be written or read.

/// Why an export could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A record could not be written or read.
    #[error("a line of the table could not be written or read")]
    Csv(#[from] ::csv::Error),
    /// Something could not be written as JSON, or is no JSON.
    #[error("this is not JSON as exports write it")]
    Json(#[from] serde_json::Error),
    /// The workbook could not be made.
    #[error("the workbook could not be made")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The `GeoPackage` could not be made.
    #[error("the GeoPackage could not be made")]
    Database(#[from] sqlx::Error),
    /// A zip archive could not be written or read.
    #[error("the zip archive could not be written or read")]
    Zip(#[from] zip::result::ZipError),
    /// A shape of the map picture could not be read.
    #[error("the shapes of the map picture could not be read")]
    Shapes(#[from] Box<geojson::Error>),
    /// A typeface of the report could not be read.
    #[error("a typeface of the report could not be read")]
    Typeface,
    /// The PDF could not be made.
    #[error("the PDF could not be made: {0}")]
    Pdf(String),
    /// A file could not be written or read.
    #[error("a file could not be written or read")]
    Io(#[from] std::io::Error),
    /// The messages could not be read from the store.
    #[error("the messages behind the list could not be read")]
    Messages(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The file is nothing that can be checked.
    #[error("{0}")]
    NotChecked(String),
}
