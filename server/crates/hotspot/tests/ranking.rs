//! The ranked list: what comes first, what it may claim, and how often chance alone would fool it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use hotspot::{Candidate, Line, Period, SIGNIFICANCE, Setting};
use jiff::tz::TimeZone;
use model::api::{CountBy, Counts, Hotspot, HotspotClass};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const EVEN: Period = Period { read: 10_000, read_before: 10_000, read_year_before: 0 };

/// The list by senders, as it is by default.
fn ranked(candidates: impl AsRef<[Candidate<'static>]>, period: Period, limit: usize) -> Vec<Hotspot> {
    ranked_by(CountBy::default(), candidates, period, limit)
}

fn ranked_by(
    count: CountBy,
    candidates: impl AsRef<[Candidate<'static>]>,
    period: Period,
    limit: usize,
) -> Vec<Hotspot> {
    told(candidates.as_ref(), &Setting { period, count, limit, per_inhabitant: None, zone: TimeZone::UTC })
}

/// The list of places of 1 km in Drenthe, of which four were counted a year ago.
fn told(candidates: &[Candidate<'_>], setting: &Setting) -> Vec<Hotspot> {
    hotspot::ranked(candidates, setting, |at, _| line(&candidates[at]))
}

/// A place whose loudest conversation is one of one sender; of `p1999` it is most of what is said.
fn line(candidate: &Candidate<'_>) -> Line {
    let now = candidate.counts.senders;
    Line {
        name: format!("Plaats {}", candidate.id),
        before_with_data: counts(if candidate.id == "p2000" { 3 } else { candidate.before.senders }),
        without_loudest: counts(if candidate.id == "p1999" { 4 } else { now.saturating_sub(1) }),
        kind: "locality".into(),
        lon: 6.5,
        lat: 52.7,
        radius_m: 1_000,
        province: Some("Drenthe".into()),
        year_before: (counts(4), 4.0),
        ..Line::default()
    }
}

fn counts(conversations: u64) -> Counts {
    Counts { mentions: conversations, messages: conversations, conversations, senders: conversations }
}

fn place(id: usize, now: u64, before: u64) -> Candidate<'static> {
    Candidate {
        id: format!("p{id:04}").into(),
        counts: counts(now),
        before: counts(before),
        largest_conversation: 1,
        weights: (now as f64, before as f64),
        ..Candidate::default()
    }
}

/// Forty places as always, a few conversations each.
fn usual() -> Vec<Candidate<'static>> {
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
    let list = ranked(usual(), Period { read: 10_000, read_before: 3, read_year_before: 0 }, 50);
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
    let list = ranked(doubled, Period { read: 20_000, read_before: 10_000, read_year_before: 0 }, 50);
    assert!(list.iter().all(|hotspot| hotspot.class == HotspotClass::Steady));
}

#[test]
fn what_is_counted_decides_what_rises() {
    // Forty senders in three conversations, where there were three of both.
    let mut candidates = usual();
    let mut group = place(1000, 40, 3);
    group.counts.conversations = 3;
    candidates.push(group);
    for (count, class) in [(CountBy::Senders, HotspotClass::Rising), (CountBy::Conversations, HotspotClass::Steady)] {
        let list = ranked_by(count, candidates.clone(), EVEN, 50);
        assert_eq!(find(&list, "p1000").class, class);
        assert!(find(&list, "p1000").sentence.nl.contains(count.words()[0][1]));
    }
}

#[test]
fn mentions_can_be_weighed_by_their_probability() {
    let mut unsure = place(1000, 40, 3);
    unsure.weights.0 = 21.7;
    let list = ranked_by(CountBy::Weighted, vec![unsure], EVEN, 5);
    assert_eq!((list[0].statistics.counted, list[0].statistics.weighted_mentions), (22, 21.7));
}

#[test]
fn a_rise_that_ends_without_its_loudest_conversation_is_told_to_rest_on_it() {
    let mut candidates = usual();
    candidates.extend([place(1999, 40, 3), place(1001, 40, 3)]);
    let list = ranked(candidates, EVEN, 50);
    let (lone, broad) = (find(&list, "p1999"), find(&list, "p1001"));
    assert!(lone.class == HotspotClass::Rising && lone.statistics.rests_on_one_conversation, "{:?}", lone.statistics);
    assert!(lone.sentence.en.contains("Without the loudest conversation"));
    assert!(!broad.statistics.rests_on_one_conversation);
}

#[test]
fn a_fall_that_ends_without_conversations_of_which_there_are_no_data_may_be_lack_of_data() {
    let mut candidates = usual();
    candidates.extend([place(2000, 3, 40), place(1001, 3, 40)]);
    let list = ranked(candidates, EVEN, usize::MAX);
    let (lacking, silent) = (find(&list, "p2000"), find(&list, "p1001"));
    assert!(lacking.class == HotspotClass::Falling && lacking.statistics.may_lack_data, "{:?}", lacking.statistics);
    assert!(lacking.sentence.en.ends_with("data may be missing."));
    assert!(silent.class == HotspotClass::Falling && !silent.statistics.may_lack_data);
}

#[test]
fn a_place_is_compared_with_all_messages_with_a_year_ago_and_with_its_inhabitants() {
    let candidate = |id, now, all, people| Candidate {
        whatever_words: Some((counts(all), all as f64)),
        population: Some(people),
        ..place(id, now, 4)
    };
    // 30 of 300 messages hold the words; at the first place 20 where 2 are expected.
    let candidates = vec![candidate(1, 20, 20, 1_000), candidate(2, 10, 280, 29_000)];
    let period = Period { read: 1_000, read_before: 1_000, read_year_before: 2_000 };
    let setting =
        Setting { period, count: CountBy::Senders, limit: 5, per_inhabitant: Some(0.001), zone: TimeZone::UTC };
    let list = told(&candidates, &setting);
    let first = &find(&list, "p0001").statistics;
    let base = first.base_rate.unwrap();
    assert!((base.expected - 2.0).abs() < 1e-12 && (base.ratio - 10.0).abs() < 1e-12 && base.p_value < 1e-12);
    assert!((first.population.unwrap().expected - 1.0).abs() < 1e-12);
    assert_eq!(first.year_change.unwrap().ratio, Some(10.0), "half as much was read now");
    assert_eq!(first.change.unwrap().counted, 4);
    let second = &find(&list, "p0002").statistics;
    assert!(second.base_rate.unwrap().p_value > 0.99);
}

#[test]
fn no_figure_is_ever_infinite_or_not_a_number() {
    // A number that is none becomes null in JSON, and comes back as no number or as an error.
    let odd = |id: usize, now, before, people| Candidate {
        population: people,
        whatever_words: Some((counts(0), 0.0)),
        ..place(id, now, before)
    };
    let worlds = [
        vec![],
        vec![odd(1, 0, 0, Some(0))],
        vec![odd(1, 1, 0, None)],
        (0..30).map(|id| odd(id, 5, 5, Some(0))).collect(),
        vec![odd(1, u64::from(u32::MAX), 0, Some(u64::MAX)), odd(2, 1, u64::from(u32::MAX), Some(1))],
    ];
    for candidates in worlds {
        for read in [0, 1, 1_000_000] {
            for read_before in [0, 1, 1_000_000] {
                for per_inhabitant in [None, Some(0.0), Some(1e-300), Some(1e300)] {
                    let period = Period { read, read_before, read_year_before: read_before };
                    let setting =
                        Setting { period, count: CountBy::Senders, limit: 50, per_inhabitant, zone: TimeZone::UTC };
                    let list = told(&candidates, &setting);
                    let json = serde_json::to_value(&list).unwrap();
                    assert_eq!(serde_json::from_value::<Vec<Hotspot>>(json).unwrap(), list);
                }
            }
        }
    }
}

#[test]
fn without_a_past_nothing_is_claimed_and_breadth_decides() {
    let list =
        ranked(vec![place(1, 3, 0), place(2, 9, 0)], Period { read: 100, read_before: 0, read_year_before: 0 }, 10);
    assert_eq!(list[0].id, "p0002");
    for hotspot in &list {
        assert_eq!(hotspot.class, HotspotClass::Unknown);
        assert_eq!((hotspot.z_score, hotspot.p_value, hotspot.p_corrected, hotspot.change), (None, None, None, None));
    }
}

#[test]
fn one_line_is_that_of_the_whole_list() {
    let mut candidates = usual();
    candidates.extend([place(1000, 40, 3), place(1001, 1, 60)]);
    let list = ranked(candidates.clone(), EVEN, 1_000);
    let count = CountBy::default();
    let setting = Setting { period: EVEN, count, limit: 1, per_inhabitant: None, zone: TimeZone::UTC };
    for (at, candidate) in candidates.iter().enumerate() {
        let one = hotspot::ranked_one(&candidates, &setting, at, |at, _| line(&candidates[at]));
        assert_eq!(&one, find(&list, &candidate.id));
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
        for hotspot in ranked(candidates, Period { read, read_before, read_year_before: 0 }, 100) {
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
