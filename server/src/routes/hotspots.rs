//! The ranked list of hotspots, to look at and to take along.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use export::Provenance;
use model::api::{FilterBody, Hotspots, Problem};

use crate::asking::filter_pairs;
use crate::error::ApiError;
use crate::extract::{Actor, Asked};
use crate::state::App;
use crate::times;

/// The list for a filter in the query.
#[utoipa::path(get, path = "/hotspots", tag = "hotspots", params(crate::extract::FilterParams),
    responses((status = 200, body = Hotspots), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Hotspots>, ApiError> {
    Ok(Json(list(&state, &actor, &asked.0).await?))
}

/// The list for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/hotspots", tag = "hotspots", request_body = FilterBody,
    responses((status = 200, body = Hotspots), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Json<Hotspots>, ApiError> {
    Ok(Json(list(&state, &actor, &asked.0).await?))
}

/// The list as CSV (RFC 4180), for a filter in the query.
#[utoipa::path(get, path = "/hotspots.csv", tag = "hotspots", params(crate::extract::FilterParams),
    responses((status = 200, content_type = "text/csv", body = String), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get_csv(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Response, ApiError> {
    csv(&state, &actor, &asked.0).await
}

/// The list as CSV (RFC 4180), for a filter in the body.
#[utoipa::path(post, path = "/hotspots.csv", tag = "hotspots", request_body = FilterBody,
    responses((status = 200, content_type = "text/csv", body = String), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post_csv(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Response, ApiError> {
    csv(&state, &actor, &asked.0).await
}

/// The list as GeoJSON (RFC 7946), for a filter in the query.
#[utoipa::path(get, path = "/hotspots.geojson", tag = "hotspots", params(crate::extract::FilterParams),
    responses((status = 200, content_type = "application/geo+json", body = String), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get_geojson(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Response, ApiError> {
    geojson(&state, &actor, &asked.0).await
}

/// The list as GeoJSON (RFC 7946), for a filter in the body.
#[utoipa::path(post, path = "/hotspots.geojson", tag = "hotspots", request_body = FilterBody,
    responses((status = 200, content_type = "application/geo+json", body = String), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post_geojson(state: State<Arc<App>>, actor: Actor, asked: Asked) -> Result<Response, ApiError> {
    geojson(&state, &actor, &asked.0).await
}

async fn list(app: &App, actor: &Actor, asked: &FilterBody) -> Result<Hotspots, ApiError> {
    let live = app.live();
    app.asker(&live, actor.scope()).hotspots(asked).await
}

async fn csv(app: &App, actor: &Actor, asked: &FilterBody) -> Result<Response, ApiError> {
    let list = list(app, actor, asked).await?;
    let bytes = export::csv(&list, &provenance(app, actor, asked)).map_err(anyhow::Error::from)?;
    Ok(attachment(bytes, "text/csv; charset=utf-8", "csv"))
}

async fn geojson(app: &App, actor: &Actor, asked: &FilterBody) -> Result<Response, ApiError> {
    let list = list(app, actor, asked).await?;
    let text = export::geojson(&list, &provenance(app, actor, asked)).map_err(anyhow::Error::from)?;
    Ok(attachment(text.into_bytes(), "application/geo+json", "geojson"))
}

fn attachment(bytes: Vec<u8>, mime: &'static str, extension: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"hotspots.{extension}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

fn provenance(app: &App, actor: &Actor, asked: &FilterBody) -> Provenance {
    Provenance {
        filter: filter_pairs(asked),
        product: format!("speurkaart {}", env!("CARGO_PKG_VERSION")),
        gazetteer: app.gazetteer_version.clone(),
        user: actor.name.clone(),
        generated_at: times::rfc3339(app.clock.now_ms()),
    }
}
