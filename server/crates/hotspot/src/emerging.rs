//! How a hotspot came about: the classes of emerging hot spots over a cube of space and time.

use model::api::Emerging;
use rayon::prelude::*;

use crate::false_discovery::largest_accepted;
use crate::local::{score, spread, two_sided};
use crate::neighbours::Neighbours;
use crate::trend::{Trend, hamed_rao};

/// A bin is hot or cold below this corrected p-value; so is a trend real.
const SIGNIFICANT: f64 = 0.05;
/// Share of the bins from which on a unit is always hot, so to say (ArcGIS Pro, "How Emerging Hot Spot Analysis works").
const NEARLY_ALL: f64 = 0.9;
/// Least steps of a cube: the tool cited asks for ten, since a trend of fewer says little.
pub const LEAST_STEPS: usize = 10;

/// Counts by unit and step.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    steps: usize,
    counts: Vec<f64>,
}

/// What is said of a unit over all steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Emerged {
    /// The class.
    pub class: Emerging,
    /// Trend of the unit's Gi* over the steps.
    pub trend: Option<Trend>,
    /// Gi* in each step.
    pub z: Vec<f64>,
}

impl Cube {
    /// A cube from the series of each unit; series are cut or filled with zeros to `steps`.
    pub fn new(steps: usize, series: &[Vec<f64>]) -> Self {
        let counts = series
            .iter()
            .flat_map(|one| (0..steps).map(move |step| one.get(step).copied().filter(|n| n.is_finite()).unwrap_or(0.0)))
            .collect();
        Self { steps, counts }
    }
}

/// The counts of a unit that are not zero, with their steps.
fn nonzero(counts: &[f64]) -> Vec<(usize, f64)> {
    counts.iter().copied().enumerate().filter(|(_, count)| *count != 0.0).collect()
}

/// Below this absolute score no p-value is near [`SIGNIFICANT`]: two-sided, 1.9 is 0.057.
const FAR_FROM_SIGNIFICANT: f64 = 1.9;

/// Scores of all bins of a cube. The class of a unit takes much longer than they do, and is wanted of few.
#[derive(Debug, Clone)]
pub struct Scores {
    steps: usize,
    z: Vec<f64>,
    /// The largest p-value that is significant after correction.
    accepted: Option<f64>,
}

/// Class of every unit; see [`Scores`].
///
/// # Returns
/// `None` for all when the cube has fewer than [`LEAST_STEPS`] steps, or nothing in it varies.
pub fn emerging(cube: &Cube, near: &Neighbours) -> Vec<Option<Emerged>> {
    let scores = Scores::new(cube, near);
    (0..near.len()).map(|unit| scores.as_ref().map(|scores| scores.class_of(unit))).collect()
}

impl Scores {
    /// Scores of every bin.
    ///
    /// # Returns
    /// `None` when the cube has fewer than [`LEAST_STEPS`] steps, or nothing in it varies.
    ///
    /// # Algorithm
    /// Gi* of every bin against the whole cube; its neighbourhood is the unit and its neighbours in that step and the step before.
    /// P-values of all bins are corrected together (Benjamini–Hochberg) and cut at 0.05. A Mann–Kendall test with Hamed and Rao's correction
    /// says whether the scores of a unit rise or fall; then the definitions of [`Emerging`] are tried.
    ///
    /// # References
    /// Esri, ArcGIS Pro tool reference, "How Emerging Hot Spot Analysis works" (definitions of the classes). Ord & Getis 1995 (Gi*).
    pub fn new(cube: &Cube, near: &Neighbours) -> Option<Self> {
        let units = near.len();
        let steps = cube.steps;
        if steps < LEAST_STEPS || cube.counts.len() != units * steps {
            return None;
        }
        let (mean, deviation) = spread(&cube.counts)?;
        let n = cube.counts.len() as f64;
        let mut z = vec![0.0; cube.counts.len()];
        // Of most units nothing was said in most steps: only what was is added up.
        let said: Vec<Vec<(usize, f64)>> = cube.counts.chunks(steps).map(nonzero).collect();
        z.par_chunks_mut(steps).enumerate().for_each_init(
            || vec![0.0; steps],
            |sums, (unit, z)| {
                let others = near.of(unit);
                sums.fill(0.0);
                for (step, count) in others.iter().flat_map(|other| &said[*other as usize]).chain(&said[unit]) {
                    sums[*step] += count;
                }
                for step in 0..steps {
                    let (layers, before) = if step > 0 { (2.0, sums[step - 1]) } else { (1.0, 0.0) };
                    let weight = layers * (1 + others.len()) as f64;
                    z[step] = score(sums[step] + before, weight, mean, deviation, n).unwrap_or(0.0);
                }
            },
        );
        let far = z.iter().filter(|z| z.abs() >= FAR_FROM_SIGNIFICANT).map(|z| two_sided(*z)).collect();
        let accepted = largest_accepted(far, z.len(), SIGNIFICANT);
        Some(Self { steps, z, accepted })
    }

    /// What is said of a unit.
    pub fn class_of(&self, unit: usize) -> Emerged {
        let z = &self.z[unit * self.steps..(unit + 1) * self.steps];
        let is_told = |z: f64| self.accepted.is_some_and(|accepted| two_sided(z) <= accepted);
        let state = |sign: f64| -> Vec<bool> { z.iter().map(|z| z * sign > 0.0 && is_told(*z)).collect() };
        let (hot, cold) = (state(1.0), state(-1.0));
        let trend = hamed_rao(z);
        Emerged { class: class(&hot, &cold, trend), trend, z: z.to_vec() }
    }
}

/// The class of one unit from its hot and cold steps and the trend of its scores.
pub fn class(hot: &[bool], cold: &[bool], trend: Option<Trend>) -> Emerging {
    let moving = trend.filter(|trend| trend.p < SIGNIFICANT).map_or(0.0, |trend| trend.z.signum());
    if let Some(kind) = kind(hot, cold, moving) {
        return kind.hot();
    }
    // A cold spot intensifies when its scores fall.
    kind(cold, hot, -moving).map_or(Emerging::None, Kind::cold)
}

#[derive(Clone, Copy)]
enum Kind {
    New,
    Consecutive,
    Intensifying,
    Persistent,
    Diminishing,
    Sporadic,
    Oscillating,
    Historical,
}

/// The definitions, for steps that are "on" and, for the opposite, "off"; `moving` is the sign of a real trend away from the mean.
fn kind(on: &[bool], opposite: &[bool], moving: f64) -> Option<Kind> {
    let total = on.iter().filter(|is_on| **is_on).count();
    let last_run = on.iter().rev().take_while(|is_on| **is_on).count();
    let nearly_all = total as f64 >= NEARLY_ALL * on.len() as f64 && total > 0;
    if last_run == 0 {
        return nearly_all.then_some(Kind::Historical);
    }
    Some(if nearly_all {
        match moving {
            rising if rising > 0.0 => Kind::Intensifying,
            falling if falling < 0.0 => Kind::Diminishing,
            _ => Kind::Persistent,
        }
    } else if total == 1 {
        Kind::New
    } else if total == last_run {
        Kind::Consecutive
    } else if opposite.contains(&true) {
        Kind::Oscillating
    } else {
        Kind::Sporadic
    })
}

impl Kind {
    fn hot(self) -> Emerging {
        match self {
            Self::New => Emerging::NewHot,
            Self::Consecutive => Emerging::ConsecutiveHot,
            Self::Intensifying => Emerging::IntensifyingHot,
            Self::Persistent => Emerging::PersistentHot,
            Self::Diminishing => Emerging::DiminishingHot,
            Self::Sporadic => Emerging::SporadicHot,
            Self::Oscillating => Emerging::OscillatingHot,
            Self::Historical => Emerging::HistoricalHot,
        }
    }

    fn cold(self) -> Emerging {
        match self {
            Self::New => Emerging::NewCold,
            Self::Consecutive => Emerging::ConsecutiveCold,
            Self::Intensifying => Emerging::IntensifyingCold,
            Self::Persistent => Emerging::PersistentCold,
            Self::Diminishing => Emerging::DiminishingCold,
            Self::Sporadic => Emerging::SporadicCold,
            Self::Oscillating => Emerging::OscillatingCold,
            Self::Historical => Emerging::HistoricalCold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `+` hot, `-` cold, `.` neither.
    fn of(steps: &str, trend: f64) -> Emerging {
        let is = |sign| steps.chars().map(|step| step == sign).collect::<Vec<_>>();
        let p = if trend == 0.0 { 0.5 } else { 0.001 };
        class(&is('+'), &is('-'), Some(Trend { s: trend, tau: 0.5, z: trend * 4.0, p, slope: trend }))
    }

    #[test]
    fn every_definition_has_its_pattern() {
        for (steps, trend, expected) in [
            ("...........", 0.0, Emerging::None),
            ("..........+", 0.0, Emerging::NewHot),
            (".........++", 1.0, Emerging::ConsecutiveHot),
            (".++++++++++", 1.0, Emerging::IntensifyingHot),
            ("+++++++++++", 0.0, Emerging::PersistentHot),
            ("+++++++++++", -1.0, Emerging::DiminishingHot),
            ("..+..+....+", 0.0, Emerging::SporadicHot),
            (".-...+....+", 0.0, Emerging::OscillatingHot),
            (".-........+", 0.0, Emerging::NewHot),
            ("++++++++++.", 0.0, Emerging::HistoricalHot),
            ("+++........", 0.0, Emerging::None),
            ("..........-", 0.0, Emerging::NewCold),
            ("-----------", -1.0, Emerging::IntensifyingCold),
            ("-----------", 1.0, Emerging::DiminishingCold),
            ("-----------", 0.0, Emerging::PersistentCold),
            ("+.-.......-", 0.0, Emerging::OscillatingCold),
            ("----------.", 0.0, Emerging::HistoricalCold),
            ("..-..-....-", 0.0, Emerging::SporadicCold),
            ("........---", 0.0, Emerging::ConsecutiveCold),
        ] {
            assert_eq!(of(steps, trend), expected, "{steps} {trend}");
        }
    }

    #[test]
    fn a_cube_that_is_short_or_flat_says_nothing() {
        let near = Neighbours::from_pairs(3, [(0, 1), (1, 2)]);
        let flat = Cube::new(12, &[vec![2.0; 12], vec![2.0; 12], vec![2.0; 12]]);
        assert_eq!(emerging(&flat, &near), vec![None; 3]);
        let short = Cube::new(3, &[vec![2.0; 3], vec![0.0; 3], vec![9.0; 3]]);
        assert_eq!(emerging(&short, &near), vec![None; 3]);
        assert!(emerging(&Cube::new(12, &[]), &Neighbours::from_pairs(0, [])).is_empty());
    }

    #[test]
    fn a_place_that_flares_up_in_the_last_step_is_new() {
        let near = Neighbours::from_pairs(40, (1..40).map(|unit| (unit - 1, unit)));
        let mut series: Vec<Vec<f64>> =
            (0..40).map(|unit| (0..12).map(|step| f64::from((unit * 7 + step * 5) % 3)).collect()).collect();
        series[20][11] = 60.0;
        let found = emerging(&Cube::new(12, &series), &near);
        assert_eq!(found[20].as_ref().unwrap().class, Emerging::NewHot);
        assert_eq!(found[2].as_ref().unwrap().class, Emerging::None);
    }
}
