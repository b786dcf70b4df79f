//! The detail of a line: its figures, what it rests on, its words and topics, its course over time, and its rhythm of week and day.

mod course;
pub(crate) mod facts;
mod speaking;
mod telling;
mod without;

use std::sync::Arc;

use leptos::prelude::*;
use model::api::{HotspotDetail, RateStretch, SeriesBin, TopicShare};

use crate::components::states::ErrorNote;
use crate::format;
use crate::i18n::{self, lines, statistics};
use crate::panels::topics;
use crate::state::{App, for_detail, use_app};
use crate::url::{Lang, encode_step};
use speaking::Speaking;
use telling::Telling;
use without::Without;

/// A topic with a smaller share is not told: it would be 0%.
const LEAST_SHARE: f64 = 0.005;

fn t(app: App) -> &'static statistics::Texts {
    statistics::Texts::of(app.lang.get())
}

/// Asks for all that is known of the chosen line, whenever it or the filter changes. `begun`: whether there is a session.
pub(crate) fn keep_detail(app: App, place: Memo<Option<String>>, begun: Memo<bool>) {
    let count = app.part(|v| v.count);
    Effect::new(move |before: Option<Option<String>>| {
        let place = place.get();
        if before.as_ref() != Some(&place) {
            app.detail.clear();
        }
        app.deciding().changes.track();
        app.importing().arrivals.track();
        count.track();
        if let (Some(id), true) = (&place, begun.get()) {
            let filter = for_detail(&app.filter.get(), &app.view.read_untracked(), id);
            app.detail.ask_at(app, format!("hotspots/{}", encode_step(id)), filter);
        }
        place
    });
}

/// Everything that is known of the chosen line, above its messages.
#[component]
pub(crate) fn Detail(place: Memo<Option<String>>) -> impl IntoView {
    let app = use_app();
    let detail = move || place.get().and_then(|id| app.detail_of(&id));
    let rest = move || {
        // Its texts are made once: in another language they are made anew.
        app.lang.track();
        match detail() {
            Some(detail) => view! { <Rest detail /> }.into_any(),
            None if app.detail.error.with(Option::is_none) => view! {
                <div class="skeleton" role="status" aria-label=app.t().loading data-testid="detail-loading">
                    {(0..3).map(|_| view! { <div class="skeleton-row"><i></i><b></b><span></span></div> }).collect_view()}
                </div>
            }
            .into_any(),
            None => ().into_any(),
        }
    };
    view! {
        <section class="detail" data-testid="detail" aria-label=move || t(app).figures class:stale=move || app.detail.loading.get()>
            <Figures place />
            {move || app.detail.error.get().map(|error| {
                view! { <ErrorNote error retry=Callback::new(move |()| app.detail.retry(app)) /> }
            })}
            {rest}
        </section>
    }
}

/// The figures of the line: those of the list, and where it stands further down, those of the detail.
#[component]
fn Figures(place: Memo<Option<String>>) -> impl IntoView {
    let app = use_app();
    move || {
        let lang = app.lang.get();
        let id = place.get()?;
        let detail = app.detail_of(&id);
        let basis = app.hotspots.value.with(|list| list.as_ref().map(|list| list.basis.clone()));
        let listed = app.hotspot(&id).zip(basis);
        let known =
            listed.or_else(|| detail.as_ref().and_then(|d| d.hotspot.clone().map(|line| (line, d.basis.clone()))));
        let Some((hotspot, basis)) = known else {
            let nothing = lines::Texts::of(lang).nothing_counted;
            return detail.map(|_| view! { <p data-testid="nothing-counted">{nothing}</p> }.into_any());
        };
        let words = app.filter.with(|filter| filter.words.is_some());
        let rows = facts::facts(lang, &hotspot, &basis, words).into_iter().map(|fact| {
            view! { <div class:unsaid=fact.unsaid><dt>{fact.label}</dt><dd>{fact.text}</dd></div> }
        });
        Some(view! { <dl class="facts" data-testid="facts">{rows.collect_view()}</dl> }.into_any())
    }
}

/// What the list does not have.
#[component]
fn Rest(detail: Arc<HotspotDetail>) -> impl IntoView {
    let line = detail.hotspot.as_ref().map(|line| (line.counts.messages, line.topics.clone()));
    view! {
        {line.map(|(of, topics)| view! {
            <Without without=detail.without.clone() of />
            <Speaking conversations=detail.conversations.clone() />
            <Telling words=detail.words.clone() />
            <Topics topics />
        })}
        <Over detail />
    }
}

/// What is spoken of here.
#[component]
fn Topics(topics: Vec<TopicShare>) -> impl IntoView {
    let app = use_app();
    let t = lines::Texts::of(app.lang.get());
    let told = topics.into_iter().filter(|told| told.share >= LEAST_SHARE).map(|told| {
        let share = format::percent(told.share as f32);
        view! { <span>{topics::name(app, &told.topic)} " " <b>{share}</b></span> }
    });
    let told: Vec<_> = told.collect();
    view! {
        <h3>{t.topics}</h3>
        {if told.is_empty() {
            view! { <p class="faint">{t.no_topics}</p> }.into_any()
        } else {
            view! { <p class="message-topics" title=app.t().topic_share_hint data-testid="detail-topics">{told}</p> }.into_any()
        }}
    }
}

/// Course and rhythm.
#[component]
fn Over(detail: Arc<HotspotDetail>) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let trend = &detail.trend;
    let sentence = if lang == Lang::Nl { trend.sentence.nl.clone() } else { trend.sentence.en.clone() };
    let changes = course::changes(lang, trend);
    let test = course::test(lang, trend);
    let span = trend.series.first().zip(trend.series.last()).map(|(first, last)| {
        format!("{} – {}", format::day_of(lang, &first.from), format::last_day_before(lang, &last.to))
    });
    // What is drawn, in words: for whoever does not see it.
    let words = format!("{sentence} {}", changes.join("; "));
    let period = (detail.from.clone(), detail.to.clone());
    // By the same step it would be a part of the course once more.
    let closer = (detail.step_days < trend.step_days).then(|| {
        let title = format!("{}, {}", lines::Texts::of(lang).in_period, lines::per_step(lang, detail.step_days));
        view! { <Chart series=detail.series.clone() stretches=Vec::new() words=title.clone() title name="period-course" /> }
    });
    view! {
        <h3>{t(app).course} <span class="faint">{span}</span></h3>
        <p>{sentence}</p>
        {(!trend.series.is_empty()).then(|| {
            let title = lines::per_step(lang, trend.step_days);
            view! { <Chart series=trend.series.clone() stretches=trend.stretches.clone() period words title=i18n::capitalised(&title) name="course" /> }
        })}
        <ul class="changes" data-testid="changes">{changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view()}</ul>
        {test.map(|test| view! { <p class="faint">{test}</p> })}
        {closer}
        <h3>{t(app).rhythm} <span class="faint">{lines::Texts::of(lang).in_period.to_lowercase()}</span></h3>
        <Rhythm rhythm=detail.rhythm.clone() />
    }
}

#[component]
fn Chart(
    series: Vec<SeriesBin>,
    stretches: Vec<RateStretch>,
    #[prop(optional)] period: Option<(String, String)>,
    words: String,
    title: String,
    name: &'static str,
) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let period = period.as_ref().map(|(from, to)| (from.as_str(), to.as_str()));
    let course::Course { bars, gaps, rates, changes, period, most } = course::course(&series, &stretches, period);
    let (width, height) = (course::WIDTH, course::HEIGHT);
    let unread = !gaps.is_empty();
    let shaded = period.map(|(x, width)| view! { <rect class="course-period" x=x y="0" width=width height=height /> });
    let legend = [
        Some(format!("{title}: {} {}", format::measure(lang, most), t(app).per_thousand)),
        period.map(|_| lines::Texts::of(lang).shaded.to_owned()),
        unread.then(|| t(app).not_read.to_owned()),
    ];
    view! {
        <figure class="course">
            <figcaption class="faint">{legend.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</figcaption>
            <svg viewBox=format!("0 0 {width} {height}") role="img" aria-label=words data-testid=name preserveAspectRatio="none">
                <defs>
                    <pattern id="unread" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path d="M0,0V6" class="course-hatch" />
                    </pattern>
                </defs>
                {shaded}
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
