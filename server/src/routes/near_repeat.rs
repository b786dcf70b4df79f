//! Near repeats.

use axum::response::Response;
use model::api::{FilterBody, NearRepeat, Problem};

use crate::analyses::rounds;
use crate::answers::Answer;
use crate::error::ApiError;
use crate::extract::Inquiry;

/// Whether what is near in space is near in time, too: the Knox table of pairs by bands of metres and days, with permutation p-values. Lines
/// as for `/scan`.
#[utoipa::path(get, path = "/near-repeat", tag = "analyses", params(crate::extract::FilterParams),
    responses((status = 200, body = NearRepeat), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

/// The same for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/near-repeat", tag = "analyses", request_body = FilterBody,
    responses((status = 200, body = NearRepeat), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

async fn answer(inquiry: Inquiry) -> Result<Response, ApiError> {
    let rounds = rounds(&inquiry.filter)?;
    inquiry
        .answer_long("near-repeat", rounds, |asker, filter, progress| {
            Box::pin(async move { Answer::json(&asker.near_repeat(filter, progress).await?) })
        })
        .await
}
