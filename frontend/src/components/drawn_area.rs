//! Drawing an area: the button and the hint over the map, and the line that tells of the area among the filters.

use leptos::prelude::*;

use super::icons::{self, Icon};
use crate::dom;
use crate::drawing::ring;
use crate::format;
use crate::i18n::drawing::{self, Texts};
use crate::state::{App, use_app};

/// The words of drawing in the language shown.
fn t(app: App) -> &'static Texts {
    Texts::of(app.lang.get())
}

/// The button that begins and ends drawing.
#[component]
pub(crate) fn DrawButton() -> impl IntoView {
    let app = use_app();
    let drawing = app.drawing();
    let is_on = Memo::new(move |_| drawing.draft.with(Option::is_some));
    let label = move || if drawing.area.with(Option::is_some) { t(app).draw_again } else { t(app).draw };
    let toggle = move |_| if drawing.is_on() { drawing.stop() } else { drawing.start() };
    view! {
        <div class="draw">
            <button type="button" data-testid="draw" aria-pressed=move || is_on.get().to_string() aria-label=label title=label on:click=toggle>
                <Icon path=icons::POLYGON />
            </button>
        </div>
    }
}

/// What to do while drawing, how large it is so far, and the same by buttons, for who has no keys.
#[component]
pub(crate) fn DrawHint() -> impl IntoView {
    let app = use_app();
    let drawing = app.drawing();
    let is_on = Memo::new(move |_| drawing.draft.with(Option::is_some));
    let corners = Memo::new(move |_| drawing.draft.with(|draft| draft.as_ref().map_or(0, |draft| draft.corners.len())));
    let refused = Memo::new(move |_| drawing.draft.with(|draft| draft.as_ref().and_then(|draft| draft.refused)));
    let hint = move || match refused.get() {
        Some(flaw) => drawing::refused(t(app), flaw),
        None if dom::is_touched() => t(app).hint_touch,
        None => t(app).hint,
    };
    let size = move || {
        let km2 = drawing.draft.with(|draft| draft.as_ref().map(|draft| ring::area_km2(&draft.corners)));
        km2.filter(|_| corners.get() > 2).map(|km2| format!("{} km²", format::measure(app.lang.get(), km2)))
    };
    view! {
        <Show when=move || is_on.get()>
            <div class="draw-hint" data-testid="draw-hint">
                <p role="status" class:refused=move || refused.with(Option::is_some)>{hint}</p>
                <div>
                    <span data-testid="draw-size">{size}</span>
                    <button type="button" class="button button-small" data-testid="draw-back" disabled=move || corners.get() == 0
                        on:click=move |_| drawing.draw(|draft| { draft.back(); None })>{move || t(app).back}</button>
                    <button type="button" class="button button-small" data-testid="draw-stop" on:click=move |_| drawing.stop()>{move || t(app).stop}</button>
                    <button type="button" class="button button-small button-primary" data-testid="draw-close" disabled=move || { corners.get() < 3 }
                        on:click=move |_| drawing.draw(crate::drawing::Draft::close)>{move || t(app).close}</button>
                </div>
            </div>
        </Show>
    }
}

/// The area in force, under the region that holds beside it; empty without one.
#[component]
pub(crate) fn DrawnArea() -> impl IntoView {
    let app = use_app();
    let drawing = app.drawing();
    let region = app.part(|v| v.region.clone());
    let beside = move || {
        let name = region.get().map(|id| app.region(&id).map_or(id, |region| region.name));
        let also_in = name.map(|name| drawing::also_in(app.lang.get(), &name));
        also_in.into_iter().chain([t(app).not_in_link.to_owned()]).collect::<Vec<_>>().join(" · ")
    };
    let told = move || drawing.km2().map(|km2| drawing::area(app.lang.get(), km2));
    view! {
        <Show when=move || drawing.area.with(Option::is_some)>
            <div class="drawn-area" data-testid="drawn-area" title=move || t(app).area_hint>
                <Icon path=icons::POLYGON />
                <p>{told}<small>{beside}</small></p>
                <button type="button" class="field-clear" data-testid="drawn-see" aria-label=move || t(app).see title=move || t(app).see
                    on:click=move |_| drawing.see()><Icon path=icons::FRAME /></button>
                <button type="button" class="field-clear" data-testid="drawn-clear" aria-label=move || t(app).clear title=move || t(app).clear
                    on:click=move |_| drawing.clear()><Icon path=icons::CLOSE /></button>
            </div>
        </Show>
    }
}
