//! Activity over time, and the window that chooses a part of it: dragged, resized, typed, or taken from a preset.

use leptos::html::Div;
use leptos::prelude::*;
use model::api::Bin;
use web_sys::{KeyboardEvent, PointerEvent};

use super::timeline_bars::{bars, silences, ticks, unit_days};
use crate::format;
use crate::i18n;
use crate::state::{App, use_app};
use crate::time::{Day, Moment, parse_rfc3339};
use crate::window::{Grip, Window};

/// A drag under way.
#[derive(Debug, Clone, Copy)]
struct Drag {
    grip: Grip,
    from_x: f64,
    at_start: Window,
}

/// The panel under the map.
#[component]
pub(crate) fn Timeline() -> impl IntoView {
    let app = use_app();
    let pointed = RwSignal::new(None::<usize>);
    view! {
        <section class="timeline" aria-label=move || app.t().period>
            <div class="timeline-head">
                <Dates />
                <Presets />
                <p class="timeline-pointed faint">{move || pointed.get().and_then(|at| describe(app, at))}</p>
            </div>
            <Histogram pointed />
        </section>
    }
}

#[component]
fn Dates() -> impl IntoView {
    let app = use_app();
    let set = move |grip: Grip, text: String| {
        let (Some(day), Some(bounds), Some(window)) =
            (Day::parse(&text), app.bounds.get_untracked(), untrack(|| app.window()))
        else {
            return;
        };
        let typed = match grip {
            Grip::From => Window { from: day, to: window.to.max(day.plus(1)) },
            _ => Window { from: window.from.min(day), to: day.plus(1) },
        };
        choose(app, typed.within(bounds), bounds);
    };
    let value = move |pick: fn(Window) -> Day| app.window().map(|w| pick(w).to_string()).unwrap_or_default();
    let edge = move |pick: fn(Window) -> Day| app.bounds.get().map(|w| pick(w).to_string());
    view! {
        <div class="dates">
            <label><span>{move || app.t().period_from}</span>
                <input type="date" data-testid="date-from" prop:value=move || value(|w| w.from) min=move || edge(|w| w.from) max=move || edge(|w| w.to.plus(-1))
                    on:change=move |event| set(Grip::From, event_target_value(&event)) />
            </label>
            <label><span>{move || app.t().period_to}</span>
                <input type="date" data-testid="date-to" prop:value=move || value(|w| w.to.plus(-1)) min=move || edge(|w| w.from) max=move || edge(|w| w.to.plus(-1))
                    on:change=move |event| set(Grip::To, event_target_value(&event)) />
            </label>
        </div>
    }
}

#[component]
fn Presets() -> impl IntoView {
    let app = use_app();
    let last = move |days: Option<i32>| {
        let bounds = app.bounds.get()?;
        Some(days.map_or(bounds, |days| Window { from: bounds.to.plus(-days), to: bounds.to }.within(bounds)))
    };
    let one = move |days: Option<i32>, label: fn(&'static i18n::Texts) -> &'static str| {
        view! {
            <button type="button" title=move || app.t().last_hint aria-pressed=move || (last(days).is_some() && last(days) == app.window()).to_string()
                on:click=move |_| if let (Some(window), Some(bounds)) = (untrack(|| last(days)), app.bounds.get_untracked()) { choose(app, window, bounds) }>
                {move || label(app.t())}
            </button>
        }
    };
    view! {
        <div class="segmented segmented-small" role="group" aria-label=move || app.t().period>
            {one(None, |t| t.whole_period)}
            {one(Some(90), |t| t.last_90)}
            {one(Some(30), |t| t.last_30)}
            {one(Some(7), |t| t.last_7)}
        </div>
    }
}

#[component]
fn Histogram(pointed: RwSignal<Option<usize>>) -> impl IntoView {
    let app = use_app();
    let track = NodeRef::<Div>::new();
    let drag = StoredValue::new(None::<Drag>);
    let dragging = RwSignal::new(false);
    let bins =
        Memo::new(move |_| app.activity.value.with(|a| a.as_ref().map(|a| a.histogram.clone()).unwrap_or_default()));
    // Pixels of the track: left edge and width.
    let extent =
        move || track.get_untracked().map(|t| t.get_bounding_client_rect()).map(|r| (r.left(), r.width().max(1.0)));

    let start = move |event: PointerEvent, grip: Grip| {
        let (Some(window), Some(bounds), Some((left, width))) =
            (untrack(|| app.window()), app.bounds.get_untracked(), extent())
        else {
            return;
        };
        event.stop_propagation();
        event.prevent_default();
        let x = f64::from(event.client_x());
        // All of the data cannot be moved: pulling in it draws a new window.
        let grip = if grip == Grip::Move && window == bounds { Grip::Draw } else { grip };
        let at_start = if grip == Grip::Draw {
            let day = bounds.day_at((x - left) / width);
            Window { from: day, to: day.plus(1) }
        } else {
            window
        };
        drag.set_value(Some(Drag { grip, from_x: x, at_start }));
        if let Some(track) = track.get_untracked() {
            let _ = track.set_pointer_capture(event.pointer_id());
        }
    };
    let pull =
        move |event: PointerEvent| {
            let (Some(bounds), Some((left, width))) = (app.bounds.get_untracked(), extent()) else {
                return;
            };
            let x = f64::from(event.client_x());
            let Some(drag) = drag.get_value() else {
                let fraction = ((x - left) / width).clamp(0.0, 1.0);
                pointed.set(bins.with_untracked(|b| {
                    (!b.is_empty()).then(|| ((fraction * b.len() as f64) as usize).min(b.len() - 1))
                }));
                return;
            };
            let days = ((x - drag.from_x) / width * f64::from(bounds.days())).round() as i32;
            if days != 0 || dragging.get_untracked() {
                dragging.set(true);
                choose(app, drag.at_start.dragged(drag.grip, days, bounds), bounds);
            }
        };
    let end = move |_: PointerEvent| {
        drag.set_value(None);
        dragging.set(false);
    };
    let all = move |_| app.change(|v| v.window = None);
    view! {
        <div class="histogram" data-testid="histogram" class:dragging=move || dragging.get()>
            <Axis bins />
            <div class="track" node_ref=track on:pointerdown=move |e| start(e, Grip::Draw) on:pointermove=pull on:pointerup=end
                on:pointercancel=end on:pointerleave=move |_| pointed.set(None) on:dblclick=all>
                <Silences bins />
                <Bars bins />
                <Selection start=Callback::new(move |(event, grip)| start(event, grip)) />
            </div>
            <Ticks />
        </div>
    }
}

/// The greatest bar, as the unit of the vertical axis.
#[component]
fn Axis(bins: Memo<Vec<Bin>>) -> impl IntoView {
    let app = use_app();
    view! {
        <p class="axis faint">{move || bins.with(|bins| {
            let most = bins.iter().map(|b| b.messages).max().filter(|most| *most > 0)?;
            let lang = app.lang.get();
            Some(i18n::greatest_bar(lang, &format::count(lang, most), unit_days(bins)))
        })}</p>
    }
}

/// Bars inside the window in full colour, the others faint.
#[component]
fn Bars(bins: Memo<Vec<Bin>>) -> impl IntoView {
    let app = use_app();
    let paths = Memo::new(move |_| bins.with(|bins| bars(bins, app.window())));
    view! {
        <svg class="bars" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
            <path class="bars-out" d=move || paths.with(|p| p.outside.clone()) />
            <path class="bars-in" d=move || paths.with(|p| p.inside.clone()) />
        </svg>
    }
}

/// Hatching where no message was read.
#[component]
fn Silences(bins: Memo<Vec<Bin>>) -> impl IntoView {
    let app = use_app();
    move || {
        bins.with(|bins| silences(bins)).into_iter().map(|(left, width)| {
            let wide = width > 0.1;
            view! {
                <div class="silence" title=app.t().no_data_hint style:left=format!("{:.3}%", left * 100.0) style:width=format!("{:.3}%", width * 100.0)>
                    {wide.then(|| view! { <span>{app.t().no_data_period}</span> })}
                </div>
            }
        }).collect_view()
    }
}

/// The window with its two handles.
#[component]
fn Selection(start: Callback<(PointerEvent, Grip)>) -> impl IntoView {
    let app = use_app();
    let place = move || Some((app.bounds.get()?, app.window()?));
    let left = move || place().map_or(0.0, |(bounds, window)| bounds.fraction(window.from) * 100.0);
    let width = move || {
        place().map_or(100.0, |(bounds, window)| f64::from(window.days()) / f64::from(bounds.days().max(1)) * 100.0)
    };
    let whole = move || place().is_none_or(|(bounds, window)| bounds == window);
    let key = move |grip: Grip| {
        move |event: KeyboardEvent| {
            let step = if event.shift_key() { 7 } else { 1 };
            let (Some(bounds), Some(window)) = (app.bounds.get_untracked(), untrack(|| app.window())) else {
                return;
            };
            let days = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => -step,
                "ArrowRight" | "ArrowUp" => step,
                "PageDown" => -window.days(),
                "PageUp" => window.days(),
                "Home" => -bounds.days(),
                "End" => bounds.days(),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            choose(app, window.dragged(grip, days, bounds), bounds);
        }
    };
    let handle = move |grip: Grip,
                       testid: &'static str,
                       label: fn(&'static i18n::Texts) -> &'static str,
                       pick: fn(Window) -> Day| {
        view! {
            <div class="handle" class:handle-from=grip == Grip::From class:handle-to=grip == Grip::To role="slider" tabindex="0" data-testid=testid
                aria-label=move || label(app.t())
                aria-valuemin=move || app.bounds.get().map(|b| b.from.0.to_string()) aria-valuemax=move || app.bounds.get().map(|b| b.to.0.to_string())
                aria-valuenow=move || app.window().map(|w| pick(w).0.to_string())
                aria-valuetext=move || app.window().map(|w| format::day(app.lang.get(), pick(w)))
                on:pointerdown=move |event| start.run((event, grip)) on:keydown=key(grip)></div>
        }
    };
    view! {
        <Show when=move || place().is_some()>
            <div class="window" class:whole=whole data-testid="histogram-window" role="slider" tabindex="0" aria-label=move || app.t().move_window
                aria-valuemin=move || app.bounds.get().map(|b| b.from.0.to_string()) aria-valuemax=move || app.bounds.get().map(|b| b.to.0.to_string())
                aria-valuenow=move || app.window().map(|w| w.from.0.to_string())
                aria-valuetext=move || app.window().map(|w| format::period(app.lang.get(), w))
                style:left=move || format!("{:.3}%", left()) style:width=move || format!("{:.3}%", width())
                on:pointerdown=move |event| start.run((event, Grip::Move)) on:keydown=key(Grip::Move)>
                {handle(Grip::From, "handle-from", |t| t.handle_from, |w| w.from)}
                {handle(Grip::To, "handle-to", |t| t.handle_to, |w| w.to.plus(-1))}
            </div>
        </Show>
    }
}

#[component]
fn Ticks() -> impl IntoView {
    let app = use_app();
    view! {
        <div class="ticks" aria-hidden="true">
            {move || app.bounds.get().map(|bounds| ticks(bounds, app.lang.get()).into_iter().map(|(at, label)| {
                view! { <span style:left=format!("{:.3}%", at * 100.0)>{label}</span> }
            }).collect_view())}
        </div>
    }
}

/// Takes a window; all of the data is no window.
fn choose(app: App, window: Window, bounds: Window) {
    let window = Some(window).filter(|w| *w != bounds);
    if app.view.with_untracked(|v| v.window != window) {
        app.change(|v| v.window = window);
    }
}

/// The bar under the pointer in words.
fn describe(app: App, at: usize) -> Option<String> {
    let lang = app.lang.get();
    let activity = app.activity.value.get()?;
    let bin = activity.histogram.get(at)?;
    let from = Moment::from_utc_ms(parse_rfc3339(&bin.from)?).day;
    let last = Moment::from_utc_ms(parse_rfc3339(&bin.to)? - 1).day;
    let period = format::period(lang, Window { from, to: last.plus(1) });
    Some(if bin.read == 0 {
        format!("{period} · {}", app.t().no_data_period)
    } else {
        i18n::bar(lang, &period, &format::count(lang, bin.messages), &format::count(lang, bin.read))
    })
}
