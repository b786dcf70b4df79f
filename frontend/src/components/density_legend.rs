//! The legend of the density surface: unit, colours by value, levels, kernel, bandwidth and border, and what is left out.

use leptos::prelude::*;
use model::api::{CountBy, Density, Kernel, RATIO_SCALE, RelativeDensity};

use crate::format;
use crate::i18n::{self, statistics};
use crate::map::palette::Palette;
use crate::state::{App, can_be_relative, is_everywhere, use_app};
use crate::url::{Bandwidth, DENSITY_M, Edges, Lang};

/// The words of the statistics in the language shown.
fn t(app: App) -> &'static statistics::Texts {
    statistics::Texts::of(app.lang.get())
}

/// The legend; empty until the first answer is in.
#[component]
pub(crate) fn DensityLegend() -> impl IntoView {
    let app = use_app();
    let content = move || {
        if let Some(error) = app.density.error.get() {
            return view! { <p class="faint" role="alert">{super::states::sentence(app.t(), &error)}</p> }.into_any();
        }
        match app.density.value.get() {
            None => view! { <p class="faint">{app.t().loading}</p> }.into_any(),
            Some(density) => told(app, &density).into_any(),
        }
    };
    let everywhere = Memo::new(move |_| app.filter.with(is_everywhere));
    view! {
        <div class="density-legend" data-testid="density-legend" class:stale=move || app.density.loading.get()
            title=move || if everywhere.get() { t(app).elsewhere_hint } else { "" }>
            {content}
            <Settings />
        </div>
    }
}

fn told(app: App, density: &Density) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let palette = Palette::of(app.theme.get());
    let unit = statistics::per_km2(lang, &density.unit);
    let shown = match &density.relative {
        Some(relative) => ratio(app, palette, relative, &unit).into_any(),
        None => levels(app, palette, density, unit).into_any(),
    };
    let coarse = density.too_coarse;
    let coarse = (coarse > 0).then(|| i18n::too_coarse(lang, &format::count(lang, coarse), coarse == 1));
    let outside = outside(app, density).filter(|number| *number > 0);
    let outside = outside.map(|number| statistics::outside(lang, &format::count(lang, number), number == 1));
    let left_out = [coarse, outside].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        {shown}
        <p class="density-how">
            {t(app).kernel_name(density.kernel)} " · " {format::metres(lang, density.bandwidth_m)} " · "
            {match density.bandwidth_by.as_str() {
                "given" => t(app).chosen,
                "cross_validated" => t(app).cross_validated,
                _ => t(app).silverman,
            }}
            {(density.edges == "corrected").then(|| view! { " · " <span data-testid="edges-told">{t(app).bounded}</span> })}
        </p>
        {(!left_out.is_empty()).then(|| view! { <p class="legend-note" data-testid="density-left-out">{left_out}</p> })}
    }
}

/// The density itself: colours by value, and the areas that hold most of it.
fn levels(app: App, palette: &Palette, density: &Density, unit: String) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let swatches = density.bands.features.iter().map(|band| {
        let from = band.properties.from_per_km2;
        view! { <li><i style:background-color=palette.density(from)></i><span>{format::measure(lang, from)}</span></li> }
    });
    let levels = density.levels.iter().map(|level| {
        let class = if level.share < 0.6 { "level level-half" } else { "level" };
        let share = format::percent(level.share as f32);
        view! { <li class=class><i aria-hidden="true"></i>{statistics::holds(lang, &share, &format::measure(lang, level.area_km2))}</li> }
    });
    let sentence = if lang == Lang::Nl { &density.sentence.nl } else { &density.sentence.en };
    let nothing = density.levels.is_empty().then(|| view! { <p class="faint">{sentence.clone()}</p> });
    view! {
        <h2>{unit}</h2>
        {nothing}
        <ol class="classes" title=t(app).scale_hint>{swatches.collect_view()}</ol>
        <ul class="levels">{levels.collect_view()}</ul>
    }
}

/// The ratio to all messages: colours on both sides of one, or why there is none.
fn ratio(app: App, palette: &'static Palette, relative: &RelativeDensity, unit: &str) -> impl IntoView + use<> {
    let lang = app.lang.get();
    let swatches = RATIO_SCALE.into_iter().zip(palette.ratios).map(|(from, color)| {
        // The colour in the middle lies on both sides of one.
        let is_usual = from < 1.0 && from > 0.6;
        let from = if is_usual { "≈ 1".to_owned() } else { format::measure(lang, from) };
        view! { <li class:usual=is_usual><i style:background-color=color></i><span>{from}</span></li> }
    });
    let sentence = if lang == Lang::Nl { relative.sentence.nl.clone() } else { relative.sentence.en.clone() };
    view! {
        <h2>{t(app).ratio_title} <small class="faint">" " {unit.to_lowercase()}</small></h2>
        {relative.reason.is_none().then(|| view! {
            <ol class="classes ratios" title=t(app).ratio_scale_hint>{swatches.collect_view()}</ol>
        })}
        <p class="density-ratio" data-testid="ratio-sentence">{sentence}</p>
    }
}

/// Mentions that the surface neither shows nor calls too coarse: those outside its box. Only told where both answers are of the same data
/// and filter, and mentions are what is counted.
fn outside(app: App, density: &Density) -> Option<u64> {
    let settled = !app.density.loading.get() && !app.activity.loading.get();
    let mentions = density.unit.starts_with(CountBy::Mentions.as_str());
    let activity = app.activity.value.get().filter(|_| settled && mentions)?;
    (activity.data_version == density.data_version)
        .then(|| activity.totals.mentions.saturating_sub(density.total.round() as u64 + density.too_coarse))
}

/// The density itself, or against all messages; where these are all messages, why not.
#[component]
fn Against() -> impl IntoView {
    let app = use_app();
    let wanted = app.part(|v| v.relative);
    let can = Memo::new(move |_| app.filter.with(can_be_relative));
    let is_ratio = Memo::new(move |_| wanted.get() && can.get());
    view! {
        <div class="segmented segmented-small" role="group" aria-label=move || t(app).shown_as>
            <button type="button" data-testid="as-density" aria-pressed=move || (!is_ratio.get()).to_string()
                on:click=move |_| app.change(|v| v.relative = false)>{move || t(app).as_density}</button>
            <button type="button" data-testid="as-ratio" aria-pressed=move || is_ratio.get().to_string() disabled=move || !can.get()
                aria-describedby="no-ratio" title=move || if can.get() { t(app).as_ratio_hint } else { t(app).no_ratio }
                on:click=move |_| app.change(|v| v.relative = true)>{move || t(app).as_ratio}</button>
        </div>
        <p class="density-how faint" id="no-ratio" data-testid="no-ratio" hidden=move || can.get()>{move || t(app).no_ratio}</p>
    }
}

/// Kernel, bandwidth, and what happens at the border.
#[component]
fn Settings() -> impl IntoView {
    let app = use_app();
    let kernel = app.part(|v| v.kernel);
    let rule = app.part(|v| v.density);
    let edges = app.part(|v| v.edges);
    let metres = move || if let Bandwidth::Given(metres) = rule.get() { Some(metres) } else { None };
    let kernels = [Kernel::Quartic, Kernel::Gaussian].map(|one| {
        view! {
            <button type="button" aria-pressed=move || (kernel.get() == one).to_string() data-testid=format!("kernel-{}", kernel_name(one))
                on:click=move |_| app.change(|v| v.kernel = one)>{move || t(app).kernel_name(one)}</button>
        }
    });
    // By hand begins where the rule left off.
    let by_hand = move |_| {
        let ruled = app.density.value.with_untracked(|d| d.as_ref().map_or(3000.0, |d| d.bandwidth_m));
        let rounded = ((ruled / 500.0).round() * 500.0) as u32;
        app.change(|v| v.density = Bandwidth::Given(rounded.clamp(*DENSITY_M.start(), *DENSITY_M.end())));
    };
    let choose = move |event: web_sys::Event| {
        let km = event_target_value(&event).replace(',', ".").parse::<f64>().ok().filter(|km| *km > 0.0);
        if let Some(km) = km {
            let metres = ((km * 1000.0) as u32).clamp(*DENSITY_M.start(), *DENSITY_M.end());
            app.change(|v| v.density = Bandwidth::Given(metres));
        }
    };
    let km = move || metres().map(|m| f64::from(m) / 1000.0);
    view! {
        <Against />
        <details class="legend-settings" data-testid="density-settings">
            <summary>{move || t(app).kernel} " · " {move || t(app).bandwidth} " · " {move || t(app).border}</summary>
            <div class="segmented segmented-small" role="group" aria-label=move || t(app).kernel>{kernels}</div>
            <div class="density-bandwidth">
                <div class="segmented segmented-small" role="group" aria-label=move || t(app).bandwidth>
                    <button type="button" data-testid="bandwidth-rule" aria-pressed=move || (rule.get() == Bandwidth::Silverman).to_string()
                        title=move || t(app).by_silverman_hint on:click=move |_| app.change(|v| v.density = Bandwidth::Silverman)>{move || t(app).by_silverman}</button>
                    <button type="button" data-testid="bandwidth-validated" aria-pressed=move || (rule.get() == Bandwidth::CrossValidated).to_string()
                        title=move || t(app).by_validation_hint on:click=move |_| app.change(|v| v.density = Bandwidth::CrossValidated)>{move || t(app).by_validation}</button>
                    <button type="button" data-testid="bandwidth-hand" aria-pressed=move || metres().is_some().to_string()
                        on:click=by_hand>{move || t(app).by_hand}</button>
                </div>
                <Show when=move || metres().is_some()>
                    <label><input type="number" min="0.5" max="100" step="0.5" data-testid="bandwidth-km" aria-label=move || t(app).bandwidth_km
                        prop:value=move || km().map(|km| km.to_string()) on:change=choose /> " km"</label>
                </Show>
            </div>
            <label class="density-edges" title=move || t(app).keep_inside_hint>
                <input type="checkbox" data-testid="edges" prop:checked=move || edges.get() == Edges::Corrected
                    on:change=move |event| { let edges = if event_target_checked(&event) { Edges::Corrected } else { Edges::Open }; app.change(|v| v.edges = edges); } />
                <span>{move || t(app).keep_inside}</span>
            </label>
        </details>
    }
}

fn kernel_name(kernel: Kernel) -> &'static str {
    match kernel {
        Kernel::Quartic => "quartic",
        Kernel::Gaussian => "gaussian",
    }
}
