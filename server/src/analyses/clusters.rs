//! Clusters of precise mentions and their hulls.

use std::collections::HashMap;

use activity::PlaceCounts;
use hotspot::cluster::{dbscan, hdbscan, outlined};
use hotspot::number::whole;
use hotspot::{Metres, Plane};
use model::api::{ClusterFeature, ClusterFigures, Clusters, CountBy, FilterBody, PolygonGeometry, Sentence, Unsaid};
use model::{Filter, LonLat};

use super::{distance, left_out, said};
use crate::asking::{Asker, count, one_of};
use crate::error::ApiError;
use crate::heavy::{Progress, compute};
use crate::surface::{bounds, is_area};
use crate::times;

/// What lies no further apart is joined when nobody says otherwise, and what may be asked for, in metres.
const REACH_M: f64 = 1_000.0;
const REACHES_M: std::ops::RangeInclusive<f64> = 10.0..=50_000.0;
const LEAST: u32 = 5;
const CLUSTERS: u32 = 50;
/// Points of DBSCAN at most, whose time grows with their neighbours, and of HDBSCAN, whose time and memory grow with their square.
const MOST_POINTS: usize = 60_000;
const MOST_POINTS_HDBSCAN: usize = 6_000;
/// Corners of the disc that stands for the extent of a place.
const CORNERS: usize = 8;
/// A point is drawn as a disc of at least this radius, in metres.
const LEAST_RADIUS_M: f64 = 25.0;

/// How clusters are made.
#[derive(Clone, Copy)]
struct Choice {
    method: &'static str,
    hull: &'static str,
    count: CountBy,
    reach_m: f64,
    least: u32,
    limit: usize,
}

impl Choice {
    fn new(asked: &FilterBody) -> Result<Self, ApiError> {
        let reach_m = asked.reach_m.unwrap_or(REACH_M);
        if !REACHES_M.contains(&reach_m) {
            return Err(ApiError::bad_request("bad_reach", "`reach_m` is a number of metres from 10 to 50,000"));
        }
        let least = asked.min_points.unwrap_or(LEAST);
        if !(2..=1_000).contains(&least) {
            return Err(ApiError::bad_request("bad_min_points", "`min_points` is a number from 2 to 1000"));
        }
        let limit = asked.limit.unwrap_or(CLUSTERS);
        if !(1..=1_000).contains(&limit) {
            return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 1000"));
        }
        Ok(Self {
            method: one_of("method", "bad_method", asked.method.as_deref(), &["dbscan", "hdbscan"])?,
            hull: one_of("hull", "bad_hull", asked.hull.as_deref(), &["concave", "convex"])?,
            count: count(asked, CountBy::default())?,
            reach_m,
            least,
            limit: limit as usize,
        })
    }

    fn most_points(self) -> usize {
        if self.method == "hdbscan" { MOST_POINTS_HDBSCAN } else { MOST_POINTS }
    }
}

/// A place on the plane, with how much was counted there.
#[derive(Clone, Copy)]
struct Spot {
    at: Metres,
    radius_m: f64,
    weight: u64,
}

/// A cluster: places by position, and the ring around them.
struct Found {
    members: Vec<usize>,
    ring: Vec<Metres>,
    weight: u64,
}

impl Asker<'_> {
    /// Clusters of what passes the filter and is precise enough.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn clusters(&self, body: &FilterBody) -> Result<Clusters, ApiError> {
        let choice = Choice::new(body)?;
        let filter = self.filter(body).await?;
        let (fine, too_coarse) = self.work(|| self.precise(&filter, choice.reach_m)).await;
        let plane = bounds(&fine).map(Plane::of);
        let spots: Vec<Spot> =
            plane.iter().flat_map(|plane| fine.iter().map(|found| spot(plane, found, choice))).collect();
        let reason = reason(&spots, too_coarse, choice);
        let labels_and_found = match reason {
            Some(_) => (spots.len(), Vec::new()),
            None => compute(Progress::unseen(), move |_| Some(found(&spots, choice))).await?,
        };
        let (noise, mut found) = labels_and_found;
        let of = found.len() as u64;
        found.truncate(choice.limit);
        let features: Vec<ClusterFeature> = plane
            .iter()
            .flat_map(|plane| {
                found.iter().zip(1..).map(|(found, rank)| self.feature(&filter, &fine, plane, found, rank))
            })
            .collect();
        Ok(Clusters {
            r#type: "FeatureCollection".into(),
            method: choice.method.into(),
            reach_m: choice.reach_m,
            min_points: choice.least,
            hull: choice.hull.into(),
            count: choice.count,
            places: fine.len() as u64,
            noise: noise as u64,
            too_coarse,
            of,
            reason,
            sentence: sentence(choice, of, fine.len(), noise, too_coarse, reason),
            features,
            data_version: self.live.data_version,
        })
    }

    /// Places that pass and say where at least as precisely as this, and the mentions of all others.
    fn precise<'f>(&'f self, filter: &'f Filter, radius_m: f64) -> (Vec<PlaceCounts<'f>>, u64) {
        let places = self.live.index.query(filter).places();
        let (mut fine, mut too_coarse) = (Vec::new(), 0);
        for found in places {
            if is_area(found.place.kind) || f64::from(found.place.radius_m) > radius_m {
                too_coarse += found.counts.mentions;
            } else {
                fine.push(found);
            }
        }
        (fine, too_coarse)
    }

    fn feature(
        &self,
        filter: &Filter,
        fine: &[PlaceCounts<'_>],
        plane: &Plane,
        found: &Found,
        rank: u32,
    ) -> ClusterFeature {
        let ids: Vec<String> = found.members.iter().map(|at| fine[*at].place.id.clone()).collect();
        let within = Filter { places: ids, ..filter.clone() };
        let selection = self.live.index.query(&within);
        let (counts, sent) = (selection.totals(), selection.times());
        // Places come most mentioned first.
        let place = found.members.iter().min().map(|at| fine[*at].place);
        let area_km2 = area_m2(&found.ring).abs() / 1e6;
        let position = |at: &Metres| {
            let LonLat { lon, lat } = plane.unproject(*at);
            // Seven digits are a centimetre.
            [lon, lat].map(|degrees| (degrees * 1e7).round() / 1e7)
        };
        ClusterFeature {
            r#type: "Feature".into(),
            geometry: PolygonGeometry {
                r#type: "Polygon".into(),
                coordinates: vec![found.ring.iter().map(position).collect()],
            },
            properties: ClusterFigures {
                rank,
                name: place.map(|place| place.name.clone()).unwrap_or_default(),
                municipality: place.and_then(|place| place.municipality.clone()),
                places: found.members.len() as u64,
                counts,
                area_km2,
                per_km2: counts.messages as f64 / area_km2.max(f64::MIN_POSITIVE),
                first_seen: times::rfc3339(sent.iter().copied().min().unwrap_or_default()),
                last_seen: times::rfc3339(sent.iter().copied().max().unwrap_or_default()),
            },
        }
    }
}

fn spot(plane: &Plane, found: &PlaceCounts<'_>, choice: Choice) -> Spot {
    Spot {
        at: plane.project(found.place.point()),
        radius_m: f64::from(found.place.radius_m).max(LEAST_RADIUS_M),
        weight: choice.count.of(&found.counts, found.weight),
    }
}

/// Points that stand for a place: as many as are counted there, and no more than make a cluster. More would change neither which points
/// are in the middle of one nor what is joined.
fn copies(spot: &Spot, least: u32) -> usize {
    spot.weight.min(least.into()) as usize
}

fn reason(spots: &[Spot], too_coarse: u64, choice: Choice) -> Option<Unsaid> {
    let points: usize = spots.iter().map(|spot| copies(spot, choice.least)).sum();
    if spots.is_empty() {
        return Some(if too_coarse == 0 { Unsaid::NothingCounted } else { Unsaid::NothingPrecise });
    }
    if points < choice.least as usize {
        Some(Unsaid::TooFew)
    } else if points > choice.most_points() {
        Some(Unsaid::TooMany)
    } else if choice.method == "hdbscan" && spots.iter().all(|spot| spot.at == spots[0].at) {
        Some(Unsaid::AllTheSame)
    } else {
        None
    }
}

/// Places in no cluster, and the clusters, most counted first.
fn found(spots: &[Spot], choice: Choice) -> (usize, Vec<Found>) {
    let owner: Vec<usize> =
        spots.iter().enumerate().flat_map(|(at, spot)| std::iter::repeat_n(at, copies(spot, choice.least))).collect();
    let points: Vec<Metres> = owner.iter().map(|at| spots[*at].at).collect();
    let least = choice.least as usize;
    let labels =
        if choice.method == "hdbscan" { hdbscan(&points, least) } else { dbscan(&points, choice.reach_m, least) };
    let mut by_spot: HashMap<usize, usize> = HashMap::new();
    for (at, label) in owner.iter().zip(&labels) {
        if let Some(label) = label {
            by_spot.entry(*at).or_insert(*label);
        }
    }
    // The hull is that of the discs in which the places lie.
    let corners: Vec<Metres> = spots.iter().flat_map(disc).collect();
    let labels: Vec<Option<usize>> =
        (0..spots.len()).flat_map(|at| std::iter::repeat_n(by_spot.get(&at).copied(), CORNERS)).collect();
    let mut found: Vec<Found> = outlined(&corners, &labels)
        .into_iter()
        .map(|cluster| {
            let mut members: Vec<usize> = cluster.members.iter().map(|corner| corner / CORNERS).collect();
            members.dedup();
            let mut ring = if choice.hull == "convex" { cluster.convex } else { cluster.concave };
            // RFC 7946: the outer ring goes against the clock.
            if area_m2(&ring) < 0.0 {
                ring.reverse();
            }
            Found { weight: members.iter().map(|at| spots[*at].weight).sum(), members, ring }
        })
        .collect();
    found.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.members.cmp(&b.members)));
    (spots.len() - by_spot.len(), found)
}

fn disc(spot: &Spot) -> impl Iterator<Item = Metres> {
    let Spot { at, radius_m, .. } = *spot;
    (0..CORNERS).map(move |corner| {
        let (sin, cos) = (corner as f64 * std::f64::consts::TAU / CORNERS as f64).sin_cos();
        Metres { x: at.x + radius_m * cos, y: at.y + radius_m * sin }
    })
}

/// By the shoelace formula; above zero against the clock.
fn area_m2(ring: &[Metres]) -> f64 {
    ring.windows(2).map(|two| two[0].x * two[1].y - two[1].x * two[0].y).sum::<f64>() / 2.0
}

fn sentence(choice: Choice, of: u64, places: usize, noise: usize, too_coarse: u64, reason: Option<Unsaid>) -> Sentence {
    let coarse = left_out(too_coarse);
    let reach = distance(choice.reach_m);
    let [nl, en] = match reason {
        Some(Unsaid::NothingPrecise) => [
            format!("Geen vermelding zegt op {} nauwkeurig waar", reach[0]),
            format!("No mention says where to within {}", reach[1]),
        ],
        Some(Unsaid::TooFew) => {
            let [[_, nl], [_, en]] = choice.count.words();
            [
                format!("Er is te weinig geteld: een cluster heeft er minstens {} {nl}", choice.least),
                format!("Too little was counted: a cluster has at least {} {en}", choice.least),
            ]
        }
        Some(Unsaid::TooMany) => [
            "Er zijn te veel plekken om met elkaar te vergelijken: beperk gebied of periode".to_owned(),
            "There are too many places to compare with each other: narrow the area or the period".to_owned(),
        ],
        Some(Unsaid::AllTheSame) => [
            "Alles ligt op één plek: er valt niets te onderscheiden".to_owned(),
            "All lies at one place: there is nothing to tell apart".to_owned(),
        ],
        Some(_) => ["Er is niets geteld".to_owned(), "Nothing was counted".to_owned()],
        None => {
            let [joined_nl, joined_en] = if choice.method == "hdbscan" {
                [String::new(), String::new()]
            } else {
                [format!(", hoogstens {} uit elkaar", reach[0]), format!(", no more than {} apart", reach[1])]
            };
            let [clusters_nl, clusters_en] = if of == 1 { ["cluster", "cluster"] } else { ["clusters", "clusters"] };
            let [[_, nl], [_, en]] = choice.count.words();
            let (number, noise, places) = (whole(of), whole(noise as u64), whole(places as u64));
            [
                format!(
                    "{} {clusters_nl} van minstens {} {nl}{joined_nl}; {} van {} plekken horen bij geen",
                    number[0], choice.least, noise[0], places[0]
                ),
                format!(
                    "{} {clusters_en} of at least {} {en}{joined_en}; {} of {} places belong to none",
                    number[1], choice.least, noise[1], places[1]
                ),
            ]
        }
    };
    said(format!("{nl}{}.", coarse[0]), format!("{en}{}.", coarse[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHOICE: Choice =
        Choice { method: "dbscan", hull: "convex", count: CountBy::Senders, reach_m: 1_000.0, least: 5, limit: 10 };

    fn spot(x: f64, weight: u64) -> Spot {
        Spot { at: Metres { x, y: 0.0 }, radius_m: 100.0, weight }
    }

    #[test]
    fn a_place_counts_as_often_as_it_is_spoken_of_and_its_extent_is_its_hull() {
        let spots = [spot(0.0, 40), spot(900.0, 1), spot(20_000.0, 3), spot(20_500.0, 2), spot(50_000.0, 4)];
        let (noise, found) = found(&spots, CHOICE);
        assert_eq!(
            (noise, found.iter().map(|one| (one.members.clone(), one.weight)).collect::<Vec<_>>()),
            (1, vec![(vec![0, 1], 41), (vec![2, 3], 5)])
        );
        assert!(found.iter().all(|one| area_m2(&one.ring) > 0.0 && one.ring.first() == one.ring.last()));
    }

    #[test]
    fn one_place_has_an_area_and_what_cannot_be_said_has_a_reason() {
        let (_, found) = found(&[spot(7.0, 9)], CHOICE);
        // A regular octagon: 2 √2 r².
        assert!((area_m2(&found[0].ring) - 2.0 * 2.0_f64.sqrt() * 1e4).abs() < 1.0);
        assert_eq!(reason(&[], 0, CHOICE), Some(Unsaid::NothingCounted));
        assert_eq!(reason(&[], 3, CHOICE), Some(Unsaid::NothingPrecise));
        assert_eq!(reason(&[spot(0.0, 4)], 0, CHOICE), Some(Unsaid::TooFew));
        let same = [spot(0.0, 9), spot(0.0, 9)];
        assert_eq!(reason(&same, 0, CHOICE), None);
        assert_eq!(reason(&same, 0, Choice { method: "hdbscan", ..CHOICE }), Some(Unsaid::AllTheSame));
        let many: Vec<Spot> = (0..1_300).map(|at| spot(f64::from(at), 9)).collect();
        assert_eq!(reason(&many, 0, Choice { method: "hdbscan", ..CHOICE }), Some(Unsaid::TooMany));
        for reason in
            [Unsaid::NothingCounted, Unsaid::NothingPrecise, Unsaid::TooFew, Unsaid::TooMany, Unsaid::AllTheSame]
        {
            let said = sentence(CHOICE, 0, 0, 0, 2, Some(reason));
            assert!(said.nl.ends_with("2 te grove vermeldingen niet meegeteld.") && said.en != said.nl);
        }
    }
}
