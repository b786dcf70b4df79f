//! From what was asked to what is answered: the one way by which routes and commands question the index.

use std::sync::Arc;

use activity::{Cursor, Grid, Grouping, PlaceCounts, Region, Regions};
use geoparse::Topics;
use jiff::tz::TimeZone;
use model::api::{
    Activity, Bin, CountBy, Density, FilterBody, Hotspots, Kernel, MessagePage, PlaceActivity, RegionActivity, Trend,
};
use model::{BBox, Filter, LonLat, RegionKind, Scope, TimeMs, TimeRange};
use store::Store;

use crate::answers::{Answer, Answers, Question};
use crate::course::course;
use crate::error::ApiError;
use crate::ranking::{Ranking, ranked, steps};
use crate::state::Live;
use crate::surface::{Smoothing, density};
use crate::turns::{Turn, Turns, apart};
use crate::{times, topics};

/// Bars of the time histogram, at most.
const MAX_BINS: usize = 240;
/// Places of the map, at most: every address and shared location is one, and all of fifteen million messages came to 14 MB.
const MOST_PLACES: usize = 5_000;
/// Steps of a sparkline.
pub(crate) const SPARKLINE_STEPS: usize = 24;
/// Lines of a hotspot list when nobody asks for more.
const DEFAULT_HOTSPOTS: usize = 50;
/// Side of squares in metres when nobody says another one.
const DEFAULT_SIDE_M: u32 = 1_000;
/// Messages of a page when nobody asks for more.
const DEFAULT_MESSAGES: usize = 50;
/// Messages that free words may select; more is no selection, and the answer says so.
const MAX_WORD_HITS: usize = 2_000_000;
/// Bandwidths in metres between which a surface says something: a street, and a country.
const BANDWIDTHS_M: std::ops::RangeInclusive<f64> = 50.0..=300_000.0;
const DAY_MS: TimeMs = 86_400_000;

/// Who asks, with which data, in which zone.
pub(crate) struct Asker<'a> {
    pub(crate) store: &'a Arc<dyn Store>,
    pub(crate) regions: &'a Regions,
    pub(crate) live: &'a Live,
    pub(crate) zone: &'a TimeZone,
    pub(crate) topics: Arc<Topics>,
    pub(crate) scope: Scope,
    /// Answers given before, where somebody keeps them.
    pub(crate) answers: Option<&'a Answers>,
    /// Who waits for the index, where there are others.
    pub(crate) turns: Option<&'a Turns>,
}

impl Asker<'_> {
    /// Works on the index when it is the asker's turn; see [`Turns`].
    pub(crate) async fn work<T>(&self, work: impl FnOnce() -> T) -> T {
        let _turn = self.turn().await;
        apart(work)
    }

    async fn turn(&self) -> Option<Turn<'_>> {
        match self.turns {
            Some(turns) => Some(turns.take().await),
            None => None,
        }
    }

    /// Turns names and texts into the filter that the index understands.
    ///
    /// # Errors
    /// A `bad_request` that names the parameter and says what would make sense.
    pub(crate) async fn filter(&self, asked: &FilterBody) -> Result<Filter, ApiError> {
        let time = TimeRange {
            from_ms: self.time("from", asked.from.as_deref())?,
            to_ms: self.time("to", asked.to.as_deref())?,
        };
        if let (Some(from), Some(to)) = (time.from_ms, time.to_ms)
            && from >= to
        {
            return Err(ApiError::bad_request(
                "empty_period",
                "`from` must lie before `to`; `to` itself is not included",
            ));
        }
        if let Some(confidence) = asked.min_confidence
            && !(0.0..=1.0).contains(&confidence)
        {
            return Err(ApiError::bad_request("bad_confidence", "`min_confidence` is a probability from 0 to 1"));
        }
        let message_nos = match asked.words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
            Some(words) => Some(self.word_hits(words).await?),
            None => None,
        };
        let filter = Filter {
            scope: self.scope.clone(),
            time,
            regions: asked.region.as_deref().map(|name| self.region(name)).transpose()?.into_iter().collect(),
            bbox: asked.bbox.as_deref().map(bbox).transpose()?,
            polygon: asked.polygon.as_deref().map(ring).transpose()?,
            places: Vec::new(),
            cases: asked.case.as_deref().map(|name| self.case(name)).transpose()?.into_iter().collect(),
            sources: asked.source.as_deref().map(|name| self.sources(name)).transpose()?.unwrap_or_default(),
            topics: topics::bits(&self.topics, &self.live.topics, asked.topics.as_deref().unwrap_or_default())?,
            min_confidence: asked.min_confidence,
            message_nos,
        };
        let places = asked.place.as_deref().map(|id| self.places_of(id, Grid::of_id(id).map(Grouping::Grid), &filter));
        Ok(Filter { places: places.unwrap_or_default(), ..filter })
    }

    /// Ids of the places that a line of this id counts, of a list of regions or units of a grid; never none, which would mean all.
    pub(crate) fn places_of(&self, id: &str, grouping: Option<Grouping>, filter: &Filter) -> Vec<String> {
        let members = match grouping {
            None | Some(Grouping::Place) => Vec::new(),
            Some(grouping) => self.live.index.members(filter, grouping, &std::iter::once(id.to_owned()).collect()),
        };
        if members.is_empty() { vec![id.to_owned()] } else { members }
    }

    fn time(&self, parameter: &str, text: Option<&str>) -> Result<Option<TimeMs>, ApiError> {
        text.map(|text| {
            times::parse(text, self.zone)
                .map_err(|why| ApiError::bad_request("bad_time", format!("`{parameter}`: {why}")))
        })
        .transpose()
    }

    fn region(&self, name: &str) -> Result<String, ApiError> {
        if let Some(region) = self.regions.find(name) {
            return Ok(region.id.clone());
        }
        let like = self.regions.suggest(name);
        let hint =
            if like.is_empty() { "see /api/v1/regions".to_owned() } else { format!("perhaps {}", like.join(", ")) };
        Err(ApiError::bad_request("unknown_region", format!("no region is called {name:?}; {hint}")))
    }

    pub(crate) fn case(&self, name: &str) -> Result<u16, ApiError> {
        self.live
            .cases
            .iter()
            .find(|case| case.name == name && self.scope.allows(case.case_no))
            .map(|case| case.case_no)
            .ok_or_else(|| ApiError::bad_request("unknown_case", format!("no case is called {name:?}")))
    }

    fn sources(&self, name: &str) -> Result<Vec<u16>, ApiError> {
        let found: Vec<_> = self
            .live
            .sources
            .iter()
            .filter(|source| source.name == name && self.scope.allows(source.case_no))
            .map(|source| source.source_no)
            .collect();
        if found.is_empty() {
            return Err(ApiError::bad_request(
                "unknown_source",
                format!("no source is called {name:?}; see /api/v1/meta"),
            ));
        }
        Ok(found)
    }

    async fn word_hits(&self, words: &str) -> Result<Arc<[u64]>, ApiError> {
        if let Some(known) = self.live.hits.of(words) {
            return Ok(known);
        }
        let hits: Arc<[u64]> = self.store.search(words, MAX_WORD_HITS + 1).await?.into();
        if hits.len() > MAX_WORD_HITS {
            return Err(ApiError::bad_request(
                "too_many_hits",
                "these words stand in too many messages to be a selection; add a rarer one",
            ));
        }
        self.live.hits.keep(words, &hits);
        Ok(hits)
    }

    /// Counts per place, per region of the asked layer, and over time: an [`Activity`].
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn activity(&self, asked: &FilterBody) -> Result<Answer, ApiError> {
        let filter = self.filter(asked).await?;
        // One turn for both. Whoever works out a histogram holds a turn, so that waiting for it with another one ends.
        let _turn = self.turn().await;
        let histogram = self.histogram(asked, &filter).await?;
        apart(|| {
            let layer = asked.layer.unwrap_or(RegionKind::Province);
            let overview = self.live.index.query(&filter).overview(layer, MOST_PLACES);
            let region = |(region, counts): (&Region, _)| RegionActivity {
                id: region.id.clone(),
                name: region.name.clone(),
                counts,
            };
            Answer::json(&Activity {
                total: overview.totals.messages,
                totals: overview.totals,
                places: overview.places.iter().map(place_activity).collect(),
                places_left_out: overview.left_out.places,
                mentions_left_out: overview.left_out.mentions,
                regions: overview.regions.into_iter().map(region).collect(),
                histogram,
                data_version: self.live.data_version,
            })
        })
    }

    /// A page of messages, newest first.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn messages(&self, asked: &FilterBody) -> Result<MessagePage, ApiError> {
        let limit = asked.limit.map_or(DEFAULT_MESSAGES, |limit| limit as usize);
        if !(1..=1000).contains(&limit) {
            return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 1000"));
        }
        let after: Option<Cursor> = asked
            .after
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|_: String| ApiError::bad_request("bad_after", "`after` is the `next` of the page before"))?;
        let filter = self.filter(asked).await?;
        let page = self.work(|| self.live.index.query(&filter).page(after, limit)).await;
        let messages =
            self.store.messages(&page.message_nos).await?.into_iter().map(|message| self.view(message)).collect();
        Ok(MessagePage { total: page.total, messages, next: page.next.map(|next| next.to_string()) })
    }

    /// The histogram shows the whole span of the data, so that one sees what lies around the chosen window. It does not depend on
    /// that, so dragging the window counts it once.
    async fn histogram(&self, asked: &FilterBody, filter: &Filter) -> Result<Vec<Bin>, ApiError> {
        let Some(answers) = self.answers else { return Ok(self.bins(filter)) };
        let timeless = FilterBody { from: None, to: None, layer: None, ..asked.clone() };
        let question = Question::new("histogram", &self.scope, &timeless, self.live);
        let answer = answers.get(question, self.live, async || apart(|| Answer::json(&self.bins(filter)))).await?;
        Ok(serde_json::from_slice(answer.body()).map_err(anyhow::Error::from)?)
    }

    fn bins(&self, filter: &Filter) -> Vec<Bin> {
        let Some((first_ms, last_ms)) = self.span() else { return Vec::new() };
        let edges = day_edges(first_ms, last_ms, self.zone);
        let around = Filter { time: TimeRange::default(), ..filter.clone() };
        let bars = self.live.index.query(&around).histogram(&edges);
        edges
            .windows(2)
            .zip(bars)
            .map(|(edge, (messages, read))| Bin {
                from: times::rfc3339(edge[0]),
                to: times::rfc3339(edge[1]),
                messages,
                read,
            })
            .collect()
    }

    fn span(&self) -> Option<(TimeMs, TimeMs)> {
        self.live.totals.first_ms.zip(self.live.totals.last_ms)
    }

    /// The ranked list.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn hotspots(&self, asked: &FilterBody) -> Result<Hotspots, ApiError> {
        let grouping = grouping(asked)?;
        let limit = asked.limit.map_or(DEFAULT_HOTSPOTS, |limit| limit as usize);
        if !(1..=1000).contains(&limit) {
            return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 1000"));
        }
        let count = count(asked, CountBy::default())?;
        let filter = self.filter(asked).await?;
        let (from_ms, to_ms) = self.period(&filter);
        let zone = self.zone.clone();
        let ranking = Ranking { grouping, count, from_ms, to_ms, sparkline_steps: SPARKLINE_STEPS, limit, zone };
        Ok(self.work(|| ranked(self.live, &filter, &ranking)).await)
    }

    /// The period of the filter; where it is open, the span of the data.
    pub(crate) fn period(&self, filter: &Filter) -> (TimeMs, TimeMs) {
        let (first_ms, last_ms) = self.span().unwrap_or((0, 0));
        let from_ms = filter.time.from_ms.unwrap_or(first_ms);
        (from_ms, filter.time.to_ms.unwrap_or(last_ms + 1).max(from_ms + 1))
    }

    /// The density of everything that passes the filter.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn density(&self, asked: &FilterBody) -> Result<Density, ApiError> {
        let kernel = match one_of("kernel", "bad_kernel", asked.kernel.as_deref(), &["quartic", "gaussian"])? {
            "gaussian" => Kernel::Gaussian,
            _ => Kernel::Quartic,
        };
        if asked.bandwidth_m.is_some_and(|bandwidth| !BANDWIDTHS_M.contains(&bandwidth)) {
            return Err(ApiError::bad_request(
                "bad_bandwidth",
                "`bandwidth_m` is a number of metres from 50 to 300,000",
            ));
        }
        let rules = ["silverman", "scott", "cross_validated"];
        let rule = one_of("bandwidth_rule", "bad_bandwidth_rule", asked.bandwidth_rule.as_deref(), &rules)?;
        let relative_to = asked.relative_to.as_deref();
        let smoothing = Smoothing {
            count: count(asked, CountBy::Mentions)?,
            kernel,
            bandwidth_m: asked.bandwidth_m,
            cross_validate: rule == "cross_validated",
            corrected: one_of("edges", "bad_edges", asked.edges.as_deref(), &["open", "corrected"])? == "corrected",
            relative_to: relative_to
                .map(|to| one_of("relative_to", "bad_relative_to", Some(to), &["all", "always"]))
                .transpose()?,
        };
        let filter = self.filter(asked).await?;
        Ok(self.work(|| density(self.live, self.regions, &filter, smoothing)).await)
    }

    /// The course over time of everything that passes the filter, whatever its window begins with: a trend needs what came before.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn trend(&self, asked: &FilterBody) -> Result<Trend, ApiError> {
        let count = count(asked, CountBy::default())?;
        let mut filter = self.filter(asked).await?;
        let (_, to_ms) = self.period(&filter);
        let (edges, step_days) = steps(self.live, to_ms);
        filter.time = TimeRange { from_ms: edges.first().copied(), to_ms: Some(to_ms) };
        Ok(self.work(|| course(self.live, &filter, count, &edges, step_days, self.zone)).await)
    }
}

fn place_activity(found: &PlaceCounts<'_>) -> PlaceActivity {
    let place = found.place;
    PlaceActivity {
        id: place.id.clone(),
        name: place.name.clone(),
        kind: place.kind,
        lon: place.lon,
        lat: place.lat,
        radius_m: place.radius_m,
        municipality: place.municipality.clone(),
        province: place.province.clone(),
        counts: found.counts,
    }
}

/// What is to be counted.
pub(crate) fn count(asked: &FilterBody, default: CountBy) -> Result<CountBy, ApiError> {
    match asked.count.as_deref() {
        None => Ok(default),
        Some(name) => name.parse().map_err(|_: String| {
            let names = CountBy::ALL.map(CountBy::as_str).join(", ");
            ApiError::bad_request("bad_count", format!("`count` is one of {names}, not {name:?}"))
        }),
    }
}

/// One of a few names; the first when nothing is asked for.
pub(crate) fn one_of(
    parameter: &str,
    code: &'static str,
    asked: Option<&str>,
    names: &[&'static str],
) -> Result<&'static str, ApiError> {
    let Some(asked) = asked else { return Ok(names.first().copied().unwrap_or_default()) };
    names.iter().find(|name| **name == asked).copied().ok_or_else(|| {
        ApiError::bad_request(code, format!("`{parameter}` is one of {}, not {asked:?}", names.join(", ")))
    })
}

/// What the list counts together.
pub(crate) fn grouping(asked: &FilterBody) -> Result<Grouping, ApiError> {
    match asked.by.as_deref().unwrap_or("place") {
        "place" => Ok(Grouping::Place),
        "municipality" => Ok(Grouping::Region(RegionKind::Municipality)),
        "police_unit" => Ok(Grouping::Region(RegionKind::PoliceUnit)),
        "province" => Ok(Grouping::Region(RegionKind::Province)),
        "cell" => match asked.resolution.map_or(Some(Grid::VILLAGES), Grid::hexagons) {
            Some(grid) => Ok(Grouping::Grid(grid)),
            None => Err(ApiError::bad_request("bad_resolution", "`resolution` is a number from 4 to 9")),
        },
        "square" => match Grid::squares(asked.side_m.unwrap_or(DEFAULT_SIDE_M)) {
            Some(grid) => Ok(Grouping::Grid(grid)),
            None => Err(ApiError::bad_request("bad_side", "`side_m` is a number of metres from 125 to 10,000")),
        },
        other => Err(ApiError::bad_request(
            "bad_by",
            format!("`by` is place, municipality, police_unit, province, cell or square, not {other:?}"),
        )),
    }
}

/// Parameters of a filter as names and values, for exports: what was asked, without words and polygons themselves.
pub(crate) fn filter_pairs(asked: &FilterBody) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut add = |name: &str, value: Option<String>| pairs.extend(value.map(|value| (name.to_owned(), value)));
    add("from", asked.from.clone());
    add("to", asked.to.clone());
    add("region", asked.region.clone());
    add("bbox", asked.bbox.clone());
    add("place", asked.place.clone());
    add("case", asked.case.clone());
    add("source", asked.source.clone());
    add("topics", asked.topics.clone());
    add("min_confidence", asked.min_confidence.map(|confidence| confidence.to_string()));
    add("by", asked.by.clone());
    add("resolution", asked.resolution.map(|resolution| resolution.to_string()));
    add("side_m", asked.side_m.map(|side_m| side_m.to_string()));
    add("limit", asked.limit.map(|limit| limit.to_string()));
    add("count", asked.count.clone());
    add("words", asked.words.as_ref().map(|_| "(yes)".to_owned()));
    add("polygon", asked.polygon.as_ref().map(|ring| format!("({} points)", ring.len())));
    pairs
}

/// Bin edges at midnights of the zone, so many days apart that there are at most [`MAX_BINS`] bins.
fn day_edges(first_ms: TimeMs, last_ms: TimeMs, zone: &TimeZone) -> Vec<TimeMs> {
    let days = (last_ms - first_ms) / DAY_MS + 2;
    let step = days.unsigned_abs().div_ceil(MAX_BINS as u64).max(1);
    let start = jiff::Timestamp::from_millisecond(first_ms)
        .map_or(jiff::civil::Date::constant(1970, 1, 1), |at| at.to_zoned_datetime(zone.clone()).date());
    let mut edges = Vec::new();
    let mut day = start;
    loop {
        let Ok(midnight) = day.to_zoned_datetime(zone.clone()) else { break };
        edges.push(midnight.timestamp().as_millisecond());
        if edges.last().is_some_and(|edge| *edge > last_ms) {
            break;
        }
        let Ok(next) = day.checked_add(jiff::Span::new().days(step as i64)) else { break };
        day = next;
    }
    edges
}

/// `west,south,east,north` in degrees.
fn bbox(text: &str) -> Result<BBox, ApiError> {
    let bad =
        || ApiError::bad_request("bad_bbox", "`bbox` is west,south,east,north in degrees, such as 6.1,52.6,7.1,53.2");
    let numbers: Vec<f64> =
        text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().map_err(|_| bad())?;
    let [west, south, east, north] = numbers[..] else { return Err(bad()) };
    LonLat::new(west, south).zip(LonLat::new(east, north)).filter(|_| south <= north).ok_or_else(bad)?;
    Ok(BBox { west, south, east, north })
}

/// A drawn ring: at least three points on the globe.
fn ring(points: &[LonLat]) -> Result<Vec<LonLat>, ApiError> {
    if points.len() < 3 || points.len() > 10_000 || points.iter().any(|p| LonLat::new(p.lon, p.lat).is_none()) {
        return Err(ApiError::bad_request(
            "bad_polygon",
            "`polygon` is a ring of 3 to 10,000 points with lon and lat in degrees",
        ));
    }
    Ok(points.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_of_the_choices_is_refused() {
        assert_eq!(one_of("over", "bad_over", None, &["space_time", "space"]).unwrap(), "space_time");
        assert_eq!(one_of("over", "bad_over", Some("space"), &["space_time", "space"]).unwrap(), "space");
        assert!(one_of("over", "bad_over", Some("tijd"), &["space_time", "space"]).is_err());
    }

    #[test]
    fn a_box_needs_four_numbers_in_order() {
        assert_eq!(bbox("6.1, 52.6,7.1,53.2").unwrap(), BBox { west: 6.1, south: 52.6, east: 7.1, north: 53.2 });
        for bad in [
            "",
            "6.1,52.6,7.1",
            "6.1,52.6,7.1,53.2,1",
            "a,b,c,d",
            "6.1,53.2,7.1,52.6",
            "6.1,52.6,7.1,NaN",
            "6.1,-100,7,0",
        ] {
            assert!(bbox(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn edges_are_midnights_that_cover_the_span_and_stay_few() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let first = times::parse("2020-01-01T10:00", &zone).unwrap();
        let last = times::parse("2020-09-30T23:00", &zone).unwrap();
        let edges = day_edges(first, last, &zone);
        assert!(edges[0] <= first && *edges.last().unwrap() > last);
        assert!(edges.len() <= MAX_BINS + 1, "{}", edges.len());
        let of_one_moment = day_edges(first, first, &zone);
        assert_eq!(of_one_moment.len(), 2);
        assert_eq!(times::rfc3339(of_one_moment[0]), "2019-12-31T23:00:00Z");
    }
}
