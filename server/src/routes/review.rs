//! Uncertain mentions that wait for somebody's decision, most consequential first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::api::{FilterBody, Problem, ReviewQueue};

use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::state::App;

/// The queue for a filter in the query.
#[utoipa::path(get, path = "/review", tag = "review", params(crate::extract::FilterParams),
    responses((status = 200, body = ReviewQueue), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<ReviewQueue>, ApiError> {
    answer(state, actor, asked).await
}

/// The queue for a filter in the body, with words of the message and a drawn polygon too.
#[utoipa::path(post, path = "/review", tag = "review", request_body = FilterBody,
    responses((status = 200, body = ReviewQueue), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<ReviewQueue>, ApiError> {
    answer(state, actor, asked).await
}

async fn answer(State(app): State<Arc<App>>, actor: Actor, Asked(asked): Asked) -> Result<Json<ReviewQueue>, ApiError> {
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).review(&asked).await?))
}
