//! Icons: 16 × 16 line drawings in the colour of the text, never read aloud.

use leptos::prelude::*;

/// An icon by the path it is drawn with.
#[component]
pub(crate) fn Icon(
    /// SVG path data.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=path />
        </svg>
    }
}

/// Magnifier.
pub(crate) const SEARCH: &str = "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14";
/// House.
pub(crate) const HOME: &str = "M2 7.6 8 2.5l6 5.1M3.8 6.4v7.1h8.4V6.4M6.6 13.5V9.8h2.8v3.7";
/// Cross.
pub(crate) const CLOSE: &str = "M4 4l8 8M12 4l-8 8";
/// Plus.
pub(crate) const PLUS: &str = "M8 3v10M3 8h10";
/// Minus.
pub(crate) const MINUS: &str = "M3 8h10";
/// Frame.
pub(crate) const FRAME: &str = "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10";
/// Polygon with corners.
pub(crate) const POLYGON: &str =
    "M3.2 6.2 8.4 2.6l4.6 4-2 6.6H4.6zM3.2 6.2v.1M8.4 2.6v.1M13 6.6v.1M11 13.2v.1M4.6 13.2v.1";
/// Arrow into a tray.
pub(crate) const DOWNLOAD: &str = "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11";
/// Arrow out of a tray.
pub(crate) const UPLOAD: &str = "M8 10V2.5M4.8 5.7 8 2.5l3.2 3.2M2.5 10v3.5h11V10";
/// Sheet with a turned corner.
pub(crate) const FILE: &str = "M4 2.5h5L12.5 6v7.5H4zM9 2.5V6h3.5";
/// Shield.
pub(crate) const SHIELD: &str = "M8 2.2 3.2 4v4c0 3 2 5 4.8 6 2.8-1 4.8-3 4.8-6V4zM5.8 8l1.6 1.6 3-3.2";
/// Eye.
pub(crate) const EYE: &str =
    "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 9.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z";
/// Sun half in shade.
pub(crate) const THEME: &str = "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8 2.5v11M8 5l4-1.5M8 8h5.5M8 11l4 1.5";
/// Door with an arrow.
pub(crate) const LEAVE: &str = "M6 2.5H3v11h3M6.5 8h7M10.5 5l3 3-3 3";
/// Chevron down.
pub(crate) const DOWN: &str = "M4 6l4 4 4-4";
/// Pin.
pub(crate) const PIN: &str =
    "M8 14s4.5-4.3 4.5-7.7A4.5 4.5 0 0 0 3.5 6.3C3.5 9.7 8 14 8 14zM8 8a1.7 1.7 0 1 0 0-3.4A1.7 1.7 0 0 0 8 8z";
/// Speech balloon.
pub(crate) const TALK: &str = "M2.5 3.5h11v7.5H7.5L4.5 13.5V11h-2z";
/// Triangle with an exclamation mark.
pub(crate) const WARNING: &str = "M8 2.5 14 13.5H2zM8 6.5v3.2M8 11.7v.1";
/// List with a tick.
pub(crate) const REVIEW: &str = "M2.5 4h11M2.5 8h5.5M2.5 12h4M9 11l2 2 3-4";
/// Circle around points.
pub(crate) const ANALYSES: &str = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6 6.5v.1M9.6 5.6v.1M7.4 9.6v.1M10.4 9.2v.1";
/// Tick.
pub(crate) const TICK: &str = "M3.5 8.5l3 3 6-7";
/// Arrow back.
pub(crate) const UNDO: &str = "M6 3 3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6";
/// Chevron left.
pub(crate) const LEFT: &str = "M10 4 6 8l4 4";
/// Chevron right.
pub(crate) const RIGHT: &str = "M6 4l4 4-4 4";
