//! The Knox table: bands of distance by bands of time.

use leptos::prelude::*;
use model::api::{KnoxCell, NearRepeat};

use super::{told, words};
use crate::analysing::{CLEAR_P, Fit, Run, fit};
use crate::format;
use crate::i18n::analyses;
use crate::state::{App, use_app};
use crate::url::Lang;

/// The answer, once there is one.
#[component]
pub(super) fn Answer(run: Run<NearRepeat>) -> impl IntoView {
    let app = use_app();
    let is_other = Memo::new(move |_| fit(app, run).is_some_and(|fit| fit != Fit::Current));
    view! {
        <div class="answer" class:answer-other=move || is_other.get() data-testid="near-repeat-answer">
            {move || run.told.get().map(|told| answer(app, &told.answer))}
        </div>
    }
}

fn answer(app: App, found: &NearRepeat) -> impl IntoView + use<> {
    let table = (!found.table.is_empty()).then(|| table(app, found));
    view! {
        <p class="answer-sentence" data-testid="answer-sentence">{told(app, &found.sentence)}</p>
        {table}
    }
}

fn table(app: App, found: &NearRepeat) -> impl IntoView + use<> {
    let (lang, t) = (app.lang.get(), words(app));
    let before = |at: usize| at.checked_sub(1);
    let columns = found.days.iter().enumerate().map(|(at, to)| {
        let band = analyses::day_band(lang, before(at).map(|before| found.days[before]), *to);
        view! { <th scope="col">{band}</th> }
    });
    let rows = found.table.iter().zip(&found.distances_m).enumerate().map(|(at, (cells, to))| {
        let band = analyses::distance_band(lang, before(at).map(|before| found.distances_m[before]), *to);
        let cells = cells.iter().map(|one| cell(app, one)).collect_view();
        view! { <tr><th scope="row">{band}</th>{cells}</tr> }
    });
    view! {
        <div class="knox-scroll">
            <table class="knox" data-testid="knox">
                <thead>
                    <tr><td></td><th scope="colgroup" colspan=found.days.len().to_string()>{t.after}</th></tr>
                    <tr><th scope="col">{t.apart}</th>{columns.collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="answer-basis"><span class="knox-mark" aria-hidden="true">"▲"</span> " " {t.more_often}</p>
        <p class="answer-basis faint">{t.knox_hint}</p>
    }
}

/// Times as many pairs as by chance, with a mark where that is clear; the pairs themselves for who points at it or has it read.
fn cell(app: App, cell: &KnoxCell) -> impl IntoView + use<> {
    let (lang, t) = (app.lang.get(), words(app));
    let is_clear = cell.p_corrected < CLEAR_P;
    let pairs = analyses::pairs(lang, cell.pairs, cell.expected);
    let aloud = if is_clear { format!("{}; {pairs}", t.more_often) } else { pairs.clone() };
    let inner = if let Some(ratio) = cell.ratio {
        view! { <b>{format!("{}×", format::measure(lang, ratio))}</b><small>{chance(lang, cell.p_corrected)}</small> }
            .into_any()
    } else {
        view! { <b>"–"</b><small>{t.none_expected}</small> }.into_any()
    };
    view! {
        <td class:knox-clear=is_clear title=pairs>
            {is_clear.then(|| view! { <span class="knox-mark" aria-hidden="true">"▲"</span> })}
            {inner}
            <span class="sr-only">{aloud}</span>
        </td>
    }
}

fn chance(lang: Lang, p: f64) -> String {
    if p < 0.001 { format!("< {}", format::decimal(lang, 0.001, 3)) } else { format::decimal(lang, p, 3) }
}
