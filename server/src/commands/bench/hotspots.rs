//! `speurkaart bench hotspots`: planted hotspots among chance, and chance alone.
//!
//! The worlds are made here as rows of the index: what is measured is the statistics. Texts and their places are measured by the other benches.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use activity::{Coverage, Grouping, Index, Row, Standing};
use jiff::tz::TimeZone;
use model::api::{CountBy, Hotspot, HotspotClass};
use model::{Filter, Place, PlaceKind, Scope};

use crate::knowledge::Knowledge;
use crate::ranking::{Ranking, list_only};

/// Places that are spoken of.
const PLACES: u64 = 3_000;
/// Planted hotspots.
const PLANTED: u64 = 40;
/// Lines of the list in which they are looked for.
const FIRST: usize = 50;
/// Days of a period; there are two of them.
const DAYS: i64 = 28;
const DAY_MS: i64 = 86_400_000;
/// Mentions that a planted hotspot gets beside its own, each by another sender.
const EXTRA: u64 = 60;

/// The next number of a linear congruential generator (Knuth, MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        // A draw has 31 good bits, fewer than a period has milliseconds.
        ((self.next() << 31) | self.next()) % bound.max(1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn unit(&mut self) -> f64 {
        (self.below(1 << 30) as f64 + 0.5) / f64::from(1 << 30)
    }
}

pub(crate) fn run(mentions: u64, worlds: u64) -> anyhow::Result<()> {
    let started = Instant::now();
    let regions = Arc::new(Knowledge::regions()?);
    let (index, planted) = world(&regions, mentions, 1, PLANTED)?;
    let made = started.elapsed();
    let asked = Instant::now();
    let list = list(&index);
    let took = asked.elapsed();
    let rises: Vec<&Hotspot> = list.iter().filter(|one| is_rise(one)).collect();
    let found = list.iter().take(FIRST).filter(|one| is_rise(one) && planted.contains(&one.id)).count();
    let false_ones = rises.iter().filter(|one| !planted.contains(&one.id)).count();
    println!(
        "{mentions} mentions of {PLACES} places, {PLANTED} planted with {EXTRA} senders more; made in {:.1} s",
        made.as_secs_f64()
    );
    println!("counting and ranking all places: {:.0} ms", took.as_secs_f64() * 1000.0);
    println!("found in the first {FIRST}: {found} of {PLANTED} ({:.1} %)", share(found, planted.len()));
    println!(
        "false among {} called new or rising: {false_ones} ({:.1} %)",
        rises.len(),
        share(false_ones, rises.len())
    );
    let mut alarms = 0;
    for seed in 0..worlds {
        let (index, _) = world(&regions, mentions, 1_000 + seed, 0)?;
        alarms += usize::from(self::list(&index).iter().any(is_rise));
    }
    println!(
        "worlds without planted hotspots that show any: {alarms} of {worlds} ({:.1} %)",
        share(alarms, worlds as usize)
    );
    Ok(())
}

fn is_rise(one: &Hotspot) -> bool {
    matches!(one.class, HotspotClass::New | HotspotClass::Rising)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// Two periods in which each place keeps its rate, and planted ones get more in the second. Also the ids of the planted.
fn world(
    regions: &Arc<activity::Regions>,
    mentions: u64,
    seed: u64,
    planted: u64,
) -> anyhow::Result<(Index, HashSet<String>)> {
    let mut dice = Dice(seed);
    let places: Vec<(u32, Place)> = (0..PLACES as u32).map(|no| (no, place(no))).collect();
    // Rates as those of hamlets and towns: exponential, so most are small and few are large.
    let rates: Vec<f64> = (0..PLACES).map(|_| -dice.unit().ln()).collect();
    let mut upto = Vec::with_capacity(rates.len());
    let mut sum = 0.0;
    for rate in &rates {
        sum += rate;
        upto.push(sum);
    }
    let row = |dice: &mut Dice, message_no: u64, place_no: u32, from_day: i64, days: i64| Row {
        place_no,
        sent_at_ms: from_day * DAY_MS + dice.below((days * DAY_MS) as u64) as i64,
        message_no,
        conversation_no: dice.below(200_000) as u32,
        sender_no: dice.below(400_000) as u32,
        case_no: 1,
        source_no: 1,
        confidence: 0.9,
        phrase_no: 0,
        uncertain: false,
        topics: 0,
        standing: Standing::AsRead,
    };
    let mut rows = Vec::with_capacity(mentions as usize);
    for message_no in 0..mentions.saturating_sub(planted * EXTRA) {
        let drawn = dice.unit() * sum;
        let place_no = upto.partition_point(|upto| *upto < drawn).min(upto.len() - 1) as u32;
        rows.push(row(&mut dice, message_no, place_no, 0, 2 * DAYS));
    }
    // Planted where little is said: the rarer half of the places.
    let mut order: Vec<u32> = (0..PLACES as u32).collect();
    order.sort_by(|a, b| rates[*a as usize].total_cmp(&rates[*b as usize]));
    let chosen: Vec<u32> = (0..planted).map(|at| order[(at * PLACES / 2 / planted.max(1)) as usize]).collect();
    for place_no in &chosen {
        for _ in 0..EXTRA {
            let message_no = rows.len() as u64;
            rows.push(row(&mut dice, message_no, *place_no, DAYS, DAYS));
        }
    }
    let mut by_day = vec![0_u64; 2 * DAYS as usize];
    for row in &rows {
        by_day[(row.sent_at_ms / DAY_MS) as usize] += 1;
    }
    let coverage: Vec<Coverage> = by_day
        .into_iter()
        .zip(0..)
        .map(|(messages, day)| Coverage { case_no: 1, source_no: 1, day, messages, shared: 0 })
        .collect();
    let index = Index::new(Arc::clone(regions)).append(places, &rows)?.with_coverage(&coverage);
    Ok((index, chosen.into_iter().map(|no| place(no).id).collect()))
}

fn place(no: u32) -> Place {
    Place {
        id: format!("bench/{no}"),
        name: format!("Plaats {no}"),
        kind: PlaceKind::Locality,
        lon: 4.5 + 2.3 * f64::from(no % 60) / 60.0,
        lat: 51.5 + 1.7 * f64::from(no / 60) / 50.0,
        radius_m: 900,
        municipality: None,
        province: None,
        police_unit: None,
        country: Some("NL".into()),
        population: None,
    }
}

/// The list of the second period, as the server makes it, neighbourhoods aside.
fn list(index: &Index) -> Vec<Hotspot> {
    let filter = Filter { scope: Scope::All, ..Filter::default() };
    let ranking = Ranking {
        grouping: Grouping::Place,
        count: CountBy::default(),
        from_ms: DAYS * DAY_MS,
        to_ms: 2 * DAYS * DAY_MS,
        sparkline_steps: 24,
        limit: PLACES as usize,
        zone: TimeZone::UTC,
    };
    list_only(index, &filter, &ranking)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_hotspots_are_found_in_a_small_world() {
        let regions = Arc::new(Knowledge::regions().unwrap());
        let (index, planted) = world(&regions, 60_000, 3, 5).unwrap();
        assert_eq!((index.len(), planted.len()), (60_000, 5));
        let filter = Filter { scope: Scope::All, ..Filter::default() };
        let table = index.query(&filter).table(Grouping::Place, DAYS * DAY_MS, 2 * DAYS * DAY_MS);
        assert!(table.read > 25_000 && table.read_before > 25_000, "both periods are spoken in");
        let list = list(&index);
        let found = list.iter().take(8).filter(|one| is_rise(one) && planted.contains(&one.id)).count();
        assert!(found >= 4, "{found}");
    }
}
