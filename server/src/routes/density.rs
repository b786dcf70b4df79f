//! Density of activity as contours.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use model::api::{Density, FilterBody, Problem};

use crate::answers::{Answer, Question};
use crate::error::ApiError;
use crate::extract::{Actor, Asked, Held};
use crate::state::App;

/// The density for a filter in the query.
#[utoipa::path(get, path = "/density", tag = "density", params(crate::extract::FilterParams),
    responses((status = 200, body = Density), (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(state: State<Arc<App>>, actor: Actor, held: Held, asked: Asked) -> Result<Response, ApiError> {
    answer(state, actor, held, asked).await
}

/// The density for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/density", tag = "density", request_body = FilterBody,
    responses((status = 200, body = Density), (status = 400, body = Problem), (status = 401, body = Problem)))]
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
    let question = Question::new("density", &asker.scope, &asked, &live);
    let answer = app.answers.get(question, &live, async || Answer::json(&asker.density(&asked).await?)).await?;
    Ok(answer.to(&held))
}
