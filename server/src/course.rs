//! The course of activity over time: series, trend, changes of rate, and the rhythm of week and day.

use std::collections::HashMap;

use hotspot::change_points::stretches;
use hotspot::number::probability;
use hotspot::trend::hamed_rao;
use hotspot::trend_test;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::api::{CountBy, RateStretch, Sentence, SeriesBin, Trend};
use model::{Filter, TimeMs};

use crate::state::Live;
use crate::times;

/// Below this p-value a trend is told as one.
const TOLD: f64 = hotspot::SIGNIFICANCE;

/// The course of everything that passes the filter, between the edges.
pub(crate) fn course(
    live: &Live,
    filter: &Filter,
    count: CountBy,
    edges: &[TimeMs],
    step_days: u32,
    zone: &TimeZone,
) -> Trend {
    let selection = live.index.query(filter);
    let counted: Vec<u64> = selection.series(edges).iter().map(|(counts, weight)| count.of(counts, *weight)).collect();
    let read = selection.read(edges);
    let exposure: Vec<f64> = read.iter().map(|read| *read as f64).collect();
    // A bin without data says nothing: it is no zero.
    let rates: Vec<f64> = counted
        .iter()
        .zip(&exposure)
        .filter(|(_, read)| **read > 0.0)
        .map(|(n, read)| *n as f64 / read * 1000.0)
        .collect();
    let trend = hamed_rao(&rates).map(trend_test);
    let stretches: Vec<RateStretch> = stretches(&counted, &exposure)
        .into_iter()
        .map(|stretch| RateStretch {
            from: times::rfc3339(edges[stretch.from]),
            to: times::rfc3339(edges[stretch.to]),
            per_thousand: stretch.rate * 1000.0,
        })
        .collect();
    let series = edges
        .windows(2)
        .zip(counted.iter().zip(&read))
        .map(|(edge, (counted, read))| SeriesBin {
            from: times::rfc3339(edge[0]),
            to: times::rfc3339(edge[1]),
            counted: *counted,
            read: *read,
        })
        .collect();
    Trend {
        count,
        step_days,
        sentence: sentence(count, &counted, trend.map(|trend| (trend.z, trend.p_value)), stretches.len()),
        series,
        trend,
        stretches,
        rhythm: rhythm(&selection.times(), zone),
        data_version: live.data_version,
    }
}

/// Offsets of zones change at, and are multiples of, a quarter of an hour: within one, all times have one hour of the clock. Where
/// that does not hold, it was before 1972.
const QUARTER_MS: TimeMs = 900_000;

/// Messages by day of the week, Monday first, and hour on the clock of the zone.
pub(crate) fn rhythm(times: &[TimeMs], zone: &TimeZone) -> Vec<Vec<u64>> {
    let mut grid = vec![vec![0_u64; 24]; 7];
    let mut by_quarter: HashMap<TimeMs, u64> = HashMap::new();
    for at in times {
        *by_quarter.entry(at.div_euclid(QUARTER_MS)).or_default() += 1;
    }
    for (quarter, messages) in by_quarter {
        let Ok(at) = Timestamp::from_millisecond(quarter.saturating_mul(QUARTER_MS)) else { continue };
        let local = zone.to_datetime(at);
        grid[local.weekday().to_monday_zero_offset() as usize][local.hour() as usize] += messages;
    }
    grid
}

fn sentence(count: CountBy, counted: &[u64], trend: Option<(f64, f64)>, stretches: usize) -> Sentence {
    let [[_, nl], [_, en]] = count.words();
    let total: u64 = counted.iter().sum();
    let (trend_nl, trend_en) = match trend {
        _ if total == 0 => ("er is niets geteld.".to_owned(), "nothing was counted.".to_owned()),
        None => (
            "over een trend valt niets te zeggen: er zijn te weinig stappen met gegevens, of elke stap heeft evenveel."
                .to_owned(),
            "nothing can be said of a trend: there are too few steps with data, or all have the same.".to_owned(),
        ),
        Some((z, value)) if value < TOLD => {
            let (dutch, english) = if z > 0.0 { ("stijgend", "rising") } else { ("dalend", "falling") };
            let [p_nl, p_en] = probability(value);
            (format!("{dutch} ({p_nl})."), format!("{english} ({p_en})."))
        }
        Some((_, value)) => {
            let [p_nl, p_en] = probability(value);
            (format!("geen duidelijke trend ({p_nl})."), format!("no clear trend ({p_en})."))
        }
    };
    let changes = stretches.saturating_sub(1);
    let (changes_nl, changes_en) = match changes {
        0 => (String::new(), String::new()),
        1 => (" Het tempo veranderde eenmaal.".to_owned(), " The rate changed once.".to_owned()),
        n => (format!(" Het tempo veranderde {n} keer."), format!(" The rate changed {n} times.")),
    };
    Sentence {
        nl: format!("Aantal {nl} per gelezen bericht: {trend_nl}{changes_nl}"),
        en: format!("Number of {en} per message read: {trend_en}{changes_en}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rhythm_is_that_of_the_zone() {
        // 2020-06-01 was a Monday; 22:30 UTC is half past midnight on Tuesday in Amsterdam.
        let at = "2020-06-01T22:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        let amsterdam = TimeZone::get("Europe/Amsterdam").unwrap();
        assert_eq!((rhythm(&[at], &amsterdam)[1][0], rhythm(&[at], &TimeZone::UTC)[0][22]), (1, 1));
        assert_eq!(rhythm(&[TimeMs::MAX], &amsterdam).concat().iter().sum::<u64>(), 0);
    }

    #[test]
    fn what_cannot_be_said_is_said() {
        let none = sentence(CountBy::Conversations, &[], None, 0);
        assert!(none.nl.ends_with("er is niets geteld.") && none.en.ends_with("nothing was counted."));
        assert!(sentence(CountBy::Senders, &[4], None, 1).nl.contains("over een trend valt niets te zeggen"));
        let rise = sentence(CountBy::Senders, &[1, 2], Some((3.0, 0.002)), 2);
        assert!(rise.nl.contains("stijgend (p = 0,0020)") && rise.en.contains("changed once"), "{rise:?}");
        assert!(sentence(CountBy::Senders, &[1], Some((-3.0, 1e-9)), 3).en.contains("falling (p < 0.0001)"));
    }
}
