//! What the screen needs to begin.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::ACCEPTANCE_THRESHOLD;
use model::api::{Meta, Problem};

use crate::error::ApiError;
use crate::extract::Actor;
use crate::state::App;
use crate::times::rfc3339;
use crate::{sources, topics};

/// Versions, sources, time span, settings.
#[utoipa::path(get, path = "/meta", tag = "reference", responses((status = 200, body = Meta), (status = 401, body = Problem)))]
pub(crate) async fn get(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Meta>, ApiError> {
    let live = app.live();
    let sources = sources::infos(&live, &actor.scope());
    Ok(Json(Meta {
        version: env!("CARGO_PKG_VERSION").into(),
        gazetteer: app.gazetteer_version.clone(),
        data_version: live.data_version,
        messages: live.totals.messages,
        mentions: live.mentions,
        synthetic: sources.iter().any(|source| source.synthetic),
        first: live.totals.first_ms.map(rfc3339),
        last: live.totals.last_ms.map(rfc3339),
        sources,
        topics: topics::infos(&app.topics.load()),
        acceptance_threshold: ACCEPTANCE_THRESHOLD,
        timezone: app.config.timezone.iana_name().unwrap_or("UTC").into(),
        basemap: if app.config.basemap.is_some() { "pmtiles" } else { "builtin" }.into(),
        upload_limit: app.config.upload_limit,
        user: actor.name,
    }))
}
