//! What stands out before anything is stored: what would be rejected and why, times that the clock leaves open, notices,
//! files that are no messages.

use leptos::prelude::*;
use model::imports::{FilePreview, PassedOver, RejectedExample};

use super::words;
use crate::components::icons::{self, Icon};
use crate::format;
use crate::i18n::imports::{self, Texts};
use crate::state::{App, use_app};

/// The code of what an application says by itself.
const NOTICE: &str = "system_notice";

/// A text in the language shown.
type Word = fn(&Texts) -> &'static str;

/// What there is to say of a file.
#[component]
pub(super) fn Troubles(file: FilePreview) -> impl IntoView {
    let app = use_app();
    let lost = file.rejected.saturating_sub(file.notices);
    let examples: Vec<RejectedExample> =
        file.rejected_examples.into_iter().filter(|e| e.reason_code != NOTICE).collect();
    let remarks: [(u64, Word); 4] = [
        (file.ambiguous_times, |t| t.ambiguous),
        (file.nonexistent_times, |t| t.nonexistent),
        (file.dates_without_time, |t| t.without_clock),
        (file.notices, |t| t.notices),
    ];
    let remarks = remarks.into_iter().filter(|(number, _)| *number > 0).map(|(number, text)| {
        view! { <li class="remark"><b>{move || format::count(app.lang.get(), number)}</b> " " {move || text(words(app))}</li> }
    });
    let remarks = remarks.collect_view();
    view! {
        {if lost == 0 {
            view! { <p class="import-note import-note-good" data-testid="import-nothing-rejected"><Icon path=icons::TICK />{move || words(app).nothing_rejected}</p> }.into_any()
        } else {
            view! { <Rejections lost examples /> }.into_any()
        }}
        <ul class="remarks" data-testid="import-remarks">{remarks}</ul>
    }
}

#[component]
fn Rejections(lost: u64, examples: Vec<RejectedExample>) -> impl IntoView {
    let app = use_app();
    let rows = examples.into_iter().map(|example| {
        let RejectedExample { line, offset, reason_code, reason, count } = example;
        let (at, title) = (line.unwrap_or(offset), reason.clone());
        view! {
            <li class="rejection" data-testid="import-rejection">
                <b>{move || format!("{} ×", format::count(app.lang.get(), count))}</b>
                <span title=title>{move || told(app, &reason_code, &reason)}</span>
                <span class="faint">{move || imports::first_at(app.lang.get(), &format::count(app.lang.get(), at))}</span>
            </li>
        }
    });
    view! {
        <div class="import-note import-note-bad" data-testid="import-rejected">
            <Icon path=icons::WARNING />
            <div>
                <p><b>{move || words(app).would_reject}": "{move || format::count(app.lang.get(), lost)}</b></p>
                <ul class="rejections">{rows.collect_view()}</ul>
                <p class="faint">{move || words(app).would_reject_hint}</p>
            </div>
        </div>
    }
}

/// Files of an archive that are not read.
#[component]
pub(super) fn PassedOverList(files: Vec<PassedOver>) -> impl IntoView {
    let app = use_app();
    (!files.is_empty()).then(|| {
        let rows = files
            .into_iter()
            .map(|passed| view! { <li><b>{passed.file}</b> <span class="faint">{passed.reason}</span></li> });
        let rows = rows.collect_view();
        view! {
            <details class="passed-over" data-testid="import-passed-over">
                <summary>{move || words(app).passed_over}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}

/// A reason in the language shown; the server's words where this screen does not know the code.
pub(super) fn told(app: App, code: &str, reason: &str) -> String {
    imports::rejection(app.lang.get(), code).map_or_else(|| reason.to_owned(), str::to_owned)
}
