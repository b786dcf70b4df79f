//! Where a list came from: it has to be told once the list has left the building.

use jiff::tz::TimeZone;
use model::api::Hotspots;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::csv::table;
use crate::error::ExportError;
use crate::words::Language;

/// What was asked, of what, by whom, and when.
#[derive(Debug, Clone, PartialEq)]
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
    /// Whether messages behind the list are made up: every export says so.
    pub synthetic: bool,
    /// Name of the region asked for, for the title.
    pub region: Option<String>,
    /// Zone in which days are told.
    pub zone: TimeZone,
    /// Language of what is said to people.
    pub language: Language,
}

/// One thing that is said of where a list came from.
pub(crate) struct Said {
    pub(crate) name: &'static str,
    pub(crate) title: [&'static str; 2],
    pub(crate) value: Value,
}

impl Said {
    /// The value as text.
    pub(crate) fn text(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }
}

impl Provenance {
    /// The filter in one line, as in a query: `region=Drenthe&from=2020-05-01`.
    pub(crate) fn filter_line(&self) -> String {
        self.filter.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// Everything that is said, in the order in which it is written. The same in every format.
    pub(crate) fn said(&self, list: &Hotspots) -> Result<Vec<Said>, ExportError> {
        let said = |name, title, value: Value| Said { name, title, value };
        Ok(vec![
            said("period_from", ["Periode van", "Period from"], list.from.as_str().into()),
            said("period_to", ["Periode tot", "Period to"], list.to.as_str().into()),
            said("filter", ["Filter", "Filter"], self.filter_line().into()),
            said("listed", ["Plaatsen in de lijst", "Places in the list"], list.hotspots.len().into()),
            said("of", ["Plaatsen gevonden", "Places found"], list.of.into()),
            said("too_coarse", ["Vermeldingen te grof", "Mentions too coarse"], list.too_coarse.into()),
            said("synthetic", ["Synthetische gegevens", "Synthetic data"], self.synthetic.into()),
            said("product", ["Product", "Product"], self.product.as_str().into()),
            said("gazetteer", ["Plaatsenlijst", "Gazetteer"], self.gazetteer.as_str().into()),
            said("data_version", ["Versie van de gegevens", "Data version"], list.data_version.into()),
            said("user", ["Gemaakt door", "Made by"], self.user.as_str().into()),
            said("generated_at", ["Gemaakt op", "Made at"], self.generated_at.as_str().into()),
            said("rows_sha256", ["SHA-256 van de regels", "SHA-256 of the rows"], rows_sha256(list)?.into()),
        ])
    }

    /// The same as an object, with the filter taken apart.
    pub(crate) fn json(&self, list: &Hotspots) -> Result<Map<String, Value>, ExportError> {
        let mut object: Map<String, Value> =
            self.said(list)?.into_iter().map(|said| (said.name.to_owned(), said.value)).collect();
        let filter: Map<String, Value> =
            self.filter.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        object.insert("filter".to_owned(), Value::Object(filter));
        Ok(object)
    }
}

/// What the sum covers, for people.
pub(crate) const ROWS_SHA256_COVERS: [&str; 2] = [
    "SHA-256 van de regels als CSV (RFC 4180, UTF-8 zonder byte order mark, CRLF) met kopregel en precies de kolommen rank tot en met \
     sentence_en: dezelfde som in elk formaat van dezelfde lijst. Geen handtekening: wie de lijst verandert, kan ook de som veranderen.",
    "SHA-256 of the rows as CSV (RFC 4180, UTF-8 without byte order mark, CRLF) with the header and exactly the columns rank through \
     sentence_en: the same sum in every format of the same list. No signature: whoever changes the list can change the sum too.",
];

/// The sum of the list: see [`ROWS_SHA256_COVERS`].
///
/// # Errors
/// When the rows cannot be written.
pub fn rows_sha256(list: &Hotspots) -> Result<String, ExportError> {
    Ok(sha256(&table(list)?))
}

/// A sum in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
