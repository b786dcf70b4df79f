//! Signing in by a one-time link, and out.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Deserialize;

use crate::error::ApiError;
use crate::extract::SESSION_COOKIE;
use crate::secret;
use crate::state::App;

/// A working day and its overtime.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;

#[derive(Deserialize)]
pub(crate) struct SignIn {
    token: String,
}

/// `GET /sign-in?token=…`: takes the one-time token, sets the session cookie, and goes on to the map.
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Query(SignIn { token }): Query<SignIn>,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<Response, ApiError> {
    // A link preview must not use up the token.
    if ["sec-purpose", "purpose"]
        .iter()
        .filter_map(|name| headers.get(*name))
        .any(|value| value.to_str().is_ok_and(|text| text.contains("prefetch") || text.contains("prerender")))
    {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let now_ms = app.clock.now_ms();
    let Some(user) = app.store.redeem_sign_in_token(&secret::hash(&token), now_ms).await? else {
        return Ok(Redirect::to("/?signed-out=link-used").into_response());
    };
    let session = secret::hex(32)?;
    app.store.create_session(&secret::hash(&session), user.user_no, now_ms, now_ms + SESSION_MS).await?;
    let cookie = Cookie::build((SESSION_COOKIE, session))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.protection.is_encrypted())
        .build();
    Ok((jar.add(cookie), Redirect::to("/")).into_response())
}

/// Signs out: forgets the session on the server and in the browser.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Signed out")))]
pub(crate) async fn sign_out(State(app): State<Arc<App>>, jar: CookieJar) -> Result<Response, ApiError> {
    if let Some(cookie) = jar.get(SESSION_COOKIE) {
        app.store.delete_session(&secret::hash(cookie.value())).await?;
    }
    let gone = Cookie::build((SESSION_COOKIE, "")).path("/").build();
    Ok((jar.remove(gone), StatusCode::NO_CONTENT).into_response())
}
