//! Who asks: the person behind the session cookie. A handler that takes an [`Actor`] cannot run without one.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use model::Scope;

use crate::error::ApiError;
use crate::state::App;

/// Name of the session cookie: HttpOnly, SameSite=Strict, never read by scripts.
pub(crate) const SESSION_COOKIE: &str = "speurkaart_session";

/// A signed-in person.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// Name for screen and exports.
    pub(crate) name: String,
}

impl Actor {
    /// Which cases this person may see. There are only administrators yet, and they see every case.
    #[allow(clippy::unused_self, reason = "the answer will depend on the person; the callers must not change then")]
    pub(crate) fn scope(&self) -> Scope {
        Scope::All
    }
}

impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get(SESSION_COOKIE).ok_or(ApiError::Unauthorized)?;
        let hash = crate::secret::hash(cookie.value());
        let user = app.store.session(&hash, app.clock.now_ms()).await?.ok_or(ApiError::Unauthorized)?;
        Ok(Self { name: user.name })
    }
}

/// Refuses requests that a page of another site sent along with our cookie.
///
/// Browsers state the origin on every request but plain GETs; programs that are no browser state none.
pub(crate) async fn refuse_cross_site(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let foreign_fetch = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" && request.method() != axum::http::Method::GET);
    let foreign_origin = match (headers.get(header::ORIGIN), headers.get(header::HOST)) {
        (Some(origin), Some(host)) => {
            let origin = origin.to_str().unwrap_or_default();
            let host = host.to_str().unwrap_or_default();
            origin.split_once("://").is_none_or(|(_, origin_host)| origin_host != host)
        }
        _ => false,
    };
    if foreign_fetch || foreign_origin {
        return ApiError::CrossSite.into_response();
    }
    next.run(request).await
}
