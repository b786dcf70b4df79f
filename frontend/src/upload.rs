//! Files on their way to the server: sent as they lie on disk, with true progress, and cut off when somebody says so.
//!
//! `fetch` tells nothing about what it has sent; `XMLHttpRequest` does.

use js_sys::Promise;
use model::api::Problem;
use model::imports::Upload;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use crate::api::ApiError;
use crate::url::encode;

/// Sends a file; `progress` is told how many of its bytes are out. Ends early, with an error, when the request is aborted.
pub(crate) async fn send(
    request: &XmlHttpRequest,
    file: &File,
    mut progress: impl FnMut(u64) + 'static,
) -> Result<Upload, ApiError> {
    let failed = |_: JsValue| ApiError::Network;
    let path = format!("/api/v1/uploads?name={}", encode(&file.name()));
    request.open("POST", &path).map_err(failed)?;
    request.set_request_header("Content-Type", "application/octet-stream").map_err(failed)?;
    let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        progress(event.loaded() as u64);
    });
    request.upload().map_err(failed)?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(file)).map_err(failed)?;
    // Resolved however it ends.
    let _ = JsFuture::from(ended).await;
    answer(request)
}

fn answer(request: &XmlHttpRequest) -> Result<Upload, ApiError> {
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match request.status().unwrap_or_default() {
        0 => Err(ApiError::Network),
        200..=299 => serde_json::from_str(&text).map_err(|_| ApiError::Unreadable),
        401 => Err(ApiError::SignedOut),
        _ => Err(serde_json::from_str::<Problem>(&text).map_or(ApiError::Unreadable, ApiError::Problem)),
    }
}
