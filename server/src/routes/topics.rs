//! What messages may be about, and the words that say so.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::api::{Problem, TopicWords};

use crate::error::ApiError;
use crate::extract::Actor;
use crate::state::App;
use crate::topics;

/// Every topic with its words: those shipped and those of the team.
#[utoipa::path(get, path = "/topics", tag = "reference", responses((status = 200, body = Vec<TopicWords>), (status = 401, body = Problem)))]
pub(crate) async fn get(State(app): State<Arc<App>>, _: Actor) -> Result<Json<Vec<TopicWords>>, ApiError> {
    Ok(Json(topics::words(&app.topics.load())))
}
