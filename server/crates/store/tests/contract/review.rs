//! Phrases, decisions and re-geoparsing: what every backend must do.

use model::{DecisionAction, Decisions, Likeness, Mention};
use store::{MentionChange, NewDecision, ParsedMessage, Store, StoredMention};

use super::{chat, import, place};

fn decision(action: DecisionAction, of: &Mention, case_no: Option<u16>) -> NewDecision {
    let like = Likeness::of(of);
    NewDecision {
        action,
        words: like.words,
        reading: (!action.is_about_words()).then_some((like.signs, like.place)),
        case_no,
        place: action.has_place().then(|| place("nl/gekozen")),
        made_by: "admin".into(),
        made_at_ms: 5,
        note: Some("omdat".into()),
    }
}

/// Every stored mention by message.
async fn mentions(store: &dyn Store, messages: u64) -> Vec<(u64, StoredMention)> {
    let numbers: Vec<u64> = (1..=messages).collect();
    let found = store.messages(&numbers).await.unwrap();
    found.into_iter().flat_map(|m| m.mentions.into_iter().map(move |mention| (m.message_no, mention))).collect()
}

pub(crate) async fn mentions_that_cannot_be_told_apart_share_a_phrase(store: &dyn Store) {
    // In two imports, so that known and unknown phrases are met.
    import(store, "een", &chat(12)).await;
    import(store, "twee", &chat(24)).await;
    let found = mentions(store, 24).await;
    assert_eq!(found.len(), 12);
    for (_, a) in &found {
        for (_, b) in &found {
            let like = Likeness::of(&a.mention) == Likeness::of(&b.mention);
            assert_eq!(a.phrase_no == b.phrase_no, like, "{a:?} {b:?}");
        }
        assert_eq!(a.uncertain, model::is_uncertain(&a.mention));
    }
    let phrases = store.phrases(&["kerkenveld", "elders"]).await.unwrap();
    assert_eq!(phrases.len(), 3);
    for row in store.index_rows(0, 100).await.unwrap() {
        let phrase = phrases.iter().find(|phrase| phrase.phrase_no == row.phrase_no).unwrap();
        assert_eq!((phrase.place_no, phrase.signs.as_str()), (row.place_no, "name preposition"));
        assert_eq!(store.message_of_mention(row.mention_no).await.unwrap(), Some(row.message_no));
        assert_eq!(found.iter().find(|(_, m)| m.mention_no == row.mention_no).unwrap().1.uncertain, row.uncertain);
    }
    assert_eq!(store.message_of_mention(999).await.unwrap(), None);
}

pub(crate) async fn a_decision_is_made_once_and_undone_once(store: &dyn Store) {
    import(store, "telefoon", &chat(4)).await;
    let read = mentions(store, 4).await;
    let before = store.data_version().await.unwrap();
    let new = decision(DecisionAction::Reject, &read[0].1.mention, Some(1));
    let (made, is_new) = store.decide(new.clone()).await.unwrap();
    let version = store.data_version().await.unwrap();
    assert!(is_new && version > before);
    let (again, is_new) = store.decide(NewDecision { made_at_ms: 9, ..new }).await.unwrap();
    assert_eq!((&again, is_new), (&made, false));
    assert_eq!(store.data_version().await.unwrap(), version);
    assert_eq!(store.decisions().await.unwrap(), std::slice::from_ref(&made));
    // What was read stays as it was read.
    assert_eq!(mentions(store, 4).await, read);

    let undone = store.undo_decision(made.number, 11).await.unwrap().unwrap();
    assert_eq!(undone.undone_at_ms, Some(11));
    let version = store.data_version().await.unwrap();
    assert_eq!(store.undo_decision(made.number, 12).await.unwrap().unwrap(), undone);
    assert_eq!(store.data_version().await.unwrap(), version);
    assert_eq!(store.undo_decision(999, 12).await.unwrap(), None);
    assert!(Decisions::new(store.decisions().await.unwrap()).is_empty());
}

pub(crate) async fn a_later_decision_overrules_and_the_earlier_can_be_made_again(store: &dyn Store) {
    import(store, "telefoon", &chat(4)).await;
    let read = &mentions(store, 4).await[0].1.mention;
    let in_force = async || {
        let decisions = Decisions::new(store.decisions().await.unwrap());
        decisions.of(1, read).map(|decision| (decision.number, decision.action))
    };
    for (action, number) in [
        (DecisionAction::Confirm, 1),
        (DecisionAction::Reject, 2),
        (DecisionAction::Confirm, 3),
        (DecisionAction::Choose, 4),
    ] {
        store.decide(decision(action, read, None)).await.unwrap();
        assert_eq!(in_force().await, Some((number, action)));
    }
    store.decide(decision(DecisionAction::Never, read, None)).await.unwrap();
    assert_eq!(in_force().await, Some((4, DecisionAction::Choose)), "what is about like mentions comes first");
    store.undo_decision(4, 20).await.unwrap();
    assert_eq!(in_force().await, Some((3, DecisionAction::Confirm)));
}

pub(crate) async fn a_place_that_was_chosen_is_kept_with_the_others(store: &dyn Store) {
    import(store, "telefoon", &chat(4)).await;
    let read = mentions(store, 4).await;
    let before = store.places(None).await.unwrap().len();
    let (made, _) = store.decide(decision(DecisionAction::Choose, &read[0].1.mention, None)).await.unwrap();
    let places = store.places(None).await.unwrap();
    assert_eq!(places.len(), before + 1);
    assert_eq!(made.place, places.last().map(|(_, place)| place.clone()));
    assert_eq!(store.decisions().await.unwrap(), [made]);
}

pub(crate) async fn messages_are_read_again_in_the_batches_that_they_came_in(store: &dyn Store) {
    assert_eq!(store.batches(None).await.unwrap(), []);
    import(store, "een", &chat(5)).await;
    import(store, "een", &chat(5)).await;
    import(store, "twee", &chat(8)).await;
    assert_eq!(store.batches(None).await.unwrap(), [(1, 6), (6, 9)]);
    assert_eq!(store.batches(Some(1)).await.unwrap(), [(1, 6), (6, 9)]);
    assert_eq!(store.batches(Some(2)).await.unwrap(), []);
}

/// Mentions of three messages: one changes, one goes, one comes.
async fn rewritten(store: &dyn Store) -> (Vec<(u64, StoredMention)>, Mention, Mention) {
    let messages: Vec<ParsedMessage> = chat(4);
    import(store, "telefoon", &messages).await;
    let before = mentions(store, 4).await;
    let mut moved = before[0].1.mention.clone();
    moved.place = place("nl/nieuw");
    moved.reasons.push("nearby:Hoogeveen".into());
    let mut added = messages[0].mentions[0].clone();
    (added.start, added.end) = (0, 7);
    added.text = "bericht".into();
    let changes = vec![
        MentionChange::Replaced {
            mention_no: before[0].1.mention_no,
            mention: moved.clone(),
            was: Likeness::of(&before[0].1.mention),
            case_no: 1,
        },
        MentionChange::Removed { mention_no: before[1].1.mention_no },
        MentionChange::Added { message_no: 2, mention: added.clone() },
        // Another run did the same meanwhile.
        MentionChange::Added { message_no: before[0].0, mention: moved.clone() },
    ];
    store.rewrite_mentions(changes).await.unwrap();
    (before, moved, added)
}

pub(crate) async fn mentions_are_rewritten_together_and_keep_their_numbers(store: &dyn Store) {
    let (version, times) = (store.data_version().await.unwrap(), store.rewritten().await.unwrap());
    let (before, moved, added) = rewritten(store).await;
    assert!(store.data_version().await.unwrap() > version && store.rewritten().await.unwrap() > times);
    let after = mentions(store, 4).await;
    assert_eq!(after.len(), 2);
    assert_eq!((after[0].0, after[0].1.mention_no, &after[0].1.mention), (1, before[0].1.mention_no, &moved));
    assert_eq!((after[1].0, &after[1].1.mention), (2, &added));
    let phrases = store.phrases(&["kerkenveld"]).await.unwrap();
    let phrase = phrases.iter().find(|phrase| phrase.phrase_no == after[0].1.phrase_no).unwrap();
    assert_eq!((phrase.place.as_str(), phrase.signs.as_str()), ("nl/nieuw", "name nearby preposition"));
    // Nothing to do is nothing done.
    let version = store.data_version().await.unwrap();
    store.rewrite_mentions(vec![]).await.unwrap();
    assert_eq!(store.data_version().await.unwrap(), version);
}

pub(crate) async fn a_decision_follows_what_it_was_made_about_into_another_reading(store: &dyn Store) {
    let first = chat(1)[0].mentions[0].clone();
    let own = store.decide(decision(DecisionAction::Reject, &first, Some(1))).await.unwrap().0;
    let of_another_case = store.decide(decision(DecisionAction::Confirm, &first, Some(2))).await.unwrap().0;
    let (_, moved, _) = rewritten(store).await;
    let decisions = store.decisions().await.unwrap();
    assert_eq!(decisions.iter().map(|d| d.readings.len()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(decisions[1].readings[0], own.readings[0], "what it was made about stays first");
    let decisions = Decisions::new(decisions);
    assert_eq!(decisions.of(1, &moved).map(|d| d.number), Some(own.number));
    assert_eq!(decisions.of(1, &first).map(|d| d.number), Some(own.number));
    assert_eq!(decisions.of(2, &first).map(|d| d.number), Some(of_another_case.number));
    assert_eq!(decisions.of(2, &moved), None);
}
