//! Whether the process lives, and whether it can answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::StoreError;

use crate::space;
use crate::state::App;

/// `GET /health/live`: the process runs.
pub(crate) async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: the index is loaded, the store answers and takes writes, and there is room for more.
///
/// With little room all is still well (200); where the store does not take writes, it is not (503).
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    let data_version = app.live().data_version;
    let has_room = space::free_bytes(&app.config.data).is_none_or(|free| free >= app.config.low_space_bytes);
    let failed = match app.store.ping().await {
        Ok(()) => match app.store.want_of_room() {
            // Somebody made room since. Of a database elsewhere the next batch will tell.
            Some(StoreError::Full) if has_room && !app.config.has_database => None,
            Some(_) => Some("batch_not_stored"),
            None => None,
        },
        Err(error) => {
            tracing::warn!(cause = %error, "not ready");
            Some(match error {
                StoreError::Full => "disk_full",
                StoreError::Unwritable { .. } => "not_writable",
                _ => "store_fails",
            })
        }
    };
    let reasons: Vec<&str> = failed.into_iter().chain((!has_room).then_some("low_space")).collect();
    if reasons.is_empty() {
        return Json(json!({ "status": "ready", "data_version": data_version })).into_response();
    }
    let status = if failed.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Json(json!({ "status": "degraded", "reasons": reasons, "data_version": data_version }))).into_response()
}
