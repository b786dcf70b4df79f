//! What lies over the map: layer switch, zoom buttons, legend with its settings.

use leptos::prelude::*;

use super::density_legend::DensityLegend;
use super::icons::{self, Icon};
use super::units_legend::UnitsLegend;
use crate::format;
use crate::i18n::{self, drawing};
use crate::map::{Look, palette::Palette};
use crate::state::use_app;
use crate::url::{Layer, Metric};

/// Bandwidths to choose from, in metres.
const BANDWIDTHS_M: [u32; 7] = [500, 1000, 2000, 3000, 5000, 10_000, 20_000];

/// The switch of layers and the zoom buttons.
#[component]
pub(crate) fn MapTools(zoom_by: Callback<f64>, home: Callback<()>) -> impl IntoView {
    let app = use_app();
    let layer = app.part(|v| v.layer);
    let of_grid = app.part(|v| v.by.is_of_grid());
    view! {
        <div class="layers segmented" role="group" aria-label=move || app.t().kind_of_layer>
            {Layer::ALL.map(|one| view! {
                <button type="button" hidden=move || one == Layer::Units && !of_grid.get() aria-pressed=move || (layer.get() == one).to_string() data-testid=format!("layer-{}", one.as_str())
                    on:click=move |_| app.change(|v| v.layer = one)>
                    {move || app.t().layer(one)}
                </button>
            })}
        </div>
        <div class="zoom" role="group">
            <button type="button" aria-label=move || app.t().zoom_in title=move || app.t().zoom_in on:click=move |_| zoom_by.run(1.0)>
                <Icon path=icons::PLUS />
            </button>
            <button type="button" aria-label=move || app.t().zoom_out title=move || app.t().zoom_out on:click=move |_| zoom_by.run(-1.0)>
                <Icon path=icons::MINUS />
            </button>
            <button type="button" aria-label=move || app.t().zoom_home title=move || app.t().zoom_home on:click=move |_| home.run(())>
                <Icon path=icons::FRAME />
            </button>
        </div>
    }
}

/// Colours with their numbers and unit; what the map leaves out.
#[component]
pub(crate) fn Legend(scale: Memo<Look>) -> impl IntoView {
    let app = use_app();
    let layer = Memo::new(move |_| scale.with(|s| s.layer));
    let breaks = Memo::new(move |_| {
        scale.with(|s| if s.layer == Layer::Heat { s.heat_breaks.clone() } else { s.breaks.clone() })
    });
    let metric = app.part(|v| v.metric);
    let title = move || match (layer.get(), metric.get()) {
        (Layer::Heat | Layer::Density | Layer::Units, _) => app.t().heat_legend,
        (_, Metric::PerArea) => app.t().messages_per_area,
        (_, Metric::PerInhabitants) => app.t().messages_per_inhabitants,
    };
    let is_drawn = Memo::new(move |_| app.drawing().area.with(Option::is_some));
    let coarse = Memo::new(move |_| scale.with(|s| s.too_coarse));
    let left_out = Memo::new(move |_| {
        app.activity.value.with(|a| a.as_ref().map_or((0, 0), |a| (a.places_left_out, a.mentions_left_out)))
    });
    view! {
        <div class="legend" data-testid="legend">
          <Show when=move || layer.get() == Layer::Units><UnitsLegend /></Show>
          <Show when=move || layer.get() == Layer::Density><DensityLegend /></Show>
          <Show when=move || !matches!(layer.get(), Layer::Density | Layer::Units)>
            <h2>{title}</h2>
            <Show when=move || breaks.with(|b| !b.is_empty()) fallback=move || view! { <p class="faint">{move || app.t().none_here}</p> }>
                <Classes breaks heat=Signal::derive(move || layer.get() == Layer::Heat) />
            </Show>
            <Show when=move || layer.get() == Layer::Heat fallback=move || view! { <MetricSwitch /> }>
                <Bandwidth scale />
            </Show>
            <Show when=move || layer.get() != Layer::Heat && is_drawn.get()>
                <p class="legend-note" data-testid="counted-within">{move || drawing::Texts::of(app.lang.get()).counted_within}</p>
            </Show>
            <Show when=move || layer.get() == Layer::Heat && coarse.get() != 0>
                <p class="legend-note">{move || {
                    let number = format::count(app.lang.get(), coarse.get());
                    i18n::too_coarse(app.lang.get(), &number, coarse.get() == 1)
                }}</p>
            </Show>
            <Show when=move || layer.get() == Layer::Heat && left_out.get().0 != 0>
                <p class="legend-note" data-testid="left-out">{move || {
                    let lang = app.lang.get();
                    let (places, mentions) = left_out.get();
                    i18n::left_out(lang, &format::count(lang, places), &format::count(lang, mentions))
                }}</p>
            </Show>
          </Show>
        </div>
    }
}

/// One swatch a class; its number stands at its lower edge.
#[component]
fn Classes(breaks: Memo<Vec<f64>>, heat: Signal<bool>) -> impl IntoView {
    let app = use_app();
    move || {
        let palette = Palette::of(app.theme.get());
        let breaks = breaks.get();
        // A class below the first break exists for regions only: the heatmap fades out there.
        let first_label = (!heat.get()).then(|| "0".to_owned());
        let labels: Vec<String> =
            first_label.into_iter().chain(breaks.iter().map(|b| format::measure(app.lang.get(), *b))).collect();
        let swatches = labels.into_iter().zip(palette.ramp).map(|(label, color)| {
            view! { <li><i style:background-color=color></i><span>{label}</span></li> }
        });
        view! { <ol class="classes">{swatches.collect_view()}</ol> }
    }
}

#[component]
fn MetricSwitch() -> impl IntoView {
    let app = use_app();
    let metric = app.part(|v| v.metric);
    let one = move |which: Metric, label: fn(&'static i18n::Texts) -> &'static str| {
        view! {
            <button type="button" aria-pressed=move || (metric.get() == which).to_string() on:click=move |_| app.change(|v| v.metric = which)>
                {move || label(app.t())}
            </button>
        }
    };
    view! {
        <div class="segmented segmented-small" role="group" aria-label=move || app.t().measure>
            {one(Metric::PerInhabitants, |t| t.per_inhabitants)}
            {one(Metric::PerArea, |t| t.per_area)}
        </div>
    }
}

#[component]
fn Bandwidth(scale: Memo<Look>) -> impl IntoView {
    let app = use_app();
    let metres = Memo::new(move |_| scale.with(|s| s.bandwidth_m));
    let step = move || BANDWIDTHS_M.iter().position(|m| *m >= metres.get()).unwrap_or(BANDWIDTHS_M.len() - 1);
    let choose = move |event: web_sys::Event| {
        let chosen = event_target_value(&event).parse::<usize>().ok().and_then(|at| BANDWIDTHS_M.get(at).copied());
        app.change(|v| v.bandwidth_m = chosen.filter(|m| *m != crate::map::DEFAULT_BANDWIDTH_M));
    };
    view! {
        <label class="bandwidth">
            <span>{move || app.t().bandwidth}</span>
            <input type="range" min="0" max=(BANDWIDTHS_M.len() - 1).to_string() step="1" prop:value=move || step().to_string() on:input=choose
                aria-valuetext=move || format::distance(app.lang.get(), f64::from(metres.get())) />
            <output>{move || format::distance(app.lang.get(), f64::from(metres.get()))}</output>
        </label>
    }
}
