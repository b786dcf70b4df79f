//! The messages behind a count, newest first, each with its mentions and why they are there; and live ones coming in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::api::{FilterBody, MessagePage, Problem};
use model::imports::MessagesAnswer;
use serde::Deserialize;

use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::importing::DEFAULT_CASE;
use crate::intake::{self, LIVE};
use crate::state::App;

/// A page for a filter in the query.
#[utoipa::path(get, path = "/messages", tag = "messages", params(crate::extract::FilterParams),
    responses((status = 200, body = MessagePage), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<MessagePage>, ApiError> {
    answer(state, actor, asked).await
}

/// With JSON: a page for a filter in the body, with words and a drawn polygon too. With `application/x-ndjson`: stores live messages, a
/// JSON object with at least a text and a time a line; late ones, and ones out of order, are as good as others, and those that are stored
/// already are duplicates. What cannot be read is kept in `/rejected`.
#[utoipa::path(post, path = "/messages", tag = "messages", params(Intake),
    request_body(content((FilterBody = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, body = MessagesAnswer), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 413, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, request: Request) -> Result<Response, ApiError> {
    let is_live = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or(kind).trim();
        kind.eq_ignore_ascii_case("application/x-ndjson")
    });
    if !is_live {
        let asked = Asked::from_request(request, &()).await?;
        return Ok(answer(state, actor, asked).await?.into_response());
    }
    let Query(Intake { case, source }) = Query::try_from_uri(request.uri()).map_err(|_| {
        ApiError::bad_request("bad_query", "with application/x-ndjson there are two parameters: `case` and `source`")
    })?;
    let State(app) = state;
    let to = (case.as_deref().unwrap_or(DEFAULT_CASE), source.as_deref().unwrap_or(LIVE));
    let received = intake::receive(&app, to, request.into_body().into_data_stream()).await?;
    Ok(Json(MessagesAnswer::Received(received)).into_response())
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Intake {
    /// Live messages: case that they go to; `default` without one.
    case: Option<String>,
    /// Live messages: source that they go to; `live` without one.
    source: Option<String>,
}

async fn answer(State(app): State<Arc<App>>, actor: Actor, Asked(asked): Asked) -> Result<Json<MessagePage>, ApiError> {
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).messages(&asked).await?))
}
