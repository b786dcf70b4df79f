//! Clusters of precise points, by density: DBSCAN and HDBSCAN, with their outlines.

use geo::{ConcaveHull as _, ConvexHull as _, Coord, Dbscan as _, MultiPoint, Point};
use hdbscan::{Hdbscan, HdbscanHyperParams};

use crate::plane::Metres;

/// A cluster and its outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its points, by number, ascending.
    pub members: Vec<usize>,
    /// Convex hull as a closed ring; a point or a line where the members span no area.
    pub convex: Vec<Metres>,
    /// Concave hull as a closed ring.
    pub concave: Vec<Metres>,
}

/// DBSCAN: points with at least `least` points (themselves counted) within `reach_m` metres, and what they reach.
///
/// # Returns
/// For each point the number of its cluster, or `None` for noise.
///
/// # References
/// Ester, Kriegel, Sander & Xu 1996, "A density-based algorithm for discovering clusters in large spatial databases with noise", KDD-96.
pub fn dbscan(points: &[Metres], reach_m: f64, least: usize) -> Vec<Option<usize>> {
    if points.is_empty() || !(reach_m.is_finite() && reach_m > 0.0) {
        return vec![None; points.len()];
    }
    multi_point(points.iter().copied()).dbscan(reach_m, least)
}

/// HDBSCAN: clusters of whatever density that persist longest, of at least `least` points.
///
/// # Returns
/// As [`dbscan`]; all noise where there are fewer points than `least`, or `least` is below two.
///
/// # References
/// Campello, Moulavi & Sander 2013, "Density-based clustering based on hierarchical density estimates", PAKDD 2013.
pub fn hdbscan(points: &[Metres], least: usize) -> Vec<Option<usize>> {
    if points.len() <= least || least < 2 || points.iter().any(|point| !(point.x.is_finite() && point.y.is_finite())) {
        return vec![None; points.len()];
    }
    let data: Vec<Vec<f64>> = points.iter().map(|point| vec![point.x, point.y]).collect();
    let parameters = HdbscanHyperParams::builder().min_cluster_size(least).min_samples(least).build();
    match Hdbscan::new(&data, parameters).cluster() {
        Ok(labels) => labels.into_iter().map(|label| usize::try_from(label).ok()).collect(),
        Err(_) => vec![None; points.len()],
    }
}

/// The clusters of a labelling with their outlines, largest first.
pub fn outlined(points: &[Metres], labels: &[Option<usize>]) -> Vec<Cluster> {
    let count = labels.iter().flatten().max().map_or(0, |largest| largest + 1);
    let mut members = vec![Vec::new(); count];
    for (at, label) in labels.iter().enumerate().take(points.len()) {
        if let Some(label) = label {
            members[*label].push(at);
        }
    }
    members.retain(|members| !members.is_empty());
    members.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    members
        .into_iter()
        .map(|members| {
            let own = multi_point(members.iter().map(|at| points[*at]));
            Cluster { convex: ring(&own.convex_hull()), concave: ring(&own.concave_hull()), members }
        })
        .collect()
}

fn multi_point(points: impl Iterator<Item = Metres>) -> MultiPoint<f64> {
    points.map(|point| Point::new(point.x, point.y)).collect::<Vec<_>>().into()
}

fn ring(polygon: &geo::Polygon<f64>) -> Vec<Metres> {
    polygon.exterior().0.iter().map(|Coord { x, y }| Metres { x: *x, y: *y }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares of 5 × 5 points, and one point far away.
    fn two() -> Vec<Metres> {
        let square =
            |x0: f64| (0..25).map(move |at| Metres { x: x0 + f64::from(at % 5) * 10.0, y: f64::from(at / 5) * 11.0 });
        square(0.0).chain(square(5_000.0)).chain([Metres { x: 90_000.0, y: 0.0 }]).collect()
    }

    #[test]
    fn two_clusters_and_noise_are_told_apart() {
        for labels in [dbscan(&two(), 15.0, 4), hdbscan(&two(), 5)] {
            assert_eq!(labels[50], None);
            let found = outlined(&two(), &labels);
            assert_eq!(found.iter().map(|cluster| cluster.members.len()).collect::<Vec<_>>(), [25, 25]);
            assert_eq!(found[0].convex.first(), found[0].convex.last());
            assert!(found[0].convex.len() >= 5 && found[0].concave.len() >= 5);
        }
    }

    #[test]
    fn no_points_one_point_and_the_same_point_over_and_over_do_no_harm() {
        let one = Metres { x: 1.0, y: 2.0 };
        for points in [vec![], vec![one], vec![one; 40]] {
            for labels in
                [dbscan(&points, 15.0, 4), hdbscan(&points, 5), dbscan(&points, f64::NAN, 4), hdbscan(&points, 0)]
            {
                assert_eq!(labels.len(), points.len());
                outlined(&points, &labels);
            }
        }
        assert_eq!(outlined(&vec![one; 40], &dbscan(&vec![one; 40], 15.0, 4)).len(), 1);
    }
}
