//! The ranked list: where conversations are about, and how that changed.

use leptos::prelude::*;
use model::api::{Counts, Emerging, Hotspot, HotspotClass, LocalScore};

use super::choices::Choices;
use super::detail::facts;
use crate::components::sparkline::{self, Sparkline};
use crate::components::states::{ErrorNote, NoData, NoHits};
use crate::dom;
use crate::format;
use crate::i18n::{self, statistics};
use crate::panels::topics::Shares;
use crate::state::{App, HOTSPOT_LIMIT, use_app};
use crate::url::Lang;

/// The list with the totals over it.
#[component]
pub(crate) fn HotspotList() -> impl IntoView {
    let app = use_app();
    let no_data = move || app.meta.with(|m| m.as_ref().is_some_and(|m| m.messages == 0));
    let error = move || app.hotspots.error.get().or_else(|| app.activity.error.get());
    let retry = Callback::new(move |()| {
        app.hotspots.retry(app);
        app.activity.retry(app);
    });
    view! {
        <section class="hotspots" id="hotspots" tabindex="-1" aria-label=move || app.t().hotspots class:stale=move || app.hotspots.loading.get()>
            <Totals />
            <div class="hotspots-scroll">
                {move || {
                    if let Some(error) = error() {
                        return view! { <ErrorNote error retry /> }.into_any();
                    }
                    if no_data() {
                        return view! { <NoData /> }.into_any();
                    }
                    match app.hotspots.value.with(|v| v.as_ref().map(|v| v.hotspots.is_empty())) {
                        None => view! { <Skeleton /> }.into_any(),
                        Some(true) => view! { <NoHits /> }.into_any(),
                        Some(false) => view! { <Rows /> }.into_any(),
                    }
                }}
            </div>
        </section>
    }
}

/// The four counts of the selection.
#[component]
fn Totals() -> impl IntoView {
    let app = use_app();
    let totals = move || app.activity.value.with(|a| a.as_ref().map(|a| a.totals));
    let one = move |pick: fn(&Counts) -> u64, label: fn(&'static i18n::Texts) -> &'static str| {
        let number = move || totals().map_or_else(|| "–".to_owned(), |t| format::count(app.lang.get(), pick(&t)));
        view! { <div><dd>{number}</dd><dt>{move || label(app.t())}</dt></div> }
    };
    view! {
        <dl class="totals">
            {one(|c| c.conversations, |t| t.conversations)}
            {one(|c| c.messages, |t| t.messages)}
            {one(|c| c.senders, |t| t.senders)}
            {one(|c| c.mentions, |t| t.mentions)}
        </dl>
        <div class="list-head">
            <h2>{move || app.t().hotspots}</h2>
            <span class="faint">{move || app.hotspots.value.with(|list| list.as_ref().map(|list| {
                let lang = app.lang.get();
                i18n::of_total(lang, &format::count(lang, listed(&list.hotspots).len() as u64), &format::count(lang, list.of))
            }))}</span>
        </div>
        <Choices />
    }
}

/// The lines that are shown as rows; of a grid the map draws more.
fn listed(hotspots: &[Hotspot]) -> &[Hotspot] {
    &hotspots[..hotspots.len().min(HOTSPOT_LIMIT as usize)]
}

#[component]
fn Skeleton() -> impl IntoView {
    let app = use_app();
    view! {
        <div role="status" aria-label=move || app.t().loading class="skeleton">
            {(0..7).map(|_| view! { <div class="skeleton-row"><i></i><b></b><span></span></div> }).collect_view()}
        </div>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let app = use_app();
    // Rows are made anew only when a hotspot itself has changed, so that keyboard focus survives an update.
    // What was chosen on the map is seen in the list, too.
    let chosen = app.part(|v| v.place.clone());
    Effect::new(move |_| {
        if let Some(line) = chosen.get().and_then(|id| untrack(|| app.hotspot(&id))) {
            dom::bring_into_view(&format!("hotspot-{}", line.rank));
        }
    });
    let rows =
        move || app.hotspots.value.with(|list| list.as_ref().map(|l| listed(&l.hotspots).to_vec()).unwrap_or_default());
    view! {
        <ol class="rows">
            <For each=rows key=row_key let:hotspot>
                <Row hotspot />
            </For>
        </ol>
        <p class="list-basis faint" data-testid="basis">{move || app.hotspots.value.with(|list| list.as_ref().map(|list| {
            let sentence = &list.basis.sentence;
            if app.lang.get() == Lang::Nl { sentence.nl.clone() } else { sentence.en.clone() }
        }))}</p>
    }
}

/// Everything that a row shows, as a key.
type RowKey = (String, u32, [u64; 3], [Option<i64>; 3], String, Option<Emerging>, Vec<(String, i64)>);

fn row_key(hotspot: &Hotspot) -> RowKey {
    let counts = hotspot.counts;
    let thousandths = |value: Option<f64>| value.map(|value| (value * 1000.0) as i64);
    let gi = hotspot.statistics.gi_star;
    let change = [hotspot.change, gi.map(|gi| gi.z), gi.map(|gi| gi.p_corrected)].map(thousandths);
    (
        hotspot.id.clone(),
        hotspot.rank,
        [counts.conversations, counts.messages, counts.senders],
        change,
        hotspot.sentence.nl.clone(),
        hotspot.statistics.emerging,
        hotspot.topics.iter().map(|told| (told.topic.clone(), (told.share * 100.0) as i64)).collect(),
    )
}

#[component]
fn Row(hotspot: Hotspot) -> impl IntoView {
    let app = use_app();
    let id = StoredValue::new(hotspot.id.clone());
    let chosen = move || app.view.with(|v| v.place.as_deref() == Some(id.read_value().as_str()));
    let hovered = move || app.hovered.with(|h| h.as_deref() == Some(id.read_value().as_str()));
    let area = area(&hotspot);
    let marks = Marks::of(&hotspot);
    let Hotspot { rank, name, counts, class, change, sentence, sparkline, topics, .. } = hotspot;
    // Where nothing stands out the sentence would only repeat the numbers.
    let telling = !matches!(class, HotspotClass::Steady | HotspotClass::Unknown);
    let element = format!("hotspot-{rank}");
    let step = move |event: web_sys::KeyboardEvent| {
        let other = match event.key().as_str() {
            "ArrowDown" => rank + 1,
            "ArrowUp" => rank.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        dom::focus(&format!("hotspot-{other}"));
    };
    view! {
        <li>
            <button type="button" class="row" id=element data-testid=format!("hotspot-row-{rank}") class:chosen=chosen class:hovered=hovered
                aria-pressed=move || chosen().to_string()
                on:click=move |_| app.change(|v| v.place = Some(id.get_value()))
                on:mouseenter=move |_| app.hovered.set(Some(id.get_value()))
                on:mouseleave=move |_| app.hovered.set(None)
                on:focus=move |_| app.hovered.set(Some(id.get_value()))
                on:blur=move |_| app.hovered.set(None)
                on:keydown=step>
                <span class="row-rank">{rank}</span>
                <span class="row-name">{name}</span>
                <span class="row-change" title=move || app.t().change_hint>
                    {(class != HotspotClass::Unknown).then(|| view! { <Change change class /> })}
                </span>
                <span class="row-area">{area}</span>
                <span class="row-spark"><Sparkline line=sparkline::line(&sparkline) /></span>
                <span class="row-counts">
                    {move || counts_line(app.lang.get(), counts)}
                </span>
                {marks.any().then(|| view! { <span class="row-marks">{move || marks.view(app)}</span> })}
                <Shares topics />
                {telling.then(|| view! {
                    <span class="row-sentence">{move || match app.lang.get() {
                        Lang::Nl => sentence.nl.clone(),
                        Lang::En => sentence.en.clone(),
                    }}</span>
                })}
            </button>
        </li>
    }
}

/// What an analyst must see of a line beside its numbers, and nothing that only says there is nothing.
#[derive(Debug, Clone, Copy)]
struct Marks {
    emerging: Emerging,
    gi_star: Option<LocalScore>,
    rests_on_one: bool,
    one_conversation: bool,
    may_lack_data: bool,
}

impl Marks {
    fn of(hotspot: &Hotspot) -> Self {
        let Hotspot { statistics, one_conversation, .. } = hotspot;
        Self {
            emerging: statistics.emerging.unwrap_or_default(),
            gi_star: statistics.gi_star.filter(facts::stands),
            rests_on_one: statistics.rests_on_one_conversation,
            one_conversation: *one_conversation,
            may_lack_data: statistics.may_lack_data,
        }
    }

    fn any(self) -> bool {
        let marked = self.rests_on_one || self.one_conversation || self.may_lack_data;
        marked || self.emerging != Emerging::None || self.gi_star.is_some()
    }

    fn view(self, app: App) -> impl IntoView {
        let lang = app.lang.get();
        let t = statistics::Texts::of(lang);
        let class = if statistics::is_hot(self.emerging) { "mark mark-hot" } else { "mark mark-cold" };
        let emerging = statistics::emerging(lang, self.emerging)
            .map(|(name, meaning)| view! { <em class=class title=meaning data-testid="emerging">{name}</em> });
        let gi_star = self.gi_star.map(|gi| {
            let told =
                format!("Gi* {} · {}", format::decimal(lang, gi.z, 1), format::probability(lang, gi.p_corrected));
            view! { <em class="mark" title=facts::neighbourhood(lang, &gi) data-testid="gi-star">{told}</em> }
        });
        let lone = if self.rests_on_one {
            Some((t.rests_on_one, t.rests_on_one_hint))
        } else {
            self.one_conversation.then(|| (app.t().mostly_one, app.t().one_conversation))
        };
        let lone = lone.map(|(text, hint)| view! { <em class="lone" title=hint>{text}</em> });
        let lacking = self.may_lack_data.then(|| {
            view! { <em class="lone" title=t.may_lack_data_hint data-testid="may-lack-data">{t.may_lack_data}</em> }
        });
        view! { {emerging} {gi_star} {lone} {lacking} }
    }
}

/// The change in numbers and the class in a word.
#[component]
pub(crate) fn Change(change: Option<f64>, class: HotspotClass) -> impl IntoView {
    let app = use_app();
    let name = match class {
        HotspotClass::New => "class class-new",
        HotspotClass::Rising => "class class-rising",
        HotspotClass::Steady => "class class-steady",
        HotspotClass::Falling => "class class-falling",
        HotspotClass::Unknown => "class class-unknown",
    };
    view! {
        <span class="delta">{move || change.map(|c| format::change(app.lang.get(), c))}</span>
        <span class=name>{move || i18n::class(app.lang.get(), class)}</span>
    }
}

/// Municipality and province, as far as they say something that the name does not; the police unit when neither does.
pub(crate) fn area(hotspot: &Hotspot) -> String {
    let new = |parts: &[&Option<String>]| {
        let said = parts.iter().filter_map(|part| part.as_deref()).filter(|part| *part != hotspot.name);
        said.collect::<Vec<_>>().join(", ")
    };
    let area = new(&[&hotspot.municipality, &hotspot.province]);
    if area.is_empty() { new(&[&hotspot.police_unit]) } else { area }
}

/// **12** conversations · 30 messages · 9 senders
pub(crate) fn counts_line(lang: Lang, counts: Counts) -> impl IntoView {
    let t = i18n::Texts::of(lang);
    let word = |number: u64, one: &'static str, many: &'static str| {
        format!("{} {}", format::count(lang, number), if number == 1 { one } else { many })
    };
    view! {
        <b>{word(counts.conversations, t.conversation_one, t.conversations)}</b>
        <span>{word(counts.messages, t.message_one, t.messages)}</span>
        <span>{word(counts.senders, t.sender_one, t.senders)}</span>
    }
}
