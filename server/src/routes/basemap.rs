//! The basemap: the built-in layers, or the user's own PMTiles file by range requests.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::error::ApiError;
use crate::extract::Actor;
use crate::routes::not_modified;
use crate::shipped;
use crate::state::App;

/// `GET /basemap/{layer}.geojson`: a built-in layer, as it was packed.
pub(crate) async fn layer(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let name = file.strip_suffix(".geojson").ok_or(ApiError::NotFound)?;
    let (_, bytes) = shipped::BASEMAP.iter().find(|(layer, _)| *layer == name).ok_or(ApiError::NotFound)?;
    let etag = format!("\"{}\"", &blake3::hash(bytes).to_hex()[..32]);
    if not_modified(&headers, &etag) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut response = Response::new((*bytes).into());
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// `GET /basemap/custom.pmtiles`: the file given with `--basemap`.
pub(crate) async fn custom(State(app): State<Arc<App>>, _: Actor, request: Request) -> Result<Response, ApiError> {
    let file = app.config.basemap.as_ref().ok_or(ApiError::NotFound)?;
    match ServeFile::new(file).oneshot(request).await {
        Ok(response) => Ok(response.into_response()),
        Err(never) => match never {},
    }
}
