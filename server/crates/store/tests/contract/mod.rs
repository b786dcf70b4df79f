//! What every backend must do. A backend joins with `contract!(fresh)`, `fresh` giving an empty store and what keeps
//! it alive, or nothing where the backend cannot be tested, which it says.

mod jobs;
mod review;
mod settings;
mod topics;
mod words;

pub(crate) use jobs::*;
use model::{Alternative, Mention, Message, Place, PlaceKind, Rejected};
pub(crate) use review::*;
pub(crate) use settings::*;
use store::{
    Batch, BatchOutcome, Claim, ImportJob, JobQuery, JobState, NewImport, ParsedMessage, RejectedQuery, Store,
};
pub(crate) use topics::*;
pub(crate) use words::*;

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
                topics: vec![],
            }
        })
        .collect()
}

/// A worker whose lease does not run out.
pub(crate) fn claim(worker: &str) -> Claim {
    Claim { worker: worker.into(), now_ms: 1, until_ms: i64::MAX }
}

pub(crate) async fn begin(store: &dyn Store, source: &str, fingerprint: &str) -> (u16, u16, ImportJob) {
    let case_no = store.ensure_case("zaak").await.unwrap();
    let source_no = store.ensure_source(case_no, source, false).await.unwrap();
    let new = NewImport {
        source_no,
        file_name: "chat.jsonl",
        fingerprint,
        file_bytes: 100,
        now_ms: 1,
        ..NewImport::default()
    };
    let job = store.begin_import(new, &claim("a")).await.unwrap();
    (case_no, source_no, job)
}

pub(crate) fn batch(to: &(u16, u16, ImportJob), messages: &[ParsedMessage], offset: u64) -> Batch {
    let (case_no, source_no, job) = to;
    Batch {
        job_no: job.job_no,
        claim: Some(claim("a")),
        case_no: *case_no,
        source_no: *source_no,
        messages: messages.to_vec(),
        rejected: vec![],
        line: offset + 1,
        offset,
        done_bytes: offset,
        now_ms: 2,
    }
}

pub(crate) async fn commit(
    store: &dyn Store,
    to: &(u16, u16, ImportJob),
    messages: &[ParsedMessage],
    offset: u64,
) -> BatchOutcome {
    store.commit_batch(batch(to, messages, offset)).await.unwrap()
}

pub(crate) async fn finish(store: &dyn Store, job: &ImportJob, state: JobState) -> ImportJob {
    store.finish_import(job.job_no, "a", state, None, 3).await.unwrap()
}

pub(crate) async fn import(store: &dyn Store, source: &str, messages: &[ParsedMessage]) -> BatchOutcome {
    let to = begin(store, source, "print").await;
    let outcome = commit(store, &to, messages, 100).await;
    finish(store, &to.2, JobState::Done).await;
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

/// Whatever the size of the batches, and whoever sent them: spans hold all messages of a conversation, each once.
pub(crate) async fn conversations_have_spans(store: &dyn Store) {
    let chat = |conversation: &str, times: std::ops::Range<usize>| -> Vec<ParsedMessage> {
        let mut messages = chat(times.end).split_off(times.start);
        for message in &mut messages {
            message.message.conversation = conversation.into();
        }
        messages
    };
    let spans = async |after: u64| {
        while store.catch_up(2_000).await.unwrap() > 0 {}
        let mut spans = store.conversation_spans(after).await.unwrap();
        spans.sort_unstable_by_key(|span| span.conversation_no);
        spans.iter().map(|span| (span.conversation_no, span.messages, span.last_ms - span.first_ms)).collect::<Vec<_>>()
    };
    assert!(spans(0).await.is_empty());
    let at = |number: usize| chat("a", number..number + 1)[0].message.sent_at_ms;
    let (small, large) = (chat("klein", 10..20), chat("groot", 0..6_000));
    import(store, "telefoon", &small).await;
    assert_eq!(spans(0).await, [(1, 10, at(19) - at(10))]);
    // What is met again, in another source too, is no other message; one that comes late widens the span.
    import(store, "laptop", &[small, chat("klein", 5..6)].concat()).await;
    assert_eq!(spans(10).await, [(1, 11, at(19) - at(5))]);
    import(store, "telefoon", &large).await;
    assert_eq!(spans(11).await, [(2, 6_000, at(5_999) - at(0))]);
    assert_eq!(spans(0).await.len(), 2);
    assert!(spans(6_011).await.is_empty());
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
    let to = begin(store, "telefoon", "print").await;
    let piece =
        |line: u64, code| Rejected { line, offset: line * 10, code, reason: "no such date".into(), raw: vec![0xff, 0] };
    let rejected = vec![piece(7, "bad_time"), piece(8, "system_notice"), piece(9, "bad_time")];
    store.commit_batch(Batch { rejected, ..batch(&to, &[], 100) }).await.unwrap();
    let of_source = RejectedQuery { source_no: Some(to.1), limit: 2, ..RejectedQuery::default() };
    let rows = store.rejected(of_source).await.unwrap();
    assert_eq!((rows[1].line, rows[1].offset, rows[1].code.as_str(), rows[1].raw.len()), (8, 80, "system_notice", 0));
    let next = RejectedQuery { before: Some(rows[1].rejected_no), with_raw: true, ..of_source };
    let rows = store.rejected(next).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.line, row.raw.as_slice())).collect::<Vec<_>>(), [(7, &[0xff, 0][..])]);
    let none = RejectedQuery { source_no: Some(to.1 + 1), ..of_source };
    assert_eq!(store.rejected(none).await.unwrap(), []);
    let none = RejectedQuery { job_no: Some(to.2.job_no + 1), ..of_source };
    assert_eq!(store.rejected(none).await.unwrap(), []);
    assert_eq!(store.sources().await.unwrap()[0].rejected, 3);
    let job = finish(store, &to.2, JobState::Done).await;
    assert_eq!((job.counts.read, job.counts.rejected, job.counts.notices), (3, 3, 1));
}

pub(crate) async fn what_the_same_file_brings_again_is_rejected_once(store: &dyn Store) {
    let piece = |line: u64, raw: u8| Rejected {
        line,
        offset: line * 10,
        code: if line == 8 { "system_notice" } else { "bad_time" },
        reason: "no such date".into(),
        raw: vec![raw],
    };
    let first = begin(store, "telefoon", "print").await;
    let rejected = vec![piece(7, 0), piece(8, 0), piece(9, 0)];
    store.commit_batch(Batch { rejected, ..batch(&first, &[], 100) }).await.unwrap();
    finish(store, &first.2, JobState::Done).await;
    // Another file may hold the same piece at the same place.
    let other = begin(store, "telefoon", "another print").await;
    store.commit_batch(Batch { rejected: vec![piece(7, 0)], ..batch(&other, &[], 100) }).await.unwrap();
    finish(store, &other.2, JobState::Done).await;

    let again = begin(store, "telefoon", "print").await;
    assert_ne!(again.2.job_no, first.2.job_no);
    // In two batches, and one piece is another one now.
    let two = [(vec![piece(7, 0), piece(8, 0)], 50), (vec![piece(9, 1)], 100)];
    for (rejected, upto) in two {
        store.commit_batch(Batch { rejected, ..batch(&again, &[], upto) }).await.unwrap();
    }
    let again = finish(store, &again.2, JobState::Done).await;
    assert_eq!((again.counts.read, again.counts.rejected, again.counts.notices), (3, 3, 1));
    let of_source = RejectedQuery { source_no: Some(first.1), limit: 9, ..RejectedQuery::default() };
    let lines = |job_no: i64| async move {
        let of_job = RejectedQuery { job_no: Some(job_no), ..of_source };
        store.rejected(of_job).await.unwrap().iter().map(|row| row.line).collect::<Vec<_>>()
    };
    assert_eq!((lines(again.job_no).await, lines(first.2.job_no).await), (vec![9, 8, 7], vec![9]));
    assert_eq!(lines(other.2.job_no).await, [7]);
    assert_eq!(store.sources().await.unwrap()[0].rejected, 5);
    let jobs = store.import_jobs(JobQuery { limit: 9, ..JobQuery::default() }, 9).await.unwrap();
    let counts = jobs.iter().find(|job| job.job_no == first.2.job_no).unwrap().counts;
    assert_eq!((counts.rejected, counts.notices), (1, 0), "what went over is the later import's");
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
            a_file_that_somebody_else_reads_gets_a_job_of_its_own,
            a_job_that_is_lost_cannot_be_written_to,
            waiting_jobs_are_taken_once_each_and_in_turn,
            a_job_whose_lease_ran_out_is_interrupted_and_taken_again,
            a_job_is_stopped_at_once_when_nobody_reads_it_and_after_the_batch_otherwise,
            a_file_that_grew_goes_on_in_its_job,
            a_standing_job_takes_in_what_has_no_end,
            cured_rejections_leave_the_table,
            jobs_are_listed_newest_first_and_by_what_they_are_of,
            conversations_have_spans,
            the_index_reads_in_pages_what_was_stored,
            rejected_input_is_kept_with_its_reason,
            what_the_same_file_brings_again_is_rejected_once,
            words_are_found_without_accents_and_never_break_the_query,
            the_same_words_hit_the_same_messages_in_every_backend,
            a_text_of_any_length_is_found_by_all_its_words,
            a_large_load_is_searchable_after_the_full_text_caught_up,
            texts_and_names_with_any_character_come_back_as_they_went_in,
            names_of_any_length_are_told_apart,
            listed_files_and_uploads_are_taken_apart,
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
            a_message_keeps_its_topics_whatever_the_order_of_a_lexicon,
            other_topics_of_a_message_reach_its_mentions_old_and_new,
            more_topics_than_bits_are_refused_and_nothing_is_stored,
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
