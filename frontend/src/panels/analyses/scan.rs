//! The answer of the scan statistic: circles that stand out, and those that may be chance.

use leptos::prelude::*;
use model::api::{Scan, ScanCluster};

use super::row::Row;
use super::{told, words};
use crate::analysing::{CLEAR_P, Fit, Run, fit};
use crate::format;
use crate::i18n::analyses;
use crate::state::{App, use_app};

/// Names of units told at first.
const NAMES: usize = 8;

/// The answer, once there is one.
#[component]
pub(super) fn Answer(run: Run<Scan>) -> impl IntoView {
    let app = use_app();
    let is_other = Memo::new(move |_| fit(app, run).is_some_and(|fit| fit != Fit::Current));
    view! {
        <div class="answer" class:answer-other=move || is_other.get() data-testid="scan-answer">
            {move || run.told.get().map(|told| answer(app, &told.answer))}
        </div>
    }
}

fn answer(app: App, scan: &Scan) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let period = format::days_until(lang, &scan.from, &scan.to);
    let over = analyses::scanned(lang, scan.units, scan.steps, scan.step_days, scan.count, scan.counted);
    let (clear, unclear): (Vec<_>, Vec<_>) = scan.clusters.iter().partition(|cluster| cluster.p_value < CLEAR_P);
    let number = unclear.len();
    let is_circle = clear.iter().any(|cluster| cluster.units.len() > 1);
    let rows = |clusters: Vec<&ScanCluster>| clusters.into_iter().map(|one| row(app, one)).collect_view();
    view! {
        <p class="answer-sentence" data-testid="answer-sentence">{told(app, &scan.sentence)}</p>
        {scan.reason.is_none().then(|| view! { <p class="answer-basis faint">{period} " · " {over}</p> })}
        {is_circle.then(|| view! { <p class="answer-basis faint">{words(app).scan_key}</p> })}
        <ol class="clusters">{rows(clear)}</ol>
        {(number > 0).then(|| view! {
            <details class="unclear">
                <summary data-testid="unclear">{analyses::unclear(lang, number)}</summary>
                <ol class="clusters">{rows(unclear)}</ol>
            </details>
        })}
    }
}

fn row(app: App, cluster: &ScanCluster) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let first = cluster.units.first().map_or("", |unit| unit.name.as_str());
    let title = analyses::with_neighbours(lang, first, cluster.units.len().saturating_sub(1));
    let risk = cluster.relative_risk.map(|ratio| analyses::risk(lang, ratio));
    let figures = view! { <span>{format::probability(lang, cluster.p_value)}</span> }.into_any();
    let names: Vec<String> = cluster.units.iter().map(|unit| unit.name.clone()).collect();
    let (rank, sentence) = (cluster.rank, told(app, &cluster.sentence));
    let all = move || app.analysing().chosen.get() == Some(rank);
    let several = names.len() > 1;
    let names = move || {
        let shown = if all() { names.len() } else { NAMES.min(names.len()) };
        let rest = (names.len() - shown) as u64;
        let more = (rest > 0).then(|| format!(" {}", analyses::and_more(app.lang.get(), rest)));
        format!("{}{}", names[..shown].join(", "), more.unwrap_or_default())
    };
    view! {
        <Row rank title figures>
            {risk.map(|risk| view! { <span class="cluster-risk">{risk}</span> })}
            <span class="cluster-sentence">{sentence}</span>
            {several.then(|| view! { <span class="cluster-units faint">{names}</span> })}
        </Row>
    }
}
