//! Speurkaart's screen, compiled to WebAssembly.
//!
//! `state` holds what the screen knows (`importing` what it knows of files and jobs, `analysing` of the analyses, `drawing` of an area drawn), `url` what a link carries, `panels` and `components` what is seen, `map` the map.
//! Never here: anything that decides who may see what; that is the server's.

#![allow(unreachable_pub, reason = "Leptos' component macro writes `pub` items")]
#![allow(clippy::large_types_passed_by_value, reason = "`App` is a handful of handles to signals, copied as they are")]

mod analysing;
mod api;
mod app;
mod components;
mod dom;
mod drawing;
mod follow;
mod format;
mod i18n;
mod importing;
mod loader;
mod map;
mod panels;
mod scale;
mod state;
mod time;
mod units;
mod upload;
mod url;
mod window;

fn main() {
    dom::remove_splash();
    leptos::mount::mount_to_body(app::Root);
}
