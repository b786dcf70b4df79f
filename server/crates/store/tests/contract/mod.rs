//! What every backend must do. A backend joins with `contract!(fresh)`, `fresh` giving an empty store and what keeps
//! it alive, or nothing where the backend cannot be tested, which it says.

mod review;
mod settings;

use model::{Alternative, Mention, Message, Place, PlaceKind, Rejected};
pub(crate) use review::*;
pub(crate) use settings::*;
use store::{Batch, BatchOutcome, ImportJob, JobState, NewImport, ParsedMessage, Store};

pub(crate) fn place(id: &str) -> Place {
    Place {
        id: id.into(),
        name: "Kerkenveld".into(),
        kind: PlaceKind::Locality,
        lon: 6.5,
        lat: 52.67,
        radius_m: 730,
        municipality: Some("De Wolden".into()),
        province: Some("Drenthe".into()),
        police_unit: Some("Noord-Nederland".into()),
        country: Some("NL".into()),
        population: None,
    }
}

/// A message a minute; every other one names a place.
pub(crate) fn chat(messages: usize) -> Vec<ParsedMessage> {
    (0..messages)
        .map(|i| {
            let text = format!("bericht {i} 🚚 ligt in kerkenvèld");
            let start = text.find("kerk").unwrap() as u32;
            let end = text.len() as u32;
            let mention = Mention {
                start,
                end,
                text: text[start as usize..].to_owned(),
                kind: PlaceKind::Locality,
                confidence: 0.75,
                accepted: i % 4 == 0,
                place: place(&format!("nl/{}", i % 3)),
                alternatives: vec![Alternative { id: "nl/x".into(), name: "X".into(), confidence: 0.125 }],
                reasons: vec!["name".into(), "preposition:in".into()],
            };
            ParsedMessage {
                message: Message {
                    external_id: Some(i.to_string()),
                    conversation: format!("groep {}", i % 2),
                    sender: format!("pin {}", i % 3),
                    sent_at_ms: 1_590_000_000_000 + i as i64 * 60_000,
                    text,
                    location: None,
                },
                mentions: if i % 2 == 0 { vec![mention] } else { vec![] },
            }
        })
        .collect()
}

pub(crate) async fn begin(store: &dyn Store, source: &str, fingerprint: &str) -> (u16, u16, ImportJob) {
    let case_no = store.ensure_case("zaak").await.unwrap();
    let source_no = store.ensure_source(case_no, source, false).await.unwrap();
    let job = store
        .begin_import(NewImport { source_no, file_name: "chat.jsonl", fingerprint, file_bytes: 100, now_ms: 1 })
        .await
        .unwrap();
    (case_no, source_no, job)
}

pub(crate) async fn commit(
    store: &dyn Store,
    to: &(u16, u16, ImportJob),
    messages: &[ParsedMessage],
    offset: u64,
) -> BatchOutcome {
    let (case_no, source_no, job) = to;
    store
        .commit_batch(Batch {
            job_no: job.job_no,
            case_no: *case_no,
            source_no: *source_no,
            messages: messages.to_vec(),
            rejected: vec![],
            line: offset + 1,
            offset,
            now_ms: 2,
        })
        .await
        .unwrap()
}

pub(crate) async fn import(store: &dyn Store, source: &str, messages: &[ParsedMessage]) -> BatchOutcome {
    let to = begin(store, source, "print").await;
    let outcome = commit(store, &to, messages, 100).await;
    store.finish_import(to.2.job_no, JobState::Done, 3).await.unwrap();
    outcome
}

pub(crate) async fn a_message_comes_back_as_it_went_in(store: &dyn Store) {
    let messages = chat(3);
    import(store, "telefoon", &messages).await;
    let stored = store.messages(&[3, 1, 99]).await.unwrap();
    assert_eq!(stored.iter().map(|m| m.message_no).collect::<Vec<_>>(), [3, 1]);
    let first = &stored[1];
    assert_eq!(first.text, messages[0].message.text);
    assert_eq!((first.conversation.as_str(), first.sender.as_str()), ("groep 0", "pin 0"));
    assert_eq!((first.source.as_str(), first.case.as_str()), ("telefoon", "zaak"));
    assert_eq!(first.mentions.iter().map(|m| m.mention.clone()).collect::<Vec<_>>(), messages[0].mentions);
}

pub(crate) async fn a_source_remembers_its_mapping(store: &dyn Store) {
    let (_, source_no, _) = begin(store, "file", "f").await;
    assert_eq!(store.source_map(source_no).await.unwrap(), None);
    for map in ["text=a,time=b", "text=c"] {
        store.set_source_map(source_no, map).await.unwrap();
        assert_eq!(store.source_map(source_no).await.unwrap().as_deref(), Some(map));
    }
    assert_eq!(store.source_map(source_no + 1).await.unwrap(), None);
}

/// A pin without words comes back with its mention, whose span is empty.
pub(crate) async fn a_shared_location_is_a_mention_of_no_words(store: &dyn Store) {
    let mut messages = chat(1);
    let message = &mut messages[0];
    message.message.text.clear();
    message.mentions[0].start = 0;
    message.mentions[0].end = 0;
    import(store, "file", &messages).await;
    let stored = store.messages(&[1]).await.unwrap();
    assert_eq!((stored[0].text.as_str(), stored[0].mentions.len()), ("", 1));
    assert_eq!((stored[0].mentions[0].mention.end, stored[0].mentions[0].mention.text.as_str()), (0, ""));
}

pub(crate) async fn the_same_file_again_changes_nothing(store: &dyn Store) {
    let first = import(store, "telefoon", &chat(10)).await;
    assert_eq!((first.imported, first.duplicates, first.mentions), (10, 0, 3));
    let rows = store.index_rows(0, 100).await.unwrap();
    let again = import(store, "telefoon", &chat(10)).await;
    assert_eq!((again.imported, again.duplicates, again.mentions), (0, 10, 0));
    assert_eq!(store.index_rows(0, 100).await.unwrap(), rows);
    assert_eq!(store.coverage().await.unwrap().iter().map(|c| c.messages).sum::<u64>(), 10);
}

pub(crate) async fn twins_within_a_batch_and_across_sources_are_one_message(store: &dyn Store) {
    let mut messages = chat(4);
    messages.extend(chat(4));
    let outcome = import(store, "telefoon a", &messages).await;
    assert_eq!((outcome.imported, outcome.duplicates), (4, 4));
    let other = import(store, "telefoon b", &chat(6)).await;
    assert_eq!((other.imported, other.duplicates), (2, 4));
    assert_eq!(store.totals().await.unwrap().messages, 6);
}

pub(crate) async fn a_message_that_two_sources_hold_keeps_both(store: &dyn Store) {
    import(store, "telefoon a", &chat(4)).await;
    for _ in 0..2 {
        // Again, and with a twin in the file: noted and counted once.
        import(store, "telefoon b", &[chat(6), chat(2)].concat()).await;
    }
    import(store, "telefoon a", &chat(6)).await;
    import(store, "telefoon c", &chat(1)).await;
    let stored = store.messages(&[1, 4, 5]).await.unwrap();
    let sources: Vec<Vec<&str>> =
        stored.iter().map(|message| message.sources.iter().map(String::as_str).collect()).collect();
    assert_eq!(
        sources,
        [
            vec!["telefoon a", "telefoon b", "telefoon c"],
            vec!["telefoon a", "telefoon b"],
            vec!["telefoon b", "telefoon a"]
        ]
    );
    assert!(stored.iter().all(|message| message.source == message.sources[0]));

    let rows = store.sources().await.unwrap();
    let counts: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.messages, row.shared)).collect();
    assert_eq!(counts, [("telefoon a", 4, 2), ("telefoon b", 2, 4), ("telefoon c", 0, 1)]);
    assert_eq!(store.totals().await.unwrap().messages, 6);
    let (first, last) = (chat(6)[0].message.sent_at_ms, chat(6)[5].message.sent_at_ms);
    assert_eq!((rows[1].first_ms, rows[1].last_ms), (Some(first), Some(last)), "all that it holds counts for its span");

    let covered = store.coverage().await.unwrap();
    let of = |source_no| covered.iter().filter(move |day| day.source_no == source_no);
    for row in &rows {
        assert_eq!(of(row.source_no).map(|day| day.messages).sum::<u64>(), row.messages);
        assert_eq!(of(row.source_no).map(|day| day.shared).sum::<u64>(), row.shared);
    }

    let all = store.shared_messages(0, 100).await.unwrap();
    assert_eq!(all.len(), 7);
    assert!(all.is_sorted_by_key(|row| row.shared_no));
    assert_eq!(store.shared_messages(all[1].shared_no, 2).await.unwrap(), all[2..4]);
}

pub(crate) async fn an_import_that_was_cut_off_goes_on_where_it_was(store: &dyn Store) {
    let to = begin(store, "telefoon", "print").await;
    commit(store, &to, &chat(5), 50).await;
    let (_, _, resumed) = begin(store, "telefoon", "print").await;
    assert_eq!((resumed.job_no, resumed.offset, resumed.line), (to.2.job_no, 50, 51));
    assert_eq!((resumed.counts.read, resumed.counts.imported), (5, 5));
    let (_, _, other_content) = begin(store, "telefoon", "another print").await;
    assert_eq!(other_content.offset, 0);
    store.finish_import(to.2.job_no, JobState::Done, 3).await.unwrap();
    let (_, _, after_done) = begin(store, "telefoon", "print").await;
    assert_eq!(after_done.offset, 0);
}

pub(crate) async fn the_index_reads_in_pages_what_was_stored(store: &dyn Store) {
    import(store, "telefoon", &chat(20)).await;
    let all = store.index_rows(0, 100).await.unwrap();
    assert_eq!(all.len(), 10);
    let mut paged = Vec::new();
    while let page = store.index_rows(paged.last().map_or(0, |row: &store::IndexRow| row.mention_no), 3).await.unwrap()
        && !page.is_empty()
    {
        paged.extend(page);
    }
    assert_eq!(paged, all);
    let places = store.places(None).await.unwrap();
    assert_eq!(places.len(), 3);
    assert_eq!(store.places(Some(places[0].0)).await.unwrap().len(), 2);
    assert!(all.iter().all(|row| places.iter().any(|(place_no, _)| *place_no == row.place_no)));
}

pub(crate) async fn rejected_input_is_kept_with_its_reason(store: &dyn Store) {
    let (case_no, source_no, job) = begin(store, "telefoon", "print").await;
    let rejected =
        Rejected { line: 7, offset: 70, code: "bad_time", reason: "no such date".into(), raw: vec![0xff, 0] };
    let batch = Batch {
        job_no: job.job_no,
        case_no,
        source_no,
        messages: vec![],
        rejected: vec![rejected],
        line: 8,
        offset: 80,
        now_ms: 2,
    };
    store.commit_batch(batch).await.unwrap();
    let rows = store.rejected(Some(source_no), 10).await.unwrap();
    assert_eq!((rows[0].line, rows[0].offset, rows[0].code.as_str()), (7, 70, "bad_time"));
    assert_eq!(store.rejected(Some(source_no + 1), 10).await.unwrap(), []);
    assert_eq!(store.sources().await.unwrap()[0].rejected, 1);
}

pub(crate) async fn words_are_found_without_accents_and_never_break_the_query(store: &dyn Store) {
    import(store, "telefoon", &chat(4)).await;
    assert_eq!(store.search("KERKENVELD", 10).await.unwrap(), [1, 2, 3, 4]);
    assert_eq!(store.search("\"bericht 2\"", 10).await.unwrap(), [3]);
    assert_eq!(store.search("kerk*", 2).await.unwrap(), [1, 2]);
    for odd in ["", "\"", "AND", "NEAR(", "*", "a:b", "-", "(", "'; DROP TABLE messages; --", "\0"] {
        store.search(odd, 10).await.unwrap();
    }
}

pub(crate) async fn a_sign_in_token_works_once_and_not_for_ever(store: &dyn Store) {
    let user = store.ensure_user("admin").await.unwrap();
    assert_eq!(store.user_count().await.unwrap(), 1);
    store.create_sign_in_token(&[1; 32], user.user_no, 100).await.unwrap();
    let (one, other) = tokio::join!(store.redeem_sign_in_token(&[1; 32], 50), store.redeem_sign_in_token(&[1; 32], 50));
    let winners = [one.unwrap(), other.unwrap()].into_iter().flatten().count();
    assert_eq!(winners, 1);
    store.create_sign_in_token(&[2; 32], user.user_no, 100).await.unwrap();
    assert_eq!(store.redeem_sign_in_token(&[2; 32], 100).await.unwrap(), None);
    assert_eq!(store.redeem_sign_in_token(&[3; 32], 1).await.unwrap(), None);
}

pub(crate) async fn a_session_ends_by_time_and_by_hand(store: &dyn Store) {
    let user = store.ensure_user("admin").await.unwrap();
    store.create_session(&[1; 32], user.user_no, 1, 100).await.unwrap();
    assert_eq!(store.session(&[1; 32], 99).await.unwrap(), Some(user));
    assert_eq!(store.session(&[1; 32], 100).await.unwrap(), None);
    store.delete_session(&[1; 32]).await.unwrap();
    assert_eq!(store.session(&[1; 32], 50).await.unwrap(), None);
}

pub(crate) async fn the_data_version_grows_with_every_batch(store: &dyn Store) {
    let before = store.data_version().await.unwrap();
    import(store, "telefoon", &chat(2)).await;
    assert!(store.data_version().await.unwrap() > before);
    store.ping().await.unwrap();
}

/// Runs every clause of the contract on a fresh store.
macro_rules! contract {
    ($fresh:ident) => {
        $crate::contract::contract!($fresh:
            a_message_comes_back_as_it_went_in,
            a_source_remembers_its_mapping,
            a_shared_location_is_a_mention_of_no_words,
            the_same_file_again_changes_nothing,
            twins_within_a_batch_and_across_sources_are_one_message,
            a_message_that_two_sources_hold_keeps_both,
            an_import_that_was_cut_off_goes_on_where_it_was,
            the_index_reads_in_pages_what_was_stored,
            rejected_input_is_kept_with_its_reason,
            words_are_found_without_accents_and_never_break_the_query,
            a_sign_in_token_works_once_and_not_for_ever,
            a_session_ends_by_time_and_by_hand,
            the_data_version_grows_with_every_batch,
            mentions_that_cannot_be_told_apart_share_a_phrase,
            a_decision_is_made_once_and_undone_once,
            a_later_decision_overrules_and_the_earlier_can_be_made_again,
            a_place_that_was_chosen_is_kept_with_the_others,
            messages_are_read_again_in_the_batches_that_they_came_in,
            mentions_are_rewritten_together_and_keep_their_numbers,
            a_decision_follows_what_it_was_made_about_into_another_reading,
            a_setting_is_kept_changed_and_taken_away,
        );
    };
    ($fresh:ident: $($clause:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $clause() {
                let Some((_alive, store)) = $fresh().await else { return };
                $crate::contract::$clause(&*store).await;
            }
        )+
    };
}
pub(crate) use contract;
