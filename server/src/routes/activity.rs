//! Counts of activity by place, region and time.

use axum::response::Response;
use model::api::{Activity, FilterBody, Problem};

use crate::error::ApiError;
use crate::extract::Inquiry;

/// Counts for a filter in the query.
#[utoipa::path(get, path = "/activity", tag = "activity", params(crate::extract::FilterParams),
    responses((status = 200, body = Activity), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

/// Counts for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/activity", tag = "activity", request_body = FilterBody,
    responses((status = 200, body = Activity), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

async fn answer(inquiry: Inquiry) -> Result<Response, ApiError> {
    inquiry.answer("activity", async |asker, filter| asker.activity(filter).await).await
}
