//! How a file is read, in the form that the list of jobs keeps and the API speaks.

use ingest::{Description, FieldMap, Format, Options};
use jiff::tz::TimeZone;
use model::TimeMs;
use model::imports::Mapping;
use serde::{Deserialize, Serialize};

/// How the file of a job is read: enough to go on with it, or to read once more what was rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reading {
    /// What was asked for: a name of a format, or `auto`.
    pub(crate) format: String,
    pub(crate) timezone: String,
    pub(crate) map: Mapping,
    pub(crate) time_ms: Option<TimeMs>,
    /// Place of the file in its upload.
    pub(crate) part: usize,
    /// Names of its columns, when its first line has them.
    pub(crate) header: Vec<String>,
    /// What parts its columns.
    pub(crate) delimiter: Option<char>,
}

impl Reading {
    /// How a file is read with these options, now that it has been opened.
    pub(crate) fn new(options: &Options, description: &Description, part: usize) -> Self {
        let has_header = description.has_header == Some(true);
        Self {
            part,
            header: if has_header { description.columns.clone() } else { Vec::new() },
            delimiter: description.delimiter,
            ..Self::of(options)
        }
    }

    /// How something without a file is read.
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            format: options.format.as_str().to_owned(),
            timezone: zone_name(&options.timezone),
            map: mapping(&options.map),
            time_ms: options.stated_time,
            ..Self::default()
        }
    }

    /// Reads what the list of jobs keeps; what an earlier version did not write down is guessed anew.
    pub(crate) fn parse(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// What the list of jobs keeps.
    pub(crate) fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The options to read with; what makes no sense any more is left to be guessed.
    pub(crate) fn options(&self) -> Options {
        Options {
            format: self.format.parse().unwrap_or(Format::Auto),
            timezone: TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC),
            map: field_map(&self.map),
            stated_time: self.time_ms,
            ..Options::default()
        }
    }
}

/// The name of a zone as it was asked for.
pub(crate) fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

pub(crate) fn mapping(map: &FieldMap) -> Mapping {
    let FieldMap { text, time, sender, conversation, id } = map.clone();
    Mapping { text, time, sender, conversation, id }
}

pub(crate) fn field_map(map: &Mapping) -> FieldMap {
    let Mapping { text, time, sender, conversation, id } = map.clone();
    FieldMap { text, time, sender, conversation, id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_gives_the_same_options_again() {
        let reading = Reading {
            format: "csv".into(),
            timezone: "Europe/Amsterdam".into(),
            map: Mapping { text: Some("wat".into()), ..Mapping::default() },
            time_ms: Some(5),
            part: 2,
            header: vec!["wat".into()],
            delimiter: Some(';'),
        };
        let options = Reading::parse(&reading.kept()).options();
        assert_eq!((options.format, options.stated_time), (Format::Csv, Some(5)));
        assert_eq!(
            (options.map.text.as_deref(), options.timezone.iana_name()),
            (Some("wat"), Some("Europe/Amsterdam"))
        );
        assert_eq!(Reading::parse(""), Reading::default());
    }
}
