//! Input that could not be read: where and why; its raw bytes only where they are asked for.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::Scope;
use model::api::Problem;
use model::imports::RejectedView;
use serde::Deserialize;
use store::{RejectedQuery, RejectedRow};

use crate::error::ApiError;
use crate::extract::Actor;
use crate::importing;
use crate::state::App;

/// Rejections shown when nobody asks for more.
const DEFAULT_LIMIT: u32 = 100;
/// Rejections of a download read at once.
const PAGE: u32 = 500;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Number of the import job.
    job: Option<String>,
    /// Source name.
    source: Option<String>,
    /// At most this many (1 to 1000; downloads without it have all).
    limit: Option<u32>,
    /// `json` (default); `csv` and `jsonl` are downloads with the raw bytes in base64.
    format: Option<Form>,
    /// `json`: with the raw bytes, too.
    raw: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Form {
    Json,
    Csv,
    Jsonl,
}

/// The latest rejections.
#[utoipa::path(get, path = "/rejected", tag = "imports", params(Which),
    responses((status = 200, content((Vec<RejectedView> = "application/json"), (String = "text/csv"),
            (String = "application/x-ndjson"))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(which): Query<Which>,
) -> Result<Response, ApiError> {
    let form = which.format.unwrap_or(Form::Json);
    let limit = match (which.limit, form) {
        (Some(limit), _) if !(1..=1000).contains(&limit) => {
            return Err(ApiError::bad_request("bad_limit", "`limit` is a number from 1 to 1000"));
        }
        (Some(limit), _) => limit,
        (None, Form::Json) => DEFAULT_LIMIT,
        (None, _) => u32::MAX,
    };
    let scope = actor.scope();
    let job_no = match &which.job {
        Some(number) => Some(importing::find(&app, &scope, number).await?.job_no),
        None => None,
    };
    // A name may stand for sources of several cases; then rows are picked by name below.
    let sources = app.store.sources().await?;
    let mut of_name = sources.iter().filter(|row| which.source.as_ref().is_none_or(|name| *name == row.name));
    let source_no = match (which.source.is_some(), of_name.next(), of_name.next()) {
        (true, None, _) => Some(0),
        (true, Some(only), None) => Some(only.source_no),
        _ => None,
    };
    let query = RejectedQuery {
        job_no,
        source_no,
        before: None,
        limit: PAGE,
        with_raw: form != Form::Json || which.raw == Some(true),
    };
    let wanted = Wanted { app, scope, query, source: which.source, left: limit, begun: false };
    if form == Form::Json {
        return Ok(Json(wanted.all().await?).into_response());
    }
    tracing::info!(by = actor.name, job = job_no, "rejected input was exported");
    Ok(download(wanted, form))
}

/// Rejections on their way out, a page at a time.
struct Wanted {
    app: Arc<App>,
    scope: Scope,
    query: RejectedQuery,
    source: Option<String>,
    left: u32,
    /// Whether something was written.
    begun: bool,
}

impl Wanted {
    /// The next of them; `None` at the end.
    async fn page(&mut self) -> Result<Option<Vec<RejectedView>>, store::StoreError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.query.limit = PAGE.min(self.left);
        let rows = self.app.store.rejected(self.query).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.query.before = Some(last.rejected_no);
        let views: Vec<RejectedView> = rows
            .into_iter()
            .filter(|row| self.scope.allows(row.case_no))
            .filter(|row| self.source.as_ref().is_none_or(|source| *source == row.source))
            .map(|row| view(row, self.query.with_raw))
            .collect();
        self.left -= views.len() as u32;
        Ok(Some(views))
    }

    async fn all(mut self) -> Result<Vec<RejectedView>, store::StoreError> {
        let mut all = Vec::new();
        while let Some(page) = self.page().await? {
            all.extend(page);
        }
        Ok(all)
    }
}

fn view(row: RejectedRow, with_raw: bool) -> RejectedView {
    RejectedView {
        job: row.job_no.unsigned_abs(),
        source: row.source,
        file: row.file_name,
        line: row.line,
        offset: row.offset,
        code: row.code,
        reason: row.reason,
        raw: with_raw.then(|| BASE64_STANDARD.encode(row.raw)),
    }
}

/// A file that is written while it is sent. What goes wrong on the way cuts it off, so that it is not taken for whole.
fn download(wanted: Wanted, form: Form) -> Response {
    let pieces = futures_util::stream::try_unfold(wanted, move |mut wanted| async move {
        let page = wanted.page().await.map_err(|error| {
            tracing::error!(cause = %error, "rejected input could not be exported");
            std::io::Error::other("the export could not be finished")
        })?;
        let is_first = !std::mem::replace(&mut wanted.begun, true);
        match page {
            Some(views) => Ok(Some((written(&views, form, is_first)?, wanted))),
            None if is_first => Ok(Some((written(&[], form, true)?, wanted))),
            None => Ok::<_, std::io::Error>(None),
        }
    });
    let (media_type, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "rejected.csv"),
        Form::Json | Form::Jsonl => ("application/x-ndjson", "rejected.jsonl"),
    };
    let mut response = Response::new(Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

fn written(views: &[RejectedView], form: Form, is_first: bool) -> std::io::Result<Bytes> {
    let mut out = Vec::new();
    if form == Form::Csv {
        let mut table = csv::Writer::from_writer(&mut out);
        if is_first {
            table.write_record(["job", "source", "file", "line", "offset", "code", "reason", "raw_base64"])?;
        }
        for view in views {
            let (job, line, offset) = (view.job.to_string(), view.line.to_string(), view.offset.to_string());
            // Names come from others: no cell may start a formula.
            let [source, file, reason] = [&view.source, &view.file, &view.reason].map(|text| export::harmless(text));
            let raw = view.raw.as_deref().unwrap_or_default();
            table.write_record([&job, &*source, &*file, &line, &offset, &view.code, &*reason, raw])?;
        }
        table.flush()?;
        drop(table);
    } else {
        for view in views {
            serde_json::to_writer(&mut out, view)?;
            out.push(b'\n');
        }
    }
    Ok(out.into())
}
