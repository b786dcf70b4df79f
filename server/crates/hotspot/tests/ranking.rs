//! The ranked list: what comes first, what it may claim, and how often chance alone would fool it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use hotspot::{Candidate, Period, SIGNIFICANCE, ranked};
use model::api::{Counts, Hotspot, HotspotClass};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const EVEN: Period = Period { read: 10_000, read_before: 10_000 };

fn counts(conversations: u64) -> Counts {
    Counts { mentions: conversations, messages: conversations, conversations, senders: conversations }
}

fn place(id: usize, now: u64, before: u64) -> Candidate {
    Candidate {
        id: format!("p{id:04}"),
        name: format!("Plaats {id}"),
        kind: "locality".into(),
        lon: 6.5,
        lat: 52.7,
        radius_m: 1_000,
        municipality: None,
        province: Some("Drenthe".into()),
        police_unit: None,
        counts: counts(now),
        before: counts(before),
        largest_conversation: 1,
        sparkline: vec![],
        first_seen_ms: 0,
        last_seen_ms: 0,
    }
}

/// Forty places as always, a few conversations each.
fn usual() -> Vec<Candidate> {
    (0..40).map(|n| place(n, 2 + n as u64 % 5, 2 + (n as u64 + 2) % 5)).collect()
}

fn find<'a>(list: &'a [Hotspot], id: &str) -> &'a Hotspot {
    list.iter().find(|hotspot| hotspot.id == id).unwrap()
}

#[test]
fn a_build_up_in_a_hamlet_stands_above_a_city_that_is_always_spoken_of() {
    let mut candidates = usual();
    candidates.push(place(1000, 300, 290));
    candidates.push(place(1001, 40, 3));
    let list = ranked(candidates, EVEN, 50);
    assert_eq!((list[0].id.as_str(), list[0].class), ("p1001", HotspotClass::Rising));
    assert_eq!((list[1].id.as_str(), list[1].class), ("p1000", HotspotClass::Steady));
    assert_eq!(list.iter().filter(|hotspot| hotspot.class == HotspotClass::Rising).count(), 1);
}

#[test]
fn a_chatterbox_does_not_rise_by_messages() {
    let mut candidates = usual();
    let mut chatterbox = place(1000, 3, 3);
    chatterbox.counts.messages = 5_000;
    chatterbox.largest_conversation = 4_900;
    candidates.push(chatterbox);
    let list = ranked(candidates, EVEN, 50);
    let chatterbox = find(&list, "p1000");
    assert_eq!(chatterbox.class, HotspotClass::Steady);
    assert!(chatterbox.one_conversation && chatterbox.rank > 20, "{}", chatterbox.rank);
    assert!(chatterbox.sentence.nl.contains("één gesprek"));
}

#[test]
fn one_chat_group_is_told_to_be_one_and_stays_below_what_several_conversations_say() {
    let mut candidates = usual();
    let mut group = place(1000, 80, 3);
    (group.counts.conversations, group.largest_conversation) = (1, 80);
    candidates.extend([group, place(1001, 40, 3)]);
    let list = ranked(candidates, EVEN, 50);
    assert_eq!(list[0].id, "p1001");
    let group = find(&list, "p1000");
    assert!(group.one_conversation && group.rank > 20, "{}", group.rank);
}

#[test]
fn a_few_messages_at_the_edge_of_the_data_are_no_past() {
    let list = ranked(usual(), Period { read: 10_000, read_before: 3 }, 50);
    assert!(list.iter().all(|hotspot| hotspot.class == HotspotClass::Unknown));
}

#[test]
fn what_was_not_there_before_is_new_when_it_is_more_than_chance() {
    let mut candidates = usual();
    candidates.push(place(1000, 25, 0));
    candidates.push(place(1001, 1, 0));
    let list = ranked(candidates, EVEN, 50);
    assert_eq!(find(&list, "p1000").class, HotspotClass::New);
    assert_eq!(find(&list, "p1001").class, HotspotClass::Steady, "one sender is no news");
    assert_eq!(find(&list, "p1000").change, None);
}

#[test]
fn what_went_quiet_is_falling() {
    let mut candidates = usual();
    candidates.push(place(1000, 1, 60));
    let list = ranked(candidates, EVEN, 50);
    assert_eq!(find(&list, "p1000").class, HotspotClass::Falling);
}

#[test]
fn twice_the_messages_read_is_no_rise() {
    let doubled: Vec<_> =
        usual().into_iter().map(|c| Candidate { counts: counts(2 * c.before.senders), ..c }).collect();
    let list = ranked(doubled, Period { read: 20_000, read_before: 10_000 }, 50);
    assert!(list.iter().all(|hotspot| hotspot.class == HotspotClass::Steady));
}

#[test]
fn without_a_past_nothing_is_claimed_and_breadth_decides() {
    let list = ranked(vec![place(1, 3, 0), place(2, 9, 0)], Period { read: 100, read_before: 0 }, 10);
    assert_eq!(list[0].id, "p0002");
    for hotspot in &list {
        assert_eq!(hotspot.class, HotspotClass::Unknown);
        assert_eq!((hotspot.z_score, hotspot.p_value, hotspot.p_corrected, hotspot.change), (None, None, None, None));
    }
}

#[test]
fn the_limit_cuts_and_ranks_count_from_one() {
    let list = ranked(usual(), EVEN, 7);
    assert_eq!(list.iter().map(|hotspot| hotspot.rank).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert!(ranked(vec![], EVEN, 7).is_empty());
}

#[test]
fn density_is_messages_over_the_area_of_the_place() {
    let list = ranked(vec![place(1, 10, 0)], EVEN, 1);
    assert!((list[0].density_per_km2 - 10.0 / std::f64::consts::PI).abs() < 1e-9);
}

/// A Poisson count, by Knuth's multiplication of uniforms.
fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> u64 {
    let (limit, mut product, mut count) = ((-mean).exp(), 1.0, 0);
    loop {
        product *= rng.random::<f64>();
        if product <= limit {
            return count;
        }
        count += 1;
    }
}

#[test]
fn chance_alone_seldom_makes_a_hotspot() {
    // Two hundred worlds in which nothing changes: 300 places whose rates differ as those of hamlets and towns do. A world with any
    // place called new or rising is a false alarm; there may be no more of them than the level says, and a little noise.
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (worlds, mut alarms) = (200, 0);
    for _ in 0..worlds {
        let candidates: Vec<_> = (0..300)
            .filter_map(|n| {
                // Exponential rates with mean 3: many small, few large.
                let rate = -3.0 * (1.0 - rng.random::<f64>()).ln();
                let (now, before) = (poisson(&mut rng, rate), poisson(&mut rng, rate));
                (now > 0).then(|| place(n, now, before))
            })
            .collect();
        let list = ranked(candidates, EVEN, 1000);
        alarms += usize::from(list.iter().any(|h| matches!(h.class, HotspotClass::New | HotspotClass::Rising)));
    }
    let share = alarms as f64 / f64::from(worlds);
    eprintln!("worlds with a false alarm: {:.1} %", share * 100.0);
    assert!(share <= SIGNIFICANCE + 0.03, "{share}");
}

#[test]
fn a_planted_rise_is_found_among_chance() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let (worlds, mut found) = (100, 0);
    for _ in 0..worlds {
        let mut candidates: Vec<_> = (0..300)
            .map(|n| {
                let rate = -3.0 * (1.0 - rng.random::<f64>()).ln();
                place(n, poisson(&mut rng, rate).max(1), poisson(&mut rng, rate))
            })
            .collect();
        candidates.push(place(1000, 30, 3));
        found += usize::from(ranked(candidates, EVEN, 1000)[0].id == "p1000");
    }
    assert!(found >= 95, "{found} of {worlds}");
}

proptest! {
    #[test]
    fn the_order_of_the_input_does_not_matter(
        numbers in prop::collection::vec((1_u64..40, 0_u64..40), 1..40), shift in 0_usize..40,
    ) {
        let candidates: Vec<_> = numbers.iter().enumerate().map(|(n, (now, before))| place(n, *now, *before)).collect();
        let mut turned = candidates.clone();
        turned.rotate_left(shift % candidates.len());
        prop_assert_eq!(ranked(candidates, EVEN, 100), ranked(turned, EVEN, 100));
    }

    #[test]
    fn probabilities_are_probabilities_and_correction_never_lowers_them(
        numbers in prop::collection::vec((0_u64..500, 0_u64..500), 1..40), read in 1_u64..10_000, read_before in 1_000_u64..10_000,
    ) {
        let candidates: Vec<_> = numbers.iter().enumerate().map(|(n, (now, before))| place(n, *now, *before)).collect();
        for hotspot in ranked(candidates, Period { read, read_before }, 100) {
            let (p, corrected) = (hotspot.p_value.unwrap(), hotspot.p_corrected.unwrap());
            prop_assert!((0.0..=1.0).contains(&p) && (0.0..=1.0).contains(&corrected) && corrected >= p - 1e-12);
            prop_assert!(hotspot.z_score.unwrap().is_finite() && hotspot.expected > 0.0);
        }
    }

    /// Others may overtake all the same: one more discovery makes the correction milder for those just short of it. What stays what
    /// it was does not.
    #[test]
    fn more_senders_are_never_overtaken_by_what_stays_as_it_was(
        numbers in prop::collection::vec((1_u64..40, 0_u64..40), 2..30), which in 0_usize..30, more in 1_u64..30,
    ) {
        let candidates: Vec<_> = numbers.iter().enumerate().map(|(n, (now, before))| place(n, *now, *before)).collect();
        let which = which % candidates.len();
        let id = candidates[which].id.clone();
        let mut raised = candidates.clone();
        raised[which].counts = counts(candidates[which].counts.senders + more);
        let (before, after) = (ranked(candidates, EVEN, 100), ranked(raised, EVEN, 100));
        let (own_before, own_after) = (find(&before, &id), find(&after, &id));
        prop_assert!(own_after.p_value <= own_before.p_value && own_after.p_corrected <= own_before.p_corrected);
        for other in before.iter().filter(|other| other.rank > own_before.rank) {
            let then = find(&after, &other.id);
            prop_assert!(then.rank > own_after.rank || then.class != other.class, "{} overtook {id}", other.id);
        }
    }
}
