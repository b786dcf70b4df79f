//! The histogram as shapes: bars, silences and ticks. Pure functions.

use std::fmt::Write as _;

use model::api::Bin;

use crate::format;
use crate::i18n;
use crate::time::{DAY_MS, Day, Moment, parse_rfc3339};
use crate::url::Lang;
use crate::window::Window;

/// Most labels on the axis.
const MOST_TICKS: usize = 11;

/// Bars as SVG paths in a box of 1000 × 100.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bars {
    /// Those within the window.
    pub(crate) inside: String,
    /// The others.
    pub(crate) outside: String,
}

/// The bars; their height is linear from zero.
pub(crate) fn bars(bins: &[Bin], window: Option<Window>) -> Bars {
    let most = bins.iter().map(|b| b.messages).max().unwrap_or(0).max(1) as f64;
    let step = 1000.0 / bins.len().max(1) as f64;
    let gap = (step * 0.14).min(1.2);
    let mut bars = Bars::default();
    for (at, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.messages > 0) {
        let height = (bin.messages as f64 / most * 96.0).max(1.5);
        let within = window.is_none_or(|w| day_of(bin).is_some_and(|day| w.from <= day && day < w.to));
        let path = if within { &mut bars.inside } else { &mut bars.outside };
        let _ = write!(path, "M{:.2},100v-{height:.2}h{:.2}v{height:.2}z", at as f64 * step, step - gap);
    }
    bars
}

/// Runs of bars in which nothing was read: left edge and width as shares of the whole.
pub(crate) fn silences(bins: &[Bin]) -> Vec<(f64, f64)> {
    let whole = bins.len().max(1) as f64;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in bins.iter().enumerate().filter(|(_, bin)| bin.read == 0) {
        match runs.last_mut() {
            Some((_, end)) if *end == at => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs.into_iter().map(|(start, end)| (start as f64 / whole, (end - start) as f64 / whole)).collect()
}

/// Days of a bar.
pub(crate) fn unit_days(bins: &[Bin]) -> i64 {
    let length = bins.first().and_then(|bin| Some(parse_rfc3339(&bin.to)? - parse_rfc3339(&bin.from)?));
    length.map_or(1, |ms| ((ms + DAY_MS / 2) / DAY_MS).max(1))
}

/// Labels on the axis with their place as a share of the whole: days, months or years, as many as fit.
pub(crate) fn ticks(bounds: Window, lang: Lang) -> Vec<(f64, String)> {
    let days = bounds.days();
    let starts: Vec<(Day, String)> = if days <= 2 * MOST_TICKS as i32 {
        let step = (days / MOST_TICKS as i32).max(1);
        (0..days)
            .step_by(step as usize)
            .map(|offset| bounds.from.plus(offset))
            .map(|day| (day, short_day(lang, day)))
            .collect()
    } else if days <= 75 {
        let mondays = (0..days).map(|offset| bounds.from.plus(offset)).filter(|day| day.weekday() == 0);
        mondays.map(|day| (day, short_day(lang, day))).collect()
    } else {
        months(bounds, lang)
    };
    starts.into_iter().map(|(day, label)| (bounds.fraction(day), label)).filter(|(at, _)| *at < 0.97).collect()
}

fn months(bounds: Window, lang: Lang) -> Vec<(Day, String)> {
    let (first_year, first_month, _) = bounds.from.civil();
    let all = bounds.days() / 30 + 2;
    let step = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|step| all / step <= MOST_TICKS as i32).unwrap_or(240);
    (0..all)
        .map(|offset| first_month as i32 - 1 + offset)
        .filter(|month| (first_year * 12 + month) % step == 0)
        .map(|month| (first_year + month.div_euclid(12), month.rem_euclid(12) as u32 + 1))
        .map(|(year, month)| {
            let label = if month == 1 { year.to_string() } else { i18n::month(lang, month).to_owned() };
            (Day::from_civil(year, month, 1), label)
        })
        .filter(|(day, _)| bounds.from <= *day && *day < bounds.to)
        .collect()
}

fn short_day(lang: Lang, day: Day) -> String {
    let full = format::day(lang, day);
    full.rsplit_once(' ').map_or(full.clone(), |(short, _)| short.to_owned())
}

fn day_of(bin: &Bin) -> Option<Day> {
    Some(Moment::from_utc_ms(parse_rfc3339(&bin.from)?).day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(read: &[u64]) -> Vec<Bin> {
        let first = Day::from_civil(2020, 6, 1);
        let midnight = |day: Day| format!("{}T22:00:00Z", day.plus(-1));
        let bin = |(at, read): (usize, &u64)| {
            let day = first.plus(at as i32);
            Bin { from: midnight(day), to: midnight(day.plus(1)), messages: *read, read: *read }
        };
        read.iter().enumerate().map(bin).collect()
    }

    #[test]
    fn bars_stand_inside_or_outside_the_window_by_their_dutch_day() {
        let june_2 = Day::from_civil(2020, 6, 2);
        let bars = bars(&bins(&[5, 10, 0]), Some(Window { from: june_2, to: june_2.plus(1) }));
        assert!(bars.inside.contains("v-96.00") && bars.outside.contains("v-48.00"), "{bars:?}");
        assert_eq!(bars.inside.matches('M').count() + bars.outside.matches('M').count(), 2);
    }

    #[test]
    fn silence_is_where_nothing_was_read() {
        assert_eq!(silences(&bins(&[0, 0, 3, 0])), [(0.0, 0.5), (0.75, 0.25)]);
        assert_eq!(silences(&bins(&[1, 1])), []);
    }

    #[test]
    fn a_bar_knows_its_days() {
        assert_eq!(unit_days(&bins(&[1])), 1);
        assert_eq!(unit_days(&[]), 1);
    }

    #[test]
    fn ticks_are_few_enough_for_any_span() {
        let from = Day::from_civil(2020, 1, 1);
        for days in [1, 5, 20, 40, 75, 90, 275, 700, 4000, 20_000] {
            let ticks = ticks(Window { from, to: from.plus(days) }, Lang::Nl);
            assert!(!ticks.is_empty() && ticks.len() <= 22, "{days} days: {ticks:?}");
        }
        let year = ticks(Window { from, to: from.plus(275) }, Lang::Nl);
        assert_eq!(year.first().map(|(_, label)| label.as_str()), Some("2020"));
        assert_eq!(year.get(1).map(|(_, label)| label.as_str()), Some("feb"));
    }
}
