//! The screen: files that Trunk built, embedded, sent precompressed.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::EmbeddedFile;

use crate::error::ApiError;
use crate::routes::not_modified;
use crate::shipped::Screen;

/// Answers every address that no other route takes: a file of the screen, or the screen itself at `/`.
pub(crate) async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let Some((file, encoding)) = find(path, &headers) else {
        if path == "index.html" {
            let text = "This binary was built without the screen: run `make build`. The API answers under /api/v1.";
            return (StatusCode::NOT_FOUND, text).into_response();
        }
        return ApiError::NotFound.into_response();
    };
    let etag = format!("\"{}\"", &blake3::Hash::from_bytes(file.metadata.sha256_hash()).to_hex()[..32]);
    if not_modified(&headers, &etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = Response::new(Body::from(file.data.into_owned()));
    let out = response.headers_mut();
    let mime = mime_of(path);
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Trunk puts a hash into the names of what it builds; the page itself and plain copies are asked for anew.
    let forever = path.rsplit('/').next().is_some_and(has_hash);
    let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    response
}

/// The file in the best form that the client takes.
fn find(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts =
        |coding: &str| accepts.split(',').any(|part| part.split(';').next().is_some_and(|c| c.trim() == coding));
    for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepts(coding)
            && let Some(file) = Screen::get(&format!("{path}.{suffix}"))
        {
            return Some((file, Some(coding)));
        }
    }
    Screen::get(path).map(|file| (file, None))
}

/// Whether a file name carries a hash of its content, as in `frontend-0123456789abcdef.js`.
fn has_hash(name: &str) -> bool {
    name.split(['-', '.', '_']).any(|part| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn mime_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "pbf" => "application/x-protobuf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_forever() {
        assert!(has_hash("frontend-0123456789abcdef.js"));
        assert!(has_hash("frontend-0123456789abcdef_bg.wasm"));
        assert!(!has_hash("index.html"));
        assert!(!has_hash("maplibre-gl-worker.mjs"));
    }
}
