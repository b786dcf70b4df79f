//! Work on many things at once, on as many cores as there are.

use std::ops::Range;

use rayon::prelude::*;

/// Less than so much is done before others could help.
const WORTH_SHARING: u64 = 20_000;

/// Cuts a list into parts of about the same weight, works on each by itself, and gives what came of them in the order of the list.
pub(crate) fn in_parts<T: Sync, R: Send>(
    items: &[T],
    weight: impl Fn(&T) -> u64,
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let weights: Vec<u64> = items.iter().map(weight).collect();
    // More parts than cores, so that one that takes longer is not waited for.
    let most = match rayon::current_num_threads() {
        1 => 1,
        cores => 2 * cores,
    };
    let parts = cut(&weights, most);
    if let [whole] = &parts[..] {
        return vec![work(&items[whole.clone()])];
    }
    parts.into_par_iter().map(|part| work(&items[part])).collect()
}

/// Ranges of about the same weight, at most so many, that cover everything.
fn cut(weights: &[u64], most: usize) -> Vec<Range<usize>> {
    let total: u64 = weights.iter().sum();
    let parts = (total / WORTH_SHARING).clamp(1, most as u64);
    let (mut ranges, mut from, mut sum) = (Vec::new(), 0, 0);
    for (at, weight) in weights.iter().enumerate() {
        sum += weight;
        if sum * parts >= total * (ranges.len() as u64 + 1) && total > 0 {
            ranges.push(from..at + 1);
            from = at + 1;
        }
    }
    // What weighs nothing may be left at the end.
    match ranges.last_mut() {
        Some(last) => last.end = weights.len(),
        None => ranges.push(from..weights.len()),
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_cover_everything_in_order(weights in prop::collection::vec(0_u64..100_000, 0..50), most in 1_usize..9) {
            let parts = cut(&weights, most);
            prop_assert!((1..=most).contains(&parts.len()), "{parts:?}");
            prop_assert_eq!(parts.iter().cloned().flatten().collect::<Vec<_>>(), (0..weights.len()).collect::<Vec<_>>());
        }

        #[test]
        fn what_comes_of_the_parts_is_in_the_order_of_the_list(weights in prop::collection::vec(0_u64..100_000, 0..50)) {
            let parts = in_parts(&weights, |weight| *weight, <[u64]>::to_vec);
            prop_assert_eq!(parts.concat(), weights);
        }
    }

    #[test]
    fn parts_weigh_about_the_same() {
        assert_eq!(cut(&[30_000; 8], 4), [0..2, 2..4, 4..6, 6..8]);
        assert_eq!(cut(&[90_000, 10_000, 10_000], 2), [0..1, 1..3]);
        assert_eq!(cut(&[1; 8], 4).len(), 1, "too little to share");
    }
}
