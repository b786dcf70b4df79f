//! What is asked for: the filter, from the query of a GET or the JSON body of a POST.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Query, Request};
use axum::http::Method;
use model::api::FilterBody;

use crate::error::ApiError;

/// The parameters of a GET, for the OpenAPI document; they are those of `FilterBody` without words and polygon.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the derive alone")]
pub(crate) struct FilterParams {
    /// From (RFC 3339 or date), inclusive.
    from: Option<String>,
    /// To (RFC 3339 or date), exclusive.
    to: Option<String>,
    /// Region id or name.
    region: Option<String>,
    /// West, south, east, north in degrees: `lon,lat,lon,lat`.
    bbox: Option<String>,
    /// Place id, or that of a hexagon or square.
    place: Option<String>,
    /// Case name.
    case: Option<String>,
    /// Source name.
    source: Option<String>,
    /// Topics as in `/topics`, with commas between: messages about any of them. `topic` does as well.
    topics: Option<String>,
    /// Least confidence, 0 to 1.
    min_confidence: Option<f32>,
    /// `/activity`: layer of regions to count.
    layer: Option<model::RegionKind>,
    /// `/hotspots`: `place`, `municipality`, `police_unit`, `province`, `cell` or `square`. `/scan`: `municipality`, `police_unit` or
    /// `province`.
    by: Option<String>,
    /// `/hotspots` by `cell`: resolution of H3, 4 to 9 (6).
    resolution: Option<u8>,
    /// `/hotspots` by `square`: side in metres, 125 to 10,000 (1000).
    side_m: Option<u32>,
    /// All but `/activity` and `/messages`: `conversations`, `senders`, `messages`, `mentions` or `weighted`.
    count: Option<String>,
    /// `/density`: `quartic` or `gaussian`.
    kernel: Option<String>,
    /// `/density`: bandwidth in metres.
    bandwidth_m: Option<f64>,
    /// `/density`: without a bandwidth, `silverman`, `scott` (the same in two dimensions) or `cross_validated`.
    bandwidth_rule: Option<String>,
    /// `/density`: `open` or `corrected` at borders.
    edges: Option<String>,
    /// `/density`: also the ratio to the density of `all` messages, or of the same `always`.
    relative_to: Option<String>,
    /// `/scan`: `space_time` or `space`.
    over: Option<String>,
    /// `/scan`: what is usual: `past`, `population` or `all`.
    against: Option<String>,
    /// `/scan`, `/near-repeat`: replicas, 9 to 9999 (999).
    replicas: Option<u32>,
    /// `/scan`, `/near-repeat`: seed (1).
    seed: Option<u32>,
    /// `/clusters`: `dbscan` or `hdbscan`.
    method: Option<String>,
    /// `/clusters`: `concave` or `convex`.
    hull: Option<String>,
    /// `/clusters`: what is joined, in metres, 10 to 50,000 (1000).
    reach_m: Option<f64>,
    /// `/clusters`: so much makes a cluster, 2 to 1000 (5).
    min_points: Option<u32>,
    /// `/near-repeat`: bounds in metres with commas between.
    distances_m: Option<String>,
    /// `/near-repeat`: bounds in days with commas between.
    days: Option<String>,
    /// Lists: at most this many.
    limit: Option<u32>,
    /// `/messages`: the `next` of the page before.
    after: Option<String>,
}

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
                format!(
                    "`{private}` travels in the JSON body of a POST to the same path, never in a URL, where logs keep it"
                ),
            ));
        }
        if request.method() == Method::POST {
            let Json(body) =
                Json::<FilterBody>::from_request(request, state).await.map_err(|error| broken_body(&error))?;
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
