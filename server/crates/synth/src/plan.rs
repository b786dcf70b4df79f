//! When everything happens: messages per day, and which of them are about a planted place.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::places::Place;
use crate::truth::{PlantedHotspot, PlantedKind};

/// Days of the default period, January up to and including September 2020, in which the patterns are laid out.
const DEFAULT_DAYS: i64 = 274;

/// A pattern: days in the default period, and its share of all messages in hundred-thousandths.
struct Pattern {
    id: &'static str,
    place: &'static str,
    kind: PlantedKind,
    first_day: i64,
    end_day: i64,
    share: u64,
}

const fn pattern(id: &'static str, place: &'static str, kind: PlantedKind, days: (i64, i64), share: u64) -> Pattern {
    Pattern { id, place, kind, first_day: days.0, end_day: days.1, share }
}

/// The patterns. Day 91 is 1 April 2020, day 166 is 15 June.
const PATTERNS: [Pattern; 9] = [
    pattern("buildup-kerkenveld", "Kerkenveld", PlantedKind::Buildup, (91, 166), 600),
    pattern("moving-1", "Ter Apel", PlantedKind::Moving, (40, 61), 160),
    pattern("moving-2", "Emmer-Compascuum", PlantedKind::Moving, (58, 82), 180),
    pattern("moving-3", "Klazienaveen", PlantedKind::Moving, (79, 103), 200),
    pattern("burst-nijeveen", "Nijeveen", PlantedKind::Burst, (68, 82), 250),
    pattern("burst-schoonebeek", "Schoonebeek", PlantedKind::Burst, (187, 201), 220),
    pattern("steady-zwolle", "Zwolle", PlantedKind::Steady, (0, 274), 1500),
    pattern("steady-assen", "Assen", PlantedKind::Steady, (0, 274), 1200),
    pattern("chatterbox-roden", "Roden", PlantedKind::Chatterbox, (20, 250), 400),
];

/// One day of the plan.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) messages: u64,
    /// Of these, how many are about each planted place.
    pub(crate) planted: Vec<u64>,
}

/// A planted place, and where in its pattern a day lies.
#[derive(Debug, Clone)]
pub(crate) struct Planted {
    pub(crate) hotspot: PlantedHotspot,
    pub(crate) place: Place,
    first_day: i64,
    end_day: i64,
}

impl Planted {
    /// How far a day lies in the pattern, in thousandths.
    pub(crate) fn progress(&self, day: usize) -> u64 {
        let (into, length) = (day as i64 - self.first_day, self.end_day - self.first_day);
        (into.max(0) * 1000 / length.max(1)).min(1000) as u64
    }
}

/// The plan of a run.
pub(crate) struct Plan {
    pub(crate) days: Vec<Day>,
    pub(crate) planted: Vec<Planted>,
}

impl Plan {
    pub(crate) fn new(messages: u64, from: Date, to: Date, places: &[Place]) -> Self {
        let count = from.duration_until(to).as_hours() / 24;
        let mut days: Vec<Day> = (0..count)
            .map(|day| Day { date: from.saturating_add(day.days()), messages: 0, planted: Vec::new() })
            .collect();
        let weights = days.iter().map(|day| weekday_weight(day.date)).collect::<Vec<_>>();
        for (day, share) in days.iter_mut().zip(shares(messages, &weights)) {
            day.messages = share;
        }
        let mut planted = Vec::new();
        for pattern in &PATTERNS {
            if let Some(place) = places.iter().find(|place| place.name == pattern.place) {
                planted.push(plant(pattern, *place, messages, &mut days));
            }
        }
        Self { days, planted }
    }
}

/// Puts a pattern into the days, as far as they have room, and says what it came to.
fn plant(pattern: &Pattern, place: Place, messages: u64, days: &mut [Day]) -> Planted {
    let scaled = |day: i64| day * days.len() as i64 / DEFAULT_DAYS;
    let (first_day, end_day) = (scaled(pattern.first_day), scaled(pattern.end_day));
    let weights: Vec<u64> = (0..days.len() as i64)
        .map(|day| {
            if (first_day..end_day).contains(&day) {
                intensity(pattern.kind, day - first_day, end_day - first_day)
            } else {
                0
            }
        })
        .collect();
    let wanted = messages / 1000 * pattern.share / 100 + messages % 1000 * pattern.share / 100_000;
    let mut total = 0;
    for (day, share) in days.iter_mut().zip(shares(wanted, &weights)) {
        let room = day.messages - day.planted.iter().sum::<u64>();
        day.planted.push(share.min(room));
        total += share.min(room);
    }
    let date = |day: i64| days.first().map_or(Date::ZERO, |first| first.date.saturating_add(day.days()));
    let hotspot = PlantedHotspot {
        id: pattern.id,
        kind: pattern.kind,
        is_hotspot: !matches!(pattern.kind, PlantedKind::Steady | PlantedKind::Chatterbox),
        place: place.name,
        municipality: place.municipality,
        province: place.province,
        lon: place.lon,
        lat: place.lat,
        from: date(first_day),
        to: date(end_day),
        messages: total,
    };
    Planted { hotspot, place, first_day, end_day }
}

/// How much of a pattern falls on a day, counted from its first, relative to its other days.
fn intensity(kind: PlantedKind, day: i64, length: i64) -> u64 {
    let (day, length) = (day as u64, length as u64);
    match kind {
        // Grows with the square of time, the last days ebb.
        PlantedKind::Buildup if day * 20 >= length * 19 => length * length / 6,
        PlantedKind::Buildup => day * day + length * length / 50 + 1,
        // Up and down.
        PlantedKind::Burst | PlantedKind::Moving => 1 + day.min(length - 1 - day),
        PlantedKind::Steady | PlantedKind::Chatterbox => 1,
    }
}

/// Divides a total by weights, exactly.
fn shares(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().copied().map(u128::from).sum::<u128>().max(1);
    let (mut passed, mut given) = (0_u128, 0_u64);
    weights
        .iter()
        .map(|weight| {
            passed += u128::from(*weight);
            let due = (u128::from(total) * passed / sum) as u64;
            let share = due - given;
            given = due;
            share
        })
        .collect()
}

fn weekday_weight(date: Date) -> u64 {
    match date.weekday() {
        Weekday::Monday | Weekday::Tuesday => 94,
        Weekday::Wednesday => 97,
        Weekday::Thursday => 102,
        Weekday::Friday => 120,
        Weekday::Saturday => 112,
        Weekday::Sunday => 88,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_days_of_the_plan_add_up() {
        for messages in [0, 1, 7, 100, 1000, 33_333, 1_000_000] {
            let plan = Plan::new(messages, date(2020, 1, 1), date(2020, 10, 1), &crate::places::all());
            assert_eq!(plan.days.len() as i64, DEFAULT_DAYS);
            assert_eq!(plan.days.iter().map(|day| day.messages).sum::<u64>(), messages);
            for (at, planted) in plan.planted.iter().enumerate() {
                assert_eq!(plan.days.iter().map(|day| day.planted[at]).sum::<u64>(), planted.hotspot.messages);
            }
            assert!(plan.days.iter().all(|day| day.planted.iter().sum::<u64>() <= day.messages));
        }
    }

    #[test]
    fn kerkenveld_builds_up_from_april_and_ends_by_mid_june() {
        let plan = Plan::new(1_000_000, date(2020, 1, 1), date(2020, 10, 1), &crate::places::all());
        let kerkenveld = &plan.planted[0].hotspot;
        assert_eq!((kerkenveld.from, kerkenveld.to), (date(2020, 4, 1), date(2020, 6, 15)));
        assert_eq!((kerkenveld.municipality, kerkenveld.messages), ("De Wolden", 6000));
        let in_month =
            |month: i8| plan.days.iter().filter(|day| day.date.month() == month).map(|day| day.planted[0]).sum::<u64>();
        assert!(in_month(3) == 0 && in_month(4) < in_month(5) && in_month(7) == 0);
        assert!(in_month(6) > in_month(4), "half of June has more than April");
    }
}
