//! Rejected input piece by piece: where, why, and the words themselves when they were asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use model::imports::RejectedView;

use super::troubles::told;
use super::words;
use crate::dom;
use crate::format;
use crate::state::use_app;

/// The rows, those of one reason when one is chosen.
#[component]
pub(super) fn Rows(rows: RwSignal<Option<Arc<Vec<RejectedView>>>>, only: RwSignal<Option<String>>) -> impl IntoView {
    let app = use_app();
    let shown = move || {
        let only = only.get();
        let all = rows.get().unwrap_or_default();
        let chosen = all.iter().filter(|row| only.as_ref().is_none_or(|only| *only == row.code));
        chosen.cloned().map(|row| view! { <Row row /> }).collect_view()
    };
    view! {
        <table class="rejected-rows">
            <thead><tr><th scope="col">{move || words(app).line}</th><th scope="col">{move || words(app).reason}</th></tr></thead>
            <tbody>{shown}</tbody>
        </table>
    }
}

#[component]
fn Row(row: RejectedView) -> impl IntoView {
    let app = use_app();
    let RejectedView { line, code, reason, raw, .. } = row;
    let title = reason.clone();
    view! {
        <tr data-testid="rejected-row">
            <td class="rejected-line">{move || format::count(app.lang.get(), line)}</td>
            <td>
                <span title=title>{move || told(app, &code, &reason)}</span>
                {raw.and_then(|raw| dom::from_base64(&raw)).map(|bytes| view! {
                    <pre class="rejected-raw" data-testid="rejected-input">{String::from_utf8_lossy(&bytes).into_owned()}</pre>
                })}
            </td>
        </tr>
    }
}

/// How many for which reason, most first: code, the server's words of the first, number.
pub(super) fn by_reason(rows: &[RejectedView]) -> Vec<(String, String, u64)> {
    let mut counts: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    for row in rows {
        counts.entry(&row.code).or_insert((&row.reason, 0)).1 += 1;
    }
    let mut counts: Vec<_> =
        counts.into_iter().map(|(code, (reason, number))| (code.to_owned(), reason.to_owned(), number)).collect();
    counts.sort_by_key(|(_, _, number)| std::cmp::Reverse(*number));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_most_first() {
        let row = |code: &str, line| RejectedView {
            job: 1,
            source: String::new(),
            file: String::new(),
            line,
            offset: 0,
            code: code.into(),
            reason: format!("{code} in words"),
            raw: None,
        };
        let counts = by_reason(&[row("no_time", 2), row("bad_time", 3), row("bad_time", 4)]);
        assert_eq!(
            counts,
            [("bad_time".into(), "bad_time in words".into(), 2), ("no_time".into(), "no_time in words".into(), 1)]
        );
    }
}
