//! The button that asks, how far the server is, and what there is to say of an answer that is not that of the filter in force.

use leptos::prelude::*;
use model::api::FilterBody;
use serde::de::DeserializeOwned;

use super::words;
use crate::analysing::{Fit, Phase, Run, asked_now, fit};
use crate::components::icons::{self, Icon};
use crate::components::states::sentence;
use crate::drawing::ring;
use crate::format;
use crate::i18n::{analyses, drawing, statistics};
use crate::panels::topics;
use crate::state::{App, use_app};
use crate::time::Day;
use crate::window::Window;

/// Asks, cuts off, and says what holds of the answer below.
#[component]
pub(super) fn Asking<T: DeserializeOwned + Send + Sync + 'static>(run: Run<T>) -> impl IntoView {
    let app = use_app();
    let phase = run.phase;
    let is_running = Memo::new(move |_| phase.with(|phase| matches!(phase, Phase::Running(_))));
    let fits = Memo::new(move |_| fit(app, run));
    let is_to_ask = Memo::new(move |_| {
        !is_running.get() && (fits.get() != Some(Fit::Current) || phase.with(|phase| *phase != Phase::Rests))
    });
    let ask = move |_| run.ask(app, untrack(|| asked_now(app, run.question)));
    let said = move || match phase.get() {
        Phase::CutOff => Some(words(app).cut_off.to_owned()),
        Phase::Failed(error) => Some(sentence(app.t(), &error)),
        Phase::Rests | Phase::Running(_) => None,
    };
    view! {
        <div class="asking">
            <Show when=move || is_to_ask.get()>
                <button type="button" class="button button-primary" data-testid="ask" on:click=ask>
                    {move || if fits.with(Option::is_some) { words(app).ask_again } else { words(app).ask }}
                </button>
            </Show>
            <Show when=move || is_running.get()><Running run /></Show>
            <p class="asking-said" role="status" data-testid="asking-said">{said}</p>
        </div>
        {move || {
            let why = match fits.get()? {
                Fit::Current => return None,
                Fit::OtherFilter => words(app).other_question,
                Fit::OtherChoices => words(app).other_choices,
                Fit::OtherData => words(app).other_data,
            };
            let about = run.told.with(|told| told.as_ref().map(|told| about(app, &told.asked)));
            Some(view! {
                <div class="other-question" role="status" data-testid="other-question">
                    <Icon path=icons::WARNING />
                    <p><b>{why}</b> " " {words(app).asked_about} " " {about} "."</p>
                </div>
            })
        }}
    }
}

/// How far the server is, and the way to make it stop.
#[component]
fn Running<T: DeserializeOwned + Send + Sync + 'static>(run: Run<T>) -> impl IntoView {
    let app = use_app();
    let far = Memo::new(move |_| run.phase.with(|phase| if let Phase::Running(far) = phase { *far } else { None }));
    let said = move || {
        far.get().map_or_else(|| words(app).waits.to_owned(), |(done, of)| analyses::far(app.lang.get(), done, of))
    };
    view! {
        <div class="running">
            <progress aria-label=move || words(app).waits max=move || far.get().map(|(_, of)| of.to_string())
                value=move || far.get().map(|(done, _)| done.to_string())></progress>
            <span data-testid="far">{said}</span>
            <button type="button" class="button button-small" data-testid="cut-off" on:click=move |_| run.cut_off()>{move || words(app).cancel}</button>
        </div>
    }
}

/// The filter of a question in words.
fn about(app: App, asked: &FilterBody) -> String {
    let (lang, t) = (app.lang.get(), words(app));
    let day = |text: &Option<String>| text.as_deref().and_then(Day::parse);
    let period = day(&asked.from).zip(day(&asked.to)).map(|(from, to)| format::period(lang, Window { from, to }));
    let region = asked.region.as_ref().map(|id| app.region(id).map_or_else(|| id.clone(), |region| region.name));
    let mut parts = vec![
        region.unwrap_or_else(|| app.t().whole_country.to_owned()),
        period.unwrap_or_else(|| t.whole_time.to_owned()),
    ];
    parts.extend(asked.polygon.as_deref().map(|ring| drawing::area(lang, ring::area_km2(ring))));
    parts.extend(asked.words.as_ref().map(|words| format!("“{words}”")));
    parts.extend(asked.topics.iter().flat_map(|ids| ids.split(',')).map(|id| topics::name(app, id)));
    parts.extend(asked.source.clone());
    parts.extend(asked.min_confidence.map(|share| format!("{} ≥ {}", app.t().confidence, format::percent(share))));
    let count = asked.count.as_deref().and_then(|count| count.parse().ok()).unwrap_or_default();
    parts.push(statistics::counted(lang, count).to_owned());
    parts.join(" · ")
}
