//! The team's own region: a button in the bar, and under it a card that sets it, shows how far reading all messages again is, and
//! tells what that changed.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use model::api::{Home, HomeChanges, HomeProgress};

use super::icons::{self, Icon};
use super::region_picker::RegionPicker;
use super::states::sentence;
use crate::api::{self, ApiError};
use crate::dom;
use crate::format;
use crate::i18n;
use crate::state::{App, use_app};

/// While messages are read again, the server is asked this often how far it is.
const ASK_AGAIN: Duration = Duration::from_millis(400);
/// Words named.
const WORDS: usize = 6;
/// Id of the button, which gets the focus back.
const BUTTON: &str = "home-open";
/// Id of the card.
const CARD: &str = "home-card";

/// What the server said of the home region, and what went wrong with asking.
#[derive(Debug, Clone, Copy)]
struct Known {
    home: RwSignal<Option<Home>>,
    error: RwSignal<Option<ApiError>>,
}

impl Known {
    /// Takes an answer; while messages are being read again, asks for the next.
    fn take(self, app: App, answer: Result<Home, ApiError>) {
        match answer {
            Ok(home) => {
                let was_reading =
                    self.home.with_untracked(|old| old.as_ref().is_some_and(|old| old.rereading.is_some()));
                let is_reading = home.rereading.is_some();
                self.error.set(None);
                self.home.set(Some(home));
                if is_reading {
                    set_timeout(move || self.ask(app), ASK_AGAIN);
                } else if was_reading {
                    app.data_changed();
                }
            }
            Err(error) => {
                app.note(&error);
                self.error.set(Some(error));
            }
        }
    }

    fn ask(self, app: App) {
        spawn_local(async move { self.take(app, api::home().await) });
    }

    fn set(self, app: App, region: Option<String>) {
        spawn_local(async move { self.take(app, api::set_home(region).await) });
    }

    /// A part of what is known, tracked.
    fn part<T: PartialEq + Send + Sync + 'static>(self, part: fn(&Home) -> Option<T>) -> Memo<Option<T>> {
        Memo::new(move |_| self.home.with(|home| home.as_ref().and_then(part)))
    }
}

/// The button and its card.
#[component]
pub(crate) fn HomeRegion() -> impl IntoView {
    let app = use_app();
    let known = Known { home: RwSignal::new(None), error: RwSignal::new(None) };
    known.ask(app);
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|t| wasm_bindgen::JsCast::dyn_into::<web_sys::Node>(t).ok());
        if root.get_untracked().is_some_and(|root| !root.contains(target.as_ref())) {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if open.get_untracked() {
            // Somebody else may have set it meanwhile.
            known.ask(app);
            request_animation_frame(|| dom::focus(CARD));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        // The list of regions closes before the card does.
        if event.key() == "Escape" && open.get_untracked() && !event.default_prevented() {
            open.set(false);
            dom::focus(BUTTON);
        }
    };
    let name = known.part(|home| home.name.clone());
    let reading = known.part(|home| home.rereading);
    let title = move || match name.get() {
        Some(name) => format!("{}: {name}", app.t().home),
        None => app.t().home.to_owned(),
    };
    view! {
        <div class="menu" node_ref=root on:keydown=on_key>
            <button type="button" class="button home-open" id=BUTTON data-testid="home-open" aria-haspopup="dialog"
                aria-expanded=move || open.get().to_string() title=title aria-label=title
                class:is-set=move || name.with(Option::is_some) class:is-reading=move || reading.with(Option::is_some) on:click=toggle>
                <Icon path=icons::HOME />
                <span class="wide-only home-name">{move || name.get().unwrap_or_else(|| app.t().home.to_owned())}</span>
            </button>
            <div class="home-card" id=CARD role="dialog" aria-label=move || app.t().home tabindex="-1" data-testid="home-card" hidden=move || !open.get()>
                <Card known />
            </div>
        </div>
    }
}

#[component]
fn Card(known: Known) -> impl IntoView {
    let app = use_app();
    let region = known.part(|home| home.region.clone());
    let reading = known.part(|home| home.rereading);
    let choose = Callback::new(move |id| known.set(app, id));
    let is_reading = Signal::derive(move || reading.with(Option::is_some));
    view! {
        <h2>{move || app.t().home}</h2>
        <p>{move || app.t().home_hint}</p>
        <RegionPicker name="home" label=Signal::derive(move || app.t().home) none=Signal::derive(move || app.t().home_none)
            chosen=region choose disabled=is_reading />
        <Show when=move || region.with(Option::is_some) && !is_reading.get()>
            <button type="button" class="button" data-testid="home-none" on:click=move |_| choose.run(None)>{move || app.t().home_none}</button>
        </Show>
        <div class="home-status" role="status" aria-live="polite" data-testid="home-status">
            {move || known.error.get().map(|error| view! { <p class="home-error">{sentence(app.t(), &error)}</p> })}
            {move || known.home.get().map(|home| match home {
                Home { rereading: Some(progress), .. } => view! { <Reading progress /> }.into_any(),
                Home { complete: false, region, .. } => view! {
                    <p>{app.t().home_incomplete}</p>
                    <button type="button" class="button" data-testid="home-read-again" on:click=move |_| choose.run(region.clone())>
                        {app.t().home_read_again}
                    </button>
                }.into_any(),
                Home { changed: Some(changes), .. } => view! { <Changed changes /> }.into_any(),
                Home { .. } => ().into_any(),
            })}
        </div>
    }
}

#[component]
fn Reading(progress: HomeProgress) -> impl IntoView {
    let app = use_app();
    let HomeProgress { read, total } = progress;
    let text = move || {
        let lang = app.lang.get();
        if total == 0 {
            app.t().home_begins.to_owned()
        } else {
            i18n::home_progress(lang, &format::count(lang, read), &format::count(lang, total))
        }
    };
    view! {
        // Without a value while messages are not counted yet: then it says only that something is being done.
        <progress aria-label=move || app.t().home_begins max=(total > 0).then(|| total.to_string()) value=(total > 0).then(|| read.to_string())></progress>
        <p>{text}</p>
    }
}

#[component]
fn Changed(changes: HomeChanges) -> impl IntoView {
    let app = use_app();
    let HomeChanges { moved, accepted, unaccepted, top_words, .. } = changes;
    let words = move || {
        let lang = app.lang.get();
        let words: Vec<_> = top_words
            .iter()
            .take(WORDS)
            .map(|word| format!("{} ({})", word.words, format::count(lang, word.changes)))
            .collect();
        (!words.is_empty())
            .then(|| view! { <p class="home-words">{app.t().home_mostly}": "<b>{words.join(", ")}</b></p> })
    };
    view! {
        <p class="home-changed" data-testid="home-changed">{move || i18n::home_changed(app.lang.get(), moved, accepted, unaccepted)}</p>
        {words}
    }
}
