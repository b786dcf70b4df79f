//! Near repeats: whether events near in space are near in time, too.

use hotspot::near_repeat::{Knox, knox, thinned};
use hotspot::number::{decimal, probability, whole};
use hotspot::{Metres, Plane, SIGNIFICANCE, corrected};
use model::api::{CountBy, FilterBody, KnoxCell, NearRepeat, Sentence, Unsaid};
use model::{BBox, LonLat, TimeMs};

use super::{distance, left_out, monte_carlo, said};
use crate::asking::{Asker, count};
use crate::error::ApiError;
use crate::heavy::{Progress, compute};
use crate::surface::is_area;

/// Bands when nobody says otherwise: from a village to the next but one, from a day to four weeks.
const DISTANCES_M: [f64; 4] = [1_000.0, 2_500.0, 5_000.0, 10_000.0];
const DAYS: [u32; 5] = [1, 3, 7, 14, 28];
const MOST_BANDS: usize = 8;
const MOST_DISTANCE_M: f64 = 200_000.0;
const MOST_DAYS: u32 = 3_650;
/// Events compared at most: their pairs are read once for every replica.
const MOST_EVENTS: usize = 3_000;
const DAY_MS: TimeMs = 86_400_000;

impl Asker<'_> {
    /// The Knox table of what passes the filter and is precise enough.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn near_repeat(&self, body: &FilterBody, progress: Progress) -> Result<NearRepeat, ApiError> {
        let (replicas, seed) = monte_carlo(body)?;
        let count = count(body, CountBy::default())?;
        let distances_m = bands(body.distances_m.as_deref(), &DISTANCES_M, |m: f64| m > 0.0 && m <= MOST_DISTANCE_M)
            .ok_or_else(|| {
                ApiError::bad_request(
                    "bad_distances",
                    "`distances_m` is up to 8 ascending numbers of metres up to 200,000, such as 500,1000,2500",
                )
            })?;
        let days = bands(body.days.as_deref(), &DAYS, |days: u32| days > 0 && days <= MOST_DAYS).ok_or_else(|| {
            ApiError::bad_request("bad_days", "`days` is up to 8 ascending whole numbers up to 3650, such as 1,7,28")
        })?;
        let filter = self.filter(body).await?;
        let precise_m = distances_m.first().copied().unwrap_or_default();
        let is_precise = |place: &model::Place| !is_area(place.kind) && f64::from(place.radius_m) <= precise_m;
        let found = self.work(|| self.live.index.query(&filter).events(count, is_precise)).await;
        let events = found.events.len() as u64;
        let reason = reason(&found.events, found.left_out);
        let compared = thinned(&found.events, MOST_EVENTS, seed.into());
        let table = if reason.is_some() {
            Vec::new()
        } else {
            let (points, distances, seed) = (projected(&compared), distances_m.clone(), u64::from(seed));
            let intervals: Vec<TimeMs> = days.iter().map(|days| TimeMs::from(*days) * DAY_MS).collect();
            let permutations = replicas as usize;
            cells(
                &compute(progress, move |go_on| knox(&points, &distances, &intervals, permutations, seed, go_on))
                    .await?,
            )
        };
        Ok(NearRepeat {
            count,
            events,
            compared: if reason.is_some() { 0 } else { compared.len() as u64 },
            too_coarse: found.left_out,
            replicas,
            seed,
            reason,
            sentence: sentence(&table, &distances_m, &days, [events, compared.len() as u64], found.left_out, reason),
            distances_m,
            days,
            table,
            data_version: self.live.data_version,
        })
    }
}

/// Ascending bounds, as asked for or as usual; `None` when they make no sense.
fn bands<T: Copy + PartialOrd + std::str::FromStr>(
    asked: Option<&str>,
    usual: &[T],
    is_sensible: impl Fn(T) -> bool,
) -> Option<Vec<T>> {
    let Some(asked) = asked else { return Some(usual.to_vec()) };
    let bounds: Vec<T> = asked.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let ascends = bounds.windows(2).all(|two| two[0] < two[1]);
    (ascends && bounds.len() <= MOST_BANDS && bounds.iter().all(|bound| is_sensible(*bound))).then_some(bounds)
}

fn reason(events: &[(LonLat, TimeMs)], left_out: u64) -> Option<Unsaid> {
    let Some((at, at_ms)) = events.first() else {
        return Some(if left_out == 0 { Unsaid::NothingCounted } else { Unsaid::NothingPrecise });
    };
    if events.len() < 3 {
        Some(Unsaid::TooFew)
    } else if events.iter().all(|one| one.0 == *at) || events.iter().all(|one| one.1 == *at_ms) {
        Some(Unsaid::AllTheSame)
    } else {
        None
    }
}

fn projected(events: &[(LonLat, TimeMs)]) -> Vec<(Metres, TimeMs)> {
    let Some((first, _)) = events.first() else { return Vec::new() };
    let start = BBox { west: first.lon, south: first.lat, east: first.lon, north: first.lat };
    let plane = Plane::of(events.iter().fold(start, |bbox, (at, _)| BBox {
        west: bbox.west.min(at.lon),
        south: bbox.south.min(at.lat),
        east: bbox.east.max(at.lon),
        north: bbox.north.max(at.lat),
    }));
    events.iter().map(|(at, at_ms)| (plane.project(*at), *at_ms)).collect()
}

fn cells(table: &[Vec<Knox>]) -> Vec<Vec<KnoxCell>> {
    let p: Vec<f64> = table.iter().flatten().map(|cell| cell.p).collect();
    let mut p_corrected = corrected(&p).into_iter();
    let mut cell = |knox: &Knox| KnoxCell {
        pairs: knox.pairs,
        expected: knox.expected,
        ratio: (knox.expected > 0.0).then(|| knox.pairs as f64 / knox.expected),
        p_value: knox.p,
        p_corrected: p_corrected.next().unwrap_or(1.0),
    };
    table.iter().map(|row| row.iter().map(&mut cell).collect()).collect()
}

fn sentence(
    table: &[Vec<KnoxCell>],
    distances_m: &[f64],
    days: &[u32],
    [events, compared]: [u64; 2],
    too_coarse: u64,
    reason: Option<Unsaid>,
) -> Sentence {
    let coarse = left_out(too_coarse);
    if let Some(reason) = reason {
        let [nl, en] = match reason {
            Unsaid::NothingPrecise => [
                "Geen vermelding zegt nauwkeurig genoeg waar: neem een grotere eerste afstand",
                "No mention says precisely enough where: take a larger first distance",
            ],
            Unsaid::TooFew => [
                "Er zijn minder dan drie gebeurtenissen: er valt niets te vergelijken",
                "There are fewer than three events: there is nothing to compare",
            ],
            Unsaid::AllTheSame => [
                "Alles ligt op één plek of op één moment: er valt niets te onderscheiden",
                "All lies at one place or at one moment: there is nothing to tell apart",
            ],
            _ => ["Er is niets geteld", "Nothing was counted"],
        };
        return said(format!("{nl}{}.", coarse[0]), format!("{en}{}.", coarse[1]));
    }
    // The nearest bands first: that is what a near repeat is.
    let near = table
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| cells.iter().enumerate().map(move |(at, cell)| (row, at, cell)));
    let clear = near.filter(|(_, _, cell)| cell.p_corrected < SIGNIFICANCE).min_by_key(|(row, at, _)| row + at);
    let ([compared_nl, compared_en], [events_nl, events_en]) = (whole(compared), whole(events));
    let drawn = if compared < events {
        [
            format!("; {compared_nl} van {events_nl} gebeurtenissen, door toeval gekozen"),
            format!("; {compared_en} of {events_en} events, drawn by chance"),
        ]
    } else {
        [format!("; {events_nl} gebeurtenissen"), format!("; {events_en} events")]
    };
    let Some((row, at, cell)) = clear else {
        return said(
            format!(
                "Wat dicht bij elkaar ligt, ligt niet duidelijk vaker kort na elkaar dan bij toeval{}{}.",
                drawn[0], coarse[0]
            ),
            format!("What is near in space is not clearly nearer in time than by chance{}{}.", drawn[1], coarse[1]),
        );
    };
    let upto = distance(distances_m[row]);
    let from = row.checked_sub(1).map(|before| distance(distances_m[before]));
    let span = match (at.checked_sub(1).map(|before| days[before]), days[at]) {
        (None, 1) => ["hoogstens 1 dag".to_owned(), "at most 1 day".to_owned()],
        (None, upto) => [format!("hoogstens {upto} dagen"), format!("at most {upto} days")],
        (Some(from), upto) => [format!("{from} tot {upto} dagen"), format!("{from} to {upto} days")],
    };
    let apart = match from {
        None => [format!("hoogstens {}", upto[0]), format!("at most {}", upto[1])],
        Some(from) => [format!("{} tot {}", from[0], upto[0]), format!("{} to {}", from[1], upto[1])],
    };
    let (ratio, p) = (decimal(cell.ratio.unwrap_or_default(), 1), probability(cell.p_corrected));
    said(
        format!(
            "{} uit elkaar en {} na elkaar: {} keer zoveel paren als bij toeval ({}){}{}.",
            capital(&apart[0]),
            span[0],
            ratio[0],
            p[0],
            drawn[0],
            coarse[0]
        ),
        format!(
            "{} apart and {} after each other: {} times as many pairs as by chance ({}){}{}.",
            capital(&apart[1]),
            span[1],
            ratio[1],
            p[1],
            drawn[1],
            coarse[1]
        ),
    )
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_ascend_or_are_refused() {
        let read = |asked| bands(asked, &DISTANCES_M, |m: f64| m > 0.0 && m <= MOST_DISTANCE_M);
        assert_eq!(read(None).unwrap(), DISTANCES_M);
        assert_eq!(read(Some("100, 250.5,900")).unwrap(), [100.0, 250.5, 900.0]);
        for bad in ["", "900,100", "100,100", "-1", "nan", "1e9", "a", "1,2,3,4,5,6,7,8,9", "100,,200"] {
            assert_eq!(read(Some(bad)), None, "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_said_has_a_reason_and_a_sentence() {
        let at = |lon: f64, at_ms: TimeMs| (LonLat { lon, lat: 52.0 }, at_ms);
        assert_eq!(reason(&[], 0), Some(Unsaid::NothingCounted));
        assert_eq!(reason(&[], 2), Some(Unsaid::NothingPrecise));
        assert_eq!(reason(&[at(6.0, 1), at(6.1, 2)], 0), Some(Unsaid::TooFew));
        assert_eq!(reason(&[at(6.0, 1), at(6.0, 2), at(6.0, 3)], 0), Some(Unsaid::AllTheSame));
        assert_eq!(reason(&[at(6.0, 1), at(6.1, 1), at(6.2, 1)], 0), Some(Unsaid::AllTheSame));
        assert_eq!(reason(&[at(6.0, 1), at(6.1, 1), at(6.2, 2)], 0), None);
        assert!(sentence(&[], &[], &[], [0, 0], 0, Some(Unsaid::TooFew)).nl.contains("minder dan drie"));
    }

    #[test]
    fn the_nearest_clear_band_is_told() {
        let cell = |p_corrected: f64| KnoxCell {
            pairs: 6,
            expected: 2.0,
            ratio: Some(3.0),
            p_value: p_corrected,
            p_corrected,
        };
        let table = vec![vec![cell(0.4), cell(0.002)], vec![cell(0.4), cell(0.001)]];
        let said = sentence(&table, &[500.0, 2_500.0], &[1, 7], [40, 40], 1, None);
        assert_eq!(
            said.nl,
            "Hoogstens 500 m uit elkaar en 1 tot 7 dagen na elkaar: 3,0 keer zoveel paren als bij toeval (p = 0,0020); 40 \
             gebeurtenissen; 1 te grove vermelding niet meegeteld."
        );
        let none = sentence(&[vec![cell(0.4)]], &[500.0], &[1], [40, 30], 0, None);
        assert!(none.en.contains("not clearly") && none.en.contains("30 of 40 events, drawn by chance"));
    }
}
