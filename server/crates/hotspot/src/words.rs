//! Which words tell one bag of texts from another.

use std::collections::{BTreeMap, BTreeSet};

use statrs::function::erf::erfc;

use crate::false_discovery::corrected;
use crate::rank::SIGNIFICANCE;

/// Total of the prior: how many words of the background each bag is thought to have had before it was read. With it a word must be seen a
/// few times before it says something; the prior's shape is that of both bags together.
const PRIOR_WORDS: f64 = 500.0;

/// A word and how much more it is used here than there.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// The word.
    pub word: String,
    /// Difference of log-odds.
    pub log_odds: f64,
    /// The same as a standard score; the order of the list.
    pub z: f64,
}

/// Words used clearly more here than in the rest, most telling first, at most `limit`.
///
/// # Algorithm
/// Log-odds ratio with an informative Dirichlet prior, δ / σ(δ): `δ = ln((y + a) / (n + A − y − a)) − ln((y' + a) / (n' + A − y' − a))`,
/// `σ² ≈ 1 / (y + a) + 1 / (y' + a)`, where a is the word's share of both bags times the total A of the prior. One-sided p-values of these
/// scores are corrected by Benjamini–Hochberg over all words used here: of hundreds of words a few always seem to tell something.
///
/// # References
/// Monroe, Colaresi & Quinn 2008, "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the Content of Political
/// Conflict", Political Analysis 16(4), equations 16, 20 and 22.
pub fn telling_words(here: &BTreeMap<String, u64>, rest: &BTreeMap<String, u64>, limit: usize) -> Vec<Telling> {
    let total = |bag: &BTreeMap<String, u64>| bag.values().sum::<u64>() as f64;
    let (n, n_rest) = (total(here), total(rest));
    if n == 0.0 || n_rest == 0.0 {
        return Vec::new();
    }
    let words: BTreeSet<&String> = here.keys().collect();
    let count = |bag: &BTreeMap<String, u64>, word: &String| bag.get(word).copied().unwrap_or(0) as f64;
    let told: Vec<Telling> = words
        .into_iter()
        .filter_map(|word| {
            let (y, y_rest) = (count(here, word), count(rest, word));
            let a = PRIOR_WORDS * (y + y_rest) / (n + n_rest);
            let odds = |y: f64, n: f64| ((y + a) / (n + PRIOR_WORDS - y - a)).ln();
            let log_odds = odds(y, n) - odds(y_rest, n_rest);
            let z = log_odds / (1.0 / (y + a) + 1.0 / (y_rest + a)).sqrt();
            z.is_finite().then(|| Telling { word: word.clone(), log_odds, z })
        })
        .collect();
    let p: Vec<f64> = told.iter().map(|told| erfc(told.z / std::f64::consts::SQRT_2) / 2.0).collect();
    let clear = told.into_iter().zip(corrected(&p)).filter(|(_, p)| *p < SIGNIFICANCE);
    let mut found: Vec<Telling> = clear.map(|(told, _)| told).collect();
    found.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.word.cmp(&b.word)));
    found.truncate(limit);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag(words: &[(&str, u64)]) -> BTreeMap<String, u64> {
        words.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
    }

    #[test]
    fn what_everybody_says_tells_nothing_and_what_is_said_here_does() {
        let here = bag(&[("de", 200), ("loods", 30), ("zeldzaam", 1)]);
        let rest = bag(&[("de", 20_000), ("loods", 20), ("markt", 3_000)]);
        let found = telling_words(&here, &rest, 5);
        assert_eq!(found.iter().map(|t| t.word.as_str()).collect::<Vec<_>>(), ["loods"]);
    }

    #[test]
    fn of_many_words_that_differ_by_chance_none_is_told() {
        // Every pair of counts from 5 to 20: the largest score is 2.7, which one word alone would be told by.
        let bag = |count: fn(u64) -> u64| (0..256).map(|n| (format!("w{n}"), 5 + count(n) % 16)).collect();
        let (here, rest): (BTreeMap<_, _>, BTreeMap<_, _>) = (bag(|n| n), bag(|n| n / 16));
        assert_eq!(telling_words(&here, &rest, 50), []);
    }

    #[test]
    fn without_words_on_either_side_nothing_is_said() {
        assert!(telling_words(&bag(&[]), &bag(&[("a", 1)]), 5).is_empty());
        assert!(telling_words(&bag(&[("a", 1)]), &bag(&[]), 5).is_empty());
        assert!(telling_words(&bag(&[("a", 9)]), &bag(&[("a", 9)]), 5).is_empty());
    }
}
