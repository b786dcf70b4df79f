//! The team's own region: what is set, and setting it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use model::api::{Home, HomeBody, Problem};

use crate::error::ApiError;
use crate::extract::Actor;
use crate::home;
use crate::state::App;

/// The home region, how far reading all messages with it is, and what it changed.
#[utoipa::path(get, path = "/home", tag = "home", responses((status = 200, body = Home), (status = 401, body = Problem)))]
pub(crate) async fn get(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Home>, ApiError> {
    Ok(Json(home::get(&app, &actor.scope()).await?))
}

/// Sets the home region, for this server and for every later import, and reads all messages again with it in the background. The
/// same region again reads them once more.
#[utoipa::path(put, path = "/home", tag = "home", request_body = HomeBody,
    responses((status = 202, body = Home, description = "Set; messages are being read again"),
        (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 409, body = Problem, description = "Messages are being read again already")))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    actor: Actor,
    body: Result<Json<HomeBody>, JsonRejection>,
) -> Result<(StatusCode, Json<Home>), ApiError> {
    let Json(HomeBody { region }) = body.map_err(|_| {
        ApiError::bad_request("bad_body", "the body is JSON: {\"region\": id of a region, or null for none}")
    })?;
    let region = region
        .map(|id| {
            app.regions.find(&id).ok_or_else(|| {
                ApiError::bad_request("unknown_region", "`region` is the id of a region: see /api/v1/regions")
            })
        })
        .transpose()?;
    home::set(&app, region).await?;
    Ok((StatusCode::ACCEPTED, Json(home::get(&app, &actor.scope()).await?)))
}
