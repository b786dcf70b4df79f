//! The scan statistic.

use axum::response::Response;
use model::api::{FilterBody, Problem, Scan};

use crate::analyses::rounds;
use crate::answers::Answer;
use crate::error::ApiError;
use crate::extract::Inquiry;

/// Circles of municipalities, police units or provinces in which more is counted than usual, by Kulldorff's scan statistic with Monte Carlo
/// p-values. Radii are metres; a client that accepts `application/x-ndjson` is told how far it is, a line each: `{"done":n,"of":n}`, at last
/// `{"answer":…}` or `{"problem":…}`. It ends when the client goes away.
#[utoipa::path(get, path = "/scan", tag = "analyses", params(crate::extract::FilterParams),
    responses((status = 200, body = Scan), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

/// The same for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/scan", tag = "analyses", request_body = FilterBody,
    responses((status = 200, body = Scan), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

async fn answer(inquiry: Inquiry) -> Result<Response, ApiError> {
    let rounds = rounds(&inquiry.filter)?;
    inquiry
        .answer_long("scan", rounds, |asker, filter, progress| {
            Box::pin(async move { Answer::json(&asker.scan(filter, progress).await?) })
        })
        .await
}
