//! Decisions about mentions: made, listed, undone. They hold at once for all like mentions, past and future.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use model::Decision;
use model::api::{DecisionBody, DecisionView, Problem};

use crate::error::ApiError;
use crate::extract::Actor;
use crate::live;
use crate::state::App;

/// All decisions, newest first, undone ones too.
#[utoipa::path(get, path = "/decisions", tag = "review",
    responses((status = 200, body = Vec<DecisionView>), (status = 401, body = Problem)))]
pub(crate) async fn get(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Vec<DecisionView>>, ApiError> {
    let decisions = app.store.decisions().await?;
    let live = app.live();
    Ok(Json(app.asker(&live, actor.scope()).decision_views(decisions)))
}

/// Decides. When the answer is there, map, counts and lists follow the decision. The same decision again changes nothing.
#[utoipa::path(post, path = "/decisions", tag = "review", request_body = DecisionBody,
    responses((status = 201, body = DecisionView, description = "Decided"),
        (status = 200, body = DecisionView, description = "Had been decided already"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    actor: Actor,
    body: Result<Json<DecisionBody>, JsonRejection>,
) -> Result<(StatusCode, Json<DecisionView>), ApiError> {
    let Json(body) = body.map_err(|_| {
        // What was sent is not quoted: it may hold words that nobody should log.
        ApiError::bad_request(
            "bad_body",
            "the body is JSON with `action` (confirm, reject, choose, never, always), `mention` or `words`, and where wanted `scope` \
             (case, team), `case`, `place`, `note`: see /api/openapi.json, DecisionBody",
        )
    })?;
    let live = app.live();
    let asker = app.asker(&live, actor.scope());
    let new = asker.decision(body, &app.place_search, &actor.name, app.clock.now_ms()).await?;
    let (decision, is_new) = app.store.decide(new).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(shown(&app, &actor, decision).await?)))
}

/// Undoes a decision: its mentions are again what was read, or what an earlier decision says. Again changes nothing.
#[utoipa::path(delete, path = "/decisions/{number}", tag = "review", params(("number" = u64, Path, description = "Its number")),
    responses((status = 200, body = DecisionView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(number): Path<String>,
) -> Result<Json<DecisionView>, ApiError> {
    let number: u64 = number.parse().map_err(|_| {
        ApiError::bad_request("bad_number", "`number` is the number of a decision: see /api/v1/decisions")
    })?;
    let scope = actor.scope();
    let known = app.store.decisions().await?.into_iter().find(|decision| decision.number == number);
    known.filter(|decision| decision.case_no.is_none_or(|case_no| scope.allows(case_no))).ok_or(ApiError::NotFound)?;
    let undone = app.store.undo_decision(number, app.clock.now_ms()).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(shown(&app, &actor, undone).await?))
}

/// The decision as shown, once the index follows it.
async fn shown(app: &App, actor: &Actor, decision: Decision) -> Result<DecisionView, ApiError> {
    live::refresh(app).await?;
    let live = app.live();
    let mut views = app.asker(&live, actor.scope()).decision_views(vec![decision]);
    views.pop().ok_or(ApiError::NotFound)
}
