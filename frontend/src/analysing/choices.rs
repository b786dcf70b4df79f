//! How the analyses are asked: what the forms choose, its way into a link and back, and into a filter.

use model::RegionKind;
use model::api::{CountBy, FilterBody};

use crate::units::REGIONS;

/// Replicas of a test that can be chosen: quick, usual, and so many that small chances can be told.
pub(crate) const REPLICAS: [u32; 3] = [99, 999, 9_999];
/// What a scan can be against.
pub(crate) const AGAINST: [&str; 3] = ["past", "population", "all"];
/// What is joined, in metres, and how much makes a cluster, as the server takes them.
pub(crate) const REACH_M: std::ops::RangeInclusive<u32> = 10..=50_000;
pub(crate) const LEAST: std::ops::RangeInclusive<u32> = 2..=1_000;

const USUAL_REPLICAS: u32 = 999;
const USUAL_REACH_M: u32 = 1_000;
const USUAL_LEAST: u32 = 5;
const MOST_BANDS: usize = 8;
const MOST_M: u32 = 200_000;
const MOST_DAYS: u32 = 3_650;

/// A question that the panel asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Where, and since when, is it busier than elsewhere?
    Scan,
    /// Which places lie together?
    Clusters,
    /// Does something follow soon and near?
    NearRepeat,
}

impl Question {
    /// All questions, in the order of the tabs.
    pub(crate) const ALL: [Self; 3] = [Self::Scan, Self::Clusters, Self::NearRepeat];

    /// Its name in links, and its path under `/api/v1`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Clusters => "clusters",
            Self::NearRepeat => "near-repeat",
        }
    }
}

/// What the forms hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choices {
    /// Units of the scan.
    pub(crate) by: RegionKind,
    /// Whether it looks for circles over the whole period instead of over its last stretch.
    pub(crate) only_space: bool,
    /// What it is against; `None` is the server's choice.
    pub(crate) against: Option<&'static str>,
    /// HDBSCAN instead of DBSCAN.
    pub(crate) hdbscan: bool,
    /// What is joined, in metres.
    pub(crate) reach_m: u32,
    /// So much makes a cluster.
    pub(crate) least: u32,
    /// Convex hulls instead of concave ones.
    pub(crate) convex: bool,
    /// Bands of distance in metres.
    pub(crate) distances_m: Vec<u32>,
    /// Bands of time in days.
    pub(crate) days: Vec<u32>,
    /// Replicas of scan and near repeats.
    pub(crate) replicas: u32,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            by: RegionKind::Municipality,
            only_space: false,
            against: None,
            hdbscan: false,
            reach_m: USUAL_REACH_M,
            least: USUAL_LEAST,
            convex: false,
            distances_m: vec![1_000, 2_500, 5_000, 10_000],
            days: vec![1, 3, 7, 14, 28],
            replicas: USUAL_REPLICAS,
        }
    }
}

impl Choices {
    /// Takes what a link says; what makes no sense is left at its default.
    pub(crate) fn read(&mut self, key: &str, value: &str) {
        let within = |range: std::ops::RangeInclusive<u32>| value.parse().ok().filter(|number| range.contains(number));
        match key {
            "scan-by" => self.by = REGIONS.into_iter().find(|kind| kind.as_str() == value).unwrap_or(self.by),
            "scan-over" => self.only_space = value == "space",
            "scan-against" => self.against = AGAINST.into_iter().find(|name| *name == value),
            "cluster" => self.hdbscan = value == "hdbscan",
            "reach" => self.reach_m = within(REACH_M).unwrap_or(self.reach_m),
            "least" => self.least = within(LEAST).unwrap_or(self.least),
            "hull" => self.convex = value == "convex",
            "distances" => self.distances_m = distances(value).unwrap_or_else(|| self.distances_m.clone()),
            "days" => self.days = days(value).unwrap_or_else(|| self.days.clone()),
            "replicas" => {
                self.replicas = value.parse().ok().filter(|number| REPLICAS.contains(number)).unwrap_or(self.replicas);
            }
            _ => {}
        }
    }

    /// What a link says of it: only what is not as usual.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let usual = Self::default();
        let mut pairs = Vec::new();
        let mut put = |key, is_other: bool, value: String| pairs.extend(is_other.then_some((key, value)));
        put("scan-by", self.by != usual.by, self.by.as_str().to_owned());
        put("scan-over", self.only_space, "space".to_owned());
        put("scan-against", self.against.is_some(), self.against.unwrap_or_default().to_owned());
        put("cluster", self.hdbscan, "hdbscan".to_owned());
        put("reach", self.reach_m != usual.reach_m, self.reach_m.to_string());
        put("least", self.least != usual.least, self.least.to_string());
        put("hull", self.convex, "convex".to_owned());
        put("distances", self.distances_m != usual.distances_m, listed(&self.distances_m, ","));
        put("days", self.days != usual.days, listed(&self.days, ","));
        put("replicas", self.replicas != usual.replicas, self.replicas.to_string());
        pairs
    }

    /// The question as the server takes it, about what passes the filter.
    pub(crate) fn body(&self, question: Question, filter: &FilterBody, count: Option<CountBy>) -> FilterBody {
        let base = FilterBody { count: count.map(|count| count.as_str().to_owned()), ..filter.clone() };
        match question {
            Question::Scan => FilterBody {
                by: Some(self.by.as_str().to_owned()),
                over: self.only_space.then(|| "space".to_owned()),
                against: self.against.map(str::to_owned),
                replicas: Some(self.replicas),
                ..base
            },
            Question::Clusters => FilterBody {
                method: self.hdbscan.then(|| "hdbscan".to_owned()),
                reach_m: Some(f64::from(self.reach_m)),
                min_points: Some(self.least),
                hull: self.convex.then(|| "convex".to_owned()),
                ..base
            },
            Question::NearRepeat => FilterBody {
                distances_m: Some(listed(&self.distances_m, ",")),
                days: Some(listed(&self.days, ",")),
                replicas: Some(self.replicas),
                ..base
            },
        }
    }
}

/// Bounds in metres as somebody wrote them; `None` when they make no sense.
pub(crate) fn distances(text: &str) -> Option<Vec<u32>> {
    ascending(text, MOST_M)
}

/// Bounds in days as somebody wrote them; `None` when they make no sense.
pub(crate) fn days(text: &str) -> Option<Vec<u32>> {
    ascending(text, MOST_DAYS)
}

/// Numbers with something between.
pub(crate) fn listed(numbers: &[u32], between: &str) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(between)
}

fn ascending(text: &str, most: u32) -> Option<Vec<u32>> {
    let parts = text.split([',', ';', ' ']).filter(|part| !part.is_empty());
    let numbers: Vec<u32> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let ascends = numbers.windows(2).all(|two| two[0] < two[1]);
    let fits = (1..=MOST_BANDS).contains(&numbers.len()) && numbers.iter().all(|number| (1..=most).contains(number));
    (ascends && fits).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_ascend_or_are_none() {
        assert_eq!(distances("500, 1000; 2500").as_deref(), Some(&[500, 1_000, 2_500][..]));
        for bad in ["", "1000,500", "500,500", "0", "1.5", "a", "300000", "1 2 3 4 5 6 7 8 9"] {
            assert_eq!(distances(bad), None, "{bad}");
        }
        assert_eq!(days("1 7 28").as_deref(), Some(&[1, 7, 28][..]));
        assert_eq!(days("4000"), None);
    }

    #[test]
    fn what_is_chosen_survives_a_link_and_what_is_usual_is_not_in_it() {
        assert!(Choices::default().pairs().is_empty());
        let chosen = Choices {
            by: RegionKind::Province,
            only_space: true,
            against: Some("population"),
            hdbscan: true,
            reach_m: 2_500,
            least: 12,
            convex: true,
            distances_m: vec![250, 500],
            days: vec![2],
            replicas: 99,
        };
        let mut read = Choices::default();
        for (key, value) in chosen.pairs() {
            read.read(key, &value);
        }
        assert_eq!(read, chosen);
        let mut nonsense = Choices::default();
        for (key, value) in [("scan-by", "custom"), ("reach", "9"), ("least", "x"), ("days", "7,1"), ("replicas", "5")]
        {
            nonsense.read(key, value);
        }
        assert_eq!(nonsense, Choices::default());
    }

    #[test]
    fn a_question_goes_out_with_the_filter_and_its_own_choices_alone() {
        let filter = FilterBody { words: Some("busje".into()), ..FilterBody::default() };
        let asked = Choices::default().body(Question::Clusters, &filter, Some(CountBy::Messages));
        assert_eq!((asked.words.as_deref(), asked.count.as_deref()), (Some("busje"), Some("messages")));
        assert_eq!((asked.reach_m, asked.min_points, asked.replicas), (Some(1_000.0), Some(5), None));
        let asked = Choices::default().body(Question::NearRepeat, &filter, None);
        assert_eq!((asked.days.as_deref(), asked.by, asked.count), (Some("1,3,7,14,28"), None, None));
    }
}
