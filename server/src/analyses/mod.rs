//! From a filter to what an analysis says: scan statistic, clusters, near repeats, one hotspot in full.
//!
//! Here counts are taken from the index, within the asker's rights, and told; what is computed of them stands in `hotspot`.

mod clusters;
mod conversations;
mod detail;
mod near_repeat;
mod scan;
mod telling;

use hotspot::number::{decimal, whole};
use model::api::{FilterBody, Sentence};

use crate::error::ApiError;

/// Replicas of a Monte Carlo test when nobody says otherwise.
const REPLICAS: u32 = 999;
const SEED: u32 = 1;

/// Rounds of a Monte Carlo test, of which it says how many are done.
///
/// # Errors
/// When so many make no sense.
pub(crate) fn rounds(asked: &FilterBody) -> Result<usize, ApiError> {
    Ok(monte_carlo(asked)?.0 as usize)
}

/// Replicas and seed as asked for.
fn monte_carlo(asked: &FilterBody) -> Result<(u32, u32), ApiError> {
    let replicas = asked.replicas.unwrap_or(REPLICAS);
    if !(9..=9_999).contains(&replicas) {
        return Err(ApiError::bad_request("bad_replicas", "`replicas` is a number from 9 to 9999"));
    }
    Ok((replicas, asked.seed.unwrap_or(SEED)))
}

/// Metres as kilometres or metres, in Dutch and English.
fn distance(metres: f64) -> [String; 2] {
    if metres >= 1_000.0 {
        decimal(metres / 1_000.0, 1).map(|km| format!("{km} km"))
    } else {
        decimal(metres, 0).map(|m| format!("{m} m"))
    }
}

fn said(nl: impl Into<String>, en: impl Into<String>) -> Sentence {
    Sentence { nl: nl.into(), en: en.into() }
}

/// What is left out for being too coarse, as the end of a sentence; nothing where nothing is.
fn left_out(too_coarse: u64) -> [String; 2] {
    match too_coarse {
        0 => Default::default(),
        1 => ["; 1 te grove vermelding niet meegeteld".into(), "; 1 too coarse mention left out".into()],
        n => {
            let [nl, en] = whole(n);
            [format!("; {nl} te grove vermeldingen niet meegeteld"), format!("; {en} too coarse mentions left out")]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_written_as_each_language_does() {
        assert_eq!(distance(12_340.0), ["12,3 km", "12.3 km"]);
        assert_eq!(distance(250.0), ["250 m", "250 m"]);
    }
}
