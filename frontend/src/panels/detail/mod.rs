//! The detail of a line: its figures, its course over time, and its rhythm of week and day.

mod course;
pub(crate) mod facts;

use std::sync::Arc;

use leptos::prelude::*;
use model::api::{FilterBody, Trend};

use crate::components::states::ErrorNote;
use crate::format;
use crate::i18n::{self, statistics};
use crate::loader::Loader;
use crate::state::{App, for_line, use_app};
use crate::url::Lang;

fn t(app: App) -> &'static statistics::Texts {
    statistics::Texts::of(app.lang.get())
}

/// Asks for the course of the chosen line, whenever it or the filter changes. `begun`: whether there is a session.
pub(crate) fn keep_course(app: App, place: Memo<Option<String>>, begun: Memo<bool>) -> Loader<Trend> {
    let trend: Loader<Trend> = Loader::new("trend");
    let count = app.part(|v| v.count);
    Effect::new(move |before: Option<Option<String>>| {
        let place = place.get();
        if before.as_ref() != Some(&place) {
            trend.clear();
        }
        app.deciding().changes.track();
        app.importing().arrivals.track();
        if let (Some(id), true) = (&place, begun.get()) {
            let count = count.get().map(|count| count.as_str().to_owned());
            trend.ask(app, FilterBody { count, ..for_line(&app.filter.get(), &app.view.read_untracked(), id) });
        }
        place
    });
    trend
}

/// Everything that is known of the chosen line, above its messages.
#[component]
pub(crate) fn Detail(place: Memo<Option<String>>, trend: Loader<Trend>) -> impl IntoView {
    let app = use_app();
    view! {
        <section class="detail" data-testid="detail" aria-label=move || t(app).figures class:stale=move || trend.loading.get()>
            <Figures place />
            {move || trend.error.get().map(|error| {
                view! { <ErrorNote error retry=Callback::new(move |()| trend.retry(app)) /> }
            })}
            {move || trend.value.get().map(|trend| view! { <Over trend /> })}
        </section>
    }
}

#[component]
fn Figures(place: Memo<Option<String>>) -> impl IntoView {
    let app = use_app();
    move || {
        let lang = app.lang.get();
        let hotspot = place.get().and_then(|id| app.hotspot(&id));
        let basis = app.hotspots.value.with(|list| list.as_ref().map(|list| list.basis.clone()))?;
        let Some(hotspot) = hotspot else {
            return Some(view! { <p class="faint">{t(app).not_listed}</p> }.into_any());
        };
        let words = app.filter.with(|filter| filter.words.is_some());
        let rows = facts::facts(lang, &hotspot, &basis, words).into_iter().map(|fact| {
            view! { <div class:unsaid=fact.unsaid><dt>{fact.label}</dt><dd>{fact.text}</dd></div> }
        });
        Some(view! { <dl class="facts" data-testid="facts">{rows.collect_view()}</dl> }.into_any())
    }
}

/// Course and rhythm.
#[component]
fn Over(trend: Arc<Trend>) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let sentence = if lang == Lang::Nl { trend.sentence.nl.clone() } else { trend.sentence.en.clone() };
    let changes = course::changes(lang, &trend);
    let test = course::test(lang, &trend);
    let span = trend
        .series
        .first()
        .zip(trend.series.last())
        .map(|(first, last)| format!("{} – {}", format::day_of(lang, &first.from), format::day_of(lang, &last.to)));
    // What is drawn, in words: for whoever does not see it.
    let words = format!("{sentence} {}", changes.join("; "));
    view! {
        <h3>{t(app).course} <span class="faint">{span}</span></h3>
        <p>{sentence}</p>
        {(!trend.series.is_empty()).then(|| view! { <Chart trend=trend.clone() words /> })}
        <ul class="changes" data-testid="changes">{changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view()}</ul>
        {test.map(|test| view! { <p class="faint">{test}</p> })}
        <h3>{t(app).rhythm}</h3>
        <Rhythm rhythm=trend.rhythm.clone() />
    }
}

#[component]
fn Chart(trend: Arc<Trend>, words: String) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let course::Course { bars, gaps, rates, changes, most } = course::course(&trend);
    let (width, height) = (course::WIDTH, course::HEIGHT);
    let unread = !gaps.is_empty();
    view! {
        <figure class="course">
            <figcaption class="faint">
                {format!("{} {}", format::measure(lang, most), t(app).per_thousand)} {unread.then(|| format!(" · {}", t(app).not_read))}
            </figcaption>
            <svg viewBox=format!("0 0 {width} {height}") role="img" aria-label=words data-testid="course" preserveAspectRatio="none">
                <defs>
                    <pattern id="unread" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path d="M0,0V6" class="course-hatch" />
                    </pattern>
                </defs>
                {gaps.into_iter().map(|(x, width)| view! { <rect x=x y="0" width=width height=height fill="url(#unread)" /> }).collect_view()}
                <path class="course-bars" d=bars />
                {changes.into_iter().map(|x| view! { <path class="course-change" d=format!("M{x:.1},0V{height}") /> }).collect_view()}
                <path class="course-rates" d=rates />
            </svg>
        </figure>
    }
}

/// Hours from left to right, days from Monday down; the fuller, the more messages.
#[component]
fn Rhythm(rhythm: Vec<Vec<u64>>) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let Some(words) = course::busiest(lang, &rhythm) else {
        return view! { <p class="faint">{t(app).no_messages_in_time}</p> }.into_any();
    };
    let most = rhythm.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
    let rows = rhythm.into_iter().enumerate().map(|(day, hours)| {
        let cells = hours.into_iter().enumerate().map(|(hour, number)| {
            let title = format!("{} {hour}:00 · {}", i18n::weekday(lang, day), format::count(lang, number));
            view! { <i style:opacity=format!("{:.2}", 0.08 + 0.92 * number as f64 / most) title=title></i> }
        });
        view! { <span class="rhythm-day" aria-hidden="true">{i18n::weekday(lang, day)}</span> {cells.collect_view()} }
    });
    let hours = [0, 6, 12, 18].map(|hour| view! { <span class="rhythm-hour" aria-hidden="true">{hour}</span> });
    view! {
        <div class="rhythm" role="img" aria-label=words.clone() data-testid="rhythm">{rows.collect_view()}<span></span>{hours}</div>
        <p class="faint">{words}</p>
    }
    .into_any()
}
