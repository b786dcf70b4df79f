//! Many tests at once: how many of those we call significant are so by chance.

/// Each p-value after the procedure of Benjamini and Hochberg: calling everything below `q` significant keeps the expected share of false
/// ones at or below `q`.
///
/// # Algorithm
/// Benjamini & Hochberg 1995, "Controlling the false discovery rate", J. R. Statist. Soc. B 57(1): the i-th smallest of m becomes the
/// least `p(j) · m / j` over all j ≥ i.
pub fn corrected(p_values: &[f64]) -> Vec<f64> {
    corrected_of(&p_values.iter().map(|p| (*p, 1)).collect::<Vec<_>>())
}

/// The same of p-values that stand for several tests each.
pub(crate) fn corrected_of(p_values: &[(f64, u64)]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*b].0.total_cmp(&p_values[*a].0));
    let tests: u64 = p_values.iter().map(|(_, times)| times).sum();
    let mut corrected = vec![1.0; p_values.len()];
    let (mut least, mut rank) = (1.0_f64, tests);
    for at in order {
        let (p, times) = p_values[at];
        least = least.min(p * tests as f64 / rank as f64);
        corrected[at] = least;
        rank -= times;
    }
    corrected
}

/// The largest p-value that is still below `level` after [`corrected`], among so many tests; `None` where none is.
///
/// `p_values` are all of them that are at most `level`; more do no harm. So the many that can never be significant need not be sorted.
pub(crate) fn largest_accepted(mut p_values: Vec<f64>, tests: usize, level: f64) -> Option<f64> {
    p_values.sort_unstable_by(f64::total_cmp);
    let below = |(before, p): &(usize, &f64)| **p * tests as f64 / (before + 1) as f64;
    p_values.iter().enumerate().rev().find(|one| below(one) < level).map(|(_, p)| *p)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_example_by_hand() {
        // Sorted 0.005, 0.01, 0.03, 0.04: times 4/1, 4/2, 4/3, 4/4 gives 0.02, 0.02, 0.04, 0.04.
        let p = corrected(&[0.01, 0.04, 0.03, 0.005]);
        for (found, exact) in p.iter().zip([0.02, 0.04, 0.04, 0.02]) {
            assert!((found - exact).abs() < 1e-12, "{p:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_what_the_corrected_values_say(
            p in prop::collection::vec(prop_oneof![0.0f64..=1.0, 0.0f64..0.05, Just(0.01)], 0..60), level in 0.01f64..0.2,
        ) {
            let few = p.iter().copied().filter(|p| *p <= level).collect();
            let accepted = largest_accepted(few, p.len(), level);
            for (p, corrected) in p.iter().zip(corrected(&p)) {
                prop_assert_eq!(accepted.is_some_and(|accepted| *p <= accepted), corrected < level);
            }
        }

        #[test]
        fn several_tests_of_one_p_value_are_as_many_tests(p in prop::collection::vec((0.0f64..=1.0, 1_u64..5), 0..20)) {
            let each: Vec<f64> = p.iter().flat_map(|(p, times)| (0..*times).map(|_| *p)).collect();
            let together = corrected_of(&p);
            let together: Vec<f64> =
                p.iter().zip(together).flat_map(|((_, times), corrected)| (0..*times).map(move |_| corrected)).collect();
            prop_assert_eq!(corrected(&each), together);
        }

        #[test]
        fn it_never_lowers_a_p_value_and_keeps_their_order(p in prop::collection::vec(0.0f64..=1.0, 0..50)) {
            let c = corrected(&p);
            for i in 0..p.len() {
                prop_assert!(c[i] >= p[i] - 1e-15 && c[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || c[i] <= c[j] + 1e-15);
                }
            }
        }
    }
}
