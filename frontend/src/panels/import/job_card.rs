//! A job: how far it is while it runs, what came of it when it has ended.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::imports::{Job, JobState};

use super::numbers::{Number, numbers};
use super::words;
use crate::api;
use crate::components::icons::{self, Icon};
use crate::format;
use crate::i18n::imports;
use crate::importing::{Pane, is_active};
use crate::state::{App, use_app};
use crate::time::{Moment, parse_rfc3339};
use crate::window::Window;

/// The card of a job.
#[component]
pub(super) fn JobCard(number: u64) -> impl IntoView {
    let app = use_app();
    let job = app.importing().job(number);
    let state = Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.state)));
    let file = Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.file.clone())).unwrap_or_default());
    let active = Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(is_active)));
    let sub = move || job.with(|job| job.as_ref().map(|job| about(app, job)));
    let shown = move || {
        job.with(|job| {
            job.as_ref().map(|job| numbers(if is_active(job) { under_way(app, job) } else { report(app, job) }))
        })
    };
    let error = Memo::new(move |_| job.with(|job| job.as_ref().and_then(|job| job.error.clone())));
    let hint = move || match state.get() {
        Some(JobState::Interrupted) => Some(words(app).interrupted_hint),
        Some(JobState::Cancelled) => Some(words(app).cancelled_hint),
        _ => None,
    };
    let class = move || format!("job-state job-{}", state.get().map_or("", JobState::as_str));
    view! {
        <li class="job" data-testid="job" data-number=number data-state=move || state.get().map_or("", JobState::as_str)>
            <header class="job-head">
                <h3 title=file>{file}</h3>
                <span class=class data-testid="job-state">{move || state.get().map(|state| imports::state(app.lang.get(), state))}</span>
            </header>
            <p class="job-about faint">{sub}</p>
            <Show when=move || active.get()><Bar job /></Show>
            {shown}
            {move || error.get().map(|error| view! { <p class="job-error" data-testid="job-error">{error}</p> })}
            {move || hint().map(|hint| view! { <p class="job-hint faint">{hint}</p> })}
            <Actions job />
        </li>
    }
}

/// How far it is; without a value while nothing is known.
#[component]
fn Bar(job: Memo<Option<Job>>) -> impl IntoView {
    let app = use_app();
    let far = Memo::new(move |_| job.with(|job| job.as_ref().map_or((0, 0), |job| (job.bytes_done, job.bytes_total))));
    let known = Memo::new(move |_| far.with(|(_, total)| *total > 0));
    view! {
        <progress class="job-bar" aria-label=move || words(app).running max=move || known.get().then(|| far.get().1.to_string())
            value=move || known.get().then(|| far.get().0.to_string())></progress>
    }
}

#[component]
fn Actions(job: Memo<Option<Job>>) -> impl IntoView {
    let app = use_app();
    let importing = app.importing();
    let part = move |part: fn(&Job) -> bool| Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(part)));
    let can_cancel = part(|job| job.can_cancel);
    let has_messages = part(|job| job.imported + job.duplicates > 0);
    let has_rejected = part(|job| job.rejected > 0 && !is_active(job));
    let number = move || job.with_untracked(|job| job.as_ref().map(|job| job.number));
    let cancel = move |_| {
        if let Some(number) = number() {
            importing.cancel_job(app, number);
        }
    };
    let show = move |_| {
        if let Some(job) = job.get_untracked() {
            show_on_map(app, job);
        }
    };
    let rejected = move |_| {
        if let Some(number) = number() {
            importing.pane.set(Pane::Rejected(number));
        }
    };
    view! {
        <div class="job-actions">
            <Show when=move || can_cancel.get()>
                <button type="button" class="button button-small" data-testid="job-cancel" on:click=cancel>{move || words(app).cancel}</button>
            </Show>
            <Show when=move || has_messages.get()>
                <button type="button" class="button button-small" data-testid="job-show" on:click=show>
                    <Icon path=icons::PIN />{move || words(app).show_on_map}
                </button>
            </Show>
            <Show when=move || has_rejected.get()>
                <button type="button" class="button button-small" data-testid="job-rejected-open" on:click=rejected>
                    <Icon path=icons::WARNING />{move || words(app).rejected_input}
                </button>
            </Show>
        </div>
    }
}

/// Where it goes, what it is, who asked for it and when.
fn about(app: App, job: &Job) -> String {
    let (t, lang) = (words(app), app.lang.get());
    // A case that is called "zaak 7" needs no "zaak" before it.
    let word = t.case.to_lowercase();
    let is_said = job.case.to_lowercase().starts_with(&word);
    let mut parts = vec![if is_said { job.case.clone() } else { format!("{word} {}", job.case) }];
    if job.source != job.file {
        parts.push(format!("{} {}", t.source.to_lowercase(), job.source));
    }
    if job.format != "auto" {
        parts.push(imports::format_name(lang, &job.format).to_owned());
    }
    parts.push(format::moment(lang, job.finished.as_ref().or(job.started.as_ref()).unwrap_or(&job.created)));
    parts.extend(job.by.as_ref().map(|by| format!("{} {by}", t.by)));
    parts.join(" · ")
}

fn under_way(app: App, job: &Job) -> Vec<Number> {
    let (t, lang) = (words(app), app.lang.get());
    let count = |value, label, id| Number { value: format::count(lang, value), label, id, is_bad: false };
    let rate = job.rate.filter(|rate| *rate > 0.0);
    let mut all = vec![
        count(job.read, t.read, "read"),
        count(rate.unwrap_or_default().round() as u64, t.per_second, "rate"),
        Number { is_bad: job.rejected > job.notices, ..count(job.rejected, t.rejected, "rejected") },
    ];
    all.extend(seconds_left(job).map(|seconds| Number {
        value: format::wait(lang, seconds),
        label: t.time_left,
        id: "left",
        is_bad: false,
    }));
    all
}

fn report(app: App, job: &Job) -> Vec<Number> {
    let (t, lang) = (words(app), app.lang.get());
    let count = |value, label, id| Number { value: format::count(lang, value), label, id, is_bad: false };
    vec![
        count(job.read, t.read, "read"),
        count(job.imported, t.imported, "imported"),
        count(job.duplicates, t.duplicates, "duplicates"),
        Number { is_bad: job.rejected > job.notices, ..count(job.rejected, t.rejected, "rejected") },
        count(job.mentions, t.mentions, "mentions"),
    ]
}

/// What is left, from the speed so far: bytes a message hold for the rest, too.
fn seconds_left(job: &Job) -> Option<f64> {
    let rate = job.rate.filter(|rate| *rate > 0.0)?;
    let done = (job.bytes_done > 0 && job.read > 0).then_some(job.bytes_done)?;
    let messages_left = job.bytes_total.saturating_sub(done) as f64 * job.read as f64 / done as f64;
    Some(messages_left / rate)
}

/// Closes the panel and shows the source of a job over all of its time.
fn show_on_map(app: App, job: Job) {
    app.busy.update(|n| *n += 1);
    spawn_local(async move {
        let answer = api::meta().await;
        app.busy.update(|n| *n -= 1);
        let days = match &answer {
            Ok(meta) => meta.sources.iter().find(|s| s.name == job.source && s.case == job.case).and_then(|source| {
                let day = |time: &Option<String>| Some(Moment::from_utc_ms(parse_rfc3339(time.as_ref()?)?).day);
                Some(Window { from: day(&source.first)?, to: day(&source.last)?.plus(1) })
            }),
            Err(error) => {
                app.note(error);
                None
            }
        };
        app.words.set(String::new());
        app.change(|view| {
            view.source = Some(job.source);
            view.window = days;
            view.region = None;
            view.place = None;
            view.import = false;
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_speed_and_bytes() {
        let job = Job {
            number: 1,
            case: String::new(),
            source: String::new(),
            file: String::new(),
            format: "csv".into(),
            state: JobState::Running,
            read: 1000,
            imported: 1000,
            duplicates: 0,
            rejected: 0,
            notices: 0,
            mentions: 0,
            bytes_done: 100_000,
            bytes_total: 300_000,
            created: String::new(),
            started: None,
            finished: None,
            rate: Some(500.0),
            error: None,
            by: None,
            can_cancel: true,
            can_retry: false,
        };
        assert_eq!(seconds_left(&job), Some(4.0));
        assert_eq!(seconds_left(&Job { bytes_done: 0, ..job.clone() }), None);
        assert_eq!(seconds_left(&Job { rate: None, ..job }), None);
    }
}
