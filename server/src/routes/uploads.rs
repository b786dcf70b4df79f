//! Files sent to be imported: taken in as they arrive, looked at, forgotten.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use model::api::Problem;
use model::imports::{Preview, PreviewBody, Upload};
use serde::Deserialize;

use crate::error::ApiError;
use crate::extract::Actor;
use crate::importing;
use crate::state::App;
use crate::uploads::UploadError;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// What the file is called: a label, never a path.
    name: String,
}

/// Takes a file in as it arrives. Nothing stays of one that is larger than the limit or cut off; one that nobody imports is removed after
/// a day.
#[utoipa::path(post, path = "/uploads", tag = "imports", params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the file"),
    responses((status = 201, body = Upload), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 413, body = Problem, description = "Larger than `--upload-limit`"),
        (status = 507, body = Problem, description = "The disk of the server is full")))]
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(Named { name }): Query<Named>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Upload>), ApiError> {
    let limit = app.config.upload_limit;
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if stated.is_some_and(|bytes| bytes > limit) {
        return Err(UploadError::TooLarge(limit).into());
    }
    let upload = app.importing.uploads.receive(&name, body.into_data_stream(), limit).await?;
    tracing::info!(upload = upload.upload, bytes = upload.bytes, by = actor.name, "a file was uploaded");
    Ok((StatusCode::CREATED, Json(upload)))
}

/// Forgets an upload. What was imported from it stays.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "imports", params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "Forgotten"), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It is being imported: cancel that first")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    _actor: Actor,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let which = store::JobQuery { upload: Some(&id), limit: u32::MAX, ..store::JobQuery::default() };
    let jobs = app.store.import_jobs(which, app.clock.now_ms()).await?;
    if jobs.iter().any(|job| job.state.is_open()) {
        return Err(ApiError::Conflict {
            code: "being_imported",
            detail: "The upload is still to be read: cancel its imports first.",
        });
    }
    if app.importing.uploads.remove(&id) { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound) }
}

/// How an upload would be read: its files, formats, columns, first messages with the places in them, and what would be rejected.
#[utoipa::path(post, path = "/uploads/{id}/preview", tag = "imports", params(("id" = String, Path, description = "Its id")),
    request_body = PreviewBody,
    responses((status = 200, body = Preview), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem)))]
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    _actor: Actor,
    Path(id): Path<String>,
    body: Result<Json<PreviewBody>, JsonRejection>,
) -> Result<Json<Preview>, ApiError> {
    let Json(body) = body.map_err(|_| {
        ApiError::bad_request(
            "bad_body",
            "the body is JSON with, where wanted, `format`, `timezone`, `map`, `case`, `source`, `time`",
        )
    })?;
    Ok(Json(importing::preview(&app, &id, body).await?))
}
