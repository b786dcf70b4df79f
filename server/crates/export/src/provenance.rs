//! Where a list came from: it has to be told once the list has left the building.

use serde_json::{Map, Value};

/// What was asked, of what, by whom, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Parameters of the filter with their values.
    pub filter: Vec<(String, String)>,
    /// Product with version.
    pub product: String,
    /// Version of the gazetteer.
    pub gazetteer: String,
    /// Who made the list.
    pub user: String,
    /// When (RFC 3339).
    pub generated_at: String,
}

impl Provenance {
    /// The filter in one line, as in a query: `region=Drenthe&from=2020-05-01`.
    pub(crate) fn filter_line(&self) -> String {
        self.filter.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    pub(crate) fn json(&self) -> Map<String, Value> {
        let filter: Map<String, Value> =
            self.filter.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        [
            ("filter", Value::Object(filter)),
            ("product", self.product.as_str().into()),
            ("gazetteer", self.gazetteer.as_str().into()),
            ("user", self.user.as_str().into()),
            ("generated_at", self.generated_at.as_str().into()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }
}

/// Why a list could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A record could not be written.
    #[error("a line of the table could not be written")]
    Csv(#[from] ::csv::Error),
    /// The table could not be finished.
    #[error("the table could not be finished")]
    Finish,
    /// A property could not be written.
    #[error("the list could not be written as JSON")]
    Json(#[from] serde_json::Error),
}
