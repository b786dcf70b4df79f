//! Times as the API and the command line write and read them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use model::TimeMs;

/// Milliseconds as RFC 3339 in UTC. A time outside jiff's years −9999 to 9999 is held at the edge.
pub(crate) fn rfc3339(at_ms: TimeMs) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or(if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX }).to_string()
}

/// The day in the zone, as `2020-06-01`.
pub(crate) fn date(at_ms: TimeMs, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX });
    zone.to_datetime(at).date().to_string()
}

/// Reads RFC 3339, `YYYY-MM-DDTHH:MM[:SS]`, or a date; the latter two are meant in `zone`, a date at its first moment.
///
/// # Errors
/// A sentence that says which forms are understood.
pub(crate) fn parse(text: &str, zone: &TimeZone) -> Result<TimeMs, String> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.as_millisecond());
    }
    let zoned = match (text.parse::<Date>(), text.len()) {
        (Ok(date), 10) => date.to_zoned_datetime(zone.clone()),
        _ => match text.parse::<DateTime>() {
            Ok(civil) => civil.to_zoned_datetime(zone.clone()),
            Err(_) => {
                return Err(format!("{text:?} is no time: write 2020-06-01 or 2020-06-01T13:30:00+02:00"));
            }
        },
    };
    zoned.map(|zoned| zoned.timestamp().as_millisecond()).map_err(|error| format!("{text:?} is no time: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amsterdam() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").unwrap()
    }

    #[test]
    fn a_date_is_its_first_moment_in_the_zone() {
        let at = parse("2020-06-01", &amsterdam()).unwrap();
        assert_eq!(rfc3339(at), "2020-05-31T22:00:00Z");
        assert_eq!(date(at, &amsterdam()), "2020-06-01");
    }

    #[test]
    fn a_time_with_an_offset_needs_no_zone() {
        let at = parse("2020-06-01T13:30:00+02:00", &amsterdam()).unwrap();
        assert_eq!(rfc3339(at), "2020-06-01T11:30:00Z");
    }

    #[test]
    fn nonsense_is_refused_with_the_forms_that_work() {
        for text in ["", "gisteren", "2020-13-01", "2020-02-31", "31-12-2020"] {
            assert!(parse(text, &amsterdam()).unwrap_err().contains("2020-06-01"), "{text}");
        }
    }
}
