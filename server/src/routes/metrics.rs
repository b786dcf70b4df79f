//! `GET /metrics`: Prometheus text. Counts and durations by route only: no words, no names, no filters.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::state::App;

/// The page that a scraper reads.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    let live = app.live();
    metrics::gauge!("speurkaart_index_mentions").set(live.index.len() as f64);
    metrics::gauge!("speurkaart_index_mentions").set(live.index.len() as f64);
    metrics::gauge!("speurkaart_index_bytes").set(live.index.memory_bytes() as f64);
    metrics::gauge!("speurkaart_data_version").set(live.data_version as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render())
}

/// Counts every request under the pattern of its route, never under its address.
pub(crate) async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("speurkaart_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("speurkaart_http_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}
