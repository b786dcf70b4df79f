//! Activity over time: series, trend, changes of rate, rhythm of week and day.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::api::{FilterBody, Problem, Trend};

use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::state::App;

/// The trend for a filter in the query.
#[utoipa::path(get, path = "/trend", tag = "trend", params(crate::extract::FilterParams),
    responses((status = 200, body = Trend), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Trend>, ApiError> {
    answer(state, actor, asked).await
}

/// The trend for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/trend", tag = "trend", request_body = FilterBody,
    responses((status = 200, body = Trend), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Trend>, ApiError> {
    answer(state, actor, asked).await
}

async fn answer(State(app): State<Arc<App>>, actor: Actor, Asked(asked): Asked) -> Result<Json<Trend>, ApiError> {
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).trend(&asked).await?))
}
