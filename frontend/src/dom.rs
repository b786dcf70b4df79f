//! What the screen asks of the browser beside drawing: address, history, stored taste, downloads.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, HtmlScriptElement, Url, Window};

use crate::state::Theme;
use crate::url::Lang;

/// Where the chosen theme is kept; nothing else ever is.
const THEME_KEY: &str = "speurkaart-theme";

/// Below this many pixels the screen is one column (the same number is in `style/narrow.css`).
const NARROW_PX: f64 = 820.0;

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Scheme, host and port of the page.
pub(crate) fn origin() -> String {
    window().and_then(|w| w.location().origin().ok()).unwrap_or_default()
}

/// The query string of the page.
pub(crate) fn query() -> String {
    window().and_then(|w| w.location().search().ok()).unwrap_or_default()
}

/// Writes the query string into the address bar, as a new entry of the history or in place of the last.
pub(crate) fn write_query(query: &str, new_entry: bool) {
    let Some((window, history)) = window().and_then(|w| w.history().ok().map(|h| (w, h))) else {
        return;
    };
    let path = window.location().pathname().unwrap_or_default();
    let url = format!("{path}{query}");
    let _ = if new_entry {
        history.push_state_with_url(&JsValue::NULL, "", Some(&url))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&url))
    };
}

/// Focuses, among the elements of a kind within another, the one so many steps from that which has the focus now, round and round;
/// without one that has it, the first (or the last, going back).
pub(crate) fn focus_in(within: Option<&HtmlElement>, selector: &str, step: i32) {
    let Some(found) = within.and_then(|within| within.query_selector_all(selector).ok()) else { return };
    let count = found.length() as i32;
    let focused = document().and_then(|d| d.active_element());
    let now = (0..count)
        .find(|at| found.item(*at as u32).is_some_and(|n| focused.as_ref().is_some_and(|f| n.is_same_node(Some(f)))));
    let next = match now {
        Some(now) => (now + step).rem_euclid(count.max(1)),
        None if step < 0 => count - 1,
        None => 0,
    };
    if let Some(element) = found.item(next as u32).and_then(|n| n.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether the screen is one column.
pub(crate) fn is_narrow() -> bool {
    window().and_then(|w| w.inner_width().ok()?.as_f64()).is_some_and(|width| width < NARROW_PX)
}

/// The time zones that the browser knows by name.
pub(crate) fn time_zones() -> Vec<String> {
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or_default();
    let names = js_sys::Reflect::get(&intl, &"supportedValuesOf".into())
        .ok()
        .and_then(|ask| ask.dyn_into::<js_sys::Function>().ok())
        .and_then(|ask| ask.call1(&intl, &"timeZone".into()).ok())
        .and_then(|names| names.dyn_into::<Array>().ok());
    names.map(|names| names.iter().filter_map(|name| name.as_string()).collect()).unwrap_or_default()
}

/// The bytes that base64 stands for; `None` when it is not base64.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bytes = window()?.atob(text).ok()?;
    // A character a byte.
    Some(bytes.chars().map(|byte| byte as u8).collect())
}

/// Whether nobody can see the page: another tab is in front, or the window is minimised.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// The language the browser prefers, of those we have; Dutch when it prefers another.
pub(crate) fn browser_lang() -> Lang {
    let preferred = window().and_then(|w| w.navigator().language()).unwrap_or_default();
    if preferred.starts_with("en") { Lang::En } else { Lang::Nl }
}

/// The theme chosen earlier, or what the system prefers.
pub(crate) fn theme() -> Theme {
    let stored = window().and_then(|w| w.local_storage().ok()??.get_item(THEME_KEY).ok()?);
    let dark = match stored.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok()?).is_some_and(|m| m.matches()),
    };
    if dark { Theme::Dark } else { Theme::Light }
}

/// Remembers the chosen theme.
pub(crate) fn store_theme(theme: Theme) {
    if let Some(storage) = window().and_then(|w| w.local_storage().ok()?) {
        // A browser that keeps nothing is fine: the system's preference then holds.
        let _ = storage.set_item(THEME_KEY, theme_name(theme));
    }
}

/// The theme as the style sheets know it.
pub(crate) fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// Sets an attribute of the document's root, or takes it away.
pub(crate) fn root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|d| d.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets the title of the page.
pub(crate) fn title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Puts the focus on the element of an id.
pub(crate) fn focus(id: &str) {
    if let Some(element) =
        document().and_then(|d| d.get_element_by_id(id)).and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// Whether a key was pressed in a field that takes text, or with a modifier: then it is no shortcut.
pub(crate) fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let in_field = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()).is_some();
    in_field || event.ctrl_key() || event.meta_key() || event.alt_key()
}

/// Whether a key was pressed on an element that the selector means.
pub(crate) fn comes_from(event: &web_sys::KeyboardEvent, selector: &str) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.matches(selector).unwrap_or(false))
}

/// Whether the main way to point is a finger.
pub(crate) fn is_touched() -> bool {
    window().and_then(|w| w.match_media("(pointer: coarse)").ok()?).is_some_and(|m| m.matches())
}

/// Takes the initial splash of `index.html` away.
pub(crate) fn remove_splash() {
    if let Some(splash) = document().and_then(|d| d.get_element_by_id("splash")) {
        splash.remove();
    }
}

/// Loads a script of our own and waits until it has run.
pub(crate) async fn load_script(src: &str) {
    let Some(document) = document() else { return };
    let loaded = js_sys::Promise::new(&mut |resolve, _| {
        let script = document.create_element("script").ok().and_then(|e| e.dyn_into::<HtmlScriptElement>().ok());
        let (Some(script), Some(head)) = (script, document.head()) else {
            return;
        };
        script.set_src(src);
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&resolve));
        let _ = head.append_child(&script);
    });
    let _ = JsFuture::from(loaded).await;
}

/// Offers bytes as a file to save.
pub(crate) fn save_file(bytes: &Uint8Array, name: &str, media_type: &str) -> Option<()> {
    let document = document()?;
    let properties = BlobPropertyBag::new();
    properties.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &properties).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    document.body()?.append_child(&link).ok()?;
    link.click();
    link.remove();
    // The browser has taken the blob when the click returns; it keeps it alive for the download.
    let _ = Url::revoke_object_url(&url);
    Some(())
}

/// Brings the element of an id into view within what scrolls around it.
pub(crate) fn scroll_to(id: &str) {
    if let Some(element) = document().and_then(|d| d.get_element_by_id(id)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Brings the element of an id to the top of what scrolls around it.
pub(crate) fn scroll_to_top(id: &str) {
    if let Some(element) = document().and_then(|d| d.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Scrolls what is around the element of an id as little as it takes to see it.
pub(crate) fn bring_into_view(id: &str) {
    let Some(element) = document().and_then(|d| d.get_element_by_id(id)) else { return };
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"block".into(), &"nearest".into());
    let scroll = js_sys::Reflect::get(&element, &"scrollIntoView".into()).unwrap_or_default();
    if let Ok(scroll) = scroll.dyn_into::<js_sys::Function>() {
        let _ = scroll.call1(&element, &options);
    }
}

/// Takes the focus from whatever has it.
pub(crate) fn blur() {
    let active = document().and_then(|d| d.active_element()).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(active) = active {
        let _ = active.blur();
    }
}
