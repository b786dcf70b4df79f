//! Import jobs: the list, putting an upload on it, stopping one, reading once more what was rejected.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use model::api::Problem;
use model::imports::{ImportBody, Job, Jobs, Retried, RetryBody};
use serde::Deserialize;
use store::JobQuery;

use crate::error::ApiError;
use crate::extract::Actor;
use crate::state::App;
use crate::{importing, retrying};

/// Jobs shown when nobody asks for more.
const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// At most this many (1 to 1000).
    limit: Option<u32>,
}

/// The latest jobs, newest first, those of the command line too.
#[utoipa::path(get, path = "/imports", tag = "imports", params(Page),
    responses((status = 200, body = Jobs), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(page): Query<Page>,
) -> Result<Json<Jobs>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=1000).contains(&limit) {
        return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 1000"));
    }
    let scope = actor.scope();
    let jobs = app.store.import_jobs(JobQuery { limit, ..JobQuery::default() }, app.clock.now_ms()).await?;
    let jobs = jobs.into_iter().filter(|job| scope.allows(job.case_no));
    Ok(Json(Jobs { jobs: jobs.map(|job| importing::shown(&app, job)).collect(), passed_over: Vec::new() }))
}

/// Puts the files of an upload on the list.
#[utoipa::path(post, path = "/imports", tag = "imports", request_body = ImportBody,
    responses((status = 202, body = Jobs, description = "On the list"), (status = 400, body = Problem),
        (status = 401, body = Problem)))]
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    actor: Actor,
    body: Result<Json<ImportBody>, JsonRejection>,
) -> Result<(StatusCode, Json<Jobs>), ApiError> {
    let Json(body) = body.map_err(|_| {
        ApiError::bad_request(
            "bad_body",
            "the body is JSON with `upload`, `case`, and where wanted `source`, `format`, `timezone`, `map`, `time`, `synthetic`",
        )
    })?;
    Ok((StatusCode::ACCEPTED, Json(importing::queue(&app, &actor.name, body).await?)))
}

/// Stops a job, also one of another process: at once when nobody reads it yet, else after its batch. What was stored stays.
#[utoipa::path(post, path = "/imports/{number}/cancel", tag = "imports", params(("number" = u64, Path, description = "Its number")),
    responses((status = 200, body = Job), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(number): Path<String>,
) -> Result<Json<Job>, ApiError> {
    let job = importing::find(&app, &actor.scope(), &number).await?;
    let cancelled = app.store.cancel_import(job.job_no, app.clock.now_ms()).await?.ok_or(ApiError::NotFound)?;
    tracing::info!(job = job.job_no, by = actor.name, "an import is to stop");
    Ok(Json(importing::shown(&app, cancelled)))
}

/// Reads once more what a job rejected, with another mapping, format or zone. What is a message now leaves the table of rejected input.
#[utoipa::path(post, path = "/imports/{number}/retry", tag = "imports", request_body = RetryBody,
    params(("number" = u64, Path, description = "Its number")),
    responses((status = 200, body = Retried), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "Not ended, or the file is gone")))]
pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(number): Path<String>,
    body: Result<Json<RetryBody>, JsonRejection>,
) -> Result<Json<Retried>, ApiError> {
    let Json(body) = body.map_err(|_| {
        ApiError::bad_request("bad_body", "the body is JSON with, where wanted, `map`, `format`, `timezone`")
    })?;
    let job = importing::find(&app, &actor.scope(), &number).await?;
    Ok(Json(retrying::retry(&app, job, body).await?))
}
