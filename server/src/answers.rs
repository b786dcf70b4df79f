//! Answers given before: the same question about the same data is answered from memory, and one that several ask at once is
//! worked out once.
//!
//! A question is known by a hash of who may see what, what is asked and of which data, so that no words of a filter are kept here.
//! Nothing is answered from older data: with a new data version everything is forgotten.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Scope;
use model::api::FilterBody;
use tokio::sync::OnceCell;

use crate::error::ApiError;
use crate::extract::Held;
use crate::state::Live;

/// Bytes of answers that are kept.
const CAPACITY: usize = 96 << 20;

/// What is asked, by whom, of which data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Question([u8; 32]);

impl Question {
    /// `what` names the resource, with everything in its address that matters.
    pub(crate) fn new(what: &str, scope: &Scope, asked: &FilterBody, live: &Live) -> Self {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &[u8]| {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        };
        add(what.as_bytes());
        match scope {
            Scope::All => add(b"all"),
            Scope::Nothing => add(b"nothing"),
            Scope::Cases(cases) => {
                add(b"cases");
                for case_no in cases {
                    add(&case_no.to_le_bytes());
                }
            }
        }
        add(&live.data_version.to_le_bytes());
        add(&serde_json::to_vec(asked).unwrap_or_default());
        Self(*hasher.finalize().as_bytes())
    }
}

/// An answer as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    body: Bytes,
    etag: String,
    media_type: &'static str,
}

impl Answer {
    pub(crate) fn new(body: impl Into<Bytes>, media_type: &'static str) -> Self {
        let body = body.into();
        let etag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..32]);
        Self { body, etag, media_type }
    }

    pub(crate) fn json(value: &impl serde::Serialize) -> Result<Self, ApiError> {
        Ok(Self::new(serde_json::to_vec(value).map_err(anyhow::Error::from)?, "application/json"))
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// As it is sent; nothing but its tag to a client that holds it already.
    pub(crate) fn to(&self, held: &Held) -> Response {
        let mut response = if held.has(&self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(self.body.clone()));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
            response
        };
        // Weak: the same answer may be sent compressed or not.
        if let Ok(etag) = HeaderValue::from_str(&format!("W/{}", self.etag)) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response
    }
}

/// The answers that are kept, of one data version.
#[derive(Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    data_version: u64,
    /// With when it was last asked for, by the count of questions.
    by_question: HashMap<Question, (Arc<OnceCell<Answer>>, u64)>,
    questions: u64,
    bytes: usize,
}

impl Answers {
    /// The answer, worked out by `make` when nobody asked before. Whoever asks meanwhile waits for the same answer; where the one
    /// who works goes away, the next goes on. An error is an answer to nobody else.
    pub(crate) async fn get<F: Future<Output = Result<Answer, ApiError>>>(
        &self,
        question: Question,
        live: &Live,
        make: impl FnOnce() -> F,
    ) -> Result<Answer, ApiError> {
        let Some(cell) = self.cell(question, live.data_version) else { return make().await };
        let mut is_new = false;
        let made = cell
            .get_or_try_init(async || {
                is_new = true;
                make().await
            })
            .await;
        match made {
            Ok(answer) => {
                let answer = answer.clone();
                if is_new {
                    self.keep(question, live.data_version, answer.body.len());
                }
                Ok(answer)
            }
            Err(error) => Err(error),
        }
    }

    /// Where the answer is or will be; `None` for data older than what is kept.
    fn cell(&self, question: Question, data_version: u64) -> Option<Arc<OnceCell<Answer>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if data_version < kept.data_version {
            return None;
        }
        if data_version > kept.data_version {
            *kept = Kept { data_version, ..Kept::default() };
        }
        kept.questions += 1;
        let now = kept.questions;
        let (cell, asked) = kept.by_question.entry(question).or_default();
        *asked = now;
        Some(Arc::clone(cell))
    }

    /// Counts a new answer in, and lets those go that were not asked for the longest.
    fn keep(&self, question: Question, data_version: u64, bytes: usize) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if data_version != kept.data_version || !kept.by_question.contains_key(&question) {
            return;
        }
        kept.bytes += bytes;
        if kept.bytes <= CAPACITY {
            return;
        }
        // A third goes at once, so that this is seldom. Questions that failed go first: they hold nothing.
        let mut by_age: Vec<(u64, Question, usize)> = kept
            .by_question
            .iter()
            .map(|(question, (cell, asked))| (*asked, *question, cell.get().map_or(0, |answer| answer.body.len())))
            .collect();
        by_age.sort_unstable_by_key(|(asked, _, bytes)| (*bytes > 0, *asked));
        for (_, question, bytes) in by_age {
            if kept.bytes <= CAPACITY / 3 * 2 && bytes > 0 {
                break;
            }
            let is_waited_for = kept.by_question.get(&question).is_some_and(|(cell, _)| cell.get().is_none());
            if is_waited_for && kept.by_question.get(&question).is_some_and(|(cell, _)| Arc::strong_count(cell) > 1) {
                continue;
            }
            kept.by_question.remove(&question);
            kept.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::live::empty;

    fn live(data_version: u64) -> Live {
        let regions = Arc::new(crate::knowledge::Knowledge::regions().unwrap());
        Live { data_version, ..empty(&regions, 0) }
    }

    fn question(limit: u32, live: &Live) -> Question {
        Question::new("test", &Scope::All, &FilterBody { limit: Some(limit), ..FilterBody::default() }, live)
    }

    fn answer(bytes: usize) -> Answer {
        Answer::new(vec![b'x'; bytes], "text/plain")
    }

    #[tokio::test]
    async fn many_who_ask_at_once_get_one_answer_that_is_worked_out_once() {
        let (answers, live, made) = (Answers::default(), live(1), AtomicUsize::new(0));
        let ask = || {
            answers.get(question(1, &live), &live, async || {
                tokio::task::yield_now().await;
                made.fetch_add(1, Ordering::Relaxed);
                Ok(answer(3))
            })
        };
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        assert_eq!([a, b, c].map(|one| one.unwrap().body.len()), [3, 3, 3]);
        assert_eq!(made.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_works_may_go_away_and_an_error_is_tried_again() {
        let (answers, live) = (Answers::default(), live(1));
        let never = answers.get(question(1, &live), &live, std::future::pending);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(5), never).await.is_err());
        let failed = answers.get(question(1, &live), &live, async || Err(ApiError::NotFound)).await;
        assert!(failed.is_err());
        assert_eq!(answers.get(question(1, &live), &live, async || Ok(answer(2))).await.unwrap().body.len(), 2);
    }

    #[tokio::test]
    async fn other_data_rights_and_filters_are_other_questions() {
        let (old, new) = (live(1), live(2));
        let all = question(1, &new);
        assert_ne!(question(1, &old), all);
        assert_ne!(question(2, &new), all);
        let asked = FilterBody { limit: Some(1), ..FilterBody::default() };
        assert_ne!(Question::new("other", &Scope::All, &asked, &new), all);
        assert_ne!(Question::new("test", &Scope::Cases(vec![1]), &asked, &new), all);
        let answers = Answers::default();
        answers.get(question(1, &new), &new, async || Ok(answer(1))).await.unwrap();
        // Who still holds the older data gets them, and spoils nothing.
        assert_eq!(answers.get(question(1, &old), &old, async || Ok(answer(5))).await.unwrap().body.len(), 5);
        assert_eq!(answers.get(all, &new, async || Ok(answer(9))).await.unwrap().body.len(), 1);
    }

    #[tokio::test]
    async fn what_was_not_asked_for_the_longest_goes_when_there_is_too_much() {
        let (answers, live) = (Answers::default(), live(1));
        for number in 0..10 {
            answers.get(question(number, &live), &live, async || Ok(answer(CAPACITY / 8))).await.unwrap();
            answers.get(question(0, &live), &live, async || Ok(answer(1))).await.unwrap();
        }
        let kept = answers.0.lock().unwrap();
        assert!(kept.bytes <= CAPACITY);
        let held: usize = kept.by_question.values().filter_map(|(cell, _)| cell.get()).map(|one| one.body.len()).sum();
        assert_eq!(held, kept.bytes);
        assert!(
            kept.by_question.contains_key(&question(0, &live)) && kept.by_question.contains_key(&question(9, &live))
        );
        assert!(!kept.by_question.contains_key(&question(1, &live)));
    }
}
