//! Input that could not be read: where and why, never its text.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use model::api::Problem;
use model::imports::RejectedView;
use serde::Deserialize;
use store::RejectedQuery;

use crate::error::ApiError;
use crate::extract::Actor;
use crate::state::App;

/// Rejections shown when nobody asks for more.
const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Source name.
    source: Option<String>,
    /// At most this many (1 to 1000).
    limit: Option<u32>,
}

/// The latest rejections.
#[utoipa::path(get, path = "/rejected", tag = "messages", params(Which),
    responses((status = 200, body = Vec<RejectedView>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(which): Query<Which>,
) -> Result<Json<Vec<RejectedView>>, ApiError> {
    let limit = which.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=1000).contains(&limit) {
        return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 1000"));
    }
    let scope = actor.scope();
    let rows = app.store.rejected(RejectedQuery { limit, ..RejectedQuery::default() }).await?;
    Ok(Json(
        rows.into_iter()
            .filter(|row| scope.allows(row.case_no) && which.source.as_ref().is_none_or(|source| *source == row.source))
            .map(|row| RejectedView {
                job: row.job_no.unsigned_abs(),
                source: row.source,
                file: row.file_name,
                line: row.line,
                offset: row.offset,
                code: row.code,
                reason: row.reason,
                raw: None,
            })
            .collect(),
    ))
}
