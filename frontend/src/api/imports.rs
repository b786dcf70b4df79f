//! The part of the API that brings messages in.

use gloo_net::http::Request;
use model::imports::{ImportBody, Job, Jobs, Preview, PreviewBody, RejectedView, Retried, RetryBody};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ApiError, checked, parsed, read};

/// Jobs asked for.
const JOBS: u32 = 100;

/// `DELETE /uploads/{id}`.
pub(crate) async fn forget(upload: &str) -> Result<(), ApiError> {
    checked(Request::delete(&format!("/api/v1/uploads/{upload}")).send().await).await.map(drop)
}

/// `POST /uploads/{id}/preview`.
pub(crate) async fn preview(upload: &str, body: &PreviewBody) -> Result<Preview, ApiError> {
    post(&format!("uploads/{upload}/preview"), body).await
}

/// `POST /imports`.
pub(crate) async fn start(body: &ImportBody) -> Result<Jobs, ApiError> {
    post("imports", body).await
}

/// `GET /imports`.
pub(crate) async fn jobs() -> Result<Jobs, ApiError> {
    read(Request::get(&format!("/api/v1/imports?limit={JOBS}"))).await
}

/// `POST /imports/{number}/cancel`.
pub(crate) async fn cancel(number: u64) -> Result<Job, ApiError> {
    read(Request::post(&format!("/api/v1/imports/{number}/cancel"))).await
}

/// `POST /imports/{number}/retry`.
pub(crate) async fn retry(number: u64, body: &RetryBody) -> Result<Retried, ApiError> {
    post(&format!("imports/{number}/retry"), body).await
}

/// `GET /rejected` of a job; with the input itself when asked.
pub(crate) async fn rejected(job: u64, limit: u32, raw: bool) -> Result<Vec<RejectedView>, ApiError> {
    let raw = if raw { "&raw=true" } else { "" };
    read(Request::get(&format!("/api/v1/rejected?job={job}&limit={limit}{raw}"))).await
}

/// `GET /rejected` of a job as a file, as JavaScript holds it.
pub(crate) async fn rejected_file(job: u64, format: &str) -> Result<js_sys::Uint8Array, ApiError> {
    let path = format!("/api/v1/rejected?job={job}&format={format}");
    let response = checked(Request::get(&path).send().await).await?;
    let bytes = response.binary().await.map_err(|_| ApiError::Network)?;
    Ok(js_sys::Uint8Array::from(bytes.as_slice()))
}

async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    let body = serde_json::to_string(body).map_err(|_| ApiError::Unreadable)?;
    let request = Request::post(&format!("/api/v1/{path}")).header("Content-Type", "application/json").body(body);
    parsed(checked(request.map_err(|_| ApiError::Network)?.send().await).await?).await
}
