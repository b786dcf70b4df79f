//! The legend of hexagons and squares: what a colour stands for, of which unit, and what is not drawn.

use leptos::prelude::*;

use crate::format;
use crate::i18n::lines;
use crate::map::palette::Palette;
use crate::map::units::{CLASSES, colour, highest_class};
use crate::state::use_app;

/// Title, size, colours up to the highest that the list reaches, and how much of it is drawn.
#[component]
pub(crate) fn UnitsLegend() -> impl IntoView {
    let app = use_app();
    move || {
        let lang = app.lang.get();
        let list = app.hotspots.value.get()?;
        let palette = Palette::of(app.theme.get());
        let unit = app.unit.get();
        let classes = CLASSES.iter().enumerate().take(highest_class(&list.hotspots) + 1).map(|(class, least)| {
            view! { <li><i style:background-color=colour(palette, class)></i><span>{format::count(lang, *least)}</span></li> }
        });
        let drawn = list.hotspots.len() as u64;
        let left_out = (drawn < list.of).then(|| lines::drawn(lang, drawn, list.of));
        Some(view! {
            <div class="units-legend" data-testid="units-legend">
                <h2>{lines::per_unit(lang, list.basis.count, unit)}</h2>
                <ol class="classes" class:classes-many={highest_class(&list.hotspots) > 7} title=lines::Texts::of(lang).scale_hint>{classes.collect_view()}</ol>
                <p class="density-how">{lines::size(lang, unit).map(|size| crate::i18n::capitalised(&size))}</p>
                {left_out.map(|text| view! { <p class="legend-note" data-testid="units-left-out">{text}</p> })}
            </div>
        })
    }
}
