//! A question about the data, and the one way in which it is answered: within rights, from memory where it was asked before.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::stream::unfold;
use model::api::FilterBody;
use serde_json::json;
use tokio::sync::watch;

use super::{Actor, Asked, Held};
use crate::answers::{Answer, Question};
use crate::asking::Asker;
use crate::error::ApiError;
use crate::heavy::Progress;
use crate::state::App;

/// What a client accepts who wants to be told how far a long computation is.
const LINES: &str = "application/x-ndjson";

/// Who asks, what of, and what they hold already.
pub(crate) struct Inquiry {
    pub(crate) app: Arc<App>,
    pub(crate) actor: Actor,
    pub(crate) held: Held,
    pub(crate) filter: FilterBody,
    /// Whether the answer is to come as lines of JSON, the last one the answer and those before it how far it is.
    pub(crate) in_lines: bool,
}

/// Works out an answer and says how far it is.
pub(crate) type Long = for<'a> fn(&'a Asker<'a>, &'a FilterBody, Progress) -> BoxFuture<'a, Result<Answer, ApiError>>;

impl FromRequest<Arc<App>> for Inquiry {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let actor = Actor::from_request_parts(&mut parts, app).await?;
        let Ok(held) = Held::from_request_parts(&mut parts, app).await;
        let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        let in_lines = accept.is_some_and(|accept| accept.contains(LINES));
        let Asked(filter) = Asked::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self { app: Arc::clone(app), actor, held, filter, in_lines })
    }
}

impl Inquiry {
    /// The answer, worked out by `make` unless it is known. `what` names the resource, with everything in its address that matters.
    pub(crate) async fn answer(
        self,
        what: &str,
        make: impl AsyncFnOnce(&Asker<'_>, &FilterBody) -> Result<Answer, ApiError>,
    ) -> Result<Response, ApiError> {
        let live = self.app.live();
        let asker = self.app.asker(&live, self.actor.scope());
        let question = Question::new(what, &asker.scope, &self.filter, &live);
        let answer = self.app.answers.get(question, &live, async || make(&asker, &self.filter).await).await?;
        Ok(answer.to(&self.held))
    }

    /// The same for what takes long, of so many rounds. A client that accepts lines is told how far it is: `{"done":n,"of":n}` and in the
    /// end `{"answer":…}` or `{"problem":…}`. Where the client goes away, the work ends.
    pub(crate) async fn answer_long(self, what: &'static str, rounds: usize, make: Long) -> Result<Response, ApiError> {
        if !self.in_lines {
            return self.answer(what, async |asker, filter| make(asker, filter, Progress::unseen()).await).await;
        }
        let (progress, seen) = Progress::seen();
        let work: BoxFuture<'static, Result<Answer, ApiError>> = Box::pin(async move {
            let live = self.app.live();
            let asker = self.app.asker(&live, self.actor.scope());
            let question = Question::new(what, &asker.scope, &self.filter, &live);
            self.app.answers.get(question, &live, async || make(&asker, &self.filter, progress).await).await
        });
        let lines = unfold(Some((work, seen)), move |state| async move {
            let (mut work, mut seen) = state?;
            let (line, state) = tokio::select! {
                biased;
                Ok(()) = seen.changed() => (done(&mut seen, rounds), Some((work, seen))),
                made = &mut work => (last(made), None),
            };
            Some((Ok::<_, Infallible>(Bytes::from(line)), state))
        });
        let mut response = Response::new(Body::from_stream(lines));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(LINES));
        Ok(response)
    }
}

/// Says how far the work is, once for each figure.
fn done(seen: &mut watch::Receiver<usize>, of: usize) -> Vec<u8> {
    format!("{}\n", json!({"done": *seen.borrow_and_update(), "of": of})).into_bytes()
}

fn last(made: Result<Answer, ApiError>) -> Vec<u8> {
    let (name, value) = match made {
        Ok(answer) => ("answer", answer.body().to_vec()),
        Err(error) => ("problem", serde_json::to_vec(&error.told()).unwrap_or_default()),
    };
    [format!("{{\"{name}\":").as_bytes(), &value, b"}\n"].concat()
}
