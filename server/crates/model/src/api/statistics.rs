//! Figures of the statistics: what is counted, how it compares, and what is made of it.
//!
//! A figure that cannot be said is `None`; none is ever infinite or not a number.

use serde::{Deserialize, Serialize};

use super::{Counts, Sentence};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountBy {
    /// Distinct conversations.
    Conversations,
    /// Distinct senders. The default: a build-up within one large group is spoken of by many, in few conversations.
    #[default]
    Senders,
    /// Distinct messages.
    Messages,
    /// Mentions, each for one, from the least confidence on.
    Mentions,
    /// Mentions from the least confidence on, each by its probability; rounded to a whole number where a test needs one.
    Weighted,
}

impl CountBy {
    /// All choices.
    pub const ALL: [Self; 5] = [Self::Conversations, Self::Senders, Self::Messages, Self::Mentions, Self::Weighted];

    /// The name used in JSON and parameters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Senders => "senders",
            Self::Messages => "messages",
            Self::Mentions => "mentions",
            Self::Weighted => "weighted",
        }
    }

    /// What it comes to; `weight` is the sum of the probabilities of the mentions.
    pub fn of(self, counts: &Counts, weight: f64) -> u64 {
        match self {
            Self::Conversations => counts.conversations,
            Self::Senders => counts.senders,
            Self::Messages => counts.messages,
            Self::Mentions => counts.mentions,
            Self::Weighted => weight.round() as u64,
        }
    }

    /// One and many of it, in Dutch and English.
    pub fn words(self) -> [[&'static str; 2]; 2] {
        match self {
            Self::Conversations => [["gesprek", "gesprekken"], ["conversation", "conversations"]],
            Self::Senders => [["afzender", "afzenders"], ["sender", "senders"]],
            Self::Messages => [["bericht", "berichten"], ["message", "messages"]],
            Self::Mentions => [["vermelding", "vermeldingen"], ["mention", "mentions"]],
            Self::Weighted => {
                [["gewogen vermelding", "gewogen vermeldingen"], ["weighted mention", "weighted mentions"]]
            }
        }
    }
}

impl std::str::FromStr for CountBy {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|one| one.as_str() == s).ok_or_else(|| format!("unknown count {s:?}"))
    }
}

/// How a hotspot came about, after the classes of ArcGIS "Emerging Hot Spot Analysis". Hot and cold are corrected Gi* of a step at the 5 %
/// level; "nearly always" is in at least 90 % of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Emerging {
    /// None of the others.
    #[default]
    None,
    /// Hot in the last step, and never before.
    NewHot,
    /// One unbroken run of hot steps up to the last, at least two, and never before it.
    ConsecutiveHot,
    /// Nearly always hot, also in the last step, and ever more so.
    IntensifyingHot,
    /// Nearly always hot, without a trend.
    PersistentHot,
    /// Nearly always hot, also in the last step, and ever less so.
    DiminishingHot,
    /// Hot in the last step, and on and off before; never cold.
    SporadicHot,
    /// Hot in the last step, and cold in some step before.
    OscillatingHot,
    /// Nearly always hot, but not in the last step.
    HistoricalHot,
    /// Cold in the last step, and never before.
    NewCold,
    /// One unbroken run of cold steps up to the last.
    ConsecutiveCold,
    /// Nearly always cold, and ever more so.
    IntensifyingCold,
    /// Nearly always cold, without a trend.
    PersistentCold,
    /// Nearly always cold, and ever less so.
    DiminishingCold,
    /// Cold in the last step, and on and off before; never hot.
    SporadicCold,
    /// Cold in the last step, and hot in some step before.
    OscillatingCold,
    /// Nearly always cold, but not in the last step.
    HistoricalCold,
}

/// A count against what another measure makes one expect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Against {
    /// What is expected.
    pub expected: f64,
    /// Count over expectation.
    pub ratio: f64,
    /// Probability of so many or more (exact Poisson test).
    pub p_value: f64,
    /// The p-value after Benjamini–Hochberg.
    pub p_corrected: f64,
}

/// A standard score of a neighbourhood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocalScore {
    /// Standard score.
    pub z: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// The p-value after Benjamini–Hochberg.
    pub p_corrected: f64,
}

/// Change against an earlier period of the same length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// What was counted then.
    pub counted: u64,
    /// Rate now over rate then, per message read; `None` when nothing was counted then.
    pub ratio: Option<f64>,
    /// Lower end of the 95 % interval of the ratio.
    pub low: f64,
    /// Upper end; `None` when there is no bound.
    pub high: Option<f64>,
}

/// A Mann–Kendall trend with the correction of Hamed and Rao for serial correlation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrendTest {
    /// Kendall's tau, −1 to 1.
    pub tau: f64,
    /// Standard score.
    pub z: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Median change a step.
    pub slope: f64,
}

/// What the statistics say of a line of the hotspot list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// What is counted, in the period.
    pub counted: u64,
    /// Sum of the probabilities of the mentions.
    pub weighted_mentions: f64,
    /// Of a unit of a grid: what is counted at places that extend beyond a unit and reach into this one, each spread evenly over its
    /// extent. No part of `counted`, nor of any test.
    pub spread: Option<f64>,
    /// Getis–Ord Gi* of its neighbourhood.
    pub gi_star: Option<LocalScore>,
    /// Local Moran's I: the score, and whether it is high among high (`high_high`), or unlike its neighbours.
    pub moran: Option<LocalScore>,
    /// Against its share of all messages, whatever their words and topics; only where words or topics are asked for.
    pub base_rate: Option<Against>,
    /// Against its inhabitants, where known for all.
    pub population: Option<Against>,
    /// Against the equally long period before.
    pub change: Option<Change>,
    /// Against the same period a year before.
    pub year_change: Option<Change>,
    /// How it came about.
    pub emerging: Option<Emerging>,
    /// Trend of its Gi* over the steps of the cube.
    pub trend: Option<TrendTest>,
    /// Whether a significant rise is none any more without its loudest conversation.
    pub rests_on_one_conversation: bool,
    /// Whether a significant fall is none any more when conversations that have no messages in the period are left out of the past: data
    /// may be missing.
    pub may_lack_data: bool,
    /// First bin of the last stretch of one rate, where that is a rise (RFC 3339).
    pub since: Option<String>,
}

/// What a list of hotspots rests on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Basis {
    /// What is counted.
    pub count: CountBy,
    /// Least confidence of a mention.
    pub min_confidence: f32,
    /// Units of the study area, those without a mention included.
    pub units: u64,
    /// Which units are neighbours: `contiguity` (sharing a border) or `distance_band`.
    pub neighbours: String,
    /// Width of the band in metres.
    pub band_m: Option<f64>,
    /// Steps of the cube of space and time; 0 where there are too few data for one.
    pub steps: u32,
    /// Length of a step in days.
    pub step_days: u32,
    /// All of this in a sentence, with what cannot be said and why.
    pub sentence: Sentence,
}

/// A bin of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesBin {
    /// Start (RFC 3339).
    pub from: String,
    /// End, exclusive.
    pub to: String,
    /// What is counted.
    pub counted: u64,
    /// All messages read; 0 means no data, not calm.
    pub read: u64,
}

/// A stretch of time of one rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RateStretch {
    /// Start (RFC 3339).
    pub from: String,
    /// End, exclusive.
    pub to: String,
    /// What is counted per thousand messages read.
    pub per_thousand: f64,
}

/// Answer of `/trend`: everything that passes the filter, over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trend {
    /// What is counted.
    pub count: CountBy,
    /// Length of a bin in days.
    pub step_days: u32,
    /// The series.
    pub series: Vec<SeriesBin>,
    /// Trend of the counts per message read; `None` with fewer than four bins, or when nothing varies.
    pub trend: Option<TrendTest>,
    /// Stretches of one rate (PELT, Poisson cost, penalty 2 ln n); changes lie between them.
    pub stretches: Vec<RateStretch>,
    /// Messages by day of the week (Monday first) and hour, in the server's time zone.
    pub rhythm: Vec<Vec<u64>>,
    /// What is to be said of it.
    pub sentence: Sentence,
    /// Grows with every change of data.
    pub data_version: u64,
}
