//! Clusters of precise mentions.

use axum::response::Response;
use model::api::{Clusters, FilterBody, Problem};

use crate::answers::Answer;
use crate::error::ApiError;
use crate::extract::Inquiry;

/// Clusters by DBSCAN or HDBSCAN as a GeoJSON feature collection of hulls (positions are lon, lat), with figures; what it rests on stands
/// beside `features`. Mentions that say where less precisely than `reach_m` metres are left out and counted.
#[utoipa::path(get, path = "/clusters", tag = "analyses", params(crate::extract::FilterParams),
    responses((status = 200, content_type = "application/geo+json", body = Clusters),
        (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

/// The same for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/clusters", tag = "analyses", request_body = FilterBody,
    responses((status = 200, content_type = "application/geo+json", body = Clusters), (status = 400, body = Problem),
        (status = 401, body = Problem)))]
pub(crate) async fn post(inquiry: Inquiry) -> Result<Response, ApiError> {
    answer(inquiry).await
}

async fn answer(inquiry: Inquiry) -> Result<Response, ApiError> {
    let made = inquiry.answer("clusters", async |asker, filter| {
        let clusters = serde_json::to_vec(&asker.clusters(filter).await?).map_err(anyhow::Error::from)?;
        Ok(Answer::new(clusters, "application/geo+json"))
    });
    made.await
}
