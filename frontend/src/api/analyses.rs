//! Questions that take long: the server says how far it is, a line of JSON each time, and stops when the request is cut off.

use gloo_net::http::Request;
use js_sys::{Reflect, Uint8Array};
use model::api::{FilterBody, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader};

use super::{ApiError, checked, parsed};

const LINES: &str = "application/x-ndjson";

/// A line: how far it is, or in the end the answer or what was wrong.
#[derive(Deserialize)]
struct Line<T> {
    done: Option<u32>,
    of: Option<u32>,
    answer: Option<T>,
    problem: Option<Problem>,
}

/// Asks with a body, so that words stay out of addresses; `far` is told how many rounds are done, of how many.
pub(crate) async fn ask<T: DeserializeOwned>(
    path: &str,
    filter: &FilterBody,
    signal: &AbortSignal,
    far: impl Fn(u32, u32),
) -> Result<T, ApiError> {
    let body = serde_json::to_string(filter).map_err(|_| ApiError::Unreadable)?;
    let request = Request::post(&format!("/api/v1/{path}"))
        .header("Content-Type", "application/json")
        .header("Accept", &format!("{LINES}, application/json"))
        .abort_signal(Some(signal))
        .body(body);
    let response = checked(request.map_err(|_| ApiError::Network)?.send().await).await?;
    if !response.headers().get("Content-Type").is_some_and(|kind| kind.starts_with(LINES)) {
        return parsed(response).await;
    }
    let stream = response.body().ok_or(ApiError::Unreadable)?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut unread = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(|_| ApiError::Network)?;
        let bytes = Reflect::get(&piece, &"value".into()).unwrap_or_default();
        // Nothing comes any more, and there was no answer.
        let Ok(bytes) = bytes.dyn_into::<Uint8Array>() else { return Err(ApiError::Network) };
        unread.extend(bytes.to_vec());
        for line in whole_lines(&mut unread) {
            let line: Line<T> = serde_json::from_slice(&line).map_err(|_| ApiError::Unreadable)?;
            match (line.answer, line.problem, line.done.zip(line.of)) {
                (Some(answer), ..) => return Ok(answer),
                (None, Some(problem), _) => return Err(ApiError::Problem(problem)),
                (None, None, Some((done, of))) => far(done, of),
                (None, None, None) => return Err(ApiError::Unreadable),
            }
        }
    }
}

/// Takes the lines that have ended.
fn whole_lines(unread: &mut Vec<u8>) -> Vec<Vec<u8>> {
    let Some(end) = unread.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
    let rest = unread.split_off(end + 1);
    let whole = std::mem::replace(unread, rest);
    whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_once_they_have_ended() {
        let mut unread = b"{\"done\":1".to_vec();
        assert!(whole_lines(&mut unread).is_empty());
        unread.extend(b",\"of\":9}\n{\"done\":2,\"of\":9}\n{\"ans");
        let lines = whole_lines(&mut unread);
        assert_eq!(lines, [b"{\"done\":1,\"of\":9}".to_vec(), b"{\"done\":2,\"of\":9}".to_vec()]);
        assert_eq!(unread, b"{\"ans");
    }

    #[test]
    fn a_line_is_how_far_an_answer_or_a_problem() {
        let line = |text: &str| serde_json::from_str::<Line<Vec<u8>>>(text).map(|line| (line.done, line.answer));
        assert_eq!(line(r#"{"done":3,"of":9}"#).ok(), Some((Some(3), None)));
        assert_eq!(line(r#"{"answer":[1]}"#).ok(), Some((None, Some(vec![1]))));
    }
}
