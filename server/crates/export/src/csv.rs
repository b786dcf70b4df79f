//! The list as CSV (RFC 4180), UTF-8 with a byte order mark.
//!
//! The mark makes spreadsheets read accents right; readers of CSV that know UTF-8 skip it. The first line names the columns, and every line
//! after it is a hotspot, so that any reader works. Where the list came from stands in the last columns, the same on each line.

use model::api::{Emerging, Hotspot, HotspotClass, Hotspots};

use crate::provenance::{ExportError, Provenance};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

const COLUMNS: [&str; 48] = [
    "rank",
    "id",
    "name",
    "kind",
    "lon",
    "lat",
    "radius_m",
    "municipality",
    "province",
    "police_unit",
    "mentions",
    "messages",
    "conversations",
    "senders",
    "density_per_km2",
    "expected",
    "z_score",
    "p_value",
    "p_corrected",
    "before_mentions",
    "before_messages",
    "before_conversations",
    "before_senders",
    "change",
    "class",
    "one_conversation",
    "first_seen",
    "last_seen",
    "count",
    "counted",
    "weighted_mentions",
    "gi_star_z",
    "gi_star_p_corrected",
    "base_rate_ratio",
    "base_rate_p_corrected",
    "change_low",
    "change_high",
    "emerging",
    "rests_on_one_conversation",
    "sentence_nl",
    "sentence_en",
    "period_from",
    "period_to",
    "filter",
    "product",
    "gazetteer",
    "user",
    "generated_at",
];

/// The list as a table.
///
/// Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"); numbers stay numbers.
///
/// # Errors
/// When a line cannot be written.
pub fn csv(list: &Hotspots, provenance: &Provenance) -> Result<Vec<u8>, ExportError> {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(COLUMNS)?;
    for hotspot in &list.hotspots {
        writer.write_record(record(hotspot, list, provenance)?)?;
    }
    writer.into_inner().map_err(|_| ExportError::Finish)
}

fn record(hotspot: &Hotspot, list: &Hotspots, provenance: &Provenance) -> Result<[String; COLUMNS.len()], ExportError> {
    let text = |text: &str| harmless(text);
    let optional = |text: &Option<String>| text.as_deref().map(harmless).unwrap_or_default();
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let Hotspot { counts, before, sentence, statistics, .. } = hotspot;
    Ok([
        hotspot.rank.to_string(),
        text(&hotspot.id),
        text(&hotspot.name),
        text(&hotspot.kind),
        hotspot.lon.to_string(),
        hotspot.lat.to_string(),
        hotspot.radius_m.to_string(),
        optional(&hotspot.municipality),
        optional(&hotspot.province),
        optional(&hotspot.police_unit),
        counts.mentions.to_string(),
        counts.messages.to_string(),
        counts.conversations.to_string(),
        counts.senders.to_string(),
        hotspot.density_per_km2.to_string(),
        hotspot.expected.to_string(),
        number(hotspot.z_score),
        number(hotspot.p_value),
        number(hotspot.p_corrected),
        before.mentions.to_string(),
        before.messages.to_string(),
        before.conversations.to_string(),
        before.senders.to_string(),
        number(hotspot.change),
        class(hotspot.class).to_owned(),
        hotspot.one_conversation.to_string(),
        hotspot.first_seen.clone(),
        hotspot.last_seen.clone(),
        list.basis.count.as_str().to_owned(),
        statistics.counted.to_string(),
        statistics.weighted_mentions.to_string(),
        number(statistics.gi_star.map(|gi| gi.z)),
        number(statistics.gi_star.map(|gi| gi.p_corrected)),
        number(statistics.base_rate.map(|against| against.ratio)),
        number(statistics.base_rate.map(|against| against.p_corrected)),
        number(statistics.change.map(|change| change.low)),
        number(statistics.change.and_then(|change| change.high)),
        statistics.emerging.map(as_in_json).transpose()?.unwrap_or_default(),
        statistics.rests_on_one_conversation.to_string(),
        text(&sentence.nl),
        text(&sentence.en),
        list.from.clone(),
        list.to.clone(),
        text(&provenance.filter_line()),
        text(&provenance.product),
        text(&provenance.gazetteer),
        text(&provenance.user),
        provenance.generated_at.clone(),
    ])
}

/// The name of a class of emerging hot spots.
fn as_in_json(class: Emerging) -> Result<String, ExportError> {
    Ok(serde_json::to_value(class)?.as_str().unwrap_or_default().to_owned())
}

/// As in JSON.
fn class(class: HotspotClass) -> &'static str {
    match class {
        HotspotClass::New => "new",
        HotspotClass::Rising => "rising",
        HotspotClass::Steady => "steady",
        HotspotClass::Falling => "falling",
        HotspotClass::Unknown => "unknown",
    }
}

/// Text that no spreadsheet computes: after a leading apostrophe everything is text.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in ["Kerkenveld", "'s-Gravenhage", "2e Exloërmond", "", "a=b"] {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[test]
    fn a_class_is_written_as_in_json() {
        for one in [
            HotspotClass::New,
            HotspotClass::Rising,
            HotspotClass::Steady,
            HotspotClass::Falling,
            HotspotClass::Unknown,
        ] {
            assert_eq!(serde_json::to_value(one).unwrap(), class(one));
        }
    }
}
