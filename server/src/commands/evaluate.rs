//! `speurkaart evaluate`: replays the past week by week, and measures how well each list, made from what was known then, described where the
//! events of the week after came to be. It judges descriptions of places; nobody's behaviour is predicted.

mod events;

use std::collections::HashMap;
use std::sync::Arc;

use activity::{Grid, Grouping, StudyArea};
use anyhow::{Context, bail};
use hotspot::evaluate::{Measures, Scored, measured};
use model::api::{CountBy, HotspotClass};
use model::{Filter, RegionKind, Scope, TimeMs};
use serde_json::json;

use crate::cli::{EvaluateArgs, ReportArg};
use crate::config::Data;
use crate::knowledge::Knowledge;
use crate::ranking::{Ranking, list_only};
use crate::state::Live;
use crate::{config, live};
use events::Event;

const WEEK_MS: TimeMs = 7 * 86_400_000;
/// The lists that are compared.
const METHODS: [&str; 3] = ["hotspots", "plain_counts", "last_week"];

pub(crate) async fn run(data: &Data, args: &EvaluateArgs) -> anyhow::Result<()> {
    if !(args.area > 0.0 && args.area <= 1.0) {
        bail!("--area is a share above 0 and up to 1");
    }
    let zone = config::timezone(&args.timezone)?;
    let count: CountBy = args.count.parse().map_err(anyhow::Error::msg)?;
    let grouping =
        if args.by == "cell" { Grouping::Grid(Grid::VILLAGES) } else { Grouping::Region(RegionKind::Municipality) };
    let read = events::read(&args.events, &zone, &Knowledge::gazetteer(&data.directory)?)?;
    for rejected in read.rejected.iter().take(10) {
        eprintln!("{rejected}");
    }
    let regions = Arc::new(Knowledge::regions()?);
    let store = data.open().await?;
    let live = live::load(&store, &regions, &data.directory).await?;
    // Whoever can read the data sees every case in it.
    let filter = Filter { scope: Scope::All, ..Filter::default() };
    let area = live.index.query(&filter).study_area(grouping);
    let mut replay =
        Replay { live: &live, filter: &filter, area: &area, grouping, count, weeks: args.weeks, share: args.area };
    let placed = replay.placed(&read.events);
    let outside = read.events.len() - placed.len();
    let result = replay.run(&placed)?;
    match args.report {
        ReportArg::Json => println!("{}", result.json(&read, outside, args)),
        ReportArg::Text => print!("{}", result.text(&read, outside, args)),
    }
    Ok(())
}

/// An event with the position of its unit.
#[derive(Clone, Copy)]
struct Placed {
    at_ms: TimeMs,
    unit: usize,
}

struct Replay<'a> {
    live: &'a Live,
    filter: &'a Filter,
    area: &'a StudyArea,
    grouping: Grouping,
    count: CountBy,
    weeks: u32,
    share: f64,
}

/// What a replay came to.
struct Replayed {
    /// Weeks with an event, and all weeks.
    weeks: (usize, usize),
    /// Means over the weeks with an event, by method.
    means: Vec<Measures>,
    /// Days from the first list that called the unit new or rising to the event, for events that had one.
    leads_days: Vec<i64>,
    events: usize,
}

impl Replay<'_> {
    fn placed(&self, events: &[Event]) -> Vec<Placed> {
        let position: HashMap<&str, usize> =
            self.area.units.iter().enumerate().map(|(at, unit)| (unit.id.as_str(), at)).collect();
        let unit = |event: &Event| {
            let id = self.live.index.unit_at(self.grouping, event.point)?;
            position.get(id.as_str()).copied()
        };
        events.iter().filter_map(|event| Some(Placed { at_ms: event.at_ms, unit: unit(event)? })).collect()
    }

    fn run(&mut self, events: &[Placed]) -> anyhow::Result<Replayed> {
        let (first_ms, last_ms) =
            self.live.totals.first_ms.zip(self.live.totals.last_ms).context("there are no messages to replay")?;
        let window_ms = i64::from(self.weeks) * WEEK_MS;
        // Two windows are needed before the first list can compare.
        let mut now_ms = first_ms + 2 * window_ms;
        let (mut weeks, mut all) = (0, 0);
        let mut sums: Vec<Vec<Measures>> = vec![Vec::new(); METHODS.len()];
        let mut called: HashMap<usize, TimeMs> = HashMap::new();
        let mut leads_days = Vec::new();
        let from_ms = now_ms;
        while now_ms <= last_ms {
            all += 1;
            let scores = self.scores(now_ms, window_ms, &mut called);
            let within = |from_ms: TimeMs| -> Vec<u64> {
                let mut counts = vec![0; self.area.units.len()];
                for event in events.iter().filter(|event| (from_ms..from_ms + WEEK_MS).contains(&event.at_ms)) {
                    counts[event.unit] += 1;
                }
                counts
            };
            let (now, before) = (within(now_ms), within(now_ms - WEEK_MS));
            for event in events.iter().filter(|event| (now_ms..now_ms + WEEK_MS).contains(&event.at_ms)) {
                if let Some(called_ms) = called.get(&event.unit) {
                    leads_days.push((event.at_ms - called_ms) / 86_400_000);
                }
            }
            if now.iter().any(|count| *count > 0) {
                weeks += 1;
                for (scores, sums) in scores.iter().zip(&mut sums) {
                    let unit = |at: usize| Scored {
                        score: scores[at],
                        events: now[at],
                        events_before: before[at],
                        area_km2: self.area.units[at].area_km2,
                    };
                    sums.push(measured(&(0..scores.len()).map(unit).collect::<Vec<_>>(), self.share));
                }
            }
            now_ms += WEEK_MS;
        }
        leads_days.sort_unstable();
        let replayed = from_ms..now_ms;
        let events = events.iter().filter(|event| replayed.contains(&event.at_ms)).count();
        Ok(Replayed { weeks: (weeks, all), means: sums.iter().map(|of| mean(of)).collect(), leads_days, events })
    }

    /// What each method gives each unit, by what was known at the time. Units that the list calls new or rising are noted, the others forgotten.
    fn scores(&self, now_ms: TimeMs, window_ms: TimeMs, called: &mut HashMap<usize, TimeMs>) -> Vec<Vec<f64>> {
        let ranking = |from_ms| Ranking {
            grouping: self.grouping,
            count: self.count,
            from_ms,
            to_ms: now_ms,
            sparkline_steps: 1,
            limit: usize::MAX,
            zone: jiff::tz::TimeZone::UTC,
        };
        let position: HashMap<&str, usize> =
            self.area.units.iter().enumerate().map(|(at, unit)| (unit.id.as_str(), at)).collect();
        let mut scores = vec![vec![0.0; self.area.units.len()]; METHODS.len()];
        let mut rising = HashMap::new();
        for one in list_only(&self.live.index, self.filter, &ranking(now_ms - window_ms)) {
            let Some(at) = position.get(one.id.as_str()) else { continue };
            scores[0][*at] = 1.0 / f64::from(one.rank);
            scores[1][*at] = one.statistics.counted as f64;
            if matches!(one.class, HotspotClass::New | HotspotClass::Rising) {
                rising.insert(*at, called.get(at).copied().unwrap_or(now_ms));
            }
        }
        for one in list_only(&self.live.index, self.filter, &ranking(now_ms - WEEK_MS)) {
            if let Some(at) = position.get(one.id.as_str()) {
                scores[2][*at] = one.statistics.counted as f64;
            }
        }
        // A call holds for as long as a list looks back: what was called a month ago and is quiet since was no warning.
        for (at, since_ms) in called.iter() {
            if now_ms - since_ms <= window_ms {
                rising.entry(*at).or_insert(*since_ms);
            }
        }
        *called = rising;
        scores
    }
}

/// Means over weeks, each measure over the weeks in which it can be said.
fn mean(of: &[Measures]) -> Measures {
    let over = |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let some = |get: fn(&Measures) -> Option<f64>| over(of.iter().filter_map(get).collect());
    Measures {
        area_share: over(of.iter().map(|one| one.area_share).collect()).unwrap_or(0.0),
        hit_rate: some(|one| one.hit_rate),
        pai: some(|one| one.pai),
        pei: some(|one| one.pei),
        rri: some(|one| one.rri),
    }
}

impl Replayed {
    fn median_lead_days(&self) -> Option<i64> {
        self.leads_days.get(self.leads_days.len() / 2).copied()
    }

    fn json(&self, read: &events::Events, outside: usize, args: &EvaluateArgs) -> serde_json::Value {
        let methods: serde_json::Map<String, serde_json::Value> = METHODS
            .iter()
            .zip(&self.means)
            .map(|(name, m)| {
                let measures = json!({"area_share": m.area_share, "hit_rate": m.hit_rate, "pai": m.pai, "pei_star": m.pei, "rri": m.rri});
                ((*name).to_owned(), measures)
            })
            .collect();
        json!({
            "by": args.by, "count": args.count, "weeks_back": args.weeks, "area": args.area,
            "weeks": self.weeks.1, "weeks_with_events": self.weeks.0, "events": self.events,
            "outside": outside, "rejected": read.rejected.len(), "methods": methods,
            "called_before": self.leads_days.len(), "median_lead_days": self.median_lead_days(),
        })
    }

    fn text(&self, read: &events::Events, outside: usize, args: &EvaluateArgs) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{} events in {} of {} weeks replayed; {outside} outside the study area, {} not readable",
            self.events,
            self.weeks.0,
            self.weeks.1,
            read.rejected.len()
        );
        if self.weeks.0 == 0 {
            let _ = writeln!(out, "nothing can be measured: no event falls in a week that can be replayed");
            return out;
        }
        let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.2}"));
        let _ = writeln!(out, "{:<14} {:>6} {:>8} {:>7} {:>6} {:>6}", "list", "area", "hit rate", "PAI", "PEI*", "RRI");
        for (name, m) in METHODS.iter().zip(&self.means) {
            let (hit, pai, pei, rri) = (number(m.hit_rate), number(m.pai), number(m.pei), number(m.rri));
            let _ = writeln!(out, "{name:<14} {:>6.3} {hit:>8} {pai:>7} {pei:>6} {rri:>6}", m.area_share);
        }
        let lead = self.median_lead_days().map_or("–".to_owned(), |days| days.to_string());
        let _ = writeln!(
            out,
            "{} of {} events lay where a list of at most {} weeks before said new or rising; median lead {lead} days",
            self.leads_days.len(),
            self.events,
            args.weeks
        );
        out
    }
}
