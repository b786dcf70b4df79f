//! The statistics say what esda, scipy, pymannkendall, scikit-learn and hdbscan say (`tests/fixtures/oracles/make.py`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use hotspot::density::{Spot, density_at, rule_of_thumb};
use hotspot::local::{Quadrant, gi_star, local_moran, two_sided};
use hotspot::trend::{hamed_rao, mann_kendall};
use hotspot::{Metres, Neighbours, change_points, cluster, poisson, words};
use model::api::Kernel;
use serde_json::Value;

fn oracle() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/oracles/statistics.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn points(value: &Value) -> Vec<Metres> {
    let point = |value: &Value| Metres { x: value[0].as_f64().unwrap(), y: value[1].as_f64().unwrap() };
    value.as_array().unwrap().iter().map(point).collect()
}

#[track_caller]
fn same(found: f64, expected: f64) {
    // What cancels to nothing has no digits to agree on.
    let tolerance = 1e-9 * expected.abs().max(1e-290) + if expected.abs() < 1e-12 { 1e-15 } else { 0.0 };
    assert!(
        (found - expected).abs() <= tolerance || found.to_bits() == expected.to_bits(),
        "{found} instead of {expected}"
    );
}

#[test]
fn neighbourhoods_agree_with_esda() {
    let said = &oracle()["neighbourhoods"];
    let values = numbers(&said["values"]);
    let pair = |pair: &Value| (pair[0].as_u64().unwrap() as u32, pair[1].as_u64().unwrap() as u32);
    let near = Neighbours::from_pairs(values.len(), said["pairs"].as_array().unwrap().iter().map(pair));
    for (at, gi) in gi_star(&values, &near).into_iter().enumerate() {
        let gi = gi.unwrap();
        same(gi.z, said["gi_z"][at].as_f64().unwrap());
        same(gi.p, said["gi_p_two_sided"][at].as_f64().unwrap());
        same(gi.p_corrected, said["gi_p_corrected"][at].as_f64().unwrap());
    }
    for (at, moran) in local_moran(&values, &near).into_iter().enumerate() {
        assert_eq!(moran.is_some(), !said["moran_i"][at].is_null(), "{at}");
        let Some(moran) = moran else { continue };
        same(moran.i, said["moran_i"][at].as_f64().unwrap());
        same(moran.local.z, said["moran_z"][at].as_f64().unwrap());
        let quadrant = match moran.quadrant {
            Quadrant::HighHigh => 1,
            Quadrant::LowHigh => 2,
            Quadrant::LowLow => 3,
            Quadrant::HighLow => 4,
        };
        assert_eq!(said["moran_quadrant"][at], quadrant, "{at}");
    }
}

#[test]
fn tails_and_intervals_agree_with_scipy() {
    let said = oracle();
    for one in said["normal_two_sided"].as_array().unwrap() {
        same(two_sided(one[0].as_f64().unwrap()), one[1].as_f64().unwrap());
    }
    for one in said["poisson"].as_array().unwrap() {
        let (count, mean) = (one[0].as_u64().unwrap(), one[1].as_f64().unwrap());
        same(poisson::at_least(count, mean), one[2].as_f64().unwrap());
        same(poisson::at_most(count, mean), one[3].as_f64().unwrap());
    }
    for one in said["ratio_intervals"].as_array().unwrap() {
        let (now, before, exposure) = (one[0].as_u64().unwrap(), one[1].as_u64().unwrap(), one[2].as_f64().unwrap());
        let (low, high) = poisson::ratio_interval(now, before, exposure).unwrap();
        same(low, one[3].as_f64().unwrap());
        assert_eq!(high.is_some(), one[4].is_number());
        if let Some(high) = high {
            same(high, one[4].as_f64().unwrap());
        }
    }
}

#[test]
fn trends_agree_with_pymannkendall() {
    for one in oracle()["trends"].as_array().unwrap() {
        let values = numbers(&one["values"]);
        let (plain, modified) = (mann_kendall(&values).unwrap(), hamed_rao(&values).unwrap());
        for (found, name) in [(plain.s, "s"), (plain.tau, "tau"), (plain.z, "z"), (plain.slope, "slope")] {
            same(found, one[name].as_f64().unwrap());
        }
        same(modified.z, one["modified_z"].as_f64().unwrap());
        // The library takes the distribution function from one: small p-values lose their digits there.
        for (found, name) in [(plain.p, "p"), (modified.p, "modified_p")] {
            assert!((found - one[name].as_f64().unwrap()).abs() < 1e-10, "{name}");
        }
    }
}

#[test]
fn densities_agree_with_the_formula_and_scikit_learn() {
    let said = &oracle()["density"];
    let spots: Vec<Spot> = points(&said["spots"])
        .into_iter()
        .zip(numbers(&said["mass"]))
        .map(|(at, weight)| Spot { at, weight, radius_m: 0.0 })
        .collect();
    let bandwidth = said["bandwidth_m"].as_f64().unwrap();
    for (at, point) in points(&said["at"]).into_iter().enumerate() {
        same(density_at(&spots, Kernel::Quartic, bandwidth, point), said["quartic_per_km2"][at].as_f64().unwrap());
        same(density_at(&spots, Kernel::Gaussian, bandwidth, point), said["gaussian_per_km2"][at].as_f64().unwrap());
    }
    same(rule_of_thumb(&spots, Kernel::Gaussian), said["rule_gaussian_m"].as_f64().unwrap());
}

#[test]
fn change_points_are_those_of_the_exhaustive_search() {
    for one in oracle()["change_points"].as_array().unwrap() {
        let counts: Vec<u64> = one["counts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        let found: Vec<_> = change_points::stretches(&counts, &numbers(&one["read"])).iter().map(|s| s.to).collect();
        assert_eq!(serde_json::json!(found), one["ends"]);
    }
}

/// Adjusted Rand index (Hubert & Arabie 1985) of two labellings.
fn adjusted_rand(a: &[i64], b: &[i64]) -> f64 {
    let pairs = |n: u64| (n * n.saturating_sub(1) / 2) as f64;
    let tally = |keys: Vec<(i64, i64)>| {
        let mut counts = BTreeMap::new();
        for key in keys {
            *counts.entry(key).or_insert(0_u64) += 1;
        }
        counts.values().map(|count| pairs(*count)).sum::<f64>()
    };
    let both = tally(a.iter().copied().zip(b.iter().copied()).collect());
    let (own, other) = (tally(a.iter().map(|l| (*l, 0)).collect()), tally(b.iter().map(|l| (*l, 0)).collect()));
    let expected = own * other / pairs(a.len() as u64);
    (both - expected) / (own.midpoint(other) - expected)
}

#[test]
fn clusters_agree_with_scikit_learn_and_hdbscan() {
    let said = &oracle()["clusters"];
    let points = points(&said["points"]);
    let found = [
        ("dbscan", cluster::dbscan(&points, said["dbscan"]["reach_m"].as_f64().unwrap(), 5)),
        ("hdbscan", cluster::hdbscan(&points, 8)),
    ];
    for (name, labels) in found {
        let own: Vec<i64> = labels.iter().map(|label| label.map_or(-1, |label| label as i64)).collect();
        let theirs: Vec<i64> = said[name]["labels"].as_array().unwrap().iter().map(|l| l.as_i64().unwrap()).collect();
        let index = adjusted_rand(&own, &theirs);
        assert!(index >= 0.99, "{name}: {index}");
    }
}

#[test]
fn words_agree_with_the_formula() {
    let said = &oracle()["words"];
    let bag = |value: &Value| -> BTreeMap<String, u64> {
        value.as_object().unwrap().iter().map(|(word, n)| (word.clone(), n.as_u64().unwrap())).collect()
    };
    let found = words::telling_words(&bag(&said["here"]), &bag(&said["rest"]), 10);
    let told = said["told"].as_array().unwrap();
    assert_eq!(found.len(), told.len());
    for (own, theirs) in found.iter().zip(told) {
        assert_eq!(theirs[0], own.word.as_str());
        same(own.log_odds, theirs[1].as_f64().unwrap());
        same(own.z, theirs[2].as_f64().unwrap());
    }
}
