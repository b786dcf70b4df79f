//! The bar over the screen: name, what kind of data this is, home region, export, language, theme, session.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::analyses_button::AnalysesButton;
use super::export_menu::ExportMenu;
use super::home_region::HomeRegion;
use super::icons::{self, Icon};
use super::import_button::ImportButton;
use crate::api;
use crate::dom;
use crate::format;
use crate::i18n;
use crate::state::{Theme, use_app};
use crate::time::{Moment, parse_rfc3339};
use crate::url::Lang;
use crate::window::Window;

/// The bar.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let app = use_app();
    let synthetic = move || app.meta.with(|m| m.as_ref().is_some_and(|m| m.synthetic));
    let user = move || app.meta.with(|m| m.as_ref().map(|m| m.user.clone()).unwrap_or_default());
    let read = move || {
        let (lang, meta) = (app.lang.get(), app.meta.get()?);
        let day = |time: &Option<String>| Some(Moment::from_utc_ms(parse_rfc3339(time.as_ref()?)?).day);
        let period = day(&meta.first).zip(day(&meta.last)).map(|(from, last)| Window { from, to: last.plus(1) });
        let period = period.map(|p| format::period(lang, p));
        Some(i18n::read(lang, &format::count(lang, meta.messages), period.as_deref()))
    };
    let switch_theme = move |_| {
        let theme = match app.theme.get_untracked() {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        app.theme.set(theme);
        dom::store_theme(theme);
    };
    let switch_lang = move |_| {
        let other = match app.lang.get_untracked() {
            Lang::Nl => Lang::En,
            Lang::En => Lang::Nl,
        };
        app.change(|v| v.lang = Some(other));
    };
    let sign_out = move |_| {
        spawn_local(async move {
            // Signed out or not, the next request tells.
            let _ = api::sign_out().await;
            app.meta_error.set(Some(api::ApiError::SignedOut));
        });
    };
    view! {
        <header class="bar">
            <a class="brand" href="/" aria-label="Speurkaart">
                <span class="brand-mark" aria-hidden="true"></span>
                <span class="brand-name">"Speurkaart"</span>
            </a>
            <span class="tagline">{read}</span>
            <Show when=synthetic>
                <span class="badge" data-testid="synthetic-badge" title=move || app.t().synthetic_hint>{move || app.t().synthetic}</span>
            </Show>
            <span class="progress" aria-hidden="true" class:progress-on=move || { app.busy.get() > 0 }></span>
            <div class="bar-end">
                <ImportButton />
                <ReviewButton />
                <AnalysesButton />
                <HomeRegion />
                <ExportMenu />
                <button type="button" class="button button-quiet lang" data-testid="lang-toggle" title=move || app.t().language
                    aria-label=move || app.t().language on:click=switch_lang>
                    <span class:on=move || app.lang.get() == Lang::Nl>"NL"</span><span class:on=move || app.lang.get() == Lang::En>"EN"</span>
                </button>
                <button type="button" class="button button-quiet button-icon" data-testid="theme-toggle" title=move || app.t().theme
                    aria-label=move || app.t().theme on:click=switch_theme>
                    <Icon path=icons::THEME />
                </button>
                <button type="button" class="button button-quiet button-icon" data-testid="sign-out"
                    title=move || format!("{} {} · {}", app.t().signed_in_as, user(), app.t().sign_out)
                    aria-label=move || app.t().sign_out on:click=sign_out>
                    <Icon path=icons::LEAVE />
                </button>
            </div>
        </header>
    }
}

/// Opens and closes the queue for review, and says how much waits in it.
#[component]
fn ReviewButton() -> impl IntoView {
    let app = use_app();
    let open = app.part(|v| v.review);
    let waiting = move || app.deciding().queue.value.with(|queue| queue.as_ref().map_or(0, |queue| queue.total));
    let count = move || format::count(app.lang.get(), waiting());
    view! {
        <button type="button" class="button review-open" id="review-open" data-testid="review-open" aria-pressed=move || open.get().to_string()
            title=move || app.t().review_hint aria-label=move || format!("{} ({})", app.t().review, count())
            on:click=move |_| app.change(|v| {
                v.review = !v.review;
                v.import = false;
                v.analyses = None;
            })>
            <Icon path=icons::REVIEW /><span class="wide-only">{move || app.t().review}</span>
            <Show when=move || { waiting() > 0 }><span class="count" data-testid="review-count">{count}</span></Show>
        </button>
    }
}
