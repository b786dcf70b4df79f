//! How values are written into columns and read from them, alike in every backend.

use model::{Alternative, Mention};

use crate::{Result, StoreError};

/// Reasons, a line each.
pub(crate) fn of_reasons(mention: &Mention) -> String {
    mention.reasons.join("\n")
}

/// The reasons of such lines.
pub(crate) fn reasons(lines: &str) -> Vec<String> {
    lines.split('\n').filter(|reason| !reason.is_empty()).map(str::to_owned).collect()
}

/// Alternatives as JSON.
pub(crate) fn of_alternatives(mention: &Mention) -> String {
    serde_json::to_string(&mention.alternatives).unwrap_or_else(|_| "[]".into())
}

/// The alternatives of such JSON.
pub(crate) fn alternatives(json: &str, mention_no: i64) -> Result<Vec<Alternative>> {
    serde_json::from_str(json).map_err(|_| StoreError::Corrupt {
        table: "mentions",
        column: "alternatives",
        row: mention_no,
    })
}
