//! Counts of activity by place, region and time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::api::{Activity, FilterBody, Problem};

use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::state::App;

/// Counts for a filter in the query.
#[utoipa::path(get, path = "/activity", tag = "activity", params(crate::extract::FilterParams),
    responses((status = 200, body = Activity), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Activity>, ApiError> {
    answer(state, actor, asked).await
}

/// Counts for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/activity", tag = "activity", request_body = FilterBody,
    responses((status = 200, body = Activity), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Activity>, ApiError> {
    answer(state, actor, asked).await
}

async fn answer(State(app): State<Arc<App>>, actor: Actor, Asked(asked): Asked) -> Result<Json<Activity>, ApiError> {
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).activity(&asked).await?))
}
