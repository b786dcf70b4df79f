//! A line of an answer that has its place on the map: hovered and chosen both ways.

use leptos::prelude::*;

use crate::dom;
use crate::state::use_app;

/// A line with its number; a click goes there on the map.
#[component]
pub(super) fn Row(
    /// Its number, as on the map.
    rank: u32,
    /// What it is called.
    title: String,
    /// What stands at the end of its first line.
    figures: AnyView,
    /// What stands below.
    children: Children,
) -> impl IntoView {
    let app = use_app();
    let analysing = app.analysing();
    let id = format!("cluster-{rank}");
    let is_lit = Memo::new(move |_| analysing.hovered.get() == Some(rank) || analysing.chosen.get() == Some(rank));
    // What is hovered on the map comes into view here.
    let own = id.clone();
    Effect::new(move |_| {
        if analysing.hovered.get() == Some(rank) {
            dom::scroll_to(&own);
        }
    });
    let hover = move |on: bool| analysing.hovered.set(on.then_some(rank));
    view! {
        <li id=id.clone()>
            <button type="button" class="cluster" class:cluster-lit=move || is_lit.get() data-testid=id.clone()
                on:mouseenter=move |_| hover(true) on:mouseleave=move |_| hover(false)
                on:focus=move |_| hover(true) on:blur=move |_| hover(false)
                on:click=move |_| analysing.chosen.set(Some(rank))>
                <span class="cluster-head"><i class="cluster-rank">{rank}</i><b>{title}</b><span class="cluster-figures">{figures}</span></span>
                {children()}
            </button>
        </li>
    }
}
