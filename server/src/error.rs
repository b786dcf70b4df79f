//! Errors of the API: one type, RFC 9457 problem details, a stable `code`, a sentence that says what to do.
//!
//! A 500 answers only an incident id; its cause is logged once, here. Neither log nor answer ever holds message text.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::api::Problem;

use crate::uploads::UploadError;

/// What a handler can fail with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request makes no sense; `code` is stable, `detail` says how to mend it.
    #[error("{code}: {detail}")]
    BadRequest { code: &'static str, detail: String },
    /// No valid session.
    #[error("not signed in")]
    Unauthorized,
    /// The request came from a page of another site.
    #[error("cross-site request")]
    CrossSite,
    /// Nothing at this address.
    #[error("not found")]
    NotFound,
    /// It cannot be done now; `detail` says when.
    #[error("{code}: {detail}")]
    Conflict { code: &'static str, detail: &'static str },
    /// More bytes than are taken at once; `detail` says how many are.
    #[error("{code}: {detail}")]
    TooLarge { code: &'static str, detail: String },
    /// The store has no room for what was to be written.
    #[error("no room on disk")]
    NoRoom,
    /// Something broke on our side.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl ApiError {
    /// A request that makes no sense.
    pub(crate) fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::BadRequest { code, detail: detail.into() }
    }

    /// More bytes than are taken at once.
    pub(crate) fn too_large(detail: String) -> Self {
        Self::TooLarge { code: "too_large", detail }
    }

    /// What the client is told; a fault of ours is logged, and told by its incident id alone.
    pub(crate) fn told(&self) -> Problem {
        let mut problem = self.problem();
        if let Self::Internal(cause) = self {
            let incident = crate::secret::hex(8).unwrap_or_else(|_| "unknown".into());
            tracing::error!(incident, cause = format!("{cause:#}"), "request failed");
            problem.incident = Some(incident);
        }
        problem
    }

    fn problem(&self) -> Problem {
        let (status, title, code, detail) = match self {
            Self::BadRequest { code, detail } => (StatusCode::BAD_REQUEST, "Bad request", *code, detail.clone()),
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "Not signed in",
                "not_signed_in",
                "Open a sign-in link; `speurkaart user link` on the server prints a new one.".into(),
            ),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "Cross-site request refused",
                "cross_site",
                "This request came from a page of another site. Use the screen or an API client.".into(),
            ),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "Not found", "not_found", "There is nothing at this address.".into())
            }
            Self::Conflict { code, detail } => (StatusCode::CONFLICT, "Not now", *code, (*detail).into()),
            Self::TooLarge { code, detail } => (StatusCode::PAYLOAD_TOO_LARGE, "Too large", *code, detail.clone()),
            Self::NoRoom => (
                StatusCode::INSUFFICIENT_STORAGE,
                "No room on the server's disk",
                "no_room",
                "Nothing was changed. Whoever runs the server has to make room; then do it again.".into(),
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on the server",
                "internal",
                "Give the incident id to whoever runs the server; its log says more.".into(),
            ),
        };
        Problem { status: status.as_u16(), title: title.into(), code: code.into(), detail, incident: None }
    }
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        if error.is_want_of_room() {
            tracing::error!(cause = %error, "a write failed");
            return Self::NoRoom;
        }
        Self::Internal(error.into())
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::TooLarge(limit) => {
                Self::too_large(format!("a file holds at most {limit} bytes (--upload-limit)"))
            }
            UploadError::CutOff => Self::bad_request("cut_off", "the file did not arrive whole: send it again"),
            UploadError::Full => Self::NoRoom,
            UploadError::Write(_) => Self::Internal(error.into()),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.told();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
