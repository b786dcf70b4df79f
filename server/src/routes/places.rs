//! Places of the gazetteer by the beginning of their name: for choosing one by hand.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use model::Place;
use model::api::Problem;
use serde::Deserialize;

use crate::error::ApiError;
use crate::extract::Actor;
use crate::state::App;

/// Places shown when nobody asks for more.
const DEFAULT_LIMIT: usize = 20;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// The beginning of a name, in any spelling that folds alike.
    q: Option<String>,
    /// At most this many (1 to 100).
    limit: Option<usize>,
}

/// Places that bear the name first, then those whose name begins so, larger ones before smaller.
#[utoipa::path(get, path = "/places", tag = "review", params(Which),
    responses((status = 200, body = Vec<Place>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    _actor: Actor,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Vec<Place>>, ApiError> {
    let Query(which) =
        which.map_err(|_| ApiError::bad_request("bad_query", "`q` is the beginning of a name, `limit` a number"))?;
    let text = which.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| ApiError::bad_request("missing_q", "`q` is the beginning of a place's name"))?;
    let limit = which.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=100).contains(&limit) {
        return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 100"));
    }
    Ok(Json(app.place_search.find(text, limit).into_iter().cloned().collect()))
}
