//! Activity over time: series, trend, changes of rate, rhythm of week and day.

use axum::response::Response;
use model::api::{FilterBody, Problem, Trend};

use crate::answers::Answer;
use crate::error::ApiError;
use crate::extract::Inquiry;

/// The trend for a filter in the query.
#[utoipa::path(get, path = "/trend", tag = "trend", params(crate::extract::FilterParams),
    responses((status = 200, body = Trend), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

/// The trend for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/trend", tag = "trend", request_body = FilterBody,
    responses((status = 200, body = Trend), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

async fn answer(inquiry: Inquiry) -> Result<Response, ApiError> {
    inquiry.answer("trend", async |asker, filter| Answer::json(&asker.trend(filter).await?)).await
}
