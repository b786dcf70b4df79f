//! MapLibre GL JS: the only file that touches the map library.
//!
//! A thin, typed skin: options go in as JSON, events come out as plain Rust values. Never here: what is drawn.

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen(raw_module = "./vendor/maplibre-gl/maplibre-gl.mjs")]
extern "C" {
    #[wasm_bindgen(js_name = Map)]
    #[derive(Clone)]
    type RawMap;
    #[wasm_bindgen(constructor, js_class = "Map", catch)]
    fn new(options: &JsValue) -> Result<RawMap, JsValue>;
    #[wasm_bindgen(method)]
    fn on(this: &RawMap, event: &str, handler: &JsValue);
    #[wasm_bindgen(method)]
    fn once(this: &RawMap, event: &str, handler: &JsValue);
    #[wasm_bindgen(method)]
    fn remove(this: &RawMap);
    #[wasm_bindgen(method, js_name = getSource)]
    fn get_source(this: &RawMap, id: &str) -> Option<RawSource>;
    #[wasm_bindgen(method, js_name = setPaintProperty)]
    fn set_paint(this: &RawMap, layer: &str, property: &str, value: &JsValue);
    #[wasm_bindgen(method, js_name = setLayoutProperty)]
    fn set_layout(this: &RawMap, layer: &str, property: &str, value: &JsValue);
    #[wasm_bindgen(method, js_name = setFilter)]
    fn set_filter(this: &RawMap, layer: &str, filter: &JsValue);
    #[wasm_bindgen(method, js_name = addImage)]
    fn add_image(this: &RawMap, id: &str, image: &JsValue, options: &JsValue);
    #[wasm_bindgen(method, js_name = fitBounds)]
    fn fit_bounds(this: &RawMap, bounds: &JsValue, options: &JsValue);
    #[wasm_bindgen(method, js_name = easeTo)]
    fn ease_to(this: &RawMap, options: &JsValue);
    #[wasm_bindgen(method, js_name = zoomTo)]
    fn zoom_to(this: &RawMap, zoom: f64);
    #[wasm_bindgen(method, js_name = getCenter)]
    fn get_center(this: &RawMap) -> JsValue;
    #[wasm_bindgen(method, js_name = getZoom)]
    fn get_zoom(this: &RawMap) -> f64;
    #[wasm_bindgen(method, js_name = getCanvas)]
    fn get_canvas(this: &RawMap) -> HtmlElement;
    #[wasm_bindgen(method, getter, structural, js_name = doubleClickZoom)]
    fn double_click_zoom(this: &RawMap) -> RawHandler;
    #[wasm_bindgen(method, js_name = queryRenderedFeatures)]
    fn query_rendered_features(this: &RawMap, point: &JsValue, options: &JsValue) -> Array;

    type RawSource;
    #[wasm_bindgen(method, js_name = setData)]
    fn set_data(this: &RawSource, data: &JsValue);

    type RawHandler;
    #[wasm_bindgen(method)]
    fn enable(this: &RawHandler);
    #[wasm_bindgen(method)]
    fn disable(this: &RawHandler);

    #[wasm_bindgen(js_name = ScaleControl)]
    type RawScale;
    #[wasm_bindgen(constructor, js_class = "ScaleControl")]
    fn new(options: &JsValue) -> RawScale;
    #[wasm_bindgen(method, js_name = addControl)]
    fn add_control(this: &RawMap, control: &RawScale, position: &str);

    #[wasm_bindgen(js_name = addProtocol)]
    fn add_protocol(name: &str, load: &JsValue);
}

/// A map in the page. Dropping it leaves it there; [`Map::remove`] takes it away.
pub(super) struct Map {
    raw: RawMap,
    // Kept as long as the map may call them.
    handlers: Vec<Closure<dyn FnMut(JsValue)>>,
}

/// Where a pointer event happened.
#[derive(Debug, Clone)]
pub(super) struct Pointed {
    /// Pixels from the left and the top of the map.
    pub(super) at: (f64, f64),
    /// Longitude and latitude there.
    pub(super) lon_lat: (f64, f64),
    /// Layer and `id` of the topmost feature there, of the layers asked for.
    pub(super) feature: Option<(String, String)>,
}

impl Map {
    /// Makes a map in `container`; `None` when the browser cannot draw one.
    pub(super) fn new(container: &HtmlElement, options: &Value) -> Option<Self> {
        let options = to_js(options);
        Reflect::set(&options, &"container".into(), container).ok()?;
        let raw = RawMap::new(&options).ok()?;
        raw.add_control(&RawScale::new(&to_js(&serde_json::json!({ "maxWidth": 90 }))), "bottom-right");
        Some(Self { raw, handlers: Vec::new() })
    }

    /// Takes the map out of the page and frees what it held.
    pub(super) fn remove(self) {
        self.raw.remove();
    }

    /// Calls `handler` on every event of this name.
    pub(super) fn on(&mut self, event: &str, mut handler: impl FnMut() + 'static) {
        self.listen(event, move |_| handler());
    }

    /// Calls `handler` on every pointer event of this name, with what lies there in `layers`.
    pub(super) fn on_pointer(&mut self, event: &str, layers: Vec<String>, mut handler: impl FnMut(Pointed) + 'static) {
        let raw = self.raw.clone();
        self.listen(event, move |event| {
            let point = get(&event, "point");
            let at = (number(&point, "x"), number(&point, "y"));
            let options = to_js(&serde_json::json!({ "layers": layers }));
            let feature = raw.query_rendered_features(&point, &options).iter().next().and_then(|feature| {
                let layer = get(&get(&feature, "layer"), "id").as_string()?;
                let id = get(&get(&feature, "properties"), "id").as_string()?;
                Some((layer, id))
            });
            let place = get(&event, "lngLat");
            handler(Pointed { at, lon_lat: (number(&place, "lng"), number(&place, "lat")), feature });
        });
    }

    /// Calls `handler` the next time the map has drawn everything and rests.
    pub(super) fn once_idle(&self, handler: impl FnOnce() + 'static) {
        self.raw.once("idle", &Closure::once_into_js(handler));
    }

    /// Gives a GeoJSON source its data: an object, or text that is one.
    pub(super) fn set_data(&self, source: &str, geojson: &str) {
        if let (Some(source), Ok(data)) = (self.raw.get_source(source), JSON::parse(geojson)) {
            source.set_data(&data);
        }
    }

    /// Sets a paint property.
    pub(super) fn set_paint(&self, layer: &str, property: &str, value: &Value) {
        self.raw.set_paint(layer, property, &to_js(value));
    }

    /// Sets a layout property.
    pub(super) fn set_layout(&self, layer: &str, property: &str, value: &Value) {
        self.raw.set_layout(layer, property, &to_js(value));
    }

    /// Sets a filter.
    pub(super) fn set_filter(&self, layer: &str, filter: &Value) {
        self.raw.set_filter(layer, &to_js(filter));
    }

    /// Adds a square signed distance field as an icon that takes a layer's colour.
    pub(super) fn add_icon(&self, id: &str, size: u32, pixel_ratio: u32, rgba: &[u8]) {
        let image = to_js(&serde_json::json!({ "width": size, "height": size }));
        let _ = Reflect::set(&image, &"data".into(), &js_sys::Uint8Array::from(rgba));
        self.raw.add_image(id, &image, &to_js(&serde_json::json!({ "sdf": true, "pixelRatio": pixel_ratio })));
    }

    /// Moves to show west, south, east, north.
    pub(super) fn fit(&self, bbox: [f64; 4], options: &Value) {
        let [west, south, east, north] = bbox;
        self.raw.fit_bounds(&to_js(&serde_json::json!([[west, south], [east, north]])), &to_js(options));
    }

    /// Moves to `center` and `zoom` as the options say.
    pub(super) fn ease_to(&self, options: &Value) {
        self.raw.ease_to(&to_js(options));
    }

    /// Whether a double click, or a double tap, zooms in.
    pub(super) fn zoom_on_double_click(&self, zooms: bool) {
        let handler = self.raw.double_click_zoom();
        if zooms { handler.enable() } else { handler.disable() }
    }

    /// Gives the map the focus, and with it the keys.
    pub(super) fn focus(&self) {
        let _ = self.raw.get_canvas().focus();
    }

    /// Zooms in or out by steps.
    pub(super) fn zoom_by(&self, steps: f64) {
        self.raw.zoom_to(self.raw.get_zoom() + steps);
    }

    /// Longitude, latitude and zoom.
    pub(super) fn camera(&self) -> (f64, f64, f64) {
        let center = self.raw.get_center();
        (number(&center, "lng"), number(&center, "lat"), self.raw.get_zoom())
    }

    fn listen(&mut self, event: &str, handler: impl FnMut(JsValue) + 'static) {
        let closure = Closure::<dyn FnMut(JsValue)>::new(handler);
        self.raw.on(event, closure.as_ref());
        self.handlers.push(closure);
    }
}

/// Lets sources begin with `pmtiles://`. The script of that library must have been loaded.
pub(super) fn add_pmtiles_protocol() -> Option<()> {
    let library = get(&js_sys::global(), "pmtiles");
    let class: Function = get(&library, "Protocol").dyn_into().ok()?;
    let protocol = Reflect::construct(&class, &Array::new()).ok()?;
    let tile: Function = get(&protocol, "tile").dyn_into().ok()?;
    let load = Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(move |request, abort| {
        tile.call2(&JsValue::NULL, &request, &abort)
            .and_then(JsCast::dyn_into)
            .unwrap_or_else(|error| Promise::reject(&error))
    });
    add_protocol("pmtiles", &load.into_js_value());
    Some(())
}

fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or_else(|_| Object::new().into())
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn number(object: &JsValue, key: &str) -> f64 {
    get(object, key).as_f64().unwrap_or(0.0)
}
