//! Density of activity as contours.

use axum::response::Response;
use model::api::{Density, FilterBody, Problem};

use crate::answers::Answer;
use crate::error::ApiError;
use crate::extract::Inquiry;

/// The density for a filter in the query.
#[utoipa::path(get, path = "/density", tag = "density", params(crate::extract::FilterParams),
    responses((status = 200, body = Density), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

/// The density for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/density", tag = "density", request_body = FilterBody,
    responses((status = 200, body = Density), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

async fn answer(inquiry: Inquiry) -> Result<Response, ApiError> {
    inquiry.answer("density", async |asker, filter| Answer::json(&asker.density(filter).await?)).await
}
