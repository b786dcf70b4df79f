//! What a client holds already, by the tags of its request.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use crate::routes::not_modified;

/// The tags of a conditional GET; of anything else none.
#[derive(Debug, Default)]
pub(crate) struct Held(HeaderMap);

impl Held {
    /// Whether the client holds the answer with this tag.
    pub(crate) fn has(&self, etag: &str) -> bool {
        not_modified(&self.0, etag)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Held {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(if parts.method == Method::GET { parts.headers.clone() } else { HeaderMap::new() }))
    }
}
