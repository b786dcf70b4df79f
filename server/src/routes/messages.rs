//! The messages behind a count, newest first, each with its mentions and why they are there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::api::{FilterBody, MessagePage, Problem};

use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::state::App;

/// A page for a filter in the query.
#[utoipa::path(get, path = "/messages", tag = "messages", params(crate::extract::FilterParams),
    responses((status = 200, body = MessagePage), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<MessagePage>, ApiError> {
    answer(state, actor, asked).await
}

/// A page for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/messages", tag = "messages", request_body = FilterBody,
    responses((status = 200, body = MessagePage), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<MessagePage>, ApiError> {
    answer(state, actor, asked).await
}

async fn answer(State(app): State<Arc<App>>, actor: Actor, Asked(asked): Asked) -> Result<Json<MessagePage>, ApiError> {
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).messages(&asked).await?))
}
