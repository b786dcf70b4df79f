//! Every route on one screen.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_extractor_with_state, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Actor, refuse_cross_site};
use crate::routes::{
    activity, basemap, clusters, decisions, density, health, home, hotspots, imports, messages, meta, metrics,
    near_repeat, openapi, places, regions, rejected, review, scan, screen, session, tiles, topics, trend, uploads,
};
use crate::state::App;

/// No inline script, no foreign origin; `wasm-unsafe-eval` lets the browser compile our own WebAssembly.
/// MapLibre draws images from `blob:` and `data:` addresses of its own making.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// How long an answer may take.
const SHORT: Duration = Duration::from_secs(30);
/// How long it may take where a file is sent or read.
const LONG: Duration = Duration::from_hours(12);

/// A filter with a drawn polygon is far below this.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The whole server.
pub(crate) fn router(app: Arc<App>) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(openapi::document())
        .nest(
            "/api/v1",
            OpenApiRouter::new()
                .routes(routes!(meta::get))
                .routes(routes!(regions::get))
                .routes(routes!(topics::get))
                .routes(routes!(activity::get, activity::post))
                .routes(routes!(hotspots::get, hotspots::post))
                .route("/hotspots.csv", get(hotspots::get).post(hotspots::post))
                .route("/hotspots.geojson", get(hotspots::get).post(hotspots::post))
                .routes(routes!(hotspots::get_one, hotspots::post_one))
                .routes(routes!(density::get, density::post))
                .routes(routes!(trend::get, trend::post))
                .routes(routes!(scan::get, scan::post))
                .routes(routes!(clusters::get, clusters::post))
                .routes(routes!(near_repeat::get, near_repeat::post))
                .routes(routes!(messages::get, messages::post))
                .routes(routes!(review::get, review::post))
                .routes(routes!(decisions::get, decisions::post))
                .routes(routes!(decisions::undo))
                .routes(routes!(places::get))
                .routes(routes!(home::get, home::put))
                .routes(routes!(uploads::post))
                .routes(routes!(uploads::delete))
                .routes(routes!(uploads::preview))
                .routes(routes!(imports::get, imports::post))
                .routes(routes!(imports::cancel))
                .routes(routes!(imports::retry))
                .routes(routes!(rejected::get))
                .routes(routes!(session::sign_out)),
        )
        .routes(routes!(tiles::get))
        // Belt and braces: a handler below that forgets to ask for the actor still answers 401.
        .route_layer(from_extractor_with_state::<Actor, _>(Arc::clone(&app)))
        .split_for_parts();

    api.route("/api/openapi.json", get(|| async { axum::Json(document) }))
        .route("/sign-in", get(session::sign_in))
        .route("/basemap/custom.pmtiles", get(basemap::custom))
        .route("/basemap/{layer}", get(basemap::layer))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/api/{*rest}", axum::routing::any(|| async { crate::error::ApiError::NotFound }))
        .fallback(get(screen::file))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(metrics::count))
                .layer(from_fn(refuse_cross_site))
                .layer(security_header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
                .layer(security_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(security_header(header::X_FRAME_OPTIONS, "DENY"))
                .layer(security_header(header::REFERRER_POLICY, "no-referrer"))
                .layer(security_header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
                .layer(security_header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
                .layer(security_header(
                    HeaderName::from_static("permissions-policy"),
                    "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
                ))
                // What the API answers is confidential: no cache on the way or on disk keeps it.
                .layer(SetResponseHeaderLayer::if_not_present(
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("no-store"),
                ))
                .layer(
                    CompressionLayer::new().compress_when(
                        // Packs and workbooks are compressed already.
                        DefaultPredicate::new()
                            .and(NotForContentType::new("application/zip"))
                            .and(NotForContentType::new("application/vnd.openxmlformats"))
                            .and(NotForContentType::new("application/vnd.google-earth.kmz"))
                            // Lines that say how far something is must not wait for more of them.
                            .and(NotForContentType::new("application/x-ndjson")),
                    ),
                )
                .layer(from_fn(in_time))
                .layer(CatchPanicLayer::new())
                .layer(DefaultBodyLimit::max(MAX_BODY_BYTES)),
        )
        .with_state(app)
}

/// Gives up after a while, but for what takes as long as the file is large.
async fn in_time(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let takes_long = ["/api/v1/uploads", "/api/v1/imports"].iter().any(|long| route.starts_with(long));
    let wait = if takes_long { LONG } else { SHORT };
    match tokio::time::timeout(wait, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn security_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
