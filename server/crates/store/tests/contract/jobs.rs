//! The list of import jobs: what every backend must do.

use model::Rejected;
use store::{Batch, Claim, ImportJob, JobQuery, JobState, NewImport, RejectedQuery, Store, StoreError};

use super::{batch, begin, chat, claim, commit, finish};

fn lease(worker: &str, now_ms: i64, until_ms: i64) -> Claim {
    Claim { worker: worker.into(), now_ms, until_ms }
}

async fn queue(store: &dyn Store, upload: &str, file_name: &str) -> ImportJob {
    let case_no = store.ensure_case("zaak").await.unwrap();
    let source_no = store.ensure_source(case_no, "beslag", false).await.unwrap();
    let new = NewImport {
        source_no,
        file_name,
        fingerprint: file_name,
        file_bytes: 100,
        format: "jsonl",
        reading: "{}",
        upload: Some(upload),
        made_by: Some("beheerder"),
        now_ms: 1,
    };
    store.queue_import(new).await.unwrap()
}

async fn job(store: &dyn Store, job_no: i64, now_ms: i64) -> ImportJob {
    let which = JobQuery { job_no: Some(job_no), limit: 1, ..JobQuery::default() };
    store.import_jobs(which, now_ms).await.unwrap().remove(0)
}

pub(crate) async fn an_import_that_was_cut_off_goes_on_where_it_was(store: &dyn Store) {
    let to = begin(store, "telefoon", "print").await;
    commit(store, &to, &chat(5), 50).await;
    finish(store, &to.2, JobState::Interrupted).await;
    let (_, _, resumed) = begin(store, "telefoon", "print").await;
    assert_eq!((resumed.job_no, resumed.offset, resumed.line), (to.2.job_no, 50, 51));
    assert_eq!((resumed.counts.read, resumed.counts.imported, resumed.run_read), (5, 5, 5));
    let (_, _, other_content) = begin(store, "telefoon", "another print").await;
    assert_eq!(other_content.offset, 0);
    for state in [JobState::Failed, JobState::Cancelled] {
        finish(store, &to.2, state).await;
        assert_eq!(begin(store, "telefoon", "print").await.2.job_no, to.2.job_no, "{state} is no end");
    }
    let done = finish(store, &to.2, JobState::Done).await;
    assert_eq!((done.state, done.ended_ms, done.done_bytes), (JobState::Done, Some(3), 100));
    let (_, _, after_done) = begin(store, "telefoon", "print").await;
    assert_eq!((after_done.offset, after_done.job_no == to.2.job_no), (0, false));
}

pub(crate) async fn a_file_that_somebody_else_reads_gets_a_job_of_its_own(store: &dyn Store) {
    let (_, _, first) = begin(store, "telefoon", "print").await;
    let (_, _, second) = begin(store, "telefoon", "print").await;
    assert_ne!(first.job_no, second.job_no);
}

pub(crate) async fn a_job_that_is_lost_cannot_be_written_to(store: &dyn Store) {
    let to = begin(store, "telefoon", "print").await;
    let other = || Batch { claim: Some(claim("b")), ..batch(&to, &chat(1), 10) };
    assert!(matches!(store.commit_batch(other()).await, Err(StoreError::JobLost)));
    assert!(matches!(store.hold_import(to.2.job_no, &claim("b")).await, Err(StoreError::JobLost)));
    let ended = store.finish_import(to.2.job_no, "b", JobState::Done, None, 3).await;
    assert!(matches!(ended, Err(StoreError::JobLost)));
    finish(store, &to.2, JobState::Done).await;
    assert!(matches!(store.commit_batch(batch(&to, &chat(1), 10)).await, Err(StoreError::JobLost)));
    assert_eq!(store.totals().await.unwrap().messages, 0);
    assert_eq!(job(store, to.2.job_no, 5).await.counts.read, 0);
}

pub(crate) async fn waiting_jobs_are_taken_once_each_and_in_turn(store: &dyn Store) {
    for (upload, file) in [("u1", "a"), ("u1", "b"), ("u1", "c"), ("u2", "d")] {
        assert_eq!(queue(store, upload, file).await.state, JobState::Queued);
    }
    // Not of an upload: only the process that began it can read it.
    let (_, _, own) = begin(store, "telefoon", "print").await;
    finish(store, &own, JobState::Interrupted).await;
    let (one, two) = (claim("een"), claim("twee"));
    let (first, second) = tokio::join!(store.take_import(&one), store.take_import(&two));
    let mut taken = [first.unwrap().unwrap(), second.unwrap().unwrap()];
    taken.sort_by_key(|job| job.job_no);
    let names: Vec<_> = taken.iter().map(|job| job.file_name.as_str()).collect();
    assert_eq!(names, ["a", "d"], "an upload of many files does not keep another waiting");
    assert!(taken.iter().all(|job| job.state == JobState::Running && job.started_ms == Some(1)));
    assert_eq!(store.take_import(&one).await.unwrap().unwrap().file_name, "b");
    assert_eq!(store.take_import(&one).await.unwrap().unwrap().file_name, "c");
    assert_eq!(store.take_import(&one).await.unwrap(), None);
}

pub(crate) async fn a_job_whose_lease_ran_out_is_interrupted_and_taken_again(store: &dyn Store) {
    let queued = queue(store, "u1", "a").await;
    let taken = store.take_import(&lease("a", 10, 100)).await.unwrap().unwrap();
    let to = (taken.case_no, taken.source_no, taken);
    let until = |until_ms| Batch { claim: Some(lease("a", 50, until_ms)), ..batch(&to, &chat(3), 30) };
    store.commit_batch(until(200)).await.unwrap();
    assert_eq!(job(store, queued.job_no, 200).await.state, JobState::Running, "a batch renews the lease");
    assert!(!store.hold_import(queued.job_no, &lease("a", 60, 300)).await.unwrap());
    assert_eq!(job(store, queued.job_no, 300).await.state, JobState::Running);
    assert_eq!(store.take_import(&lease("b", 300, 900)).await.unwrap(), None);
    assert_eq!(job(store, queued.job_no, 301).await.state, JobState::Interrupted);
    let again = store.take_import(&lease("b", 301, 900)).await.unwrap().unwrap();
    assert_eq!((again.job_no, again.state, again.offset, again.line), (queued.job_no, JobState::Running, 30, 31));
    assert_eq!((again.started_ms, again.run_started_ms, again.run_read), (Some(10), 301, 3));
    assert!(matches!(store.commit_batch(until(900)).await, Err(StoreError::JobLost)), "the old worker is late");
    assert_eq!(job(store, queued.job_no, 400).await.offset, 30);
}

pub(crate) async fn a_job_is_stopped_at_once_when_nobody_reads_it_and_after_the_batch_otherwise(store: &dyn Store) {
    let waiting = queue(store, "u1", "a").await;
    let stopped = store.cancel_import(waiting.job_no, 7).await.unwrap().unwrap();
    assert_eq!((stopped.state, stopped.ended_ms), (JobState::Cancelled, Some(7)));
    assert_eq!(store.take_import(&claim("a")).await.unwrap(), None);
    assert_eq!(store.cancel_import(99, 7).await.unwrap(), None);

    let to = begin(store, "telefoon", "print").await;
    assert!(!commit(store, &to, &chat(2), 20).await.is_cancelled);
    let wished = store.cancel_import(to.2.job_no, 7).await.unwrap().unwrap();
    assert_eq!((wished.state, wished.is_cancelled), (JobState::Running, true));
    assert!(store.hold_import(to.2.job_no, &claim("a")).await.unwrap());
    assert!(commit(store, &to, &chat(4), 40).await.is_cancelled);
    let stopped = finish(store, &to.2, JobState::Cancelled).await;
    assert_eq!((stopped.state, stopped.counts.imported, stopped.is_cancelled), (JobState::Cancelled, 4, false));
    assert_eq!(store.cancel_import(to.2.job_no, 9).await.unwrap().unwrap().ended_ms, Some(3), "again changes nothing");

    // Whoever was told to stop and is gone has stopped.
    queue(store, "u1", "b").await;
    let taken = store.take_import(&lease("a", 10, 100)).await.unwrap().unwrap();
    store.cancel_import(taken.job_no, 50).await.unwrap();
    assert_eq!(job(store, taken.job_no, 101).await.state, JobState::Cancelled);
    assert_eq!(store.take_import(&lease("b", 101, 900)).await.unwrap(), None);
}

pub(crate) async fn a_file_that_grew_goes_on_in_its_job(store: &dyn Store) {
    let to = begin(store, "telefoon", "print").await;
    commit(store, &to, &chat(5), 50).await;
    let grown = NewImport { fingerprint: "longer", file_bytes: 150, ..NewImport::default() };
    assert_eq!(store.grow_import(to.2.job_no, grown, &claim("b")).await.unwrap(), None, "it is being read");
    finish(store, &to.2, JobState::Done).await;
    let more = store.grow_import(to.2.job_no, grown, &claim("a")).await.unwrap().unwrap();
    assert_eq!((more.job_no, more.state, more.offset, more.line), (to.2.job_no, JobState::Running, 50, 51));
    assert_eq!((more.fingerprint.as_str(), more.file_bytes, more.counts.imported), ("longer", 150, 5));
}

pub(crate) async fn a_standing_job_takes_in_what_has_no_end(store: &dyn Store) {
    let (case_no, source_no, _) = begin(store, "tap", "print").await;
    let new = NewImport { source_no, file_name: "live", fingerprint: "live", now_ms: 5, ..NewImport::default() };
    let (one, other) = tokio::join!(store.standing_import(new), store.standing_import(new));
    let standing = one.unwrap();
    assert_eq!((standing.job_no, standing.state), (other.unwrap().job_no, JobState::Done));
    let rejected = vec![Rejected { line: 1, offset: 77, code: "no_text", reason: "empty".into(), raw: vec![] }];
    for times in 1..=2 {
        let batch = Batch {
            job_no: standing.job_no,
            case_no,
            source_no,
            messages: chat(2),
            rejected: rejected.clone(),
            now_ms: 9,
            ..Batch::default()
        };
        store.commit_batch(batch).await.unwrap();
        let job = job(store, standing.job_no, 10).await;
        assert_eq!((job.state, job.ended_ms, job.started_ms), (JobState::Done, Some(9), Some(9)));
        assert_eq!((job.counts.read, job.counts.imported, job.counts.duplicates), (times * 3, 2, (times - 1) * 2));
        assert_eq!(job.counts.rejected, 1, "the same piece is kept once");
    }
    assert_eq!(store.standing_import(new).await.unwrap().job_no, standing.job_no);
}

pub(crate) async fn cured_rejections_leave_the_table(store: &dyn Store) {
    let to = begin(store, "telefoon", "print").await;
    let piece = |offset, code| Rejected { line: offset, offset, code, reason: "why".into(), raw: vec![1] };
    let rejected = vec![piece(1, "bad_time"), piece(2, "bad_time"), piece(3, "bad_time")];
    store.commit_batch(Batch { rejected, ..batch(&to, &chat(1), 100) }).await.unwrap();
    finish(store, &to.2, JobState::Done).await;
    let before = store.data_version().await.unwrap();
    // Of two cured, one was there already; the third is known to be a notice now.
    let retry = || Batch { claim: None, rejected: vec![piece(3, "system_notice")], ..batch(&to, &chat(2), 0) };
    let outcome = store.commit_retry(retry(), &[1, 2]).await.unwrap();
    assert_eq!((outcome.imported, outcome.duplicates), (1, 1));
    assert!(outcome.data_version > before);
    let which = RejectedQuery { job_no: Some(to.2.job_no), limit: 9, ..RejectedQuery::default() };
    let left = store.rejected(which).await.unwrap();
    assert_eq!(left.iter().map(|row| (row.offset, row.code.as_str())).collect::<Vec<_>>(), [(3, "system_notice")]);
    let job = job(store, to.2.job_no, 5).await;
    assert_eq!((job.counts.read, job.counts.imported, job.counts.rejected, job.counts.notices), (4, 2, 1, 1));
    assert_eq!((job.offset, job.state), (100, JobState::Done));
    assert_eq!(store.sources().await.unwrap()[0].rejected, 1);
    store.commit_retry(retry(), &[1, 2]).await.unwrap();
    assert_eq!(store.sources().await.unwrap()[0].rejected, 1, "again changes nothing");
}

pub(crate) async fn jobs_are_listed_newest_first_and_by_what_they_are_of(store: &dyn Store) {
    let (_, source_no, own) = begin(store, "telefoon", "print").await;
    let queued = queue(store, "u1", "b.zip/één.csv").await;
    let list = |which| async move {
        let jobs = store.import_jobs(which, 5).await.unwrap();
        jobs.iter().map(|job| job.job_no).collect::<Vec<_>>()
    };
    let all = JobQuery { limit: 10, ..JobQuery::default() };
    assert_eq!(list(all).await, [queued.job_no, own.job_no]);
    assert_eq!(list(JobQuery { limit: 1, ..all }).await, [queued.job_no]);
    assert_eq!(list(JobQuery { upload: Some("u1"), ..all }).await, [queued.job_no]);
    assert_eq!(list(JobQuery { source_no: Some(source_no), ..all }).await, [own.job_no]);
    assert_eq!(list(JobQuery { file_name: Some("b.zip/één.csv"), ..all }).await, [queued.job_no]);
    assert_eq!(list(JobQuery { fingerprint: Some("print"), ..all }).await, [own.job_no]);
    assert_eq!(
        (queued.case.as_str(), queued.source.as_str(), queued.made_by.as_deref()),
        ("zaak", "beslag", Some("beheerder"))
    );
    assert_eq!((queued.format.as_str(), queued.reading.as_str(), queued.created_ms), ("jsonl", "{}", 1));
    assert_eq!((queued.started_ms, queued.ended_ms, queued.error), (None, None, None));
}
