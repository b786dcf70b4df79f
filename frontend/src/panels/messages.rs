//! The messages behind a hotspot, newest first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::Mention;
use model::api::{FilterBody, MessagePage, MessageView};

use super::detail::{Detail, keep_detail};
use super::hotspots::{Change, area, counts_line};
use super::mention::{MentionDetail, segments, shared};
use super::topics::{Told, marked};
use crate::api;
use crate::components::icons::{self, Icon};
use crate::components::states::ErrorNote;
use crate::dom;
use crate::format;
use crate::i18n::lines;
use crate::loader::Loader;
use crate::state::{App, for_line, use_app};
use crate::url::{Lang, View};

/// Messages a page.
const PAGE: u32 = 50;

/// The drawer; open while a place is chosen.
#[component]
pub(crate) fn Messages() -> impl IntoView {
    let app = use_app();
    let place = app.part(|v| v.place.clone());
    let begun = Memo::new(move |_| app.meta.with(Option::is_some));
    let first: Loader<MessagePage> = Loader::new("messages");
    let more = RwSignal::new(Vec::<MessagePage>::new());
    keep_detail(app, place, begun);

    Effect::new(move |before: Option<Option<String>>| {
        let place = place.get();
        if before.as_ref() != Some(&place) {
            first.clear();
        }
        app.deciding().changes.track();
        if let (Some(id), true) = (&place, begun.get()) {
            first.ask(app, for_place(&app.filter.get(), &app.view.read_untracked(), id, None));
        }
        place
    });
    Effect::new(move |_| {
        first.value.track();
        more.set(Vec::new());
    });
    Effect::new(move |was_open: Option<bool>| {
        let open = place.with(Option::is_some);
        if open && was_open == Some(false) {
            dom::focus("messages-close");
        }
        open
    });
    let close = move || {
        let rank = place.get_untracked().and_then(|id| untrack(|| app.hotspot(&id))).map(|h| h.rank);
        app.change(|v| v.place = None);
        if let Some(rank) = rank {
            dom::focus(&format!("hotspot-{rank}"));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    view! {
        <Show when=move || place.with(Option::is_some)>
            <section class="drawer" aria-label=move || app.t().messages on:keydown=on_key>
                <header class="drawer-head">
                    <Head place first />
                    <button type="button" id="messages-close" class="button button-quiet button-icon" aria-label=move || app.t().close
                        title=move || app.t().close on:click=move |_| close()><Icon path=icons::CLOSE /></button>
                </header>
                <div class="drawer-scroll">
                    {move || first.error.get().map(|error| {
                        view! { <ErrorNote error retry=Callback::new(move |()| first.retry(app)) /> }
                    })}
                    <Detail place />
                    <h3 class="drawer-messages" id="drawer-messages">{move || app.t().messages_title} <Total first /></h3>
                    <List first more place />
                </div>
            </section>
        </Show>
    }
}

/// What the hotspot is: name, area, sentence, counts.
#[component]
fn Head(place: Memo<Option<String>>, first: Loader<MessagePage>) -> impl IntoView {
    let app = use_app();
    move || {
        let id = place.get()?;
        let lang = app.lang.get();
        let inner = if let Some(hotspot) = app.line(&id) {
            let sentence = match lang {
                Lang::Nl => hotspot.sentence.nl.clone(),
                Lang::En => hotspot.sentence.en.clone(),
            };
            let unit = app.view.with(|v| v.by).of_line(&id);
            let of = app.detail_of(&id).map(|detail| detail.of);
            let rank = of.map(|of| lines::rank(lang, hotspot.rank, of, unit));
            let grid = lines::one_unit(lang, unit).map(|what| {
                view! { <p class="faint">{what} "; " {lines::Texts::of(lang).named_after}</p> }
            });
            let place = [Some(area(&hotspot)).filter(|area| !area.is_empty()), rank].into_iter().flatten();
            view! {
                <h2>{hotspot.name.clone()} <span class="drawer-change"><Change change=hotspot.change class=hotspot.class /></span></h2>
                <p class="faint" data-testid="line-rank">{place.collect::<Vec<_>>().join(" · ")}</p>
                {grid}
                <p class="drawer-sentence">{sentence}</p>
                <p class="row-counts">{counts_line(lang, hotspot.counts)}</p>
            }
            .into_any()
        } else {
            let known = app
                .activity
                .value
                .with(|a| a.as_ref().and_then(|a| a.places.iter().find(|p| p.id == id).map(|p| p.name.clone())));
            let known = known.or_else(|| app.region(&id).map(|region| region.name));
            view! { <h2>{known.unwrap_or(id)}</h2> }.into_any()
        };
        let total = move || first.value.with(|p| p.as_ref().map(|p| format::count(app.lang.get(), p.total)));
        // The figures are long: the messages are one press away.
        let to_messages = view! {
            <button type="button" class="button to-messages" data-testid="to-messages" on:click=move |_| dom::scroll_to_top("drawer-messages")>
                {app.t().messages_title} " " {total} <Icon path=icons::DOWN />
            </button>
        };
        Some(view! { <div class="drawer-title">{inner}{to_messages}</div> })
    }
}

/// How many messages there are, and their order.
#[component]
fn Total(first: Loader<MessagePage>) -> impl IntoView {
    let app = use_app();
    move || {
        let total = first.value.with(|p| p.as_ref().map(|p| p.total))?;
        Some(
            view! { <span class="drawer-total faint">{format::count(app.lang.get(), total)} ", " {app.t().newest_first}</span> },
        )
    }
}

#[component]
fn List(first: Loader<MessagePage>, more: RwSignal<Vec<MessagePage>>, place: Memo<Option<String>>) -> impl IntoView {
    let app = use_app();
    let messages = move || {
        let mut all: Vec<MessageView> =
            first.value.with(|p| p.as_ref().map(|p| p.messages.clone()).unwrap_or_default());
        more.with(|pages| all.extend(pages.iter().flat_map(|p| p.messages.iter().cloned())));
        all
    };
    let next = move || {
        more.with(|pages| pages.last().map(|p| p.next.clone()))
            .or_else(|| first.value.with(|p| p.as_ref().map(|p| p.next.clone())))
            .flatten()
    };
    let loading_more = RwSignal::new(false);
    let fetch_more = move |_| {
        let (Some(id), Some(after), false) = (place.get_untracked(), untrack(next), loading_more.get_untracked())
        else {
            return;
        };
        loading_more.set(true);
        let filter = for_place(&app.filter.get_untracked(), &app.view.read_untracked(), &id, Some(after));
        spawn_local(fetch_page(app, filter, first, more, loading_more));
    };
    view! {
        {move || match first.value.with(|p| p.as_ref().map(|p| p.messages.is_empty())) {
            None if first.error.with(Option::is_none) => view! {
                <div class="skeleton" role="status" aria-label=app.t().loading>
                    {(0..5).map(|_| view! { <div class="skeleton-row"><i></i><b></b><span></span></div> }).collect_view()}
                </div>
            }.into_any(),
            Some(true) => view! { <p class="note faint">{app.t().no_messages}</p> }.into_any(),
            _ => ().into_any(),
        }}
        <ol class="messages" class:stale=move || first.loading.get()>
            <For each=messages key=message_key let:message><Message message place /></For>
        </ol>
        <Show when=move || next().is_some()>
            <button type="button" class="button more" data-testid="more" disabled=move || loading_more.get() on:click=fetch_more>{move || app.t().more}</button>
        </Show>
    }
}

/// Adds a page, unless the list has become another one meanwhile.
async fn fetch_page(
    app: App,
    filter: FilterBody,
    first: Loader<MessagePage>,
    more: RwSignal<Vec<MessagePage>>,
    loading: RwSignal<bool>,
) {
    let before = first.value.get_untracked();
    app.busy.update(|n| *n += 1);
    let answer = api::ask::<MessagePage>("messages", &filter).await;
    app.busy.update(|n| *n -= 1);
    // The drawer may have been closed.
    if loading.try_set(false).is_some() {
        return;
    }
    let same = match (before, first.value.get_untracked()) {
        (Some(before), Some(now)) => std::sync::Arc::ptr_eq(&before, &now),
        _ => false,
    };
    match answer {
        Ok(page) if same => more.update(|pages| pages.push(page)),
        Ok(_) => {}
        Err(error) => {
            app.note(&error);
            first.error.set(Some(error));
        }
    }
}

/// A message with its mentions marked; one of them may be open.
#[component]
fn Message(message: MessageView, place: Memo<Option<String>>) -> impl IntoView {
    let app = use_app();
    let MessageView { sent_at, conversation, sender, sources, text, mentions, topics, .. } = message;
    let machine_time = sent_at.clone();
    let plain: Vec<_> = mentions.iter().map(|m| &m.mention).collect();
    let pieces = segments(&text, &plain);
    let beside = shared(&plain);
    let mentions = StoredValue::new(mentions);
    let opened = RwSignal::new(None::<usize>);
    let mark = move |at: usize, words: String| {
        let class =
            move || mentions.with_value(|all| place.with(|place| mention_class(&all[at].mention, place.as_deref())));
        view! {
            <button type="button" class=class data-testid="mention" aria-expanded=move || (opened.get() == Some(at)).to_string()
                on:click=move |_| opened.update(|o| *o = if *o == Some(at) { None } else { Some(at) })>{words}</button>
        }
    };
    let mut done = 0;
    let body = pieces
        .into_iter()
        .map(|piece| {
            let from = done;
            done += piece.text.len();
            match piece.mention {
                Some(at) => mark(at, piece.text).into_any(),
                None => marked(app, &piece.text, from, &topics).into_any(),
            }
        })
        .collect_view();
    let beside = beside.into_iter().map(|(at, name)| view! { " " {mark(at, name)} }).collect_view();
    view! {
        <li class="message" data-testid="message">
            <header>
                <time datetime=machine_time>{move || format::moment(app.lang.get(), &sent_at)}</time>
                <span class="message-source">{sources.join(" + ")}</span>
            </header>
            <p class="message-who"><b>{sender}</b> <span title=move || app.t().in_conversation>{conversation}</span></p>
            <p class="message-text">{body} {beside}</p>
            <Told topics />
            {move || opened.get().map(|at| mentions.with_value(|all| view! { <MentionDetail mention=all[at].clone() /> }))}
        </li>
    }
}

/// The message, its sources, the decisions about it and its topics: what is other than before is shown anew.
fn message_key(message: &MessageView) -> (u64, usize, Vec<Option<u64>>, String) {
    (
        message.id,
        message.sources.len(),
        message.mentions.iter().map(|mention| mention.decided.as_ref().map(|d| d.decision)).collect(),
        message
            .topics
            .iter()
            .map(|topic| format!("{} {} ", topic.topic, topic.words.len()))
            .collect::<Vec<_>>()
            .concat(),
    )
}

/// The one asked for stands out; others are underlined, those not placed are dashed.
fn mention_class(mention: &Mention, place: Option<&str>) -> &'static str {
    match (mention.accepted, place == Some(mention.place.id.as_str())) {
        (_, true) => "mention mention-focus",
        (true, false) => "mention mention-other",
        (false, false) => "mention mention-doubt",
    }
}

fn for_place(filter: &FilterBody, view: &View, place: &str, after: Option<String>) -> FilterBody {
    FilterBody { limit: Some(PAGE), after, ..for_line(filter, view, place) }
}
