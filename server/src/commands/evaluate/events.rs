//! Events to replay against: CSV, JSON Lines, or the truth of `synth`.

use std::path::Path;

use anyhow::{Context, bail};
use geoparse::Gazetteer;
use jiff::tz::TimeZone;
use model::{LonLat, TimeMs};
use serde_json::Value;

use crate::times;

/// An event: when and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Event {
    pub(super) at_ms: TimeMs,
    pub(super) point: LonLat,
}

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) events: Vec<Event>,
    /// Sentences with file, line and reason; none quotes what stands there.
    pub(super) rejected: Vec<String>,
}

/// Fields of an event as written.
#[derive(Default)]
struct Fields {
    date: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    place: Option<String>,
}

/// Reads a file by its content: a JSON object with `hotspots` is a truth, lines of JSON objects are JSON Lines, all else is CSV.
///
/// # Errors
/// When the file cannot be read, is not UTF-8, or is CSV without the columns.
pub(super) fn read(file: &Path, zone: &TimeZone, gazetteer: &Gazetteer) -> anyhow::Result<Events> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).with_context(|| format!("{name}: cannot be read"))?;
    let text = String::from_utf8(bytes).ok().with_context(|| format!("{name}: is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut found = Events::default();
    let mut take =
        |line: u64, fields: Result<Fields, &str>| match fields.and_then(|fields| event(&fields, zone, gazetteer)) {
            Ok(event) => found.events.push(event),
            Err(why) => found.rejected.push(format!("{name}, line {line}: {why}")),
        };
    if let Ok(Value::Object(truth)) = serde_json::from_str::<Value>(text)
        && let Some(Value::Array(hotspots)) = truth.get("hotspots")
    {
        for (hotspot, line) in hotspots.iter().zip(1..) {
            if hotspot["is_hotspot"] == Value::Bool(true) {
                take(line, Ok(planted(hotspot)));
            }
        }
    } else if text.trim_start().starts_with('{') {
        for (text, line) in text.lines().zip(1..).filter(|(text, _)| !text.trim().is_empty()) {
            take(
                line,
                serde_json::from_str::<Value>(text).map(|value| object(&value)).map_err(|_| "is no JSON object"),
            );
        }
    } else {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().with_context(|| format!("{name}: has no header"))?.clone();
        let column = |wanted: &str| header.iter().position(|one| one.trim().eq_ignore_ascii_case(wanted));
        let (date, lon, lat, place) = (column("date"), column("lon"), column("lat"), column("place"));
        if date.is_none() || (place.is_none() && (lon.is_none() || lat.is_none())) {
            bail!("{name}: needs the columns `date` and `lon` and `lat`, or `date` and `place`");
        }
        for record in reader.records() {
            let line = record.as_ref().ok().and_then(csv::StringRecord::position).map_or(0, csv::Position::line);
            take(
                line,
                record.map_err(|_| "is no row").map(|record| {
                    let cell =
                        |at: Option<usize>| at.and_then(|at| record.get(at)).map(str::trim).filter(|c| !c.is_empty());
                    let number = |at| cell(at).and_then(|text| text.parse().ok());
                    Fields {
                        date: cell(date).map(str::to_owned),
                        lon: number(lon),
                        lat: number(lat),
                        place: cell(place).map(str::to_owned),
                    }
                }),
            );
        }
    }
    Ok(found)
}

fn object(value: &Value) -> Fields {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    Fields { date: text("date"), lon: value["lon"].as_f64(), lat: value["lat"].as_f64(), place: text("place") }
}

/// A planted hotspot as an event: what it led up to comes to light on its last day.
fn planted(hotspot: &Value) -> Fields {
    let last =
        hotspot["to"].as_str().and_then(|to| to.parse::<jiff::civil::Date>().ok()).and_then(|to| to.yesterday().ok());
    Fields { date: last.map(|date| date.to_string()), ..object(hotspot) }
}

fn event(fields: &Fields, zone: &TimeZone, gazetteer: &Gazetteer) -> Result<Event, &'static str> {
    let date = fields.date.as_deref().ok_or("has no `date`")?;
    let at_ms = times::parse(date, zone).map_err(|_| "the date is no time: write 2020-06-01")?;
    let point = match (fields.lon.zip(fields.lat), fields.place.as_deref()) {
        (Some((lon, lat)), _) => LonLat::new(lon, lat).ok_or("`lon` and `lat` lie outside the globe")?,
        (None, Some(name)) => {
            // An id is one place; a name is, only when no other place bears it.
            let by_name = gazetteer.lookup(name);
            let place = gazetteer.by_id(name).or(if by_name.len() == 1 { Some(by_name[0]) } else { None });
            place
                .map(model::Place::point)
                .ok_or("the place is unknown or not the only one of its name: write `lon` and `lat`, or its id")?
        }
        (None, None) => return Err("has neither `lon` and `lat` nor `place`"),
    };
    Ok(Event { at_ms, point })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> anyhow::Result<Events> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events");
        std::fs::write(&file, text).unwrap();
        read(&file, &TimeZone::UTC, &Knowledge::gazetteer(folder.path()).unwrap())
    }

    use crate::knowledge::Knowledge;

    #[test]
    fn csv_json_lines_and_a_truth_say_the_same() {
        let csv = "Date,lon,lat\n2020-06-14,6.5,52.67\n";
        let lines = "{\"date\":\"2020-06-14\",\"lon\":6.5,\"lat\":52.67}\n";
        let truth = "{\"hotspots\":[{\"is_hotspot\":true,\"lon\":6.5,\"lat\":52.67,\"to\":\"2020-06-15\"},{\"is_hotspot\":false}]}";
        let event = Event { at_ms: 1_592_092_800_000, point: LonLat { lon: 6.5, lat: 52.67 } };
        for text in [csv, lines, truth] {
            let read = read_text(text).unwrap();
            assert_eq!((read.events, read.rejected.len()), (vec![event], 0), "{text}");
        }
    }

    #[test]
    fn bad_rows_are_told_by_line_without_their_words() {
        let read = read_text("date,lon,lat,place\n2020-06-14,6.5,52.67,\nsecret,1,2,\n2020-06-14,999,1,\n2020-06-14,,,\n2020-06-14,,,Kerkenveld\n").unwrap();
        assert_eq!(read.events.len(), 2);
        assert_eq!(read.rejected.len(), 3);
        assert!(
            read.rejected[0].contains("line 3") && !read.rejected.concat().contains("secret"),
            "{:?}",
            read.rejected
        );
        assert!(read_text("a,b\n1,2\n").is_err());
        let broken = read_text("{\"date\":\n{\"lon\":1}\n").unwrap();
        assert_eq!((broken.events.len(), broken.rejected.len()), (0, 2));
    }
}
