//! Whether the process lives, and whether it can answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::App;

/// `GET /health/live`: the process runs.
pub(crate) async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: the store answers and takes writes, the index is loaded.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.store.ping().await {
        Ok(()) => Json(json!({ "status": "ready", "data_version": app.live().data_version })).into_response(),
        Err(error) => {
            tracing::warn!(cause = %error, "not ready");
            let body = json!({ "status": "degraded", "store": "does not take writes; the server's log says why" });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
