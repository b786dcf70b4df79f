//! The course over time as shapes: bars of the rate, stretches of one rate, where it changed, and the busiest hour. Pure functions.

use std::fmt::Write as _;

use model::api::{RateStretch, SeriesBin, Trend};

use crate::format;
use crate::i18n;
use crate::time::parse_rfc3339;
use crate::url::Lang;

/// Width of the drawing.
pub(crate) const WIDTH: f64 = 360.0;
/// Height of the drawing.
pub(crate) const HEIGHT: f64 = 84.0;

/// The drawing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Course {
    /// Bars as a path.
    pub(crate) bars: String,
    /// Left edge and width of what was not read.
    pub(crate) gaps: Vec<(f64, f64)>,
    /// The stretches of one rate as a path of level lines.
    pub(crate) rates: String,
    /// Where the rate changed.
    pub(crate) changes: Vec<f64>,
    /// Left edge and width of the chosen period, where that is a part of it.
    pub(crate) period: Option<(f64, f64)>,
    /// The rate that the top stands for, per thousand messages read.
    pub(crate) most: f64,
}

/// Per thousand messages read; `None` where none was.
fn rate(bin: &SeriesBin) -> Option<f64> {
    (bin.read > 0).then(|| bin.counted as f64 * 1000.0 / bin.read as f64)
}

/// The drawing of a series and its stretches; `period`: from and to of the chosen one.
pub(crate) fn course(series: &[SeriesBin], stretches: &[RateStretch], period: Option<(&str, &str)>) -> Course {
    let step = WIDTH / series.len().max(1) as f64;
    let rates = series.iter().filter_map(rate).chain(stretches.iter().map(|stretch| stretch.per_thousand));
    let most = rates.fold(0.0, f64::max);
    let scale = if most > 0.0 { (HEIGHT - 4.0) / most } else { 0.0 };
    let mut drawn = Course { most, ..Course::default() };
    for (at, bin) in series.iter().enumerate() {
        let left = at as f64 * step;
        match rate(bin) {
            None => drawn.gaps.push((left, step)),
            Some(rate) if rate > 0.0 => {
                // Writing to a String cannot fail.
                let _ = write!(
                    drawn.bars,
                    "M{left:.1},{HEIGHT}v-{:.1}h{:.1}V{HEIGHT}z",
                    (rate * scale).max(1.0),
                    step * 0.82
                );
            }
            Some(_) => {}
        }
    }
    let position = |time: &str| -> Option<f64> {
        let (first, last) = (series.first()?, series.last()?);
        let (from, to) = (parse_rfc3339(&first.from)?, parse_rfc3339(&last.to)?);
        let share = (parse_rfc3339(time)? - from) as f64 / (to - from).max(1) as f64;
        Some(share.clamp(0.0, 1.0) * WIDTH)
    };
    for (at, stretch) in stretches.iter().enumerate() {
        if let (Some(from), Some(to)) = (position(&stretch.from), position(&stretch.to)) {
            let y = HEIGHT - stretch.per_thousand * scale;
            let _ = write!(drawn.rates, "M{from:.1},{y:.1}H{to:.1}");
            if at > 0 {
                drawn.changes.push(from);
            }
        }
    }
    let edges = period.and_then(|(from, to)| position(from).zip(position(to)));
    drawn.period = edges.map(|(from, to)| (from, to - from)).filter(|(_, width)| (1.0..WIDTH - 1.0).contains(width));
    drawn
}

/// The changes of rate as sentences.
pub(crate) fn changes(lang: Lang, trend: &Trend) -> Vec<String> {
    let number = |value: f64| format::measure(lang, value);
    let told = trend.stretches.windows(2).map(|two| {
        let (day, before, after) =
            (format::day_of(lang, &two[1].from), number(two[0].per_thousand), number(two[1].per_thousand));
        match lang {
            Lang::Nl => format!("{day}: van {before} naar {after} per 1.000 gelezen berichten"),
            Lang::En => format!("{day}: from {before} to {after} per 1,000 messages read"),
        }
    });
    told.collect()
}

/// The trend test in figures; the sentence of the answer stands beside it.
pub(crate) fn test(lang: Lang, trend: &Trend) -> Option<String> {
    let found = trend.trend?;
    let number = |value: f64| format::decimal(lang, value, 2);
    let step = match (lang, trend.step_days) {
        (_, 7) => "week".to_owned(),
        (Lang::Nl, 1) => "dag".to_owned(),
        (Lang::Nl, days) => format!("{days} dagen"),
        (Lang::En, 1) => "day".to_owned(),
        (Lang::En, days) => format!("{days} days"),
    };
    let (median, per) = if lang == Lang::Nl { ("mediane verandering", "per") } else { ("median change", "per") };
    Some(format!(
        "Mann–Kendall (Hamed–Rao): τ = {}, z = {}, {}; {median} {} {per} {step}.",
        number(found.tau),
        number(found.z),
        format::probability(lang, found.p_value),
        number(found.slope)
    ))
}

/// The busiest hour in words; `None` when there is nothing.
pub(crate) fn busiest(lang: Lang, rhythm: &[Vec<u64>]) -> Option<String> {
    let hours =
        rhythm.iter().enumerate().flat_map(|(day, row)| row.iter().enumerate().map(move |(hour, n)| (day, hour, *n)));
    let total: u64 = rhythm.iter().flatten().sum();
    // Of equals the first of the week.
    let (day, hour, most) = hours.rev().max_by_key(|(_, _, n)| *n).filter(|(_, _, n)| *n > 0)?;
    let (day, number) = (i18n::weekday(lang, day), |n| format::count(lang, n));
    Some(match lang {
        Lang::Nl => {
            format!("Drukste uur: {day} {hour}–{} uur, {} van {} berichten.", hour + 1, number(most), number(total))
        }
        Lang::En => {
            format!("Busiest hour: {day} {hour}:00–{}:00, {} of {} messages.", hour + 1, number(most), number(total))
        }
    })
}

#[cfg(test)]
mod tests {
    use model::api::{CountBy, RateStretch, Sentence, TrendTest};

    use super::*;

    fn trend(counts: &[(u64, u64)]) -> Trend {
        let day = |at: usize| format!("2020-06-{:02}T00:00:00Z", at + 1);
        let series = counts.iter().enumerate().map(|(at, (counted, read))| SeriesBin {
            from: day(at),
            to: day(at + 1),
            counted: *counted,
            read: *read,
        });
        let stretch =
            |from: usize, to: usize, per_thousand: f64| RateStretch { from: day(from), to: day(to), per_thousand };
        Trend {
            count: CountBy::Senders,
            step_days: 1,
            series: series.collect(),
            trend: Some(TrendTest { tau: 0.5, z: -2.0, p_value: 0.04, slope: 0.1 }),
            stretches: vec![stretch(0, 2, 10.0), stretch(2, 4, 40.0)],
            rhythm: vec![vec![0; 24]; 7],
            sentence: Sentence::default(),
            data_version: 1,
        }
    }

    #[test]
    fn a_bar_is_a_rate_and_what_was_not_read_is_a_gap() {
        let found = trend(&[(1, 100), (0, 0), (4, 100), (0, 100)]);
        let period = ("2020-06-03T00:00:00Z", "2020-06-04T00:00:00Z");
        let drawn = course(&found.series, &found.stretches, Some(period));
        assert!((drawn.most - 40.0).abs() < 1e-9);
        assert_eq!(drawn.gaps, [(90.0, 90.0)]);
        assert_eq!(drawn.bars.matches('M').count(), 2);
        assert_eq!(drawn.changes, [180.0]);
        assert_eq!(drawn.rates, "M0.0,64.0H180.0M180.0,4.0H360.0");
        assert_eq!(drawn.period, Some((180.0, 90.0)));
        // All of it is no part of it.
        let whole = ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
        assert_eq!(course(&found.series, &[], Some(whole)).period, None);
        assert_eq!(course(&[], &[], Some(period)), Course::default());
    }

    #[test]
    fn changes_and_test_are_told() {
        let trend = trend(&[(1, 100); 4]);
        assert_eq!(changes(Lang::Nl, &trend), ["3 jun 2020: van 10 naar 40 per 1.000 gelezen berichten"]);
        let test = test(Lang::Nl, &trend).expect("a test");
        assert!(test.contains("τ = 0,50, z = −2,00, p = 0,0400; mediane verandering 0,10 per dag."), "{test}");
    }

    #[test]
    fn the_busiest_hour_is_told_and_an_empty_week_is_not() {
        let mut rhythm = vec![vec![0; 24]; 7];
        assert_eq!(busiest(Lang::Nl, &rhythm), None);
        (rhythm[4][22], rhythm[5][1]) = (14, 14);
        assert_eq!(busiest(Lang::Nl, &rhythm).as_deref(), Some("Drukste uur: vr 22–23 uur, 14 van 28 berichten."));
    }
}
