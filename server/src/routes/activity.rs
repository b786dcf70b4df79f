//! Counts of activity by place, region and time.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use model::api::{Activity, FilterBody, Problem};

use crate::answers::Question;
use crate::error::ApiError;
use crate::extract::{Actor, Asked, Held};
use crate::state::App;

/// Counts for a filter in the query.
#[utoipa::path(get, path = "/activity", tag = "activity", params(crate::extract::FilterParams),
    responses((status = 200, body = Activity), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, held: Held, asked: Asked) -> Result<Response, ApiError> {
    answer(state, actor, held, asked).await
}

/// Counts for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/activity", tag = "activity", request_body = FilterBody,
    responses((status = 200, body = Activity), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(state: State<Arc<App>>, actor: Actor, held: Held, asked: Asked) -> Result<Response, ApiError> {
    answer(state, actor, held, asked).await
}

async fn answer(
    State(app): State<Arc<App>>,
    actor: Actor,
    held: Held,
    Asked(asked): Asked,
) -> Result<Response, ApiError> {
    let live = app.live();
    let asker = app.asker(&live, actor.scope());
    let question = Question::new("activity", &asker.scope, &asked, &live);
    let answer = app.answers.get(question, &live, async || asker.activity(&asked).await).await?;
    Ok(answer.to(&held))
}
