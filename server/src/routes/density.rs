//! Density of activity as contours.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::api::{Density, FilterBody, Problem};

use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::state::App;

/// The density for a filter in the query.
#[utoipa::path(get, path = "/density", tag = "density", params(crate::extract::FilterParams),
    responses((status = 200, body = Density), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Density>, ApiError> {
    answer(state, actor, asked).await
}

/// The density for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/density", tag = "density", request_body = FilterBody,
    responses((status = 200, body = Density), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Density>, ApiError> {
    answer(state, actor, asked).await
}

async fn answer(State(app): State<Arc<App>>, actor: Actor, Asked(asked): Asked) -> Result<Json<Density>, ApiError> {
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).density(&asked).await?))
}
