//! The ranked list of hotspots, to look at and to take along.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use model::api::{FilterBody, HotspotDetail, Hotspots, Problem};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::answers::Answer;
use crate::error::ApiError;
use crate::exporting::{Export, Exporter, Format, PackOrder};
use crate::extract::{Actor, AskedFile, Held, Inquiry};
use crate::state::App;

/// What of an archive waits for a slow reader at most: so many pieces of so many bytes.
const PIECES: usize = 8;
const PIECE_BYTES: usize = 64 * 1024;

/// The list for a filter in the query; with `format`, as a file. `/hotspots.csv` and `/hotspots.geojson` are the same as that `format`.
#[utoipa::path(get, path = "/hotspots", tag = "hotspots", params(crate::extract::FilterParams, crate::extract::FileParams),
    responses((status = 200, body = Hotspots, description = "The list; with `format`, a file of that form as an attachment"),
        (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    actor: Actor,
    held: Held,
    asked: AskedFile,
) -> Result<Response, ApiError> {
    answer(app, actor, held, asked).await
}

/// The list for a filter in the body, with words and a drawn polygon too; `format` and `lang` stand in the query.
#[utoipa::path(post, path = "/hotspots", tag = "hotspots", params(crate::extract::FileParams), request_body = FilterBody,
    responses((status = 200, body = Hotspots, description = "The list; with `format`, a file of that form as an attachment"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    actor: Actor,
    held: Held,
    asked: AskedFile,
) -> Result<Response, ApiError> {
    answer(app, actor, held, asked).await
}

/// All that is known of one line of that list: figures, course, rhythm, what is left without its loudest conversation and sender, and words that
/// tell its messages from all others (of a sample; the answer says how many were read). `place` is the `id` of the line, percent-encoded;
/// `by` says what the list ranks.
#[utoipa::path(get, path = "/hotspots/{place}", tag = "hotspots",
    params(("place" = String, Path, description = "`id` of the line: of a place, region or cell"), crate::extract::FilterParams),
    responses((status = 200, body = HotspotDetail, description = "`hotspot` is null where nothing was counted there"),
        (status = 304, description = "Of a GET: what the client holds is what it would get"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn get_one(Path(place): Path<String>, inquiry: Inquiry) -> Result<Response, ApiError> {
    answer_one(&place, inquiry).await
}

/// The same for a filter in the body, with words and a drawn polygon too.
#[utoipa::path(post, path = "/hotspots/{place}", tag = "hotspots", request_body = FilterBody,
    params(("place" = String, Path, description = "`id` of the line: of a place, region or cell")),
    responses((status = 200, body = HotspotDetail, description = "`hotspot` is null where nothing was counted there"),
        (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post_one(Path(place): Path<String>, inquiry: Inquiry) -> Result<Response, ApiError> {
    answer_one(&place, inquiry).await
}

async fn answer_one(place: &str, inquiry: Inquiry) -> Result<Response, ApiError> {
    let what = format!("hotspot {place}");
    inquiry.answer(&what, async |asker, filter| Answer::json(&asker.hotspot(place, filter).await?)).await
}

async fn answer(app: Arc<App>, actor: Actor, held: Held, asked: AskedFile) -> Result<Response, ApiError> {
    let AskedFile { filter, format, language } = asked;
    let Some(format) = format else {
        let inquiry = Inquiry { app, actor, held, filter, in_lines: false };
        return inquiry.answer("hotspots", async |asker, filter| Answer::json(&asker.hotspots(filter).await?)).await;
    };
    let live = app.live();
    let asker = app.asker(&live, actor.scope());
    let exporter = Exporter {
        user: actor.name.clone(),
        now_ms: app.clock.now_ms(),
        language,
        gazetteer: app.gazetteer_version.clone(),
    };
    let export = Export::new(&asker, &filter, exporter).await?;
    let name = export.file_name(format);
    let body = if format == Format::Pack {
        let order = PackOrder::new(&asker, &filter, export).await?;
        order.export.log(format, Some(order.messages()));
        streamed(order)
    } else {
        export.log(format, None);
        Body::from(export.bytes(format).await?)
    };
    Ok(attachment(body, format, &name))
}

/// An archive that is written while it is sent. What goes wrong on the way cuts the answer off, so that it is not taken for whole.
fn streamed(order: PackOrder) -> Body {
    let (sender, receiver) = mpsc::channel(PIECES);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::with_capacity(PIECE_BYTES, Pieces(sender.clone()));
        let written = order.write(&mut out, &runtime).and_then(|_| Ok(out.flush()?));
        if let Err(error) = written {
            // A reader who has gone away is no failure of ours.
            if !sender.is_closed() {
                tracing::error!(cause = format!("{error:#}"), "a pack could not be finished");
            }
            let _ = sender.blocking_send(Err(std::io::Error::other("the pack could not be finished")));
        }
    });
    Body::from_stream(futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

/// Hands pieces of a file to whoever sends them, and waits while too many are under way.
struct Pieces(mpsc::Sender<std::io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(piece)).map_err(|_| std::io::Error::from(std::io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn attachment(body: Body, format: Format, name: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
