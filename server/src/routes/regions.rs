//! Region polygons by layer. They change only with the binary, so clients keep them.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::RegionKind;
use model::api::Problem;
use serde::Deserialize;

use crate::error::ApiError;
use crate::extract::Actor;
use crate::routes::not_modified;
use crate::state::App;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Layer {
    /// `province`, `municipality` or `police_unit`.
    kind: String,
}

/// The polygons of a layer as GeoJSON.
#[utoipa::path(get, path = "/regions", tag = "reference", params(Layer),
    responses((status = 200, content_type = "application/geo+json", body = String), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    _: Actor,
    Query(layer): Query<Layer>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let kind: RegionKind = layer
        .kind
        .parse()
        .map_err(|_| ApiError::bad_request("unknown_kind", "`kind` is province, municipality or police_unit"))?;
    let document = app.regions.geojson(kind);
    let etag = format!("\"{}\"", &blake3::hash(document.as_bytes()).to_hex()[..32]);
    if not_modified(&headers, &etag) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut response = document.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    Ok(response)
}
