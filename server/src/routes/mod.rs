//! One file per resource, named like its URL segment.

pub(crate) mod activity;
pub(crate) mod basemap;
pub(crate) mod clusters;
pub(crate) mod decisions;
pub(crate) mod density;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod hotspots;
pub(crate) mod imports;
pub(crate) mod messages;
pub(crate) mod meta;
pub(crate) mod metrics;
pub(crate) mod near_repeat;
pub(crate) mod openapi;
pub(crate) mod places;
pub(crate) mod regions;
pub(crate) mod rejected;
pub(crate) mod review;
pub(crate) mod scan;
pub(crate) mod screen;
pub(crate) mod session;
pub(crate) mod tiles;
pub(crate) mod topics;
pub(crate) mod trend;
pub(crate) mod uploads;

use axum::http::{HeaderMap, header};

/// Whether the client already holds this version.
pub(crate) fn not_modified(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag))
}
