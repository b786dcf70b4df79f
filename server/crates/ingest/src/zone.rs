//! Local times to instants: the zone of a file, with its answers remembered by day.
//!
//! Never here: how times are written; that is `time`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use model::TimeMs;

/// What a reader decided about times that a zone leaves open. Each of these messages was read; none was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// Times that the clock showed twice (the end of summer time), read as the first of the two.
    pub ambiguous_times: u64,
    /// Times that the clock never showed (the start of summer time), moved forward by the hour left out.
    pub nonexistent_times: u64,
    /// Dates without a time, read as the start of that day.
    pub dates_without_time: u64,
}

/// Days remembered; neighbouring days never collide, so chats in order of time nearly always find theirs.
const REMEMBERED_DAYS: usize = 1024;

/// Days in which the zone changes its offset are asked about anew each time.
#[derive(Debug, Clone, Copy)]
enum Day {
    Unknown,
    Constant { day: i64, offset_s: i64 },
}

/// A time zone that answers quickly for times near each other.
#[derive(Debug)]
pub(crate) struct Zone {
    zone: TimeZone,
    days: Vec<Day>,
}

impl Zone {
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self { zone, days: vec![Day::Unknown; REMEMBERED_DAYS] }
    }

    /// The instant that a clock in this zone shows as `local`; `None` only outside the years that jiff knows.
    pub(crate) fn instant_ms(&mut self, local: DateTime, notes: &mut Notes) -> Option<TimeMs> {
        let local_ms = at_offset_ms(local, 0)?;
        let day = local_ms.div_euclid(86_400_000);
        let slot = day.rem_euclid(REMEMBERED_DAYS as i64) as usize;
        if let Some(Day::Constant { day: remembered, offset_s }) = self.days.get(slot).copied()
            && remembered == day
        {
            return Some(local_ms - offset_s * 1000);
        }
        if let Some(offset_s) = self.constant_offset_s(local.date()) {
            self.days[slot] = Day::Constant { day, offset_s };
            return Some(local_ms - offset_s * 1000);
        }
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => {}
            AmbiguousOffset::Gap { .. } => notes.nonexistent_times += 1,
            AmbiguousOffset::Fold { .. } => notes.ambiguous_times += 1,
        }
        // Compatible is RFC 5545's choice: the first of two, and forward over a gap.
        ambiguous.compatible().ok().map(jiff::Timestamp::as_millisecond)
    }

    /// The offset, if it is the same all day. No zone changes twice within a day.
    fn constant_offset_s(&self, date: Date) -> Option<i64> {
        let offset_at = |time: Time| match self.zone.to_ambiguous_timestamp(date.to_datetime(time)).offset() {
            AmbiguousOffset::Unambiguous { offset } => Some(offset),
            _ => None,
        };
        let (first, last) = (offset_at(Time::MIN)?, offset_at(Time::MAX)?);
        (first == last).then(|| i64::from(first.seconds()))
    }
}

/// The instant that a clock `offset_s` east of UTC shows as `local`.
pub(crate) fn at_offset_ms(local: DateTime, offset_s: i32) -> Option<TimeMs> {
    let utc = Offset::UTC.to_timestamp(local).ok()?;
    Some(utc.as_millisecond() - i64::from(offset_s) * 1000)
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    #[test]
    fn remembered_answers_agree_with_the_zone_itself() {
        let amsterdam = TimeZone::get("Europe/Amsterdam").unwrap();
        let mut zone = Zone::new(amsterdam.clone());
        let mut notes = Notes::default();
        let start = datetime(1935, 1, 1, 0, 17, 3, 0);
        for step in 0..60_000_i64 {
            let local = start.saturating_add(jiff::SignedDuration::from_mins(step * 947 % 52_000_000));
            let expected = amsterdam.to_ambiguous_timestamp(local).compatible().unwrap().as_millisecond();
            assert_eq!(zone.instant_ms(local, &mut notes), Some(expected), "{local}");
        }
    }

    #[test]
    fn an_hour_shown_twice_is_read_as_the_first_and_a_skipped_one_moves_forward() {
        let mut zone = Zone::new(TimeZone::get("Europe/Amsterdam").unwrap());
        let mut notes = Notes::default();
        let utc = |year, month, day, hour, minute| at_offset_ms(datetime(year, month, day, hour, minute, 0, 0), 0);
        assert_eq!(zone.instant_ms(datetime(2020, 10, 25, 2, 30, 0, 0), &mut notes), utc(2020, 10, 25, 0, 30));
        assert_eq!(notes, Notes { ambiguous_times: 1, ..Notes::default() });
        assert_eq!(zone.instant_ms(datetime(2020, 3, 29, 2, 30, 0, 0), &mut notes), utc(2020, 3, 29, 1, 30));
        assert_eq!(notes, Notes { ambiguous_times: 1, nonexistent_times: 1, ..Notes::default() });
        assert_eq!(zone.instant_ms(datetime(2020, 10, 25, 4, 0, 0, 0), &mut notes), utc(2020, 10, 25, 3, 0));
        assert_eq!(notes.ambiguous_times, 1, "the rest of that day is clear");
    }
}
