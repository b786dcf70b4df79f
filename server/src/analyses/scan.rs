//! The scan statistic over municipalities, police units or provinces.

use activity::{Grouping, StudyArea};
use hotspot::number::{decimal, probability, whole};
use hotspot::scan::{Options, Scanned, Study, scan};
use hotspot::{Metres, Period, Plane, SIGNIFICANCE};
use model::api::{CountBy, FilterBody, Scan, ScanCluster, ScanUnit, Sentence, Unsaid};
use model::{BBox, Filter, LonLat, RegionKind, TimeMs, TimeRange};

use super::{distance, left_out, monte_carlo, said};
use crate::asking::{Asker, count, one_of};
use crate::error::ApiError;
use crate::heavy::{Progress, compute};
use crate::times;

/// Clusters told when nobody asks for more, and at most.
const CLUSTERS: u32 = 10;
const MOST_CLUSTERS: u32 = 100;
/// Up to so many days a step is a day; up to so many, a week; beyond, as many weeks as give no more steps than that.
const DAYS_OF_DAYS: i64 = 42;
const MOST_STEPS: i64 = 52;
const DAY_MS: TimeMs = 86_400_000;

/// What is asked for beside the filter.
struct Asked {
    count: CountBy,
    kind: RegionKind,
    over: &'static str,
    against: Option<&'static str>,
    options: Options,
}

impl Asked {
    fn new(asked: &FilterBody) -> Result<Self, ApiError> {
        let (replicas, seed) = monte_carlo(asked)?;
        let kind = match one_of("by", "bad_by", asked.by.as_deref(), &["municipality", "police_unit", "province"])? {
            "police_unit" => RegionKind::PoliceUnit,
            "province" => RegionKind::Province,
            _ => RegionKind::Municipality,
        };
        let clusters = asked.limit.unwrap_or(CLUSTERS);
        if !(1..=MOST_CLUSTERS).contains(&clusters) {
            return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 100"));
        }
        let against = asked.against.as_deref();
        Ok(Self {
            count: count(asked, CountBy::default())?,
            kind,
            over: one_of("over", "bad_over", asked.over.as_deref(), &["space_time", "space"])?,
            against: against
                .map(|name| one_of("against", "bad_against", Some(name), &["past", "population", "all"]))
                .transpose()?,
            options: Options {
                replicas: replicas as usize,
                seed: seed.into(),
                clusters: clusters as usize,
                ..Options::default()
            },
        })
    }
}

impl Asker<'_> {
    /// Circles of units in which more is counted than elsewhere.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn scan(&self, body: &FilterBody, progress: Progress) -> Result<Scan, ApiError> {
        let asked = Asked::new(body)?;
        let filter = self.filter(body).await?;
        let (from_ms, to_ms) = self.period(&filter);
        let (edges, step_days) = steps(from_ms, to_ms, asked.over);
        let cube = self.work(|| Cube::new(self, filter, &asked, edges)).await;
        let reason = cube.reason();
        let mut options = asked.options;
        // As in SaTScan: a cluster that lasts longer than half of the time is one of space.
        options.most_bins = (cube.steps() / 2).max(1);
        let found = if reason.is_some() {
            Vec::new()
        } else {
            let (points, cases, usual) = (cube.points.clone(), cube.cases.clone(), cube.usual.clone());
            compute(progress, move |go_on| {
                scan(&Study { points: &points, cases: &cases, usual: &usual }, &options, go_on)
            })
            .await?
        };
        let clusters: Vec<ScanCluster> =
            found.iter().zip(1..).map(|(found, rank)| self.cluster(&cube, &asked, found, rank)).collect();
        let edge = |at_ms: Option<&TimeMs>| times::rfc3339(at_ms.copied().unwrap_or_default());
        Ok(Scan {
            from: edge(cube.edges.first()),
            to: edge(cube.edges.last()),
            count: asked.count,
            by: asked.kind.as_str().to_owned(),
            over: asked.over.to_owned(),
            against: cube.against.to_owned(),
            steps: cube.steps() as u32,
            step_days,
            units: cube.area.units.len() as u64,
            counted: cube.counted(),
            too_coarse: cube.too_coarse,
            replicas: asked.options.replicas as u32,
            seed: asked.options.seed as u32,
            sentence: sentence(&cube, &asked, &clusters, reason),
            clusters,
            reason,
            data_version: self.live.data_version,
        })
    }

    fn cluster(&self, cube: &Cube, asked: &Asked, found: &Scanned, rank: u32) -> ScanCluster {
        let units: Vec<ScanUnit> = found
            .units
            .iter()
            .map(|at| {
                let id = &cube.area.units[*at as usize].id;
                let name = self.regions.find(id).map_or_else(|| id.clone(), |region| region.name.clone());
                ScanUnit { id: id.clone(), name }
            })
            .collect();
        let at = found.units.first().map_or(LonLat { lon: 0.0, lat: 0.0 }, |at| cube.area.units[*at as usize].at);
        let since_ms = cube.edges[found.from_bin];
        let first = units.first().map_or("", |unit| unit.name.as_str());
        let [[_, nl], [_, en]] = asked.count.words();
        let others = match units.len().saturating_sub(1) {
            0 => [String::new(), String::new()],
            1 => [" en 1 buur".to_owned(), " and 1 neighbour".to_owned()],
            n => [format!(" en {n} buren"), format!(" and {n} neighbours")],
        };
        let (cases, expected, p) = (whole(found.cases), decimal(found.expected, 1), probability(found.p));
        // A unit by itself is no circle.
        let [radius_nl, radius_en] = if found.radius_m > 0.0 {
            let [nl, en] = distance(found.radius_m);
            [format!(" (straal {nl})"), format!(" (radius {en})")]
        } else {
            [String::new(), String::new()]
        };
        let date = times::date(since_ms, self.zone);
        let sentence = said(
            format!(
                "{}{}{radius_nl}, vanaf {date}: {} {nl} waar er {} verwacht werden ({}).",
                first, others[0], cases[0], expected[0], p[0]
            ),
            format!(
                "{}{}{radius_en}, since {date}: {} {en} where {} were expected ({}).",
                first, others[1], cases[1], expected[1], p[1]
            ),
        );
        ScanCluster {
            rank,
            lon: at.lon,
            lat: at.lat,
            radius_m: found.radius_m,
            from: times::rfc3339(since_ms),
            counted: found.cases,
            expected: found.expected,
            relative_risk: found.relative_risk.filter(|risk| risk.is_finite()),
            likelihood_ratio: found.likelihood_ratio,
            p_value: found.p,
            units,
            sentence,
        }
    }
}

/// What is counted and what is usual, by unit and step.
struct Cube {
    area: StudyArea,
    points: Vec<Metres>,
    edges: Vec<TimeMs>,
    cases: Vec<Vec<u32>>,
    usual: Vec<Vec<f64>>,
    against: &'static str,
    /// What is usual is what is asked for itself.
    same: bool,
    too_coarse: u64,
}

impl Cube {
    fn new(asker: &Asker<'_>, filter: Filter, asked: &Asked, edges: Vec<TimeMs>) -> Self {
        let index = &asker.live.index;
        let grouping = Grouping::Region(asked.kind);
        let area = index.query(&filter).study_area(grouping);
        let within = |from_ms: TimeMs, to_ms: TimeMs| TimeRange { from_ms: Some(from_ms), to_ms: Some(to_ms) };
        let (from_ms, to_ms) = edges.first().copied().zip(edges.last().copied()).unwrap_or_default();
        let now = Filter { time: within(from_ms, to_ms), ..filter };
        let counted = |filter: &Filter, edges: &[TimeMs]| -> Vec<Vec<u64>> {
            let series = index.query(filter).series_by_unit(&area, edges).into_iter();
            series.map(|bins| bins.iter().map(|(counts, weight)| asked.count.of(counts, *weight)).collect()).collect()
        };
        let read: Vec<u64> = index.query(&now).read(&edges);
        // As far back as the scan reaches, in the same steps, so that a sender counts as often then as now.
        let back: Vec<TimeMs> = edges.iter().map(|edge| edge.saturating_sub(to_ms - from_ms)).collect();
        let before = Filter { time: within(from_ms.saturating_sub(to_ms - from_ms), from_ms), ..now.clone() };
        let read_before: u64 = index.query(&before).read(&back).iter().sum();
        let period = Period { read: read.iter().sum(), read_before, read_year_before: 0 };
        let is_about = now.message_nos.is_some() || now.topics.is_some();
        let narrowed = is_about || !now.sources.is_empty();
        let against = asked.against.unwrap_or(match (is_about, period.has_past()) {
            (true, _) => "all",
            (false, true) => "past",
            (false, false) => "population",
        });
        let rates: Vec<f64> = match against {
            "past" if period.has_past() => {
                let sums: Vec<u64> = counted(&before, &back).iter().map(|bins| bins.iter().sum()).collect();
                hotspot::expected(&sums, 1.0)
            }
            "population" => area.units.iter().map(|unit| unit.population.unwrap_or(0) as f64).collect(),
            _ => vec![0.0; area.units.len()],
        };
        let usual: Vec<Vec<f64>> = if against == "all" {
            let all = Filter { message_nos: None, topics: None, sources: Vec::new(), ..now.clone() };
            counted(&all, &edges).into_iter().map(|bins| bins.into_iter().map(|n| n as f64).collect()).collect()
        } else {
            rates.iter().map(|rate| read.iter().map(|read| rate * *read as f64).collect()).collect()
        };
        // A cell of which nothing is expected gets no cases in a replica: what is counted there has no place in the data either.
        let cases = counted(&now, &edges)
            .iter()
            .zip(&usual)
            .map(|(bins, usual)| {
                bins.iter().zip(usual).map(|(n, usual)| if *usual > 0.0 { (*n).min(u32::MAX.into()) as u32 } else { 0 })
            })
            .map(Iterator::collect)
            .collect();
        let too_coarse = index.too_coarse(&now, grouping);
        let points = projected(&area);
        Self { area, points, edges, cases, usual, against, same: against == "all" && !narrowed, too_coarse }
    }

    fn steps(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    fn counted(&self) -> u64 {
        self.cases.iter().flatten().map(|cases| u64::from(*cases)).sum()
    }

    fn reason(&self) -> Option<Unsaid> {
        let usual: f64 = self.usual.iter().flatten().sum();
        if self.same {
            Some(Unsaid::SameAsAll)
        } else if self.area.units.len() < 2 {
            Some(if self.area.units.is_empty() { Unsaid::NothingCounted } else { Unsaid::TooFew })
        } else if usual <= 0.0 {
            Some(Unsaid::NothingToCompare)
        } else if self.counted() == 0 {
            Some(Unsaid::NothingCounted)
        } else {
            None
        }
    }
}

fn projected(area: &StudyArea) -> Vec<Metres> {
    let Some(first) = area.units.first() else { return Vec::new() };
    let start = BBox { west: first.at.lon, south: first.at.lat, east: first.at.lon, north: first.at.lat };
    let plane = Plane::of(area.units.iter().fold(start, |bbox, unit| BBox {
        west: bbox.west.min(unit.at.lon),
        south: bbox.south.min(unit.at.lat),
        east: bbox.east.max(unit.at.lon),
        north: bbox.north.max(unit.at.lat),
    }));
    area.units.iter().map(|unit| plane.project(unit.at)).collect()
}

/// Edges of equal steps up to the end; what is left over at the beginning is not scanned. Also the length of a step in days, where there
/// is more than one.
fn steps(from_ms: TimeMs, to_ms: TimeMs, over: &str) -> (Vec<TimeMs>, Option<u32>) {
    let days = to_ms.saturating_sub(from_ms) / DAY_MS;
    if over == "space" || days < 2 {
        return (vec![from_ms, to_ms], None);
    }
    let weeks = days / 7;
    let step_days = match days {
        _ if days <= DAYS_OF_DAYS => 1,
        _ => 7 * (weeks / (MOST_STEPS + 1) + 1),
    };
    let count = days / step_days;
    ((0..=count).map(|step| to_ms - (count - step) * step_days * DAY_MS).collect(), Some(step_days as u32))
}

fn sentence(cube: &Cube, asked: &Asked, clusters: &[ScanCluster], reason: Option<Unsaid>) -> Sentence {
    let coarse = left_out(cube.too_coarse);
    if let Some(reason) = reason {
        let [nl, en] = match reason {
            Unsaid::SameAsAll => [
                "Alles wordt met zichzelf vergeleken: vraag om woorden, een onderwerp of een bron, of vergelijk met het verleden of de inwoners",
                "everything is compared with itself: ask for words, a topic or a source, or compare with the past or the inhabitants",
            ],
            Unsaid::NothingToCompare => [
                "Er is niets om mee te vergelijken: van eerder is te weinig gelezen, of inwoners zijn niet bekend",
                "there is nothing to compare with: too little was read before, or inhabitants are not known",
            ],
            Unsaid::TooFew => [
                "Er is maar één gebied: niets om mee te vergelijken",
                "there is one unit only: nothing to compare it with",
            ],
            _ => ["Er is niets geteld", "nothing was counted"],
        };
        let mut english: String = format!("{en}{}.", coarse[1]);
        english.get_mut(..1).map(str::make_ascii_uppercase);
        return said(format!("{nl}{}.", coarse[0]), english);
    }
    let [against_nl, against_en] = match cube.against {
        "past" => ["de even lange periode ervoor", "the equally long period before"],
        "population" => ["het aantal inwoners", "the number of inhabitants"],
        _ => ["alle berichten, waarover ook", "all messages, whatever they are about"],
    };
    let clear = clusters.iter().filter(|cluster| cluster.p_value < SIGNIFICANCE).count();
    let [found_nl, found_en] = match (clear, clusters.first()) {
        (0, _) | (_, None) => [
            "Geen groep van gebieden steekt duidelijk af".to_owned(),
            "No group of units stands out clearly".to_owned(),
        ],
        (1, Some(_)) => {
            ["1 groep van gebieden steekt duidelijk af".to_owned(), "1 group of units stands out clearly".to_owned()]
        }
        (n, Some(_)) => {
            [format!("{n} groepen van gebieden steken duidelijk af"), format!("{n} groups of units stand out clearly")]
        }
    };
    let ([replicas_nl, replicas_en], seed) = (whole(asked.options.replicas as u64), asked.options.seed);
    said(
        format!(
            "{found_nl} (p < 0,05) tegen {against_nl}; {replicas_nl} keer nagebootst, startgetal {seed}{}.",
            coarse[0]
        ),
        format!("{found_en} (p < 0.05) against {against_en}; {replicas_en} replicas, seed {seed}{}.", coarse[1]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_days_weeks_or_more_and_end_with_the_period() {
        for (days, step, count) in [(2, 1, 2), (42, 1, 42), (46, 7, 6), (364, 7, 52), (371, 14, 26), (3_650, 70, 52)] {
            let (edges, step_days) = steps(5, 5 + days * DAY_MS, "space_time");
            assert_eq!((step_days, edges.len()), (Some(step), count + 1), "{days}");
            assert!(edges[0] >= 5 && edges[count] == 5 + days * DAY_MS);
        }
        assert_eq!(steps(5, 9, "space_time"), (vec![5, 9], None));
        assert_eq!(steps(0, 90 * DAY_MS, "space"), (vec![0, 90 * DAY_MS], None));
    }
}
