//! The screen as a whole: what is shown when, and the state's way to address bar and document.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::reactive::effect::ImmediateEffect;

use crate::api::ApiError;
use crate::components::header::Header;
use crate::components::states::{FullError, SignedOut};
use crate::components::toast::ToastNote;
use crate::dom;
use crate::follow::follow;
use crate::map::MapView;
use crate::panels::analyses::Analyses;
use crate::panels::filters::Filters;
use crate::panels::hotspots::HotspotList;
use crate::panels::import::{DropAnywhere, Import};
use crate::panels::messages::Messages;
use crate::panels::review::Review;
use crate::panels::timeline::Timeline;
use crate::state::{App, for_activity, for_density, for_hotspots, for_review, use_app};
use crate::url::{Layer, View};

/// How long the view must rest before it goes into the address bar: a drag makes one entry of the history, not a hundred.
const ADDRESS_DELAY: Duration = Duration::from_millis(180);

/// What the bottom of a narrow screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The ranked list.
    List,
    /// The histogram.
    Time,
    /// The filters.
    Filters,
}

/// Everything.
#[component]
pub(crate) fn Root() -> impl IntoView {
    let app = App::new(View::from_query(&dom::query()), dom::theme(), dom::browser_lang());
    provide_context(app);
    keep_document(app);
    keep_address(app);
    app.start();
    follow(app);

    let begun = Memo::new(move |_| app.meta.with(Option::is_some));
    Effect::new(move |_| {
        if begun.get() {
            app.load_regions();
            app.importing().watch(app);
        }
    });
    let layer = app.part(|v| v.layer.region_kind());
    Effect::new(move |_| {
        app.deciding().changes.track();
        app.importing().arrivals.track();
        if begun.get() {
            app.activity.ask(app, for_activity(&app.filter.get(), layer.get()));
        }
    });
    let reviewing = app.part(|v| v.review);
    Effect::new(move |_| {
        app.deciding().changes.track();
        // Cards do not move under the fingers of who judges them.
        if !reviewing.get() {
            app.importing().arrivals.track();
        }
        if begun.get() {
            app.deciding().queue.ask(app, for_review(&app.filter.get(), reviewing.get()));
        }
    });
    // Effects wake when their part of the view changes, not when the map moves.
    let count = app.part(|v| v.count);
    Effect::new(move |_| {
        app.deciding().changes.track();
        app.importing().arrivals.track();
        let (unit, count) = (app.unit.get(), count.get());
        if begun.get() {
            app.hotspots.ask(app, for_hotspots(&app.filter.get(), unit, count));
        }
    });
    let smoothing =
        app.part(|v| (v.layer == Layer::Density).then_some((v.kernel, v.density, v.relative, v.edges, v.count)));
    Effect::new(move |_| {
        app.deciding().changes.track();
        app.importing().arrivals.track();
        if begun.get() && smoothing.with(Option::is_some) {
            app.density.ask(app, for_density(&app.filter.get(), &app.view.read_untracked()));
        }
    });

    move || {
        let error = app.meta_error.get();
        if error == Some(ApiError::SignedOut) {
            view! { <SignedOut /> }.into_any()
        } else if let Some(error) = error {
            view! { <FullError error retry=Callback::new(move |()| app.start()) /> }.into_any()
        } else {
            view! { <Shell /> }.into_any()
        }
    }
}

#[component]
fn Shell() -> impl IntoView {
    let app = use_app();
    let tab = RwSignal::new(Tab::List);
    let has_drawer = app.part(|v| v.place.is_some() || v.analyses.is_some());
    let tab_name = move || match tab.get() {
        Tab::List => "list",
        Tab::Time => "time",
        Tab::Filters => "filters",
    };
    view! {
        <div class="shell" data-tab=tab_name class:has-drawer=move || has_drawer.get()>
            <a class="skip" href="#hotspots">{move || app.t().skip_to_list}</a>
            <Header />
            <Tabs tab />
            <aside class="side">
                <Filters />
                <HotspotList />
            </aside>
            <main class="stage">
                <MapView />
                <Timeline />
                <Messages />
                <Analyses />
                <Review />
                <Import />
            </main>
            <DropAnywhere />
            <ToastNote />
        </div>
    }
}

#[component]
fn Tabs(tab: RwSignal<Tab>) -> impl IntoView {
    let app = use_app();
    let one = move |which: Tab, label: fn(App) -> &'static str| {
        view! {
            <button type="button" class="tab" aria-pressed=move || (tab.get() == which).to_string() on:click=move |_| tab.set(which)>
                {move || label(app)}
            </button>
        }
    };
    view! {
        <nav class="tabs" aria-label=move || app.t().list>
            {one(Tab::List, |app| app.t().list)}
            {one(Tab::Time, |app| app.t().time)}
            {one(Tab::Filters, |app| app.t().filters)}
        </nav>
    }
}

/// Language, theme, title and the marks for tests on the document.
fn keep_document(app: App) {
    Effect::new(move |_| dom::root_attribute("lang", Some(app.lang.get().tag())));
    Effect::new(move |_| dom::root_attribute("data-theme", Some(dom::theme_name(app.theme.get()))));
    Effect::new(move |_| dom::root_attribute("data-ready", app.drawn.get().then_some("true")));
    // Not delayed: whoever waits for rest must not see it between a click and its request.
    let busy = ImmediateEffect::new(move || {
        dom::root_attribute("data-busy", (app.busy.get() > 0).then_some("true"));
    });
    on_cleanup(move || drop(busy));
    Effect::new(move |_| {
        let region = app.view.with(|v| v.region.clone()).and_then(|id| app.region(&id)).map(|r| r.name);
        dom::title(&region.map_or("Speurkaart".to_owned(), |name| format!("{name} · Speurkaart")));
    });
}

/// The view in the address bar, and back again.
fn keep_address(app: App) {
    let written = StoredValue::new(app.view.get_untracked());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let write = move || {
        let view = app.view.get_untracked();
        let new_entry = written.with_value(|old| !old.differs_by_camera_only(&view));
        if written.with_value(|old| *old != view) {
            dom::write_query(&view.to_query(), new_entry);
            written.set_value(view);
        }
    };
    Effect::new(move |_| {
        app.view.track();
        pending.update_value(|handle| {
            if let Some(handle) = handle.take() {
                handle.clear();
            }
            *handle = set_timeout_with_handle(write, ADDRESS_DELAY).ok();
        });
    });
    let back = window_event_listener(ev::popstate, move |_| {
        let view = View::from_query(&dom::query());
        written.set_value(view.clone());
        app.view.set(view);
    });
    on_cleanup(move || back.remove());
}
