//! How times are written: text or number to an instant.
//!
//! Dutch order throughout: `03-04-2020` is the third of April. A time that
//! names its zone keeps it; any other is read in the zone of the file. Never
//! here: guessing a date that cannot be (31-02 is rejected, not moved).

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use model::TimeMs;

use crate::zone::{Notes, Zone, at_offset_ms};

/// First and last year that is taken for a real one.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
/// 1900-01-01T00:00:00Z and 2200-01-01T00:00:00Z in seconds since 1970.
const EPOCH_SECONDS: std::ops::Range<i64> = -2_208_988_800..7_258_118_400;

/// Why a time could not be read. Never holds the time as written.
pub(crate) type TimeProblem = &'static str;

/// Reads times, and notes what it had to decide.
#[derive(Debug)]
pub(crate) struct TimeReader {
    zone: Zone,
    notes: Notes,
}

impl TimeReader {
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self { zone: Zone::new(zone), notes: Notes::default() }
    }

    pub(crate) fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Starts to count anew.
    pub(crate) fn forget_notes(&mut self) {
        self.notes = Notes::default();
    }

    /// Reads a time written as text.
    pub(crate) fn read(&mut self, text: &str) -> Result<TimeMs, TimeProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err("the time is empty");
        }
        if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'.')
            && let Some(number) = written_number(text)
        {
            return self.read_digits(text, number);
        }
        let mut cursor = Cursor { rest: text.as_bytes() };
        if cursor.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return twitter(&mut cursor);
        }
        let date = cursor.date()?;
        self.read_clock(date, &mut cursor)
    }

    /// Reads a date and a time of day written apart. One of the two may hold the whole time.
    pub(crate) fn read_parts(&mut self, date_text: &str, clock_text: &str) -> Result<TimeMs, TimeProblem> {
        let mut cursor = Cursor { rest: date_text.trim().as_bytes() };
        let Ok(date) = cursor.date() else {
            return self.read(if date_text.trim().is_empty() { clock_text } else { date_text });
        };
        if !cursor.rest.is_empty() && !cursor.rest.starts_with(b" 00:00") {
            return self.read(date_text);
        }
        let mut cursor = Cursor { rest: clock_text.trim().as_bytes() };
        if (Cursor { rest: cursor.rest }).clock().is_err() && !cursor.rest.is_empty() {
            return self.read(clock_text);
        }
        self.read_clock(date, &mut cursor)
    }

    /// Reads seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
    pub(crate) fn read_epoch(number: i64) -> Result<TimeMs, TimeProblem> {
        let within = |unit: i64| EPOCH_SECONDS.contains(&number.div_euclid(unit));
        [(1, 1000, 1), (1000, 1, 1), (1_000_000, 1, 1000), (1_000_000_000, 1, 1_000_000)]
            .into_iter()
            .find(|(unit, _, _)| within(*unit))
            .map(|(_, times, over)| (number * times).div_euclid(over))
            .ok_or("the number is no time between 1900 and 2200")
    }

    /// Reads seconds since 1970 with a fraction, or a larger unit whose fraction does not count.
    pub(crate) fn read_epoch_fraction(number: f64) -> Result<TimeMs, TimeProblem> {
        if !number.is_finite() || number.abs() >= 9e18 {
            return Err("the number is no time between 1900 and 2200");
        }
        if EPOCH_SECONDS.contains(&(number.floor() as i64)) {
            return Ok((number * 1000.0).round() as i64);
        }
        Self::read_epoch(number.floor() as i64)
    }

    fn read_digits(&mut self, text: &str, number: Number) -> Result<TimeMs, TimeProblem> {
        match number {
            Number::Fraction(fraction) => Self::read_epoch_fraction(fraction),
            Number::Whole(whole) => match compact(text) {
                Some((date, Some(time))) => self.local(date.to_datetime(time)),
                Some((date, None)) => self.day(date),
                None => Self::read_epoch(whole),
            },
        }
    }

    fn read_clock(&mut self, date: Date, cursor: &mut Cursor<'_>) -> Result<TimeMs, TimeProblem> {
        cursor.skip_separator();
        if cursor.rest.is_empty() {
            return self.day(date);
        }
        let local = date.to_datetime(cursor.clock()?);
        match cursor.zone()? {
            Some(offset_s) => at_offset_ms(local, offset_s).ok_or("the time is out of range"),
            None => self.local(local),
        }
    }

    fn day(&mut self, date: Date) -> Result<TimeMs, TimeProblem> {
        self.notes.dates_without_time += 1;
        self.local(date.to_datetime(Time::midnight()))
    }

    fn local(&mut self, local: DateTime) -> Result<TimeMs, TimeProblem> {
        self.zone.instant_ms(local, &mut self.notes).ok_or("the time is out of range")
    }
}

#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Fraction(f64),
}

/// A number without signs inside: `1585000000`, `-86400`, `1585000000.25`; not `27-08-2020`.
fn written_number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.contains('-') {
        return None;
    }
    match digits.bytes().filter(|byte| *byte == b'.').count() {
        0 => text.parse().ok().map(Number::Whole),
        1 => text.parse().ok().map(Number::Fraction),
        _ => None,
    }
}

/// Digits that make a better date than a number since 1970: `20200527` and `20200527231500`.
fn compact(text: &str) -> Option<(Date, Option<Time>)> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let (year, month, day) = (cursor.digits(4)?, cursor.digits(2)?, cursor.digits(2)?);
    let date = date(year, month, day).ok()?;
    if cursor.rest.is_empty() {
        return Some((date, None));
    }
    let (hour, minute, second) = (cursor.digits(2)?, cursor.digits(2)?, cursor.digits(2)?);
    cursor.rest.is_empty().then_some(())?;
    Some((date, Some(time(hour, minute, second, 0).ok()?)))
}

/// Twitter's own form: `Wed Mar 25 00:00:04 +0100 2015`.
fn twitter(cursor: &mut Cursor<'_>) -> Result<TimeMs, TimeProblem> {
    const UNKNOWN: TimeProblem = "the form of the time is not known";
    if !is_weekday(cursor.word()) {
        return Err(UNKNOWN);
    }
    cursor.skip_separator();
    let month = month(cursor.word()).ok_or(UNKNOWN)?;
    cursor.skip_separator();
    let day = cursor.one_or_two_digits().ok_or(UNKNOWN)?;
    cursor.skip_separator();
    let clock = cursor.clock()?;
    cursor.skip_separator();
    let offset_s = cursor.offset_or_abbreviation()?.ok_or(UNKNOWN)?;
    cursor.skip_separator();
    let year = cursor.digits(4).filter(|_| cursor.rest.is_empty()).ok_or(UNKNOWN)?;
    at_offset_ms(date(year, month, day)?.to_datetime(clock), offset_s).ok_or("the time is out of range")
}

fn month(word: &[u8]) -> Option<i32> {
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    (1..).zip(MONTHS).find(|(_, name)| word.eq_ignore_ascii_case(name)).map(|(number, _)| number)
}

/// Days of the week, in English and Dutch; they say nothing new, so they are not checked against the date.
fn is_weekday(word: &[u8]) -> bool {
    const DAYS: [&[u8]; 14] =
        [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun", b"ma", b"di", b"wo", b"do", b"vr", b"za", b"zo"];
    DAYS.iter().any(|day| word.eq_ignore_ascii_case(day))
}

fn date(year: i32, month: i32, day: i32) -> Result<Date, TimeProblem> {
    let year =
        i16::try_from(year).ok().filter(|year| YEARS.contains(year)).ok_or("the year is not between 1900 and 2200")?;
    Date::new(year, month as i8, day as i8).map_err(|_| "there is no such day")
}

fn time(hour: i32, minute: i32, second: i32, nanosecond: i32) -> Result<Time, TimeProblem> {
    // A leap second is read as the second before it, as POSIX clocks do.
    Time::new(hour as i8, minute as i8, second.min(59) as i8, nanosecond)
        .ok()
        .filter(|_| second <= 60)
        .ok_or("there is no such time of day")
}

/// Takes a written time apart from left to right.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn eat(&mut self, wanted: impl Fn(u8) -> bool) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        wanted(*first).then(|| {
            self.rest = rest;
            *first
        })
    }

    fn skip_separator(&mut self) {
        while self.eat(|byte| byte == b' ' || byte == b',').is_some() {}
    }

    fn word(&mut self) -> &'a [u8] {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i32> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let value = digits
            .iter()
            .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i32::from(byte - b'0')))?;
        self.rest = rest;
        Some(value)
    }

    fn one_or_two_digits(&mut self) -> Option<i32> {
        self.digits(2).or_else(|| self.digits(1))
    }

    /// `yyyy-mm-dd` or `dd-mm-yyyy`, with `-`, `/` or `.`; leaves what follows, without the `T`.
    fn date(&mut self) -> Result<Date, TimeProblem> {
        const UNKNOWN: TimeProblem = "the form of the date is not known";
        let is_separator = |byte| matches!(byte, b'-' | b'/' | b'.');
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let first = if digits == 4 { self.digits(4) } else { self.one_or_two_digits() }.ok_or(UNKNOWN)?;
        let separator = self.eat(is_separator).ok_or(UNKNOWN)?;
        let month = self.one_or_two_digits().ok_or(UNKNOWN)?;
        self.eat(|byte| byte == separator).ok_or(UNKNOWN)?;
        let date = if digits == 4 {
            let day = self.one_or_two_digits().ok_or(UNKNOWN)?;
            date(first, month, day)?
        } else {
            let year = self.digits(4).ok_or("the year has to have four digits")?;
            date(year, month, first)?
        };
        match self.peek() {
            None | Some(b' ' | b',') => {}
            Some(b'T' | b't') if self.rest.len() > 1 => self.rest = &self.rest[1..],
            Some(_) => return Err(UNKNOWN),
        }
        Ok(date)
    }

    /// `hh:mm[:ss[.fraction]]`.
    fn clock(&mut self) -> Result<Time, TimeProblem> {
        const UNKNOWN: TimeProblem = "the form of the time of day is not known";
        let hour = self.one_or_two_digits().ok_or(UNKNOWN)?;
        self.eat(|byte| byte == b':').ok_or(UNKNOWN)?;
        let minute = self.digits(2).ok_or(UNKNOWN)?;
        let (mut second, mut nanosecond) = (0, 0);
        if self.eat(|byte| byte == b':').is_some() {
            second = self.digits(2).ok_or(UNKNOWN)?;
            if self.eat(|byte| byte == b'.' || byte == b',').is_some() {
                nanosecond = self.fraction().ok_or(UNKNOWN)?;
            }
        }
        time(hour, minute, second, nanosecond)
    }

    /// Digits behind a decimal point, as billionths.
    fn fraction(&mut self) -> Option<i32> {
        let (mut value, mut scale, mut count) = (0, 100_000_000, 0);
        while let Some(byte) = self.eat(|byte| byte.is_ascii_digit()) {
            value += i32::from(byte - b'0') * scale;
            scale /= 10;
            count += 1;
        }
        (count > 0).then_some(value)
    }

    /// What may follow the time of day: an offset or a known abbreviation, then a day of the week.
    fn zone(&mut self) -> Result<Option<i32>, TimeProblem> {
        self.skip_separator();
        let offset_s = self.offset_or_abbreviation()?;
        self.skip_separator();
        if offset_s.is_some() && self.peek() == Some(b'[') && self.rest.ends_with(b"]") {
            // RFC 9557's name of the zone; the offset before it already says the instant.
            self.rest = &[];
        }
        let has_ended = self.rest.is_empty();
        let is_followed_by_weekday = is_weekday(self.word());
        if !self.rest.is_empty() || !(is_followed_by_weekday || has_ended) {
            return Err("something unknown follows the time of day");
        }
        Ok(offset_s)
    }

    /// Seconds east of UTC, if the next word says so.
    fn offset_or_abbreviation(&mut self) -> Result<Option<i32>, TimeProblem> {
        match self.peek() {
            Some(b'+' | b'-') => self.offset().map(Some).ok_or("the offset from UTC is not valid"),
            Some(byte) if byte.is_ascii_alphabetic() => {
                let before = self.rest;
                match self.word() {
                    b"Z" | b"z" | b"UTC" | b"GMT" => Ok(Some(0)),
                    b"CET" => Ok(Some(3600)),
                    b"CEST" => Ok(Some(7200)),
                    word if is_weekday(word) => {
                        self.rest = before;
                        Ok(None)
                    }
                    _ => Err("the abbreviation of the time zone is not one of CET, CEST, UTC, GMT"),
                }
            }
            _ => Ok(None),
        }
    }

    /// `+01:00`, `+0100` or `+01`.
    fn offset(&mut self) -> Option<i32> {
        let sign = if self.eat(|byte| byte == b'+' || byte == b'-')? == b'-' { -1 } else { 1 };
        let hours = self.digits(2)?;
        let has_colon = self.eat(|byte| byte == b':').is_some();
        let minutes = match self.digits(2) {
            Some(minutes) => minutes,
            None if has_colon => return None,
            None => 0,
        };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests;
