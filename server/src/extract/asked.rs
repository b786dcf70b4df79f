//! What is asked for: the filter, from the query of a GET or the JSON body of a POST.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Query, Request};
use axum::http::Method;
use model::api::FilterBody;

use crate::error::ApiError;

/// The filter of a request, as written.
#[derive(Debug)]
pub(crate) struct Asked(pub(crate) FilterBody);

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let query = request.uri().query().unwrap_or_default();
        if let Some(private) = private_key(query) {
            return Err(ApiError::bad_request(
                "private_in_url",
                format!("`{private}` travels in the JSON body of a POST to the same path, never in a URL, where logs keep it"),
            ));
        }
        if request.method() == Method::POST {
            let Json(body) = Json::<FilterBody>::from_request(request, state).await.map_err(|error| broken_body(&error))?;
            return Ok(Self(body));
        }
        let Query(body) = Query::<FilterBody>::try_from_uri(request.uri())
            .map_err(|error| ApiError::bad_request("bad_query", error.body_text()))?;
        Ok(Self(body))
    }
}

/// The first parameter that must not stand in a URL.
fn private_key(query: &str) -> Option<&str> {
    query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair)).find(|key| ["words", "polygon"].contains(key))
}

/// Says what is wrong with a body without quoting from it: it may hold words that nobody should log.
fn broken_body(error: &JsonRejection) -> ApiError {
    let detail = match error {
        JsonRejection::JsonDataError(_) => "the body is JSON, but not a filter: see /api/openapi.json, FilterBody",
        JsonRejection::JsonSyntaxError(_) => "the body is not JSON",
        JsonRejection::MissingJsonContentType(_) => "send the filter as `Content-Type: application/json`",
        _ => "the body could not be read",
    };
    ApiError::bad_request("bad_body", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_polygons_are_spotted_in_a_query() {
        assert_eq!(private_key("from=2020&words=a"), Some("words"));
        assert_eq!(private_key("polygon"), Some("polygon"));
        assert_eq!(private_key("from=2020-01-01&region=Drenthe"), None);
    }
}
