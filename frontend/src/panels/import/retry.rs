//! Rejected input read once more, with other columns, another format or another zone.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::imports::{Mapping, Retried, RetryBody};

use super::choice::{Choice, Groups};
use super::mapping::MappingFields;
use super::read_as::{formats, zones};
use super::rejected::Known;
use super::words;
use crate::api::{self, ApiError};
use crate::components::icons::{self, Icon};
use crate::components::states::sentence;
use crate::i18n::imports;
use crate::state::use_app;

/// The form.
#[component]
pub(super) fn Retry(job: u64, known: Known) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let map = RwSignal::new(Mapping::default());
    let format = RwSignal::new(String::new());
    let zone = RwSignal::new(String::new());
    let reading = RwSignal::new(false);
    let file = importing.job(job).with_untracked(|job| job.as_ref().map(|job| job.file.clone())).unwrap_or_default();
    let columns = RwSignal::new(importing.columns.with_value(|known| known.get(&file).cloned().unwrap_or_default()));
    let written = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.is_empty());
    let read = move |_| {
        let body = RetryBody {
            map: Some(map.get_untracked()).filter(|map| *map != Mapping::default()),
            format: written(format),
            timezone: written(zone),
        };
        reading.set(true);
        app.busy.update(|n| *n += 1);
        spawn_local(async move {
            let answer = api::imports::retry(job, &body).await;
            app.busy.update(|n| *n -= 1);
            match &answer {
                Ok(retried) => {
                    importing.put_job(retried.job.clone());
                    known.ask(app);
                }
                Err(error) => app.note(error),
            }
            // The view may have been left meanwhile.
            let _ = reading.try_set(false);
            let _ = known.result.try_set(Some(answer));
        });
    };
    let unknown = move || columns.with(Vec::is_empty);
    view! {
        <details class="retry" data-testid="retry">
            <summary>{move || words(app).retry_title}</summary>
            <p class="faint">{move || words(app).retry_hint} " " {move || unknown().then(|| words(app).retry_columns)}</p>
            <MappingFields name="retry" columns read=map said=map change=Callback::new(move |changed| map.set(changed)) again=true />
            <div class="read-as-row">
                <Choice test_id="import-retry-format" label=Signal::derive(move || words(app).format.to_owned()) note=Signal::derive(String::new)
                    groups=Signal::derive(move || formats(app, words(app).as_it_was.to_owned())) value=format choose=Callback::new(move |value| format.set(value)) />
                <Choice test_id="import-retry-timezone" label=Signal::derive(move || words(app).timezone.to_owned()) note=Signal::derive(String::new)
                    groups=Signal::derive(move || with_as_it_was(words(app).as_it_was, zones(app, ""))) value=zone
                    choose=Callback::new(move |value| zone.set(value)) />
                <button type="button" class="button button-primary" data-testid="retry-start" disabled=move || reading.get() on:click=read>
                    <Icon path=icons::UNDO />{move || if reading.get() { words(app).retrying } else { words(app).retry }}
                </button>
            </div>
        </details>
    }
}

/// What came of reading once more.
#[component]
pub(super) fn RetrySaid(result: RwSignal<Option<Result<Retried, ApiError>>>) -> impl IntoView {
    let app = use_app();
    let said = move |answer: Result<Retried, ApiError>| match answer {
        Ok(retried) => imports::cured(app.lang.get(), retried.cured, retried.still_rejected),
        Err(error) => sentence(app.t(), &error),
    };
    let failed = move || result.with(|result| matches!(result, Some(Err(_))));
    view! {
        <p class="retry-said" role="status" aria-live="polite" data-testid="retry-said" class:import-error=failed>{move || result.get().map(said)}</p>
    }
}

/// A first choice that changes nothing, and the others.
fn with_as_it_was(words: &str, groups: Groups) -> Groups {
    let first = (String::new(), vec![(String::new(), words.to_owned())]);
    std::iter::once(first).chain(groups).collect()
}
