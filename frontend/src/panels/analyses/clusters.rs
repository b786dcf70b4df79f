//! The answer about clusters: each with its figures.

use leptos::prelude::*;
use model::api::{ClusterFigures, Clusters};

use super::row::Row;
use super::told;
use crate::analysing::{Fit, Run, fit};
use crate::format;
use crate::i18n::{self, analyses};
use crate::panels::hotspots::counts_line;
use crate::state::{App, use_app};

/// The answer, once there is one.
#[component]
pub(super) fn Answer(run: Run<Clusters>) -> impl IntoView {
    let app = use_app();
    let is_other = Memo::new(move |_| fit(app, run).is_some_and(|fit| fit != Fit::Current));
    view! {
        <div class="answer" class:answer-other=move || is_other.get() data-testid="clusters-answer">
            {move || run.told.get().map(|told| answer(app, &told.answer))}
        </div>
    }
}

fn answer(app: App, clusters: &Clusters) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let shown = clusters.features.len() as u64;
    let limited = (shown < clusters.of)
        .then(|| i18n::of_total(lang, &format::count(lang, shown), &format::count(lang, clusters.of)));
    let rows = clusters.features.iter().map(|feature| row(app, &feature.properties)).collect_view();
    view! {
        <p class="answer-sentence" data-testid="answer-sentence">{told(app, &clusters.sentence)}</p>
        <p class="answer-basis faint">{limited}</p>
        <ol class="clusters">{rows}</ol>
    }
}

fn row(app: App, figures: &ClusterFigures) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let (rank, title, counts) = (figures.rank, figures.name.clone(), figures.counts);
    let around = figures.municipality.as_ref().filter(|name| **name != figures.name).cloned();
    let seen = format::days(lang, &figures.first_seen, &figures.last_seen);
    let extent = analyses::extent(lang, figures.places, figures.area_km2, figures.per_km2);
    let figures = view! { <span class="faint">{around}</span> }.into_any();
    view! {
        <Row rank title figures>
            <span class="row-counts">{counts_line(lang, counts)}</span>
            <span class="cluster-units faint">{extent} " · " {seen}</span>
        </Row>
    }
}
