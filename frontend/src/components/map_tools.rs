//! What lies over the map: layer switch, zoom buttons, legend with its settings, tooltip.

use leptos::prelude::*;

use super::density_legend::DensityLegend;
use super::icons::{self, Icon};
use super::units_legend::UnitsLegend;
use crate::format;
use crate::i18n;
use crate::map::scene;
use crate::map::{Look, palette::Palette};
use crate::panels::hotspots::area;
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

/// What the pointer is over, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tip {
    /// Place or region id; a province is both.
    pub(crate) id: String,
    /// Whether it is the region that is meant.
    pub(crate) region: bool,
    /// Pixels from the left and the top of the map.
    pub(crate) at: (f64, f64),
}

/// Name and counts of what the pointer is over.
#[component]
pub(crate) fn Tooltip(tip: RwSignal<Option<Tip>>) -> impl IntoView {
    let app = use_app();
    let over = Memo::new(move |_| tip.with(|t| t.as_ref().map(|t| (t.id.clone(), t.region))));
    let content = move || {
        let (id, is_region) = over.get()?;
        let lang = app.lang.get();
        let activity = app.activity.value.get()?;
        let place = activity.places.iter().find(|p| !is_region && p.id == id);
        let region = app.region(&id).filter(|_| is_region);
        let active_region = activity.regions.iter().find(|r| is_region && r.id == id);
        // A unit of a grid, or a marker of a place that the map does not draw.
        let line = (!is_region && place.is_none()).then(|| app.hotspot(&id)).flatten();
        let counted = [place.map(|p| p.counts), active_region.map(|r| r.counts), line.as_ref().map(|line| line.counts)];
        let counts = counted.into_iter().flatten().next().unwrap_or_default();
        let name = place.map(|p| p.name.clone()).or_else(|| region.as_ref().map(|r| r.name.clone()));
        let name = name.or_else(|| line.as_ref().map(|line| line.name.clone()))?;
        let detail = match (place, &region) {
            (Some(place), _) => [place.municipality.clone(), place.province.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
            (None, Some(region)) => {
                let metric = app.view.with(|v| v.metric);
                let unit = match metric {
                    Metric::PerArea => app.t().per_area,
                    Metric::PerInhabitants => app.t().per_inhabitants,
                };
                let rate = scene::rate(counts.messages, region, metric).unwrap_or(0.0);
                format!("{} {} {unit}", format::measure(lang, rate), app.t().messages)
            }
            (None, None) => line.as_ref().map(area).unwrap_or_default(),
        };
        Some(view! {
            <b>{name}</b>
            <span class="faint">{detail}</span>
            <span>
                <b>{format::count(lang, counts.conversations)}</b> " " {app.t().conversations} " · "
                {format::count(lang, counts.messages)} " " {app.t().messages} " · "
                {format::count(lang, counts.senders)} " " {app.t().senders}
            </span>
        })
    };
    let at = move |pick: fn((f64, f64)) -> f64| tip.with(|t| t.as_ref().map_or(0.0, |t| pick(t.at)));
    // Kept within the map at its left and right edges.
    let left = move || format!("clamp(160px, {}px, calc(100% - 160px))", at(|(x, _)| x));
    let top = move || format!("{}px", at(|(_, y)| y));
    view! {
        <div class="tooltip" role="status" hidden=move || over.with(Option::is_none) style:left=left style:top=top>
            {content}
        </div>
    }
}
