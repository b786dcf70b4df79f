//! One table of written times, and properties that hold for all of them.

use proptest::prelude::*;

use super::*;

fn reader() -> TimeReader {
    TimeReader::new(TimeZone::get("Europe/Amsterdam").unwrap())
}

fn utc_ms(rfc3339: &str) -> TimeMs {
    rfc3339.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[test]
fn times_are_read_in_every_form() {
    let cases = [
        // RFC 3339 and its relatives
        ("2020-05-27T23:15:00Z", "2020-05-27T23:15:00Z"),
        ("2020-05-27t23:15:00z", "2020-05-27T23:15:00Z"),
        ("2020-05-27T23:15:00.25+02:00", "2020-05-27T21:15:00.25Z"),
        ("2020-05-27T23:15:00-0330", "2020-05-28T02:45:00Z"),
        ("2020-05-27T23:15:00+02", "2020-05-27T21:15:00Z"),
        ("2020-05-27T23:15:00+02:00[Europe/Amsterdam]", "2020-05-27T21:15:00Z"),
        ("2020-05-27T23:15:00.123456789Z", "2020-05-27T23:15:00.123Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        // without a zone: summer and winter in Amsterdam
        ("2020-05-27 23:15", "2020-05-27T21:15:00Z"),
        ("2020-05-27T23:15:07", "2020-05-27T21:15:07Z"),
        ("2020-01-27 23:15:07.500", "2020-01-27T22:15:07.5Z"),
        ("2020/05/27 23:15", "2020-05-27T21:15:00Z"),
        ("27-05-2020 23:15", "2020-05-27T21:15:00Z"),
        ("27-05-2020, 23:15:30", "2020-05-27T21:15:30Z"),
        ("27/05/2020 23:15", "2020-05-27T21:15:00Z"),
        ("27.05.2020 9:15", "2020-05-27T07:15:00Z"),
        ("3-4-2020 09:15", "2020-04-03T07:15:00Z"),
        (" 27-05-2020  23:15 ", "2020-05-27T21:15:00Z"),
        ("27-05-2020", "2020-05-26T22:00:00Z"),
        ("20200527", "2020-05-26T22:00:00Z"),
        ("20200527231500", "2020-05-27T21:15:00Z"),
        ("29-02-2020 12:00", "2020-02-29T11:00:00Z"),
        // since 1970
        ("1590614100", "2020-05-27T21:15:00Z"),
        ("1590614100123", "2020-05-27T21:15:00.123Z"),
        ("1590614100123456", "2020-05-27T21:15:00.123Z"),
        ("1590614100.5", "2020-05-27T21:15:00.5Z"),
        ("-86400", "1969-12-31T00:00:00Z"),
        ("0", "1970-01-01T00:00:00Z"),
        // tweets
        ("2015-03-25 00:00:04 CET Wed", "2015-03-24T23:00:04Z"),
        ("2015-06-25 00:00:04 CEST Thu", "2015-06-24T22:00:04Z"),
        ("2015-03-25 00:00:04 UTC", "2015-03-25T00:00:04Z"),
        ("2015-03-25 00:00:04 GMT wo", "2015-03-25T00:00:04Z"),
        ("2015-03-25 00:00:04 Wed", "2015-03-24T23:00:04Z"),
        ("Wed Mar 25 00:00:04 +0100 2015", "2015-03-24T23:00:04Z"),
        // far away, but well-formed
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ("31-12-1969 23:00", "1969-12-31T22:00:00Z"),
        ("2150-05-27T23:15:00Z", "2150-05-27T23:15:00Z"),
        ("2199-12-31T23:59:59Z", "2199-12-31T23:59:59Z"),
        // changes of the clock: the first of two, and forward over the gap
        ("25-10-2020 02:30", "2020-10-25T00:30:00Z"),
        ("29-03-2020 02:30", "2020-03-29T01:30:00Z"),
    ];
    let mut reader = reader();
    for (written, expected) in cases {
        assert_eq!(reader.read(written), Ok(utc_ms(expected)), "{written}");
    }
    assert_eq!(*reader.notes(), Notes { ambiguous_times: 1, nonexistent_times: 1, dates_without_time: 2 });
}

#[test]
fn what_is_no_time_is_rejected() {
    let cases = [
        "",
        "   ",
        "gisteren",
        "31-02-2020 12:00",
        "29-02-2021 12:00",
        "12-13-2020 12:00",
        "03/25/2015 10:00",
        "00-05-2020 12:00",
        "27-05-0000 12:00",
        "27-05-20 12:00",
        "0000-05-27T12:00:00Z",
        "1899-12-31T12:00:00Z",
        "2200-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "27-05-2020 24:00",
        "27-05-2020 12:60",
        "27-05-2020 12:00:61",
        "27-05-2020 12",
        "27-05-2020T",
        "27-05-2020 12:00:00.",
        "27-05-2020 12:00 EST",
        "27-05-2020 12:00 MSK Wed",
        "2020-05-27T12:00:00+24:00",
        "2020-05-27T12:00:00+02:",
        "2020-05-27T12:00:00Z and more",
        "27-05/2020 12:00",
        "Wed Mar 25 00:00:04 2015",
        "Foo Mar 25 00:00:04 +0100 2015",
        "99999999999999999999",
        "9223372036854775807",
        "1.2.3",
    ];
    let mut reader = reader();
    for written in cases {
        let read = reader.read(written);
        assert!(read.is_err(), "{written}: {read:?}");
    }
}

#[test]
fn a_date_and_a_time_of_day_may_stand_apart() {
    let cases = [
        ("27-05-2020", "23:15", "2020-05-27T21:15:00Z"),
        ("2020-05-27", "23:15:30", "2020-05-27T21:15:30Z"),
        ("2020-05-27 00:00:00", "23:15", "2020-05-27T21:15:00Z"),
        ("27-05-2020", "", "2020-05-26T22:00:00Z"),
        ("2020-05-27T23:15:00Z", "23:15", "2020-05-27T23:15:00Z"),
        ("27-05-2020", "2020-05-27T23:15:00Z", "2020-05-27T23:15:00Z"),
        ("", "1590614100", "2020-05-27T21:15:00Z"),
    ];
    for (date, clock, expected) in cases {
        assert_eq!(reader().read_parts(date, clock), Ok(utc_ms(expected)), "{date} {clock}");
    }
    assert!(reader().read_parts("31-02-2020", "12:00").is_err());
    assert!(reader().read_parts("27-05-2020", "kwart over").is_err());
}

#[test]
fn fractions_of_seconds_since_1970_are_kept_to_the_millisecond() {
    assert_eq!(TimeReader::read_epoch_fraction(1_590_614_100.123), Ok(1_590_614_100_123));
    assert_eq!(TimeReader::read_epoch_fraction(1_590_614_100_123.7), Ok(1_590_614_100_123));
    assert!(TimeReader::read_epoch_fraction(f64::NAN).is_err());
    assert!(TimeReader::read_epoch_fraction(f64::INFINITY).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,40}", digits in "[0-9T:., /+-]{0,30}") {
        let mut reader = reader();
        let _ = reader.read(&text);
        let _ = reader.read(&digits);
        let _ = reader.read_parts(&digits, &text);
    }

    #[test]
    fn an_instant_written_in_any_form_is_read_back(second in -2_208_900_000_i64..7_258_000_000) {
        let instant = jiff::Timestamp::from_second(second).unwrap();
        let mut reader = reader();
        let expected = Ok(second * 1000);
        prop_assert_eq!(reader.read(&instant.to_string()), expected);
        let local = instant.to_zoned_datetime(TimeZone::get("Europe/Amsterdam").unwrap());
        prop_assert_eq!(reader.read(&instant.to_zoned_datetime(TimeZone::UTC).strftime("%a %b %d %H:%M:%S %z %Y").to_string()), expected);
        let before = reader.notes().clone();
        let read = reader.read(&local.strftime("%d-%m-%Y %H:%M:%S").to_string());
        // In the hour that is shown twice the first is taken, which may be another instant.
        if reader.notes().ambiguous_times == before.ambiguous_times {
            prop_assert_eq!(read, expected);
        }
    }
}
